"""环节地区分布图: links × regions as a grid of counts, one SVG sheet; rows are the links in chain order, columns the regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chain.tables import records
from viz import svg
from viz.findings import Findings
from viz.palette import INK, LINE, LOOKS, NAVY, SECONDARY, look
from viz.regionmap import SCALE, ink, shade, steps
from viz.text import POINT, clean, cut, dated, ems, escape

MARGIN, HEAD, FOOT = 12.0, 36.0, 22.0
NAMES, CELL, ROW = 62.0, 20.0, 5.6
"""Width of the column of names, greatest width of a cell, height of a row in mm."""

MOST_COLUMNS = 24


def draw_heatmap(findings: Findings) -> str:
    """The grid as SVG text, as high as the chain needs, on the width of A3; the same bytes from run to run.

    Regions stand in order of their makers; beyond `MOST_COLUMNS` the rest is one column. A link nobody makes in the area stays empty:
    nobody seen, not nobody there.
    """
    columns = _columns(findings)
    counts = {(row["product"], row["region"]): int(row["makers"]) for row in records(findings.matrix)}
    rows = records(findings.products)
    table = [[sum(counts.get((row["product"], code), 0) for code in codes) for _, codes in columns] for row in rows]
    wide, tall = 420.0, HEAD + 8 + ROW * len(rows) + FOOT
    cell = min(CELL, (wide - 2 * MARGIN - NAMES) / max(len(columns), 1))
    parts = [
        svg.element("title", escape(f"{findings.title}环节地区分布图")), svg.element("defs", "".join(svg.hatches(0.6))),
        svg.rect(0, 0, wide, tall, fill="#FFFFFF"), *_heading(findings, wide), *_grid(rows, columns, table, cell),
        *_foot(findings, table, tall, wide),
    ]
    return svg.element(
        "svg", "\n".join(part for part in parts if part) + "\n", xmlns="http://www.w3.org/2000/svg", width=f"{wide:g}mm",
        height=f"{svg.number(tall)}mm", viewBox=f"0 0 {wide:g} {svg.number(tall)}", font_family=svg.FONTS, role="img", lang="zh-CN") + "\n"


def _columns(findings: Findings) -> list[tuple[str, list[str]]]:
    """Name and codes of every column."""
    ranked = findings.parts.sort_values(["makers", "links", "region"], ascending=[False, False, True], kind="stable")
    pairs = [(clean(name), [code]) for name, code in zip(ranked["name"], ranked["region"], strict=True)]
    if len(pairs) <= MOST_COLUMNS:
        return pairs
    rest = [code for _, codes in pairs[MOST_COLUMNS - 1:] for code in codes]
    return [*pairs[: MOST_COLUMNS - 1], (f"其余{len(rest)}地", rest)]


def _heading(findings: Findings, wide: float) -> Iterator[str]:
    title = f"{findings.title}环节地区分布图"
    size = min(24 * POINT, (wide - 2 * MARGIN - 40) / max(ems(title, True), 1))
    yield svg.text(MARGIN, 19, title, size, NAVY, bold=True)
    facts = [f"地域：{findings.area_name}", "格内为生产该环节的企业数", dated(findings.as_of)]
    facts += [f"编制：{clean(findings.author)}"] if clean(findings.author) else []
    yield svg.text(MARGIN, 27, "  ｜  ".join(facts), 9.5 * POINT, SECONDARY)
    if findings.stamp:
        yield svg.text(wide - MARGIN, 18, cut(findings.stamp, 12), 11 * POINT, LOOKS["missing"].border, bold=True, anchor="end")
    yield svg.rect(MARGIN, 31, wide - 2 * MARGIN, 0.7, fill=NAVY)


def _grid(rows: Sequence[dict[str, object]], columns: Sequence[tuple[str, list[str]]], table: list[list[int]], cell: float) -> Iterator[str]:
    limits = steps([count for line in table for count in line])
    left, top, small = MARGIN + NAMES, HEAD + 6, 7.5 * POINT
    for at, (name, _) in enumerate(columns):
        fits = min(small, (cell - 1) / max(min(ems(name), 6), 1))
        shown = cut(name, (cell - 1) / fits)
        yield svg.text(left + (at + 0.5) * cell, top - 2, shown, max(fits, 6.5 * POINT) if ems(shown) * 6.5 * POINT < cell else fits, INK,
                       anchor="middle", title=name)
    stage = ""
    for at, (row, line) in enumerate(zip(rows, table, strict=True)):
        y, shown_look = top + at * ROW, look(str(row["status"]), clean(row["reason"]))
        yield svg.icon(shown_look.key, MARGIN + 14, y + ROW / 2, 2.6, shown_look.border)
        name = clean(row["name"])
        yield svg.text(MARGIN + 17, y + 0.68 * ROW, cut(name, (NAMES - 19) / (1.1 * small)), 1.1 * small, INK, title=name)
        for spot, count in enumerate(line):
            of = shade(count, limits)
            yield svg.rect(left + spot * cell, y, cell, ROW, fill=SCALE[of], stroke=LINE, stroke_width=0.15)
            if count:
                yield svg.text(left + (spot + 0.5) * cell, y + 0.68 * ROW, str(count), small, ink(of), anchor="middle")
        if row["stage"] != stage:
            stage = clean(row["stage"])
            yield svg.rect(MARGIN, y - 0.15, NAMES + cell * len(columns), 0.35, fill=NAVY)
            yield svg.text(MARGIN, y + 0.68 * ROW, cut(stage, 4.5), small, NAVY, bold=True)


def _foot(findings: Findings, table: list[list[int]], tall: float, wide: float) -> Iterator[str]:
    empty = sum(not any(line) for line in table)
    size, y, x = 7.5 * POINT, tall - 15, MARGIN
    for key, each in LOOKS.items():
        yield svg.icon(key, x + 1.5, y - 0.9, 2.6, each.border)
        yield svg.text(x + 4, y, each.word, size, INK)
        x += 8 + ems(each.word) * size
    words = f"空格表示所载数据里未见，不等于没有；{empty} 个环节在{findings.area_name}未见。按企业注册地归地区。{findings.footing}"
    yield svg.text(MARGIN, y + 6, cut(words, (wide - 2 * MARGIN) / size), size, SECONDARY, title=words)
