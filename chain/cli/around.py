"""What stands around a node, as the web page shows it: facts, neighbours, ways, edges, and what a scenario changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chain import region
from chain.errors import InputError, UnknownName
from chain.store import Scope, Store
from chain.tables import records
from queries.rules import Rules
from queries.supposing import Arrival, Scenario
from queries.walks import Node, ways
from queries.whatif import Outcome
from viz.explorer import FIRM, PRODUCT, maker, origin
from viz.palette import look
from viz.sheet import brief
from viz.text import clean

Plain = dict[str, Any]

URGENT = {key: at for at, key in enumerate(("missing", "suspected", "weak", "unknown", "covered", "strong", ""))}
"""Which links come first."""

NEEDED = {name: at for at, name in enumerate((
    "input", "use", "makes", "maker", "supplier", "buyer", "outside", "kind", "subkind", "byproduct", "main", "upgrade", "improves"))}
"""Which relations come first."""

FACTS = {
    "registered_capital": "注册资本（万元）", "revenue": "营业收入（万元）", "output": "产值（万元）", "employees": "员工人数",
    "established": "成立日期", "industry": "行业", "park": "园区", "code": "股票代码", "main_products": "主营产品",
    "main_business": "主营业务", "cited": "资料来源",
}
"""Columns of an enterprise that are shown, and their headings."""

Made = tuple[list[str], dict[str, set[str]], list[str]]
"""Products of a chain, products by enterprise, and the products of which not every maker is known here."""

MOST_WAITING = 40
"""Enterprises to verify that are named with a product."""

MOST_FIRMS = 2000
"""Enterprises listed for one product on each side."""


@dataclass(frozen=True)
class Known:
    """What the answers are made of.

    Attributes
    ----------
    store, chain, scope, rules
        Where things are looked up; the chain as it is shown (`viz.explorer.contents`) and as the store holds it; the rules.
    firm
        The row of an enterprise and the products of the chain that it makes.
    makers
        Makers of every link in the place and outside it, see `makers_beside`.
    sources
        The sources of the store.
    """

    store: Store
    chain: Plain
    scope: Scope
    rules: Rules
    firm: Callable[[str], tuple[Plain, list[str]]]
    makers: Callable[[], Sequence[pd.DataFrame]]
    sources: Callable[[], dict[str, Plain]]


def split_id(node: str) -> Node:
    """Kind and own id of a node.

    Raises
    ------
    UnknownName
        If it is the id of neither product nor enterprise.
    """
    if node.startswith(PRODUCT) and len(node) > len(PRODUCT):
        return "product", node.removeprefix(PRODUCT)
    if node.startswith(FIRM) and len(node) > len(FIRM):
        return "firm", node.removeprefix(FIRM)
    raise UnknownName("节点", node, way_out="产品写 p:编号，企业写 e:编号")


def _told(node: Node) -> str:
    return (PRODUCT if node[0] == "product" else FIRM) + node[1]


def node_of(known: Known, node: str) -> Plain:
    """One product of the chain, or one enterprise with what every source says of it."""
    kind, own = split_id(node)
    chain = known.chain
    if kind == "product":
        return {"kind": "product", **_product(chain, node), "gaps": [row for row in chain["gaps"] if row["product"] == node],
                "waiting": _waiting(known, own)}
    row, made = known.firm(own)
    said = records(known.store.records(str(row["id"])))
    says = [{"origin": origin(each), "kind": each["kind"], "asOf": each["as_of"], **_facts(each)} for each in said]
    return {"kind": "firm", **_firm(row, chain), "makes": [_link(chain, PRODUCT + product) for product in made], "sources": says, **_facts(row)}


def _waiting(known: Known, own: str) -> list[Plain]:
    """The enterprises whose link to a product waits for a person's decision, the likeliest first."""
    rows = known.store.makers([own], known.chain["place"], known.rules.view, state="review", limit=MOST_WAITING)
    return [{**maker({**row, **_file(known, row)}), "name": clean(row["name"]), "short": _short(row)}
            for row in records(rows)]


