"""Files of every kind and state: what they are is found out, what is wrong with them is said."""

from __future__ import annotations

import codecs
import datetime
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from chain.errors import InputError, UnknownName
from loaders import Options, read

NOW = "2026-01-02T03:04:05+00:00"
LIST = "企业名称,注册资本（万元）\n太原重工股份有限公司,100\n山西钢铁有限公司,200\n"
NAMES = ["太原重工股份有限公司", "山西钢铁有限公司"]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        for title, rows in sheets.items():
            sheet = made.add_worksheet(title)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_change_nothing(tmp_path: Path, codec: str, delimiter: str) -> None:
    path = write(tmp_path / "名单.csv", LIST.replace(",", delimiter).encode(codec))
    found = read([path], now=NOW).tables["enterprises"]
    assert found[["name", "registered_capital", "row"]].values.tolist() == [[NAMES[0], 100.0, 2], [NAMES[1], 200.0, 3]]


def test_utf16_written_big_endian_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"))
    assert len(read([path]).tables["enterprises"]) == 2


@pytest.mark.parametrize(("name", "content", "said"), [
    ("a.csv", b"", "文件是空的"),
    ("a.xlsx", b"", "文件是空的"),
    ("a.csv", b"\xef\xbb\xbf\r\n \r\n", "文件是空的"),
    ("a.xlsx", b"PK\x03\x04 cut off", "工作簿打不开"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "工作簿打不开"),
    ("a.xlsx", LIST.encode(), "扩展名是 .xlsx，内容却不是"),
    ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "内容却是网页"),
    ("a.parquet", b"PAR1 cut off", "Parquet 文件读不出来"),
    ("a.parquet", LIST.encode(), "扩展名是 .parquet，内容却不是"),
    ("a.jsonl", b"[1, 2]\n", "没有一行是 JSON 对象"),
    ("a.csv", bytes(range(256)) * 20, "不"),
    ("a.csv", LIST.encode() + b"\xff\xfe\xff,1\n", "第 4 行有不合 UTF-8 编码的字节"),
    ("a.csv", "甲,乙\n1,2\n".encode(), "认不出这是哪张表"),
])
def test_a_file_that_cannot_be_read_is_named_with_the_way_out(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(InputError, match=said) as caught:
        read([path])
    assert name in caught.value.where
    assert caught.value.way_out


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_off_anywhere_is_an_error(tmp_path: Path, share: float) -> None:
    whole = book(tmp_path / "a.xlsx", {"企业": [["企业名称"], *([name] for name in NAMES)]}).read_bytes()
    path = write(tmp_path / "b.xlsx", whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="工作簿打不开"):
        read([path])


def test_a_missing_file_is_answered_with_its_neighbours(tmp_path: Path) -> None:
    write(tmp_path / "名单.csv", LIST)
    with pytest.raises(InputError, match="没有这个文件") as caught:
        read([tmp_path / "名册.csv"])
    assert "名单.csv" in caught.value.way_out


def test_a_folder_without_readable_files_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "照片.png", b"x")
    with pytest.raises(InputError, match="文件夹里没有可读的文件"):
        read([tmp_path])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", LIST)
    path.chmod(0)
    with pytest.raises(InputError, match="没有权限"):
        read([path])


def test_a_folder_gives_its_readable_files_in_order_and_names_the_rest(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv"):
        write(tmp_path / name, f"企业名称\n{name}有限公司\n")
    write(tmp_path / "c.docx", b"x")
    write(tmp_path / "~$a.xlsx", b"x")
    found = read([tmp_path])
    assert [Path(file).name for file in found.counts["file"]] == ["a.csv", "b.csv"]
    assert any("c.docx" in note for note in found.notes)


def test_only_headers_is_a_note_and_no_error(tmp_path: Path) -> None:
    found = read([write(tmp_path / "a.csv", "企业名称,地区\n")])
    assert found.counts.drop(columns="file").values.tolist() == [["", "enterprises", 0, 0, 0, 0]]
    assert any("只有表头" in note for note in found.notes)


@pytest.mark.parametrize(("text", "rows", "bad"), [
    ('企业名称,备注\n甲有限公司,"没有合上\n乙有限公司,\n', [3], [2]),
    ('企业名称,备注\n甲有限公司,"合上"了还有\n乙有限公司,\n', [3], [2]),
    ('企业名称,备注\n甲有限公司,\n乙有限公司,"末行', [2], [3]),
    ('企业名称,备注\n"甲有限公司,\n"乙有限公司",\n丙有限公司,\n', [3, 4], [2]),
    ('企业名称,备注\n甲有限公司,"两行\n备注"\n乙有限公司,\n', [2, 4], []),
])
def test_a_quote_that_does_not_fit_costs_its_line_and_no_other(
    tmp_path: Path, text: str, rows: list[int], bad: list[int]
) -> None:
    found = read([write(tmp_path / "a.csv", text)])
    assert sorted(found.tables["enterprises"]["row"]) == rows
    assert found.tables["rejects"]["row"].tolist() == bad
    assert found.counts[["rows_in", "loaded", "rejected"]].values.tolist() == [[len(rows) + len(bad), len(rows), len(bad)]]


def test_a_file_full_of_broken_quotes_is_refused_with_the_first_line(tmp_path: Path) -> None:
    text = "企业名称,备注\n" + '甲有限公司,"合上"了\n' * 300
    with pytest.raises(InputError, match="第一处在第 2 行"):
        read([write(tmp_path / "a.csv", text)])


def test_every_sheet_of_a_workbook_is_read_and_notes_for_people_are_skipped(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {
        "填表说明": [["请如实填写"], ["每行一家"]],
        "企业": [["企业名称", "成立日期"], [NAMES[0], datetime.date(2019, 5, 3)]],
        "产品关联": [["企业名称", "产品", "收入占比"], [NAMES[0], "起重机", 0.35]],
        "空表": [],
    })
    found = read([path])
    assert found.counts[["sheet", "table", "loaded"]].values.tolist() == [["企业", "enterprises", 1], ["产品关联", "makes", 1]]
    assert found.tables["enterprises"]["established"].tolist() == ["2019-05-03"]
    assert found.tables["makes"]["share"].tolist() == [0.35]
    assert any("填表说明" in note and "跳过" in note for note in found.notes)
    assert found.tables["sources"]["sheet"].nunique() == 2


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"企业": [[], ["某市企业名单"], [], ["", "企业名称"], [], ["", NAMES[0]], ["", "合计"]]})
    found = read([path])
    assert found.tables["enterprises"]["row"].tolist() == [6]
    assert found.tables["rejects"]["row"].tolist() == [7]
    assert any("空行" in note for note in found.notes)


