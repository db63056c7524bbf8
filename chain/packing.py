"""Sorting wide tables at the price of narrow ones.

A sort carries every column of a row along. Columns that say the same in every row are left out of it, and columns that hold a
few words take part as numbers and stay so in the file; views give both back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

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
        Column to the expression that is kept of it when the sorted rows are written; columns with one plain value are not kept.
    same
        Column to the literal that it says in every row, nothing mostly; no need to keep these.
    words
        Columns kept as numbers of words.
    numbered
        Whether source and row number tell all rows apart.
    """

    inner: dict[str, str]
    outer: dict[str, str]
    same: dict[str, str]
    words: frozenset[str]
    numbered: bool

    def inside(self, *, prefix: str = "") -> str:
        """Select list for the rows to be sorted, each item preceded by a comma."""
        return "".join(f', {expression.replace("{t}", prefix)} AS "{name}"' for name, expression in self.inner.items())

    def outside(self) -> str:
        """Select list for the sorted rows, each item preceded by a comma."""
        return "".join(f', {expression} AS "{name}"' for name, expression in self.outer.items())

    def again(self, names: Iterable[str], *, prefix: str = "") -> str:
        """Select list that gives the named columns back from the table that was written."""
        return ", ".join(f'{self._given(name, prefix)} AS "{name}"' for name in names)

    def _given(self, name: str, prefix: str) -> str:
        return self.same.get(name) or f'{prefix}"{name}"' + ("::VARCHAR" if name in self.words else "")

    def keys(self, names: Iterable[str] | None = None) -> str:
        """Sort keys of all or the named columns that vary, each preceded by a comma; beginning with those that tell rows apart."""
        chosen = [name for name in (names if names is not None else self.inner) if name in self.inner]
        telling = [name for name in schema.PROVENANCE if name in chosen]
        needed = telling if self.numbered else dict.fromkeys([*telling, *chosen])
        return "".join(f', "{name}"' for name in needed)


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
        return Packed({name: f'{{t}}"{name}"' for name in names}, {name: f'"{name}"' for name in names}, {}, frozenset(), False)
    con.execute(f"CREATE TEMP TABLE fixed_{relation} AS SELECT * FROM {relation} LIMIT 1")
    guess = dict(zip(names, con.execute(f"SELECT {_quoted(names)} FROM fixed_{relation}").fetchall()[0], strict=True))
    fixed = guess
    for rows in (f"(SELECT * FROM {relation} LIMIT {_SAMPLE})", relation):
        fixed = _alike(con, rows, fixed)
    same = {name: _literal(word) for name, word in fixed.items() if isinstance(word, str) and word.isprintable()}
    same |= {column.name: f"NULL::{sql_type(column)}" for column in columns if fixed.get(column.name, "") is None}
    inner: dict[str, str] = {}
    outer: dict[str, str] = {}
    words: set[str] = set()
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
            outer[name] = f'"{name}"'
            words.add(name)
        else:
            inner[name] = f'{{t}}"{name}"'
            outer[name] = f'"{name}"'
    return Packed(inner, outer, same, frozenset(words), _numbered(con, relation))


def _numbered(con: Any, relation: str) -> bool:
    """Whether row numbers go up from row to row, as those of a single file do."""
    numbers = con.execute(f'SELECT "row" FROM {relation}').fetchnumpy()["row"]
    return not np.ma.is_masked(numbers) and bool((numbers[1:] > numbers[:-1]).all())


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
