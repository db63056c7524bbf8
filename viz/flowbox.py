"""One link as a box of the flow page: its name on one line or two, and its numbers where there is room for both."""

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

LARGE, SMALL = 8.5 * POINT, 6.6 * POINT
"""Largest and smallest type."""

_LINE = 1.14 * SMALL
_EDGE, _ICON = 1.2, 4.4
"""Room at the left of a name, and at its right for the icon."""


def draw(link: Link, x: float, y: float, wide: float, tall: float, *, redacted: bool = False) -> str:
    """The box as a group with ``data-id``, ``data-status`` and ``data-code``, all in mm; `redacted` leaves out targets."""
    look, name = link.look, clean(link.name)
    counts = f"本地{link.makers}家" + ("" if redacted else f"　招引{len(link.targets)}家")
    room = wide - _EDGE - _ICON
    two = ems(name, True) * SMALL > room and tall >= 2 * _LINE + 0.4
    deep = tall if two or tall < LOWEST + _LINE + 0.5 else tall - _LINE - 0.5
    border = {"rx": 0.7, "stroke": look.border, "stroke_width": 0.3, "stroke_dasharray": "1 0.6" if look.hatched else None}
    parts = [
        svg.rect(x, y, wide, tall, rx=0.7, fill="#FFFFFF"),
        svg.rect(x, y, wide, deep, rx=0.7, fill=GROUND if look.hatched else look.fill),
        svg.rect(x, y, wide, tall, fill="none", class_="box", **border),
        *_name(link, name, x + _EDGE, y + deep / 2, room, min(LARGE, 0.62 * deep), two),
        svg.icon(look.key, x + wide - 2.4, y + deep / 2, min(2.6, 0.7 * deep), look.text),
    ]
    if deep < tall:
        parts.append(_numbers(link, counts, x + _EDGE, y + (deep + tall) / 2, wide - 2 * _EDGE, redacted))
    return svg.group(parts, f"{link.code} {name}：{look.word}，{counts}", data_id=link.product, data_status=link.status, data_code=link.code)


def _name(link: Link, name: str, x: float, middle: float, room: float, largest: float, two: bool) -> Iterator[str]:
    """The name around a middle: as large as it fits on one line, else small, on two lines if there is room, else cut."""
    size = SMALL if two else max(min(largest, room / max(ems(name, True), 1)), SMALL)
    even = wrap(name, min(room / size, ems(name, True) / 2 + 1), 2, True) if two else [cut(name, room / size, True)]
    lines = wrap(name, room / size, 2, True) if two and even[-1].endswith("…") else even
    for at, line in enumerate(lines):
        base = middle + (at - (len(lines) - 1) / 2) * _LINE + 0.36 * size
        yield svg.text(x, base, line, size, link.look.text, bold=True, title=name)


def _numbers(link: Link, counts: str, x: float, middle: float, room: float, redacted: bool) -> str:
    brief = f"本{link.makers}" + ("" if redacted else f" 招{len(link.targets)}")
    shown = counts if ems(counts) * SMALL <= room else cut(brief, room / SMALL)
    return svg.text(x, middle + 0.36 * SMALL, shown, SMALL, INK)
