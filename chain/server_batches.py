"""Elements on their way to a server: pieces of frames as statements and their parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from chain.server_link import statement
from chain.server_model import EDGES, NODES

BATCH = 20_000
"""Elements in one statement."""

Question = Callable[[pd.DataFrame], tuple[str, dict[str, Any]]]
"""From rows to the statement and the parameters that write them."""


def names(name: str) -> dict[str, str]:
    """What the words of the statements stand for, for elements of one kind."""
    if name in NODES:
        return {"LABEL": name, "KEY": NODES[name].key}
    kind = EDGES[name]
    return {"TYPE": kind.type, "START": kind.start, "END_": kind.end, "START_KEY": NODES[kind.start].key, "END_KEY": NODES[kind.end].key}


def batches(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """`frame` in pieces of at most `BATCH` rows."""
    for start in range(0, len(frame), BATCH):
        yield frame.iloc[start:start + BATCH]


def asked(kind: str, name: str, rows: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """Statement and parameters that add, change or drop elements of one kind: a map for each row."""
    if name in NODES:
        values = {"keys": rows[NODES[name].key].tolist()} if kind == "drop" else {"rows": maps(rows)}
        return statement(f"{kind}_node", **names(name)), values
    ends = zip(rows["_from"].tolist(), rows["_to"].tolist(), maps(rows.drop(columns=["_from", "_to"])), strict=True)
    return statement(f"{kind}_edge", **names(name)), {"rows": [{"a": a, "b": b, "p": p} for a, b, p in ends]}


def in_columns(name: str, frame: pd.DataFrame) -> Question:
    """How pieces of `frame` are added: a list for each property, and what all elements have alike once.

    The ends of relationships are the server's own numbers of nodes.
    """
    same: dict[str, Any] = {}
    some, full = list[str](), list[str]()
    for column in map(str, frame.columns.drop(["_from", "_to"], errors="ignore")):
        there = frame[column].notna()
        first = frame[column].iloc[0]
        if there.all() and bool((frame[column] == first).all()):
            same[column] = first.item() if hasattr(first, "item") else first
        elif there.any():
            (full if there.all() else some).append(column)
    properties = ", ".join([*(f"{column}: $lists.{column}[at]" for column in [*full, *some]), *(f"{column}: $same.{column}" for column in same)])
    text = statement("add_nodes" if name in NODES else "add_edges", **names(name)).replace("{}", f"{{{properties}}}")

    def question(rows: pd.DataFrame) -> tuple[str, dict[str, Any]]:
        lists = {column: rows[column].tolist() for column in full}
        lists |= {column: rows[column].astype("object").where(rows[column].notna(), None).tolist() for column in some}
        ends = {} if name in NODES else {"a": rows["_from"].tolist(), "b": rows["_to"].tolist()}
        return text, {"count": len(rows), "lists": lists, "same": same, **ends}

    return question


def maps(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts of plain values without the missing ones."""
    kept = [(str(name), frame[name].notna()) for name in frame.columns]
    kept = [(name, there) for name, there in kept if there.any()]
    if not kept:
        return [{} for _ in range(len(frame))]
    names = [name for name, _ in kept]
    values = [frame[name].astype("object").where(there, None).tolist() for name, there in kept]
    if all(there.all() for _, there in kept):
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
    return [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in zip(*values, strict=True)]
