"""Known words in a text: one pass over names, aliases, hints and exclude words of all products, longest word first."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from chain.tables import split

if TYPE_CHECKING:
    import ahocorasick

WIDTH = 80
"""Most characters of a text that a quotation shows."""

ROLES = ("name", "alias", "hint", "exclude")
"""What a word is to a product, in order of trust."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad\t"), " ")
_BLANKS = re.compile(" +")


class _Folding(dict[int, str]):
    """Character to its folded form: compatibility forms undone, lower case, one kind of dash."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _DASHES.get(code) or _INVISIBLE.get(code) or unicodedata.normalize("NFKC", char).lower().translate(_DASHES)
        self[code] = char if char in "\n\r" else folded.replace("\n", " ")
        return self[code]


_FOLDING = _Folding()


@dataclass(frozen=True)
class Folded:
    """A text in the form in which words are compared, and where each of its characters comes from.

    Attributes
    ----------
    text
        Folded text: width and case don't matter any more, blanks are left only between latin words.
    original
        The text as written.
    offsets
        Position in `original` for every character of `text`; None where they are the same.
    """

    text: str
    original: str
    offsets: tuple[int, ...] | None

    def at(self, position: int) -> int:
        """Position in the original of a position in the folded text."""
        if self.offsets is None:
            return position
        return self.offsets[position] if position < len(self.offsets) else len(self.original)

    def end(self, position: int) -> int:
        """Position in the original just after the character before a position in the folded text."""
        return self.at(position - 1) + 1 if position else 0


def fold(text: str) -> Folded:
    """A text as it is compared.

    >>> fold("ＥＶＡ 胶膜").text
    'eva胶膜'
    """
    folded = text.translate(_FOLDING)
    if len(folded) == len(text) and " " not in folded:
        return Folded(folded, text, None)
    offsets = [at for at, char in enumerate(text) for _ in _FOLDING[ord(char)]]
    dropped = {at for blank in _BLANKS.finditer(folded) for at in range(blank.start() + _parting(folded, blank), blank.end())}
    kept = [at for at in range(len(folded)) if at not in dropped]
    return Folded("".join(folded[at] for at in kept), text, tuple(offsets[at] for at in kept))


def _parting(text: str, blank: re.Match[str]) -> bool:
    """Whether blanks part two latin words, so that one of them stays."""
    around = text[max(blank.start() - 1, 0):blank.start()] + text[blank.end():blank.end() + 1]
    return len(around) == 2 and around.isascii() and around.isprintable()


@dataclass(frozen=True, order=True)
class Use:
    """One word's meaning for one product: `product` is a position in `Lexicon.ids`."""

    role: int
    product: int


class Word:
    """A known word: its uses, those among them that speak for a product (the best one a product), and whom it speaks against."""

    __slots__ = ("cut", "excludes", "length", "meant", "uses")

    def __init__(self, word: str, uses: tuple[Use, ...]) -> None:
        self.length, self.uses = len(word), uses
        self.cut = _latin(word[0]) or _latin(word[-1])
        best: dict[int, Use] = {}
        for use in sorted(uses):
            if ROLES[use.role] != "exclude":
                best.setdefault(use.product, use)
        self.meant = tuple(best.values())
        self.excludes = frozenset(use.product for use in uses if ROLES[use.role] == "exclude")


class Match(NamedTuple):
    """A known word in a folded text, from `start` up to but without `end`."""

    start: int
    end: int
    word: Word


@dataclass
class Lexicon:
    """All words of all products, ready to be found.

    Attributes
    ----------
    ids, names
        Product ids in order, and their names.
    uses
        For every folded word the products it matters to.
    segments
        For every product, by position, where it stands: chains, each with the segment.
    """

    ids: list[str]
    names: list[str]
    uses: dict[str, tuple[Use, ...]]
    segments: dict[int, dict[str, str]] = field(default_factory=dict)
    _automaton: ahocorasick.Automaton | None = field(default=None, repr=False)

    def matches(self, text: str) -> list[Match]:
        """Every known word in a folded text, overlapping ones too, by start and then length falling."""
        if not self.uses:
            return []
        if self._automaton is None:
            self._automaton = _build(self.uses)
        found = []
        for last, word in self._automaton.iter(text):
            start, end = last - word.length + 1, last + 1
            if not word.cut or _whole(text, start, end):
                found.append(Match(start, end, word))
        return sorted(found, key=_place)


def lexicon(products: pd.DataFrame, members: pd.DataFrame | None = None) -> Lexicon:
    """Words of products (columns of table ``products``); the order of rows does not matter, a repeated id counts once.

    `members`, if given, says which product stands where (columns chain, product and segment).
    """
    columns = ["id", "name", "aliases", "hints", "exclude"]
    rows = products.reindex(columns=columns).drop_duplicates("id").sort_values("id", kind="stable")
    uses: dict[str, set[Use]] = defaultdict(set)
    for at, (_, name, *lists) in enumerate(rows.itertuples(index=False, name=None)):
        for role, words in enumerate([[name], *map(split, lists)]):
            for word in words:
                if folded := fold(str(word)).text.strip():
                    uses[folded].add(Use(role, at))
    kept = {word: tuple(sorted(found)) for word, found in sorted(uses.items())}
    ids = rows["id"].astype(str).tolist()
    segments: dict[str, dict[str, str]] = defaultdict(dict)
    if members is not None:
        for chain, product, segment in zip(members["chain"], members["product"], members["segment"], strict=True):
            segments[product][chain] = segment
    within = {at: segments[name] for at, name in enumerate(ids) if name in segments}
    return Lexicon(ids, rows["name"].astype(str).tolist(), kept, within)


def longest(matches: list[Match]) -> list[Match]:
    """Those matches that don't lie inside a longer one.

    Parameters
    ----------
    matches
        By start and then length falling.
    """
    kept: list[Match] = []
    reach = -1
    for match in matches:
        if match.end > reach:
            kept.append(match)
            reach = match.end
    return kept


def quote(folded: Folded, start: int, end: int) -> str:
    """What stands around a stretch of a folded text on its line, as written, the stretch marked by 『』.

    >>> quote(fold("冷轧 硅钢、铁"), 2, 4)
    '冷轧 『硅钢』、铁'
    """
    text, start, end = folded.original, folded.at(start), folded.end(end)
    low = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    high = min((at for at in (text.find("\n", end), text.find("\r", end)) if at >= 0), default=len(text))
    room = max(WIDTH - (end - start), 0)
    left = max(low, start - max(room // 2, room - (high - end)))
    right = min(high, end + room - (start - left))
    return f"{'…' if left > 0 else ''}{text[left:start]}『{text[start:end]}』{text[end:right]}{'…' if right < len(text) else ''}"


def _build(uses: dict[str, tuple[Use, ...]]) -> ahocorasick.Automaton:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for word, known in uses.items():
        automaton.add_word(word, Word(word, known))
    automaton.make_automaton()
    return automaton


def _place(match: Match) -> tuple[int, int]:
    return match.start, -match.end


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a match that begins or ends with a latin letter or digit is not cut out of a longer latin word."""
    return not (
        (start and _latin(text[start]) and _latin(text[start - 1]))
        or (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
