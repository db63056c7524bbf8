"""What is wrong with a graph: small named checks, each a frame of the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chain import region
from chain.moments import of_one_moment
from chain.store import Store
from chain.tables import Tables, records

COLUMNS = ["check", "severity", "table", "what", "count", "examples", "way_out"]
_Row = tuple[str, str, str, str, int, str, str]
_Show = Callable[[dict[str, Any]], str]
_DTYPES = {"count": "int64", **{column: "str" for column in COLUMNS if column != "count"}}
_ENDS = {
    "企业": ("enterprises", "id", (
        ("makes", "enterprise"), ("supplies", "supplier"), ("supplies", "buyer"), ("titles", "enterprise"))),
    "产品": ("products", "id", (
        ("makes", "product"), ("inputs", "input"), ("inputs", "product"), ("kinds", "product"), ("kinds", "kind"),
        ("upgrades", "product"), ("upgrades", "successor"), ("byproducts", "product"), ("byproducts", "main"),
        ("chain_products", "product"))),
    "产业链": ("chains", "id", (("chain_products", "chain"), ("stages", "chain"))),
}
"""What a name is of: the table and column that define it, and those that point to it."""


@of_one_moment
def check(store: Store) -> pd.DataFrame:
    """Everything doubtful in a store.

    Returns
    -------
    DataFrame
        check (name), severity (错误 | 提醒 | 说明), table, what, count, examples (up to five, with their files and rows), way_out;
        errors first, then by check. Empty if nothing is wrong.
    """
    tables = store.tables()
    rows = [row for run in CHECKS for row in run(tables)]
    order = {"错误": 0, "提醒": 1, "说明": 2}
    rows.sort(key=lambda row: (order[row[1]], row[0], row[2], row[3]))
    return pd.DataFrame(rows, columns=COLUMNS).astype(_DTYPES)


def _found(
    tables: Tables, name: str, severity: str, table: str, what: str, bad: pd.DataFrame, show: _Show, way_out: str
) -> Iterator[_Row]:
    if len(bad):
        shown = "；".join(show(row) + _at(tables, row) for row in records(bad.head(5)))
        yield name, severity, table, what, len(bad), shown, way_out


def _at(tables: Tables, row: dict[str, Any]) -> str:
    """File and row that a row came from, as far as it says."""
    sources = tables["sources"]
    file = "".join(sources.loc[sources["id"] == row.get("source"), "file"].dropna().head(1))
    number = "" if row.get("row") is None else f"第 {row['row']} 行"
    return f"（{' '.join(part for part in (file, number) if part)}）" if file or number else ""


def _called(tables: Tables, ids: Iterable[str]) -> list[str]:
    """Names of enterprises, for people; an id without a row is its own name."""
    wanted = list(ids)
    frame = tables["enterprises"]
    names = frame[frame["id"].isin(wanted)].drop_duplicates("id").set_index("id")["name"].to_dict()
    return [str(names.get(id_, id_)) for id_ in wanted]


def _cell(column: str) -> _Show:
    return lambda row: str(row[column])


def dangling(tables: Tables) -> Iterator[_Row]:
    """Names that rows point to and no row defines."""
    for word, (home, key, ends) in _ENDS.items():
        known = set(tables[home][key])
        for table, column in ends:
            frame = tables[table]
            bad = frame[frame[column].notna() & ~frame[column].isin(known)].drop_duplicates(column)
            what, way_out = f"{column} 指向没有定义的{word}", f"补上该{word}的行，或改正名称"
            yield from _found(tables, "悬空名称", "提醒", table, what, bad, _cell(column), way_out)


def self_loops(tables: Tables) -> Iterator[_Row]:
    """Products that go into themselves, enterprises that supply themselves."""
    for table, one, other in (("inputs", "input", "product"), ("kinds", "product", "kind"), ("upgrades", "product", "successor"),
                              ("supplies", "supplier", "buyer")):
        same = tables[table][tables[table][one] == tables[table][other]]
        yield from _found(tables, "自环", "错误", table, "两端是同一个", same, _cell(one), "删去或改正这些行")


def cycles(tables: Tables) -> Iterator[_Row]:
    """Cycles among inputs and among kinds."""
    for table, one, other, severity in (("inputs", "input", "product", "提醒"), ("kinds", "product", "kind", "错误")):
        frame = tables[table]
        graph: nx.DiGraph = nx.DiGraph(frame.loc[frame[one] != frame[other], [one, other]].itertuples(index=False, name=None))
        groups = (sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1)
        rings = sorted(groups, key=lambda ring: (len(ring), ring))
        if rings:
            shown = "；".join("、".join(ring[:6]) + ("…" if len(ring) > 6 else "") for ring in rings[:5])
            yield "循环", severity, table, "产品互为投入或种属", len(rings), shown, "真实的循环（回收料）可保留；种属循环必须改正"


def _both(tables: Tables, table: str, one: str, other: str) -> _Show:
    def show(row: dict[str, Any]) -> str:
        ends = [row[one], row[other]]
        return " ⇄ ".join(_called(tables, ends) if table == "supplies" else ends)

    return show


def direction_conflicts(tables: Tables) -> Iterator[_Row]:
    """Pairs of products that are each other's input, pairs of firms that sell both ways."""
    for table, one, other, severity, what, way_out in (
        ("inputs", "input", "product", "提醒", "两个产品互为对方的投入", "核对谁是谁的原料"),
        ("supplies", "supplier", "buyer", "说明", "两家企业互相供货", "核对供方与采购方是否写反；确有互供的可保留"),
    ):
        frame = tables[table]
        back = frame[[one, other]].rename(columns={one: other, other: one}).drop_duplicates()
        both = frame.merge(back, on=[one, other])
        both = both[both[one] < both[other]].drop_duplicates([one, other])
        yield from _found(tables, "方向矛盾", severity, table, what, both, _both(tables, table, one, other), way_out)


