"""What every store answers, on graphs small enough to work out in the head. One suite for all kinds of store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pandas as pd
import pytest
from oracle import graph, plain

from chain import tables
from chain.errors import UnknownName
from chain.store import Store, View, Written
from chain.tables import Tables

TAIYUAN, XIAODIAN, YINGZE, DATONG, SHANXI, BEIJING, CHINA = "140100", "140105", "140106", "140200", "140000", "110000", "000000"
STEEL = "91140000701011888X"


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


# -- an empty store


def test_an_empty_store_says_so(store: Store) -> None:
    assert (store.as_of, store.tables()) == ("", Tables())


# -- loads


def test_a_load_says_what_it_added(store: Store) -> None:
    done = store.write(graph(enterprises=[{"id": "甲"}, {"id": "乙"}], makes=[{"enterprise": "甲", "product": "钢"}]))
    assert done == Written(added={"enterprises": 2, "makes": 1})
    assert done.changed


def test_the_same_again_changes_nothing_and_says_so(store: Store) -> None:
    steel = graph(enterprises=[{"id": "甲"}])
    store.write(steel)
    done = store.write(steel)
    assert (done, done.changed) == (Written(unchanged=("名录.csv",)), False)
    assert store.tables() == steel


def test_a_changed_file_replaces_its_older_version(store: Store) -> None:
    old, other = graph(enterprises=[{"id": "甲"}, {"id": "乙"}]), graph("样本", enterprises=[{"id": "丙"}])
    holding(store, old, other)
    new = _renamed_source(graph("名录2", enterprises=[{"id": "乙"}, {"id": "丁"}, {"id": "戊"}]), origin="place of 名录")
    assert store.write(new) == Written(added={"enterprises": 3}, removed={"enterprises": 2}, replaced=("名录.csv",))
    assert store.tables() == tables.combine([new, other])


def test_of_a_file_of_which_one_sheet_changed_the_other_sheet_stays(store: Store) -> None:
    """Both sheets have the file's origin; the one that comes again as it was must not go with the older version of the other."""
    one, two = (_renamed_source(graph(name, enterprises=[{"id": name}]), origin="书", sheet=sheet) for name, sheet in (("甲", "表一"), ("乙", "表二")))
    holding(store, one, two)
    newer = _renamed_source(graph("丙", enterprises=[{"id": "丙"}]), origin="书", sheet="表一")
    done = store.write(tables.combine([newer, two]))
    assert store.tables() == tables.combine([newer, two])
    assert (done.added, done.removed) == ({"enterprises": 1}, {"enterprises": 1})
    assert (done.replaced, done.unchanged) == (("甲.csv › 表一",), ("乙.csv › 表二",))


def test_links_made_anew_replace_all_older_links_but_not_what_is_stated(store: Store) -> None:
    stated = graph(enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}])
    holding(store, stated, graph("旧联", kind="link", makes=[{"enterprise": "甲", "product": "板", "method": "link"}]))
    new = graph("新联", kind="link", makes=[{"enterprise": "甲", "product": "管", "method": "link"}])
    done = store.write(new)
    assert store.tables() == tables.combine([stated, new])
    assert (done.added, done.removed, done.replaced) == ({"makes": 1}, {"makes": 1}, ("旧联.csv",))


def test_links_written_again_with_the_same_content_change_nothing(store: Store) -> None:
    link = graph("联", kind="link", makes=[{"enterprise": "甲", "product": "板", "method": "link"}])
    store.write(link)
    assert not store.write(link).changed
    assert store.tables() == link


def test_rows_without_a_source_are_kept_and_not_doubled(store: Store) -> None:
    bare = Tables({"products": pd.DataFrame({"id": ["钢"], "name": ["钢"]})})
    assert store.write(bare).changed
    assert not store.write(bare).changed
    assert store.tables() == bare


def test_the_order_of_loads_does_not_matter(new_store: Callable[[], Store]) -> None:
    parts = [
        graph(enterprises=[{"id": STEEL, "name": "太原钢铁有限公司", "code": "000825", "region": TAIYUAN}]),
        graph("年报", kind="sample", as_of="2024-12-31", enterprises=[{"id": "stock:000825", "name": "太钢", "registered_capital": 5.0}],
              makes=[{"enterprise": "stock:000825", "product": "不锈钢"}], supplies=[{"supplier": "name:太原钢铁有限公司", "buyer": "乙"}]),
        graph("链", kind="chain", kinds=[{"product": "不锈钢", "kind": "钢"}]),
    ]
    answers = []
    for order in permutations(parts):
        store = new_store()
        for part in order:
            store.write(part)
        answers.append((plain(store.makers(["钢", "不锈钢"], TAIYUAN)), plain(store.coverage(["钢"], CHINA)), plain(store.supplies()),
                        plain(store.enterprises()), store.as_of))
        assert store.tables() == tables.combine(parts)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0][0]["enterprise"] == STEEL


