"""The glyphs that a page uses, cut from the shipped fonts and put into the page: it looks the same where no Chinese font is installed."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from viz.text import covered

FAMILY = "Lianpu Sans"
FILES = {"400": "LianpuSans-Regular.otf", "700": "LianpuSans-Bold.otf"}
"""File of the shipped font by weight."""


def font_faces(text: str) -> str:
    """``@font-face`` rules for both weights with every character of a text that the fonts hold, as data URIs."""
    wanted = {ord(character) for character in set(text) if covered(character)}
    return "\n".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/otf;base64,"
        f"{base64.b64encode(cut_font(name, wanted)).decode('ascii')}) format('opentype')}}" for weight, name in FILES.items())


def cut_font(name: str, characters: Iterable[int]) -> bytes:
    """A shipped font with these characters alone, the same bytes from run to run."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    # checksums are made anew, the time of change is not
    font = TTFont(Path(__file__).with_name("fonts") / name, lazy=True, recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, desubroutinize=True, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(characters))
    cutter.subset(font)
    found = BytesIO()
    font.save(found)
    return found.getvalue()