def test_a_value_merged_over_rows_holds_for_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("企业")
        sheet.write_row(0, 0, ["市", "企业名称"])
        sheet.merge_range(1, 0, 2, 0, "太原市")
        sheet.write_column(1, 1, NAMES)
    assert read([path]).tables["enterprises"]["region"].tolist() == ["140100", "140100"]


def test_a_header_of_two_rows_is_one_header(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("企业")
        sheet.merge_range(0, 0, 0, 4, "2025 年重点企业")
        sheet.write(1, 0, "企业名称")
        sheet.merge_range(1, 1, 1, 2, "所在地")
        sheet.merge_range(1, 3, 1, 4, "指标（亿元）")
        sheet.write_row(2, 1, ["市", "县", "营业收入", "税收"])
        sheet.write_row(3, 0, [NAMES[0], "太原市", "小店区", 1.5, 0.1])
    found = read([path]).tables["enterprises"]
    assert found[["region", "revenue", "tax", "row"]].values.tolist() == [["140105", 15000.0, 1000.0, 4]]


def test_the_unit_above_a_table_holds_for_columns_without_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "企业名单,,\n单位：亿元,,\n企业名称,营业收入,税收（万元）\n甲有限公司,2,30\n")
    found = read([path]).tables["enterprises"]
    assert found[["revenue", "tax", "row"]].values.tolist() == [[20000.0, 30.0, 4]]


def test_json_lines_and_parquet_are_read_alike(tmp_path: Path) -> None:
    text = '{"企业名称": "甲有限公司", "人数": 12}\n\nnot json\n{"企业名称": "乙有限公司", "曾用名": ["丙", "丁"]}\n'
    lines = write(tmp_path / "a.jsonl", text)
    pd.DataFrame({"企业名称": ["甲有限公司", "乙有限公司"], "人数": [12, None]}).to_parquet(tmp_path / "b.parquet")
    found = read([lines])
    listed = found.tables["enterprises"][["name", "employees", "former_names", "row"]]
    assert listed.astype(object).fillna("").values.tolist() == [
        ["乙有限公司", "", "丙；丁", 4], ["甲有限公司", 12, "", 1]]
    assert found.tables["rejects"]["row"].tolist() == [3]
    other = read([tmp_path / "b.parquet"]).tables["enterprises"]
    assert other[["name", "row"]].values.tolist() == [["乙有限公司", 2], ["甲有限公司", 1]]


def test_standard_input_is_told_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (LIST, '{"企业名称": "太原重工股份有限公司"}\n{"企业名称": "山西钢铁有限公司"}\n'):
        with open(write(tmp_path / "in", text), encoding="utf-8") as file:
            monkeypatch.setattr("sys.stdin", file)
            found = read(["-"])
        assert sorted(found.tables["enterprises"]["name"]) == sorted(NAMES)
        assert found.tables["sources"][["file", "origin"]].astype(object).fillna("").values.tolist() == [["标准输入", ""]]


def test_a_workbook_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"企业": [["企业名称"], [NAMES[0]]]}).rename(tmp_path / "a.csv")
    found = read([path])
    assert found.tables["enterprises"]["name"].tolist() == [NAMES[0]]
    assert any("其实是工作簿" in note for note in found.notes)


