"""What the API answers is what the queries say."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
import web_graphs
from docx import Document
from queries_graphs import stored
from web_visits import ORIGIN, WHERE, Visitor, visitor

from chain import open_store
from queries.gaps import gaps
from queries.indicators import indicators
from queries.standing import standing

SMELTER = "e:丙铁厂"


def test_it_begins_where_the_register_is_and_with_a_chain(site: Visitor) -> None:
    meta = site.get("/api/meta").json()
    assert (meta["region"], meta["chain"], meta["asOf"], meta["lang"]) == ("140000", "链", "2026-06-30", "zh")
    assert meta["chains"] == [{"id": "链", "name": "链", "asOf": None, "products": 5}] == site.get("/api/chains").json()
    assert {key: look["word"] for key, look in meta["looks"].items()} == {
        "strong": "优势", "covered": "具备", "weak": "薄弱", "missing": "缺失", "suspected": "疑似缺失", "unknown": "待核"}


def test_links_gaps_and_figures_are_those_of_the_queries(site: Visitor, graph_file: Path) -> None:
    told = site.asks("chains/链")
    with open_store(graph_file) as store:
        state, listed, figures = standing(store, "链", "140100"), gaps(store, "链", "140100"), indicators(store, "链", "140100")
    assert [(p["id"], p["status"], p["makers"], p["buyers"]) for p in told["products"]] == [
        (f"p:{product}", label, makers, buyers) for product, label, makers, buyers in
        state.products[["product", "label", "makers", "buyers"]].itertuples(index=False, name=None)]
    assert [(g["id"], g["rank"], g["action"], g["score"]) for g in told["gaps"]] == list(
        listed[["id", "rank", "action", "score"]].itertuples(index=False, name=None))
    assert [row["indicator"] for row in told["indicators"]] == figures["indicator"].tolist()


@pytest.mark.parametrize(("asked", "names"), [
    ({}, ["铁", "钢", "炉", "件", "矿"]), ({"status": "missing"}, ["铁"]), ({"action": "强链"}, ["钢", "炉", "件"]),
    ({"stage": "上游"}, ["铁", "矿"]), ({"sort": "name"}, ["件", "炉", "矿", "钢", "铁"]), ({"offset": 1, "limit": 2}, ["钢", "炉"]),
    ({"q": "薄弱"}, []), ({"q": "铁"}, ["铁"])])
def test_the_gap_list_can_be_filtered_sorted_and_paged(site: Visitor, asked: dict[str, object], names: list[str]) -> None:
    found = site.asks("chains/链/gaps", **asked)
    shown = [row["name"] for row in found["rows"]]
    assert shown == names
    assert found["total"] == (5 if "limit" in asked else len(names))


def test_search_finds_by_part_initials_and_in_the_whole_store_and_offers_near_names(site: Visitor) -> None:
    def names(text: str, **more: str) -> list[str]:
        return [hit["name"] for hit in site.asks("search", q=text, **more)["hits"]]

    assert names("钢") == ["钢", "甲钢厂"]
    assert names("jgc") == ["甲钢厂"]
    assert names("丁铁") == ["丁铁厂"]
    assert names("钢", kind="firm") == ["甲钢厂"]
    assert names("") == []
    assert site.asks("search", q="铁皮")["hits"] == []
    assert "铁" in [hit["name"] for hit in site.asks("search", q="铁皮")["near"]]


def test_neighbours_of_a_link_are_what_goes_in_and_out_and_who_makes_it(site: Visitor) -> None:
    found = site.asks("nodes/p:铁/neighbors")
    assert [(row["name"], row["relation"]) for row in found["rows"]] == [("矿", "input"), ("钢", "use"), ("丙铁厂", "outside"), ("丁铁厂", "outside")]
    assert found["totals"] == {"input": 1, "use": 1, "outside": 2}
    page = site.asks("nodes/p:铁/neighbors", relation="outside", offset=1, limit=1)
    assert (page["total"], [row["name"] for row in page["rows"]]) == (2, ["丁铁厂"])


def test_neighbours_of_an_enterprise_are_what_it_makes_and_with_whom_it_deals(site: Visitor) -> None:
    rows = site.asks("nodes/e:甲钢厂/neighbors")["rows"]
    assert [(row["name"], row["relation"], row.get("origin", "")) for row in rows] == [
        ("钢", "makes", ""), ("丙铁厂", "supplier", "今天.xlsx › 新闻 › 第 2 行"), ("乙件厂", "buyer", "今天.xlsx › 新闻 › 第 3 行")]


def test_an_enterprise_is_told_down_to_the_row_that_says_so(site: Visitor) -> None:
    found = site.asks(f"nodes/{SMELTER}")
    assert (found["name"], found["place"], found["side"]) == ("丙铁厂", "河北省石家庄市", "target")
    assert [made["name"] for made in found["makes"]] == ["铁"]
    assert [(said["origin"], said["kind"]) for said in found["sources"]] == [("名录.xlsx › 企业 › 第 4 行", "register")]


def test_ways_follow_supply_and_say_when_they_do_not(site: Visitor) -> None:
    assert site.asks("path", a="p:矿", b="p:件") == {
        "directed": True, "paths": [["p:矿", "p:铁", "p:钢", "p:件"]], "names": {"p:矿": "矿", "p:铁": "铁", "p:钢": "钢", "p:件": "件"}}
    assert site.asks("path", a="p:件", b="p:铁") == {
        "directed": False, "paths": [["p:件", "p:钢", "p:铁"]], "names": {"p:件": "件", "p:钢": "钢", "p:铁": "铁"}}
    assert site.asks("path", a="p:件", b="p:铁", directed="true") == {"directed": True, "paths": [], "names": {}}
    assert site.asks("path", a="e:甲钢厂", b="p:件")["names"]["e:甲钢厂"] == "甲钢厂"


def test_edges_among_shown_nodes_are_arcs_makers_and_deals(site: Visitor) -> None:
    found = site.sends("subgraph", ids=["p:铁", "p:钢", "e:甲钢厂", "e:丙铁厂", "e:没有"]).json()
    assert [node["id"] for node in found["nodes"]] == ["p:钢", "p:铁", "e:丙铁厂", "e:甲钢厂"]
    assert {(edge["from"], edge["to"], edge["relation"], edge["broken"]) for edge in found["edges"]} == {
        ("p:铁", "p:钢", "arc", True), ("e:甲钢厂", "p:钢", "makes", False), ("e:丙铁厂", "p:铁", "makes", False),
        ("e:丙铁厂", "e:甲钢厂", "supplies", False)}


def test_evidence_ends_at_file_sheet_and_row(site: Visitor) -> None:
    gap = site.asks("chains/链/gaps", status="missing")["rows"][0]["id"]
    assert any("名录.xlsx › 企业 › 第" in step["origin"] for step in site.asks("explain", reference=gap))


def test_chosen_gaps_leave_as_workbook_document_and_text(site: Visitor) -> None:
    gap = site.asks("chains/链/gaps", status="missing")["rows"][0]["id"]
    book = openpyxl.load_workbook(io.BytesIO(site.sends("export/xlsx", ids=[gap]).content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"铁", "丙铁厂", "丁铁厂"} <= cells and "件" not in cells
    text = site.sends("export/csv", ids=[gap])
    assert text.content.decode("utf-8-sig").splitlines()[1].split(",")[1:3] == ["铁", "上游"] or "铁" in text.text
    assert site.sends("export/docx", ids=[gap]).content[:2] == b"PK"
    assert "filename*=UTF-8''" + quote("太原市链缺口清单.csv") in text.headers["content-disposition"]


def test_a_choice_of_gaps_that_are_gone_is_told_and_not_exported(site: Visitor) -> None:
    refused = site.sends("export/csv", ids=["补链/链/140100/没有"])
    assert (refused.status_code, refused.json()["error"]) == (409, "stale")


def test_the_map_comes_as_drawing_print_and_picture(site: Visitor) -> None:
    drawn = site.get("/api/chains/链/map.svg", params={"region": "太原市"})
    assert drawn.headers["content-security-policy"].startswith("sandbox")
    assert 'data-id="铁"' in drawn.text
    assert site.get("/api/chains/链/map.pdf", params={"region": "太原市"}).content.startswith(b"%PDF")
    assert site.get("/api/chains/链/map.png", params={"region": "太原市", "ppi": "150"}).content.startswith(b"\x89PNG")


def test_regions_are_found_by_name_and_listed_below_one(site: Visitor) -> None:
    assert site.get("/api/regions", params={"q": "小店"}).json()[0] == {
        "code": "140105", "name": "小店区", "full": "山西省太原市小店区", "level": "县"}
    assert "140105" in [each["code"] for each in site.get("/api/regions", params={"parent": "140100"}).json()]


def test_an_answer_the_browser_has_is_not_sent_again(site: Visitor) -> None:
    first = site.get("/api/chains/链", params={"region": "140100"})
    again = site.get("/api/chains/链", params={"region": "140100"}, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["content-encoding"] == "gzip"


def test_names_with_slashes_and_signs_are_reached_by_their_escaped_form(tmp_path: Path) -> None:
    odd = {"一/二?三#四%2F五": "140105", "a/neighbors": "140105"}
    here = visitor(web_graphs.file(tmp_path, odd, dict.fromkeys(odd, "件")))
    for name in odd:
        assert here.asks(f"nodes/{quote('e:' + name, safe='')}")["name"] == name
        assert here.asks(f"nodes/{quote('e:' + name, safe='')}/neighbors")["rows"][0]["name"] == "件"


def test_scenarios_are_kept_beside_the_graph_and_never_in_it(tmp_path: Path) -> None:
    path = web_graphs.file(tmp_path)
    before, here = path.read_bytes(), visitor(path)
    plan = {"arrivals": [{"name": "新铁厂", "id": "", "products": ["p:铁"]}], "departures": ["e:乙件厂"]}
    saved = here.sends("scenarios", name="引铁", **plan).json()
    assert here.sends("scenarios", name="引铁", **plan).json() == saved
    assert here.get("/api/scenarios").json() == [{"id": saved["id"], "name": "引铁", **WHERE, "scenario": plan}]
    assert here.sends("whatif", **plan).status_code == 200
    assert path.read_bytes() == before
    assert json.loads(path.with_name(path.name + ".scenarios.json").read_text(encoding="utf-8"))["scenarios"][saved["id"]]["name"] == "引铁"
    other = visitor(path)
    assert other.delete(f"/api/scenarios/{saved['id']}", headers={**ORIGIN, "content-type": "application/json"}).json() == {"ok": True}
    assert here.get("/api/scenarios").json() == []


def test_a_long_state_of_the_page_gets_a_short_id(site: Visitor) -> None:
    state = "v=explore&ids=" + "~".join(f"e:{n}" for n in range(600))
    short = site.post("/api/views", json={"state": state}, headers=ORIGIN).json()["id"]
    assert len(short) == 10
    assert site.get(f"/api/views/{short}").json() == {"state": state}
    assert site.get("/api/views/0000000000").status_code == 404


def test_what_if_tells_what_opens_and_what_breaks(site: Visitor) -> None:
    found = site.sends("whatif", arrivals=[{"id": SMELTER, "products": []}], departures=["e:乙件厂"]).json()
    changed = {row["id"]: (row["before"], row["after"]) for row in found["statuses"] if row["changed"]}
    assert changed["p:铁"][0] == "missing" and changed["p:铁"][1] in ("weak", "covered", "strong")
    assert changed["p:件"][1] == "missing"
    assert {(link["from"], link["to"], link["change"]) for link in found["links"]} == {("p:铁", "p:钢", "接通"), ("p:钢", "p:件", "断开")}
    told = {(gap["product"], gap["was"], gap["action"], gap["change"]) for gap in found["gaps"]}
    assert ("p:铁", "补链", "强链", "变化") in told  # one gap that changes, not one that goes and one that comes
    assert len({product for product, *_ in told}) == len(told)


def test_a_day_that_was_asked_for_is_on_everything_that_is_handed_out(site: Visitor) -> None:
    day = "2025-01-31"
    told = site.asks("chains/链", as_of=day)
    assert (told["asked"], told["dated"]) == (day, "按 2025-01-31 的状态，数据截至 2026-06-30")
    assert site.asks("chains/链", as_of="2026-06-30")["dated"] == site.asks("chains/链")["dated"] == "数据截至 2026-06-30"
    book = openpyxl.load_workbook(io.BytesIO(site.sends("export/xlsx", as_of=day).content))
    assert all(any("按 2025-01-31 的状态" in str(cell.value) for row in sheet.iter_rows() for cell in row) for sheet in book)
    letter = Document(io.BytesIO(site.sends("export/docx", as_of=day).content))
    assert any("按 2025-01-31 的状态" in line.text for line in letter.paragraphs)


def test_a_by_product_is_joined_to_what_it_comes_from(tmp_path: Path) -> None:
    rows = web_graphs.rows()
    rows["byproducts"] = [{"product": "炉", "main": "件", "source": "链", "row": 9}]
    with stored(tmp_path, rows) as store:
        found = visitor(store.location).sends("subgraph", ids=["p:炉", "p:件"]).json()
    assert found["edges"] == [{"from": "p:件", "to": "p:炉", "relation": "byproduct", "broken": False}]


def test_enterprises_to_verify_are_named(tmp_path: Path) -> None:
    here = visitor(web_graphs.file(tmp_path, {"疑铁厂": "140105"}, {"疑铁厂": {"铁": {"state": "review", "confidence": 0.5}}}))
    told = here.asks("nodes/p:铁")
    assert (told["reviews"], [(firm["name"], firm["firm"]) for firm in told["waiting"]]) == (1, [("疑铁厂", "e:疑铁厂")])


def test_search_knows_whole_pinyin_and_stock_codes_and_no_names_that_have_nothing_in_common(tmp_path: Path) -> None:
    here = visitor(web_graphs.file(tmp_path, {"stock:000825": "140105"}, {"stock:000825": "钢"}))

    def found(text: str, **more: str) -> tuple[list[str], list[str]]:
        told = here.asks("search", q=text, **more)
        return [hit["id"] for hit in told["hits"]], [hit["name"] for hit in told["near"]]

    assert found("jiagang")[0] == ["e:甲钢厂"]
    assert found("000825")[0] == ["e:stock:000825"]
    assert found("300750") == found("zzzqq") == ([], [])
    assert found("钢板")[1][0] == "钢"


def test_only_enterprises_of_the_place_that_are_on_the_chain_are_offered_to_leave(site: Visitor) -> None:
    def names(text: str) -> list[str]:
        return [hit["name"] for hit in site.asks("search", q=text, kind="local")["hits"]]

    assert (names("钢厂"), names("jgc"), names("丙铁厂"), names("铁")) == (["甲钢厂"], ["甲钢厂"], [], [])


@pytest.mark.parametrize(("path", "query", "said"), [
    ("chains/链", "region=140100&regoin=1", "参数 regoin 这里没有"), ("chains/链", "region=140100&region=140000", "参数 region 写了两遍"),
    ("meta", "chain=链", "参数 chain 这里没有"), ("search", "chain=链&region=140100&q=钢&%20=1", "这里没有")])
def test_a_parameter_that_nobody_reads_or_that_comes_twice_is_refused(site: Visitor, path: str, query: str, said: str) -> None:
    answer = site.get(f"/api/{path}?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_parameter")
    assert said in answer.json()["message"]


@pytest.mark.parametrize("content", [
    '{"chain": "链", "region": "140100", "ids": [], "id": 1}', '{"chain": "链", "chain": "链", "region": "140100", "ids": []}'])
def test_a_field_that_nobody_reads_or_that_comes_twice_is_refused(site: Visitor, content: str) -> None:
    answer = site.post("/api/subgraph", content=content.encode(), headers={**ORIGIN, "content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_parameter")


def test_it_begins_with_the_chain_and_place_it_was_started_with(graph_file: Path) -> None:
    meta = visitor(graph_file, chain="链", place="140105").get("/api/meta").json()
    assert (meta["chain"], meta["region"], meta["chosen"]) == ("链", "140105", True)
    assert not visitor(graph_file).get("/api/meta").json()["chosen"]


def test_no_answer_gives_advice_for_a_command_line(tmp_path: Path) -> None:
    with stored(tmp_path, {**web_graphs.rows(), "sources": [
        {**row, "loaded_at": "2026-07-01" if row["kind"] == "register" else row.get("loaded_at")} for row in web_graphs.rows()["sources"]
    ]}) as store:
        here = visitor(store.location)
        answers = [here.get("/api/chains/链", params={"region": "140100"}), here.get("/api/explain", params={**WHERE, "reference": "没有"}),
                   here.get("/api/explain", params={**WHERE, "reference": "补链/链/140100/没有"})]
    assert not [answer.text for answer in answers if "lianpu " in answer.text or str(tmp_path) in answer.text]
