"""Where the boxes of a network stand: columns by stage and rank, so that the chain reads from left to right.

A column holds the products of one stage whose longest path inside that stage is equally long; short neighbouring columns of a stage
stand in one, shifted by rank, so that the whole fits a screen with letters one can read. Within a column, products are ordered
by the mean place of their neighbours (barycentre; Sugiyama, Tagawa & Toda 1981), which untangles the arcs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from viz.text import ems

ROW, GAP, ROWS, SWEEPS = 52.0, 60.0, 18, 12
"""Height of a row and room between columns in pixels; most rows of a column; sweeps over the columns."""

COLUMNS, SHIFT = 8, 46.0
"""Columns that a screen holds; how far products of neighbouring ranks in one column stand apart sideways."""

SHAPE = 1.5
"""Width to height of the room on a screen; rows move apart to fill it."""

EM = 15.0
"""Size of the letters that widths are taken in."""

Arc = tuple[str, str]


def positions(products: Sequence[tuple[str, str, str]], stages: Sequence[str], arcs: Sequence[Arc]) -> dict[str, tuple[float, float]]:
    """Centre of every box in pixels.

    Parameters
    ----------
    products
        Id, label and stage of every product, in the order of the chain.
    stages
        Stages from left to right; products of other stages stand to their right.
    arcs
        From input to product; arcs with an end that is not shown count for nothing.

    Returns
    -------
    dict
        Id to x (growing downstream) and y, rounded to whole pixels.

    Examples
    --------
    >>> positions([("矿", "矿", "上游"), ("钢", "钢", "下游")], ["上游", "下游"], [("矿", "钢")])
    {'矿': (0.0, 0.0), '钢': (106.0, 0.0)}
    """
    labels = {product: label for product, label, _ in products}
    columns = [part for column in _columns(products, stages, arcs) for part in _narrowed(column)]
    found: dict[str, tuple[float, float]] = {}
    edge = 0.0
    for column in columns:
        low = min(rank for _, rank in column)
        shift = {product: SHIFT * (rank - low) for product, rank in column}
        half = {product: (EM * ems(labels[product]) + 30) / 2 for product, _ in column}
        left = edge + max(half[product] - shift[product] for product in shift)
        for row, (product, _) in enumerate(column):
            found[product] = (float(round(left + shift[product])), float(round(ROW * (row - (len(column) - 1) / 2))))
        edge = left + max(half[product] + shift[product] for product in shift) + GAP
    first = min((x for x, _ in found.values()), default=0.0)
    longest = max((len(column) for column in columns), default=1)
    taller = min(1.6, max(1.0, edge / SHAPE / (ROW * longest)))
    return {product: (x - first, float(round(y * taller))) for product, (x, y) in found.items()}


Column = list[tuple[str, int]]
"""Products from top to bottom, each with its rank in its stage."""


def _narrowed(column: Column) -> list[Column]:
    """A long column as several of nearly the same length, neighbours side by side."""
    parts = -(-len(column) // ROWS)
    return [column[part::parts] for part in range(parts)] if parts > 1 else [column]


def _columns(products: Sequence[tuple[str, str, str]], stages: Sequence[str], arcs: Sequence[Arc]) -> list[Column]:
    order = {stage: at for at, stage in enumerate(dict.fromkeys([*stages, *(stage for _, _, stage in products)]))}
    stage = {product: order[where] for product, _, where in products}
    known = sorted({(a, b) for a, b in arcs if a in stage and b in stage and a != b})
    rank = _ranks(list(stage), [(a, b) for a, b in known if stage[a] == stage[b]])
    keys = sorted({(stage[product], rank[product]) for product in stage})
    ranked = [[product for product in stage if (stage[product], rank[product]) == key] for key in keys]
    columns = _merged(ranked, [key[0] for key in keys], known)
    return [[(product, rank[product]) for product in column] for column in _untangled(columns, known)]


def _merged(columns: list[list[str]], stages: list[int], arcs: list[Arc]) -> list[list[str]]:
    """The columns, neighbours of one stage put together until a screen holds all or none fit together.

    Those with the fewest arcs between them go first, then the shortest: an arc inside a column is hard to follow.
    """
    columns, stages = list(columns), list(stages)
    while sum(-(-len(column) // ROWS) for column in columns) > COLUMNS:
        pairs = [
            (_between(columns[at], columns[at + 1], arcs), len(columns[at]) + len(columns[at + 1]), at) for at in range(len(columns) - 1)
            if stages[at] == stages[at + 1] and len(columns[at]) + len(columns[at + 1]) <= ROWS]
        if not pairs:
            break
        *_, at = min(pairs)
        columns[at : at + 2] = [columns[at] + columns[at + 1]]
        del stages[at]
    return columns


def _between(one: list[str], other: list[str], arcs: list[Arc]) -> int:
    return sum(a in one and b in other or a in other and b in one for a, b in arcs)


def _ranks(products: list[str], arcs: list[Arc]) -> dict[str, int]:
    """Length of the longest path that leads to a product; arcs that close a cycle count for nothing."""
    before: dict[str, list[str]] = {product: [] for product in products}
    for source, product in arcs:
        before[product].append(source)
    rank: dict[str, int] = {}
    for start in products:
        stack, open_now = [(start, iter(before[start]))], {start}
        while stack:
            product, rest = stack[-1]
            other = next((each for each in rest if each not in rank and each not in open_now), None)
            if other is not None:
                stack.append((other, iter(before[other])))
                open_now.add(other)
                continue
            stack.pop()
            open_now.discard(product)
            rank.setdefault(product, max((rank[each] + 1 for each in before[product] if each in rank), default=0))
    return rank


def _untangled(columns: list[list[str]], arcs: list[Arc]) -> list[list[str]]:
    near: dict[str, list[str]] = {product: [] for column in columns for product in column}
    for source, product in arcs:
        near[source].append(product)
        near[product].append(source)
    place = _places(columns)
    for sweep in range(SWEEPS):
        for at in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            columns[at] = sorted(columns[at], key=lambda product: (_mean(product, near, place), place[product]))
            place.update(_places([columns[at]]))
    return columns


def _mean(product: str, near: Mapping[str, list[str]], place: Mapping[str, float]) -> float:
    others = near[product]
    return round(sum(place[other] for other in others) / len(others), 9) if others else place[product]


def _places(columns: list[list[str]]) -> dict[str, float]:
    """Place of every product in its column, counted from its middle."""
    return {product: at - (len(column) - 1) / 2 for column in columns for at, product in enumerate(column)}
