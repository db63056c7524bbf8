"""The region that the cells of one row name: by code, else by names from the province down, else by the address."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from chain import region
from chain.errors import UnknownName
from chain.identity import is_full_name
from loaders.values import Value, absent, plain

_WAY_OUT = "写省市县全称（山西省太原市小店区）或六位代码（140105）"
_NOT_PLACES = frozenset([
    "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级", "本级", "市本级", "市直", "省直", "县直",
])
"""What stands in a column of places without naming one."""

_SHORT = 6
"""Characters up to which an unknown name is looked up for near ones."""

_SUFFIX = re.compile(r"(省|市|区|县|旗|盟|地区|林区|特别行政区|.*自治[区州县旗])?")
_SEPARATORS = re.compile(r"[\s\-—–>→|·,，、/\\]+")
_BRACKETS = re.compile(r"[（(]([^（）()]{2,12})[）)]")
_NEXT = re.compile(r".{1,10}?(?:自治区|自治州|自治县|自治旗|地区|[省市县区旗盟])")


class Found(NamedTuple):
    """A region code, or None; and which of the given parts could not be used, with the reason and the way out."""

    code: str | None
    faults: tuple[tuple[int, str, str], ...] = ()


def value(text: str) -> Value:
    """One cell that holds a region, as code or name.

    >>> value("太原市").value, value("140105").value, value("城区").value
    ('140100', '140105', None)
    """
    given = plain(text)
    if not given or absent(given):
        return Value()
    found = find((given,), ())
    if found.faults:
        return Value(None, False, found.faults[0][1], found.faults[0][2])
    return Value(found.code)


@lru_cache(maxsize=100_000)
def find(places: tuple[str, ...], levels: tuple[str, ...]) -> Found:
    """The region of cells that may each hold a code or a name (`places`), beside cells for 省, 市, 县 (`levels`).

    Notes
    -----
    The first good code decides. Names are then read from the province down, each inside the one before. Where code and
    names, or two names, contradict each other, neither is believed.

    Examples
    --------
    >>> find(("",), ("山西省", "太原市", "小店区")).code, find(("140100", "山西省太原市"), ()).code
    ('140105', '140100')
    >>> find(("140105",), ("浙江省", "", "")).code is None
    True
    """
    faults: list[tuple[int, str, str]] = []
    code, at = _first_code(places, faults)
    parts = [(len(places) + i, text) for i, text in enumerate(levels)] + [
        (i, text) for i, text in enumerate(places) if text and not _digits(text)]
    named = _by_names(parts, faults)
    if code and named and not (region.contains(code, named) or region.contains(named, code)):
        words = f"代码 {code} 是{region.full_name(code)}，名称却是{region.full_name(named)}"
        return Found(None, (*faults, (at, f"行政区代码和名称互相矛盾：{words}", "核对后改正其中之一")))
    return Found(code or named, tuple(faults))


def _digits(text: str) -> bool:
    return bool(re.fullmatch(r"\d+", text))


def _first_code(places: tuple[str, ...], faults: list[tuple[int, str, str]]) -> tuple[str | None, int]:
    found: tuple[str | None, int] = (None, 0)
    for at, text in enumerate(places):
        if not _digits(text):
            continue
        code = _code(text)
        if code is None:
            faults.append((at, "没有这个行政区划代码", _WAY_OUT))
        elif found[0] is None:
            found = code, at
        elif not (region.contains(code, found[0]) or region.contains(found[0], code)):
            faults.append((at, f"和前面的代码 {found[0]}（{region.full_name(found[0])}）互相矛盾", "核对后改正其中之一"))
            return None, at
    return found


def _code(text: str) -> str | None:
    if len(text) in (2, 4):
        text = text.ljust(6, "0")
    return region.present(text[:6]) if len(text) in (6, 9, 12) else None


def _by_names(parts: list[tuple[int, str]], faults: list[tuple[int, str, str]]) -> str | None:
    """Region that the names lead to, each one inside the one before; None where one contradicts those before."""
    code: str | None = None
    for at, text in parts:
        if not text or absent(text) or text in _NOT_PLACES:
            continue
        try:
            code = _step(code, text)
        except UnknownName as error:
            faults.append((at, error.what if code is None else f"{region.full_name(code)}里没有「{text}」", error_way(error)))
            if code is not None and _elsewhere(code, text):
                return None
    return code


def error_way(error: UnknownName) -> str:
    """The way out of an unknown region name."""
    return " ".join(filter(None, [error.way_out, "" if "代码" in error.way_out else _WAY_OUT]))


def _elsewhere(code: str, text: str) -> bool:
    """Whether a name is that of a region outside `code`, which is a contradiction and not just an unknown name."""
    try:
        other = region.resolve(text)
    except UnknownName:
        return False
    return not region.contains(code, other)


def _step(code: str | None, text: str) -> str:
    if code is None:
        return _from_text(text)
    if _fits(region.name(code), text) or any(_fits(region.name(up), text) for up in _above(code)):
        return code
    for inside in (_children(code), [low for child in _children(code) for low in _children(child)]):
        found = [child for child in inside if _fits(region.name(child), text)]
        if len(found) == 1:
            return found[0]
    other = _from_text(text)
    if region.contains(code, other):
        return other
    if region.contains(other, code):
        return code
    raise UnknownName("行政区", text)


def _above(code: str) -> list[str]:
    return [up for up in region.above(code) if up != region.CHINA]


def _fits(name: str, text: str) -> bool:
    """Whether `text` is a name or its stem: 小店 for 小店区, 内蒙古 for 内蒙古自治区."""
    return name == text or (len(text) > 1 and name.startswith(text) and bool(_SUFFIX.fullmatch(name[len(text):])))


def _from_text(text: str) -> str:
    """A region from one text: names in a row, with or without separators, perhaps with an address behind them."""
    bare = _SEPARATORS.sub("", text)
    if bare in _names():
        return region.resolve(bare)
    if (found := region.locate(bare)) is None:
        if len(bare) <= _SHORT:
            return region.resolve(bare)  # to be told near names; too slow for whole addresses
        raise UnknownName("行政区", text)
    rest = _rest(bare, found)
    if finer := _inside(found, rest):
        return finer
    follow = _NEXT.match(rest)
    if follow and not rest.isdigit() and _elsewhere(found, follow[0]):
        raise UnknownName("行政区", text)
    return found


@cache
def _names() -> frozenset[str]:
    """All present names of regions and their stems."""
    found: set[str] = {"全国", "中国"}
    level = region.children(region.CHINA)
    while level:
        for code in level:
            name = region.name(code)
            found |= {name, *(name[:width] for width in range(2, len(name)) if _SUFFIX.fullmatch(name[width:]))}
        level = [child for code in level for child in _children(code)]
    return frozenset(found)


@cache
def _children(code: str) -> tuple[str, ...]:
    return tuple(region.children(code))


def _rest(text: str, code: str) -> str:
    for up in [*reversed(_above(code)), code]:
        name = region.name(up)
        for width in range(len(name), 1, -1):
            if text.startswith(name[:width]) and _fits(name, name[:width]):
                text = text[width:]
                break
    return text


def _inside(code: str, rest: str) -> str | None:
    if not rest:
        return None
    found = [child for child in _children(code) if _fits(region.name(child), rest)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=100_000)
def of_name(name: str) -> str | None:
    """Region that a registered name tells, no finer than a city: the one in brackets, else the one it begins with; None if it tells none.

    >>> of_name("太原重工股份有限公司"), of_name("山西焦煤集团有限责任公司"), of_name("宝山钢铁股份有限公司"), of_name("太钢集团")
    ('140100', '140000', None, None)
    >>> of_name("山西国贸（日照）有限公司")
    '371100'
    """
    if not is_full_name(name):
        return None
    inside = [code for text in _BRACKETS.findall(name) if (code := region.locate(text)) and _fits(region.name(code), text)]
    if not (code := next((code for code in inside if code != region.CHINA), None) or region.locate(name)):
        return None
    while region.level(code) == "county":
        code = region.parent(code) or code
    return None if code == region.CHINA else code


def refined(code: str, address: str) -> str:
    """The region inside `code` that an address names in full, `code` itself if it names none.

    >>> refined("140100", "太原市尖草坪区2号"), refined("140000", "清徐县1号"), refined("140100", "清徐路1号"), refined("140100", "朔州市朔城区")
    ('140108', '140000', '140100', '140100')
    """
    rest = _rest(_SEPARATORS.sub("", address[:80]), code)
    while found := next((child for child in _children(code) if rest.startswith(region.name(child))), None):
        code, rest = found, rest.removeprefix(region.name(found))
    return code


def of_address(address: str) -> str | None:
    """Region that an address starts with."""
    return region.locate(address[:80])
