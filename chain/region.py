"""GB/T 2260 codes of administrative regions: names, levels, containment, and codes found in what people write.

Codes are six digits: two for the province, two for the city, two for the county. A region contains every code that starts
with its own significant digits. ``regions.csv`` holds present and past codes; past ones lead to what replaced them.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from chain.errors import UnknownName

ONLY = "only:"
"""``only:140000`` means what is known to lie in Shanxi and no closer."""

CHINA = "000000"
"""The whole country, so that every query can be asked of it."""

LEVELS = ("country", "province", "city", "county")
LEVEL_NAMES = {"country": "全国", "province": "省", "city": "市", "county": "县"}

_SUFFIX = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|地区|省|市|区|县|旗|盟|林区)$"
)
_PEOPLES = re.compile(
    r"(蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌"
    r"|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|裕固|保安|独龙|各)族"
)


def level(code: str) -> str:
    """Level of a code: country, province, city or county.

    >>> level("140100")
    'city'
    """
    if code == CHINA:
        return "country"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def parent(code: str) -> str | None:
    """Code one level up, None for the country. Counties governed by their province directly have it as parent.

    >>> parent("140105"), parent("140100"), parent("419001")
    ('140100', '140000', '410000')
    """
    up = {"country": None, "province": CHINA, "city": code[:2] + "0000"}
    if (at := level(code)) in up:
        return up[at]
    city = code[:4] + "00"
    return city if city in _current() else code[:2] + "0000"


def span(code: str) -> tuple[int, int]:
    """First and last six-digit number that lies in the region, both included.

    >>> span("140100"), span("only:140100")
    ((140100, 140199), (140100, 140100))
    """
    if code.startswith(ONLY):
        return int(code.removeprefix(ONLY)), int(code.removeprefix(ONLY))
    number, width = int(code), {"country": 10**6, "province": 10**4, "city": 100, "county": 1}[level(code)]
    return number, number + width - 1


def above(code: str) -> list[str]:
    """Codes of the regions that contain a region, from its parent up, the country last.

    >>> above("140105"), above("000000")
    (['140100', '140000', '000000'], [])
    """
    found: list[str] = []
    while up := parent(found[-1] if found else code):
        found.append(up)
    return found


def contains(outer: str, inner: str | None) -> bool:
    """Whether `inner` lies in `outer` or is the same.

    >>> contains("140000", "140105"), contains("140105", "140000")
    (True, False)
    """
    low, high = span(outer)
    return inner is not None and low <= int(inner) <= high


def name(code: str) -> str:
    """Name of one region, present or past; the code itself if nobody knows it.

    >>> name("140105")
    '小店区'
    """
    return "全国" if code == CHINA else _current().get(code) or _past().get(code) or code


def full_name(code: str) -> str:
    """Names from the province down.

    >>> full_name("140105"), full_name("110108")
    ('山西省太原市小店区', '北京市海淀区')
    """
    parts, at = [], code
    while at and at != CHINA:
        parts.append(name(at))
        at = parent(at) or ""
    return "".join(reversed(parts)) or "全国"


def children(code: str) -> list[str]:
    """Codes one level below, in order.

    >>> len(children("140000"))
    11
    """
    return list(_children().get(code, ()))


def is_name(text: str) -> bool:
    """Whether `text` is the whole name of a present region.

    >>> is_name("太原市"), is_name("太原"), is_name("太原市政公司")
    (True, False, False)
    """
    return text in _named()


def is_code(text: str) -> bool:
    """Whether `text` is a known present code.

    >>> is_code("140100"), is_code("999999")
    (True, False)
    """
    return text == CHINA or text in _current()


def present(code: str) -> str | None:
    """The code in force today for a present or past one, None if it was never one.

    A past county becomes the one of today's that bears its name stem in the same city, else its city, else its province.

    >>> present("140726"), present("140102")
    ('140703', '140100')
    """
    if is_code(code):
        return code
    if code not in _past():
        return None
    stem = _stem(_past()[code])
    for prefix in (code[:4], code[:2]):
        heirs = [other for other in _by_stem().get(stem, ()) if other.startswith(prefix)]
        if len(heirs) == 1:
            return heirs[0]
    city = code[:4] + "00"
    return city if city in _current() else code[:2] + "0000"


def resolve(text: str) -> str:
    """Code of a region that a person named: a code, a name, a name without its suffix, or names from the province down.

    Raises
    ------
    UnknownName
        If nothing or more than one region is meant; near or competing names are offered.

    Examples
    --------
    >>> resolve("太原市"), resolve("山西"), resolve("山西省太原市小店区"), resolve("山西太原"), resolve("全国")
    ('140100', '140000', '140105', '140100', '000000')
    """
    given = text.strip()
    if given in ("全国", "中国", CHINA):
        return CHINA
    if re.fullmatch(r"\d{6}", given) and (code := present(given)):
        return code
    exact = _named().get(given) or _stems().get(given) or []
    top = min((LEVELS.index(level(code)) for code in exact), default=0)
    best = [code for code in exact if LEVELS.index(level(code)) == top]
    if len(best) == 1:
        return best[0]
    if best:
        same = "、".join(f"{full_name(c)}（{c}）" for c in best[:12])
        raise UnknownName("行政区", text, way_out=f"同名的有：{same}；请写全称或代码", several=True)
    found = locate(given)
    if found:
        rest = _beside_names(given, found)  # 太原经开区 is not 太原市
        below = [code for code in children(found) if rest == _stem(name(code))]
        if not rest or len(below) == 1:
            return below[0] if rest else found
    raise UnknownName("行政区", text, [*_named(), *_stems()], way_out="可写名称（太原市）或六位代码（140100）")


def _beside_names(text: str, code: str) -> str:
    """What a text says after the names of a region and of those around it."""
    rest = text
    for each in (*reversed(above(code)), code):
        longest = next((word for word in (name(each), _stem(name(each))) if rest.startswith(word)), "")
        rest = rest[len(longest):].lstrip(" ·,，、/")
    return rest


def locate(text: str) -> str | None:
    """Code of the smallest region that an address or a string of place names starts with; None if it names none for certain.

    >>> locate("山西省太原市尖草坪区2号"), locate("太原市某路1号"), locate("朝阳区某路")
    ('140108', '140100', None)
    """
    rest = re.sub(r"[\s·,，、/（）()]|^中国", "", text)
    found: str | None = None
    for depth in ("province", "city", "county"):
        best = _longest_prefix(rest, depth, found)
        if best:
            found, used = best
            rest = rest[used:]
    return found


def _longest_prefix(text: str, depth: str, within: str | None) -> tuple[str, int] | None:
    """Code and length of the longest name of level `depth` that `text` starts with, inside `within` if given."""
    for width in range(min(len(text), 16), 1, -1):
        inside = [code for code in _prefixes().get(text[:width], ()) if within is None or contains(within, code)]
        if inside:  # the longest name decides: 朝阳区 is not 朝阳(市) and 区
            fits = [code for code in inside if level(code) == depth]
            return (fits[0], width) if len(fits) == 1 else None
    return None


def _stem(text: str) -> str:
    short = _SUFFIX.sub("", _PEOPLES.sub("", text)) if len(text) > 2 else text
    return short if len(short) > 1 else text


@cache
def _rows() -> list[tuple[str, str, str]]:
    with open(Path(__file__).with_name("regions.csv"), encoding="utf-8", newline="") as file:
        return [(row["code"], row["name"], row["until"]) for row in csv.DictReader(file)]


@cache
def _current() -> dict[str, str]:
    return {code: text for code, text, until in _rows() if not until}


@cache
def _children() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in _current():
        found[parent(code) or ""].append(code)
    return found


@cache
def _past() -> dict[str, str]:
    return {code: text for code, text, until in _rows() if until}


@cache
def _named() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, text in _current().items():
        found[text].append(code)
    return found


@cache
def _stems() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, text in _current().items():
        if (short := _stem(text)) != text:
            found[short].append(code)
    return found


@cache
def _by_stem() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, text in _current().items():
        found[_stem(text)].append(code)
    return found


@cache
def _prefixes() -> dict[str, list[str]]:
    """Names and stems by which an address may begin; a county's stem only where it can't be mistaken for its city's."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, text in _current().items():
        found[text].append(code)
        short = _stem(text)
        if short != text and level(code) != "county":
            found[short].append(code)
    for code, text in _past().items():
        heir = present(code)
        taken = any(parent(other) == parent(code) for other in _named().get(text, ()))  # the code went to another, the name did not
        if heir and level(heir) == level(code) and heir not in found.get(text, []) and not taken:
            found[text].append(heir)
    return found
