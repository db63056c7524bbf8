"""Every statement is planned by the server itself: none reads all nodes, none multiplies rows; the queries of the document run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from neo4j_running import Running, emptied
from oracle import graph

from chain import open_store, region
from chain.server_batches import names as names_of
from chain.server_link import statement
from chain.server_model import EDGE_INDEXES, EDGES, INDEXES, NODES, ROW_EDGES
from queries.standing import standing

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.stem for path in (ROOT / "chain" / "cypher").glob("*.cypher"))
SCHEMA = ("constraint", "index", "edge_index", "await_indexes")
PLACE = {"low": 140100, "high": 140199, "parks": None}
VALUES = {
    "rows": [], "keys": [], "products": ["钢"], "ids": ["甲"], "of": ["甲"], "id": "甲", "chain": "链", "place": "140100", "park": "园", "text": None,
    "brief": False, "limit": 5, "tau": 0.65, "day": 20260101, "day_text": "20260101", "state": "confirmed", "states": ["confirmed"], "outside": False,
    "seller": PLACE, "taker": None, "uses": {"钢": ["铁"]}, "outer": [140000], "unplaced": False, "registers": ["名录"], **PLACE,
    "token": "x", "done": 1, "total": 2, "who": "我", "since": "今", "phase": "adding", "new": [], "gone": [], "links_anew": False, "version": 1,
    "as_of": "", "count": 1, "a": ["甲"], "b": ["乙"], "lists": {}, "same": {},
}


def variants(name: str) -> list[dict[str, str]]:
    """The names that a statement is used with."""
    text = statement(name)
    if "LABEL" in text:
        return [names_of(label) for label in NODES]
    if "END_" in text:
        return [names_of(kind) for kind in EDGES]
    return [{"TYPE": ROW_EDGES[table].type} for table in ("inputs", "kinds", "upgrades", "byproducts")] if "TYPE" in text else [{}]


def operators(plan: dict[str, Any]) -> list[str]:
    return [plan["operatorType"].partition("@")[0], *(name for child in plan.get("children", []) for name in operators(child))]


@pytest.mark.parametrize("name", [name for name in FILES if name not in SCHEMA])
def test_no_statement_reads_all_nodes_or_multiplies_rows(neo4j: Running, name: str) -> None:
    from neo4j_running import plain

    with emptied(neo4j) as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
        for names in variants(name):
            with plain(neo4j).session() as session:
                plan = session.run("EXPLAIN " + statement(name, **names), VALUES).consume().plan
            found = operators(plan)
            assert not {"AllNodesScan", "CartesianProduct"} & set(found), (names, found)


@pytest.mark.parametrize("name", FILES)
def test_every_statement_says_what_it_is_for(name: str) -> None:
    assert (ROOT / "chain" / "cypher" / f"{name}.cypher").read_text(encoding="utf-8").startswith("// ")


def test_constraints_and_indexes_are_there_after_the_first_load_and_again(neo4j: Running) -> None:
    with emptied(neo4j) as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
        store.write(graph("二", enterprises=[{"id": "乙"}]))
    names = {row["name"] for row in neo4j.ask("SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name")}
    looked_up = {f"lianpu_{of}_{key.strip('_')}" for of, key in (*INDEXES, *EDGE_INDEXES)}
    assert {f"lianpu_{label}_key" for label in NODES} | looked_up <= names


TEXT = (ROOT / "docs" / "neo4j.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```cypher\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_document_has_ten_queries() -> None:
    assert len(QUERIES) == 10


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from chain import open_store
    from chain.cli import cli

    path = str(tmp_path_factory.mktemp("example") / "shanxi.lianpu")
    for line in (["load", path, str(ROOT / "examples" / "shanxi"), "--as-of", "2026-11-01"], ["link", path]):
        cli.main(line, standalone_mode=False)
    return open_store(path).tables()


ANSWERS: list[list[dict[str, Any]]] = []


@pytest.fixture
def answers(neo4j: Running, example: Any) -> list[list[dict[str, Any]]]:
    """What the queries of the document find on the example, in its order; asked once."""
    if not ANSWERS:
        with emptied(neo4j) as store:
            store.write(example)
            ANSWERS.extend(neo4j.ask(query) for query in QUERIES)
    return ANSWERS


def test_every_query_of_the_document_finds_something_on_the_example(answers: list[list[dict[str, Any]]]) -> None:
    assert [query for query, found in zip(QUERIES, answers, strict=True) if not found] == []


def test_places_of_the_document_are_cities_and_count_no_mere_parties(answers: list[list[dict[str, Any]]], example: Any) -> None:
    firms = example["enterprises"]
    here = firms[firms["region"].str.startswith("14") & ~firms["entry"].eq("party").fillna(False)]
    names = {f"{code}00": region.full_name(f"{code}00") for code in here["region"].str[:4].unique()}
    counts = here.groupby(here["region"].str[:4] + "00")["id"].nunique().rename(names).to_dict()
    assert {row["place"]: row["enterprises"] for row in answers[0]} == {
        place if place != "山西省" else "山西省（未写到市）": count for place, count in counts.items()}


def test_makers_and_gaps_of_the_document_are_those_of_the_commands(
    answers: list[list[dict[str, Any]]], example: Any, tmp_path: Path
) -> None:
    with open_store(tmp_path / "一.lianpu") as store:
        store.write(example)
        makers = store.makers(["光伏玻璃"], "000000")
        rows = standing(store, "光伏", "140000").products
    assert {(row["enterprise"], row["makes"]) for row in answers[1]} == set(zip(makers["name"], makers["made"], strict=True))
    wanted = rows[(rows["makers"] == 0) & (rows["buyers"] > 0)]
    assert len(wanted) > 5
    assert {row["missing"]: row["buyers"] for row in answers[3]} == dict(zip(wanted["product"], wanted["buyers"], strict=True))


def test_deals_of_the_document_begin_with_the_largest_amount_that_is_known(answers: list[list[dict[str, Any]]], example: Any) -> None:
    amounts = [row["wan"] for row in answers[5]]
    assert amounts == sorted(example["supplies"]["amount"].dropna(), reverse=True)


def test_deals_without_an_amount_follow_by_their_share(neo4j: Running) -> None:
    deals = [("甲", {}), ("乙", {"share": 0.2, "share_of": "sales"}), ("丙", {"share": 0.4, "share_of": "purchases"}), ("丁", {"amount": 1.0})]
    with emptied(neo4j) as store:
        store.write(graph(enterprises=[{"id": name} for name in "甲乙丙丁戊"],
                          supplies=[{"supplier": name, "buyer": "戊", "year": 2024, **told} for name, told in deals]))
    found = neo4j.ask(QUERIES[5])
    assert [(row["supplier"], row["wan"], row["share"], row["share_of"]) for row in found] == [
        ("丁", 1.0, None, None), ("丙", None, 0.4, "占采方采购额"), ("乙", None, 0.2, "占供方销售额")]


def test_the_document_names_all_that_is_in_a_graph() -> None:
    tables = TEXT.partition("\n## 十个")[0]
    names = [name for name in (*NODES, "Lianpu", "Load") if not name.startswith("Stated")] + [kind.type for kind in EDGES.values()]
    assert [name for name in names if not re.search(rf"\b{name}\b", tables)] == []


def test_what_the_document_empties_a_server_with_leaves_nothing(neo4j: Running) -> None:
    with emptied(neo4j) as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
        neo4j.ask(re.search(r"^:auto (MATCH .*)$", TEXT, flags=re.MULTILINE)[1])
        assert neo4j.ask("MATCH (n) RETURN count(n) AS nodes") == [{"nodes": 0}]
        assert store.write(graph(enterprises=[{"id": "乙"}])).changed


def test_makers_in_a_place_are_found_by_index_and_not_by_walking_the_country(neo4j: Running) -> None:
    from neo4j_running import plain

    with emptied(neo4j) as store, plain(neo4j).session() as session:
        store.write(graph(enterprises=[{"id": "甲"}]))
        for name in ("coverage", "demand"):
            found = operators(session.run("EXPLAIN " + statement(name), VALUES).consume().plan)
            assert "DirectedRelationshipIndexSeekByRange" in found, name
