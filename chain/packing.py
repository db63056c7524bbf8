"""Sorting wide tables at the price of narrow ones.

A sort carries every column of a row along. Columns that say the same in every row are left out of it, and columns that hold a
few words take part as numbers; both are put back when the sorted rows are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chain import schema

_SAMPLE = 2000


@dataclass(frozen=True)
class Packed:
    """How the columns of one relation go through a sort.

    Attributes
    ----------
    inner
        Column to the expression that stands for it in the sort; columns with one value are not in it.
    outer
        Column to the expression that gives it back, for every column.
    """

    inner: dict[str, str]
    outer: dict[str, str]

    def inside(self, *, prefix: str = "") -> str:
        """Select list for the rows to be sorted, each item preceded by a comma."""
        return "".join(f', {expression.replace("{t}", prefix)} AS "{name}"' for name, expression in self.inner.items())

    def outside(self) -> str:
        """Select list for the sorted rows."""
        return ", ".join(f'{expression} AS "{name}"' for name, expression in self.outer.items())

    def keys(self, names: Iterable[str] | None = None) -> str:
        """Sort keys of all or the named columns that vary, each preceded by a comma."""
        return "".join(f', "{name}"' for name in (names if names is not None else self.inner) if name in self.inner)


def packed(con: Any, relation: str, table: schema.Table, *, leave: Iterable[str] = ()) -> Packed:
    """How to sort the rows of `relation`, which holds columns of `table`; columns in `leave` are none of its business.

    Notes
    -----
    Words of the columns with a fixed vocabulary, and the ids of sources, become numbers in the order of the words, so that
    sorting by either gives the same.
    """
    columns = [column for column in table.columns if column.name not in set(leave)]
    fixed = _fixed(con, relation, [column.name for column in columns])
    inner: dict[str, str] = {}
    outer: dict[str, str] = {}
    for column in columns:
        if column.name in fixed:
            outer[column.name] = f'(SELECT "{column.name}" FROM fixed_{relation})'
        elif column.choices or column.name == "source":
            words = f"words_{relation}_{column.name}"
            con.execute(f'CREATE TEMP TYPE {words} AS ENUM (SELECT DISTINCT "{column.name}" FROM {relation} '
                        f'WHERE "{column.name}" IS NOT NULL ORDER BY 1)')
            inner[column.name] = f'{{t}}"{column.name}"::{words}'
            outer[column.name] = f'"{column.name}"::VARCHAR'
        else:
            inner[column.name] = f'{{t}}"{column.name}"'
            outer[column.name] = f'"{column.name}"'
    return Packed(inner, outer)


def _fixed(con: Any, relation: str, names: list[str]) -> set[str]:
    """Columns with the same value, or none, in all rows; table ``fixed_RELATION`` holds these values."""
    likely = [name for name, same in zip(names, _constant(con, f"(SELECT * FROM {relation} LIMIT {_SAMPLE})", names), strict=True) if same]
    certain = [name for name, same in zip(likely, _constant(con, relation, likely), strict=True) if same]
    values = ", ".join(f'any_value("{name}") AS "{name}"' for name in certain) or "NULL AS nothing"
    con.execute(f"CREATE TEMP TABLE fixed_{relation} AS SELECT {values} FROM {relation}")
    return set(certain)


def _constant(con: Any, relation: str, names: list[str]) -> list[bool]:
    if not names:
        return []
    tests = ", ".join(f'count("{name}") = 0 OR (count("{name}") = count(*) AND min("{name}") = max("{name}"))' for name in names)
    return [bool(same) for same in con.execute(f"SELECT {tests} FROM {relation}").fetchall()[0]]
