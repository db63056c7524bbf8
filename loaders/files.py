"""Files as grids of text cells, whatever they are: delimited text in any of the usual encodings, workbooks, JSON lines, Parquet.

What a file is, is decided by its first bytes; the extension only says what its owner thinks it is.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from chain.errors import InputError

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".jsonl", ".ndjson", ".parquet")
"""Extensions that are read from a folder."""

STDIN = "-"
_HEAD, _LARGE = 20_000, 1_000_000
_BLANK = b"\xef\xbb\xbf\xff\xfe\r\n\t \0"
_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


@dataclass(frozen=True)
class Bad:
    """A line or row that could not even be cut into cells."""

    row: int
    value: str
    reason: str
    way_out: str


@dataclass(frozen=True)
class Grid:
    """One sheet, or one file without sheets, as text cells.

    Attributes
    ----------
    cells
        Rows of cells, "" where empty; rows may be of different length.
    numbers
        For every row the number a person sees: row in the sheet, first physical line of a record in a text file, record
        number in a Parquet file.
    headed
        The first row is the header for certain (JSON, Parquet).
    typed
        Cells came with types (a workbook): a figure under a % header may be a formatted fraction.
    """

    file: str
    sheet: str
    cells: list[list[str]]
    numbers: list[int]
    headed: bool = False
    typed: bool = False
    bad: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """File and sheet for messages."""
        return f"{self.file} 工作表「{self.sheet}」" if self.sheet else self.file


@dataclass(frozen=True)
class File:
    """One file to read: the name it was given under, its content (None: read when asked for) and the place it lies at."""

    name: str
    content: bytes | None = field(repr=False)
    path: Path | None = None
    forced: bool = False

    @property
    def stem(self) -> str:
        """Name without folder and extension, empty for standard input."""
        return self.path.stem if self.path else ""

    @cached_property
    def data(self) -> bytes:
        """The content."""
        if self.content is not None:
            return self.content
        assert self.path is not None
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise _unreadable(self.name, error) from error

    @cached_property
    def head(self) -> bytes:
        """The first 20,000 bytes or less."""
        if self.content is not None:
            return self.content[:_HEAD]
        assert self.path is not None
        with open(self.path, "rb") as file:
            return file.read(_HEAD)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.data).hexdigest()

    def origin(self, sheet: str) -> str:
        """What stays the same when a newer version of the file comes; empty for standard input."""
        if self.path is None:
            return ""
        return hashlib.sha256(f"{self.path.resolve()}\0{sheet}".encode("utf-8", "surrogateescape")).hexdigest()[:12]


def found(path: str | Path) -> tuple[list[tuple[str, Path | None]], list[str]]:
    """Names and paths to read for one argument (a folder gives all its readable files, sorted), and notes on what was left.

    Raises
    ------
    InputError
        If there is no such file, or nothing readable in a folder.
    """
    if str(path) == STDIN:
        return [("标准输入", None)], []
    place = Path(path)
    if place.is_dir():
        return _folder(place)
    if not place.exists():
        near = sorted(other.name for other in place.parent.glob(f"*{place.suffix}"))[:5] if place.parent.is_dir() else []
        hint = f"同一文件夹里有：{'、'.join(near)}" if near else "核对路径和文件名"
        raise InputError(f"没有这个文件：{place}", where=str(place), way_out=hint)
    return [(place.as_posix(), place)], []


def _folder(place: Path) -> tuple[list[tuple[str, Path | None]], list[str]]:
    try:
        inside = sorted(entry for entry in place.iterdir() if entry.is_file() and not entry.name.startswith((".", "~$")))
    except OSError as error:
        raise _unreadable(str(place), error) from error
    readable = [entry for entry in inside if entry.suffix.lower() in READABLE]
    if not readable:
        raise InputError(f"文件夹里没有可读的文件：{place}", where=str(place), way_out="可读的扩展名：" + " ".join(READABLE))
    left = [entry.name for entry in inside if entry.suffix.lower() not in READABLE]
    notes = [f"{place.as_posix()}：没有读 {'、'.join(left)}（不是表格文件）"] if left else []
    return [(entry.as_posix(), entry) for entry in readable], notes


def load(name: str, path: Path | None) -> File:
    """The content of one file or of standard input.

    Raises
    ------
    InputError
        If it can't be read or is empty.
    """
    try:
        if path and path.suffix.lower() == ".csv" and path.stat().st_size > _LARGE:
            large = File(name, None, path)
            if large.head.strip(_BLANK):
                return large  # whoever can take it piece by piece need not hold all of it
        data = path.read_bytes() if path else sys.stdin.buffer.read()
    except OSError as error:
        raise _unreadable(name, error) from error
    if not data[:_HEAD].strip(_BLANK) and not data.strip(_BLANK):
        raise InputError("文件是空的", where=name, way_out="核对是否保存完整；要跳过它就不要放进来")
    return File(name, data, path)


def _unreadable(name: str, error: OSError) -> InputError:
    if isinstance(error, PermissionError):
        return InputError("没有权限读这个文件", where=name, way_out="关闭占用它的程序，或请管理员开放读取权限")
    return InputError(f"文件读不出来：{error.strerror or error}", where=name, way_out="核对文件是否还在、磁盘是否正常")


def grids(file: File, score: Callable[[list[list[str]]], float]) -> list[Grid]:
    """The sheets of a file. `score` tells how well rows read with some delimiter look like a table.

    Raises
    ------
    InputError
        If the file is not what its name or first bytes promise, or is damaged.
    """
    head = file.data[:8]
    suffix = file.path.suffix.lower() if file.path else ""
    if head.startswith((_ZIP, _OLE)):
        from loaders.workbooks import sheets

        found_sheets = sheets(file.name, file.data)
        if suffix in (".csv", ".tsv", ".txt", ".jsonl"):
            return [replace(grid, notes=(*grid.notes, "扩展名像文本，其实是工作簿，按工作簿读")) for grid in found_sheets]
        return found_sheets
    if head.startswith(_PARQUET):
        from loaders.records import parquet

        return [parquet(file.name, file.data)]
    if suffix in (".xlsx", ".xlsm", ".xls", ".parquet"):
        raise _not_a_book(file, suffix)
    from loaders import records, texts

    text, notes = texts.decode(file.name, file.data)
    if suffix in (".jsonl", ".ndjson") or (not suffix and text.lstrip()[:1] == "{"):
        return [records.json_lines(file.name, text, notes)]
    return [texts.table(file.name, text, notes, score)]


def _not_a_book(file: File, suffix: str) -> InputError:
    start = file.data[:512].lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"\xef\xbb\xbf<")):
        return InputError(f"扩展名是 {suffix}，内容却是网页", where=file.name, way_out="用表格软件打开，另存为 .xlsx 后再载入")
    return InputError(
        f"扩展名是 {suffix}，内容却不是", where=file.name,
        way_out="重新下载或另存为 .xlsx；如果本来就是文本，把扩展名改成 .csv",
    )


def chunks(files: list[tuple[str, Path | None]]) -> Iterator[tuple[str, Path | None]]:
    """Each file once, in the order given, however many arguments led to it."""
    seen: set[object] = set()
    for name, path in files:
        key = path.resolve() if path else STDIN
        if key not in seen:
            seen.add(key)
            yield name, path