def _renamed_source(given: Tables, **changed: object) -> Tables:
    return Tables({**given, "sources": given["sources"].assign(**changed)})


# -- which ids are one enterprise


def who(store: Store, *ids: str) -> list[str]:
    """Ids of the enterprises that the given ids lead to."""
    return store.enterprises(ids)["id"].tolist()


def test_a_stock_code_leads_to_the_credit_code_that_carries_it(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": STEEL, "code": "000825"}, {"id": "stock:000825"}], makes=[{"enterprise": "stock:000825", "product": "钢"}]))
    assert who(store, "stock:000825") == [STEEL]
    assert plain(store.makers(["钢"], CHINA)) == [maker("钢", STEEL, code="000825", row=4)]


def test_a_full_name_leads_to_the_one_enterprise_with_a_code_that_bears_it(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": STEEL, "name": "太原钢铁有限责任公司"}, {"id": "name:太原钢铁有限公司", "name": "太原钢铁有限公司"}]))
    assert who(store, "name:太原钢铁有限公司") == [STEEL]


def test_a_full_name_leads_through_the_stock_code_to_the_credit_code(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": STEEL, "name": "别的名字", "code": "000825"}, {"id": "stock:000825", "name": "太原钢铁有限公司"},
        {"id": "name:太原钢铁有限公司", "name": "太原钢铁有限公司"}]))
    assert store.enterprises()["id"].tolist() == [STEEL]


def test_a_former_name_leads_where_no_present_one_does(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "name": "今名钢铁有限公司", "former_names": "昔名钢铁有限公司；老名钢铁有限公司"}, {"id": "name:老名钢铁有限公司"}]))
    assert who(store, "name:老名钢铁有限公司") == ["甲"]


def test_a_present_name_counts_before_a_former_one(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "name": "今名钢铁有限公司", "former_names": "共用钢铁有限公司"}, {"id": "乙", "name": "共用钢铁有限公司"}, {"id": "name:共用钢铁有限公司"}]))
    assert who(store, "name:共用钢铁有限公司") == ["乙"]


def test_with_two_candidates_a_name_stays_alone(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "name": "同名钢铁有限公司"}, {"id": "乙", "name": "同名钢铁有限公司"}, {"id": "name:同名钢铁有限公司"}]))
    assert who(store, "name:同名钢铁有限公司") == ["name:同名钢铁有限公司"]
    assert len(store.enterprises()) == 3


def test_with_two_candidates_a_stock_code_stays_alone(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "code": "1"}, {"id": "乙", "code": "1"}, {"id": "stock:1"}]))
    assert who(store, "stock:1") == ["stock:1"]


def test_a_nickname_leads_nowhere(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "name": "太钢"}, {"id": "name:太钢"}]))
    assert who(store, "name:太钢") == ["name:太钢"]


def test_two_names_without_codes_are_two_enterprises_unless_they_are_written_alike(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "name:甲钢铁有限公司"}, {"id": "name:乙钢铁有限公司"}]))
    assert len(store.enterprises()) == 2


def test_a_person_can_say_that_two_are_the_same(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "name:太钢", "region": TAIYUAN}, {"id": "甲"}], makes=[{"enterprise": "name:太钢", "product": "钢"}],
                         same=[{"enterprise": "name:太钢", "other": "甲", "decision": "same"}]))
    assert who(store, "name:太钢") == ["甲"]
    assert counts(store, "钢", TAIYUAN) == (1, 0)


def test_what_is_the_same_as_the_same_is_the_same(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "name:一"}, {"id": "name:二"}, {"id": "stock:3"}, {"id": "name:四"}], same=[
        {"enterprise": "name:一", "other": "name:二", "decision": "same"}, {"enterprise": "name:四", "other": "stock:3", "decision": "same"},
        {"enterprise": "name:二", "other": "name:四", "decision": "same"}]))
    assert who(store, "name:一", "name:二", "name:四") == ["stock:3"]


