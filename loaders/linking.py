"""Links from what enterprises write of themselves to the products of chains, each with its confidence and evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chain.store import Progress
from chain.tables import canonical
from loaders import linking_levels as levels
from loaders.linking_check import evaluate, sample
from loaders.linking_crew import spread
from loaders.linking_items import Items, items
from loaders.linking_judge import Judgement, judge
from loaders.linking_verbs import MAKE, RECYCLE, RUN, verbs
from loaders.linking_words import ROLES, Folded, Lexicon, Match, fold, lexicon, longest, quote

__all__ = ["evaluate", "link", "sample"]

_HINT = ROLES.index("hint")
_FIRM = re.compile(r"(?:新?材料|科技|制品|实业|工业|制造|股份|集团|\([^()]*\))*(?:有限|股份|集团|公司|厂)")
_COMMON = re.compile(
    "生产|制造|加工|销售|经营|研发|研究|开发|设计|服务|贸易|业务|产品|系列|主要|主营|从事|公司|企业|技术|相关|以及|及其|其他|各类|管理|投资|"
    "进出口|制作|咨询|工程|项目|材料|设备|系统|[的和与及等、，,。;:()]")
"""Words that say nothing of what a firm is about."""

_STEP = "从文本关联产品"
_COMPANY = 2
"""Other products of a chain that an enterprise must surely make for a hint to be understood by that chain."""

_TOLD = ("main_products", "main_business")
_EVERY = 1000
"""Enterprises that are read in one go."""


@dataclass(frozen=True)
class Mention:
    """One word in one text that speaks for or against a product."""

    product: int
    column: str
    judgement: Judgement
    text: Folded
    start: int
    end: int


def link(
    enterprises: pd.DataFrame, products: pd.DataFrame, members: pd.DataFrame | None = None, *,
    progress: Progress | None = None, processes: int = 1,
) -> pd.DataFrame:
    """Who makes what, as far as the enterprises' own texts tell.

    Parameters
    ----------
    enterprises
        Columns of table ``enterprises``, one row an enterprise; read are id, name, entry, main_products, main_business,
        business_scope, source and row, and the origins of the texts where they differ (`loaders.linking_origins`).
    products
        Columns of table ``products``; read are id, name, aliases, hints and exclude.
    members
        Table ``chain_products``; read are chain, product and segment. Without it no hint is understood by the chain around it.
    progress
        Told of the share done.
    processes
        How many processes read side by side; the answer is the same. A script that asks for more than one must guard its
        start with ``if __name__ == "__main__"``.

    Returns
    -------
    DataFrame
        Table ``makes``, one row an enterprise and product that its texts mention, by enterprise and product: confidence
        (0..1), state (confirmed from 0.65, review from 0.3, else rejected), method ``link``, evidence, and source and row
        of the text that is quoted. A mention cancelled by an exclude word leaves no row.

    Notes
    -----
    In every text the longest known words count, over the words of all products given. Each mention gets a level of
    `linking_levels`; a column is worth its best mention; columns that speak for a product (0.3 or more) are joined by
    1 − ∏(1 − confidence), at most 0.98, and at most 0.6 if none of them names the product itself. A main product or main
    business that only hints at a product is taken for it where the enterprise surely makes two others of the same chain, one
    of them in the same segment.
    """
    columns = ["id", "name", "entry", *levels.COLUMNS, "source", "row", *(f"{name}_{part}" for name in levels.COLUMNS for part in ("source", "row"))]
    rows = list(enterprises.reindex(columns=columns).astype("object").itertuples(index=False, name=None))
    chunks = [rows[at:at + _EVERY] for at in range(0, len(rows), _EVERY)]
    found: list[dict[str, object]] = []
    tell = progress or (lambda step, share: None)
    tell(_STEP, 0.0)
    for done, pairs in enumerate(spread(lexicon(products, members), chunks, linked, processes=processes), 1):
        found += pairs
        tell(_STEP, done / len(chunks))
    return canonical("makes", pd.DataFrame(found, columns=None if found else ["enterprise"]))


def linked(known: Lexicon, rows: list[tuple[Any, ...]]) -> list[dict[str, object]]:
    """Rows of table ``makes`` for enterprises given as (id, name, entry, the three texts, source, row, source and row of each text)."""
    found: list[dict[str, object]] = []
    texts_end = len(levels.COLUMNS)
    for identity, name, entry, *rest in rows:
        cells = zip(levels.COLUMNS, rest, strict=False)
        texts = {column: fold(text) for column, text in cells if isinstance(text, str) and text.strip()}
        if texts:
            mentions = [mention for column, text in texts.items() for mention in _mentions(known, column, text)]
        else:
            mentions = _in_name(known, name) if isinstance(name, str) and entry != "party" else []
        by_product = _by_product(mentions)
        verdicts = {product: _verdict(about, _contradicted(about, texts)) for product, about in by_product.items()}
        _understand(known, by_product, verdicts)
        own, *others = zip(rest[texts_end::2], rest[texts_end + 1::2], strict=True)
        elsewhere = {column: place for column, place in zip(levels.COLUMNS, others, strict=False) if isinstance(place[0], str)}
        for product, verdict in verdicts.items():
            source, row = elsewhere.get(min(by_product[product], key=_rank).column, own)
            found.append({"enterprise": identity, "product": known.ids[product], "source": source, "row": row, **verdict})
    return found


def _understand(known: Lexicon, mentions: dict[int, list[Mention]], verdicts: dict[int, dict[str, object]]) -> None:
    """Confirm links by hints that the company they are in explains (接线盒 of one who makes 光伏胶膜 and 光伏铝边框)."""
    sure = [product for product, verdict in verdicts.items() if verdict["state"] == "confirmed"]
    if len(sure) < _COMPANY:
        return
    for product, verdict in verdicts.items():
        about = mentions[product]
        best = max((mention.judgement.confidence for mention in about if mention.column in _TOLD), default=0.0)
        if verdict["state"] != "review" or best < levels.HINTED or any(mention.judgement.named for mention in about):
            continue
        if beside := _company(known.segments, product, sure):
            names = "、".join(known.names[other] for other in beside[:_COMPANY])
            verdict |= {"confidence": levels.CONFIRMED, "state": "confirmed",
                        "evidence": f"{verdict['evidence']}；同链已确认生产{names}等{len(beside)}种"}


def _company(segments: dict[int, dict[str, str]], product: int, sure: list[int]) -> list[int]:
    """The other products that an enterprise surely makes of a chain that holds a product; none if too few or in other segments."""
    for chain, segment in sorted(segments.get(product, {}).items()):
        beside = sorted(other for other in sure if chain in segments.get(other, {}))
        near = [other for other in beside if segments[other][chain] == segment]
        if near and len(beside) >= _COMPANY:
            return near + [other for other in beside if other not in near]
    return []


def _mentions(known: Lexicon, column: str, folded: Folded) -> list[Mention]:
    """Mentions of products in one text; those that an exclude word of the product cancels are left out."""
    matches = known.matches(folded.text)
    telling = [match for match in longest(matches) if match.word.meant]
    if not telling:
        return []
    listed = items(folded.text, [(match.start, match.end) for match in telling], single=column == "main_products")
    cancels = _cancels(matches, listed, {use.product for match in telling for use in match.word.meant})
    found = []
    for before, match in zip([None, *telling], telling, strict=False):
        place = listed.at(match.start, match.end)
        if place is None:
            continue
        item, offset = place
        for use in match.word.meant:
            low, high = cancels.get((id(item), use.product), (match.start, match.end))
            if match.start <= low and high <= match.end:     # an exclude word inside the matched word is part of it
                judgement = judge(
                    item, offset, offset + match.end - match.start, column,
                    hint=use.role == _HINT, overlapped=_laps(before, match),
                )
                found.append(Mention(use.product, column, judgement, folded, match.start, match.end))
    return found


def _cancels(matches: list[Match], listed: Items, wanted: set[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """From where to where words that exclude a product stand, by item and product, for the products wanted."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for start, end, word in matches:
        products = word.excludes & wanted
        place = listed.at(start, end) if products else None
        if place:
            for product in products:
                low, high = found.get((id(place[0]), product), (start, end))
                found[id(place[0]), product] = min(low, start), max(high, end)
    return found


