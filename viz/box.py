"""One link as a box: how high it must be at a width, and the box drawn.

All measures are in mm at scale 1; a box is drawn at scale k by multiplying everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from viz import svg
from viz.flow import GAP, MARKER, Word, count_lines, flow
from viz.palette import ALARM, INK, LOCAL, SECONDARY, TARGET
from viz.sheet import Firm, Link
from viz.text import POINT, cut, ems, wrap

LEAST = 6.51 / 7.2
"""Smallest scale at which the smallest text is still legible (6.5 pt)."""

BODY = SMALL = WORD = 7.2 * POINT
NAME_SIZES = (9.5 * POINT, 8.8 * POINT, 8.2 * POINT, 7.6 * POINT)
CHIP_SIZES = (8.2 * POINT, 7.6 * POINT, 7.2 * POINT)
LEADING = 1.32
LINE = BODY * LEADING
PAD = 1.4
ONE_LINE, TWO_LINES = 5.0, 7.4
FOOT = 3.2
LABEL = 2.5
"""Width of 本地 and 招引 with the gap after them, in em of the body."""


@dataclass(frozen=True)
class Form:
    """How much a box says.

    Attributes
    ----------
    name
        rich and full name enterprises, compact counts them, chip is one line.
    width
        Least width of a box in mm at scale 1.
    local, targets
        Most lines of names that a box asks for; where it is given more height it uses more.
    least
        Smallest scale at which the text is still legible (6.5 pt).
    stretch
        How much higher than asked for a row of boxes may be made to fill a lane.
    """

    name: str
    width: float
    local: int
    targets: int
    least: float
    stretch: float

    @property
    def names(self) -> bool:
        """Whether enterprises are named."""
        return self.local > 0


RICH = Form("rich", 44.0, 6, 5, 1.15, 0.4)
FULL = Form("full", 38.0, 3, 2, LEAST, 0.4)
COMPACT = Form("compact", 34.0, 0, 0, LEAST, 0.35)
CHIP = Form("chip", 32.0, 0, 0, LEAST, 0.3)
NAMED, COUNTED = (RICH, FULL), (COMPACT, CHIP)
"""Forms that name enterprises and forms that count them, each from the one that says most to the one that takes least room."""

LADDER = NAMED + COUNTED


def height(link: Link, form: Form, width: float) -> float:
    """Least height of a box at a width, both in mm at scale 1."""
    if form is CHIP:
        return 5.2 if _ChipName(link, width).single else 6.6
    head = _Head(link, width).height
    if form is COMPACT:
        return head + 3.8
    local, targets = _lines(link, form.local, form.targets, width)
    return head + 1.0 + (local + targets) * LINE + (FOOT if link.feeds or link.actions else 0.6)


def fullest(link: Link, form: Form, width: float) -> float:
    """Height at a width at which every enterprise that is listed is named; that of other forms is what they ask for."""
    if form not in NAMED:
        return height(link, form, width)
    local, targets = _lines(link, 99, 99, width)
    return _Head(link, width).height + 1.0 + (local + targets) * LINE + (FOOT if link.feeds or link.actions else 0.6)


def least(link: Link, form: Form, width: float) -> float:
    """Height at a width below which a box can't be drawn, however little it says."""
    if not form.names:
        return height(link, form, width)
    return _Head(link, width).height + 1.0 + (1 + bool(link.targets)) * LINE + (FOOT if link.feeds or link.actions else 0.6)


def draw(link: Link, form: Form, x: float, y: float, width: float, tall: float, k: float) -> str:
    """The box as a group with ``data-id``, ``data-status`` and ``data-code``; `width` and `tall` in mm at scale k."""
    look, stroke = link.look, 0.55 if link.look.key in ("missing", "suspected") else 0.3
    pen = Pen(x, y, k)
    if form is CHIP:
        body: list[str] = [*_chip(pen, link, width / k, tall / k)]
    else:
        head = _Head(link, width / k)
        body = [svg.rect(x, y, width, tall, rx=0.9 * k, fill="#FFFFFF"), *head.draw_head(pen)]
        below = (head.height, width / k, tall / k)
        body += _counts(pen, link, *below) if form is COMPACT else _names(pen, link, form, *below)
    dashes = f"{svg.number(1.5 * k)} {svg.number(0.9 * k)}" if look.hatched else None
    frame = svg.rect(
        x, y, width, tall, rx=0.9 * k, fill="none", stroke=look.border, stroke_width=stroke * k, stroke_dasharray=dashes,
        class_="box",
    )
    return svg.group(
        [*body, frame], tooltip(link), data_id=link.product, data_status=link.status, data_reason=link.reason,
        data_code=link.code,
    )


