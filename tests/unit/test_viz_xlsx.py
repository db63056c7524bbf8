"""Workbooks as a spreadsheet program finds them: read back with openpyxl."""

from __future__ import annotations

import zipfile

import openpyxl
import pandas as pd
import pytest

from chain.errors import InputError, OutputError
from viz import lists
from viz.cells import CUT_MARK, LONGEST
from viz.palette import LOOKS
from viz.xlsx import Sheet, write_workbook

AS_OF = "2026-11-20"


def targets():
    return pd.DataFrame(
        {
            "环节": ["正极", "隔膜", "电解液"],
            "状态": ["缺失", "疑似缺失", "strong"],
            "匹配分": [88, 60.5, None],
            "信用代码": ["0123", "0456", None],
            "企业数": [1200, 0, 3],
            "备注": ["=cmd|calc", "http://a.example", "甲\x0b乙\n丙"],
            "对接状态": [None, None, "在谈"],
        }
    )


def sheet(frame=None, **more):
    settings = {
        "status_column": "状态",
        "score_column": "匹配分",
        "choices": {"对接状态": ("已对接", "在谈")},
        "text_columns": ("信用代码",),
    }
    return Sheet(
        "招商目标", "示例市招商目标", targets() if frame is None else frame, ("数据截至 2026-11-20",), **(settings | more)
    )


def written(tmp_path, *sheets):
    path = tmp_path / "out.xlsx"
    write_workbook(path, sheets, as_of=AS_OF, author="示例市招商局")
    return openpyxl.load_workbook(path)


def test_title_notes_headers_and_rows_stand_in_this_order(tmp_path):
    page = written(tmp_path, sheet()).active
    assert [page.cell(row, 1).value for row in range(1, 7)] == [
        "示例市招商目标",
        "数据截至 2026-11-20",
        "环节",
        "正极",
        "隔膜",
        "电解液",
    ]
    assert (page.cell(3, 1).fill.fgColor.rgb, page.cell(3, 1).font.color.rgb, page.cell(3, 1).font.bold) == (
        "FF1F3A5F",
        "FFFFFFFF",
        True,
    )
    assert (page.freeze_panes, page.auto_filter.ref) == ("B4", "A3:G6")


def test_text_stays_text_numbers_stay_numbers_and_empty_stays_empty(tmp_path):
    page = written(tmp_path, sheet()).active
    assert [page.cell(row, 6).value for row in (4, 5, 6)] == ["=cmd|calc", "http://a.example", "甲乙\n丙"]
    assert [page.cell(row, 6).data_type for row in (4, 5, 6)] == ["s", "s", "s"]
    assert [page.cell(5, 6).hyperlink, page.cell(6, 3).value, page.cell(6, 4).value] == [None, None, None]
    assert [page.cell(4, column).value for column in (3, 4, 5)] == [88, "0123", 1200]
    assert [page.cell(4, column).number_format for column in (4, 5)] == ["@", "#,##0"]


def test_a_status_is_colour_sign_and_word(tmp_path):
    page = written(tmp_path, sheet()).active
    assert [page.cell(row, 2).value for row in (4, 5, 6)] == ["○ 缺失", "◌ 疑似缺失", "★ 优势"]
    fills = [page.cell(row, 2).fill for row in (4, 5, 6)]
    assert [fill.fill_type for fill in fills] == ["solid", "lightUp", "solid"]
    assert fills[0].fgColor.rgb == "FF" + LOOKS["missing"].fill[1:]


def test_it_prints_landscape_one_page_wide_with_repeated_head_and_page_numbers(tmp_path):
    page = written(tmp_path, sheet()).active
    assert (page.page_setup.orientation, page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        0,
        True,
    )
    assert (page.print_title_rows, page.print_area) == ("$3:$3", "'招商目标'!$A$1:$G$6")
    assert page.oddFooter.center.text == "第 &P / &N 页"
    assert page.oddFooter.left.text.strip() == "示例市招商局 数据截至 2026-11-20"


def test_choices_become_a_drop_down_long_ones_from_a_hidden_sheet(tmp_path):
    many = tuple(f"选项{at:03}" for at in range(60))
    book = written(tmp_path, sheet(choices={"对接状态": ("已对接", "在谈"), "备注": many}))
    rules = {str(rule.sqref): rule.formula1 for rule in book["招商目标"].data_validations.dataValidation}
    assert rules == {"G4:G6": '"已对接,在谈"', "F4:F6": "'_选项'!$A$1:$A$60"}
    assert book["_选项"].sheet_state == "hidden"
    assert book["_选项"]["A60"].value == "选项059"


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [sheet()], as_of=AS_OF)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    core = zipfile.ZipFile(tmp_path / "a.xlsx").read("docProps/core.xml").decode()
    assert "2026-11-20T00:00:00Z" in core


