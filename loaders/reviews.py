"""Review sheets: doubtful links and enterprises that may be one, written for a person to decide and read back as decisions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from chain.errors import InputError
from chain.tables import Tables
from loaders import values
from loaders.books import Field, shown, writing
from loaders.dating import date_notes
from loaders.files import Grid, load
from loaders.reading import Loaded
from loaders.similar import similar_enterprises
from loaders.workbooks import sheets

__all__ = [
    "CONFIRMED", "is_review", "read_link_review", "read_same_review", "review_kind", "similar_enterprises", "write_link_review",
    "write_same_review",
]

CONFIRMED = 0.98
"""Confidence of a link that a person confirmed."""

LINKS = (
    Field("企业编号", given=True, width=22), Field("企业名称", given=True, width=30), Field("产品", given=True, width=18),
    Field("建议状态", given=True, width=10),
    Field("认定", choices=("确认", "排除", "待定"), needed=True, hint="确认：确实生产；排除：不生产；待定：留给下一次"),
    Field("匹配词与原文", given=True, width=60), Field("置信度", "number", given=True, width=9), Field("复核人", width=12),
    Field("复核日期", "date", width=12),
)
SAME = (
    Field("企业甲编号", given=True, width=22), Field("企业甲", given=True, width=30), Field("企业乙编号", given=True, width=22),
    Field("企业乙", given=True, width=30), Field("相似度", "number", given=True, width=9), Field("依据", given=True, width=36),
    Field("认定", choices=("同一家", "不是", "待定"), needed=True, hint="同一家：以后作一家企业；不是：是两家；待定：留给下一次"),
    Field("复核人", width=12), Field("复核日期", "date", width=12),
)
_SUGGESTED = "待复核"
_LINK_WORDS = {
    "确认": "confirmed", "已确认": "confirmed", "是": "confirmed", "排除": "rejected", "已排除": "rejected", "否": "rejected",
}
_SAME_WORDS = {"同一家": "same", "不是": "different"}
_OPEN = frozenset(["", "待定", "待复核"])
_GUIDE = (
    ("认定", "只填这一列，从下拉列表选；留空或选“待定”的行不产生任何结果，下次仍会列出"),
    ("复核人、复核日期", "写上，以后查得到是谁在什么时候定的；同一条有先后两次认定时，以日期晚的为准"),
    ("灰色的列", "请不要改动，载入时靠企业编号和产品认出是哪一条"),
    ("怎样载入", "填好后按普通文件载入即可，表头会被认出来"),
)


def is_review(headers: Iterable[str]) -> str | None:
    """``links`` or ``same`` if a sheet with these headers is a review sheet, else None.

    >>> is_review(["企业编号", "产品", "认定", "备注"]), is_review(["企业甲编号", "企业乙编号", "认定"])
    ('links', 'same')
    """
    known = {header.strip() for header in headers}
    if {"企业甲编号", "企业乙编号", "认定"} <= known:
        return "same"
    return "links" if {"企业编号", "产品", "认定"} <= known else None


def review_kind(path: str | Path) -> str | None:
    """``links`` or ``same`` if a file holds a review sheet, else None; also None for what can't be read."""
    try:
        data = Path(path).read_bytes()
        return next((kind for kind in ("links", "same") if _places(str(path), data, kind)), None)
    except (OSError, InputError):
        return None


