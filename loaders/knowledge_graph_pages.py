"""One file of a public knowledge graph: its lines, and an account of what became of each of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chain.errors import InputError

Record = dict[str, Any]


@dataclass
class Page:
    """A JSON Lines file while it is read.

    Every line that is not blank ends as loaded, merged or rejected; `settle` counts the loaded ones as what is left. Notes on
    single cells of a line that was used go to `rejects` without changing the count.

    Attributes
    ----------
    table
        Table its lines are meant for.
    rejects
        Rows of table ``rejects``.
    """

    path: Path
    table: str
    source: str = ""
    data: bytes = b""
    rows_in: int = 0
    merged: int = 0
    rejected: int = 0
    rejects: list[Record] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path, table: str, options: str) -> Page:
        """The file with the id of its source: a hash of content and options.

        Raises
        ------
        InputError
            If it can't be read.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"读不了文件：{error.strerror}", where=str(path), way_out="检查文件是否存在、是否有权限") from error
        digest = hashlib.sha256(data + b"\0" + f"{path.name}\0{options}".encode()).hexdigest()
        return cls(path, table, f"public-{digest[:16]}", data.removeprefix(b"\xef\xbb\xbf"))

    @property
    def loaded(self) -> int:
        """Lines that gave a row of their own."""
        return self.rows_in - self.merged - self.rejected

    def records(self, *needed: str) -> Iterator[tuple[int, Record]]:
        """Line number (1 = first) and object of every line that is JSON and has the `needed` keys; the others are rejected."""
        for row, line in enumerate(self.data.split(b"\n"), 1):
            if not line.strip():
                continue
            self.rows_in += 1
            record = self._record(row, line)
            if record is None:
                continue
            absent = [key for key in needed if not isinstance(record.get(key), str | int | float | dict)]
            if absent:
                self.reject(row, absent[0], str(record.get(absent[0]) or ""), f"缺少 {'、'.join(absent)}", "补全这一行")
            else:
                yield row, record

    def _record(self, row: int, line: bytes) -> Record | None:
        try:
            found = json.loads(line)
        except (UnicodeDecodeError, ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        shown = line[:200].decode("utf-8", "replace")
        self.reject(row, "", shown, "不是一行完整的 JSON 对象", "按 UTF-8 编码、一行一个对象重新导出")
        return None

    def reject(self, row: int, column: str, value: str, reason: str, way_out: str, *, table: str = "") -> None:
        """Count the line as rejected and say why."""
        self.rejected += 1
        self.cell(row, column, value, reason, way_out, table=table)

    def merge(self) -> None:
        """Count the line as merged: what it says is in a row that another line gave."""
        self.merged += 1

    def cell(self, row: int, column: str, value: str, reason: str, way_out: str, *, table: str = "") -> None:
        """Say why one value of a line that is used was left out."""
        self.rejects.append({
            "table": table or self.table, "column": column, "value": value, "reason": reason, "way_out": way_out,
            "source": self.source, "row": row,
        })
