"""Cells: figures, dates, codes, words and texts as people write them."""

from __future__ import annotations

import pytest

from loaders import figures, places, values


@pytest.mark.parametrize(("text", "unit", "given", "value", "converted"), [
    ("3000", "万元", "", 3000.0, False),
    ("３，０００．５", "万元", "", 3000.5, False),
    ("3000万元", "万元", "", 3000.0, False),
    ("3000万元", "万元", "亿元", 3000.0, False),
    ("3000万", "万元", "", 3000.0, True),
    ("3000 万元人民币", "万元", "", 3000.0, True),
    ("人民币壹仟万元整", "万元", "", 1000.0, True),
    ("1.2亿元", "万元", "", 12000.0, True),
    ("0.1", "万元", "亿元", 1000.0, True),
    ("1亿2千万", "万元", "", 12000.0, True),
    ("三千万", "万元", "", 3000.0, True),
    ("两亿五千万元", "万元", "", 25000.0, True),
    ("5000元", "万元", "", 0.5, True),
    ("8千元", "万元", "", 0.8, True),
    ("约500", "万元", "", 500.0, True),
    ("500余万元", "万元", "", 500.0, True),
    ("500以上", "万元", "", 500.0, True),
    ("1.5E+03", "万元", "", 1500.0, False),
    ("20公顷", "亩", "", 300.0, True),
    ("2平方公里", "亩", "", 3000.0, True),
    ("2000㎡", "亩", "", 3.0, True),
    ("1.2万平方米", "亩", "", 18.0, True),
    ("120亩", "亩", "", 120.0, False),
    ("1200人", "人", "", 1200.0, False),
    ("1.2万", "人", "", 12000.0, True),
    ("35%", "", "", 0.35, True),
    ("35", "", "%", 0.35, True),
    ("0.35", "", "", 0.35, False),
    ("112.5°", "度", "", 112.5, True),
    ("50万元/亩", "万元/亩", "", 50.0, False),
])
def test_a_figure_comes_in_the_unit_of_the_schema(text: str, unit: str, given: str, value: float, converted: bool) -> None:
    assert figures.number(text, unit, given) == values.Value(value, converted)


@pytest.mark.parametrize(("text", "unit", "given", "reason"), [
    ("500万美元", "万元", "", "外币金额，没有猜汇率"),
    ("500", "万元", "万美元", "外币金额，没有猜汇率"),
    ("HK$500", "万元", "", "外币金额，没有猜汇率"),
    ("1000-2000", "万元", "", "是一个范围，不是一个数"),
    ("500万以下", "万元", "", "是一个范围，不是一个数"),
    ("1,00", "万元", "", "不认识的单位 ,00"),
    ("1.2.3", "万元", "", "不是数"),
    ("很多", "万元", "", "不是数"),
    ("1亿5", "万元", "", "不是数"),
    ("5²", "人", "", "不认识的单位 ²"),
    ("30吨", "万元", "", "不认识的单位 吨"),
    ("3万", "亩", "", "看不出单位"),
])
def test_a_figure_with_two_readings_has_none(text: str, unit: str, given: str, reason: str) -> None:
    found = figures.number(text, unit, given)
    assert (found.value, found.reason) == (None, reason)
    assert found.way_out


@pytest.mark.parametrize("text", ["", "-", "—", "无", "/", "N/A", "暂无"])
def test_words_for_nothing_are_nothing_and_no_fault(text: str) -> None:
    assert figures.number(text, "万元") == values.date(text) == values.uscc(text) == values.EMPTY


