"""Where in a sheet the header stands, which table it is, and which header fills which field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chain import schema
from chain.errors import InputError, UnknownName, near_names
from loaders import headers
from loaders.figures import unit_size
from loaders.files import Grid
from loaders.headers import Feed
from loaders.values import clean

_LOOK = 30
"""Rows from the top among which the header is looked for."""

_TITLE_UNIT = re.compile(r"单位[:：]\s*([^\s,，;；)）]+)")


@dataclass(frozen=True)
class Plan:
    """How a sheet is read.

    Attributes
    ----------
    first
        Index of the first data row in the grid.
    header
        Header cells as written.
    feeds
        What fills each field, first choice first.
    strength
        (headers recognised, title fits): what one plan beats another by.
    """

    table: str
    first: int
    header: tuple[str, ...]
    feeds: Mapping[str, tuple[Feed, ...]]
    notes: tuple[str, ...] = ()
    mapped: frozenset[str] = frozenset()
    strength: tuple[int, ...] = ()
    span: int = 1

    @property
    def ignored(self) -> list[str]:
        """Headers that fill nothing."""
        used = {feed.at for feeds in self.feeds.values() for feed in feeds}
        return [text for at, text in enumerate(self.header) if at not in used and text]


@dataclass(frozen=True)
class Wish:
    """What the person who loads has said about tables and headers."""

    table: str | None = None
    mapping: Mapping[str, str] = ()  # type: ignore[assignment]


def plan(grid: Grid, wish: Wish, stem: str = "") -> Plan | None:
    """How to read a sheet, None if it is no table that the schema knows."""
    title = grid.sheet or stem
    best: Plan | None = None
    for at, header, span in _candidates(grid):
        for found in _plans(header, at + span, wish, title):
            found = replace(found, strength=(*found.strength, -span), span=span)
            if best is None or found.strength > best.strength:
                best = found
    return _with_titles(best, grid) if best else None


def score(rows: list[list[str]], wish: Wish) -> float:
    """How well rows read with some delimiter look like a table: recognised headers first, then how even the rows are."""
    grid = Grid("", "", rows[:_LOOK], list(range(len(rows[:_LOOK]))))
    found = plan(grid, wish)
    widths = [len(row) for row in rows if any(row)]
    even = max((widths.count(width) for width in set(widths) if width > 1), default=0) / max(len(widths), 1)
    return (100.0 * sum(found.strength[:1]) if found else 0.0) + even


def _candidates(grid: Grid) -> list[tuple[int, tuple[str, ...], int]]:
    """Rows, and pairs of rows under merged cells, that may be the header: index, header, rows taken."""
    rows = grid.cells[: 1 if grid.headed else _LOOK]
    found = []
    for at, row in enumerate(rows):
        top = tuple(clean(cell) for cell in row)
        if not any(top):
            continue
        found.append((at, top, 1))
        if at + 1 < len(rows) and (both := _two_rows(top, tuple(clean(cell) for cell in rows[at + 1]))):
            found.append((at, both, 2))
    return found


def _two_rows(top: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...] | None:
    """One header of two rows: a merged cell above stands over several below; None if they don't fit like that."""
    width = max(len(top), len(below))
    top, below = (row + ("",) * (width - len(row)) for row in (top, below))
    group, joined = "", []
    for at, (upper, lower) in enumerate(zip(top, below, strict=True)):
        if upper and lower and at + 1 < width and top[at + 1]:
            return None
        group = upper or (group if lower else "")
        joined.append(_joined(group, lower) if lower else upper)
    return tuple(joined) if any(below) and any(top) else None


def _joined(group: str, lower: str) -> str:
    unit = re.search(r"[（(]([^（()）]+)[)）]\s*$", group)
    return f"{lower}（{unit[1]}）" if unit and not re.search(r"[（(]", lower) else lower


def _plans(header: tuple[str, ...], first: int, wish: Wish, title: str) -> list[Plan]:
    found = []
    for known in headers.mappings():
        if known.signature <= set(header) and wish.table in (None, known.table):
            found.append(_shipped(known, header, first, wish))
    for table in [wish.table] if wish.table else headers.RECOGNISED:
        if (one := _by_synonyms(table, header, first, wish, title)) is not None:
            found.append(one)
    return found


def _shipped(known: headers.Shipped, header: tuple[str, ...], first: int, wish: Wish) -> Plan:
    feeds: dict[str, list[Feed]] = defaultdict(list)
    for row in known.rows:
        if not row["header"]:
            feeds[row["field"]].append(Feed(row["field"], -1, "", constant=row["words"].lstrip("=")))
        elif row["header"] in header:
            at = header.index(row["header"])
            feeds[row["field"]].append(Feed(row["field"], at, row["header"], row["unit"], headers.words(row["words"])))
    explicit = _explicit(known.table, header, wish)
    merged = {**{name: tuple(each) for name, each in feeds.items()}, **explicit}
    mapped = frozenset(feed.header for each in explicit.values() for feed in each)
    return Plan(known.table, first, header, merged, (f"按内置映射 {known.name} 读",), mapped, (1000, 0, 0))


