"""Whom to go and talk to: makers outside the place, ranked by terms one can recompute."""

from __future__ import annotations

from pathlib import Path

import pytest
from queries_graphs import CHINA, GUANGDONG, HEBEI, JINZHONG, SHANXI, TAIYUAN, XIAODIAN, Rows, graph, stored, told

from chain.errors import UnknownName
from queries.gaps import gaps
from queries.targets import COLUMNS, closeness, targets


def wanting(firms: dict[str, object], makes: dict[str, object] | None = None, **more: object) -> Rows:
    """甲 in 太原 makes 钢 and lacks 铁; the firms given make 铁 unless said otherwise."""
    makes = {"甲": "钢", **(dict.fromkeys(firms, "铁") if makes is None else makes)}
    return graph("铁 钢", "铁→钢", firms={"甲": TAIYUAN, **firms}, makes=makes, **more)  # type: ignore[arg-type]


def test_targets_are_makers_outside_the_place(tmp_path: Path) -> None:
    store = stored(tmp_path, wanting({"乙": JINZHONG, "丙": HEBEI, "丁": None}))
    found = targets(store, "链", TAIYUAN, products=["铁"])
    assert told(found, "id rank product action gap_label enterprise place made") == [
        ("招引/链/140100/铁/乙", 1, "铁", "补链", "缺失", "乙", "山西省晋中市", "铁"),
        ("招引/链/140100/铁/丙", 2, "铁", "补链", "缺失", "丙", "河北省石家庄市", "铁"),
        ("招引/链/140100/铁/丁", 3, "铁", "补链", "缺失", "丁", "所在地不详", "铁")]
    assert list(found.columns) == COLUMNS
    assert len(targets(store, "链", CHINA)) == 0  # nobody is outside the country
    assert list(targets(store, "链", CHINA).columns) == COLUMNS


def test_parties_never_targets(tmp_path: Path) -> None:
    store = stored(tmp_path, wanting({"乙": {"region": HEBEI, "entry": "party"}, "丙": HEBEI}))
    assert told(targets(store, "链", TAIYUAN), "product enterprise") == [("铁", "丙")]


def test_a_maker_known_only_by_province_is_no_target_and_makes_the_city_doubt(tmp_path: Path) -> None:
    store = stored(tmp_path, wanting({"乙": SHANXI, "丙": HEBEI}))
    assert told(targets(store, "链", TAIYUAN, products=["铁"]), "enterprise gap_label") == [("丙", "待核")]
    assert told(gaps(store, "链", TAIYUAN, action="补链"), "product reason nearest certainty") == [
        ("铁", "d", "省", "本地有企业可能生产，关联待复核（1 家可能生产：生产「铁」，只知道在山西省，可能就在本地）。"
         "核实：向所列企业核实是否生产，在复核表中认定；不生产的也可在产品关联表写「已排除」载入")]
    assert told(targets(store, "链", HEBEI, products=["钢"]), "enterprise gap_label") == [("甲", "疑似缺失")]
    assert set(told(gaps(store, "链", SHANXI), "product action")) == {("铁", "强链"), ("钢", "强链")}  # the province has it


def test_a_firm_in_another_park_is_a_target_and_one_known_only_by_county_is_none(tmp_path: Path) -> None:
    rows = wanting({"乙": XIAODIAN, "丙": {"region": XIAODIAN, "park": "二园"}}, parks={"一园": XIAODIAN, "二园": XIAODIAN})
    rows["enterprises"][0] |= {"region": XIAODIAN, "park": "一园"}
    assert told(targets(stored(tmp_path, rows), "链", "park:一园", products=["铁"]), "enterprise") == [("丙",)]


def test_doubtful_dissolved_and_rejected_makers_are_no_targets(tmp_path: Path) -> None:
    firms = {"乙": HEBEI, "丙": HEBEI, "丁": {"region": HEBEI, "status": "dissolved"}, "戊": HEBEI}
    makes = {"乙": {"铁": {"state": "review"}}, "丙": {"铁": {"confidence": 0.5}}, "丁": "铁", "戊": {"铁": {"state": "rejected"}}}
    assert len(targets(stored(tmp_path, wanting(firms, makes)), "链", TAIYUAN, products=["铁"])) == 0


def test_score_is_the_published_sum(tmp_path: Path) -> None:
    firms = {"乙": {"region": HEBEI, "registered_capital": 100}, "丙": {"region": GUANGDONG, "registered_capital": 500}, "丁": GUANGDONG}
    makes = {"乙": {"铁": {"confidence": 0.8}}, "丙": {"铁": {"confidence": 0.7}}, "丁": {"铁": {"confidence": 0.7}}}
    rows = wanting(firms, makes, titles={"乙": "小巨人"}, supplies=[("乙", "甲"), ("甲", "丙")])
    found = targets(stored(tmp_path, rows), "链", TAIYUAN, products=["铁"])
    terms = "enterprise tied_firms term_size term_ties term_confidence term_titles term_closeness term_breadth score"
    assert told(found, terms) == [
        ("丙", 1, 1.0, 0.5, 0.7, 0.0, 0.2, 0.0, 100 * (0.25 + 0.125 + 0.14 + 0.02)),
        ("乙", 1, 0.5, 0.5, 0.8, 0.5, 0.6, 0.0, 100 * (0.125 + 0.125 + 0.16 + 0.05 + 0.06)),
        ("丁", 0, 0.3, 0.0, 0.7, 0.0, 0.2, 0.0, 23.5)]
    assert found["reason"].tolist()[1] == "生产铁（置信度 0.80）；已与本地 1 家企业有供应关系：甲；小巨人"


