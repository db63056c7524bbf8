"""The page to carry: opened from a disk, without a server and without a net."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import web_graphs
from browser_pages import Open, address
from playwright.sync_api import Page, expect
from queries_graphs import Rows, graph, stored

FIRST = "p:第0道工序的中间产品"
LONG = "恒久远特种钢铁冶炼压延加工与新材料研究开发推广应用中心集团"
"""A short name of 29 characters."""

Written = Callable[..., str]
"""Writes the page of some rows to a file and tells its address."""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    from chain import open_store
    from chain.cli.explorer import explorer_sheet
    from chain.cli.pack import gather
    from queries.rules import Rules
    from viz.carry import carry_page

    def page(rows: Rows, *, lang: str = "zh", targets: bool = True) -> str:
        with stored(tmp_path, rows) as store:
            held = Path(store.location)
        with open_store(held) as store:
            sheet = explorer_sheet(gather(store, "链", "140100", Rules(), top=5), ("口径：略。",), targets=targets)
        held.with_suffix(".html").write_text(carry_page(sheet, lang=lang), encoding="utf-8")
        return held.with_suffix(".html").as_uri()

    return page


def rich() -> Rows:
    """The rows of the tests with a by-product, a listed firm, a firm of a long name and names in two scripts."""
    rows = web_graphs.rows(
        {"通威股份有限公司": {"region": "130100", "code": "600438"}, LONG: "140105"}, {"通威股份有限公司": "铁", LONG: "钢"})
    rows["byproducts"] = [{"product": "炉", "main": "件", "source": "链", "row": 9}]
    for product in rows["products"]:
        product["name"] = {"铁": "EVA胶膜", "钢": "光伏组件", "矿": "TOPCon电池片"}.get(str(product["id"]), product["name"])
    return rows


def wide(columns: int = 14) -> Rows:
    """A chain too wide for any screen: a row of links of long names, one of them made here."""
    names = [f"第{at}道工序的中间产品" for at in range(columns)]
    return graph(" ".join(names), "→".join(names), about={names[0]: {"stage": "上游"}, names[-1]: {"stage": "下游"}},
                 firms={"甲厂": "140105"}, makes={"甲厂": names[0]})


def scale(page: Page) -> float:
    return float(page.evaluate("() => CANVAS.network.getScale()"))


def middle(page: Page) -> tuple[float, float]:
    at = page.evaluate("() => CANVAS.network.getViewPosition()")
    return at["x"], at["y"]


HEAR = """() => {
  window.drawn = [];
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.drawn.push([text, this.fillStyle]);
    return draw.call(this, text, ...rest);
  };
}"""
"""Lets a page remember every text that it draws from then on, with its colour."""


def inks(page: Page, text: str) -> set[str]:
    """Colours in which a text is drawn when the canvas is drawn anew: #rrggbb where it is opaque."""
    page.evaluate("() => { window.drawn = []; CANVAS.network.redraw(); }")
    return {colour for drawn, colour in page.evaluate("() => window.drawn") if drawn == text}


def found(page: Page, text: str) -> list[str]:
    """What the list below the search box says, first lines only."""
    page.fill("#search", text)
    return [row.split("\n")[0] for row in page.locator("#hits li").all_inner_texts()]


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
    expect(page.locator("#canvas")).to_be_focused()
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
    page.press("#search", "Enter")  # a near name is taken only where somebody points at it
    expect(page.locator("#detail h2")).to_have_text("选择一个环节")


@pytest.mark.parametrize(("text", "first"), [
    ("ＥＶＡ", "EVA胶膜"), ("光 伏", "光伏组件"), ("gfzujian", "光伏组件"), ("guangfzj", "光伏组件"), ("zujian", "光伏组件"),
    ("tongwei", "通威股份有限公司"), ("600438", "通威股份有限公司"), ("topcon", "TOPCon电池片"),
])
def test_search_knows_letters_of_any_width_blanks_pinyin_and_stock_codes(visit: Open, written: Written, text: str, first: str) -> None:
    assert found(visit(written(rich())).ready(), text)[:1] == [first]


