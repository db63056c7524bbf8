"""The real listed companies and their supply relations, with all built-in chains, on a file and on a server: the same to the last row and byte.

All chains with all places take many minutes, so a few by hand; all of them where LIANPU_ALL_CHAINS is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.test_both_stores import agree, questions, verbs
from neo4j_running import Running, emptied

from chain import open_store
from chain.cli import cli
from chain.embedded import EmbeddedStore
from chain.store import Store, View
from queries.rules import Rules

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = (DATA / "listed_companies.csv", DATA / "supply_relations" / "edges.csv")
PLACES = ("140000", "140100", "140200")
pytestmark = [
    pytest.mark.usefixtures("neo4j"),
    pytest.mark.skipif(not all(path.is_file() for path in FILES), reason="the listed companies are not part of the project: ../shared/data")]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The listed companies, loaded and linked."""
    path = tmp_path_factory.mktemp("listed") / "listed.lianpu"
    for line in (["load", str(path), *map(str, FILES), "--as-of", "2026-11-01"], ["link", str(path)]):
        cli.main(line, standalone_mode=False)
    return path


@pytest.fixture(scope="module")
def stores(file: Path) -> Iterator[tuple[EmbeddedStore, Store]]:
    """A file and a server that hold them."""
    from neo4j_running import running

    with open_store(file) as one, emptied(running()) as other:
        other.write(one.tables())
        yield one, other


def asked(stores: tuple[EmbeddedStore, Store]) -> list[tuple[str, str]]:
    """Chains and places: all, or every place once and a few chains."""
    chains = sorted(stores[0].tables(["chains"])["chains"]["id"])
    return [(chain, place) for at, chain in enumerate(chains) for to, place in enumerate(PLACES)
            if os.environ.get("LIANPU_ALL_CHAINS") or at == 5 * to]


def test_verbs_and_queries_agree_on_the_listed_companies(stores: tuple[EmbeddedStore, Store]) -> None:
    ids = stores[0].enterprises()["id"].tolist()
    agree(stores, lambda store: store.tables())
    for chain, place in asked(stores):
        scope = stores[0].scope(chain)
        of_verbs = verbs(scope.ids, scope.arcs, ids[::900], place, View())
        del of_verbs[1]  # all tables, asked above
        for ask in (*of_verbs, *questions(stores, chain, place, Rules())):
            agree(stores, ask)


def test_a_report_on_the_listed_companies_is_the_same_to_the_byte(
    neo4j: Running, stores: tuple[EmbeddedStore, Store], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in neo4j.environment.items():
        monkeypatch.setenv(name, value)
    sets = []
    for at, store in enumerate((neo4j.uri, str(file))):
        cli.main(["report", store, "--chain", "特钢材料", "--region", "山西省", "-o", str(tmp_path / str(at))], standalone_mode=False)
        sets.append({path.name: path.read_bytes() for path in (tmp_path / str(at)).iterdir()})
    assert len(sets[0]) > 5 and sorted(sets[0]) == sorted(sets[1])
    assert [name for name in sets[0] if sets[0][name] != sets[1][name]] == []
