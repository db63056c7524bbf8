"""Workbooks that people fill in and hand back: the same bytes for the same content, text as text, no formula ever."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 32_767
"""Most characters a cell of a workbook holds."""

ROWS = 5_000
"""Rows below a header that get drop-downs and checks."""

_CREATED = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PALETTE = {"needed": "#F8CBAD", "head": "#D9E2EC", "given": "#F2F2F2"}


@dataclass(frozen=True)
class Field:
    """One column of a sheet to fill in.

    Attributes
    ----------
    kind
        text, number, integer, date or share (a number shown as percent).
    choices
        Words of the drop-down.
    low, high
        Bounds of a quantity.
    hint
        Shown where a cell of the column is entered.
    given
        Filled in already and not meant to be changed: shaded.
    """

    header: str
    kind: str = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    hint: str = ""
    width: int = 16
    given: bool = False


class Book:
    """A workbook being written, with the formats its sheets share."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        base = {"text_wrap": True, "valign": "top"}
        head = {**base, "bold": True, "border": 1}
        self.formats = {name: workbook.add_format({**head, "bg_color": colour}) for name, colour in _PALETTE.items()}
        self.cells = {
            "text": workbook.add_format({**base, "num_format": "@"}), "number": workbook.add_format({"valign": "top"}),
            "integer": workbook.add_format({"valign": "top", "num_format": "0"}),
            "date": workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
            "share": workbook.add_format({"valign": "top", "num_format": "0.00%"}),
            "given": workbook.add_format({**base, "num_format": "@", "bg_color": _PALETTE["given"]}),
        }

    def form(self, title: str, fields: Sequence[Field], rows: Iterable[Sequence[object]] = ()) -> None:
        """A sheet with a frozen header, its checks and drop-downs, and rows already filled in."""
        sheet = self.workbook.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for at, field in enumerate(fields):
            sheet.set_column(at, at, field.width, self.cells["given" if field.given else field.kind])
            sheet.write_string(0, at, field.header, self.formats["needed" if field.needed else "head"])
            if rule := _rule(field):
                sheet.data_validation(1, at, ROWS, at, rule)
        for number, row in enumerate(rows, 1):
            for at, (field, value) in enumerate(zip(fields, row, strict=True)):
                self._cell(sheet, number, at, value, self.cells["given" if field.given else field.kind])

    def page(self, title: str, header: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> None:
        """A sheet to read, not to fill in."""
        sheet = self.workbook.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for at, (text, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(at, at, width, self.cells["text"])
            sheet.write_string(0, at, text, self.formats["head"])
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                self._cell(sheet, number, at, value, self.cells["text"])

    def _cell(self, sheet: Any, row: int, column: int, value: object, style: Any) -> None:
        if isinstance(value, bool) or value is None or value != value:
            return
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif value != "":
            sheet.write_string(row, column, str(value), style)


def _rule(field: Field) -> dict[str, Any] | None:
    """Data validation of a column; None where anything may stand."""
    rule: dict[str, Any] = {"ignore_blank": True}
    if field.hint:
        rule |= {"input_title": field.header[:32], "input_message": field.hint[:255]}
    if field.choices:
        rule |= {"validate": "list", "source": list(field.choices), "error_message": "请从下拉列表里选"}
    elif field.kind == "date":
        rule |= {
            "validate": "date", "criteria": "between", "minimum": datetime.date(1900, 1, 1),
            "maximum": datetime.date(2100, 12, 31), "error_message": "请填日期，如 2024-05-31"}
    elif field.kind in ("number", "integer", "share"):
        rule |= {"validate": "integer" if field.kind == "integer" else "decimal", **_bounds(field)}
        rule["error_message"] = "请填数字，单位见表头" + (f"，不小于 {field.low:g}" if field.low is not None else "")
    elif not field.hint:
        return None
    else:
        rule["validate"] = "any"
    return rule


def _bounds(field: Field) -> dict[str, Any]:
    low, high = field.low if field.low is not None else -1e15, field.high if field.high is not None else 1e15
    return {"criteria": "between", "minimum": low, "maximum": high}


@contextmanager
def writing(path: str | Path, *, replace: bool) -> Iterator[Book]:
    """A workbook that is put at `path` when the block ends; nothing is left there if it fails.

    Raises
    ------
    OutputError
        If there is a file already and `replace` is False, or the place can't be written.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    target = Path(path)
    if target.exists() and not replace:
        raise OutputError("文件已存在，没有覆盖", where=str(target), way_out="换一个名字，或先移走这个文件")
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
        "nan_inf_to_errors": False,
    })
    workbook.set_properties({"created": _CREATED})
    yield Book(workbook)
    workbook.close()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb" if replace else "xb") as file:
            file.write(content.getvalue())
    except FileExistsError as error:
        raise OutputError("文件已存在，没有覆盖", where=str(target), way_out="换一个名字，或先移走这个文件") from error
    except OSError as error:
        raise OutputError(
            f"写不了文件：{error.strerror}", where=str(target), way_out="检查有没有写权限、文件是否正被打开") from error


def fits(text: str) -> bool:
    """Whether a cell can hold the text exactly: not too long, no control characters."""
    return len(text) <= LONGEST and not _CONTROL.search(text)


def shown(value: object) -> str:
    """A value as text that a cell can hold: control characters dropped, cut where it is too long; empty for a missing one."""
    if value is None or value != value:
        return ""
    text = _CONTROL.sub("", str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
