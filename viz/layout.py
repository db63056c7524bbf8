"""Where everything on a chain map goes: lanes, panels of segments, rows of boxes.

Columns of equal width run over the page; lanes get them, segments share them within their lane, and the scale is the
largest at which the highest lane still fits. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from chain.errors import InputError, OutputError
from viz import box
from viz.box import Form
from viz.measure import (
    BOX_GAP,
    LANE_HEAD,
    LANE_PAD,
    PANEL_GAP,
    PANEL_PAD,
    SHELF_GAP,
    Columns,
    Height,
    Heights,
    Measure,
    balanced,
    box_width,
    head,
)
from viz.sheet import Lane, Link, Segment

PAPERS = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0), "A1": (841.0, 594.0), "A0": (1189.0, 841.0)}
"""Width and height of the papers, landscape, in mm."""

STEPS = 8
"""Halvings in the search for the largest scale: it is found to a hundredth."""

LANE_GAP = 3.2
"""Between two lanes in mm, at any scale."""


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


@dataclass(frozen=True)
class Part:
    """What one page shows: its name, empty for the whole chain, and where everything on it goes."""

    name: str
    plan: Plan


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


def plan(
    lanes: Sequence[Lane], area: Area, *, largest: float = 1.6, ladder: Sequence[Form] = box.LADDER, height: Height = box.height
) -> Plan:
    """The lanes laid out in an area: the first form of the ladder that fits legibly, at its largest scale.

    Raises
    ------
    OutputError
        If not even the last form fits.
    """
    found = fit(lanes, area, [Heights(form, height) for form in ladder], largest=largest)
    if found:
        return found
    count = sum(len(lane.links) for lane in lanes)
    raise OutputError(f"{count} 个环节、{len(lanes)} 个阶段在这张纸上放不下", way_out="换大一号的纸（A2、A1、A0），或分链出图")


def fit(lanes: Sequence[Lane], area: Area, ladder: Sequence[Heights], *, largest: float) -> Plan | None:
    """Like `plan`, but None if not even the last form fits."""
    plans = (_largest(lanes, area, Measure(heights), max(largest, heights.form.least)) for heights in ladder)
    return next((found for found in plans if found), None)


def fit_at(lanes: Sequence[Lane], area: Area, heights: Heights, scale: float) -> Plan | None:
    """The lanes laid out at a given scale; None if they don't fit."""
    return _attempt(lanes, area, Measure(heights), scale)


def fits(lanes: Sequence[Lane], area: Area, heights: Heights) -> bool:
    """Whether the lanes fit in an area at the smallest legible scale; quicker than a plan."""
    return _fitting(lanes, area, Measure(heights), heights.form.least) is not None


def _largest(lanes: Sequence[Lane], area: Area, measure: Measure, high: float) -> Plan | None:
    """The plan with the largest legible scale up to `high`, by bisection; None if there is none."""
    low = measure.form.least
    if _fitting(lanes, area, measure, low) is None:
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _fitting(lanes, area, measure, middle):
            low = middle
        else:
            high = middle
    return _attempt(lanes, area, measure, low)


def _attempt(lanes: Sequence[Lane], area: Area, measure: Measure, k: float) -> Plan | None:
    found = _fitting(lanes, area, measure, k)
    return Plan(measure.form, k, tuple(_place(lanes, found[0], _shared(lanes, *found), area, k))) if found else None


def _fitting(lanes: Sequence[Lane], area: Area, measure: Measure, k: float) -> tuple[Columns, list[int]] | None:
    """Columns by lane so that all fit at scale k, of as many in all as boxes can be had in, or up to three fewer; None if none fits."""
    free = area.width / k - LANE_GAP / k * (len(lanes) - 1) - 2 * LANE_PAD * len(lanes)
    tall, least = area.height / k, measure.form.width + PANEL_GAP + 2 * PANEL_PAD
    most = min(int(free / least), sum(len(lane.links) for lane in lanes))
    # what the boxes of a lane take in all, shared out evenly, can't be beaten
    room = tall - LANE_HEAD - 2 * LANE_PAD
    fewest = [max(ceil(measure.bulk(lane.links) / room), 1) for lane in lanes]
    for columns in range(most, max(most - 4, sum(fewest) - 1), -1):
        at = measure.at(free / columns)
        shares = _shares(lanes, at, columns, fewest, tall)
        if shares:
            return at, shares
    return None


def _shares(lanes: Sequence[Lane], at: Columns, columns: int, fewest: Sequence[int], tall: float) -> list[int] | None:
    """The fewest columns by lane so that none is higher than `tall`, the last lane with all that are left; None if they don't suffice."""
    shares, spare = list(fewest), columns - sum(fewest)
    for place, lane in enumerate(lanes[:-1]):
        while at.lane(lane, shares[place]) > tall:
            if not spare:
                return None
            shares[place], spare = shares[place] + 1, spare - 1
    shares[-1] += spare
    return shares if at.lane(lanes[-1], shares[-1]) <= tall else None


