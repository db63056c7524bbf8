"""Ways from one product or enterprise to another along what goes into what and who makes what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import networkx as nx

from chain.errors import UnknownName
from chain.moments import of_one_moment
from chain.store import Scope, Store, View
from chain.tables import records
from queries import structure

Node = tuple[str, str]
"""``product`` or ``firm``, and its id."""

MOST_STEPS, MOST_SCANNED = 8, 400
"""Longest way; how many ways are looked at before the shortest are taken."""


@dataclass(frozen=True)
class Ways:
    """Ways between two nodes, shortest first; `directed` where all steps follow the direction of supply."""

    directed: bool
    ways: tuple[tuple[Node, ...], ...]


@of_one_moment
def ways(store: Store, chain: str, start: Node, end: Node, view: View = View(), *, directed: bool | None = None, most: int = 3) -> Ways:
    """The shortest ways from `start` to `end` in a chain, at most `most` of them and `MOST_STEPS` steps long.

    Parameters
    ----------
    directed
        True for ways along supply only, False for ways in any direction, None for the first kind if there is one, else the second.

    Notes
    -----
    Steps: input to product; enterprise to what it makes; product to the enterprise at the end that makes it; supplier to buyer
    where both are the ends. Without direction also sub-kind and kind, by-product and main product.

    Raises
    ------
    UnknownName
        If a product is not on the chain or an enterprise is not known.
    """
    scope = store.scope(chain)
    graph = _graph(store, scope, start, end, view)
    if directed is not False:
        found = _shortest(graph, start, end, most)
        if found or directed:
            return Ways(True, found)
    loose = graph.to_undirected()
    loose.add_edges_from((("product", row["product"]), ("product", row["kind"])) for row in records(scope.kinds))
    loose.add_edges_from((("product", row["product"]), ("product", row["main"])) for row in records(scope.byproducts))
    return Ways(False, _shortest(loose, start, end, most))


def _graph(store: Store, scope: Scope, start: Node, end: Node, view: View) -> nx.DiGraph:
    graph: nx.DiGraph = nx.relabel_nodes(structure.graph(scope), {product: ("product", product) for product in scope.ids})
    for node in (start, end):
        if node[0] == "product" and node not in graph:
            raise UnknownName("产品", node[1], scope.ids)
    firms = [node for node in (start, end) if node[0] == "firm"]
    for firm in firms:
        made = [("product", product) for product in products_of(store, scope.ids, firm[1], view)]
        graph.add_node(firm)
        graph.add_edges_from((firm, product) if firm == start else (product, firm) for product in made)
    if len(firms) == 2:
        deals = store.supplies(enterprises=[start[1]])
        graph.add_edges_from([(start, end)] if (deals["buyer"] == end[1]).any() else [])
    return graph


def _shortest(graph: nx.Graph, start: Node, end: Node, most: int) -> tuple[tuple[Node, ...], ...]:
    if start == end:
        return ((start,),)
    try:
        found = list(islice(_short_enough(graph, start, end), most))
    except nx.NetworkXNoPath:
        return ()
    return tuple(sorted((tuple(way) for way in found), key=lambda way: (len(way), way)))


def _short_enough(graph: nx.Graph, start: Node, end: Node) -> Iterable[list[Node]]:
    for way in islice(nx.shortest_simple_paths(graph, start, end), MOST_SCANNED):
        if len(way) > MOST_STEPS + 1:
            return
        yield way


def products_of(store: Store, products: Iterable[str], enterprise: str, view: View = View()) -> list[str]:
    """Which of some products an enterprise makes, in the order given.

    Raises
    ------
    UnknownName
        If the store does not hold the enterprise.
    """
    found = store.enterprises([enterprise])
    if found.empty:
        raise UnknownName("企业", enterprise, way_out="用搜索找到企业，取它的编号")
    row = records(found)[0]
    # asked of its own region and not of the country: few enterprises to go through
    made = store.makers(products, row["region"] or "000000", view)
    return [str(product) for product in made.loc[made["enterprise"] == row["id"], "product"]]
