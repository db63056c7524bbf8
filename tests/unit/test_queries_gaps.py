"""The gap list: nearest covering level, the score and its terms, the order, what a row rests on, and ids that lead back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queries_graphs import CHINA, HEBEI, JINZHONG, SHANXI, TAIYUAN, XIAODIAN, YINGZE, graph, stored, told

from chain.errors import InputError
from queries import identifiers
from queries.gaps import gaps
from queries.rules import Rules, parameters, weights
from queries.standing import standing

# -- nearest covering level


def test_hole_in_the_county_filled_in_the_city_names_the_city(tmp_path: Path) -> None:
    firms = {"甲": XIAODIAN, "乙": YINGZE, "丙": JINZHONG, "丁": HEBEI}
    rows = graph("近料 省料 远料 钢", "近料→钢 省料→钢 远料→钢", firms=firms, makes={"甲": "钢", "乙": "近料", "丙": "省料", "丁": "远料"})
    store = stored(tmp_path, rows)
    columns = "product nearest distance outside"
    assert sorted(told(gaps(store, "链", XIAODIAN, action="补链"), columns)) == [
        ("省料", "省", 0.75, 1), ("近料", "市", 0.5, 1), ("远料", "省内没有", 1.0, 1)]
    assert sorted(told(gaps(store, "链", TAIYUAN, action="补链"), columns)) == [("省料", "省", 0.75, 1), ("远料", "省内没有", 1.0, 1)]
    assert told(gaps(store, "链", SHANXI, action="补链"), columns) == [("远料", "省内没有", 1.0, 1)]
    assert told(gaps(store, "链", CHINA, action="补链"), columns) == []


def test_hole_in_the_park_filled_in_its_county_names_the_county(tmp_path: Path) -> None:
    firms = {"甲": {"region": XIAODIAN, "park": "开发区"}, "乙": XIAODIAN, "丙": YINGZE, "丁": {"region": XIAODIAN, "park": "无名园"}}
    rows = graph("近料 市料 远料 钢", "近料→钢 市料→钢 远料→钢", firms=firms, makes={"甲": "钢", "丁": "钢", "乙": "近料", "丙": "市料"},
                 parks={"开发区": XIAODIAN})
    store = stored(tmp_path, rows)
    assert sorted(told(gaps(store, "链", "park:开发区", action="补链"), "product nearest distance")) == [
        ("市料", "市", 0.5), ("近料", "县", 0.25), ("远料", "省内没有", 1.0)]
    unknown = gaps(store, "链", "park:无名园", action="补链")
    assert set(told(unknown, "nearest distance")) == {("不详", 0.5)}  # nobody said where that park lies


# -- score


def test_score_is_the_published_sum(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": XIAODIAN, "丙": HEBEI, "丁": HEBEI}
    rows = graph("矿 铁 钢", "矿→铁→钢", about={"铁": {"criticality": 4}}, firms=firms, makes={"甲": "钢 矿", "乙": "钢", "丙": "铁", "丁": "铁"})
    found = gaps(stored(tmp_path, rows), "链", TAIYUAN, action="补链")
    need, importance, structure, inner, distance, supply = 2 / 5, 4 / 5, 1, 1, 1, 2 / 7
    score = 100 * (0.30 * need + 0.25 * importance + 0.15 * structure + 0.10 * inner + 0.10 * distance + 0.10 * supply)
    assert told(found, "product need importance structure break distance supply score") == [
        ("铁", need, importance, structure, inner, distance, supply, round(score, 2))]
    assert told(found, "key") == [("支配点：到「钢」的所有路径都经过它",)]


def test_importance_of_a_product_nobody_judged_is_a_half(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", about={"钢": {"criticality": 1}}, firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "铁"})
    assert sorted(told(gaps(stored(tmp_path, rows), "链", TAIYUAN), "product importance")) == [("钢", 0.2), ("铁", 0.5)]


def test_actions_weigh_as_published(tmp_path: Path) -> None:
    assert weights("action") == {"补链": 1.0, "强链": 0.8, "提链": 0.75, "延链": 0.7, "先核实": 0.5}
    firms, makes = {"甲": TAIYUAN, "乙": HEBEI}, {"甲": "普钢 铁", "乙": "特钢 板"}
    rows = graph("铁 板 普钢 特钢 盐", "铁→板", upgrades={"普钢→特钢": ""}, firms=firms, makes=makes)
    found = gaps(stored(tmp_path, rows), "链", TAIYUAN)
    terms = found[["need", "importance", "structure", "break", "distance", "supply"]].mul([0.3, 0.25, 0.15, 0.1, 0.1, 0.1]).sum(axis=1)
    factors = {action: round(score / term / 100, 2) for action, score, term in zip(found["action"], found["score"], terms, strict=True)}
    assert factors == {"强链": 0.8, "提链": 0.75, "延链": 0.7, "先核实": 0.5}


def test_suspected_gaps_stand_among_the_gaps_and_the_other_unknowns_after_them(tmp_path: Path) -> None:
    makes = {"甲": {"钢": {}, "煤": {"state": "review"}}, "乙": "铁 煤"}
    rows = graph("铁 煤 矿 钢", "铁→钢 煤→钢 矿→钢", about={"煤": {"criticality": 5}, "矿": {"criticality": 5}},
                 firms={"甲": TAIYUAN, "乙": HEBEI}, makes=makes, register=None)
    found = gaps(stored(tmp_path, rows), "链", TAIYUAN)
    assert told(found, "rank product action label reason") == [
        (1, "铁", "补链", "疑似缺失", "b"), (2, "钢", "强链", "薄弱", ""), (3, "煤", "补链", "待核", "d"), (4, "矿", "补链", "待核", "a")]
    assert found["score"].iloc[2] > found["score"].iloc[0]  # it would have come first


def test_every_row_says_what_it_rests_on_and_what_would_settle_it(tmp_path: Path) -> None:
    makes = {"甲": {"钢": {}, "煤": {"state": "review"}, "合金": {}}, "乙": "铁 煤 镍铁"}
    rows = graph("铁 煤 矿 镍铁 合金 钢", "铁→钢 煤→钢 矿→钢 镍铁→钢", kinds="镍铁→合金", firms={"甲": TAIYUAN, "乙": HEBEI}, makes=makes)
    store = stored(tmp_path, rows)
    said = dict(told(gaps(store, "链", TAIYUAN), "product certainty"))
    ask = "。核实：向所列企业核实是否生产，在复核表中认定；不生产的也可在产品关联表写「已排除」载入"
    assert said == {
        "钢": "有名录覆盖：名录.xlsx（2026-06-30）",
        "合金": "有名录覆盖：名录.xlsx（2026-06-30）",
        "铁": "有名录覆盖：名录.xlsx（2026-06-30）",
        "煤": "本地有企业可能生产，关联待复核（待复核 1 家）" + ask,
        "镍铁": "本地有企业可能生产，关联待复核（1 家可能生产：生产「合金」而未写明细类）" + ask,
        "矿": "图谱里全国都没有该产品的生产企业：是数据空缺，不能说明本地缺失。核实：补充该产品的企业数据（外地名录、协会名单）后再判断",
    }
    assert dict(told(gaps(store, "链", HEBEI), "product certainty"))["镍铁"] == "只有样本：家数、集中度、区位商按样本计，可能低估本地"


def test_a_chain_of_one_product_and_a_place_without_firms_give_an_empty_list_with_all_columns(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("钢", firms={"乙": HEBEI}, makes={"乙": "钢"}))
    found = gaps(store, "链", TAIYUAN)
    assert len(found) == 0
    assert list(found.columns) == [
        "id", "rank", "product", "name", "stage", "segment", "action", "kind", "status", "reason", "label", "detail", "who", "makers",
        "buyers", "reviews", "national", "outside", "nearest", "lq", "hhi", "need", "importance", "structure", "break", "distance",
        "supply", "score", "certainty", "key", "related"]


def test_rules_are_printed_whole() -> None:
    rules = Rules(tau=0.7, hhi_max=0.3, lq_weak=0.9, lq_strong=1.5, theta=0.6, loaded_share=0.4, register_years=2)
    assert rules.in_words() == (
        "制造关系置信度≥0.7才计；有确认企业为具备；单一企业、集中度>0.3（两家以上）、区位商<0.9、供需比<0.6或无资质企业之一为薄弱；"
        "无薄弱项且区位商≥1.5为优势；有名录覆盖且无企业为缺失，只有样本时为疑似缺失；名录超过 2 年、载入不足应有企业数的 40%、"
        "有待复核企业或全国都无企业时为待核")
    assert list(parameters(rules).values()) == [0.7, 0.3, 0.9, 1.5, 0.6, 0.4, 2, ("物料", "设备", "服务"), None]


def test_weights_of_a_score_add_up_to_one() -> None:
    assert [round(sum(weights(score).values()), 9) for score in ("gap", "target")] == [1.0, 1.0]


# -- ids

PARTS = st.text(st.sampled_from("钢a/%25F： ."), min_size=1, max_size=9).filter(lambda text: text == text.strip())


@given(PARTS, PARTS, PARTS, PARTS)
def test_ids_parse_both_ways(chain: str, place: str, product: str, enterprise: str) -> None:
    for action in ("补链", "延链", "强链", "提链", "先核实"):
        reference = identifiers.Reference(action, chain, place, product, None)
        assert identifiers.parse(identifiers.gap_id(action, chain, place, product)) == reference
    target = identifiers.Reference("招引", chain, place, product, enterprise)
    assert identifiers.parse(identifiers.target_id(chain, place, product, enterprise)) == target


def test_ids_are_plain_unless_a_name_has_a_slash() -> None:
    assert identifiers.gap_id("补链", "光伏", TAIYUAN, "99%纯硅") == "补链/光伏/140100/99%纯硅"
    assert identifiers.target_id("光伏", TAIYUAN, "硅", "name:甲/乙公司") == "招引/光伏/140100/硅/name:甲%2F乙公司"


@pytest.mark.parametrize("text", ["", "补链", "补链/光伏/140100", "招引/光伏/140100/硅", "断链/光伏/140100/硅", "补链/光伏/140100/硅/甲"])
def test_what_is_no_id_of_ours_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="补链/光伏/140100/光伏玻璃"):
        identifiers.parse(text)


def test_ids_of_rows_lead_back_to_the_row(tmp_path: Path) -> None:
    rows = graph("铁/水 钢", "铁/水→钢", firms={"甲": TAIYUAN}, makes={"甲": "钢"})
    found = gaps(stored(tmp_path, rows), "链", TAIYUAN)
    assert [identifiers.parse(text).product for text in found["id"]] == found["product"].tolist() == ["钢", "铁/水"]


def test_a_standing_knows_its_key_links(tmp_path: Path) -> None:
    state = standing(stored(tmp_path, graph("矿 铁 钢 车 桥", "矿→铁→钢→车 钢→桥")), "链", TAIYUAN)
    assert set(state.key_links) == {"铁", "钢"}
