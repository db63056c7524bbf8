"""Where the page begins: an address, what was looked at last, what the server was started with, and what to do where none will do."""

from __future__ import annotations

from pathlib import Path

from browser_pages import Open, address, office, search, serving
from playwright.sync_api import Page, expect

FOCUSED = "() => document.activeElement.id || document.activeElement.dataset.id"


def where(page: Page) -> tuple[str, str]:
    return page.input_value("#chain"), page.input_value("#region")


def test_it_opens_on_the_map_and_comes_back_to_what_was_looked_at_last(visit: Open, graph: Path) -> None:
    with serving(office(graph)) as here:
        watch = visit(here)
        page = watch.ready()
        expect(page.locator("#view-map")).to_be_visible()
        assert where(page) == ("链", "山西省")
        page.goto(f"{here}#region=140105")
        page.reload()
        watch.ready()
        page.goto("about:blank")
        page.goto(here)
        watch.ready()
        assert where(page) == ("链", "山西省太原市小店区")


def test_what_the_server_was_started_with_comes_before_what_was_looked_at_last(visit: Open, graph: Path) -> None:
    with serving(office(graph, chain="链", place="140106")) as here:
        watch = visit(f"{here}#region=140105")
        page = watch.ready()
        assert where(page)[1] == "山西省太原市小店区"
        page.goto("about:blank")
        page.goto(here)
        watch.ready()
        assert where(page)[1] == "山西省太原市迎泽区"


def test_an_address_with_two_faults_tells_both_and_offers_to_choose(visit: Open, server: str) -> None:
    watch = visit(f"{server.partition('#')[0]}#chain=无此链&region=火星&v=gaps")
    page = watch.ready()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("没有产业链「无此链」")
    expect(banner).to_contain_text("没有这个行政区")
    expect(banner).to_contain_text("现在显示：链 · 山西省")
    expect(page.locator("#gapTable tbody")).to_contain_text("铁")
    page.click("#banner button:has-text('选产业链')")
    assert page.evaluate(FOCUSED) == "chain"
    assert all("404" in fault for fault in watch.faults)
    watch.faults.clear()


def test_an_unknown_place_is_told_and_the_focus_stays(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=gaps")
    page = watch.ready()
    page.fill("#region", "太源市")
    page.press("#region", "Enter")
    expect(page.locator("#regionSaid")).to_contain_text("没有这个行政区")
    expect(page.locator("#regionSaid")).to_contain_text("太原市")
    assert page.evaluate(FOCUSED) == "region"
    assert page.input_value("#region") == "太源市"
    assert all("404" in fault for fault in watch.faults)
    watch.faults.clear()


def test_a_day_asked_for_stands_in_the_header_and_on_the_picture(visit: Open, server: str) -> None:
    watch = visit(f"{server}&asOf=2025-01-31")
    page = search(watch, "铁")
    expect(page.locator("#told")).to_contain_text("按 2025-01-31 的状态")
    with page.expect_download() as download:
        page.click("#svg")
    assert "按 2025-01-31 的状态，数据截至 2026-06-30" in Path(download.value.path()).read_text(encoding="utf-8")
    other = visit(server).ready()
    expect(other.locator("#told")).not_to_contain_text("的状态")


def test_the_first_stop_of_the_tab_key_leads_to_the_main_part(visit: Open, server: str) -> None:
    page = visit(server).ready()
    before = address(page)
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "main"
    assert address(page) == before


def test_after_a_search_the_keys_are_for_what_was_found(visit: Open, server: str) -> None:
    page = search(visit(server), "铁")
    assert page.evaluate(FOCUSED) == "canvas"
    page = search(visit(f"{server}&v=map"), "铁")
    assert page.evaluate(FOCUSED) == "铁"


def test_a_day_that_cannot_be_used_is_cleared_by_its_button(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=gaps&asOf=2026-02-31")
    page = watch.ready()
    page.click("#banner button:has-text('清除日期')")
    expect(page.locator("#banner")).to_be_hidden()
    assert "asOf" not in address(page)
    assert all("400" in fault for fault in watch.faults)
    watch.faults.clear()
