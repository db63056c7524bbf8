"""Chinese lists of products and activities, cut into items, each with the verbs that govern it.

``A、B、C的研发、生产和销售`` are three things that are researched, made and sold; ``销售：A、B`` are two that are sold. Brackets
are lists of their own that hang on the item before them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.linking_inputs import bought, inputs, modifiers
from loaders.linking_verbs import ANNOUNCED, PLAN, RUN, Verb, announces, lead, lead_verbs, trail, verbs

_CUT = re.compile(
    r",(?!(?<=\d,)\d|(?<=n,)n-)|[、;。!?|\n\r()\[\]{}【】〔〕《》<>「」『』“”\":…•●■◆]|(?<=\d)\.(?=[^\d\W])|(?<!\d)\.(?!\d)"
    r"|以及|及其|(?<![普涉以])及(?!时)|(?<![饱中调共缓总温平])和(?![谐平睦])|(?<!参)与(?!会)|(?<!\S)或"
)
_OPENING, _CLOSING = "([{【〔《", ")]}】〕》"
_ENDS = ";。!?|\n\r"
_APPLIED = re.compile("适用于|应用于|运用于|使用于|服务于|用于|面向|用作|用以|应用(?:领域|场景|范围|方向)(?!的)")
_FIELD = re.compile("等?(?:下游)?(?:行业|领域|客户|厂商|场景)(?:的|$|内的)")
_NOT = re.compile("不含|不包括|不包含|不得|禁止|不从事")
_EXCEPT = re.compile("(?<![去消清拆扣开脱铲切解免])除(?![尘湿雪草锈垢油臭味磷硫氧铁冰霜甲菌虫颤氨氟])")
_BUT = re.compile("除外|以外|之外|外$")
_MADE_ELSEWHERE = re.compile("(?:不含|不得|禁止|不从事)(?:从事)?(?:实体)?(?:生产|制造|加工)+(?:活动)?")


@dataclass(eq=False)
class Item:
    """One item of a list.

    Attributes
    ----------
    text
        Its folded text, brackets left out.
    before
        The separator in front of it, empty at the start of a clause.
    verbs
        Verbs that govern it, in order: kind and word.
    negated
        Whether it stands under 不含, 除…外 and the like.
    applied
        Whether it begins under a 用于 of an item before it.
    host
        The item in whose brackets it stands.
    inputs
        Stretches of `text` that name what something else is made from (用X锻轧Y).
    modifier
        Whether it is only what the thing behind it is for (电弧炉 in 电弧炉和精炼炉用石墨电极).
    bought
        Whether it is one of several raw materials that are only worked and sold.
    first, last
        Where in `text` the first known word begins (None without any) and the last one ends.
    """

    before: str
    host: Item | None
    text: str = ""
    verbs: list[Verb] = field(default_factory=list)
    negated: bool = False
    applied: bool = False
    inputs: list[tuple[int, int]] = field(default_factory=list)
    modifier: bool = False
    bought: bool = False
    first: int | None = None
    last: int = 0

    @property
    def known_before(self) -> str:
        """Its text up to the first known word, all of it if there is none."""
        return self.text if self.first is None else self.text[: self.first]

    @property
    def governed(self) -> list[Verb]:
        """Its own verbs, else those of the item that its brackets hang on."""
        item: Item | None = self
        while item and not item.verbs:
            item = item.host
        return item.verbs if item else []


@dataclass
class Items:
    """The items of a text and where they stand."""

    starts: list[int]
    pieces: list[tuple[int, int, Item, int]]

    def at(self, start: int, end: int) -> tuple[Item, int] | None:
        """The item that holds a stretch of the folded text, and where in the item it begins."""
        place = bisect_right(self.starts, start) - 1
        if place < 0:
            return None
        low, high, item, offset = self.pieces[place]
        return (item, offset + start - low) if end <= high else None


def items(text: str, known: Sequence[tuple[int, int]], *, single: bool = False) -> Items:
    """The items of a folded text.

    Parameters
    ----------
    text
        Folded text.
    known
        Stretches with known words, not one inside another, by start; nothing is cut inside them.
    single
        Whether every item stands for itself, as in a list of main products, and shares no verbs with its neighbours.
    """
    reader = _Reader(text, known, single)
    for start, end in _chunks(text, known):
        reader.read(start, end)
    return Items([piece[0] for piece in reader.pieces], reader.pieces)


def applied_before(text: str) -> bool:
    """Whether what follows `text` stands under a 用于 that is still open (no 的 after it)."""
    found = [match.end() for match in _APPLIED.finditer(text)]
    return bool(found) and "的" not in text[found[-1]:]


def _chunks(text: str, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches between ends of clauses outside brackets that hold a known word: the rest need not be read."""
    depth, start, at = 0, 0, 0
    for mark in re.finditer(r"[()\[\]【】;。\n]", text):
        char = mark.group()
        depth = depth + 1 if char in _OPENING else max(depth - 1, 0) if char in _CLOSING else 0 if char == "\n" else depth
        if char in ";。\n" and depth == 0:
            held = at
            while at < len(known) and known[at][0] < mark.start():
                at += 1
            if at > held:
                yield start, max(mark.end(), known[at - 1][1])
            start = mark.end()
    if at < len(known):
        yield start, len(text)


