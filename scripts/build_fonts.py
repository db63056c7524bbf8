"""Makes the shipped fonts Lianpu Sans from Noto Sans CJK SC: ``python scripts/build_fonts.py [FOLDER]``.

Needs fontTools and the fonts of the Debian package fonts-noto-cjk (FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc).
Takes about two minutes. Regular holds the two-byte part of GB 18030 (GBK), the 通用规范汉字表 and the symbols used in print; Bold, which
sets names of products and headings, GB 2312, the 通用规范汉字表 and the same symbols: what it lacks is set in Regular.
Run ``python -m viz.build_widths`` on the two files afterwards.

The fonts are under the SIL Open Font License; a changed version must have another name, hence Lianpu Sans.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "viz" / "fonts"
FOLDER = Path("/usr/share/fonts/opentype/noto")
STANDARD = Path(__file__).with_name("standard_characters.txt")
FACE, FAMILY = "Noto Sans CJK SC", "Lianpu Sans"
SYMBOLS = (
    (0x20, 0x17F), (0x2C6, 0x2DD), (0x391, 0x3C9), (0x401, 0x451), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20BF),
    (0x2100, 0x218B), (0x2190, 0x22FF), (0x2460, 0x26FF), (0x2713, 0x2718), (0x3000, 0x30FF), (0x3220, 0x33FF), (0xFE10, 0xFE6F), (0xFF01, 0xFFE6),
)
"""First and last of the runs of signs beside the characters."""


def two_byte(codec: str) -> set[int]:
    """The characters that a Chinese double-byte code holds."""
    found: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            found.update(map(ord, bytes((lead, trail)).decode(codec, errors="ignore")))
    return {code for code in found if code >= 0x80}


def standard() -> set[int]:
    """The characters of the 通用规范汉字表 that GB 2312 lacks."""
    lines = STANDARD.read_text(encoding="utf-8").splitlines()
    return {ord(character) for line in lines if not line.startswith("#") for character in line}


def characters(codec: str) -> set[int]:
    """Everything a font of ours holds."""
    return two_byte(codec) | standard() | {code for first, last in SYMBOLS for code in range(first, last + 1)}


def build(folder: Path, style: str, codec: str) -> Path:
    """Writes one font."""
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    source = TTCollection(folder / f"NotoSansCJK-{style}.ttc")
    font = next(one for one in source.fonts if one["name"].getDebugName(1) == FACE and one["name"].getDebugName(2) == style)
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14], notdef_outline=True,
        drop_tables=["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters(codec))
    cutter.subset(font)
    _rename(font, style)
    font.recalcTimestamp = False
    target = FONTS / f"LianpuSans-{style}.otf"
    font.save(target)
    return target


def _rename(font: object, style: str) -> None:
    full, short = f"{FAMILY} {style}", f"LianpuSans-{style}"
    names = {1: FAMILY, 2: style, 3: f"2.004;{short}", 4: FAMILY if style == "Regular" else full, 6: short}
    table = font["name"]  # type: ignore[index]
    for record in list(table.names):
        if record.langID != 0x409:
            table.names.remove(record)
        elif record.nameID in names:
            record.string = names[record.nameID]
    top = font["CFF "].cff  # type: ignore[index]
    top.fontNames = [short]
    top.topDictIndex[0].FullName, top.topDictIndex[0].FamilyName = full, FAMILY


def main(folder: Path) -> None:
    """Writes both fonts and says how large they are."""
    FONTS.mkdir(exist_ok=True)
    for style, codec in (("Regular", "gbk"), ("Bold", "gb2312")):
        made = build(folder, style, codec)
        print(f"{made.name}  {made.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
