"""Lists of enterprises: who each row is, where it lies, and which rows say the same twice."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from chain import region, schema
from chain.identity import enterprise_id, normal_name
from chain.tables import join
from loaders import places, values
from loaders.rows import Cells, Rows

LEVELS = ("province", "city", "county")
"""Fields that hold one level of a region each."""

LONGEST_NAME = 200
"""Characters beyond which a text is not the name of an enterprise."""

_DELISTED = "delisted"
"""Status that a shipped mapping gives a company without a listing: it may well go on, so it becomes unknown with a note."""

_OWN_FORMS = ("stock:", "name:")
_COMPUTED = frozenset(["id", "region", "region_level", "original", "entry", "source", "row"])


def read(rows: Rows) -> pd.DataFrame:
    """Rows of table ``enterprises``, repeats included, index 0, 1, …"""
    table = schema.table("enterprises")
    columns: dict[str, Cells] = {
        column.name: rows.column(column.name, column)
        for column in table.columns
        if column.name not in _COMPUTED and column.name in rows.plan.feeds
    }
    names = columns.setdefault("name", [None] * len(rows))
    for index, name in enumerate(names):
        if name is None or values.absent(str(name)):
            rows.reject_row(index, "没有企业名称", "补上企业名称")
        elif wrong := too_long(str(name)):
            rows.reject_row(index, *wrong)
        elif region.is_name(str(name).strip()):
            rows.reject_row(index, "企业名称是行政区名", "这一行不是企业；若是地区名单就不用载入，若是企业请写全称")
    columns["region"] = _by_name(rows, regions(rows, columns.get("address")), names)
    columns["region_level"] = [_level(code) for code in columns["region"]]
    columns["id"] = identify(rows, columns)
    columns["entry"] = rows.column("entry", table["entry"]) if "entry" in rows.plan.feeds else []
    columns["entry"] = [cell or "listed_row" for cell in columns["entry"] or [None] * len(rows)]
    _delisted(rows, columns)
    columns["original"] = rows.written()
    return rows.frame(columns)


def too_long(name: str, what: str = "企业名称") -> tuple[str, str] | None:
    """Why a text can't be a name, with the way out; None for a usable one."""
    if len(name) <= LONGEST_NAME:
        return None
    return f"{what}有 {len(name)} 字，超过 {LONGEST_NAME} 字，不是名称", "只写企业名称；多半是几列或几行并成了一格，分开后再载入"


def _delisted(rows: Rows, columns: dict[str, Cells]) -> None:
    """Status and note of companies that have left the exchange; only mappings that know of listings feed these."""
    blank: Cells = [None] * len(rows)
    states, days = columns.get("status", blank), rows.column("delist_date")
    gone = [state == _DELISTED or day is not None for state, day in zip(states, days, strict=True)]
    if not any(gone):
        return
    told = [f"已退市（{day}）" if day else "已退市" for day in days]
    columns["status"] = ["unknown" if out else state for out, state in zip(gone, states, strict=True)]
    columns["note"] = [
        join([str(note or ""), text]) if out else note
        for out, note, text in zip(gone, columns.get("note", blank), told, strict=True)]


def regions(rows: Rows, addresses: Cells | None = None) -> Cells:
    """Region of every row: from a code, else names, else the address, which may also tell it closer; bad cells become rejects."""
    feeds = rows.plan.feeds.get("region", ())
    levels = [feed for name in LEVELS for feed in rows.plan.feeds.get(name, ())[:1]]
    texts = [rows.texts(feed) for feed in (*feeds, *levels)]
    found: Cells = []
    for index in range(len(rows)):
        cells = [column[index] for column in texts]
        place = places.find(tuple(cells[: len(feeds)]), tuple(cells[len(feeds):])) if any(cells) else places.Found(None)
        for at, reason, way_out in place.faults:
            rows.reject_cell(index, (*feeds, *levels)[at].header, cells[at], reason, way_out)
        if place.faults:
            rows.misplaced.add(index)
        code = place.code
        if not place.faults and addresses and addresses[index]:
            address = str(addresses[index])
            code = places.of_address(address) if code is None else places.refined(code, address)
        found.append(None if code == region.CHINA else code)
    return found


