"""Boxes kept where they were on the last edition of a map: the layout written to a file, read back and filled anew.

What changes least is moved: a box that no longer fits moves the boxes of its panel, a panel that no longer fits those of its
lane; only a chain with other stages is laid out afresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chain.errors import InputError
from viz import box, layout, overview
from viz.box import Form
from viz.frame import Frame
from viz.layout import Area, Part, PlacedBox, PlacedLane, PlacedPanel, Plan
from viz.measure import BOX_GAP, PANEL_PAD, Height, Heights, balanced, box_width_in, head
from viz.sheet import Lane, Link, Segment
from viz.text import clean

MARK = "链谱图谱布局"
FORMS = {form.name: form for form in (*box.LADDER, overview.SEGMENTS)}
SLACK = 0.02
"""Millimetres that make no difference on paper."""


@dataclass(frozen=True)
class KeptPanel:
    """A panel as it was: its segment, its area, the boxes by product in the order of the chain."""

    name: str
    area: Area
    boxes: Mapping[str, Area]


@dataclass(frozen=True)
class KeptLane:
    """A lane as it was."""

    name: str
    area: Area
    panels: tuple[KeptPanel, ...]

    @property
    def boxes(self) -> dict[str, Area]:
        """All boxes by product."""
        return {product: area for panel in self.panels for product, area in panel.boxes.items()}


@dataclass(frozen=True)
class KeptPage:
    """A page as it was: which part of the chain, its form, its scale, its lanes."""

    name: str
    form: Form
    scale: float
    lanes: tuple[KeptLane, ...]

    @property
    def boxes(self) -> dict[str, Area]:
        """All boxes by product."""
        return {product: area for lane in self.lanes for product, area in lane.boxes.items()}


@dataclass(frozen=True)
class Layout:
    """The layout of a map as it was printed last time; `chain` is empty in files that do not say whose it is."""

    paper: str
    pages: tuple[KeptPage, ...]
    chain: str = ""


def layout_of(parts: Sequence[Part], paper: str, chain: str = "") -> Layout:
    """The layout of the pages of a chain, to be kept."""
    return Layout(paper, tuple(
        KeptPage(part.name, part.plan.form, part.plan.scale, tuple(
            KeptLane(lane.lane.name, lane.area, tuple(
                KeptPanel(panel.segment.name, panel.area, {placed.link.product: placed.area for placed in panel.boxes})
                for panel in lane.panels)) for lane in part.plan.lanes)) for part in parts), chain)


def to_json(kept: Layout) -> str:
    """The layout as text, the same from run to run."""
    def area(given: Area) -> list[float]:
        return [given.x, given.y, given.width, given.height]

    pages = [{"name": page.name, "form": page.form.name, "scale": page.scale, "lanes": [
        {"name": lane.name, "area": area(lane.area), "panels": [
            {"name": panel.name, "area": area(panel.area), "boxes": {product: area(spot) for product, spot in panel.boxes.items()}}
            for panel in lane.panels]} for lane in page.lanes]} for page in kept.pages]
    return json.dumps({"kind": MARK, "version": 1, "chain": kept.chain, "paper": kept.paper, "pages": pages}, ensure_ascii=False, indent=1) + "\n"


def read_layout(path: Path) -> Layout:
    """A layout from the file that an earlier map left.

    Raises
    ------
    InputError
        If the file can't be read or holds no layout.
    """
    way_out = "给出 lianpu map --save-layout 写的文件；没有就不写 --pin"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"打不开布局文件：{error.strerror}", where=str(path), way_out=way_out) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"布局文件读不出来：{error}", where=str(path), way_out=way_out) from error
    try:
        if held["kind"] != MARK or held["version"] != 1:
            raise ValueError(f"kind = {held['kind']!r}, version = {held['version']!r}")
        layout.paper_size(held["paper"])
        return Layout(held["paper"].upper(), tuple(map(_page, held["pages"])), clean(held.get("chain", "")))
    except (KeyError, TypeError, ValueError, AttributeError, InputError) as error:
        raise InputError(f"不是图谱的布局文件：{error}", where=str(path), way_out=way_out) from error


def _page(held: Any) -> KeptPage:
    lanes = tuple(KeptLane(str(lane["name"]), _area(lane["area"]), tuple(
        KeptPanel(str(panel["name"]), _area(panel["area"]), {str(product): _area(spot) for product, spot in panel["boxes"].items()})
        for panel in lane["panels"])) for lane in held["lanes"])
    form, scale = FORMS[held["form"]], float(held["scale"])
    if not form.least - 0.001 <= scale <= 10:
        raise ValueError(f"scale = {scale}")
    return KeptPage(str(held["name"]), form, scale, lanes)


def _area(held: Any) -> Area:
    x, y, width, height = (float(value) for value in held)
    if not all(0 <= value <= 2000 for value in (x, y)) or not all(0 < value <= 2000 for value in (width, height)):
        raise ValueError(f"area = {held}")
    return Area(x, y, width, height)


def keep(kept: Layout, lanes: Sequence[Lane], frame: Frame) -> list[Part] | None:
    """The pages of a chain with every box where it was, as far as it still fits there; None if the layout can't be used.

    Parameters
    ----------
    kept
        The layout of the last edition.
    lanes
        The chain as it is now.
    frame
        The paper, which must be the one of the last edition.
    """
    if kept.paper != frame.paper:
        return None
    pages: list[Part] = []
    for page, mine in zip(kept.pages, _shared_out(kept.pages, lanes), strict=True):
        plan = _plan(page, mine)
        if plan is None:
            return None
        pages.append(Part(page.name, plan))
    shown = [{placed.link.product for lane in part.plan.lanes for panel in lane.panels for placed in panel.boxes} for part in pages]
    wanted = {link.product for lane in lanes for link in lane.links}
    return pages if wanted <= set().union(*shown) else None


def strange(kept: Layout, lanes: Sequence[Lane], chain: str) -> bool:
    """Whether the layout is another chain's: by its name, in a file without one by having fewer than half of its boxes in this chain."""
    if kept.chain and chain:
        return kept.chain != chain
    known = {link.product for lane in (*lanes, *overview.folded(lanes)) for link in lane.links}
    boxes = [product for page in kept.pages for product in page.boxes]
    return 2 * sum(product in known for product in boxes) < len(boxes)


