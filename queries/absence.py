"""When "nobody makes it here" may be believed: the one place that decides it.

Nobody's list is complete by itself, so absence needs a register (completeness statements: Motro 1989; Razniewski et al.
2015). What can't be believed gets a letter that says why and what would settle it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chain.store import Place
from queries.rules import Rules

REASONS = {
    "a": "图谱里全国都没有该产品的生产企业：是数据空缺，不能说明本地缺失",
    "b": "没有名录覆盖本地，只有样本：疑似缺失",
    "c": "本地企业载入不足：已载入数与应有数相差太大",
    "d": "本地有企业可能生产，关联待复核",
    "e": "名录过旧：不能说明现在仍然没有",
}
SETTLE = {
    "a": "补充该产品的企业数据（外地名录、协会名单）后再判断",
    "b": "载入覆盖本地的企业名录（载入时写明它对哪个地区完整），或向当地商会、统计部门核实",
    "c": "补齐本地企业名单后再判断",
    "d": "向所列企业核实是否生产，在复核表中认定；不生产的也可在产品关联表写「已排除」载入",
    "e": "换用新的名录",
}
RANKED = ("", "b")
"""Letters whose rows stand among the gaps; the others come after them."""


@dataclass(frozen=True)
class Evidence:
    """What is known of one product nobody is confirmed to make in a place.

    Attributes
    ----------
    national
        Makers anywhere in the store.
    reviews
        Enterprises of the place with a link to it that awaits review.
    unspecified
        Enterprises of the place that may make it without saying so, see `hidden.makers`.
    """

    national: int
    reviews: int
    unspecified: int


def reason(evidence: Evidence, place: Place, rules: Rules, as_of: str) -> str:
    """The letter why absence can't be believed, empty if it can.

    Notes
    -----
    Tried in the order d, a, c, then the newest register that covers the place: none gives b, one older than
    ``rules.register_years`` at `as_of`, or of no known date, gives e. An enterprise that may make it without saying so counts as
    a link that awaits review.
    """
    if evidence.reviews or evidence.unspecified:
        return "d"
    if not evidence.national:
        return "a"
    if place.expected and place.enterprises < rules.loaded_share * place.expected:
        return "c"
    if place.registers.empty:
        return "b"
    newest = place.registers["as_of"].dropna()
    if newest.empty or _years(str(newest.max()), as_of) > rules.register_years:
        return "e"
    return ""


def _years(early: str, late: str) -> float:
    """Age in calendar years: on the same day three years later a register is three years old, leap year or not."""
    if not early or not late or late < early:
        return 0.0
    first, last = date.fromisoformat(early), date.fromisoformat(late)
    whole = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    if (first.month, first.day) == (2, 29):  # its anniversary is 1 March where there is no such day
        first = date(first.year, 3, 1)
    return whole + (last - first.replace(year=first.year + whole)).days / 366
