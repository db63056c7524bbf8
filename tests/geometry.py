"""What is wrong with a drawn page, told from the drawing itself: boxes and texts that overlap, stick out or are too small to read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from viz.text import POINT, ems

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 0.03  # mm: coordinates are rounded to a hundredth
LEAST_TYPE = 6.5 * POINT - 0.006  # sizes are rounded too

Span = tuple[float, float, float, float]


def span(node: ET.Element) -> Span:
    """Left, top, right, bottom of a rectangle or of the ink of a line of text."""
    x, y = float(node.get("x", 0)), float(node.get("y", 0))
    if node.tag == f"{SVG}rect":
        return x, y, x + float(node.get("width", 0)), y + float(node.get("height", 0))
    size = float(node.get("font-size", 0))
    width = ems(words(node), node.get("font-weight") == "700") * size
    left = {"end": x - width, "middle": x - width / 2}.get(node.get("text-anchor", ""), x)
    return left, y - 0.78 * size, left + width, y + 0.06 * size


def words(node: ET.Element) -> str:
    """What a line of text shows."""
    return (node[0].tail if len(node) else node.text) or ""


def inside(inner: Span, outer: Span) -> bool:
    """Whether one span lies within another."""
    low = all(a >= b - SLACK for a, b in zip(inner[:2], outer[:2], strict=True))
    return low and all(a <= b + SLACK for a, b in zip(inner[2:], outer[2:], strict=True))


def touching(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Pairs of spans that overlap; from left to right, so that only neighbours are compared."""
    order = sorted(range(len(spans)), key=lambda at: spans[at][0])
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if spans[other][0] > spans[one][2] - SLACK:
                break
            if spans[one][1] < spans[other][3] - SLACK and spans[other][1] < spans[one][3] - SLACK:
                yield one, other


def faults(svg: str) -> list[str]:
    """Everything on a page that a printer's eye would object to, in words."""
    root = ET.fromstring(svg)
    left, top, wide, tall = map(float, root.get("viewBox", "").split())
    paper = (left, top, left + wide, top + tall)
    boxes = {node: rect for node in root.iter(f"{SVG}g") if node.get("data-code") for rect in node.iter(f"{SVG}rect") if rect.get("class") == "box"}
    groups, frames = list(boxes), [span(rect) for rect in boxes.values()]
    codes = [node.get("data-code", "") for node in groups]
    found = [f"{code} 出界" for code, frame in zip(codes, frames, strict=True) if not inside(frame, paper)]
    found += [f"{codes[a]} 压 {codes[b]}" for a, b in touching(frames)]
    boxed: set[ET.Element] = set()
    for code, node, frame in zip(codes, groups, frames, strict=True):
        lines = list(node.iter(f"{SVG}text"))
        boxed.update(lines)
        spans = [span(line) for line in lines]
        found += [f"{code}：{words(line)} 出框" for line, one in zip(lines, spans, strict=True) if not inside(one, frame)]
        found += [f"{code}：{words(lines[a])} 压 {words(lines[b])}" for a, b in touching(spans)]
    around = [node for node in root.iter(f"{SVG}text") if node not in boxed]
    spans = [span(node) for node in around]
    found += [f"{words(node)} 出纸" for node, one in zip(around, spans, strict=True) if not inside(one, paper)]
    names = [*map(words, around), *codes]
    found += [f"{names[a]} 压 {names[b]}" for a, b in touching([*spans, *frames]) if a < len(around) or b < len(around)]
    found += [f"{words(node)} 小于 6.5 磅" for node in root.iter(f"{SVG}text") if float(node.get("font-size", 0)) < LEAST_TYPE]
    return found
