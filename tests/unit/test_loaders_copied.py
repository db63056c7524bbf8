"""Folders copied out of a store come back as they were; other schema-shaped files are checked as strictly as any."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chain import schema
from chain.errors import InputError
from chain.tables import Tables
from loaders import copied, read

GOOD = "91140000701011888X"


def copy(tables: Tables, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        if len(frame):
            frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    return folder


def small() -> Tables:
    return Tables({
        "sources": pd.DataFrame([{"id": "s1", "file": "名单.xlsx", "sheet": "企业", "kind": "sample", "rows": 2}]),
        "enterprises": pd.DataFrame([
            {"id": GOOD, "uscc": GOOD, "name": "甲有限公司", "registered_capital": 0.1, "note": '引号"、逗号,\n换行',
             "source": "s1", "row": 2},
            {"id": "name:乙有限公司", "name": "乙有限公司", "short_name": "NA", "employees": 7, "source": "s1", "row": 3},
        ]),
        "chain_products": pd.DataFrame([
            {"chain": "光伏", "product": "硅片", "stage": "中游", "terminal": False, "source": "s1", "row": 1},
            {"chain": "光伏", "product": "组件", "stage": "下游", "terminal": True, "source": "s1", "row": 2},
        ]),
        "rejects": pd.DataFrame([{"table": "makes", "value": "NaN", "reason": "没有产品", "source": "s1", "row": 9}]),
    })


def test_a_copied_folder_comes_back_unchanged(tmp_path: Path) -> None:
    tables = small()
    found = read([copy(tables, tmp_path / "copy")])
    assert found.tables == tables
    assert found.counts[["table", "rows_in", "loaded"]].values.tolist() == [
        ["chain_products", 2, 2], ["enterprises", 2, 2], ["rejects", 1, 1], ["sources", 1, 1]]


def test_a_copy_made_before_a_column_existed_still_comes_back(tmp_path: Path) -> None:
    folder = copy(small(), tmp_path / "copy")
    frame = pd.read_csv(folder / "enterprises.csv", dtype=str, keep_default_na=False).drop(columns=["website"])
    frame.to_csv(folder / "enterprises.csv", index=False)
    assert read([folder]).tables["enterprises"].equals(small()["enterprises"])


@pytest.mark.parametrize("quoted", [False, True])
def test_columns_that_look_empty_at_first_keep_what_comes_late(tmp_path: Path, quoted: bool) -> None:
    rows = 30_000  # over a megabyte, so that the file is read piece by piece
    firms = pd.DataFrame({"id": [f"name:企业{at}" for at in range(rows)], "name": [f"企业{at}" for at in range(rows)], "source": "s1"})
    last = firms.index == rows - 1
    firms["row"] = pd.array(range(2, rows + 2), dtype="Int64")
    firms["note"] = pd.Series(["，换\n行" if quoted and end else "末行" if end else None for end in last], dtype="str")
    firms["employees"] = pd.array([7 if end else None for end in last], dtype="Int64")
    firms["revenue"] = [0.5 if end else None for end in last]
    tables = Tables({"sources": small()["sources"], "enterprises": firms})
    folder = copy(tables, tmp_path / "copy")
    assert (folder / "enterprises.csv").stat().st_size > 1_000_000
    assert read([folder]).tables == tables


def test_a_damaged_copy_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    folder = copy(small(), tmp_path / "copy")
    frame = pd.read_csv(folder / "enterprises.csv", dtype=str, keep_default_na=False)
    frame.loc[0, "employees"] = "很多"
    frame.to_csv(folder / "enterprises.csv", index=False)
    with pytest.raises(InputError) as caught:
        read([folder])
    assert "enterprises.csv" in caught.value.where


def shaped(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    columns = [column for column in schema.table(name).names if column not in schema.PROVENANCE]
    pd.DataFrame(rows, columns=columns).to_csv(folder / f"{name}.csv", index=False)
    return folder / f"{name}.csv"


def test_a_schema_shaped_file_of_ones_own_gets_a_source_and_its_line_numbers(tmp_path: Path) -> None:
    row = {"enterprise": GOOD, "product": "钢", "confidence": 0.9, "state": "confirmed", "method": "stated"}
    found = read([shaped(tmp_path, "makes", [row, row, {**row, "product": "铁"}])])
    assert found.counts[["rows_in", "loaded", "merged", "rejected"]].values.tolist() == [[3, 2, 1, 0]]
    assert found.tables["makes"][["product", "row"]].values.tolist() == [["钢", 2], ["铁", 4]]
    assert found.tables["makes"]["source"].unique().tolist() == found.tables["sources"]["id"].tolist()


@pytest.mark.parametrize(("change", "column"), [
    ({"confidence": 1.5}, "confidence"), ({"share": "很多"}, "share"), ({"state": "也许"}, "state"),
    ({"decided_on": "2199-01-01"}, "decided_on"),
])
def test_a_schema_shaped_file_with_a_fault_is_read_with_care(tmp_path: Path, change: dict[str, object], column: str) -> None:
    row = {"enterprise": GOOD, "product": "钢", "confidence": 0.9, "state": "confirmed", "method": "stated"}
    found = read([shaped(tmp_path, "makes", [row, {**row, "product": "铁", **change}])])
    assert found.tables["rejects"][["column", "row"]].values.tolist() == [[column, 3]]
    assert len(found.tables["makes"]) == 2


def test_a_wrong_code_in_a_schema_shaped_file_is_found(tmp_path: Path) -> None:
    bad = GOOD[:-1] + "0"
    found = read([shaped(tmp_path, "enterprises", [{"id": bad, "uscc": bad, "name": "甲有限公司"}])])
    assert found.tables["enterprises"]["id"].tolist() == ["name:甲有限公司"]
    assert found.tables["rejects"]["value"].tolist() == [bad]


def test_check_digits_of_many_codes_at_once_are_those_of_each() -> None:
    import pyarrow as pa

    from chain.identity import is_uscc

    for code in (GOOD, GOOD[:-1] + "0", GOOD[:-1], "O" + GOOD[1:]):
        assert copied.are_uscc(pa.chunked_array([[None, GOOD], [code]])) == is_uscc(code)
        assert copied.are_uscc(pa.chunked_array([["", GOOD, code]]).slice(1)) == is_uscc(code)
