"""Regions: containment is what the digits say, names lead to codes, past codes to what replaced them."""

from __future__ import annotations

from collections import Counter

import pytest

from chain import region
from chain.errors import UnknownName

ALL = sorted(code for code in region._current())


def test_the_country_has_34_provinces_and_shanxi_11_cities() -> None:
    assert len(region.children(region.CHINA)) == 34
    assert [region.name(code) for code in region.children("140000")] == [
        "太原市", "大同市", "阳泉市", "长治市", "晋城市", "朔州市", "晋中市", "运城市", "忻州市", "临汾市", "吕梁市"]


def test_taiyuan_has_its_ten_counties() -> None:
    assert [region.name(code) for code in region.children("140100")] == [
        "小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市"]


@pytest.mark.parametrize(("code", "level", "parent", "span"), [
    ("000000", "country", None, (0, 999999)), ("140000", "province", "000000", (140000, 149999)),
    ("140100", "city", "140000", (140100, 140199)), ("140105", "county", "140100", (140105, 140105)),
    ("110108", "county", "110000", (110108, 110108)), ("429004", "county", "420000", (429004, 429004)),
    ("710000", "province", "000000", (710000, 719999)),
])
def test_level_parent_and_span_follow_from_the_digits(code: str, level: str, parent: str | None, span: tuple[int, int]) -> None:
    assert (region.level(code), region.parent(code), region.span(code)) == (level, parent, span)


def test_every_region_lies_in_its_parent_and_all_ways_up_end_at_the_country() -> None:
    for code in ALL:
        at, seen = code, [code]
        while (up := region.parent(at)) is not None:
            assert region.contains(up, at) and region.contains(up, code) and not region.contains(at, up)
            seen.append(at := up)
        assert seen[-1] == region.CHINA and len(seen) <= 4


def test_children_part_the_country_without_gap_or_overlap() -> None:
    below = Counter(child for code in [region.CHINA, *ALL] if region.level(code) != "county" for child in region.children(code))
    assert set(below) == set(ALL) and set(below.values()) == {1}


def test_nothing_contains_the_unknown_and_everything_contains_itself() -> None:
    assert not region.contains("140000", None) and not region.contains(region.CHINA, None)
    assert all(region.contains(code, code) for code in ALL)


def test_neighbours_with_near_codes_do_not_contain_each_other() -> None:
    assert not region.contains("140100", "140200") and not region.contains("140000", "150000") and not region.contains("140105", "140106")


def test_every_full_name_leads_back_to_its_code() -> None:
    astray = {}
    for code in ALL:
        try:
            found = region.resolve(region.full_name(code))
        except UnknownName:
            found = None
        if found != code:
            astray[code] = (region.full_name(code), found)
    assert astray == {}


@pytest.mark.parametrize(("text", "code"), [
    ("全国", "000000"), ("中国", "000000"), ("000000", "000000"), ("山西", "140000"), ("山西省", "140000"), (" 太原市 ", "140100"),
     ("太原", "140100"),
    ("小店区", "140105"), ("山西太原小店区", "140105"), ("内蒙古", "150000"), ("广西", "450000"), ("140105", "140105"), ("140726", "140703"),
    ("北京", "110000"), ("香港", "810000"), ("吉林市", "220200"), ("吉林省", "220000"), ("吉林", "220000"),
])
def test_what_people_write_leads_to_a_code(text: str, code: str) -> None:
    assert region.resolve(text) == code


@pytest.mark.parametrize("text", ["朝阳区", "鼓楼区", "城区"])
def test_a_name_that_several_regions_bear_is_refused_with_all_of_them(text: str) -> None:
    with pytest.raises(UnknownName, match="同名的有") as failure:
        region.resolve(text)
    assert "请写全称或代码" in failure.value.way_out


@pytest.mark.parametrize(("text", "near"), [("太源市", "太原市"), ("小店", "小店区")])
def test_an_unknown_name_is_refused_with_near_ones_or_understood(text: str, near: str) -> None:
    try:
        assert region.name(region.resolve(text)) == near
    except UnknownName as failure:
        assert near in failure.near


@pytest.mark.parametrize("text", ["", "   ", "市", "999999", "1401", "14010５", "乌有之乡", "省山西", "'; DROP TABLE", "\u202e原太"])
def test_nonsense_is_no_region(text: str) -> None:
    with pytest.raises(UnknownName):
        region.resolve(text)


@pytest.mark.parametrize(("text", "code"), [
    ("山西省太原市尖草坪区2号", "140108"), ("太原市某路1号", "140100"), ("朝阳区某路", None), ("山西省某地", "140000"), ("", None),
    ("中国（山西）太原市", "140100"), ("北京市海淀区中关村", "110108"), ("北京市朝阳区某路", "110105"), ("辽宁省朝阳市双塔区", "211302"),
    ("湖北省仙桃市某路", "429004"), ("市辖区", None),
])
def test_an_address_gives_the_smallest_region_that_is_certain(text: str, code: str | None) -> None:
    assert region.locate(text) == code


def test_a_past_code_leads_to_what_replaced_it_and_a_present_one_to_itself() -> None:
    assert {code: region.present(code) for code in ("140726", "140102", "140105", "999999", "110103")} == {
        "140726": "140703", "140102": "140100", "140105": "140105", "999999": None, "110103": "110000"}
    assert all(region.is_code(region.present(code)) for code in region._past())


def test_names_of_unknown_and_past_codes_are_the_best_there_is() -> None:
    assert (region.name("000000"), region.name("110103"), region.name("987654")) == ("全国", "崇文区", "987654")
    assert (region.full_name("000000"), region.full_name("429004")) == ("全国", "湖北省仙桃市")


@pytest.mark.parametrize("text", ["太原经开区", "太原理工大学", "山西某园区"])
def test_a_place_within_a_region_is_not_the_region(text: str) -> None:
    with pytest.raises(UnknownName):
        region.resolve(text)


def test_short_names_in_a_row_lead_to_a_region() -> None:
    assert [region.resolve(text) for text in ("山西太原", "山西省太原", "太原市小店")] == ["140100", "140100", "140105"]