def write_link_review(
    makes: pd.DataFrame, enterprises: pd.DataFrame, products: pd.DataFrame, path: str | Path, *, replace: bool = False
) -> int:
    """How many doubtful links were written to a review workbook, by enterprise and product.

    Parameters
    ----------
    makes, enterprises, products
        The tables; of `makes` the rows in state ``review`` are taken. One enterprise and product make one row, the most
        confident; all their evidence is shown.

    Raises
    ------
    OutputError
        If the file is there and not to be replaced, or can't be written.
    """
    firms = dict(zip(enterprises["id"].tolist(), enterprises["name"].tolist(), strict=True))
    goods = dict(zip(products["id"].tolist(), products["name"].tolist(), strict=True))
    doubtful = makes[makes["state"] == "review"]
    grouped: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    columns = (doubtful[name].tolist() for name in ("enterprise", "product", "confidence", "evidence"))
    for enterprise, product, confidence, evidence in zip(*columns, strict=True):
        grouped[enterprise, product].append((-confidence if confidence == confidence else 1.0, shown(evidence)))
    rows = [_doubt(pair, sorted(found), firms, goods) for pair, found in sorted(grouped.items())]
    _write(path, "关联复核", LINKS, rows, replace=replace)
    return len(rows)


def _doubt(
    pair: tuple[str, str], found: list[tuple[float, str]], firms: dict[str, str], goods: dict[str, str]
) -> tuple[object, ...]:
    """Row of one doubtful link: the highest confidence (negative in `found`, 1 for none), all evidence."""
    enterprise, product = pair
    name = goods.get(product, product)
    words = [f"产品名称：{name}"] * (name != product) + [text for _, text in found if text]
    best = found[0][0]
    return (
        shown(enterprise), shown(firms.get(enterprise)), shown(product), _SUGGESTED, "",
        shown("\n".join(dict.fromkeys(words))), -best if best <= 0 else None, "", None,
    )


def write_same_review(pairs: pd.DataFrame, path: str | Path, *, replace: bool = False) -> int:
    """How many pairs of enterprises that may be one were written to a review workbook, in the order given.

    Parameters
    ----------
    pairs
        As `similar_enterprises` gives them.

    Raises
    ------
    OutputError
        If the file is there and not to be replaced, or can't be written.
    """
    columns = (pairs[name].tolist() for name in ("enterprise", "name", "other", "other_name", "likeness", "basis"))
    rows = [
        (shown(one), shown(name), shown(two), shown(other), round(likeness, 4), shown(basis), "", "", None)
        for one, name, two, other, likeness, basis in zip(*columns, strict=True)
    ]
    _write(path, "同一企业复核", SAME, rows, replace=replace)
    return len(rows)


def _write(path: str | Path, title: str, fields: Sequence[Field], rows: list[Any], *, replace: bool) -> None:
    with writing(path, replace=replace) as book:
        book.form(title, fields, rows)
        book.page("填表说明", ("栏目名", "怎么填"), [(name, f"• {text}") for name, text in _GUIDE], (24, 80))


def read_link_review(path: str | Path, *, now: str, as_of: str | None = None) -> Loaded:
    """What a person decided on doubtful links: rows of table ``makes``, method ``review``.

    Parameters
    ----------
    path
        Workbook or text file with the headers 企业编号, 产品 and 认定.
    now
        ISO time of the load, UTC.
    as_of
        ISO date the decisions hold for; not known where None.

    Returns
    -------
    Loaded
        确认 (or 是) gives state confirmed with confidence 0.98, 排除 (or 否) state rejected with confidence 0; 待定 and empty give no
        row and count as merged, for nothing changes. Unknown words, missing ids and one pair decided both ways on one day are rejects.

    Raises
    ------
    InputError
        If the file can't be read or holds no such sheet.
    """
    return _read(path, "links", "makes", ("企业编号", "产品"), _LINK_WORDS, _make, now, as_of)


def read_same_review(path: str | Path, *, now: str, as_of: str | None = None) -> Loaded:
    """What a person decided on pairs of enterprises: rows of table ``same``.

    Parameters and errors are those of `read_link_review`; the headers are 企业甲编号, 企业乙编号 and 认定.
    """
    return _read(path, "same", "same", ("企业甲编号", "企业乙编号"), _SAME_WORDS, _same, now, as_of)


