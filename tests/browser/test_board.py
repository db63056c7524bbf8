"""The what-if view: who is meant by a name, the board of links and firms, and saved scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import web_graphs
from browser_pages import Open, office, search, serving
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose chain has more target firms than the board shows at first."""
    firms = {f"外{product}厂{at}": product for product in "矿铁钢件" for at in range(9)}
    place: Path = web_graphs.file(tmp_path_factory.mktemp("wide"), dict.fromkeys(firms, "130100"), firms)
    with serving(office(place)) as here:
        yield f"{here}#chain=链&region=140100&v=whatif"


def comers(page: Page) -> list[str]:
    return [text.replace("✕", "").strip() for text in page.locator("#comers li").all_inner_texts()]


def typed(page: Page, text: str) -> None:
    page.fill("#comer", text)
    page.wait_for_selector("#comer-hits li[role=option]")


def test_enter_takes_the_first_firm_and_closes_the_list(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    typed(page, "丙铁")
    page.press("#comer", "Enter")
    expect(page.locator("#comer")).to_have_value("丙铁厂")
    expect(page.locator("#comer-hits")).to_be_hidden()
    page.press("#comer", "Enter")  # again: it comes
    expect(page.locator("#comers li")).to_have_count(1)
    assert comers(page) == ["＋ 丙铁厂"]
    page.wait_for_timeout(300)
    expect(page.locator("#comer-hits")).to_be_hidden()


def test_the_exact_name_of_a_firm_is_that_firm_and_a_part_of_one_has_to_be_settled(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.fill("#comer", "丙铁厂")
    page.click("#addComer")
    expect(page.locator("#comers li")).to_have_count(1)
    assert comers(page) == ["＋ 丙铁厂"]
    expect(page.locator("#outcome")).to_contain_text("0 → 1")
    page.fill("#comer", "丁铁")
    page.click("#addComer")
    expect(page.locator("#said")).to_contain_text("请选一家，或选「作为新企业」")
    page.locator("#comer-hits li:has-text('作为新企业：丁铁')").click()
    page.fill("#comerProduct", "矿")
    page.wait_for_selector("#comerProduct-hits li[role=option]")
    page.press("#comerProduct", "Enter")
    page.click("#addComer")
    expect(page.locator("#comers li")).to_have_count(2)
    assert comers(page)[1] == "＋ 丁铁（新企业）：矿"


def test_a_firm_that_is_here_need_not_come(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.fill("#comer", "甲钢厂")
    page.click("#addComer")
    expect(page.locator("#said")).to_have_text("「甲钢厂」已在本地，不用引进")
    expect(page.locator("#comers li")).to_have_count(0)


def test_all_target_firms_can_be_had(visit: Open, wide: str) -> None:
    page = visit(wide).ready()
    firms = page.locator("#board [data-firm]")
    expect(firms).to_have_count(18)
    whole = int("".join(sign for sign in page.locator("#board h4 >> nth=0").inner_text() if sign.isdigit()))
    assert whole > 18
    page.click(f"#board button:has-text('显示更多（还有 {whole - 18} 家）')")
    expect(firms).to_have_count(whole)
    expect(page.locator("#board button:has-text('显示更多')")).to_have_count(0)


def test_links_of_the_board_open_by_key_and_obey_the_filters(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.locator("#board [data-id='p:钢'] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("钢")
    expect(page.locator("#board [data-id='p:钢'] button")).to_be_focused()
    page.click("#stages label:has-text('上游')")
    expect(page.locator("#board .link-box")).to_have_count(3)
    expect(page.locator("#board [data-id='p:铁']")).to_have_count(0)
    expect(page.locator("#board")).to_contain_text("显示 3 / 5 个环节")


def test_what_changes_is_told_above_the_board_with_the_links_had_by_stage(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.click("#ideaList button >> nth=0")
    expect(page.locator("#outcome .sum")).to_be_in_viewport()
    row = page.locator("#outcome tr:has-text('各位置有企业的环节数')")
    expect(row.locator("td").nth(0)).to_have_text("上游 0/2 · 中游 2/2 · 下游 1/1")
    expect(row.locator("td").nth(1)).to_have_text("上游 1/2 · 中游 2/2 · 下游 1/1")
    assert page.locator("#outcome tr:has-text('上游/中游/下游')").count() == 0
    assert page.locator("#outcome .sum").bounding_box()["y"] < page.locator("#board").bounding_box()["y"]


def test_a_scenario_is_kept_with_the_name_of_its_place_and_comes_back_after_deleting(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.click("#ideaList button >> nth=0")
    page.fill("#scenarioName", "方案乙")
    page.click("#saveScenario")
    expect(page.locator("#scenarios li:has-text('方案乙')")).to_contain_text("链 · 山西省太原市")
    page.click("#scenarios button[aria-label='删除 方案乙']")
    expect(page.locator("#scenarios li:has-text('方案乙')")).to_have_count(0)
    page.click("#said button:has-text('撤销')")
    expect(page.locator("#scenarios li:has-text('方案乙')")).to_have_count(1)
    page.click("#scenarios button[aria-label='删除 方案乙']")
    expect(page.locator("#scenarios li:has-text('方案乙')")).to_have_count(0)


def test_the_search_in_this_view_shows_details_and_stays(visit: Open, server: str) -> None:
    page = search(visit(f"{server}&v=whatif"), "钢")
    expect(page.locator("#detail h2")).to_have_text("钢")
    expect(page.locator("#view-whatif")).to_be_visible()
