"""What a load changes, which ids are one enterprise, and what is then known of it: the same in every kind of store."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from oracle import graph, plain
from queries_graphs import tables as of_rows

from chain import tables
from chain.store import Store, View, Written
from chain.tables import Tables

TAIYUAN, CHINA = "140100", "000000"
STEEL = "91140000701011888X"


def holding(store: Store, *parts: Tables) -> Store:
    store.write(tables.combine(parts))
    return store


def counts(store: Store, product: str, place: str = CHINA, view: View = View()) -> tuple[int, int]:
    """Makers and reviews of one product in one place."""
    row = plain(store.coverage([product], place, view))[0]
    return row["makers"], row["reviews"]


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
    one, two = (_renamed_source(graph(name, enterprises=[{"id": name}]), origin="书", sheet=sheet) for name,
        sheet in (("甲", "表一"), ("乙", "表二")))
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
    for order in (parts, parts[::-1], [parts[1], parts[2], parts[0]]):
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
    holding(store, graph(enterprises=[{"id": STEEL, "code": "000825"}, {"id": "stock:000825"}],
        makes=[{"enterprise": "stock:000825", "product": "钢"}]))
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
        {"id": "甲", "name": "今名钢铁有限公司", "former_names": "共用钢铁有限公司"}, {"id": "乙", "name": "共用钢铁有限公司"},
         {"id": "name:共用钢铁有限公司"}]))
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
        makes=[{"enterprise": id_, "product": "钢"} for id_ in (STEEL, "乙", "丙")],
            same=[{"enterprise": "name:太钢", "other": STEEL, "decision": "same"}]))
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
        {"id": "name:太原钢铁有限公司", "name": "太原钢铁有限公司", "source": "新", "row": 2, "file": "新.csv", "sheet": None, "kind": "register",
         "as_of": "2024-01-01"},
        {"id": "甲", "name": "太原钢铁有限公司", "source": "旧", "row": 2, "file": "旧.csv", "sheet": None, "kind": "register",
         "as_of": "2020-01-01"}]
    assert plain(store.records("name:太原钢铁有限公司")[["id"]]) == [{"id": "name:太原钢铁有限公司"}, {"id": "甲"}]
    assert len(store.records("谁")) == 0


def test_what_an_enterprise_is_said_to_make_is_told_under_every_id(store: Store) -> None:
    given = graph("旧", enterprises=[{"id": "甲", "name": "太原钢铁有限公司"}, {"id": "乙"}],
                  makes=[{"enterprise": "甲", "product": "钢"}, {"enterprise": "乙", "product": "钢"},
                         {"enterprise": "name:太原钢铁有限公司", "product": "板", "state": "rejected", "method": "review"}])
    holding(store, given)
    for one in ("甲", "name:太原钢铁有限公司"):
        found = store.records(one, "makes")
        assert list(zip(found["enterprise"], found["product"], found["state"], strict=True)) == [
            ("name:太原钢铁有限公司", "板", "rejected"), ("甲", "钢", "confirmed")]
        assert list(found.columns) == list(given["makes"].columns)
    assert len(store.records("谁", "makes")) == 0


def test_enterprises_are_found_by_any_name_as_plain_text(store: Store) -> None:
    holding(store, graph(enterprises=[
        {"id": "甲", "name": "太原100%钢"}, {"id": "乙", "short_name": "太原_铁"}, {"id": "丙", "former_names": "太原煤；老煤"},
         {"id": "丁", "address": "太原"}]))
    found = {text: store.enterprises(text=text)["id"].tolist() for text in ("太原", "%", "_", "老煤", "'", "无")}
    assert found == {"太原": sorted("甲乙丙"), "%": ["甲"], "_": ["乙"], "老煤": ["丙"], "'": [], "无": []}
    assert store.enterprises(text="太原", limit=2)["id"].tolist() == sorted("甲乙丙")[:2]


def test_links_that_are_copied_arrive_even_where_their_rows_are_held_already(store: Store) -> None:
    """As when a linked graph is copied into one that holds the same lists: unlinked, or linked otherwise."""
    lists = graph("名录", enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}])

    def linked(name: str, product: str) -> Tables:
        made = of_rows({"makes": [{"enterprise": "甲", "product": product, "state": "confirmed", "method": "link", "confidence": 0.9,
                                  "source": "名录", "row": 2}],
                       "sources": [{"id": name, "origin": "link", "file": "lianpu link", "kind": "link", "as_of": "2026-01-01"}]})
        return tables.combine([lists, made])

    for held in (lists, linked("link-旧", "板")):
        store.write(held)
        store.write(linked("link-新", "管"))
        assert sorted(store.tables()["makes"]["product"]) == ["管", "钢"]
        assert store.makers(["管", "板"], "000000")["product"].tolist() == ["管"]
