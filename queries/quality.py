"""What is wrong with a graph: small named checks, each a frame of the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import networkx as nx
import pandas as pd

from chain import region
from chain.store import Store
from chain.tables import Tables

COLUMNS = ["check", "severity", "table", "what", "count", "examples", "way_out"]
_Row = tuple[str, str, str, str, int, str, str]
_EMPTY_SHARE = 0.5


def check(store: Store) -> pd.DataFrame:
    """Everything doubtful in a store.

    Returns
    -------
    DataFrame
        check (name), severity (错误 | 提醒 | 说明), table, what, count, examples (up to five, with their rows), way_out;
        errors first, then by check. Empty if nothing is wrong.
    """
    tables = store.tables()
    rows = [row for run in CHECKS for row in run(tables)]
    order = {"错误": 0, "提醒": 1, "说明": 2}
    rows.sort(key=lambda row: (order[row[1]], row[0], row[2]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _found(name: str, severity: str, table: str, what: str, bad: pd.DataFrame, show: Callable[[object], str], way_out: str) -> Iterator[_Row]:
    if len(bad):
        some = [show(row) + (f"（第 {row.row} 行）" if "row" in bad.columns and pd.notna(row.row) else "") for row in bad.head(5).itertuples(index=False)]
        yield name, severity, table, what, len(bad), "；".join(some), way_out


def dangling(tables: Tables) -> Iterator[_Row]:
    """Names that rows point to and no row defines."""
    enterprises = set(tables["enterprises"]["id"])
    products = set(tables["products"]["id"])
    chains = set(tables["chains"]["id"])
    ends = [("makes", "enterprise", enterprises, "企业"), ("makes", "product", products, "产品"), ("supplies", "supplier", enterprises, "企业"),
            ("supplies", "buyer", enterprises, "企业"), ("titles", "enterprise", enterprises, "企业"), ("inputs", "input", products, "产品"),
            ("inputs", "product", products, "产品"), ("kinds", "kind", products, "产品"), ("chain_products", "product", products, "产品"),
            ("chain_products", "chain", chains, "产业链")]
    for table, column, known, word in ends:
        frame = tables[table]
        bad = frame[frame[column].notna() & ~frame[column].isin(known)].drop_duplicates(column)
        yield from _found("悬空名称", "提醒", table, f"{column} 指向没有定义的{word}", bad, lambda row, c=column: str(getattr(row, c)),  # type: ignore[misc]
                          f"补上该{word}的行，或改正名称")


def self_loops(tables: Tables) -> Iterator[_Row]:
    """Products that go into themselves, enterprises that supply themselves."""
    for table, one, other in (("inputs", "input", "product"), ("kinds", "product", "kind"), ("upgrades", "product", "successor"),
                              ("supplies", "supplier", "buyer")):
        frame = tables[table]
        yield from _found("自环", "错误", table, "两端是同一个", frame[frame[one] == frame[other]], lambda row, c=one: str(getattr(row, c)),  # type: ignore[misc]
                          "删去或改正这些行")


def cycles(tables: Tables) -> Iterator[_Row]:
    """Cycles among inputs and among kinds."""
    for table, one, other, severity in (("inputs", "input", "product", "提醒"), ("kinds", "product", "kind", "错误")):
        frame = tables[table]
        graph: nx.DiGraph = nx.DiGraph(frame.loc[frame[one] != frame[other], [one, other]].itertuples(index=False, name=None))
        rings = sorted((sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1), key=lambda ring: (len(ring), ring))
        if rings:
            shown = "；".join("、".join(ring[:6]) + ("…" if len(ring) > 6 else "") for ring in rings[:5])
            yield "循环", severity, table, "产品互为投入或种属", len(rings), shown, "真实的循环（回收料）可保留；种属循环必须改正"


def direction_conflicts(tables: Tables) -> Iterator[_Row]:
    """Pairs of products that are each other's input, pairs of firms that sell both ways."""
    inputs = tables["inputs"]
    back = inputs.merge(inputs[["input", "product"]].rename(columns={"input": "product", "product": "input"}), on=["input", "product"])
    both = back[back["input"] < back["product"]].drop_duplicates(["input", "product"])
    yield from _found("方向矛盾", "提醒", "inputs", "两个产品互为对方的投入", both, lambda row: f"{row.input} ⇄ {row.product}", "核对谁是谁的原料")  # type: ignore[attr-defined]


