"""What a request may say: every parameter checked before anybody is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from viz.text import clean
from viz.web.desk import Asked, Page, Plain

MOST_TEXT, MOST_IDS, MOST_ID, MOST_BODY, MOST_STATE, MOST_PLACE, MOST_NAME = 40, 600, 200, 1_000_000, 20_000, 80, 60
"""Longest search text; most ids in a request; longest id; longest body in bytes; longest state of a view, name of a place and of a scenario."""

MOST_OFFSET, MOST_FIRMS = 1_000_000, 50
"""How far into a list one may ask; most enterprises that come or leave, and most products of one that comes."""

REFERENCE = 400
"""Longest id of a gap or target."""


class Refused(Exception):
    """A request that is not answered, with the HTTP status and what to say."""

    def __init__(self, status: int, error: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.error, self.message, self.hint = status, error, message, hint


def wrong(name: str, message: str, hint: str = "") -> Refused:
    """A parameter that can't be used."""
    return Refused(400, "bad_parameter", f"参数 {name} {message}", hint)


def text(values: Mapping[str, Any], name: str, *, most: int = MOST_ID, default: str | None = None, least: int = 0) -> str:
    """A text without control characters, blanks around it left out."""
    found = values.get(name, default)
    if found is None:
        raise wrong(name, "缺少")
    if not isinstance(found, str) or len(found) > most:
        raise wrong(name, f"应为不超过 {most} 个字符的文字")
    if re.search("[\x00-\x1f\x7f\ud800-\udfff]", found):
        raise wrong(name, "含有控制字符")
    if len(found.strip()) < least:
        raise wrong(name, "不能为空")
    return found.strip()


def number(values: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """A whole number between two bounds."""
    found = values.get(name, default)
    digits = isinstance(found, str) and re.fullmatch(r"\d{1,7}", found, re.ASCII)
    if isinstance(found, bool) or not (isinstance(found, int) or digits) or not low <= int(found) <= high:
        raise wrong(name, f"应为 {low} 到 {high} 的整数")
    return int(found)


def choice(values: Mapping[str, Any], name: str, among: tuple[str, ...], default: str = "") -> str:
    """One of some words."""
    found = text(values, name, default=default)
    if found not in among:
        raise wrong(name, f"应为 {'、'.join(word or '空' for word in among)} 之一")
    return found


def ids(values: Mapping[str, Any], name: str = "ids", *, needed: bool = True, most: int = MOST_ID) -> list[str]:
    """A list of ids, each once."""
    found = values.get(name, None if needed else [])
    if not isinstance(found, list):
        raise wrong(name, "应为列表")
    if len(found) > MOST_IDS:
        raise Refused(413, "too_many", f"{name} 应为不超过 {MOST_IDS} 个编号的列表")
    return list(dict.fromkeys(text({name: each}, name, least=1, most=most) for each in found))


def asked(values: Mapping[str, Any], chain: str | None = None) -> Asked:
    """Chain, place and day of a request."""
    day = text(values, "as_of", default="", most=10)
    if day and not _is_day(day):
        raise wrong("as_of", "应为日期", "写成 2026-06-30 的样子")
    return Asked(chain if chain is not None else text(values, "chain", least=1), text(values, "region", most=MOST_PLACE, least=1), day)


def known_only(names: Iterable[str], among: Collection[str]) -> None:
    """Refuse parameters that nobody reads, or that are given twice: what was meant by them would be lost in silence."""
    seen: set[str] = set()
    for name in names:
        if name not in among:
            near = get_close_matches(name, among, 1)
            usable = f"可用：{'、'.join(among)}" if among else "这里不用参数"
            raise wrong(clean(name)[:MOST_TEXT], "这里没有", f"是不是 {near[0]}？" if near else usable)
        if name in seen:
            raise wrong(name, "写了两遍", "只写一遍")
        seen.add(name)


def page(values: Mapping[str, Any], most: int) -> Page:
    """Which part of a list."""
    return Page(number(values, "offset", 0, 0, MOST_OFFSET), number(values, "limit", min(50, most), 1, most))


def body(content: bytes) -> Plain:
    """The object in the body of a request."""
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_body", "请求体不是 JSON") from error
    if not isinstance(found, dict):
        raise Refused(400, "bad_body", "请求体应为 JSON 对象")
    return found


def scenario(values: Mapping[str, Any]) -> Plain:
    """Who comes and who leaves."""
    arrivals, departures = (_some(values, name) for name in ("arrivals", "departures"))
    leaving = [text({"departures": each}, "departures", least=1) for each in departures]
    return {"arrivals": [_arrival(each) for each in arrivals], "departures": leaving}


def _some(values: Mapping[str, Any], name: str) -> list[Any]:
    found = values.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_FIRMS:
        raise wrong(name, f"应为不超过 {MOST_FIRMS} 项的列表")
    return found


def _arrival(given: object) -> Plain:
    if not isinstance(given, dict):
        raise wrong("arrivals", "的每一项应为对象")
    name, firm = text(given, "name", most=MOST_PLACE, default=""), text(given, "id", default="")
    if not name and not firm:
        raise wrong("arrivals", "的每一项要有 name 或 id")
    products = [text({"products": each}, "products", least=1) for each in _some(given, "products")]
    return {"name": name, "id": firm, "products": list(dict.fromkeys(products))}


def _is_day(day: str) -> bool:
    from datetime import date

    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII)) and date.fromisoformat(day).year >= 1900
    except ValueError:
        return False


def _each_once(pairs: list[tuple[str, Any]]) -> Plain:
    names = [name for name, _ in pairs]
    known_only(names, names)
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(name)
