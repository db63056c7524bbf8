"""Makes ``widths.csv`` from the shipped fonts: ``python -m viz.build_widths viz/fonts/LianpuSans-{Regular,Bold}.otf``.

Run only when the shipped fonts change. The table holds runs of characters with the same advance widths, in 1/1000 em, so
that a map is laid out alike on every machine, with or without the fonts.
"""

from __future__ import annotations

import sys
from pathlib import Path

TABLE = Path(__file__).with_name("widths.csv")


def advances(font: str, face: str = "Noto Sans CJK SC") -> dict[int, int]:
    """Advance width of every character of a font in 1/1000 em; from a collection the face named `face`."""
    from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

    fonts = TTCollection(font).fonts if font.endswith(".ttc") else [TTFont(font)]
    chosen = next((one for one in fonts if str(one["name"].getDebugName(1)).startswith(face)), fonts[0])
    units = chosen["head"].unitsPerEm
    return {code: round(1000 * chosen["hmtx"][glyph][0] / units) for code, glyph in chosen.getBestCmap().items()}


def runs(regular: dict[int, int], bold: dict[int, int]) -> list[tuple[int, int, int, int]]:
    """Runs ``first, last, regular, bold`` of neighbouring characters with the same widths; what bold lacks is set in regular."""
    found: list[tuple[int, int, int, int]] = []
    for code in sorted(regular):
        pair = (regular[code], bold.get(code, regular[code]))
        if found and found[-1][1] == code - 1 and found[-1][2:] == pair:
            found[-1] = (found[-1][0], code, *pair)
        else:
            found.append((code, code, *pair))
    return found


def main(regular: str, bold: str) -> None:
    """Writes the table."""
    lines = [f"{first:X},{last:X},{thin},{thick}" for first, last, thin, thick in runs(advances(regular), advances(bold))]
    TABLE.write_text("first,last,regular,bold\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
