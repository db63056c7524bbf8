"""The flow page as drawn: what is on it, what it leaves out and says so, what hostile names do to it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest
from geometry import faults
from map_sheets import made_up, of_chain

from chain import chainfile
from viz.flowpage import MOST_ARCS, MOST_LINKS, draw_flow
from viz.sheet import MapSheet

SVG = "{http://www.w3.org/2000/svg}"


def sheet(products, arcs, targets=()):
    """Products as (id, stage, status, reason, actions); arcs as (input, product)."""
    frame = pd.DataFrame(products, columns=["product", "stage", "status", "reason", "actions"])
    frame = frame.assign(name=frame["product"], segment="段", makers=0, national=0)
    stages = pd.DataFrame({"name": ["上游", "下游"], "position": [0, 1], "description": ["", ""]})
    makers = pd.DataFrame(columns=["product", "name", "short_name", "lead"])
    wanted = pd.DataFrame(list(targets), columns=["product", "name", "short_name"])
    lines = pd.DataFrame(arcs, columns=["input", "product"]).assign(role="物料")
    return MapSheet("甲市乙产业链招商图谱", "甲市", "2026-06-30", "规则。", "只有样本。", frame, makers, wanted, lines, stages)


def drawn(*given, **more):
    return ElementTree.fromstring(draw_flow(sheet(*given), **more))


def ids(root):
    return [group.get("data-id") for group in root.iter(f"{SVG}g") if group.get("data-id")]


def test_every_link_is_a_box_and_a_missing_supplier_a_dashed_line():
    products = [("矿", "上游", "missing", "", "补链"), ("铁", "上游", "covered", "", ""), ("钢", "下游", "weak", "", "")]
    root = drawn(products, [("矿", "铁"), ("铁", "钢")])
    assert ids(root) == ["矿", "铁", "钢"]
    lines = [path for path in root.iter(f"{SVG}path") if path.get("fill") == "none" and path.get("d").count("C") == 1]
    assert [(line.get("stroke"), line.get("stroke-dasharray")) for line in lines] == [("#627D98", None), ("#B5360A", "1.6 0.9")]


def test_what_runs_against_the_flow_is_listed_in_words():
    text = "".join(drawn([("矿", "上游", "weak", "", ""), ("渣", "下游", "weak", "", "")], [("矿", "渣"), ("渣", "矿")]).itertext())
    assert "回流与循环（未画线）：渣→矿" in text


def test_a_public_page_counts_no_targets():
    given = [("矿", "上游", "missing", "", "补链")], [], [("矿", "丙公司", "丙")]
    assert "招引1家" in "".join(drawn(*given).itertext())
    assert "招引" not in "".join(drawn(*given, redacted=True).itertext()).replace("招商", "")


@pytest.mark.parametrize("count", [1, 5, 80, 300, 600])
def test_a_large_chain_shows_its_gaps_first_and_says_what_it_leaves_out(count):
    products = [(f"环节{at}", "上游" if 2 * at < count else "下游", "missing" if at % 50 == 49 else "covered", "", "补链" if at % 50 == 49 else "")
                for at in range(count)]
    arcs = [(f"环节{at}", f"环节{(at * 3 + step) % count}") for at in range(count) for step in (1, 2)]
    root = drawn(products, arcs)
    shown, text = ids(root), "".join(root.itertext())
    assert 0 < len(shown) <= MOST_LINKS and sum(a in shown and b in shown for a, b in arcs) <= MOST_ARCS + MOST_LINKS
    assert (f"全链 {count} 个环节，本图画 {len(shown)} 个" in text) == (len(shown) < count)
    assert {f"环节{at}" for at in range(49, count, 50)} <= set(shown)


def test_boxes_neither_overlap_nor_leave_the_sheet_and_names_are_large_enough():
    products = [(f"很长的产品环节名称{at}", "上游" if at < 40 else "下游", "unknown", "b", "") for at in range(80)]
    root = drawn(products, [(products[at][0], products[(at * 7 + 3) % 80][0]) for at in range(80)])
    boxes = [[float(group.find(f"{SVG}rect").get(side)) for side in ("x", "y", "width", "height")]
             for group in root.iter(f"{SVG}g") if group.get("data-id")]
    for at, (x, y, wide, tall) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + wide <= 420 and y + tall <= 297
        assert all(x + wide <= a or a + c <= x or y + tall <= b or b + d <= y for a, b, c, d in boxes[at + 1:])


def points(path):
    """Points along a line of the drawing: a curve, then perhaps a straight piece across a column."""
    x0, y0, x1, y1, x2, y2, x3, y3 = (float(value) for value in re.findall(r"[-\d.]+", path.split("H")[0]))
    for step in range(1, 40):
        t, u = step / 40, 1 - step / 40
        yield (u**3 * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
               u**3 * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3)
    if "H" in path:
        end = float(path.split("H")[1])
        yield from ((x3 + (end - x3) * step / 20, y3) for step in range(1, 20))


@pytest.mark.parametrize("name", sorted(chainfile.library()))
def test_no_line_runs_behind_a_box(name):
    root = ElementTree.fromstring(draw_flow(of_chain(chainfile.read(name))))
    boxes = [[float(box.get(side)) for side in ("x", "y", "width", "height")] for box in root.iter(f"{SVG}rect") if box.get("class") == "box"]
    lines = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("fill") == "none" and path.get("d").count("C") == 1]
    assert boxes and lines
    assert [(line, box) for line in lines for px, py in points(line) for box in boxes
            if box[0] + 0.05 < px < box[0] + box[2] - 0.05 and box[1] + 0.05 < py < box[1] + box[3] - 0.05] == []


def test_cycles_are_listed_in_words_and_the_rest_is_drawn():
    links = [(name, "上游", "weak", "", "") for name in "甲乙丙"]
    root = drawn(links, [("甲", "乙"), ("乙", "丙"), ("丙", "甲")])
    assert "回流与循环（未画线）：丙→甲。" in "".join(root.itertext())
    assert sum(path.get("fill") == "none" and "C" in path.get("d") for path in root.iter(f"{SVG}path")) == 2


@pytest.mark.parametrize("paper", ["A4", "A3", "A1"])
@pytest.mark.parametrize("count", [1, 5, 50, 150, 300, 600])
def test_a_flow_page_of_any_size_prints_well(count, paper):
    assert faults(draw_flow(made_up(count), paper=paper)) == []


def words(node):
    return [text.text or text[0].tail for text in node.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", sorted(chainfile.library()))
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_every_box_has_the_code_of_the_map_and_both_numbers(name, paper):
    chain = of_chain(chainfile.read(name))
    links = {link.product: link for link in chain.links}
    found = [group for group in ElementTree.fromstring(draw_flow(chain, paper=paper)).iter(f"{SVG}g") if group.get("data-id")]
    for group in found:
        link, said = links[group.get("data-id")], words(group)
        assert link.code in said
        assert f"{link.makers_shown}/{link.wanted}" in said or any(f"招引{link.wanted}家" in text for text in said)


def test_the_legend_tells_every_kind_of_line_and_what_numbers_and_codes_mean():
    products = [("矿", "上游", "missing", "", ""), ("砂", "上游", "unknown", "c", ""), ("铁", "上游", "covered", "", ""),
                ("钢", "下游", "weak", "", "")]
    root = drawn(products, [(name, "钢") for name in ("矿", "砂", "铁")])
    lines = [(path.get("stroke"), path.get("stroke-dasharray")) for path in root.iter(f"{SVG}path")
             if path.get("fill") == "none" and path.get("stroke-width") in ("0.38", "0.5")]
    arcs, told = lines[:-3], lines[-3:]
    assert len(set(told)) == 3 and set(arcs) == set(told)
    legend = words(root)
    assert {"供给去向", "供给环节缺失或疑似缺失", "供给环节待核", "上1：图谱上的编号", "n/m：本地企业数/招引目标数", "–：未见"} <= set(legend)


def test_a_flow_page_on_a_larger_paper_is_the_same_drawing_enlarged():
    small, large = (ElementTree.fromstring(draw_flow(made_up(40), paper=paper)) for paper in ("A3", "A2"))
    assert (large.get("width"), large.get("height"), large.get("viewBox")) == ("594mm", "420mm", "0 0 420 296.97")
    assert [node.get("font-size") for node in large.iter(f"{SVG}text")] == [node.get("font-size") for node in small.iter(f"{SVG}text")]


def test_a_public_sheet_makes_a_public_flow_page():
    public = replace(sheet([("矿", "上游", "missing", "", "补链")], [], [("矿", "丙公司", "丙")]), public=True)
    text = "".join(ElementTree.fromstring(draw_flow(public)).itertext())
    assert "公开版" in text and "招引" not in text.replace("招商", "") and "n：本地企业数" in text


def test_a_short_chain_is_drawn_larger_than_a_long_one():
    def widest(count):
        root = ElementTree.fromstring(draw_flow(made_up(count)))
        return max(float(box.get("width")) for box in root.iter(f"{SVG}rect") if box.get("class") == "box")

    assert widest(2) > 1.4 * widest(60)


def test_hostile_names_stay_text():
    text = draw_flow(sheet([("<script>alert(1)</script>\x0b&", "上游", "weak", "", "")], []))
    assert ElementTree.fromstring(text) is not None and "<script" not in text
    assert not re.search(r"[\x00-\x08\x0b\x0c]", text)
