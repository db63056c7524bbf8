"""What comes back as rows, from a server above all, as frames: the columns, dtypes and order that every store gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from chain import schema
from chain.server_model import EdgeKind

_SUPPLIES = {
    "supplier": "str", "supplier_name": "str", "supplier_region": "str", "buyer": "str", "buyer_name": "str", "buyer_region": "str",
    "product": "str", "year": "Int64", "amount_wan": "float64", "share": "float64", "share_of": "str", "source": "str", "row": "Int64",
}
"""Columns of `Store.supplies`."""


def framed(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a frame with `columns` (name to dtype); numbers and flags that are nowhere missing are plain ones."""
    listed = list(rows)
    return plain(pd.DataFrame({name: pd.Series([row.get(name) for row in listed], dtype=dtype) for name, dtype in columns.items()}))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with whole numbers and flags as numpy's own where none is missing."""
    kinds = {"Int64": "int64", "boolean": "bool"}
    full = {name: kinds[str(frame[name].dtype)] for name in frame.columns if str(frame[name].dtype) in kinds and not frame[name].isna().any()}
    return frame.astype(full) if full else frame


def ordered(frame: pd.DataFrame, by: list[str], *, falling: Iterable[str] = ()) -> pd.DataFrame:
    """`frame` sorted, missing values last, whichever way."""
    return frame.sort_values(by, ascending=[name not in set(falling) for name in by], na_position="last", kind="stable").reset_index(drop=True)


def stated(rows: Iterable[Any], kind: EdgeKind) -> pd.DataFrame:
    """Relationships as rows of their table, each once and in order."""
    columns = {column.name: column.dtype for column in schema.table(kind.table).columns}
    found = framed([{**row["p"], kind.ends[0]: row["a"], kind.ends[1]: row["b"]} for row in rows], columns)
    return ordered(found.drop_duplicates(), list(columns))


def preferred(members: list[dict[str, Any]], stages: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Products of a chain, and its stages, as in `Scope`: of several rows that speak of one, the first of the first source."""
    listed = framed(stages, {"name": "str", "position": "Int64", "description": "str"})
    listed = ordered(listed, ["name", "position", "description"]).groupby("name", sort=True).agg(
        position=("position", "min"), description=("description", "first")).reset_index()
    listed = plain(ordered(listed.astype({"name": "str", "description": "str"}), ["position", "name"]))
    at = dict(zip(listed["name"], listed["position"], strict=True))
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(members, key=lambda row: (row["product"], _last(row["member"].get("source")), _last(row["member"].get("row")))):
        best.setdefault(row["product"], row)
    products = framed([_product(row, at) for row in best.values()], _PRODUCTS)
    return ordered(products, ["position", "product"]), listed


def _product(row: dict[str, Any], at: dict[str, int]) -> dict[str, Any]:
    own: dict[str, Any] = min(
        row["stated"], key=lambda one: (one.get("criticality") is None, _last(one.get("source")), _last(one.get("row"))), default={})
    member = row["member"]
    weights = (member.get("weight"), own.get("criticality"), 1.0)
    return {
        **{name: own.get(name) for name in ("criticality", "reason", "chokepoint", "aliases", "gbt4754")},
        **{name: member.get(name) for name in ("stage", "segment", "position", "source", "row")},
        "product": row["product"], "name": own.get("name") or row["product"], "stage_position": at.get(member.get("stage"), 0),
        "terminal": member.get("terminal") or False, "weight": float(next(weight for weight in weights if weight is not None)),
    }


def _last(value: Any) -> tuple[bool, Any]:
    """Sorts missing values last."""
    return (value is None, 0 if value is None else value)


_PRODUCTS = {
    "product": "str", "name": "str", "stage": "str", "stage_position": "Int64", "segment": "str", "position": "Int64", "terminal": "boolean",
    "criticality": "Int64", "weight": "float64", "reason": "str", "chokepoint": "str", "aliases": "str", "gbt4754": "str", "source": "str",
    "row": "Int64",
}


def supplied(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Supply relations as `Store.supplies` gives them."""
    return ordered(framed(rows, _SUPPLIES), ["supplier", "buyer", "year", "source", "row", "product", "share", "amount_wan"])