@dataclass
class _Sheet:
    """A review sheet while it is read."""

    table: str
    source: str
    header: list[str]
    rows_in: int = 0
    merged: int = 0
    rejected: int = 0
    rejects: list[dict[str, object]] = field(default_factory=list)

    def cell(self, row: list[str], name: str) -> str:
        at = self.header.index(name) if name in self.header else -1
        return values.clean(row[at]) if 0 <= at < len(row) else ""

    def say(self, number: int, column: str, value: str, reason: str, way_out: str) -> None:
        self.rejects.append({"table": self.table, "column": column, "value": value, "reason": reason, "way_out": way_out,
                             "source": self.source, "row": number})


def _read(
    path: str | Path, kind: str, table: str, keys: tuple[str, str], words: dict[str, str],
    make: Callable[[_Sheet, list[str], str], dict[str, object]], now: str, as_of: str | None,
) -> Loaded:
    file = load(str(path), Path(path))
    grid, top = _find(file.name, file.data, kind)
    source = hashlib.sha256(f"{file.digest}\0{grid.sheet}\0{kind}\0{as_of}".encode()).hexdigest()[:12]
    sheet = _Sheet(table, source, [values.clean(cell) for cell in grid.cells[top]])
    decided: dict[tuple[str, str, str], list[tuple[int, dict[str, object]]]] = defaultdict(list)
    for number, row in zip(grid.numbers[top + 1:], grid.cells[top + 1:], strict=True):
        if not any(values.clean(cell) for cell in row):
            continue
        sheet.rows_in += 1
        given = _decision(sheet, number, row, keys, words)
        if given is not None:
            entry = {**make(sheet, row, given), **_signature(sheet, number, row), "source": source, "row": number}
            ends = [sheet.cell(row, key) for key in keys]
            ends = sorted(ends) if kind == "same" else ends  # which of the two stands first means nothing
            decided[ends[0], ends[1], str(entry["decided_on"] or "")].append((number, entry))
    for bad in grid.bad:
        sheet.rows_in += 1
        sheet.rejected += 1
        sheet.say(bad.row, "", bad.value, bad.reason, bad.way_out)
    rows = _agreed(sheet, decided, "decision" if kind == "same" else "state")
    frames: dict[str, list[dict[str, object]]] = {table: rows, "rejects": sheet.rejects, "sources": [{
        "id": source, "origin": file.origin(grid.sheet), "file": file.name, "sheet": grid.sheet, "kind": "review",
        "as_of": as_of, "loaded_at": now, "batch": now, "rows": sheet.rows_in,
    }]}
    counts = pd.DataFrame([{
        "file": file.name, "sheet": grid.sheet, "table": table, "rows_in": sheet.rows_in,
        "loaded": sheet.rows_in - sheet.merged - sheet.rejected, "merged": sheet.merged, "rejected": sheet.rejected,
    }]).astype({"file": "str", "sheet": "str", "table": "str"})
    tables = Tables({name: pd.DataFrame(each) for name, each in frames.items() if each})
    undated = any(row["decided_on"] is None for row in rows)
    dating = date_notes(as_of, now) if as_of or undated else ()
    return Loaded(tables, counts, (*_told(grid, sheet, len(rows)), *dating))


def _find(name: str, data: bytes, kind: str) -> tuple[Grid, int]:
    """The review sheet of a workbook or text file, and the index of its header."""
    for grid, at in _places(name, data, kind):
        return grid, at
    wanted = LINKS if kind == "links" else SAME
    raise InputError("这不是复核表", where=name, way_out=f"表头应有：{'、'.join(one.header for one in wanted)}")


def _places(name: str, data: bytes, kind: str) -> list[tuple[Grid, int]]:
    """Sheets of this kind, each with the index of its header, which is among the first ten rows."""
    from loaders.texts import decode, table

    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        grids = sheets(name, data)
    else:
        grids = [table(name, *decode(name, data), lambda rows: float(any(is_review(row) for row in rows)))]
    return [(grid, at) for grid in grids for at, row in enumerate(grid.cells[:10]) if is_review(row) == kind]


