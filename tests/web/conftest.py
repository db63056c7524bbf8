"""The web application in this process, and a server of its own in another."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import web_graphs
from web_visits import Served, Visitor, visitor


@pytest.fixture(scope="session")
def graph_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store of `web_graphs`."""
    return web_graphs.file(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="session")
def site(graph_file: Path) -> Visitor:
    """A visitor of that store."""
    return visitor(graph_file)


@contextmanager
def running(store: Path, *options: str) -> Iterator[Served]:
    """``lianpu serve`` on a free port."""
    command = [sys.executable, "-c", "from chain.cli import main; main()", "serve", str(store), "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=Path(__file__).resolve().parents[2], env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            told = re.search(r"http://\S+:(\d+)/\S*", line)
            assert told, line + (process.stderr.read() if process.stderr else "")
            yield Served(told[0], int(told[1]), process)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture
def served() -> Iterator[Callable[..., Served]]:
    """A function that starts ``lianpu serve``; it is stopped at the end of the test."""
    with ExitStack() as open_until_the_end:
        yield lambda store, *options: open_until_the_end.enter_context(running(store, *options))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running server for the tests that only ask."""
    with running(web_graphs.file(tmp_path_factory.mktemp("running"))) as server:
        yield server