def test_where_nothing_is_near_it_says_only_that(visit: Open, written: Written) -> None:
    page = visit(written(rich())).ready()
    assert {text: found(page, text) for text in ("600439", "qqtopqq", "某某", "；")} == {
        "600439": ["没有找到"], "qqtopqq": ["没有找到，相近的有：", "TOPCon电池片"], "某某": ["没有找到"], "；": ["没有找到"]}


@pytest.mark.parametrize("size", [(720, 450), (1024, 768), (1440, 900)])
def test_names_can_be_read_from_the_first_view_on(visit: Open, written: Written, size: tuple[int, int]) -> None:
    page = visit(written(wide()), viewport={"width": size[0], "height": size[1]}).ready()
    assert scale(page) * 17 >= 10
    left = page.evaluate("(id) => CANVAS.network.canvasToDOM({x: CANVAS.network.getBoundingBox(id).left, y: 0}).x", FIRST)
    assert 0 <= left < 40
    expect(page.locator("#heads span").first).to_have_text("上游")
    page.evaluate(HEAR)
    label = page.evaluate("(id) => CANVAS.nodes.get(id).label", FIRST)
    assert inks(page, label) == {"#3b2600"}
    for _ in range(6):
        page.click("#zoomOut")
    assert scale(page) * 17 < 4
    assert inks(page, label) == {"#3b2600"}  # the whole of it stays a picture of names, however small


def test_buttons_and_keys_move_the_view(visit: Open, written: Written) -> None:
    page = visit(written(wide())).ready()
    size, (x, y) = scale(page), middle(page)
    page.click("#zoomIn")
    assert scale(page) > size
    page.click("#panRight")
    assert middle(page)[0] > x and middle(page)[1] == y
    page.locator("#canvas").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert middle(page)[0] == pytest.approx(x) and middle(page)[1] > y
    page.keyboard.press("-")
    assert scale(page) == pytest.approx(size)
    page.click("#fit")
    assert scale(page) < size


def test_without_targets_none_are_counted(visit: Open, written: Written) -> None:
    page = visit(written(web_graphs.rows(), targets=False)).ready()
    take(page, "铁")
    expect(page.locator("#detail")).to_contain_text("本页不列招引目标")
    expect(page.locator("footer")).to_contain_text("本页不列招引目标")
    assert "◇" not in page.inner_text("body")


def test_a_long_name_of_a_firm_is_cut_on_the_canvas_and_whole_in_the_panel(visit: Open, written: Written) -> None:
    page = visit(written(rich())).ready()
    page.click("#firms")
    labels = page.evaluate("() => CANVAS.nodes.get().filter((node) => node.firm).map((node) => [node.label, node.title])")
    assert [f"■ {LONG[:25]}…", LONG] in labels
    take(page, LONG)
    expect(page.locator("#detail h2")).to_have_text(f"■ {LONG}")


def test_one_firm_more_is_shown_and_not_counted(visit: Open, written: Written) -> None:
    def rows(count: int) -> list[str]:
        firms = {f"{at}厂": "140105" for at in range(count)}
        page = visit(written(graph("铁 钢", "铁→钢", firms=firms, makes=dict.fromkeys(firms, "钢")))).ready()
        page.click("#firms")
        return page.evaluate("() => CANVAS.nodes.get().filter((node) => node.owner).map((node) => node.label)")

    assert [len(rows(9)), len(rows(10)), rows(10)[-1]] == [9, 9, "其余 2 家"]


