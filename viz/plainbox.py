"""One link of a chain by itself as a box: how much the chain needs it, what goes into it, what it goes into; no enterprises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from viz import svg
from viz.box import BODY, CHIP_SIZES, LEAST, LINE, NAME_SIZES, ONE_LINE, PAD, SMALL, TWO_LINES, Form, Name, Pen, counted, top
from viz.palette import ALARM, INK, NAVY, SECONDARY, Look
from viz.sheet import Link
from viz.text import cut, ems

LEVELS = {
    0: Look("level0", "未定", "", "#FFFFFF", "#3E4C59", "#9AA5B1"),
    1: Look("level1", "关键度1", "", "#F0F4F8", "#243B53", "#9FB3C8"),
    2: Look("level2", "关键度2", "", "#D9E6F2", "#102A43", "#829AB1"),
    3: Look("level3", "关键度3", "", "#AECBE5", "#0A2239", "#5E88AE"),
    4: Look("level4", "关键度4", "", "#6F9FCB", "#00122B", "#2F6690"),
    5: Look("level5", "关键度5", "", "#1F4E86", "#FFFFFF", "#12335B"),
}
"""Looks by criticality, 0 where a chain file gives none; the deeper the blue, the more the chain needs it."""

PLAIN = Form("plain", 34.0, 4, 0, LEAST, 0.25)
BRIEF = Form("plain-brief", 32.0, 2, 0, LEAST, 0.3)
NAMES = Form("plain-names", 30.0, 0, 0, LEAST, 0.3)
LADDER = (PLAIN, BRIEF, NAMES)
"""Forms from the one that says most to the one that takes least room; `local` is the number of lines below the head."""

_BADGE = 2.9


@dataclass(frozen=True)
class ChainLink(Link):
    """A product in its chain.

    Attributes
    ----------
    level
        Criticality, 0 where none is given.
    ties
        What it is tied to: a sign (用←, 供→, 属 …) and the codes of the links, the most telling first.
    choking
        Whether a source names it as 卡脖子.
    owner
        The chain that defines it, empty if this one does.
    about
        Everything that a box can't hold, in words.
    """

    level: int = 0
    ties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    choking: bool = False
    owner: str = ""
    about: str = ""

    @property
    def look(self) -> Look:
        """Colours by criticality."""
        return LEVELS[self.level]


def height(link: Link, form: Form, width: float) -> float:
    """Least height of a box at a width, both in mm at scale 1."""
    head = _Head(link, form, width)
    tall = ONE_LINE if head.single else TWO_LINES
    lines = _lines(link, form)
    return tall + 0.8 + lines * LINE + (0.4 if lines else -0.8)


def draw(link: Link, form: Form, x: float, y: float, width: float, tall: float, k: float) -> str:
    """The box as a group with ``data-id``, ``data-level`` and ``data-code``; `width` and `tall` in mm at scale k."""
    pen, look = Pen(x, y, k), link.look
    owner, about = (link.owner, link.about) if isinstance(link, ChainLink) else ("", "")
    head = _Head(link, form, width / k)
    lines = _lines(link, form)
    deep = (ONE_LINE if head.single else TWO_LINES) if lines else tall / k
    body = [svg.rect(x, y, width, tall, rx=0.9 * k, fill="#FFFFFF" if lines else look.fill)]
    body += [top(pen, width / k, deep, look.fill)] if lines else []
    body += [*head.draw_head(pen, deep / 2), *_ties(pen, link, lines, deep, width / k, tall / k)]
    dashes = f"{svg.number(1.5 * k)} {svg.number(0.9 * k)}" if owner else None
    frame = svg.rect(x, y, width, tall, rx=0.9 * k, fill="none", stroke=look.border, stroke_width=0.3 * k, stroke_dasharray=dashes,
                     class_="box")
    level = str(link.level) if isinstance(link, ChainLink) else None
    return svg.group([*body, frame], about, data_id=link.product, data_level=level, data_code=link.code)


def badge(x: float, middle: float, k: float) -> str:
    """The sign of 卡脖子, its left edge at `x`."""
    size = SMALL * k
    plate = svg.rect(x, middle - 1.45 * k, _BADGE * k, 2.9 * k, rx=0.5 * k, fill="#FFFFFF", stroke=ALARM, stroke_width=0.3 * k)
    return plate + svg.text(x + _BADGE * k / 2, middle + 0.36 * size, "卡", size, ALARM, bold=True, anchor="middle")


def _lines(link: Link, form: Form) -> int:
    return min(len(link.ties) + bool(link.owner), form.local) if isinstance(link, ChainLink) else 0


def _ties(pen: Pen, link: Link, lines: int, head: float, width: float, tall: float) -> Iterator[str]:
    """A line for each kind of tie, then the chain that defines a borrowed product, in the middle of the room below the head."""
    if not isinstance(link, ChainLink):
        return
    middle = head + (tall - head - (lines - 1) * LINE) / 2
    room = (width - 2 * PAD) / BODY
    shown = [counted(sign, codes, room) for sign, codes in link.ties] + [cut(f"见 {link.owner}", room)] * bool(link.owner)
    for at, words in enumerate(shown[:lines]):
        mark, _, rest = words.partition(" ")
        yield pen.text(PAD, middle + at * LINE, mark, BODY, NAVY)
        yield pen.text(PAD + (ems(mark) + 0.35) * BODY, middle + at * LINE, rest, BODY, INK if at < 2 else SECONDARY)


class _Head(Name):
    """The head of a box: code, name, and 卡 where a source says so."""

    def __init__(self, link: Link, form: Form, width: float) -> None:
        self.width, self.choking = width, isinstance(link, ChainLink) and link.choking
        right = PAD + (_BADGE + 0.6 if self.choking else 0.0)
        left = PAD + ems(link.code) * SMALL + 1.0
        super().__init__(link, left, width - right - left, NAME_SIZES if form.local else CHIP_SIZES)

    def draw_head(self, pen: Pen, middle: float) -> Iterator[str]:
        """Everything in the head around its middle."""
        yield pen.text(PAD, middle, self.link.code, SMALL, self.link.look.text)
        yield from self.draw(pen, middle)
        if self.choking:
            yield badge(pen.x + (self.width - PAD - _BADGE) * pen.k, pen.y + middle * pen.k, pen.k)
