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

LANES = 2
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
    """Rows in rounds of two lanes that have no node in common."""
    if name in NODES:
        yield [frame.iloc[:len(frame) // 2], frame.iloc[len(frame) // 2:]]
        return
    kind = EDGES[name]
    if kind.start == kind.end:
        both, count, table = _parts(pd.concat([frame["_from"], frame["_to"]]), 4), 4, _OF_ONE_LABEL
        start, end = both[:len(frame)], both[len(frame):]
    else:
        start, end, count, table = _parts(frame["_from"], 2), _parts(frame["_to"], 2), 2, _OF_TWO_LABELS
    cells = start * count + end
    for lanes in table:
        yield [frame.iloc[np.flatnonzero(np.isin(cells, [one * count + two for one, two in lane]))] for lane in lanes]


def _parts(keys: pd.Series, count: int) -> Any:
    """A number below `count` for every key, the same for the same key; about equally many keys each."""
    codes, known = pd.factorize(keys)
    return codes.astype(np.int64) * count // max(len(known), 1)


_Table = tuple[tuple[tuple[tuple[int, int], ...], ...], ...]
# which parts of starts and ends meet in the lanes of each round: every start with every end once, no part in two lanes of a round;
# where both are of one label, a part that is a start in one lane may not be an end in the other either
_OF_TWO_LABELS: _Table = ((((0, 0),), ((1, 1),)), (((0, 1),), ((1, 0),)))
_OF_ONE_LABEL: _Table = (
    (((0, 0), (0, 1), (1, 0), (1, 1)), ((2, 2), (2, 3), (3, 2), (3, 3))),
    (((0, 2), (2, 0)), ((1, 3), (3, 1))),
    (((0, 3), (3, 0)), ((1, 2), (2, 1))),
)
