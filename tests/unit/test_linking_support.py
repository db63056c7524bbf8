"""What other sources say raises or lowers a link, each with its file and row; sources at odds stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from chain.tables import canonical
from loaders.linking_support import Beside, supported

Row = tuple[object, ...]
STATED = ["enterprise", "product", "share", "method", "source", "row"]
DEALS = ["supplier", "buyer", "buyer_name", "product", "source", "row"]


def links(*rows: tuple[str, str, float]) -> pd.DataFrame:
    def state(confidence: float) -> str:
        return "confirmed" if confidence >= 0.65 else "review" if confidence >= 0.3 else "rejected"

    return canonical("makes", pd.DataFrame([
        {"enterprise": enterprise, "product": product, "confidence": confidence, "state": state(confidence), "method": "link",
         "evidence": "原文", "source": "名录", "row": 2} for enterprise, product, confidence in rows]))


def beside(*, stated: Sequence[Row] = (), refused: Sequence[Row] = (), deals: Sequence[Row] = ()) -> Beside:
    return Beside(
        stated=pd.DataFrame(stated, columns=STATED), refused=pd.DataFrame(refused, columns=STATED), deals=pd.DataFrame(deals, columns=DEALS),
        inputs=pd.DataFrame({"input": ["胶膜"], "product": ["组件"]}), kinds=pd.DataFrame({"product": ["EVA胶膜"], "kind": ["胶膜"]}),
        products=pd.DataFrame({"id": ["胶膜", "组件", "EVA胶膜"], "name": ["胶膜", "组件", "EVA胶膜"], "aliases": ["封装膜", None, None]}),
        files={"名录": "名录.xlsx", "披露": "披露.csv"})


def told(makes: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(makes[["enterprise", "product", "confidence", "state", "evidence"]].itertuples(index=False, name=None))


def test_nothing_beside_the_texts_leaves_links_as_they_are() -> None:
    made = links(("甲", "胶膜", 0.5))
    assert supported(made, beside()) is made


def test_another_sources_statement_is_worth_more_than_the_texts_alone() -> None:
    found = supported(links(("甲", "胶膜", 0.5)), beside(stated=[("甲", "胶膜", 0.23, "stated", "披露", 7)]))
    assert told(found) == [("甲", "胶膜", 0.8, "confirmed", "原文；另有来源写明生产胶膜，占收入 23%（披露.csv 第 7 行）")]


def test_the_statement_may_be_of_a_kind_of_the_product() -> None:
    found = supported(links(("甲", "胶膜", 0.5)), beside(stated=[("甲", "EVA胶膜", None, "stated", "披露", 7)]))
    assert told(found) == [("甲", "胶膜", 0.8, "confirmed", "原文；另有来源写明生产EVA胶膜（披露.csv 第 7 行）")]


def test_a_link_is_no_second_source_for_itself() -> None:
    found = supported(links(("甲", "胶膜", 0.5)), beside(stated=[("甲", "胶膜", None, "link", "名录", 2)]))
    assert told(found) == [("甲", "胶膜", 0.5, "review", "原文")]


@pytest.mark.parametrize(("sold", "buyer", "confidence", "note"), [
    ("封装膜", "丙", 0.85, "；另据供应关系：向买方供封装膜（披露.csv 第 9 行）"),              # sold by name, to whomever
    (None, "乙", 0.725, "；另据供应关系：向买方供货，对方生产组件（披露.csv 第 9 行）"),      # the buyer makes what it goes into
    (None, "丙", 0.5, ""),                                                                  # a buyer of whom that is not known
    ("钢材", "丙", 0.5, ""),
    (None, "甲", 0.5, ""),                                                                  # a firm that sells to itself
])
def test_a_deal_speaks_for_what_was_sold(sold: str | None, buyer: str, confidence: float, note: str) -> None:
    made = links(("甲", "胶膜", 0.5), ("乙", "组件", 0.9), ("甲", "组件", 0.9))
    found = supported(made, beside(deals=[("甲", buyer, "买方", sold, "披露", 9)]))
    assert told(found)[-1] == ("甲", "胶膜", confidence, "confirmed" if note else "review", "原文" + note)


def test_what_the_texts_rule_out_no_deal_brings_back() -> None:
    made = links(("甲", "胶膜", 0.2), ("乙", "组件", 0.9))
    found = supported(made, beside(deals=[("甲", "乙", "买方", None, "披露", 9)]))
    assert told(found)[-1] == ("甲", "胶膜", 0.2, "rejected", "原文")


def test_two_deals_are_one_kind_of_evidence_and_a_statement_another() -> None:
    made = links(("甲", "胶膜", 0.5), ("乙", "组件", 0.9))
    deals = [("甲", "乙", "买方", None, "披露", 9), ("甲", "乙", "买方", None, "披露", 10)]
    found = supported(made, beside(deals=deals, stated=[("甲", "胶膜", None, "stated", "披露", 7)]))
    assert told(found)[-1][2] == 0.89  # 1 − 0.5 × 0.55 × 0.4


def test_revenue_shares_that_leave_no_room_lower_a_link() -> None:
    shares = [("甲", "组件", 0.6, "stated", "披露", 7), ("甲", "硅片", 0.3, "stated", "披露", 8)]
    assert told(supported(links(("甲", "胶膜", 0.7)), beside(stated=shares))) == [
        ("甲", "胶膜", 0.49, "review", "原文；收入构成中没有它")]
    part = [("甲", "组件", 0.6, "stated", "披露", 7)]
    assert told(supported(links(("甲", "胶膜", 0.7)), beside(stated=part))) == [("甲", "胶膜", 0.7, "confirmed", "原文")]


def test_sources_at_odds_are_shown_and_not_averaged() -> None:
    found = supported(links(("甲", "胶膜", 0.7)), beside(refused=[("甲", "胶膜", None, "stated", "披露", 7)]))
    assert told(found) == [("甲", "胶膜", 0.7, "confirmed", "原文；另一来源写明不生产，两说并存（披露.csv 第 7 行）")]
