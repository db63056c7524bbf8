"""One link as a box of the flow page: code, name on one line or two, status, and how many makers and targets there are."""

from __future__ import annotations

from collections.abc import Iterator

from viz import svg
from viz.palette import GROUND, INK
from viz.sheet import Link
from viz.text import POINT, clean, cut, ems, wrap

SHARE = 0.8
"""Height of a box, of that of the row it stands in."""

LOWEST = 3.5
"""Height in mm of the lowest box that still holds a line."""

NARROW, DEEP = 24.0, 7.0
"""Width in mm below which code, name and numbers do not fit on one line, and the height that such a box must have for two."""

LARGE, SMALL = 8.5 * POINT, 6.6 * POINT
"""Largest and smallest type."""

_LINE = 1.14 * SMALL
_EDGE, _ICON = 1.2, 4.4
"""Room at the left of a name, and at its right for the icon."""

_GAP = 0.4
"""Between code and name, and between code and numbers, in em."""


def draw(link: Link, x: float, y: float, wide: float, tall: float, k: float = 1.0, *, redacted: bool = False) -> str:
    """The box as a group with ``data-id``, ``data-status`` and ``data-code``, all in mm; `k` enlarges its type, `redacted` leaves out targets.

    Code and numbers stand on a line of their own below the name; where the box is too low for one, the code stands before the name and the
    numbers at the icon, so that no box is without them.
    """
    look, box = link.look, _Box(link, wide, tall, k, redacted)
    border = {"rx": 0.7, "stroke": look.border, "stroke_width": 0.3, "stroke_dasharray": "1 0.6" if look.hatched else None}
    parts = [
        svg.rect(x, y, wide, tall, rx=0.7, fill="#FFFFFF"),
        svg.rect(x, y, wide, box.deep, rx=0.7, fill=GROUND if look.hatched else look.fill),
        svg.rect(x, y, wide, tall, fill="none", class_="box", **border), *box.inside(x, y),
    ]
    return svg.group(parts, f"{link.code} {box.name}：{look.word}，{box.counts}", data_id=link.product, data_status=link.status,
                     data_code=link.code)


def numbers(link: Link, redacted: bool) -> str:
    """``n/m``: makers and targets; makers alone in a public version."""
    return link.makers_shown + ("" if redacted else f"/{link.wanted or 0}")


class _Box:
    """What stands where in a box of a size."""

    def __init__(self, link: Link, wide: float, tall: float, k: float, redacted: bool) -> None:
        self.link, self.wide, self.tall, self.k, self.name = link, wide, tall, k, clean(link.name)
        own = f"本地{link.makers}家" if link.makers or link.status != "unknown" else "本地未见"  # unknown is not none
        self.counts = own + ("" if redacted else f"　招引{link.wanted or 0}家")
        self.brief = numbers(link, redacted)
        self.size, line = SMALL * k, _LINE * k
        longer = ems(self.name, True) * self.size > wide - (_EDGE + _ICON) * k
        three = longer and wide >= NARROW * k  # a narrow box is better off with its name cut on one line
        self.below = tall >= (3 * line + 0.9 * k if three else LOWEST * k + line + 0.5)
        self.deep = tall - line - 0.5 * k if self.below else tall
        self.lines = 2 if self.deep >= 2 * line + 0.4 else 1

    def inside(self, x: float, y: float) -> Iterator[str]:
        """The words and the icon of a box whose corner is at `x`, `y`."""
        look, k, size, middle, right = self.link.look, self.k, self.size, y + self.deep / 2, x + self.wide
        start, icon = x + _EDGE * k, min(2.6 * k, 0.7 * self.deep)
        if self.below:
            yield from self._name(start, middle, right - _ICON * k - start)
            yield svg.icon(look.key, right - 2.4 * k, middle, icon, look.text)
            yield from self._foot(start, y + (self.deep + self.tall) / 2 + 0.36 * size, right - 0.6 * k)
            return
        yield svg.text(start, middle + 0.36 * size - (self.lines - 1) * _LINE * k / 2, self.link.code, size, look.text)
        left, wide = start + (ems(self.link.code) + _GAP) * size, ems(self.brief) * size
        if self.lines == 2:  # the numbers under the icon
            column = max(wide, icon)
            yield svg.icon(look.key, right - _EDGE * k - column / 2, middle - _LINE * k / 2, min(icon, 0.9 * _LINE * k), look.text)
            yield svg.text(right - _EDGE * k, middle + _LINE * k / 2 + 0.36 * size, self.brief, size, look.text, anchor="end")
        else:
            column = wide + icon + 0.6 * k
            yield svg.icon(look.key, right - _EDGE * k - icon / 2, middle, icon, look.text)
            yield svg.text(right - _EDGE * k - icon - 0.6 * k, middle + 0.36 * size, self.brief, size, look.text, anchor="end")
        yield from self._name(left, middle, right - _EDGE * k - column - 0.8 * k - left)

    def _name(self, x: float, middle: float, room: float) -> Iterator[str]:
        """The name around a middle: as large as it fits on one line, else small, on two lines if there is room, else cut."""
        two = self.lines == 2 and ems(self.name, True) * self.size > room
        large = max(min(LARGE * self.k, 0.62 * self.deep), self.size)
        size = self.size if two else max(min(large, room / max(ems(self.name, True), 1)), self.size)
        even = wrap(self.name, min(room / size, ems(self.name, True) / 2 + 1), 2, True) if two else [cut(self.name, room / size, True)]
        lines = wrap(self.name, room / size, 2, True) if two and even[-1].endswith("…") else even
        for at, line in enumerate(lines):
            base = middle + (at - (len(lines) - 1) / 2) * _LINE * self.k + 0.36 * size
            yield svg.text(x, base, line, size, self.link.look.text, bold=True, title=self.name)

    def _foot(self, left: float, base: float, right: float) -> Iterator[str]:
        """Code and numbers, these in words where there is room."""
        yield svg.text(left, base, self.link.code, self.size, INK, bold=True)
        left += (ems(self.link.code, True) + _GAP) * self.size
        room = (right - left) / self.size + 0.01
        shown = next((words for words in (self.counts, self.brief) if ems(words) <= room), "")  # half a number would be a wrong one
        yield svg.text(left, base, shown, self.size, INK)
