"""Many elements on their way to a server: side by side where no two touch the same node.

Relationships lock both their ends until their transaction is committed; two transactions that share nodes wait for each other or, worse,
block each other. So the ends are dealt into parts, and what is written at the same time has no part in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from chain import server_batches
from chain.errors import StoreBusy
from chain.server_batches import Question, asked, batches, in_columns, names
from chain.server_link import Link, OutOfMemory, statement
from chain.server_model import EDGES, NODES

LANES = 3
"""Batches under way at the same time: two that the server works on while the client prepares the third."""

_SMALLEST = 100


class Ends:
    """The server's own numbers of the nodes that relationships join, each asked for once while a load goes on.

    By its number a node is found without an index, and a number is shorter on the wire than a key.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, pd.Series] = {}

    def numbered(self, name: str, edges: pd.DataFrame) -> pd.DataFrame:
        """Relationships of one kind with numbers of nodes for ``_from`` and ``_to``."""
        kind = EDGES[name]
        return edges.assign(_from=self._numbers(kind.start, edges["_from"]), _to=self._numbers(kind.end, edges["_to"]))

    def _numbers(self, label: str, keys: pd.Series) -> Any:
        known = self._known.get(label, pd.Series(index=pd.Index([], dtype="str"), dtype="int64"))
        distinct = pd.Index(keys.unique())
        if len(fresh := distinct[~distinct.isin(known.index)]):
            pieces = [fresh[at:at + server_batches.BATCH].tolist() for at in range(0, len(fresh), server_batches.BATCH)]
            with ThreadPoolExecutor(LANES) as pool:
                found = [number for numbers in pool.map(partial(self._asked, label), pieces) for number in numbers]
            known = self._known[label] = pd.concat([known, pd.Series(found, index=fresh, dtype="int64")])
        return known.to_numpy()[known.index.get_indexer(pd.Index(keys))]

    def _asked(self, label: str, keys: list[str]) -> list[int]:
        text = statement("numbers", **names(label))
        found: list[int] = self._link.write(lambda tx: tx.run(text, keys=keys).single()["numbers"])
        if len(found) != len(keys):
            raise StoreBusy(f"{self._link.address.shown} 里刚写的 {len(keys) - len(found)} 个 {label} 不见了，有别的程序在改这个数据库",
                            way_out="等它结束，再运行一次同样的载入，会接着清理并完成")
        return found


def spread(link: Link, kind: str, name: str, frame: pd.DataFrame, ends: Ends) -> Iterator[int]:
    """Write all elements of one kind, each batch a transaction; the number of elements written, as they are."""
    question: Question = partial(asked, kind, name)
    if len(frame) <= server_batches.BATCH:
        yield _written(link, question, frame)
        return
    if kind == "add":
        frame = ends.numbered(name, frame) if name in EDGES else frame
        question = in_columns(name, frame)
    with ThreadPoolExecutor(LANES) as pool:
        for lanes in _rounds(name, frame):
            yield from _side_by_side(pool, partial(_written, link, question), [batches(lane) for lane in lanes])


def _written(link: Link, question: Question, rows: pd.DataFrame) -> int:
    """Write one batch; in halves if the server has no memory for it."""
    try:
        text, values = question(rows)
        link.write(lambda tx: tx.run(text, values).consume())
    except OutOfMemory:
        if len(rows) <= _SMALLEST:
            raise
        return sum(_written(link, question, rows.iloc[part]) for part in (slice(0, len(rows) // 2), slice(len(rows) // 2, None)))
    return len(rows)


def _side_by_side(pool: ThreadPoolExecutor, write: Any, lanes: list[Iterator[pd.DataFrame]]) -> Iterator[int]:
    """Write the batches of each lane one after the other, the lanes at the same time."""
    under_way: dict[Future[int], Iterator[pd.DataFrame]] = {}

    def go_on(lane: Iterator[pd.DataFrame]) -> None:
        if (rows := next(lane, None)) is not None:
            under_way[pool.submit(write, rows)] = lane

    for lane in lanes:
        go_on(lane)
    while under_way:
        for one in wait(under_way, return_when=FIRST_COMPLETED).done:
            lane = under_way.pop(one)
            count = one.result()
            go_on(lane)
            yield count


def _rounds(name: str, frame: pd.DataFrame) -> Iterator[list[pd.DataFrame]]:
    """Rows in rounds of lanes that have no node in common."""
    if name in NODES:
        yield [frame.iloc[rows] for rows in np.array_split(np.arange(len(frame)), LANES)]
        return
    if EDGES[name].start == EDGES[name].end:
        rounds, count = _of_one_label(LANES), 2 * LANES
        both = _parts(pd.concat([frame["_from"], frame["_to"]]), count)
        start, end = both[:len(frame)], both[len(frame):]
    else:
        rounds, count = _of_two_labels(LANES), LANES
        start, end = _parts(frame["_from"], count), _parts(frame["_to"], count)
    cells = start * count + end
    for lanes in rounds:
        yield [frame.iloc[np.flatnonzero(np.isin(cells, [one * count + two for one, two in lane]))] for lane in lanes]


def _parts(keys: pd.Series, count: int) -> Any:
    """A number below `count` for every key, the same for the same key; keys met early, which are those met often, are dealt out in turn."""
    return pd.factorize(keys)[0].astype(np.int64) % count


_Lanes = list[list[tuple[int, int]]]
"""Which parts of starts and of ends meet in each lane."""


def _of_two_labels(count: int) -> list[_Lanes]:
    """Rounds in which each of `count` parts of starts meets each part of ends once, no part in two lanes of a round."""
    return [[[(lane, (lane + turn) % count)] for lane in range(count)] for turn in range(count)]


def _of_one_label(count: int) -> list[_Lanes]:
    """The same where starts and ends are of one label: `count` pairs of parts a round, as in a tournament where each plays each.

    A pair takes what leads from one of its parts to the other, either way; in the first round also what stays within them.
    """
    rounds = []
    for turn in range(2 * count - 1):
        circle = [0, *(1 + (turn + at) % (2 * count - 1) for at in range(2 * count - 1))]
        pairs = [(circle[at], circle[-1 - at]) for at in range(count)]
        rounds.append([[(one, two), (two, one), *([(one, one), (two, two)] if turn == 0 else [])] for one, two in pairs])
    return rounds
