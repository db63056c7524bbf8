"""The Neo4j server that tests talk to: the one that LIANPU_TEST_NEO4J names, else one started for the session by scripts/neo4j_server.py.

A server named by LIANPU_TEST_NEO4J is emptied again and again: name one that holds nothing. User and password are taken from
LIANPU_NEO4J_USER and LIANPU_NEO4J_PASSWORD.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "neo4j_server.py"
VERSION = os.environ.get("LIANPU_TEST_NEO4J_VERSION")
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # it does not live long enough for what takes long to compile
_why: list[str] = []


def script() -> Any:
    """The module ``scripts/neo4j_server.py``."""
    if "neo4j_server" not in sys.modules:
        found = importlib.util.spec_from_file_location("neo4j_server", SCRIPT)
        module = importlib.util.module_from_spec(found)
        sys.modules["neo4j_server"] = module  # dataclasses look their module up
        found.loader.exec_module(module)
    return sys.modules["neo4j_server"]


NoServer: type[Exception] = script().NoServer


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    uri: str
    user: str
    password: str

    @property
    def environment(self) -> dict[str, str]:
        """User and password as ``lianpu`` reads them."""
        return {"LIANPU_NEO4J_USER": self.user, "LIANPU_NEO4J_PASSWORD": self.password}

    def ask(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """Rows of any statement, behind the store's back."""
        with plain(self).session() as session:
            return session.run(statement, **values).data()

    def empty(self) -> None:
        """Everything goes, indexes and constraints stay."""
        many = self.ask("MATCH (n) RETURN count(n) AS nodes")[0]["nodes"] > 5000
        self.ask("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS" if many else "MATCH (n) DETACH DELETE n")


def started(settings: Mapping[str, str] | None = None, **options: Any) -> Any:
    """A server of one's own, running.

    Tests fill and empty it all the time; it would plan every statement again whenever the numbers have changed, which they always have.
    """
    seldom = {"dbms.cypher.min_replan_interval": "1d", "dbms.cypher.statistics_divergence_threshold": "0.99"}
    return script().Server(**({"version": VERSION} if VERSION else {}), settings=seldom | dict(settings or {}), options=QUICK, **options).start()


def own_server() -> Any:
    """A server of the test's own, to be stopped by it; without one the test is skipped, and in CI it fails."""
    try:
        return started()
    except NoServer as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@cache
def running() -> Running:
    """The server of this session; raises NoServer if there can't be one."""
    if uri := os.environ.get("LIANPU_TEST_NEO4J"):
        return Running(uri, os.environ.get("LIANPU_NEO4J_USER", "neo4j"), os.environ["LIANPU_NEO4J_PASSWORD"])
    if _why:
        raise NoServer(_why[0])
    try:
        server = started()
    except NoServer as error:
        _why.append(str(error))
        raise
    atexit.register(server.stop)
    return Running(server.uri, server.user, server.password)


def missing() -> str:
    """Why tests went without a server; empty if none did."""
    return _why[0] if _why else ""


@cache
def plain(server: Running) -> Any:
    """A driver for what tests do behind the store's back."""
    import neo4j

    driver = neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password), notifications_min_severity="OFF")
    atexit.register(driver.close)
    return driver


def emptied(server: Running, *, anew: bool = True) -> Any:
    """An empty store on the server; over a new connection, or over one that is kept for all who don't close it."""
    server.empty()
    return _store(server) if not anew else _store.__wrapped__(server)


@cache
def _store(server: Running) -> Any:
    from chain.server import ServerStore

    store = ServerStore(server.uri, user=server.user, password=server.password)
    atexit.register(store.close)
    return store