def _by_name(rows: Rows, codes: Cells, names: Cells) -> Cells:
    """Regions, and where none is written the one that the registered name begins with; a place that can't be used is not replaced."""
    found = [
        code if code is not None or name is None or index in rows.misplaced else places.of_name(str(name))
        for index, (code, name) in enumerate(zip(codes, names, strict=True))]
    count = sum(before is None and after is not None for before, after in zip(codes, found, strict=True))
    if count:
        rows.notes[f"{count} 家企业没有写所在地，按企业名称开头的地名定到省或市"] += 1
    return found


def _level(code: object) -> str | None:
    return region.level(str(code)) if code is not None else None


def identify(rows: Rows, columns: dict[str, Cells]) -> Cells:
    """Ids of the rows; one name without code in regions that exclude each other becomes as many ids ``name:NAME@REGION``."""
    blank: Cells = [None] * len(rows)
    given = rows.column("id", schema.table("enterprises")["id"]) if "id" in rows.plan.feeds else blank
    found: Cells = []
    for own, code, stock, name in zip(
        given, columns.get("uscc", blank), columns.get("code", blank), columns["name"], strict=True
    ):
        if code is None and own is not None and str(own).startswith(_OWN_FORMS):
            found.append(own)
        elif code is None and own is not None and (known := values.own_code(str(own))):
            found.append(known)
        else:
            found.append(enterprise_id(uscc=_text(code), code=_text(stock), name=_text(name)))
    if any(own is not None and own != code for own, code in zip(given, found, strict=True)):
        rows.notes["企业编号不是统一社会信用代码，没有用作标识"] += 1
    _shared_codes(found, columns["name"], rows)
    return _parted(found, columns["region"], rows)


def _shared_codes(ids: Cells, names: Cells, rows: Rows) -> None:
    """A note on every code under which the list has more than one name: both rows stay, as two accounts of one enterprise."""
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for index, (own, name) in enumerate(zip(ids, names, strict=True)):
        if own is not None and name is not None and not str(own).startswith("name:") and index not in rows.dead:
            seen[str(own)].setdefault(normal_name(str(name)), rows.numbers[index])
    for own, places_of in seen.items():
        if len(places_of) > 1:
            told = "、".join(f"{name}（第 {row} 行）" for name, row in places_of.items())
            rows.notes[f"代码 {own.removeprefix('stock:')} 下有不止一个名称：{told}；作为同一家企业的不同说法保留，请核对代码"] += 1


def _parted(ids: Cells, codes: Cells, rows: Rows) -> Cells:
    """Ids with a region behind the name where rows of one name lie in regions that exclude each other."""
    seen: dict[str, set[str]] = defaultdict(set)
    for index, (own, code) in enumerate(zip(ids, codes, strict=True)):
        if code is not None and index not in rows.dead and str(own).startswith("name:"):
            seen[str(own)].add(str(code))
    apart = {own for own, all_codes in seen.items() if len(all_codes) > 1 and not _nested(all_codes)}
    if not apart:
        return ids
    rows.notes[f"{len(apart)} 个名称在不同地区各有一家而没有信用代码，按地区分成不同企业"] += 1
    return [f"{own}@{code}" if own in apart and code is not None else own for own, code in zip(ids, codes, strict=True)]


def _nested(codes: set[str]) -> bool:
    """Whether regions lie one in the other, so that they may be said of one enterprise."""
    widest_first = sorted(codes, key=lambda code: (region.LEVELS.index(region.level(code)), code))
    return all(region.contains(outer, inner) for outer, inner in zip(widest_first, widest_first[1:], strict=False))


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)
