"""What the page offers to choose from: lists in a sensible order, counts that are true, and no choice without effect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import web_graphs
from browser_pages import Open, Watch, address, office, search, serving
from playwright.sync_api import Page, expect
from queries_graphs import stored


@pytest.fixture(scope="module")
def richer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the tests with a by-product, an enterprise to verify and a listed one."""
    rows = web_graphs.rows(
        {"疑铁厂": "140105", "stock:000825": "140105"}, {"疑铁厂": {"铁": {"state": "review", "confidence": 0.5}}, "stock:000825": "钢"})
    rows["byproducts"] = [{"product": "炉", "main": "件", "source": "链", "row": 9}]
    with stored(tmp_path_factory.mktemp("richer"), rows) as store:
        return Path(store.location)


def ends(page: Page, start: str, end: str) -> None:
    for name, text in (("from", start), ("to", end)):
        page.fill(f"#{name}", text)
        page.wait_for_selector(f"#{name}-hits li[role=option]")
        page.press(f"#{name}", "Enter")
    page.click("#findPath")


def column(page: Page, at: int) -> list[str]:
    return page.locator(f"#gapTable tbody tr > :nth-child({at})").all_inner_texts()


def test_a_figure_sorts_from_the_largest_and_actions_as_they_are_taken_up(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    page.click("#gapTable thead button:has-text('评分')")
    scores = [float(text) for text in column(page, 4)]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) > 1
    page.click("#gapTable thead button:has-text('行动')")
    order = ["补链", "延链", "强链", "提链", "先核实"]
    actions = column(page, 6)
    assert actions == sorted(actions, key=order.index) and len(set(actions)) > 1
    assert page.locator("#action option").all_inner_texts()[1:] == [each for each in order if each in actions]