def test_an_enterprise_known_only_under_the_other_id_keeps_its_place(store: Store) -> None:
    """The better id of two that are one has no row of its own: where the enterprise lies must come from the other's row."""
    holding(store, graph(
        enterprises=[{"id": "name:太钢", "region": "650100"}, {"id": "乙", "region": "110101"}, {"id": "丙", "region": TAIYUAN}],
        makes=[{"enterprise": id_, "product": "钢"} for id_ in (STEEL, "乙", "丙")], same=[{"enterprise": "name:太钢", "other": STEEL, "decision": "same"}]))
    assert [counts(store, "钢", place)[0] for place in ("650100", "110101", TAIYUAN, CHINA)] == [1, 1, 1, 3]


def test_a_person_can_part_a_name_from_its_code(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "name": "太原钢铁有限公司"}, {"id": "name:太原钢铁有限公司"}],
                         same=[{"enterprise": "name:太原钢铁有限公司", "other": "甲", "decision": "different"}]))
    assert who(store, "name:太原钢铁有限公司") == ["name:太原钢铁有限公司"]


def test_two_ids_that_lead_to_the_same_third_can_be_parted(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "name": "太原钢铁有限公司", "code": "1"}, {"id": "name:太原钢铁有限公司"}, {"id": "stock:1"}],
                         same=[{"enterprise": "name:太原钢铁有限公司", "other": "stock:1", "decision": "different"}]))
    assert who(store, "name:太原钢铁有限公司") != who(store, "stock:1")


# -- one row an enterprise


def test_a_list_row_beats_a_party_a_register_a_sample_and_newer_facts_older(store: Store) -> None:
    holding(
        store,
        graph("旧名录", as_of="2020-01-01", enterprises=[{"id": "甲", "name": "旧名", "entry": "listed_row", "revenue": 1.0, "tax": 1.0}]),
        graph("新名录", as_of="2024-01-01", enterprises=[{"id": "甲", "name": "新名", "entry": "listed_row", "tax": 2.0}]),
        graph("样本", kind="sample", as_of="2025-01-01", enterprises=[{"id": "甲", "name": "样名", "entry": "listed_row", "tax": 3.0, "land": 3.0}]),
        graph("供应", as_of="2025-06-01", enterprises=[{"id": "甲", "name": "方名", "entry": "party", "tax": 4.0, "land": 4.0, "output": 4.0}]))
    row = plain(store.enterprises())[0]
    assert {key: row[key] for key in ("id", "name", "entry", "tax", "revenue", "land", "output")} == {
        "id": "甲", "name": "新名", "entry": "listed_row", "tax": 2.0, "revenue": 1.0, "land": 3.0, "output": 4.0}


def test_a_row_that_does_not_say_how_it_is_known_beats_a_party(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "name": "方名", "entry": "party"}, {"id": "甲", "name": "行名"}]))
    assert plain(store.enterprises())[0]["name"] == "行名"


def test_records_are_the_rows_behind_an_enterprise_newest_first(store: Store) -> None:
    holding(store, graph("旧", as_of="2020-01-01", enterprises=[{"id": "甲", "name": "太原钢铁有限公司"}]),
            graph("新", as_of="2024-01-01", enterprises=[{"id": "name:太原钢铁有限公司", "name": "太原钢铁有限公司"}, {"id": "乙"}]))
    found = store.records("甲")[["id", "name", "source", "row", "file", "sheet", "kind", "as_of"]]
    assert plain(found) == [
        {"id": "name:太原钢铁有限公司", "name": "太原钢铁有限公司", "source": "新", "row": 2, "file": "新.csv", "sheet": None, "kind": "register", "as_of": "2024-01-01"},
        {"id": "甲", "name": "太原钢铁有限公司", "source": "旧", "row": 2, "file": "旧.csv", "sheet": None, "kind": "register", "as_of": "2020-01-01"}]
    assert plain(store.records("name:太原钢铁有限公司")[["id"]]) == [{"id": "name:太原钢铁有限公司"}, {"id": "甲"}]
    assert len(store.records("谁")) == 0


def test_enterprises_are_found_by_any_name_as_plain_text(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "name": "太原100%钢"}, {"id": "乙", "short_name": "太原_铁"}, {"id": "丙", "former_names": "太原煤；老煤"}, {"id": "丁", "address": "太原"}]))
    found = {text: store.enterprises(text=text)["id"].tolist() for text in ("太原", "%", "_", "老煤", "'", "无")}
    assert found == {"太原": sorted("甲乙丙"), "%": ["甲"], "_": ["乙"], "老煤": ["丙"], "'": [], "无": []}
    assert store.enterprises(text="太原", limit=2)["id"].tolist() == sorted("甲乙丙")[:2]


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
        {"enterprise": "甲", "product": "板", "output": 1.5, "confidence": 0.8}, {"enterprise": "甲", "product": "管", "output": 2.0, "confidence": 0.9}]))
    assert plain(store.coverage(["钢"], CHINA)) == [
        covered("钢", makers=1, national=1, output_wan=3.5, outputs_known=1, hhi=1.0, hhi_basis="output")]
    assert plain(store.makers(["钢"], CHINA)) == [maker("钢", "甲", made="管", confidence=0.9, output_wan=3.5, row=5)]


