"""Each check finds what was planted for it and is silent on a clean graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from queries_graphs import HEBEI, TAIYUAN, Rows, graph, stored, tables, told

from queries import quality


def clean() -> Rows:
    """Two firms, three products, nothing to complain of."""
    return graph("铁 钢 合金钢", "铁→钢", arc={("铁", "钢"): {"coefficient": 0.4}}, kinds="合金钢→钢", upgrades={"钢→合金钢": "强度"},
                 firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": {"合金钢": {"share": 0.6}}, "乙": {"铁": {"share": 1.0}}},
                 titles={"甲": "小巨人"}, supplies=[("乙", "甲", {"year": 2024, "share": 0.5, "share_of": "purchases"})])


def test_a_clean_graph_has_no_findings(tmp_path: Path) -> None:
    found = quality.check(stored(tmp_path, clean()))
    assert told(found, "check what examples") == []
    assert list(found.columns) == quality.COLUMNS


def test_an_empty_graph_has_no_findings(tmp_path: Path) -> None:
    assert len(quality.check(stored(tmp_path, graph("")))) == 0


def planted(table: str, *rows: dict[str, object]) -> Rows:
    made = clean()
    made[table] = [*made.get(table, []), *rows]
    return made


def changed(table: str, at: int, **values: object) -> Rows:
    made = clean()
    made[table][at] = {**made[table][at], **values}
    return made


FIRM = {"id": "丙", "name": "丙厂", "region": TAIYUAN, "source": "名录", "row": 7}
MAKES = {"enterprise": "甲", "product": "铁", "state": "confirmed", "method": "stated", "source": "名录", "row": 7}
PLANTED = {
    "a maker nobody lists": (
        quality.dangling, planted("makes", {**MAKES, "enterprise": "丙"}),
        ("悬空名称", "提醒", "makes", "enterprise 指向没有定义的企业", 1, "丙（名录.xlsx 第 7 行）")),
    "a product nobody defines": (
        quality.dangling, planted("makes", {**MAKES, "product": "镍"}),
        ("悬空名称", "提醒", "makes", "product 指向没有定义的产品", 1, "镍（名录.xlsx 第 7 行）")),
    "an input nobody defines": (
        quality.dangling, planted("inputs", {"input": "镍", "product": "钢", "role": "物料", "source": "链文件", "row": 9}),
        ("悬空名称", "提醒", "inputs", "input 指向没有定义的产品", 1, "镍（链.yaml 第 9 行）")),
    "an upgrade to nothing": (
        quality.dangling, planted("upgrades", {"product": "钢", "successor": "超钢", "source": "链文件", "row": 9}),
        ("悬空名称", "提醒", "upgrades", "successor 指向没有定义的产品", 1, "超钢（链.yaml 第 9 行）")),
    "a supplier nobody lists": (
        quality.dangling, planted("supplies", {"supplier": "丙", "buyer": "甲", "source": "今天", "row": 9}),
        ("悬空名称", "提醒", "supplies", "supplier 指向没有定义的企业", 1, "丙（今天.xlsx 第 9 行）")),
    "a product of no chain": (
        quality.dangling, planted("chain_products", {"chain": "无", "product": "钢", "stage": "中游", "source": "链文件", "row": 9}),
        ("悬空名称", "提醒", "chain_products", "chain 指向没有定义的产业链", 1, "无（链.yaml 第 9 行）")),
    "a product that goes into itself": (
        quality.self_loops, planted("inputs", {"input": "钢", "product": "钢", "role": "物料", "source": "链文件", "row": 9}),
        ("自环", "错误", "inputs", "两端是同一个", 1, "钢（链.yaml 第 9 行）")),
    "a firm that supplies itself": (
        quality.self_loops, planted("supplies", {"supplier": "甲", "buyer": "甲", "source": "今天", "row": 9}),
        ("自环", "错误", "supplies", "两端是同一个", 1, "甲（今天.xlsx 第 9 行）")),
    "a ring of inputs": (
        quality.cycles, planted("inputs", {"input": "钢", "product": "铁", "role": "物料", "source": "链文件", "row": 9}),
        ("循环", "提醒", "inputs", "产品互为投入或种属", 1, "钢、铁")),
    "a ring of kinds": (
        quality.cycles, planted("kinds", {"product": "钢", "kind": "合金钢", "source": "链文件", "row": 9}),
        ("循环", "错误", "kinds", "产品互为投入或种属", 1, "合金钢、钢")),
    "two products that go into each other": (
        quality.direction_conflicts, planted("inputs", {"input": "钢", "product": "铁", "role": "物料", "source": "链文件", "row": 9}),
        ("方向矛盾", "提醒", "inputs", "两个产品互为对方的投入", 1, "钢 ⇄ 铁（链.yaml 第 9 行）")),
    "two firms that sell both ways": (
        quality.direction_conflicts, planted("supplies", {"supplier": "甲", "buyer": "乙", "source": "今天", "row": 9}),
        ("方向矛盾", "说明", "supplies", "两家企业互相供货", 1, "乙 ⇄ 甲（今天.xlsx 第 2 行）")),
    "a firm that sells more than all": (
        quality.shares, planted("makes", {**MAKES, "share": 0.5}),
        ("份额超过 100%", "提醒", "makes", "一家企业在一份来源里的收入占比合计超过 1", 1, "甲 110%（名录.xlsx）")),
    "a firm that buys more than all": (
        quality.shares,
        planted("supplies", {"supplier": "丙", "buyer": "甲", "year": 2024, "share": 0.6, "share_of": "purchases", "source": "今天"}),
        ("份额超过 100%", "提醒", "supplies", "一家企业一年在一份来源里的采购占比合计超过 1", 1, "甲 2024 年 110%（今天.xlsx）")),
    "inputs worth more than the product": (
        quality.coefficients, planted("inputs", {"input": "合金钢", "product": "钢", "role": "物料", "coefficient": 0.7, "source": "链文件"}),
        ("系数超过 1", "提醒", "inputs", "一个产品的投入系数合计超过 1", 1, "钢 1.1")),
    "a firm without a place": (
        quality.unplaced, changed("enterprises", 0, region=None),
        ("所在地不详", "提醒", "enterprises", "有自己一行的企业没有所在地，只计入全国", 1, "甲（名录.xlsx 第 2 行）")),
    "a firm known only by province": (
        quality.unplaced, changed("enterprises", 0, region="140000"),
        ("所在地只到省", "说明", "enterprises", "只知道省，不计入任何市县", 1, "甲（名录.xlsx 第 2 行）")),
    "a firm that makes nothing known": (
        quality.orphans, planted("enterprises", FIRM), ("孤立企业", "说明", "enterprises", "没有关联到任何产品", 1, "丙厂（名录.xlsx 第 7 行）")),
    "a product nobody is linked to": (
        quality.orphans, changed("makes", 1, state="rejected", enterprise="甲"),
        ("无人生产的环节", "说明", "chain_products", "图谱里没有任何企业关联到它", 1, "铁（链.yaml 第 10 行）")),
    "two sources that place a firm differently": (
        quality.disagreements, planted("enterprises", {**FIRM, "id": "甲", "name": "甲", "region": HEBEI}),
        ("来源不一", "提醒", "enterprises", "不同来源的所在地不同，已都保留", 1, "甲（甲）（名录.xlsx 第 2 行）")),
    "two sources at odds over a maker": (
        quality.disagreements, planted("makes", {**MAKES, "product": "合金钢", "state": "rejected"}),
        ("来源不一", "提醒", "makes", "对同一产品关联的说法不同", 1, "甲—合金钢")),
    "rows a loader could not use": (
        quality.unused, planted("rejects", {"table": "enterprises", "value": "=1+1", "reason": "不是代码", "way_out": "改正", "row": 4},
                                {"table": "enterprises", "reason": "不是代码"}),
        ("未用数据", "说明", "rejects", "不是代码", 2, "空值；=1+1（第 4 行）")),
}


@pytest.mark.parametrize("defect", PLANTED)
def test_the_check_finds_the_planted_defect(defect: str) -> None:
    check, rows, expected = PLANTED[defect]
    found = list(check(tables(rows)))
    assert [row[:6] for row in found if row[:4] == expected[:4]] == [expected]
    assert all(row[6] for row in found)


@pytest.mark.parametrize("check", quality.CHECKS)
def test_the_check_is_silent_on_a_clean_graph(check: object) -> None:
    assert list(check(tables(clean()))) == []  # type: ignore[operator]


def test_findings_come_errors_first_and_show_five_examples(tmp_path: Path) -> None:
    loops = [{"input": f"料{n}", "product": f"料{n}", "role": "物料", "source": "链文件", "row": 60 + n} for n in range(7)]
    found = quality.check(stored(tmp_path, planted("inputs", *loops)))
    assert told(found, "check severity table count") == [
        ("自环", "错误", "inputs", 7), ("悬空名称", "提醒", "inputs", 7), ("悬空名称", "提醒", "inputs", 7)]
    assert found["examples"].iloc[0] == "；".join(f"料{at}（链.yaml 第 {60 + at} 行）" for at in range(5))


def test_substitutes_count_once_in_the_sum_of_coefficients() -> None:
    arcs = {("铁", "钢"): {"coefficient": 0.7, "group": "铁料"}, ("废钢", "钢"): {"coefficient": 0.8, "group": "铁料"}}
    assert list(quality.coefficients(tables(graph("铁 废钢 钢", "铁→钢 废钢→钢", arc=arcs)))) == []
