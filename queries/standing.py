"""Where a place stands on every link of a chain: the one evaluation that all other queries start from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
import pandas as pd

from chain import region
from chain.store import Place, Scope, Store
from queries import absence, structure
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
    """

    scope: Scope
    place: Place
    rules: Rules
    as_of: str
    products: pd.DataFrame
    chain: nx.DiGraph

    @cached_property
    def covered(self) -> frozenset[str]:
        """Products with at least one maker in the place."""
        return frozenset(self.products.loc[self.products["covered"], "product"])

    @cached_property
    def key_links(self) -> dict[str, str]:
        """Key links of the chain with their reasons."""
        return structure.key_links(self.chain)

    @cached_property
    def rows(self) -> dict[str, dict[str, object]]:
        """Rows of `products` by product."""
        return {str(row["product"]): row for row in self.products.to_dict("records")}

    def substitutes(self, product: str, user: str) -> list[str]:
        """Other products of the OR group in which `product` goes into `user`."""
        group = self.chain.edges[product, user]["group"]
        if group is None:
            return []
        return sorted(
            other for other, _, data in self.chain.in_edges(user, data=True) if other != product and data["group"] == group
        )


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
    failed = _failed_tests(frame, where, rules)
    frame["tests"] = pd.array(["；".join(tests) or None for tests in failed], dtype="str")
    unspecified = _unspecified(store, scope, covered, place, rules)
    letters = [
        "" if row.covered else absence.reason(
            absence.Evidence(row.national, row.reviews, unspecified.get(row.product, 0)), where, rules, as_of)
        for row in frame.itertuples(index=False)
    ]
    frame["status"] = pd.array(
        [_status(row, letter, rules) for row, letter in zip(frame.itertuples(index=False), letters, strict=True)], dtype="str")
    frame["reason"] = pd.array(letters, dtype="str")
    frame["label"] = pd.array([label(s, r) for s, r in zip(frame["status"], frame["reason"], strict=True)], dtype="str")
    depth = structure.layers(graph)
    frame["layer"] = np.array([depth[product] for product in frame["product"]], dtype=np.int64)
    return Standing(scope, where, rules, as_of, frame, graph)


def label(status: str, reason: str) -> str:
    """What people read for a status: 疑似缺失 where only samples speak against a product.

    >>> label("unknown", "b"), label("unknown", "d"), label("weak", "")
    ('疑似缺失', '待核', '薄弱')
    """
    return SUSPECTED if reason == "b" else STATUS_NAMES[status]


def _quotients(frame: pd.DataFrame) -> dict[str, pd.Series]:
    here, everywhere = frame["makers"].sum(), frame["national"].sum()
    local = frame["makers"] / here if here else frame["makers"] * np.nan
    national = (frame["national"] / everywhere if everywhere else frame["national"] * np.nan).where(frame["national"] > 0)
    share = (frame["makers"] / frame["national"]).where(frame["national"] > 0)
    return {"lq": local / national, "national_share": share}


def _buyers(
    store: Store, frame: pd.DataFrame, graph: nx.DiGraph, covered: set[str], place: str, rules: Rules
) -> dict[str, np.ndarray]:
    """Distinct buyers of every product: all, and those for whom no substitute in the same OR group is made in the place."""
    arcs = [(before, after) for before, after in graph.edges if after in covered]
    open_arcs = [(before, after) for before, after in arcs if not _substituted(graph, before, after, covered)]
    found = {}
    for column, pairs in (("buyers", arcs), ("open_buyers", open_arcs)):
        counts: dict[str, int] = {}
        if pairs:
            wanted = pd.DataFrame(pairs, columns=["input", "product"]).astype("str")
            counts = dict(store.demand(wanted, place, rules.view)[["input", "buyers"]].itertuples(index=False, name=None))
        found[column] = np.array([counts.get(product, 0) for product in frame["product"]], dtype=np.int64)
    return found


