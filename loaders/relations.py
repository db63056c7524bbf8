"""Lists of relations: who makes what, who supplies whom, who holds which title; and the enterprises only they mention."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from chain import region, schema
from chain.identity import enterprise_id, normal_name
from loaders import enterprises, places, values
from loaders.headers import ABOUT
from loaders.rows import Cells, Rows, series

STATED_CONFIDENCE = 0.95
"""Belief in a MAKES that an officer's list states without saying how sure it is."""

_ORDINAL = r"(?:[A-Za-z]{1,2}\d{0,2}|\d{1,4}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸])"
_ONE = r"(?:[A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸])"
_KIND = (
    r"(?:供应商?|供货商|客户|客商|单位|公司|厂商|厂家|供方|自然人|个人|业主|法人|企业|经销商|采购商|销售商?|排名|品牌|商家|农户"
    r"|国外|国内)"
)
_ANONYMOUS = re.compile(
    rf"(?:(?:19|20)\d\d年?)?第{_ORDINAL}(?:大|名|位|家)?{_KIND}?|{_KIND}(?:第)?{_ORDINAL}(?:名|位|公司)?|.{{0,3}}(?:供应商|客户|单位|业主){_ONE}"
    rf"|{_ONE}{_KIND}|{_KIND}|{_ONE}|[A-Z]?\d{{1,6}}|.*(?:\*|×|某|(?<![A-Za-z])[Xx]{{2,}}(?![A-Za-z])).*|自然人.*|.姓|.的"
    r"|无|不适用|未披露|保密|不详|其他|其它|no\.?\d+|top\d+",
)
_CODE_LIKE = re.compile(r"(?=(?:.*\d){9})[0-9A-Z]{15,18}|\d(?:\.\d+)?E\+\d+")
_SEVERAL = re.compile(r"[、；;\n]")


@dataclass(frozen=True)
class Relation:
    """Frames of a sheet of relations: its own table and the enterprises it names."""

    frame: pd.DataFrame
    parties: pd.DataFrame


def is_anonymous(name: str) -> bool:
    """Whether a party's name hides who it is: numbered, masked or a natural person.

    >>> [is_anonymous(name) for name in ("第一名", "客户A", "江苏**电池有限公司", "（自然人）", "太原重工股份有限公司")]
    [True, True, True, True, False]
    """
    return bool(_ANONYMOUS.fullmatch(re.sub(r"[\s()\-—_【】\[\]]", "", values.plain(name))))


def read(rows: Rows, known: frozenset[str] = frozenset()) -> Relation:
    """Rows of ``makes``, ``titles`` or ``supplies``, and of ``enterprises`` for those that `known` does not name."""
    return _supplies(rows, known) if rows.table == "supplies" else _stated(rows, known)


def names_of(frame: pd.DataFrame) -> frozenset[str]:
    """Every id, stock code and name by which a list knows its enterprises."""
    found = set(frame["id"].dropna())
    found |= {normal_name(name) for name in frame["name"].dropna()}
    if "code" in frame:
        found |= {f"stock:{code}" for code in frame["code"].dropna()}
    return frozenset(found)


def _supplies(rows: Rows, known: frozenset[str]) -> Relation:
    table = schema.table("supplies")
    skip = {"supplier", "buyer", "source", "row"}
    columns = {c.name: rows.column(c.name, c) for c in table.columns if c.name not in skip and c.name in rows.plan.feeds}
    hidden = rows.column("anonymous") if "anonymous" in rows.plan.feeds else None
    sides: list[tuple[Cells, Cells]] = []
    for side, title in (("supplier", "供应商"), ("buyer", "采购商")):
        names, codes = rows.column(side, table[side]), rows.column(f"{side}_code")
        ids = _parties(rows, title, names, rows.column(f"{side}_uscc"), codes, hidden if side == _other(rows) else None)
        columns[side] = ids
        sides.append((ids, names))
    return Relation(rows.frame(columns), _mentioned(rows, sides, known))


def _other(rows: Rows) -> str:
    """Side that a list with a mark for anonymous parties hides: the one that is not the discloser."""
    return "supplier" if "supplier_name" in rows.plan.header else "buyer"


def _parties(rows: Rows, title: str, names: Cells, codes: Cells, stocks: Cells, hidden: Cells | None) -> Cells:
    ids: Cells = []
    for index, (name, code, stock) in enumerate(zip(names, codes, stocks, strict=True)):
        known = code is not None or stock is not None
        if hidden is not None and hidden[index] == "1" or (not known and name is not None and is_anonymous(str(name))):
            rows.reject_row(index, f"{title}是匿名的，不知道是哪家企业", "查到真名后填上；查不到就不用处理")
            ids.append(None)
            continue
        ids.append(_id(rows, index, title, name, code, stock))
    return ids


