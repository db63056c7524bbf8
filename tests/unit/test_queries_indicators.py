"""Every figure against numbers worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from queries_graphs import HEBEI, JINZHONG, TAIYUAN, XIAODIAN, Rows, graph, number, stored, told

from queries.indicators import COLUMNS, indicators
from queries.rules import Rules


def figures(folder: Path, rows: Rows, place: str = TAIYUAN, rules: Rules = Rules()) -> dict[object, tuple[object, object]]:
    """Value and basis of every indicator."""
    return {name: (value, basis) for name, value, basis in told(indicators(stored(folder, rows), "链", place, rules), "indicator value basis")}


def test_three_figures_of_completeness_and_the_number_of_unknowns(tmp_path: Path) -> None:
    about = {"矿": {"criticality": 5}, "铁": {"criticality": 2, "weight": 4}, "钢": {"weight": 0}}
    rows = graph("矿 废铁 铁 钢 车", "矿→铁→钢→车 废铁→铁", about=about, firms={"甲": TAIYUAN, "乙": HEBEI},
                 makes={"甲": "矿 铁 车", "乙": "钢"})
    found = figures(tmp_path, rows)
    # weights: 矿 5 by criticality, 废铁 1, 铁 4 and 钢 0 by the file, 车 1; 废铁 is made nowhere (a), 钢 is missing
    assert found["链条完整度（加权）"] == (10 / 11, "10 ÷ 11；另有 1 个环节待核（含疑似缺失），这是下限")
    assert found["链条完整度（简单）"] == (3 / 5, "3 ÷ 5；另有 1 个环节待核（含疑似缺失），这是下限")
    assert found["链条完整度（路径）"] == (0.0, "0 ÷ 2；另有 1 个环节待核（含疑似缺失），这是下限")
    assert found["待核环节数"] == (1.0, "a：1")
    assert found["环节数"] == (5.0, "优势 0、具备 0、薄弱 3、缺失 1、疑似缺失 0、待核 1")


def test_path_completeness_is_the_share_of_whole_ways(tmp_path: Path) -> None:
    rows = graph("矿 废铁 铁 钢", "矿→铁→钢 废铁→铁", firms={"甲": TAIYUAN}, makes={"甲": "矿 铁 钢"})
    assert figures(tmp_path, rows)["链条完整度（路径）"][0] == 1 / 2


def test_firms_of_the_place_are_counted_with_those_known_only_from_deals_and_those_known_only_roughly(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": {"region": XIAODIAN, "entry": "party"}, "丙": "140000", "丁": HEBEI,
             "戊": {"region": TAIYUAN, "status": "dissolved"}}
    assert figures(tmp_path, graph("钢", firms=firms))["本地企业数"] == (
        2.0, "其中只见于供应关系的 1 家；另有 1 家所在地不详或只知道在上级地区，未计入")


def test_local_sourcing_by_amounts(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": XIAODIAN, "丙": HEBEI}
    sold = [("乙", "甲", {"amount": 30}), ("丙", "甲", {"amount": 70}), ("丙", "乙", {"amount": 20}), ("丙", "乙"), ("甲", "丙", {"amount": 500})]
    rows = graph("钢", firms=firms, supplies=sold)
    assert figures(tmp_path, rows)["本地配套率（采购额口径）"] == (30 / 120, "30 ÷ 120 万元，3 条")
    rows["supplies"] = [{**row, "amount": None} for row in rows["supplies"]]
    assert figures(tmp_path, rows)["本地配套率（采购额口径）"] == (None, "4 条采购关系都没有金额，无法计算")


def test_local_sourcing_by_links_is_the_mean_over_what_is_made_here(tmp_path: Path) -> None:
    arcs = {("铁", "钢"): {"coefficient": 0.3}, ("煤", "钢"): {"coefficient": 0.1}, ("轧机", "钢"): {"role": "设备"}}
    rows = graph("铁 煤 轧机 钢 胶 车", "铁→钢 煤→钢 轧机→钢 钢→车 胶→车", arc=arcs, firms={"甲": TAIYUAN}, makes={"甲": "铁 钢 车"})
    # 钢: 0.3 of 0.4; 车: 1 of 2 by number; 铁 needs nothing; the rolling mill is no material
    assert figures(tmp_path, rows)["本地配套率（节点覆盖口径）"] == ((0.75 + 0.5) / 2, "2 个环节，其中 1 个有投入系数")


def test_leaked_purchases(tmp_path: Path) -> None:
    arcs = {("铁", "钢"): {"coefficient": 0.5}, ("煤", "钢"): {"coefficient": 0.1}, ("胶", "车"): {"coefficient": 0.2}, ("电", "灯"): {}}
    made = {"钢": {"output": 100}, "铁": {"output": 20}, "车": {}, "灯": {"output": 9}}
    rows = graph("铁 煤 钢 胶 车 电 灯", "铁→钢 煤→钢 胶→车 电→灯", arc=arcs, firms={"甲": TAIYUAN}, makes={"甲": made})
    # 铁: needs 50, 20 made here; 煤: needs 10, none made here; 胶 and 电: output or coefficient unknown
    assert figures(tmp_path, rows)["外流采购额"] == (30 + 10, "2 个环节")


def test_leaked_purchases_are_unknown_and_not_zero_where_local_supply_is_unknown(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", arc={("铁", "钢"): {"coefficient": 0.5}}, firms={"甲": TAIYUAN},
                 makes={"甲": {"钢": {"output": 100}, "铁": {}}})
    assert figures(tmp_path, rows)["外流采购额"] == (None, "没有系数与产值都齐的环节，无法计算")
    rows["makes"].append({**rows["makes"][0], "product": "煤", "output": 5})
    rows["products"].append({"id": "煤", "name": "煤", "source": "链文件"})
    rows["chain_products"].append({**rows["chain_products"][0], "product": "煤", "position": 2})
    rows["inputs"].append({**rows["inputs"][0], "input": "煤", "coefficient": 0.1})
    assert figures(tmp_path, rows)["外流采购额"] == (5.0, "1 个环节；另有 1 个环节本地产值不全，未计")


def test_means_of_quotient_and_concentration(tmp_path: Path) -> None:
    rows = graph("铁 钢", firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": HEBEI}, makes={"甲": "铁 钢", "乙": "钢", "丙": "铁"})
    found = figures(tmp_path, rows)
    assert found["平均区位商"] == (pytest.approx(((1 / 3) / (2 / 4) + (2 / 3) / (2 / 4)) / 2), "2 个环节")
    assert found["平均集中度 HHI"] == (0.5, "1 个环节")  # 钢 by two equals; 铁 has a single maker


def test_key_links_held(tmp_path: Path) -> None:
    rows = graph("矿 铁 钢 车", "矿→铁→钢→车", firms={"甲": TAIYUAN}, makes={"甲": "铁"})
    assert figures(tmp_path, rows)["关键环节具备率"] == (1 / 2, "1 ÷ 2")


def test_thirds_of_the_chain(tmp_path: Path) -> None:
    about = {"矿": {"stage": "上游"}, "铁": {"stage": "下游"}, "钢": {"stage": "下游"}}
    rows = graph("矿 铁 钢", "矿→铁→钢", about=about, firms={"甲": TAIYUAN}, makes={"甲": "矿 钢"})
    assert figures(tmp_path, rows)["上游/中游/下游具备数（按投入层次）"] == (None, "上游 1/1，中游 0/1，下游 1/1；1 个环节的层次与图上的阶段不同")


def test_chaining_is_the_share_of_local_arcs_with_a_local_deal(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": XIAODIAN, "丙": JINZHONG, "丁": TAIYUAN, "戊": TAIYUAN}
    makes = {"甲": "铁", "乙": "钢", "丙": "钢", "丁": "车", "戊": "铁"}
    sold = [("甲", "乙"), ("甲", "乙"), ("戊", "乙"), ("丁", "甲"), ("丙", "丁")]
    # 铁→钢 and 钢→车 are made at both ends; two pairs deal along the first, none along the second
    found = figures(tmp_path, graph("铁 钢 车", "铁→钢→车", firms=firms, makes=makes, supplies=sold))
    assert found["纵向成链（供应联系）"] == (1 / 2, "1 ÷ 2 对投入关系；本地企业间供应关系 3 对")


def test_nothing_known_gives_no_number_but_a_reason(tmp_path: Path) -> None:
    found = indicators(stored(tmp_path, graph("钢")), "链", TAIYUAN)
    assert list(found.columns) == COLUMNS
    assert {name for name, value in told(found, "indicator value") if value is None} == {
        "本地配套率（采购额口径）", "本地配套率（节点覆盖口径）", "外流采购额", "平均区位商", "平均集中度 HHI", "关键环节具备率",
        "上游/中游/下游具备数（按投入层次）", "纵向成链（供应联系）"}
    assert [number(found, f"链条完整度（{kind}）") for kind in ("加权", "简单", "路径")] == [0.0, 0.0, 0.0]
    assert found["basis"].notna().all() and found["formula"].notna().all()


def test_a_park_has_figures_and_says_which_it_cannot_have(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", firms={"甲": {"region": TAIYUAN, "park": "开发区"}, "乙": TAIYUAN}, makes={"甲": "铁 钢", "乙": "钢"},
                 parks={"开发区": TAIYUAN}, supplies=[("甲", "乙", {"amount": 5})])
    found = figures(tmp_path, rows, "park:开发区")
    assert found["链条完整度（简单）"][0] == 1.0
    assert found["本地企业数"][0] == 1.0
    assert found["本地配套率（采购额口径）"] == (None, "园区暂无此口径")
    assert math.isclose(float(str(found["平均区位商"][0])), ((1 / 2) / (1 / 3) + (1 / 2) / (2 / 3)) / 2)
