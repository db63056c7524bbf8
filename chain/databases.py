"""Attached files shared by all who read the same state of them: one set of cached blocks and one pool of threads, however many read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

Stamp = tuple[int, int]
"""What tells one state of a file from another: inode and time of change."""


class Database:
    """A connection that has a file attached, and further connections to the same.

    Attributes
    ----------
    lock
        Held by who makes something in it.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.lock = threading.Lock()

    def cursor(self) -> Any:
        """A connection of one's own, for one thread at a time."""
        with self.lock:
            own = self._connection.cursor()
        own.execute("USE graph")
        return own

    def __del__(self) -> None:
        self._connection.close()


_lock = threading.Lock()
_open: WeakValueDictionary[tuple[str, Stamp], Database] = WeakValueDictionary()


def at(path: Path, stamp: Stamp, attach: Callable[[Path], Any]) -> Database:
    """The database of one state of a file; attached if nobody here reads it. It goes when the last of its readers does."""
    key = (str(path.resolve()), stamp)
    with _lock:
        found = _open.get(key)
        if found is None:
            found = _open[key] = Database(attach(path))
    return found
