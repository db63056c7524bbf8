"""Documents in 公文 style (GB/T 9704): headings, paragraphs and tables as DOCX, the same bytes from run to run.

Texts are put in as texts; nothing in them can become a field or a link.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from viz.files import write_whole
from viz.ooxml import set_properties, settled
from viz.palette import Look, look_of_word
from viz.text import clean, ems

TITLE, BODY, HEAD, SUB, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"


_NAMES = ("产品", "环节", "名称", "企业", "地区")
"""How the headers of columns of names end."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、) or 2 (（一））; the number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `notes` are numbers of source notes, set behind it as superscript."""

    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table with a title above and its source below; `widths` are shares of the page width. A column 状态 is coloured."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    source: str = ""


@dataclass(frozen=True)
class Small:
    """A line in small type: a source note, a remark."""

    text: str


Block: TypeAlias = Heading | Paragraph | Table | Small


@dataclass(frozen=True)
class Letter:
    """A whole document: title, lines under it, blocks; `stamp` stands at the head of every page, `closing` lines at the end right."""

    title: str
    subtitle: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: tuple[str, ...] = ()
    stamp: str = ""


def write_document(path: Path | str, letter: Letter, *, as_of: str, author: str = "") -> None:
    """Writes a document.

    Parameters
    ----------
    as_of
        ISO date of the data: the date the file carries.

    Raises
    ------
    OutputError
        If the path can't be written.
    """
    from docx import Document

    document = Document()
    _page(document, letter)
    _styles(document)
    _centred(document, letter.title, TITLE, 22, before=0, after=6)
    for line in letter.subtitle:
        _centred(document, line, SUB, 14, before=0, after=4)
    for block in letter.blocks:
        _add(document, block)
    for line in letter.closing:
        paragraph = _paragraph(document, line, BODY, 16)
        paragraph.paragraph_format.first_line_indent = None
        paragraph.alignment = 2
    set_properties(document.core_properties, title=letter.title, author=author, as_of=as_of)
    out = io.BytesIO()
    document.save(out)
    write_whole(path, settled(out.getvalue()))


def _page(document: Any, letter: Letter) -> None:
    """A4 with the margins of GB/T 9704, the page number at the foot, the stamp at the head."""
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(24)
    if clean(letter.stamp):
        run = section.header.paragraphs[0].add_run(clean(letter.stamp))
        _font(run, HEAD, 16)
        run.font.color.rgb = RGBColor(0x7A, 0x22, 0x06)
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    for text in ("— ", None, " —"):
        run = foot.add_run(text or "")
        _font(run, "宋体", 14)
        if text is None:
            _page_number(run)
    foot.paragraph_format.space_before = Pt(0)


def _page_number(run: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:t" if kind else "w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)


def _styles(document: Any) -> None:
    """The styles used, so that people can restyle a document at once and see its outline."""
    from docx.shared import Pt, RGBColor

    normal = document.styles["Normal"]
    _east_asian(normal.element.get_or_add_rPr(), BODY)
    normal.font.name, normal.font.size = LATIN, Pt(16)
    normal.paragraph_format.line_spacing, normal.paragraph_format.space_after = Pt(28), Pt(0)
    for level, font in ((1, HEAD), (2, SUB)):
        style = document.styles[f"Heading {level}"]
        _east_asian(style.element.get_or_add_rPr(), font)
        style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(16), False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.line_spacing, form.space_before, form.space_after, form.first_line_indent = Pt(28), Pt(0), Pt(0), Pt(32)
        form.keep_with_next = True


def _east_asian(properties: Any, font: str) -> None:
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:ascii"), LATIN)
    fonts.set(qn("w:hAnsi"), LATIN)
    fonts.set(qn("w:eastAsia"), font)


def _font(run: Any, font: str, size: float) -> None:
    from docx.shared import Pt

    run.font.name, run.font.size = LATIN, Pt(size)
    _east_asian(run._r.get_or_add_rPr(), font)


def _paragraph(holder: Any, text: str, font: str, size: float) -> Any:
    paragraph = holder.add_paragraph()
    _font(paragraph.add_run(clean(text)), font, size)
    return paragraph


def _centred(document: Any, text: str, font: str, size: float, *, before: float, after: float) -> None:
    from docx.shared import Pt

    paragraph = _paragraph(document, text, font, size)
    paragraph.alignment = 1
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(max(28, 1.5 * size))


def _add(document: Any, block: Block) -> None:
    from docx.shared import Pt

    if isinstance(block, Heading):
        document.add_heading(level=block.level).add_run(clean(block.text))
    elif isinstance(block, Paragraph):
        paragraph = _paragraph(document, block.text, BODY, 16)
        paragraph.paragraph_format.first_line_indent = Pt(32)
        if block.notes:
            run = paragraph.add_run("".join(f"〔{note}〕" for note in block.notes))
            _font(run, BODY, 16)
            run.font.superscript = True
    elif isinstance(block, Small):
        _small(document, block.text)
    else:
        _table(document, block)


def _small(document: Any, text: str) -> None:
    from docx.shared import Pt

    form = _paragraph(document, text, BODY, 10.5).paragraph_format
    form.line_spacing, form.space_after = Pt(16), Pt(2)


def _table(document: Any, block: Table) -> None:
    from docx.shared import Mm, Pt

    if block.title:
        caption = _paragraph(document, block.title, HEAD, 12)
        caption.alignment = 1
        form = caption.paragraph_format
        form.keep_with_next, form.line_spacing, form.space_before = True, Pt(22), Pt(6)
    table = document.add_table(rows=0, cols=len(block.header), style="Table Grid")
    table.autofit, table.alignment = False, 1
    widths = [Mm(156 * share / sum(block.widths)) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    status = block.header.index("状态") if "状态" in block.header else -1
    # names begin at the left even where all are short: the tables of a document shall look alike
    short = [not head.endswith(_NAMES) and all(ems(clean(row[index])) <= 6 for row in block.rows) for index, head in enumerate(block.header)]
    for at, cells in enumerate((block.header, *block.rows)):
        row = table.add_row()
        _row_rules(row, head=at == 0)
        for index, (cell, text, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
            cell.width = width
            _cell(cell, text, head=at == 0, middle=short[index], look=look_of_word(clean(text)) if at and index == status else None)
    if block.source:
        _small(document, block.source)


def _row_rules(row: Any, *, head: bool) -> None:
    """No row breaks over two pages; the header is repeated on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _cell(cell: Any, text: str, *, head: bool, middle: bool, look: Look | None) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = cell.paragraphs[0]
    words = f"{look.symbol} {look.word}" if look else clean(text)
    run = paragraph.add_run(words)
    _font(run, HEAD if head else BODY, 10.5)
    form = paragraph.paragraph_format
    form.line_spacing = Pt(15)
    if head or look or middle:
        paragraph.alignment = 1
    if head:
        _shade(cell, "E4EAF2")
    elif look:
        _shade(cell, look.fill.removeprefix("#"))
        run.font.color.rgb = RGBColor.from_string(look.text.removeprefix("#"))
    cell.vertical_alignment = 1  # after the shading: the schema wants this order


def _shade(cell: Any, fill: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    part = OxmlElement("w:shd")
    part.set(qn("w:val"), "clear")
    part.set(qn("w:color"), "auto")
    part.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(part)


def rows_of(lines: Sequence[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Rows of a table from any values; missing ones are empty."""
    return tuple(tuple(clean(value) for value in line) for line in lines)
