"""Drawn pages put into files: the pages of a map, their PDF, PNG or SVG, and what the fonts lack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.layout import Part
    from viz.press import Page
    from viz.sheet import MapSheet

FLOW, ANNEX = "流程图", "附表"


def map_pages(
    sheet: MapSheet, paper: str, *, flow: bool = False, annex: bool = False, single: bool = False, redacted: bool = False,
    parts: Sequence[Part] | None = None,
) -> list[Page]:
    """The pages of a map, then with `flow` the flow page on the same paper, then with `annex` all names on A4.

    `single` draws the map on one page, `parts` are pages laid out already.
    """
    from viz.annex import count_pages, draw_annex
    from viz.chainmap import draw_map
    from viz.flowpage import draw_flow
    from viz.frame import frame_of
    from viz.paging import draw_pages
    from viz.press import Page, page_of

    frame = frame_of(paper)
    more = int(flow) + (count_pages(sheet) if annex else 0)
    if single:
        pages = [Page(sheet.title, draw_map(sheet, paper=paper, more=more), frame.width, frame.height)]
    else:
        pages = draw_pages(sheet, paper=paper, parts=parts, more=more)
    count = len(pages) + more
    if flow:
        pages.append(Page(FLOW, draw_flow(sheet, paper=paper, redacted=redacted, page=len(pages) + 1, pages=count), frame.width, frame.height))
    if annex:
        pages += [page_of(ANNEX, drawn) for drawn in draw_annex(sheet, before=len(pages))]
    return pages


def one_page(sheet: MapSheet, paper: str, parts: Sequence[Part] | None) -> str:
    """The map on one page: as laid out if that is one page, else an overview."""
    from viz.chainmap import draw_map, draw_page
    from viz.frame import frame_of

    return draw_page(sheet, parts[0].plan, frame_of(paper)) if parts and parts[0].name == "" else draw_map(sheet, paper=paper)


def printed(pages: Sequence[Page], title: str, ending: str, ppi: int = 150) -> list[bytes]:
    """The files that pages make: one ``.pdf``, or a ``.png`` or ``.svg`` a page."""
    from viz import press

    if ending == ".pdf":
        return [press.to_pdf(pages, title)]
    return press.to_png(pages, title, ppi) if ending == ".png" else [page.svg.encode("utf-8") for page in pages]


def lacking(texts: Iterable[str]) -> list[str]:
    """What the fonts lack, a line a character with the text it stands in; at most ten lines."""
    from viz import press

    found = list(press.missing(texts).items())
    lines = [f"「{text}」里的“{sign}”（U+{ord(sign):04X}）字库里没有，印成“{press.GETA}”" for sign, text in found[:10]]
    return [*lines, f"另有 {len(found) - 10} 个"] if len(found) > 10 else lines


def file_names(name: str, count: int) -> list[str]:
    """The name given, then the same with -2, -3 … for further pages.

    >>> file_names("图谱.png", 3)
    ['图谱.png', '图谱-2.png', '图谱-3.png']
    """
    stem, dot, ending = name.rpartition(".")
    return [name, *(f"{stem}-{at}{dot}{ending}" for at in range(2, count + 1))][:max(count, 1)]
