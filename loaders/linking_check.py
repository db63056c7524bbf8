"""How good the links are: pairs drawn at random for a person to judge, and precision and recall from the judgements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import ceil, sqrt

import numpy as np
import pandas as pd

from chain.errors import InputError
from chain.tables import split
from loaders.linking_levels import COLUMNS
from loaders.linking_words import Folded, Lexicon, Match, Use, fold, quote

STATES = ("confirmed", "review", "rejected", "none")
"""States of a link, and none for pairs without a link."""

COMMON = 0.01
"""Share of enterprises above which a piece of a name says nothing."""

MOST_SEARCHED = 5000
"""Enterprises whose texts are searched for pairs without a link; with more of them, so many are drawn."""

_MARKED = re.compile("『([^』]*)』")
_VERDICTS = {
    **dict.fromkeys(("是", "对", "1", "1.0", "true", "yes"), True),
    **dict.fromkeys(("否", "错", "0", "0.0", "false", "no"), False),
}
_WHOLE, _PIECE = 0, 1
_Z = 1.959963984540054


def sample(
    makes: pd.DataFrame, enterprises: pd.DataFrame, products: pd.DataFrame, *, seed: int, per_state: int = 50
) -> pd.DataFrame:
    """Pairs of enterprise and product to be judged by hand, drawn at random within each state.

    Parameters
    ----------
    makes, enterprises, products
        Tables; only MAKES of method ``link`` are drawn.
    seed
        The same seed draws the same pairs from the same tables, whatever the order of their rows.
    per_state
        Most pairs of each state.

    Returns
    -------
    DataFrame
        enterprise, enterprise_name, product, product_name, state (confirmed, review, rejected, none), pairs (how many pairs
        the state holds), confidence, words (as they stand in the text), text (evidence), verdict (empty: 是 or 否 goes
        here); by state, enterprise, product.

    Notes
    -----
    Pairs of state none have no link although a text holds the product's name or an alias (an exclude word cancelled it) or
    a piece of it: at least three characters and six tenths of it, and in the texts of at most one enterprise in a hundred
    or ten of them (not 系统集成). Links that were missed are sought where they are likeliest; recall estimated from them
    is an upper bound, since pairs that share less with a name are not drawn.
    """
    links = makes[makes["method"] == "link"]
    rng = np.random.default_rng(seed)
    parts = []
    for state in STATES[:3]:
        rows = links[links["state"] == state].sort_values(["enterprise", "product"], kind="stable")
        drawn = rows[["enterprise", "product", "state", "confidence", "evidence"]].iloc[_draw(rng, len(rows), per_state)]
        parts.append(drawn.rename(columns={"evidence": "text"}).assign(pairs=len(rows)))
    parts.append(_unlinked(makes, enterprises, products, rng, per_state))
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    found["words"] = [match.group(1) if (match := _MARKED.search(str(text))) else None for text in found["text"]]
    found["enterprise_name"] = found["enterprise"].map(enterprises.drop_duplicates("id").set_index("id")["name"])
    found["product_name"] = found["product"].map(products.drop_duplicates("id").set_index("id")["name"])
    found["verdict"] = pd.Series([None] * len(found), dtype="str")
    return found[[
        "enterprise", "enterprise_name", "product", "product_name", "state", "pairs", "confidence", "words", "text", "verdict",
    ]]


def evaluate(labels: pd.DataFrame, makes: pd.DataFrame) -> pd.DataFrame:
    """Precision and recall of links, with 95 % intervals.

    Parameters
    ----------
    labels
        Judged pairs as `sample` gives them: enterprise, product, state and pairs (of the drawing), verdict (是 or 否;
        rows without one are left out), and chain if results by chain are wanted.
    makes
        Links to be judged; they may be newer than the drawing.

    Returns
    -------
    DataFrame
        by (all, state, chain), group, measure, labels (how many the figure rests on), value, low, high (Wilson). Measures:
        precision (share of true pairs among confirmed ones; by state: among those of the state), recall (share of true
        pairs that are confirmed), reach (share of true pairs that are confirmed or in review).

    Raises
    ------
    InputError
        On a missing column or a verdict that is neither yes nor no.

    Notes
    -----
    A pair counts for pairs ÷ judged pairs of its stratum at the drawing: chain, where there is one, and state (Horvitz &
    Thompson 1952). The interval is that of
    Wilson (1927) for the effective number of labels, (Σw)² ÷ Σw² (Kish 1965).
    """
    judged = _judged(labels)
    links = makes[makes["method"] == "link"].drop_duplicates(["enterprise", "product"])
    now = links.set_index(["enterprise", "product"])["state"]
    pairs = pd.MultiIndex.from_frame(judged[["enterprise", "product"]])
    judged["now"] = now.reindex(pairs).fillna("none").to_numpy() if len(now) else "none"
    rows = list(_measures("all", "全部", judged))
    rows += [
        ("state", state, "precision", *_share(judged[judged["now"] == state], "true")) for state in STATES
    ]
    if "chain" in judged:
        for chain, part in judged.groupby("chain", sort=True):
            rows += _measures("chain", str(chain), part)
    return pd.DataFrame(rows, columns=["by", "group", "measure", "labels", "value", "low", "high"])


def wilson(share: float, n: float) -> tuple[float, float]:
    """Bounds of the 95 % interval of a share seen in `n` draws (Wilson 1927); nothing known is 0 to 1.

    >>> tuple(round(bound, 3) for bound in wilson(0.9, 50))
    (0.786, 0.957)
    """
    if n <= 0:
        return 0.0, 1.0
    middle = share + _Z**2 / (2 * n)
    spread = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


def _judged(labels: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("enterprise", "product", "state", "pairs", "verdict") if name not in labels.columns]
    if missing:
        raise InputError(f"标注表缺少这些列：{'、'.join(missing)}", way_out="用抽样得到的表填写 verdict 一列，不要删列")
    filled = labels[labels["verdict"].notna() & (labels["verdict"].astype("str").str.strip() != "")].reset_index(drop=True)
    words = filled["verdict"].astype("str").str.strip().str.lower()
    unknown = words[~words.isin(_VERDICTS)]
    if len(unknown):
        raise InputError(
            f"verdict 的值 {unknown.iloc[0]!r} 看不懂", where=f"第 {unknown.index[0] + 1} 条已填的标注，列 verdict",
            way_out="写 是 或 否",
        )
    stratum = [name for name in ("chain", "state") if name in filled.columns]
    counts = filled.groupby(stratum, dropna=False)["state"].transform("size")
    return filled.assign(true=words.map(_VERDICTS).astype(bool), weight=filled["pairs"].astype(float) / counts)


def _measures(by: str, group: str, judged: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    true = judged[judged["true"]]
    found = true.assign(confirmed=true["now"] == "confirmed", reached=true["now"].isin(["confirmed", "review"]))
    yield by, group, "precision", *_share(judged[judged["now"] == "confirmed"], "true")
    yield by, group, "recall", *_share(found, "confirmed")
    yield by, group, "reach", *_share(found, "reached")


def _share(part: pd.DataFrame, column: str) -> tuple[int, float, float, float]:
    weights = part["weight"].to_numpy(dtype=float)
    if not weights.sum():
        return len(part), float("nan"), 0.0, 1.0
    share = float((weights * part[column].to_numpy(dtype=float)).sum() / weights.sum())
    low, high = wilson(share, float(weights.sum() ** 2 / (weights**2).sum()))
    return len(part), share, low, high


def _unlinked(
    makes: pd.DataFrame, enterprises: pd.DataFrame, products: pd.DataFrame, rng: np.random.Generator, most: int
) -> pd.DataFrame:
    """Pairs without any MAKES whose texts hold a part of the product's name or of an alias."""
    known = _parts(products)
    linked = set(zip(makes["enterprise"], makes["product"], strict=True))
    rows = enterprises.drop_duplicates("id").sort_values("id", kind="stable")
    searched = rows.iloc[_draw(rng, len(rows), MOST_SEARCHED)]
    found: list[tuple[str, str, str, Folded, int, int, bool]] = []
    counts: Counter[str] = Counter()
    for identity, *texts in searched.reindex(columns=["id", *COLUMNS]).astype("object").itertuples(index=False, name=None):
        pieces: dict[str, tuple[str, Folded, Match]] = {}
        for column, text in zip(COLUMNS.values(), texts, strict=True):
            folded = fold(text) if isinstance(text, str) else fold("")
            for match in known.matches(folded.text):
                pieces.setdefault(folded.text[match.start:match.end], (column, folded, match))
        counts.update(pieces.keys())
        found += [
            (identity, known.ids[use.product], column, folded, match.start, match.end, use.role == _WHOLE)
            for column, folded, match in pieces.values() for use in match.word.uses
            if (identity, known.ids[use.product]) not in linked
        ]
    most_seen = max(COMMON * len(searched), 10)
    found = [pair for pair in found if pair[6] or counts[pair[3].text[pair[4]:pair[5]]] <= most_seen]
    found = list({pair[:2]: pair for pair in reversed(found)}.values())
    found.sort(key=lambda pair: pair[:2])
    pairs = round(len(found) * len(rows) / max(len(searched), 1))
    return pd.DataFrame(
        [
            {"enterprise": identity, "product": product, "state": "none", "confidence": float("nan"),
             "text": f"{column}：{quote(folded, start, end)}", "pairs": pairs}
            for identity, product, column, folded, start, end, _ in (found[at] for at in _draw(rng, len(found), most))
        ],
        columns=["enterprise", "product", "state", "confidence", "text", "pairs"],
    )


def _parts(products: pd.DataFrame) -> Lexicon:
    """Names and aliases, and every piece of them that is six tenths as long, as words to be found."""
    rows = products.drop_duplicates("id").sort_values("id", kind="stable")
    uses: dict[str, set[Use]] = {}
    for at, (name, aliases) in enumerate(zip(rows["name"], rows["aliases"], strict=True)):
        for word in (fold(str(word)).text for word in [name, *split(aliases)]):
            size = max(3, ceil(0.6 * len(word)))
            uses.setdefault(word, set()).add(Use(_WHOLE, at))
            for start in range(len(word) - size + 1):
                uses.setdefault(word[start:start + size], set()).add(Use(_PIECE, at))
    kept = {word: tuple(sorted(found)) for word, found in sorted(uses.items())}
    return Lexicon(rows["id"].astype(str).tolist(), rows["name"].astype(str).tolist(), kept)


def _draw(rng: np.random.Generator, count: int, most: int) -> list[int]:
    """Positions of at most `most` of `count` things, in order."""
    return sorted(rng.choice(count, size=min(count, most), replace=False).tolist()) if count else []
