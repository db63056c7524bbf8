"""The page to carry: opened from a disk, without a server and without a net."""

from __future__ import annotations

from pathlib import Path

from browser_pages import Open, address
from playwright.sync_api import Page, expect


def take(page: Page, text: str) -> None:
    page.fill("#search", text)
    page.wait_for_selector("#hits li[role=option]")
    page.press("#search", "Enter")


def nodes(page: Page) -> int:
    return page.locator("#gaps button").count()


def test_it_asks_for_nothing(visit: Open, carried: str) -> None:
    watch = visit(carried, offline=True)
    watch.ready()
    assert [url for url in watch.asked if not url.startswith(("data:", "blob:"))] == [carried]


def test_from_search_to_picture_and_the_address_brings_it_back(visit: Open, carried: str) -> None:
    watch = visit(carried)
    page = watch.ready()
    take(page, "t")  # the first letter of 铁, by pinyin
    expect(page.locator("#detail h2")).to_have_text("铁")
    expect(page.locator("#detail")).to_contain_text("◇ 招引目标（2）")
    expect(page.locator("#detail")).to_contain_text("名录.xlsx › 企业 › 第 4 行")
    page.locator("#detail button:has-text('展开企业')").click()
    expect(page.locator("#detail button:has-text('收起企业')")).to_be_visible()
    page.click("#detail .link:has-text('丙铁厂')")
    expect(page.locator("#detail h2")).to_have_text("◇ 丙铁厂")
    page.click("#detail .link:has-text('铁')")
    page.click("#looks label:has-text('待核')")
    expect(page.locator("#count")).to_contain_text("显示 4 / 5 个环节")
    with page.expect_download() as download:
        page.click("#picture")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert download.value.suggested_filename == "太原市链产业链图谱.png"

    again = visit(address(page)).ready()
    expect(again.locator("#detail h2")).to_have_text("铁")
    expect(again.locator("#count")).to_contain_text("显示 4 / 5 个环节")
    assert address(again) == address(page)


def test_gap_list_follows_the_filters_and_leads_to_the_link(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    every = nodes(page)
    page.select_option("#action", "补链")
    assert 0 < nodes(page) < every
    page.click("#gaps button:has-text('铁')")
    expect(page.locator("#gaps [aria-current=true]")).to_contain_text("铁")
    expect(page.locator("#detail h2")).to_have_text("铁")
    page.select_option("#stage", "下游")
    expect(page.locator("#gaps")).to_have_text("没有符合筛选的缺口")


def test_keys_alone_reach_every_link(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    page.keyboard.press("/")
    page.keyboard.type("铁")
    page.keyboard.press("Enter")
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#detail h2")).to_have_text("钢")
    page.keyboard.press("e")
    expect(page.locator("#detail button:has-text('收起企业')")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#detail h2")).to_have_text("件")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#detail h2")).to_have_text("钢")
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_have_text("选择一个环节")


def test_nothing_found_offers_near_names(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    page.fill("#search", "钢板")
    expect(page.locator("#hits [role=presentation]")).to_have_text("没有找到，相近的有：")
    expect(page.locator("#hits [role=option]").first).to_contain_text("钢")


def test_english_labels(visit: Open, carried: str) -> None:
    page = visit(carried.replace("zh.html", "en.html")).ready()
    assert page.locator("html").get_attribute("lang") == "en"
    assert [page.locator(f"#{name}").inner_text() for name in ("firms", "fit", "picture", "help")] == ["Show firms", "Fit", "Save PNG", "Help"]
    expect(page.locator("#looks")).to_contain_text("missing")
    expect(page.locator("#gaps button").first).to_contain_text("fill")


