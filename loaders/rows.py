"""The rows of one sheet on their way to a frame: cells read by column, what can't be used set aside with its reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from chain import schema
from loaders import figures, places, values
from loaders.files import Grid
from loaders.headers import Feed, normal
from loaders.sheets import Plan
from loaders.values import Value, clean

_SUMS = frozenset(["合计", "小计", "总计", "共计", "累计", "total", "合计:", "小计:", "总计:"])
_SUM_WIDTH = 12
"""Characters beyond which a cell can't say 合计, however spaced."""

_SHOWN = 200
"""Characters of a value that a reject keeps."""

_LINES = frozenset(["name", "short_name", "enterprise", "supplier", "buyer", "park", "id", "title", "product"])
_AS_WRITTEN = frozenset(["id", "source"])

_UNITED = re.compile(r"[元圆%％‰亩米顷里人万亿千百]|[A-Za-z]{2}")
"""What shows that a cell has a unit of its own."""

Cells = list[str | float | None]


@dataclass
class Rows:
    """Data rows of one sheet.

    Attributes
    ----------
    numbers
        Row numbers that a person sees, one a data row.
    cells
        The rows themselves.
    dead
        Positions of rows that are rejected as a whole.
    originals
        Values as written where they were converted, by position and column.
    misplaced
        Positions of rows whose place was written and could not be used.
    """

    plan: Plan
    grid: Grid
    source: str
    numbers: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    originals: dict[int, dict[str, str]] = field(default_factory=dict)
    misplaced: set[int] = field(default_factory=set)
    notes: Counter[str] = field(default_factory=Counter)
    rows_in: int = 0

    @classmethod
    def of(cls, grid: Grid, plan: Plan, source: str) -> Rows:
        """The data rows below the header, without blank ones; headers repeated and sums among them are rejects."""
        rows = cls(plan, grid, source)
        head = [normal(cell) for cell in plan.header]
        for bad in grid.bad:
            rows.rows_in += 1
            rows._reject(bad.row, "", bad.value, bad.reason, bad.way_out)
        for number, row in zip(grid.numbers[plan.first:], grid.cells[plan.first:], strict=True):
            if not any(cell and not cell.isspace() for cell in row):
                rows.notes["空行，没有当数据"] += 1
                continue
            rows.rows_in += 1
            if why := _no_data(row, head):
                rows._reject(number, "", _shown(row), *why)
                continue
            if len(row) < len(head):
                row = row + [""] * (len(head) - len(row))
            rows.numbers.append(number)
            rows.cells.append(row)
        return rows

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def table(self) -> str:
        """Table the sheet is read as."""
        return self.plan.table

    def column(self, name: str, column: schema.Column | None = None) -> Cells:
        """Values of a field, one a row, from the first of its headers that gives one; unreadable cells become rejects."""
        found: Cells = [None] * len(self.cells)
        for feed in self.plan.feeds.get(name, ()):
            if feed.at < 0:
                found = [feed.constant or None] * len(self.cells)
                continue
            parse = _parser(name, column, feed)
            if self.grid.typed and feed.unit == "%":
                parse = _no_fraction(parse)
            self._fill(found, feed, parse, _keeps_original(self.table, column))
        return found

    def _fill(self, found: Cells, feed: Feed, parse: Callable[[str], Value], keep: bool) -> None:
        memo: dict[str, Value] = {}
        at = feed.at
        for index, row in enumerate(self.cells):
            raw = row[at]
            if not raw or found[index] is not None:
                continue
            read = memo.get(raw)
            if read is None:
                read = memo[raw] = self._read(raw, parse)
            if read.value is not None:
                found[index] = read.value
                if read.converted:
                    self.notes[f"列「{feed.header}」换算了写法或单位"] += 1
                    if keep:
                        self.originals.setdefault(index, {})[feed.name] = _written(raw, feed.unit)
            elif read.reason:
                self.reject_cell(index, feed.header, raw, read.reason, read.way_out)

    def _read(self, raw: str, parse: Callable[[str], Value]) -> Value:
        if (wrong := values.fault(raw)) is not None:
            return wrong
        text = clean(raw)
        if len(text) != len(raw.strip()):
            self.notes["去掉了控制字符或改变文字方向的字符"] += 1
        return parse(text) if text else values.EMPTY

    def texts(self, feed: Feed) -> list[str]:
        """Plain text of one header, one a row."""
        return [values.plain(clean(row[feed.at])) if row[feed.at] else "" for row in self.cells]

    def reject_cell(self, index: int, header: str, value: str, reason: str, way_out: str) -> None:
        """Set one cell aside; the row stays."""
        self._reject(self.numbers[index], header, value, reason, way_out)

    def reject_row(self, index: int, reason: str, way_out: str) -> None:
        """Set a whole row aside, once."""
        if index not in self.dead:
            self.dead.add(index)
            self._reject(self.numbers[index], "", _shown(self.cells[index]), reason, way_out)

    def _reject(self, row: int, column: str, value: str, reason: str, way_out: str) -> None:
        self.rejects.append({
            "table": self.table, "column": column, "value": clean(value)[:_SHOWN], "reason": reason, "way_out": way_out,
            "source": self.source, "row": row,
        })

    def frame(self, columns: Mapping[str, Cells]) -> pd.DataFrame:
        """Living rows with the given columns, their source and row number."""
        table = schema.table(self.table)
        alive = [index for index in range(len(self.cells)) if index not in self.dead]
        data = {
            name: series(table[name], [cells[index] for index in alive] if self.dead else cells)
            for name, cells in columns.items()
        }
        frame = pd.DataFrame(data, index=range(len(alive)))
        frame["source"] = pd.Series(self.source, index=frame.index, dtype="str")
        frame["row"] = pd.array([self.numbers[index] for index in alive], dtype="Int64")
        return frame

    def written(self) -> Cells:
        """Column `original`: JSON of what was written where it was converted."""
        return [
            json.dumps(self.originals[index], ensure_ascii=False, sort_keys=True) if index in self.originals else None
            for index in range(len(self.cells))
        ]


