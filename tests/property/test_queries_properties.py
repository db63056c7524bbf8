"""Laws of the queries, for graphs nobody thought of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle_queries import Oracle
from queries_graphs import CHINA, GUANGDONG, HEBEI, JINZHONG, SHANXI, TAIYUAN, TODAY, XIAODIAN, YINGZE, Rows, stored, tables

from chain.embedded import EmbeddedStore
from queries import actions, identifiers
from queries.explain import explain
from queries.gaps import TERMS, gaps, rank
from queries.indicators import indicators, of
from queries.rules import Rules
from queries.standing import standing
from queries.targets import for_gaps, targets

MANY = int(os.environ.get("LIANPU_EXAMPLES", "0"))
PLACES = [XIAODIAN, TAIYUAN, SHANXI, CHINA]
HOMES = [XIAODIAN, XIAODIAN, YINGZE, TAIYUAN, JINZHONG, SHANXI, HEBEI, GUANGDONG, None]
PRODUCTS = list("矿铁钢板管炉气渣")


def examples(count: int) -> settings:
    """So many examples by default (each builds a store), as many as LIANPU_EXAMPLES says on demand."""
    return settings(
        max_examples=MANY or count, deadline=None, derandomize=not MANY,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])


@contextmanager
def holding(rows: Rows) -> Iterator[EmbeddedStore]:
    with tempfile.TemporaryDirectory() as folder, stored(Path(folder), rows) as store:
        yield store


@st.composite
def graphs(draw: st.DrawFn) -> Rows:
    """Chains with rings, OR groups, captive inputs, kinds, by-products and upgrades; firms at every level of region, listed by registers and samples.

    Products and firms are drawn in number, so that a failure shrinks; the rest comes from a seed, so that graphs are full.
    """
    products = PRODUCTS[: draw(st.integers(2, len(PRODUCTS)))]
    firms = [f"企{number}" for number in range(draw(st.integers(4, 16)))]
    return filled(Random(draw(st.integers(0, 2**32))), products, firms)


SIZES = {"inputs": (3, 14), "kinds": (0, 3), "byproducts": (0, 3), "upgrades": (0, 3), "registers": (0, 2), "again": (0, 2), "makes": (6, 45),
         "titles": (0, 5), "supplies": (0, 10)}
"""Least and most rows of each sort."""


def filled(luck: Random, products: list[str], firms: list[str]) -> Rows:
    """A graph of the given products and firms, from a source of luck."""
    counts = {name: luck.randint(*bounds) for name, bounds in SIZES.items()}
    known = luck.choice((0.3, 0.8, 1.0))

    def some(*values: object) -> object:
        return luck.choice(values)

    def wan() -> object:
        return luck.randint(0, 4000) / 4 if luck.random() < known else None

    def pairs(count: int) -> list[tuple[str, str]]:
        return list(dict.fromkeys((luck.choice(products), luck.choice(products)) for _ in range(count)))

    chain, news = {"source": "链文件"}, "今天"
    ages = (None, "2021-01-01", "2023-06-29", "2023-06-30", "2025-12-31", TODAY)
    registers = [
        {"id": f"名录{at}", "file": f"名录{at}.xlsx", "sheet": "企业", "kind": "register", "as_of": some(*ages),
         "region": some(XIAODIAN, TAIYUAN, SHANXI, SHANXI, CHINA, HEBEI)} for at in range(counts["registers"])]
    said = [news, *(row["id"] for row in registers)]
    made = dict.fromkeys((luck.choice(firms), luck.choice(products), some(*said)) for _ in range(counts["makes"]))
    sold = [(luck.choice(firms), luck.choice(firms)) for _ in range(counts["supplies"])]
    return {
        "sources": [{"id": "链文件", "file": "链.yaml", "kind": "chain", "as_of": TODAY},
                    {"id": news, "file": "新闻.csv", "kind": "sample", "as_of": TODAY}, *registers],
        "chains": [{"id": "链", "name": "链", **chain, "row": 1}],
        "stages": [{"chain": "链", "name": "中游", "position": 0, **chain, "row": 1}],
        "products": [{"id": v, "name": v, "criticality": some(None, 1, 2, 3, 4, 5), **chain, "row": 5} for v in products],
        "chain_products": [
            {"chain": "链", "product": v, "stage": "中游", "position": at, "weight": some(None, None, 1, 3), **chain, "row": 9}
            for at, v in enumerate(products)],
        "inputs": [
            {"input": u, "product": v, "role": some("物料", "物料", "物料", "设备", "服务"), "group": some(None, "组", "组"),
             "coefficient": some(luck.randint(0, 9) / 10, 0.25, 0.1) if luck.random() < known else None, "captive": some(None, False, False, True),
             **chain, "row": 20 + at}
            for at, (u, v) in enumerate(pairs(counts["inputs"]))],
        "kinds": [{"product": u, "kind": v, **chain, "row": 40} for u, v in pairs(counts["kinds"]) if u < v],
        "byproducts": [{"product": u, "main": v, **chain, "row": 42} for u, v in pairs(counts["byproducts"]) if u != v],
        "upgrades": [{"product": u, "successor": v, "gain": "更强", **chain, "row": 41} for u, v in pairs(counts["upgrades"])],
        "enterprises": [
            {"id": name, "name": f"{name}厂", "region": some(XIAODIAN, XIAODIAN, YINGZE, TAIYUAN, JINZHONG, SHANXI, HEBEI, GUANGDONG, None),
             "registered_capital": wan(), "revenue": wan(), "entry": some(None, "listed_row", "listed_row", "party"), "source": some(*said),
             "row": 2 + at, "status": some(None, "active", "active", "dissolved"), "established": some(None, None, "2001-01-01", "2027-01-01"),
             "dissolved": some(None, None, None, None, "2020-01-01", TODAY, "2030-01-01")}
            for at, name in enumerate(firms + [luck.choice(firms) for _ in range(counts["again"])])],
        "makes": [
            {"enterprise": name, "product": v, "state": some(*["confirmed"] * 6, "review", "rejected"), "source": source, "row": 2 + at,
             "confidence": some(0.95, 0.9, 0.7, 0.65, 0.5), "method": some("stated", "stated", "link", "review"), "output": wan(),
             "decided_on": f"2025-{at // 28 + 1:02}-{at % 28 + 1:02}"}
            for at, (name, v, source) in enumerate(made)],
        "titles": [{"enterprise": luck.choice(firms), "title": some("小巨人", "单项冠军"), "batch": str(at), "source": news}
                   for at in range(counts["titles"])],
        "supplies": [{"supplier": a, "buyer": b, "amount": wan(), "source": news, "row": 2 + at} for at, (a, b) in enumerate(sold)],
        "regions": [{"code": code, "expected_enterprises": luck.randint(0, 20), "source": news} for code in (XIAODIAN, TAIYUAN) if some(0, 1)],
    }


def framed(rows: list[dict[str, object]], like: pd.DataFrame, by: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the oracle and the frame of a query with the same columns, in the same order."""
    mine = pd.DataFrame(rows, columns=list(rows[0]) if rows else by)
    theirs = like[list(mine.columns)]
    return tuple(frame.sort_values(by).reset_index(drop=True) for frame in (mine, theirs))  # type: ignore[return-value]


