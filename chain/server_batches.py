"""Elements on their way to a server: in batches, side by side where no two touch the same node.

Relationships lock both their ends until their transaction is committed; two transactions that share nodes wait for each other or, worse,
block each other. So the ends are dealt into parts, and what is written at the same time has no part in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
import pandas as pd

from chain.server_link import Link, OutOfMemory, statement
from chain.server_model import EDGES, NODES

BATCH = 20_000
"""Elements in one statement."""

LANES = 2
_SMALLEST = 100
_IN_COLUMNS = 2_000  # from so many rows on, the shorter parameters outweigh that a statement must be planned for its columns


def names(name: str) -> dict[str, str]:
    """What the words of the statements stand for, for elements of one kind."""
    if name in NODES:
        return {"LABEL": name, "KEY": NODES[name].key}
    kind = EDGES[name]
    return {"TYPE": kind.type, "START": kind.start, "END_": kind.end, "START_KEY": NODES[kind.start].key, "END_KEY": NODES[kind.end].key}


def batches(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """`frame` in pieces of at most `BATCH` rows."""
    for start in range(0, len(frame), BATCH):
        yield frame.iloc[start:start + BATCH]


def spread(link: Link, kind: str, name: str, frame: pd.DataFrame) -> Iterator[int]:
    """Write all elements of one kind, each batch a transaction; the number of elements written, as they are."""
    if len(frame) <= BATCH:
        yield from (_written(link, kind, name, rows) for rows in batches(frame))
        return
    with ThreadPoolExecutor(LANES) as pool:
        for lanes in _rounds(name, frame):
            yield from _side_by_side(pool, link, kind, name, [batches(lane) for lane in lanes])


def _side_by_side(pool: ThreadPoolExecutor, link: Link, kind: str, name: str, lanes: list[Iterator[pd.DataFrame]]) -> Iterator[int]:
    """Write the batches of each lane one after the other, the lanes at the same time."""
    under_way: dict[Future[int], Iterator[pd.DataFrame]] = {}

    def go_on(lane: Iterator[pd.DataFrame]) -> None:
        if (rows := next(lane, None)) is not None:
            under_way[pool.submit(_written, link, kind, name, rows)] = lane

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


def _written(link: Link, kind: str, name: str, rows: pd.DataFrame) -> int:
    """Write one batch; in halves if the server has no memory for it."""
    try:
        text, values = asked(kind, name, rows)
        link.write(lambda tx: tx.run(text, values).consume())
    except OutOfMemory:
        if len(rows) <= _SMALLEST:
            raise
        return sum(_written(link, kind, name, rows.iloc[part]) for part in (slice(0, len(rows) // 2), slice(len(rows) // 2, None)))
    return len(rows)


def asked(kind: str, name: str, rows: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """Statement and parameters that add, change or drop elements of one kind."""
    if kind == "add" and len(rows) >= _IN_COLUMNS:
        return _in_columns(name, rows)
    if name in NODES:
        values = {"keys": rows[NODES[name].key].tolist()} if kind == "drop" else {"rows": maps(rows)}
        return statement(f"{kind}_node", **names(name)), values
    ends = zip(rows["_from"].tolist(), rows["_to"].tolist(), maps(rows.drop(columns=["_from", "_to"])), strict=True)
    return statement(f"{kind}_edge", **names(name)), {"rows": [{"a": a, "b": b, "p": p} for a, b, p in ends]}


def _in_columns(name: str, rows: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """The same for many new elements: a list for each property instead of a map for each row, and what is alike in all of them once."""
    lists, same = columns(rows.drop(columns=["_from", "_to"], errors="ignore"))
    properties = ", ".join([*(f"{column}: $lists.{column}[at]" for column in lists), *(f"{column}: $same.{column}" for column in same)])
    values: dict[str, Any] = {"count": len(rows), "lists": lists, "same": same}
    if name in EDGES:
        values |= {"a": rows["_from"].tolist(), "b": rows["_to"].tolist()}
    return statement("add_nodes" if name in NODES else "add_edges", **names(name)).replace("{}", f"{{{properties}}}"), values


def columns(frame: pd.DataFrame) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Columns with something in them: lists of plain values with None for missing ones, and the one value of those that are the same in all rows."""
    lists, same = {}, {}
    for name in map(str, frame.columns):
        there = frame[name].notna()
        if not there.any():
            continue
        first = frame[name].iloc[0]
        if there.all() and bool((frame[name] == first).all()):
            same[name] = first.item() if hasattr(first, "item") else first
        else:
            lists[name] = frame[name].tolist() if there.all() else frame[name].astype("object").where(there, None).tolist()
    return lists, same


def maps(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts of plain values without the missing ones."""
    kept = [(str(name), frame[name].notna()) for name in frame.columns]
    kept = [(name, there) for name, there in kept if there.any()]
    if not kept:
        return [{} for _ in range(len(frame))]
    names = [name for name, _ in kept]
    values = [frame[name].astype("object").where(there, None).tolist() for name, there in kept]
    if all(there.all() for _, there in kept):
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
    return [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in zip(*values, strict=True)]


_Table = tuple[tuple[tuple[tuple[int, int], ...], ...], ...]
# which parts of starts and ends meet in the lanes of each round: every start with every end once, no part in two lanes of a round;
# where both are of one label, a part that is a start in one lane may not be an end in the other either
_OF_TWO_LABELS: _Table = ((((0, 0),), ((1, 1),)), (((0, 1),), ((1, 0),)))
_OF_ONE_LABEL: _Table = (
    (((0, 0), (0, 1), (1, 0), (1, 1)), ((2, 2), (2, 3), (3, 2), (3, 3))),
    (((0, 2), (2, 0)), ((1, 3), (3, 1))),
    (((0, 3), (3, 0)), ((1, 2), (2, 1))),
)