def test_size_is_output_of_the_product_else_revenue_else_capital(tmp_path: Path) -> None:
    firms = {"乙": {"region": HEBEI, "revenue": 10, "registered_capital": 9000}, "丙": {"region": HEBEI, "registered_capital": 30},
             "丁": {"region": HEBEI, "revenue": 5}, "戊": {"region": HEBEI, "registered_capital": 10}}
    makes = {"乙": "铁", "丙": "铁", "丁": {"铁": {"output": 20}}, "戊": "铁"}
    found = targets(stored(tmp_path, wanting(firms, makes)), "链", TAIYUAN, products=["铁"])
    assert dict(told(found, "enterprise term_size")) == {"丙": 1.0, "丁": 0.75, "乙": 1.5 / 4, "戊": 1.5 / 4}


def test_ties_count_local_firms_once_in_either_direction_and_namesakes_apart(tmp_path: Path) -> None:
    firms = {"甲二": {"region": XIAODIAN, "name": "甲"}, "丙": HEBEI, "乙": HEBEI}
    sold = [("乙", "甲"), ("甲", "乙"), ("乙", "甲", {"year": 2024}), ("甲二", "乙"), ("乙", "丙"), ("丙", "乙")]
    found = targets(stored(tmp_path, wanting(firms, {"乙": "铁"}, supplies=sold)), "链", TAIYUAN, products=["铁"])
    assert told(found, "enterprise tied_firms term_ties") == [("乙", 2, 2 / 3)]


def test_a_park_has_the_ties_of_its_own_firms_only_and_lies_where_its_region_lies(tmp_path: Path) -> None:
    rows = wanting({"乙": HEBEI, "丙": JINZHONG, "丁": TAIYUAN}, supplies=[("乙", "甲"), ("丙", "丁")], parks={"开发区": TAIYUAN})
    rows["enterprises"][0]["park"] = "开发区"
    found = targets(stored(tmp_path, rows), "链", "park:开发区", products=["铁"])
    assert told(found, "enterprise tied_firms term_closeness") == [("乙", 1, 0.6), ("丙", 0, 1.0)]


@pytest.mark.parametrize(("place", "other", "expected"), [
    (TAIYUAN, XIAODIAN, 1.0), (XIAODIAN, "149001", 1.0), (SHANXI, HEBEI, 0.6), (SHANXI, "610100", 0.6), (SHANXI, GUANGDONG, 0.2),
    (GUANGDONG, "810000", 0.6), ("460100", GUANGDONG, 0.6), (TAIYUAN, None, 0.0), (CHINA, HEBEI, 0.0), (None, HEBEI, 0.0)])
def test_closeness(place: str | None, other: str | None, expected: float) -> None:
    assert closeness(place, other) == expected
    if place and other and place != CHINA:
        assert closeness(other, place) == expected


def test_a_firm_that_fills_several_gaps_goes_first_and_no_filter_changes_its_score(tmp_path: Path) -> None:
    rows = graph("铁 煤 钢", "铁→钢 煤→钢", firms={"甲": TAIYUAN, "乙": HEBEI, "丙": HEBEI}, makes={"甲": "钢", "乙": "铁", "丙": "铁 煤"})
    store = stored(tmp_path, rows)
    whole = targets(store, "链", TAIYUAN)
    assert told(whole[whole["product"] == "铁"], "rank enterprise other_gaps term_breadth") == [(1, "丙", 1, 1 / 3), (2, "乙", 0, 0.0)]
    part = targets(store, "链", TAIYUAN, products=["铁"])
    assert part.equals(whole[whole["product"] == "铁"].reset_index(drop=True))


def test_a_maker_of_a_subkind_is_a_target_for_the_kind_and_says_what_it_makes(tmp_path: Path) -> None:
    rows = graph("钢 合金钢 车", "钢→车", kinds="合金钢→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "车", "乙": "合金钢"})
    found = targets(stored(tmp_path, rows), "链", TAIYUAN)
    assert told(found, "product enterprise made reason") == [("钢", "乙", "合金钢", "生产合金钢（属钢）（置信度 0.90）")]


def test_targets_come_in_the_order_of_the_gap_list_and_at_most_so_many_a_product(tmp_path: Path) -> None:
    rows = graph("铁 煤 钢", "铁→钢 煤→钢", about={"煤": {"criticality": 5}}, firms={"甲": TAIYUAN, **{f"外{n}": HEBEI for n in range(4)}},
                 makes={"甲": "钢", **{f"外{n}": "铁 煤 钢" for n in range(4)}})
    store = stored(tmp_path, rows)
    found = targets(store, "链", TAIYUAN, top=2)
    assert told(found, "product rank enterprise") == [
        (product, at + 1, f"外{at}") for product in gaps(store, "链", TAIYUAN)["product"] for at in range(2)]
    assert len(targets(store, "链", TAIYUAN, top=None)) == 12


def test_an_unknown_product_is_named_with_the_near_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="铁"):
        targets(stored(tmp_path, wanting({})), "链", TAIYUAN, products=["生铁"])
