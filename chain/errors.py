"""Every exception of the project, under one root.

A message says what went wrong, where, with which value, and the way out. The command line turns these into text in one
place; everything else raises them.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class LianpuError(Exception):
    """Root of all errors that are ours to explain.

    Parameters
    ----------
    what
        What went wrong, in Chinese, with the offending value.
    where
        File, sheet, row, column: as much as is known.
    way_out
        What the reader can do now.
    """

    def __init__(self, what: str, *, where: str = "", way_out: str = "") -> None:
        self.what, self.where, self.way_out = what, where, way_out
        super().__init__("\n".join(part for part in (what, where and f"位置：{where}", way_out and f"办法：{way_out}") if part))


class InputError(LianpuError):
    """A file or a value handed in can't be used."""


class DefinitionError(InputError):
    """A chain file breaks the format; `where` names file and line."""


class UnknownName(LianpuError):
    """A chain, region, product or id that is not known; near names are offered.

    Parameters
    ----------
    kind
        What was looked for: 产业链, 行政区, 产品 …
    name
        The name as given.
    known
        All names that would have been right.
    several
        The name fits more than one; `way_out` lists them.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), *, way_out: str = "", several: bool = False) -> None:
        near = near_names(name, known)
        hint = f"是不是：{'、'.join(near)}？" if near else ""
        what = f"不止一个{kind}叫" if several else f"没有这个{kind}："
        super().__init__(f"{what}{name!r}", way_out=" ".join(part for part in (hint, way_out) if part))
        self.near = near


class StoreError(LianpuError):
    """The store can't be opened, read or written."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class LoadOpen(StoreBusy):
    """A load of several transactions is under way, or was left open by a crash.

    Parameters
    ----------
    where
        The store.
    load
        Who loads, since when, how far; goes to visitors of a page too.
    """

    def __init__(self, where: str, load: str, *, way_out: str) -> None:
        super().__init__(f"{where}：{load}", way_out=way_out)
        self.load = load


class StoreMoved(StoreError):
    """The data changed while a question was answered."""

    def __init__(self) -> None:
        super().__init__("读到一半，数据被更新了", way_out="再试一次")


class OutputError(LianpuError):
    """A result can't be written where it was asked for."""


def near_names(name: str, known: Iterable[str], count: int = 5) -> list[str]:
    """Known names that look like `name`: those that contain it or that it contains first, then by edit distance."""
    pool = sorted(set(known))
    inside = [other for other in pool if name and (name in other or other in name)]
    close = get_close_matches(name, pool, n=4 * count, cutoff=0.5)
    close.sort(key=lambda other: other[:1] != name[:1])  # a slip is rarely in the first character
    return list(dict.fromkeys(sorted(inside, key=len) + close))[:count]
