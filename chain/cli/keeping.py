"""Answers kept as long as the data they come from: every one from a single state of the store, worked out once however many ask."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from chain import is_address, open_store
from chain.errors import StoreBusy, StoreMoved
from chain.moments import TRIES, stamp_of, unmoved
from chain.store import Store

Key = tuple[object, ...]
Found = TypeVar("Found")

MOST = {"answers": 24, "chain": 24, "makers": 4, "made": 4, "own": 24, "map": 24, "print": 8, "export": 8}
"""How many answers of the large kinds are kept."""

MOST_SMALL = 1000
"""How many of every other kind."""

IDLE = 3
"""Connections kept open though nobody asks; each has a cache of its own, and opening one takes milliseconds."""

FRESH = 1.0
"""Seconds for which the state of a server is taken to be what it was; asking costs a round trip."""


class Keeper:
    """What has been answered, by the word of the state it was answered from.

    A connection serves one question at a time; as many are open as questions are answered at once.

    Parameters
    ----------
    location
        Path or address of the store.
    """

    def __init__(self, location: str, *, password: str | None = None) -> None:
        self._location, self._password = location, password
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._watch: Store | None = None
        self._turns: dict[Key, list[Any]] = {}
        self._held: dict[object, OrderedDict[Key, Any]] = {}
        self._state, self._seen = "", float("-inf")
        self._idle: list[Store] = []
        self._mine = threading.local()

    def version(self) -> str:
        """A word that changes when the data changes, asked now.

        Raises
        ------
        StoreError
            If the store is not there any more.
        """
        with self._asking:
            return _word(self._ask_state())

    def recent(self) -> str:
        """The word of the state, on a server at most `FRESH` seconds old."""
        return _word(self._recent())

    def kept(self, key: Key, ask: Callable[[Store], Found]) -> Found:
        """What `ask` answers from one state of the data; two who ask the same wait for one answer.

        Within `ask` it may be used again: what is asked then comes from the same state.

        Raises
        ------
        StoreBusy
            If the data changes faster than the question can be answered.
        """
        if (state := getattr(self._mine, "state", None)) is not None:
            return self._once(state, key, ask)
        for _ in range(TRIES):
            state = self._recent()
            try:
                return self._once(state, key, ask)
            except StoreMoved:
                self.version()
        raise StoreBusy("数据正在更新", way_out="稍后再试")

    def close(self) -> None:
        """Lets go of connections that answer nothing now."""
        with self._asking, self._lock:
            self._forget()
            if self._watch is not None:
                self._watch.close()
            self._watch = None

    # -- inside

    def _once(self, state: str, key: Key, ask: Callable[[Store], Found]) -> Found:
        whole = (state, *key)
        with self._turn(whole):
            with self._lock:
                shelf: OrderedDict[Key, Any] = self._held.get(key[0], OrderedDict())
                if whole in shelf:
                    self._held[key[0]].move_to_end(whole)
                    found: Found = shelf[whole]
                    return found
            found = self._asked(state, ask)
            with self._lock:
                if state == self._state:
                    shelf = self._held.setdefault(key[0], OrderedDict())
                    shelf[whole] = found
                    while len(shelf) > MOST.get(str(key[0]), MOST_SMALL):
                        shelf.popitem(last=False)
            return found

    def _recent(self) -> str:
        if (mine := getattr(self._mine, "state", None)) is not None:
            return str(mine)
        with self._asking:  # who waited finds the answer of the one before
            return self._state if is_address(self._location) and time.monotonic() - self._seen < FRESH else self._ask_state()

    def _ask_state(self) -> str:
        """The stamp of the data now, by a connection of its own: the others may be in the middle of long answers."""
        if not is_address(self._location):
            stamp = stamp_of(Path(self._location))
        else:
            self._watch = self._watch or open_store(self._location, password=self._password)
            stamp = self._watch.stamp()
        with self._lock:
            self._seen = time.monotonic()
            if stamp != self._state:
                self._state = stamp
                self._forget()
        return stamp

    def _asked(self, state: str, ask: Callable[[Store], Found]) -> Found:
        """The answer, all of it from one state."""
        with self._lent() as store:
            if getattr(self._mine, "state", None) is not None:
                with unmoved(lambda: store.stamp() != state):
                    return ask(store)
            self._mine.state = state
            try:
                with store.moment(state):
                    return ask(store)
            finally:
                self._mine.state = None

    @contextmanager
    def _turn(self, key: Key) -> Iterator[None]:
        """One at a time for one question."""
        with self._lock:
            turn = self._turns.setdefault(key, [threading.Lock(), 0])
            turn[1] += 1
        try:
            with turn[0]:
                yield
        finally:
            with self._lock:
                turn[1] -= 1
                if not turn[1]:
                    self._turns.pop(key, None)

    @contextmanager
    def _lent(self) -> Iterator[Store]:
        """A connection for as long as a question takes; the same one for the questions within it."""
        if (mine := getattr(self._mine, "store", None)) is not None:
            yield mine
            return
        with self._lock:
            store = self._idle.pop() if self._idle else None
        self._mine.store = store = store or open_store(self._location, password=self._password)
        try:
            yield store
        finally:
            self._mine.store = None
            with self._lock:
                if spare := len(self._idle) < IDLE:
                    self._idle.append(store)
            if not spare:
                store.close()

    def _forget(self) -> None:
        """Answers and idle connections of a state that is no more: an open file would keep its place on the disk."""
        self._held.clear()
        idle, self._idle = self._idle, []
        for store in idle:
            store.close()


def _word(stamp: str) -> str:
    return hashlib.sha256(stamp.encode()).hexdigest()[:16]