def names_of(tests: object) -> str:
    return "、".join(test.split(" ")[0] for test in tests.split("；")) if isinstance(tests, str) else ""


RULES = [Rules(), Rules(hhi_max=0.6), Rules(tau=0.9, hhi_max=0.4, theta=0.5), Rules(roles=("物料",), hhi_max=1.0)]


def agree(store: EmbeddedStore, rows: Rows, place: str, rules: Rules) -> None:
    """Every query says of a place what the oracle says."""
    oracle, state = Oracle(rows, place, rules), standing(store, "链", place, rules)
    products = state.products.assign(tests=state.products["tests"].map(names_of, na_action=None))
    products.loc[~products["covered"], "supply_ratio"] = float("nan")
    expected, found = framed(oracle.standing(), products, ["product"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9)
    listed = rank(store, state)
    expected, found = framed(oracle.gaps(), listed, ["product", "action"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=0.005001)
    late = [2 if reason not in ("", "b") else int(action == "先核实") for reason, action in zip(listed["reason"], listed["action"], strict=True)]
    keys = list(zip(late, -listed["score"], listed["product"], listed["action"], strict=True))
    assert keys == sorted(keys)
    assert listed["rank"].tolist() == list(range(1, len(listed) + 1))
    wanted = for_gaps(store, state, listed, top=None)
    expected, found = framed(oracle.targets(list(dict.fromkeys(listed["product"]))), wanted, ["product", "enterprise"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=0.005001)
    figures = of(store, state).set_index("indicator")["value"]
    expected_figures = pd.Series(oracle.completeness(), name="value")
    pd.testing.assert_series_equal(figures[list(expected_figures.index)], expected_figures, check_names=False)


@given(graphs(), st.permutations(PLACES), st.permutations(RULES))
@examples(6)
def test_queries_agree_with_the_oracle(rows: Rows, places: list[str], rules: list[Rules]) -> None:
    with holding(rows) as store:
        for place, rule in zip(places[:2], rules, strict=False):
            agree(store, rows, place, rule)


COUNTS = ["product", "makers", "reviews", "titled", "output_wan", "outputs_known", "hhi", "hhi_basis", "covered", "buyers", "open_buyers",
          "supply_ratio", "layer"]


@given(graphs(), st.randoms(use_true_random=False))
@examples(2)
def test_neither_row_order_nor_load_order_matters(rows: Rows, luck: Random) -> None:
    parts = [row["id"] for row in rows["sources"]]
    luck.shuffle(parts)
    with holding(rows) as store, tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder) / "u.lianpu") as other:
        for part in parts:
            mine = {name: [row for row in found if row.get("source", row.get("id")) == part] for name, found in rows.items()}
            other.write(tables({name: luck.sample(found, len(found)) for name, found in mine.items()}))
        for one, two in ((gaps(store, "链", TAIYUAN), gaps(other, "链", TAIYUAN)),
                         (targets(store, "链", TAIYUAN), targets(other, "链", TAIYUAN)),
                         (indicators(store, "链", TAIYUAN), indicators(other, "链", TAIYUAN))):
            pd.testing.assert_frame_equal(one, two)


@given(graphs(), st.permutations(PRODUCTS), st.permutations(range(16)))
@examples(2)
def test_new_ids_for_products_and_firms_change_no_figure(rows: Rows, products: list[str], firms: list[int]) -> None:
    words = {**dict(zip(PRODUCTS, [f"新{v}" for v in products], strict=True)), **{f"企{at}": f"厂{firm:02}" for at, firm in enumerate(firms)}}
    renamed = {name: [{column: words.get(value, value) if isinstance(value, str) else value for column, value in row.items()} for row in found]
               for name, found in rows.items()}
    back = {new: old for old, new in words.items()}
    with holding(rows) as store, holding(renamed) as other:
        for ask, keys, columns in (
            (lambda held: standing(held, "链", TAIYUAN).products, ["product"], [*COUNTS, "lq", "status", "reason", "label"]),
            (lambda held: gaps(held, "链", TAIYUAN), ["product", "action"],
             ["product", "action", "kind", "status", "outside", "nearest", *TERMS, "score"]),
            (lambda held: targets(held, "链", TAIYUAN, top=None), ["product", "enterprise"], ["product", "enterprise", "tied_firms", "score"]),
        ):
            one, two = ask(store)[columns], ask(other)[columns]
            two = two.assign(**{key: two[key].map(lambda word: back.get(word, word)) for key in keys if key != "action"})
            one, two = (frame.sort_values(keys).reset_index(drop=True) for frame in (one, two))
            pd.testing.assert_frame_equal(one, two, check_dtype=False, rtol=1e-9)


@given(graphs(), st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=5, unique=True), st.sampled_from([HEBEI, JINZHONG, None]))
@examples(2)
def test_a_firm_outside_changes_nothing_inside_but_what_compares_with_the_country(rows: Rows, made: list[str], region: str | None) -> None:
    more = with_firm(rows, "外来", region, made)
    with holding(rows) as store, holding(more) as other:
        before, after = standing(store, "链", TAIYUAN), standing(other, "链", TAIYUAN)
        pd.testing.assert_frame_equal(before.products[COUNTS], after.products[COUNTS])
        for one, two in ((actions.fill(before), actions.fill(after)), (actions.extend(before), actions.extend(after)),
                         (actions.upgrade(before), actions.upgrade(after))):
            pd.testing.assert_frame_equal(one, two)