def made_by(products: list[str], makers: Sequence[pd.DataFrame]) -> Made:
    """Who makes which of some products, from the frames of `makers_beside`, and the products of which these name not everyone."""
    full = {product for frame in makers for product, count in frame["product"].value_counts().items() if count >= MOST_FIRMS}
    firms: dict[str, set[str]] = {}
    for frame in makers:
        for product, firm in zip(frame["product"], frame["enterprise"], strict=True):
            firms.setdefault(firm, set()).add(product)
    return products, firms, [product for product in products if product in full]


def firm_of(store: Store, made: Made, own: str, rules: Rules) -> tuple[Plain, list[str]]:
    """The row of an enterprise, and which products of the chain it makes.

    Raises
    ------
    UnknownName
        If the store does not hold it.
    """
    found = records(store.enterprises([own]))
    if len(found) != 1:
        raise UnknownName("企业", own, way_out="用搜索找到企业")
    products, firms, unsure = made
    known = set(firms.get(found[0]["id"], ()))
    if unsure:  # asked of its own region and not of the country: few enterprises to go through
        rows = store.makers(unsure, found[0]["region"] or region.CHINA, rules.view)
        known |= set(rows.loc[rows["enterprise"] == found[0]["id"], "product"])
    return found[0], [product for product in products if product in known]


def _product(chain: Plain, node: str) -> Plain:
    for each in chain["products"]:
        if each["id"] == node:
            return {**each}
    raise UnknownName("产品", node.removeprefix(PRODUCT), [each["name"] for each in chain["products"]], way_out=f"它不在「{chain['chain']}」链上")


def _facts(row: Plain) -> Plain:
    """What a source says of an enterprise, missing values left out."""
    held = [(word, row[name]) for name, word in FACTS.items() if row.get(name) is not None]
    return {"facts": [[word, clean(value) if isinstance(value, str) else value] for word, value in held]}


def _firm(row: Plain, chain: Plain) -> Plain:
    known = chain["firms"].get(FIRM + str(row["id"]))
    name = clean(row["name"])
    return {"id": FIRM + str(row["id"]), "name": name, "short": _short(row),
            "place": region.full_name(row["region"]) if row["region"] else "所在地不详", "titles": known["titles"] if known else "",
            "side": known["kind"] if known else "local" if _lies_in(row["region"], chain["place"]) or _in_park(row, chain["place"]) else "other"}


def _short(row: Plain) -> str:
    """What an enterprise is called where there is little room."""
    return clean(row["short_name"]) or brief(clean(row["name"]))


def _lies_in(code: str | None, place: str) -> bool:
    return bool(code) and not place.startswith("park:") and region.contains(place, str(code))


def _in_park(row: Plain, place: str) -> bool:
    return bool(row.get("park")) and place == f"park:{row['park']}"


def _link(chain: Plain, node: str) -> Plain:
    each = _product(chain, node)
    return {"id": node, "kind": "product", "name": each["name"], "look": each["look"], "stage": each["stage"]}


