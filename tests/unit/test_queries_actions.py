"""The four chain actions on chains of three to six products: what is filled, lengthened, strengthened and upgraded, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from queries_graphs import HEBEI, SHANXI, TAIYUAN, XIAODIAN, Rows, graph, stored, told

from chain.errors import UnknownName
from queries.gaps import gaps
from queries.rules import Rules


def actions(folder: Path, rows: Rows, columns: str = "product action kind need", place: str = TAIYUAN, only: str = "补链延链提链") -> object:
    found = gaps(stored(folder, rows), "链", place).sort_values(["product", "action"])
    return told(found[found["action"].map(only.__contains__)], columns)


# -- 补链


def test_what_a_local_firm_needs_and_nobody_local_makes_is_to_be_filled(tmp_path: Path) -> None:
    rows = graph("矿 铁 钢", "矿→铁→钢", firms={"甲": TAIYUAN, "乙": XIAODIAN, "丙": HEBEI}, makes={"甲": "钢", "乙": "钢", "丙": "铁"})
    assert actions(tmp_path, rows, "id product action kind status detail buyers need related") == [
        ("补链/链/140100/铁", "铁", "补链", "外购", "missing", "本地 2 家企业要用它（生产「钢」）", 2, 2 / 5, "钢")]


def test_a_gap_whose_input_is_made_here_is_inner_and_the_same_gap_without_it_is_outer(tmp_path: Path) -> None:
    rows = graph("矿 铁 钢", "矿→铁→钢", firms={"甲": TAIYUAN, "乙": XIAODIAN}, makes={"甲": "钢", "乙": "矿"})
    store = stored(tmp_path, rows)
    assert told(gaps(store, "链", TAIYUAN, action="补链"), "product kind break detail") == [
        ("铁", "断点", 1.0, "本地 1 家企业要用它（生产「钢」）；其投入品「矿」本地已有")]
    rows["makes"] = [row for row in rows["makes"] if row["product"] != "矿"]
    assert told(gaps(stored(tmp_path, rows), "链", TAIYUAN, action="补链"), "product kind break") == [("铁", "外购", 0.0)]


def test_one_firm_that_needs_it_twice_is_one_buyer(tmp_path: Path) -> None:
    rows = graph("铁 钢 管", "铁→钢 铁→管", firms={"甲": TAIYUAN}, makes={"甲": "钢 管"})
    assert actions(tmp_path, rows, "product buyers need") == [("铁", 1, 1 / 4)]


def test_recycler_closes_a_loop_without_opening_a_gap(tmp_path: Path) -> None:
    """钢 leaves 废钢, 废钢 goes back into 钢: whoever makes all three needs nothing."""
    rows = graph("钢 车 废钢", "钢→车→废钢→钢", firms={"甲": TAIYUAN, "乙": TAIYUAN}, makes={"甲": "钢 车"})
    assert actions(tmp_path, rows, "product action kind") == [("废钢", "补链", "断点")]
    rows["makes"].append({**rows["makes"][0], "enterprise": "乙", "product": "废钢"})
    assert actions(tmp_path, rows) == []


def test_a_local_substitute_closes_the_gap(tmp_path: Path) -> None:
    both = {("兰炭", "铁合金"): {"group": "还原剂"}, ("焦丁", "铁合金"): {"group": "还原剂"}}
    rows = graph("兰炭 焦丁 铁合金", "兰炭→铁合金 焦丁→铁合金", arc=both, firms={"甲": TAIYUAN, "乙": TAIYUAN}, makes={"甲": "铁合金"})
    assert actions(tmp_path, rows, "product action") == [("兰炭", "补链"), ("焦丁", "补链")]
    rows["makes"].append({**rows["makes"][0], "enterprise": "乙", "product": "焦丁"})
    assert actions(tmp_path, rows) == []


def test_a_substitute_made_locally_closes_the_gap_for_that_buyer_only(tmp_path: Path) -> None:
    """焦丁 stands in for 兰炭 in 铁合金; 电石 has no such choice and still lacks 兰炭."""
    either = {("兰炭", "铁合金"): {"group": "还原剂"}, ("焦丁", "铁合金"): {"group": "还原剂"}}
    rows = graph("兰炭 焦丁 铁合金 电石", "兰炭→铁合金 焦丁→铁合金 兰炭→电石", arc=either,
                 firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": TAIYUAN}, makes={"甲": "铁合金", "乙": "焦丁", "丙": "电石"})
    assert actions(tmp_path, rows, "product action buyers need related") == [("兰炭", "补链", 2, 1 / 4, "电石")]


def test_groups_of_one_name_in_two_products_are_two_groups(tmp_path: Path) -> None:
    apart = {("兰炭", "铁合金"): {"group": "甲组"}, ("焦丁", "电石"): {"group": "甲组"}}
    rows = graph("兰炭 焦丁 铁合金 电石", "兰炭→铁合金 焦丁→电石", arc=apart, firms={"甲": TAIYUAN}, makes={"甲": "铁合金 焦丁"})
    assert actions(tmp_path, rows, "product action") == [("兰炭", "补链"), ("电石", "延链")]


def test_equipment_counts_half(tmp_path: Path) -> None:
    roles = {("铁", "钢"): {"role": "物料"}, ("轧机", "钢"): {"role": "设备"}, ("检测", "钢"): {"role": "服务"}}
    rows = graph("铁 轧机 检测 钢", "铁→钢 轧机→钢 检测→钢", arc=roles, firms={"甲": TAIYUAN}, makes={"甲": "钢"})
    assert actions(tmp_path, rows, "product need") == [("检测", 1 / 8), ("轧机", 1 / 8), ("铁", 1 / 4)]


def test_equipment_counts_half_where_those_who_take_it_as_material_have_a_substitute(tmp_path: Path) -> None:
    arcs = {("电机", "风机"): {"group": "动力"}, ("柴油机", "风机"): {"group": "动力"}, ("电机", "泵"): {"role": "设备"}}
    rows = graph("电机 柴油机 风机 泵", "电机→风机 柴油机→风机 电机→泵", arc=arcs,
                 firms={"甲": TAIYUAN, "乙": TAIYUAN}, makes={"甲": "风机 柴油机", "乙": "泵"})
    assert actions(tmp_path, rows, "product buyers need") == [("电机", 2, 1 / 8)]


def test_inputs_of_a_role_left_out_of_the_rules_are_no_gaps(tmp_path: Path) -> None:
    rows = graph("铁 轧机 钢", "铁→钢 轧机→钢", arc={("轧机", "钢"): {"role": "设备"}}, firms={"甲": TAIYUAN}, makes={"甲": "钢"})
    store = stored(tmp_path, rows)
    assert told(gaps(store, "链", TAIYUAN, Rules(roles=("物料",)), action="补链"), "product") == [("铁",)]


# -- 延链


def test_the_chain_is_lengthened_where_a_local_product_leaves_unprocessed(tmp_path: Path) -> None:
    rows = graph("铁 煤 钢 车", "铁→钢→车 煤→钢", arc={("铁", "钢"): {"coefficient": 0.3}, ("煤", "钢"): {"coefficient": 0.1}},
                 firms={"甲": TAIYUAN}, makes={"甲": "铁"})
    assert actions(tmp_path, rows, "product action kind need detail related") == [
        ("钢", "延链", "下游延伸", 0.3 / 0.4, "本地生产「铁」，可往下做成它；投入的 75% 本地可供（按投入系数）", "铁")]


def test_feed_share_goes_by_number_where_one_coefficient_is_unknown(tmp_path: Path) -> None:
    rows = graph("铁 煤 钢", "铁→钢 煤→钢", arc={("铁", "钢"): {"coefficient": 0.3}}, firms={"甲": TAIYUAN}, makes={"甲": "铁"})
    assert actions(tmp_path, rows, "product need") == [("钢", 1 / 2)]


def test_substitutes_are_one_input_in_the_feed_share_and_equipment_is_none(tmp_path: Path) -> None:
    arcs = {("铁", "钢"): {"group": "铁料", "coefficient": 0.3}, ("废钢", "钢"): {"group": "铁料", "coefficient": 0.2},
            ("煤", "钢"): {"coefficient": 0.1}, ("轧机", "钢"): {"role": "设备"}}
    rows = graph("铁 废钢 煤 轧机 钢", "铁→钢 废钢→钢 煤→钢 轧机→钢", arc=arcs, firms={"甲": TAIYUAN}, makes={"甲": "废钢 轧机"})
    assert actions(tmp_path, rows, "product action need") == [("钢", "延链", 0.3 / 0.4)]


def test_equipment_alone_does_not_lengthen_the_chain(tmp_path: Path) -> None:
    rows = graph("轧机 钢", "轧机→钢", arc={("轧机", "钢"): {"role": "设备"}}, firms={"甲": TAIYUAN}, makes={"甲": "轧机"})
    assert actions(tmp_path, rows) == []


def test_upstream_extension_goes_one_arc_above_what_the_place_spans(tmp_path: Path) -> None:
    """矿石 and 车 are made here, so 铁 and 钢 lie between; 焦炭 goes into 铁, which nobody local makes, so nobody buys it yet."""
    rows = graph("焦炭 矿石 铁 钢 车 远料", "矿石→铁→钢→车 焦炭→铁 远料→焦炭", firms={"甲": TAIYUAN}, makes={"甲": "矿石 车"})
    assert [row[:3] for row in actions(tmp_path, rows)] == [("钢", "补链", "外购"), ("铁", "延链", "下游延伸")]
    rows["inputs"] = [row for row in rows["inputs"] if row["input"] != "远料"]  # now 焦炭 is a source of the chain
    assert [row[:3] for row in actions(tmp_path, rows)] == [
        ("焦炭", "延链", "上游延伸"), ("钢", "补链", "外购"), ("铁", "延链", "下游延伸")]


def test_a_chain_may_be_lengthened_from_a_byproduct(tmp_path: Path) -> None:
    arcs = {("煤气", "甲醇"): {"coefficient": 0.3}, ("电", "甲醇"): {"coefficient": 0.1}}
    rows = graph("焦炭 煤气 电 甲醇", "煤气→甲醇 电→甲醇", arc=arcs, byproducts="煤气→焦炭", firms={"甲": TAIYUAN, "乙": HEBEI},
                 makes={"甲": "焦炭", "乙": "煤气 电 甲醇"})
    assert actions(tmp_path, rows, "product action kind need detail related") == [
        ("甲醇", "延链", "下游延伸", pytest.approx(0.15 / 0.4),
         "本地可能副产「煤气」（待核），可往下做成它；投入的 37% 本地可供（按投入系数）", "煤气")]
    rows["makes"].append({**rows["makes"][0], "product": "电"})
    assert actions(tmp_path, rows, "need detail") == [
        (pytest.approx(0.25 / 0.4), "本地生产「电」，本地可能副产「煤气」（待核），可往下做成它；投入的 62% 本地可供（按投入系数）")]
    rows["byproducts"] = []
    assert actions(tmp_path, rows, "need detail") == [(0.1 / 0.4, "本地生产「电」，可往下做成它；投入的 25% 本地可供（按投入系数）")]


def test_a_byproduct_nobody_lists_makes_no_gap_inner(tmp_path: Path) -> None:
    rows = graph("焦炭 煤气 甲醇 胶", "煤气→甲醇→胶", byproducts="煤气→焦炭", firms={"甲": TAIYUAN, "乙": HEBEI},
                 makes={"甲": "焦炭 胶", "乙": "甲醇"})
    assert actions(tmp_path, rows, "product kind detail related") == [
        ("甲醇", "外购", "本地 1 家企业要用它（生产「胶」）", "胶")]


# -- 强链


def test_each_failed_test_adds_a_fifth_to_the_need_to_strengthen(tmp_path: Path) -> None:
    rows = graph("铁 钢", firms={"甲": TAIYUAN, "乙": HEBEI, "丙": TAIYUAN}, makes={"甲": "铁 钢", "乙": "铁 钢", "丙": "钢"}, titles={"丙": "链主"})
    assert actions(tmp_path, rows, "product kind need detail nearest", only="强链") == [
        ("钢", "集中度", 1 / 5, "本地 2 家；集中度 0.50＞0.25（按家数）", "本地"),
        ("铁", "单一企业、区位商、没有获称号企业", 3 / 5, "本地 1 家；单一企业；区位商 0.83＜1；没有获称号企业", "本地")]


# -- 提链


def test_upgrade_names_the_higher_product_its_gain_and_who_could_make_it(tmp_path: Path) -> None:
    rows = graph("普钢 特钢 超钢", upgrades={"普钢→特钢": "强度翻倍", "特钢→超钢": "耐蚀"}, firms={"甲": TAIYUAN, "乙": TAIYUAN},
                 makes={"甲": "普钢", "乙": "普钢"})
    assert actions(tmp_path, rows, "product action kind need detail related") == [
        ("特钢", "提链", "升级", 2 / 5, "本地 2 家生产升级前产品；由「普钢」升级：强度翻倍", "普钢")]


def test_an_upgrade_already_made_here_is_no_gap_and_of_several_origins_the_largest_counts(tmp_path: Path) -> None:
    rows = graph("板 带 特钢 管", upgrades={"板→特钢": "", "带→特钢": "更薄", "板→管": ""}, firms={"甲": TAIYUAN, "乙": TAIYUAN},
                 makes={"甲": "板 带 管", "乙": "带"})
    assert actions(tmp_path, rows, "product action need detail related") == [
        ("特钢", "提链", 2 / 5, "本地 2 家生产升级前产品；由「带」升级：更薄；由「板」升级", "带；板")]


# -- 先核实


def test_a_link_nobody_is_tied_to_is_listed_as_untold(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": HEBEI, "丙": {"region": TAIYUAN, "entry": "party"}}
    rows = graph("铁 钢 盐 糖", "铁→钢", firms=firms, makes={"甲": "钢", "乙": "盐"}, register=None)
    columns = "id product kind need reason label related detail"
    seen = "本地已知 1 家企业（另有 1 家只见于供应关系，不知道产品），没有一家确认生产它，也没有已知的本地上下游"
    assert actions(tmp_path, rows, columns, only="先核实") == [
        ("先核实/链/140100/盐", "盐", "无本地上下游", 0.0, "b", "疑似缺失", "", seen),
        ("先核实/链/140100/糖", "糖", "无本地上下游", 0.0, "a", "待核", "", seen)]  # 铁 is named by 补链
    rows["sources"][1] |= {"kind": "register", "region": SHANXI}  # now 盐 is known to be missing, and nobody here would need it
    assert actions(tmp_path, rows, "product reason", only="先核实") == [("糖", "a")]


# -- together


def test_one_product_can_be_filled_and_upgraded_to(tmp_path: Path) -> None:
    rows = graph("普钢 特钢 轴承", "特钢→轴承", upgrades={"普钢→特钢": ""}, firms={"甲": TAIYUAN}, makes={"甲": "普钢 轴承"})
    assert actions(tmp_path, rows, "product action") == [("特钢", "提链"), ("特钢", "补链")]


def test_asking_for_one_action_gives_its_rows_and_an_unknown_action_the_near_ones(tmp_path: Path) -> None:
    rows = graph("矿 铁 钢", "矿→铁→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "矿"}, register=None)
    store = stored(tmp_path, rows)
    assert told(gaps(store, "链", TAIYUAN), "rank product action label") == [
        (1, "钢", "强链", "薄弱"), (2, "矿", "先核实", "疑似缺失"), (3, "铁", "补链", "待核")]
    assert told(gaps(store, "链", TAIYUAN, action="补链"), "rank product reason") == [(3, "铁", "a")]
    assert told(gaps(store, "链", TAIYUAN, action="先核实"), "rank product reason") == [(2, "矿", "b"), (3, "铁", "a")]
    with pytest.raises(UnknownName, match="补链"):
        gaps(store, "链", TAIYUAN, action="补琏")
