"""Delimited text: which encoding, which delimiter, which records; lines with quotes that don't fit are named, not swallowed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

from chain.errors import InputError
from loaders.files import Bad, Grid

DELIMITERS = (",", "\t", ";", "|")
_MOST_BAD = 200
"""Lines with broken quotes after which a file is refused as a whole."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE = 60


def decode(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of a file and a note where the encoding was found out rather than declared.

    Raises
    ------
    InputError
        If the bytes are no text in UTF-8, UTF-16 with a mark, or GB18030; the line of the first bad byte is named.
    """
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(codec), (() if label == "UTF-8" else (f"按 {label} 读",))
            except UnicodeDecodeError as error:
                raise _broken(name, data, error, label) from error
    if data[:4096].count(0) > len(data[:4096]) // 8:
        raise InputError(
            "不是文本文件（可能是没有标记的 UTF-16，或别的二进制文件）", where=name, way_out="另存为 UTF-8 的 CSV 或 .xlsx")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        first = error
    if _mostly_utf8(data):
        raise _broken(name, data, first, "UTF-8") from first
    try:
        return data.decode("gb18030"), ("不是 UTF-8，按 GB18030（含 GBK）读",)
    except UnicodeDecodeError as error:
        raise _broken(name, data, error, "GB18030") from error


def _mostly_utf8(data: bytes) -> bool:
    """Whether bytes look like UTF-8 with some damage rather than another encoding: good sequences outnumber bad ones."""
    text = data.decode("utf-8", "replace")
    good = len(re.findall(r"[\u0800-\ufffc]", text))
    return good > 4 * text.count("\ufffd")


def _broken(name: str, data: bytes, error: UnicodeDecodeError, label: str) -> InputError:
    line = data.count(b"\n", 0, error.start) + 1
    return InputError(
        f"第 {line} 行有不合 {label} 编码的字节", where=f"{name} 第 {line} 行",
        way_out="用表格软件重新另存为 CSV（UTF-8）或 .xlsx")


def table(name: str, text: str, notes: tuple[str, ...], score: Callable[[list[list[str]]], float]) -> Grid:
    """Records of delimited text; row = first physical line of the record.

    Raises
    ------
    InputError
        If the quotes of the file as a whole can't be made sense of.
    """
    delimiter = _delimiter(text, score)
    cells, numbers, bad = _records(name, text, delimiter)
    label = {"\t": "制表符", ",": ","}.get(delimiter, delimiter)
    if delimiter != ",":
        notes = (*notes, f"分隔符是 {label}")
    return Grid(name, "", cells, numbers, bad=tuple(bad), notes=notes)


def _delimiter(text: str, score: Callable[[list[list[str]]], float]) -> str:
    sample = text[:200_000]
    best, most = ",", -1.0
    for delimiter in DELIMITERS:
        rows = []
        for row, _ in _strict(sample, delimiter, lenient=True):
            rows.append(row)
            if len(rows) >= _SAMPLE:
                break
        if rows and (points := score(rows)) > most:
            best, most = delimiter, points
    return best


def _strict(text: str, delimiter: str, *, lenient: bool = False) -> Iterator[tuple[list[str], int]]:
    """Records with the number of lines each took; raises csv.Error where quotes don't fit, unless lenient."""
    before = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=not lenient)
    try:
        for row in reader:
            yield row, reader.line_num - before
            before = reader.line_num
    except csv.Error:
        if not lenient:
            raise


def _records(name: str, text: str, delimiter: str) -> tuple[list[list[str]], list[int], list[Bad]]:
    """All records. Where a quote never closes, or text follows a closing one, the line that opens it is set aside and
    reading goes on with the next line, so that one slip costs one line."""
    limit = csv.field_size_limit(2**31 - 1)
    cells: list[list[str]] = []
    numbers: list[int] = []
    bad: list[Bad] = []
    at, rest = 1, text
    try:
        while rest:
            start = at
            try:
                for row, lines in _strict(rest, delimiter):
                    cells.append(row)
                    numbers.append(at)
                    at += lines
                break
            except csv.Error:
                rest, opened = _after(rest, at - start)
                why = f"第 {at} 行的引号没有合上，或合上后还有文字"
                bad.append(Bad(at, opened, why, "补上或删去这一行的引号；引号本身要写两个"))
                at += 1
                if len(bad) > _MOST_BAD:
                    raise InputError(
                        f"引号不合的行超过 {_MOST_BAD} 行，第一处在第 {bad[0].row} 行", where=f"{name} 第 {bad[0].row} 行",
                        way_out="用表格软件重新另存为 CSV 或 .xlsx",
                    ) from None
    finally:
        csv.field_size_limit(limit)
    return cells, numbers, bad


_LINE_END = re.compile(r"\r\n|\n|\r")


def _after(text: str, lines: int) -> tuple[str, str]:
    """What follows line `lines` + 1 of a text, and that line itself."""
    at = 0
    for _ in range(lines):
        found = _LINE_END.search(text, at)
        at = found.end() if found else len(text)
    found = _LINE_END.search(text, at)
    end = found.end() if found else len(text)
    return text[end:], text[at:end].rstrip("\r\n")
