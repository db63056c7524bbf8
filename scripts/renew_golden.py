"""Draws the golden pictures anew: ``python scripts/renew_golden.py``. Look at what changed before you commit it.

``tests/golden/*.svg`` are compared by a test; ``docs/pictures/golden_*.png`` are for people and carry the SHA-256 of the SVG they show.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

KEY = b"svg-sha256"
PPI = 100


def picture(svg: str) -> bytes:
    """A PNG of a drawing which says what it was made from."""
    from viz.press import page_of, to_png

    png = to_png([page_of("图", svg)], "图", PPI)[0]
    body = b"tEXt" + KEY + b"\0" + hashlib.sha256(svg.encode()).hexdigest().encode()
    return png[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + png[33:]


def main() -> None:
    """Writes what differs and names it."""
    import golden_pictures as golden

    changed = []
    for name, draw in golden.DRAWINGS.items():
        svg, path = draw(), golden.FOLDER / f"{name}.svg"
        files = {path: svg.encode("utf-8")}
        if name in golden.FOR_PEOPLE:
            shown = golden.PICTURES / f"golden_{name}.png"
            if not shown.exists() or hashlib.sha256(svg.encode()).hexdigest().encode() not in shown.read_bytes():
                files[shown] = picture(svg)
        for file, content in files.items():
            if not file.exists() or file.read_bytes() != content:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                changed.append(file.relative_to(ROOT).as_posix())
    for file in golden.FOLDER.glob("*.svg"):
        if file.stem not in golden.DRAWINGS:
            file.unlink()
            changed.append(f"{file.relative_to(ROOT).as_posix()}（删去）")
    print("\n".join(changed) or "没有变化")


if __name__ == "__main__":
    main()
