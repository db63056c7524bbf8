"""Pages of SVG put into print: one PDF with text that can be searched and copied, or a PNG a page.

Set with the shipped fonts alone, so a page looks the same on every machine, with or without Chinese fonts.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chain.errors import OutputError
from viz.svg import size_of
from viz.text import clean, covered

if TYPE_CHECKING:
    from typst import Fonts

FONTS = Path(__file__).with_name("fonts")
GETA = "〓"
"""What printers set for a character that their type lacks."""

_PROGRAM = b"Lianpu"

_SOURCE = """
#set document(title: sys.inputs.title, date: none)
#for each in json(bytes(sys.inputs.pages)) {
  page(width: each.width * 1mm, height: each.height * 1mm, margin: 0mm, {
    place(hide(heading(bookmarked: true, each.title)))
    image(bytes(each.svg), format: "svg", width: 100%, alt: each.title)
  })
}
"""


@dataclass(frozen=True)
class Page:
    """One drawn page: its name for bookmarks, its SVG, its size in mm."""

    title: str
    svg: str
    width: float
    height: float


def page_of(title: str, svg: str) -> Page:
    """A drawing as a page of the size that it says it has.

    >>> page_of("图", '<svg xmlns="http://www.w3.org/2000/svg" width="420mm" height="297mm"/>').width
    420.0
    """
    return Page(title, svg, *size_of(svg))


def to_pdf(pages: Sequence[Page], title: str) -> bytes:
    """All pages in one PDF, the same bytes from run to run, with a bookmark a page.

    Raises
    ------
    OutputError
        If a drawing can't be set.
    """
    return b"".join(_set(pages, title, "pdf"))


def to_png(pages: Sequence[Page], title: str, ppi: int) -> list[bytes]:
    """Every page as a PNG of `ppi` points an inch, which it also says, with the number of the page.

    Raises
    ------
    OutputError
        If a drawing can't be set.
    """
    return [_told(png, ppi, at) for at, png in enumerate(_set(pages, title, "png", ppi), 1)]


def page_number(content: bytes) -> int | None:
    """Which page of a map a PNG or SVG is, as this program wrote it; None for any other file.

    >>> page_number(b"\\x89PNG"), page_number(b"<svg/>")
    (None, None)
    """
    if content.startswith(b"\x89PNG"):
        found = re.search(rb"tEXtSoftware\0" + _PROGRAM + rb" page (\d+)", content[:300])
    elif content.startswith(b"<svg") and b"Lianpu Sans" in content[:600]:
        found = re.search("第 (\\d+) / \\d+ 页[^<]*链谱<".encode(), content)
    else:
        found = None
    return int(found[1]) if found else None


def missing(texts: Iterable[str]) -> dict[str, str]:
    """Characters that the shipped fonts lack, each with the first text it stands in.

    >>> missing(["锂电池", "金𪚥公司", "龘𪚥"])
    {'𪚥': '金𪚥公司'}
    """
    found: dict[str, str] = {}
    for text in texts:
        plain = clean(text)
        if not covered(plain):
            for character in plain:
                if not covered(character):
                    found.setdefault(character, plain)
    return found


def _set(pages: Sequence[Page], title: str, form: str, ppi: int | None = None) -> list[bytes]:
    import typst

    given = [{"title": each.title, "svg": _printable(each.svg), "width": each.width, "height": each.height} for each in pages]
    inputs = {"title": clean(title), "pages": json.dumps(given, ensure_ascii=False)}
    compiler = typst.Compiler(_SOURCE.encode("utf-8"), font_paths=_fonts(), sys_inputs=inputs)
    try:
        made = compiler.compile(format="pdf" if form == "pdf" else "png", ppi=ppi, timestamp=0)
    except typst.TypstError as error:
        raise OutputError(f"排版失败：{error.message}", way_out="改存 .svg，并把这条信息告诉维护者") from error
    return list(made) if isinstance(made, list) else [made or b""]


@cache
def _fonts() -> Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _printable(svg: str) -> str:
    """The drawing with a mark in the place of every character the fonts lack."""
    lacking = {character for character in set(svg) if character >= " " and not covered(character)}
    return svg.translate({ord(character): GETA for character in lacking})


def _told(png: bytes, ppi: int, page: int) -> bytes:
    """The picture with its size on paper, its program and its page said, right after its header."""
    metre = round(ppi / 0.0254)
    said = [b"pHYs" + struct.pack(">IIB", metre, metre, 1), b"tEXtSoftware\0" + _PROGRAM + b" page %d" % page]
    chunks = (struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) for body in said)
    return png[:33] + b"".join(chunks) + png[33:]
