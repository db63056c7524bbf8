"""Every verb and every query, asked of a file and of a server that hold the same: identical frames, to the last row, column and dtype."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neo4j_running import Running, emptied
from pandas.testing import assert_frame_equal
from property.test_queries_properties import graphs
from property.test_store_properties import ANY_TABLES, ARCS, IDS, PARTS, PLACES, PRODUCTS, VIEWS
from queries_graphs import Rows
from queries_graphs import tables as of_rows

from chain import tables
from chain.embedded import EmbeddedStore
from chain.errors import LianpuError
from chain.store import Store, View
from chain.tables import Tables
from queries.explain import explain
from queries.gaps import gaps
from queries.indicators import indicators
from queries.quality import check
from queries.rules import Rules
from queries.standing import standing
from queries.structure import graph, layers
from queries.targets import targets

MANY = int(os.environ.get("LIANPU_SERVER_EXAMPLES", "300" if os.environ.get("CI") else "18"))
"""Graphs nobody thought of, over all laws of this file: a few by hand, 300 in CI, more on demand."""

EVERY_QUESTION = bool(os.environ.get("LIANPU_EVERY_QUESTION"))
"""Whether every graph is asked everything, which takes about four times as long."""

pytestmark = pytest.mark.usefixtures("neo4j")


def share(of: float) -> settings:
    """That part of the graphs for one law."""
    return settings(max_examples=max(round(MANY * of), 1))


@contextmanager
def both(server: Running, *parts: Tables) -> Iterator[tuple[EmbeddedStore, Store]]:
    """A file and a server that hold the same."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder) / "图谱.lianpu") as one:
        other = emptied(server, anew=False)
        for part in parts:
            assert one.write(part) == other.write(part)
        yield one, other


def told(answer: Any) -> Any:
    """An answer in parts that can be compared: frames as they are, everything else in words that show the types."""
    if isinstance(answer, pd.DataFrame):
        return answer
    if isinstance(answer, Tables):
        return list(answer.values())
    if hasattr(answer, "__dataclass_fields__"):
        return [told(getattr(answer, field.name)) for field in fields(answer)]
    if isinstance(answer, tuple | list):
        return [told(part) for part in answer]
    return repr(answer)


def alike(one: Any, other: Any) -> None:
    if isinstance(one, pd.DataFrame):
        if not one.equals(other) or type(one.index) is not type(other.index):  # says what differs, and takes its time
            assert_frame_equal(one, other, check_exact=True)
    elif isinstance(one, list):
        assert len(one) == len(other)
        for part, like in zip(one, other, strict=True):
            alike(part, like)
    else:
        assert one == other


def agree(stores: tuple[EmbeddedStore, Store], ask: Callable[[Store], Any]) -> Any:
    """The answer of both, or the error of both."""
    answers = []
    for store in stores:
        try:
            answers.append(told(ask(store)))
        except LianpuError as error:
            answers.append(f"{type(error).__name__}: {error}".replace(store.location, "图谱"))
    alike(*answers)
    return answers[0]


Ask = Callable[[Store], Any]


def verbs(products: list[str], arcs: pd.DataFrame, ids: list[str], place: str, view: View) -> list[Ask]:
    """Every verb, with every option that changes the statement."""
    asks: list[Ask] = [
        lambda store: store.as_of, lambda store: store.tables(), lambda store: store.place(place, view),
        lambda store: store.coverage(products, place, view),
        lambda store: store.coverage([*products[::-1], *products[:2]], place), lambda store: store.demand(arcs, place, view)]
    for outside in (False, True):
        for state in ("confirmed", "review", "rejected"):
            asks.append(lambda store, o=outside, s=state: store.makers(products, place, view, outside=o, state=s))
            asks.append(lambda store, o=outside, s=state: store.makers(products[::-1], place, view, outside=o, state=s, limit=2))
    for asked in ({}, {"supplier_in": place}, {"buyer_in": place}, {"supplier_in": place, "buyer_in": "000000"}, {"enterprises": ids[:3]},
                  {"enterprises": ids[:3], "buyer_in": place}):
        asks.append(lambda store, a=asked: store.supplies(**a))
    for asked in ({}, {"ids": ids[:5]}, {"text": "钢", "limit": 2}, {"text": "公司"}):
        asks.append(lambda store, a=asked: store.enterprises(**a))
    return [*asks, lambda store: [store.records(one, table) for one in ids[:6] for table in ("enterprises", "makes")]]


def questions(stores: tuple[EmbeddedStore, Store], chain: str, place: str, rules: Rules) -> list[Ask]:
    """Every query; what there is to explain is named by the file."""
    def first(found: Callable[..., pd.DataFrame]) -> Ask:
        named = found(stores[0], chain, place, rules)["id"].tolist()[:1]
        return lambda store: [explain(store, one, rules) for one in named]

    return [
        lambda store: standing(store, chain, place, rules).products, lambda store: gaps(store, chain, place, rules),
        lambda store: targets(store, chain, place, rules, top=5), lambda store: indicators(store, chain, place, rules),
        lambda store: first(gaps)(store), lambda store: first(targets)(store),
        lambda store: store.scope(chain), lambda store: layers(graph(store.scope(chain))), check]