class _Reader:
    """Reads one text: `pieces` gathers stretches with the item they belong to."""

    def __init__(self, text: str, known: Sequence[tuple[int, int]], single: bool) -> None:
        self.text, self.known, self.single = text, known, single
        self.whole = [match.span() for match in ANNOUNCED.finditer(text)]
        self.pieces: list[tuple[int, int, Item, int]] = []

    def read(self, start: int, end: int) -> None:
        """Cut one chunk and find out what governs its items."""
        levels: list[list[Item]] = [[Item("", None)]]
        at = start
        for cut in _CUT.finditer(self.text, start, end):
            if self._inside(cut.start(), cut.end()):
                continue
            self._add(at, cut.start(), levels[-1][-1])
            at, char = cut.end(), cut.group()
            if char in _OPENING:
                levels.append([Item("", levels[-1][-1])])
            elif char in _CLOSING and len(levels) > 1:
                _govern(levels.pop(), self.single)
            elif char in _ENDS:
                host = levels[-1][0].host
                _govern(levels.pop(), self.single)
                levels.append([Item("", host)])
            else:
                levels[-1].append(Item(char, levels[-1][0].host))
        self._add(at, end, levels[-1][-1])
        for level in reversed(levels):
            _govern(level, self.single)

    def _add(self, start: int, end: int, item: Item) -> None:
        if start < end:
            self.pieces.append((start, end, item, len(item.text)))
            low, high = bisect_left(self.known, (start, 0)), bisect_left(self.known, (end, 0))
            if low < high:
                shift = len(item.text) - start
                item.first = self.known[low][0] + shift if item.first is None else item.first
                item.last = self.known[high - 1][1] + shift
            item.text += self.text[start:end]

    def _inside(self, start: int, end: int) -> bool:
        """Whether a separator stands inside a known word or inside words that announce products."""
        for stretches in (self.known, self.whole):
            place = bisect_right(stretches, (start, len(self.text))) - 1
            if place >= 0 and stretches[place][0] <= start and end <= stretches[place][1]:
                return True
        return False


def _govern(clause: list[Item], single: bool) -> None:
    """Give every item of a clause its verbs, and whether it is negated or an application."""
    clause = [item for item in clause if item.text]
    if not clause:
        return
    _negate(clause)
    _apply(clause)
    for part in _split(clause, ","):
        _use(part)
    host = clause[0].host
    if host is not None and len(clause) == 1 and _MADE_ELSEWHERE.fullmatch(clause[0].text):
        host.negated = True
    for part in _split(clause, "、,") if single else [clause]:
        _Governing().govern(part)
    if not single:
        for item, found in zip(clause, bought([(item.text, item.verbs) for item in clause]), strict=True):
            item.bought = found


