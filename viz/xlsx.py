"""Workbooks: one frame a sheet, ready to read, filter, fill in and print.

All text is written as text, so nothing in it can become a formula or a link. The bytes depend on the content only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from chain.errors import InputError, OutputError
from viz.cells import (
    FONT,
    Styles,
    Workbook,
    Worksheet,
    ceiling,
    clipped,
    column_style,
    column_width,
    letters,
    lines_of,
    write_cell,
)
from viz.files import write_whole
from viz.palette import NAVY, SECONDARY, look_of_word
from viz.text import clean, dated

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Rows and columns that a sheet can have."""

ROW_HEIGHT, MOST_HEIGHT = 18.0, 409.0
"""Usual and greatest height of a row in points."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Attributes
    ----------
    name, title
        Name on the tab; heading.
    frame
        What it lists; columns carry their Chinese headers, in order.
    notes
        Lines under the heading: scope, date, rule.
    widths
        Width in characters by column; measured from the content where not given.
    status_column
        Column of status words, drawn as colour, sign and word.
    score_column
        Column of scores, drawn with a bar.
    choices
        Words to choose from, by column, as a drop-down.
    freeze_columns
        How many columns stay in view.
    text_columns
        Columns kept as text, such as codes.
    one_page
        Printed on one page, however small; else one page wide and as many high as it takes.
    """

    name: str
    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    status_column: str | None = None
    score_column: str | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    freeze_columns: int = 1
    text_columns: tuple[str, ...] = ()
    one_page: bool = False


def write_workbook(path: Path | str, sheets: Sequence[Sheet], *, as_of: str, author: str = "", stamp: str = "") -> None:
    """Writes sheets as one XLSX file.

    Parameters
    ----------
    path
        Where to; replaced whole.
    sheets
        In order; the first is in front.
    as_of
        ISO date of the data: printed in the footer, and the creation date of the file. Where it is empty the footer says
        数据日期未注明 and the file is dated 2000-01-01.
    author
        Office that hands it out.
    stamp
        Words such as 内部资料, at the head of every printed page.

    Raises
    ------
    InputError
        On no sheet, or a named column that a frame does not have.
    OutputError
        If a frame is larger than a sheet can be, or the path can't be written.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    if not sheets:
        raise InputError("工作簿里没有任何工作表", way_out="至少给出一张表")
    for sheet in sheets:
        _check(sheet, Path(path))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": False, "default_format_properties": {"font_name": FONT, "font_size": 10},
    })
    book.set_properties({"title": clean(sheets[0].title), "author": clean(author), "created": _date(as_of)})
    styles = Styles(book)
    lists = _Lists()
    for sheet, name in zip(sheets, sheet_names([sheet.name for sheet in sheets]), strict=True):
        _Writer(book.add_worksheet(name), sheet, styles, lists).write(clean(as_of), clean(author), clean(stamp))
    lists.write(book)
    book.close()
    write_whole(path, out.getvalue())


def sheet_names(names: Sequence[str]) -> list[str]:
    """Names that Excel takes: without ``[]:*?/\\``, at most 31 characters, all different.

    >>> sheet_names(["缺口/清单", "缺口_清单", ""])
    ['缺口_清单', '缺口_清单 2', '表']
    """
    found: list[str] = []
    for given in names:
        name = "".join("_" if c in "[]:*?/\\" else c for c in clean(given)).strip("'")[:31].strip() or "表"
        count, base = 1, name
        while name.lower() in [other.lower() for other in found] or name.lower() == "history":
            count += 1
            name = f"{base[: 30 - len(str(count))]} {count}"
        found.append(name)
    return found


def _check(sheet: Sheet, path: Path) -> None:
    named = [sheet.status_column, sheet.score_column, *sheet.choices, *sheet.text_columns, *sheet.widths]
    absent = [column for column in named if column is not None and column not in sheet.frame.columns]
    if absent:
        known = "、".join(map(str, sheet.frame.columns))
        raise InputError(f"工作表「{sheet.name}」没有这些列：{'、'.join(absent)}", way_out=f"现有的列：{known}")
    rows = len(sheet.frame) + len(sheet.notes) + 2
    if rows > MOST_ROWS or len(sheet.frame.columns) > MOST_COLUMNS:
        raise OutputError(
            f"工作表「{sheet.name}」有 {len(sheet.frame):,} 行、{len(sheet.frame.columns):,} 列，"
            f"超过 Excel 的上限（{MOST_ROWS:,} 行、{MOST_COLUMNS:,} 列）",
            where=str(path), way_out="缩小范围后再导出，或导出 CSV",
        )


def _date(text: str) -> datetime:
    """The date of the data; a fixed day where there is none, so that the bytes don't depend on the clock."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001 - files carry a naive date


class _Lists:
    """Drop-down words that don't fit into a cell's own list, on a hidden sheet."""

    name = "_选项"

    def __init__(self) -> None:
        self._columns: list[tuple[str, ...]] = []

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """What a validation refers to: the words, or their range if they are too long or hold a comma."""
        if len(",".join(words)) <= 255 and not any("," in word for word in words):
            return list(words)
        if words not in self._columns:
            self._columns.append(words)
        letter = letters(self._columns.index(words))
        return f"='{self.name}'!${letter}$1:${letter}${len(words)}"

    def write(self, book: Workbook) -> None:
        """Adds the hidden sheet if it is needed."""
        if self._columns:
            sheet = book.add_worksheet(self.name)
            sheet.hide()
            for at, words in enumerate(self._columns):
                for row, word in enumerate(words):
                    sheet.write_string(row, at, word)


