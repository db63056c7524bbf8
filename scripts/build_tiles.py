"""Make viz/tiles.csv: a place on a schematic grid for every region, from outlines in GeoJSON files.

    python scripts/build_tiles.py provinces.geojson cities.geojson counties.geojson

Features need the property code. Regions with one parent share a grid; each gets the free cell that keeps the sum of
squared distances to the true centres small (exchanges until none helps).
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from math import ceil, cos, radians, sqrt
from pathlib import Path

from chain import region
from viz.boundaries import read_boundaries

TARGET = Path(__file__).resolve().parents[1] / "viz" / "tiles.csv"
Point = tuple[float, float]
NATIONAL = """
-- -- -- -- -- -- -- 23
65 -- -- -- -- 15 21 22
-- 62 64 14 13 11 12 --
63 61 41 37 -- -- -- --
54 51 42 34 32 31 -- --
-- 50 43 36 33 -- -- --
53 52 45 44 35 71 -- --
-- -- -- 46 81 82 -- --
"""
"""The provinces, by the first two digits of their codes, as people are used to see them in tile maps."""


def centres(files: list[str]) -> dict[str, dict[str, Point]]:
    """Middle of the largest outline of every region, by parent."""
    found: dict[str, dict[str, Point]] = defaultdict(dict)
    parents = [region.CHINA, *(c for p in region.children(region.CHINA) for c in (p, *region.children(p)))]
    for file in files:
        for parent in parents:
            codes = region.children(parent)
            try:
                shapes = read_boundaries(file, codes).shapes if codes else ()
            except Exception:
                continue
            for shape in (shape for shape in shapes if shape.code):
                ring = max(shape.rings, key=len)
                found[parent][shape.code] = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    return found


def national() -> dict[str, tuple[int, int]]:
    """Column and row of the provinces."""
    grid = [line.split() for line in NATIONAL.strip().splitlines()]
    return {f"{word}0000": (column, row) for row, line in enumerate(grid) for column, word in enumerate(line) if word != "--"}


def arranged(spots: dict[str, Point]) -> dict[str, tuple[int, int]]:
    """Column and row by code."""
    codes = sorted(spots)
    middle = radians(sum(y for _, y in spots.values()) / len(spots))
    points = {code: (spots[code][0] * cos(middle), -spots[code][1]) for code in codes}
    left, top = min(x for x, _ in points.values()), min(y for _, y in points.values())
    wide = max(x for x, _ in points.values()) - left or 1.0
    tall = max(y for _, y in points.values()) - top or 1.0
    cell = sqrt(wide * tall / (len(codes) * 1.35))
    columns, rows = max(1, ceil(wide / cell)), max(1, ceil(tall / cell))
    while columns * rows < len(codes):
        columns, rows = columns + 1, rows + 1
    wish = {code: ((x - left) / wide * (columns - 1), (y - top) / tall * (rows - 1)) for code, (x, y) in points.items()}
    cells = [(c, r) for r in range(rows) for c in range(columns)]
    place: dict[str, tuple[int, int]] = {}
    for code in codes:
        place[code] = min((c for c in cells if c not in place.values()), key=lambda c, code=code: (cost(wish[code], c), c))
    moved = True
    while moved:
        moved = False
        for code in codes:
            for spot in cells:
                other = next((o for o, held in place.items() if held == spot), None)
                before = cost(wish[code], place[code]) + (cost(wish[other], spot) if other else 0)
                after = cost(wish[code], spot) + (cost(wish[other], place[code]) if other else 0)
                if after < before - 1e-9:
                    if other:
                        place[other] = place[code]
                    place[code], moved = spot, True
    return place


def cost(wish: Point, spot: tuple[int, int]) -> float:
    """Squared distance."""
    return (wish[0] - spot[0]) ** 2 + (wish[1] - spot[1]) ** 2


def main() -> None:
    """Write the table."""
    rows = [(code, *spot) for parent, spots in sorted(centres(sys.argv[1:]).items())
            for code, spot in sorted((national() if parent == region.CHINA else arranged(spots)).items())]
    with open(TARGET, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "column", "row"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
