"""The statuses as people see them: word, colours and icon. Every output takes them from here.

Colour never stands alone: an icon and a word go with it. The fills stay apart under protan, deutan and tritan simulation
(Machado et al. 2009, full severity; every pair ΔE00 above 18) and in grey (above 8), and text on them
has a contrast of 5.8 or more.
"""

from __future__ import annotations

from dataclasses import dataclass

from chain.errors import InputError

INK, SECONDARY, NAVY, LINE, GROUND = "#1F2933", "#52606D", "#1F3A5F", "#CBD5E0", "#F4F6FA"
LOCAL, TARGET, ALARM, FOCUS = "#0B5B43", "#0B4FA0", "#B5360A", "#2680C2"


@dataclass(frozen=True)
class Look:
    """How a status looks.

    Attributes
    ----------
    key
        strong, covered, weak, missing, suspected (unknown for want of a register) or unknown.
    word, symbol
        The status in Chinese; a character for places that can't draw, such as a cell.
    fill, text, border
        Colours; `tint` is the colour of the hatching where there is one.
    """

    key: str
    word: str
    symbol: str
    fill: str
    text: str
    border: str
    tint: str = ""

    @property
    def hatched(self) -> bool:
        """Whether the box is hatched: we can't tell for certain."""
        return bool(self.tint)


LOOKS = {
    look.key: look
    for look in (
        Look("strong", "优势", "★", "#3FA796", "#00221D", "#0B5B43"),
        Look("covered", "具备", "●", "#CDE9DA", "#0B4F3A", "#3E8E6B"),
        Look("weak", "薄弱", "◐", "#F2B53A", "#3B2600", "#8A5A00"),
        Look("missing", "缺失", "○", "#B5360A", "#FFFFFF", "#7A2206"),
        Look("suspected", "疑似缺失", "◌", "#FFFFFF", "#8F2B08", "#B5360A", "#EDBFAE"),
        Look("unknown", "待核", "?", "#FFFFFF", "#3E4C59", "#627D98", "#CBD2D9"),
    )
}
"""Looks by key, from the best to the least known."""

STATUSES = ("missing", "weak", "covered", "strong", "unknown")
"""What a status column of a frame may hold."""

REASONS = {
    "a": "全库无企业数据", "b": "样本中未见", "c": "企业数据不足三成", "d": "有待复核企业", "e": "名录已逾三年",
}
"""Why a product is 待核, by letter, short enough for a box."""


def look(status: str, reason: str = "") -> Look:
    """The look of a status; an unknown one for want of a register (letter b) is 疑似缺失.

    Raises
    ------
    InputError
        On a status that is none.

    Examples
    --------
    >>> look("unknown", "b").word, look("weak").word
    ('疑似缺失', '薄弱')
    """
    if status not in STATUSES:
        raise InputError(f"没有这种状态：{status!r}", way_out=f"可用：{'、'.join(STATUSES)}")
    return LOOKS["suspected" if (status, reason) == ("unknown", "b") else status]


def look_of_word(text: str) -> Look | None:
    """The look behind a word or key in a status cell, with or without its symbol; None for any other text.

    >>> look_of_word("○ 缺失").key, look_of_word("weak").key, look_of_word("其他")
    ('missing', 'weak', None)
    """
    bare = text.strip().lstrip("".join(each.symbol for each in LOOKS.values())).strip()
    return next((each for each in LOOKS.values() if bare in (each.word, each.key)), None)