def shares(tables: Tables) -> Iterator[_Row]:
    """Shares that add up to more than the whole."""
    makes = tables["makes"]
    stated = makes[(makes["method"] == "stated") & makes["share"].notna()]
    sums = stated.groupby(["enterprise", "source"], dropna=False)["share"].sum().reset_index()
    yield from _found(
        tables, "份额超过 100%", "提醒", "makes", "一家企业在一份来源里的收入占比合计超过 1", sums[sums["share"] > 1.0001],
        lambda row: f"{_called(tables, [row['enterprise']])[0]} {row['share']:.0%}", "核对占比；同一收入按多种口径拆分时只留一种")
    supplies = tables["supplies"].dropna(subset=["share", "share_of"])
    for side, whole, word in (("buyer", "purchases", "采购"), ("supplier", "sales", "销售")):
        part = supplies[(supplies["share_of"] == whole) & supplies["year"].notna()]
        sums = part.groupby([side, "year", "source"], dropna=False)["share"].sum().reset_index()
        yield from _found(
            tables, "份额超过 100%", "提醒", "supplies", f"一家企业一年在一份来源里的{word}占比合计超过 1", sums[sums["share"] > 1.0001],
            lambda row, s=side: f"{_called(tables, [row[s]])[0]} {row['year']} 年 {row['share']:.0%}", "核对占比与年份")  # type: ignore[misc]


def coefficients(tables: Tables) -> Iterator[_Row]:
    """Input coefficients of one product that add up to more than 1; one of each OR group, the largest, is counted."""
    arcs = tables["inputs"].dropna(subset=["coefficient"])
    slot = ("组" + arcs["group"]).fillna("品" + arcs["input"])
    largest = arcs.assign(slot=slot).groupby(["product", "slot"])["coefficient"].max()
    sums = largest.groupby("product").sum().reset_index()
    yield from _found(tables, "系数超过 1", "提醒", "inputs", "一个产品的投入系数合计超过 1", sums[sums["coefficient"] > 1 + 1e-9],
                      lambda row: f"{row['product']} {row['coefficient']:.3g}", "系数的单位是 元/元，不是吨耗")


