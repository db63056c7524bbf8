"""The page to work in, from start to export, as people use it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import unquote

from browser_pages import Open, Watch, address, names, search
from openpyxl import load_workbook
from playwright.sync_api import Page, expect


def view(watch: Watch, name: str) -> Page:
    watch.ready().click(f"#tab-{name}")
    return watch.ready()


def test_from_search_to_export_and_the_address_brings_it_all_back(visit: Open, server: str, tmp_path: Path) -> None:
    watch = visit(server)
    page = search(watch, "铁")
    assert names(page) == ["? 矿", "◇ 丁铁厂", "◇ 丙铁厂", "○ 铁", "◐ 钢"]
    expect(page.locator("#detail h2")).to_have_text("铁")

    page.click("#shownList .link >> text=钢")
    watch.ready()
    page.click("#detail button >> text=展开")
    watch.ready()
    assert {"■ 甲钢厂", "◐ 件"} <= set(names(page))

    for end, text in (("from", "矿"), ("to", "件")):
        page.fill(f"#{end}", text)
        page.wait_for_selector(f"#{end}-hits li[role=option]")
        page.press(f"#{end}", "Enter")
    page.click("#findPath")
    expect(page.locator("#paths button").first).to_have_text("路径 1：3 步，经 铁 → 钢")
    watch.ready()
    assert names(page) == ["? 矿", "○ 铁", "◐ 件", "◐ 钢"]

    page.click("#looks label:has-text('待核')")
    view(watch, "gaps")
    assert "矿" not in page.locator("#gapTable tbody th").all_inner_texts()
    row = page.locator("#gapTable tbody tr", has=page.locator("th", has_text="铁"))
    row.locator("th button").click()
    expect(page.locator("#detail")).to_contain_text("丙铁厂")
    row.locator("input").check()
    expect(page.locator("#gapCount")).to_contain_text("选中 1")
    with page.expect_download() as download:
        page.click("[data-form=xlsx]")
    download.value.save_as(tmp_path / "out.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    words = {str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None}
    assert {"铁", "丙铁厂", "丁铁厂"} <= words

    view(watch, "explore")
    place, shown = address(page), names(page)
    again = visit(place)
    page = again.ready()
    assert names(page) == shown == ["? 矿", "○ 铁", "◐ 件", "◐ 钢"]
    assert address(page) == place
    expect(page.locator("#paths button[aria-pressed=true]")).to_have_text("路径 1：3 步，经 铁 → 钢")
    expect(page.locator("#looks label:has-text('待核') input")).not_to_be_checked()
    expect(page.locator("#detail h2")).to_have_text("铁")


def test_a_gap_is_explained_down_to_file_and_row(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    page.click("#gapList button:has-text('铁')")
    watch.ready()
    page.locator("#detail details:has(summary:text('看证据')) summary").first.click()
    expect(page.locator("#detail .steps").first).to_contain_text("链.yaml › 第 11 行")
    page.click("#detail .link:has-text('丙铁厂')")
    watch.ready()
    expect(page.locator("#detail h2")).to_have_text("◇ 丙铁厂")
    expect(page.locator("#detail")).to_contain_text("名录.xlsx › 企业 › 第 4 行")
    page.locator("#detail details:has(summary:text('全部相邻节点')) summary").click()
    expect(page.locator("#detail .nearby")).to_contain_text("客户（1）")


def test_every_figure_of_a_link_says_how_it_came_about(visit: Open, server: str) -> None:
    page = search(visit(server), "钢")
    for figure in page.locator("#detail dd details").all():
        figure.locator("summary").click()
        assert figure.locator("p").inner_text().endswith("。")


def test_map_lights_suppliers_and_customers_and_filters_recount(visit: Open, server: str) -> None:
    watch = visit(server)
    page = view(watch, "map")
    expect(page.locator("#mapCount")).to_contain_text("显示 5 / 5 个环节")
    page.hover("#map [data-id=钢]")
    lit = {mark: sorted(box.get_attribute("data-id") for box in page.locator(f"#map [data-id].{mark}").all())
           for mark in ("supplier", "customer", "dim")}
    assert lit == {"supplier": ["炉", "铁"], "customer": ["件"], "dim": ["矿"]}
    page.click("#looks label:has-text('薄弱')")
    expect(page.locator("#mapCount")).to_contain_text("显示 2 / 5 个环节")
    page.click("#map [data-id=铁]")
    view(watch, "gaps")
    expect(page.locator("#gapTable tr[aria-current=true] th")).to_have_text("铁")


def test_scenario_shows_what_changes_and_leaves_the_data_alone(visit: Open, server: str) -> None:
    watch = visit(server)
    page = view(watch, "gaps")
    before = page.locator("#gapTable tbody").inner_text()
    page.click("#gapTable th button:has-text('铁')")
    watch.ready()
    page.locator("#detail li", has=page.locator("button:has-text('丙铁厂')")).locator("button:has-text('推演引进')").click()
    expect(page.locator("#outcome .sum")).to_contain_text("状态变化 1 个环节，另有 0 个只是家数变化；关系接通 1 条、断开 0 条；缺口消除")
    page.fill("#leaver", "甲钢厂")
    page.wait_for_selector("#leaver-hits li[role=option]")
    page.press("#leaver", "Enter")
    expect(page.locator("#outcome .sum")).to_contain_text("状态变化 2 个环节")
    told = page.locator("#outcome").inner_text()

    page.fill("#scenarioName", "方案甲")
    page.click("#saveScenario")
    expect(page.locator("#scenarios")).to_contain_text("方案甲")
    again = visit(address(page)).ready()
    expect(again.locator("#outcome .sum")).to_contain_text("状态变化 2 个环节")
    assert again.locator("#outcome").inner_text() == told
    page.click("#clearWhatif")
    page.click("#scenarios .link:has-text('方案甲')")
    expect(page.locator("#outcome .sum")).to_contain_text("状态变化 2 个环节")
    view(watch, "gaps")
    assert page.locator("#gapTable tbody").inner_text() == before
    view(watch, "whatif")
    page.click("#scenarios button[aria-label='删除 方案甲']")
    expect(page.locator("#scenarios li")).to_have_count(0)


def test_new_firm_closes_the_gap_it_is_said_to_fill(visit: Open, server: str) -> None:
    watch = visit(server)
    page = view(watch, "whatif")
    page.fill("#comer", "还没有的铁厂")
    page.fill("#comerProduct", "铁")
    page.wait_for_selector("#comerProduct-hits li[role=option]")
    page.press("#comerProduct", "Enter")
    page.click("#addComer")
    expect(page.locator("#outcome table").first).to_contain_text("0 → 1")


def test_pictures_hold_what_is_shown_with_title_and_date(visit: Open, server: str) -> None:
    watch = visit(server)
    page = search(watch, "铁")
    found = {}
    for form in ("png", "svg"):
        with page.expect_download() as download:
            page.click(f"#{form}")
        found[form] = Path(download.value.path()).read_bytes()
    assert found["png"].startswith(b"\x89PNG\r\n\x1a\n")
    svg = found["svg"].decode("utf-8")
    assert all(text in svg for text in ("○ 铁", "◇ 丙铁厂", "链产业链图谱", "2026-06-30"))
    view(watch, "map")
    for form, begins in (("svg", b"<svg"), ("png", b"\x89PNG\r\n\x1a\n"), ("pdf", b"%PDF-")):
        with page.expect_download() as download:
            page.click(f"#{form}")
        assert Path(download.value.path()).read_bytes().startswith(begins)
        assert download.value.suggested_filename == f"太原市链产业链图谱.{form}"


def test_table_sorts_and_exports_what_is_listed(visit: Open, server: str) -> None:
    watch = visit(server)
    page = view(watch, "gaps")
    page.click("#gapTable thead button:has-text('产品环节')")
    ascending = page.locator("#gapTable tbody th").all_inner_texts()
    page.click("#gapTable thead button:has-text('产品环节')")
    assert page.locator("#gapTable tbody th").all_inner_texts() == ascending[::-1]
    expect(page.locator("#gapTable th[aria-sort=descending]")).to_contain_text("产品环节")
    page.fill("#gapText", "丙铁厂不在理由里")
    expect(page.locator("#gapTable tbody")).to_contain_text("没有符合筛选的缺口")
    page.fill("#gapText", "铁")
    listed = page.locator("#gapTable tbody th").all_inner_texts()
    with page.expect_download() as download:
        page.click("[data-form=csv]")
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(listed) + 1 < len(ascending) + 1


def test_taking_back_and_again_pins_and_hides(visit: Open, server: str) -> None:
    watch = visit(server)
    page = search(watch, "铁")
    start = names(page)
    page.click("#detail button:has-text('隐藏')")
    watch.ready()
    assert "○ 铁" not in names(page)
    page.click("#undo")
    watch.ready()
    assert names(page) == start
    page.click("#redo")
    watch.ready()
    assert "○ 铁" not in names(page)
    page.click("#undo")
    watch.ready()
    place = page.evaluate("() => document.getElementById('canvas')._cyreg.cy.getElementById('p:钢').renderedPosition()")
    room = page.locator("#canvas").bounding_box()
    page.mouse.move(room["x"] + place["x"], room["y"] + place["y"])
    page.mouse.down()
    page.mouse.move(room["x"] + place["x"] + 60, room["y"] + place["y"] + 90, steps=4)
    page.mouse.up()
    pins = json.loads(unquote(address(page)).split("pins=")[1].split("&")[0])
    assert list(pins) == ["p:钢"]


def test_region_goes_down_and_up_the_tree(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    page.click("#places summary")
    page.click("#places .link:has-text('小店区')")
    expect(page.locator("#region")).to_have_value("山西省太原市小店区")
    watch.ready()
    page.click("#places .crumbs .link:has-text('山西省')")
    expect(page.locator("#region")).to_have_value("山西省")
    assert "region=140000" in address(watch.ready())
    page.go_back()
    expect(page.locator("#region")).to_have_value("山西省太原市小店区")


def test_docx_export_is_a_document(visit: Open, server: str) -> None:
    from docx import Document

    page = view(visit(server), "gaps")
    with page.expect_download() as download:
        page.click("[data-form=docx]")
    told = Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert any("铁" in cell.text for table in told.tables for line in table.rows for cell in line.cells)