class _Writer:
    """Writes one sheet."""

    def __init__(self, page: Worksheet, sheet: Sheet, styles: Styles, lists: _Lists) -> None:
        self.page, self.sheet, self.styles, self.lists = page, sheet, styles, lists
        self.columns = [str(column) for column in sheet.frame.columns]
        self.notes = [note for note in map(clean, sheet.notes) if note]
        self.head = 1 + len(self.notes)
        self.last = self.head + len(sheet.frame)
        self.widths = [self._width(at, name) for at, name in enumerate(self.columns)]

    def _width(self, at: int, name: str) -> int:
        usual = 13 if name == self.sheet.status_column else column_width(name, self.sheet.frame.iloc[:, at])
        return self.sheet.widths.get(name, usual)

    def write(self, as_of: str, author: str, stamp: str) -> None:
        """Everything on the sheet."""
        for at, width in enumerate(self.widths):
            self.page.set_column(at, at, width)
        self._write_heading()
        self._set_heights()
        for at, name in enumerate(self.columns):
            self._write_column(at, name)
        self._write_aids()
        self._write_print(as_of, author, stamp)

    def _write_heading(self) -> None:
        styles, page, total = self.styles, self.page, sum(self.widths) or 40
        page.set_row(0, 30)
        page.write_string(0, 0, clipped(clean(self.sheet.title)), styles.get(bold=True, font_size=16, font_color=NAVY))
        for at, note in enumerate(self.notes, start=1):
            style = styles.get(font_size=9, font_color=SECONDARY, text_wrap=True)
            page.set_row(at, min(13.5 * lines_of(note, total - 2) + 2, 400))
            if len(self.columns) > 1:
                page.merge_range(at, 0, at, len(self.columns) - 1, "", style)
            page.write_string(at, 0, clipped(note), style)
        style = styles.cell(bold=True, bg_color=NAVY, font_color="#FFFFFF", align="center")
        lines = max((lines_of(name, width - 3) for name, width in zip(self.columns, self.widths, strict=True)), default=1)
        page.set_row(self.head, max(24, 15 * min(lines, 4)))
        for at, name in enumerate(self.columns):
            page.write_string(self.head, at, clipped(clean(name)), style)

    def _set_heights(self) -> None:
        """Rows high enough for their longest cell: not every program works that out when it opens a file."""
        self.page.set_default_row(ROW_HEIGHT)
        frame = self.sheet.frame
        high = [1] * len(frame)
        for at, width in enumerate(self.widths):
            if pd.api.types.is_numeric_dtype(frame.iloc[:, at]):
                continue
            for row, value in enumerate(frame.iloc[:, at]):
                if isinstance(value, str) and (2 * len(value) > width or "\n" in value):
                    high[row] = max(high[row], lines_of(value, width - 1))
        for row, lines in enumerate(high, start=self.head + 1):
            if lines > 1:
                self.page.set_row(row, min(13.5 * lines + 4, MOST_HEIGHT))

    def _write_column(self, at: int, name: str) -> None:
        values = self.sheet.frame.iloc[:, at]
        style = self.styles.cell(**column_style(name, values, name in self.sheet.text_columns))
        if name == self.sheet.status_column:
            for row, value in enumerate(values, start=self.head + 1):
                self._write_status(row, at, value)
            return
        for row, value in enumerate(values, start=self.head + 1):
            write_cell(self.page, row, at, value, style, as_text=name in self.sheet.text_columns)

    def _write_status(self, row: int, at: int, value: Any) -> None:
        look = look_of_word(clean(value))
        if look is None:
            write_cell(self.page, row, at, value, self.styles.cell(align="center"))
        else:
            self.page.write_string(row, at, f"{look.symbol} {look.word}", self.styles.status(look))

    def _write_aids(self) -> None:
        """Filter, frozen panes, drop-downs, bars; green triangles off where digits are meant as text."""
        page, first, last = self.page, self.head + 1, self.last
        page.freeze_panes(first, min(self.sheet.freeze_columns, max(len(self.columns) - 1, 0)))
        page.hide_gridlines(2)
        if self.columns:
            page.autofilter(self.head, 0, last, len(self.columns) - 1)
        if last < first:
            return
        for name, words in self.sheet.choices.items():
            at = self.columns.index(name)
            page.data_validation(first, at, last, at, {
                "validate": "list", "source": self.lists.source(tuple(map(clean, words))), "error_type": "warning",
                "error_title": "不在选项里", "error_message": "建议从下拉列表里选。",
            })
        if self.sheet.score_column:
            at = self.columns.index(self.sheet.score_column)
            page.conditional_format(first, at, last, at, {
                "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": "#9DB2CC", "min_type": "num",
                "min_value": 0, "max_type": "num", "max_value": ceiling(self.sheet.frame[self.sheet.score_column]),
            })
        page.ignore_errors({"number_stored_as_text": f"A{first + 1}:{letters(max(len(self.columns) - 1, 0))}{last + 1}"})

    def _write_print(self, as_of: str, author: str, stamp: str) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(8 if sum(self.widths) > 110 else 9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 1 if self.sheet.one_page else 0)
        page.repeat_rows(self.head)
        page.print_area(0, 0, self.last, max(len(self.columns) - 1, 0))
        left = " ".join(part for part in (author[:60], dated(as_of[:20])) if part).replace("&", "&&")
        if stamp:
            page.set_header(f"&R&14&K7A2206{_apart(stamp[:40].replace('&', '&&'))}")
        page.set_footer(f"&L&9{_apart(left)}&C&9第 &P / &N 页&R&9&A")


def _apart(text: str) -> str:
    """Footer text that does not run into the size code before it."""
    return f" {text}" if text[:1].isdigit() else text
