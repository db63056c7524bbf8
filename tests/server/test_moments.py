"""All that is asked within a moment comes from one state of the data, on a file as on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j_running import Running, emptied
from oracle import graph
from pandas.testing import assert_frame_equal

from chain import open_store
from chain.errors import StoreMoved, UnknownName
from chain.moments import of_one_moment
from chain.store import Store

OLD = graph("旧", enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}])
NEW = graph("新", enterprises=[{"id": "乙"}], makes=[{"enterprise": "乙", "product": "钢"}])


@pytest.fixture(params=["file", "server"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """One who reads and one who writes, on the same data."""
    if request.param == "file":
        locations = [str(tmp_path / "图.lianpu")] * 2
    else:
        server: Running = request.getfixturevalue("neo4j")
        monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        emptied(server).close()
        locations = [server.uri] * 2
    with open_store(locations[0]) as writer:
        writer.write(OLD)
        with open_store(locations[1]) as reader:
            yield reader, writer


def test_what_is_asked_in_a_moment_is_what_is_asked_outside(both: tuple[Store, Store]) -> None:
    reader, _ = both
    makers, firms, day = reader.makers(["钢"], "000000"), reader.enterprises(), reader.as_of
    with reader.moment(reader.stamp()):
        assert_frame_equal(reader.makers(["钢"], "000000"), makers)
        assert_frame_equal(reader.enterprises(), firms)
        assert reader.as_of == day


def test_every_load_gives_another_stamp_and_reading_none(both: tuple[Store, Store]) -> None:
    reader, writer = both
    before = reader.stamp()
    reader.enterprises()
    assert reader.stamp() == before
    writer.write(NEW)
    assert reader.stamp() not in ("", before)


def test_a_load_in_the_middle_of_a_moment_is_noticed(both: tuple[Store, Store]) -> None:
    reader, writer = both
    with pytest.raises(StoreMoved), reader.moment(reader.stamp()):
        reader.enterprises()
        writer.write(NEW)
    assert list(reader.enterprises()["id"]) == ["乙", "甲"]


def test_a_moment_that_has_passed_is_not_answered_from(both: tuple[Store, Store]) -> None:
    reader, writer = both
    past = reader.stamp()
    writer.write(NEW)
    with pytest.raises(StoreMoved), reader.moment(past):
        reader.enterprises()


def test_an_error_of_a_moment_is_told_unless_the_data_moved(both: tuple[Store, Store]) -> None:
    reader, writer = both
    with pytest.raises(UnknownName), reader.moment(reader.stamp()):
        reader.scope("没有")
    with pytest.raises(StoreMoved), reader.moment(reader.stamp()):
        reader.enterprises()
        writer.write(NEW)
        reader.scope("没有")


def test_a_query_during_which_the_data_changed_is_asked_again_as_a_whole(both: tuple[Store, Store]) -> None:
    reader, writer = both
    seen = []

    @of_one_moment
    def query(store: Store) -> list[str]:
        seen.append(sorted(store.enterprises()["id"]))
        if len(seen) == 1:
            writer.write(NEW)
        return sorted(store.makers(["钢"], "000000")["enterprise"])

    assert query(reader) == ["乙", "甲"]
    assert seen == [["甲"], ["乙", "甲"]]


def test_a_moment_within_a_moment_is_a_part_of_it(both: tuple[Store, Store]) -> None:
    reader, writer = both
    with pytest.raises(StoreMoved), reader.moment():
        with reader.moment():
            reader.enterprises()
        writer.write(NEW)
