"""The schema is complete, without contradictions, and says what loaders, stores and people need of every column."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from chain import schema

COLUMNS = [column for table in schema.tables().values() for column in table.columns]


def test_the_tables_are_those_of_the_domain_in_order() -> None:
    assert list(schema.tables()) == [
        "sources", "regions", "parks", "enterprises", "products", "chains", "stages", "chain_products", "inputs", "kinds", "upgrades",
        "byproducts", "makes", "supplies", "titles", "industries", "same", "rejects"]


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.name)
def test_every_table_has_a_chinese_title_and_a_description(table: schema.Table) -> None:
    assert re.search(r"[一-鿿]", table.title)
    assert table.description


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.name)
def test_columns_are_distinct_and_end_with_where_a_row_came_from(table: schema.Table) -> None:
    assert max(Counter(table.names).values()) == 1
    if table.name != "sources":
        assert tuple(table.names[-2:]) == schema.PROVENANCE


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.table}.{column.name}")
def test_a_column_has_a_known_type_a_description_and_bounds_in_order(column: schema.Column) -> None:
    assert column.type in ("text", "list", "date", "region", "uscc", "number", "integer", "flag")
    assert column.description
    assert column.low is None or column.high is None or column.low < column.high
    assert not (column.choices and column.type != "text")
    assert column.required or not column.key


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.name)
def test_no_header_may_mean_two_columns_of_one_table(table: schema.Table) -> None:
    claims = Counter(synonym for column in table.columns for synonym in column.synonyms)
    assert {synonym: times for synonym, times in claims.items() if times > 1} == {}


@pytest.mark.parametrize(("table", "keys"), [
    ("enterprises", ["id"]), ("products", ["id"]), ("makes", ["enterprise", "product"]), ("inputs", ["input", "product"]),
    ("kinds", ["product", "kind"]), ("supplies", ["supplier", "buyer"]), ("titles", ["enterprise", "title"]),
    ("same", ["enterprise", "other"]), ("rejects", []),
])
def test_keys_say_what_identifies_a_row(table: str, keys: list[str]) -> None:
    assert schema.table(table).keys == keys


def test_a_label_is_the_first_header_with_its_unit() -> None:
    enterprises = schema.table("enterprises")
    assert [enterprises[name].label for name in ("name", "registered_capital", "land", "entry")] == ["企业名称", "注册资本（万元）",
        "占地面积（亩）", "entry"]


@pytest.mark.parametrize(("name", "dtype"), [("lon", "float64"), ("employees", "Int64"), ("established", "str"), ("uscc", "str")])
def test_a_column_knows_its_dtype(name: str, dtype: str) -> None:
    assert schema.table("enterprises")[name].dtype == dtype
    assert schema.table("chain_products")["terminal"].dtype == "boolean"


def test_bounds_and_choices_are_read_as_written() -> None:
    share, state = schema.table("makes")["share"], schema.table("makes")["state"]
    longitude, capital = schema.table("enterprises")["lon"], schema.table("enterprises")["registered_capital"]
    assert (share.low, share.high, longitude.low, longitude.high) == (0.0, 1.0, -180.0, 180.0)
    assert (capital.low, capital.high) == (0.0, None)
    assert state.choices == ("confirmed", "review", "rejected")


def test_an_unknown_column_or_table_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema.table("enterprises")["nothing"]
    with pytest.raises(KeyError):
        schema.table("nothing")
