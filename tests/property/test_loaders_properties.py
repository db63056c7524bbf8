"""Laws of reading: how a list is written changes nothing, counts always add up, nothing but our own errors ever comes out."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import LianpuError
from chain.tables import Tables
from loaders import Loaded, figures, read, values

HEADER = ["企业名称", "地址", "经营范围", "注册资本（万元）"]
NOW = "2026-01-02T00:00:00+00:00"

letters = st.characters(blacklist_categories=["C", "Z", "M"], blacklist_characters="*")
names = st.text(letters, min_size=1, max_size=8).map(lambda text: f"企{text}有限公司")
texts = st.text(st.one_of(letters, st.sampled_from(',;|\t\n"\' 、')), max_size=20)
amounts = st.one_of(st.just(""), st.floats(0, 1e9, allow_nan=False).map(repr), st.integers(0, 10**9).map(str))
lists = st.lists(st.tuples(names, texts, texts, amounts), min_size=1, max_size=6)


def written(rows: list[tuple[str, ...]], delimiter: str, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    return out.getvalue()


def loaded(content: bytes, name: str = "a.csv") -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read([path], now=NOW)


def facts(found: Loaded) -> pd.DataFrame:
    return found.tables["enterprises"].drop(columns="source")


@given(
    lists, st.sampled_from([",", "\t", ";", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_encoding_delimiter_and_line_ends_change_no_row(
    rows: list[tuple[str, ...]], delimiter: str, codec: str, end: str
) -> None:
    plain = loaded(written(rows, ",", "\n").encode("utf-8-sig"))
    other = loaded(written(rows, delimiter, end).encode(codec))
    pd.testing.assert_frame_equal(facts(other), facts(plain))
    pd.testing.assert_frame_equal(other.tables["rejects"].drop(columns="source"), plain.tables["rejects"].drop(columns="source"))


@given(lists)
def test_a_workbook_and_a_text_file_of_the_same_list_give_the_same_facts(rows: list[tuple[str, ...]]) -> None:
    out = io.BytesIO()
    pd.DataFrame(rows, columns=HEADER).to_excel(out, index=False, engine="openpyxl")
    beside = ["source", "row"]
    one = loaded(out.getvalue(), "a.xlsx").tables["enterprises"].drop(columns=beside)
    two = loaded(written(rows, ",", "\n").encode()).tables["enterprises"].drop(columns=beside)
    order = ["id", "address", "business_scope", "registered_capital"]
    pd.testing.assert_frame_equal(
        one.sort_values(order, ignore_index=True), two.sort_values(order, ignore_index=True))


cells = st.one_of(
    st.sampled_from([
        "", "合计", "企业名称", "91140000701011888X", "911400007010118880", "太原市", "火星", "9.11E+17", "-5", "约3亿", "客户A",
        "2199", "1e400", "NaN", "∞", "甲" * 201,
    ]),
    texts,
)


@given(
    st.sampled_from([
        "企业名称,统一社会信用代码,地区,注册资本", "企业,产品,收入占比", "供应商,采购商,金额", "企业名称,称号,批次",
        "园区名称,所在地,主导产业", "产品名称,别名", "投入品,产品,系数",
    ]),
    st.lists(st.lists(cells, max_size=5), max_size=12),
)
def test_counts_always_add_up_and_every_reject_says_why_and_what_to_do(header: str, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), *rows])
    found = loaded(out.getvalue().encode())
    counts, rejects = found.counts, found.tables["rejects"]
    assert (counts["rows_in"] == counts[["loaded", "merged", "rejected"]].sum(axis=1)).all()
    assert (counts[["rows_in", "loaded", "merged", "rejected"]] >= 0).all(axis=None)
    assert rejects["reason"].notna().all()
    assert rejects["way_out"].notna().all()
    assert rejects["column"].isna().sum() == counts["rejected"].sum()
    table = counts["table"].iloc[0]
    own = found.tables[table]
    listed = own if table != "enterprises" else own[own["entry"] == "listed_row"]
    assert len(listed) == counts["loaded"].sum()


@given(
    st.binary(max_size=400), st.sampled_from(["", "企业名称,人数\n甲有限公司,3\n"]),
    st.sampled_from(["csv", "xlsx", "xls", "jsonl", "parquet", "txt"]),
)
def test_whatever_the_bytes_only_our_own_errors_come_out(data: bytes, before: str, suffix: str) -> None:
    magic = {"xlsx": b"PK\x03\x04", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "parquet": b"PAR1"}
    try:
        found = loaded((magic.get(suffix, before.encode())) + data, f"a.{suffix}")
    except LianpuError as error:
        assert "a." in error.where
    else:
        assert (found.counts["rows_in"] == found.counts[["loaded", "merged", "rejected"]].sum(axis=1)).all()


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_a_number_written_by_python_is_read_back(value: float) -> None:
    assert figures.number(repr(value), "万元") == values.Value(value + 0.0, False)


@given(st.integers(0, 10**12), st.sampled_from([("元", 10_000), ("千元", 10), ("万元", 1)]))
def test_thousands_separators_and_units_scale_exactly(value: int, unit: tuple[str, int]) -> None:
    found = figures.number(f"{value:,}{unit[0]}", "万元").value
    assert found == value / unit[1]


NUMERALS = "零一二三四五六七八九"


def spoken(value: int) -> str:
    """A number below 10^8 in Chinese numerals, digit by digit with its place."""
    high, low = divmod(value, 10_000)
    if high:
        return spoken(high) + "万" + (("零" if low < 1000 else "") + spoken(low) if low else "")
    out, gap = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += ("零" if gap and out else "") + NUMERALS[digit] + sign
        gap = not digit
    return out


@given(st.integers(1, 10**8 - 1))
def test_chinese_numerals_are_read_back(value: int) -> None:
    assert figures.chinese(spoken(value)) == value


@given(st.dates(min_value=pd.Timestamp("1900-01-01").date(), max_value=pd.Timestamp("2100-12-31").date()),
       st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 08:30:00"]))
def test_a_date_in_any_form_is_read_back(day: object, form: str) -> None:
    assert values.date(format(day, form)) == values.Value(format(day, "%Y-%m-%d"), False)


any_text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\r"), min_size=1, max_size=12)
known = st.tuples(
    names, st.none() | any_text, st.none() | st.floats(0, 1e9), st.none() | st.integers(0, 10**9))


@given(st.lists(known, max_size=6))
def test_a_copied_folder_is_the_identity(rows: list[tuple[object, ...]]) -> None:
    frame = pd.DataFrame(
        [{"id": f"name:{name}", "name": name, "note": note, "output": output, "employees": employees, "source": "s", "row": at}
         for at, (name, note, output, employees) in enumerate(rows, 2)])
    sources = pd.DataFrame([{"id": "s", "file": "f", "kind": "sample"}])
    tables = Tables({"sources": sources, **({"enterprises": frame} if rows else {})})
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            if len(table):
                table.to_csv(Path(folder) / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        assert read([folder]).tables == tables
