"""Many new elements on their way to a server: several batches under way at the same time.

While the server commits one batch it takes in the next, and the client prepares a third. Relationships are committed one batch after
the other: at its end a transaction locks the nodes that it joins and their neighbours in the store, and two that do so at the same time
block each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from threading import Lock
from typing import Any

import pandas as pd

from chain import server_batches
from chain.errors import StoreBusy
from chain.server_batches import Question, asked, batches, in_columns, names
from chain.server_link import Link, OutOfMemory, statement
from chain.server_model import EDGES

LANES = 3
"""Batches under way at the same time."""

_SMALLEST = 100


class Lanes:
    """Writes elements, and remembers for one load which numbers the server gives the nodes that relationships join.

    By its number a node is found without an index, and a number is shorter on the wire than a key.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._numbers: dict[str, pd.Series] = {}

    def written(self, kind: str, name: str, frame: pd.DataFrame) -> Iterator[int]:
        """Add, change or drop all elements of one kind, each batch a transaction; the number of elements written, as they are."""
        if kind != "add" or len(frame) <= server_batches.BATCH:
            yield from (self._write(nullcontext(), partial(asked, kind, name), rows) for rows in batches(frame))
            return
        frame = self._numbered(name, frame) if name in EDGES else frame
        turn = Lock() if name in EDGES else nullcontext()
        write = partial(self._write, turn, in_columns(name, frame))
        with ThreadPoolExecutor(LANES) as pool:
            waiting = batches(frame)
            under_way: set[Future[int]] = {pool.submit(write, rows) for rows in islice(waiting, LANES)}
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                under_way |= {pool.submit(write, rows) for rows in islice(waiting, len(done))}
                yield from (one.result() for one in done)

    def _write(self, turn: AbstractContextManager[Any], question: Question, rows: pd.DataFrame) -> int:
        """Write one batch; in halves if the server has no memory for it."""
        try:
            text, values = question(rows)
            self._link.write(lambda tx: tx.run(text, values).consume(), turn=turn)
        except OutOfMemory:
            if len(rows) <= _SMALLEST:
                raise
            middle = len(rows) // 2
            return self._write(turn, question, rows.iloc[:middle]) + self._write(turn, question, rows.iloc[middle:])
        return len(rows)

    def _numbered(self, name: str, edges: pd.DataFrame) -> pd.DataFrame:
        """Relationships of one kind with numbers of nodes for ``_from`` and ``_to``."""
        kind = EDGES[name]
        return edges.assign(_from=self._known(kind.start, edges["_from"]), _to=self._known(kind.end, edges["_to"]))

    def _known(self, label: str, keys: pd.Series) -> Any:
        known = self._numbers.get(label, pd.Series(index=pd.Index([], dtype="str"), dtype="int64"))
        distinct = pd.Index(keys.unique())
        if len(fresh := distinct[~distinct.isin(known.index)]):
            pieces = [fresh[at:at + server_batches.BATCH].tolist() for at in range(0, len(fresh), server_batches.BATCH)]
            with ThreadPoolExecutor(LANES) as pool:
                found = [number for numbers in pool.map(partial(self._asked, label), pieces) for number in numbers]
            known = self._numbers[label] = pd.concat([known, pd.Series(found, index=fresh, dtype="int64")])
        return known.to_numpy()[known.index.get_indexer(pd.Index(keys))]

    def _asked(self, label: str, keys: list[str]) -> list[int]:
        text = statement("numbers", **names(label))
        found: list[int] = self._link.write(lambda tx: tx.run(text, keys=keys).single()["numbers"])
        if len(found) != len(keys):
            raise StoreBusy(f"{self._link.address.shown} 里刚写的 {len(keys) - len(found)} 个 {label} 不见了，有别的程序在改这个数据库",
                            way_out="等它结束，再运行一次同样的载入，会接着清理并完成")
        return found