def _laps(before: Match | None, match: Match) -> bool:
    """Whether a word that is no shorter begins before a match and ends inside it (铬铁矿 in 铬铁矿砂, for 铁矿砂)."""
    return before is not None and match.start < before.end and before.end - before.start >= match.end - match.start


def _in_name(known: Lexicon, name: str) -> list[Mention]:
    """What the name of an enterprise without any text says: weak evidence, and only right before 有限公司 or the like."""
    folded = fold(name)
    judgement = Judgement(levels.NAMED.value, False, levels.NAMED.reason)
    return [
        Mention(use.product, "name", judgement, folded, match.start, match.end)
        for match in longest(known.matches(folded.text))
        if _FIRM.match(folded.text, match.end)
        for use in match.word.meant
        if use.role != _HINT
    ]


def _by_product(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        found[mention.product].append(mention)
    return found


def _contradicted(mentions: list[Mention], texts: dict[str, Folded]) -> levels.Level | None:
    """The cap on a product that one text names while the two others speak against it by their silence, if there is one.

    Texts are of different years: a firm that became a trader, or another firm behind an old name, shows here.
    """
    speaking = [mention for mention in mentions if mention.judgement.confidence >= levels.REVIEW]
    if len(texts) < len(levels.COLUMNS) or len({mention.column for mention in speaking}) != 1:
        return None
    others = [text.text for column, text in texts.items() if column != speaking[0].column]
    if speaking[0].column == "main_business" and _strange(speaking[0].text.text, others):
        return levels.ALONE
    if {MAKE, RUN, RECYCLE} & {kind for text in others for kind, _ in verbs(text)}:
        return None
    if speaking[0].column == "main_products":
        return levels.UNMADE
    words = {mention.text.text[at:at + 2] for mention in speaking for at in range(mention.start, mention.end - 1)}
    alone = speaking[0].column == "main_business" and not any(word in text for word in words for text in others)
    return levels.ALONE if alone else None


def _strange(text: str, others: Iterable[str]) -> bool:
    """Whether a text speaks of other things than all others do: not two characters of what it names are in any of them."""
    named = _COMMON.sub(" ", text)
    pairs = {named[at:at + 2] for at in range(len(named) - 1)}
    return not any(pair in other for pair in pairs if pair.isalnum() and not pair.isascii() for other in others)


def _verdict(mentions: list[Mention], contradicted: levels.Level | None) -> dict[str, object]:
    """Confidence, state and evidence of all mentions of one product by one enterprise."""
    best: dict[str, Mention] = {}
    for mention in mentions:
        if mention.column not in best or _rank(mention) < _rank(best[mention.column]):
            best[mention.column] = mention
    first = min(best.values(), key=_rank)
    speaking = [mention for mention in best.values() if mention.judgement.confidence >= levels.REVIEW]
    doubt = 1.0
    for mention in speaking:
        doubt *= 1 - mention.judgement.confidence
    confidence = min(1 - doubt, levels.CAP) if speaking else first.judgement.confidence
    reason = first.judgement.reason
    if not any(mention.judgement.named for mention in speaking):
        confidence = min(confidence, levels.UNPROVEN)
    elif _disputed(best):
        confidence, reason = min(confidence, levels.DISPUTED.value), levels.DISPUTED.reason
    elif contradicted and confidence > contradicted.value:
        confidence, reason = contradicted.value, contradicted.reason
    others = [levels.COLUMNS[mention.column] for mention in speaking if mention is not first]
    reasons = [part for part in (reason, f"{'、'.join(others)}也见" if others else "") if part]
    confidence = round(confidence, 3)
    return {
        "confidence": confidence, "state": levels.state(confidence), "method": "link",
        "evidence": _quote(first) + (f"（{'；'.join(reasons)}）" if reasons else ""),
    }


def _rank(mention: Mention) -> tuple[float, int, int]:
    order = [*levels.COLUMNS, "name"]
    return -mention.judgement.confidence, order.index(mention.column), mention.start


def _disputed(best: dict[str, Mention]) -> bool:
    """Whether the main business says that a main product is only sold or served, and no scope says that it is made."""
    business, scope = best.get("main_business"), best.get("business_scope")
    made = scope is not None and scope.judgement.confidence >= levels.SCOPE_MADE.value
    return "main_products" in best and business is not None and business.judgement.traded and not made


def _quote(mention: Mention) -> str:
    column = levels.COLUMNS.get(mention.column, "企业名称")
    return f"{column}：{quote(mention.text, mention.start, mention.end)}"