def series(column: schema.Column, cells: Iterable[str | float | None]) -> pd.Series:
    """Cells as a typed column."""
    listed = list(cells)
    if column.dtype == "boolean":
        return pd.Series([None if cell is None else cell == "true" for cell in listed], dtype="boolean")
    if column.dtype == "Int64":
        return pd.Series(pd.array([None if cell is None else int(float(cell)) for cell in listed], dtype="Int64"))
    return pd.Series(listed, dtype=column.dtype)


def _parser(name: str, column: schema.Column | None, feed: Feed) -> Callable[[str], Value]:
    """What reads the cells of a header for a field."""
    if feed.words:
        known = {**feed.words}
        strange = Value(None, False, "不认识的写法", "可用：" + "、".join(known))
        return lambda text: Value(known[text]) if text in known else strange
    if name.endswith("uscc"):
        return values.uscc
    if name in ("code", "supplier_code", "buyer_code") and (column is None or column.table == "enterprises"):
        return values.stock
    if name == "delist_date":
        return values.date
    if column is None:
        return values.line
    if column.dtype in ("float64", "Int64"):
        reader = figures.whole if column.dtype == "Int64" else figures.number
        return lambda text: figures.bounded(reader(text, column.unit, feed.unit), column.low, column.high)
    if column.type == "flag" or column.choices:
        kind = "flag" if column.type == "flag" else column.name
        return lambda text: values.word(kind, column.choices, text)
    by_type: dict[str, Callable[[str], Value]] = {"list": values.items, "date": values.date, "region": places.value}
    return by_type.get(column.type) or (values.line if column.name in _LINES else Value)


def _no_fraction(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """In a workbook 0.35 under a % header may be 35 % as well as 0.35 %: nobody can tell."""

    def careful(text: str) -> Value:
        if re.fullmatch(r"-?0?\.\d+|-?1(\.0+)?", text):
            return Value(None, False, f"看不出是 {text}% 还是 {float(text) * 100:g}%", "在单元格里写明 % 号，并设成文本，如 35%")
        return parse(text)

    return careful


def _keeps_original(table: str, column: schema.Column | None) -> bool:
    return column is not None and column.name in schema.table(table).names and "original" in schema.table(table).names


def _written(raw: str, unit: str) -> str:
    """Text as written, with the unit of its header where it names none itself."""
    text = clean(raw)
    return text if not unit or _UNITED.search(text) else f"{text}（{unit}）"


def _shown(row: list[str]) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())[:_SHOWN]


def _no_data(row: list[str], head: list[str]) -> tuple[str, str] | None:
    """Why a row is no data: a header again, a sum, or cells beyond the header."""
    filled = [cell for cell in row[:3] if cell.strip()]
    if any(len(cell) <= _SUM_WIDTH and normal(cell) in _SUMS for cell in filled[:2]):  # 序号 may stand before it
        return "合计、小计行，不是一家企业或一条关系", "不用处理；总数由数据算出"
    if any(cell.strip() for cell in row[len(head):]):
        return f"这一行比表头多出 {len(row) - len(head)} 格", "核对是否少了引号或多了分隔符"
    first = next((at for at, cell in enumerate(row) if cell.strip()), 0)
    if head[first] and len(row[first]) <= len(head[first]) + _SUM_WIDTH and normal(row[first]) == head[first]:
        both = [(normal(cell), name) for cell, name in zip(row, head, strict=False) if cell.strip()]
        if sum(cell == name for cell, name in both) >= max(1, len(both) - 1):
            return "重复的表头", "不用处理"
    return None
