"""Text is made safe and measured by the shipped table, not by the machine's fonts."""

from __future__ import annotations

import pytest

from viz.flow import flow
from viz.sheet import Firm, brief
from viz.text import clean, clean_lines, covered, cut, ems, escape, wrap


def firms(*names):
    return [Firm(name, name + "股份有限公司") for name in names]


def shown(rows):
    return [[word.text for word in row] for row in rows]


def test_a_hanzi_is_one_em_and_bold_latin_is_wider():
    assert ems("钢𬭎、（") == 4.0
    assert ems("PVDF", True) > ems("PVDF") < 4.0


def test_characters_the_font_lacks_count_wider_than_any_fallback():
    assert not covered("\U0001f600")
    assert ems("\U0001f600") == 1.3


@pytest.mark.parametrize("mark", ["\x00", "\x0b", "\x1f", "\x7f", "\u202e", "\u200b", "\ufeff", "\uffff", "\ud800"])
def test_characters_that_break_xml_or_deceive_the_eye_are_dropped(mark):
    assert clean(f"甲{mark}乙") == "甲乙"


def test_blanks_become_one_space_on_a_line_and_stay_in_a_cell():
    assert clean(" 甲\n\t乙 ") == "甲 乙"
    assert clean_lines("甲\n乙\x0b") == "甲\n乙"


def test_all_five_marks_of_xml_are_escaped():
    assert escape("<a b='c' d=\"e\">&") == "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;"


def test_cut_text_fits_and_ends_in_an_ellipsis():
    assert cut("内蒙古自治区", 6) == "内蒙古自治区"
    assert cut("内蒙古自治区", 5.9) == "内蒙古自…"
    assert cut("内蒙古", 0.5) == ""


def test_wrapping_keeps_words_and_brackets_whole():
    assert wrap("高纯PVDF粘结剂", 3.5, 2) == ["高纯", "PVDF…"]
    assert wrap("电池级（NMP）溶剂", 4.5, 3) == ["电池级", "（NMP）", "溶剂"]


def test_names_are_never_split_over_lines():
    assert shown(flow(firms("甲甲甲", "乙乙乙", "丙丙丙"), 3, 8.5, 2)) == [["甲甲甲", "乙乙乙"], ["丙丙丙"]]


def test_what_does_not_fit_is_counted():
    assert shown(flow(firms(*["甲甲甲"] * 9), 500, 9, 2)) == [["甲甲甲", "甲甲甲"], ["甲甲甲", "等500家"]]


def test_a_name_too_long_for_the_line_is_cut_and_keeps_its_full_name():
    (row,) = flow(firms("内蒙古自治区示例新材料"), 1, 6, 1)
    assert (row[0].text, row[0].firm.name) == ("内蒙古自…", "内蒙古自治区示例新材料股份有限公司")


def test_a_number_without_names_is_given_as_a_number():
    assert shown(flow([], 12, 8, 3)) == [["12家"]]


def test_the_legal_form_is_left_out_of_a_label_but_never_the_whole_name():
    assert [brief(name) for name in ("太原重工股份有限公司", "甲有限公司", "某厂")] == ["太原重工", "甲有限公司", "某厂"]
