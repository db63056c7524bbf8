"""Fill-in workbooks: an office fills them, the loaders read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from chain import schema
from chain.errors import OutputError
from loaders import read
from loaders.headers import match
from loaders.templates import NEEDED, entries, write_templates

TABLES = ("enterprises", "makes", "supplies", "titles")


def rewrite(path: Path, rows: list[list[Any]]) -> None:
    """The workbook at `path` with rows under its first header, as if a person had filled it, the other sheets unchanged."""
    book = CalamineWorkbook.from_path(path)
    sheets = {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names}
    first = book.sheet_names[0]
    sheets[first] = [sheets[first][0], *rows]
    new = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for title, cells in sheets.items():
        sheet = new.add_worksheet(title)
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row)
    new.close()


def test_a_folder_gets_four_workbooks_to_fill(tmp_path: Path) -> None:
    assert [path.name for path in write_templates(tmp_path / "区")] == ["企业.xlsx", "产品关联.xlsx", "供应关系.xlsx",
        "称号.xlsx"]


def test_empty_templates_load_nothing_not_even_their_examples(tmp_path: Path) -> None:
    for path in write_templates(tmp_path):
        found = read([path], now="2026-11-23T00:00:00+00:00")
        assert found.counts[["sheet", "rows_in"]].values.tolist() == [[path.stem, 0]]
        assert found.tables.rows == 0


@pytest.mark.parametrize("table", TABLES)
def test_every_header_is_recognised_as_its_column(table: str) -> None:
    for entry in entries(table):
        for header in (entry.header, entry.field().header):
            found = match(table, header)
            assert found is not None
            assert found[0] == entry.column


@pytest.mark.parametrize("table", TABLES)
def test_required_columns_are_marked_and_all_are_explained_in_chinese(table: str) -> None:
    keys = {column.name for column in schema.table(table).columns if column.required} - {"id", "method"}
    assert {entry.column for entry in entries(table) if entry.field().header.endswith(NEEDED)} >= keys
    assert all(any("一" <= char <= "鿿" for char in entry.help) for entry in entries(table))
    internal = {"id", "entry", "original", "region_level", "source", "row", "confidence", "method"}
    assert not internal & {entry.column for entry in entries(table)}


def test_filled_templates_give_their_rows(tmp_path: Path) -> None:
    paths = dict(zip(TABLES, write_templates(tmp_path), strict=True))
    for table, path in paths.items():
        rewrite(path, [[entry.examples[at] for entry in entries(table)] for at in (0, 1)])
    found = read([tmp_path], now="2026-11-23T00:00:00+00:00")
    assert found.counts[["table", "rows_in", "loaded", "rejected"]].sort_values("table").values.tolist() == [
        ["enterprises", 2, 2, 0], ["makes", 2, 2, 0], ["supplies", 2, 2, 0], ["titles", 2, 2, 0]]
    assert len(found.tables["rejects"]) == 0
    listed = found.tables["enterprises"].dropna(subset=["established"])
    assert listed[["id", "name", "status", "region", "registered_capital", "established"]].values.tolist() == [
        ["91140100MA0EX1MP11", "山西示例特钢有限公司", "active", "140108", 50000.0, "2005-04-18"],
        ["91140100MA0EX1MP24", "太原示例装备制造股份有限公司", "active", "140105", 12000.0, "2012-09-01"]]
    assert listed["output"].isna().tolist() == [False, True]
    assert found.tables["makes"][["product", "state"]].values.tolist() == [["不锈钢板", "confirmed"], ["车轴", "review"]]


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "称号.xlsx").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"文件夹里已有 称号\.xlsx，一个也没有写"):
        write_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["称号.xlsx"]
    assert (tmp_path / "称号.xlsx").read_bytes() == b"mine"


def test_templates_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    one, two = write_templates(tmp_path / "一"), write_templates(tmp_path / "二")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_states_dates_and_figures_are_checked_by_the_spreadsheet(tmp_path: Path) -> None:
    import zipfile

    path = write_templates(tmp_path)[0]
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode("utf-8")
    kinds = {kind: sheet.count(f'type="{kind}"') for kind in ("list", "date", "decimal", "whole")}
    assert kinds == {"list": 1, "date": 1, "decimal": 5, "whole": 1}
    assert 'state="frozen"' in sheet


def test_pages_to_read_are_skipped_without_a_word(tmp_path: Path) -> None:
    write_templates(tmp_path)
    found = read([tmp_path], now="2026-11-23T00:00:00+00:00")
    assert [note for note in found.notes if "示例" in note or "填表说明" in note] == []
    assert sum("只有表头" in note for note in found.notes) == 4


def test_a_page_of_the_same_title_and_another_header_is_still_told(tmp_path: Path) -> None:
    path = write_templates(tmp_path)[0]
    book = xlsxwriter.Workbook(str(path))
    for title, cells in (("企业", [["企业名称"], ["甲有限公司"]]), ("示例", [["厂子", "老板"], ["乙", "丙"]])):
        sheet = book.add_worksheet(title)
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row)
    book.close()
    assert any("示例" in note and "跳过" in note for note in read([path]).notes)
