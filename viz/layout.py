"""Where everything on a chain map goes: lanes, panels of segments, rows of boxes.

Columns of equal width run over the page; lanes get them, segments share them within their lane, and the scale is the
largest at which the highest lane still fits. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chain.errors import InputError, OutputError
from viz import box
from viz.box import Form
from viz.sheet import Lane, Link, Segment

PAPERS = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0), "A1": (841.0, 594.0), "A0": (1189.0, 841.0)}
"""Width and height of the papers, landscape, in mm."""

LANE_GAP = 3.2
LANE_HEAD, LANE_PAD = 8.0, 1.4
PANEL_HEAD, PANEL_PAD, PANEL_GAP, SHELF_GAP = 5.4, 1.4, 1.6, 1.8
BOX_GAP = 1.4
SIDE_BY_SIDE = 6.0
"""What a second panel on a shelf costs in mm at scale 1: segments stand below each other unless it saves more."""


@dataclass(frozen=True)
class Area:
    """A rectangle in mm."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedBox:
    """A link and where its box goes."""

    link: Link
    area: Area


@dataclass(frozen=True)
class PlacedPanel:
    """A segment, its panel and the boxes in it."""

    segment: Segment
    area: Area
    boxes: tuple[PlacedBox, ...]


@dataclass(frozen=True)
class PlacedLane:
    """A stage, its area and its panels."""

    lane: Lane
    area: Area
    panels: tuple[PlacedPanel, ...]


@dataclass(frozen=True)
class Plan:
    """A page laid out: the form of its boxes, the scale, the lanes."""

    form: Form
    scale: float
    lanes: tuple[PlacedLane, ...]


def paper_size(paper: str) -> tuple[float, float]:
    """Width and height of a paper in mm, landscape.

    Raises
    ------
    InputError
        If there is no such paper.
    """
    if paper.upper() not in PAPERS:
        raise InputError(f"没有这种纸张：{paper!r}", way_out=f"可用：{'、'.join(PAPERS)}")
    return PAPERS[paper.upper()]


Height = Callable[[Link, Form, float], float]
"""Least height of the box of a link in a form at a width, in mm at scale 1."""


def plan(
    lanes: Sequence[Lane], area: Area, *, largest: float = 1.6, ladder: Sequence[Form] = box.LADDER, height: Height = box.height
) -> Plan:
    """The lanes laid out in an area: the first form of the ladder that fits legibly, at its largest scale.

    Raises
    ------
    OutputError
        If not even the last form at half the legible size fits.
    """
    for form in ladder:
        found = _largest(lanes, area, form, form.least, largest, height)
        if found:
            return found
    last = ladder[-1]
    found = _largest(lanes, area, last, last.least / 2, last.least, height)
    if found:
        return found
    count = sum(len(lane.links) for lane in lanes)
    raise OutputError(f"{count} 个环节、{len(lanes)} 个阶段在这张纸上放不下", way_out="换大一号的纸（A2、A1、A0），或分链出图")


def _largest(lanes: Sequence[Lane], area: Area, form: Form, low: float, high: float, height: Height) -> Plan | None:
    """The plan with the largest scale between `low` and `high`, by bisection; None if not even `low` fits."""
    best = _attempt(lanes, area, form, low, height)
    if best is None:
        return None
    for _ in range(8):
        middle = (low + high) / 2
        found = _attempt(lanes, area, form, middle, height)
        if found:
            best, low = found, middle
        else:
            high = middle
    return best


def _attempt(lanes: Sequence[Lane], area: Area, form: Form, k: float, height: Height) -> Plan | None:
    """A plan at scale k with as many columns as its boxes can be had in, or up to three fewer; None if none fits."""
    free = area.width - LANE_GAP * (len(lanes) - 1) - 2 * LANE_PAD * k * len(lanes)
    most = min(int(free / ((form.width + PANEL_GAP + 2 * PANEL_PAD) * k)), sum(len(lane.links) for lane in lanes))
    for columns in range(most, max(most - 4, len(lanes) - 1), -1):
        page = _Page(form, k, free / columns, height)
        widths = allot(columns, [page.lane_height(lane) for lane in lanes])
        if all(page.lane_height(lane)(count) <= area.height for lane, count in zip(lanes, widths, strict=True)):
            return Plan(form, k, tuple(page.place(lanes, widths, area)))
    return None


def allot(total: int, heights: Sequence[Callable[[int], float]]) -> list[int]:
    """Columns for things side by side: one each, the rest one by one to the highest; `heights` gives height by columns.

    >>> allot(4, [lambda columns: 9 / columns, lambda columns: 2 / columns])
    [3, 1]
    """
    shares = [1] * len(heights)
    for _ in range(total - len(heights)):
        current = [height(share) for height, share in zip(heights, shares, strict=True)]
        shares[current.index(max(current))] += 1
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


@dataclass(frozen=True)
class _Shelf:
    """Neighbouring segments side by side, with the columns each takes; `boxes` is the height of all rows of the highest."""

    segments: tuple[Segment, ...]
    columns: tuple[int, ...]
    height: float
    boxes: float


