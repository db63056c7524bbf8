"""The page to carry: the network of one chain in one place as a single HTML file that opens from a USB stick.

pyvis builds the network, a template of our own shows it: the stock template fetches libraries from the net, lets markup in
names run and lays the chain out by topology. Everything the page needs is in it, and its content policy allows nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from chain.errors import OutputError
from viz.explorer import ExplorerSheet, Plain, contents
from viz.svg import FONTS

MOST_NODES = 1500
"""More than that no browser draws smoothly, and nobody reads."""

LANGUAGES = ("zh", "en")

NEAR = 110.0
"""Pixels sideways below which two boxes stand in one column."""

_HERE = Path(__file__).parent / "templates"


def carry_page(sheet: ExplorerSheet, *, lang: str = "zh") -> str:
    """One HTML page with the network, its search, filters, gap list and details; it makes no request.

    Parameters
    ----------
    lang
        zh or en: the language of labels and buttons. Names and reasons stay as they are.

    Raises
    ------
    OutputError
        If there are more than `MOST_NODES` products and enterprises.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    told = contents(sheet)
    nodes = len(told["products"]) + len(told["firms"])
    if nodes > MOST_NODES:
        raise OutputError(
            f"共 {nodes:,} 个节点，单个网页最多 {MOST_NODES:,} 个", way_out="用 --top 减少每个环节的目标企业，或改用 lianpu serve 在浏览器里按需展开")
    network = _network(told)
    told["network"] = {"nodes": network[0], "edges": network[1]}
    style = _text("carry.css").replace("FONTS", FONTS) + _library("css")
    scripts = [_library("js"), _text("carry_words.js"), _text("carry.js")]
    room = Environment(loader=FileSystemLoader(_HERE, encoding="utf-8"), autoescape=True, undefined=StrictUndefined)
    room.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False, "allow_nan": False}
    return room.get_template("carry.html").render(
        told=told, lang=lang, policy=_policy(style, scripts), style=Markup(style), scripts=[Markup(script) for script in scripts],  # noqa: S704
    ) + "\n"


def _network(told: Plain) -> tuple[list[Plain], list[Plain]]:
    """Nodes and edges of the products as pyvis makes them; enterprises are folded under their product and come when asked for."""
    from pyvis.network import Network

    network = Network(directed=True)
    for product in told["products"]:
        look = told["looks"][product["look"]]
        network.add_node(
            product["id"], label=f"{look['symbol']} {product['name']}", shape="box", x=product["x"], y=product["y"], physics=False,
            color={"background": look["fill"], "border": look["border"], "highlight": {"background": look["fill"], "border": "#2680C2"}},
            font={"color": look["text"]}, borderWidth=2 if product["look"] == "missing" else 1.3,
            shapeProperties={"borderDashes": [5, 4] if look["hatched"] else False, "borderRadius": 5})
    at = {product["id"]: product["x"] for product in told["products"]}
    for number, arc in enumerate(told["arcs"]):
        network.add_edge(
            arc["from"], arc["to"], id=f"a{number}", dashes=[7, 5] if arc["broken"] else False, smooth=_curve(at[arc["to"]] - at[arc["from"]]),
            color={"color": "#B5360A" if arc["broken"] else "#829AB1"})
    nodes, edges, *_ = network.get_network_data()
    return nodes, edges


def _curve(across: float) -> Plain:
    """From column to column as an S; within a column as a bow, so that the arc does not run behind the boxes between."""
    if across > NEAR:
        return {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45}
    return {"enabled": True, "type": "curvedCW" if across < 0 else "curvedCCW", "roundness": 0.22}


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _library(kind: str) -> str:
    """The drawing library that pyvis brings along."""
    import pyvis

    name = f"vis-network.{'min.js' if kind == 'js' else 'css'}"
    text = (Path(str(pyvis.__file__)).parent / "templates" / "lib" / "vis-9.1.2" / name).read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script") if kind == "js" else _no_pictures(text)


def _no_pictures(css: str) -> str:
    """A style sheet without its pictures: none of them is on our page, and the content policy would refuse them."""
    import re

    return re.sub(r"background-image:\s*url\([^)]*\);?", "", css)


def _policy(style: str, scripts: list[str]) -> str:
    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"

    return "; ".join((
        "default-src 'none'", f"script-src {' '.join(digest(script) for script in scripts)}", f"style-src {digest(style)}",
        "img-src data: blob:", "base-uri 'none'", "form-action 'none'"))


def told_by(page: str) -> Plain:
    """What a page says, read back from it."""
    start = page.index('<script type="application/json" id="told">') + len('<script type="application/json" id="told">')
    found: Plain = json.loads(page[start:page.index("</script>", start)])
    return found
