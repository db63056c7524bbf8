"""What every store answers, on graphs small enough to work out in the head. One suite for all kinds of store."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from oracle import graph, plain

from chain import tables
from chain.errors import UnknownName
from chain.store import Store, View
from chain.tables import Tables

TAIYUAN, XIAODIAN, YINGZE, DATONG, SHANXI, BEIJING, CHINA = "140100", "140105", "140106", "140200", "140000", "110000", "000000"


def holding(store: Store, *parts: Tables) -> Store:
    store.write(tables.combine(parts))
    return store


def counts(store: Store, product: str, place: str = CHINA, view: View = View()) -> tuple[int, int]:
    """Makers and reviews of one product in one place."""
    row = plain(store.coverage([product], place, view))[0]
    return row["makers"], row["reviews"]


def covered(product: str, **known: object) -> dict[str, object]:
    return {"product": product, "makers": 0, "national": 0, "reviews": 0, "titled": 0, "output_wan": None, "outputs_known": 0, "hhi": None,
            "hhi_basis": None, **known}


def maker(product: str, enterprise: str, **known: object) -> dict[str, object]:
    return {"product": product, "made": product, "enterprise": enterprise, "name": enterprise, "short_name": None, "region": None, "code": None,
            "entry": None, "confidence": 1.0, "share": None, "output_wan": None, "registered_capital_wan": None, "revenue_wan": None,
            "titles": None, "method": "stated", "evidence": None, "source": "名录", **known}


# -- makers


def test_coverage_counts_makers_here_and_everywhere(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "region": XIAODIAN}, {"id": "乙", "region": DATONG}],
                         makes=[{"enterprise": "甲", "product": "钢"}, {"enterprise": "乙", "product": "钢"}, {"enterprise": "乙", "product": "管"}]))
    assert plain(store.coverage(["管", "钢", "无", "钢"], TAIYUAN)) == [
        covered("管", national=1), covered("钢", makers=1, national=2, hhi=1.0, hhi_basis="equal"), covered("无"),
        covered("钢", makers=1, national=2, hhi=1.0, hhi_basis="equal")]


def test_frames_have_the_same_columns_and_dtypes_with_and_without_rows(new_store: Callable[[], Store]) -> None:
    full = holding(new_store(), graph(enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}]))
    arcs = pd.DataFrame({"input": ["矿"], "product": ["钢"]})
    for ask in (lambda s, p: s.coverage(p, CHINA), lambda s, p: s.makers(p, CHINA), lambda s, p: s.demand(arcs[: len(p)], CHINA)):
        some, none = ask(full, ["钢"]), ask(full, [])
        assert len(some) == 1 and len(none) == 0 and list(some.columns) == list(none.columns)
    assert [str(dtype) for dtype in full.coverage([], CHINA).dtypes] == ["str", *["int64"] * 4, "float64", "int64", "float64", "str"]
    assert [str(dtype) for dtype in full.demand(arcs[:0], CHINA).dtypes] == ["str", "int64"]


def test_only_what_is_confirmed_and_believed_counts_and_the_doubtful_are_reviews(store: Store) -> None:
    holding(store, graph(makes=[
        {"enterprise": "甲", "product": "钢", "confidence": 0.65}, {"enterprise": "乙", "product": "钢", "confidence": 0.64},
        {"enterprise": "丙", "product": "钢", "state": "review"}, {"enterprise": "丁", "product": "钢", "state": "rejected"}]))
    assert counts(store, "钢") == (1, 2)
    assert counts(store, "钢", view=View(tau=0.6)) == (2, 1)
    assert counts(store, "钢", view=View(tau=0.7)) == (0, 3)
    assert store.makers(["钢"], CHINA, state="review")["enterprise"].tolist() == ["丙", "乙"]


def test_a_person_beats_a_statement_beats_a_link(store: Store) -> None:
    said = {"review": "rejected", "stated": "confirmed", "link": "review"}
    makes = {"甲": ("review", "stated", "link"), "乙": ("stated", "link"), "丙": ("link",)}
    holding(store, graph(makes=[
        {"enterprise": who_, "product": "钢", "method": method, "state": said[method]} for who_, methods in makes.items() for method in methods]))
    assert store.makers(["钢"], CHINA)["enterprise"].tolist() == ["乙"]
    assert store.makers(["钢"], CHINA, state="review")["enterprise"].tolist() == ["丙"]


def test_the_newest_decision_of_a_person_counts(store: Store) -> None:
    decisions = [("2024-01-01", "confirmed", 1.0), ("2025-01-01", "rejected", 0.1), (None, "confirmed", 1.0)]
    holding(store, graph(makes=[
        {"enterprise": "甲", "product": "钢", "method": "review", "decided_on": day, "state": state, "confidence": confidence}
        for day, state, confidence in decisions]))
    assert counts(store, "钢") == (0, 0)


def test_a_decision_on_one_id_of_an_enterprise_counts_for_all(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "code": "1"}], makes=[
        {"enterprise": "甲", "product": "钢", "method": "review", "state": "rejected"}, {"enterprise": "stock:1", "product": "钢"}]))
    assert counts(store, "钢") == (0, 0)


def test_a_maker_of_a_sub_kind_makes_the_kind_but_not_the_other_way_round(store: Store) -> None:
    holding(store, graph(kinds=[{"product": "不锈钢", "kind": "特钢"}, {"product": "特钢", "kind": "钢"}], makes=[
        {"enterprise": "甲", "product": "不锈钢"}, {"enterprise": "乙", "product": "钢"}]))
    assert plain(store.coverage(["钢", "特钢", "不锈钢"], CHINA)) == [
        covered("钢", makers=2, national=2, hhi=0.5, hhi_basis="equal"), covered("特钢", makers=1, national=1, hhi=1.0, hhi_basis="equal"),
        covered("不锈钢", makers=1, national=1, hhi=1.0, hhi_basis="equal")]
    assert plain(store.makers(["特钢"], CHINA)) == [maker("特钢", "甲", made="不锈钢", row=4)]


def test_kinds_that_run_in_a_circle_are_all_the_same_to_makers(store: Store) -> None:
    ring = [{"product": a, "kind": b} for a, b in ("甲乙", "乙丙", "丙甲", "丙丙")]
    holding(store, graph(kinds=ring, makes=[{"enterprise": "厂", "product": "甲", "output": 7.0}]))
    assert [row["makers"] for row in plain(store.coverage(list("甲乙丙"), CHINA))] == [1, 1, 1]
    assert [row["output_wan"] for row in plain(store.coverage(list("甲乙丙"), CHINA))] == [7.0, 7.0, 7.0]


def test_rejecting_the_kind_leaves_the_sub_kind(store: Store) -> None:
    holding(store, graph(kinds=[{"product": "不锈钢", "kind": "钢"}], makes=[
        {"enterprise": "甲", "product": "钢", "method": "review", "state": "rejected"}, {"enterprise": "甲", "product": "不锈钢"}]))
    assert counts(store, "钢") == (1, 0)


def test_one_enterprise_that_makes_two_kinds_is_one_maker_with_both_outputs(store: Store) -> None:
    holding(store, graph(kinds=[{"product": "板", "kind": "钢"}, {"product": "管", "kind": "钢"}], makes=[
        {"enterprise": "甲", "product": "板", "output": 1.5, "confidence": 0.8},
         {"enterprise": "甲", "product": "管", "output": 2.0, "confidence": 0.9}]))
    assert plain(store.coverage(["钢"], CHINA)) == [
        covered("钢", makers=1, national=1, output_wan=3.5, outputs_known=1, hhi=1.0, hhi_basis="output")]
    assert plain(store.makers(["钢"], CHINA)) == [maker("钢", "甲", made="管", confidence=0.9, output_wan=3.5, row=5)]


def test_the_dissolved_and_the_not_yet_established_make_nothing(store: Store) -> None:
    holding(store, graph(as_of="2025-06-30", enterprises=[
        {"id": "甲", "established": "2020-05-01", "dissolved": "2024-05-01"}, {"id": "乙", "established": "2025-07-01"},
        {"id": "丙", "status": "dissolved"}, {"id": "丁", "status": "unknown"}],
         makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙丙丁戊"]))
    seen = {day: sorted(store.makers(["钢"], CHINA, View(as_of=day))["enterprise"]) for day in (
        None, "2020-04-30", "2020-05-01", "2024-04-30", "2024-05-01", "2025-07-01")}
    assert seen == {None: sorted("丁戊"), "2020-04-30": sorted("丁戊"), "2020-05-01": sorted("甲丁戊"), "2024-04-30": sorted("甲丁戊"),
                    "2024-05-01": sorted("丁戊"), "2025-07-01": sorted("乙丁戊")}
    assert plain(store.coverage(["钢"], CHINA, View(as_of="2020-05-01")))[0]["national"] == 3


def test_titles_count_from_their_first_to_their_last_day(store: Store) -> None:
    holding(store, graph(makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙"], titles=[
        {"enterprise": "甲", "title": "小巨人", "valid_from": "2023-01-01", "valid_to": "2025-12-31"}, {"enterprise": "甲", "title": "链主"},
        {"enterprise": "甲", "title": "链主", "batch": "2025"}, {"enterprise": "乙", "title": "瞪羚", "valid_from": "2026-01-01"}]))
    days = ("2022-12-31", "2023-01-01", "2025-12-31", "2026-01-01")
    assert [plain(store.coverage(["钢"], CHINA, View(as_of=day)))[0]["titled"] for day in days] == [1, 1, 1, 2]
    assert [dict(zip(f["enterprise"], plain(f[["titles"]]), strict=True)) for f in (store.makers(["钢"], CHINA,
        View(as_of=day)) for day in days[1::2])] == [
        {"甲": {"titles": "小巨人；链主"}, "乙": {"titles": None}}, {"甲": {"titles": "链主"}, "乙": {"titles": "瞪羚"}}]


@pytest.mark.parametrize(("outputs", "capitals", "hhi", "basis"), [
    ((30.0, 10.0), (1.0, 1.0), 0.625, "output"), ((30.0, None), (3.0, 1.0), 0.625, "capital"), ((None, None), (3.0, None), 0.5, "equal"),
    ((0.0, 0.0), (3.0, 1.0), 0.625, "capital"), ((0.0, 0.0), (0.0, 0.0), 0.5, "equal"), ((5.0, 0.0), (None, None), 1.0, "output"),
])
def test_concentration_is_by_output_else_by_capital_else_equal(
    store: Store, outputs: tuple[float | None, ...], capitals: tuple[float | None, ...], hhi: float, basis: str
) -> None:
    holding(store, graph(enterprises=[{"id": id_, "registered_capital": capital} for id_, capital in zip("甲乙", capitals, strict=True)],
                         makes=[{"enterprise": id_, "product": "钢", "output": output} for id_, output in zip("甲乙", outputs, strict=True)]))
    row = plain(store.coverage(["钢"], CHINA))[0]
    assert (row["hhi"], row["hhi_basis"]) == (hhi, basis)


def test_amounts_are_exact_to_the_yuan(store: Store) -> None:
    amounts = [0.1, 0.2, 0.0001, 123456789.0123]
    holding(store, graph(makes=[{"enterprise": f"厂{at}", "product": "钢", "output": amount} for at, amount in enumerate(amounts)]))
    assert plain(store.coverage(["钢"], CHINA))[0]["output_wan"] == 123456789.3124
    assert sorted(store.makers(["钢"], CHINA)["output_wan"]) == sorted(amounts)


def test_who_is_alone_has_all_of_it_to_the_last_digit(store: Store) -> None:
    """The square of a capital of 123 亿元 is too large for a float to hold exactly."""
    holding(store, graph(enterprises=[{"id": "甲", "registered_capital": 1234567.8901}], makes=[{"enterprise": "甲", "product": "钢"}]))
    assert store.coverage(["钢"], CHINA)["hhi"].tolist() == [1.0]


def test_unknown_output_is_not_zero(store: Store) -> None:
    holding(store, graph(makes=[{"enterprise": "甲", "product": "钢"}, {"enterprise": "乙", "product": "管", "output": 0.0}]))
    assert [(row["output_wan"], row["outputs_known"]) for row in plain(store.coverage(["钢", "管"], CHINA))] == [(None, 0), (0.0, 1)]


def test_makers_come_by_confidence_then_capital_then_id_and_a_limit_keeps_the_first(store: Store) -> None:
    holding(store, graph(
        enterprises=[{"id": "d", "region": "110101"}, {"id": "c", "region": "650100"}, {"id": "b", "registered_capital": 1.0},
            {"id": "a", "registered_capital": 0.0},
                     {"id": "e", "registered_capital": 2.0}],
        makes=[{"enterprise": id_, "product": "钢", "confidence": 0.9} for id_ in "abcd"] + [{"enterprise": "e", "product": "钢",
            "confidence": 0.8}]))
    assert store.makers(["钢"], CHINA)["enterprise"].tolist() == ["b", "a", "c", "d", "e"]
    assert [store.makers(["钢"], CHINA, limit=limit)["enterprise"].tolist() for limit in (0, 1, 2, 3, 9)] == [
        [], ["b"], ["b", "a"], ["b", "a", "c"], ["b", "a", "c", "d", "e"]]


def test_makers_come_in_the_order_asked_and_each_product_once(store: Store) -> None:
    holding(store, graph(makes=[{"enterprise": "甲", "product": product} for product in "钢管板"]))
    assert store.makers(["管", "钢", "管", "无"], CHINA)["product"].tolist() == ["管", "钢"]


def test_a_maker_row_carries_its_evidence(store: Store) -> None:
    holding(store, graph(
        enterprises=[{"id": "甲", "name": "太原钢铁有限公司", "short_name": "太钢", "region": XIAODIAN, "code": "000825", "entry": "listed_row",
                      "registered_capital": 8.5, "revenue": 9.25}],
        makes=[{"enterprise": "甲", "product": "钢", "confidence": 0.9, "share": 0.4, "output": 3.0, "method": "link", "evidence": "主营：钢"}]))
    assert plain(store.makers(["钢"], XIAODIAN)) == [maker(
        "钢", "甲", name="太原钢铁有限公司", short_name="太钢", region=XIAODIAN, code="000825", entry="listed_row", confidence=0.9, share=0.4,
            output_wan=3.0,
        registered_capital_wan=8.5, revenue_wan=9.25, method="link", evidence="主营：钢", row=3)]


# -- demand


def test_buyers_are_distinct_enterprises_of_the_place_that_make_what_the_input_goes_into(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "region": XIAODIAN}, {"id": "乙", "region": DATONG}],
        kinds=[{"product": "无缝管", "kind": "管"}], makes=[
        {"enterprise": "甲", "product": "板"}, {"enterprise": "甲", "product": "无缝管"}, {"enterprise": "乙", "product": "管"},
        {"enterprise": "丙", "product": "板", "state": "review"}]))
    arcs = pd.DataFrame([("钢", "板"), ("钢", "管"), ("钢", "板"), ("水", "无"), ("煤", "管")], columns=["input", "product"])
    assert plain(store.demand(arcs, TAIYUAN)) == [{"input": i, "buyers": b} for i, b in sorted({"钢": 1, "水": 0, "煤": 1}.items())]
    assert plain(store.demand(arcs, CHINA)) == [{"input": i, "buyers": b} for i, b in sorted({"钢": 2, "水": 0, "煤": 2}.items())]


# -- places


def test_a_region_holds_what_lies_in_it_and_the_unknown_counts_only_for_the_country(store: Store) -> None:
    regions = {"甲": XIAODIAN, "乙": YINGZE, "丙": TAIYUAN, "丁": DATONG, "戊": SHANXI, "己": None, "庚": "110108", "辛": "150100"}
    holding(store, graph(enterprises=[{"id": id_, "region": code} for id_, code in regions.items()],
        makes=[{"enterprise": id_, "product": "钢"} for id_ in regions]))
    inside = {place: sorted(store.makers(["钢"], place)["enterprise"]) for place in (XIAODIAN, TAIYUAN, DATONG, SHANXI, BEIJING, CHINA, "650000")}
    assert inside == {XIAODIAN: ["甲"], TAIYUAN: sorted("甲乙丙"), DATONG: ["丁"], SHANXI: sorted("甲乙丙丁戊"), BEIJING: ["庚"],
        CHINA: sorted(regions), "650000": []}
    outside = {place: sorted(store.makers(["钢"], place, outside=True)["enterprise"]) for place in (TAIYUAN, SHANXI, CHINA, "650000")}
    assert outside == {TAIYUAN: sorted("丁戊己庚辛"), SHANXI: sorted("己庚辛"), CHINA: [], "650000": sorted(regions)}


def test_a_place_says_what_it_holds_and_which_registers_cover_it(store: Store) -> None:
    holding(
        store,
        graph("省名录", covers=SHANXI, as_of="2024-01-01", enterprises=[
            {"id": "甲", "region": XIAODIAN}, {"id": "乙", "region": XIAODIAN, "entry": "party"},
             {"id": "丙", "region": XIAODIAN, "status": "dissolved"},
            {"id": "丁", "region": TAIYUAN}, {"id": "戊", "region": SHANXI}, {"id": "己"}, {"id": "庚", "region": DATONG}],
            titles=[{"enterprise": "甲", "title": "小巨人"}, {"enterprise": "甲", "title": "链主", "valid_to": "2020-01-01"},
                {"enterprise": "丁", "title": "链主"}],
            regions=[{"code": XIAODIAN, "expected_enterprises": 120}]),
        graph("市名录", covers=TAIYUAN), graph("别市名录", covers=DATONG), graph("样本", kind="sample", covers=SHANXI), graph("无地名录"))
    place = store.place(XIAODIAN)
    assert (place.id, place.name, place.full_name) == (XIAODIAN, "小店区", "山西省太原市小店区")
    assert (place.enterprises, place.parties, place.coarse, place.titled, place.expected) == (2, 1, 3, 1, 120)
    assert place.registers["id"].tolist() == ["市名录", "省名录"]
    country = store.place(CHINA)
    assert (country.name, country.enterprises, country.coarse, country.expected, len(country.registers)) == ("全国", 6, 0, None, 0)


def test_a_place_says_of_how_many_nobody_knows_since_when(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "region": XIAODIAN, "established": "2001-01-01"}, {"id": "乙", "region": XIAODIAN}, {"id": "丙", "region": DATONG},
        {"id": "丁", "region": XIAODIAN, "established": "2030-01-01"}]))
    then, later = (store.place(XIAODIAN, View(as_of=day)) for day in ("2000-01-01", "2020-01-01"))
    assert (then.enterprises, then.undated) == (1, 1)
    assert (later.enterprises, later.undated) == (2, 1)


def test_a_park_is_found_by_id_and_by_name_and_holds_who_says_so(store: Store) -> None:
    holding(store, graph(
        covers=TAIYUAN, parks=[{"id": "p1", "name": "综改区", "region": XIAODIAN}],
        enterprises=[{"id": "甲", "park": "p1", "region": XIAODIAN}, {"id": "乙", "park": "综改区"}, {"id": "丙", "park": "别园", "region": XIAODIAN},
                     {"id": "丁", "region": XIAODIAN}, {"id": "戊", "region": TAIYUAN}, {"id": "己", "region": DATONG}],
        makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙丙丁"]))
    for park in ("park:p1", "park:综改区"):
        assert sorted(store.makers(["钢"], park)["enterprise"]) == sorted("甲乙")
        assert sorted(store.makers(["钢"], park, outside=True)["enterprise"]) == sorted("丙丁")
        assert plain(store.coverage(["钢"], park)) == [covered("钢", makers=2, national=4, hhi=0.5, hhi_basis="equal")]
        assert plain(store.demand(pd.DataFrame({"input": ["矿"], "product": ["钢"]}), park)) == [{"input": "矿", "buyers": 2}]
        place = store.place(park)
        assert (place.enterprises, place.coarse, place.registers["id"].tolist()) == (2, 2, ["名录"])
    assert store.makers(["钢"], "park:别园")["enterprise"].tolist() == ["丙"]


@pytest.mark.parametrize("place", ["999999", "太原", "", "14", "1' OR 1=1"])
def test_what_is_no_place_is_refused(store: Store, place: str) -> None:
    holding(store, graph(enterprises=[{"id": "甲"}]))
    for ask in (store.place, lambda code: store.coverage(["钢"], code), lambda code: store.makers(["钢"], code),
        lambda code: store.supplies(buyer_in=code or " ")):
        with pytest.raises(UnknownName):
            ask(place)


def test_an_unknown_park_is_refused_with_near_ones(store: Store) -> None:
    holding(store, graph(parks=[{"id": "p1", "name": "综改示范区"}]))
    with pytest.raises(UnknownName) as failure:
        store.place("park:综改示范园")
    assert failure.value.near == ["综改示范区"]


# -- supplies


def sale(supplier: str, buyer: str, row: int, **known: object) -> dict[str, object]:
    return {"supplier": supplier, "supplier_name": supplier, "supplier_region": None, "buyer": buyer, "buyer_name": buyer, "buyer_region": None,
            "product": None, "year": None, "amount_wan": None, "share": None, "share_of": None, "source": "名录", "row": row, **known}


def test_supplies_are_found_by_either_end_and_by_place(store: Store) -> None:
    holding(store, graph(
        parks=[{"id": "p1", "name": "一园"}],
        enterprises=[{"id": "甲", "region": XIAODIAN, "code": "1", "park": "一园"}, {"id": "乙", "region": DATONG, "park": "p1"},
            {"id": "丙", "region": "110108"}],
        supplies=[{"supplier": "stock:1", "buyer": "乙", "product": "钢", "year": 2023, "amount": 12.5, "share": -0.1, "share_of": "sales"},
                  {"supplier": "甲", "buyer": "乙", "year": 2022}, {"supplier": "乙", "buyer": "丙"}, {"supplier": "丁", "buyer": "丁"}]))
    places = {"甲": XIAODIAN, "乙": DATONG, "丙": "110108"}
    one, two, three, self_ = (
        sale(a, b, row, supplier_region=places.get(a), buyer_region=places.get(b), **known) for a, b, row, known in [
            ("甲", "乙", 7, {"year": 2022}), ("甲", "乙", 6, {"product": "钢", "year": 2023, "amount_wan": 12.5, "share": -0.1, "share_of": "sales"}),
            ("乙", "丙", 8, {}), ("丁", "丁", 9, {})])
    by_supplier = sorted([[self_], [three], [one, two]], key=lambda rows: rows[0]["supplier"])
    assert plain(store.supplies()) == [row for rows in by_supplier for row in rows]
    assert plain(store.supplies(enterprises=["stock:1"])) == [one, two]
    assert plain(store.supplies(enterprises=["丙", "丁"])) == [row for rows in by_supplier for row in rows if row in (three, self_)]
    assert plain(store.supplies(enterprises=[])) == []
    assert plain(store.supplies(supplier_in=SHANXI, buyer_in=BEIJING)) == [three]
    assert plain(store.supplies(buyer_in=DATONG)) == [one, two]
    assert plain(store.supplies(supplier_in="park:p1", buyer_in="park:一园")) == [one, two]
    assert plain(store.supplies(supplier_in=SHANXI, buyer_in="park:一园", enterprises=["甲"])) == [one, two]


# -- the chain


def test_a_scope_is_one_chain_in_the_order_of_its_file(store: Store) -> None:
    holding(store, graph(
        "链", kind="chain",
        chains=[{"id": "链", "version": "1"}, {"id": "别链"}],
        stages=[{"chain": "链", "name": "上", "position": 0, "description": "原料"}, {"chain": "链", "name": "下", "position": 1},
            {"chain": "别链", "name": "下", "position": 0}],
        products=[{"id": "钢", "criticality": 4, "reason": "要紧"}, {"id": "矿"}, {"id": "车"}],
        chain_products=[{"chain": "链", "product": "钢", "stage": "下", "segment": "冶炼", "position": 1, "terminal": True},
                        {"chain": "链", "product": "矿", "stage": "上", "position": 0, "weight": 2.5},
                         {"chain": "链", "product": "外", "stage": "上", "position": 2},
                        {"chain": "别链", "product": "车", "stage": "下", "position": 0}],
        inputs=[{"input": "矿", "product": "钢"}, {"input": "钢", "product": "车"}],
            kinds=[{"product": "外", "kind": "矿"}, {"product": "车", "kind": "矿"}],
        upgrades=[{"product": "矿", "successor": "钢", "gain": "贵"}], byproducts=[{"product": "外", "main": "车"}]))
    scope = store.scope("链")
    assert scope.ids == ["矿", "钢", "外"]
    assert plain(scope.products[["name", "stage", "stage_position", "segment", "terminal", "criticality", "weight", "reason"]]) == [
        {"name": n, "stage": s, "stage_position": p, "segment": g, "terminal": t, "criticality": c, "weight": w, "reason": r} for n, s, p, g, t, c,
         w, r in [
            ("矿", "上", 0, None, False, None, 2.5, None), ("钢", "下", 1, "冶炼", True, 4, 4.0, "要紧"),
             ("外", "上", 0, None, False, None, 1.0, None)]]
    assert plain(scope.arcs[["input", "product", "role"]]) == [{"input": "矿", "product": "钢", "role": "物料"}]
    assert plain(scope.kinds[["product", "kind"]]) == [{"product": "外", "kind": "矿"}]
    assert plain(scope.upgrades[["product", "successor", "gain"]]) == [{"product": "矿", "successor": "钢", "gain": "贵"}]
    assert len(scope.byproducts) == 0
    assert plain(scope.stages) == [{"name": "上", "position": 0, "description": "原料"}, {"name": "下", "position": 1, "description": None}]
    assert (scope.chain["id"], scope.chain["version"]) == ("链", "1")


def test_an_unknown_chain_is_refused_with_those_there_are(store: Store) -> None:
    holding(store, graph("链", kind="chain", chains=[{"id": "氢能"}, {"id": "光伏"}]))
    with pytest.raises(UnknownName, match="光伏、氢能") as failure:
        store.scope("氢能链")
    assert failure.value.near == ["氢能"]


# -- the date


def test_the_data_date_is_the_newest_of_what_says_something_of_enterprises(store: Store) -> None:
    holding(store, graph(as_of="2024-06-30"), graph("样本", kind="sample", as_of="2025-01-31"), graph("无", as_of=None),
            graph("链", kind="chain", as_of="2026-01-01"), graph("联", kind="link", as_of="2026-02-02"),
                graph("核", kind="review", as_of="2026-03-03"))
    assert store.as_of == "2025-01-31"


def test_without_any_date_everything_undissolved_is_active(store: Store) -> None:
    holding(store, graph(as_of=None, enterprises=[{"id": "甲", "established": "2090-01-01"}, {"id": "乙", "dissolved": "2090-01-01"}],
                         makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙"]))
    assert store.as_of == ""
    assert store.makers(["钢"], CHINA)["enterprise"].tolist() == ["甲"]