class _Page:
    """Measures lanes, shelves and panels at one scale and column width; every answer is kept."""

    def __init__(self, form: Form, k: float, column: float, height: Height) -> None:
        self.form, self.k, self.column, self.height = form, k, column, height
        self._rows: dict[tuple[int, int], list[float]] = {}
        self._panels: dict[tuple[int, int], float] = {}
        self._lanes: dict[tuple[int, int], list[_Shelf]] = {}

    def row_heights(self, segment: Segment, columns: int) -> list[float]:
        """Heights of the rows of a segment that takes so many columns, in mm."""
        key = (id(segment), columns)
        if key not in self._rows:
            self._rows[key] = []
            for row in balanced(segment.links, columns):
                width = self._box_width(len(row), columns) / self.k
                self._rows[key].append(max(self.height(link, self.form, width) for link in row) * self.k)
        return self._rows[key]

    def panel_height(self, segment: Segment) -> Callable[[int], float]:
        """Height of a panel by columns."""

        def measure(columns: int) -> float:
            key = (id(segment), columns)
            if key not in self._panels:
                rows = self.row_heights(segment, columns)
                self._panels[key] = self._head(segment) + sum(rows) + (BOX_GAP * (len(rows) - 1) + PANEL_PAD) * self.k
            return self._panels[key]

        return measure

    def lane_height(self, lane: Lane) -> Callable[[int], float]:
        """Height of a lane by columns, its head included."""

        def measure(columns: int) -> float:
            shelves = self.shelves(lane, columns)
            inside = sum(shelf.height for shelf in shelves) + SHELF_GAP * self.k * (len(shelves) - 1)
            return (LANE_HEAD + 2 * LANE_PAD) * self.k + inside

        return measure

    def shelves(self, lane: Lane, columns: int) -> list[_Shelf]:
        """The segments of a lane in shelves so that the lane is lowest, by dynamic programming over where shelves end."""
        key = (id(lane), columns)
        if key not in self._lanes:
            best: list[tuple[float, list[_Shelf]]] = [(0.0, [])]
            for end in range(1, len(lane.segments) + 1):
                options = []
                for start in range(max(0, end - columns), end):
                    shelf = self._shelf(lane.segments[start:end], columns)
                    cost = shelf.height + (SHELF_GAP + SIDE_BY_SIDE * (end - start - 1)) * self.k
                    options.append((best[start][0] + cost, -start, [*best[start][1], shelf]))
                chosen = min(options, key=lambda option: option[:2])
                best.append((chosen[0], chosen[2]))
            self._lanes[key] = best[-1][1]
        return self._lanes[key]

    def place(self, lanes: Sequence[Lane], widths: Sequence[int], area: Area) -> Iterator[PlacedLane]:
        """The lanes with everything in them at its place."""
        x = area.x
        for lane, columns in zip(lanes, widths, strict=True):
            wide = columns * self.column + 2 * LANE_PAD * self.k
            yield PlacedLane(lane, Area(x, area.y, wide, area.height), tuple(self._panels_of(lane, columns, x, area)))
            x += wide + LANE_GAP

    def _panels_of(self, lane: Lane, columns: int, x: float, area: Area) -> Iterator[PlacedPanel]:
        k, shelves = self.k, self.shelves(lane, columns)
        slack = area.height - self.lane_height(lane)(columns)
        gap = min(slack / len(shelves), 5.0 * k) if len(shelves) > 1 else 0.0
        slack -= gap * (len(shelves) - 1)
        rows = sum(shelf.boxes for shelf in shelves)
        grow = 1 + min(self.form.stretch, slack / rows)
        y = area.y + (LANE_HEAD + LANE_PAD) * k
        for shelf in shelves:
            left = x + LANE_PAD * k
            tall = shelf.height + (grow - 1) * shelf.boxes
            for segment, share in zip(shelf.segments, shelf.columns, strict=True):
                yield self._panel(segment, share, Area(left + PANEL_GAP * k / 2, y, share * self.column - PANEL_GAP * k, tall))
                left += share * self.column
            y += tall + SHELF_GAP * k + gap

    def _panel(self, segment: Segment, columns: int, area: Area) -> PlacedPanel:
        """A panel whose rows are stretched evenly to the height it is given."""
        k, rows = self.k, self.row_heights(segment, columns)
        spare = area.height - self.panel_height(segment)(columns)
        grow = min(1 + spare / sum(rows), 1 + self.form.stretch)
        boxes = []
        y = area.y + self._head(segment)
        for row, low in zip(balanced(segment.links, columns), rows, strict=True):
            width = self._box_width(len(row), columns)
            for at, link in enumerate(row):
                left = area.x + PANEL_PAD * k + at * (width + BOX_GAP * k)
                boxes.append(PlacedBox(link, Area(left, y, width, low * grow)))
            y += low * grow + BOX_GAP * k
        return PlacedPanel(segment, area, tuple(boxes))

    def _shelf(self, segments: tuple[Segment, ...], columns: int) -> _Shelf:
        heights = [self.panel_height(segment) for segment in segments]
        shares = allot(columns, heights)
        tall = max(height(share) for height, share in zip(heights, shares, strict=True))
        boxes = max(sum(self.row_heights(segment, share)) for segment, share in zip(segments, shares, strict=True))
        return _Shelf(segments, tuple(shares), tall, boxes)

    def _head(self, segment: Segment) -> float:
        return (PANEL_HEAD if segment.name else PANEL_PAD) * self.k

    def _box_width(self, count: int, columns: int) -> float:
        """Width of each of `count` boxes in a row: they fill it, but none grows to more than four times its least width."""
        inner = columns * self.column - (PANEL_GAP + 2 * PANEL_PAD) * self.k
        return min((inner - BOX_GAP * self.k * (count - 1)) / count, 4 * self.form.width * self.k)