def tooltip(link: Link) -> str:
    """Everything a box can't hold, in words."""
    look = link.look
    parts = [f"{link.code} {link.name}：{look.word}" + (f"（{link.absence}）" if link.status == "unknown" else "")]
    parts.append(f"本地 {link.makers} 家，库内共 {link.national} 家")
    if link.actions:
        parts.append("、".join(link.actions))
    for word, firms, count in (("本地", link.firms, link.makers), ("招引", link.targets, link.wanted or 0)):
        if firms:
            more = f" 等 {count} 家" if count > min(len(firms), 20) else ""
            parts.append(f"{word}：" + "、".join(firm.name for firm in firms[:20]) + more)
    return "；".join(parts)


@dataclass(frozen=True)
class Pen:
    """Draws at a corner and a scale what is given in mm at scale 1."""

    x: float
    y: float
    k: float

    def text(
        self, x: float, y: float, words: str, size: float, fill: str, *, bold: bool = False, anchor: str = "", title: str = ""
    ) -> str:
        """Words on a baseline whose middle is at `y`."""
        base = self.y + (y + 0.36 * size) * self.k
        return svg.text(self.x + x * self.k, base, words, size * self.k, fill, bold=bold, anchor=anchor, title=title)

    def rect(self, x: float, y: float, width: float, tall: float, **attributes: object) -> str:
        """A rectangle."""
        return svg.rect(self.x + x * self.k, self.y + y * self.k, width * self.k, tall * self.k, **attributes)

    def icon(self, key: str, x: float, y: float, size: float, colour: str) -> str:
        """The icon of a status."""
        return svg.icon(key, self.x + x * self.k, self.y + y * self.k, size * self.k, colour)

    def marker(self, firm: Firm, local: bool, x: float, y: float) -> str:
        """The sign before the name of an enterprise."""
        px, py, k = self.x + x * self.k, self.y + y * self.k, self.k
        if not local:
            return svg.diamond(px, py, 0.75 * k, TARGET)
        if firm.lead:
            return svg.crown(px, py, 0.95 * k, LOCAL)
        return svg.rect(px - 0.6 * k, py - 0.6 * k, 1.2 * k, 1.2 * k, fill=LOCAL)


class Name:
    """The name of a link in the room it is given: smaller, then on two lines, then cut."""

    def __init__(self, link: Link, left: float, room: float, sizes: tuple[float, ...]) -> None:
        self.link, self.left, self.room = link, left, room
        wide = ems(link.name, True)
        self.size = next((size for size in sizes if wide * size <= room), sizes[-1])
        self.single = wide * self.size <= room

    @cached_property
    def lines(self) -> list[str]:
        """The name as it is set; two lines are of like length, not one with a single character below it."""
        if self.single:
            return [self.link.name]
        room = self.room / self.size
        even = wrap(self.link.name, min(room, ems(self.link.name, True) / 2 + 1), 2, True)
        return wrap(self.link.name, room, 2, True) if even[-1].endswith("…") else even

    def draw(self, pen: Pen, middle: float) -> Iterator[str]:
        """The lines around a middle."""
        for at, line in enumerate(self.lines):
            base = middle + (at - (len(self.lines) - 1) / 2) * self.size * 1.16
            yield pen.text(self.left, base, line, self.size, self.link.look.text, bold=True)


class _ChipName(Name):
    """Name and numbers of a chip."""

    def __init__(self, link: Link, width: float) -> None:
        self.numbers = link.makers_shown + ("" if link.wanted is None else f"/{link.wanted}")
        self.right = width - PAD - 2.9 - ems(self.numbers) * SMALL
        left = PAD + ems(link.code) * SMALL + 0.9
        super().__init__(link, left, self.right - 0.9 - left, CHIP_SIZES)


