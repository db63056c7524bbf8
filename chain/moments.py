"""When a question is asked: the day it asks about, and the state of the store that it is answered from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from chain.errors import InputError, LianpuError, StoreError, StoreMoved

NO_DAY = 99999998
"""A day after all others."""


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
def unmoved(now: Callable[[], str], stamp: str) -> Iterator[None]:
    """Makes sure that the state is the one of `stamp` at the end, if something went wrong too: two states may well contradict each other.

    Parameters
    ----------
    now
        Gives the stamp of the present state.

    Raises
    ------
    StoreMoved
        If it is another.
    """
    try:
        yield
    except LianpuError as error:
        if not isinstance(error, StoreMoved) and now() != stamp:
            raise StoreMoved from None
        raise
    if now() != stamp:
        raise StoreMoved
