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
from chain.tables import records
from viz.explorer import FIRM, PRODUCT, ExplorerSheet, Plain, contents
from viz.pinyin import syllables
from viz.svg import FONTS
from viz.text import clean

MOST_NODES = 1500
"""More than that no browser draws smoothly, and nobody reads."""

LANGUAGES = ("zh", "en")

LONGEST = 26
"""Characters of a name in a box; the list beside it has all of it."""

SCRIPTS = ("carry_words.js", "carry_tools.js", "carry_search.js", "carry_lines.js", "carry_canvas.js", "carry_picture.js", "carry.js")
"""What runs in the page, each after what it uses."""

_HERE = Path(__file__).parent / "templates"


def carry_page(sheet: ExplorerSheet, *, lang: str = "zh") -> str:
    """One HTML page with the network, its search, filters, gap list and details; it makes no request.

    Parameters
    ----------
    lang
        zh or en: the language of title, labels, statuses and buttons. Names, reasons and evidence stay as they are.

    Raises
    ------
    OutputError
        If there are more than `MOST_NODES` products and enterprises.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    told = _told(sheet, lang)
    _refuse_too_many(told)
    network = _network(told)
    told["network"] = {"nodes": network[0], "edges": network[1]}
    style = _text("carry.css").replace("FONTS", FONTS) + _library("css")
    scripts = [_library("js"), *map(_text, SCRIPTS)]
    room = Environment(loader=FileSystemLoader(_HERE, encoding="utf-8"), autoescape=True, undefined=StrictUndefined)
    room.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False, "allow_nan": False}
    return room.get_template("carry.html").render(
        told=told, lang=lang, policy=_policy(style, scripts), style=Markup(style), scripts=[Markup(script) for script in scripts],  # noqa: S704
    ) + "\n"


def _told(sheet: ExplorerSheet, lang: str) -> Plain:
    """What the page is told: the contents of the sheet, and what only this page needs."""
    told = contents(sheet)
    for each in (*told["products"], *told["firms"].values()):
        each["spelled"] = syllables(each["name"])
    for frame in (sheet.makers, sheet.targets):
        for row in records(frame):
            told["firms"][FIRM + row["enterprise"]]["code"] = clean(row.get("code"))
    told["byproducts"], told["withheld"] = _byproducts(sheet), sheet.withheld
    if lang == "en":
        asked = f"State of {told['asked']}, data" if told["asked"] else "Data"
        told["title"] = f"{told['title'].removesuffix('产业链图谱')} industrial chain"
        told["dated"] = f"{asked} as of {told['asOf']}" if told["asOf"] else "Date of the data unknown"
    return told


def _byproducts(sheet: ExplorerSheet) -> list[Plain]:
    """From what is made to what arises with it, both shown."""
    if sheet.byproducts is None:
        return []
    shown = set(sheet.products["product"])
    pairs = {(row["main"], row["product"]) for row in records(sheet.byproducts)}
    return [{"from": PRODUCT + main, "to": PRODUCT + side} for main, side in sorted(pairs) if {main, side} <= shown and main != side]


def _refuse_too_many(told: Plain) -> None:
    """Raise where a browser could not draw all of it, and name only what would help."""
    links, firms = len(told["products"]), len(told["firms"])
    if links + firms <= MOST_NODES:
        return
    local = sum(firm["kind"] == "local" for firm in told["firms"].values())
    wider = "换小一些的地区（--region）或另一条链（--chain），或改用 lianpu serve 在浏览器里按需展开"
    fewer = f"用 --top 减少每个环节的目标企业（环节和本地企业共 {links + local:,} 个），或{wider}"
    raise OutputError(
        f"共 {links + firms:,} 个节点（环节 {links:,}、本地企业 {local:,}、招引目标 {firms - local:,}），单个网页最多 {MOST_NODES:,} 个",
        way_out=fewer if links + local <= MOST_NODES else wider)


def _network(told: Plain) -> tuple[list[Plain], list[Plain]]:
    """Nodes and edges of the products as pyvis makes them; the page bends the lines, and shows enterprises when asked for them."""
    from pyvis.network import Network

    network = Network(directed=True)
    for product in told["products"]:
        look = told["looks"][product["look"]]
        network.add_node(
            product["id"], label=f"{look['symbol']} {_cut(product['name'])}", shape="box", x=product["x"], y=product["y"], physics=False,
            title=product["name"] if len(product["name"]) > LONGEST else None,
            color={"background": look["fill"], "border": look["border"], "highlight": {"background": look["fill"], "border": "#2680C2"}},
            font={"color": look["text"]}, borderWidth=2 if product["look"] == "missing" else 1.3,
            shapeProperties={"borderDashes": [5, 4] if look["hatched"] else False, "borderRadius": 5})
    for number, arc in enumerate(told["arcs"]):
        network.add_edge(
            arc["from"], arc["to"], id=f"a{number}", dashes=[7, 5] if arc["broken"] else False,
            color={"color": "#B5360A" if arc["broken"] else "#829AB1"})
    for number, line in enumerate(told["byproducts"]):
        network.add_edge(
            line["from"], line["to"], id=f"b{number}", dashes=[12, 4, 2, 4], color={"color": "#8A5A00"},
            arrows={"to": {"enabled": True, "type": "vee"}})
    nodes, edges, *_ = network.get_network_data()
    return nodes, edges


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


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
