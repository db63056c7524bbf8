"""On a Neo4j server the API answers as it does on a file."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import web_graphs
from neo4j_running import Running, emptied
from queries_graphs import tables
from web_visits import ORIGIN, WHERE, Visitor, visitor

from chain import open_store
from chain.cli.desk import shelf_beside

IN = {"region": "140100"}
ASKED = [
    ("chains/链", IN), ("chains/链/gaps", IN), ("chains/链/map.svg", IN), ("nodes/p:铁", WHERE), ("nodes/e:丙铁厂", WHERE),
    ("nodes/p:钢/neighbors", WHERE), ("nodes/e:甲钢厂/neighbors", WHERE), ("path", {**WHERE, "a": "e:丙铁厂", "b": "e:乙件厂"}),
    ("search", {**WHERE, "q": "厂"}), ("search", {**WHERE, "q": "铁"}), ("explain", {**WHERE, "reference": "补链/链/140100/铁"}),
    ("regions", {"q": "太原"})]
SENT = [
    ("subgraph", {"ids": ["p:铁", "p:钢", "e:甲钢厂", "e:丙铁厂"]}), ("export/csv", {}),
    ("whatif", {"arrivals": [{"id": "e:丙铁厂"}, {"name": "新厂", "products": ["p:矿"]}], "departures": ["e:乙件厂"]})]


@pytest.fixture
def there(neo4j: Running, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    for name, value in neo4j.environment.items():
        monkeypatch.setenv(name, value)
    with emptied(neo4j) as store:
        store.write(tables(web_graphs.rows()))
    return visitor(neo4j.uri)


def test_every_answer_is_the_same_as_on_a_file(there: Visitor, site: Visitor) -> None:
    for path, values in ASKED:
        one, two = (each.get(f"/api/{path}", params=values) for each in (site, there))
        assert (one.status_code, one.content) == (two.status_code, two.content), path
    for path, values in SENT:
        assert site.sends(path, **values).content == there.sends(path, **values).content, path
    metas = [each.get("/api/meta").json() for each in (site, there)]
    assert {**metas[0], "version": ""} == {**metas[1], "version": ""}


def test_what_is_loaded_on_the_server_is_shown_without_a_restart(there: Visitor, neo4j: Running) -> None:
    before = there.get("/api/meta").json()["version"]
    rows = {"sources": [{"id": "新", "file": "新.xlsx", "kind": "sample", "as_of": "2026-06-30"}],
            "enterprises": [{"id": "来厂", "name": "来厂", "region": "140105", "source": "新", "row": 2}],
            "makes": [{"enterprise": "来厂", "product": "铁", "state": "confirmed", "method": "stated", "confidence": 0.9, "source": "新", "row": 2}]}
    with open_store(neo4j.uri) as store:
        store.write(tables(rows))
    for _ in range(50):
        if there.get("/api/meta").json()["version"] != before:
            break
        time.sleep(0.1)
    assert {p["name"]: p["makers"] for p in there.asks("chains/链")["products"]}["铁"] == 1


def test_scenarios_of_a_server_are_kept_where_the_office_says(there: Visitor, neo4j: Running, tmp_path: Path) -> None:
    saved = there.sends("scenarios", name="引铁", arrivals=[{"name": "新厂", "products": ["p:铁"]}]).json()
    assert there.get("/api/scenarios").json() == [saved]
    assert there.delete(f"/api/scenarios/{saved['id']}", headers={**ORIGIN, "content-type": "application/json"}).status_code == 200
    kept = shelf_beside(neo4j.uri, tmp_path / "方案.json")
    kept.save({"name": "引铁", "chain": "链", "region": "140100", "scenario": {"arrivals": [], "departures": []}})
    assert [each["name"] for each in shelf_beside(neo4j.uri, tmp_path / "方案.json").scenarios()] == ["引铁"]


def test_who_looks_during_a_load_learns_who_loads_since_when_and_how_far(there: Visitor, neo4j: Running) -> None:
    assert there.get("/api/meta").status_code == 200
    neo4j.ask("CREATE (:Load {key: 'open', who: '张三@机房（pid 7）', token: 't', since: '2026-11-24T00:35:13+00:00', done: 5, total: 9, "
              "phase: 'adding', new: [], gone: [], links_anew: false, touched: datetime.realtime().epochMillis})")
    time.sleep(1.1)  # for a second the state is taken to be what it was
    answer = there.get("/api/chains/链", params=IN)
    assert answer.status_code == 503
    assert re.fullmatch(r"数据正在更新：张三@机房（pid 7） 自 2026-11-24 .* 起的载入还在进行（完成 5/9），结束之前不能回答", answer.json()["message"])
    neo4j.ask("MATCH (l:Load) DELETE l")
    assert there.get("/api/chains/链", params=IN).status_code == 200