@pytest.mark.parametrize(("text", "day", "converted"), [
    ("2019-05-03", "2019-05-03", False),
    ("2019/5/3", "2019-05-03", False),
    ("2019.5.3", "2019-05-03", False),
    ("２０１９年５月３日", "2019-05-03", False),
    ("20190503", "2019-05-03", False),
    ("2019-05-03 00:00:00", "2019-05-03", False),
    ("2019/5/3 8:30", "2019-05-03", False),
    ("2019-05-03T08:30:00Z", "2019-05-03", False),
    ("2019年5月", "2019-05-01", True),
    ("2019", "2019-01-01", True),
    ("43588", "2019-05-03", True),
    ("25/12/2019", "2019-12-25", True),
])
def test_a_date_is_read_in_any_form_spreadsheets_write(text: str, day: str, converted: bool) -> None:
    assert values.date(text) == values.Value(day, converted)


@pytest.mark.parametrize(("text", "reason"), [
    ("1899-12-31", "年份 1899 不在 1900–2100"),
    ("2199/1/1", "年份 2199 不在 1900–2100"),
    ("2019-02-30", "没有这一天"),
    ("5/3/2019", "看不出是几月几日"),
    ("19/5/3", "不是日期"),
    ("长期", "不是日期"),
])
def test_a_date_that_is_none_says_why(text: str, reason: str) -> None:
    assert (values.date(text).value, values.date(text).reason) == (None, reason)


def test_a_code_is_taken_only_with_a_right_check_digit() -> None:
    assert values.uscc(" 9114 0000-7010 1188 8x ").value == "91140000701011888X"
    assert values.uscc("9114OOOO7O1O11888X") == values.Value("91140000701011888X", True)
    assert values.uscc("911400007010118880").reason == "统一社会信用代码的校验位不对"
    assert values.uscc("9.11E+17").way_out == "把这一列设成文本，重新填写 18 位代码"
    assert values.uscc("140000100000001").reason == "这是 15 位旧注册号，不是统一社会信用代码"


def test_a_stock_code_that_lost_its_zeros_is_not_guessed() -> None:
    written = ("000825", "000825.SZ", "SZ000825", "00700.HK")
    assert [values.stock(text).value for text in written] == ["000825", "000825", "000825", "00700"]
    assert values.stock("825").value is None


@pytest.mark.parametrize(("text", "status"), [
    ("存续", "active"), ("存续（在营、开业、在册）", "active"), ("在业", "active"), ("注销", "dissolved"),
    ("吊销，未注销", "dissolved"), ("停业", "unknown"), ("active", "active"),
])
def test_a_status_word_is_one_of_three(text: str, status: str) -> None:
    assert values.word("status", ("active", "dissolved", "unknown"), text).value == status


def test_text_loses_what_hides_in_it_and_keeps_emoji() -> None:
    assert values.clean("太原\u202e重\u200b工\x00\x1b ﻿🏭👨‍🔧") == "太原重工 🏭👨‍🔧"


@pytest.mark.parametrize(("cells", "levels", "code"), [
    (("140105",), (), "140105"),
    (("140105001",), (), "140105"),
    (("太原市",), (), "140100"),
    (("山西省-太原市-小店区",), (), "140105"),
    (("山西太原小店",), (), "140105"),
    (("太原市小店区某路1号",), (), "140105"),
    ((), ("山西", "太原", "小店"), "140105"),
    ((), ("北京市", "市辖区", "海淀区"), "110108"),
    (("小店区",), ("山西省", "太原市"), "140105"),
    (("140100", "太原市"), (), "140100"),
])
def test_a_region_is_found_by_code_or_names(cells: tuple[str, ...], levels: tuple[str, ...], code: str) -> None:
    assert places.find(cells, levels) == places.Found(code)


@pytest.mark.parametrize(("cells", "levels"), [
    (("999999",), ()),
    (("城区",), ()),
    (("140105", "杭州市"), ()),
    ((), ("山西省", "杭州市")),
    (("山西省杭州市",), ()),
    (("火星",), ()),
])
def test_an_unknown_or_contradictory_region_is_none(cells: tuple[str, ...], levels: tuple[str, ...]) -> None:
    found = places.find(cells, levels)
    assert found.code is None
    assert found.faults
    assert all(way_out for _, _, way_out in found.faults)
