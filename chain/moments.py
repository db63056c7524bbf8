"""When a question is asked: the day it asks about, and the state of the store that it is answered from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from chain.errors import InputError, LianpuError, StoreError, StoreMoved
from chain.store import Store

Held = TypeVar("Held", bound=Store)
Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")

NO_DAY = 99999998
"""A day after all others."""

TRIES = 4
"""How often a question is asked because the data changed meanwhile."""


def day_of(day: str) -> int:
    """An ISO date as yyyymmdd; `NO_DAY` for none.

    Raises
    ------
    InputError
        If it is no date.
    """
    if not day:
        return NO_DAY
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
            raise ValueError(day)
        return int(date.fromisoformat(day).strftime("%Y%m%d"))
    except ValueError as error:
        raise InputError(f"不是日期：{day}", way_out="写成 2025-06-30 的样子") from error


def stamp_of(path: Path) -> str:
    """A word that changes when a file is replaced or changed.

    Raises
    ------
    StoreError
        If it is not there.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise StoreError(f"图谱文件不在了：{path}", way_out="请管理员重新载入数据，或用正确的路径启动") from error
    return f"{status.st_ino} {status.st_mtime_ns} {status.st_size}"


@contextmanager
def unmoved(moved: Callable[[], bool]) -> Iterator[None]:
    """Makes sure at the end that the state is still the same, if something went wrong too: two states may well contradict each other.

    Raises
    ------
    StoreMoved
        If it is not.
    """
    try:
        yield
    except LianpuError as error:
        if not isinstance(error, StoreMoved) and moved():
            raise StoreMoved from None
        raise
    if moved():
        raise StoreMoved


class Moments:
    """The moments of a store whose stamp costs nothing to ask for, see `chain.store.Store.moment`.

    Parameters
    ----------
    now
        Gives the stamp of the present state.
    """

    def __init__(self, now: Callable[[], str]) -> None:
        self._now, self._held = now, False

    @contextmanager
    def hold(self, stamp: str | None) -> Iterator[None]:
        """One state until the end; part of the moment that is held already, if one is."""
        if self._held:
            yield
            return
        now = self._now()
        if stamp not in (None, now):
            raise StoreMoved
        self._held = True
        try:
            with unmoved(lambda: self._now() != now):
                yield
        finally:
            self._held = False


def of_one_moment(query: Callable[Concatenate[Held, Rest], Answer]) -> Callable[Concatenate[Held, Rest], Answer]:
    """A query of a store, its first argument, so that all it reads is of one state; asked again if a load comes in between.

    Raises
    ------
    StoreMoved
        If the data changes faster than the question can be answered.
    """
    @wraps(query)
    def asked(store: Held, /, *values: Rest.args, **named: Rest.kwargs) -> Answer:
        for _ in range(TRIES - 1):
            with suppress(StoreMoved), store.moment():
                return query(store, *values, **named)
        with store.moment():
            return query(store, *values, **named)

    return asked