def _decision(sheet: _Sheet, number: int, row: list[str], keys: tuple[str, str], words: dict[str, str]) -> str | None:
    """The decision of one row; None where there is none, which is counted, or where it can't be used, which is reported."""
    given = sheet.cell(row, "认定")
    if given in _OPEN:
        sheet.merged += 1
        return None
    missing = [key for key in keys if not sheet.cell(row, key)]
    if given not in words:
        sheet.say(number, "认定", given, f"不认识的认定「{given[:20]}」", f"只认 {_allowed(sheet.table)}；从下拉列表里选")
    elif missing:
        sheet.say(number, missing[0], "", f"缺少{missing[0]}，不知道认定的是哪一条", "重新导出复核表，不要改动灰色的列")
    elif sheet.table == "same" and sheet.cell(row, keys[0]) == sheet.cell(row, keys[1]):
        sheet.say(number, keys[1], sheet.cell(row, keys[1]), "两个编号相同", "重新导出复核表，不要改动灰色的列")
    else:
        return words[given]
    sheet.rejected += 1
    return None


def _allowed(table: str) -> str:
    """The words of 认定, as a person is told them."""
    return "、".join(next(one.choices for one in (SAME if table == "same" else LINKS) if one.header == "认定"))


def _signature(sheet: _Sheet, number: int, row: list[str]) -> dict[str, object]:
    written = sheet.cell(row, "复核日期")
    day = values.date(written)
    if day.reason:
        sheet.say(number, "复核日期", written, day.reason, f"{day.way_out}；认定已载入，日期留空")
    return {"decided_by": sheet.cell(row, "复核人") or None, "decided_on": day.value}


def _make(sheet: _Sheet, row: list[str], state: str) -> dict[str, object]:
    return {
        "enterprise": sheet.cell(row, "企业编号"), "product": sheet.cell(row, "产品"), "state": state, "method": "review",
        "confidence": CONFIRMED if state == "confirmed" else 0.0, "evidence": _signed(sheet, row, state),
    }


def _signed(sheet: _Sheet, row: list[str], state: str) -> str:
    """What was shown, and who decided what when, so that it is read wherever the link is explained."""
    when = values.date(sheet.cell(row, "复核日期")).value
    who = " ".join(str(part) for part in (sheet.cell(row, "复核人") or "未署名", when or "日期未写") if part)
    decision = f"人工复核{'确认' if state == 'confirmed' else '排除'}（{who}）"
    return "；".join(filter(None, [sheet.cell(row, "匹配词与原文"), decision]))


def _same(sheet: _Sheet, row: list[str], decision: str) -> dict[str, object]:
    one, two = sorted((sheet.cell(row, "企业甲编号"), sheet.cell(row, "企业乙编号")))
    return {"enterprise": one, "other": two, "decision": decision}


def _agreed(
    sheet: _Sheet, decided: dict[tuple[str, str, str], list[tuple[int, dict[str, object]]]], column: str
) -> list[dict[str, object]]:
    """One row a pair and day; where a pair is decided both ways on one day, none, and all those rows are rejected."""
    rows = []
    for (one, two, day), found in decided.items():
        if len({entry[column] for _, entry in found}) > 1:
            way_out = "留下对的一行" if day else "留下对的一行，或写上复核日期"
            for number, _ in found:
                sheet.say(number, "认定", f"{one} / {two}", "同一条在同一天有两种认定", way_out)
            sheet.rejected += len(found)
        else:
            rows.append(found[0][1])
            sheet.merged += len(found) - 1
    return rows


def _told(grid: Grid, sheet: _Sheet, decided: int) -> tuple[str, ...]:
    rest = f"{sheet.merged} 行待定、留空或重复，{sheet.rejected} 行未用"
    return (*grid.notes, f"{grid.where}：{sheet.rows_in} 行里 {decided} 条有认定，{rest}")
