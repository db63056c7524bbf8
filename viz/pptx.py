"""Slides with editable shapes: text, boxes, tables, outlines; the same bytes from run to run.

Sizes are in points on a page of 960 × 540. Texts are put in as texts; nothing in them can become a link.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from viz.files import write_whole
from viz.ooxml import set_properties, settled
from viz.palette import INK, LINE, NAVY, SECONDARY, Look, look_of_word
from viz.text import clean, cut, ems

WIDE, TALL, EDGE = 960.0, 540.0, 30.0
FONT = "微软雅黑"


TIGHT = 0.92
"""Share of a cell that words may take: programs put room between Chinese and Latin, each its own."""


class Deck:
    """A presentation being drawn, slide by slide."""

    def __init__(self, title: str, *, stamp: str = "", foot: str = "") -> None:
        from pptx import Presentation
        from pptx.util import Pt

        self.title, self.stamp, self.foot = clean(title), clean(stamp), clean(foot)
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Pt(WIDE), Pt(TALL)
        self._page: Any = None
        self._pages = 0

    def slide(self, heading: str = "", remark: str = "") -> None:
        """Begins a slide with a heading, a line under it and the page number at its foot; without a heading it is empty."""
        self._page = self._deck.slides.add_slide(self._deck.slide_layouts[6])
        self._pages += 1
        if heading:
            self.box(0, 0, WIDE, 52, fill=NAVY)
            room = WIDE - 2 * EDGE - 110
            size = max(min(24.0, room / max(ems(clean(heading), True), 1)), 12.0)
            self.text(EDGE, 8, room, 36, cut(clean(heading), room / size, True), size, "#FFFFFF", bold=True)
            self.text(EDGE, TALL - 24, WIDE - 2 * EDGE - 60, 18, self.foot, 9, SECONDARY)
            self.text(WIDE - EDGE - 60, TALL - 24, 60, 18, str(self._pages), 9, SECONDARY, align=3)
        if remark:
            self.text(EDGE, 56, WIDE - 2 * EDGE, 22, remark, 11, SECONDARY)
        if self.stamp:
            light = bool(heading)
            edge = "#FFFFFF" if light else "#7A2206"
            self.box(WIDE - EDGE - 96, 12, 96, 28, self.stamp, 14, edge, line=edge, bold=True)

    def box(self, x: float, y: float, wide: float, tall: float, words: str = "", size: float = 12, ink: str = INK, *, fill: str = "",
            line: str = "", bold: bool = False, dashed: bool = False, rounded: bool = False, align: int = 2) -> None:
        """A rectangle with words in its middle; `align` is 1 left, 2 centre, 3 right."""
        from pptx.enum.dml import MSO_LINE_DASH_STYLE
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Pt

        kind = MSO_SHAPE.ROUNDED_RECTANGLE if rounded else MSO_SHAPE.RECTANGLE
        shape = self._page.shapes.add_shape(kind, Pt(x), Pt(y), Pt(max(wide, 0.1)), Pt(max(tall, 0.1)))
        if rounded:
            shape.adjustments[0] = min(0.5, 4 / max(min(wide, tall), 1))
        _paint(shape, fill, line)
        if dashed:
            shape.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        self._words(shape, [(words, size, bold)] if words else [], ink, align, 4)

    def labelled(self, x: float, y: float, wide: float, tall: float, lines: Sequence[tuple[str, float, bool]], ink: str, *,
                 fill: str, line: str, dashed: bool = False) -> None:
        """A rounded box with several lines of text, each with its size and weight."""
        self.box(x, y, wide, tall, fill=fill, line=line, dashed=dashed, rounded=True)
        self._words(self._page.shapes[-1], lines, ink, 1, 5)

    def text(self, x: float, y: float, wide: float, tall: float, words: str, size: float, ink: str = INK, *, bold: bool = False,
             align: int = 1) -> None:
        """Words without a frame."""
        from pptx.util import Pt

        shape = self._page.shapes.add_textbox(Pt(x), Pt(y), Pt(wide), Pt(tall))
        self._words(shape, [(words, size, bold)], ink, align, 0)

    def outline(self, points: Sequence[tuple[float, float]], fill: str, line: str) -> None:
        """A free outline, such as a region."""
        from pptx.util import Pt

        drawn = [(int(Pt(x)), int(Pt(y))) for x, y in points]
        builder = self._page.shapes.build_freeform(*drawn[0], scale=1.0)
        builder.add_line_segments(drawn[1:], close=True)
        _paint(builder.convert_to_shape(), fill, line)

    def table(self, y: float, header: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], *, size: float = 11,
              row: float = 26) -> None:
        """A table over the width of the slide, cells cut to one line; a column 状态 is coloured."""
        from pptx.util import Pt

        room = WIDE - 2 * EDGE
        holder = self._page.shapes.add_table(len(rows) + 1, len(header), Pt(EDGE), Pt(y), Pt(room), Pt(row * (len(rows) + 1)))
        table = holder.table
        widths = [room * share / sum(shares) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Pt(width)
        status = header.index("状态") if "状态" in header else -1
        middle = [all(ems(clean(line[index])) <= 4 for line in rows) for index in range(len(header))]
        for at, cells in enumerate((header, *rows)):
            table.rows[at].height = Pt(row)
            for index, words in enumerate(cells):
                shown = cut(clean(words), TIGHT * (widths[index] - 14) / size, at == 0)
                look = look_of_word(clean(words)) if index == status else None
                _cell(table.cell(at, index), shown, size, at, look, middle=middle[index])

    def _words(self, shape: Any, lines: Sequence[tuple[str, float, bool]], ink: str, align: int, inset: float) -> None:
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = Pt(inset)
        frame.margin_top = frame.margin_bottom = Pt(min(inset, 2))
        for at, (words, size, bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = align
            _run(paragraph, words, size, ink, bold)

    def save(self, path: Path | str, *, as_of: str, author: str = "") -> None:
        """Writes the file.

        Raises
        ------
        OutputError
            If the path can't be written.
        """
        set_properties(self._deck.core_properties, title=self.title, author=author, as_of=as_of)
        out = io.BytesIO()
        self._deck.save(out)
        write_whole(path, settled(out.getvalue()))


def _run(paragraph: Any, words: str, size: float, ink: str, bold: bool) -> None:
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = clean(words)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = _colour(ink)
    properties = run._r.get_or_add_rPr()
    east = properties.makeelement(qn("a:ea"), {"typeface": FONT})
    properties.find(qn("a:latin")).addnext(east)


def _paint(shape: Any, fill: str, line: str) -> None:
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    for effect in shape._element.iter(qn("a:effectRef")):  # the theme's shadow, which not every program lets a shape refuse
        effect.set("idx", "0")
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _colour(fill)
    else:
        shape.fill.background()
    if line:
        shape.line.color.rgb, shape.line.width = _colour(line), Pt(0.75)
    else:
        shape.line.fill.background()


def _cell(cell: Any, words: str, size: float, at: int, look: Look | None, *, middle: bool) -> None:
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Pt

    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(1)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    fill, ink = (NAVY, "#FFFFFF") if at == 0 else (look.fill, look.text) if look else ("#FFFFFF" if at % 2 else "#F4F6FA", INK)
    cell.fill.fore_color.rgb = _colour(fill)
    shown = f"{look.symbol} {look.word}" if look and at else words
    _run(cell.text_frame.paragraphs[0], shown, size, ink, at == 0 or bool(look))
    if at == 0 or look or middle:
        cell.text_frame.paragraphs[0].alignment = 2


def _colour(text: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(text.removeprefix("#"))  # type: ignore[no-untyped-call]


__all__ = ["EDGE", "LINE", "TALL", "WIDE", "Deck"]