def _shared(lanes: Sequence[Lane], at: Columns, shares: Sequence[int]) -> list[int]:
    """Columns by lane with those that the last one can spare given one by one to the highest, as long as that lowers the highest."""
    found = list(shares)
    while len(lanes) > 1 and found[-1] > 1:
        heights = [at.lane(lane, share) for lane, share in zip(lanes, found, strict=True)]
        place = heights.index(max(heights[:-1]))
        more = at.lane(lanes[place], found[place] + 1)
        if max(more, at.lane(lanes[-1], found[-1] - 1)) >= max(heights[place], heights[-1]):
            break
        found[place], found[-1] = found[place] + 1, found[-1] - 1
    return found


def _place(lanes: Sequence[Lane], at: Columns, shares: Sequence[int], area: Area, k: float) -> Iterator[PlacedLane]:
    """The lanes with everything in them at its place."""
    x = area.x
    for lane, columns in zip(lanes, shares, strict=True):
        wide = (columns * at.column + 2 * LANE_PAD) * k
        yield PlacedLane(lane, Area(x, area.y, wide, area.height), tuple(_panels(lane, at, columns, Area(x, area.y, wide, area.height), k)))
        x += wide + LANE_GAP


def _panels(lane: Lane, at: Columns, columns: int, area: Area, k: float) -> Iterator[PlacedPanel]:
    """The panels of a lane, what room is left shared out between them and to their boxes."""
    shelves, stretch = at.shelves(lane, columns), at.measure.form.stretch
    slack = area.height / k - at.lane(lane, columns)
    gap = min(slack / len(shelves), 5.0) if len(shelves) > 1 else 0.0
    slack -= gap * (len(shelves) - 1)
    grow = min(stretch, slack / sum(shelf.boxes for shelf in shelves))
    wishes = [max(0.0, *(_wish(segment, at, share, grow) for segment, share in zip(shelf.segments, shelf.columns, strict=True)))
              for shelf in shelves]
    given = _given(wishes, slack - grow * sum(shelf.boxes for shelf in shelves))
    y = LANE_HEAD + LANE_PAD
    for shelf, more in zip(shelves, given, strict=True):
        left, tall = LANE_PAD, shelf.height + grow * shelf.boxes + more
        for segment, share in zip(shelf.segments, shelf.columns, strict=True):
            spot = Area(area.x + (left + PANEL_GAP / 2) * k, area.y + y * k, (share * at.column - PANEL_GAP) * k, tall * k)
            yield _panel(segment, at, share, spot, k)
            left += share * at.column
        y += tall + SHELF_GAP + gap


def _given(wishes: Sequence[float], room: float) -> list[float]:
    """What everyone gets of some room: what they wish, or the same part of it."""
    part = min(1.0, max(room, 0.0) / (sum(wishes) or 1.0))
    return [part * wish for wish in wishes]


def _wishes(segment: Segment, at: Columns, columns: int, grown: Sequence[float]) -> list[float]:
    """By how much every row of a segment, of a height already, would have to be higher to name all enterprises.

    Of several boxes in a row it is the mean, and no more than as much again: one with hundreds of names must not make those beside it
    high and empty.
    """
    form, found = at.measure.form, []
    for row, tall in zip(balanced(segment.links, columns), grown, strict=True):
        width = box_width(form, len(row), columns, at.column)
        lacking = [max(box.fullest(link, form, width) - tall, 0.0) for link in row] if form in box.NAMED else [0.0]
        found.append(lacking[0] if len(row) == 1 else min(sum(lacking) / len(row), tall))
    return found


def _wish(segment: Segment, at: Columns, columns: int, grow: float) -> float:
    """The same for a whole segment whose rows have grown by a share."""
    return sum(_wishes(segment, at, columns, [low * (1 + grow) for low in at.rows(segment, columns)]))


def _panel(segment: Segment, at: Columns, columns: int, area: Area, k: float) -> PlacedPanel:
    """A panel whose rows are stretched evenly to the height it is given, then as far as they have more enterprises to name."""
    rows, form = at.rows(segment, columns), at.measure.form
    spare = max(area.height / k - at.panel(segment, columns), 0.0)
    grow = min(spare / sum(rows), form.stretch)
    grown = [low * (1 + grow) for low in rows]
    more = _given(_wishes(segment, at, columns, grown), spare - grow * sum(rows))
    boxes = []
    y = area.y + head(segment) * k
    for row, tall, extra in zip(balanced(segment.links, columns), grown, more, strict=True):
        width, deep = box_width(form, len(row), columns, at.column) * k, (tall + extra) * k
        for place, link in enumerate(row):
            left = area.x + PANEL_PAD * k + place * (width + BOX_GAP * k)
            boxes.append(PlacedBox(link, Area(left, y, width, deep)))
        y += deep + BOX_GAP * k
    return PlacedPanel(segment, area, tuple(boxes))
