"""Where a place stands on every link of a chain: the one evaluation that all other queries start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chain import region
from chain.moments import of_one_moment
from chain.store import Place, Scope, Store
from chain.tables import records
from queries import absence, hidden, structure
from queries.rules import Rules

STATUS_NAMES = {"missing": "缺失", "weak": "薄弱", "covered": "具备", "strong": "优势", "unknown": "待核"}
SUSPECTED = "疑似缺失"


@dataclass(frozen=True)
class Standing:
    """A chain held against a place.

    Attributes
    ----------
    products
        One row a product in chain order: product, name, stage, segment, terminal, criticality, weight, makers, national,
        reviews, titled, output_wan, outputs_known, hhi, hhi_basis, lq, national_share, covered, buyers (enterprises of the
        place that make something it goes into), open_buyers (those for whom no substitute is made in the place),
        supply_ratio (supply ÷ demand, NaN where amounts are unknown), tests (failed tests of strength, joined by ；), status
        (missing | weak | covered | strong | unknown), reason (letter, see `absence`), label (what people read), layer.
    chain
        The chain as a graph, restricted to the roles of the rules.
    home
        Region code of the place, of a park too; None for a park whose region nobody gave.
    hidden
        For products not covered: enterprises of the place that may make them without saying so, each with what it makes
        and why that speaks for it; see `hidden.makers`.
    """

    scope: Scope
    place: Place
    rules: Rules
    as_of: str
    products: pd.DataFrame
    chain: nx.DiGraph
    home: str | None
    hidden: hidden.Reasons

    @cached_property
    def covered(self) -> frozenset[str]:
        """Products with at least one maker in the place."""
        return frozenset(self.products.loc[self.products["covered"], "product"])

    @cached_property
    def available(self) -> frozenset[str]:
        """Covered products, and by-products that arise where a covered product is made."""
        return self.covered | {row["product"] for row in records(self.scope.byproducts) if row["main"] in self.covered}

    @cached_property
    def key_links(self) -> dict[str, str]:
        """Key links of the chain with their reasons."""
        return structure.key_links(self.chain)

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Rows of `products` by product."""
        return {row["product"]: row for row in records(self.products)}

    def users(self, product: str) -> list[str]:
        """Products made in the place into which `product` goes with no substitute of it made there, in order."""
        return sorted(
            user for user in self.chain.successors(product)
            if user in self.covered and not self.substitutes(product, user) & self.covered)

    def substitutes(self, product: str, user: str) -> set[str]:
        """Other products of the OR group in which `product` goes into `user`."""
        return substitutes(self.chain, product, user)


@of_one_moment
def standing(store: Store, chain: str, place: str, rules: Rules = Rules()) -> Standing:
    """Status of every product of `chain` in `place`.

    Parameters
    ----------
    place
        Six-digit region code or ``park:ID``.

    Raises
    ------
    UnknownName
        If the store holds no such chain or there is no such place.

    Notes
    -----
    Definitions as in ``docs/definitions.md``. LQ = (n_vρ ÷ Σ_v n_vρ) ÷ (n_v ÷ Σ_v n_v) with n = makers (Balassa 1965), sums over
    the products of the chain.
    """
    scope = store.scope(chain)
    where = store.place(place, rules.view)
    as_of = rules.as_of or store.as_of
    graph = structure.graph(scope, rules.roles)
    counted = store.coverage(scope.ids, place, rules.view)
    frame = scope.products[["product", "name", "stage", "segment", "terminal", "criticality", "weight"]].merge(
        counted, on="product", how="left", validate="one_to_one"
    )
    frame["covered"] = frame["makers"] > 0
    covered = set(frame.loc[frame["covered"], "product"])
    frame = frame.assign(**_quotients(frame), **_buyers(store, frame, graph, covered, place, rules))
    frame["supply_ratio"] = _supply_ratio(frame, graph)
    frame["tests"] = pd.array(["；".join(_failed_tests(row, where, rules)) or None for row in records(frame)], dtype="str")
    lies_in = home(store, place)
    concealed = hidden.makers(store, scope, set(scope.ids) - covered, place, lies_in, rules)
    rows = records(frame)
    letters = [_letter(row, len(concealed.get(row["product"], ())), where, rules, as_of) for row in rows]
    states = [_status(row, letter, rules) for row, letter in zip(rows, letters, strict=True)]
    frame["status"] = pd.array(states, dtype="str")
    frame["reason"] = pd.array(letters, dtype="str")
    frame["label"] = pd.array([label(s, r) for s, r in zip(states, letters, strict=True)], dtype="str")
    depth = structure.layers(graph)
    frame["layer"] = np.array([depth[product] for product in frame["product"]], dtype=np.int64)
    return Standing(scope, where, rules, as_of, frame, graph, lies_in, concealed)


def home(store: Store, place: str) -> str | None:
    """Region code of a place; that of its park table for a park, None where the table has none."""
    if not place.startswith("park:"):
        return place
    park = place.removeprefix("park:")
    parks = store.tables(["parks"])["parks"]
    regions = parks.loc[(parks["id"] == park) | (parks["name"] == park), "region"].dropna()
    return str(regions.min()) if len(regions) else None


