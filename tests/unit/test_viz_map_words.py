"""What a map says of itself: honest numbers, dates, stamps, signs; and how it uses its paper."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from geometry import faults
from map_drawn import SVG, boxes, drawn, link, sheet_of, small, words

from chain.errors import InputError
from viz import box, layout
from viz.chainmap import draw_map, draw_page
from viz.flowpage import draw_flow
from viz.frame import frame_of
from viz.html import page
from viz.layout import PAPERS


def capped():
    """Three targets are listed of each of two links that have 69 and 3; one link has none."""
    products = [link("晶体", national=70), link("组件", "中游", national=3), link("电站", "下游", "covered", makers=2)]
    sheet = sheet_of(products, targets=[(name, f"目标{at}股份有限公司", None) for name in ("晶体", "组件") for at in range(3)], depth=3)
    return replace(sheet, products=sheet.products.assign(wanted=[69, 3, 0]))


def in_form(sheet, form):
    """A page whose boxes are in a form, however much room there is."""
    frame = frame_of("A3")
    return ET.fromstring(draw_page(sheet, layout.plan(sheet.lanes, frame.body, ladder=(form,)), frame))


def test_boxes_count_all_targets_where_only_the_best_are_listed():
    found = boxes(drawn(capped()))
    assert "等69家" in words(found["晶体"]) and not any(text.startswith("等") for text in words(found["组件"]))
    assert "招引：目标0股份有限公司、目标1股份有限公司、目标2股份有限公司 等 69 家" in found["晶体"][0].text
    compact = boxes(in_form(capped(), box.COMPACT))
    assert ("招引 69 家" in words(compact["晶体"]), "招引 3 家" in words(compact["组件"])) == (True, True)
    chips = boxes(in_form(capped(), box.CHIP))
    assert [words(chips[name])[2] for name in ("晶体", "组件", "电站")] == ["0/69", "0/3", "2/0"]


def test_a_sheet_says_that_its_heading_counts_only_the_targets_listed():
    said = "框内招引家数为全部候选，表头招引目标为各环节匹配度前 3 家合计（去重）。"
    assert said in "".join(words(drawn(capped())))
    whole = capped()
    assert said not in "".join(words(drawn(replace(whole, products=whole.products.drop(columns="wanted")))))


def test_the_date_asked_about_stands_beside_the_data_date():
    for as_of, said in (("", "按 2026-06-30 的状态，数据日期未注明"), ("2026-05-01", "按 2026-06-30 的状态，数据截至 2026-05-01")):
        sheet = replace(small(), as_of=as_of, asked="2026-06-30")
        svg = draw_map(sheet)
        assert all(said in text for text in (svg, page(sheet, svg), draw_flow(sheet)))


def test_the_place_is_given_with_what_makes_an_enterprise_one_of_it():
    assert "地域：示例市（按企业注册地）" in draw_map(small())
    assert "地域：示例市（按企业所在园区）" in draw_map(replace(small(), basis="所在园区"))


@pytest.mark.parametrize("paper", ["A2", "A1", "A0"])
def test_a_poster_is_an_enlarged_a3(paper):
    def type_sizes(name):
        root = drawn(small(), paper=name)
        found = {(node.text or node[0].tail): float(node.get("font-size")) for node in root.iter(f"{SVG}text")}
        return [found[text] for text in ("示例市电池产业链招商图谱", "判定：缺失：名录内没有企业", "产品环节", "图例", "碳酸锂")]

    share = PAPERS[paper][0] / PAPERS["A3"][0]
    assert type_sizes(paper) == pytest.approx([size * share for size in type_sizes("A3")], rel=0.02)


def test_who_leads_a_chain_has_another_sign_than_a_strength():
    root = drawn(small())
    lead = boxes(root)["三元正极"]
    signs = [node.get("d") for node in lead.iter(f"{SVG}path")]
    assert len(signs) == 3 and signs[1].count("L") == 9 and signs[2].count("L") == 6  # head, star of 优势, crown
    assert "链主/龙头（官方称号）" in words(root)


@pytest.mark.parametrize("form", [box.FULL, box.COMPACT, box.CHIP])
def test_a_public_version_says_so_and_nothing_of_targets(form):
    text = "".join(words(in_form(replace(capped(), public=True, stamp="样张"), form)))
    assert "样张 · 公开版" in text
    assert "招引" not in text and "目标" not in text and "/69" not in text
    assert "招引" in "".join(words(in_form(capped(), form)))


@pytest.mark.parametrize("paper", ["A4", "A3", "A1"])
def test_a_long_stamp_and_author_are_printed_whole(paper):
    stamp, author = "内部资料请妥善保管不得外传仅供专班内部传阅使用", "示例省工业和信息化厅产业链高质量发展工作专班办公室会同省商务厅投资促进处"
    sheet = replace(small(), stamp=stamp, author=author, asked="2026-06-30")
    for svg in (draw_map(sheet, paper=paper), draw_flow(sheet, paper=paper)):
        text = words(ET.fromstring(svg))
        assert stamp in text and any(line.endswith(f"编制：{author}") for line in text)
        assert faults(svg) == []


def test_a_stamp_or_author_that_no_page_has_room_for_is_refused_with_the_limit():
    with pytest.raises(InputError, match="印章字样太长.*\n.*最多 24 个汉字宽"):
        replace(small(), stamp="密" * 25)
    with pytest.raises(InputError, match="编制单位太长.*\n.*最多 40 个汉字宽"):
        replace(small(), author="局" * 41)


def test_many_makers_take_the_room_there_is():
    makers = [("整机", f"示例{at}号制造有限公司", None, False) for at in range(574)]
    alone = boxes(drawn(sheet_of([link("整机", status="covered", makers=574)], makers)))["整机"]
    body, frame = frame_of("A3").body, next(node for node in alone.iter(f"{SVG}rect") if node.get("class") == "box")
    assert float(frame.get("width")) > 0.95 * body.width and float(frame.get("height")) > 0.85 * body.height
    assert sum(text.startswith("示例") for text in words(alone)) > 250 and "等574家" in words(alone)


def test_title_and_place_of_a_page_are_seen_once():
    html = page(small(), draw_map(small()))
    header = html.split("<header>")[1].split("</header>")[0]
    assert [line for line in header.splitlines() if "示例市" in line and 'class="said"' not in line] == []
    screen = html.split("@media screen{")[1].split("\n}")[0]
    assert ".said{position:absolute" in screen and "clip-path:inset(50%)" in screen