def _id(rows: Rows, index: int, title: str, name: object, code: object = None, stock: object = None) -> str | None:
    """Id of an enterprise that a relation names by name, code or id; None, and the row rejected, where it names none."""
    text = "" if name is None else str(name)
    if wrong := enterprises.too_long(text.removeprefix("name:"), f"{title}名称"):
        rows.reject_row(index, *wrong)
        return None
    if code is None and stock is None:
        bare = re.sub(r"\s", "", values.plain(text)).upper()
        if own := values.own_code(text):
            return own
        if re.fullmatch(r"(stock|name):.+", text):
            return text
        if re.fullmatch(r"\d{6}", bare):
            return f"stock:{bare}"
        if _CODE_LIKE.fullmatch(bare):
            rows.reject_row(index, f"{title}的代码不对：{values.uscc(bare).reason or '不是企业'}", "核对代码，或改填企业名称")
            return None
        if len([part for part in _SEVERAL.split(text) if len(part.strip()) > 1]) > 1:
            rows.reject_row(index, f"{title}一格里写了几家企业", "一行只写一家")
            return None
    found = enterprise_id(uscc=_str(code), code=_str(stock), name=text)
    if found is None or values.absent(text) and not (code or stock):
        rows.reject_row(index, f"没有{title}", f"补上{title}的名称或代码")
        return None
    return found


def _str(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _mentioned(rows: Rows, sides: list[tuple[Cells, Cells]], known: frozenset[str]) -> pd.DataFrame:
    """One row of ``enterprises`` for every party that has none of its own in the file, at its first mention."""
    found: dict[str, tuple[str, int]] = {}
    for index in range(len(rows)):
        if index in rows.dead:
            continue
        for ids, names in sides:
            own, name = str(ids[index]), names[index]
            named = name is not None and values.own_code(str(name)) is None and str(name) != own
            shown = str(name) if named else own.split(":", 1)[-1]
            if own not in found and own not in known and normal_name(shown) not in known:
                found[own] = (shown, rows.numbers[index])
    return _party_frame(rows.source, found)


def _party_frame(source: str, found: dict[str, tuple[str, int]]) -> pd.DataFrame:
    table = schema.table("enterprises")
    ids = list(found)
    codes = [places.of_name(name) for name, _ in found.values()]
    columns: dict[str, list[str | float | None]] = {
        "id": [*ids], "name": [name for name, _ in found.values()],
        "region": [*codes], "region_level": [region.level(code) if code is not None else None for code in codes],
        "uscc": [values.own_code(own) for own in ids],
        "code": [own[6:] if own.startswith("stock:") else None for own in ids],
        "entry": ["party"] * len(ids), "source": [source] * len(ids), "row": [row for _, row in found.values()],
    }
    return pd.DataFrame({name: series(table[name], cells) for name, cells in columns.items()})


def _stated(rows: Rows, known: frozenset[str]) -> Relation:
    table = schema.table(rows.table)
    skip = {"enterprise", "source", "row", *(name for name in ABOUT if name not in table.names)}
    columns = {c.name: rows.column(c.name, c) for c in table.columns if c.name not in skip and c.name in rows.plan.feeds}
    names, codes, stocks = rows.column("enterprise", table["enterprise"]), rows.column("uscc"), rows.column("code")
    columns["enterprise"] = [
        _id(rows, index, "企业", name, codes[index], stocks[index]) for index, name in enumerate(names)]
    if rows.table == "makes":
        _defaults(rows, columns)
    for name in ("product", "title"):
        if name in table.names:
            for index, cell in enumerate(columns[name]):
                if cell is None:
                    rows.reject_row(index, f"没有{table[name].synonyms[0]}", "补上后再载入")
    about = _about(rows, names, codes, stocks, columns["enterprise"])
    return Relation(rows.frame(columns), about[~about["id"].isin(known) & ~about["name"].map(normal_name).isin(known)])


def _defaults(rows: Rows, columns: dict[str, Cells]) -> None:
    """What an officer's list of products leaves unsaid: it is confirmed, stated by the list, and believed."""
    for name, value in (("state", "confirmed"), ("method", "stated"), ("confidence", STATED_CONFIDENCE)):
        columns[name] = [value if cell is None else cell for cell in columns.get(name, [None] * len(rows))]


def _about(rows: Rows, names: Cells, codes: Cells, stocks: Cells, ids: Cells) -> pd.DataFrame:
    """What a list says of its enterprises beside the relation: one row an enterprise, at its first mention."""
    table = schema.table("enterprises")
    facts = {name: rows.column(name, table[name]) for name in ("short_name", "address", "park") if name in rows.plan.feeds}
    facts["region"] = enterprises.regions(rows, facts.get("address"))
    facts["region_level"] = [region.level(str(code)) if code is not None else None for code in facts["region"]]
    seen: dict[str, int] = {}
    for index, own in enumerate(ids):
        if own is not None and index not in rows.dead:
            seen.setdefault(str(own), index)
    at = list(seen.values())
    shown = [names[index] if names[index] is not None else str(ids[index]).split(":", 1)[-1] for index in at]
    told = any(name in rows.plan.feeds for name in ABOUT)
    columns: dict[str, Cells] = {
        "id": [*seen], "name": shown, "uscc": [values.own_code(own) for own in seen],
        "code": [stocks[index] for index in at],
        **{name: [cells[index] for index in at] for name, cells in facts.items()},
        "entry": ["listed_row" if told else "party"] * len(at), "source": [rows.source] * len(at),
        "row": [float(rows.numbers[index]) for index in at],
    }
    return pd.DataFrame({name: series(table[name], cells) for name, cells in columns.items()})