def some_of(count: int, *, among: int) -> st.SearchStrategy[list[int]]:
    """Which questions to ask of one graph: over many graphs all are asked often."""
    if EVERY_QUESTION:
        return st.just(list(range(among)))
    return st.lists(st.integers(0, among - 1), min_size=count, max_size=count, unique=True)


@share(1 / 6)
@given(ANY_TABLES)
def test_what_was_written_is_what_is_read(neo4j: Running, whole: Tables) -> None:
    store = emptied(neo4j, anew=False)
    store.write(whole)
    assert store.tables() == whole
    assert not store.write(whole).changed


@share(1 / 3)
@given(PARTS, st.permutations(range(3)), st.integers(0, 2), st.sampled_from([*PLACES, "only:140100", "140000"]), VIEWS, some_of(6, among=29))
def test_verbs_agree_on_any_graph_and_after_any_loads(
    neo4j: Running, parts: list[Tables], order: list[int], cut: int, place: str, view: View, asked: list[int]
) -> None:
    loads = [tables.combine([parts[at] for at in some]) for some in (order[:cut], order[cut:]) if some]
    asks = verbs([*PRODUCTS, "没有的产品"], pd.DataFrame(ARCS, columns=["input", "product"]), IDS, place, view)
    assert len(asks) == 29
    with both(neo4j, *loads) as stores:
        for at in asked:
            agree(stores, asks[at])


@share(1 / 6)
@given(PARTS, PARTS)
def test_a_file_loaded_in_another_version_leaves_both_alike(neo4j: Running, old: list[Tables], new: list[Tables]) -> None:
    newer = [Tables({**part, "sources": part["sources"].assign(id=part["sources"]["id"] + "二"), **_of_version(part)}) for part in new]
    with both(neo4j, tables.combine(old), tables.combine(newer)) as stores:
        agree(stores, lambda store: store.tables())
        agree(stores, lambda store: store.coverage(PRODUCTS, "140100"))
        agree(stores, lambda store: store.enterprises())
        agree(stores, lambda store: store.enterprises(brief=True))


def _of_version(part: Tables) -> dict[str, pd.DataFrame]:
    return {name: frame.assign(source=frame["source"] + "二") for name, frame in part.items() if name != "sources" and len(frame)}


@share(1 / 3)
@given(graphs(), st.sampled_from(["140105", "140100", "140000", "000000"]),
       st.sampled_from([Rules(), Rules(tau=0.9, hhi_max=0.4), Rules(roles=("物料",))]), some_of(2, among=9))
def test_queries_agree_on_any_graph(neo4j: Running, rows: Rows, place: str, rules: Rules, asked: list[int]) -> None:
    with both(neo4j, of_rows(rows)) as stores:
        asks = questions(stores, "链", place, rules)
        assert len(asks) == 9
        for at in asked:
            agree(stores, asks[at])


# -- the example


@pytest.fixture(scope="module")
def shanxi(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The shipped example, loaded and linked."""
    from chain.cli import cli

    store = str(tmp_path_factory.mktemp("example") / "shanxi.lianpu")
    for line in (["load", store, str(Path(__file__).resolve().parents[2] / "examples" / "shanxi"), "--as-of", "2026-11-01"], ["link", store]):
        cli.main(line, standalone_mode=False)
    with EmbeddedStore(store) as held:
        return held.tables()


def test_verbs_and_queries_agree_on_the_example(neo4j: Running, shanxi: Tables) -> None:
    """Every place, each with another chain, and so every option of every verb; all chains with all places would take many minutes."""
    ids = shanxi["enterprises"]["id"].tolist()
    with both(neo4j, shanxi) as stores:
        agree(stores, lambda store: store.tables())
        for chain, place in zip(sorted(shanxi["chains"]["id"]), ("140000", "140100", "000000", "only:140000", "110000"), strict=False):
            scope = stores[0].scope(chain)
            for ask in verbs(scope.ids, scope.arcs, ids[::80], place, View()):
                agree(stores, ask)
        for ask in questions(stores, "光伏", "140100", Rules(as_of="2020-01-01", tau=0.8)):
            agree(stores, ask)
        agree(stores, lambda store: explain(store, "太原重工"))


@pytest.mark.parametrize("ask", [
    lambda store: store.scope("没有的链"), lambda store: store.place("999999"), lambda store: store.place("park:没有的园区"),
    lambda store: store.coverage(["钢"], "park:没有的园区"), lambda store: store.coverage(["钢"], "000000", View(as_of="昨天")),
    lambda store: store.tables(["没有的表"]).keys()], ids=["chain", "region", "park", "coverage", "day", "table"])
def test_both_refuse_what_is_not_there_in_the_same_words(neo4j: Running, shanxi: Tables, ask: Callable[[Store], Any]) -> None:
    with both(neo4j, Tables({name: shanxi[name] for name in ("sources", "chains")})) as stores:
        try:
            said = agree(stores, ask)
        except KeyError:
            with pytest.raises(KeyError):
                ask(stores[1])
        else:
            assert "没有" in said or "不是日期" in said
