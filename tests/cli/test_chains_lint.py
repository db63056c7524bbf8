"""``lianpu chains lint`` from the command line: what it reads, what it prints, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Lianpu

SOUND = """\
chain: 试链
as_of: 2026-01-01
stages: [上游, 下游]
segments:
  - name: 段
    stage: 上游
    products:
      - {name: 竹浆粕, criticality: 3, reason: 竹溶解浆的唯一来路, gbt4754: [C2211]}
  - name: 段
    stage: 下游
    products:
      - {name: 竹浆粕扇骨, inputs: [竹浆粕], terminal: true, criticality: 1, reason: 只是工艺品，有没有都行}
"""
FIRMS = "企业名称,所在地,主营产品\n甲竹业有限公司,四川省宜宾市,竹浆粕\n"
GBT = "code,full_code,name\n2211,C2211,木竹浆制造\n"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "试链.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return path


def test_a_sound_file_is_held_against_the_built_in_chains_and_leaves_nothing_open(lianpu: Lianpu, sound: Path) -> None:
    ran = lianpu("chains", "lint", sound)
    assert (ran.code, ran.out) == (0, "没有未了结的发现\n1 条链：错误 0，提醒 0\n")


def test_a_finding_names_file_line_and_way_out_and_the_command_fails(lianpu: Lianpu, sound: Path) -> None:
    other = sound.with_name("又链.yaml")
    other.write_text(SOUND.replace("试链", "又链").replace("竹浆粕", "苇浆粕").replace("name: 苇浆粕,", "name: 苇浆粕, aliases: [竹浆粕],")
                     .replace("竹溶解浆", "苇溶解浆").replace("只是工艺品", "只是摆件"), encoding="utf-8")
    ran = lianpu("chains", "lint", sound, other)
    assert (ran.code, ran.out) == (1, "又链 第 8 行 错误 「苇浆粕」名称或别名 竹浆粕 已属于产业链「试链」的「竹浆粕」。"
                                      "办法：一个词只给一个产品；不确定的词放进 hints\n又链 1\n2 条链：错误 1，提醒 0\n")
    assert (lianpu("chains", "lint", sound).code, lianpu("chains", "lint", other).code) == (0, 0)


def test_a_list_of_enterprises_shows_products_that_nobody_makes(lianpu: Lianpu, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "名单.csv").write_text(FIRMS, encoding="utf-8")
    ran = lianpu("chains", "lint", sound, "--data", tmp_path / "名单.csv")
    assert ran.code == 1
    assert ran.out.splitlines()[:-2] == [
        "试链 第 12 行 提醒 「竹浆粕扇骨」名单里没有一家企业关联到它（已确认或待复核）。"
        "办法：改进别名；太细就并入别的产品；确实没有就写 unlinked 和理由"]
    sound.write_text(SOUND.replace("terminal: true", "terminal: true, unlinked: 只有手艺人在做"), encoding="utf-8")
    assert lianpu("chains", "lint", sound, "--data", tmp_path / "名单.csv").code == 0


def test_classes_are_checked_against_the_table_given(lianpu: Lianpu, sound: Path, tmp_path: Path) -> None:
    table = tmp_path / "行业.csv"
    table.write_text(GBT, encoding="utf-8-sig")
    assert lianpu("chains", "lint", sound, "--gbt", table).code == 0
    table.write_text(GBT.replace("C2211", "C2212"), encoding="utf-8")
    assert "gbt4754 代码「C2211」在行业分类表里没有" in lianpu("chains", "lint", sound, "--gbt", table).out


@pytest.mark.parametrize("content", ["code,name\n2211,浆\n", "full_code\n", ""])
def test_a_table_without_codes_is_refused_with_the_way_out(lianpu: Lianpu, sound: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "行业.csv").write_text(content, encoding="utf-8")
    ran = lianpu("chains", "lint", sound, "--gbt", tmp_path / "行业.csv")
    assert ran.code == 1
    assert "行业分类表没有 full_code 这一列" in ran.err and "行业.csv" in ran.err and "C3140" in ran.err


def test_a_missing_or_undecodable_table_is_refused(lianpu: Lianpu, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "行业.csv").write_bytes("full_code,名\nC2211,浆\n".encode("gbk"))
    for name in ("行业.csv", "没有.csv"):
        ran = lianpu("chains", "lint", sound, "--gbt", tmp_path / name)
        assert ran.code == 1 and "读不了行业分类表" in ran.err


def test_an_unknown_chain_offers_near_ones(lianpu: Lianpu) -> None:
    ran = lianpu("chains", "lint", "氢能源")
    assert ran.code == 1 and "氢能" in ran.err


def test_a_file_takes_the_place_of_the_built_in_chain_of_its_name(lianpu: Lianpu, tmp_path: Path) -> None:
    from chain import chainfile

    own = tmp_path / "我的.yaml"
    own.write_text(chainfile.library()["光伏"].read_text(encoding="utf-8"), encoding="utf-8")
    assert "已有定义" not in lianpu("chains", "lint", own).out


def test_a_chain_with_errors_says_so_and_its_products_are_not_called_unmade(lianpu: Lianpu, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "名单.csv").write_text(FIRMS, encoding="utf-8")
    sound.write_text(SOUND.replace("criticality: 1,", "criticality: 9,"), encoding="utf-8")
    ran = lianpu("chains", "lint", sound, "--data", tmp_path / "名单.csv")
    assert ran.code == 1
    assert ran.out.splitlines()[:-2] == ["试链 第 12 行 错误 「竹浆粕扇骨」criticality 9 不在 1–5。办法：写 1 到 5 的整数"]