class _Governing:
    """One walk through a clause."""

    def __init__(self) -> None:
        self.forward: list[Verb] = []    # verbs that stand before a list
        self.waiting: list[Verb] = []    # verbs read that belong to the list after them, if one follows
        self.run: list[Item] = []        # items that wait for a verb behind them
        self.closing: list[Item] = []    # items whose verbs are just being listed

    def govern(self, clause: list[Item]) -> None:
        for item in clause:
            before = lead(item.known_before)
            if before == len(item.text):
                self._verbs_alone(item)
            else:
                self._thing(item, _leading(item), item.text[trail(item.text, max(item.last, before)):])
        if self.waiting:
            _give(self.run, self.waiting)

    def _verbs_alone(self, item: Item) -> None:
        found = lead_verbs(item.text)
        if announces(item.text):
            self.waiting, self.run, self.closing = found, [], []
        elif self.closing and item.before not in (":", ","):
            _give(self.closing, found)
        elif found or not self.closing:
            self.waiting += found

    def _thing(self, item: Item, leading: list[Verb], behind: str) -> None:
        if self._begins_list(item, leading):
            kept = self.waiting if not announces(item.known_before) else []
            self.forward = kept + leading or (self.closing[0].verbs if self.closing else [])
            self.run, self.closing = [], []
        elif self.waiting:               # verbs stood alone between two lists: they end the first one
            _give(self.run, self.waiting)
            self.run, self.closing = [], []
        elif self.closing:
            self.run, self.closing = [], []
        self.waiting = []
        if item.before == "," and self.forward:
            self.run = []                # behind a comma a verb at the end reaches back no further
        self.run.append(item)
        _give([item], self.forward)
        if tail := verbs(behind):
            self._close(item, leading + tail, "的" in behind or behind.startswith("等"))

    def _begins_list(self, item: Item, leading: list[Verb]) -> bool:
        """Whether verbs before an item govern it and what follows it: 生产、销售A, 生产和经营A, 生产：A, A的生产：甲、乙."""
        if leading:
            return True
        if item.before == ":":
            return bool(self.waiting or self.closing)
        return bool(self.waiting) and (item.before not in ("、", ",") or lead(item.known_before) > 0)

    def _close(self, item: Item, found: list[Verb], linked: bool) -> None:
        """Verbs stand at the end of an item: they govern the list that it ends."""
        alone = self.forward and not any(other.before == "," for other in self.run)
        if alone or found == [(RUN, "发电")]:      # 风力发电 stands for itself
            self.closing = [item]
        else:
            self.closing = self.run if linked else self._near(found)
        for other in self.closing:
            other.verbs = []
        _give(self.closing, found)
        self.run = []

    def _near(self, found: list[Verb]) -> list[Item]:
        """The part of a list that verbs without 的 reach back over: not beyond a comma where 、 parts smaller things."""
        commas = [at for at, item in enumerate(self.run) if item.before == ","]
        mixed = any(item.before == "、" for item in self.run) or all(kind in (RUN, PLAN) for kind, _ in found)
        return self.run[commas[-1]:] if commas and mixed else self.run


def _leading(item: Item) -> list[Verb]:
    """Verbs that an item begins with; behind an input it begins anew (利用A生产B)."""
    anew = lead_verbs(item.text[max(end for _, end in item.inputs):]) if item.inputs else []
    return anew or lead_verbs(item.known_before)


def _give(group: list[Item], found: list[Verb]) -> None:
    for item in group:
        item.verbs += [verb for verb in found if verb not in item.verbs]


def _negate(clause: list[Item]) -> None:
    if clause[0].host is not None:
        _negate_bracket(clause)
        return
    for part in _split(clause, ","):
        excepted = any(_BUT.search(item.text) for item in part)
        under = False
        for item in part:
            under = under or bool(_NOT.search(item.text)) or (excepted and bool(_EXCEPT.search(item.text)))
            item.negated = under
            under = under and not _BUT.search(item.text)


def _negate_bracket(clause: list[Item]) -> None:
    under = False
    for item in clause:
        under = under or bool(_NOT.search(item.text)) or item.text.startswith("除")
        item.negated = under
    ends = [at for at, item in enumerate(clause) if _BUT.search(item.text)]
    for item in clause[: ends[-1] + 1] if ends else []:
        item.negated = True


def _apply(clause: list[Item]) -> None:
    """Mark items that name what a thing is used for: after 用于, or in a list that ends with 等行业."""
    for part in _split(clause, ","):
        still, marked = False, 0
        for at, item in enumerate(part):
            item.applied = still
            still = applied_before(item.text) or (still and "的" not in item.text)
            if _FIELD.search(item.text, item.last):
                for other in part[marked:at]:
                    other.applied = True
                marked = at


def _use(part: list[Item]) -> None:
    """Mark what is only an input, and what is only a modifier of a thing behind it."""
    texts = [item.text for item in part]
    for item, found in zip(part, inputs(texts), strict=True):
        item.inputs = found
    for item, modifying in zip(part, modifiers(texts, [item.before for item in part]), strict=True):
        item.modifier = modifying


def _split(clause: list[Item], marks: str) -> Iterator[list[Item]]:
    part: list[Item] = []
    for item in clause:
        if item.before and item.before in marks and part:
            yield part
            part = []
        part.append(item)
    yield part