def _substituted(graph: nx.DiGraph, product: str, user: str, covered: set[str]) -> bool:
    group = graph.edges[product, user]["group"]
    return group is not None and any(
        other in covered for other, _, data in graph.in_edges(user, data=True) if other != product and data["group"] == group
    )


def _supply_ratio(frame: pd.DataFrame, graph: nx.DiGraph) -> np.ndarray:
    """Local supply ÷ local demand Σ_x a_vx · output_x; NaN unless the outputs of all makers of v and of its users and the coefficients are known."""
    rows = {row.product: row for row in frame.itertuples(index=False)}

    def amount(product: str) -> float:
        row = rows[product]
        return row.output_wan if row.makers and row.outputs_known == row.makers else np.nan

    ratios = []
    for product in frame["product"]:
        uses = [(data["coefficient"], after) for _, after, data in graph.out_edges(product, data=True) if rows[after].covered]
        if not uses or any(coefficient is None for coefficient, _ in uses):
            ratios.append(np.nan)
            continue
        demand = sum(coefficient * amount(after) for coefficient, after in sorted(uses, key=lambda use: use[1]))
        ratios.append(amount(product) / demand if demand > 0 else np.nan)
    return np.array(ratios, dtype=np.float64)


def _failed_tests(frame: pd.DataFrame, place: Place, rules: Rules) -> list[list[str]]:
    """Tests of strength that a covered product fails, in words with their numbers."""
    found = []
    for row in frame.itertuples(index=False):
        failed = []
        if row.covered:
            if row.makers == 1:
                failed.append("单一企业")
            elif row.hhi > rules.hhi_max:
                failed.append(f"集中度 {row.hhi:.2f}＞{rules.hhi_max:g}（按{_BASES[row.hhi_basis]}）")
            if row.lq < rules.lq_weak:
                failed.append(f"区位商 {row.lq:.2f}＜{rules.lq_weak:g}")
            if row.supply_ratio < rules.theta:
                failed.append(f"供需比 {row.supply_ratio:.2f}＜{rules.theta:g}")
            if place.titled and not row.titled:
                failed.append("没有获称号企业")
        found.append(failed)
    return found


_BASES = {"output": "产值", "capital": "注册资本", "equal": "家数"}


def _unspecified(store: Store, scope: Scope, covered: set[str], place: str, rules: Rules) -> dict[str, int]:
    """For products not covered: enterprises of the place known to make a kind above it, but none of that kind's sub-kinds."""
    above: dict[str, set[str]] = defaultdict(set)
    pairs = [(row.product, row.kind) for row in scope.kinds.itertuples(index=False)]
    tree: nx.DiGraph = nx.DiGraph(pairs)
    for product in tree:
        above[product] = nx.descendants(tree, product)
    open_products = {product: kinds & covered for product, kinds in above.items() if product not in covered and kinds & covered}
    if not open_products:
        return {}
    makers = store.makers(sorted(set().union(*open_products.values())), place, rules.view)
    own = makers[makers["product"] == makers["made"]].groupby("product")["enterprise"].nunique()
    return {product: int(sum(own.get(kind, 0) for kind in sorted(kinds))) for product, kinds in open_products.items()}


def _status(row: object, letter: str, rules: Rules) -> str:
    if not row.covered:  # type: ignore[attr-defined]
        return "unknown" if letter else "missing"
    if isinstance(row.tests, str):  # type: ignore[attr-defined]
        return "weak"
    return "strong" if row.lq >= rules.lq_strong else "covered"  # type: ignore[attr-defined]


def levels_above(place: Place) -> list[tuple[str, str]]:
    """The wider regions of a place up to its province, nearest first, each with its level's name.

    >>> import pandas as pd
    >>> levels_above(Place("140105", "", "", 0, 0, 0, 0, None, pd.DataFrame()))
    [('140100', '市'), ('140000', '省')]
    """
    found = []
    at = region.parent(place.id) if not place.id.startswith("park:") else None
    while at and at != region.CHINA:
        found.append((at, region.LEVEL_NAMES[region.level(at)]))
        at = region.parent(at)
    return found
