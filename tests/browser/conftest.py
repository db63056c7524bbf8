"""Tests in a real browser: Chromium of the system, driven by Playwright. Without it they are skipped; in CI that is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import web_graphs
from browser_pages import Open, Watch, office, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


PATIENCE = 20_000
"""Milliseconds that a page may take to become what is expected, on a machine that does much else."""


def _without(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"no browser, and this is CI: {reason}")
    pytest.skip(f"no browser: {reason}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: Playwright's loop must not run while other tests start loops of their own."""
    path = web_graphs.chromium()
    if path is None:
        _without("Chromium is not installed (apt-get install chromium, or name it in LIANPU_CHROMIUM)")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        _without("playwright is not installed (pip install '.[test]')")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=zh-CN"])
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open an address in a page of its own; whatever goes wrong in one of the pages fails the test at its end."""
    watches: list[Watch] = []

    def opened(address: str, **context: object) -> Watch:
        origin = "/".join(address.split("/")[:3])
        watches.append(Watch.over(browser, origin, **context))
        watches[-1].page.goto(address)
        return watches[-1]

    yield opened
    faults = [fault for watch in watches for fault in watch.faults]
    for watch in watches:
        watch.page.context.close()
    assert faults == []


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file: 矿→铁→钢→件 and a furnace, with hostile names."""
    return web_graphs.file(tmp_path_factory.mktemp("graph"))


@pytest.fixture(scope="module")
def server(graph: Path) -> Iterator[str]:
    """Address of the server in front of that store, with the chain and place of the tests in it."""
    with serving(office(graph)) as address:
        yield f"{address}#chain=链&region=140100&v=explore"


@pytest.fixture(scope="module")
def carried(graph: Path) -> str:
    """Address of the page to carry of that store."""
    from chain import open_store
    from chain.cli.ask import notes_for
    from chain.cli.explorer import explorer_sheet
    from chain.cli.pack import gather
    from queries.rules import Rules
    from viz.carry import carry_page

    with open_store(graph) as store:
        answers = gather(store, "链", "140100", Rules(), top=5)
        sheet = explorer_sheet(answers, notes_for(answers.state.place, Rules(), store.as_of))
    for lang in ("zh", "en"):
        graph.with_name(f"{lang}.html").write_text(carry_page(sheet, lang=lang), encoding="utf-8")
    return graph.with_name("zh.html").as_uri()
