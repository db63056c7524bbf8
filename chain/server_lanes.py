"""Many new elements on their way to a server: several batches under way at the same time.

While the server commits one batch it takes in the next, and the client prepares a third. Relationships are committed one batch after
the other: at its end a transaction locks the nodes that it joins and their neighbours in the store, and two that do so at the same time
block each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
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
from chain.server_model import EDGES, NODES

LANES = 3
"""Batches under way at the same time."""

_SMALLEST = 100
_NONE = pd.Series(index=pd.Index([], dtype="str"), dtype="int64")


class Lanes:
    """Writes elements, and remembers for one load which numbers the server gives the nodes that relationships join.

    By its number a node is found without an index, and a number is shorter on the wire than a key.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._numbers: dict[str, list[pd.Series]] = {}

    def written(self, kind: str, name: str, frame: pd.DataFrame) -> Iterator[int]:
        """Add, change or drop all elements of one kind, each batch a transaction; the number of elements written, as they are."""
        if kind != "add" or len(frame) <= server_batches.BATCH:
            for rows in batches(frame):
                self._write(nullcontext(), partial(asked, kind, name), rows)
                yield len(rows)
            return
        if name in NODES:
            write, key = partial(self._write, nullcontext(), in_columns(name, frame)), NODES[name].key
            for rows, numbers in self._at_once(write, frame):
                self._remember(name, rows[key], numbers)
                yield len(rows)
            return
        edges = self._numbered(name, frame)
        for rows, _ in self._at_once(partial(self._write, Lock(), in_columns(name, edges)), edges):
            yield len(rows)

    def _at_once(self, write: Callable[[pd.DataFrame], list[int]], frame: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, list[int]]]:
        """Write the batches of a frame, some at the same time; each as it is done, with what the server answered."""
        waiting = batches(frame)
        with ThreadPoolExecutor(LANES) as pool:
            under_way = {pool.submit(write, rows): rows for rows in islice(waiting, LANES)}
            while under_way:
                for one in wait(under_way, return_when=FIRST_COMPLETED).done:
                    done = under_way.pop(one)
                    under_way |= {pool.submit(write, rows): rows for rows in islice(waiting, 1)}
                    yield done, one.result()

    def _write(self, turn: AbstractContextManager[Any], question: Question, rows: pd.DataFrame) -> list[int]:
        """Write one batch; in halves if the server has no memory for it. The numbers of new nodes, in their order."""
        try:
            text, values = question(rows)
            told = self._link.write(lambda tx: tx.run(text, values).single(), turn=turn)
        except OutOfMemory:
            if len(rows) <= _SMALLEST:
                raise
            middle = len(rows) // 2
            return self._write(turn, question, rows.iloc[:middle]) + self._write(turn, question, rows.iloc[middle:])
        return told["numbers"] if told else []

    def _numbered(self, name: str, edges: pd.DataFrame) -> pd.DataFrame:
        """Relationships of one kind with numbers of nodes for ``_from`` and ``_to``."""
        kind = EDGES[name]
        return edges.assign(_from=self._known(kind.start, edges["_from"]), _to=self._known(kind.end, edges["_to"]))

    def _known(self, label: str, keys: pd.Series) -> Any:
        """The number of the node of `label` that each key names; of nodes that were there before, the server is asked."""
        codes, distinct = pd.factorize(keys)
        unknown = distinct[self._of(label).index.get_indexer(distinct) < 0]
        for at in range(0, len(unknown), server_batches.BATCH):
            some = unknown[at:at + server_batches.BATCH]
            self._remember(label, some, self._asked(label, some.tolist()))
        known = self._of(label)
        return known.to_numpy()[known.index.get_indexer(distinct)][codes]

    def _of(self, label: str) -> pd.Series:
        """Numbers by key of all nodes of a label that are known so far."""
        known: pd.Series = pd.concat([_NONE, *self._numbers.get(label, [])])
        self._numbers[label] = [known]
        return known

    def _remember(self, label: str, keys: Any, numbers: list[int]) -> None:
        self._numbers.setdefault(label, []).append(pd.Series(numbers, index=pd.Index(keys), dtype="int64"))

    def _asked(self, label: str, keys: list[str]) -> list[int]:
        text = statement("numbers", **names(label))
        found: list[int] = self._link.write(lambda tx: tx.run(text, keys=keys).single()["numbers"])
        if len(found) != len(keys):
            raise StoreBusy(f"{self._link.address.shown} 里刚写的 {len(keys) - len(found)} 个 {label} 不见了，有别的程序在改这个数据库",
                            way_out="等它结束，再运行一次同样的载入，会接着清理并完成")
        return found
