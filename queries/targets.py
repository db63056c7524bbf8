"""Which enterprises to go and talk to: makers outside the place, ranked by a published score with one column a term."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from chain import region
from chain.errors import UnknownName
from chain.moments import of_one_moment
from chain.store import Store
from chain.tables import records
from queries import gaps as gap_list
from queries import hidden, identifiers
from queries.rules import Rules, weights
from queries.standing import Standing, standing

TERMS = ("size", "ties", "confidence", "titles", "closeness", "breadth")
COLUMNS = [
    "id", "rank", "product", "action", "gap_label", "gap_rank", "enterprise", "name", "short_name", "region", "place", "code",
    "made", "capital_wan", "revenue_wan", "output_wan", "titles_held", "tied_firms", "other_gaps",
    *(f"term_{term}" for term in TERMS), "score", "reason", "evidence", "source", "row",
]
_UNKNOWN_SIZE = 0.3


@of_one_moment
def targets(
    store: Store, chain: str, place: str, rules: Rules = Rules(), *, products: Sequence[str] | None = None, top: int | None = 10
) -> pd.DataFrame:
    """Enterprises outside `place` that make what is missing, weak or to be upgraded there; best first for each product.

    Parameters
    ----------
    products
        Only for these gaps; None for all rows of the gap list.
    top
        At most so many for each product; None for all.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, in the order of the gap list, then rank. Terms are 0..1; score is their weighted sum × 100
        (``weights.csv``). A firm known only as a party of a supply relation, or only to lie in a
        region that contains the place, is never a target, nor one whose
        status is unknown (delisted, moved away, closed).
    """
    state = standing(store, chain, place, rules)
    unknown = [product for product in products or () if product not in state.rows]
    if unknown:
        raise UnknownName("产品", unknown[0], state.scope.ids)
    found = for_gaps(store, state, gap_list.rank(store, state), top=top)
    return found if products is None else found[found["product"].isin(products)].reset_index(drop=True)


def for_gaps(store: Store, state: Standing, wanted: pd.DataFrame, *, top: int | None) -> pd.DataFrame:
    """Targets for the rows of the whole gap list of `state`, on which the term breadth depends; see `targets`."""
    return told(scored(store, state, wanted), state, top=top)


def scored(store: Store, state: Standing, wanted: pd.DataFrame) -> pd.DataFrame:
    """All targets for the rows of the whole gap list of `state`, by gap, then rank; in words they are told by `told`."""
    first = wanted.drop_duplicates("product")
    products = first["product"].tolist()
    found = store.makers(products, state.place.id, state.rules.view, outside=True) if products else pd.DataFrame()
    if found.empty:
        return pd.DataFrame(columns=["product", "rank"])
    here_perhaps = hidden.perhaps_here(store, found, state.place.id, state.home)
    status = store.enterprises(sorted(set(found["enterprise"]))).set_index("id")["status"]
    doubtful = found["enterprise"].map(status).fillna("active") == "unknown"
    found = found[(found["entry"].fillna("listed_row") != "party") & ~here_perhaps & ~doubtful].reset_index(drop=True)
    found = found.merge(
        first[["product", "action", "label", "rank"]].rename(columns={"label": "gap_label", "rank": "gap_rank"}), on="product")
    found = _terms(found, store, state)
    weight = weights("target")
    terms = [found[f"term_{term}"].astype("float64") * weight[term] * 100 for term in TERMS]
    found["score"] = pd.concat(terms, axis="columns").sum(axis="columns").round(2)
    found = found.sort_values(["gap_rank", "score", "enterprise"], ascending=[True, False, True], kind="stable")
    return found.assign(rank=found.groupby("product").cumcount() + 1).reset_index(drop=True)


def _terms(found: pd.DataFrame, store: Store, state: Standing) -> pd.DataFrame:
    size = found["output_wan"].fillna(found["revenue_wan"]).fillna(found["registered_capital_wan"])
    local = tied_firms(store, state, sorted(set(found["enterprise"])))
    found["tied_firms"] = [len(local.get(enterprise, ())) for enterprise in found["enterprise"]]
    found["tied_names"] = ["、".join(local.get(enterprise, ())[:3]) for enterprise in found["enterprise"]]
    found["other_gaps"] = found.groupby("enterprise")["product"].transform("nunique") - 1
    held = found["titles"].fillna("").str.split("；").map(lambda titles: len([t for t in titles if t]))
    return found.assign(
        term_size=_ranked(size, found["product"]),
        term_ties=found["tied_firms"] / (found["tied_firms"] + 1),
        term_confidence=found["confidence"],
        term_titles=held / (held + 1),
        term_closeness=[closeness(state.home, code) for code in found["region"]],
        term_breadth=found["other_gaps"] / (found["other_gaps"] + 2),
    )


def _ranked(size: pd.Series, product: pd.Series) -> pd.Series:
    """Rank of a size among the candidates of a product, 0..1; half for one that stands alone, less for an unknown size."""
    groups = size.groupby(product)
    return groups.rank(pct=True).where(groups.transform("count") != 1, 0.5).where(size.notna(), _UNKNOWN_SIZE)


def tied_firms(store: Store, state: Standing, enterprises: list[str]) -> dict[str, list[str]]:
    """Names of the firms in the place that each outside enterprise has sold to or bought from, each firm once."""
    chosen = set(enterprises)
    found: dict[str, dict[str, str]] = {}
    for here, there in (("buyer", "supplier"), ("supplier", "buyer")):
        edges = _deals(store, state, enterprises, here)
        for outside, local, name in zip(edges[there], edges[here], edges[f"{here}_name"], strict=True):
            if outside in chosen:
                found.setdefault(outside, {})[local] = name
    return {enterprise: sorted(firms.values()) for enterprise, firms in found.items()}


def _deals(store: Store, state: Standing, enterprises: list[str], here: str) -> pd.DataFrame:
    """Supply relations of the enterprises whose party `here` (buyer or supplier) is in the place."""
    if not state.place.id.startswith("park:"):
        return store.supplies(enterprises=enterprises, **{f"{here}_in": state.place.id})
    # stores find supply relations by region only, so who is in the park is asked for afterwards
    edges = store.supplies(enterprises=enterprises, **{f"{here}_in": state.home})
    parties = store.enterprises(sorted(set(edges[here])))
    inside = set(parties.loc[parties["park"] == state.place.id.removeprefix("park:"), "id"])
    return edges[edges[here].isin(inside)]


def closeness(place: str | None, other: object) -> float:
    """1 in the same province, 0.6 in a neighbouring one, 0.2 elsewhere, 0 where a place is not known.

    Parameters
    ----------
    place, other
        Region codes; for a park that of its region.

    >>> closeness("140100", "140500"), closeness("140100", "410100"), closeness("140100", "440300"), closeness("140100", None)
    (1.0, 0.6, 0.2, 0.0)
    """
    if not isinstance(other, str) or place is None or place == region.CHINA:
        return 0.0
    home, away = place[:2] + "0000", other[:2] + "0000"
    return 1.0 if home == away else 0.6 if away in _neighbours().get(home, ()) else 0.2


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    with open(Path(__file__).with_name("neighbours.csv"), encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["neighbours"].split(";")) for row in csv.DictReader(file)}


def told(found: pd.DataFrame, state: Standing, *, top: int | None) -> pd.DataFrame:
    """The best `top` targets of every product among those `scored`, with id, place and reason; see `targets` for the columns."""
    if top is not None:
        found = found[found["rank"] <= top].reset_index(drop=True)
    if found.empty:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in COLUMNS})
    chain = str(state.scope.chain["id"])
    rows = records(found)
    found["id"] = [identifiers.target_id(chain, state.place.id, row["product"], row["enterprise"]) for row in rows]
    found["place"] = [region.full_name(row["region"]) if row["region"] else "所在地不详" for row in rows]
    found["reason"] = [_reason(row) for row in rows]
    renamed = found.rename(columns={"registered_capital_wan": "capital_wan", "titles": "titles_held"})
    return renamed[COLUMNS].reset_index(drop=True)


def _reason(row: dict[str, Any]) -> str:
    made = row["made"] if row["made"] == row["product"] else f"{row['made']}（属{row['product']}）"
    thin = "，仅经营范围提到" if str(row["evidence"]).startswith("经营范围") and "也见" not in str(row["evidence"]) else ""
    parts = [f"生产{made}（置信度 {row['confidence']:.2f}{thin}）"]
    if row["tied_firms"]:
        parts.append(f"已与本地 {row['tied_firms']} 家企业有供应关系：{row['tied_names']}")
    if row["titles"]:
        parts.append(row["titles"])
    if row["other_gaps"]:
        parts.append(f"还能补本链 {row['other_gaps']} 个环节")
    return "；".join(parts)
