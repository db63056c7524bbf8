"""Tables: the frames of one graph.

They are the truth of the project. Each frame holds rows as their sources state them, every row with its source and row
number; what several sources say of one enterprise is brought together by a store, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from chain import schema
from chain.errors import InputError

SEPARATOR = "；"
"""What joins the items of a list column."""


class Tables(Mapping[str, pd.DataFrame]):
    """The frames of one graph, one for every table of the schema, in canonical form.

    Parameters
    ----------
    frames
        Frames by table name. Missing tables are empty, missing columns are empty.

    Raises
    ------
    InputError
        On a table or column that the schema does not have, or values that don't fit a column's type.

    Notes
    -----
    Canonical: columns and dtypes of the schema, empty text is missing, rows without repeats and sorted by key, source,
    row and then all other columns. Two graphs are equal when their canonical frames are. Types are checked at once; a frame is
    put in order when it is first asked for.

    Examples
    --------
    >>> tables = Tables({"products": pd.DataFrame({"id": ["钢"], "name": ["钢"]})})
    >>> tables["products"]["name"].tolist()
    ['钢']
    >>> len(tables["makes"])
    0
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame] | None = None) -> None:
        given = frames or {}
        unknown = sorted(set(given) - set(schema.tables()))
        if unknown:
            raise InputError(f"没有这样的表：{'、'.join(unknown)}", way_out=f"可用的表：{'、'.join(schema.tables())}")
        self._frames = {name: typed(name, given[name]) if name in given else empty(name) for name in schema.tables()}
        self._sorted = {name for name in schema.tables() if name not in given}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self._frames and name not in self._sorted:  # sorting millions of rows is put off until somebody looks
            self._frames[name] = _ordered(name, self._frames[name])
            self._sorted.add(name)
        return self._frames[name]

    def unsorted(self, name: str) -> pd.DataFrame:
        """Frame of table `name` with its columns and dtypes, but rows in any order and perhaps repeated; for stores."""
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tables):
            return NotImplemented
        return all(frame.equals(other[name]) for name, frame in self.items())

    def __hash__(self) -> int:
        raise TypeError("Tables hold frames and can't be hashed")

    def __repr__(self) -> str:
        filled = ", ".join(f"{name} {len(frame)}" for name, frame in self.items() if len(frame))
        return f"Tables({filled or 'empty'})"

    @property
    def rows(self) -> int:
        """Rows over all tables, sources not counted."""
        return sum(len(frame) for name, frame in self.items() if name != "sources")


def empty(name: str) -> pd.DataFrame:
    """An empty frame with the columns and dtypes of table `name`."""
    return _empty(name).copy(deep=False)


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in schema.table(name).columns})


def canonical(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the columns, dtypes and row order of table `name`, each row once.

    Raises
    ------
    InputError
        On unknown columns or values of the wrong type, naming the first.
    """
    return _ordered(name, typed(name, frame))


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the columns and dtypes of table `name`, its rows as they are.

    Raises
    ------
    InputError
        On unknown columns or values of the wrong type, naming the first.
    """
    table = schema.table(name)
    unknown = [str(column) for column in frame.columns if column not in table.names]
    if unknown:
        raise InputError(f"表 {name} 没有这些列：{'、'.join(unknown)}", way_out=f"可用的列：{'、'.join(table.names)}")
    return pd.DataFrame({column.name: _typed(column, frame) for column in table.columns}, index=frame.index, copy=False)


def _ordered(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    table = schema.table(name)
    order = list(dict.fromkeys([*table.keys, *(c for c in schema.PROVENANCE if c in table.names), *table.names]))
    return frame.drop_duplicates().sort_values(order, kind="stable", na_position="first").reset_index(drop=True)


def combine(parts: Iterable[Tables]) -> Tables:
    """One graph of several: their rows together, repeats once."""
    listed = list(parts)
    frames = {}
    for name in schema.tables():
        filled = [part.unsorted(name) for part in listed if len(part.unsorted(name))]
        if filled:
            frames[name] = pd.concat(filled, ignore_index=True)
    return Tables(frames)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dicts of plain Python values, in order; missing text, numbers and flags are None.

    >>> records(pd.DataFrame({"product": ["钢", None], "makers": [2, 0]}))
    [{'product': '钢', 'makers': 2}, {'product': None, 'makers': 0}]
    """
    return [
        {str(name): None if value is None or value is pd.NA or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def split(text: object) -> list[str]:
    """Items of a list cell; empty for a missing one.

    >>> split("甲；乙")
    ['甲', '乙']
    """
    return [item for item in text.split(SEPARATOR) if item] if isinstance(text, str) else []


def join(items: Iterable[str]) -> str | None:
    """Items as one list cell, None if there are none.

    >>> join(["甲", "乙"])
    '甲；乙'
    """
    return SEPARATOR.join(item for item in items if item) or None


def _any_blank(values: pd.Series) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts: Any = pa.array(values.array, from_pandas=True)
    return bool(texts.null_count < len(texts) and pc.min(pc.binary_length(texts)).as_py() == 0)


def _unsigned_zero(values: pd.Series) -> pd.Series:
    """The numbers with 0 for −0; those without a minus sign as they are, without a copy."""
    return values + 0.0 if np.signbit(values.to_numpy()).any() else values


def _typed(column: schema.Column, frame: pd.DataFrame) -> pd.Series:
    if column.name not in frame.columns:
        return pd.Series([None] * len(frame), index=frame.index, dtype=column.dtype)
    values = frame[column.name]
    try:
        if column.dtype == "str":
            if values.dtype != "str":
                values = values.astype("object").where(values.notna(), None).astype("str")
            return values.where(values != "", None) if _any_blank(values) else values
        if values.dtype == "Int64" and column.dtype == "Int64":
            return values
        if column.dtype == "Int64":
            return pd.to_numeric(values).astype("Int64")
        if column.dtype == "float64":
            return _unsigned_zero(values if values.dtype == "float64" else pd.to_numeric(values).astype("float64"))
        return values.astype("boolean")
    except (TypeError, ValueError) as error:
        raise InputError(
            f"表 {column.table} 的列 {column.name} 有不合类型（{column.type}）的值：{error}", way_out="改正后再载入"
        ) from error
