"""Where the boxes of the flow page stand: columns by stage and rank, long arcs led through free slots, few crossings.

After Sugiyama, Tagawa & Toda 1981: longest-path ranks inside each stage, slots for arcs that pass a column (one for all arcs of a
source), barycentre sweeps of which the best is kept, then heights pulled towards the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SWEEPS = 24
PASS = 0.42
"""Height that a passing arc takes, of that of a box."""

Spot = tuple[str, int]
"""A box or a slot: id and column; a box stands in one column only, the slots of its arcs in those they pass."""


@dataclass(frozen=True)
class FlowPlan:
    """A laid-out network.

    Attributes
    ----------
    columns
        Boxes and slots of every column from top to bottom.
    stages
        First and last column of every stage.
    home
        Column of every box.
    heights
        Middle of every box and slot, in units of a box's height, from the top.
    steps
        The pieces of arcs, each from one column to the next.
    back
        Arcs that run against the stages or close a cycle; they are listed, not drawn.
    tallest
        Height of the whole in units.
    """

    columns: tuple[tuple[Spot, ...], ...]
    stages: tuple[tuple[str, int, int], ...]
    home: Mapping[str, int]
    heights: Mapping[Spot, float]
    steps: tuple[tuple[Spot, Spot], ...]
    back: tuple[tuple[str, str], ...]
    tallest: float


def lay_out(nodes: Sequence[tuple[str, str]], arcs: Sequence[tuple[str, str]]) -> FlowPlan:
    """A plan of a network.

    Parameters
    ----------
    nodes
        Id and stage, in chain order; stages stand in the order in which they first come.
    arcs
        From input to product.
    """
    stages = list(dict.fromkeys(stage for _, stage in nodes))
    known = dict(nodes)
    unique = [arc for arc in dict.fromkeys(arcs) if arc[0] in known and arc[1] in known and arc[0] != arc[1]]
    home, spans = _homes(nodes, stages, unique)
    back = tuple(arc for arc in unique if home[arc[0]] >= home[arc[1]])
    forward = [arc for arc in unique if home[arc[0]] < home[arc[1]]]
    steps = _steps(forward, home)
    columns = _ordered(nodes, home, steps)
    heights, tallest = _heights(columns, steps, home)
    return FlowPlan(tuple(tuple(column) for column in columns), tuple(spans), home, heights, tuple(steps), back, tallest)


def _homes(
    nodes: Sequence[tuple[str, str]], stages: Sequence[str], arcs: Sequence[tuple[str, str]]
) -> tuple[dict[str, int], list[tuple[str, int, int]]]:
    """Column of every box; a box without inputs stands right before the first of its stage that takes it."""
    stage, home, spans, first = dict(nodes), {}, [], 0
    for name in stages:
        inside = [node for node, where in nodes if where == name]
        own = [arc for arc in arcs if stage[arc[0]] == stage[arc[1]] == name]
        rank = _ranks(inside, own)
        last = max(rank.values())
        fed = {after for _, after in arcs}
        for node in inside:
            takers = [rank[after] for before, after in own if before == node and rank[after] > rank[node]]
            at = (min(takers) - 1 if takers else last) if node not in fed and any(before == node for before, _ in arcs) else rank[node]
            home[node] = first + at
        spans.append((name, first, first + last))
        first += last + 1
    return home, spans


def _ranks(nodes: Sequence[str], arcs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Longest path to every node; what closes a cycle counts for nothing."""
    into: dict[str, list[str]] = {node: [] for node in nodes}
    for before, after in arcs:
        into[after].append(before)
    rank: dict[str, int] = {}
    for start in nodes:
        trail, open_now = [start], {start}
        while trail:
            node = trail[-1]
            waiting = next((each for each in into[node] if each not in rank and each not in open_now), None)
            if waiting is None:
                rank[node] = max((rank[each] + 1 for each in into[node] if each in rank), default=0)
                open_now.discard(trail.pop())
                if node in rank and not trail:
                    break
            else:
                trail.append(waiting)
                open_now.add(waiting)
    return rank


