"""What if: a supposition answers as a store would that really held it, and leaves the store as it was."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from queries_graphs import TAIYUAN, XIAODIAN, graph, stored, told
from queries_graphs import Rows as GraphRows

from chain.errors import InputError, UnknownName
from queries.indicators import of
from queries.rules import Rules
from queries.standing import standing
from queries.supposing import NEW, Arrival, Scenario, Supposed
from queries.walks import ways
from queries.whatif import suppose

FIRMS: dict[str, object] = {
    "甲厂": {"region": "140105", "registered_capital": 300.0}, "乙厂": {"region": "140105", "registered_capital": 100.0},
    "外厂": {"region": "130100", "registered_capital": 50.0}, "邻厂": {"region": "140700"},
    "旧厂": {"region": "140105", "dissolved": "2020-01-01"}}
MAKES: dict[str, object] = {"甲厂": "钢", "乙厂": "钢 件", "外厂": {"铁": {"output": 20.0}}, "邻厂": "铁"}


def small(firms: dict[str, object] | None = None, makes: dict[str, object] | None = None) -> GraphRows:
    """矿→铁→钢→件, 特钢 is a 钢; firms inside and outside 太原."""
    return graph("矿 铁 钢 件 特钢", "矿→铁→钢→件", kinds="特钢→钢", firms=firms or FIRMS, makes=makes or MAKES, titles={"甲厂": "专精特新"},
                 supplies=[("外厂", "甲厂", {"year": 2025, "amount": 10.0})])


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_dtype=False)


@pytest.mark.parametrize(("scenario", "firms", "makes"), [
    (Scenario((Arrival("外厂", enterprise="外厂"),)), {**FIRMS, "外厂": {"region": TAIYUAN, "registered_capital": 50.0}}, MAKES),
    (Scenario((Arrival("外厂", ("特钢",), enterprise="外厂"),)), {**FIRMS, "外厂": {"region": TAIYUAN, "registered_capital": 50.0}},
     {**MAKES, "外厂": {"铁": {"output": 20.0}, "特钢": {"confidence": 1.0}}}),
    (Scenario((Arrival("新厂", ("矿", "铁")),)), {**FIRMS, "新厂": TAIYUAN},
     {**MAKES, "新厂": {"矿": {"confidence": 1.0}, "铁": {"confidence": 1.0}}}),
    (Scenario((), ("甲厂",)), {**FIRMS, "甲厂": {"region": "820000", "registered_capital": 300.0}}, MAKES),
    (Scenario((Arrival("新厂", ("件",)),), ("乙厂",)), {**FIRMS, "乙厂": {"region": "820000", "registered_capital": 100.0}, "新厂": TAIYUAN},
     {**MAKES, "新厂": {"件": {"confidence": 1.0}}}),
], ids=["known comes", "known comes and makes a kind", "new comes", "one leaves", "one comes, one leaves"])
@pytest.mark.parametrize("place", [TAIYUAN, XIAODIAN, "140000"])
def test_supposed_coverage_is_that_of_a_store_which_really_holds_it(
    tmp_path: Path, scenario: Scenario, firms: dict[str, object], makes: dict[str, object], place: str
) -> None:
    (tmp_path / "now").mkdir(), (tmp_path / "then").mkdir()
    with stored(tmp_path / "now", small()) as now, stored(tmp_path / "then", small(firms, makes)) as then:
        supposed = Supposed(now, scenario, TAIYUAN, TAIYUAN)
        products = ["矿", "铁", "钢", "件", "特钢"]
        same(supposed.coverage(products, place), then.coverage(products, place))
        arcs = pd.DataFrame([("矿", "铁"), ("铁", "钢"), ("铁", "件"), ("钢", "件")], columns=["input", "product"]).astype("str")
        same(supposed.demand(arcs, place), then.demand(arcs, place))
        for outside in (False, True):
            columns = ["product", "made", "enterprise", "region", "confidence"]
            found = supposed.makers(products, place, outside=outside)[columns]
            found["enterprise"] = found["enterprise"].str.removeprefix(NEW)
            same(found, then.makers(products, place, outside=outside)[columns])


def test_supposed_supplies_follow_the_enterprise_that_moves(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as now:
        comes = Supposed(now, Scenario((Arrival("外厂", enterprise="外厂"),)), TAIYUAN, TAIYUAN)
        leaves = Supposed(now, Scenario((), ("甲厂",)), TAIYUAN, TAIYUAN)
        assert now.supplies(supplier_in=TAIYUAN).empty
        assert told(comes.supplies(supplier_in=TAIYUAN), "supplier supplier_region buyer") == [("外厂", TAIYUAN, "甲厂")]
        assert leaves.supplies(buyer_in=TAIYUAN).empty
        assert told(leaves.supplies(), "supplier supplier_region buyer buyer_region") == [("外厂", "130100", "甲厂", "820000")]


def test_an_arrival_closes_its_gap_and_opens_the_links_beside_it(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as store:
        found = suppose(store, "链", TAIYUAN, Scenario((Arrival("新厂", ("铁",)),)))
        assert told(found.statuses[found.statuses["changed"]], "product makers_before makers_after before") == [("铁", 0, 1, "缺失")]
        assert told(found.links, "input product change") == [("铁", "钢", "接通")]
        assert ("补链", "铁", "消除") in told(found.gaps, "action product change")
        kept = found.indicators.set_index("indicator").loc["链条完整度（简单）"]
        assert (kept["before"], kept["after"], kept["change"]) == (0.4, 0.6, 0.2)


def test_who_leaves_breaks_the_links_it_alone_held(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as store:
        found = suppose(store, "链", TAIYUAN, Scenario((), ("乙厂",)))
        assert told(found.links, "input product change") == [("钢", "件", "断开")]


def test_what_its_last_maker_takes_along_is_missing_here_and_not_unknown(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as store:
        found = suppose(store, "链", TAIYUAN, Scenario((), ("乙厂",)))
        assert told(found.statuses[found.statuses["product"] == "件"], "before after") == [("薄弱", "缺失")]


def test_nothing_supposed_changes_nothing(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as store:
        found = suppose(store, "链", TAIYUAN, Scenario())
        assert not found.statuses["changed"].any()
        assert found.links.empty
        assert found.gaps.empty
        same(of(Supposed(store, Scenario(), TAIYUAN, TAIYUAN), found.after), of(store, standing(store, "链", TAIYUAN, Rules())))


@pytest.mark.parametrize(("scenario", "error"), [
    (Scenario((Arrival("新厂"),)), InputError),
    (Scenario((), ("没有的厂",)), UnknownName),
    (Scenario((Arrival("甲厂", enterprise="甲厂"),), ("甲厂",)), InputError),
    (Scenario((Arrival("", enterprise="旧厂"),)), InputError),
    (Scenario((Arrival("新厂", ("没有的产品",)),)), UnknownName),
], ids=["makes nothing", "nobody", "comes and goes", "closed long ago", "no such product"])
def test_a_scenario_that_makes_no_sense_is_refused(tmp_path: Path, scenario: Scenario, error: type[Exception]) -> None:
    with stored(tmp_path, small()) as store, pytest.raises(error):
        suppose(store, "链", TAIYUAN, scenario)


def test_ways_follow_supply_where_they_can_and_say_so_where_they_cannot(tmp_path: Path) -> None:
    with stored(tmp_path, small()) as store:
        along = ways(store, "链", ("product", "矿"), ("product", "件"))
        assert (along.directed, along.ways) == (True, ((("product", "矿"), ("product", "铁"), ("product", "钢"), ("product", "件")),))
        against = ways(store, "链", ("product", "件"), ("product", "铁"))
        assert (against.directed, against.ways) == (False, ((("product", "件"), ("product", "钢"), ("product", "铁")),))
        assert ways(store, "链", ("product", "件"), ("product", "铁"), directed=True).ways == ()
        assert ways(store, "链", ("firm", "外厂"), ("firm", "乙厂")).ways[0] == (
            ("firm", "外厂"), ("product", "铁"), ("product", "钢"), ("firm", "乙厂"))
        assert ways(store, "链", ("firm", "外厂"), ("firm", "甲厂")).ways[0] == (("firm", "外厂"), ("firm", "甲厂"))


def test_a_store_without_a_date_lets_an_enterprise_with_a_founding_date_come(tmp_path: Path) -> None:
    firms = {**FIRMS, "外厂": {"region": "130100", "established": "2015-06-01"}}
    rows = graph("矿 铁 钢 件 特钢", "矿→铁→钢→件", firms=firms, makes=MAKES)
    for source in rows["sources"]:
        source["as_of"] = None
    with stored(tmp_path, rows) as store:
        assert store.as_of == ""
        supposed = Supposed(store, Scenario((Arrival("外厂", enterprise="外厂"),)), TAIYUAN, TAIYUAN)
        assert "外厂" in set(supposed.makers(["铁"], TAIYUAN)["enterprise"])
