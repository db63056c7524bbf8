"""Tables bring frames into one form, so that equal graphs are equal frames."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from oracle import plain

from chain import schema, tables
from chain.errors import InputError
from chain.tables import Tables


def test_missing_tables_and_columns_are_empty_with_the_dtypes_of_the_schema() -> None:
    built = Tables({"parks": pd.DataFrame({"id": ["p"], "name": ["园"]})})
    for name, frame in built.items():
        assert list(frame.columns) == schema.table(name).names
        assert [str(dtype) for dtype in frame.dtypes] == [column.dtype for column in schema.table(name).columns]
    assert plain(built["parks"]) == [
        {"id": "p", "name": "园", "region": None, "level": None, "leading": None, "min_yield": None, "source": None, "row": None}]


def test_an_unknown_table_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="没有这样的表：enterprise") as failure:
        Tables({"enterprise": pd.DataFrame()})
    assert "enterprises" in failure.value.way_out


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="表 products 没有这些列：colour") as failure:
        Tables({"products": pd.DataFrame({"id": ["钢"], "colour": ["红"]})})
    assert "value_added_rate" in failure.value.way_out


@pytest.mark.parametrize(("table", "column", "value", "type_"), [
    ("enterprises", "registered_capital", "很多", "number"), ("enterprises", "employees", "12.5人", "integer"),
    ("enterprises", "employees", 12.5, "integer"), ("chain_products", "terminal", "也许", "flag"),
])
def test_a_value_of_the_wrong_type_is_an_error_that_names_table_and_column(table: str, column: str, value: object, type_: str) -> None:
    with pytest.raises(InputError, match=f"表 {table} 的列 {column} 有不合类型（{type_}）的值"):
        Tables({table: pd.DataFrame({column: [value]})})


def test_rows_are_sorted_by_key_then_source_then_row_with_missing_first() -> None:
    built = Tables({"products": pd.DataFrame(
        [("b", "x", "s1", 1), ("a", "x", "s2", 1), ("a", "y", "s1", 9), ("a", "z", "s1", None), ("a", "w", None, 3)],
        columns=["id", "name", "source", "row"])})
    assert built["products"][["id", "name", "source"]].to_numpy(dtype=object, na_value=None).tolist() == [
        ["a", "w", None], ["a", "z", "s1"], ["a", "y", "s1"], ["a", "x", "s2"], ["b", "x", "s1"]]


def test_row_order_and_repeats_do_not_matter() -> None:
    rows = pd.DataFrame({"product": list("cab"), "kind": list("xyz"), "source": "s", "row": [3, 1, 2]})
    assert Tables({"kinds": rows}) == Tables({"kinds": pd.concat([rows[::-1], rows])})
    assert Tables({"kinds": rows}) != Tables({"kinds": rows[:2]})


def test_empty_text_is_missing_but_a_space_is_not() -> None:
    names = Tables({"products": pd.DataFrame({"id": ["a", "b", "c"], "name": ["", " ", "NA"]})})["products"]["name"]
    assert plain(names.to_frame()) == [{"name": None}, {"name": " "}, {"name": "NA"}]


def test_minus_zero_is_zero_so_that_equal_numbers_are_equal_rows() -> None:
    yields = Tables({"parks": pd.DataFrame({"id": ["a", "a"], "min_yield": [0.0, -0.0]})})["parks"]["min_yield"]
    assert [math.copysign(1, value) for value in yields] == [1.0]


def test_combine_keeps_repeats_once_and_does_not_care_for_order() -> None:
    one = Tables({"products": pd.DataFrame({"id": ["a", "b"], "name": ["a", "b"]})})
    two = Tables({"products": pd.DataFrame({"id": ["b", "c"], "name": ["b", "c"]}), "kinds": pd.DataFrame({"product": ["c"], "kind": ["a"]})})
    assert tables.combine([one, two]) == tables.combine([two, one, one])
    assert tables.combine([one, two])["products"]["id"].tolist() == ["a", "b", "c"]
    assert tables.combine([]) == Tables()


def test_rows_counts_everything_but_sources() -> None:
    built = Tables({"sources": pd.DataFrame({"id": ["s"]}), "products": pd.DataFrame({"id": ["a", "b"]})})
    assert (built.rows, repr(built)) == (2, "Tables(sources 1, products 2)")
    assert repr(Tables()) == "Tables(empty)"


def test_the_frame_handed_in_stays_as_it_was() -> None:
    frame = pd.DataFrame({"name": ["", "x"], "id": ["b", "a"]}, index=[7, 7])
    before = frame.copy(deep=True)
    Tables({"products": frame})
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("items", [[], ["甲"], ["甲", "乙,丙", "a;b", " "]])
def test_what_is_joined_splits_again(items: list[str]) -> None:
    assert tables.split(tables.join(items)) == items


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_a_missing_list_has_no_items(missing: object) -> None:
    assert tables.split(missing) == []


def test_tables_can_not_be_hashed() -> None:
    with pytest.raises(TypeError, match="can't be hashed"):
        hash(Tables())