def _steps(arcs: Sequence[tuple[str, str]], home: Mapping[str, int]) -> list[tuple[Spot, Spot]]:
    """Arcs in pieces from column to column; arcs of one source share their way as far as they go together."""
    found: dict[tuple[Spot, Spot], None] = {}
    for before, after in arcs:
        for column in range(home[before], home[after]):
            end = (after, column + 1) if column + 1 == home[after] else (before, column + 1)
            found[((before, column), end)] = None
    return list(found)


def _ordered(nodes: Sequence[tuple[str, str]], home: Mapping[str, int], steps: Sequence[tuple[Spot, Spot]]) -> list[list[Spot]]:
    columns: list[list[Spot]] = [[] for _ in range(max(home.values()) + 1)]
    for node, _ in nodes:
        columns[home[node]].append((node, home[node]))
    for spot in dict.fromkeys(spot for step in steps for spot in step):
        if home[spot[0]] != spot[1]:
            columns[spot[1]].append(spot)
    left: dict[Spot, list[Spot]] = {}
    right: dict[Spot, list[Spot]] = {}
    for before, after in steps:
        right.setdefault(before, []).append(after)
        left.setdefault(after, []).append(before)
    best, fewest = [list(column) for column in columns], crossings(columns, steps)
    for sweep in range(SWEEPS):
        near, order = (left, range(1, len(columns))) if sweep % 2 == 0 else (right, range(len(columns) - 2, -1, -1))
        for at in order:
            place = {spot: row for beside in (at - 1, at + 1) if 0 <= beside < len(columns) for row, spot in enumerate(columns[beside])}
            own = {spot: row for row, spot in enumerate(columns[at])}
            columns[at].sort(key=lambda spot: (_mean([place[o] for o in near.get(spot, ())], own[spot]), own[spot]))
        if (count := crossings(columns, steps)) < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def _mean(values: Sequence[float], otherwise: float) -> float:
    return round(sum(values) / len(values), 9) if values else float(otherwise)


def crossings(columns: Sequence[Sequence[Spot]], steps: Sequence[tuple[Spot, Spot]]) -> int:
    """How many pairs of pieces cross."""
    row = {spot: at for column in columns for at, spot in enumerate(column)}
    by_column: dict[int, list[tuple[int, int]]] = {}
    for before, after in steps:
        by_column.setdefault(before[1], []).append((row[before], row[after]))
    total = 0
    for pairs in by_column.values():
        pairs.sort()
        total += sum(one[0] < other[0] and one[1] > other[1] for at, one in enumerate(pairs) for other in pairs[at + 1:])
    return total


def _heights(
    columns: Sequence[Sequence[Spot]], steps: Sequence[tuple[Spot, Spot]], home: Mapping[str, int]
) -> tuple[dict[Spot, float], float]:
    """Middles of boxes and slots: as near to the mean of their neighbours as room and order allow."""
    size = {spot: 1.0 if home[spot[0]] == spot[1] else PASS for column in columns for spot in column}
    tallest = max(sum(size[spot] for spot in column) for column in columns)
    near: dict[Spot, list[Spot]] = {}
    for before, after in steps:
        near.setdefault(before, []).append(after)
        near.setdefault(after, []).append(before)
    middles: dict[Spot, float] = {}
    for column in columns:
        y = (tallest - sum(size[spot] for spot in column)) / 2
        for spot in column:
            middles[spot] = y + size[spot] / 2
            y += size[spot]
    for sweep in range(16):
        for column in columns if sweep % 2 == 0 else list(reversed(columns)):
            wish = [_mean([middles[other] for other in near.get(spot, ())], middles[spot]) for spot in column]
            middles.update(zip(column, _placed(wish, [size[spot] for spot in column], tallest), strict=True))
    return middles, tallest


def _placed(wish: Sequence[float], sizes: Sequence[float], tallest: float) -> list[float]:
    """Middles nearest to the wishes (least squares) that keep order and distance, inside the page: pooled adjacent violators."""
    offsets, y = [], 0.0
    for size in sizes:
        offsets.append(y + size / 2)
        y += size
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wish, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    free = [min(max(total / count, 0.0), tallest - y) for total, count in pools for _ in range(count)]
    return [round(shift + offset, 6) for shift, offset in zip(free, offsets, strict=True)]
