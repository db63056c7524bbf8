"""The overview of a chain too large for one page: one box a segment with its numbers by status and the gaps by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from viz import layout, svg
from viz.box import BODY, LEAST, LINE, NAME_SIZES, ONE_LINE, PAD, SMALL, TWO_LINES, Form, Name, Pen, top
from viz.layout import Area, Plan
from viz.palette import INK, LOOKS, NAVY, SECONDARY, Look
from viz.palette import LINE as HAIRLINE
from viz.sheet import Lane, Link, Segment
from viz.text import cut, ems

SEGMENTS = Form("segments", 40.0, 0, 0, LEAST, 0.5)

_LOOK = Look("segment", "", "", "#E4EBF3", NAVY, "#829AB1")
SHORT = {"missing": "缺", "suspected": "疑", "weak": "弱", "unknown": "核", "covered": "具", "strong": "优"}
"""Words of one character for places where the full ones don't fit."""

_OPEN = ("missing", "suspected", "weak")


@dataclass(frozen=True)
class SegmentLink(Link):
    """A segment in the place of a link; its links stand in `inside`."""

    inside: tuple[Link, ...] = ()

    @property
    def look(self) -> Look:
        """Neutral colours: a segment has no status."""
        return _LOOK


def plan(lanes: Sequence[Lane], area: Area) -> Plan:
    """The segments of a chain laid out in an area.

    Raises
    ------
    OutputError
        If not even the segments fit.
    """
    return layout.plan(folded(lanes), area, largest=1.3, ladder=(SEGMENTS,), height=height)


def folded(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """The lanes with one link a segment."""
    return tuple(Lane(lane.name, lane.description, (Segment("", tuple(_link(each) for each in lane.segments)),)) for lane in lanes)


def unfolded(links: Sequence[Link]) -> tuple[Link, ...]:
    """The links themselves where segments stand for them."""
    return tuple(each for link in links for each in (link.inside if isinstance(link, SegmentLink) else (link,)))


def _link(segment: Segment) -> SegmentLink:
    first, last = segment.links[0], segment.links[-1]
    start = next((at for at, sign in enumerate(last.code) if sign.isdigit()), 0)
    code = first.code if first is last else f"{first.code}–{last.code[start:]}"
    return SegmentLink(
        product=f"{first.stage}/{segment.name}", code=code, name=segment.name or first.stage, stage=first.stage, segment=segment.name,
        status="unknown", reason="", makers=sum(link.makers for link in segment.links), national=0, actions=(), firms=(), targets=(),
        feeds=(), inside=segment.links)


def height(link: Link, form: Form, width: float) -> float:
    """Least height of the box of a segment at a width, both in mm at scale 1."""
    return _head(link, width)[1] + 3.2 + LINE * (2 if _named(link) else 1) + 0.5


def draw(link: Link, form: Form, x: float, y: float, width: float, tall: float, k: float) -> str:
    """The box as a group with ``data-segment`` and ``data-code``: head, bar of statuses, numbers, names of gaps."""
    pen, wide = Pen(x, y, k), width / k
    name, deep = _head(link, wide)
    inside = link.inside if isinstance(link, SegmentLink) else ()
    total = f"{len(inside)}个环节"
    body = [
        svg.rect(x, y, width, tall, rx=0.9 * k, fill="#FFFFFF"), top(pen, wide, deep, link.look.fill),
        pen.text(PAD, deep / 2, link.code, SMALL, link.look.text), *name.draw(pen, deep / 2),
        pen.text(wide - PAD, deep / 2, total, SMALL, link.look.text, anchor="end"),
        *_bar(pen, inside, deep + 1.0, wide), *_numbers(pen, inside, deep + 3.2 + LINE / 2, wide),
        *_gaps(pen, link, deep + 3.2 + LINE, wide, tall / k),
        svg.rect(x, y, width, tall, rx=0.9 * k, fill="none", stroke=link.look.border, stroke_width=0.3 * k, class_="box"),
    ]
    return svg.group(body, f"{link.code} {link.name}：" + "、".join(each.name for each in inside), data_segment=link.name, data_code=link.code)


def _head(link: Link, width: float) -> tuple[Name, float]:
    inside = link.inside if isinstance(link, SegmentLink) else ()
    left = PAD + ems(link.code) * SMALL + 1.0
    room = width - PAD - ems(f"{len(inside)}个环节") * SMALL - 1.2 - left
    name = Name(link, left, room, NAME_SIZES)
    return name, ONE_LINE if name.single else TWO_LINES


def _bar(pen: Pen, inside: Sequence[Link], y: float, width: float) -> Iterator[str]:
    counts, x, whole = Counter(link.look.key for link in inside), PAD, width - 2 * PAD
    for key, look in LOOKS.items():
        wide = whole * counts[key] / max(len(inside), 1)
        if wide:
            yield pen.rect(x, y, wide, 1.6, fill=svg.paint(look))
            x += wide
    yield pen.rect(PAD, y, whole, 1.6, fill="none", stroke=HAIRLINE, stroke_width=0.2 * pen.k)


def _numbers(pen: Pen, inside: Sequence[Link], middle: float, width: float) -> Iterator[str]:
    """How many links have which status, in short words where the full ones don't fit."""
    counts, x = Counter(link.look.key for link in inside), PAD
    keys = [key for key in ("missing", "suspected", "weak", "unknown", "covered", "strong") if counts[key]]
    spelled = [[f"{word(key)}{counts[key]}" for key in keys] for word in (lambda key: LOOKS[key].word, SHORT.__getitem__)]
    fitting = sum(2.7 + ems(words) * BODY + 1.4 for words in spelled[0]) - 1.4 <= width - 2 * PAD
    for key, words in zip(keys, spelled[0 if fitting else 1], strict=True):
        wide = 2.7 + ems(words) * BODY
        if x + wide <= width - PAD + 0.01:
            yield pen.icon(key, x + 1.2, middle, 2.1, LOOKS[key].border)
            yield pen.text(x + 2.7, middle, words, BODY, INK)
            x += wide + 1.4


def _named(link: Link) -> list[str]:
    """Names of the gaps of a segment, the worst first."""
    inside = link.inside if isinstance(link, SegmentLink) else ()
    return [each.name for key in _OPEN for each in inside if each.look.key == key]


def _gaps(pen: Pen, link: Link, y: float, width: float, tall: float) -> Iterator[str]:
    """Names of gaps in the lines that are left; those that don't fit are counted."""
    names, room = _named(link), (width - 2 * PAD) / BODY
    lines = int((tall - 0.4 - y) / LINE + 1e-6)
    at = 0
    for line in range(min(lines, len(names))):
        if at >= len(names):
            return
        row, more = names[at], at + 1
        while more < len(names) and ems(f"{row}、{names[more]}") + 4 <= room:
            row, more = f"{row}、{names[more]}", more + 1
        last = line == lines - 1 and more < len(names)
        tail = f" 等{len(names)}个" if last else ""
        yield pen.text(PAD, y + (line + 0.5) * LINE, cut(row, room - ems(tail)) + tail, BODY, SECONDARY)
        at = more
