"""Which products may be taken for one another, by their words alone.

Texts are linked by the longest known word. That settles a word inside a longer one (光伏玻璃 is not also 玻璃), and leaves open
whether what bears the longer name is a kind of the thing that its last characters name: the head of a Chinese noun stands last.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chain.definition import Product

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
_SUFFIX = re.compile(
    "(?:及其|及)?(?:(?P<stuff>原?材料|制品|产品|原料|成品|粉体|颗粒|料)|(?P<device>系统|设备|装置|装备|机组|机|器)"
    "|(?P<part>总成|组件|零?部件|零件|配件|器件|模组|模块|单元|件))$"
)
"""General last parts of a word; those of one family mean much the same, those of two do not (焊接材料, 焊接设备)."""

_PREFIX = re.compile("^(?:新型|高性能|高品质|高端|特种|专用|工业用|工业级|工业|各类|通用|普通|精密|智能|大型|中小型|小型|成套)")
_COMPOUND = re.compile("(?:化(?=[硅镓铝硼锂钛钨钼铁铜锌镍钴锰钙镁钠钾铵氢氮碳])|[氢过](?=氧)|[氟氯硼](?=[铝硅硼锂磷]))")
"""Where a cut falls inside the name of a compound: 氢|氧化铝, 碳化|硅外延片."""

_CHANGING = re.compile("(?:废旧|废弃|废|旧|退役|报废|二手|回收|仿|非|防|脱|免|抗|除|替代|代|可|不|无|未|假)$")
_JOINT = re.compile("^(?:以及|及其|及|和|与|、|/)")
_JOINED = re.compile("(?:以及|及|和|与|、|/)$")
_FILLING = re.compile("^(?:系列)?(?:产品|系列|型|类)?$")
_SHARE = 0.34
"""Share of the words of the product with fewer of them that two products must have in common to be near duplicates."""


@dataclass(frozen=True)
class Pair:
    """Two products that may be taken for one another: `product` is the one whose author is asked first."""

    product: str
    other: str
    what: str
    way_out: str


def plain(word: str) -> str:
    """A word without the differences that linking overlooks: width, case, kinds of dashes, blanks.

    >>> plain("ＥＶＡ 胶膜"), plain("Ⅳ型瓶")
    ('eva胶膜', 'iv型瓶')
    """
    text = unicodedata.normalize("NFKC", word).lower().translate(_DASHES)
    return re.sub(r"\s+", "", text)


def stem(word: str) -> str:
    """What is left of a word without a general first or last part; the word itself if less than two characters are left.

    >>> stem("高性能碳纤维材料"), stem("电机"), stem("储能系统")
    ('碳纤维', '电机', '储能')
    """
    return _parts(word)[0]


def _parts(word: str) -> tuple[str, str]:
    """The stem of a word and the family of its last part, empty if it has none."""
    found, family = plain(word), ""
    if (last := _SUFFIX.search(found)) and last.start() >= 2:
        found, family = found[: last.start()], str(last.lastgroup)
    shorter = _PREFIX.sub("", found)
    return shorter if len(shorter) >= 2 else found, family


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether words of one stem may mean one thing: their last parts are of one family, or one of them has none."""
    return bool(some & others) or "" in some or "" in others


def claims(products: Iterable[Product]) -> dict[tuple[str, str], list[str]]:
    """Names and aliases that stand for more than one product, under who claims them too and who claimed them first."""
    first: dict[str, str] = {}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for product in products:
        for word in dict.fromkeys((product.name, *product.aliases)):
            holder = first.setdefault(plain(word), product.name)
            if holder != product.name:
                found[product.name, holder].append(word)
    return found


def duplicates(products: Sequence[Product]) -> Iterator[Pair]:
    """Near duplicates by name and aliases, each pair once, the later product first."""
    stems = {p.name: _stems((p.name, *p.aliases)) for p in products}
    by_stem: dict[str, list[str]] = defaultdict(list)
    for product in products:
        for found in stems[product.name]:
            by_stem[found].append(product.name)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    order = {product.name: at for at, product in enumerate(products)}
    for word, names in sorted(by_stem.items()):
        for at, name in enumerate(names):
            for other in names[:at]:
                if not _alike(stems[name][word], stems[other][word]):
                    continue
                shared[max(name, other, key=order.__getitem__), min(name, other, key=order.__getitem__)].append(word)
    for name, other in _anagrams(products):
        shared.setdefault((name, other), [])
    for (name, other), words in sorted(shared.items(), key=lambda pair: (order[pair[0][0]], order[pair[0][1]])):
        least = min(len(stems[name]), len(stems[other]))
        if not words:
            why = "两个名称的字相同，只是次序不同"
        elif stem(name) == stem(other) and _alike(*(frozenset({_parts(one)[1]}) for one in (name, other))):
            why = "名称只差一个通用的词"
        elif stem(name) in words or stem(other) in words:
            why = f"一个的名称近于另一个的别名（{'、'.join(words)}）"
        elif len(words) >= 2 and len(words) >= _SHARE * least:
            why = f"别名大半相同（{'、'.join(words)}）"
        else:
            continue
        yield Pair(name, other, f"与「{other}」像是同一种东西：{why}", "是同一种就合为一个产品，另一处写 use；不是就写 distinct_from 和理由")


