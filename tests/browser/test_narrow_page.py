"""In a small window, or at twice the size: what was asked for comes first, and nothing lies far below."""

from __future__ import annotations

import pytest
from browser_pages import Open, search
from playwright.sync_api import expect

LAPTOP = {"width": 1024, "height": 768}
TWICE = {"width": 720, "height": 450}
"""1440×900 at 200 %."""
LOWEST = "(id) => document.getElementById(id).getBoundingClientRect().bottom - innerHeight"


def test_what_is_chosen_in_a_long_list_is_told_beside_it(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps", viewport=LAPTOP).ready()
    expect(page.locator("#right")).to_be_hidden()
    page.click("#gapTable th button:has-text('铁')")
    expect(page.locator("#detail h2")).to_have_text("铁")
    expect(page.locator("#detail h2")).to_be_in_viewport()
    expect(page.locator("#gapTable tr[aria-current=true]")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#right")).to_be_hidden()
    page.click("#openDetail")
    expect(page.locator("#detail h2")).to_have_text("铁")


def test_the_canvas_is_as_high_as_what_is_seen_of_it(visit: Open, server: str) -> None:
    page = search(visit(server, viewport=LAPTOP), "铁")
    assert abs(page.evaluate(LOWEST, "canvas")) <= 1
    assert page.evaluate("() => document.scrollingElement.scrollHeight - innerHeight") <= 0


@pytest.mark.parametrize("view", ["map", "explore", "gaps", "whatif"])
def test_at_twice_the_size_a_view_begins_with_itself(visit: Open, server: str, view: str) -> None:
    page = visit(f"{server}&v={view}", viewport=TWICE).ready()
    expect(page.locator("#left")).to_be_hidden()
    assert page.locator(f"#view-{view}").bounding_box()["y"] < 225
    page.click("#openFilters")
    expect(page.locator("#looks input").first).to_be_in_viewport()
    expect(page.locator("#openFilters")).to_have_attribute("aria-expanded", "true")


def test_at_twice_the_size_a_search_goes_to_its_result(visit: Open, server: str) -> None:
    watch = visit(server, viewport=TWICE)
    watch.ready().keyboard.press("Escape")
    page = search(watch, "铁")
    box = page.locator("#canvas").bounding_box()
    assert 0 <= box["y"] < 120
    assert box["y"] + box["height"] <= TWICE["height"] + 1


@pytest.mark.parametrize("size", [LAPTOP, TWICE])
def test_the_score_of_a_gap_is_seen_without_moving_the_table(visit: Open, server: str, size: dict[str, int]) -> None:
    page = visit(f"{server}&v=gaps", viewport=size).ready()
    expect(page.locator("#gapTable thead button:has-text('评分')")).to_be_in_viewport(ratio=1)
