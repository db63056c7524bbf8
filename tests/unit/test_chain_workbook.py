"""Chain workbooks: what officers may write, and what they are told when a cell is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from chain import chainfile
from chain.definition import Arc, Chain, Relation, problems
from chain.errors import DefinitionError, OutputError
from loaders.chain_workbook import chain_yaml, is_chain_workbook, read_chain_workbook, write_chain_workbook

HEAD = [["项目", "名称", "内容"], ["产业链", "", "试链"], ["阶段", "上游", ""], ["阶段", "下游", ""], ["来源", "S1", "某目录"]]
GOODS = [["阶段", "产品", "别名", "关键度"], ["上游", "铬矿", "", ""], ["下游", "铬铁", "铬铁合金、高铬合金", 3]]
INPUTS = [["投入品", "产品", "类别", "系数"], ["铬矿", "铬铁", "物料", 0.4]]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook with these rows, row 1 first."""
    book = xlsxwriter.Workbook(str(path))
    for title, rows in ({"产业链": HEAD, "产品": GOODS, "投入": INPUTS} | sheets).items():
        sheet = book.add_worksheet(title)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def test_lines_of_a_workbook_chain_are_its_excel_rows(tmp_path: Path) -> None:
    chain = read_chain_workbook(workbook(tmp_path / "链.xlsx"))
    assert chain.arcs == (Arc("铬矿", "铬铁", coefficient=0.4, line=2),)
    assert [(product.name, product.stage, product.aliases, product.criticality, product.line) for product in chain.products] == [
        ("铬矿", "上游", (), None, 2), ("铬铁", "下游", ("铬铁合金", "高铬合金"), 3, 3)]
    assert (chain.name, chain.version, chain.sources, chain.file) == ("试链", "0", {"S1": "某目录"}, "链.xlsx")


def test_relations_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    chain = read_chain_workbook(workbook(
        tmp_path / "链.xlsx", 升级=[["产品", "升级产品", "提升", "依据"], ["铬矿", "铬铁", "更值钱", "S1"]],
        副产=[["副产品", "主产品", "单位产生量（吨/吨）"], ["铬矿", "铬铁", 0]]))
    assert chain.upgrades == (Relation("铬矿", "铬铁", "更值钱", None, "S1", 2),)
    assert chain.byproducts == (Relation("铬矿", "铬铁", None, 0.0, None, 2),)


