"""Review sheets: a person decides, and only what was decided comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from chain.errors import InputError, OutputError
from chain.tables import Tables
from loaders.reviews import (
    is_review,
    read_link_review,
    read_same_review,
    review_kind,
    similar_enterprises,
    write_link_review,
    write_same_review,
)
from loaders.workbooks import sheets

NOW = "2026-11-23T08:00:00+00:00"
LINKS = ["企业编号", "企业名称", "产品", "建议状态", "认定", "匹配词与原文", "置信度", "复核人", "复核日期"]
SAME = ["企业甲编号", "企业甲", "企业乙编号", "企业乙", "相似度", "依据", "认定", "复核人", "复核日期"]


def workbook(path: Path, header: list[str], *rows: list[Any]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet("复核")
    for at, row in enumerate([header, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def firms(*rows: tuple[str, str, str | None, str | None, str | None]) -> pd.DataFrame:
    return Tables({"enterprises": pd.DataFrame(rows,
        columns=["id", "name", "region", "short_name", "former_names"])})["enterprises"]


def pairs(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(frame[["enterprise", "other", "grade", "basis"]].itertuples(index=False, name=None))


def test_doubtful_links_are_written_once_a_pair_with_all_their_evidence(tmp_path: Path) -> None:
    tables = Tables({
        "enterprises": pd.DataFrame({"id": ["A"], "name": ["甲公司"]}), "products": pd.DataFrame({"id": ["钢"], "name": ["钢"]}),
        "makes": pd.DataFrame({
            "enterprise": ["A", "A", "A"], "product": ["钢", "钢", "铁"], "state": ["review", "review", "confirmed"],
            "confidence": [0.4, 0.5, 0.9], "evidence": ["=弱", "强", "无关"], "row": [1, 2, 3]})})
    count = write_link_review(tables["makes"], tables["enterprises"], tables["products"], tmp_path / "复核.xlsx")
    grid = sheets("复核", (tmp_path / "复核.xlsx").read_bytes())[0]
    assert (count, grid.cells) == (1, [LINKS, ["A", "甲公司", "钢", "待复核", "", "强\n=弱", "0.5", "", ""]])


def test_decisions_come_back_as_makes_and_open_rows_leave_nothing(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "复核.xlsx", LINKS, ["A", "甲", "钢", "待复核", "确认", "原文", 0.5, "张三", "2026-11-20"],
        ["B", "乙", "钢", "待复核", "排除", "", "", "", ""], ["C", "丙", "钢", "待复核", "待定"], ["D", "丁", "钢", "待复核", ""],
        ["E", "戊", "钢", "待复核", "也许"], ["", "己", "钢", "待复核", "确认"])
    found = read_link_review(path, now=NOW)
    makes = found.tables["makes"]
    assert makes[["enterprise", "product", "confidence", "state", "method", "row"]].values.tolist() == [
        ["A", "钢", 0.98, "confirmed", "review", 2], ["B", "钢", 0.0, "rejected", "review", 3]]
    assert makes.loc[0, ["evidence", "decided_by", "decided_on"]].tolist() == ["原文；人工复核确认（张三 2026-11-20）", "张三", "2026-11-20"]
    assert found.tables["rejects"][["column", "value", "reason", "row"]].astype("object").values.tolist()[0][::3] == ["认定", 6]
    assert found.counts[["table", "rows_in", "loaded", "merged", "rejected"]].values.tolist() == [["makes", 6, 2, 2, 2]]
    assert found.tables["sources"][["kind", "as_of"]].isna().values.tolist() == [[False, True]]


def test_a_pair_decided_both_ways_on_one_day_is_decided_no_way(tmp_path: Path) -> None:
    found = read_link_review(workbook(
        tmp_path / "复核.xlsx", LINKS, ["A", "", "钢", "", "确认"], ["A", "", "钢", "", "排除"], ["B", "", "钢", "", "确认"],
        ["B", "", "钢", "", "确认"]), now=NOW)
    assert found.tables["makes"]["enterprise"].tolist() == ["B"]
    assert found.tables["rejects"][["value", "reason"]].values.tolist() == [["A / 钢", "同一条在同一天有两种认定"]] * 2
    assert found.counts[["rows_in", "loaded", "merged", "rejected"]].values.tolist() == [[4, 1, 1, 2]]


def test_a_later_decision_stands_beside_the_earlier_one(tmp_path: Path) -> None:
    found = read_link_review(workbook(
        tmp_path / "复核.xlsx", LINKS, ["A", "", "钢", "", "确认", "", "", "张", "2025-01-02"],
        ["A", "", "钢", "", "排除", "", "", "李", "2026-01-02"]), now=NOW)
    assert found.tables["makes"][["state", "decided_on"]].values.tolist() == [["confirmed", "2025-01-02"],
        ["rejected", "2026-01-02"]]


def test_a_bad_date_is_told_and_the_decision_kept(tmp_path: Path) -> None:
    found = read_link_review(workbook(tmp_path / "复核.xlsx", LINKS, ["A", "", "钢", "", "确认", "", "", "张", "去年"]), now=NOW)
    assert found.tables["makes"]["decided_on"].isna().tolist() == [True]
    assert found.tables["rejects"][["column", "value"]].values.tolist() == [["复核日期", "去年"]]


def test_pairs_of_enterprises_go_out_and_come_back_in_order_of_id(tmp_path: Path) -> None:
    found = similar_enterprises(firms(("b", "太原重工股份有限公司", None, None, None),
        ("a", "太原重工有限公司", None, None, None)))
    assert write_same_review(found, tmp_path / "同一.xlsx") == 1
    grid = sheets("同一", (tmp_path / "同一.xlsx").read_bytes())[0]
    assert grid.cells[1][:4] == ["a", "太原重工有限公司", "b", "太原重工股份有限公司"]
    back = read_same_review(workbook(
        tmp_path / "填好.xlsx", SAME, ["b", "", "a", "", "", "", "同一家", "张", "2026-11-20"],
        ["c", "", "a", "", "", "", "不是"],
        ["a", "", "d", "", "", "", "待定"], ["e", "", "e", "", "", "", "同一家"]), now=NOW)
    assert back.tables["same"][["enterprise", "other", "decision"]].values.tolist() == [["a", "b", "same"],
        ["a", "c", "different"]]
    assert back.counts[["rows_in", "loaded", "merged", "rejected"]].values.tolist() == [[4, 2, 1, 1]]


def test_review_sheets_are_known_by_their_headers() -> None:
    assert (is_review(LINKS), is_review(SAME), is_review(["企业名称", "产品", "状态"])) == ("links", "same", None)


def test_review_files_are_known_whether_workbook_or_text(tmp_path: Path) -> None:
    text = tmp_path / "复核.csv"
    text.write_text("企业编号,产品,认定\nA,钢,确认\n", encoding="gb18030")
    assert review_kind(workbook(tmp_path / "一.xlsx", LINKS)) == "links"
    assert review_kind(workbook(tmp_path / "二.xlsx", SAME)) == "same"
    assert review_kind(text) == "links"
    assert review_kind(workbook(tmp_path / "三.xlsx", ["企业名称", "产品"])) is None
    assert review_kind(tmp_path / "没有.xlsx") is None
    assert read_link_review(text, now=NOW).tables["makes"][["enterprise", "row"]].values.tolist() == [["A", 2]]


def test_a_sheet_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="这不是复核表"):
        read_same_review(workbook(tmp_path / "复核.xlsx", LINKS), now=NOW)


def test_a_review_that_may_be_half_filled_is_not_overwritten(tmp_path: Path) -> None:
    tables = Tables()
    (tmp_path / "复核.xlsx").write_bytes(b"mine")
    with pytest.raises(OutputError, match="文件已存在"):
        write_link_review(tables["makes"], tables["enterprises"], tables["products"], tmp_path / "复核.xlsx")
    assert (tmp_path / "复核.xlsx").read_bytes() == b"mine"


def test_same_name_with_two_ids_and_a_former_name_are_likely_one() -> None:
    found = similar_enterprises(firms(
        ("1", "太原 重工（集团）有限责任公司", "140100", None, None), ("2", "太原重工(集团)有限公司", "310000", None, None),
        ("3", "新名股份有限公司", "110000", None, "老名股份有限公司"), ("4", "老名股份有限公司", "140000", None, None)))
    assert pairs(found) == [
        ("1", "2", "likely", "名称相同，编号不同"), ("3", "4", "likely", "曾用名「老名股份有限公司」是另一家现在的名称")]


def test_a_short_name_that_is_another_ones_name_is_likely() -> None:
    found = similar_enterprises(firms(("1", "山西太钢不锈钢股份有限公司", "140100", "太钢不锈", None),
        ("2", "太钢不锈", None, None, None)))
    assert pairs(found) == [("1", "2", "likely", "简称「太钢不锈」是另一家的名称")]


def test_alike_names_pair_up_only_where_their_provinces_allow() -> None:
    names = ("山西晋能光伏科技有限公司", "山西晋能光伏科技股份有限公司")
    for regions, count in ((("140100", "140200"), 1), (("140100", None), 1), ((None, None), 1), (("140100", "310000"), 0)):
        found = similar_enterprises(firms(*(
            (str(at), name, region, None, None) for at, (name, region) in enumerate(zip(names, regions, strict=True)))))
        assert len(found) == count


def test_names_that_differ_in_a_number_alone_are_two_firms() -> None:
    assert len(similar_enterprises(firms(
        ("1", "山西省第一建筑工程集团有限公司", "140000", None, None),
         ("2", "山西省第二建筑工程集团有限公司", "140000", None, None)))) == 0


def test_names_without_anything_in_common_make_no_pair() -> None:
    assert len(similar_enterprises(firms(
        ("1", "太原重工股份有限公司", "140000", None, None), ("2", "大同煤业股份有限公司", "140000", None, None)))) == 0
    assert list(similar_enterprises(firms()).columns) == ["enterprise", "name", "other", "other_name", "likeness", "grade",
        "basis"]


def test_blocks_lose_no_pair_that_comparing_all_names_finds() -> None:
    import random
    from itertools import combinations

    from rapidfuzz import fuzz

    from chain.identity import normal_name
    from loaders.similar import POSSIBLE, _only_numbers, core

    draw = random.Random(7)
    chosen = ["".join(draw.sample("太原大同晋中华兴鑫达宏", draw.randint(2, 5))) + draw.choice(["机械", "化工", "新材料"])
              + draw.choice(["有限公司", "股份有限公司", "集团有限公司"]) for _ in range(1500)]
    names = sorted(set(chosen))
    found = similar_enterprises(firms(*((name, name, draw.choice(["140000", None]), None, None) for name in names)))
    wanted = set()
    for one, two in combinations(names, 2):
        a, b = normal_name(one), normal_name(two)
        likeness = round((fuzz.ratio(a, b) + fuzz.ratio(core(a), core(b))) / 200, 4)
        if likeness >= POSSIBLE and not _only_numbers(a, b):
            wanted.add((one, two))
    assert set(zip(found["enterprise"], found["other"], strict=True)) == wanted
    assert len(wanted) > 100


def test_the_order_of_rows_changes_nothing() -> None:
    frame = firms(*((str(at), name, "140000", None, None) for at, name in enumerate(
        ["太原重工股份有限公司", "太原重工集团有限公司", "太原重工有限公司", "太重有限公司"])))
    pd.testing.assert_frame_equal(similar_enterprises(frame), similar_enterprises(frame.iloc[::-1]))


def test_an_unknown_word_is_answered_with_the_allowed_ones(tmp_path: Path) -> None:
    links = read_link_review(workbook(tmp_path / "一.xlsx", LINKS, ["A", "", "钢", "", "同一家"]), now=NOW)
    same = read_same_review(workbook(tmp_path / "二.xlsx", SAME, ["a", "", "b", "", "", "", "确认"]), now=NOW)
    told = [found.tables["rejects"][["value", "reason", "way_out"]].values.tolist() for found in (links, same)]
    assert told == [
        [["同一家", "不认识的认定「同一家」", "只认 确认、排除、待定；从下拉列表里选"]],
        [["确认", "不认识的认定「确认」", "只认 同一家、不是、待定；从下拉列表里选"]]]


def test_yes_and_no_decide_a_link(tmp_path: Path) -> None:
    found = read_link_review(workbook(tmp_path / "复核.xlsx", LINKS, ["A", "", "钢", "", "是"], ["B", "", "钢", "", "否"]), now=NOW)
    assert found.tables["makes"][["enterprise", "state", "confidence"]].values.tolist() == [["A", "confirmed", 0.98], ["B", "rejected", 0.0]]
    assert len(found.tables["rejects"]) == 0


def test_the_date_of_a_review_is_what_somebody_said_or_nothing(tmp_path: Path) -> None:
    undated = workbook(tmp_path / "一.xlsx", LINKS, ["A", "", "钢", "", "确认"])
    dated = workbook(tmp_path / "二.xlsx", LINKS, ["A", "", "钢", "", "确认", "", "", "张", "2026-11-20"], ["B", "", "钢", "", "待定"])
    seen = []
    for path, as_of in ((undated, None), (dated, None), (undated, "2026-11-01"), (undated, "2027-01-01")):
        found = read_link_review(path, now=NOW, as_of=as_of)
        assert found.tables["sources"]["as_of"].dropna().tolist() == [as_of] * (as_of is not None)
        seen.append([note for note in found.notes if "数据日期" in note])
    assert seen == [
        ["没有注明数据日期；载入时加 --as-of 2024-12-31 这样的日期"], [], [],
        ["数据日期 2027-01-01 在将来（今天是 2026-11-23）；核对 --as-of，写数据实际是哪一天的"]]