def test_a_workbook_without_a_date_says_so_and_has_a_fixed_creation_date(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [sheet()], as_of="", author="示例市招商局")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert "2000-01-01T00:00:00Z" in zipfile.ZipFile(tmp_path / "a.xlsx").read("docProps/core.xml").decode()
    footer = openpyxl.load_workbook(tmp_path / "a.xlsx").active.oddFooter.left.text
    assert footer.strip() == "示例市招商局 数据日期未注明"


def empty_lists():
    def frame(columns):
        return pd.DataFrame(columns=list(columns))

    return [
        *lists.gap_sheets(frame(lists.GAP_COLUMNS), "缺口", ("口径",)),
        *lists.target_sheets(frame(lists.TARGET_COLUMNS), "目标", ("口径",)),
        lists.base_sheet(frame(lists.BASE_COLUMNS), "底数", ("口径",)),
        lists.plain_sheet("环节状态", "状态", frame(lists.COVERAGE_COLUMNS), lists.COVERAGE_COLUMNS, ("口径",)),
        lists.note_sheet([], "说明"),
    ]


def test_every_empty_list_says_that_no_row_was_found(tmp_path):
    book = written(tmp_path, *empty_lists())
    assert len(book.worksheets) == 7
    for page in book.worksheets:
        assert "没有符合条件的行" in [page.cell(row, 1).value for row in (2, 3)]


def test_a_list_with_rows_does_not_say_so():
    frame = pd.DataFrame({"indicator": ["完整度"], "value": [0.5]})
    assert lists.plain_sheet("指标", "指标", frame, lists.INDICATOR_COLUMNS, ("口径",)).notes == ("口径",)


def test_sheet_names_are_made_valid_and_different(tmp_path):
    plain = pd.DataFrame({"项": ["甲"]})
    book = written(tmp_path, *(Sheet(name, "题", plain) for name in ("缺口/清单", "缺口_清单", "", "长" * 40)))
    assert book.sheetnames == ["缺口_清单", "缺口_清单 2", "表", "长" * 31]


def test_a_cell_longer_than_allowed_is_cut_and_says_so(tmp_path):
    page = written(tmp_path, Sheet("a", "t", pd.DataFrame({"文": ["钢" * 40_000, "𬭎" * 20_000]}))).active
    assert [page.cell(row, 1).value.endswith(CUT_MARK) for row in (3, 4)] == [True, True]
    assert len(page.cell(3, 1).value) == LONGEST


def test_an_empty_frame_gives_a_sheet_with_its_headers(tmp_path):
    page = written(tmp_path, sheet(targets().iloc[:0])).active
    assert [cell.value for cell in page[3]] == list(targets().columns)


def test_rows_are_high_enough_for_wrapped_text(tmp_path):
    page = written(tmp_path, Sheet("a", "t", pd.DataFrame({"理由": ["短", "长" * 120]}), widths={"理由": 40})).active
    assert page.row_dimensions[4].height > 5 * page.sheet_format.defaultRowHeight / 2


def test_more_rows_than_a_sheet_holds_is_an_error_before_anything_is_written(tmp_path):
    with pytest.raises(OutputError, match="超过 Excel 的上限"):
        write_workbook(tmp_path / "a.xlsx", [Sheet("a", "t", pd.DataFrame({"数": range(1_048_576)}))], as_of=AS_OF)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_column_is_named(tmp_path):
    with pytest.raises(InputError, match="没有这些列：等级"):
        write_workbook(tmp_path / "a.xlsx", [sheet(status_column="等级")], as_of=AS_OF)


def test_a_missing_folder_is_named_with_the_way_out(tmp_path):
    with pytest.raises(OutputError, match="没有的.*\n.*先建好") as caught:
        write_workbook(tmp_path / "没有的" / "a.xlsx", [sheet()], as_of=AS_OF)
    assert "a.xlsx" in caught.value.where


def test_a_write_that_breaks_off_leaves_the_old_file_and_no_rest(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.xlsx"
    write_workbook(path, [sheet()], as_of=AS_OF)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OutputError, match="写不了文件") as caught:
            write_workbook(path, [sheet()], as_of=AS_OF)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(path) in caught.value.where
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]
