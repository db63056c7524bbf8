"""流程图: the links of a chain with the supply between them drawn as lines, one A3 sheet of SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from viz import flowbox, svg
from viz.flowlayout import FlowPlan, Spot, lay_out
from viz.palette import ALARM, GROUND, INK, LINE, LOOKS, NAVY, SECONDARY
from viz.sheet import Link, MapSheet
from viz.text import POINT, clean, cut, dated, ems, escape, wrap

WIDTH, HEIGHT, MARGIN = 420.0, 297.0, 9.0
TOP, BOTTOM = 46.0, 274.0
EDGE = "#627D98"
MOST_LINKS, MOST_ARCS = 80, 150
"""Beyond these the page shows the gaps and what they touch."""

_OPEN = ("missing", "suspected")


def draw_flow(sheet: MapSheet, *, redacted: bool = False, page: int = 1, pages: int = 1) -> str:
    """The flow page as SVG text, the same bytes from run to run; `page` of `pages` is printed on it.

    Every box is a group with ``data-id`` and ``data-status``. A line whose supplier nobody is known to be is dashed. Lines against the
    flow (recycling, cycles) are listed below the drawing.
    """
    links, plan = _planned(sheet.links)
    codes = {link.code: link for link in links}
    left_out = f"全链 {len(sheet.links)} 个环节，本图画 {len(links)} 个，缺口及其直接上下游优先" if len(links) < len(sheet.links) else ""
    number = f"第 {page} / {pages} 页　A3 横向　链谱"
    parts = [
        svg.element("title", escape(f"{clean(sheet.title)}（流程图）")), svg.element("defs", "".join(svg.hatches(1.0))),
        svg.rect(0, 0, WIDTH, HEIGHT, fill="#FFFFFF"), *_heading(sheet, left_out), *_body(plan, codes, redacted),
        *_foot(sheet, plan, codes, number),
    ]
    return svg.element(
        "svg", "\n".join(part for part in parts if part) + "\n", xmlns="http://www.w3.org/2000/svg", width=f"{WIDTH:g}mm",
        height=f"{HEIGHT:g}mm", viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", font_family=svg.FONTS, role="img", lang="zh-CN") + "\n"


def _planned(links: Sequence[Link]) -> tuple[list[Link], FlowPlan]:
    """What the page shows and where: fewer links where the fullest column would make the boxes too low to read."""
    for most in range(MOST_LINKS, 0, -10):
        chosen = _chosen(links, most)
        codes = {link.code for link in chosen}
        arcs = [(link.code, after) for link in chosen for after in link.feeds if after in codes]
        plan = lay_out([(link.code, link.stage) for link in chosen], arcs)
        if flowbox.SHARE * (BOTTOM - TOP) / plan.tallest >= flowbox.LOWEST:
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


def _heading(sheet: MapSheet, remark: str) -> Iterator[str]:
    title = clean(sheet.title).replace("招商图谱", "") + "流程图"
    size = min(26 * POINT, (WIDTH - 2 * MARGIN - 50) / max(ems(title, True), 1))
    yield svg.text(MARGIN, MARGIN + 9.4, title, size, NAVY, bold=True, title=sheet.title)
    facts = [f"地域：{clean(sheet.place_name)}", dated(sheet.as_of), "连线为供给关系，红色虚线的供给环节本地未见企业", remark]
    facts += [f"编制：{clean(sheet.author)}"] if clean(sheet.author) else []
    words = "  ｜  ".join(fact for fact in facts if fact)
    yield svg.text(MARGIN, MARGIN + 17, cut(words, (WIDTH - 2 * MARGIN) / (9.5 * POINT)), 9.5 * POINT, SECONDARY, title=words)
    if sheet.stamp:
        yield svg.text(WIDTH - MARGIN, MARGIN + 9, cut(clean(sheet.stamp), 12), 12 * POINT, LOOKS["missing"].border, bold=True, anchor="end")
    yield svg.rect(MARGIN, MARGIN + 20.6, WIDTH - 2 * MARGIN, 0.7, fill=NAVY)


def _body(plan: FlowPlan, links: dict[str, Link], redacted: bool) -> Iterator[str]:
    step = (WIDTH - 2 * MARGIN) / len(plan.columns)
    k = max(1.0, min(1.6, step / 64, (BOTTOM - TOP) / plan.tallest / 20))  # a short chain is drawn larger
    unit = min((BOTTOM - TOP) / plan.tallest, 15.0 * k)
    box = (min(0.72 * step, 40.0 * k), min(flowbox.SHARE * unit, 11.0 * k))
    top = TOP + (BOTTOM - TOP - unit * plan.tallest) / 2

    def middle(spot: Spot) -> tuple[float, float]:
        return MARGIN + (spot[1] + 0.5) * step, top + plan.heights[spot] * unit

    for at, (name, first, last) in enumerate(plan.stages):
        x, wide = MARGIN + first * step, (last - first + 1) * step - 1
        yield svg.rect(x, 33, wide, BOTTOM - 31, rx=0.8, fill=GROUND if at % 2 == 0 else "#FFFFFF", stroke=LINE, stroke_width=0.2)
        yield svg.rect(x, 33, wide, 8, rx=0.8, fill=NAVY)
        yield svg.text(x + wide / 2, 38.6, cut(name, wide / (13 * POINT), True), 13 * POINT, "#FFFFFF", bold=True, anchor="middle")
    for before, after in sorted(plan.steps, key=lambda piece: links[piece[0][0]].look.key in _OPEN):
        yield _line(middle(before), middle(after), box[0] / 2, links[before[0]], after, plan)
    for code, link in links.items():
        x, y = middle((code, plan.home[code]))
        yield flowbox.draw(link, x - box[0] / 2, y - box[1] / 2, *box, k, redacted=redacted)


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
    dashes = "1.6 0.9" if open_now else "0.8 0.8" if unsure else None
    drawn = svg.element("path", d=path, fill="none", stroke=colour, stroke_width=0.5 if open_now else 0.38, stroke_dasharray=dashes)
    if not ends:
        return drawn
    return drawn + svg.element("path", d=svg.outline(((x1, y1), (x1 - 1.5, y1 - 0.7), (x1 - 1.5, y1 + 0.7))), fill=colour)


def _foot(sheet: MapSheet, plan: FlowPlan, links: dict[str, Link], number: str) -> Iterator[str]:
    size, small, y, x = 8 * POINT, 7.2 * POINT, BOTTOM + 8.5, MARGIN
    for key, look in LOOKS.items():
        yield svg.icon(key, x + 1.5, y - 1, 2.8, look.border)
        yield svg.text(x + 4, y, look.word, size, INK)
        x += 9 + ems(look.word) * size
    caveat = f"口径：{clean(sheet.caveat)}" if clean(sheet.caveat) else ""
    yield svg.text(x + 3, y, cut(caveat, (WIDTH - MARGIN - x - 3) / small), small, SECONDARY, title=caveat)
    yield svg.text(WIDTH - MARGIN, y + 8.4, number, small, SECONDARY, anchor="end")
    said = "、".join(f"{links[a].name}→{links[b].name}" for a, b in plan.back)
    room = (WIDTH - 2 * MARGIN) / small - ems(number) - 2
    for at, words in enumerate(wrap(f"回流与循环（未画线）：{said}。", room, 2) if said else []):
        yield svg.text(MARGIN, y + 4.2 * (at + 1), words, small, SECONDARY, title=said)
