"""The canvas: where nodes stand, and what the mouse does with them."""

from __future__ import annotations

from pathlib import Path

import web_graphs
from browser_pages import Open, names, office, search, serving
from playwright.sync_api import Page, expect

BOXES = """() => document.getElementById('canvas')._cyreg.cy.nodes().map((node) => {
  const box = node.renderedBoundingBox({includeLabels: false, includeOverlays: false});
  return [node.id(), box.x1, box.y1, box.x2, box.y2];
})"""
SHOWN = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(
  document.getElementById('canvas')._cyreg.cy.nodes().filter((node) => node.visible()).map((node) => node.id()).sort()))))"""
"""What is drawn, once it is drawn: the library works out what can be seen with the next picture."""
LINES = """() => document.getElementById('canvas')._cyreg.cy.edges().filter((edge) => edge.visible()).map((edge) => edge.data('relation')).sort()"""


def boxes(page: Page) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of every node on the screen, from the corner of the window."""
    room = page.locator("#canvas").bounding_box() or {"x": 0, "y": 0}
    return {str(name): (a + room["x"], b + room["y"], c + room["x"], d + room["y"]) for name, a, b, c, d in page.evaluate(BOXES)}


def test_nodes_stand_apart_and_goods_flow_to_the_right(visit: Open, server: str) -> None:
    firms = "~".join(f"e:恶{at}{name}" for at, name in enumerate(web_graphs.EVIL[:4]))
    watch = visit(f"{server}&n=p:炉&ids=p:炉~p:矿~p:铁~p:钢~p:件~{firms}")
    page = watch.ready()
    page.click("#detail button:has-text('展开')")
    watch.ready()
    stand = boxes(page)
    assert len(stand) >= 11
    touching = [
        (one, other) for one, a in stand.items() for other, b in stand.items()
        if one < other and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]
    assert touching == []
    assert [stand[f"p:{name}"][0] for name in "矿铁钢件"] == sorted(stand[f"p:{name}"][0] for name in "矿铁钢件")
    assert all(stand[name][0] < stand["p:件"][0] and stand[name][1] > stand["p:炉"][1] for name in stand if name.startswith("e:"))


def test_lists_below_the_boxes_stand_for_lines_until_a_firm_is_looked_at(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:铁~p:钢~e:丙铁厂~e:甲钢厂").ready()
    assert page.evaluate(LINES) == ["arc", "supplies"]
    stand = boxes(page)
    assert stand["e:丙铁厂"][1] > stand["p:铁"][3]
    assert stand["e:甲钢厂"][1] > stand["p:钢"][3]


def test_an_enterprise_in_the_centre_has_suppliers_left_and_customers_right(visit: Open, server: str) -> None:
    page = search(visit(server), "甲钢厂")
    stand = boxes(page)
    assert stand["e:丙铁厂"][2] < stand["e:甲钢厂"][0] < stand["e:甲钢厂"][2] < stand["p:钢"][0] < stand["e:乙件厂"][0]


def test_a_box_drawn_with_shift_picks_nodes_that_h_hides(visit: Open, server: str) -> None:
    watch = visit(f"{server}&ids=p:矿~p:铁~p:钢~p:件")
    page = watch.ready()
    stand = boxes(page)
    page.keyboard.down("Shift")
    page.mouse.move(stand["p:矿"][0] - 20, stand["p:矿"][1] - 30)
    page.mouse.down()
    page.mouse.move(stand["p:铁"][2] + 10, stand["p:铁"][3] + 30, steps=6)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.locator("#exploreCount")).to_contain_text("框选 2 个")
    page.locator("#canvas").focus()
    page.keyboard.press("h")
    watch.ready()
    assert names(page) == ["◐ 件", "◐ 钢"]


def test_hovering_dims_what_is_not_near(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:矿~p:铁~p:钢~p:件").ready()
    left, top, right, bottom = boxes(page)["p:矿"]
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=3)
    dim = "() => document.getElementById('canvas')._cyreg.cy.nodes('.dim').map((node) => node.id()).sort()"
    assert page.evaluate(dim) == ["p:件", "p:钢"]


def test_a_double_click_expands(visit: Open, server: str) -> None:
    watch = visit(f"{server}&ids=p:矿")
    page = watch.ready()
    left, top, right, bottom = boxes(page)["p:矿"]
    page.mouse.dblclick((left + right) / 2, (top + bottom) / 2)
    expect(page.locator("#exploreCount")).to_contain_text("画布 2 个节点")
    watch.ready()
    assert names(page) == ["? 矿", "○ 铁"]


def test_filters_put_firms_away(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:铁~e:丙铁厂~e:丁铁厂").ready()
    assert page.evaluate(SHOWN) == ["e:丁铁厂", "e:丙铁厂", "p:铁"]
    page.click("#sides label:has-text('招引目标')")
    assert page.evaluate(SHOWN) == ["p:铁"]
    page.click("#resetFilters")
    assert page.evaluate(SHOWN) == ["e:丁铁厂", "e:丙铁厂", "p:铁"]


LETTERS = "() => { const cy = document.getElementById('canvas')._cyreg.cy; return cy.zoom() * 14; }"
"""Pixels on the screen of the smallest letters of the canvas."""


def test_around_an_enterprise_what_it_makes_stands_in_rows_and_no_line_runs_behind_a_box(visit: Open, tmp_path: Path) -> None:
    place = web_graphs.file(tmp_path, {"全能厂": "130100"}, {"全能厂": "矿 铁 钢 件 炉"})
    with serving(office(place)) as here:
        page = search(visit(f"{here}#chain=链&region=140100&v=explore"), "全能厂")
        stand = boxes(page)
        made = [stand[f"p:{name}"] for name in "矿铁钢件炉"]
        assert max(left for left, *_ in made) - min(left for left, *_ in made) < 2  # one column, one left edge
        assert all(left > stand["e:全能厂"][2] for left, *_ in made)
        assert sorted(made, key=lambda box: box[1])[0][1] < stand["e:全能厂"][1] < sorted(made, key=lambda box: box[1])[-1][1]
        assert page.evaluate(LETTERS) >= 11


def test_a_way_is_read_in_rows_and_stays_legible_in_a_small_room(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:矿~p:铁~p:钢~p:件~e:乙件厂&path=p:矿~p:铁~p:钢~p:件~e:乙件厂", viewport={"width": 560, "height": 700}).ready()
    stand = boxes(page)
    assert page.evaluate(LETTERS) >= 11
    assert stand["p:矿"][1] < stand["e:乙件厂"][1]
    assert min(box[0] for box in stand.values()) >= 0 and max(box[2] for box in stand.values()) <= 560


def test_the_counts_say_what_a_filter_leaves(visit: Open, server: str) -> None:
    page = visit(f"{server}&ids=p:铁~e:丙铁厂~e:丁铁厂").ready()
    expect(page.locator("#shownTitle")).to_have_text("画布上的 3 个节点")
    page.click("#sides label:has-text('招引目标')")
    expect(page.locator("#shownTitle")).to_have_text("画布上的 1／3 个节点")
    expect(page.locator("#exploreCount")).to_contain_text("画布 1／3 个节点")


def test_every_kind_of_line_is_explained(visit: Open, server: str) -> None:
    page = search(visit(server), "甲钢厂")
    expect(page.locator("#left")).to_contain_text("企业间供应")
    expect(page.locator("#left")).to_contain_text("生产")
    with page.expect_download() as download:
        page.click("#svg")
    told = Path(download.value.path()).read_text(encoding="utf-8")
    assert "企业间供应" in told and "── 生产" in told
