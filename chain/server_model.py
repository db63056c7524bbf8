"""What a graph on a server consists of: kinds of nodes and relationships, their properties, and which table rows they are.

Every row of every table is one element: a node or a relationship. An entity (enterprise, product, chain, park, region, industry) that
one row speaks of is that row; where several do, the entity carries what they say together and each row is a node ``Stated…`` that
points at it. Properties that begin with an underscore are worked out when a load is written; all others are columns of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from chain import schema

WHOLE, YES, TEXT = "Int64", "boolean", "str"


@dataclass(frozen=True)
class NodeKind:
    """Nodes of one label.

    Attributes
    ----------
    key
        Property that tells one from the other.
    table
        Table whose columns they carry, empty if none.
    derived
        Further properties and their dtypes.
    """

    label: str
    key: str
    table: str = ""
    derived: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Properties and their dtypes, the key first."""
        own = {column.name: column.dtype for column in schema.table(self.table).columns} if self.table else {}
        return {self.key: TEXT, **own, **dict(self.derived)}


@dataclass(frozen=True)
class EdgeKind:
    """Relationships of one type between nodes of two labels.

    Attributes
    ----------
    type, start, end
        Type, and the labels of both ends.
    table, ends
        Table whose rows they are, and its columns that name the ends.
    derived
        Further properties and their dtypes.
    """

    type: str
    start: str
    end: str
    table: str = ""
    ends: tuple[str, str] = ("", "")
    derived: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Name of the kind; types alone don't tell where relationships lead."""
        return f"{self.type}:{self.start}:{self.end}"

    @property
    def columns(self) -> dict[str, str]:
        """Properties and their dtypes, after ``_from`` and ``_to``."""
        own = [column for column in schema.table(self.table).columns if column.name not in self.ends] if self.table else []
        return {"_from": TEXT, "_to": TEXT, **{column.name: column.dtype for column in own}, **dict(self.derived)}


ENTITIES = {
    "enterprises": NodeKind("Enterprise", "id", "enterprises", (
        ("_own", YES), ("_number", WHOLE), ("_since", WHOLE), ("_until", WHOLE), ("_yuan", WHOLE), ("_party", YES), ("_held", TEXT))),
    "products": NodeKind("Product", "id", "products", (("_own", YES), ("_makers", WHOLE), ("_at", WHOLE))),
    "chains": NodeKind("Chain", "id", "chains", (("_own", YES),)),
    "parks": NodeKind("Park", "id", "parks", (("_own", YES),)),
    "regions": NodeKind("Region", "code", "regions", (("_own", YES), ("_number", WHOLE), ("full_name", TEXT), ("level", TEXT))),
    "industries": NodeKind("Industry", "code", "industries", (("_own", YES),)),
}
"""Tables whose rows speak of entities, and the nodes these are."""

ROWS = {
    "sources": NodeKind("Source", "_key", "sources"),
    "stages": NodeKind("Stage", "_key", "stages"),
    "same": NodeKind("Decision", "_key", "same"),
    "rejects": NodeKind("Reject", "_key", "rejects"),
    **{table: NodeKind(f"Stated{kind.label}", "_key", table) for table, kind in ENTITIES.items()},
}
"""Tables, and the nodes that are single rows of them; for entities only where several rows speak of one."""

TITLE = NodeKind("Title", "title")
ALIAS = NodeKind("Alias", "id")
NODES = {kind.label: kind for kind in (*ENTITIES.values(), TITLE, ALIAS, *ROWS.values())}

_SPAN = (("_since", WHOLE), ("_until", WHOLE))
_SAID = ("_said_of", TEXT)
ROW_EDGES = {
    kind.table: kind for kind in (
        EdgeKind("MAKES", "Enterprise", "Product", "makes", ("enterprise", "product"), (
            _SAID, ("_yuan", WHOLE), ("_superseded", YES), ("_at", WHOLE))),
        EdgeKind("SUPPLIES", "Enterprise", "Enterprise", "supplies", ("supplier", "buyer"), (_SAID, ("_said_to", TEXT))),
        EdgeKind("HOLDS", "Enterprise", "Title", "titles", ("enterprise", "title"), (_SAID, *_SPAN)),
        EdgeKind("IN_CHAIN", "Product", "Chain", "chain_products", ("product", "chain")),
        EdgeKind("INPUT_OF", "Product", "Product", "inputs", ("input", "product")),
        EdgeKind("KIND_OF", "Product", "Product", "kinds", ("product", "kind")),
        EdgeKind("UPGRADES_TO", "Product", "Product", "upgrades", ("product", "successor")),
        EdgeKind("BYPRODUCT_OF", "Product", "Product", "byproducts", ("product", "main")),
    )}
