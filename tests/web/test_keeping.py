"""Answers are kept as long as the data they come from, worked out once, and never from two states at a time."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import web_graphs

from chain.cli.keeping import MOST_SMALL, Keeper
from chain.cli.shelf import MOST_VIEWS, Shelf
from chain.errors import InputError, StoreBusy, StoreError, UnknownName
from chain.store import Store


def touch(path: Path, times: list[int]) -> None:
    """The file looks as if it had been loaded anew."""
    times.append(len(times))
    os.utime(path, (1_000_000_000 + len(times), 1_000_000_000 + len(times)))


def test_ten_who_ask_the_same_wait_for_one_answer(graph_file: Path) -> None:
    keeper, asked, gate = Keeper(str(graph_file)), [], threading.Event()

    def ask(store: Store) -> str:
        asked.append(1)
        gate.wait(5)
        return store.as_of

    with ThreadPoolExecutor(10) as people:
        waiting = [people.submit(keeper.kept, ("day",), ask) for _ in range(10)]
        gate.set()
        assert {each.result() for each in waiting} == {"2026-06-30"}
    assert asked == [1]


def test_an_answer_lasts_as_long_as_its_data(tmp_path: Path) -> None:
    path, times = web_graphs.file(tmp_path), []
    keeper, asked = Keeper(str(path)), []
    before = keeper.version()
    for _ in range(3):
        keeper.kept(("day",), lambda store: asked.append(store.as_of))
    touch(path, times)
    assert keeper.version() != before
    keeper.kept(("day",), lambda store: asked.append(store.as_of))
    assert len(asked) == 2


def test_a_question_during_which_the_data_changed_is_asked_again_as_a_whole(tmp_path: Path) -> None:
    path, times = web_graphs.file(tmp_path), []
    keeper = Keeper(str(path))

    def whole(store: Store) -> tuple[int, int]:
        first = keeper.kept(("part", 1), lambda store: len(times))
        if len(times) < 2:
            touch(path, times)
        return first, keeper.kept(("part", 2), lambda store: len(times))

    assert keeper.kept(("whole",), whole) == (2, 2)


def test_data_that_never_rests_is_told_and_not_waited_for(tmp_path: Path) -> None:
    path, times = web_graphs.file(tmp_path), []
    with pytest.raises(StoreBusy):
        Keeper(str(path)).kept(("day",), lambda store: touch(path, times))


def test_an_error_is_told_and_not_kept(tmp_path: Path) -> None:
    path = web_graphs.file(tmp_path)
    keeper = Keeper(str(path))
    for _ in range(2):
        with pytest.raises(UnknownName):
            keeper.kept(("chain",), lambda store: store.scope("没有"))
    assert keeper.kept(("chain",), lambda store: store.scope("链").ids)
    path.unlink()
    with pytest.raises(StoreError):
        keeper.kept(("chain",), lambda store: 1)


def test_what_nobody_asks_for_any_more_makes_room(graph_file: Path) -> None:
    keeper, asked = Keeper(str(graph_file)), []
    for number in (*range(MOST_SMALL + 1), MOST_SMALL, 0):
        keeper.kept(("number", number), lambda store, number=number: asked.append(number))
    assert asked == [*range(MOST_SMALL + 1), 0]


def test_two_servers_of_one_graph_see_each_others_scenarios(tmp_path: Path) -> None:
    one, two = Shelf(tmp_path / "方案.json"), Shelf(tmp_path / "方案.json")
    for shelf, name in ((one, "甲"), (two, "乙"), (one, "丙")):
        shelf.save({"name": name, "chain": "链", "region": "140100", "scenario": {}})
    assert [each["name"] for each in two.scenarios()] == sorted(("甲", "乙", "丙"))


def test_only_the_oldest_views_make_room(tmp_path: Path) -> None:
    shelf = Shelf(None)
    first, *rest = [shelf.keep(f"v={number}") for number in range(MOST_VIEWS + 1)]
    assert shelf.view(rest[0]) == "v=1"
    with pytest.raises(UnknownName):
        shelf.view(first)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"scenarios": 1, "views": {}}', "\x00"])
def test_a_file_of_scenarios_that_is_none_is_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "方案.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="读不了"):
        Shelf(path)
    assert path.read_text(encoding="utf-8") == content
