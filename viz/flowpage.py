"""流程图: the links of a chain with the supply between them drawn as lines, one sheet of SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from viz import flowbox, svg
from viz.chainmap import BETWEEN, set_facts
from viz.flowlayout import FlowPlan, Spot, lay_out
from viz.frame import LEAST_TYPE, Frame
from viz.layout import paper_size
from viz.palette import ALARM, GROUND, INK, LINE, LOOKS, NAVY, SECONDARY
from viz.sheet import Link, MapSheet
from viz.text import POINT, clean, cut, ems, escape, wrap

MARGIN = 9.0
TOP, FOOT = 46.0, 26.0
"""Height of heading and stages, and of the legend with its margin."""

EDGE = "#627D98"
DASHED, DOTTED = "1.6 0.9", "0.8 0.8"
"""Lines from a link nobody is known to make, and from one that can't be told."""

WIDE = 0.72
"""Width of a box, of that of its column."""

MOST_LINKS, MOST_ARCS = 80, 150
"""Beyond these the page shows the gaps and what they touch."""

_OPEN = ("missing", "suspected")


@dataclass(frozen=True)
class _Ground:
    """The paper in units of the drawing: mm up to A3; a larger paper shows the same drawing enlarged."""

    paper: str
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where the lanes end."""
        return self.height - FOOT

    @property
    def room(self) -> float:
        """Width between the margins."""
        return self.width - 2 * MARGIN


def draw_flow(sheet: MapSheet, *, paper: str = "A3", redacted: bool = False, page: int = 1, pages: int = 1) -> str:
    """The flow page as SVG text, the same bytes from run to run; `page` of `pages` is printed on it.

    Parameters
    ----------
    sheet
        What to draw.
    paper
        A4, A3, A2, A1 or A0, landscape.
    redacted
        Leave out targets, as for a public version.
    page, pages
        Which page of how many it is.

    Raises
    ------
    InputError
        If there is no such paper.

    Notes
    -----
    Every box is a group with ``data-id`` and ``data-status``. A line whose supplier nobody is known to be is dashed. Lines against the
    flow (recycling, cycles) are listed below the drawing.
    """
    width, height = paper_size(paper)
    share, redacted = max(1.0, width / 420.0), redacted or sheet.public
    ground = _Ground(paper.upper(), width / share, height / share)
    links, plan = _planned(sheet.links, ground)
    codes = {link.code: link for link in links}
    left_out = f"全链 {len(sheet.links)} 个环节，本图画 {len(links)} 个，缺口及其直接上下游优先" if len(links) < len(sheet.links) else ""
    number = f"第 {page} / {pages} 页　{ground.paper} 横向　链谱"
    parts = [
        svg.element("title", escape(f"{clean(sheet.title)}（流程图）")), svg.element("defs", "".join(svg.hatches(1.0))),
        svg.rect(0, 0, ground.width, ground.height, fill="#FFFFFF"), *_heading(sheet, left_out, ground), *_body(plan, codes, ground, redacted),
        *_signs(ground, redacted), *_foot(sheet, plan, codes, number, ground),
    ]
    return svg.drawing(parts, width, height, view=(ground.width, ground.height))


def _planned(links: Sequence[Link], ground: _Ground) -> tuple[list[Link], FlowPlan]:
    """What the page shows and where: fewer links where the fullest column would make the boxes too low to read."""
    for most in range(MOST_LINKS, 0, -10):
        chosen = _chosen(links, most)
        codes = {link.code for link in chosen}
        arcs = [(link.code, after) for link in chosen for after in link.feeds if after in codes]
        plan = lay_out([(link.code, link.stage) for link in chosen], arcs)
        narrow = _wide(ground.room / len(plan.columns)) < flowbox.NARROW
        if flowbox.SHARE * (ground.bottom - TOP) / plan.tallest >= (flowbox.DEEP if narrow else flowbox.LOWEST):
            break
    return chosen, plan


def _chosen(links: Sequence[Link], most: int) -> list[Link]:
    """All links; of a chain too large for one page the gaps with what they touch, then the rest in chain order as far as there is room."""
    if len(links) <= most and sum(len(link.feeds) for link in links) <= MOST_ARCS:
        return list(links)
    arcs = {(link.code, after) for link in links for after in link.feeds}
    gaps = sorted((link for link in links if link.look.key in _OPEN), key=lambda link: not link.actions)
    groups = [[gap.code, *sorted(b if a == gap.code else a for a, b in arcs if gap.code in (a, b))] for gap in gaps]
    kept: dict[str, None] = {}
    for group in [*groups, *([link.code] for link in links)]:
        wider = dict.fromkeys([*kept, *group])
        if len(wider) <= most and sum(a in wider and b in wider for a, b in arcs) <= MOST_ARCS:
            kept = wider
    return [link for link in links if link.code in kept]


def _heading(sheet: MapSheet, remark: str, ground: _Ground) -> Iterator[str]:
    title, right, room = clean(sheet.title).replace("招商图谱", "") + "流程图", ground.width - MARGIN, ground.room
    if sheet.stamps:
        size = max(LEAST_TYPE * POINT, 12 * POINT * min(1.0, 12 / ems(sheet.stamps, True)))
        yield svg.text(right, MARGIN + 9, sheet.stamps, size, LOOKS["missing"].border, bold=True, anchor="end")
        room -= ems(sheet.stamps, True) * size + 6
    size = min(26 * POINT, room / max(ems(title, True), 1))
    yield svg.text(MARGIN, MARGIN + 9.4, title, size, NAVY, bold=True, title=sheet.title)
    facts = [sheet.where, sheet.dated, *([remark] if remark else [])]
    facts += [f"编制：{clean(sheet.author)}"] if clean(sheet.author) else []
    lines, size = set_facts(facts, ground.room, Frame(ground.paper, ground.width, ground.height, 1.0))
    for words, down in zip(lines, (17.0,) if len(lines) == 1 else (14.9, 18.8), strict=True):
        yield svg.text(MARGIN, MARGIN + down, words, size, SECONDARY, title=BETWEEN.join(facts))
    yield svg.rect(MARGIN, MARGIN + 20.6, ground.room, 0.7, fill=NAVY)


def _body(plan: FlowPlan, links: dict[str, Link], ground: _Ground, redacted: bool) -> Iterator[str]:
    step, deep = ground.room / len(plan.columns), ground.bottom - TOP
    k = max(1.0, min(1.6, step / 64, deep / plan.tallest / 20))  # a short chain is drawn larger
    unit = min(deep / plan.tallest, 15.0 * k)
    box = (min(_wide(step), 40.0 * k), min(flowbox.SHARE * unit, 11.0 * k))
    top = TOP + (deep - unit * plan.tallest) / 2

    def middle(spot: Spot) -> tuple[float, float]:
        return MARGIN + (spot[1] + 0.5) * step, top + plan.heights[spot] * unit

    for at, (name, first, last) in enumerate(plan.stages):
        x, wide = MARGIN + first * step, (last - first + 1) * step - 1
        yield svg.rect(x, 33, wide, ground.bottom - 31, rx=0.8, fill=GROUND if at % 2 == 0 else "#FFFFFF", stroke=LINE, stroke_width=0.2)
        yield svg.rect(x, 33, wide, 8, rx=0.8, fill=NAVY)
        yield svg.text(x + wide / 2, 38.6, cut(name, wide / (13 * POINT), True), 13 * POINT, "#FFFFFF", bold=True, anchor="middle")
    for before, after in sorted(plan.steps, key=lambda piece: links[piece[0][0]].look.key in _OPEN):
        yield _line(middle(before), middle(after), box[0] / 2, links[before[0]], after, plan)
    for code, link in links.items():
        x, y = middle((code, plan.home[code]))
        yield flowbox.draw(link, x - box[0] / 2, y - box[1] / 2, *box, k, redacted=redacted)


def _wide(step: float) -> float:
    """Width of a box in a column; in narrow columns lines get less room, that codes and numbers may stand whole."""
    return max(WIDE * step, min(step - 3.5, 20.0))


def _line(one: tuple[float, float], other: tuple[float, float], half: float, source: Link, after: Spot, plan: FlowPlan) -> str:
    """A piece of an arc from the right side of a column to the left side of the next, across the column where it only passes."""
    (x0, y0), (x1, y1) = (one[0] + half, one[1]), (other[0] - half, other[1])
    n, bend = svg.number, (x1 - x0) / 2
    ends = plan.home[after[0]] == after[1] and after[0] != source.code
    path = f"M{n(x0)} {n(y0)}C{n(x0 + bend)} {n(y0)} {n(x1 - bend)} {n(y1)} {n(x1)} {n(y1)}"
    path += "" if ends else f"H{n(other[0] + half)}"
    open_now = source.look.key in _OPEN
    unsure = source.look.key == "unknown"
    colour = ALARM if open_now else EDGE
    dashes = DASHED if open_now else DOTTED if unsure else None
    drawn = svg.element("path", d=path, fill="none", stroke=colour, stroke_width=0.5 if open_now else 0.38, stroke_dasharray=dashes)
    if not ends:
        return drawn
    return drawn + svg.element("path", d=svg.outline(((x1, y1), (x1 - 1.5, y1 - 0.7), (x1 - 1.5, y1 + 0.7))), fill=colour)


def _signs(ground: _Ground, redacted: bool) -> Iterator[str]:
    """The legend on one line: statuses, lines, numbers and codes."""
    lines = [(EDGE, 0.38, None, "供给去向"), (ALARM, 0.5, DASHED, "供给环节缺失或疑似缺失"), (EDGE, 0.38, DOTTED, "供给环节待核")]
    words = ["上1：图谱上的编号", "n：本地企业数" if redacted else "n/m：本地企业数/招引目标数", "–：未见"]
    told = sum(map(ems, [*(look.word for look in LOOKS.values()), *(each[3] for each in lines), *words]))
    fixed = 8.0 * len(LOOKS) + 12.5 * len(lines) + 3.5 * len(words)
    size, x, y = max(min(8 * POINT, (ground.room - fixed) / told), LEAST_TYPE * POINT), MARGIN, ground.bottom + 7.5
    for key, look in LOOKS.items():
        yield svg.icon(key, x + 1.5, y - 1, 2.8, look.border)
        yield svg.text(x + 4, y, look.word, size, INK)
        x += 8 + ems(look.word) * size
    for colour, thick, dashes, meaning in lines:
        stroke = {"stroke": colour, "stroke_width": thick, "stroke_dasharray": dashes}
        yield svg.element("path", d=f"M{svg.number(x)} {svg.number(y - 1)}h8", fill="none", **stroke)
        yield svg.text(x + 9, y, meaning, size, INK)
        x += 12.5 + ems(meaning) * size
    for meaning in words:
        yield svg.text(x, y, meaning, size, INK)
        x += 3.5 + ems(meaning) * size


def _foot(sheet: MapSheet, plan: FlowPlan, links: dict[str, Link], number: str, ground: _Ground) -> Iterator[str]:
    """What the data can't say and which lines are not drawn, below the legend; the page number at the right of the last line."""
    size, y = 7.2 * POINT, ground.bottom + 11.7
    room = ground.room / size - ems(number) - 2
    caveat, said = clean(sheet.caveat), "、".join(f"{links[a].name}→{links[b].name}" for a, b in plan.back)
    lines = [(line, caveat) for line in wrap(f"口径：{caveat}", room, 1 if said else 2)] if caveat else []
    lines += [(line, said) for line in wrap(f"回流与循环（未画线）：{said}。", room, 3 - len(lines))] if said else []
    for at, (words, whole) in enumerate(lines):
        yield svg.text(MARGIN, y + 3.8 * at, words, size, SECONDARY, title=whole)
    yield svg.text(ground.width - MARGIN, y + 7.6, number, size, SECONDARY, anchor="end")
