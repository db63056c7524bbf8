"""A chain on as many pages as it takes to name its enterprises: one, or an overview and then a page a stage or part of one.

Codes are given once for the whole chain, so what one page says of a link on another still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chain.errors import OutputError
from viz import box, layout, overview
from viz.box import COMPACT, COUNTED, NAMED
from viz.chainmap import LARGEST, draw_page
from viz.frame import Frame, frame_of
from viz.layout import Area, Part, Plan
from viz.measure import Heights
from viz.press import Page
from viz.sheet import Lane, Link, MapSheet, Segment


def draw_pages(sheet: MapSheet, *, paper: str = "A3", parts: Sequence[Part] | None = None, more: int = 0) -> list[Page]:
    """The pages of a map, each drawn with its number.

    Parameters
    ----------
    sheet, paper
        What to draw, and on what.
    parts
        Pages laid out already; by default `lay_out` does it.
    more
        How many pages follow that are drawn elsewhere; they count in ``第 n / N 页``.

    Raises
    ------
    InputError
        If there is no such paper.
    OutputError
        If a link does not fit on a page of its own.
    """
    frame = frame_of(paper)
    chosen = lay_out(sheet.lanes, frame) if parts is None else parts
    count = len(chosen) + more
    return [
        Page(part.name or sheet.title, draw_page(sheet, part.plan, replace(frame, page=at, pages=count), name=part.name),
             frame.width, frame.height)
        for at, part in enumerate(chosen, 1)]


def lay_out(lanes: Sequence[Lane], frame: Frame) -> list[Part]:
    """The pages of a chain: the one that names enterprises if there is room, else an overview and the stages."""
    area, largest = frame.body, LARGEST * frame.scale
    named = [Heights(form, box.height) for form in NAMED]
    whole = layout.fit(lanes, area, named, largest=largest)
    if whole:
        return [Part("", whole)]
    return [*_overview(lanes, frame), *(part for group in _groups(lanes, area, named[-1]) for part in _stages(group, area, largest, named))]


def _groups(lanes: Sequence[Lane], area: Area, heights: Heights) -> list[list[Lane]]:
    """Neighbouring stages that share a page: a small one would leave its own all but empty."""
    groups: list[list[Lane]] = []
    for lane in lanes:
        if groups and layout.fits([*groups[-1], lane], area, heights):
            groups[-1].append(lane)
        else:
            groups.append([lane])
    return groups


def _overview(lanes: Sequence[Lane], frame: Frame) -> Iterator[Part]:
    """The whole chain on a page; a chain with more segments than boxes on the paper does without."""
    found = layout.fit(lanes, frame.body, [Heights(form, box.height) for form in COUNTED], largest=LARGEST * frame.scale)
    try:
        yield Part("", found or overview.plan(lanes, frame.body))
    except OutputError:
        return


def _stages(group: Sequence[Lane], area: Area, largest: float, named: Sequence[Heights]) -> Iterator[Part]:
    """Stages on a page that they share, else each on its own."""
    together = layout.fit(group, area, named, largest=largest) if len(group) > 1 else None
    if together:
        yield Part("、".join(lane.name for lane in group), together)
    else:
        for lane in group:
            yield from _stage(lane, area, largest, named)


def _stage(lane: Lane, area: Area, largest: float, named: Sequence[Heights]) -> Iterator[Part]:
    """A stage on as few pages as it takes, in parts of like size."""
    forms, pieces = named, _fitting(lane, area, named[-1])
    if not pieces:
        forms = [Heights(COMPACT, box.height)]
        pieces = _fitting(lane, area, forms[0])
    if not pieces:
        raise OutputError(f"阶段「{lane.name}」的环节在这张纸上一个也放不下", way_out="换大一号的纸")
    for at, found in enumerate(_alike(pieces, area, largest, forms), 1):
        yield Part(lane.name if len(pieces) == 1 else f"{lane.name} {at}/{len(pieces)}", found)


def _fitting(lane: Lane, area: Area, heights: Heights) -> list[Lane]:
    """The lane in the fewest parts that each fit on a page; none if a link is too large for one."""
    for count in range(1, len(lane.links) + 1):
        pieces = _pieces(lane, count)
        if all(layout.fits((piece,), area, heights) for piece in pieces):
            return pieces
    return []


def _alike(pieces: Sequence[Lane], area: Area, largest: float, forms: Sequence[Heights]) -> list[Plan]:
    """Plans in one form at one scale: a page with less on it must not shout."""
    for heights in forms:
        plans: list[Plan] = []
        for piece in pieces:
            found = layout.fit((piece,), area, [heights], largest=plans[-1].scale if plans else largest)
            if not found:
                break
            plans.append(found)
        else:
            lowest = plans[-1].scale
            return [layout.fit_at((piece,), area, heights, lowest) or found for piece, found in zip(pieces, plans, strict=True)]
    return []


def _pieces(lane: Lane, count: int) -> list[Lane]:
    """A lane in `count` parts of like size that end where a segment ends if one ends near."""
    borders = {0}
    for segment in lane.segments:
        borders.add(max(borders) + len(segment.links))
    total, cuts = len(lane.links), [0]
    for at in range(1, count):
        even = round(total * at / count)
        near = min(borders, key=lambda border: (abs(border - even), border))
        cuts.append(near if cuts[-1] < near < total and abs(near - even) <= 0.2 * total / count else max(even, cuts[-1] + 1))
    cuts.append(total)
    return [_slice(lane, start, end) for start, end in zip(cuts, cuts[1:], strict=False) if start < end]


def _slice(lane: Lane, start: int, end: int) -> Lane:
    """Some links of a lane, still under their segments."""
    segments, at = [], 0
    for segment in lane.segments:
        inside: tuple[Link, ...] = segment.links[max(start - at, 0) : max(end - at, 0)]
        if inside:
            segments.append(Segment(segment.name, inside))
        at += len(segment.links)
    return Lane(lane.name, lane.description, tuple(segments))
