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
    from pypinyin import Style, lazy_pinyin

    usual = "".join(lazy_pinyin(name[:80], style=Style.FIRST_LETTER, errors=_letters_of)).lower()
    others = islice(("".join(parts) for parts in product(*map(_readings, name[:80]))), 64)
    return " ".join(list(dict.fromkeys([usual, *others]))[:VARIANTS])


@lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    """The first letters of all readings of a character by itself; within a word it would have one."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors=_letters_of)
    return tuple(dict.fromkeys(letter.lower() for reading in found for letter in reading)) or ("",)


def _letters_of(rest: str) -> str:
    return "".join(letter for letter in rest if letter.isalnum())


@lru_cache(maxsize=50_000)
def syllables(name: str) -> str:
    """The pinyin of a name as `spelled`, syllable by syllable with blanks between; what is not 汉字 is one syllable.

    >>> syllables("动力电池"), syllables("PVDF粘结剂")
    ('dong li dian chi', 'pvdf nian jie ji')
    """
    from pypinyin import lazy_pinyin

    parts = ("".join(letter for letter in part if letter.isalnum()).lower() for part in lazy_pinyin(name[:80]))
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=50_000)
def spelled(name: str) -> str:
    """The whole pinyin of a name without tones, lower case; letters and digits stay, all else is left out.

    >>> spelled("动力电池"), spelled("PVDF粘结剂")
    ('donglidianchi', 'pvdfnianjieji')
    """
    from pypinyin import lazy_pinyin

    return "".join(letter for letter in "".join(lazy_pinyin(name[:80])) if letter.isalnum()).lower()
