"""Text cells read as what their column holds: codes, dates, lists, words and clean text. Figures have their own module.

Every parser gives a `Value`: what was read, whether that is a conversion worth keeping the written text for, or why it
can't be read and what to do. Nothing is guessed: a cell with two readings has none.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import NamedTuple

from stdnum.cn import uscc as _uscc

from chain.identity import is_uscc
from chain.tables import SEPARATOR

LONGEST_CELL = 1_000_000
"""Bytes beyond which a cell is not a fact about an enterprise any more."""

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|_x00[01][0-9A-Fa-f]_"
)
_FAULT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_ABSENT = frozenset([
    "-", "--", "---", "—", "——", "/", "\\", "无", "n/a", "na", "nan", "null", "none", "暂无", "不详", "未知", "空",
])
"""Ways of writing that there is nothing to write."""

_ITEMS = re.compile(r"[、；;,，/\n|]+")
_LOST = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_EPOCH = datetime.date(1899, 12, 30)
EARLIEST, LATEST = 1900, 2100
"""Years outside are slips of the pen or placeholders (1899, 2199)."""

_ACTIVE = "存续 在业 开业 在营 正常 营业 在册 正常营业 正常经营 存续经营 仍注册 登记成立 确立 active"
_GONE = "注销 吊销 撤销 已注销 已吊销 吊销未注销 吊销已注销 注销企业 解散 dissolved"
_OPEN = "停业 歇业 清算 破产 迁出 迁入 筹建 停产 退市 未知 不详 异常 经营异常 unknown"
_WORDS: dict[str, dict[str, str]] = {
    "status": {
        word: at for at, words in (("active", _ACTIVE), ("dissolved", _GONE), ("unknown", _OPEN)) for word in words.split()},
    "state": {
        "已确认": "confirmed", "确认": "confirmed", "是": "confirmed", "待复核": "review", "待核": "review", "待确认": "review",
        "已排除": "rejected", "排除": "rejected", "否": "rejected",
    },
    "share_of": {"采购": "purchases", "采购额": "purchases", "销售": "sales", "销售额": "sales"},
    "decision": {"同一家": "same", "是": "same", "相同": "same", "不是": "different", "不同": "different", "否": "different"},
    "method": {"来源写明": "stated", "文本关联": "link", "人工认定": "review"},
    "flag": {"是": "true", "否": "false", "1": "true", "0": "false", "true": "true", "false": "false", "y": "true", "n": "false"},
}


class Value(NamedTuple):
    """One cell read: the value (None where empty or unreadable), whether converted, and why not with the way out."""

    value: str | float | None = None
    converted: bool = False
    reason: str = ""
    way_out: str = ""


EMPTY = Value()


def plain(text: str) -> str:
    """Half-width form of digits, letters and signs, without outer blanks. Unlike NFKC it leaves ² and ½ alone.

    >>> plain("　１，０００％ ")
    '1,000%'
    """
    return text.translate(_WIDTHS).strip()


def clean(text: str) -> str:
    """Text without control characters, marks that turn its direction, and outer blanks; emoji stay.

    >>> clean("太原\\u202e重工\\x07 ")
    '太原重工'
    """
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def absent(text: str) -> bool:
    """Whether a cell says in words or dashes that it has no value.

    >>> absent("—"), absent("无"), absent("0")
    (True, True, False)
    """
    return text.casefold() in _ABSENT


def fault(text: str) -> Value | None:
    """Why no column can take such a cell: a spreadsheet error, or far too long; None for a usable one."""
    if len(text) > LONGEST_CELL // 4 and len(text.encode("utf-8", "replace")) > LONGEST_CELL:
        return Value(None, False, "单元格超过 1 MB", "只留需要的文字")
    if text.startswith("#") and _FAULT.fullmatch(text):
        return Value(None, False, "公式出错的单元格", "在表格里修正公式，或粘贴为数值")
    return None


def line(text: str) -> Value:
    """A name: one line, inner line breaks of a wrapped cell removed."""
    return Value(re.sub(r"\s*[\n\t]\s*", "", text) if "\n" in text or "\t" in text else text)


def items(text: str) -> Value:
    """A list cell: items parted by 、；;,/ or line breaks, joined the canonical way.

    >>> items("钢、铁/铜").value
    '钢；铁；铜'
    """
    if absent(text):
        return EMPTY
    found = dict.fromkeys(item.strip() for item in _ITEMS.split(text) if item.strip())
    return Value(SEPARATOR.join(found) or None)


def uscc(text: str) -> Value:
    """A 统一社会信用代码 of 18 characters with a right check digit; the letter O becomes 0 only where the digit then fits.

    >>> uscc("９１１４００００７０１０１１８８８x").value, uscc("9.11E+17").reason
    ('91140000701011888X', '信用代码被表格软件改成了科学计数法，末几位已丢失')
    """
    code = re.sub(r"[\s\-'’‘`]", "", plain(text)).upper()
    if not code or absent(plain(text)):
        return EMPTY
    if is_uscc(code):
        return Value(code)
    if is_uscc(code.replace("O", "0")):
        return Value(code.replace("O", "0"), True)
    if _LOST.fullmatch(code):
        return Value(None, False, "信用代码被表格软件改成了科学计数法，末几位已丢失", "把这一列设成文本，重新填写 18 位代码")
    if re.fullmatch(r"\d{15}", code):
        return Value(None, False, "这是 15 位旧注册号，不是统一社会信用代码", "改填 18 位统一社会信用代码")
    if len(code) != 18:
        return Value(None, False, f"统一社会信用代码应为 18 位，这里是 {len(code)} 位", "核对后补全；表格里把这一列设成文本")
    return Value(None, False, "统一社会信用代码的校验位不对", f"核对这 18 位{_hint(code)}")


def own_code(text: str) -> str | None:
    """The 统一社会信用代码 that a text is, in canonical form; None if it is none.

    >>> own_code("91140000701011888x"), own_code("太原重工")
    ('91140000701011888X', None)
    """
    code = re.sub(r"\s", "", plain(text)).upper()
    return code if len(code) == 18 and is_uscc(code) else None


def _hint(code: str) -> str:
    try:
        return f"（按前 17 位算，末位应为 {_uscc.calc_check_digit(code[:17])}）"
    except (ValueError, KeyError, IndexError):
        return "（含有不会出现的字母 I、O、S、V、Z 或别的符号）"


def stock(text: str) -> Value:
    """A stock code: six digits, or five in Hong Kong; the market suffix is dropped.

    >>> stock("000825.SZ").value, stock("825").reason
    ('000825', '股票代码只有 3 位，前面的 0 可能丢了')
    """
    code = re.sub(r"\.(SZ|SH|BJ|HK|XSHG|XSHE)$|^(SZ|SH|BJ|HK)(?=\d)", "", re.sub(r"[\s']", "", plain(text)).upper())
    if not code or absent(plain(text)):
        return EMPTY
    if re.fullmatch(r"\d{1,4}", code):
        return Value(None, False, f"股票代码只有 {len(code)} 位，前面的 0 可能丢了", "把这一列设成文本，写全六位")
    if not re.fullmatch(r"[0-9A-Z]{4,12}", code):
        return Value(None, False, "不是股票代码", "写六位数字，如 000825")
    return Value(code)


def date(text: str) -> Value:
    """A date in ISO form, from any way spreadsheets and people write one; a year or month alone means its first day.

    >>> date("2019.5.3").value, date("2019年5月")[:2], date("43588")[:2]
    ('2019-05-03', ('2019-05-01', True), ('2019-05-03', True))
    >>> date("5/3/2019").reason
    '看不出是几月几日'
    """
    given = re.sub(r"\s+", " ", plain(text))
    if not given or absent(given):
        return EMPTY
    body = re.sub(r"[ T]\d{1,2}[:：时]\d{1,2}.*$", "", given)
    if found := re.fullmatch(r"(\d{4})(?: ?[-/.年] ?(\d{1,2}))?(?: ?[-/.月] ?(\d{1,2}))? ?[年月日号]?", body):
        year, month, day = found.groups()
        return _day(int(year), int(month or 1), int(day or 1), converted=day is None)
    if found := re.fullmatch(r"(\d{4})(\d\d)(\d\d)?", body):
        return _day(int(found[1]), int(found[2]), int(found[3] or 1), converted=found[3] is None)
    if re.fullmatch(r"\d{5}(\.\d+)?", body):
        day_ = _EPOCH + datetime.timedelta(int(float(body)))
        return _day(day_.year, day_.month, day_.day, converted=True)
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", body):
        one, two, year_ = (int(part) for part in found.groups())
        if one == two or max(one, two) > 12:
            return _day(year_, min(one, two), max(one, two), converted=True)
        return Value(None, False, "看不出是几月几日", "写成 2019-05-03 这样的年-月-日")
    return Value(None, False, "不是日期", "写成 2019-05-03 这样的年-月-日")


def _day(year: int, month: int, day: int, *, converted: bool) -> Value:
    if not EARLIEST <= year <= LATEST:
        return Value(None, False, f"年份 {year} 不在 {EARLIEST}–{LATEST}", "多半是占位或笔误，核对后重填")
    try:
        return Value(datetime.date(year, month, day).isoformat(), converted)
    except ValueError:
        return Value(None, False, "没有这一天", "核对月和日")


def word(column: str, choices: tuple[str, ...], text: str) -> Value:
    """One of a column's allowed words, from the word itself or the Chinese for it.

    >>> word("status", ("active", "dissolved", "unknown"), "存续（在营、开业、在册）").value
    'active'
    """
    given = plain(text).casefold()
    known = _known(column, choices)
    for candidate in (given, re.sub(r"[\s,，、()]", "", given), re.sub(r"[(,，、].*$", "", given).strip()):
        if candidate in known:
            return Value(known[candidate])
    if absent(given):
        return EMPTY
    return Value(None, False, "不认识的写法", "可用：" + "、".join(dict.fromkeys([*known])))


@cache
def _known(column: str, choices: tuple[str, ...]) -> dict[str, str]:
    return {**{choice: choice for choice in choices}, **_WORDS.get(column, {})}
