"""Lists of anything but enterprises and relations between them: parks, products, arcs, classes, regions."""

from __future__ import annotations

import pandas as pd

from chain import schema
from chain.identity import enterprise_id
from loaders import values
from loaders.rows import Cells, Rows

_DEFAULTS = {("inputs", "role"): "物料"}


def read(rows: Rows) -> pd.DataFrame:
    """Rows of the sheet's table; rows without what a row of it must have are rejects."""
    table = schema.table(rows.table)
    columns: dict[str, Cells] = {
        column.name: rows.column(column.name, column) for column in table.columns if column.name in rows.plan.feeds
    }
    if "id" in table.names:  # the name serves where no id is given
        names = columns.get("name", [None] * len(rows))
        columns["id"] = [own or name for own, name in zip(columns.get("id", [None] * len(rows)), names, strict=True)]
    if rows.table == "same":
        for name in ("enterprise", "other"):
            columns[name] = [_enterprise(cell) for cell in columns[name]]
    for (name, column), value in _DEFAULTS.items():
        if name == rows.table:
            columns[column] = [value if cell is None else cell for cell in columns.get(column, [None] * len(rows))]
    if rows.table == "regions":
        _coded(rows, columns)
    for needed in (column for column in table.columns if column.required):
        for index, cell in enumerate(columns.get(needed.name, [None] * len(rows))):
            if cell is None:
                label = needed.synonyms[0] if needed.synonyms else needed.name
                rows.reject_row(index, f"没有{label}", f"补上{label}")
    return rows.frame(columns)


def _coded(rows: Rows, columns: dict[str, Cells]) -> None:
    """Codes of regions that a table knows by name only."""
    from loaders import places

    names = columns.get("name", [None] * len(rows))
    codes = columns.get("code", [None] * len(rows))
    columns["code"] = [
        code if code is not None or name is None else places.value(str(name)).value
        for code, name in zip(codes, names, strict=True)
    ]


def _enterprise(cell: str | float | None) -> str | float | None:
    text = str(cell) if cell is not None else ""
    if not text or text.startswith(("stock:", "name:")):
        return cell
    return values.own_code(text) or enterprise_id(name=text)
