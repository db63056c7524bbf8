"""Two mentions are one enterprise by code, else by exact registered name, never by likeness."""

from __future__ import annotations

import pytest

from chain.identity import enterprise_id, is_full_name, is_uscc, normal_name


@pytest.mark.parametrize("name", [
    "太原重工（集团）有限责任公司", " 太原重工（集团）有限公司 ", "太原重工(集团)有限公司", "太原重工〔集团〕有限公司", "太原重工【集团】有限公司",
    "太 原 重 工（集团） 有限公司", "太原重工（集团）有限公司。", "太原重工（集团）\u3000有限公司", "太原重工［集团］有限公司",
])
def test_differences_that_mean_nothing_go(name: str) -> None:
    assert normal_name(name) == "太原重工(集团)有限公司"


@pytest.mark.parametrize(("one", "other"), [
    ("山西甲钢铁有限公司", "山西甲钢铁股份有限公司"), ("甲公司太原分公司", "甲公司"), ("山西甲厂", "陕西甲厂"), ("甲一公司", "甲二公司"),
     ("ABC公司", "abc公司"),
])
def test_differences_that_mean_something_stay(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


@pytest.mark.parametrize("name", ["太原重工股份有限公司", "中国科学院山西煤炭化学研究所", "太原某某合伙企业(有限合伙)", "清徐县某农业合作社"])
def test_registered_names_look_like_registered_names(name: str) -> None:
    assert is_full_name(normal_name(name))


@pytest.mark.parametrize("name", ["中石油", "太钢", "某公司", "第一大客户", "客户A", "自然人张三", "", "太原重工股份有限公司等三家"])
def test_nicknames_and_placeholders_do_not(name: str) -> None:
    assert not is_full_name(name)


@pytest.mark.parametrize(("code", "right"), [
    ("91140000701011888X", True), ("91140000701011888x", False), ("911400007010118880", False), ("91140000701011888", False), ("", False),
    ("140000100000000", False), ("９１140000701011888X", False),
])
def test_a_credit_code_is_held_to_its_check_digit(code: str, right: bool) -> None:
    assert is_uscc(code) is right


@pytest.mark.parametrize(("known", "id_"), [
    ({"uscc": "91140000701011888X", "code": "000001", "name": "甲有限公司"}, "91140000701011888X"),
    ({"uscc": "911400007010118880", "code": "000001", "name": "甲有限公司"}, "stock:000001"),
    ({"uscc": "911400007010118880", "name": "甲（集团）有限责任公司"}, "name:甲(集团)有限公司"),
    ({"name": " "}, None), ({"name": "。"}, None), ({}, None), ({"uscc": "", "code": "", "name": ""}, None),
])
def test_the_best_code_makes_the_id(known: dict[str, str], id_: str | None) -> None:
    assert enterprise_id(**known) == id_
