"""What is missing, weak, covered, strong or not to be told, on chains small enough to see."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from queries_graphs import CHINA, HEBEI, SHANXI, TAIYUAN, TODAY, XIAODIAN, YINGZE, graph, stored, told

from chain.store import Place
from queries import absence
from queries.rules import Rules
from queries.standing import standing


def status(store: object, place: str = TAIYUAN, rules: Rules = Rules()) -> list[tuple[object, ...]]:
    return told(standing(store, "链", place, rules).products, "product status reason label")  # type: ignore[arg-type]


# -- absence


def test_a_link_nobody_makes_here_is_missing_where_a_register_covers_the_place(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("矿 铁", "矿→铁", firms={"甲": XIAODIAN, "乙": HEBEI}, makes={"甲": "铁", "乙": "矿"}))
    assert status(store) == [("矿", "missing", "", "缺失"), ("铁", "weak", "", "薄弱")]
    assert status(store, HEBEI) == [("矿", "weak", "", "薄弱"), ("铁", "unknown", "b", "疑似缺失")]  # the register ends at the border


def test_a_sample_never_proves_absence(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("矿", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"乙": "矿"}, register=None))
    assert status(store) == [("矿", "unknown", "b", "疑似缺失")]


def test_a_register_of_the_city_covers_its_counties_and_not_the_province(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("矿", firms={"乙": HEBEI}, makes={"乙": "矿"}, register=TAIYUAN))
    assert [status(store, place)[0][1:3] for place in (XIAODIAN, TAIYUAN, SHANXI)] == [
        ("missing", ""), ("missing", ""), ("unknown", "b")]


def test_what_nobody_anywhere_makes_is_a_hole_in_our_data(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("矿 铁", firms={"甲": TAIYUAN}, makes={"甲": "铁"}))
    assert status(store)[0] == ("矿", "unknown", "a", "待核")


def test_expected_number_of_enterprises(tmp_path: Path) -> None:
    firms = {"甲": XIAODIAN, "乙": XIAODIAN, "丙": XIAODIAN, "丁": HEBEI}
    store = stored(tmp_path, graph("矿", firms=firms, makes={"丁": "矿"}, expected={XIAODIAN: 10, TAIYUAN: 11}))
    assert status(store, XIAODIAN) == [("矿", "missing", "", "缺失")]  # 3 of 10 is not fewer than 30 %
    assert status(store, TAIYUAN) == [("矿", "unknown", "c", "待核")]  # 3 of 11 is
    assert status(store, TAIYUAN, Rules(loaded_share=0.2)) == [("矿", "missing", "", "缺失")]


def test_a_link_that_awaits_review_leaves_it_open_and_a_rejected_one_does_not(tmp_path: Path) -> None:
    said = {"矿": {"state": "review"}, "铁": {"confidence": 0.64}, "钢": {"state": "rejected"}, "管": {"confidence": 0.65}}
    store = stored(tmp_path, graph("矿 铁 钢 管", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": said, "乙": "矿 铁 钢 管"}))
    assert [row[1:3] for row in status(store)] == [("unknown", "d"), ("unknown", "d"), ("missing", ""), ("weak", "")]
    assert [row[1] for row in status(store, rules=Rules(tau=0.6))] == ["unknown", "weak", "missing", "weak"]


def test_generic_maker_of_a_kind_leaves_its_subkinds_to_be_verified(tmp_path: Path) -> None:
    store = stored(tmp_path, graph(
        "钢 合金钢 碳钢", kinds="合金钢→钢 碳钢→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "合金钢 碳钢"}))
    assert [row[:3] for row in status(store)] == [("钢", "weak", ""), ("合金钢", "unknown", "d"), ("碳钢", "unknown", "d")]


def test_a_maker_who_names_one_subkind_leaves_the_others_missing_however_sure_we_are_of_the_kind(tmp_path: Path) -> None:
    said = {"钢": {"confidence": 0.95}, "合金钢": {"confidence": 0.7}}
    store = stored(tmp_path, graph(
        "钢 合金钢 碳钢", kinds="合金钢→钢 碳钢→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": said, "乙": "碳钢"}))
    assert [row[:3] for row in status(store)] == [("钢", "weak", ""), ("合金钢", "weak", ""), ("碳钢", "missing", "")]


def test_a_generic_maker_counts_where_the_chain_uses_the_subkind_but_does_not_hold_the_kind(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("碳钢", kinds="碳钢→钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "钢", "乙": "碳钢"}))
    assert status(store) == [("碳钢", "unknown", "d", "待核")]


def test_a_steelworks_that_rolls_coils_is_asked_about_its_own_slabs(tmp_path: Path) -> None:
    rows = graph("坯 铬铁 卷", "坯→卷 铬铁→卷", arc={("坯", "卷"): {"captive": True}}, firms={"甲": TAIYUAN, "乙": HEBEI},
                 makes={"甲": "卷", "乙": "坯 铬铁"})
    store = stored(tmp_path, rows)
    assert status(store)[:2] == [("坯", "unknown", "d", "待核"), ("铬铁", "missing", "", "缺失")]
    assert standing(store, "链", TAIYUAN).hidden == {"坯": {"甲": {("卷", "，这类企业通常自产它")}}}
    assert status(store, HEBEI)[2] == ("卷", "unknown", "b", "疑似缺失")  # who makes slabs need not roll them


def test_coke_ovens_give_gas_so_gas_is_no_gap(tmp_path: Path) -> None:
    rows = graph("焦炭 煤气 甲醇", "煤气→甲醇", byproducts="煤气→焦炭", firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": HEBEI},
                 makes={"甲": "焦炭", "乙": "甲醇", "丙": "煤气"})
    store = stored(tmp_path, rows)
    state = standing(store, "链", TAIYUAN)
    assert status(store)[1] == ("煤气", "unknown", "d", "待核")
    assert state.hidden == {"煤气": {"甲": {("焦炭", "，过程中产生它")}}}
    assert (state.covered, state.available) == ({"焦炭", "甲醇"}, {"焦炭", "甲醇", "煤气"})
    rows["byproducts"] = []
    assert status(stored(tmp_path, rows))[1] == ("煤气", "missing", "", "缺失")


def test_a_maker_known_only_by_county_makes_its_parks_doubt_unless_it_is_in_another_park(tmp_path: Path) -> None:
    firms = {"甲": XIAODIAN, "乙": {"region": XIAODIAN, "park": "二园"}, "丙": {"region": XIAODIAN, "park": "一园"}, "丁": YINGZE}
    rows = graph("矿 铁 钢", firms=firms, makes={"甲": "矿", "乙": "铁", "丁": "钢"}, parks={"一园": XIAODIAN, "二园": XIAODIAN})
    assert [row[1:3] for row in status(stored(tmp_path, rows), "park:一园")] == [("unknown", "d"), ("missing", ""), ("missing", "")]


def test_a_maker_of_a_subkind_makes_the_kind(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("钢 合金钢", kinds="合金钢→钢", firms={"甲": TAIYUAN}, makes={"甲": "合金钢"}))
    assert [row[1] for row in status(store)] == ["weak", "weak"]


def test_a_firm_dissolved_or_not_yet_founded_at_the_date_of_the_question_makes_nothing(tmp_path: Path) -> None:
    firms = {"甲": {"region": TAIYUAN, "established": "2020-01-01", "dissolved": "2026-02-01"}, "乙": HEBEI}
    store = stored(tmp_path, graph("矿", firms=firms, makes={"甲": "矿", "乙": "矿"}))
    seen = [status(store, rules=Rules(as_of=day))[0][1] for day in ("2019-12-31", "2020-01-01", "2026-01-31", "2026-02-01")]
    assert seen == ["missing", "weak", "weak", "missing"]


REGISTER = pd.DataFrame({"as_of": pd.Series(["2023-06-30"], dtype="str")})


def letter(register: pd.DataFrame, as_of: str = TODAY, *, loaded: int = 10, national: int = 1, reviews: int = 0) -> str:
    place = Place(TAIYUAN, "", "", loaded, 0, 0, 0, 100, register)
    return absence.reason(absence.Evidence(national, reviews, 0), place, Rules(loaded_share=0.1), as_of)


@pytest.mark.parametrize(("as_of", "expected"), [("2023-06-30", ""), ("2026-06-29", ""), ("2026-06-30", ""), ("2026-07-01", "e")])
def test_a_register_older_than_three_years_does_not_prove_absence(as_of: str, expected: str) -> None:
    assert letter(REGISTER, as_of) == expected


def test_three_years_are_three_birthdays_with_or_without_a_leap_year() -> None:
    days = [("2024-01-01", "2027-01-01"), ("2023-01-01", "2026-01-01"), ("2024-02-29", "2027-03-01"), ("2024-02-29", "2027-02-28")]
    assert [letter(pd.DataFrame({"as_of": [early]}), late) for early, late in days] == ["", "", "", ""]
    assert letter(pd.DataFrame({"as_of": ["2024-02-29"]}), "2027-03-02") == "e"


def test_a_register_without_a_date_proves_nothing_and_a_newer_one_beside_an_old_one_does() -> None:
    undated = pd.DataFrame({"as_of": pd.Series([None], dtype="str")})
    assert letter(undated) == "e"
    assert letter(pd.concat([undated, REGISTER, pd.DataFrame({"as_of": ["2019-01-01"]})])) == ""


def test_the_letter_that_asks_a_firm_comes_first_then_our_own_holes() -> None:
    none = REGISTER.head(0)
    assert letter(none, reviews=1, national=0, loaded=1) == "d"
    assert letter(none, national=0, loaded=1) == "a"
    assert letter(none, loaded=9) == "c"
    assert letter(none) == "b"


# -- strength


def failed(store: object, place: str = TAIYUAN, rules: Rules = Rules()) -> dict[object, object]:
    return dict(told(standing(store, "链", place, rules).products, "product tests"))  # type: ignore[arg-type]


def test_concentration_is_measured_by_output_else_by_capital_else_by_number(tmp_path: Path) -> None:
    firms = {name: {"region": TAIYUAN, "registered_capital": wan} for name, wan in zip("甲乙丙丁", (40, 20, 20, 20), strict=True)}
    firms["戊"] = {"region": TAIYUAN}
    by_output = {name: {"output": wan} for name, wan in zip("甲乙丙丁", (70, 10, 10, 10), strict=True)}
    makes = {name: {"钢": by_output[name], "板": {"output": 5} if name == "甲" else {}, "管": {}} for name in "乙丙丁甲"}
    del makes["甲"]["管"]
    store = stored(tmp_path, graph("钢 板 管", firms=firms, makes={**makes, "戊": "管"}))
    assert failed(store) == {"钢": "集中度 0.52＞0.25（按产值）", "板": "集中度 0.28＞0.25（按注册资本）", "管": None}  # four equals: 0.25
    shares = standing(store, "链", TAIYUAN).products
    assert told(shares, "product hhi hhi_basis") == [("钢", 0.52, "output"), ("板", 0.28, "capital"), ("管", 0.25, "equal")]


def test_a_single_maker_is_weak_and_is_not_called_concentrated_too(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("钢 板", firms={"甲": TAIYUAN, "乙": TAIYUAN}, makes={"甲": "钢 板", "乙": "板"}))
    assert failed(store) == {"钢": "单一企业", "板": "集中度 0.50＞0.25（按家数）"}


def test_location_quotient_below_one_is_weak(tmp_path: Path) -> None:
    firms = {"甲": TAIYUAN, "乙": TAIYUAN, **{f"外{n}": HEBEI for n in range(5)}}
    makes = {"甲": "钢 板", "乙": "钢", **{f"外{n}": "板" for n in range(5)}}
    store = stored(tmp_path, graph("钢 板", firms=firms, makes=makes))
    found = standing(store, "链", TAIYUAN, Rules(hhi_max=1)).products
    # here 2 钢 + 1 板, in the country 2 钢 + 6 板
    assert told(found, "product makers national lq national_share status tests") == [
        ("钢", 2, 2, (2 / 3) / (2 / 8), 1.0, "strong", None), ("板", 1, 6, (1 / 3) / (6 / 8), 1 / 6, "weak", "单一企业；区位商 0.44＜1")]


def test_a_quotient_of_exactly_the_threshold_is_strong(tmp_path: Path) -> None:
    firms = {**{f"本{n}": TAIYUAN for n in range(20)}, **{f"外{n}": HEBEI for n in range(5)}}
    makes = {**{f"本{n}": "钢" if n < 7 else "铁" for n in range(20)}, **{f"外{n}": "铁" for n in range(5)}}
    store = stored(tmp_path, graph("钢 铁", firms=firms, makes=makes))
    found = standing(store, "链", TAIYUAN).products
    assert told(found, "product lq status label") == [("钢", 1.25, "strong", "优势"), ("铁", 13 * 25 / (18 * 20), "weak", "薄弱")]


def test_supply_ratio(tmp_path: Path) -> None:
    made = {"铁": {"output": 24}, "钢": {"output": 50}, "管": {"output": 50}}
    store = stored(tmp_path, graph(
        "铁 钢 管", "铁→钢 铁→管", arc={("铁", "钢"): {"coefficient": 0.5}, ("铁", "管"): {"coefficient": 0.1}},
        firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": TAIYUAN}, makes={"甲": made, "乙": {"铁": {"output": 0}}, "丙": {"管": {"output": 0}}}))
    found = standing(store, "链", TAIYUAN, Rules(hhi_max=1)).products
    assert told(found, "product supply_ratio tests") == [("铁", 24 / 30, None), ("钢", None, "单一企业"), ("管", None, None)]
    assert failed(store, rules=Rules(hhi_max=1, theta=0.9))["铁"] == "供需比 0.80＜0.9"


def test_no_supply_ratio_where_one_output_or_coefficient_is_unknown(tmp_path: Path) -> None:
    arcs = {("铁", "钢"): {"coefficient": 0.5}, ("矿", "铁"): {"coefficient": 0.5}}
    store = stored(tmp_path, graph(
        "矿 铁 钢 管", "矿→铁→钢 铁→管", arc=arcs, firms={"甲": TAIYUAN, "乙": TAIYUAN},
        makes={"甲": {name: {"output": 10} for name in "矿铁钢管"}, "乙": "矿"}))
    assert told(standing(store, "链", TAIYUAN).products, "product supply_ratio") == [
        ("矿", None), ("铁", None), ("钢", None), ("管", None)]


def test_titles_are_asked_for_only_where_somebody_holds_one(tmp_path: Path) -> None:
    store = stored(tmp_path, graph(
        "铁 钢", firms={"甲": TAIYUAN, "乙": TAIYUAN, "丙": HEBEI}, makes={"甲": "铁", "乙": "铁 钢", "丙": "铁 钢"}, titles={"甲": "小巨人"}))
    loose = Rules(hhi_max=1, lq_weak=0)
    assert failed(store, rules=loose) == {"铁": None, "钢": "单一企业；没有获称号企业"}
    assert failed(store, HEBEI, loose) == {"铁": "单一企业", "钢": "单一企业"}


# -- chains and places at the edge


def test_a_chain_of_one_product_in_an_empty_region(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("钢"))
    assert told(standing(store, "链", TAIYUAN).products, "product makers national buyers lq hhi layer status reason") == [
        ("钢", 0, 0, 0, None, None, 0, "unknown", "a")]


def test_a_chain_without_arcs_has_statuses(tmp_path: Path) -> None:
    store = stored(tmp_path, graph("铁 钢", firms={"甲": TAIYUAN, "乙": HEBEI}, makes={"甲": "铁", "乙": "钢"}))
    assert status(store) == [("铁", "weak", "", "薄弱"), ("钢", "missing", "", "缺失")]
    assert status(store, CHINA) == [("铁", "weak", "", "薄弱"), ("钢", "weak", "", "薄弱")]


def test_an_arc_two_files_state_is_one_arc_with_what_either_knows(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", arc={("铁", "钢"): {"role": "设备"}})
    rows["inputs"].append({**rows["inputs"][0], "role": "物料", "coefficient": 0.3, "source": "今天"})
    chain = standing(stored(tmp_path, rows), "链", TAIYUAN).chain
    assert dict(chain.edges) == {("铁", "钢"): {"role": "物料", "coefficient": 0.3, "group": None}}


def test_five_thousand_makers(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", firms={f"企{n}": XIAODIAN for n in range(5000)}, makes={f"企{n}": "钢" for n in range(5000)})
    found = standing(stored(tmp_path, rows), "链", TAIYUAN).products
    assert told(found, "product makers buyers hhi status") == [("铁", 0, 5000, None, "unknown"), ("钢", 5000, 0, 1 / 5000, "covered")]


def test_a_firm_that_says_it_does_not_make_its_own_slabs_is_asked_no_more(tmp_path: Path) -> None:
    rows = graph("钢坯 钢卷", "钢坯→钢卷", arc={("钢坯", "钢卷"): {"captive": True}}, firms={"甲": TAIYUAN, "乙": HEBEI},
                 makes={"甲": "钢卷", "乙": "钢坯"})
    assert told(standing(stored(tmp_path, rows), "链", TAIYUAN).products, "product status reason")[0] == ("钢坯", "unknown", "d")
    rows["makes"].append({**rows["makes"][0], "product": "钢坯", "state": "rejected", "row": 9})
    assert told(standing(stored(tmp_path, rows), "链", TAIYUAN).products, "product status reason")[0] == ("钢坯", "missing", "")
