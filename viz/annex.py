"""附表: every link of a chain map with its enterprises and targets by name, on A4 pages behind the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from viz import svg
from viz.palette import INK, LINE, LOCAL, LOOKS, NAVY, SECONDARY, TARGET
from viz.sheet import Firm, Link, MapSheet
from viz.text import POINT, clean, cut, ems, escape, wrap

WIDE, TALL = 210.0, 297.0
MARGIN, HEAD, FOOT = 14.0, 34.0, 18.0
"""Margins in mm; where the table begins; what stays free below it."""

TYPE, LEADING, PAD = 7.5 * POINT, 3.5, 1.1
"""Size of the type, distance of lines, room above and below a row, in mm."""

MOST = 60
"""Names in one cell; beyond them it says how many there are."""

_SIDE = 1.2  # room left and right in a cell
_LINES = 12  # of one name
_ABSENT = ("未见", "待核", "–")


@dataclass(frozen=True)
class _Column:
    """A column: heading, width in mm."""

    name: str
    width: float

    @property
    def room(self) -> float:
        """Width for text, in em."""
        return (self.width - 2 * _SIDE) / TYPE


@dataclass(frozen=True)
class _Row:
    """A link with the lines of each of its cells."""

    link: Link
    cells: tuple[list[str], ...]

    @property
    def height(self) -> float:
        """Of the row, in mm."""
        return LEADING * max(len(lines) for lines in self.cells) + 2 * PAD


def draw_annex(sheet: MapSheet, *, before: int = 0) -> list[str]:
    """The pages as SVG texts, the same bytes from run to run; `before` pages come before them and are counted.

    A row a link, in the order of the codes; the heading of the table stands on every page. The public version has no targets.
    """
    columns = _columns(sheet)
    pages = _pages(sheet, columns)
    return [_page(sheet, columns, rows, before + at, before + len(pages)) for at, rows in enumerate(pages, start=1)]


def count_pages(sheet: MapSheet) -> int:
    """How many pages `draw_annex` makes."""
    return len(_pages(sheet, _columns(sheet)))


def _columns(sheet: MapSheet) -> tuple[_Column, ...]:
    names = [("编号", 11.0), ("产品环节", 32.0), ("状态", 19.0), ("行动", 17.0)]
    rest = WIDE - 2 * MARGIN - sum(width for _, width in names)
    firms = [("本地企业", rest)] if sheet.public else [("本地企业", rest * 0.45), ("招引目标", rest * 0.55)]
    return tuple(_Column(*each) for each in (*names, *firms))


def _row(link: Link, columns: Sequence[_Column]) -> _Row:
    firms = _names(link.firms, link.makers) or ["待核" if link.status == "unknown" and link.reason != "b" else "未见"]
    texts = [[link.code], [link.name], [link.look.word], ["、".join(link.actions) or "–"], firms]
    if len(columns) > len(texts):
        texts.append(_names(link.targets, link.wanted or 0) or ["–"])
    cells = tuple(_lines(items, column.room, bold=at == 1) for at, (items, column) in enumerate(zip(texts, columns, strict=True)))
    return _Row(link, cells)


def _names(firms: Sequence[Firm], count: int) -> list[str]:
    """The names, the first `MOST` of them; the last says how many there are where that is more."""
    shown = [firm.label for firm in firms[:MOST]]
    if shown and count > len(shown):
        shown[-1] += f" 等 {count} 家"
    return shown


def _lines(items: Sequence[str], room: float, *, bold: bool) -> list[str]:
    """Items in lines, broken between items; within one only where it is wider than a line by itself."""
    lines: list[str] = []
    for at, item in enumerate(items):
        piece = item + ("、" if at + 1 < len(items) else "")
        if lines and ems(lines[-1] + piece, bold) <= room:
            lines[-1] += piece
        else:
            lines += wrap(piece, room, _LINES, bold)
    return lines or [""]


def _pages(sheet: MapSheet, columns: Sequence[_Column]) -> list[list[_Row]]:
    """The rows of every page."""
    room = TALL - HEAD - _HEADING - FOOT
    pages: list[list[_Row]] = [[]]
    used = 0.0
    for row in (_row(link, columns) for link in sheet.links):
        if pages[-1] and used + row.height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += row.height
    return pages


_HEADING = 7.0
_FILLS = {0: SECONDARY, 4: LOCAL, 5: TARGET}


def _page(sheet: MapSheet, columns: Sequence[_Column], rows: Sequence[_Row], page: int, pages: int) -> str:
    title = f"附表　{clean(sheet.title).removesuffix('招商图谱')}环节与企业名单"
    parts = [svg.element("title", escape(title)), svg.rect(0, 0, WIDE, TALL, fill="#FFFFFF"), *_heading(sheet, title),
             *_table_head(columns), *_table(columns, rows), *_foot(sheet, page, pages)]
    return svg.drawing(parts, WIDE, TALL)


def _heading(sheet: MapSheet, title: str) -> Iterator[str]:
    stamp = sheet.stamps
    size = 8.5 * POINT
    taken = ems(stamp, True) * size + 4 if stamp else 0.0
    yield svg.text(MARGIN, 20, title, min(15 * POINT, (WIDE - 2 * MARGIN - taken) / max(ems(title, True), 1)), NAVY, bold=True)
    if stamp:
        yield svg.text(WIDE - MARGIN, 20, stamp, size, LOOKS["missing"].border, bold=True, anchor="end")
    facts = "  ｜  ".join([sheet.where, sheet.dated, *([f"编制：{clean(sheet.author)}"] if clean(sheet.author) else [])])
    small = max(min(8 * POINT, (WIDE - 2 * MARGIN) / max(ems(facts), 1)), 6.5 * POINT)
    yield svg.text(MARGIN, 27, cut(facts, (WIDE - 2 * MARGIN) / small), small, SECONDARY, title=facts)


def _table_head(columns: Sequence[_Column]) -> Iterator[str]:
    yield svg.rect(MARGIN, HEAD, WIDE - 2 * MARGIN, _HEADING, fill=NAVY)
    x = MARGIN
    for column in columns:
        yield svg.text(x + _SIDE, HEAD + _HEADING / 2 + 0.36 * TYPE, column.name, TYPE, "#FFFFFF", bold=True)
        x += column.width


def _table(columns: Sequence[_Column], rows: Sequence[_Row]) -> Iterator[str]:
    y = HEAD + _HEADING
    for row in rows:
        x = MARGIN
        for at, (column, lines) in enumerate(zip(columns, row.cells, strict=True)):
            if at == 2:
                yield from _status(row, x, y)
            else:
                yield from _cell(lines, x, y, column, bold=at == 1, fill=SECONDARY if lines[0] in _ABSENT else _FILLS.get(at, INK))
            x += column.width
        y += row.height
        yield svg.rect(MARGIN, y - 0.1, WIDE - 2 * MARGIN, 0.2, fill=LINE)


def _status(row: _Row, x: float, y: float) -> Iterator[str]:
    look, middle = row.link.look, y + PAD + LEADING / 2
    yield svg.icon(look.key, x + _SIDE + 1.3, middle, 2.6, look.border)
    yield svg.text(x + _SIDE + 3.6, middle + 0.36 * TYPE, look.word, TYPE, look.border, bold=True)


def _cell(lines: Sequence[str], x: float, y: float, column: _Column, *, bold: bool, fill: str) -> Iterator[str]:
    for at, line in enumerate(lines):
        yield svg.text(x + _SIDE, y + PAD + (at + 0.5) * LEADING + 0.36 * TYPE, cut(line, column.room, bold), TYPE, fill, bold=bold)


def _foot(sheet: MapSheet, page: int, pages: int) -> Iterator[str]:
    size, number = 6.5 * POINT, f"第 {page} / {pages} 页　A4 纵向　链谱"
    yield svg.text(WIDE - MARGIN, TALL - 8, number, size, SECONDARY, anchor="end")
    yield svg.text(MARGIN, TALL - 12, cut(f"口径：{clean(sheet.caveat) or clean(sheet.rule)}", (WIDE - 2 * MARGIN) / size), size, SECONDARY)