def unplaced(tables: Tables) -> Iterator[_Row]:
    """Enterprises whose place is unknown, or known only roughly."""
    frame = tables["enterprises"]
    listed = frame[frame["entry"].fillna("listed_row") != "party"]
    placed = listed[listed["region"].notna()]
    nowhere = listed[~listed["id"].isin(set(placed["id"]))].drop_duplicates("id")
    yield from _found(tables, "所在地不详", "提醒", "enterprises", "有自己一行的企业没有所在地，只计入全国", nowhere, _cell("name"),
                      "补地址或行政区划代码")
    coarse = np.array([region.level(code) in ("province", "country") for code in placed["region"]], dtype=bool)
    rough = placed[coarse & ~placed["id"].isin(set(placed.loc[~coarse, "id"]))].drop_duplicates("id")
    yield from _found(tables, "所在地只到省", "说明", "enterprises", "只知道省，不计入任何市县", rough, _cell("name"), "补市县")


def orphans(tables: Tables) -> Iterator[_Row]:
    """Enterprises that make nothing known, products nothing is known of."""
    makes = tables["makes"]
    active = makes[makes["state"] != "rejected"]
    enterprises = tables["enterprises"]
    listed = enterprises[enterprises["entry"].fillna("listed_row") != "party"]
    alone = listed[~listed["id"].isin(set(active["enterprise"]))].drop_duplicates("id")
    yield from _found(tables, "孤立企业", "说明", "enterprises", "没有关联到任何产品", alone, _cell("name"),
                      "lianpu link 关联产品；仍没有的，多与已载入的链无关")
    members = tables["chain_products"]
    idle = members[~members["product"].isin(_made(tables, set(active["product"])))].drop_duplicates("product")
    yield from _found(tables, "无人生产的环节", "说明", "chain_products", "图谱里没有任何企业关联到它", idle, _cell("product"),
                      "补充企业数据，或检查别名")


def _made(tables: Tables, stated: set[str]) -> set[str]:
    """Products somebody is linked to, and the kinds they belong to."""
    tree: nx.DiGraph = nx.DiGraph(tables["kinds"][["product", "kind"]].itertuples(index=False, name=None))
    return stated.union(*(nx.descendants(tree, product) for product in stated & set(tree)))


def disagreements(tables: Tables) -> Iterator[_Row]:
    """Enterprises of which sources say different things, MAKES on which they disagree."""
    frame = tables["enterprises"]
    again = frame[frame.duplicated("id", keep=False)]
    for column, word in (("name", "名称"), ("region", "所在地"), ("registered_capital", "注册资本")):
        varied = again.groupby("id")[column].nunique()
        bad = again[again["id"].isin(set(varied[varied > 1].index))].drop_duplicates("id")
        yield from _found(tables, "来源不一", "提醒", "enterprises", f"不同来源的{word}不同，已都保留", bad,
                          lambda row: f"{row['name']}（{row['id']}）", "lianpu explain 可查每条来源")
    makes = tables["makes"][tables["makes"]["method"] == "stated"]
    states = makes.groupby(["enterprise", "product"])["state"].nunique().reset_index()
    yield from _found(tables, "来源不一", "提醒", "makes", "对同一产品关联的说法不同", states[states["state"] > 1],
                      lambda row: f"{_called(tables, [row['enterprise']])[0]}—{row['product']}", "在复核表中认定")


def unused(tables: Tables) -> Iterator[_Row]:
    """What loaders could not use, by reason."""
    for reason, rows in tables["rejects"].groupby("reason", sort=True):
        some = records(rows)
        shown = "；".join(f"{row['value'] or '空值'}{_at(tables, row)}" for row in some[:5])
        yield "未用数据", "说明", "rejects", str(reason), len(some), shown, some[0]["way_out"] or "查看未用数据表"


CHECKS = (
    dangling, self_loops, cycles, direction_conflicts, shares, coefficients, unplaced, orphans, disagreements, unused)
