"""SVG elements as text: numbers rounded, all text cleaned and escaped, icons as paths.

Only presentation attributes are used, no style sheet and no script, so that a drawing passes a strict content policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import cos, pi, sin

from viz.palette import LOOKS, Look
from viz.text import clean, covered, ems, escape

FONTS = (
    "'Lianpu Sans','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
)


def number(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> number(3.0), number(-0.001), number(2.345)
    ('3', '0', '2.35')
    """
    text = f"{value + 1e-9:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def size_of(drawing: str) -> tuple[float, float]:
    """Width and height in mm that one of our drawings says it has.

    >>> size_of('<svg xmlns="http://www.w3.org/2000/svg" width="420mm" height="297mm"/>')
    (420.0, 297.0)
    """
    wide, tall = (re.search(rf'{side}="([\d.]+)mm"', drawing[: drawing.index(">")]) for side in ("width", "height"))
    return (float(wide[1]), float(tall[1])) if wide and tall else (420.0, 297.0)


def element(tag: str, content: str | None = None, /, **attributes: object) -> str:
    """One element; ``_`` in attribute names stands for ``-``, None and empty attributes are left out."""
    parts = [tag]
    for name, value in attributes.items():
        if value is not None and value != "":
            shown = number(value) if isinstance(value, float) else str(value)
            parts.append(f'{name.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    head = " ".join(parts)
    return f"<{head}/>" if content is None else f"<{head}>{content}</{tag}>"


def drawing(parts: Iterable[str], width: float, height: float, *, view: tuple[float, float] | None = None, **attributes: object) -> str:
    """The ``svg`` element of a page, one part a line; sizes in mm, `view` in units of the drawing where these are no mm."""
    across, down = view or (width, height)
    return element(
        "svg", "\n".join(part for part in parts if part) + "\n", xmlns="http://www.w3.org/2000/svg", width=f"{number(width)}mm",
        height=f"{number(height)}mm", viewBox=f"0 0 {number(across)} {number(down)}", font_family=FONTS, role="img", **attributes,
        lang="zh-CN") + "\n"


def rect(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """A rectangle."""
    return element("rect", x=float(x), y=float(y), width=float(width), height=float(height), **attributes)


def text(
    x: float, y: float, words: str, size: float, fill: str, *, bold: bool = False, anchor: str = "", title: str = ""
) -> str:
    """Words on a baseline at `y`, `size` in mm; `title` is the full text where the words were cut.

    Characters that the measured font lacks may come out wider from another font: then the width is fixed.
    """
    shown = clean(words)
    if not shown:
        return ""
    fixed = None if covered(shown) else float(ems(shown, bold) * size)
    content = (element("title", escape(clean(title))) if title and title != words else "") + escape(shown)
    return element(
        "text", content, x=float(x), y=float(y), font_size=float(size), font_weight="700" if bold else None, fill=fill,
        text_anchor=anchor, textLength=fixed, lengthAdjust="spacingAndGlyphs" if fixed else None,
    )


def group(parts: Iterable[str], title: str = "", **attributes: object) -> str:
    """A group, one child a line."""
    head = [element("title", escape(clean(title)))] if title else []
    return element("g", "\n" + "\n".join(part for part in (*head, *parts) if part) + "\n", **attributes)


def icon(key: str, x: float, y: float, size: float, colour: str) -> str:
    """The icon of a status, `size` wide, its centre at `x`, `y`: star, disc, half disc, ring, broken ring, question mark."""
    r, stroke = 0.42 * size, 0.15 * size
    ring = {"fill": "none", "stroke": colour, "stroke_width": stroke}
    if key == "strong":
        return star(x, y, 0.56 * size, colour)
    if key == "covered":
        return element("circle", cx=float(x), cy=float(y), r=0.48 * size, fill=colour)
    circle = {"cx": float(x), "cy": float(y), "r": r}
    if key == "weak":
        half = f"M{number(x)} {number(y - r)}A{number(r)} {number(r)} 0 0 0 {number(x)} {number(y + r)}Z"
        return element("circle", **circle, **ring) + element("path", d=half, fill=colour)
    if key == "suspected":
        return element("circle", **circle, **ring, stroke_dasharray=f"{r * pi / 6:.3f} {r * pi / 6:.3f}")
    if key == "unknown":
        a, b = 0.24 * size, 0.2 * size
        hook = f"M{number(x - a)} {number(y - b)}a{number(a)} {number(a)} 0 1 1 {number(a * 1.5)} {number(a * 0.86)}"
        hook += f"q{number(-a / 2)} {number(a * 0.3)} {number(-a / 2)} {number(a * 0.9)}"
        dot = element("circle", cx=float(x), cy=y + 0.44 * size, r=0.1 * size, fill=colour)
        return element("path", d=hook, **ring, stroke_linecap="round") + dot
    return element("circle", **circle, **ring)


def star(x: float, y: float, radius: float, colour: str) -> str:
    """A five-pointed star."""
    points = [
        (x + length * sin(turn * pi / 5), y - length * cos(turn * pi / 5))
        for turn in range(10) for length in [radius if turn % 2 == 0 else radius * 0.45]
    ]
    return element("path", d=outline(points), fill=colour)


def crown(x: float, y: float, radius: float, colour: str) -> str:
    """A crown of three points, for who leads a chain."""
    points = ((-1, 0.75), (-1, -0.6), (-0.45, 0.05), (0, -0.9), (0.45, 0.05), (1, -0.6), (1, 0.75))
    return element("path", d=outline((x + across * radius, y + down * radius) for across, down in points), fill=colour)


def outline(points: Iterable[tuple[float, float]]) -> str:
    """Path data of a closed outline."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def diamond(x: float, y: float, radius: float, colour: str) -> str:
    """An open diamond."""
    corners = ((x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius))
    return element("path", d=outline(corners), fill="none", stroke=colour, stroke_width=0.24 * radius)


def hatches(scale: float) -> Iterator[str]:
    """The hatch patterns, one for every hatched look, as ``lp-hatch-KEY``."""
    step = 2.2 * scale
    for look in LOOKS.values():
        if look.hatched:
            line = element("path", d=f"M0 0V{number(step)}", stroke=look.tint, stroke_width=0.7 * step)
            yield element(
                "pattern", rect(0, 0, step, step, fill="#FFFFFF") + line, id=f"lp-hatch-{look.key}", width=step, height=step,
                patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
            )


def paint(look: Look) -> str:
    """What to fill a box of a look with."""
    return f"url(#lp-hatch-{look.key})" if look.hatched else look.fill
