"""The shape of a chain: layers from raw materials to end products, links that everything hangs on, complete paths."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import networkx as nx
import pandas as pd

from chain.definition import ROLES
from chain.store import Scope
from chain.tables import records


def graph(scope: Scope, roles: Collection[str] = ("物料", "设备", "服务")) -> nx.DiGraph:
    """Products of a chain and its arcs, from input to product.

    Edges carry ``role``, ``coefficient`` (None where unknown) and ``group`` (None outside OR groups). Self loops are left out.
    An arc that several chain files state is one edge: the weightiest role (物料 before 设备 before 服务), and the first
    coefficient and group that anybody gives.
    """
    made: nx.DiGraph = nx.DiGraph()
    made.add_nodes_from(scope.ids)
    for arc in records(scope.arcs):
        before, after = arc["input"], arc["product"]
        if arc["role"] not in roles or before == after:
            continue
        held = made.edges[before, after] if made.has_edge(before, after) else arc
        given = {
            name: next((fact[name] for fact in (held, arc) if fact[name] is not None), None) for name in ("coefficient", "group")
        }
        made.add_edge(before, after, role=min(held["role"], arc["role"], key=ROLES.index), **given)
    return made


def layers(chain: nx.DiGraph) -> dict[str, int]:
    """Layer of every product: the length of the longest path that leads to it; products of one cycle share a layer.

    Notes
    -----
    Longest-path layering on the condensation, in which each strongly connected component is one node.

    Examples
    --------
    >>> layers(nx.DiGraph([("矿", "铁"), ("铁", "钢"), ("矿", "钢")]))
    {'矿': 0, '铁': 1, '钢': 2}
    """
    condensed = nx.condensation(chain)
    depth: dict[int, int] = {}
    for node in nx.topological_sort(condensed):
        depth[node] = max((depth[before] + 1 for before in condensed.predecessors(node)), default=0)
    return {product: depth[condensed.graph["mapping"][product]] for product in chain}


def upstreamness(scope: Scope, chain: nx.DiGraph) -> pd.DataFrame:
    """Layer and third of every product, beside the stage its chain file puts it in.

    Returns
    -------
    DataFrame
        product, layer (0 = no input), third (上游 | 中游 | 下游 by layer), stage (of the file), overridden (the file says one
        of 上游, 中游, 下游 and means another); order of the chain.
    """
    depth = layers(chain)
    deepest = max(depth.values(), default=0)

    def third(layer: int) -> str:
        return ("上游", "中游", "下游")[min(2, 3 * layer // (deepest + 1))]

    rows = [
        (row["product"], depth[row["product"]], third(depth[row["product"]]), row["stage"])
        for row in records(scope.products)
    ]
    frame = pd.DataFrame(rows, columns=["product", "layer", "third", "stage"])
    frame["overridden"] = frame["stage"].isin(["上游", "中游", "下游"]) & (frame["stage"] != frame["third"])
    return frame


def key_links(chain: nx.DiGraph) -> dict[str, str]:
    """Products that everything hangs on, each with the reason in words.

    Notes
    -----
    A product is key if it dominates a sink from the sources (every path from a raw material to that sink runs through it;
    Lengauer & Tarjan 1979) without being that sink or a source, is an articulation point of the undirected chain, or is the
    sole member of an OR group. Cycles are contracted for the first test; their members count only when alone.
    """
    found: dict[str, str] = {}
    for product, sinks in sorted(_dominators(chain).items()):
        found[product] = f"支配点：到「{'、'.join(sinks[:2])}」{'等' if len(sinks) > 2 else ''}的所有路径都经过它"
    for product in sorted(nx.articulation_points(chain.to_undirected())):
        found.setdefault(product, "割点：去掉它链条就断成几段")
    for product in sorted(_sole_members(chain)):
        found.setdefault(product, "投入组的唯一成员：没有替代品")
    return found


def _dominators(chain: nx.DiGraph) -> dict[str, list[str]]:
    condensed = nx.condensation(chain)
    members = {node: sorted(condensed.nodes[node]["members"]) for node in condensed}
    sources = [node for node in condensed if condensed.in_degree(node) == 0]
    sinks = [node for node in condensed if condensed.out_degree(node) == 0 and condensed.in_degree(node)]
    rooted = condensed.copy()
    rooted.add_edges_from((-1, node) for node in sources)
    above = nx.immediate_dominators(rooted, -1) if sources else {}
    found: dict[str, list[str]] = {}
    for sink in sinks:
        node = above.get(sink)
        while node not in (None, -1):
            if len(members[node]) == 1 and node not in sources:
                found.setdefault(members[node][0], []).append(members[sink][0])
            node = above.get(node) if above.get(node) != node else None
    return {product: sorted(reached) for product, reached in found.items()}


def _sole_members(chain: nx.DiGraph) -> set[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for before, after, data in chain.edges(data=True):
        if data.get("group"):
            groups.setdefault((after, data["group"]), []).append(before)
    return {members[0] for members in groups.values() if len(members) == 1}


def path_share(chain: nx.DiGraph, covered: Collection[str]) -> tuple[int, int]:
    """Fully covered and all paths from a source to a sink.

    Cycles are contracted to one node, covered if all its products are. A product without any arc is a path of its own.

    >>> path_share(nx.DiGraph([("矿", "铁"), ("废钢", "铁"), ("铁", "钢")]), {"矿", "铁", "钢"})
    (1, 2)
    """
    condensed = nx.condensation(chain)
    whole = {node: set(condensed.nodes[node]["members"]) <= set(covered) for node in condensed}
    return _paths(condensed, lambda node: whole[node]), _paths(condensed, lambda node: True)


def _paths(dag: Any, counts: Callable[[Any], bool]) -> int:
    """Paths from a source to a sink of a DAG through nodes that count."""
    ways: dict[Any, int] = {}
    total = 0
    for node in nx.topological_sort(dag):
        before = list(dag.predecessors(node))
        ways[node] = (sum(ways[other] for other in before) if before else 1) if counts(node) else 0
        if not dag.out_degree(node):
            total += ways[node]
    return total


def hull(chain: nx.DiGraph, covered: Collection[str]) -> set[str]:
    """The covered products and every product on a path between two of them."""
    inside = set(covered) & set(chain)
    after: set[str] = set()
    before: set[str] = set()
    for product in inside:
        after |= nx.descendants(chain, product)
        before |= nx.ancestors(chain, product)
    return inside | (after & before)
