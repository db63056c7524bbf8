"""What speaks for or against a link besides the enterprise's own texts: other sources' statements, revenue shares, deals.

Two independent sources are worth more than one. Sources that disagree are shown side by side and never averaged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chain.reach import closure
from chain.tables import canonical, split
from loaders import linking_levels as levels
from loaders.linking_words import fold

STATED = 0.6
"""What another source's statement that an enterprise makes a product is worth beside its own texts."""

NAMED_DEAL = 0.7
"""What a deal is worth in which the enterprise sold the product by name."""

DEAL = 0.45
"""What a deal is worth in which it sold something to a maker of what the product goes into."""

MISSING = 0.7
"""What remains of a link where the revenue shares that chain products account for leave no room for the product."""

ACCOUNTED = 0.8
"""Share of revenue from which on the list of shares is taken for the whole."""


@dataclass(frozen=True)
class Beside:
    """What a store knows besides texts, under the ids that enterprises have in it.

    Attributes
    ----------
    stated, refused
        Who is said to make, and not to make, what: columns enterprise, product, share, method, source, row.
    deals
        Supply relations: supplier, buyer, buyer_name, product, source, row.
    inputs, kinds
        Tables of these names.
    products
        Table ``products``.
    files
        Source id to the file's name.
    """

    stated: pd.DataFrame
    refused: pd.DataFrame
    deals: pd.DataFrame
    inputs: pd.DataFrame
    kinds: pd.DataFrame
    products: pd.DataFrame
    files: Mapping[str, str]


def supported(makes: pd.DataFrame, beside: Beside) -> pd.DataFrame:
    """Links with what speaks for and against them besides texts.

    Parameters
    ----------
    makes
        What `loaders.linking.link` gave.

    Returns
    -------
    DataFrame
        Table ``makes``, the same rows. Confidence c that reaches a review becomes 1 − (1 − c) ∏ (1 − w) over the best statement
        and the best deal, at most 0.98; ``evidence`` names file and row of each.
    """
    if makes.empty or (beside.stated.empty and beside.refused.empty and beside.deals.empty):
        return makes
    says = _Says(makes, beside)
    rows: Any = makes.itertuples(index=False)
    changed = [says.of(row.enterprise, row.product, row.confidence) for row in rows]
    confidence = [round(value, 3) for value, _ in changed]
    evidence = [text + "".join(f"；{note}" for note in notes) for text, (_, notes) in zip(makes["evidence"], changed, strict=True)]
    state = [levels.state(value) for value in confidence]
    return canonical("makes", makes.assign(confidence=confidence, state=state, evidence=evidence))


class _Says:
    """Lookups of what is known of an enterprise and a product."""

    def __init__(self, makes: pd.DataFrame, beside: Beside) -> None:
        self.files = beside.files
        self.narrower = closure(zip(beside.kinds["kind"], beside.kinds["product"], strict=True))
        own = beside.stated[beside.stated["method"] == "stated"]
        self.stated = _first(own, ("enterprise", "product"))
        self.refused = _first(beside.refused, ("enterprise", "product"))
        self.accounted = _accounted(own)
        self.uses = _grouped(beside.inputs["input"], beside.inputs["product"])
        sure = makes[makes["state"] == "confirmed"]
        self.made = _grouped(sure["enterprise"], sure["product"])
        self.deals = _by_supplier(beside.deals)
        self.words = _words(beside.products)

    def of(self, enterprise: str, product: str, confidence: float) -> tuple[float, list[str]]:
        """Confidence of a link and notes on what changed it or speaks against it."""
        notes = []
        if refusal := self.refused.get((enterprise, product)):
            notes.append(f"另一来源写明不生产，两说并存{self._at(refusal)}")
        if confidence < levels.REVIEW:
            return confidence, notes
        doubt = 1 - confidence
        for weight, note in filter(None, (self._statement(enterprise, product), self._deal(enterprise, product))):
            doubt *= 1 - weight
            notes.append(note)
        if len(notes) == bool(refusal) and self._left_out(enterprise, product):
            notes.append("收入构成中没有它")
            return confidence * MISSING, notes
        return max(confidence, min(1 - doubt, levels.CAP)), notes

    def _statement(self, enterprise: str, product: str) -> tuple[float, str] | None:
        for name in (product, *sorted(self.narrower.get(product, ()))):
            if row := self.stated.get((enterprise, name)):
                share = f"，占收入 {row.share:.0%}" if pd.notna(row.share) else ""
                return STATED, f"另有来源写明生产{name}{share}{self._at(row)}"
        return None

    def _deal(self, enterprise: str, product: str) -> tuple[float, str] | None:
        users = self.uses.get(product, set())
        best: tuple[float, str] | None = None
        for row in self.deals.get(enterprise, ()):
            if isinstance(row.product, str) and fold(row.product).text in self.words.get(product, ()):
                return NAMED_DEAL, f"另据供应关系：向{row.buyer_name}供{row.product}{self._at(row)}"
            if best is None and (made := users & self.made.get(row.buyer, set())):
                best = DEAL, f"另据供应关系：向{row.buyer_name}供货，对方生产{min(made)}{self._at(row)}"
        return best

    def _left_out(self, enterprise: str, product: str) -> bool:
        listed = self.accounted.get(enterprise)
        return listed is not None and not listed & {product, *self.narrower.get(product, ())}

    def _at(self, row: Any) -> str:
        number = f" 第 {row.row} 行" if pd.notna(row.row) else ""
        return f"（{self.files.get(row.source, row.source)}{number}）"


def _first(rows: pd.DataFrame, keys: tuple[str, str]) -> dict[tuple[str, str], Any]:
    listed: Any = rows.itertuples(index=False)
    found: dict[tuple[str, str], Any] = {}
    for row in listed:
        found.setdefault((getattr(row, keys[0]), getattr(row, keys[1])), row)
    return found


def _accounted(stated: pd.DataFrame) -> dict[str, set[str]]:
    """Enterprises whose revenue shares, within one source, are nearly the whole: the products that have them."""
    shared = stated[stated["share"].notna()]
    whole = shared.groupby(["enterprise", "source"])["share"].transform("sum")
    listed = shared[whole >= ACCOUNTED]
    return _grouped(listed["enterprise"], listed["product"])


def _grouped(keys: Iterable[str], values: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in zip(keys, values, strict=True):
        found[key].add(value)
    return dict(found)


def _by_supplier(deals: pd.DataFrame) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    rows: Any = deals.itertuples(index=False)
    for row in rows:
        if row.supplier != row.buyer:
            found[row.supplier].append(row)
    return dict(found)


def _words(products: pd.DataFrame) -> dict[str, set[str]]:
    """Every product to its name and aliases, folded."""
    return {
        identity: {fold(word).text for word in (name, *split(aliases))}
        for identity, name, aliases in zip(products["id"], products["name"], products["aliases"], strict=True)
    }