def _by_synonyms(table: str, header: tuple[str, ...], first: int, wish: Wish, title: str) -> Plan | None:
    explicit = _explicit(table, header, wish)
    taken = {feed.at for each in explicit.values() for feed in each} | {
        at for at, text in enumerate(header) if _wished(wish, text) in ("", "-")}
    feeds: dict[str, list[Feed]] = defaultdict(list)
    for at, text in enumerate(header):
        if text and at not in taken and (found := headers.match(table, text)):
            name, unit, year = found
            if name not in explicit:
                feeds[name].append(Feed(name, at, text, unit, year=year))
    notes = []
    for name, each in feeds.items():
        if any(feed.year for feed in each) and len(each) > 1:
            feeds[name], note = _newest(name, each)
            notes.append(note)
    merged = {**{name: tuple(_ranked(table, name, each)) for name, each in feeds.items()}, **explicit}
    if not _enough(table, merged):
        return None
    count = sum(len(each) for each in merged.values())
    exact = headers.normal(title) in (schema.table(table).title, table)
    likely = exact or schema.table(table).title in title
    forced = frozenset(feed.header for each in explicit.values() for feed in each)
    return Plan(table, first, header, merged, tuple(notes), forced, (count + 100 * exact, int(likely), -_rank(table)))


def _rank(table: str) -> int:
    return headers.RECOGNISED.index(table) if table in headers.RECOGNISED else len(headers.RECOGNISED)


def _wished(wish: Wish, header: str) -> str | None:
    for text, name in dict(wish.mapping or {}).items():
        if headers.normal(text) == headers.normal(header):
            return name.strip()
    return None


def _explicit(table: str, header: tuple[str, ...], wish: Wish) -> dict[str, tuple[Feed, ...]]:
    found: dict[str, list[Feed]] = defaultdict(list)
    for at, text in enumerate(header):
        name = _wished(wish, text) if text else None
        if name in (None, "", "-"):
            continue
        try:
            field = headers.field_named(table, str(name))
        except UnknownName:
            if wish.table:
                raise
            continue
        unit = headers.match(table, re.sub(r"^[^（(]*", field, text))
        found[field].append(Feed(field, at, text, unit[1] if unit else ""))
    return {name: tuple(each) for name, each in found.items()}


def _newest(name: str, each: list[Feed]) -> tuple[list[Feed], str]:
    kept = max(each, key=lambda feed: (feed.year, -feed.at))
    left = "、".join(feed.header for feed in each if feed is not kept)
    return [kept], f"{name} 取最近的「{kept.header}」，没有用：{left}"


def _ranked(table: str, name: str, each: list[Feed]) -> list[Feed]:
    """Several headers of one field in the order in which the schema lists them, a fuller name before a shorter one."""
    columns = schema.table(table)
    order = [headers.normal(word) for word in columns[name].synonyms] if name in columns.names else []
    return sorted(each, key=lambda f: (order.index(headers.normal(f.header)) if headers.normal(f.header) in order else 99, f.at))


def _enough(table: str, feeds: Mapping[str, Sequence[Feed]]) -> bool:
    groups = headers.NEEDED.get(table) or tuple((c.name,) for c in schema.table(table).columns if c.required and c.synonyms)
    if not all(any(name in feeds for name in group) for group in groups):
        return False
    solid = [feed for each in feeds.values() for feed in each if not headers.is_weak(feed.header)]
    return bool(solid)


def _with_titles(found: Plan, grid: Grid) -> Plan:
    """Plan with notes on title rows above the header, and the unit they state for all amounts of money."""
    above = [clean(cell) for row in grid.cells[: found.first - found.span] for cell in row if cell.strip()]
    if not above or grid.headed:
        return found
    notes = (*found.notes, f"表头在第 {grid.numbers[found.first - found.span]} 行，上面的标题没有当数据")
    unit = next((m[1] for text in above if (m := _TITLE_UNIT.search(text))), "")
    if not unit:
        return replace(found, notes=notes)
    columns = schema.table(found.table)
    feeds = {
        name: tuple(
            replace(feed, unit=unit)
            if not feed.unit and name in columns.names and columns[name].unit and unit_size(unit, columns[name].unit) is not None
            else feed for feed in each)
        for name, each in found.feeds.items()
    }
    return replace(found, feeds=feeds, notes=(*notes, f"表上方写明单位 {unit}，没写单位的列按它换算"))


def unknown(grid: Grid, wish: Wish) -> InputError:
    """What to say of a sheet whose headers point to no table: its headers, near synonyms, the two ways out."""
    rows = [[clean(cell) for cell in row if cell.strip()] for row in grid.cells[:_LOOK]]
    seen = max(rows, key=len, default=[])[:40]
    tables = [wish.table] if wish.table else list(headers.RECOGNISED[:5])
    known = [word for table in tables for word in headers.fields(table)]
    near = {text: near_names(headers.normal(text), known, 2) for text in seen[:12]}
    hints = "；".join(f"「{text}」像「{'」「'.join(close)}」" for text, close in near.items() if close)
    needed = _needed(wish.table) if wish.table else ""
    return InputError(
        f"认不出这是哪张表{needed}。表头是：{'、'.join(text[:30] for text in seen) or '（没有）'}", where=grid.where,
        way_out=" ".join(filter(None, [
            f"{hints}。" if hints else "", "用 --map 列名=字段 指明一列是什么（如 --map 单位=企业名称），或用 --table 指明表："
            + "、".join(f"{name}（{schema.table(name).title}）" for name in headers.RECOGNISED[:5]),
        ])),
    )


def _needed(table: str) -> str:
    groups = headers.NEEDED.get(table) or tuple((c.name,) for c in schema.table(table).columns if c.required)
    columns = schema.table(table)
    labels = ["或".join(columns[name].label if name in columns.names else name for name in group) for group in groups]
    return f"：表 {table}（{columns.title}）至少要有 {'、'.join(labels)}"
