"""Figures as people write them, in the unit of the schema: 3000万元, 1.2亿, 约500人, 三千万, 12.5%, ２０ 公顷.

Arithmetic is decimal, so that 0.1 亿元 is 1000 万元 exactly. No exchange rate is assumed and no range or bound is cut down
to one number: such cells are left out with their reason.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from loaders.values import EMPTY, Value, absent, plain

_YUAN = {"": 1, "元": 1, "圆": 1, "元整": 1, "圆整": 1}
_AREA = {
    "亩": Decimal(1), "平方米": Decimal(3) / 2000, "m2": Decimal(3) / 2000, "平米": Decimal(3) / 2000, "平方": Decimal(3) / 2000,
    "公顷": Decimal(15), "ha": Decimal(15), "hm2": Decimal(15),
    "平方公里": Decimal(1500), "平方千米": Decimal(1500), "km2": Decimal(1500),
}
_FAMILIES: dict[str, dict[str, Decimal]] = {
    "万元": {unit: Decimal("0.0001") for unit in _YUAN},
    "万元/亩": {"元/亩": Decimal("0.0001"), "": Decimal("0.0001")},
    "亩": _AREA,
    "人": dict.fromkeys(("", "人", "名", "位", "个"), Decimal(1)),
    "度": dict.fromkeys(("", "°", "度"), Decimal(1)),
    "元/元": dict.fromkeys(("", "元/元"), Decimal(1)),
    "吨/吨": dict.fromkeys(("", "吨/吨"), Decimal(1)),
    "": {**dict.fromkeys(("", "个", "家", "户", "年"), Decimal(1)), "%": Decimal("0.01"), "‰": Decimal("0.001")},
}
_ENDLESS = re.compile(r"[+-]?(nan|inf|infinity|∞|无穷大?)")
ABSURD = 1e12
"""From which size on no column of the schema can hold a figure, in its own unit: the cell has slipped."""

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_FOREIGN = re.compile(
    r"美元|美金|us\$|usd|欧元|eur|€|港元|港币|港幣|hkd|hk\$|日元|日圆|jpy|英镑|gbp|£|韩元|韩币|krw|新台币|台币|卢布|加元|澳元|新加坡元|新元|瑞士法郎|\$"
)
_HOME = re.compile(r"人民币|rmb|cny|¥|￥")
_BEFORE = re.compile(r"^(大约为?|约为?|约|超过|超|逾|接近|将近|近|不低于|不少于|至少|大于|≥|>=|>)")
_AFTER = re.compile(r"(以上|左右|上下|\+)$")
_SOME = re.compile(r"(?<=[\d一二两三四五六七八九十百千万亿])[余多](?=[十百千万亿]|[^\d]|$)")
_BOUND = re.compile(r"以下|以内|不足|低于|小于|少于|不超过|<|≤")
_RANGE = re.compile(r"\d\s*[万亿元人亩]*\s*(-|–|—|~|～|至|到)\s*\d")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[+-]?\d{1,3})?|[+-]?\.\d+")
_SCALED = re.compile(r"([十百千]?万亿|[十百千]*亿|[十百千]*万|千|百)?")


@lru_cache(maxsize=200_000)
def number(text: str, unit: str, given: str = "") -> Value:
    """A figure in `unit`; `given` is the unit its header states, the cell's own comes first.

    >>> number("1.2亿元", "万元")[:2], number("５，０００", "万元")[:2], number("3", "万元", "亿元")[:2]
    ((12000.0, True), (5000.0, False), (30000.0, True))
    >>> number("100万美元", "万元").reason
    '外币金额，没有猜汇率'
    """
    body = re.sub(r"\s+", "", _symbols(plain(text))).casefold()
    if _ENDLESS.match(body):
        return Value(None, False, "不是有限的数", "填一个确定的数；不知道就留空")
    if not body or absent(body):
        return EMPTY
    if unit.startswith("万元") and (_FOREIGN.search(body) or _FOREIGN.search(given.casefold())):
        return Value(None, False, "外币金额，没有猜汇率", "按合同或当日汇率折成人民币后填写")
    if _RANGE.search(body) or _BOUND.search(body):
        return Value(None, False, "是一个范围，不是一个数", "填一个确定的数；不知道就留空")
    exact, vague = _exact(body)
    amount, rest = _amount(exact)
    if amount is None:
        return Value(None, False, "不是数", f"只写数字{f'，单位 {unit}' if unit else ''}")
    found = _in_unit(amount, rest, unit, given)
    return found._replace(converted=found.value is not None and (vague or not _merely_parsed(body, unit, given)))


def _merely_parsed(body: str, unit: str, given: str) -> bool:
    """Whether a cell is a figure in the unit of the schema, so that reading it changed nothing."""
    if _NUMBER.fullmatch(body):
        return not given or unit_size(given, unit) == 1
    return bool(unit) and body.endswith(unit) and bool(_NUMBER.fullmatch(body.removesuffix(unit)))


def whole(text: str, unit: str, given: str = "") -> Value:
    """A figure that counts something: refused unless integral.

    >>> whole("1.2万人", "人")[:2], whole("12.5", "人").reason
    ((12000.0, True), '应是整数')
    """
    found = number(text, unit, given)
    if isinstance(found.value, float) and not found.value.is_integer():
        return Value(None, False, "应是整数", "核对后填整数")
    return found


def bounded(found: Value, low: float | None, high: float | None) -> Value:
    """`found`, refused where it lies outside the column's bounds."""
    if isinstance(found.value, float):
        if low is not None and found.value < low:
            return Value(None, False, "不能是负数" if low == 0 else f"小于 {low:g}", "核对后重填；不知道就留空")
        if high is not None and found.value > high:
            hint = "；百分数请写 % 号，如 35%" if high == 1 else ""
            return Value(None, False, f"大于 {high:g}", f"核对后重填{hint}")
    return found


