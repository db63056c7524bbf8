"""Outlines of regions: from a GeoJSON file that the user gives, or as tiles on a schematic grid where there is none.

Nothing is fetched. Outlines are rings of points; `fitted` turns them into page coordinates.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any

from chain.errors import InputError
from viz.layout import Area

Point = tuple[float, float]
Ring = tuple[Point, ...]

_CODES = ("code", "adcode", "行政区划代码", "区划代码", "代码", "gb", "id")
_TILE = 0.94
"""Side of a tile as a share of its cell."""


@dataclass(frozen=True)
class Outline:
    """One region: its code, empty for a line that belongs to none, and its rings."""

    code: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Outlines:
    """Outlines of the parts of an area.

    Attributes
    ----------
    shapes
        In the order asked for; lines that belong to no region come last.
    schematic
        Whether they are tiles and say nothing of real borders.
    arranged
        Whether the tiles lie roughly as the regions do; False for tiles in the order of codes.
    absent
        Codes the file has no outline for.
    """

    shapes: tuple[Outline, ...]
    schematic: bool
    arranged: bool = True
    absent: tuple[str, ...] = ()


def read_boundaries(path: Path | str, codes: Sequence[str]) -> Outlines:
    """Outlines of regions from a GeoJSON file.

    Parameters
    ----------
    path
        A FeatureCollection of polygons in longitude and latitude, each with its six-digit code under one of the names code,
        adcode, 行政区划代码, 区划代码, 代码, gb, id. Features without a code (border lines) are kept only for a map of the country.
    codes
        The regions wanted.

    Raises
    ------
    InputError
        If the file can't be read, is no such GeoJSON, or holds none of the regions; names the feature.
    """
    name = Path(path).name
    try:
        held = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"读不了边界文件 {name}：{error.strerror}", way_out="检查路径") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"边界文件 {name} 不是 JSON：{error}", way_out="给出 UTF-8 编码的 GeoJSON 文件") from error
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list):
        raise InputError(f"边界文件 {name} 不是 GeoJSON 的 FeatureCollection", way_out="给出带 features 的 GeoJSON 文件")
    found: dict[str, list[Ring]] = {}
    for at, feature in enumerate(features, start=1):
        if isinstance(feature, dict) and feature.get("geometry"):
            code = _code(feature)
            if code in codes or not code:
                found.setdefault(code, []).extend(_rings(feature["geometry"], f"{name} 第 {at} 个要素"))
    shapes = [Outline(code, tuple(found[code])) for code in codes if found.get(code)]
    if not shapes:
        raise InputError(f"边界文件 {name} 里没有需要的地区（如 {'、'.join(codes[:3])}）", way_out="要素属性里写六位行政区划代码 code")
    if all(code.endswith("0000") for code in codes) and found.get(""):
        shapes.append(Outline("", tuple(found[""])))
    return Outlines(tuple(shapes), False, absent=tuple(code for code in codes if not found.get(code)))


def _code(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties")
    for held in (properties if isinstance(properties, dict) else {}, feature):
        for name in _CODES:
            text = str(held.get(name) or "").strip()
            if text.startswith("156") and len(text) == 9:  # 天地图 writes the country before the code
                text = text[3:]
            if len(text) == 6 and text.isdigit():
                return text
    return ""


def _rings(geometry: object, where: str) -> list[Ring]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    held = geometry.get("coordinates") if isinstance(geometry, dict) else None
    groups: dict[object, Any] = {"Polygon": [held], "MultiPolygon": held, "LineString": [[held]], "MultiLineString": [held]}
    if kind not in groups:
        raise InputError(f"{where}：不会画的几何类型 {kind!r}", way_out="用 Polygon 或 MultiPolygon")
    try:
        rings = [tuple((float(point[0]), float(point[1])) for point in ring) for polygon in groups[kind] for ring in polygon]
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise InputError(f"{where}：坐标读不出来", way_out="坐标写成 [经度, 纬度]") from error
    for ring in rings:
        for x, y in ring:
            if not (isfinite(x) and isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90):
                raise InputError(f"{where}：坐标 ({x:g}, {y:g}) 不是经纬度", way_out="换成经纬度坐标（WGS-84 或 CGCS2000）")
    return [ring for ring in rings if len(ring) > 1]


def tiles(codes: Sequence[str]) -> Outlines:
    """Regions as equal tiles, arranged roughly as they lie where that is known, else row by row in the order given."""
    known = _positions()
    arranged = all(code in known for code in codes)
    wide = max(1, round((len(codes) * 1.3) ** 0.5))
    shapes = []
    for at, code in enumerate(codes):
        column, row = known[code] if arranged else (at % wide, at // wide)
        x, y, side = float(column), -float(row), _TILE
        shapes.append(Outline(code, (((x, y), (x + side, y), (x + side, y - side), (x, y - side)),)))
    return Outlines(tuple(shapes), True, arranged)


@cache
def _positions() -> dict[str, tuple[int, int]]:
    with open(Path(__file__).with_name("tiles.csv"), encoding="utf-8", newline="") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def fitted(outlines: Outlines, area: Area, *, tolerance: float = 0.12) -> tuple[Outline, ...]:
    """The outlines in page coordinates, as large as `area` allows and centred; points nearer than `tolerance` to a line are dropped."""
    points = [point for shape in outlines.shapes for ring in shape.rings for point in ring]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    squeeze = 1.0 if outlines.schematic else cos(radians((low + high) / 2))
    wide, tall = max((right - left) * squeeze, 1e-9), max(high - low, 1e-9)
    scale = min(area.width / wide, area.height / tall)
    if outlines.schematic:
        scale = min(scale, area.width / 3, area.height / 3)
    x0, y0 = area.x + (area.width - wide * scale) / 2, area.y + (area.height - tall * scale) / 2

    def placed(ring: Ring) -> Ring:
        return _thinned([(x0 + (x - left) * squeeze * scale, y0 + (high - y) * scale) for x, y in ring], tolerance)

    return tuple(Outline(shape.code, tuple(filter(lambda ring: len(ring) > 1, map(placed, shape.rings)))) for shape in outlines.shapes)


def _thinned(ring: Sequence[Point], tolerance: float) -> Ring:
    """Douglas and Peucker 1973, without recursion."""
    if len(ring) < 5:
        return tuple(ring)
    keep, open_parts = {0, len(ring) - 1}, [(0, len(ring) // 2), (len(ring) // 2, len(ring) - 1)]
    keep.add(len(ring) // 2)
    while open_parts:
        first, last = open_parts.pop()
        (ax, ay), (bx, by) = ring[first], ring[last]
        length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-9)
        far, at = 0.0, first
        for index in range(first + 1, last):
            x, y = ring[index]
            off = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
            if off > far:
                far, at = off, index
        if far > tolerance:
            keep.add(at)
            open_parts += [(first, at), (at, last)]
    return tuple(ring[index] for index in sorted(keep))


def label_spot(rings: Iterable[Ring], height: float = 7.0) -> tuple[float, float, float]:
    """Where the name of a region goes: centre x, y of the widest band of a height inside its largest ring, and how wide that is."""
    ring = max(rings, key=_extent)
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best, spot = -1.0, (ring[0][0], (low + high) / 2, 0.0)
    reach = min(height, (high - low) / 2) / 2
    for step in range(3, 18):
        y = low + (high - low) * (step + 0.013) / 20
        band = _overlap(_overlap(_spans(ring, y - reach), _spans(ring, y + reach)), _spans(ring, y))
        for one, other in band:
            worth = (other - one) * (1 - 0.6 * abs(step / 20 - 0.5))
            if worth > best:
                best, spot = worth, ((one + other) / 2, y, other - one)
    return spot


def _spans(ring: Ring, y: float) -> list[tuple[float, float]]:
    """Level stretches inside a ring at a height."""
    ends = sorted(
        ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True) if (ay > y) != (by > y))
    return list(zip(ends[::2], ends[1::2], strict=False))


def _overlap(some: Iterable[tuple[float, float]], others: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    shared = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(left, right) for left, right in shared if right > left]


def _extent(ring: Ring) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True)))