def makers_beside(store: Store, products: list[str], place: str, rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Makers of some products in a place and outside it, at most `MOST_FIRMS` of each."""
    local, away = (store.makers(products, place, rules.view, outside=outside, limit=MOST_FIRMS) for outside in (False, True))
    return local, away


def neighbours_of(known: Known, node: str) -> list[Plain]:
    """All neighbours: id, kind, name, look or side, relation, note; links before enterprises, what is missing before what is had."""
    kind, own = split_id(node)
    found = [*_links_beside(known, own), *_firms_beside(known, own)] if kind == "product" else _around_firm(known, own)
    sides = {"local": 0, "target": 1, "other": 2}
    found.sort(key=lambda row: (
        NEEDED[row["relation"]], URGENT.get(row.get("look", ""), 6), sides.get(row.get("side", ""), 3), -row.get("weight", 0.0)))
    once: dict[tuple[str, str], Plain] = {}
    for row in found:
        once.setdefault((row["id"], row["relation"]), row)  # two firms may have dealt in several years
    return list(once.values())


def _links_beside(known: Known, own: str) -> list[Plain]:
    node, chain, scope = PRODUCT + own, known.chain, known.scope
    _product(chain, node)
    rows = [{**_link(chain, arc["from"]), "relation": "input", "note": arc["role"]} for arc in chain["arcs"] if arc["to"] == node]
    rows += [{**_link(chain, arc["to"]), "relation": "use", "note": arc["role"]} for arc in chain["arcs"] if arc["from"] == node]
    for frame, mine, other, there, back in (
        (scope.kinds, "product", "kind", "kind", "subkind"), (scope.byproducts, "product", "main", "main", "byproduct"),
        (scope.upgrades, "product", "successor", "upgrade", "improves"),
    ):
        for row in records(frame[(frame[mine] == own) | (frame[other] == own)]):
            ends = ((other, there),) if row[mine] == own else ((mine, back),)
            rows += [{**_link(chain, PRODUCT + row[end]), "relation": relation, "note": ""} for end, relation in ends]
    return rows


def _firms_beside(known: Known, own: str) -> list[Plain]:
    targets = {row["firm"]: row for row in _product(known.chain, PRODUCT + own)["targets"]}
    rows = []
    for frame, relation in zip(known.makers(), ("maker", "outside"), strict=True):
        for row in records(frame[frame["product"] == own]):
            told = maker({**row, **_file(known, row)})
            wanted = targets.get(told["firm"])
            name = clean(row["name"])
            rows.append({
                "id": told["firm"], "kind": "firm", "name": name, "short": _short(row), "relation": relation,
                "side": "local" if relation == "maker" else "target" if wanted else "other", "note": told["evidence"], "origin": told["origin"],
                "weight": wanted["score"] + 100 if wanted else row["confidence"]})
    return rows


def _file(known: Known, row: Plain) -> Plain:
    """File and sheet of the source of a row."""
    return known.sources().get(row["source"], {"file": None, "sheet": None})


def _around_firm(known: Known, own: str) -> list[Plain]:
    chain = known.chain
    row, made = known.firm(own)
    rows = [{**_link(chain, PRODUCT + product), "relation": "makes", "note": ""} for product in made]
    for edge in records(known.store.supplies(enterprises=[str(row["id"])]).head(MOST_FIRMS)):
        other = "buyer" if edge["supplier"] == row["id"] else "supplier"
        name = clean(edge[f"{other}_name"]) or str(edge[other])
        year = f"{int(edge['year'])} 年 " if edge["year"] is not None else ""
        rows.append({"id": FIRM + str(edge[other]), "kind": "firm", "name": name, "short": brief(name), "relation": other,
                     "side": "local" if _lies_in(edge[f"{other}_region"], chain["place"]) else "other",
                     "note": f"{year}{clean(edge['product'])}".strip(), "origin": origin({**edge, **_file(known, edge)})})
    return rows


def subgraph_of(known: Known, ids: list[str]) -> Plain:
    """The named nodes that there are, and the edges among them: supply along the chain, by-products, who makes what, who sells to whom."""
    store, chain = known.store, known.chain
    links = {each["id"]: each for each in chain["products"]}
    shown = set(ids)
    firms = [split_id(node)[1] for node in ids if split_id(node)[0] == "firm"]
    rows = records(store.enterprises(firms)) if firms else []
    nodes = [{**_link(chain, node)} for node in ids if node in links]
    nodes += [{"kind": "firm", **_firm(row, chain)} for row in rows]
    edges = [{"from": arc["from"], "to": arc["to"], "relation": "arc", "broken": arc["broken"]}
             for arc in chain["arcs"] if arc["from"] in shown and arc["to"] in shown]
    pairs = sorted({(PRODUCT + row["main"], PRODUCT + row["product"]) for row in records(known.scope.byproducts)})
    edges += [{"from": main, "to": side, "relation": "byproduct", "broken": False} for main, side in pairs if {main, side} <= shown & set(links)]
    products = [node.removeprefix(PRODUCT) for node in ids if node in links]
    edges += [{"from": FIRM + firm, "to": PRODUCT + product, "relation": "makes", "broken": False}
              for firm, product in _made(store, products, rows, known.rules)]
    own = {str(row["id"]) for row in rows}
    deals = store.supplies(enterprises=sorted(own)) if own else pd.DataFrame(columns=["supplier", "buyer"])
    edges += [{"from": FIRM + a, "to": FIRM + b, "relation": "supplies", "broken": False}
              for a, b in sorted(set(zip(deals["supplier"], deals["buyer"], strict=True))) if a in own and b in own]
    return {"nodes": nodes, "edges": edges}


def _made(store: Store, products: list[str], firms: list[Plain], rules: Rules) -> list[tuple[str, str]]:
    """Which of some enterprises makes which of some products, asked of the smallest place that holds them all."""
    if not products or not firms:
        return []
    provinces = {row["region"][:2] + "0000" if row["region"] else region.CHINA for row in firms}
    found = store.makers(products, provinces.pop() if len(provinces) == 1 else region.CHINA, rules.view)
    found = found[found["enterprise"].isin({str(row["id"]) for row in firms})]
    return sorted(zip(found["enterprise"], found["product"], strict=True))


def ways_of(store: Store, chain: str, start: str, end: str, directed: bool | None, rules: Rules) -> Plain:
    """Ways between two nodes as lists of node ids."""
    found = ways(store, chain, split_id(start), split_id(end), rules.view, directed=directed)
    nodes = {node for way in found.ways for node in way}
    return {"directed": found.directed, "paths": [[_told(node) for node in way] for way in found.ways], "names": _names(store, chain, nodes)}


def _names(store: Store, chain: str, nodes: set[Node]) -> dict[str, str]:
    """What the nodes of ways are called."""
    firms = sorted(own for kind, own in nodes if kind == "firm")
    rows = records(store.enterprises(firms)) if firms else []
    names = {FIRM + str(row["id"]): _short(row) for row in rows}
    heads = records(store.scope(chain).products)
    return {**names, **{PRODUCT + row["product"]: clean(row["name"]) for row in heads if ("product", row["product"]) in nodes}}


def scenario_of(given: Plain) -> Scenario:
    """A scenario as the query knows it."""
    def own(node: str, kind: str) -> str:
        found = split_id(node)
        if found[0] != kind:
            raise InputError(f"这里要{'企业' if kind == 'firm' else '产品'}：{node}", way_out="企业写 e:编号，产品写 p:编号")
        return found[1]

    return Scenario(
        tuple(Arrival(each["name"], tuple(own(product, "product") for product in each["products"]), own(each["id"], "firm") if each["id"] else None)
              for each in given["arrivals"]),
        tuple(own(node, "firm") for node in given["departures"]))


def told_outcome(outcome: Outcome) -> Plain:
    """What a scenario changes, for a browser."""
    def key(told: str) -> str:
        return look(*told.split("/")).key

    statuses = [
        {"id": PRODUCT + row["product"], "name": clean(row["name"]), "stage": clean(row["stage"]), "before": key(row["look_before"]),
         "after": key(row["look_after"]), "makersBefore": row["makers_before"], "makersAfter": row["makers_after"], "changed": bool(row["changed"])}
        for row in records(outcome.statuses)]
    return {
        "statuses": statuses, "indicators": records(outcome.indicators),
        "links": [{"from": PRODUCT + row["input"], "to": PRODUCT + row["product"], "change": row["change"]} for row in records(outcome.links)],
        "gaps": list(_paired(records(outcome.gaps)))}


def _paired(rows: list[Plain]) -> Iterable[Plain]:
    """Gaps that go and gaps that come; of one product a gap that goes and one that comes are one gap that changes its action."""
    kinds: dict[tuple[str, str], list[Plain]] = {}
    for row in rows:
        kinds.setdefault((row["change"], row["product"]), []).append(row)
    for row in rows:
        coming = kinds.get(("新增", row["product"]), [])
        going = kinds.get(("消除", row["product"]), [])
        mine = going if row["change"] == "消除" else coming
        at = next(number for number, each in enumerate(mine) if each is row)
        if at < min(len(going), len(coming)):
            if row["change"] == "消除":
                yield _told_gap(coming[at], "变化", going[at]["action"])
        else:
            yield _told_gap(row, row["change"], "")


def _told_gap(row: Plain, change: str, was: str) -> Plain:
    return {"action": row["action"], "was": was, "product": PRODUCT + row["product"], "name": clean(row["name"]), "change": change,
            "detail": clean(row["detail"])}
