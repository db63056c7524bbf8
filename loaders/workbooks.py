"""Workbooks (.xlsx, .xls) as grids of text cells, rows numbered as the spreadsheet shows them."""

from __future__ import annotations

import datetime
import io
from typing import Any

from chain.errors import InputError
from loaders.files import Grid

_WAY_OUT = "用表格软件打开并另存为 .xlsx，或重新下载"


def sheets(name: str, data: bytes) -> list[Grid]:
    """All visible worksheets; merged cells repeat their value down, and across only in their first row's blanks as ``""``.

    Raises
    ------
    InputError
        If the workbook is damaged, cut off or needs a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_grid(name, book, title) for title in book.sheet_names]
    except PasswordError as error:
        raise InputError("工作簿加了密码", where=name, way_out="去掉密码，另存后再载入") from error
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("工作簿打不开，文件不完整或已损坏", where=name, way_out=_WAY_OUT) from error
    except BaseException as error:  # a panic of the reader on damaged bytes is not an Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise InputError("工作簿打不开，文件已损坏", where=name, way_out=_WAY_OUT) from error


def _grid(name: str, book: Any, title: str) -> Grid:
    from python_calamine import SheetTypeEnum

    kinds = {entry.name: entry.typ for entry in book.sheets_metadata}
    if kinds.get(title, SheetTypeEnum.WorkSheet) != SheetTypeEnum.WorkSheet:
        return Grid(name, title, [], [], notes=("不是工作表，跳过",))
    sheet = book.get_sheet_by_name(title)
    if sheet.start is None:
        return Grid(name, title, [], [], typed=True)
    top, left = sheet.start
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    filled = _fill_down(rows, sheet.merged_cell_ranges or [], top, left)
    notes = (f"合并单元格：{filled} 个空格按上方的值补上",) if filled else ()
    return Grid(name, title, rows, [top + 1 + at for at in range(len(rows))], typed=True, notes=notes)


def _fill_down(rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]], top: int, left: int) -> int:
    """Repeat a value that a person merged over several rows; cells merged side by side stay blank, as in a title."""
    count = 0
    for (row, column), (last, _) in merged:
        row, column, last = row - top, column - left, min(last - top, len(rows) - 1)
        if row < 0 or column < 0 or last <= row or column >= len(rows[row]) or not rows[row][column]:
            continue
        for at in range(row + 1, last + 1):
            if not rows[at][column]:
                rows[at][column] = rows[row][column]
                count += 1
    return count


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return repr(cell).upper() if abs(cell) >= 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return "" if cell is None else str(cell)
