"""What the page says when there is nothing, when nothing fits, when the server is gone, when data are old or new, and who may enter."""

from __future__ import annotations

import shutil
from pathlib import Path

from browser_pages import Open, address, names, office, search, serving
from playwright.sync_api import expect
from queries_graphs import tables

from chain import open_store

WHERE = "#chain=链&region=140100"
LATER = {
    "sources": [{"id": "新名单", "file": "新名单.xlsx", "kind": "sample", "as_of": "2026-06-30"}],
    "enterprises": [{"id": "戊铁厂", "name": "戊铁厂", "region": "140105", "source": "新名单", "row": 2}],
    "makes": [{"enterprise": "戊铁厂", "product": "铁", "state": "confirmed", "method": "stated", "confidence": 0.9, "source": "新名单", "row": 2}],
}
"""A firm that the first load did not know."""


def test_empty_canvas_offers_three_beginnings(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    expect(page.locator("#empty h2")).to_have_text("从一个产品或企业开始")
    expect(page.locator("#examples button")).to_have_count(3)
    page.locator("#examples button").first.click()
    watch.ready()
    expect(page.locator("#empty")).to_be_hidden()
    assert names(page)


def test_no_hit_offers_near_names(visit: Open, server: str) -> None:
    page = visit(server).ready()
    page.fill("#search", "钢板")
    expect(page.locator("#search-hits [role=presentation]")).to_have_text("没有找到，相近的有：")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("钢")


def test_a_path_against_the_flow_of_goods_is_said_to_be_one(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    for end, text in (("from", "丁铁厂"), ("to", "炉")):
        page.fill(f"#{end}", text)
        page.wait_for_selector(f"#{end}-hits li[role=option]")
        page.press(f"#{end}", "Enter")
    page.click("#findPath")
    watch.ready()
    expect(page.locator("#paths p")).to_have_text("不论方向")  # 丁铁厂 makes 铁, which goes into 钢, as 炉 does
    assert names(page) == ["◇ 丁铁厂", "○ 铁", "◐ 炉", "◐ 钢"]


def test_server_gone_keeps_the_canvas_and_comes_back(visit: Open, server: str) -> None:
    watch = visit(server)
    page = search(watch, "铁")
    before = names(page)
    page.context.set_offline(True)
    page.click("#shownList .link >> text=丙铁厂")
    expect(page.locator("#banner span")).to_have_text("服务器没有响应，画面保留")
    assert names(page) == before
    page.context.set_offline(False)
    page.click("#banner button")
    expect(page.locator("#banner span")).not_to_have_text("服务器没有响应，画面保留")
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in watch.faults)
    watch.faults.clear()


def test_old_data_are_marked(visit: Open, server: str) -> None:
    watch = visit("about:blank")
    watch.page.clock.install(time="2027-01-15")
    watch.page.goto(server)
    expect(watch.page.locator("#banner span")).to_have_text("数据已超过 90 天（截至 2026-06-30），请更新后再用")
    watch.faults = [fault for fault in watch.faults if not fault.startswith("request to http://127.0.0.1")]


def test_new_data_appear_without_a_restart(visit: Open, graph: Path, tmp_path: Path) -> None:
    store = Path(shutil.copy(graph, tmp_path / "office.lianpu"))
    with serving(office(store)) as here:
        watch = visit("about:blank")
        page = watch.page
        page.clock.install()
        page.goto(f"{here}{WHERE}&v=gaps")
        watch.ready()
        expect(page.locator("#gapTable tbody")).to_contain_text("铁")
        with open_store(store) as held:
            held.write(tables(LATER))
        page.clock.fast_forward(20_000)
        expect(page.locator("#said")).to_have_text("数据已更新，页面已刷新")
        watch.ready()
        expect(page.locator("#gapTable tr", has_text="铁").first).to_contain_text("单一企业")
        watch.faults = [fault for fault in watch.faults if not fault.startswith("request to http://127.0.0.1")]


def test_a_long_state_gets_a_short_address(visit: Open, server: str) -> None:
    long = "&text=" + "长" * 1000
    watch = visit(server + long)
    page = watch.ready()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#link")
    expect(page.locator("#said")).to_have_text("链接已复制")
    short = page.evaluate("() => navigator.clipboard.readText()")
    assert len(short) < 120
    assert address(visit(short).ready()) == address(page)


def test_token_is_asked_for_and_leaves_the_address(visit: Open, graph: Path) -> None:
    with serving(office(graph, token="a-token-long-enough")) as here:
        watch = visit(here)
        page = watch.page
        expect(page.locator("#login h2")).to_have_text("需要口令")
        page.fill("#token", "wrong")
        page.press("#token", "Enter")
        expect(page.locator("#loginSaid")).to_have_text("口令不对")
        page.fill("#token", "a-token-long-enough")
        page.press("#token", "Enter")
        watch.ready()
        expect(page.locator("#login")).to_be_hidden()
        assert all("401" in fault for fault in watch.faults)
        watch.faults.clear()
        other = visit(f"{here}#token=a-token-long-enough")
        assert "token" not in address(other.ready())


def test_english_page(visit: Open, graph: Path) -> None:
    with serving(office(graph, lang="en")) as here:
        page = visit(here).ready()
        assert page.locator("html").get_attribute("lang") == "en"
        labels = [text for text in page.locator("[data-word]:visible").all_inner_texts() if text.strip()]
        assert labels and all(text.isascii() or "—" in text for text in labels)
        page.select_option("#lang", "zh")
        expect(page.locator("#tab-map")).to_have_text("产业链图")


def test_a_view_that_was_never_drawn_says_that_it_cannot_be_loaded(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=gaps")
    page = watch.ready()
    page.context.set_offline(True)
    page.click("#tab-map")
    cover = page.locator("#view-map .unloaded")
    expect(cover).to_contain_text("这个视图现在打不开")
    page.fill("#search", "铁")
    expect(page.locator("#search-hits")).to_contain_text("服务器没有响应")
    page.context.set_offline(False)
    cover.locator("button:has-text('重试')").click()
    expect(page.locator("#map svg")).to_be_visible()
    expect(cover).to_have_count(0)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in watch.faults)
    watch.faults.clear()


def test_a_token_pasted_into_the_same_tab_lets_in(visit: Open, graph: Path) -> None:
    with serving(office(graph, token="a-token-long-enough")) as here:
        watch = visit(f"{here}#v=gaps")
        page = watch.page
        expect(page.locator("#login")).to_be_visible()
        for _ in range(3):
            page.keyboard.press("Escape")
        expect(page.locator("#login")).to_be_visible()
        page.evaluate("() => { location.hash = '#token=a-token-long-enough'; }")
        watch.ready()
        expect(page.locator("#login")).to_be_hidden()
        assert "token" not in address(page)
        assert all("401" in fault for fault in watch.faults)
        watch.faults.clear()
        other = visit(f"{here}#v=gaps&token=a-token-long-enough")
        expect(other.ready().locator("#view-gaps")).to_be_visible()
        assert "token" not in address(other.page)


def test_words_of_the_interface_are_english_on_an_english_page(visit: Open, server: str) -> None:
    watch = visit(f"{server}&lang=en&v=gaps&n=p:铁")
    page = watch.ready()
    assert watch.page.title() == "链 · 山西省太原市 · Lianpu"
    expect(page.locator("#stages")).to_contain_text("upstream")
    expect(page.locator("#told")).to_contain_text("reasons, evidence and the map are in Chinese")
    row = page.locator("#gapTable tbody tr", has=page.locator("th", has_text="铁")).first.locator("td")
    assert all(text.isascii() for at, text in enumerate(row.all_inner_texts()) if at != 6 and not text.startswith("○"))
    page.click("#tab-map")
    watch.ready()
    page.click("#figures summary")
    assert all(text.isascii() for text in page.locator("#figures tbody th").all_inner_texts())
    page.click("#tab-whatif")
    watch.ready()
    page.click("#ideaList button >> nth=0")
    expect(page.locator("#outcome table").last).to_contain_text("Links with makers, by stage")