def test_unknown_headers_are_answered_with_near_ones_and_both_ways_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "企业的名称,心情\n甲有限公司,好\n")
    with pytest.raises(InputError) as caught:
        read([path])
    assert "企业的名称、心情" in caught.value.what
    assert "企业名称" in caught.value.way_out
    assert "--map 列名=字段" in caught.value.way_out
    assert "--table" in caught.value.way_out
    found = read([path], Options(mapping={"企业的名称": "name"}))
    assert found.tables["enterprises"]["name"].tolist() == ["甲有限公司"]


def test_a_mapping_to_no_field_or_from_no_header_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", LIST)
    with pytest.raises(InputError, match="文件里没有：别的"):
        read([path], Options(mapping={"别的": "name"}))
    with pytest.raises(UnknownName, match="字段"):
        read([path], Options(table="enterprises", mapping={"企业名称": "nme"}))
    with pytest.raises(UnknownName, match="字段"):
        read([path], Options(mapping={"企业名称": "nme"}))
    with pytest.raises(UnknownName, match="表"):
        read([path], Options(table="enterprise"))


def test_a_table_can_be_forced_by_name_or_title(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "企业名称,产品\n甲有限公司,钢\n")
    assert len(read([path]).tables["makes"]) == 0
    for table in ("makes", "产品关联"):
        assert read([path], Options(table=table)).tables["makes"]["product"].tolist() == ["钢"]


def test_a_source_says_what_the_person_said_of_the_list(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", LIST)
    sample = read([path], now=NOW).tables["sources"].astype(object).replace({float("nan"): None}).iloc[0]
    assert (sample["kind"], sample["as_of"], sample["loaded_at"], sample["rows"]) == ("sample", None, NOW, 2)
    register = read([path], Options(register="太原市", min_size="规上", as_of="2025年6月30日"), now=NOW).tables["sources"].iloc[0]
    assert register[["kind", "region", "min_size", "as_of"]].tolist() == ["register", "140100", "规上", "2025-06-30"]
    assert register["origin"] == sample["origin"]
    assert register["id"] != sample["id"]
    assert read([path], now="2027-01-01T00:00:00+00:00").tables["sources"].iloc[0]["id"] == sample["id"]


def test_a_new_version_of_a_file_has_another_id_and_the_same_origin(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    old, new = (read([write(path, text)]).tables["sources"].iloc[0] for text in (LIST, LIST + "丙有限公司,1\n"))
    assert old["id"] != new["id"]
    assert old["origin"] == new["origin"]


UNDATED = "没有注明数据日期；载入时加 --as-of 2024-12-31 这样的日期"


@pytest.mark.parametrize(("as_of", "now", "said"), [
    (None, NOW, [UNDATED]),
    ("2025-12-31", NOW, []),
    ("2026-01-03", "2026-01-02T20:00:00+00:00", []),
    ("2026-01-03", NOW, ["数据日期 2026-01-03 在将来（今天是 2026-01-02）；核对 --as-of，写数据实际是哪一天的"]),
])
def test_a_data_date_is_what_somebody_said_or_nothing(tmp_path: Path, as_of: str | None, now: str, said: list[str]) -> None:
    for name in ("a.csv", "b.csv"):
        write(tmp_path / name, LIST + f"{name}有限公司,1\n")
    found = read([tmp_path], Options(as_of=as_of), now=now)
    assert found.tables["sources"]["as_of"].dropna().tolist() == [as_of] * 2 * (as_of is not None)
    assert [note for note in found.notes if "数据日期" in note] == said


@pytest.mark.parametrize("title", ["缺口清单", "招商目标企业清单", "产业链底数表"])
def test_a_result_of_the_program_is_no_source(tmp_path: Path, title: str) -> None:
    from viz import lists
    from viz.csv import write_csv
    from viz.xlsx import write_workbook

    def frame(columns: Mapping[str, str]) -> pd.DataFrame:
        return pd.DataFrame([{name: 1.0 if name in ("rank", "score", "row") else "缺失" for name in columns}])

    notes = ("范围：太原市", "口径：缺省")
    sheets = {
        "缺口清单": lambda: lists.gap_sheets(frame(lists.GAP_COLUMNS), "太原市缺口", notes),
        "招商目标企业清单": lambda: lists.target_sheets(frame(lists.TARGET_COLUMNS), "太原市目标", notes),
        "产业链底数表": lambda: [lists.base_sheet(frame(lists.BASE_COLUMNS), "太原市底数", notes)],
    }[title]()
    assert sheets[0].name == title
    write_workbook(tmp_path / "结果.xlsx", sheets, as_of="2026-01-01")
    write_csv(sheets[0].frame, tmp_path / "结果.csv")
    for path in (tmp_path / "结果.xlsx", tmp_path / "结果.csv"):
        with pytest.raises(InputError, match=f"这是本程序生成的{title}，是结果，不是来源") as caught:
            read([path])
        assert path.name in caught.value.where
        assert "原始名单" in caught.value.way_out


def test_a_list_of_an_office_may_bear_the_title_of_a_result(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"招商目标企业清单": [["序号", "企业名称", "所在地"], [1, "甲有限公司", "太原市"]]})
    assert read([path]).tables["enterprises"]["name"].tolist() == ["甲有限公司"]
