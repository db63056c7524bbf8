"""The links are as good as the hand-judged pairs say; the figures must not fall."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chain import chainfile
from chain.definition import to_tables
from chain.tables import combine
from loaders import read
from loaders.linking import link
from loaders.linking_check import evaluate

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "data" / "link_labels.csv"
LISTED = ROOT.parent / "shared" / "data" / "listed_companies.csv"


def test_at_least_300_pairs_are_judged_over_all_states_and_chains() -> None:
    labels = pd.read_csv(LABELS, dtype="str", encoding="utf-8")
    judged = labels[labels["verdict"].notna()]
    assert len(judged) >= 300
    assert judged.groupby("state").size().min() >= 60
    assert set(judged["chain"]) == set(chainfile.library())


@pytest.mark.skipif(not LISTED.exists(), reason=f"the labels are of the listed companies in {LISTED.name}, which is not here")
def test_confirmed_links_are_right_and_true_links_are_found() -> None:
    products = combine(to_tables(chainfile.read(name)) for name in chainfile.library())["products"]
    makes = link(read([LISTED]).tables["enterprises"], products)
    found = evaluate(pd.read_csv(LABELS, dtype="str", encoding="utf-8"), makes)
    whole = found[found["by"] == "all"].set_index("measure")["value"]
    assert whole["precision"] >= 0.97
    assert whole["recall"] >= 0.68
    assert whole["reach"] >= 0.95
