"""Which column of the schema a header means: synonyms in normal form, units in brackets, years in front."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chain import schema
from chain.errors import UnknownName
from loaders.figures import is_foreign, unit_size

RECOGNISED = (
    "enterprises", "makes", "supplies", "titles", "parks", "products", "inputs", "kinds", "upgrades", "byproducts", "regions",
    "industries", "same", "chain_products", "stages", "chains",
)
"""Tables that headers can point to, the likelier first where two fit equally well."""

NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "enterprises": (("name", "uscc"),),
    "makes": (("enterprise", "uscc", "code"), ("product",)),
    "titles": (("enterprise", "uscc", "code"), ("title",)),
    "supplies": (("supplier", "supplier_uscc", "supplier_code"), ("buyer", "buyer_uscc", "buyer_code")),
    "parks": (("name",),),
    "products": (("name",),),
    "inputs": (("input",), ("product",)),
    "regions": (("code", "name"), ("expected_enterprises",)),
}
"""Columns without which a sheet is not that table: of every group at least one. Else all required columns of the schema."""

ABOUT = ("short_name", "uscc", "code", "region", "province", "city", "county", "address", "park")
"""What a list of products or titles may also say of the enterprises in it."""

_REGION = {
    "province": "省;省份;所在省;所在省份;所属省份;省级;省（自治区、直辖市）;province",
    "city": "市;城市;地市;地级市;所在市;所属市;所在城市;所属城市;所属地市;市州;地市州;市级;city",
    "county": "县;区;旗县;所属区县;所属县区;县级;区（县）;区（市、县）;县（区）;区/县;县/区;county",
}
_PARTIES = {
    "supplier_uscc": "供应商统一社会信用代码;供应商信用代码;供方统一社会信用代码",
    "supplier_code": "供应商代码;供应商股票代码;供方代码;supplier_code",
    "buyer_uscc": "采购商统一社会信用代码;客户统一社会信用代码;客户信用代码;需方统一社会信用代码",
    "buyer_code": "采购商代码;客户代码;客户股票代码;需方代码;buyer_code",
}
_WEAK = frozenset(["名称", "name", "代码", "code"])
_REMARK = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_TAIL = re.compile(r"[/:,_]([^/:,_]+)$")
_YEAR = re.compile(r"^((?:19|20)\d\d)(年度|年末|年底|年)")


@dataclass(frozen=True)
class Feed:
    """One header that fills one field: where it stands (-1: nowhere, `constant` instead), its unit, words it translates."""

    name: str
    at: int
    header: str
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    constant: str = ""
    year: int = 0


@dataclass(frozen=True)
class Shipped:
    """A shipped mapping: which headers are its signature, and what feeds what."""

    name: str
    table: str
    signature: frozenset[str]
    rows: tuple[dict[str, str], ...]


def normal(header: str) -> str:
    """Header without what changes nothing: width, case, blanks, stars, colons at the end.

    >>> normal("* 注册资本 （万元）：")
    '注册资本(万元)'
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).casefold()
    return text.strip("*★:#'\"")


@cache
def fields(table: str) -> dict[str, str]:
    """Fields by header in normal form: columns of the schema under their names and synonyms, and what loaders combine."""
    found: dict[str, str] = {}
    for column in schema.table(table).columns:
        if column.name in schema.PROVENANCE:
            continue
        for word in (column.name, *column.synonyms):
            found.setdefault(normal(word), column.name)
    if table in ("makes", "titles"):
        _add_about(found)
    if table in ("enterprises", "makes", "titles"):
        _add(found, _REGION)
    if table == "supplies":
        _add(found, _PARTIES)
    return found


def _add(found: dict[str, str], more: Mapping[str, str]) -> None:
    for name, words in more.items():
        for word in words.split(";"):
            found.setdefault(normal(word), name)


def _add_about(found: dict[str, str]) -> None:
    enterprises = schema.table("enterprises")
    for word in enterprises["uscc"].synonyms:
        found[normal(word)] = "uscc"
    for word in enterprises["name"].synonyms:
        if normal(word) not in _WEAK:
            found.setdefault(normal(word), "enterprise")
    for name in ABOUT:
        if name in enterprises.names:
            for word in (name, *enterprises[name].synonyms):
                found.setdefault(normal(word), name)


def field_named(table: str, name: str) -> str:
    """The field that a person means by a schema column, or one of its Chinese headers; Raises `UnknownName`."""
    known = fields(table)
    if (found := known.get(normal(name))) is None:
        raise UnknownName(f"字段（表 {table}）", name, known, way_out="写成 --map 列名=字段")
    return found


def some_field(name: str, table: str | None) -> None:
    """Raise `UnknownName` unless a name is a field of the table, or of any recognised one where none is given."""
    if table:
        field_named(table, name)
    elif not any(normal(name) in fields(other) for other in RECOGNISED):
        known = {word for other in RECOGNISED[:4] for word in fields(other)}
        raise UnknownName("字段", name, known, way_out="写成 --map 列名=字段，字段如 企业名称、注册资本、所在地、主营产品")


def match(table: str, header: str) -> tuple[str, str, int] | None:
    """Field, unit and year that a header means in a table; None if nothing.

    >>> match("enterprises", "2023年营业收入（亿元）"), match("enterprises", "县（市、区）"), match("enterprises", "心情")
    (('revenue', '亿元', 2023), ('region', '', 0), None)
    """
    text = normal(header)
    known = fields(table)
    if text in known:
        return known[text], _implied(text), 0
    year = 0
    if found := _YEAR.match(text):
        year, text = int(found[1]), text[found.end():]
    for bare, remarks in ((text, []), (_REMARK.sub("", text), _REMARK.findall(text)), (_TAIL.sub("", text), _TAIL.findall(text))):
        bare = bare.strip("*★:")
        if (name := known.get(bare)) is not None:
            return name, _unit(table, name, remarks) or _implied(bare), year
    return None


def _implied(text: str) -> str:
    """Unit in the ending of an English header, as data exports write them."""
    return {"_pct": "%", "_wan": "万元", "_yi": "亿元"}.get(text[text.rfind("_"):], "") if "_" in text else ""


def _unit(table: str, name: str, remarks: list[str]) -> str:
    columns = schema.table(table)
    if name not in columns.names or columns[name].dtype not in ("float64", "Int64"):
        return ""
    for remark in remarks:
        unit = re.sub(r"^单位:?|/年$|每年$", "", remark)
        if unit and (unit_size(unit, columns[name].unit) is not None or is_foreign(unit)):
            return unit
    return ""


def is_weak(header: str) -> bool:
    """Whether a header says too little to recognise a table by it alone."""
    return normal(header) in _WEAK


@cache
def mappings() -> tuple[Shipped, ...]:
    """The shipped mappings, by name."""
    found = []
    for path in sorted((Path(__file__).parent / "mappings").glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows = tuple(csv.DictReader(file))
        signature = frozenset(row["header"] for row in rows if row["signature"])
        found.append(Shipped(path.stem, rows[0]["table"], signature, rows))
    return tuple(found)


def words(text: str) -> dict[str, str]:
    """Translations written as ``L=active;D=unknown``."""
    return dict(pair.split("=", 1) for pair in text.split(";") if "=" in pair)
