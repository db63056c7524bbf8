"""Every statement is planned by the server itself: none reads all nodes, none multiplies rows; the queries of the document run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from neo4j_running import Running, emptied
from oracle import graph

from chain.server_batches import names as names_of
from chain.server_link import statement
from chain.server_model import EDGE_INDEXES, EDGES, INDEXES, NODES, ROW_EDGES

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


QUERIES = re.findall(r"```cypher\n(.*?)```", (ROOT / "docs" / "neo4j.md").read_text(encoding="utf-8"), flags=re.DOTALL)


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


def test_every_query_of_the_document_finds_something_on_the_example(neo4j: Running, example: Any) -> None:
    with emptied(neo4j) as store:
        store.write(example)
        for query in QUERIES:
            assert neo4j.ask(query), query


def test_makers_in_a_place_are_found_by_index_and_not_by_walking_the_country(neo4j: Running) -> None:
    from neo4j_running import plain

    with emptied(neo4j) as store, plain(neo4j).session() as session:
        store.write(graph(enterprises=[{"id": "甲"}]))
        for name in ("coverage", "demand"):
            found = operators(session.run("EXPLAIN " + statement(name), VALUES).consume().plan)
            assert "DirectedRelationshipIndexSeekByRange" in found, name
