"""环节地区分布图: links × regions as a grid of counts, one SVG sheet; rows are the links in chain order, columns the regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chain.tables import records
from viz import svg
from viz.findings import Findings
from viz.palette import INK, LINE, LOOKS, NAVY, SECONDARY, look
from viz.regionmap import SCALE, ink, shade, steps
from viz.text import POINT, clean, cut, dated, ems, escape

MARGIN, HEAD, FOOT = 12.0, 36.0, 22.0
WIDE, TALL, GAP = 420.0, 297.0, 8.0
NAMES, CELL, ROW, LEAST_ROW = 62.0, 28.0, 7.0, 3.6
"""Width of the column of names, greatest width of a cell, greatest and least height of a row in mm."""

MOST_COLUMNS = 24


def draw_heatmap(findings: Findings) -> str:
    """The grid as SVG text, a sheet of A3, higher only where a chain needs it; the same bytes from run to run.

    Regions stand in order of their makers; beyond `MOST_COLUMNS` the rest is one column. A link nobody makes in the area stays empty:
    nobody seen, not nobody there.
    """
    columns = _columns(findings)
    counts = {(row["product"], row["region"]): int(row["makers"]) for row in records(findings.matrix)}
    rows = records(findings.products)
    table = [[sum(counts.get((row["product"], code), 0) for code in codes) for _, codes in columns] for row in rows]
    plan = _plan(len(rows), len(columns))
    parts = [
        svg.element("title", escape(f"{findings.title}环节地区分布图")), svg.element("defs", "".join(svg.hatches(0.6))),
        svg.rect(0, 0, WIDE, plan.tall, fill="#FFFFFF"), *_heading(findings, WIDE), *_blocks(rows, columns, table, plan),
        *_foot(findings, table, plan.tall, WIDE),
    ]
    return svg.drawing(parts, WIDE, plan.tall)


@dataclass(frozen=True)
class _Plan:
    """Height of the sheet; blocks of rows side by side; rows a block; height of a row; width of a cell; from block to block."""

    tall: float
    rows: int
    row: float
    cell: float
    step: float


def _plan(rows: int, columns: int) -> _Plan:
    """One block, or two with lower rows where the links need them; a sheet of A3, higher only for a chain that does not fit."""
    room, wide = TALL - HEAD - 8 - FOOT, WIDE - 2 * MARGIN
    blocks = 1 if rows * LEAST_ROW * 1.2 <= room else 2
    each = -(-rows // blocks)
    step = (wide + GAP) / blocks
    row = min(max(room / max(each, 1), LEAST_ROW), ROW)
    return _Plan(max(TALL, HEAD + 8 + row * each + FOOT), each, row, min(CELL, (step - GAP - NAMES) / max(columns, 1)), step)


def _blocks(
    rows: Sequence[dict[str, object]], columns: Sequence[tuple[str, list[str]]], table: list[list[int]], plan: _Plan
) -> Iterator[str]:
    limits = steps([count for line in table for count in line])
    for at in range(0, len(rows), plan.rows):
        left = MARGIN + at // plan.rows * plan.step
        yield from _grid(rows[at : at + plan.rows], columns, table[at : at + plan.rows], plan, left, limits)


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


def _grid(
    rows: Sequence[dict[str, object]], columns: Sequence[tuple[str, list[str]]], table: list[list[int]], plan: _Plan, start: float,
    limits: Sequence[int],
) -> Iterator[str]:
    left, top, small, cell, tall = start + NAMES, HEAD + 6, max(min(7.5 * POINT, 0.66 * plan.row), 6.5 * POINT), plan.cell, plan.row
    for at, (name, _) in enumerate(columns):
        yield _column_head(name, left + (at + 0.5) * cell, top - 2, cell)
    stage = ""
    for at, (row, line) in enumerate(zip(rows, table, strict=True)):
        y, shown_look = top + at * tall, look(str(row["status"]), clean(row["reason"]))
        yield svg.icon(shown_look.key, start + 14, y + tall / 2, min(2.6, 0.7 * tall), shown_look.border)
        name = clean(row["name"])
        yield svg.text(start + 17, y + tall / 2 + 0.36 * small, cut(name, (NAMES - 19) / small), small, INK, title=name)
        for spot, count in enumerate(line):
            of = shade(count, limits)
            yield svg.rect(left + spot * cell, y, cell, tall, fill=SCALE[of], stroke=LINE, stroke_width=0.15)
            if count:
                yield svg.text(left + (spot + 0.5) * cell, y + tall / 2 + 0.36 * small, str(count), small, ink(of), anchor="middle")
        if row["stage"] != stage:
            stage = clean(row["stage"])
            yield svg.rect(start, y - 0.15, NAMES + cell * len(columns), 0.35, fill=NAVY)
            yield svg.text(start, y + tall / 2 + 0.36 * small, cut(stage, 12 / small), small, NAVY, bold=True)


def _column_head(name: str, middle: float, y: float, cell: float) -> str:
    """The name of a region over its column: whole, without 市 or 县, or cut."""
    for size in (7.5 * POINT, 6.5 * POINT):
        for shown in (name, name[:-1] if len(name) > 2 and name[-1] in "省市县区" else name):
            if ems(shown) * size <= cell - 0.6:
                return svg.text(middle, y, shown, size, INK, anchor="middle", title=name)
    return svg.text(middle, y, cut(name, (cell - 0.6) / (6.5 * POINT)), 6.5 * POINT, INK, anchor="middle", title=name)


def _foot(findings: Findings, table: list[list[int]], tall: float, wide: float) -> Iterator[str]:
    empty = sum(not any(line) for line in table)
    size, y, x = 7.5 * POINT, tall - 15, MARGIN
    for key, each in LOOKS.items():
        yield svg.icon(key, x + 1.5, y - 0.9, 2.6, each.border)
        yield svg.text(x + 4, y, each.word, size, INK)
        x += 8 + ems(each.word) * size
    words = f"空格表示所载数据里未见，不等于没有；{empty} 个环节在{findings.area_name}未见。按企业注册地归地区。{findings.footing}"
    yield svg.text(MARGIN, y + 6, cut(words, (wide - 2 * MARGIN) / size), size, SECONDARY, title=words)
