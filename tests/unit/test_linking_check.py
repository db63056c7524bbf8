"""Samples for judging links by hand, and what the judgements say."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from chain.errors import InputError
from loaders.linking import evaluate, link, sample

PRODUCTS = pd.DataFrame({"id": ["光伏硅片"], "name": ["光伏硅片"], "aliases": [None], "hints": ["硅片"], "exclude": ["半导体"]})
FIRMS = pd.DataFrame({
    "id": ["a", "b", "c", "d", "e"],
    "name": ["甲", "乙", "丙", "丁", "戊"],
    "main_products": ["光伏硅片", "硅片", "光伏硅片销售", "半导体、光伏硅棒", "半导体光伏硅片"],
})


def labels(*rows: tuple[str, str, int, str | None]) -> pd.DataFrame:
    """Judged pairs with product p from (enterprise, state when drawn, pairs of that state, verdict)."""
    return pd.DataFrame(rows, columns=["enterprise", "state", "pairs", "verdict"]).assign(product="p")


def links(**states: str) -> pd.DataFrame:
    return pd.DataFrame({"enterprise": list(states), "product": "p", "state": list(states.values()), "method": "link"})


def test_a_sample_holds_every_state_and_pairs_that_an_exclude_word_cancelled() -> None:
    firms = FIRMS[FIRMS["id"] != "d"]
    drawn = sample(link(firms, PRODUCTS), firms, PRODUCTS, seed=1, per_state=9)
    expected = pd.DataFrame({
        "enterprise": ["a", "b", "c", "e"], "enterprise_name": ["甲", "乙", "丙", "戊"],
        "product": "光伏硅片", "product_name": "光伏硅片",
        "state": ["confirmed", "review", "rejected", "none"], "pairs": 1, "confidence": [0.95, 0.522, 0.2, float("nan")],
        "words": ["光伏硅片", "硅片", "光伏硅片", "光伏硅片"],
        "text": [
            "主营产品：『光伏硅片』", "主营产品：『硅片』（提示词）", "主营产品：『光伏硅片』销售（只见销售）",
            "主营产品：半导体『光伏硅片』",
        ],
        "verdict": None,
    }).astype({"verdict": "str"})
    assert_frame_equal(drawn, expected)


def test_a_sample_does_not_depend_on_the_order_of_rows() -> None:
    makes = link(FIRMS, PRODUCTS)
    drawn = sample(makes, FIRMS, PRODUCTS, seed=3, per_state=1)
    assert_frame_equal(sample(makes.iloc[::-1], FIRMS.iloc[::-1], PRODUCTS, seed=3, per_state=1), drawn)


def test_precision_and_recall_weigh_each_judgement_by_the_pairs_it_stands_for() -> None:
    judged = labels(
        ("a", "confirmed", 20, "是"), ("b", "confirmed", 20, "否"), ("c", "review", 30, "是"), ("d", "none", 60, "否"),
    )
    found = evaluate(judged, links(a="confirmed", b="confirmed", c="review")).set_index(["by", "group", "measure"])["value"]
    assert found["all", "全部", "precision"] == 0.5
    assert found["all", "全部", "recall"] == pytest.approx(10 / 40)      # 10 true pairs confirmed, 30 in review
    assert found["all", "全部", "reach"] == 1.0
    assert found["state", "review", "precision"] == 1.0
    assert found["state", "none", "precision"] == 0.0


def test_labels_are_judged_against_the_links_of_today() -> None:
    judged = labels(("a", "rejected", 5, "是"), ("b", "rejected", 5, None))
    found = evaluate(judged, links(a="confirmed")).set_index(["by", "group", "measure"])
    assert found.loc[("all", "全部", "recall"), ["labels", "value"]].tolist() == [1, 1.0]


def test_the_interval_is_wilson_s() -> None:
    judged = labels(*[(str(at), "confirmed", 50, "是" if at < 45 else "否") for at in range(50)])
    row = evaluate(judged, links(**{str(at): "confirmed" for at in range(50)})).iloc[0]
    assert [round(row[name], 4) for name in ("value", "low", "high")] == [0.9, 0.7864, 0.9565]


def test_results_by_chain_come_with_a_chain_column() -> None:
    judged = labels(("a", "confirmed", 2, "是"), ("b", "confirmed", 2, "否")).assign(chain=["光伏", "氢能"])
    found = evaluate(judged, links(a="confirmed", b="confirmed"))
    chains = found[(found["by"] == "chain") & (found["measure"] == "precision")]
    assert chains[["group", "value"]].to_numpy().tolist() == [["光伏", 1.0], ["氢能", 0.0]]


def test_a_verdict_that_is_neither_yes_nor_no_is_named() -> None:
    with pytest.raises(InputError, match="也许"):
        evaluate(labels(("a", "confirmed", 1, "也许")), links(a="confirmed"))
    with pytest.raises(InputError, match="verdict"):
        evaluate(labels(("a", "confirmed", 1, "是")).drop(columns="verdict"), links(a="confirmed"))
