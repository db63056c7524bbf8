"""Cells of a workbook: how values are written, formats, widths, heights."""

from __future__ import annotations

from datetime import datetime
from math import ceil, isfinite
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from viz.palette import LINE, Look
from viz.text import clean, clean_lines, ems

Workbook: TypeAlias = Any
Worksheet: TypeAlias = Any
Format: TypeAlias = Any
"""Objects of XlsxWriter, which ships no types."""

LONGEST = 32_767
"""Characters that a cell can hold."""

CUT_MARK = "……（超长，已截断）"
FONT = "微软雅黑"
HANZI = 1.92
"""Width of a hanzi in the unit of column widths, a digit of the same font."""

_COUNTED = ("年", "序号", "编号", "代码", "行号", "批次")


class Styles:
    """Cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})
        return self._made[key]

    def cell(self, **properties: object) -> Format:
        """A format for the body of a table."""
        return self.get(border=1, border_color=LINE, text_wrap=True, **properties)

    def status(self, look: Look) -> Format:
        """The format of a status cell: hatched where the status is not certain."""
        if not look.hatched:
            return self.cell(bg_color=look.fill, font_color=look.text, bold=True, align="center")
        return self.get(
            pattern=14, bg_color="#FFFFFF", fg_color=look.tint, font_color=look.text, bold=True, align="center", border=3,
            border_color=look.border,
        )


def write_cell(page: Worksheet, row: int, column: int, value: Any, style: Format, *, as_text: bool = False) -> None:
    """One value by its kind: nothing, flag, number, date or text."""
    if value is None or pd.isna(value):
        page.write_blank(row, column, None, style)
    elif pd.api.types.is_bool(value):
        page.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, (int, float, np.number)) and not as_text and isfinite(value):
        page.write_number(row, column, float(value), style)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), style)
    else:
        page.write_string(row, column, clipped(clean_lines(value)), style)


def clipped(text: str) -> str:
    """Text cut to what a cell can hold, with a mark that says so; characters beyond the basic plane count twice there."""
    if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = LONGEST - len(CUT_MARK)
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore") + CUT_MARK


def column_width(name: str, values: pd.Series) -> int:
    """Width of a column in characters: what most of the first 400 rows need, between 7 and 56."""
    values = values.iloc[:400]
    needs = sorted(HANZI * ems(clean(value)[:80]) for value in values)
    usual = needs[int(0.95 * (len(needs) - 1))] if needs else 0.0
    return int(min(max(usual + 2.5, min(HANZI * ems(name, True) + 4, 16), 7), 56))


def column_style(name: str, values: pd.Series, as_text: bool) -> dict[str, object]:
    """Number format and alignment of a column by what it holds."""
    if as_text or pd.api.types.is_bool_dtype(values):
        return {"num_format": "@"} if as_text else {"align": "center"}
    if pd.api.types.is_datetime64_any_dtype(values):
        return {"num_format": "yyyy-mm-dd", "align": "center"}
    if not pd.api.types.is_numeric_dtype(values):
        return {}
    known = values.dropna().astype("float64")
    if (known % 1 == 0).all():
        return {"num_format": "0" if any(word in name for word in _COUNTED) else "#,##0", "align": "center"}
    return {"num_format": "#,##0.00" if known.abs().max() < 1000 else "#,##0", "align": "center"}


def ceiling(scores: pd.Series) -> float:
    """Full length of a bar: 1 or 100 where the scores stay below, else the highest."""
    known = pd.to_numeric(scores, errors="coerce").dropna()
    most = float(known.max()) if len(known) else 1.0
    return 1.0 if most <= 1 else 100.0 if most <= 100 else most


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a cell of a width in characters; taken a little generously."""
    room = max(width, 4.0)
    return sum(max(1, ceil(HANZI * ems(part[:4000]) / room)) for part in text[:8000].split("\n"))


def letters(column: int) -> str:
    """Name of a column, counted from 0: A … Z, AA …"""
    before = letters(column // 26 - 1) if column >= 26 else ""
    return before + chr(ord("A") + column % 26)