def test_chosen_rows_that_a_filter_hides_are_counted(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    page.locator("#gapTable thead input").check()
    whole = page.locator("#gapTable tbody tr").count()
    page.fill("#gapText", "铁")
    left = page.locator("#gapTable tbody tr").count()
    expect(page.locator("#gapCount")).to_contain_text(f"选中 {whole}（其中 {whole - left} 行未显示）")


def test_counts_beside_the_filters_follow_the_other_filters(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    upstream = page.locator("#stages label:has-text('上游') small")
    expect(upstream).to_have_text("2")
    page.click("#looks label:has-text('待核')")
    expect(upstream).to_have_text("1")
    expect(page.locator("#looks label:has-text('待核') small")).to_have_text("1")


def test_ways_are_told_apart_and_an_old_one_goes_when_there_is_none(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    ends(page, "矿", "件")
    expect(page.locator("#paths button").first).to_have_text("路径 1：3 步，经 铁 → 钢")
    watch.ready()
    ends(page, "矿", "矿")
    expect(page.locator("#paths")).to_have_text("起点和终点是同一个，换一个")
    assert "path=" not in address(page)


def test_only_who_is_here_can_be_made_to_leave(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=whatif").ready()
    page.fill("#leaver", "丙铁厂")
    page.press("#leaver", "Enter")
    expect(page.locator("#said")).to_have_text("「丙铁厂」不在本地或不在这条链上，撤出没有影响")
    expect(page.locator("#leavers li")).to_have_count(0)
    page.fill("#leaver", "甲钢")
    page.wait_for_selector("#leaver-hits li[role=option]")
    page.press("#leaver", "Enter")
    expect(page.locator("#leavers li")).to_contain_text("甲钢厂")


def test_a_firm_dragged_onto_a_link_comes_and_the_boxes_turn(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=whatif")
    page = watch.ready()
    iron = page.locator("#board [data-id='p:铁']")
    expect(iron).to_have_attribute("data-after", "missing")
    page.locator("#board [data-firm='e:丙铁厂']").drag_to(iron)
    expect(page.locator("#comers li")).to_contain_text("丙铁厂：铁")
    expect(iron).to_have_attribute("data-after", "weak")
    expect(iron).to_have_attribute("data-before", "missing")
    expect(iron.locator("small")).to_have_text("缺失 → 薄弱")
    expect(page.locator("#outcome .sum")).to_contain_text("状态变化 1 个环节")
    expect(page.locator("#outcome")).to_contain_text("补链 → 强链")
    page.locator("#board [data-firm='e:丁铁厂']").drag_to(iron)
    expect(page.locator("#comers li")).to_have_count(2)


def test_a_by_product_is_drawn_in_its_own_way_and_explained(visit: Open, richer: Path) -> None:
    with serving(office(richer)) as here:
        watch = visit(f"{here}#chain=链&region=140100&v=explore&ids=p:炉~p:件")
        page = watch.ready()
        drawn = page.evaluate("""() => document.getElementById('canvas')._cyreg.cy.edges().map((each) => [
            each.source().id(), each.target().id(), each.style('line-style'), each.style('line-color')])""")
        assert drawn == [["p:件", "p:炉", "dashed", "rgb(138,90,0)"]]
        expect(page.locator("#left")).to_contain_text("副产品")
        across = "(id) => document.getElementById('canvas')._cyreg.cy.getElementById(id).position('x')"
        assert page.evaluate(across, "p:炉") > page.evaluate(across, "p:件")
        with page.expect_download() as download:
            page.click("#svg")
        assert 'stroke-dasharray="12 4 2 4"' in Path(download.value.path()).read_text(encoding="utf-8")


def test_firms_to_verify_are_named_with_file_and_row(visit: Open, richer: Path) -> None:
    with serving(office(richer)) as here:
        page = visit(f"{here}#chain=链&region=140100&v=map&n=p:铁").ready()
        expect(page.locator("#detail .waiting")).to_contain_text("疑铁厂")
        expect(page.locator("#detail .waiting .origin").first).to_contain_text("第")
        page.click("#detail .waiting .link:has-text('疑铁厂')")
        expect(page.locator("#detail h2")).to_contain_text("疑铁厂")


def test_neighbours_say_from_which_row_they_are_known(visit: Open, server: str) -> None:
    watch = visit(f"{server}&n=e:甲钢厂")
    page = watch.ready()
    page.locator("#detail details:has(summary:text('全部相邻节点')) summary").click()
    expect(page.locator("#detail .nearby li", has_text="丙铁厂").locator(".origin")).to_have_text("今天.xlsx › 新闻 › 第 2 行")


def hits(watch: Watch, text: str) -> list[str]:
    page = watch.ready()
    page.fill("#search", "")
    with page.expect_response(lambda answer: "/api/search" in answer.url) as answer:
        page.fill("#search", text)
    return [hit["name"] for hit in json.loads(answer.value.text())["hits"]]


def test_codes_and_whole_pinyin_are_found(visit: Open, richer: Path) -> None:
    with serving(office(richer)) as here:
        watch = visit(f"{here}#chain=链&region=140100")
        assert hits(watch, "000825") == ["stock:000825"]
        assert hits(watch, "jiagang") == ["甲钢厂"]
        expect(search(watch, "jiagang").locator("#detail h2")).to_have_text("■ 甲钢厂")


def test_chosen_rows_come_back_with_the_address(visit: Open, server: str) -> None:
    watch = visit(f"{server}&v=gaps")
    page = watch.ready()
    row = page.locator("#gapTable tbody tr", has=page.locator("th", has_text="铁"))
    row.locator("input").check()
    page.reload()
    watch.ready()
    expect(row.locator("input")).to_be_checked()
    expect(page.locator("#gapCount")).to_contain_text("选中 1")


def test_where_filters_leave_nothing_they_can_be_cleared(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps&text=没有这样的").ready()
    page.click("#gapTable button:has-text('清除筛选')")
    expect(page.locator("#gapTable tbody th").first).to_be_visible()
    expect(page.locator("#gapText")).to_have_value("")


def test_the_nearest_cover_sorts_by_distance(visit: Open, richer: Path) -> None:
    with serving(office(richer)) as here:
        page = visit(f"{here}#chain=链&region=140105&v=gaps").ready()
        order = ["本地", "县", "市", "省", "不详", "省内未见", "省内没有"]
        for clicks in (1, 2):
            page.click("#gapTable thead button:has-text('最近覆盖')")
            far = [order.index(text) for text in column(page, 11)]
            assert far == sorted(far, reverse=clicks == 2) and len(set(far)) > 1


def test_the_table_of_gaps_has_no_list_of_the_same_beside_it(visit: Open, server: str) -> None:
    page = visit(f"{server}&v=gaps").ready()
    expect(page.locator("#gapList")).to_be_hidden()
    expect(page.locator("#detail h2")).to_have_text("选择一个环节或企业")
    page.click("#tab-map")
    expect(page.locator("#gapList")).to_be_visible()