def unmoved(kept: Layout, parts: Sequence[Part]) -> tuple[int, int]:
    """How many of the boxes that were there last time are where they were, and how many there are of them on these pages."""
    same = total = 0
    for page, part in ((page, part) for page in kept.pages for part in parts if part.name == page.name):
        before = page.boxes
        for placed in (placed for lane in part.plan.lanes for panel in lane.panels for placed in panel.boxes):
            spot = before.get(placed.link.product)
            if spot:
                total += 1
                same += abs(spot.x - placed.area.x) <= SLACK and abs(spot.y - placed.area.y) <= SLACK
    return same, total


def _shared_out(pages: Sequence[KeptPage], lanes: Sequence[Lane]) -> Iterator[list[Lane]]:
    """What of the chain goes on each page: what was there, and what is new where its segment or else its stage was last."""
    for at, page in enumerate(pages):
        if page.form is overview.SEGMENTS:
            yield list(overview.folded(lanes))
        elif page.name == "":
            yield list(lanes)
        else:
            stages = {lane.name for lane in page.lanes}
            later = [other for other in pages if other.name and {lane.name for lane in other.lanes} == stages]
            yield [_portion(lane, at, pages, later) for lane in lanes if lane.name in stages]


def _portion(lane: Lane, at: int, pages: Sequence[KeptPage], of_stage: Sequence[KeptPage]) -> Lane:
    def belongs(link: Link, segment: Segment) -> bool:
        known = [page for page in of_stage if link.product in page.boxes]
        near = [page for page in of_stage if any(panel.name == segment.name for kept in page.lanes for panel in kept.panels)]
        return (known or near or list(of_stage))[-1] is pages[at]

    segments = ((segment, tuple(link for link in segment.links if belongs(link, segment))) for segment in lane.segments)
    return Lane(lane.name, lane.description, tuple(Segment(segment.name, inside) for segment, inside in segments if inside))