def test_what_is_filtered_out_looks_so_and_a_choice_that_is_hidden_pales_nothing(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    fills = "() => Object.fromEntries(CANVAS.nodes.get().map((node) => [node.id, node.color.background]))"
    before = page.evaluate(fills)
    page.click("#looks label:has-text('缺失')")
    take(page, "铁")
    assert page.evaluate(fills) == {**before, "p:铁": "#FFFFFF"}
    page.click("#looks label:has-text('缺失')")
    assert [id for id, fill in page.evaluate(fills).items() if fill == before[id]] == ["p:矿", "p:铁", "p:钢"]


def test_a_picture_says_what_hides_a_part_of_it(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    page.evaluate(HEAR)

    def lines() -> list[str]:
        page.evaluate("() => { window.drawn = []; }")
        with page.expect_download():
            page.click("#picture")
        return [text for text, _ in page.evaluate("() => window.drawn") if text.startswith(("筛选", "突出"))]

    assert lines() == []
    page.select_option("#stage", "中游")
    page.click("#looks label:has-text('缺失')")
    take(page, "钢")
    assert lines() == ["筛选：状态 薄弱、待核；环节位置 中游（显示 2 / 5 个环节）", "突出显示：钢"]


def test_by_products_are_drawn_told_and_in_the_legend(visit: Open, written: Written) -> None:
    page = visit(written(rich())).ready()
    assert page.evaluate("() => CANVAS.edges.get().filter((edge) => edge.id.startsWith('b')).map((edge) => [edge.from, edge.to, edge.base])") == [
        ["p:件", "p:炉", "#8A5A00"]]
    expect(page.locator("footer")).to_contain_text("副产品")
    take(page, "件")
    expect(page.locator("#detail h3:has-text('副产品') + p")).to_have_text(re.compile("炉$"))
    page.click("#detail .link:has-text('炉')")
    expect(page.locator("#detail h3:has-text('生产什么时产生') + p")).to_have_text(re.compile("件$"))


def test_a_line_keeps_clear_of_a_box_in_its_way(visit: Open, written: Written) -> None:
    about = {"甲": {"stage": "上游"}, "丙": {"stage": "下游"}}
    page = visit(written(graph("甲 乙 丙", "甲→乙→丙 甲→丙", about=about))).ready()
    found = page.evaluate("""() => {
      const line = CANVAS.edges.get().find((edge) => edge.from === "p:甲" && edge.to === "p:丙"), at = CANVAS.network.getPositions();
      const points = LINES.points(at["p:甲"], at["p:丙"], line.smooth), box = CANVAS.network.getBoundingBox("p:乙");
      const half = points[Math.floor(points.length / 2)];
      const inside = points.filter(({x, y}) => x > box.left && x < box.right && y > box.top && y < box.bottom).length;
      const inLine = at["p:甲"].y === at["p:乙"].y && at["p:乙"].y === at["p:丙"].y;
      return {inLine, inside, drawn: CANVAS.network.getEdgeAt(CANVAS.network.canvasToDOM(half)) === line.id};
    }""")
    assert found == {"inLine": True, "inside": 0, "drawn": True}


def test_who_works_by_keys_stays_in_the_list(visit: Open, carried: str) -> None:
    page = visit(carried).ready()
    page.locator("#gaps button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gaps button").nth(1)).to_be_focused()
    page.locator("#detail .link").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()


def test_english_labels(visit: Open, carried: str) -> None:
    page = visit(carried.replace("zh.html", "en.html")).ready()
    assert page.locator("html").get_attribute("lang") == "en"
    assert [page.locator(f"#{name}").inner_text() for name in ("firms", "fit", "picture", "help")] == ["Show firms", "Fit", "Save PNG", "Help"]
    expect(page.locator("#looks")).to_contain_text("missing")
    expect(page.locator("#gaps button").first).to_contain_text("fill")
    expect(page.locator("#detail")).to_contain_text("are in Chinese, the language of the data", use_inner_text=True)


def test_in_english_only_the_data_is_chinese(visit: Open, written: Written) -> None:
    page = visit(written(rich(), lang="en")).ready()
    for part in (".strip", ".tools", ".moves", "footer", "#heads", "#sum", "#detail"):
        page.locator("#gaps button").first.click() if part == "#sum" else None
        told = page.locator(part).inner_text() if part != "#detail" else "\n".join(page.locator("#detail h3").all_inner_texts())
        assert told and not re.search("[\u4e00-\u9fff]", told), part
    assert page.locator("#stage option").all_inner_texts() == ["All", "upstream", "midstream", "downstream"]
    assert page.title() == "太原市链 industrial chain"
    shown = page.locator("[aria-label]").evaluate_all("(all) => all.map((each) => each.getAttribute('aria-label') + (each.title || '')).join()")
    assert not re.search("[\u4e00-\u9fff]", shown + str(page.get_attribute("#search", "placeholder")))