@pytest.mark.parametrize(("sheets", "place", "what"), [
    ({"产品": [*GOODS, ["中游", "钢", "", ""]]}, "工作表「产品」第 4 行「阶段」列", "阶段「中游」没有在工作表「产业链」里列出"),
    ({"产品": [*GOODS, ["下游", "铬矿", "", ""]]}, "工作表「产品」第 4 行「产品」列", "产品「铬矿」写了两次（另一处在第 2 行）"),
    ({"产品": [*GOODS, ["下游", "钢", "", "很高"]]}, "工作表「产品」第 4 行「关键度」列", "'很高' 不是数"),
    ({"产品": [*GOODS, ["下游", "钢", "", 2.5]]}, "工作表「产品」第 4 行「关键度」列", "'2.5' 不是整数"),
    ({"产品": [*GOODS, ["下游", "", "某别名", ""]]}, "工作表「产品」第 4 行「产品」列", "产品 是空的"),
    ({"产品": [["阶段", "产名"], ["上游", "铬矿"]]}, "工作表「产品」第 1 行「产名」列", "不认识的表头「产名」"),
    ({"产品": [["阶段", "别名"], ["上游", "铬矿"]]}, "工作表「产品」第 1 行「产品」列", "缺少「产品」这一列"),
    ({"投入": [*INPUTS, ["铬矿", "铬铁合", "", ""]]}, "工作表「投入」第 3 行「产品」列", "「铬铁合」不在工作表「产品」里"),
    ({"投入": [*INPUTS, ["铬矿", "铬铁", "燃料", ""]]}, "工作表「投入」第 3 行「类别」列", "类别「燃料」不认识"),
    ({"区别": [["产品", "易混产品", "理由"], ["铬铁", "铬铁矿砂", ""]]}, "工作表「区别」第 2 行「理由」列", "理由 是空的"),
    ({"投入": [*INPUTS, ["", "铬铁", "", ""]]}, "工作表「投入」第 3 行「投入品」列", "投入品 是空的"),
    ({"投入": [*INPUTS, ["铬矿", "铬铁", "", "", "多出来"]]}, "工作表「投入」第 3 行「（无表头）」列",
     "「多出来」所在的列没有表头"),
    ({"产业链": [*HEAD, ["版次", "", "1"]]}, "工作表「产业链」第 6 行「项目」列", "不认识的项目「版次」"),
    ({"产业链": [*HEAD, ["来源", "S1", "另一目录"]]}, "工作表「产业链」第 6 行「名称」列", "来源「S1」写了两次"),
    ({"产业链": HEAD[:1] + HEAD[2:]}, "工作表「产业链」", "没有产业链的名称"),
])
def test_an_error_names_sheet_row_and_column(tmp_path: Path, sheets: dict[str, list[list[Any]]], place: str, what: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_chain_workbook(workbook(tmp_path / "链.xlsx", **sheets))
    assert (caught.value.what, caught.value.where) == (what, f"链.xlsx {place}")
    assert caught.value.way_out


def test_what_only_validation_can_judge_is_left_to_it(tmp_path: Path) -> None:
    chain = read_chain_workbook(workbook(tmp_path / "链.xlsx", 投入=[*INPUTS, ["煤", "铬铁", "", 2]]))
    assert {problem.what for problem in problems(chain) if problem.severity == "error"} == {
        "inputs 提到的「煤」不是本链的产品", "投入系数合计 2.4，超过 1"}


def test_a_workbook_of_something_else_is_no_chain_workbook(tmp_path: Path) -> None:
    other = tmp_path / "别的.xlsx"
    book = xlsxwriter.Workbook(str(other))
    book.add_worksheet("企业")
    book.close()
    assert is_chain_workbook(workbook(tmp_path / "链.xlsx"))
    assert not is_chain_workbook(other)
    assert not is_chain_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(DefinitionError, match="没有工作表「产业链」"):
        read_chain_workbook(other)


def without_places(chain: Chain) -> Chain:
    """The chain without lines, file and digest."""
    parts: dict[str, Any] = {name: tuple(replace(part, line=0) for part in getattr(chain, name))
                             for name in ("products", "arcs", "kinds", "upgrades", "byproducts", "distinctions")}
    return replace(chain, file="", digest="", **parts)


@pytest.mark.parametrize("name", chainfile.library())
def test_every_built_in_chain_comes_back_unchanged(tmp_path: Path, name: str) -> None:
    chain = chainfile.read(name)
    write_chain_workbook(chain, tmp_path / f"{name}.xlsx")
    assert without_places(read_chain_workbook(tmp_path / f"{name}.xlsx")) == without_places(chain)
    assert without_places(chainfile.parse(chain_yaml(chain), f"{name}.yaml")) == without_places(chain)


def test_what_makers_commonly_make_themselves_is_a_yes_or_no(tmp_path: Path) -> None:
    head = [*INPUTS[0], "通常自产"]
    for cell, captive in (("是", True), ("否", False), ("", False)):
        chain = read_chain_workbook(workbook(tmp_path / "链.xlsx", 投入=[head, [*INPUTS[1], cell]]))
        assert [arc.captive for arc in chain.arcs] == [captive]
        assert ("captive: true" in chain_yaml(chain)) is captive
    with pytest.raises(DefinitionError, match="'常常' 不是 是 或 否"):
        read_chain_workbook(workbook(tmp_path / "链.xlsx", 投入=[head, [*INPUTS[1], "常常"]]))


def test_judgements_of_the_author_have_cells_of_their_own(tmp_path: Path) -> None:
    goods = [[*GOODS[0], "查无企业", "投入在外"], [*GOODS[1], "矿在境外", ""], [*GOODS[2], "", "只买不产"]]
    apart = [["产品", "易混产品", "理由"], ["铬铁", "铬铁矿砂", "一个是合金，一个是铸造用砂"]]
    chain = read_chain_workbook(workbook(tmp_path / "链.xlsx", 产品=goods, 区别=apart))
    assert [(p.name, p.unlinked, p.no_inputs) for p in chain.products] == [("铬矿", "矿在境外", None), ("铬铁", None, "只买不产")]
    assert chain.distinctions == (Relation("铬铁", "铬铁矿砂", "一个是合金，一个是铸造用砂", line=2),)
    assert [problem.what for problem in problems(chain) if problem.severity == "error"] == []
    write_chain_workbook(chain, tmp_path / "又.xlsx")
    assert without_places(read_chain_workbook(tmp_path / "又.xlsx")) == without_places(chain)
    assert without_places(chainfile.parse(chain_yaml(chain), "链.yaml")) == without_places(chain)
    assert "distinct_from:\n          - {product: 铬铁矿砂, reason: 一个是合金，一个是铸造用砂}" in chain_yaml(chain)


def test_built_in_chains_survive_workbook_and_yaml(tmp_path: Path) -> None:
    for name in chainfile.library():
        chain = chainfile.read(name)
        write_chain_workbook(chain, tmp_path / f"{name}.xlsx")
        assert chain_yaml(read_chain_workbook(tmp_path / f"{name}.xlsx")) == chain_yaml(chain)
        assert chain_yaml(chainfile.parse(chain_yaml(chain), "x.yaml")) == chain_yaml(chain)


def test_the_same_chain_gives_the_same_bytes(tmp_path: Path) -> None:
    chain = read_chain_workbook(workbook(tmp_path / "链.xlsx"))
    write_chain_workbook(chain, tmp_path / "一.xlsx")
    write_chain_workbook(chain, tmp_path / "二.xlsx")
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "链.xlsx")
    chain = read_chain_workbook(path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="文件已存在"):
        write_chain_workbook(chain, path)
    assert path.read_bytes() == before
    write_chain_workbook(chain, path, replace=True)
    assert read_chain_workbook(path).arcs == chain.arcs


