"""Everything works by keyboard, has a name, can be seen at twice the size, and says its status in words."""

from __future__ import annotations

import pytest
from browser_pages import Open, names
from playwright.sync_api import expect

NAMELESS = """() => [...document.querySelectorAll('button, input, select, summary, [role=button], [role=tab], [role=application]')]
  .filter((each) => each.checkVisibility() && !each.getAttribute('aria-label') && !each.textContent.trim())
  .filter((each) => ![...(each.labels || [])].some((label) => label.textContent.trim()))
  .map((each) => each.outerHTML.slice(0, 120))"""
TINY = """() => [...document.querySelectorAll('body *')]
  .filter((each) => !each.closest('svg') && each.checkVisibility())
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 12).map((each) => each.outerHTML.slice(0, 120))"""
WIDE = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
UNMARKED = """() => {
  const box = document.activeElement, style = getComputedStyle(box);
  return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1 ? box.outerHTML.slice(0, 100) : '';
}"""
PLACE = """() => {
  const part = document.activeElement.closest('header, #left, #canvas, #right');
  return part && (part.id || 'header');
}"""
VIEWS = ("map", "explore", "gaps", "whatif")


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_has_a_name_and_readable_letters(visit: Open, server: str, view: str) -> None:
    page = visit(f"{server}&v={view}&n=p:铁&ids=p:铁~p:钢").ready()
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TINY) == []
    assert page.locator("table th:not([scope])").count() == 0


@pytest.mark.parametrize("view", VIEWS)
def test_twice_the_size_fits_sideways(visit: Open, server: str, view: str) -> None:
    page = visit(f"{server}&v={view}&n=p:铁", viewport={"width": 640, "height": 400}).ready()
    assert page.evaluate(WIDE) <= 0
    listed = () if view == "gaps" else ("#gapList button >> nth=0",)  # beside the table there is no list of the same rows
    for part in ("#search", "#help", f"#view-{view}", "#openDetail", "#detail", *listed):
        page.locator(part).scroll_into_view_if_needed()
        expect(page.locator(part)).to_be_in_viewport()
        if part == "#openDetail":
            page.click(part)


def test_carried_page_is_named_readable_and_fits_at_twice_the_size(visit: Open, carried: str) -> None:
    page = visit(f"{carried}#n=p:铁", viewport={"width": 640, "height": 400}).ready()
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TINY) == []
    assert page.evaluate(WIDE) <= 0


def test_tab_goes_from_header_to_filters_to_canvas_to_panel(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:铁~p:钢&n=p:铁").ready()
    seen = []
    for _ in range(70):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        assert page.evaluate(UNMARKED) == ""
        place = page.evaluate(PLACE)
        if place and place not in seen:
            seen.append(place)
    assert seen == ["header", "left", "canvas", "right"]


def test_keys_alone_search_walk_expand_hide_and_take_back(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    page.keyboard.press("/")
    page.keyboard.type("铁")
    page.wait_for_selector("#search-hits li[role=option]")
    page.keyboard.press("Enter")
    watch.ready()
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#detail h2")).to_have_text("钢")
    page.keyboard.press("e")
    watch.ready()
    expect(page.locator("#exploreCount")).to_contain_text("节点")
    grown = names(page)
    assert "■ 甲钢厂" in grown
    page.locator("#canvas").focus()
    page.keyboard.press("h")
    watch.ready()
    assert "◐ 钢" not in names(page)
    page.keyboard.press("Control+z")
    watch.ready()
    assert names(page) == grown
    page.locator("#canvas").focus()
    page.keyboard.press("p")
    expect(page.locator("#from")).to_have_value("钢")
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_have_text("选择一个环节或企业")
    page.keyboard.press("?")
    expect(page.locator("#about")).to_be_visible()


def test_a_filter_toggled_by_key_keeps_the_focus(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    box = page.locator("#looks input").first
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_focused()
    expect(page.locator("#resetFilters")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("#resetFilters")).to_be_hidden()


def test_a_list_rewritten_after_a_key_keeps_the_focus(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    row = page.locator("#gapList button").nth(1)
    row.focus()
    page.keyboard.press("Enter")
    watch.ready()
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    page.locator("#detail button:has-text('展开')").focus()
    page.keyboard.press("Enter")
    watch.ready()
    expect(page.locator("#detail button:has-text('展开')")).to_be_focused()
    page.locator("#detail .link").first.focus()
    page.keyboard.press("Enter")
    watch.ready()
    expect(page.locator("#detail h2")).to_be_focused()


def test_arrows_walk_the_map_and_enter_chooses(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=map")
    page = watch.ready()
    assert page.locator("#map [tabindex='0']").count() == 1
    page.locator("#map [tabindex='0']").focus()
    first = page.evaluate("() => document.activeElement.dataset.id")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("() => document.activeElement.dataset.id")
    assert first != second
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text(second)


def test_status_is_said_in_words_wherever_it_is_coloured(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    words = {"优势", "具备", "薄弱", "缺失", "疑似缺失", "待核"}
    assert {badge.split(" ")[1] for badge in page.locator(".badge:visible").all_inner_texts()} <= words
    assert all(any(word in text for word in words) for text in page.locator("#gapList small").all_inner_texts())