def _stems(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """Stems of words, each with the families of last parts that it is found with."""
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        shorter, family = _parts(word)
        found[shorter].add(family)
    return {word: frozenset(families) for word, families in found.items()}


def _anagrams(products: Sequence[Product]) -> Iterator[tuple[str, str]]:
    by_letters: dict[str, list[str]] = defaultdict(list)
    for product in products:
        by_letters["".join(sorted(plain(product.name)))].append(product.name)
    for names in by_letters.values():
        yield from ((name, other) for at, name in enumerate(names) for other in names[:at])


@dataclass(frozen=True)
class _Use:
    """What a word is to a product."""

    product: Product
    word: str
    role: str


class _Words:
    """All words of all products, by their plain form."""

    def __init__(self, products: Iterable[Product]) -> None:
        self.own: dict[str, list[_Use]] = defaultdict(list)
        self.mere: dict[str, list[_Use]] = defaultdict(list)
        self.excluded: dict[str, tuple[str, ...]] = {}
        for product in products:
            self.excluded[product.name] = tuple(plain(word) for word in product.exclude)
            for word in dict.fromkeys((product.name, *product.aliases)):
                self.own[plain(word)].append(_Use(product, word, "名称" if word == product.name else "别名"))
            for role, words in (("提示词", product.hints), ("排除词", product.exclude)):
                for word in words:
                    self.mere[plain(word)].append(_Use(product, word, role))

    def at(self, long: str) -> Iterator[tuple[int, int, _Use]]:
        """Names and aliases inside a word and shorter than it, with where they stand."""
        for start in range(len(long) - 1):
            for end in range(start + 2, len(long) + 1):
                if end - start < len(long) and long[start:end] in self.own and _whole(long, start, end):
                    yield from ((start, end, use) for use in self.own[long[start:end]])

    def settled(self, long: str, use: _Use) -> bool:
        """Whether a product has decided about a longer word: it is one of its own, or an exclude word of it stands in there."""
        if any(other.product.name == use.product.name for other in (*self.own.get(long, ()), *self.mere.get(long, ()))):
            return True
        return any(word in long for word in self.excluded[use.product.name])


def swallowed(products: Sequence[Product]) -> Iterator[Pair]:
    """Words that longer words of other products hide, where the longest word is not the right answer of itself.

    Notes
    -----
    Reported are: a name or alias that ends with another product's name or alias (its makers count for the wider product only
    through a kind); a hint or exclude word, of no product the name, that ends with or lists another product's name or alias
    (its links are lost for a word that stands for nothing). A product with that longer word among its own, or with an exclude
    word inside it, has decided. Each pair of products is reported once, with its longest words.
    """
    words = _Words(products)
    seen: set[tuple[str, str]] = set()
    for long in sorted({*words.own, *words.mere}, key=lambda word: (-len(word), word)):
        owners = words.own.get(long, ())
        for start, end, use in words.at(long):
            if words.settled(long, use):
                continue
            for holder in owners or words.mere[long]:
                pair = _head(long, start, end, use, holder) if owners else _hidden(long, start, end, use, holder)
                if pair and (pair.product, pair.other) not in seen:
                    seen.add((pair.product, pair.other))
                    yield pair


def _head(long: str, start: int, end: int, use: _Use, holder: _Use) -> Pair | None:
    if end < len(long) or _altered(long, start):
        return None
    name, other = holder.product.name, use.product.name
    return Pair(
        name, other, f"{holder.role}「{holder.word}」以「{other}」的{use.role}「{use.word}」结尾，写前者的企业不算后者的",
        f"它是「{other}」的一种就写 kind_of；不是就给「{other}」加排除词，或写 distinct_from 和理由")


def _hidden(long: str, start: int, end: int, use: _Use, holder: _Use) -> Pair | None:
    before, after = long[:start], long[end:]
    ends = bool(_FILLING.match(after)) and not _altered(long, start)
    listed = (bool(_JOINT.match(after)) and not before) or (bool(_JOINED.search(before)) and not after)
    if not (ends or listed):
        return None
    name, other = holder.product.name, use.product.name
    return Pair(
        name, other, f"{holder.role}「{holder.word}」盖住了「{other}」的{use.role}「{use.word}」，写这个词的企业不再关联到「{other}」",
        f"换一个词，或把它也写进「{other}」的别名、提示词或排除词；有意如此就写 distinct_from 和理由")


def _altered(long: str, start: int) -> bool:
    """Whether what stands before a word makes something else of it (废钢), or the word only begins inside a compound (氢氧化铝)."""
    return bool(_CHANGING.search(long[:start])) or any(found.end() == start for found in _COMPOUND.finditer(long))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch does not cut a latin word."""
    return not (
        (start and _latin(text[start]) and _latin(text[start - 1])) or (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def masked(product: Product) -> str:
    """The reason of a product without its own name and marks, so that boilerplate shows.

    >>> masked(Product("钢", "上游", "段", reason="钢是关键材料。"))
    '是关键材料'
    """
    words: Sequence[str] = sorted((product.name, *product.aliases), key=len, reverse=True)
    text = product.reason or ""
    for word in words:
        text = text.replace(word, "")
    return re.sub(r"[\s，。；、,.;]+", "", text)


def repeated(products: Iterable[Product]) -> Mapping[str, Product]:
    """Products whose reason another product before them gives in the same words, with that product."""
    first: dict[str, Product] = {}
    found = {}
    for product in products:
        if text := masked(product):
            before = first.setdefault(text, product)
            if before.name != product.name:
                found[product.name] = before
    return found
