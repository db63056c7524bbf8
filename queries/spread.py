"""Where inside a region a chain's makers sit: counts by the regions one level below."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from chain import region
from chain.store import Store
from queries.standing import Standing


@dataclass(frozen=True, eq=False)
class Spread:
    """A chain spread over the parts of an area.

    Attributes
    ----------
    area
        Code of the region whose parts are counted: the place itself, or the next wider region for a county or park.
    inside
        Code of the part that the place is, or lies in; empty where the place is the whole area.
    parts
        One row a part, by code: region, name, makers (distinct enterprises on the chain), links (products of the chain made
        there).
    matrix
        region, product, makers: only pairs with a maker.
    coarse
        Makers known only to lie in the area, in no certain part of it.
    """

    area: str
    inside: str
    parts: pd.DataFrame
    matrix: pd.DataFrame
    coarse: int


def spread(store: Store, state: Standing) -> Spread:
    """The makers of the chain of `state`, by the parts of its place; for a county or park by the parts of the region around it."""
    area = state.home or region.CHINA
    inside = ""
    if not region.children(area) or state.place.id != area:
        inside, area = area, region.parent(area) or region.CHINA
    makers = store.makers(state.scope.ids, area, state.rules.view)
    parts = region.children(area)
    found = pd.Series([_part(code, parts) for code in makers["region"]], index=makers.index, dtype="str")
    makers = makers.assign(part=found)
    coarse = int(makers.loc[makers["part"] == "", "enterprise"].nunique())
    makers = makers[makers["part"] != ""]
    firms, links = makers.groupby("part")["enterprise"].nunique(), makers.groupby("part")["product"].nunique()
    frame = pd.DataFrame({"region": parts, "name": [region.name(code) for code in parts]}).astype("str")
    frame["makers"] = frame["region"].map(firms).fillna(0).astype("int64")
    frame["links"] = frame["region"].map(links).fillna(0).astype("int64")
    matrix = makers.groupby(["part", "product"])["enterprise"].nunique().rename("makers").reset_index()
    return Spread(area, inside if inside in parts else "", frame, matrix.rename(columns={"part": "region"}), coarse)


def _part(code: object, parts: list[str]) -> str:
    return next((part for part in parts if isinstance(code, str) and region.contains(part, code)), "")
