"""The chain map (产业链招商图谱): one sheet as SVG.

Layout (`viz.layout`) says where lanes, panels and boxes go; here they are drawn, with heading and legend around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from viz import box, layout, overview, svg
from viz.frame import MARGIN, Frame, frame_of
from viz.layout import Area, PlacedLane, PlacedPanel, Plan
from viz.legend import draw_legend
from viz.measure import LANE_HEAD, Heights
from viz.palette import ALARM, GROUND, INK, LINE, LOCAL, LOOKS, NAVY, SECONDARY, TARGET
from viz.sheet import Figures, Lane, Link, MapSheet, figures_of
from viz.text import POINT, clean, cut, ems, escape, wrap

Draw = Callable[[Link, box.Form, float, float, float, float, float], str]
"""Draws the box of a link: link, form, x, y, width, height, scale."""

LARGEST = 1.6
"""Largest scale on A3: larger boxes would look coarse."""

BETWEEN = "  ｜  "
"""Between two facts under a title."""

_SHORT = {"缺失": "缺", "疑似缺失": "疑缺", "薄弱": "弱", "待核": "核"}


def draw_map(sheet: MapSheet, *, paper: str = "A3", more: int = 0) -> str:
    """The chain map of a sheet as SVG text, the same bytes from run to run.

    Parameters
    ----------
    sheet
        What to draw.
    paper
        A4, A3, A2, A1 or A0, landscape.
    more
        How many pages follow that are drawn elsewhere; they count in ``第 n / N 页``.

    Returns
    -------
    str
        One ``svg`` element, sizes in mm. Every box is a group with ``data-id`` (product), ``data-status``,
        ``data-reason`` and ``data-code``.

    Raises
    ------
    InputError
        If there is no such paper.
    OutputError
        If the chain does not fit on it even as one box a segment.

    Notes
    -----
    Boxes take the first form that fits with text of 6.5 pt or more: names of enterprises, numbers of enterprises, one line;
    then one box a segment. `viz.paging` adds the pages that name the enterprises.
    """
    frame = replace(frame_of(paper), pages=1 + more)
    ladder = [Heights(form, box.height) for form in box.LADDER]
    planned = layout.fit(sheet.lanes, frame.body, ladder, largest=LARGEST * frame.scale)
    return draw_page(sheet, planned or overview.plan(sheet.lanes, frame.body), frame)


def draw_page(sheet: MapSheet, planned: Plan, frame: Frame, *, name: str = "") -> str:
    """One page of a map with heading and legend; `name` says which part of the chain it shows, empty for all of it."""
    title = f"{sheet.title}（{name}）" if name else sheet.title
    links = [link for lane in planned.lanes for link in lane.lane.links] if name else sheet.links
    draw = overview.draw if planned.form is overview.SEGMENTS else box.draw
    parts = [
        svg.element("defs", "".join(svg.hatches(planned.scale))), *_heading(sheet, title, figures_of(links), frame),
        *draw_lanes(planned, draw), *draw_legend(sheet, planned.form, frame),
    ]
    return drawing(title, parts, frame, planned)


def drawing(title: str, parts: Iterable[str], frame: Frame, planned: Plan) -> str:
    """The ``svg`` element of a page with these parts on white ground; the first part is its definitions."""
    defs, *rest = parts
    whole = [svg.element("title", escape(clean(title))), defs, svg.rect(0, 0, frame.width, frame.height, fill="#FFFFFF"), *rest]
    return svg.drawing(
        whole, frame.width, frame.height, text_rendering="geometricPrecision", data_form=planned.form.name, data_scale=f"{planned.scale:.3f}")


def _heading(sheet: MapSheet, title: str, numbers: Figures, frame: Frame) -> Iterator[str]:
    s, right = frame.scale, frame.width - MARGIN
    cells = _cells(numbers, sheet.public)
    left = right - s * sum(cell.width for cell in cells)
    room = left - 6 * s - MARGIN
    if sheet.stamps:
        stamp, wide = _stamp(sheet.stamps, left - 6 * s, frame)
        room -= wide + 4 * s
        yield stamp
    size = max(min(26 * POINT * s, room / max(ems(title, True), 1)), 15 * POINT * s)
    yield svg.text(MARGIN, MARGIN + 9.4 * s, cut(title, room / size, True), size, NAVY, bold=True, title=title)
    facts = [*_facts(sheet, numbers)]
    lines, small = set_facts(facts, left - 6 * s - MARGIN, frame)
    for words, down in zip(lines, (17.0,) if len(lines) == 1 else (14.9, 18.8), strict=True):
        yield svg.text(MARGIN, MARGIN + down * s, words, small, SECONDARY, title=BETWEEN.join(facts))
    yield from _numbers(cells, left, s)
    yield from _shares(numbers, left, right, s)
    yield svg.rect(MARGIN, MARGIN + 20.6 * s, frame.width - 2 * MARGIN, 0.7 * s, fill=NAVY)


def set_facts(facts: Sequence[str], room: float, frame: Frame) -> tuple[list[str], float]:
    """The line under a title and the size of its type: smaller where it is long, then on two lines, broken between facts where that does."""
    words, large, small, least = BETWEEN.join(facts), *map(frame.type_size, (9.5, 8.2, 0))
    if ems(words) * small <= room:
        return [words], min(large, room / max(ems(words), 1))
    for size in (small, least):
        for count in range(len(facts) - 1, 0, -1):
            lines = [BETWEEN.join(facts[:count]), BETWEEN.join(facts[count:])]
            if all(ems(line) * size <= room for line in lines):
                return lines, size
    return wrap(words, room / least, 2), least


def _stamp(words: str, right: float, frame: Frame) -> tuple[str, float]:
    """A stamp such as 内部资料 that ends at `right`, and its width; a long one is set smaller."""
    s, red = frame.scale, LOOKS["missing"].border
    size = max(frame.type_size(0), 10 * POINT * s * min(1.0, 10 / ems(words, True)))
    wide = ems(words, True) * size + 4 * s
    edge = svg.rect(right - wide, MARGIN + 2.6 * s, wide, 7 * s, rx=0.8 * s, fill="none", stroke=red, stroke_width=0.5 * s)
    inside = svg.text(right - wide / 2, MARGIN + 6.1 * s + 0.36 * size, words, size, red, bold=True, anchor="middle")
    return edge + inside, wide


def _facts(sheet: MapSheet, numbers: Figures) -> Iterator[str]:
    yield sheet.where
    yield sheet.dated
    if numbers.actions:
        yield " · ".join(f"{action} {count}" for action, count in numbers.actions.items())
    if clean(sheet.author):
        yield f"编制：{clean(sheet.author)}"


@dataclass(frozen=True)
class _Cell:
    """One number in the heading; `width` in mm on A3."""

    value: int
    word: str
    colour: str
    width: float


def _cells(numbers: Figures, public: bool) -> list[_Cell]:
    """The numbers in the heading: links, links by status, enterprises; a public version says nothing of targets."""
    colours = {"strong": LOCAL, "covered": LOCAL, "weak": LOOKS["weak"].border, "missing": ALARM, "suspected": ALARM, "unknown": SECONDARY}
    return [
        _Cell(numbers.links, "产品环节", INK, 17.0),
        *(_Cell(numbers.looks[key], look.word, colours[key], 17.0 if len(look.word) > 2 else 14.0) for key, look in LOOKS.items()),
        _Cell(numbers.makers, "链上本地企业", LOCAL, 23.0), *([] if public else [_Cell(numbers.targets, "招引目标", TARGET, 17.0)]),
    ]


def _numbers(cells: list[_Cell], left: float, s: float) -> Iterator[str]:
    for cell in cells:
        wide, shown = cell.width * s, str(cell.value)
        size = min(20 * POINT * s, (wide - 1.5 * s) / max(ems(shown, True), 1))
        yield svg.text(left + wide / 2, MARGIN + 7.6 * s, shown, size, cell.colour, bold=True, anchor="middle")
        yield svg.text(left + wide / 2, MARGIN + 12.4 * s, cell.word, 8.5 * POINT * s, SECONDARY, anchor="middle")
        left += wide


def _shares(numbers: Figures, left: float, right: float, s: float) -> Iterator[str]:
    """The bar under the numbers: what part of the links has which status."""
    x, y, tall = left, MARGIN + 14.8 * s, 2.6 * s
    for key, look in LOOKS.items():
        wide = (right - left) * numbers.looks[key] / numbers.links
        if wide:
            yield svg.rect(x, y, wide, tall, fill=svg.paint(look))
            x += wide
    yield svg.rect(left, y, right - left, tall, fill="none", stroke=LINE, stroke_width=0.2 * s)


def draw_lanes(planned: Plan, draw: Draw) -> Iterator[str]:
    """The lanes of a plan with their heads, panels and boxes; `draw` draws a box."""
    for lane in planned.lanes:
        yield from _lane(lane, planned, draw, last=lane is planned.lanes[-1])


def _lane(placed: PlacedLane, planned: Plan, draw: Draw, *, last: bool) -> Iterator[str]:
    k, area = planned.scale, placed.area
    yield svg.rect(area.x, area.y, area.width, area.height, rx=0.8 * k, fill=GROUND, stroke=LINE, stroke_width=0.2)
    yield _chevron(area, k, last)
    yield from _lane_words(placed.lane, area, k)
    for panel in placed.panels:
        yield svg.group(_panel(panel, planned, draw), data_segment=panel.segment.name)


def _chevron(area: Area, k: float, last: bool) -> str:
    tall = LANE_HEAD * k
    tip = 0.0 if last else 2.4
    right = area.x + area.width
    top, bottom = area.y, area.y + tall
    corners = ((area.x, top), (right, top), (right + tip, (top + bottom) / 2), (right, bottom), (area.x, bottom))
    return svg.element("path", d=svg.outline(corners), fill=NAVY)


def _lane_words(lane: Lane, area: Area, k: float) -> Iterator[str]:
    """Stage name; at the right how many links and gaps, shorter where room is scarce; between them the description if it fits."""
    big, small, mild = 14 * POINT * k, 8.5 * POINT * k, 8.5 * POINT * k
    base, left, right = area.y + LANE_HEAD * k / 2, area.x + 2.4 * k, area.x + area.width - 2.4 * k
    name = cut(lane.name, (right - left) / big, True)
    yield svg.text(left, base + 0.36 * big, name, big, "#FFFFFF", bold=True, title=lane.name)
    left += ems(name, True) * big + 3 * k
    for words in _lane_counts(lane):
        if left + ems(words) * small <= right:
            yield svg.text(right, base + 0.36 * small, words, small, "#FFFFFF", anchor="end")
            right -= ems(words) * small + 3 * k
            break
    if lane.description and left + ems(lane.description) * mild <= right:
        yield svg.text(left, base + 0.36 * mild, lane.description, mild, "#D6E0EC")


def _lane_counts(lane: Lane) -> Iterator[str]:
    links = overview.unfolded(lane.links)
    looks = Counter(link.look.key for link in links)
    known = [(LOOKS[key].word, looks[key]) for key in ("missing", "suspected", "weak", "unknown") if looks[key]]
    yield " · ".join([f"{len(links)}个环节", *[f"{word}{count}" for word, count in known]])
    yield " ".join([f"{len(links)}个环节", *[f"{_SHORT[word]}{count}" for word, count in known]])
    if known:
        yield " ".join(f"{_SHORT[word]}{count}" for word, count in known)
    yield f"{len(links)}个环节"
    yield str(len(links))


def _panel(panel: PlacedPanel, planned: Plan, draw: Draw) -> Iterator[str]:
    k, area = planned.scale, panel.area
    yield svg.rect(area.x, area.y, area.width, area.height, rx=0.8 * k, fill="#FFFFFF", stroke=LINE, stroke_width=0.2)
    if panel.segment.name:
        size = 9 * POINT * k
        yield svg.rect(area.x + 1.4 * k, area.y + 1.3 * k, 0.9 * k, 3.0 * k, fill=NAVY)
        name = cut(panel.segment.name, (area.width - 4.6 * k) / size, True)
        yield svg.text(area.x + 3.2 * k, area.y + 2.8 * k + 0.36 * size, name, size, NAVY, bold=True, title=panel.segment.name)
    for placed in panel.boxes:
        spot = placed.area
        yield draw(placed.link, planned.form, spot.x, spot.y, spot.width, spot.height, k)
