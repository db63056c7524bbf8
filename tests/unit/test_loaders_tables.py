"""Lists of enterprises and of relations between them: what becomes a row, what a reject, what an id."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from chain import schema
from loaders import Loaded, Options, read

GOOD = "91140000701011888X"


def load(folder: Path, text: str, name: str = "a.csv", options: Options = Options()) -> Loaded:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = read([path], options, now="2026-01-02T00:00:00+00:00")
    assert (found.counts["rows_in"] == found.counts[["loaded", "merged", "rejected"]].sum(axis=1)).all()
    assert found.tables["rejects"][["reason", "way_out"]].notna().all(axis=None)
    return found


def rows(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    return frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None).values.tolist()


def test_a_bad_code_is_a_rejected_cell_and_the_enterprise_keeps_its_name_as_id(tmp_path: Path) -> None:
    found = load(tmp_path, f"企业名称,统一社会信用代码\n甲有限公司,{GOOD}\n乙有限责任公司,911400007010118880\n")
    assert rows(found.tables["enterprises"], "id", "name", "uscc", "row") == [
        [GOOD, "甲有限公司", GOOD, 2], ["name:乙有限公司", "乙有限责任公司", None, 3]]
    assert rows(found.tables["rejects"], "column", "value", "row") == [["统一社会信用代码", "911400007010118880", 3]]
    assert found.counts["rejected"].tolist() == [0]


def test_what_was_converted_is_kept_as_written(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业名称,注册资本（亿元）,占地面积,成立日期,人数",
        "甲有限公司,1.5,20公顷,2019年5月,约30",
        "乙有限公司,约2,30亩,2019-05-01,30人",
    ]))
    one, two = (found.tables["enterprises"].set_index("name").loc[name] for name in ("甲有限公司", "乙有限公司"))
    assert one[["registered_capital", "land", "established", "employees"]].tolist() == [15000.0, 300.0, "2019-05-01", 30]
    assert json.loads(one["original"]) == {
        "registered_capital": "1.5（亿元）", "land": "20公顷", "established": "2019年5月", "employees": "约30"}
    assert json.loads(two["original"]) == {"registered_capital": "约2（亿元）"}


def test_negative_capital_and_foreign_money_are_rejected_cells(tmp_path: Path) -> None:
    found = load(tmp_path, "企业名称,注册资本（万元）\n甲有限公司,-5\n乙有限公司,500万美元\n")
    assert found.tables["enterprises"]["registered_capital"].isna().all()
    assert sorted(found.tables["rejects"]["reason"]) == ["不能是负数", "外币金额，没有猜汇率"]


def test_the_region_comes_from_the_code_then_names_then_the_address(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业名称,行政区划代码,省,市,县,地址",
        "甲有限公司,140105,,,,杭州市西湖区1号",
        "乙有限公司,,山西省,太原市,小店区,",
        "丙有限公司,,,,,山西省太原市某路1号",
        "丁有限公司,,,,,某路1号",
        "戊有限公司,999999,山西省,,,",
        "己有限公司,140105,浙江省,,,太原市",
    ]))
    frame = found.tables["enterprises"].sort_values("row")
    assert rows(frame, "region", "region_level") == [
        ["140105", "county"], ["140105", "county"], ["140100", "city"], [None, None], ["140000", "province"], [None, None]]
    assert sorted(rows(found.tables["rejects"], "row", "column", "value")) == [
        [6, "行政区划代码", "999999"], [7, "行政区划代码", "140105"]]


def test_rows_that_say_the_same_are_merged_and_others_of_one_id_are_kept(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业名称,统一社会信用代码,人数",
        f"甲有限公司,{GOOD},5", f"甲有限公司,{GOOD},5", f"甲有限公司,{GOOD},6", f"改名有限公司,{GOOD},5",
    ]))
    assert found.counts[["rows_in", "loaded", "merged", "rejected"]].values.tolist() == [[4, 3, 1, 0]]
    assert rows(found.tables["enterprises"], "id", "name", "employees", "row") == [
        [GOOD, "甲有限公司", 5, 2], [GOOD, "甲有限公司", 6, 4], [GOOD, "改名有限公司", 5, 5]]


def test_one_name_in_two_regions_stays_two_enterprises(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业名称,地区", "顺达有限公司,太原市", "顺达有限公司,大同市", "利民有限公司,太原市", "利民有限公司,太原市小店区",
    ]))
    assert sorted(found.tables["enterprises"]["id"]) == [
        "name:利民有限公司", "name:利民有限公司", "name:顺达有限公司@140100", "name:顺达有限公司@140200"]


def test_sums_repeated_headers_and_long_rows_are_rejected_and_blank_ones_are_not_rows(tmp_path: Path) -> None:
    found = load(tmp_path, "序号,企业名称,人数\n1,甲有限公司,5\n,,\n序号,企业名称,人数\n2,乙,有限公司,6\n合计,,11\n3,,7\n")
    assert found.counts[["rows_in", "loaded", "merged", "rejected"]].values.tolist() == [[5, 1, 0, 4]]
    assert rows(found.tables["rejects"].sort_values("row"), "row", "column", "reason") == [
        [4, None, "重复的表头"], [5, None, "这一行比表头多出 1 格"], [6, None, "合计、小计行，不是一家企业或一条关系"],
        [7, None, "没有企业名称"]]
    assert any("空行" in note for note in found.notes)


def test_a_cell_longer_than_a_megabyte_is_rejected_and_its_row_stays(tmp_path: Path) -> None:
    found = load(tmp_path, f"企业名称,经营范围\n甲有限公司,{'钢' * 400_000}\n")
    assert rows(found.tables["enterprises"], "name", "business_scope") == [["甲有限公司", None]]
    assert found.tables["rejects"]["reason"].tolist() == ["单元格超过 1 MB"]
    assert len(found.tables["rejects"]["value"].iloc[0]) <= 200


def test_hostile_text_is_kept_as_text_without_hidden_marks(tmp_path: Path) -> None:
    found = load(tmp_path, "企业名称,经营范围\n=cmd|' /C calc'!A0有限公司,<script>\u202egnp.exe\x07\n")
    assert rows(found.tables["enterprises"], "name", "business_scope") == [["=cmd|' /C calc'!A0有限公司", "<script>gnp.exe"]]
    assert any("控制字符" in note for note in found.notes)


def test_the_newest_year_is_taken_and_the_others_named(tmp_path: Path) -> None:
    found = load(tmp_path, "企业名称,2022年营业收入（万元）,2023年营业收入（万元）\n甲有限公司,1,2\n")
    assert found.tables["enterprises"]["revenue"].tolist() == [2.0]
    assert any("2022年营业收入" in note for note in found.notes)


def test_an_officers_list_of_products_is_confirmed_as_stated(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业,产品,收入占比（%）,状态", "甲有限公司, 起重机 ,35,", f"{GOOD},轧机,120,待复核", ",风机,1,", "甲有限公司,,1,",
    ]))
    assert rows(found.tables["makes"], "enterprise", "product", "share", "confidence", "state", "method", "row") == [
        [GOOD, "轧机", None, 0.95, "review", "stated", 3], ["name:甲有限公司", "起重机", 0.35, 0.95, "confirmed", "stated", 2]]
    assert sorted(rows(found.tables["rejects"], "row", "column", "reason"), key=str) == [
        [3, "收入占比（%）", "大于 1"], [4, None, "没有企业"], [5, None, "没有产品"]]
    assert rows(found.tables["enterprises"], "id", "name", "entry") == [
        [GOOD, GOOD, "party"], ["name:甲有限公司", "甲有限公司", "party"]]


def test_a_list_of_titles_tells_what_it_knows_of_its_enterprises(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "企业名称,称号,批次,有效期至,地区", "甲有限公司,小巨人,第三批,2026/5/1,太原市", "甲有限公司,瞪羚,2023,,太原市",
    ]))
    assert rows(found.tables["titles"], "enterprise", "title", "batch", "valid_to") == [
        ["name:甲有限公司", "小巨人", "第三批", "2026-05-01"], ["name:甲有限公司", "瞪羚", "2023", None]]
    assert rows(found.tables["enterprises"], "id", "region", "entry", "row") == [["name:甲有限公司", "140100", "listed_row", 2]]


def test_parties_of_supplies_become_enterprises_and_anonymous_ones_rejects(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "供应商,采购商,金额（亿元）,年份", "甲有限公司,乙有限公司,0.5,2023年", "客户A,乙有限公司,1,2023",
        "甲有限公司、丙有限公司,乙有限公司,1,2023",
    ]))
    assert rows(found.tables["supplies"], "supplier", "buyer", "amount", "year") == [
        ["name:甲有限公司", "name:乙有限公司", 5000.0, 2023]]
    assert rows(found.tables["enterprises"], "id", "entry", "row") == [
        ["name:乙有限公司", "party", 2], ["name:甲有限公司", "party", 2]]
    assert found.tables["rejects"]["row"].tolist() == [3, 4]
    assert found.counts[["rows_in", "loaded", "rejected"]].values.tolist() == [[3, 1, 2]]


def test_an_english_name_of_eighteen_letters_is_no_code(tmp_path: Path) -> None:
    found = load(tmp_path, "供应商,采购商\nJasperTechnologies,甲有限公司\n911400007010118880,甲有限公司\n")
    assert found.tables["supplies"]["supplier"].tolist() == ["name:JasperTechnologies"]
    assert found.tables["rejects"]["row"].tolist() == [3]


LISTED = (
    "code,name,full_name,list_status,province_code,city_code,reg_address,setup_date,reg_capital_wan,employees,uscc,main_products\n"
    f"000825,太钢不锈,山西太钢不锈钢股份有限公司,L,140000,140100,山西省太原市,1998-06-11,569624.8,17000,{GOOD},不锈钢、碳钢\n"
    "600001,邯郸钢铁,,D,130000,,河北省邯郸市,1998-01-20,1,,,\n"
    "900901,云赛B股,,L,,,上海市浦东新区,,,,,\n"
)


def test_an_export_of_listed_companies_is_known_by_its_headers(tmp_path: Path) -> None:
    found = load(tmp_path, LISTED, "whatever.csv")
    assert rows(found.tables["enterprises"], "id", "code", "name", "short_name", "region", "status", "registered_capital") == [
        [GOOD, "000825", "山西太钢不锈钢股份有限公司", "太钢不锈", "140100", "active", 569624.8],
        ["stock:600001", "600001", "邯郸钢铁", "邯郸钢铁", "130400", "unknown", 1.0],
        ["stock:900901", "900901", "云赛B股", "云赛B股", "310115", "active", None],
    ]


def test_disclosed_edges_say_what_the_share_is_of(tmp_path: Path) -> None:
    found = load(tmp_path, "\n".join([
        "supplier_name,supplier_code,buyer_name,buyer_code,year,rank,share_pct,disclosed_by",
        "甲股份有限公司,000001,乙有限公司,,2017,1,7.13,customer_disclosure",
        "丙有限公司,,甲股份有限公司,000001,2018,2,12.5,supplier_disclosure",
        "第一名,,甲股份有限公司,000001,2018,1,20,supplier_disclosure",
        "江苏**电池有限公司,,甲股份有限公司,000001,2018,1,20,supplier_disclosure",
        "（自然人）,,甲股份有限公司,000001,2018,1,20,supplier_disclosure",
    ]))
    assert rows(found.tables["supplies"], "supplier", "buyer", "share", "share_of", "rank", "year") == [
        ["name:丙有限公司", "stock:000001", 0.125, "purchases", 2, 2018],
        ["stock:000001", "name:乙有限公司", 0.0713, "sales", 1, 2017],
    ]
    assert rows(found.tables["enterprises"], "id", "name", "code", "entry", "row") == [
        ["name:丙有限公司", "丙有限公司", None, "party", 3], ["name:乙有限公司", "乙有限公司", None, "party", 2],
        ["stock:000001", "甲股份有限公司", "000001", "party", 2]]
    assert found.tables["rejects"]["row"].tolist() == [4, 5, 6]


@pytest.mark.parametrize(("text", "supply"), [
    ("code,full_name,year,rank,supplier_name,supplier_code,share_pct,anonymous\n000001,甲,2017,1,乙公司厂,,5,0\n000001,甲,2017,2,匿名者,,5,1\n",
     ["name:乙公司厂", "stock:000001", "purchases"]),
    ("code,full_name,year,rank,customer_name,customer_code,share_pct,anonymous\n000001,甲,2017,1,乙公司厂,,5,0\n000001,甲,2017,2,匿名者,,5,1\n",
     ["stock:000001", "name:乙公司厂", "sales"]),
])
def test_disclosed_suppliers_and_customers_point_the_way_the_goods_flow(tmp_path: Path, text: str, supply: list[str]) -> None:
    found = load(tmp_path, text)
    assert rows(found.tables["supplies"], "supplier", "buyer", "share_of") == [supply]
    assert found.counts["rejected"].tolist() == [1]


def test_parks_products_and_regions_are_recognised_by_their_headers(tmp_path: Path) -> None:
    parks = load(tmp_path, "园区名称,级别,所在地,主导产业\n太原经济技术开发区,国家级,太原市,装备制造、新材料\n")
    assert rows(parks.tables["parks"], "id", "level", "region", "leading") == [
        ["太原经济技术开发区", "国家级", "140100", "装备制造；新材料"]]
    expected = load(tmp_path, "地区,规上企业数\n太原市,1200家\n")
    assert rows(expected.tables["regions"], "code", "name", "expected_enterprises") == [["140100", "太原市", 1200]]


def test_a_fraction_under_a_percent_header_of_a_workbook_is_not_guessed(tmp_path: Path) -> None:
    pd.DataFrame({"企业": ["甲有限公司", "乙有限公司"], "产品": ["钢", "铁"], "收入占比（%）": [0.35, 35]}).to_excel(
        tmp_path / "a.xlsx", index=False)
    found = read([tmp_path / "a.xlsx"]).tables
    assert rows(found["makes"], "product", "share") == [["铁", 0.35], ["钢", None]]
    assert found["rejects"]["reason"].tolist() == ["看不出是 0.35% 还是 35%"]


def test_a_party_with_a_row_of_its_own_in_the_file_gets_no_second_one(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame({"供应商": ["甲有限公司"], "采购商": ["乙有限公司"]}).to_excel(book, sheet_name="供应", index=False)
        pd.DataFrame({"企业名称": ["甲有限公司"], "统一社会信用代码": [GOOD]}).to_excel(book, sheet_name="企业", index=False)
    found = read([tmp_path / "a.xlsx"]).tables
    assert rows(found["enterprises"], "id", "entry") == [[GOOD, "listed_row"], ["name:乙有限公司", "party"]]
    assert rows(found["supplies"], "supplier", "buyer") == [["name:甲有限公司", "name:乙有限公司"]]


def test_rows_of_a_file_do_not_depend_on_what_is_loaded_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"企业名称,统一社会信用代码\n甲有限公司,{GOOD}\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("供应商,采购商\n甲有限公司,乙有限公司\n", encoding="utf-8")
    alone = read([tmp_path / "b.csv"]).tables
    beside = read([tmp_path]).tables
    source = alone["sources"]["id"].iloc[0]
    for table in ("enterprises", "supplies"):
        pd.testing.assert_frame_equal(
            beside[table][beside[table]["source"] == source].reset_index(drop=True), alone[table])


def test_a_delisted_company_is_of_unknown_status_and_says_when_it_left(tmp_path: Path) -> None:
    head = LISTED.splitlines()[0] + ",delist_date,备忘\n"
    found = load(tmp_path, head + "".join([
        "600001,邯郸钢铁,,D,130000,,,,1,,,,2024-08-12,\n", "600002,齐鲁石化,,D,370000,,,,1,,,,20060424,原有说明\n",
        "600003,某高速,,D,220000,,,,1,,,,,\n", "600004,白云机场,,L,440000,,,,1,,,,,在市\n", "600005,武钢,,D,420000,,,,1,,,,不详吧,\n",
        "600006,东风,,L,420000,,,,1,,,,2024-08-12,\n",
    ]), options=Options(mapping={"备忘": "note"}))
    assert rows(found.tables["enterprises"].sort_values("row"), "status", "note", "original") == [
        ["unknown", "已退市（2024-08-12）", None], ["unknown", "原有说明；已退市（2006-04-24）", None], ["unknown", "已退市", None],
        ["active", "在市", None], ["unknown", "已退市", None], ["unknown", "已退市（2024-08-12）", None]]
    assert rows(found.tables["rejects"], "row", "column", "value") == [[6, "delist_date", "不详吧"]]
    assert not any("delist_date" in note for note in found.notes)


@pytest.mark.parametrize(("cell", "reason"), [
    ("1e400", "数大得不可能：达到或超过 1 万亿（万元）"), ("1e12", "数大得不可能：达到或超过 1 万亿（万元）"),
    ("99999999亿亿", "不认识的单位 亿"), ("1" + "0" * 400, "数大得不可能：达到或超过 1 万亿（万元）"),
    ("NaN", "不是有限的数"), ("Infinity", "不是有限的数"), ("-inf", "不是有限的数"), ("∞", "不是有限的数"),
])
def test_a_figure_without_end_or_sense_is_a_rejected_cell(tmp_path: Path, cell: str, reason: str) -> None:
    found = load(tmp_path, f"企业名称,注册资本（万元）\n甲有限公司,{cell}\n乙有限公司,999999999999\n")
    assert rows(found.tables["enterprises"].sort_values("row"), "registered_capital") == [[None], [999999999999.0]]
    assert rows(found.tables["rejects"], "row", "column", "reason") == [[2, "注册资本（万元）", reason]]


def test_a_count_of_people_beyond_sense_is_a_rejected_cell(tmp_path: Path) -> None:
    found = load(tmp_path, "企业名称,人数\n甲有限公司,1e15\n乙有限公司,NaN\n")
    assert found.tables["enterprises"]["employees"].isna().all()
    assert rows(found.tables["rejects"], "row", "reason") == [[2, "数大得不可能：达到或超过 1 万亿（人）"], [3, "不是有限的数"]]


@pytest.mark.parametrize(("column", "value", "reason"), [
    ("registered_capital", "1e13", "数大得不可能：达到或超过 1 万亿（万元）"),
    ("registered_capital", "1e400", "数大得不可能：达到或超过 1 万亿（万元）"),
    ("employees", "9000000000000", "数大得不可能：达到或超过 1 万亿（人）"), ("name", "甲" * 201, "企业名称有 201 字，超过 200 字，不是名称"),
])
def test_a_file_of_the_shape_of_the_schema_is_held_to_the_same(tmp_path: Path, column: str, value: str, reason: str) -> None:
    names = [name for name in schema.table("enterprises").names if name not in schema.PROVENANCE]
    row = {"id": "name:甲有限公司", "name": "甲有限公司", "entry": "listed_row", column: value}
    found = load(tmp_path, ",".join(names) + "\n" + ",".join(row.get(name, "") for name in names) + "\n", "enterprises.csv")
    assert found.tables["rejects"]["reason"].tolist() == [reason]


def test_a_text_of_more_than_two_hundred_signs_is_no_name_of_a_company(tmp_path: Path) -> None:
    long, just = "甲" * 201, "乙" * 200
    found = load(tmp_path, f"企业名称,人数\n{long},5\n{just},6\n")
    assert found.tables["enterprises"]["name"].tolist() == [just]
    assert rows(found.tables["rejects"], "row", "column", "reason") == [[2, None, "企业名称有 201 字，超过 200 字，不是名称"]]
    assert found.counts[["rows_in", "loaded", "rejected"]].values.tolist() == [[2, 1, 1]]
    supplies = load(tmp_path, f"供应商,采购商\n{long},丙有限公司\nname:{just},丙有限公司\n丙有限公司,{long}\n", "b.csv")
    assert supplies.tables["supplies"]["supplier"].tolist() == [f"name:{just}"]
    assert sorted(supplies.tables["rejects"]["reason"]) == [f"{side}名称有 201 字，超过 200 字，不是名称" for side in ("供应商", "采购商")]
    assert long not in set(supplies.tables["enterprises"]["name"])
    makes = load(tmp_path, f"企业,产品\n{long},钢\n丙有限公司,钢\n", "c.csv")
    assert makes.tables["makes"]["enterprise"].tolist() == ["name:丙有限公司"]
