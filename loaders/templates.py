"""Workbooks for an office to fill in: one for enterprises, one for who makes what, one for supplies, one for titles.

Headers are those that the loaders know, so that a filled workbook loads as it is. What each column wants is told in Chinese in
``templates.csv``; its types, units and bounds come from the schema.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chain import schema
from chain.errors import OutputError
from loaders.books import Field, writing

NEEDED = "（必填）"
"""What a header ends with where the column must be filled; loaders take it for a remark."""

_CHOICES = {
    ("enterprises", "status"): ("存续", "停业", "注销", "吊销"),
    ("makes", "state"): ("已确认", "待复核", "已排除"),
    ("titles", "level"): ("国家级", "省级", "市级", "县级"),
}
_MUST = {"enterprises": {"name"}, "makes": {"enterprise", "product", "state"}, "supplies": {"supplier", "buyer"},
         "titles": {"enterprise", "title", "batch"}}
_WIDE = frozenset([
    "name", "uscc", "enterprise", "supplier", "buyer", "supplier_uscc", "buyer_uscc", "main_products", "main_business",
    "business_scope", "address", "evidence", "document", "product", "note",
])
_KINDS = {"number": "number", "integer": "integer", "date": "date"}


@dataclass(frozen=True)
class Entry:
    """One column of one workbook: where it belongs, its header, two examples and what it wants."""

    table: str
    column: str
    header: str
    examples: tuple[str, str]
    help: str

    @property
    def needed(self) -> bool:
        """Whether it must be filled."""
        return self.column in _MUST[self.table]

    def field(self) -> Field:
        """The column of the sheet, with its checks."""
        known = schema.table(self.table)
        column = known[self.column] if self.column in known.names else None
        kind = "share" if self.column == "share" else _KINDS.get(column.type, "text") if column else "text"
        return Field(
            self.header + NEEDED * self.needed, kind, self.needed, _CHOICES.get((self.table, self.column), ()),
            column.low if column else None, column.high if column else None, self.help, 28 if self.column in _WIDE else 16,
        )


@cache
def entries(table: str) -> tuple[Entry, ...]:
    """The columns of one workbook in order."""
    with open(Path(__file__).with_name("templates.csv"), encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
    return tuple(
        Entry(table, row["column"], row["header"] or schema.table(table)[row["column"]].label,
              (row["example_1"], row["example_2"]), row["help"])
        for row in rows
    )


def write_templates(folder: str | Path) -> list[Path]:
    """Paths of the workbooks written into a folder: 企业, 产品关联, 供应关系 and 称号.

    Raises
    ------
    OutputError
        If one of them is there already (then none is written), or the folder can't be written.

    Notes
    -----
    The examples stand in a sheet of their own, one column an example, with the headers in brackets, and every explanation begins
    with a bullet, so that no loader takes either for data.
    """
    paths = {table: Path(folder) / f"{schema.table(table).title}.xlsx" for table in _MUST}
    there = [path.name for path in paths.values() if path.exists()]
    if there:
        way_out = "换一个文件夹，或先移走这些文件；填过的表不会被覆盖"
        raise OutputError(f"文件夹里已有 {'、'.join(there)}，一个也没有写", where=str(folder), way_out=way_out)
    for table, path in paths.items():
        _write(table, path)
    return list(paths.values())


def _write(table: str, path: Path) -> None:
    columns = entries(table)
    with writing(path, replace=False) as book:
        book.form(schema.table(table).title, [entry.field() for entry in columns])
        book.page("示例", ("栏目", "例一", "例二"), [(f"【{e.header}】", *e.examples) for e in columns], (24, 36, 36))
        book.page(
            "填表说明", ("栏目", "要不要填", "怎么填", "单位与范围"),
            [*_general(table),
             *((f"【{e.header}】", "必填" if e.needed else "可空", f"• {e.help}", _limits(e)) for e in columns)],
            (24, 10, 64, 28),
        )


def _general(table: str) -> list[tuple[str, str, str, str]]:
    """What holds for the whole workbook."""
    title = schema.table(table).title
    return [
        ("（总说明）", "", f"只填「{title}」这一张工作表，一行一条，从第 2 行写起", ""),
        ("（总说明）", "", "表头不要改；用不着的列可以删，顺序可以换", ""),
        ("（总说明）", "", "橙色表头的列必须填；其余不知道就留空，不要写 0、无、/ 来占位", ""),
        ("（总说明）", "", "「示例」和本页只供阅读，不会被载入", ""),
    ]


def _limits(entry: Entry) -> str:
    field = entry.field()
    if field.choices:
        return "、".join(field.choices)
    if field.kind == "date":
        return "日期，如 2024-05-31"
    if field.kind == "text":
        return "文字"
    known = schema.table(entry.table)[entry.column]
    words = {"share": "比例，0%–100%", "integer": "整数", "number": "数字"}[field.kind]
    if field.kind != "share" and field.low is not None:
        words += f"，{field.low:g} 以上" if field.high is None else f"，{field.low:g}–{field.high:g}"
    return words + (f"，{known.unit}" if known.unit else "")
