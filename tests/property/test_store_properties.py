"""Laws of a store, for graphs nobody thought of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from oracle import World, graph, plain

from chain import schema, tables
from chain.embedded import EmbeddedStore
from chain.store import View
from chain.tables import Tables

WEIRD = ["", "'", '"', "“引号”", "a\nb", "a\r\nb", "\t", "；", ";", ",", "\\", "%", "_", "𠮷", "👨‍👩‍👧", "\u202e反", "\u200f", "\ufeff头", " 空 ",
         "NULL", "nan", "=1+1", "<b>", "'; DROP TABLE makes; --", "$1", "{0}", "é", "e\u0301", "\U0010ffff", "\x01", "name:", "stock:"]
TEXTS = st.sampled_from(WEIRD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATES = st.dates().map(lambda day: day.isoformat())


@contextmanager
def fresh() -> Iterator[EmbeddedStore]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder) / "图谱.lianpu") as store:
        yield store


# -- what was written is what is read


def _values(column: schema.Column) -> st.SearchStrategy[object]:
    if column.type == "number":
        low, high = (-1e12 if column.low is None else column.low), (1e12 if column.high is None else column.high)
        some: st.SearchStrategy[object] = st.floats(low, high, allow_nan=False)
    elif column.type == "integer":
        some = st.integers(int(column.low or 0), int(column.high or 2**62))
    elif column.type == "flag":
        some = st.booleans()
    elif column.choices:
        some = st.sampled_from(column.choices)
    elif column.type == "date" and column.name == "as_of":
        some = DATES
    elif column.type == "date":
        some = DATES | TEXTS
    elif column.type == "region":
        some = st.sampled_from(["140000", "140100", "140105", "000000", "999999"]) | TEXTS
    else:
        some = TEXTS
    if column.required:
        return some.filter(lambda value: value != "") if column.dtype == "str" else some
    return st.none() | some


def _frames(name: str) -> st.SearchStrategy[pd.DataFrame]:
    columns = schema.table(name).columns
    row = st.fixed_dictionaries({column.name: _values(column) for column in columns})
    return st.lists(row, max_size=4).map(lambda rows: pd.DataFrame(rows, columns=[column.name for column in columns]))


ANY_TABLES = st.fixed_dictionaries({name: _frames(name) for name in schema.tables()}).map(Tables)


@given(ANY_TABLES)
def test_what_was_written_is_what_is_read(given_tables: Tables) -> None:
    with fresh() as store:
        store.write(given_tables)
        assert store.tables() == given_tables


@given(ANY_TABLES)
def test_written_again_nothing_changes(given_tables: Tables) -> None:
    with fresh() as store:
        store.write(given_tables)
        assert not store.write(given_tables).changed
        assert store.tables() == given_tables


# -- answers, against the oracle

PRODUCTS = ["钢", "板", "管", "轴", "壳"]
REGIONS = ["140000", "140100", "140105", "140106", "140200", "110108", None]
NAMES = ["太原钢铁制造有限公司", "大同轴承制造有限公司", "北京壳体制造有限公司"]
CODED = ["U1", "U2", "U3"]
LOOSE = ["stock:000001", "stock:000002", *(f"name:{name}" for name in NAMES), "name:老李"]
IDS = [*CODED, *LOOSE]
YUAN = st.none() | st.integers(0, 10**9).map(lambda yuan: yuan / 10000)
PERCENT = st.integers(0, 20).map(lambda number: number / 20)
DAYS = ["2019-12-31", "2020-01-01", "2023-05-05", "2024-01-01", "2025-06-30", "2026-01-01"]
DAY = st.none() | st.sampled_from(DAYS)


def maybe(*values: object) -> st.SearchStrategy[object]:
    return st.none() | st.sampled_from(values)


ENTERPRISE = st.fixed_dictionaries({
    "id": st.sampled_from(IDS), "name": st.sampled_from(NAMES), "short_name": maybe("太钢", "同轴"),
        "former_names": maybe(NAMES[0], "；".join(NAMES[1:])),
    "code": maybe("000001", "000002"), "region": st.sampled_from(REGIONS), "park": maybe("p1", "一园", "二园"),
    "status": maybe("active", "dissolved", "unknown"), "established": DAY, "dissolved": DAY, "registered_capital": YUAN, "revenue": YUAN,
    "entry": maybe("listed_row", "party"),
})
MAKES = st.fixed_dictionaries({
    "enterprise": st.sampled_from(IDS), "product": st.sampled_from(PRODUCTS), "share": st.none() | PERCENT, "output": YUAN,
    "confidence": st.none() | PERCENT, "state": st.sampled_from(["confirmed", "confirmed", "review", "rejected"]),
    "method": st.sampled_from(["stated", "link", "review"]), "decided_on": DAY,
})
SUPPLIES = st.fixed_dictionaries({
    "supplier": st.sampled_from(IDS), "buyer": st.sampled_from(IDS), "product": maybe(*PRODUCTS), "year": maybe(2022, 2023), "amount": YUAN,
    "share": st.none() | PERCENT, "share_of": maybe("purchases", "sales"),
})
TITLES = st.fixed_dictionaries({
    "enterprise": st.sampled_from(IDS), "title": st.sampled_from(["小巨人", "链主"]), "valid_from": DAY, "valid_to": DAY,
})
KINDS = st.fixed_dictionaries({"product": st.sampled_from(PRODUCTS), "kind": st.sampled_from(PRODUCTS)})
SAME = st.fixed_dictionaries({
    "enterprise": st.sampled_from(IDS), "other": st.sampled_from(IDS), "decision": st.sampled_from(["same", "different"]),
}).filter(lambda row: row["enterprise"] != row["other"])
PARKS = st.just([{"id": "p1", "name": "一园", "region": "140105"}])


def _parts(same: int = 1) -> st.SearchStrategy[list[Tables]]:
    """Three sources of one graph: a register, a list of listed companies with older facts, and a chain file."""
    def source(name: str, **fixed: object) -> st.SearchStrategy[Tables]:
        return st.builds(
            lambda **rows: graph(name, **fixed, **rows), enterprises=st.lists(ENTERPRISE, max_size=5), makes=st.lists(MAKES, max_size=8),
            supplies=st.lists(SUPPLIES, max_size=3), titles=st.lists(TITLES, max_size=2), same=st.lists(SAME, max_size=same))
    chain = st.builds(lambda kinds, parks: graph("链", kind="chain", as_of="2025-01-01", kinds=kinds, parks=parks),
                      st.lists(KINDS, max_size=4), PARKS)
    return st.tuples(source("名录"), source("样本", kind="sample", as_of="2024-12-31"), chain).map(list)


PARTS = _parts()
PLACES = ["000000", "140000", "140100", "140105", "110000", "park:p1", "park:一园"]
VIEWS = st.builds(View, st.sampled_from([0.3, 0.65, 0.9]), st.none() | st.sampled_from(DAYS))
ARCS = [("钢", "板"), ("钢", "管"), ("板", "轴"), ("管", "壳"), ("壳", "没有的产品")]


@given(PARTS, st.sampled_from(PLACES), VIEWS)
def test_counts_agree_with_the_oracle(parts: list[Tables], place: str, view: View) -> None:
    whole = tables.combine(parts)
    world, asked = World(whole), [*PRODUCTS, "没有的产品"]
    with fresh() as store:
        store.write(whole)
        assert store.as_of == world.as_of
        found = plain(store.coverage(asked, place, view))
        expected = world.coverage(asked, place, view.tau, view.as_of)
        assert [{**row, "hhi": row["hhi"] and round(row["hhi"], 9)} for row in found] == [
            {**row, "hhi": row["hhi"] and round(row["hhi"], 9)} for row in expected]
        arcs = pd.DataFrame(ARCS, columns=["input", "product"])
        assert plain(store.demand(arcs, place, view)) == world.demand(ARCS, place, view.tau, view.as_of)


@given(PARTS, st.sampled_from(PLACES), VIEWS, st.booleans(), st.sampled_from(["confirmed", "review"]), st.sampled_from([None, 1, 2]))
def test_makers_agree_with_the_oracle(parts: list[Tables], place: str, view: View, outside: bool, state: str, limit: int | None) -> None:
    whole = tables.combine(parts)
    expected = World(whole).makers(PRODUCTS, place, view.tau, view.as_of, outside=outside, state=state, limit=limit)
    with fresh() as store:
        store.write(whole)
        assert plain(store.makers(PRODUCTS, place, view, outside=outside, state=state, limit=limit)) == expected


@given(PARTS, st.none() | st.lists(st.sampled_from(IDS), max_size=2), maybe(*PLACES), maybe(*PLACES))
def test_supplies_agree_with_the_oracle(parts: list[Tables], chosen: list[str] | None, supplier_in: str | None, buyer_in: str | None) -> None:
    whole = tables.combine(parts)
    expected = World(whole).supplies(enterprises=chosen, supplier_in=supplier_in, buyer_in=buyer_in)
    with fresh() as store:
        store.write(whole)
        found = plain(store.supplies(enterprises=chosen, supplier_in=supplier_in, buyer_in=buyer_in))
        assert sorted(map(str, found)) == sorted(map(str, expected))


# -- laws


def answers(store: EmbeddedStore, place: str, products: list[str] = PRODUCTS) -> list[object]:
    arcs = pd.DataFrame(ARCS, columns=["input", "product"])
    return [plain(store.coverage(products, place)), plain(store.demand(arcs, place)), plain(store.makers(products, place)),
        plain(store.supplies(buyer_in=place))]


@given(PARTS, st.permutations(range(3)), st.sampled_from(PLACES))
def test_neither_row_order_nor_load_order_matters(parts: list[Tables], order: list[int], place: str) -> None:
    with fresh() as at_once, fresh() as one_by_one:
        at_once.write(tables.combine(parts))
        for part in (parts[at] for at in order):
            one_by_one.write(Tables({name: frame[::-1] for name, frame in part.items()}))
        assert one_by_one.tables() == at_once.tables()
        assert answers(one_by_one, place) == answers(at_once, place)


@given(_parts(same=0), st.sampled_from(PLACES))
def test_renaming_enterprises_does_not_change_counts(parts: list[Tables], place: str) -> None:
    """Ids that say nothing by themselves are exchanged for others; U1 becomes the last of them instead of the first."""
    new = {"U1": "W9", "U2": "W1", "U3": "W5"}
    whole = tables.combine(parts)
    ends = {"enterprises": ["id"], "makes": ["enterprise"], "titles": ["enterprise"], "supplies": ["supplier", "buyer"]}
    renamed = Tables({**whole, **{name: whole[name].replace(dict.fromkeys(columns, new)) for name, columns in ends.items()}})
    with fresh() as before, fresh() as after:
        before.write(whole)
        after.write(renamed)
        assert answers(after, place)[:2] == answers(before, place)[:2]
        assert len(after.makers(PRODUCTS, place)) == len(before.makers(PRODUCTS, place))


def _newcomer(region: str, products: list[str]) -> Tables:
    return graph("新来", enterprises=[{"id": "Z", "name": "新来者", "region": region, "registered_capital": 7.0}],
                 makes=[{"enterprise": "Z", "product": product, "output": 3.0} for product in products])


@given(PARTS, st.sampled_from(["140100", "140105", "140000", "110108"]), st.sets(st.sampled_from(PRODUCTS), min_size=1).map(sorted))
def test_an_enterprise_outside_a_region_changes_nothing_inside(parts: list[Tables], place: str, products: list[str]) -> None:
    with fresh() as store:
        store.write(tables.combine(parts))
        before = answers(store, place)
        store.write(_newcomer("650100", products))
        after = answers(store, place)
    for rows in (before, after):
        rows[0] = [{name: value for name, value in row.items() if name != "national"} for row in rows[0]]
    assert after == before


@given(PARTS, st.sampled_from(PRODUCTS))
def test_a_new_maker_closes_its_product_and_what_that_is_a_kind_of_and_no_other(parts: list[Tables], product: str) -> None:
    whole = tables.combine(parts)
    closed = {asked for asked in PRODUCTS if product in World(whole).kinds(asked)}
    with fresh() as store:
        store.write(whole)
        before = [row["makers"] for row in plain(store.coverage(PRODUCTS, "140100"))]
        store.write(_newcomer("140105", [product]))
        after = [row["makers"] for row in plain(store.coverage(PRODUCTS, "140100"))]
    assert [now - then for now, then in zip(after, before, strict=True)] == [int(asked in closed) for asked in PRODUCTS]


@given(PARTS, VIEWS)
def test_widening_the_region_never_loses_a_maker(parts: list[Tables], view: View) -> None:
    with fresh() as store:
        store.write(tables.combine(parts))
        found = [{(row["product"], row["enterprise"]) for row in plain(store.makers(PRODUCTS, place, view))} for place in ("140105", "140100",
            "140000", "000000")]
    assert found[0] <= found[1] <= found[2] <= found[3]


@given(PARTS, st.sampled_from(PLACES), VIEWS)
def test_inside_and_outside_together_are_the_country(parts: list[Tables], place: str, view: View) -> None:
    with fresh() as store:
        store.write(tables.combine(parts))
        inside, outside, all_ = (
            {(row["product"], row["enterprise"]) for row in plain(store.makers(PRODUCTS, where, view, outside=out))}
            for where, out in ((place, False), (place, True), ("000000", False)))
    assert inside | outside == all_ and not inside & outside
