"""The next edition of a map: boxes stay where they were, and what can't stay moves as little else as possible."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from geometry import faults
from map_sheets import PRODUCTS, changed, made_up, of_chain, without

from chain import chainfile
from chain.errors import InputError
from viz import pinning
from viz.frame import frame_of
from viz.paging import draw_pages, lay_out

LIBRARY = sorted(chainfile.library())


def kept(sheet, paper="A3"):
    return pinning.layout_of(lay_out(sheet.lanes, frame_of(paper)), paper)


def again(layout, sheet):
    return pinning.keep(layout, sheet.lanes, frame_of(layout.paper))


def row(product, stage, segment, status="missing"):
    return dict(zip(PRODUCTS, (product, product, stage, segment, status, "", 0, 5, "补链"), strict=True))


@pytest.mark.parametrize("name", LIBRARY)
def test_after_a_change_of_two_in_a_hundred_links_ninety_five_boxes_in_a_hundred_stay(name):
    sheet = of_chain(chainfile.read(name))
    layout = kept(sheet)
    same = total = 0
    for seed in range(3):
        later = changed(sheet, 0.02, seed)
        parts = again(layout, later)
        stayed, there = pinning.unmoved(layout, parts)
        assert there == len(layout.pages[0].boxes) + sum(len(page.boxes) for page in layout.pages[1:])
        same, total = same + stayed, total + there
    assert [fault for page in draw_pages(later, parts=parts) for fault in faults(page.svg)] == []
    assert same >= 0.95 * total


@pytest.mark.parametrize(("count", "paper"), [(5, "A3"), (150, "A3"), (300, "A4"), (600, "A3")])
def test_paged_maps_stay_too(count, paper):
    sheet = made_up(count)
    layout, later = kept(sheet, paper), changed(sheet, 0.02)
    parts = again(layout, later)
    same, total = pinning.unmoved(layout, parts)
    assert same >= 0.95 * total
    assert [fault for page in draw_pages(later, paper=paper, parts=parts) for fault in faults(page.svg)] == []


def test_an_unchanged_chain_is_drawn_as_it_was():
    sheet = made_up(150)
    layout = pinning.Layout("A3", kept(sheet).pages)
    parts = again(layout, sheet)
    assert pinning.unmoved(layout, parts) == (300, 300)
    assert pinning.layout_of(parts, "A3") == layout


def test_a_link_that_is_gone_leaves_a_hole_which_the_next_new_one_of_its_segment_takes():
    sheet = made_up(40)
    layout = kept(sheet)
    gone = sheet.links[5]
    fewer = without(sheet, {gone.product})
    assert pinning.unmoved(layout, again(layout, fewer)) == (39, 39)
    new = without(sheet, {gone.product}, pd.DataFrame([row("新", gone.stage, gone.segment)]))
    parts = again(layout, new)
    assert pinning.unmoved(layout, parts) == (39, 39)
    assert pinning.layout_of(parts, "A3").pages[0].boxes["新"] == layout.pages[0].boxes[gone.product]


def test_a_new_link_moves_no_box_of_another_stage():
    sheet = made_up(40)
    layout = kept(sheet)
    near = sheet.links[5]
    later = without(sheet, set(), pd.DataFrame([row("新", near.stage, near.segment)]))
    parts = again(layout, later)
    boxes = pinning.layout_of(parts, "A3").pages[0].boxes
    others = [link.product for link in sheet.links if link.stage != near.stage]
    assert "新" in boxes and {product: boxes[product] for product in others} == {
        product: layout.pages[0].boxes[product] for product in others}
    assert [fault for page in draw_pages(later, parts=parts) for fault in faults(page.svg)] == []


def test_a_new_segment_moves_no_box_of_another_stage():
    sheet = made_up(24)
    layout = kept(sheet, "A2")
    parts = again(layout, without(sheet, set(), pd.DataFrame([row("新", "中游", "新的一组")])))
    moved = {product for page in layout.pages for product in page.boxes
             if pinning.layout_of(parts, "A2").pages[0].boxes[product] != page.boxes[product]}
    assert moved <= {link.product for link in sheet.links if link.stage == "中游"}


def test_other_stages_or_another_paper_ask_for_a_new_layout():
    layout = kept(made_up(40))
    assert again(layout, made_up(40, stages="甲乙")) is None
    assert pinning.keep(layout, made_up(40).lanes, frame_of("A2")) is None


def test_a_layout_comes_back_from_its_file_and_the_map_with_it_byte_for_byte(tmp_path):
    sheet = made_up(150)
    parts = lay_out(sheet.lanes, frame_of("A3"))
    path = tmp_path / "布局.json"
    path.write_text(pinning.to_json(pinning.layout_of(parts, "A3")), encoding="utf-8")
    read = pinning.read_layout(path)
    first = again(read, sheet)
    assert [page.svg for page in draw_pages(sheet, parts=first)] == [page.svg for page in draw_pages(sheet, parts=parts)]
    assert pinning.to_json(pinning.layout_of(first, "A3")) == path.read_text(encoding="utf-8")


def test_a_layout_says_whose_it_is_and_that_of_another_chain_is_told():
    one, other = (of_chain(chainfile.read(name)) for name in ("光伏", "特钢材料"))
    parts = lay_out(one.lanes, frame_of("A3"))
    named, nameless = pinning.layout_of(parts, "A3", "光伏"), pinning.layout_of(parts, "A3")
    assert [pinning.strange(named, one.lanes, "光伏"), pinning.strange(named, other.lanes, "特钢材料")] == [False, True]
    assert [pinning.strange(nameless, one.lanes, "光伏"), pinning.strange(nameless, other.lanes, "特钢材料")] == [False, True]


def test_the_name_of_the_chain_comes_back_from_the_file(tmp_path):
    path = tmp_path / "布局.json"
    path.write_text(pinning.to_json(pinning.layout_of(lay_out(made_up(5).lanes, frame_of("A3")), "A3", "光伏")), encoding="utf-8")
    assert pinning.read_layout(path).chain == "光伏"


def _broken():
    good = json.loads(pinning.to_json(kept(made_up(5))))
    yield "[]"
    yield "{"
    yield "[" * 100000
    yield json.dumps({**good, "kind": "别的"})
    yield json.dumps({**good, "paper": "B5"})
    yield json.dumps({**good, "pages": 5})
    yield json.dumps({**good, "pages": [{**good["pages"][0], "form": "huge"}]})
    yield json.dumps({**good, "pages": [{**good["pages"][0], "scale": 0.01}]})
    lane = good["pages"][0]["lanes"][0]
    for area in ([0, 0, 1], [0, 0, -1, 5], [float("nan"), 0, 1, 1], ["a", 0, 1, 1], None, [1e9, 0, 1, 1]):
        yield json.dumps({**good, "pages": [{**good["pages"][0], "lanes": [{**lane, "area": area}]}]})


@pytest.mark.parametrize("at", range(14))
def test_a_file_that_is_no_layout_is_named_with_the_way_out(tmp_path, at):
    path = tmp_path / "布局.json"
    path.write_text(list(_broken())[at], encoding="utf-8")
    with pytest.raises(InputError, match="布局文件") as caught:
        pinning.read_layout(path)
    assert "--save-layout" in str(caught.value) and str(path) in str(caught.value)
