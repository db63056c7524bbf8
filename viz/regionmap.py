"""区域分布图: the makers of a chain by region, as one sheet of SVG with a ranked list beside the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chain.tables import records
from viz import svg
from viz.boundaries import Outline, Outlines, fitted, label_spot
from viz.layout import Area
from viz.palette import ALARM, INK, LINE, LOOKS, NAVY, SECONDARY, Look, look_of_word
from viz.text import POINT, clean, cut, dated, ems, escape, wrap

WIDTH, HEIGHT, MARGIN = 420.0, 297.0, 12.0
MAP = Area(MARGIN, 40.0, 262.0, 222.0)
LIST = Area(292.0, 40.0, WIDTH - MARGIN - 292.0, 222.0)
SCALE = ("#FFFFFF", "#DCEBF5", "#B3D2E8", "#7DB0D5", "#3F83B7", "#1B5587")
"""Fills from none to many; the last two take white text."""

SCHEMATIC = "示意图：方块大小相同，位置只示意相邻关系，不表示行政区域界线。"
UNARRANGED = "示意图：方块按行政区划代码排列，与实际位置无关。"
_STEPS = ((1, 1, 2, 3, 4), (1, 2, 4, 7, 11), (1, 3, 6, 11, 21), (1, 6, 16, 31, 61), (1, 11, 31, 61, 121), (1, 21, 61, 151, 301))


@dataclass(frozen=True, eq=False)
class RegionSheet:
    """What a region map says.

    Attributes
    ----------
    title, place_name, as_of, caveat, author, stamp
        As on the chain map.
    parts
        One row a region: region (code), name, value (number), links (products made there), and for a map by status label.
    measure, unit
        What value counts: 链上企业数, 家.
    outlines
        The shapes; see `viz.boundaries`.
    inside
        Code of the region to be framed, or empty.
    approval
        审图号 of the boundaries; empty leaves the slot open.
    remark
        One more line under the map, such as what could not be placed.
    """

    title: str
    place_name: str
    as_of: str
    caveat: str
    parts: pd.DataFrame
    measure: str
    unit: str
    outlines: Outlines
    inside: str = ""
    approval: str = ""
    remark: str = ""
    author: str = ""
    stamp: str = ""


def steps(values: Sequence[float]) -> tuple[int, ...]:
    """Lower limits of the five classes above none, wide enough for the largest value.

    >>> steps([0, 3]), steps([0, 14]), steps([42])
    ((1, 1, 2, 3, 4), (1, 2, 4, 7, 11), (1, 3, 6, 11, 21))
    """
    most = max([float(value) for value in values], default=0.0)
    if most >= 2 * _STEPS[-1][-1]:
        return _scaled(most)
    return next((limits for limits in reversed(_STEPS) if limits[-1] <= most), _STEPS[0])


def _scaled(most: float) -> tuple[int, ...]:
    digit = 10 ** (len(str(int(most))) - 1)
    return (1, max(2, digit // 10), max(3, digit // 2), digit, 3 * digit if most > 3 * digit else 2 * digit)


def shade(value: float, limits: Sequence[int]) -> int:
    """Class of a value: 0 for none, else how many limits it reaches."""
    return sum(value >= limit for limit in limits) if value > 0 else 0


def ink(shade_of: int) -> str:
    """Colour of text on a class."""
    return "#FFFFFF" if shade_of >= 4 else INK


def draw_region_map(sheet: RegionSheet) -> str:
    """The region map as SVG text on A3, the same bytes from run to run; every region is a group with ``data-code`` and ``data-value``."""
    limits = steps(sheet.parts["value"].tolist())
    rows = {row["region"]: row for row in records(sheet.parts)}
    body = [
        svg.element("title", escape(clean(sheet.title))), svg.element("defs", "".join(svg.hatches(1.0))),
        svg.rect(0, 0, WIDTH, HEIGHT, fill="#FFFFFF"), *_heading(sheet), *_map(sheet, rows, limits),
        *_list(sheet, limits), *_legend(sheet, limits), *_foot(sheet),
    ]
    return svg.drawing(body, WIDTH, HEIGHT)


def _heading(sheet: RegionSheet) -> Iterator[str]:
    room = WIDTH - 2 * MARGIN
    if sheet.stamp:
        size, words = 11 * POINT, cut(sheet.stamp, 12, True)
        wide = ems(words, True) * size + 5
        room -= wide + 6
        red = LOOKS["missing"].border
        yield svg.rect(WIDTH - MARGIN - wide, 11.5, wide, 8.5, rx=0.8, fill="none", stroke=red, stroke_width=0.5)
        yield svg.text(WIDTH - MARGIN - wide / 2, 17.2, words, size, red, bold=True, anchor="middle")
    size = max(min(26 * POINT, room / max(ems(clean(sheet.title), True), 1)), 15 * POINT)
    yield svg.text(MARGIN, 19, cut(clean(sheet.title), room / size, True), size, NAVY, bold=True, title=sheet.title)
    measure = f"{sheet.measure}（{sheet.unit}）" if sheet.unit else sheet.measure
    facts = [f"地域：{clean(sheet.place_name)}", f"指标：{measure}", dated(sheet.as_of)]
    facts += [f"编制：{clean(sheet.author)}"] if clean(sheet.author) else []
    small, words = 10 * POINT, "  ｜  ".join(facts)
    yield svg.text(MARGIN, 27, cut(words, (WIDTH - 2 * MARGIN) / small), small, SECONDARY, title=words)
    yield svg.rect(MARGIN, 31.0, WIDTH - 2 * MARGIN, 0.7, fill=NAVY)


def part_look(row: dict[str, Any] | None) -> Look | None:
    """The look of a part on a map by status, None on a map by number."""
    return look_of_word(clean(row.get("label"))) if row is not None and row.get("label") is not None else None


def _map(sheet: RegionSheet, rows: dict[str, dict[str, Any]], limits: Sequence[int]) -> Iterator[str]:
    shapes = fitted(sheet.outlines, MAP)
    for shape in shapes:
        row = rows.get(shape.code)
        path = "".join(svg.outline(ring) for ring in shape.rings if len(ring) > 2)
        if row is None:
            line = "".join(svg.outline(ring)[:-1] for ring in shape.rings)
            yield svg.element("path", d=line, fill="none", stroke="#627D98", stroke_width=0.4)
            continue
        shown = part_look(row)
        fill = svg.paint(shown) if shown else SCALE[shade(_number(row), limits)]
        edge = svg.element("path", d=path, fill=fill, fill_rule="evenodd", stroke="#627D98", stroke_width=0.3, stroke_linejoin="round")
        words = f"{clean(row['name'])}：{_said(row, sheet.unit)}"
        yield svg.group([edge], words, data_code=shape.code, data_value=_number(row))
    for shape in shapes:
        if shape.code == sheet.inside and shape.code:
            path = "".join(svg.outline(ring) for ring in shape.rings if len(ring) > 2)
            yield svg.element("path", d=path, fill="none", stroke=ALARM, stroke_width=1.1, stroke_linejoin="round")
    for shape in shapes:
        if shape.code in rows:
            yield from _label(shape, rows[shape.code], sheet, limits)


def _label(shape: Outline, row: dict[str, Any], sheet: RegionSheet, limits: Sequence[int]) -> Iterator[str]:
    """Name and number where they fit at 6.5 pt or more; the list beside the map has them all."""
    x, y, wide = label_spot(shape.rings)
    tall = max(y for ring in shape.rings for _, y in ring) - min(y for ring in shape.rings for _, y in ring)
    name, count, shown = clean(row["name"]), _count(row, sheet.unit), part_look(row)
    size = min(13 * POINT, (wide - 1) / max(ems(name, True), ems(count), 2), tall / 3.2)
    if size < 6.5 * POINT:
        return
    colour = shown.text if shown else ink(shade(_number(row), limits))
    if shown and shown.hatched:
        half = max(ems(name, True), ems(count)) * size / 2 + 0.8
        yield svg.rect(x - half, y - 1.25 * size, 2 * half, 2.6 * size, rx=0.6, fill="#FFFFFF")
    yield svg.text(x, y - 0.12 * size, name, size, colour, bold=True, anchor="middle")
    yield svg.text(x, y + 1.05 * size, count, 0.9 * size, colour, anchor="middle")


def _number(row: dict[str, Any]) -> float:
    return float(str(row["value"]))


def _count(row: dict[str, Any], unit: str) -> str:
    shown = part_look(row)
    if shown:
        return shown.word
    return f"{_number(row):g} {unit}" if _number(row) else "未见"


def _said(row: dict[str, Any], unit: str) -> str:
    links = f" · {int(row['links'])} 个环节" if int(row["links"]) else ""
    firms = f" · {_number(row):g} 家" if part_look(row) and _number(row) else ""
    return _count(row, unit) + links + firms


def _list(sheet: RegionSheet, limits: Sequence[int]) -> Iterator[str]:
    """The regions by value falling, with a bar each; as many as fit, the rest counted."""
    ranked = sheet.parts.sort_values(["value", "links", "region"], ascending=[False, False, True], kind="stable")
    step = 7.2 if len(ranked) <= 29 else 5.2
    most, room = int((LIST.height - 9) // step), len(ranked)
    shown = records(ranked.head(most if room <= most else most - 1))
    top = float(ranked["value"].max()) if len(ranked) else 0.0
    size = min(9.5, step / POINT * 0.62) * POINT
    yield svg.text(LIST.x, LIST.y + 4, f"各地{sheet.measure}", 11 * POINT, NAVY, bold=True)
    name_room, bar = 0.40 * LIST.width, 0.22 * LIST.width
    for at, row in enumerate(shown):
        y = LIST.y + 9 + at * step
        yield svg.text(LIST.x, y + 0.66 * step, cut(clean(row["name"]), name_room / size), size, INK, title=clean(row["name"]))
        wide, look = bar * _number(row) / top if top else 0.0, part_look(row)
        fill = SCALE[max(2, shade(_number(row), limits))]
        if wide and not look:
            yield svg.rect(LIST.x + name_room, y + 0.2 * step, max(wide, 0.6), 0.6 * step, fill=fill)
        yield svg.text(LIST.x + LIST.width, y + 0.66 * step, _said(row, sheet.unit), size, INK if _number(row) else SECONDARY, anchor="end")
    if len(shown) < room:
        y = LIST.y + 9 + len(shown) * step
        rest = ranked.iloc[len(shown):]
        yield svg.text(LIST.x, y + 0.66 * step, f"其余 {len(rest)} 个地区共 {rest['value'].sum():g} {sheet.unit}，见附表", size, SECONDARY)


def _legend(sheet: RegionSheet, limits: Sequence[int]) -> Iterator[str]:
    x, y, size = MARGIN, HEIGHT - 29.0, 8.5 * POINT
    if "label" in sheet.parts.columns:
        entries = [(svg.paint(look), look.word) for look in LOOKS.values()]
    else:
        bounds = sorted({(shade(low, limits), low) for low in limits})
        classes = {cls: low for cls, low in bounds if shade(low, limits) == cls}
        ordered = sorted(classes.items())
        entries = [(SCALE[0], "未见")]
        for (cls, low), after in zip(ordered, [*ordered[1:], None], strict=True):
            high = after[1] - 1 if after else None
            span = f"{low}" if high == low else f"{low}–{high}"
            entries.append((SCALE[cls], f"{span} {sheet.unit}" if high else f"{low} {sheet.unit}以上"))
    yield svg.text(x, y + 3.2, "图例", size, NAVY, bold=True)
    x += 12
    for fill, words in entries:
        yield svg.rect(x, y, 8, 4.2, fill=fill, stroke="#627D98", stroke_width=0.25)
        yield svg.text(x + 9.5, y + 3.2, words, size, INK)
        x += 14 + ems(words) * size
    if sheet.inside:
        yield svg.rect(x, y, 8, 4.2, fill="none", stroke=ALARM, stroke_width=0.9)
        framed = sheet.parts.loc[sheet.parts["region"] == sheet.inside, "name"]
        yield svg.text(x + 9.5, y + 3.2, clean("".join(framed)), size, INK)


def _foot(sheet: RegionSheet) -> Iterator[str]:
    size, y = 7.5 * POINT, HEIGHT - 20.0
    yield svg.rect(MARGIN, y - 1.5, WIDTH - 2 * MARGIN, 0.2, fill=LINE)
    real = not sheet.outlines.schematic
    where = "边界由使用者提供。" if real else SCHEMATIC if sheet.outlines.arranged else UNARRANGED
    absent = f"边界文件里没有 {len(sheet.outlines.absent)} 个地区，未上图，见右侧列表。" if sheet.outlines.absent else ""
    lines = [f"口径：按企业注册地归到所在地区。“未见”指所载数据里没有，不等于没有。{clean(sheet.remark)}", f"{where}{absent}{clean(sheet.caveat)}"]
    slot = f"审图号：{clean(sheet.approval) or '（待填，公开使用前须依法送审）'}" if real else ""
    room = (WIDTH - 2 * MARGIN) / size
    shown = [part for line, most in zip(lines, (1, 2), strict=True) for part in wrap(line, room - (ems(slot) + 3 if line is lines[1] else 0), most)]
    for at, words in enumerate(shown):
        yield svg.text(MARGIN, y + 3 + 4 * at, words, size, SECONDARY)
    if slot:
        yield svg.text(WIDTH - MARGIN, y + 3 + 4 * (len(shown) - 1), slot, size, INK, anchor="end")
