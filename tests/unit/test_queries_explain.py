"""The evidence path: down to file, sheet and row, with every local buyer by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from queries_graphs import HEBEI, JINZHONG, SHANXI, TAIYUAN, XIAODIAN, graph, stored, told

from chain.errors import InputError, UnknownName
from queries.explain import COLUMNS, MOST, explain
from queries.gaps import gaps
from queries.targets import targets

PLACE = "file sheet row"


def test_explain_goes_down_to_file_sheet_and_row_and_names_every_local_buyer(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": XIAODIAN, "丙": XIAODIAN, "丁": JINZHONG, "戊": HEBEI}
    rows = graph("矿 铁 钢", "矿→铁→钢", about={"铁": {"criticality": 4, "reason": "没有铁就没有钢", "segment": "冶炼", "chokepoint": "目录"}},
                 firms=firms, makes={"甲": "钢", "乙": {"钢": {"evidence": "主营产品：钢"}}, "丙": "矿", "丁": "铁", "戊": "铁"})
    found = explain(stored(tmp_path, rows), "补链/链/140100/铁")
    assert list(found.columns) == COLUMNS
    assert told(found, f"step statement {PLACE}")[:-3] == [
        ("结论", "山西省太原市「链」链：「铁」补链（断点），状态 缺失，排第 1", None, None, None),
        ("理由", "本地 2 家企业要用它（生产「钢」）；其投入品「矿」本地已有", None, None, None),
        ("把握", "有名录覆盖：名录.xlsx（2026-06-30）", None, None, None),
        ("定义", "链上的环节：中游 › 冶炼；关键度 4：没有铁就没有钢", "链.yaml", None, 11),
        ("定义", "卡脖子环节，依据 目录", "链.yaml", None, 11),
        ("定义", "关键环节：支配点：到「钢」的所有路径都经过它", "链.yaml", None, 11),
        ("定义", "铁 → 钢（物料）", "链.yaml", None, 51),
        ("本地", "太原市没有已确认的「铁」生产企业（查了 3 家）", None, None, None),
        ("需求", "乙 要用「铁」，因为生产「钢」（置信度 0.90）：主营产品：钢", "名录.xlsx", "企业", 3),
        ("需求", "甲 要用「铁」，因为生产「钢」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 2),
        ("投入", "丙 可供「铁」的投入品，生产「矿」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 4),
        ("上级", "最近覆盖层级：省", None, None, None),
        ("上级", "丁 省内生产「铁」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 5)]
    assert told(found, f"step {PLACE}")[-3:] == [("评分", None, None, None), ("名录", "名录.xlsx", "企业", None), ("口径", None, None, None)]


def test_a_product_nobody_judged_is_explained_without_gaps_in_the_sentence(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("铁 钢", "铁→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "铁"}))
    found = explain(store, "补链/链/140100/铁")
    assert ("定义", "链上的环节：中游；关键度未定") in told(found, "step statement")
    assert not found["statement"].str.contains("nan|None|<NA>").any()


def test_the_score_in_the_explanation_adds_up(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("铁 钢", "铁→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "铁"}))
    assert dict(told(explain(store, "强链/链/140100/钢"), "step statement"))["评分"] == (
        "14.80 = （需求 0.20×0.3＋关键度 0.50×0.25＋关键环节 0.00×0.15＋断点 0.00×0.1＋距离 0.00×0.1＋可招企业 0.00×0.1）"
        "×0.8（行动系数）×100；各项含义见口径说明")
    assert gaps(store, "链", TAIYUAN, action="强链")["score"].item() == 14.8


def test_buyers_who_have_a_local_substitute_are_told_apart(tmp_path: Path) -> None:
    either = {("兰炭", "铁合金"): {"group": "还原剂"}, ("焦丁", "铁合金"): {"group": "还原剂"}}
    rows = graph("兰炭 焦丁 铁合金 电石", "兰炭→铁合金 焦丁→铁合金 兰炭→电石", arc=either,
                 firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": TAIYUAN, "丁": HEBEI}, makes={"甲": "铁合金", "乙": "焦丁", "丙": "电石", "丁": "兰炭"})
    found = explain(stored(tmp_path, rows), "补链/链/140100/兰炭")
    assert told(found[found["step"] == "需求"], "statement row") == [
        ("丙 要用「兰炭」，因为生产「电石」（置信度 0.90）：来源表直接列出", 4),
        ("甲 可用本地已有的「焦丁」代替「兰炭」，生产「铁合金」（置信度 0.90）：来源表直接列出", 2)]


def test_whom_to_ask_is_named_where_a_link_or_a_subkind_awaits_review(tmp_path: Path) -> None:
    rows = graph("镍铁 合金 钢", "镍铁→钢", kinds="镍铁→合金", firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": TAIYUAN, "丁": HEBEI},
                 makes={"甲": "钢", "乙": "合金", "丙": {"镍铁": {"state": "review", "confidence": 0.4}}, "丁": "镍铁"})
    found = explain(stored(tmp_path, rows), "补链/链/140100/镍铁")
    assert told(found[found["step"] == "待复核"], f"statement {PLACE}") == [
        ("丙 可能生产「镍铁」（置信度 0.40）：来源表直接列出", "名录.xlsx", "企业", 4),
        ("乙 可能有「镍铁」而未写明细类：它生产「合金」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 3)]


def test_where_a_byproduct_at_hand_arises_is_named(tmp_path: Path) -> None:
    rows = graph("焦炭 煤气 甲醇", "煤气→甲醇", byproducts="煤气→焦炭", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "焦炭", "乙": "甲醇"})
    found = explain(stored(tmp_path, rows), "延链/链/140100/甲醇")
    assert told(found[found["step"] == "投入"], f"statement {PLACE}") == [
        ("甲 过程中产生「甲醇」的投入品「煤气」：它生产「焦炭」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 2)]


def test_an_untold_link_and_who_may_make_it_can_be_explained(tmp_path: Path) -> None:
    rows = graph("煤气 焦炭", byproducts="煤气→焦炭", firms={"甲": TAIYUAN, "乙": SHANXI}, makes={"甲": "焦炭", "乙": "煤气"})
    found = explain(stored(tmp_path, rows), "先核实/链/140100/煤气")
    assert told(found, "step statement")[0] == ("结论", "山西省太原市「链」链：「煤气」先核实（无本地上下游），状态 待核，排第 2")
    assert told(found[found["step"] == "待复核"], "statement row") == [
        ("甲 可能有「煤气」，过程中产生它：它生产「焦炭」（置信度 0.90）：来源表直接列出", 2),
        ("乙 可能有「煤气」，只知道在山西省，可能就在本地：它生产「煤气」（置信度 0.90）：来源表直接列出", 3)]


def test_an_upgrade_names_the_local_makers_of_what_can_be_upgraded(tmp_path: Path) -> None:
    rows = graph("普钢 特钢", upgrades={"普钢→特钢": "强度翻倍"}, firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "普钢", "乙": "特钢"})
    found = told(explain(stored(tmp_path, rows), "提链/链/140100/特钢"), f"step statement {PLACE}")
    assert ("升级", "甲 可升级到「特钢」，现在生产「普钢」（置信度 0.90）：来源表直接列出", "名录.xlsx", "企业", 2) in found
    assert ("定义", "普钢 升级为 特钢：强度翻倍", "链.yaml", None, 90) in found


def test_explain_of_a_vanished_gap_says_what_is_now(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", firms={"甲": TAIYUAN, "乙": TAIYUAN}, makes={"甲": "钢"})
    reference = gaps(stored(tmp_path, rows), "链", TAIYUAN, action="补链")["id"].item()
    rows["makes"].append({**rows["makes"][0], "enterprise": "乙", "product": "铁"})
    with pytest.raises(UnknownName, match="「铁」在太原市现为薄弱，没有补链这一项"):
        explain(stored(tmp_path, rows), reference)


def test_explain_names_near_products_and_refuses_what_is_no_id(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("生铁 钢", "生铁→钢", firms={"甲": TAIYUAN}, makes={"甲": "钢"}))
    with pytest.raises(UnknownName, match="生铁"):
        explain(store, "补链/链/140100/铁")
    with pytest.raises(UnknownName, match="编号或企业"):
        explain(store, "铁")
    with pytest.raises(InputError, match="不认识的编号"):
        explain(store, "补链/链")
    with pytest.raises(UnknownName, match="lianpu targets"):
        explain(store, "招引/链/140100/生铁/无此企业")


def test_an_enterprise_is_meant_by_its_stock_code_whatever_its_id(tmp_path: Path) -> None:
    firms = {"甲": {"region": TAIYUAN, "code": "600169"}, "乙": {"region": TAIYUAN, "code": "000825"}}
    rows = graph("钢", firms=firms, makes={"甲": "钢", "乙": "钢"})
    store = stored(tmp_path, rows)
    assert told(explain(store, " 600169 "), "statement") == told(explain(store, "甲"), "statement")
    assert told(explain(store, "600169"), "step statement")[0] == ("企业", "甲（甲）")
    with pytest.raises(UnknownName, match="股票代码"):
        explain(store, "600170")


def test_two_enterprises_with_one_stock_code_are_both_named(tmp_path: Path) -> None:
    rows = graph("钢", firms={"甲": {"region": TAIYUAN, "code": "600169"}, "乙": {"region": TAIYUAN, "code": "600169"}}, makes={"甲": "钢"})
    with pytest.raises(UnknownName, match="乙（乙）、甲（甲）"):
        explain(stored(tmp_path, rows), "600169")


def test_a_target_is_explained_by_its_link_its_records_and_its_deals(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": {"region": HEBEI, "registered_capital": 500, "employees": 20}}
    rows = graph("铁 钢", "铁→钢", firms=firms, makes={"甲": "钢", "乙": {"铁": {"evidence": "主营：铁"}}}, supplies=[("乙", "甲", {"year": 2024})])
    store = stored(tmp_path, rows)
    reference = targets(store, "链", TAIYUAN, products=["铁"])["id"].item()
    found = told(explain(store, reference), f"step statement {PLACE}")
    assert found[:5] == [
        ("结论", "为山西省太原市「链」链的「铁」（补链，缺失）招引 乙，该环节第 1", None, None, None),
        ("匹配", "生产铁（置信度 0.90）；已与本地 1 家企业有供应关系：甲：主营：铁", "名录.xlsx", "企业", 3),
        ("缺口", "缺口的证据：lianpu explain … 补链/链/140100/铁", None, None, None),
        ("企业", "乙，河北省石家庄市，注册资本 500 万元，20 人", "名录.xlsx", "企业", 3),
        ("往来", "2024 年乙 供货给 甲", "今天.xlsx", "新闻", 2)]
    assert [row[0] for row in found[5:]] == ["评分", "口径"]
    assert found[5][1].split("（")[1].startswith("规模 0.50×0.25＋供应关系 0.50×0.25＋置信度 0.90×0.2＋称号 ")


def test_many_buyers_are_named_up_to_a_number_and_the_rest_counted(tmp_path: Path) -> None:
    count = MOST + 5
    rows = graph("铁 钢", "铁→钢", firms={f"企{n:02}": TAIYUAN for n in range(count)}, makes={f"企{n:02}": "钢" for n in range(count)})
    found = explain(stored(tmp_path, rows), "补链/链/140100/铁")
    assert len(found[found["step"] == "需求"]) == MOST + 1
    assert found.loc[found["step"] == "需求", "statement"].iloc[-1] == "另有 5 家"
