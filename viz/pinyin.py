"""Names as people type them without switching to 汉字: the first letters of their pinyin, or all of it."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

VARIANTS = 8
"""At most so many readings of one name."""


@lru_cache(maxsize=200_000)
def initials(name: str) -> str:
    """First letters of the pinyin of a name, lower case; letters and digits stay, all else is left out.

    Where a character has several readings, all are given, the usual one first, joined by blanks.

    >>> initials("石墨电极"), initials("PVDF粘结剂")
    ('smdj dmdj', 'pvdfnjj pvdfzjj')
    """
    from pypinyin import Style, lazy_pinyin, pinyin

    def kept(rest: str) -> str:
        return "".join(letter for letter in rest if letter.isalnum())

    usual = "".join(lazy_pinyin(name[:80], style=Style.FIRST_LETTER, errors=kept)).lower()
    readings = [pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors=kept) for character in name[:80]]  # alone: a word has one
    letters = [list(dict.fromkeys(letter.lower() for each in reading for letter in each)) or [""] for reading in readings]
    others = islice(("".join(parts) for parts in product(*letters)), 64)
    return " ".join(list(dict.fromkeys([usual, *others]))[:VARIANTS])


@lru_cache(maxsize=50_000)
def spelled(name: str) -> str:
    """The whole pinyin of a name without tones, lower case; letters and digits stay, all else is left out.

    >>> spelled("动力电池"), spelled("PVDF粘结剂")
    ('donglidianchi', 'pvdfnianjieji')
    """
    from pypinyin import lazy_pinyin

    return "".join(letter for letter in "".join(lazy_pinyin(name[:80])) if letter.isalnum()).lower()