def _plan(page: KeptPage, lanes: Sequence[Lane]) -> Plan | None:
    if [lane.name for lane in lanes] != [lane.name for lane in page.lanes] or not all(lane.segments for lane in lanes):
        return None
    least = overview.height if page.form is overview.SEGMENTS else box.least
    usual = overview.height if page.form is overview.SEGMENTS else box.height
    placed = [_lane(kept, lane, page, least, usual) for kept, lane in zip(page.lanes, lanes, strict=True)]
    found = [lane for lane in placed if lane]
    return Plan(page.form, page.scale, tuple(found)) if len(found) == len(placed) else None


def _lane(kept: KeptLane, lane: Lane, page: KeptPage, least: Height, usual: Height) -> PlacedLane | None:
    """A lane with its panels where they were; laid out anew in its own area if one of them does not do any more."""
    before = {panel.name: panel for panel in kept.panels}
    if all(segment.name in before for segment in lane.segments):
        panels = [_panel(before[segment.name], segment, page, least) for segment in lane.segments]
        found = [panel for panel in panels if panel]
        if len(found) == len(panels):
            return PlacedLane(lane, kept.area, tuple(found))
    for height in (usual, least):
        again = layout.fit_at((lane,), kept.area, Heights(page.form, height), page.scale)
        if again:
            return replace(again.lanes[0], area=kept.area)
    return None


def _panel(kept: KeptPanel, segment: Segment, page: KeptPage, least: Height) -> PlacedPanel | None:
    """A panel with its boxes where they were, new ones in the places of those that are gone; else its rows anew in its area."""
    now = {link.product for link in segment.links}
    free = [area for product, area in kept.boxes.items() if product not in now]
    spots = {link.product: kept.boxes.get(link.product) or (free.pop(0) if free else None) for link in segment.links}
    boxes = []
    for link in segment.links:
        area = spots[link.product]
        if area is None or least(link, page.form, area.width / page.scale) > (area.height + SLACK) / page.scale:
            return _rows(kept, segment, page, least)
        boxes.append(PlacedBox(link, area))
    return PlacedPanel(segment, kept.area, tuple(boxes))


def _rows(kept: KeptPanel, segment: Segment, page: KeptPage, least: Height) -> PlacedPanel | None:
    """The boxes of a panel in rows that fill its area; None if there is no room."""
    k, inner = page.scale, kept.area.width / page.scale - 2 * PANEL_PAD
    most = int((inner + BOX_GAP) / (page.form.width + BOX_GAP) + 0.001)
    was = max((sum(abs(one.y - other.y) <= SLACK for other in kept.boxes.values()) for one in kept.boxes.values()), default=1)
    for columns in sorted(range(1, max(min(most, len(segment.links)), 1) + 1), key=lambda count: (abs(count - was), -count)):
        rows = [(row, box_width_in(page.form, len(row), inner)) for row in balanced(segment.links, columns)]
        heights = [max(least(link, page.form, width) for link in row) for row, width in rows]
        spare = kept.area.height / k - head(segment) - PANEL_PAD - BOX_GAP * (len(rows) - 1) - sum(heights)
        if spare >= 0:
            return PlacedPanel(segment, kept.area, tuple(_placed(rows, heights, spare, kept.area, head(segment), k)))
    return None


def _placed(
    rows: Sequence[tuple[Sequence[Link], float]], heights: Sequence[float], spare: float, area: Area, top: float, k: float
) -> Iterator[PlacedBox]:
    y = area.y + top * k
    for (row, width), low in zip(rows, heights, strict=True):
        tall = low + min(spare / len(rows), 0.4 * low)
        for at, link in enumerate(row):
            yield PlacedBox(link, Area(area.x + (PANEL_PAD + at * (width + BOX_GAP)) * k, y, width * k, tall * k))
        y += (tall + BOX_GAP) * k