class _Head(Name):
    """The coloured head of a box: code, name, icon and word."""

    def __init__(self, link: Link, width: float) -> None:
        self.width = width
        self.icon = width - PAD - ems(link.look.word) * WORD - 1.7
        left = PAD + ems(link.code) * SMALL + 1.0
        super().__init__(link, left, self.icon - 1.8 - left, NAME_SIZES)
        self.height = ONE_LINE if self.single else TWO_LINES

    def draw_head(self, pen: Pen) -> Iterator[str]:
        """The head at the top of the box."""
        look, middle = self.link.look, self.height / 2
        yield top(pen, self.width, self.height, svg.paint(look))
        if look.hatched:
            longest = max(ems(line, True) for line in self.lines) * self.size
            plate = {"rx": 0.5 * pen.k, "fill": "#FFFFFF"}
            yield pen.rect(PAD - 0.6, 0.15, self.left + longest - PAD + 1.2, self.height - 0.15, **plate)
            yield pen.rect(self.icon - 1.7, 0.15, self.width - PAD - self.icon + 2.3, self.height - 0.15, **plate)
        yield pen.text(PAD, middle, self.link.code, SMALL, look.text)
        yield from self.draw(pen, middle)
        yield pen.icon(look.key, self.icon, middle, 2.3, look.text)
        yield pen.text(self.width - PAD, middle, look.word, WORD, look.text, anchor="end")


def top(pen: Pen, width: float, tall: float, fill: str) -> str:
    """A rectangle with round upper corners only."""
    n, k, r = svg.number, pen.k, 0.9
    x, y, w, h = pen.x, pen.y, width * k, tall * k
    left = f"M{n(x)} {n(y + h)}V{n(y + r * k)}Q{n(x)} {n(y)} {n(x + r * k)} {n(y)}"
    right = f"H{n(x + w - r * k)}Q{n(x + w)} {n(y)} {n(x + w)} {n(y + r * k)}V{n(y + h)}Z"
    return svg.element("path", d=left + right, fill=fill)


def _lines(link: Link, local: int, targets: int, width: float) -> tuple[int, int]:
    """Lines that local makers (one at least) and targets take, at most `local` and `targets`."""
    room = (width - 2 * PAD) / BODY - LABEL
    own = count_lines(link.firms, room, local) if link.makers else 1
    return own, count_lines(link.targets, room, targets) if link.targets else 0


def _room(link: Link, form: Form, head: float, width: float, tall: float) -> tuple[int, int]:
    """Lines to give to local makers and targets in a box that may be higher than it asked for."""
    foot = FOOT if link.feeds or link.actions else 0.6
    free = int((tall - head - 1.0 - foot) / LINE + 1e-6)
    local, targets = _lines(link, form.local, form.targets, width)
    most = _lines(link, 99, 99, width)
    while local + targets > max(free, 1 + bool(targets)):
        local, targets = (local - 1, targets) if local >= targets else (local, targets - 1)
    while local + targets < free and (local, targets) != most:
        if targets < most[1] and (targets <= local or local == most[0]):
            targets += 1
        else:
            local += 1
    return local, targets


def _names(pen: Pen, link: Link, form: Form, head: float, width: float, tall: float) -> Iterator[str]:
    local, targets = _room(link, form, head, width, tall)
    base = head + 1.0 + LINE / 2
    yield pen.text(PAD, base, "本地", BODY, LOCAL, bold=True)
    if link.makers:
        yield from _flowed(pen, link.firms, link.makers, width, local, base, True)
    else:
        yield from _absence(pen, link, width, base)
    if targets:
        base += local * LINE
        yield pen.text(PAD, base, "招引", BODY, TARGET, bold=True)
        yield from _flowed(pen, link.targets, link.wanted or 0, width, targets, base, False)
    yield from _foot(pen, link, width, tall)


def _flowed(
    pen: Pen, firms: tuple[Firm, ...], total: int, width: float, lines: int, base: float, local: bool
) -> Iterator[str]:
    left = PAD + LABEL * BODY
    rows: list[list[Word]] = flow(firms, total, (width - PAD - left) / BODY, lines)
    for at, row in enumerate(rows):
        middle = base + at * LINE
        for word in row:
            x = left + word.at * BODY
            if word.firm is None:
                yield pen.text(x, middle, word.text, BODY, SECONDARY)
            else:
                yield pen.marker(word.firm, local, x + 0.75, middle)
                yield pen.text(x + MARKER * BODY, middle, word.text, BODY, INK if local else TARGET, title=word.firm.name)


