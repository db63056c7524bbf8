"""What if, for graphs nobody thought of: the answer is that of plain sets over rows in which the scenario has come true."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle_queries import Oracle
from property.test_queries_properties import examples, framed, graphs, names_of
from queries_graphs import SHANXI, TAIYUAN, XIAODIAN, Rows, stored

from chain.errors import InputError
from chain.store import Store
from queries.gaps import rank
from queries.indicators import of
from queries.rules import Rules
from queries.standing import Standing, standing
from queries.supposing import NEW, Arrival, Scenario, Supposed
from queries.whatif import suppose

PLACES = [XIAODIAN, TAIYUAN, SHANXI]
NAME = "新来"


@st.composite
def plans(draw: st.DrawFn, rows: Rows) -> Scenario:
    """One or two firms of the rows that come, perhaps with a product more, perhaps a new one; up to two that leave."""
    firms = sorted({str(row["id"]) for row in rows["enterprises"]})
    products = [str(row["product"]) for row in rows["chain_products"]]
    chosen = draw(st.lists(st.sampled_from(firms), max_size=4, unique=True))
    split = draw(st.integers(0, len(chosen)))
    known = {(row["enterprise"], row["product"]) for row in rows["makes"]}

    def more(firm: str) -> tuple[str, ...]:
        free = [product for product in products if (firm, product) not in known]
        return tuple(draw(st.lists(st.sampled_from(free), max_size=2, unique=True))) if free else ()

    arrivals = [Arrival("", more(firm), firm) for firm in chosen[:split]]
    if draw(st.booleans()):
        arrivals.append(Arrival(NAME, tuple(draw(st.lists(st.sampled_from(products), min_size=1, max_size=3, unique=True)))))
    return Scenario(tuple(arrivals), tuple(chosen[split:]))


def come_true(rows: Rows, plan: Scenario, place: str) -> Rows:
    """The rows of a world in which it has happened."""
    homes: dict[object, str] = {**{a.enterprise: place for a in plan.arrivals if a.enterprise}, **dict.fromkeys(plan.departures, "820000")}
    moved = [{**row, "region": homes[row["id"]]} if row["id"] in homes else row for row in rows["enterprises"]]
    fresh = [{"id": NEW + NAME, "name": NAME, "region": place, "source": "今天", "row": 90} for a in plan.arrivals if not a.enterprise]
    link = {"state": "confirmed", "confidence": 1.0, "method": "stated", "source": "今天", "row": 90}
    made = [{**link, "enterprise": a.id, "product": product} for a in plan.arrivals for product in a.products]
    return {**rows, "enterprises": [*moved, *fresh], "makes": [*rows["makes"], *made]}


def agree(store: Store, state: Standing, oracle: Oracle) -> None:
    products = state.products.assign(tests=state.products["tests"].map(names_of, na_action=None))
    products.loc[~products["covered"], "supply_ratio"] = float("nan")
    expected, found = framed(oracle.standing(), products, ["product"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9)
    expected, found = framed(oracle.gaps(), rank(store, state), ["product", "action"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=0.005001)
    figures = of(store, state).set_index("indicator")["value"]
    wanted = pd.Series(oracle.completeness(), name="value")
    pd.testing.assert_series_equal(figures[list(wanted.index)], wanted, check_names=False)


@given(st.data(), graphs(), st.sampled_from(PLACES))
@examples(5)
def test_a_scenario_answers_as_plain_sets_do_once_it_has_come_true(data: st.DataObject, rows: Rows, place: str) -> None:
    plan = data.draw(plans(rows))
    with tempfile.TemporaryDirectory() as folder, stored(Path(folder), rows) as store:
        try:
            found = suppose(store, "链", place, plan)
        except InputError:  # a firm that is closed can't come
            assume(False)
        then = come_true(rows, plan, place)
        for asked in sorted({place, SHANXI}):
            supposed = Supposed(store, plan, place, place)
            agree(supposed, standing(supposed, "链", asked, Rules()), Oracle(then, asked))
        before, after = Oracle(rows, place), Oracle(then, place)
        links = {(u, v): {u, v} <= after.covered for u, v in after.arcs if ({u, v} <= before.covered) != ({u, v} <= after.covered)}
        assert {(row.input, row.product): row.change == "接通" for row in found.links.itertuples()} == links
        old, new = ({(gap["action"], gap["product"]) for gap in oracle.gaps()} for oracle in (before, after))
        told = {(row.action, row.product): row.change for row in found.gaps.itertuples()}
        assert told == {**dict.fromkeys(old - new, "消除"), **dict.fromkeys(new - old, "新增")}