def test_text_that_no_cell_can_hold_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    chain = read_chain_workbook(workbook(tmp_path / "链.xlsx"))
    for summary in ("字" * 32_768, "响铃\x07", " 前有空格"):
        with pytest.raises(OutputError, match="放不进单元格"):
            write_chain_workbook(replace(chain, summary=summary), tmp_path / "新.xlsx")
    assert not (tmp_path / "新.xlsx").exists()


def test_keys_that_the_format_lacks_are_not_lost_in_silence(tmp_path: Path) -> None:
    chain = chainfile.parse("chain: 甲\nstages: [上游]\nsegments: [{name: a, stage: 上游, products: [{name: 钢, colour: 灰}]}]",
        "甲.yaml")
    with pytest.raises(DefinitionError, match="colour"):
        write_chain_workbook(chain, tmp_path / "新.xlsx")
    with pytest.raises(DefinitionError, match="colour"):
        chain_yaml(chain)


def test_canonical_yaml_looks_like_a_hand_written_chain_file() -> None:
    text = """chain: 试链
version: 1.0.0
as_of: '2026-11-01'
summary: 一句话
sources:
  S1: 某目录
stages:
  - {name: 上游, description: 矿}
segments:
  - name: 合金
    stage: 上游
    products:
      - use: 铬矿
      - name: 铬铁
        aliases: [铬铁合金]
        inputs:
          - 铬矿
          - {product: 矿热炉, role: 设备, coefficient: 0.0, source: S1}
        criticality: 3
        reason: 要紧
        terminal: true
"""
    assert chain_yaml(chainfile.parse(text, "试链.yaml")) == text
