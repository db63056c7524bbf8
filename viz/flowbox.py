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


def draw(link: Link, x: float, y: float, wide: float, tall: float, k: float = 1.0, *, redacted: bool = False) -> str:
    """The box as a group with ``data-id``, ``data-status`` and ``data-code``, all in mm; `k` enlarges its type, `redacted` leaves out targets."""
    look, name = link.look, clean(link.name)
    own = f"本地{link.makers}家" if link.makers or link.status != "unknown" else "本地未见"  # unknown is not none
    counts = own + ("" if redacted else f"　招引{len(link.targets)}家")
    room, line = wide - (_EDGE + _ICON) * k, _LINE * k
    two = ems(name, True) * SMALL * k > room and tall >= 2 * line + 0.4
    deep = tall if two or tall < LOWEST * k + line + 0.5 else tall - line - 0.5 * k
    border = {"rx": 0.7, "stroke": look.border, "stroke_width": 0.3, "stroke_dasharray": "1 0.6" if look.hatched else None}
    parts = [
        svg.rect(x, y, wide, tall, rx=0.7, fill="#FFFFFF"),
        svg.rect(x, y, wide, deep, rx=0.7, fill=GROUND if look.hatched else look.fill),
        svg.rect(x, y, wide, tall, fill="none", class_="box", **border),
        *_name(link, name, x + _EDGE * k, y + deep / 2, room, (SMALL * k, max(min(LARGE * k, 0.62 * deep), SMALL * k)), two),
        svg.icon(look.key, x + wide - 2.4 * k, y + deep / 2, min(2.6 * k, 0.7 * deep), look.text),
    ]
    if deep < tall:
        parts.append(_numbers(link, counts, x + _EDGE * k, y + (deep + tall) / 2, wide - 2 * _EDGE * k, SMALL * k, redacted))
    return svg.group(parts, f"{link.code} {name}：{look.word}，{counts}", data_id=link.product, data_status=link.status, data_code=link.code)


def _name(link: Link, name: str, x: float, middle: float, room: float, sizes: tuple[float, float], two: bool) -> Iterator[str]:
    """The name around a middle: as large as it fits on one line, else small, on two lines if there is room, else cut."""
    small, large = sizes
    size = small if two else max(min(large, room / max(ems(name, True), 1)), small)
    even = wrap(name, min(room / size, ems(name, True) / 2 + 1), 2, True) if two else [cut(name, room / size, True)]
    lines = wrap(name, room / size, 2, True) if two and even[-1].endswith("…") else even
    for at, line in enumerate(lines):
        base = middle + (at - (len(lines) - 1) / 2) * 1.14 * small + 0.36 * size
        yield svg.text(x, base, line, size, link.look.text, bold=True, title=name)


def _numbers(link: Link, counts: str, x: float, middle: float, room: float, size: float, redacted: bool) -> str:
    brief = f"本{link.makers_shown}" + ("" if redacted else f" 招{len(link.targets)}")
    shown = counts if ems(counts) * size <= room else cut(brief, room / size)
    return svg.text(x, middle + 0.36 * size, shown, size, INK)