def _absence(pen: Pen, link: Link, width: float, base: float) -> Iterator[str]:
    left = PAD + LABEL * BODY
    room = (width - PAD - left) / BODY
    words = cut(link.absence, room)
    yield pen.text(left, base, words, BODY, SECONDARY if link.status == "unknown" and link.reason != "b" else ALARM)
    more = f"库内{link.national}家"
    if link.national and ems(words) + GAP + ems(more) <= room:
        yield pen.text(left + (ems(words) + GAP) * BODY, base, more, BODY, SECONDARY)


def _foot(pen: Pen, link: Link, width: float, tall: float) -> Iterator[str]:
    """Last line: the links this one goes into, and the actions at the right."""
    middle, right = tall - 0.5 - FOOT / 2 + 0.2, width - PAD
    if link.actions:
        words = cut("·".join(link.actions), (width - 2 * PAD) * 0.6 / SMALL)
        wide = ems(words) * SMALL + 1.2
        yield pen.rect(right - wide + 0.3, middle - 1.45, wide, 2.9, rx=0.6 * pen.k, fill="#EEF2F7")
        yield pen.text(right - 0.3, middle, words, SMALL, SECONDARY, anchor="end")
        right -= wide + 1.0
    if link.feeds:
        yield pen.text(PAD, middle, feeds(link.feeds, (right - PAD) / SMALL), SMALL, SECONDARY)


def feeds(codes: tuple[str, ...], width: float) -> str:
    """``供→ 中1 中2``, the first eight at most and as many as fit into `width` em, the rest counted."""
    return counted("供→", codes, width)


def counted(sign: str, codes: tuple[str, ...], width: float) -> str:
    """A sign and the codes of links, as many as fit into `width` em and eight at most, the rest counted."""
    for count in range(min(len(codes), 8), 0, -1):
        words = f"{sign} " + " ".join(codes[:count]) + (f" 等{len(codes)}" if count < len(codes) else "")
        if ems(words) <= width:
            return words
    return cut(f"{sign} {len(codes)}个环节", width)


def _counts(pen: Pen, link: Link, head: float, width: float, tall: float) -> Iterator[str]:
    """Body of a compact box: numbers of makers and targets, and the actions where they fit."""
    middle = head + (tall - head) / 2
    left, right = PAD, width - PAD
    first = f"本地 {link.makers} 家" if link.makers else link.absence
    pieces = [(first, LOCAL if link.makers else ALARM if link.status != "unknown" or link.reason == "b" else SECONDARY)]
    if link.wanted:
        pieces.append((f"招引 {link.wanted} 家", TARGET))
    if link.actions:
        pieces.append(("·".join(link.actions), SECONDARY))
    for words, colour in pieces:
        if left + ems(words) * BODY <= right:
            yield pen.text(left, middle, words, BODY, colour)
            left += (ems(words) + 0.9) * BODY


def _chip(pen: Pen, link: Link, width: float, tall: float) -> Iterator[str]:
    """A box of one line: code, name, makers/targets, icon."""
    look, middle, name = link.look, tall / 2, _ChipName(link, width)
    yield pen.rect(0, 0, width, tall, rx=0.9 * pen.k, fill=svg.paint(look))
    if look.hatched:
        plate = {"rx": 0.5 * pen.k, "fill": "#FFFFFF"}
        longest = max(ems(line, True) for line in name.lines) * name.size
        yield pen.rect(PAD - 0.6, 0.7, name.left + longest - PAD + 1.1, tall - 1.4, **plate)
        yield pen.rect(name.right - 0.5, 0.7, width - name.right - PAD + 1.1, tall - 1.4, **plate)
    yield pen.text(PAD, middle, link.code, SMALL, look.text)
    yield from name.draw(pen, middle)
    yield pen.text(name.right, middle, name.numbers, SMALL, look.text)
    yield pen.icon(look.key, width - PAD - 1.15, middle, 2.3, look.text)
