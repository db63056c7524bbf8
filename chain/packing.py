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
_WORTH = 20_000  # rows below which looking at the columns costs more than it saves
_TYPES = {"number": "DOUBLE", "integer": "BIGINT", "flag": "BOOLEAN"}


def sql_type(column: schema.Column) -> str:
    """DuckDB type of a schema column."""
    return _TYPES.get(column.type, "VARCHAR")


@dataclass(frozen=True)
class Packed:
    """How the columns of one relation go through a sort.

    Attributes
    ----------
    inner
        Column to the expression that stands for it in the sort; columns with one value are not in it.
    outer
        Column to the expression that gives it back, for every column that is kept.
    same
        Column to the literal that it says in every row, nothing mostly; no need to keep these.
    """

    inner: dict[str, str]
    outer: dict[str, str]
    same: dict[str, str]

    def inside(self, *, prefix: str = "") -> str:
        """Select list for the rows to be sorted, each item preceded by a comma."""
        return "".join(f', {expression.replace("{t}", prefix)} AS "{name}"' for name, expression in self.inner.items())

    def outside(self) -> str:
        """Select list for the sorted rows, each item preceded by a comma."""
        return "".join(f', {expression} AS "{name}"' for name, expression in self.outer.items())

    def again(self, names: Iterable[str], *, prefix: str = "") -> str:
        """Select list that gives the named columns back from the table that was written."""
        return ", ".join(f'{self.same[name]} AS "{name}"' if name in self.same else f'{prefix}"{name}"' for name in names)

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
    names = [column.name for column in columns]
    if con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0] < _WORTH:
        return Packed({name: f'{{t}}"{name}"' for name in names}, {name: f'"{name}"' for name in names}, {})
    con.execute(f"CREATE TEMP TABLE fixed_{relation} AS SELECT * FROM {relation} LIMIT 1")
    guess = dict(zip(names, con.execute(f"SELECT {_quoted(names)} FROM fixed_{relation}").fetchall()[0], strict=True))
    fixed = guess
    for rows in (f"(SELECT * FROM {relation} LIMIT {_SAMPLE})", relation):
        fixed = _alike(con, rows, fixed)
    same = {name: _literal(word) for name, word in fixed.items() if isinstance(word, str) and word.isprintable()}
    same |= {column.name: f"NULL::{sql_type(column)}" for column in columns if fixed.get(column.name, "") is None}
    inner: dict[str, str] = {}
    outer: dict[str, str] = {}
    for column in columns:
        name = column.name
        if name in same:
            continue
        if name in fixed:
            outer[name] = f'(SELECT "{name}" FROM fixed_{relation})'
        elif column.choices or name == "source":
            kind = f"words_{relation}_{name}"
            con.execute(f'CREATE TEMP TYPE {kind} AS ENUM (SELECT DISTINCT "{name}" FROM {relation} '
                        f'WHERE "{name}" IS NOT NULL ORDER BY 1)')
            inner[name] = f'{{t}}"{name}"::{kind}'
            outer[name] = f'"{name}"::VARCHAR'
        else:
            inner[name] = f'{{t}}"{name}"'
            outer[name] = f'"{name}"'
    return Packed(inner, outer, same)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'::VARCHAR"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _alike(con: Any, relation: str, guess: dict[str, Any]) -> dict[str, Any]:
    """Those of the columns that say in every row of `relation` what is guessed, nothing included."""
    if not guess:
        return {}
    tests = ", ".join(f'bool_and("{name}" IS NOT DISTINCT FROM ?)' for name in guess)
    found = con.execute(f"SELECT {tests} FROM {relation}", list(guess.values())).fetchall()[0]
    return {name: word for (name, word), same in zip(guess.items(), found, strict=True) if same}
