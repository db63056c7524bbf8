"""The map at first sight can be read, its size can be chosen by button and key, and the choice is kept."""

from __future__ import annotations

import pytest
from browser_pages import Open
from playwright.sync_api import Page, expect

LETTERS = """() => {
  const counts = new Map();
  for (const text of document.querySelectorAll('#map text')) {
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    counts.set(size.toFixed(2), (counts.get(size.toFixed(2)) || 0) + 1);
  }
  return Number([...counts].sort((a, b) => b[1] - a[1])[0][0]);
}"""
"""Pixels on the screen of the letters that most of the map is written in."""
ROOM = "() => { const {width, height} = document.getElementById('map').getBoundingClientRect(); return [width, height]; }"
SHEET = "() => { const {x, y, width, height} = document.querySelector('#map svg').getBoundingClientRect(); return [x, y, width, height]; }"


def pressed(page: Page) -> list[str]:
    return page.locator("#view-map .joined [aria-pressed=true]").all_inner_texts()


@pytest.mark.parametrize(("wide", "high"), [(1440, 900), (1920, 1080), (1024, 768)])
def test_at_first_sight_the_map_can_be_read_from_its_head_on(visit: Open, server: str, wide: int, high: int) -> None:
    page = visit(f"{server}&v=map", viewport={"width": wide, "height": high}).ready()
    assert page.evaluate(LETTERS) >= 11.5
    assert pressed(page) == ["放大"]
    x, y, *_ = page.evaluate(SHEET)
    room = page.locator("#map").bounding_box()
    assert abs(x - room["x"]) < 10 and abs(y - room["y"]) < 10


def test_the_whole_sheet_and_its_width_fit_their_room(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=map").ready()
    page.click("#mapPage")
    (_, _, wide, high), room = page.evaluate(SHEET), page.evaluate(ROOM)
    assert wide <= room[0] and high <= room[1]
    page.click("#mapWide")
    assert room[0] - 30 < page.evaluate(SHEET)[2] <= room[0]


def test_keys_make_the_map_larger_and_smaller_and_the_choice_is_kept(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=map")
    page = watch.ready()
    before = page.evaluate(SHEET)[2]
    page.keyboard.press("+")
    larger = page.evaluate(SHEET)[2]
    assert larger == pytest.approx(before * 1.25, abs=2)
    page.keyboard.press("-")
    assert page.evaluate(SHEET)[2] == pytest.approx(before, abs=2)
    page.keyboard.press("+")
    page.reload()
    assert watch.ready().evaluate(SHEET)[2] == pytest.approx(larger, abs=2)
    page.keyboard.press("0")
    assert pressed(page) == ["整页"]
    page.reload()
    watch.ready()
    expect(page.locator("#mapPage")).to_have_attribute("aria-pressed", "true")
