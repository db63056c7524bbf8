"""How high things are at a width, in mm at scale 1: rows of boxes, panels of segments, shelves of panels, lanes.

A wider column never makes anything higher, so what is equal at two widths is equal between them and is not measured again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import heapify, heapreplace
from itertools import accumulate
from typing import Generic, TypeVar

from viz.box import Form
from viz.sheet import Lane, Link, Segment

LANE_HEAD, LANE_PAD = 8.0, 1.4
PANEL_HEAD, PANEL_PAD, PANEL_GAP, SHELF_GAP = 5.4, 1.4, 1.6, 1.8
BOX_GAP = 1.4
SIDE_BY_SIDE = 6.0
"""What a second panel on a shelf costs in mm at scale 1: segments stand below each other unless it saves more."""

WIDEST = 6
"""Widest box, in least widths of its form."""

Height = Callable[[Link, Form, float], float]
"""Least height of the box of a link in a form at a width, in mm at scale 1."""

V = TypeVar("V")


class Steps(Generic[V]):
    """A function of a width that falls in steps, computed no more often than needed."""

    def __init__(self, compute: Callable[[float], V]) -> None:
        self._compute = compute
        self._at: list[float] = []
        self._values: dict[float, V] = {}

    def __call__(self, width: float) -> V:
        """The value at a width."""
        place = bisect_left(self._at, width)
        if place < len(self._at):
            above = self._values[self._at[place]]
            if self._at[place] == width or place and self._values[self._at[place - 1]] == above:
                return above
        found = self._values[width] = self._compute(width)
        insort(self._at, width)
        return found


class Heights:
    """Heights of the boxes of links in one form; links are told apart by identity."""

    def __init__(self, form: Form, height: Height) -> None:
        self.form, self._height = form, height
        self._known: dict[int, tuple[Link, Steps[float]]] = {}

    def __call__(self, link: Link, width: float) -> float:
        """Least height of the box of a link at a width."""
        if id(link) not in self._known:
            self._known[id(link)] = (link, Steps(lambda wide: self._height(link, self.form, wide)))
        return self._known[id(link)][1](width)


@dataclass(frozen=True)
class Shelf:
    """Neighbouring segments side by side, with the columns each takes; `boxes` is the height of all rows of the highest."""

    segments: tuple[Segment, ...]
    columns: tuple[int, ...]
    height: float
    boxes: float


def allot(total: int, heights: Sequence[Callable[[int], float]]) -> list[int]:
    """Columns for things side by side: one each, the rest one by one to the highest; `heights` gives height by columns.

    >>> allot(4, [lambda columns: 9 / columns, lambda columns: 2 / columns])
    [3, 1]
    """
    if len(heights) == 1:
        return [total]
    shares = [1] * len(heights)
    order = [(-height(1), at) for at, height in enumerate(heights)]
    heapify(order)
    for _ in range(total - len(heights)):
        at = order[0][1]
        shares[at] += 1
        heapreplace(order, (-heights[at](shares[at]), at))
    return shares


def balanced(links: Sequence[Link], columns: int) -> Iterator[Sequence[Link]]:
    """Rows of at most `columns` links whose lengths differ by one at most, longer ones first."""
    count = -(-len(links) // columns)
    short, longer = divmod(len(links), count)
    at = 0
    for row in range(count):
        size = short + (row < longer)
        yield links[at : at + size]
        at += size


def box_width(form: Form, count: int, columns: int, column: float) -> float:
    """Width of each of `count` boxes in a row over some columns: they fill it, but none grows beyond what reads well."""
    return box_width_in(form, count, columns * column - (PANEL_GAP + 2 * PANEL_PAD))


def box_width_in(form: Form, count: int, inner: float) -> float:
    """The same in a panel that is so wide inside."""
    return min((inner - BOX_GAP * (count - 1)) / count, WIDEST * form.width)


class Measure:
    """Measures the lanes of a chain in one form, at any width of a column."""

    def __init__(self, heights: Heights) -> None:
        self.heights = heights
        self._rows: dict[tuple[int, int], tuple[Segment, Steps[tuple[float, ...]]]] = {}
        self._bulk: dict[int, float] = {}

    @property
    def form(self) -> Form:
        """The form of the boxes."""
        return self.heights.form

    def at(self, column: float) -> Columns:
        """The same at one width of a column."""
        return Columns(self, column)

    def bulk(self, links: Sequence[Link]) -> float:
        """Height that the boxes of these links take in one column at least, however wide it is."""
        for link in links:
            if id(link) not in self._bulk:
                self._bulk[id(link)] = self.heights(link, WIDEST * self.form.width) + BOX_GAP
        return sum(self._bulk[id(link)] for link in links)

    def rows(self, segment: Segment, columns: int, column: float) -> tuple[float, ...]:
        """Heights of the rows of a segment that takes so many columns."""
        key = (id(segment), columns)
        if key not in self._rows:
            self._rows[key] = (segment, Steps(lambda wide: self._measured(segment, columns, wide)))
        return self._rows[key][1](column)

    def _measured(self, segment: Segment, columns: int, column: float) -> tuple[float, ...]:
        found = []
        for row in balanced(segment.links, columns):
            width = box_width(self.form, len(row), columns, column)
            found.append(max(self.heights(link, width) for link in row))
        return tuple(found)


class Columns:
    """Heights by number of columns, at one width of a column; every answer is kept."""

    def __init__(self, measure: Measure, column: float) -> None:
        self.measure, self.column = measure, column
        self._panels: dict[tuple[int, int], float] = {}
        self._shelves: dict[tuple[int, int], list[Shelf]] = {}

    def rows(self, segment: Segment, columns: int) -> tuple[float, ...]:
        """Heights of the rows of a segment."""
        return self.measure.rows(segment, columns, self.column)

    def panel(self, segment: Segment, columns: int) -> float:
        """Height of the panel of a segment."""
        key = (id(segment), columns)
        if key not in self._panels:
            rows = self.rows(segment, columns)
            self._panels[key] = head(segment) + sum(rows) + BOX_GAP * (len(rows) - 1) + PANEL_PAD
        return self._panels[key]

    def lane(self, lane: Lane, columns: int) -> float:
        """Height of a lane, its head included."""
        shelves = self.shelves(lane, columns)
        return LANE_HEAD + 2 * LANE_PAD + sum(shelf.height for shelf in shelves) + SHELF_GAP * (len(shelves) - 1)

    def shelves(self, lane: Lane, columns: int) -> list[Shelf]:
        """The segments of a lane in shelves so that the lane is lowest, by dynamic programming over where shelves end."""
        key = (id(lane), columns)
        if key not in self._shelves:
            self._shelves[key] = self._stacked(lane.segments, columns)
        return self._shelves[key]

    def _stacked(self, segments: tuple[Segment, ...], columns: int) -> list[Shelf]:
        costs, last = [0.0], [1]
        bulks = list(accumulate((self.measure.bulk(segment.links) for segment in segments), initial=0.0))
        for end in range(1, len(segments) + 1):
            best, chosen = costs[end - 1] + self.panel(segments[end - 1], columns) + SHELF_GAP, 1
            for start in range(max(0, end - columns), end - 1):
                spent = costs[start] + SHELF_GAP + SIDE_BY_SIDE * (end - start - 1)
                # neither lower than its boxes shared out evenly, nor than a panel with all the columns the others leave
                if spent + (bulks[end] - bulks[start]) / columns >= best:
                    continue
                if any(spent + self.panel(segment, columns - end + start + 1) >= best for segment in segments[start:end]):
                    continue
                tall = self._side_by_side(segments[start:end], columns)[1]
                if spent + tall < best:
                    best, chosen = spent + tall, end - start
            costs.append(best)
            last.append(chosen)
        found, at = [], len(segments)
        while at:
            found.append(self._shelf(segments[at - last[at] : at], columns))
            at -= last[at]
        return found[::-1]

    def _side_by_side(self, segments: tuple[Segment, ...], columns: int) -> tuple[list[int], float]:
        """How many of the columns each segment gets, and how high the highest is then."""
        shares = allot(columns, [partial(self.panel, segment) for segment in segments])
        return shares, max(map(self.panel, segments, shares))

    def _shelf(self, segments: tuple[Segment, ...], columns: int) -> Shelf:
        shares, tall = self._side_by_side(segments, columns)
        return Shelf(segments, tuple(shares), tall, max(sum(self.rows(*pair)) for pair in zip(segments, shares, strict=True)))


def head(segment: Segment) -> float:
    """Room above the boxes of a panel."""
    return PANEL_HEAD if segment.name else PANEL_PAD
