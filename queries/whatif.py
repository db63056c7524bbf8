"""What a scenario changes: statuses, figures, links and gaps before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chain.errors import UnknownName
from chain.moments import of_one_moment
from chain.store import Store
from queries import gaps, indicators
from queries.rules import Rules
from queries.standing import Standing, home, standing
from queries.supposing import Scenario, Supposed


@dataclass(frozen=True)
class Outcome:
    """A scenario held against a chain in a place.

    Attributes
    ----------
    before, after
        The standings.
    statuses
        One row a product in chain order: product, name, stage, segment, before, after (labels), look_before, look_after (status and
        reason letter, joined by ``/``), makers_before, makers_after, changed (bool).
    indicators
        indicator, unit, before, after, change (float64; NaN where either can't be computed), formula.
    links
        input, product, change (接通 where both ends are made in the place now and were not; 断开 the other way round).
    gaps
        action, product, name, change (消除 | 新增), detail.
    """

    before: Standing
    after: Standing
    statuses: pd.DataFrame
    indicators: pd.DataFrame
    links: pd.DataFrame
    gaps: pd.DataFrame


@of_one_moment
def suppose(store: Store, chain: str, place: str, scenario: Scenario, rules: Rules = Rules()) -> Outcome:
    """What a chain in a place would look like if a scenario came true; nothing is written.

    Raises
    ------
    InputError, UnknownName
        If the scenario names an enterprise or product that is not known, or contradicts itself.
    """
    before = standing(store, chain, place, rules)
    wrong = [product for arrival in scenario.arrivals for product in arrival.products if product not in before.rows]
    if wrong:
        raise UnknownName("产品", wrong[0], before.scope.ids)
    supposed = Supposed(store, scenario, place, home(store, place), rules.view)
    after = standing(supposed, chain, place, rules)
    return Outcome(
        before, after, _statuses(before, after), _figures(store, before, supposed, after), _links(before, after),
        _gaps(gaps.rank(store, before), gaps.rank(supposed, after)))


def _statuses(before: Standing, after: Standing) -> pd.DataFrame:
    frame = before.products[["product", "name", "stage", "segment"]].copy()
    for when, state in (("before", before), ("after", after)):
        frame[when] = state.products["label"]
        frame[f"look_{when}"] = state.products["status"] + "/" + state.products["reason"]
        frame[f"makers_{when}"] = state.products["makers"]
    frame["changed"] = (frame["before"] != frame["after"]) | (frame["makers_before"] != frame["makers_after"])
    return frame


def _figures(store: Store, before: Standing, supposed: Supposed, after: Standing) -> pd.DataFrame:
    old, new = indicators.of(store, before), indicators.of(supposed, after)
    return pd.DataFrame({
        "indicator": old["indicator"], "unit": old["unit"], "before": old["value"], "after": new["value"],
        "change": (new["value"] - old["value"]).round(12), "formula": old["formula"]})


def _links(before: Standing, after: Standing) -> pd.DataFrame:
    had = {arc for arc in before.chain.edges if set(arc) <= before.covered}
    has = {arc for arc in after.chain.edges if set(arc) <= after.covered}
    rows = [(*arc, "接通") for arc in sorted(has - had)] + [(*arc, "断开") for arc in sorted(had - has)]
    return pd.DataFrame(rows, columns=["input", "product", "change"]).astype("str")


def _gaps(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    columns = ["action", "product", "name", "change", "detail"]
    keys = [set(zip(frame["action"], frame["product"], strict=True)) for frame in (old, new)]
    parts = [
        frame[np.array([key in wanted for key in zip(frame["action"], frame["product"], strict=True)], dtype=bool)].assign(change=change)
        for frame, wanted, change in ((old, keys[0] - keys[1], "消除"), (new, keys[1] - keys[0], "新增"))]
    return pd.concat(parts, ignore_index=True)[columns].astype("str")