def shares(tables: Tables) -> Iterator[_Row]:
    """Shares that add up to more than the whole, coefficients likewise."""
    makes = tables["makes"]
    stated = makes[(makes["method"] == "stated") & makes["share"].notna()]
    sums = stated.groupby(["enterprise", "source"])["share"].sum().reset_index()
    yield from _found("份额超过 100%", "提醒", "makes", "一家企业在一份来源里的收入占比合计超过 1", sums[sums["share"] > 1.0001],
                      lambda row: f"{row.enterprise} {row.share:.0%}", "核对占比；同一收入按多种口径拆分时只留一种")  # type: ignore[attr-defined]
    supplies = tables["supplies"].dropna(subset=["share", "share_of"])
    for side, whole in (("buyer", "purchases"), ("supplier", "sales")):
        part = supplies[supplies["share_of"] == whole].groupby([side, "year"])["share"].sum().reset_index()
        yield from _found("份额超过 100%", "提醒", "supplies", f"一家企业一年的{'采购' if whole == 'purchases' else '销售'}占比合计超过 1",
                          part[part["share"] > 1.0001], lambda row, s=side: f"{getattr(row, s)} {row.year} 年 {row.share:.0%}", "核对占比与年份")  # type: ignore[misc]


def unplaced(tables: Tables) -> Iterator[_Row]:
    """Enterprises whose place is unknown, or known only roughly."""
    frame = tables["enterprises"]
    listed = frame[frame["entry"].fillna("listed_row") != "party"]
    yield from _found("所在地不详", "提醒", "enterprises", "有自己一行的企业没有所在地，只计入全国", listed[listed["region"].isna()].drop_duplicates("id"),
                      lambda row: str(row.name), "补地址或行政区划代码")  # type: ignore[attr-defined]
    coarse = listed[listed["region"].notna()]
    coarse = coarse[[region.level(code) == "province" for code in coarse["region"]]]
    yield from _found("所在地只到省", "说明", "enterprises", "只知道省，不计入任何市县", coarse.drop_duplicates("id"), lambda row: str(row.name), "补市县")  # type: ignore[attr-defined]


def orphans(tables: Tables) -> Iterator[_Row]:
    """Enterprises that make nothing known, products nothing is known of."""
    makes = tables["makes"]
    active = makes[makes["state"] != "rejected"]
    enterprises = tables["enterprises"]
    listed = enterprises[enterprises["entry"].fillna("listed_row") != "party"]
    alone = listed[~listed["id"].isin(set(active["enterprise"]))].drop_duplicates("id")
    yield from _found("孤立企业", "说明", "enterprises", "没有关联到任何产品", alone, lambda row: str(row.name), "lianpu link 关联产品；仍没有的，多与已载入的链无关")  # type: ignore[attr-defined]
    members = tables["chain_products"]
    idle = members[~members["product"].isin(set(active["product"]))].drop_duplicates("product")
    yield from _found("无人生产的环节", "说明", "chain_products", "图谱里没有任何企业关联到它", idle, lambda row: str(row.product), "补充企业数据，或检查别名")  # type: ignore[attr-defined]


def disagreements(tables: Tables) -> Iterator[_Row]:
    """Enterprises of which sources say different things, MAKES on which they disagree."""
    frame = tables["enterprises"]
    again = frame[frame.duplicated("id", keep=False)]
    for column, word in (("name", "名称"), ("region", "所在地"), ("registered_capital", "注册资本")):
        varied = again.groupby("id")[column].nunique()
        bad = again[again["id"].isin(set(varied[varied > 1].index))].drop_duplicates("id")
        yield from _found("来源不一", "提醒", "enterprises", f"不同来源的{word}不同，已都保留", bad, lambda row: f"{row.name}（{row.id}）", "lianpu explain 可查每条来源")  # type: ignore[attr-defined]
    makes = tables["makes"][tables["makes"]["method"] == "stated"]
    states = makes.groupby(["enterprise", "product"])["state"].nunique().reset_index()
    yield from _found("来源不一", "提醒", "makes", "对同一产品关联的说法不同", states[states["state"] > 1], lambda row: f"{row.enterprise}—{row.product}", "在复核表中认定")  # type: ignore[attr-defined]


def unused(tables: Tables) -> Iterator[_Row]:
    """What loaders could not use, by reason."""
    rejects = tables["rejects"]
    for reason, rows in rejects.groupby("reason", sort=True):
        some = "；".join(f"{row.value}（第 {row.row} 行）" for row in rows.head(5).itertuples(index=False))
        yield "未用数据", "说明", "rejects", str(reason), len(rows), some, str(rows["way_out"].iloc[0])


CHECKS = (dangling, self_loops, cycles, direction_conflicts, shares, unplaced, orphans, disagreements, unused)