"""Tables whose rows are relationships."""

DERIVED_EDGES = (
    EdgeKind("ROLLS_UP_TO", "Product", "Product"), EdgeKind("LOCATED_IN", "Enterprise", "Region"), EdgeKind("LOCATED_IN", "Enterprise", "Park"),
    EdgeKind("PART_OF", "Region", "Region"), EdgeKind("IN_INDUSTRY", "Enterprise", "Industry"), EdgeKind("LEADS_TO", "Alias", "Enterprise"),
    *(EdgeKind("SAYS_OF", ROWS[table].label, kind.label) for table, kind in ENTITIES.items()),
)
EDGES = {kind.name: kind for kind in (*ROW_EDGES.values(), *DERIVED_EDGES)}

INDEXES = (("Region", "_number"), ("Enterprise", "park"), ("Source", "id"), ("Stage", "chain"))
"""Labels and further properties by which nodes are looked up."""

EDGE_INDEXES = (("MAKES", "_at"),)
"""Types and properties by which relationships are looked up."""

Elements = dict[str, pd.DataFrame]
"""All nodes and relationships of a graph: frames by label or by name of the kind of relationship, in its columns."""


@cache
def _empty(name: str) -> pd.DataFrame:
    columns = (NODES.get(name) or EDGES[name]).columns
    return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in columns.items()})


def empty(name: str) -> pd.DataFrame:
    """A frame of one kind without rows."""
    return _empty(name).copy(deep=False)


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the columns and dtypes of its kind; missing columns are empty."""
    columns = (NODES.get(name) or EDGES[name]).columns
    if frame.empty:
        return empty(name)
    return pd.DataFrame({
        column: _cast(frame[column], dtype) if column in frame.columns else pd.Series([None] * len(frame), index=frame.index, dtype=dtype)
        for column, dtype in columns.items()}, copy=False).reset_index(drop=True)


def _cast(values: Any, dtype: str) -> Any:
    if values.dtype == dtype:
        return values
    if not values.notna().any():
        return pd.Series([None] * len(values), index=values.index, dtype=dtype)
    if dtype == TEXT:
        return values.astype("object").where(values.notna(), None).astype(TEXT)
    return pd.to_numeric(values).astype(dtype) if dtype == "float64" else values.astype(dtype)


def rows_of(elements: Elements, table: str) -> pd.DataFrame:
    """The rows of one table among the elements that carry them, in no particular order."""
    names = schema.table(table).names
    if table in ROW_EDGES:
        return _edge_rows(elements[ROW_EDGES[table].name], ROW_EDGES[table])[names]
    parts = [elements[ROWS[table].label][names]]
    if table in ENTITIES:
        entities = elements[ENTITIES[table].label]
        parts.append(entities.loc[entities["_own"].fillna(False).astype(bool), names])
    return pd.concat(parts, ignore_index=True)


def _edge_rows(edges: pd.DataFrame, kind: EdgeKind) -> pd.DataFrame:
    said = {kind.ends[0]: ("_from", "_said_of"), kind.ends[1]: ("_to", "_said_to")}
    ends = {column: edges[alias].fillna(edges[end]) if alias in edges.columns else edges[end] for column, (end, alias) in said.items()}
    return edges.assign(**ends)


def labels_needed(tables: list[str]) -> list[str]:
    """Names of the kinds of elements that carry rows of the named tables."""
    found = []
    for table in tables:
        if table in ROW_EDGES:
            found.append(ROW_EDGES[table].name)
        else:
            found += [ROWS[table].label] + ([ENTITIES[table].label] if table in ENTITIES else [])
    return found
