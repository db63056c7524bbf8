"""One question, asked four ways: which links of a chain does nobody in a place make, and how many local firms would buy each?

The store, the same through ``queries.standing``, a networkx graph, and plain sets over the CSV files as the judge of them all.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chain import region
from chain.store import Store, View

TAU = View().tau

Answer = dict[str, int]
"""Missing product to the number of local buyers, those without a buyer left out."""


def of_store(store: Store, chain: Any, place: str) -> Answer:
    """The answer by the verbs coverage and demand; `chain` is the scope."""
    counted = store.coverage(chain.ids, place)
    missing = set(counted.loc[counted["makers"].to_numpy() == 0, "product"])
    arcs = chain.arcs[["input", "product"]]
    buyers = store.demand(arcs[arcs["input"].isin(missing)], place)
    return {product: count for product, count in zip(buyers["input"], buyers["buyers"], strict=True) if count}


def of_standing(store: Store, chain: str, place: str) -> Answer:
    """The answer out of the full evaluation of a chain in a place."""
    from queries.standing import standing

    rows = standing(store, chain, place).products
    rows = rows[~rows["covered"] & (rows["buyers"] > 0)]
    return dict(zip(rows["product"], rows["buyers"].astype(int), strict=True))


class OfNetworkx:
    """The answer from one MultiDiGraph of enterprises and products with typed edges."""

    def __init__(self, folder: Path, day: str) -> None:
        import networkx as nx

        self.graph: Any = nx.MultiDiGraph()
        for row in rows(folder, "enterprises"):
            self.graph.add_node(row["id"], region=int(row["region"]), active=active(row, day))
        for row in rows(folder, "makes"):
            self.graph.add_edge(row["enterprise"], row["product"], "MAKES", sure=sure(row))
        for row in rows(folder, "kinds"):
            self.graph.add_edge(row["product"], row["kind"], "KIND_OF")
        for row in rows(folder, "inputs"):
            self.graph.add_edge(row["input"], row["product"], "INPUT_OF")
        for row in rows(folder, "supplies"):
            self.graph.add_edge(row["supplier"], row["buyer"])

    def makers(self, product: str, low: int, high: int) -> set[str]:
        """Active enterprises of a stretch of regions that make a product or a kind of it."""
        found, seen, open_ = set(), {product}, [product]
        while open_:
            for before, _, key, data in self.graph.in_edges(open_.pop(), keys=True, data=True):
                if key == "MAKES":
                    node = self.graph.nodes[before]
                    if data["sure"] and node["active"] and low <= node["region"] <= high:
                        found.add(before)
                elif key == "KIND_OF" and before not in seen:
                    seen.add(before)
                    open_.append(before)
        return found

    def answer(self, products: list[str], place: str) -> Answer:
        """The answer for a chain of `products`."""
        low, high = region.span(place)
        made = {product: self.makers(product, low, high) for product in products if product in self.graph}
        found: Answer = {}
        for product in products:
            if made.get(product) or product not in self.graph:
                continue
            users = {after for _, after, key in self.graph.out_edges(product, keys=True) if key == "INPUT_OF" and after in made}
            if buyers := set().union(*(made[user] for user in users)):
                found[product] = len(buyers)
        return found


def of_sets(folder: Path, products: list[str], places: list[str], day: str) -> list[Answer]:
    """The answer for every place, with nothing but sets."""
    subs = below(folder)
    makers: dict[str, set[str]] = {product: set() for product in products}
    counts = defaultdict(set)
    for product in products:
        for sub in {product} | subs[product]:
            counts[sub].add(product)
    where = {row["id"]: int(row["region"]) for row in rows(folder, "enterprises") if active(row, day)}
    for row in rows(folder, "makes"):
        if row["product"] in counts and sure(row) and row["enterprise"] in where:
            for product in counts[row["product"]]:
                makers[product].add(row["enterprise"])
    arcs = [(row["input"], row["product"]) for row in rows(folder, "inputs") if {row["input"], row["product"]} <= makers.keys()]
    return [_judged(makers, arcs, where, *region.span(place)) for place in places]


def _judged(makers: dict[str, set[str]], arcs: list[tuple[str, str]], where: dict[str, int], low: int, high: int) -> Answer:
    here = {product: {firm for firm in firms if low <= where[firm] <= high} for product, firms in makers.items()}
    buyers: dict[str, set[str]] = defaultdict(set)
    for before, after in arcs:
        if not here[before]:
            buyers[before] |= here[after]
    return {product: len(firms) for product, firms in buyers.items() if firms}


def below(folder: Path) -> dict[str, set[str]]:
    """Every product to all its sub-kinds, however deep."""
    direct: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "kinds"):
        direct[row["kind"]].add(row["product"])
    found: dict[str, set[str]] = defaultdict(set)
    for kind in list(direct):
        open_ = list(direct[kind])
        while open_:
            if (sub := open_.pop()) not in found[kind]:
                found[kind].add(sub)
                open_ += direct.get(sub, ())
    return found


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Rows of one file."""
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def active(row: dict[str, str], day: str) -> bool:
    """Whether an enterprise was there on a day."""
    return row["status"] != "dissolved" and row["established"] <= day and (not row["dissolved"] or day < row["dissolved"])


def sure(row: dict[str, str]) -> bool:
    """Whether a MAKES counts as making."""
    return row["state"] == "confirmed" and float(row["confidence"]) >= TAU