@given(graphs(), st.sampled_from(PRODUCTS))
@examples(2)
def test_a_confirmed_maker_closes_exactly_its_gaps(rows: Rows, made: str) -> None:
    chain = [row["product"] for row in rows["chain_products"]]
    made = made if made in chain else chain[0]
    with holding(rows) as store, holding(with_firm(rows, "新来", XIAODIAN, [made])) as other:
        before, after = standing(store, "链", TAIYUAN), standing(other, "链", TAIYUAN)
        kinds = {kind for kind in chain if made in Oracle(rows, TAIYUAN).below(kind)}
        assert after.covered == before.covered | kinds
        closed, opened = rank(store, before), rank(other, after)
        open_now = opened[opened["action"] != "强链"]
        assert not set(open_now["product"]) & after.covered
        assert set(closed.loc[closed["action"] == "提链", "product"]) - kinds <= set(open_now["product"])


@given(graphs())
@examples(2)
def test_a_wider_region_never_loses_a_product(rows: Rows) -> None:
    with holding(rows) as store:
        covered = [standing(store, "链", place).covered for place in PLACES]
    assert covered[0] <= covered[1] <= covered[2] <= covered[3]


@given(graphs(), st.sampled_from(PLACES))
@examples(2)
def test_every_gap_and_target_can_be_explained_and_two_runs_say_the_same(rows: Rows, place: str) -> None:
    with holding(rows) as store:
        listed, wanted = gaps(store, "链", place), targets(store, "链", place, top=1)
        pd.testing.assert_frame_equal(listed, gaps(store, "链", place))
        pd.testing.assert_frame_equal(wanted, targets(store, "链", place, top=1))
        for reference in [*listed["id"].head(2), *listed["id"].tail(1), *wanted["id"].head(1)]:
            found = explain(store, reference)
            steps = list(dict.fromkeys(found["step"]))
            assert steps[0] == "结论" and steps[-1] == "口径"
            assert not found["statement"].str.contains("nan|None|<NA>").any()
            assert identifiers.parse(reference).product in (*listed["product"],)
            named = found["step"].isin(["需求", "投入", "待复核", "升级", "匹配", "企业"]) & ~found["statement"].str.startswith("另有")
            assert found.loc[named, "file"].notna().all()


def with_firm(rows: Rows, name: str, region: str | None, made: list[str]) -> Rows:
    """The rows and one more firm, sure to make what is named."""
    firm = {"id": name, "name": f"{name}厂", "region": region, "source": "今天", "row": 90}
    link = {"enterprise": name, "state": "confirmed", "confidence": 1.0, "method": "stated", "source": "今天", "row": 90}
    makes = [{**link, "product": v} for v in made]
    return {**rows, "enterprises": [*rows["enterprises"], firm], "makes": [*rows["makes"], *makes]}
