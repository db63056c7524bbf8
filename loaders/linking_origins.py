"""Where the texts of an enterprise stand: what several sources say of it comes together in one row, each text from a row of its own."""

from __future__ import annotations

import pandas as pd

from chain.tables import records
from loaders.linking_levels import COLUMNS

_SAME = ("id", "uscc", "code", "name")
"""What a stated row and an enterprise have in common, the surest first."""


def with_origins(enterprises: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Enterprises with the source and row of each of their texts.

    Parameters
    ----------
    enterprises
        One row an enterprise, as `chain.store.Store.enterprises` gives them.
    stated
        Table ``enterprises`` row by row, as its sources state it.

    Returns
    -------
    DataFrame
        The enterprises with ``main_products_source``, ``main_products_row`` and so on, empty where the row of the enterprise says it itself
        or where nothing tells which row does.
    """
    found = {column: _origins(column, enterprises, stated) for column in COLUMNS}
    sources = {f"{column}_source": pd.array([source for source, _ in origins], dtype="str") for column, origins in found.items()}
    rows = {f"{column}_row": pd.array([row for _, row in origins], dtype="Int64") for column, origins in found.items()}
    return enterprises.assign(**sources, **rows)


Origin = tuple[str | None, int | None]
"""A source and a row of it, or neither."""


def _origins(column: str, enterprises: pd.DataFrame, stated: pd.DataFrame) -> list[Origin]:
    """Where a text of every enterprise stands, if not in the row of the enterprise."""
    own = set(zip(stated["source"], stated["row"], stated[column], strict=True))
    asked = zip(enterprises["source"], enterprises["row"], enterprises[column], strict=True)
    elsewhere = pd.Series([isinstance(each[2], str) and each not in own for each in asked], index=enterprises.index)
    by_text: dict[str, list[dict[str, object]]] = {}
    for row in records(stated[stated[column].isin(set(enterprises.loc[elsewhere, column]))]):
        by_text.setdefault(str(row[column]), []).append(row)
    found = {firm["id"]: _nearest(firm, by_text.get(str(firm[column]), [])) for firm in records(enterprises[elsewhere])}
    return [found.get(firm, (None, None)) for firm in enterprises["id"]]


def _nearest(firm: dict[str, object], rows: list[dict[str, object]]) -> Origin:
    """The row that says it and is most surely of this enterprise."""
    for name in _SAME:
        for row in rows:
            if firm[name] is not None and row[name] == firm[name]:
                return str(row["source"]), int(str(row["row"]))
    return (str(rows[0]["source"]), int(str(rows[0]["row"]))) if len(rows) == 1 else (None, None)