def _symbols(text: str) -> str:
    for odd, usual in (("㎡", "m2"), ("m²", "m2"), ("㎢", "km2"), ("−", "-"), ("﹣", "-")):
        text = text.replace(odd, usual)
    return text


def _exact(body: str) -> tuple[str, bool]:
    """Text without words of vagueness and of home currency, and whether it had the former."""
    bare = _HOME.sub("", body).translate(_FORMAL)
    exact = _AFTER.sub("", _BEFORE.sub("", bare))
    exact = _SOME.sub("", exact)
    return exact, exact != bare


def _amount(text: str) -> tuple[Decimal | None, str]:
    """The figure a text starts with, multiplied out, and what follows; the rest is ``*`` + unit where a multiplier stood."""
    if text and text[0] in _DIGITS or text[:1] in _SCALES:
        run = re.match(r"[零〇一二两三四五六七八九十百千万亿]+", text)
        value = chinese(run[0]) if run else None
        return (Decimal(value), "*" + text[len(run[0]):]) if run and value is not None else (None, text)
    total, last, scaled = Decimal(0), None, False
    while found := _NUMBER.match(text):
        part, text = _decimal(found[0]), text[found.end():]
        scale = _SCALED.match(text)
        words = scale[0] if scale else ""
        size = _size(words)
        if part is None or (last is not None and size >= last) or (scaled and not words):
            return None, text
        total, last, scaled, text = total + part * size, size, scaled or bool(words), text[len(words):]
    return (total, ("*" if scaled else "") + text) if last is not None else (None, text)


def _size(words: str) -> int:
    size = 1
    for char in words:
        size *= _SCALES[char]
    return size


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _in_unit(amount: Decimal, rest: str, unit: str, given: str) -> Value:
    scaled, own = rest.startswith("*"), rest.lstrip("*").rstrip("。.")
    if not own and not scaled:  # a bare figure: in the unit of the header, else of the schema
        size = unit_size(given, unit) if given else Decimal(1)
    else:
        size = _FAMILIES.get(unit, {unit: Decimal(1)}).get(own)
    if size is None:
        what = f"不认识的单位 {own or given}" if own or given else "看不出单位"
        return Value(None, False, what, f"改用 {unit or '不带单位的数'}")
    value = _float(amount * size)
    if abs(value) >= ABSURD:
        return Value(None, False, f"数大得不可能：达到或超过 1 万亿{unit and f'（{unit}）'}", "核对数位和单位后重填；不知道就留空")
    return Value(value)


def unit_size(given: str, unit: str) -> Decimal | None:
    """How many `unit` one of the unit `given` is, None if they don't measure the same.

    >>> unit_size("亿元", "万元"), unit_size("公顷", "亩"), unit_size("人", "亩")
    (Decimal('10000.0000'), Decimal('15'), None)
    """
    body = _HOME.sub("", re.sub(r"\s+", "", _symbols(plain(given))).casefold())
    if body == unit:
        return Decimal(1)
    scale = _SCALED.match(body)
    words = scale[0] if scale else ""
    family = _FAMILIES.get(unit, {})
    own = body[len(words):]
    if own not in family or not (own or words):
        return None
    return _size(words) * family[own]


def _float(value: Decimal) -> float:
    return float(value) + 0.0


def chinese(text: str) -> int | None:
    """A number in Chinese numerals, None if the characters don't form one.

    >>> chinese("三千万"), chinese("一亿二千万"), chinese("十五"), chinese("万千")
    (30000000, 120000000, 15, None)
    """
    total = section = 0
    digit: int | None = None
    small = big = 10**12
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char in "十百千":
            size = _SCALES[char]
            if size >= small or (digit is None and not (char == "十" and section == 0)):
                return None
            section, digit, small = section + (1 if digit is None else digit) * size, None, size
        else:
            size, section = _SCALES[char], section + (digit or 0)
            if not section and not total or (size >= big and size != 10**8):
                return None
            total = (total + section) * size if size > big else total + section * size
            section, digit, small, big = 0, None, 10**12, size
    return total + section + (digit or 0)


def is_foreign(unit: str) -> bool:
    """Whether a unit is a foreign currency.

    >>> is_foreign("万美元"), is_foreign("万元")
    (True, False)
    """
    return bool(_FOREIGN.search(unit.casefold()))
