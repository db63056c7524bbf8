"""What all tests share: the way to `oracle`, hypothesis profiles, and the stores that conformance tests run on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

sys.path[:0] = [str(Path(__file__).parent)]

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
settings.register_profile("modest", max_examples=5, deadline=None, derandomize=True, phases=QUICK, suppress_health_check=SLOW)
settings.register_profile("thorough", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "300")), deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "modest"))


def _embedded(folder: Path, name: str) -> object:
    from chain.embedded import EmbeddedStore

    return EmbeddedStore(folder / f"{name}.lianpu")


def _neo4j(folder: Path, name: str) -> object:
    from neo4j_running import emptied, running

    return emptied(running())


STORES = {"embedded": _embedded, "neo4j": _neo4j}
"""How to open an empty store, by kind; every kind must give the same answers. On a server there is one at a time: the next empties it."""


@pytest.fixture(params=sorted(STORES))
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], object]]:
    """A function that opens another empty store each time it is called."""
    opened: list[object] = []
    if request.param == "neo4j":
        request.getfixturevalue("neo4j")

    def make() -> object:
        opened.append(STORES[request.param](tmp_path, f"store{len(opened)}"))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def neo4j() -> object:
    """The running server of this test session; without one the test is skipped, and in CI it fails."""
    import neo4j_running

    try:
        return neo4j_running.running()
    except neo4j_running.NoServer as error:
        if os.environ.get("CI"):
            pytest.fail(f"no Neo4j server, and this is CI: {error}")
        pytest.skip(f"no Neo4j server: {error}")


def pytest_terminal_summary(terminalreporter: object) -> None:
    """Skips for want of a server are said aloud."""
    import neo4j_running

    if neo4j_running.missing():
        terminalreporter.section("Neo4j")
        terminalreporter.line(f"NOT TESTED against a server: {neo4j_running.missing()}")


@pytest.fixture
def store(new_store: Callable[[], object]) -> object:
    """One empty store."""
    return new_store()
