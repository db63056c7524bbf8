"""Text made safe and measured: cleaning, widths by the shipped table, cutting, wrapping.

Widths come from a table and not from the fonts of the machine, so a map has the same layout everywhere.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

Scalar = Any
"""One cell of a frame."""

POINT = 0.3528
"""Millimetres in a point."""

UNKNOWN = 1.3
"""Width in em of a character that the font lacks: no fallback font draws it wider, save for a few ligatures."""

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls that XML refuses or discourages
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # invisible, or turning the direction of what follows
    "\ufffe\uffff\ud800-\udfff]"  # no characters at all
)
_NO_START = frozenset("，。、；：！？）】》」』〉”’·,.;:!?)]}%…")
_NO_END = frozenset("（【《「『〈“‘([{")


def clean(text: Scalar) -> str:
    """One line of plain text: no control, direction-changing or invisible characters, every run of blanks one space.

    Missing values become empty.

    >>> clean(" 甲\\x0b乙\\n丙 "), clean(None), clean(float("nan"))
    ('甲乙 丙', '', '')
    """
    return " ".join(clean_lines(text).split())


def clean_lines(text: Scalar) -> str:
    """Like `clean`, but line breaks and blanks stay; for cells."""
    return "" if text is None or pd.isna(text) else _CONTROLS.sub("", str(text))


def shown(value: Any) -> str:
    """One cell as text: nothing for a missing value, 是 and 否 for flags, whole numbers without a decimal point.

    >>> shown(None), shown(True), shown(-3.0), shown(0.5), shown("甲")
    ('', '是', '-3', '0.5', '甲')
    """
    if value is None or pd.isna(value):
        return ""
    if pd.api.types.is_bool(value):
        return "是" if value else "否"
    if pd.api.types.is_integer(value):
        return str(int(value))
    if pd.api.types.is_float(value):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return clean_lines(value)


def dated(as_of: str) -> str:
    """The date of the data in words.

    >>> dated("2026-11-20"), dated("")
    ('数据截至 2026-11-20', '数据日期未注明')
    """
    return f"数据截至 {clean(as_of)}" if clean(as_of) else "数据日期未注明"


def escape(text: str) -> str:
    """Text for XML content and attribute values."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")


@cache
def _table() -> tuple[list[int], list[tuple[int, int, int]]]:
    with open(Path(__file__).with_name("widths.csv"), encoding="utf-8", newline="") as file:
        rows = [(int(r["first"], 16), (int(r["last"], 16), int(r["regular"]), int(r["bold"]))) for r in csv.DictReader(file)]
    return [first for first, _ in rows], [rest for _, rest in rows]


@cache
def _known(character: str) -> tuple[float, float] | None:
    """Regular and bold width of a character in em, None if the fonts lack it."""
    firsts, rests = _table()
    at = bisect_right(firsts, ord(character)) - 1
    return (rests[at][1] / 1000, rests[at][2] / 1000) if at >= 0 and ord(character) <= rests[at][0] else None


@cache
def _advance(character: str) -> tuple[float, float]:
    """Regular and bold width of a character; rare ideographs are as wide as all others, what else is lacking is set wide."""
    code = ord(character)
    ideograph = 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x3FFFF
    return _known(character) or ((1.0, 1.0) if ideograph else (UNKNOWN, UNKNOWN))


@lru_cache(maxsize=65536)
def ems(text: str, bold: bool = False) -> float:
    """Width of a text in em.

    >>> ems("锂电池"), round(ems("PVDF"), 2)
    (3.0, 2.45)
    """
    return sum(_advance(c)[bold] for c in text)


def covered(text: str) -> bool:
    """Whether the shipped fonts have every character of a text."""
    return all(_known(character) for character in text)


def cut(text: str, width: float, bold: bool = False) -> str:
    """The text, or as much of it as fits into `width` em, ending in ``…``; empty if not even that fits.

    >>> cut("内蒙古自治区示例", 5)
    '内蒙古自…'
    """
    if ems(text, bold) <= width:
        return text
    room = width - ems("…", bold)
    if room < 0:
        return ""
    used, at = 0.0, 0
    while at < len(text) and used + ems(text[at], bold) <= room:
        used += ems(text[at], bold)
        at += 1
    return text[:at].rstrip() + "…"


def wrap(text: str, width: float, lines: int, bold: bool = False) -> list[str]:
    """The text in at most `lines` lines of `width` em, the last one cut; Latin words and brackets stay whole where they can."""
    found: list[str] = []
    rest = text
    while rest and len(found) < lines - 1 and ems(rest, bold) > width:
        at = _break(rest, width, bold)
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, cut(rest, width, bold)] if rest else found


def _break(text: str, width: float, bold: bool) -> int:
    """Where to break a text that is wider than `width`: at the last good place in its second half, else anywhere."""
    used, most = 0.0, 0
    while most < len(text) and used + ems(text[most], bold) <= width:
        used += ems(text[most], bold)
        most += 1
    good = [at for at in range(most, max(most // 2, 1) - 1, -1) if _breakable(text, at)]
    return max(good[0] if good else most, 1)


def _breakable(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at] if at < len(text) else " "
    word = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return not word and after not in _NO_START and before not in _NO_END