def substitutes(chain: nx.DiGraph, product: str, user: str) -> set[str]:
    """Other products of the OR group in which `product` goes into `user`."""
    group = chain.edges[product, user]["group"]
    if group is None:
        return set()
    return {other for other, _, data in chain.in_edges(user, data=True) if other != product and data["group"] == group}


def label(status: str, reason: str) -> str:
    """What people read for a status: 疑似缺失 where only samples speak against a product.

    >>> label("unknown", "b"), label("unknown", "d"), label("weak", "")
    ('疑似缺失', '待核', '薄弱')
    """
    return SUSPECTED if reason == "b" else STATUS_NAMES[status]


def _quotients(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """LQ and national share; one division of whole numbers each, so that a quotient of exactly 1 or 1.25 is just that."""
    makers, national = frame["makers"].astype("float64"), frame["national"].where(frame["national"] > 0).astype("float64")
    here, everywhere = makers.sum(), frame["national"].sum()
    return {"lq": makers * everywhere / (national * (here or np.nan)), "national_share": makers / national}


def _buyers(
    store: Store, frame: pd.DataFrame, graph: nx.DiGraph, covered: set[str], place: str, rules: Rules
) -> dict[str, np.ndarray]:
    """Distinct buyers of every product: all, and those for whom no substitute in the same OR group is made in the place."""
    arcs = [(before, after) for before, after in graph.edges if after in covered]
    open_arcs = [(before, after) for before, after in arcs if not substitutes(graph, before, after) & covered]
    found = {}
    for column, pairs in (("buyers", arcs), ("open_buyers", open_arcs)):
        counts: dict[str, int] = {}
        if pairs:
            wanted = pd.DataFrame(pairs, columns=["input", "product"]).astype("str")
            counts = dict(store.demand(wanted, place, rules.view)[["input", "buyers"]].itertuples(index=False, name=None))
        found[column] = np.array([counts.get(product, 0) for product in frame["product"]], dtype=np.int64)
    return found


def _supply_ratio(frame: pd.DataFrame, graph: nx.DiGraph) -> np.ndarray:
    """Local supply ÷ local demand Σ_x a_vx · output_x.

    NaN unless the outputs of all makers of v and of its users and the coefficients are known. Rounded to 12 places, so that
    0.1 + 0.2 makes no link weak.
    """
    rows = {row["product"]: row for row in records(frame)}

    def amount(product: str) -> float:
        row = rows[product]
        return float(row["output_wan"]) if row["makers"] and row["outputs_known"] == row["makers"] else np.nan

    ratios = []
    for product in frame["product"]:
        uses = [(data["coefficient"], after) for _, after, data in graph.out_edges(product, data=True) if rows[after]["covered"]]
        if not uses or any(coefficient is None for coefficient, _ in uses):
            ratios.append(np.nan)
            continue
        demand = sum(coefficient * amount(after) for coefficient, after in sorted(uses, key=lambda use: use[1]))
        ratios.append(round(amount(product) / demand, 12) if demand > 0 else np.nan)
    return np.array(ratios, dtype=np.float64)


def _failed_tests(row: dict[str, Any], place: Place, rules: Rules) -> list[str]:
    """Tests of strength that a covered product fails, in words with their numbers."""
    failed: list[str] = []
    if not row["covered"]:
        return failed
    if row["makers"] == 1:
        failed.append("单一企业")
    elif row["hhi"] > rules.hhi_max:
        failed.append(f"集中度 {row['hhi']:.2f}＞{rules.hhi_max:g}（按{_BASES[row['hhi_basis']]}）")
    if row["lq"] is not None and row["lq"] < rules.lq_weak:
        failed.append(f"区位商 {row['lq']:.2f}＜{rules.lq_weak:g}")
    if row["supply_ratio"] is not None and row["supply_ratio"] < rules.theta:
        failed.append(f"供需比 {row['supply_ratio']:.2f}＜{rules.theta:g}")
    if place.titled and not row["titled"]:
        failed.append("没有获称号企业")
    return failed


_BASES = {"output": "产值", "capital": "注册资本", "equal": "家数"}


def _letter(row: dict[str, Any], unspecified: int, place: Place, rules: Rules, as_of: str) -> str:
    if row["covered"]:
        return ""
    return absence.reason(absence.Evidence(row["national"], row["reviews"], unspecified), place, rules, as_of)


def _status(row: dict[str, Any], letter: str, rules: Rules) -> str:
    if not row["covered"]:
        return "unknown" if letter else "missing"
    if row["tests"]:
        return "weak"
    return "strong" if row["lq"] is not None and row["lq"] >= rules.lq_strong else "covered"


def levels_above(place: str, home: str | None) -> list[tuple[str, str]]:
    """The wider regions of a place up to its province, nearest first, each with its level's name; a park's own region first.

    >>> levels_above("140105", "140105")
    [('140100', '市'), ('140000', '省')]
    """
    return [(code, region.LEVEL_NAMES[region.level(code)]) for code in hidden.wider(place, home)]