def test_the_dissolved_and_the_not_yet_established_make_nothing(store: Store) -> None:
    holding(store, graph(as_of="2025-06-30", enterprises=[
        {"id": "甲", "established": "2020-05-01", "dissolved": "2024-05-01"}, {"id": "乙", "established": "2025-07-01"},
        {"id": "丙", "status": "dissolved"}, {"id": "丁", "status": "unknown"}], makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙丙丁戊"]))
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
    assert [dict(zip(f["enterprise"], plain(f[["titles"]]), strict=True)) for f in (store.makers(["钢"], CHINA, View(as_of=day)) for day in days[1::2])] == [
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


def test_unknown_output_is_not_zero(store: Store) -> None:
    holding(store, graph(makes=[{"enterprise": "甲", "product": "钢"}, {"enterprise": "乙", "product": "管", "output": 0.0}]))
    assert [(row["output_wan"], row["outputs_known"]) for row in plain(store.coverage(["钢", "管"], CHINA))] == [(None, 0), (0.0, 1)]


def test_makers_come_by_confidence_then_capital_then_id_and_a_limit_keeps_the_first(store: Store) -> None:
    holding(store, graph(
        enterprises=[{"id": "d", "region": "110101"}, {"id": "c", "region": "650100"}, {"id": "b", "registered_capital": 1.0}, {"id": "a", "registered_capital": 0.0},
                     {"id": "e", "registered_capital": 2.0}],
        makes=[{"enterprise": id_, "product": "钢", "confidence": 0.9} for id_ in "abcd"] + [{"enterprise": "e", "product": "钢", "confidence": 0.8}]))
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
        "钢", "甲", name="太原钢铁有限公司", short_name="太钢", region=XIAODIAN, code="000825", entry="listed_row", confidence=0.9, share=0.4, output_wan=3.0,
        registered_capital_wan=8.5, revenue_wan=9.25, method="link", evidence="主营：钢", row=3)]


# -- demand


def test_buyers_are_distinct_enterprises_of_the_place_that_make_what_the_input_goes_into(store: Store) -> None:
    holding(store, graph(enterprises=[{"id": "甲", "region": XIAODIAN}, {"id": "乙", "region": DATONG}], kinds=[{"product": "无缝管", "kind": "管"}], makes=[
        {"enterprise": "甲", "product": "板"}, {"enterprise": "甲", "product": "无缝管"}, {"enterprise": "乙", "product": "管"},
        {"enterprise": "丙", "product": "板", "state": "review"}]))
    arcs = pd.DataFrame([("钢", "板"), ("钢", "管"), ("钢", "板"), ("水", "无"), ("煤", "管")], columns=["input", "product"])
    assert plain(store.demand(arcs, TAIYUAN)) == [{"input": i, "buyers": b} for i, b in sorted({"钢": 1, "水": 0, "煤": 1}.items())]
    assert plain(store.demand(arcs, CHINA)) == [{"input": i, "buyers": b} for i, b in sorted({"钢": 2, "水": 0, "煤": 2}.items())]


# -- places


def test_a_region_holds_what_lies_in_it_and_the_unknown_counts_only_for_the_country(store: Store) -> None:
    regions = {"甲": XIAODIAN, "乙": YINGZE, "丙": TAIYUAN, "丁": DATONG, "戊": SHANXI, "己": None, "庚": "110108", "辛": "150100"}
    holding(store, graph(enterprises=[{"id": id_, "region": code} for id_, code in regions.items()], makes=[{"enterprise": id_, "product": "钢"} for id_ in regions]))
    inside = {place: sorted(store.makers(["钢"], place)["enterprise"]) for place in (XIAODIAN, TAIYUAN, DATONG, SHANXI, BEIJING, CHINA, "650000")}
    assert inside == {XIAODIAN: ["甲"], TAIYUAN: sorted("甲乙丙"), DATONG: ["丁"], SHANXI: sorted("甲乙丙丁戊"), BEIJING: ["庚"], CHINA: sorted(regions), "650000": []}
    outside = {place: sorted(store.makers(["钢"], place, outside=True)["enterprise"]) for place in (TAIYUAN, SHANXI, CHINA, "650000")}
    assert outside == {TAIYUAN: sorted("丁戊己庚辛"), SHANXI: sorted("己庚辛"), CHINA: [], "650000": sorted(regions)}


def test_a_place_says_what_it_holds_and_which_registers_cover_it(store: Store) -> None:
    holding(
        store,
        graph("省名录", covers=SHANXI, as_of="2024-01-01", enterprises=[
            {"id": "甲", "region": XIAODIAN}, {"id": "乙", "region": XIAODIAN, "entry": "party"}, {"id": "丙", "region": XIAODIAN, "status": "dissolved"},
            {"id": "丁", "region": TAIYUAN}, {"id": "戊", "region": SHANXI}, {"id": "己"}, {"id": "庚", "region": DATONG}],
            titles=[{"enterprise": "甲", "title": "小巨人"}, {"enterprise": "甲", "title": "链主", "valid_to": "2020-01-01"}, {"enterprise": "丁", "title": "链主"}],
            regions=[{"code": XIAODIAN, "expected_enterprises": 120}]),
        graph("市名录", covers=TAIYUAN), graph("别市名录", covers=DATONG), graph("样本", kind="sample", covers=SHANXI), graph("无地名录"))
    place = store.place(XIAODIAN)
    assert (place.id, place.name, place.full_name) == (XIAODIAN, "小店区", "山西省太原市小店区")
    assert (place.enterprises, place.parties, place.coarse, place.titled, place.expected) == (2, 1, 3, 1, 120)
    assert place.registers["id"].tolist() == ["市名录", "省名录"]
    country = store.place(CHINA)
    assert (country.name, country.enterprises, country.coarse, country.expected, len(country.registers)) == ("全国", 6, 0, None, 0)


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
    for ask in (store.place, lambda code: store.coverage(["钢"], code), lambda code: store.makers(["钢"], code), lambda code: store.supplies(buyer_in=code or " ")):
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
        enterprises=[{"id": "甲", "region": XIAODIAN, "code": "1", "park": "一园"}, {"id": "乙", "region": DATONG, "park": "p1"}, {"id": "丙", "region": "110108"}],
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
        stages=[{"chain": "链", "name": "上", "position": 0, "description": "原料"}, {"chain": "链", "name": "下", "position": 1}, {"chain": "别链", "name": "下", "position": 0}],
        products=[{"id": "钢", "criticality": 4, "reason": "要紧"}, {"id": "矿"}, {"id": "车"}],
        chain_products=[{"chain": "链", "product": "钢", "stage": "下", "segment": "冶炼", "position": 1, "terminal": True},
                        {"chain": "链", "product": "矿", "stage": "上", "position": 0, "weight": 2.5}, {"chain": "链", "product": "外", "stage": "上", "position": 2},
                        {"chain": "别链", "product": "车", "stage": "下", "position": 0}],
        inputs=[{"input": "矿", "product": "钢"}, {"input": "钢", "product": "车"}], kinds=[{"product": "外", "kind": "矿"}, {"product": "车", "kind": "矿"}],
        upgrades=[{"product": "矿", "successor": "钢", "gain": "贵"}], byproducts=[{"product": "外", "main": "车"}]))
    scope = store.scope("链")
    assert scope.ids == ["矿", "钢", "外"]
    assert plain(scope.products[["name", "stage", "stage_position", "segment", "terminal", "criticality", "weight", "reason"]]) == [
        {"name": n, "stage": s, "stage_position": p, "segment": g, "terminal": t, "criticality": c, "weight": w, "reason": r} for n, s, p, g, t, c, w, r in [
            ("矿", "上", 0, None, False, None, 2.5, None), ("钢", "下", 1, "冶炼", True, 4, 4.0, "要紧"), ("外", "上", 0, None, False, None, 1.0, None)]]
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
            graph("链", kind="chain", as_of="2026-01-01"), graph("联", kind="link", as_of="2026-02-02"), graph("核", kind="review", as_of="2026-03-03"))
    assert store.as_of == "2025-01-31"


def test_without_any_date_everything_undissolved_is_active(store: Store) -> None:
    holding(store, graph(as_of=None, enterprises=[{"id": "甲", "established": "2090-01-01"}, {"id": "乙", "dissolved": "2090-01-01"}],
                         makes=[{"enterprise": id_, "product": "钢"} for id_ in "甲乙"]))
    assert store.as_of == ""
    assert store.makers(["钢"], CHINA)["enterprise"].tolist() == ["甲"]
