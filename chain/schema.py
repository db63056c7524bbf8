"""The schema: every table and column, read from ``schema.csv``.

Loaders take the Chinese header synonyms from here, checks the types and ranges, stores the columns, documents and error
messages the descriptions. Nothing else in the project lists columns.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chain.errors import StoreError

VERSION = 3
"""Version of a store's layout; a store remembers the one it was written with."""

PROVENANCE = ("source", "row")
"""Columns that every table but ``sources`` ends with: id of the source and row number within its sheet (1 = first line)."""

_DTYPES = {"number": "float64", "integer": "Int64", "flag": "boolean"}


@dataclass(frozen=True)
class Column:
    """One column of one table.

    Attributes
    ----------
    type
        text, list (items joined by ``；``), date (ISO), region (GB/T 2260 code), uscc, number, integer or flag.
    unit
        Unit of a quantity, empty for the rest.
    key, required
        Part of what identifies a row; must not be empty (keys are required too).
    choices
        Allowed words, empty if free.
    low, high
        Bounds of a quantity, None where open.
    synonyms
        Headers under which files carry it.
    """

    table: str
    name: str
    type: str
    unit: str
    key: bool
    required: bool
    choices: tuple[str, ...]
    low: float | None
    high: float | None
    synonyms: tuple[str, ...]
    description: str

    @property
    def dtype(self) -> str:
        """pandas dtype of the column in a frame."""
        return _DTYPES.get(self.type, "str")

    @property
    def label(self) -> str:
        """First Chinese header, with the unit: what people see in a workbook."""
        name = self.synonyms[0] if self.synonyms else self.name
        return f"{name}（{self.unit}）" if self.unit else name


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, its Chinese title and what it holds."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def keys(self) -> list[str]:
        """Names of the key columns."""
        return [column.name for column in self.columns if column.key]

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def check_version(version: int, where: str) -> None:
    """Refuse a store that a newer or an older program wrote.

    Raises
    ------
    StoreError
        Naming the store, both versions and what to do.
    """
    known = f"（格式 {version}，本程序用 {VERSION}）"
    if version > VERSION:
        raise StoreError(f"{where} 由更新的版本写成{known}", way_out="升级链谱：pip install -U lianpu")
    if version < VERSION:
        raise StoreError(f"{where} 由旧版本写成{known}", way_out="把当时载入的文件重新载入到新的图谱；复核表也要再载入一次")


@cache
def tables() -> dict[str, Table]:
    """All tables by name, in the order of ``schema.csv``."""
    with open(Path(__file__).with_name("schema.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, Table] = {}
    for head in (row for row in rows if row["type"] == "table"):
        name = head["table"]
        columns = [_column(row) for row in rows if row["table"] == name and row["type"] != "table"]
        if name != "sources":
            columns += _provenance(name)
        found[name] = Table(name, head["title"], head["description"], tuple(columns))
    return found


def table(name: str) -> Table:
    """One table by name."""
    return tables()[name]


def _column(row: dict[str, str]) -> Column:
    low, high, choices = _bounds(row["values"])
    return Column(
        row["table"], row["column"], row["type"], row["unit"], row["need"] == "key", row["need"] in ("key", "required"),
        choices, low, high, tuple(filter(None, row["synonyms"].split(";"))), row["description"],
    )


def _bounds(values: str) -> tuple[float | None, float | None, tuple[str, ...]]:
    if ".." not in values:
        return None, None, tuple(filter(None, values.split(";")))
    low, high = values.split("..")
    return (float(low) if low else None), (float(high) if high else None), ()


def _provenance(name: str) -> list[Column]:
    return [
        Column(name, "source", "text", "", False, False, (), None, None, (), "Id of the source the row came from"),
        Column(name, "row", "integer", "", False, False, (), 1, None, (), "Row in the sheet, or line in the file"),
    ]
