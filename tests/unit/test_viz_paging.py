"""The map on every paper: nothing overlaps, nothing is clipped or too small, every link is named on some page under one code."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from geometry import SVG, faults, words
from map_sheets import made_up, of_chain

from chain import chainfile
from viz.flowpage import draw_flow
from viz.frame import frame_of
from viz.paging import draw_pages, lay_out
from viz.plainmap import draw_chain

LIBRARY = sorted(chainfile.library())
PAPERS = ("A4", "A3", "A2", "A1")


def codes(svg):
    """Code by product of the boxes that show one link."""
    return {node.get("data-id"): node.get("data-code") for node in ET.fromstring(svg).iter(f"{SVG}g") if node.get("data-id")}


def texts(svg):
    return [words(node) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_chain_prints_well_on_every_paper(name):
    chain = chainfile.read(name)
    sheet = of_chain(chain)
    for paper in PAPERS:
        assert [fault for page in draw_pages(sheet, paper=paper) for fault in faults(page.svg)] == []
    assert faults(draw_flow(sheet)) == []
    assert faults(draw_chain(chain)) == []


@pytest.mark.parametrize("count", [1, 5, 50, 150, 300, 600])
@pytest.mark.parametrize("paper", ["A4", "A3", "A1"])
def test_a_chain_of_any_size_prints_well(count, paper):
    sheet = made_up(count)
    pages = draw_pages(sheet, paper=paper)
    assert [fault for page in pages for fault in faults(page.svg)] == []
    assert [[word for word in texts(page.svg) if "页" in word and "第" in word][0].split("页")[0] for page in pages] == [
        f"第 {at} / {len(pages)} " for at in range(1, len(pages) + 1)]


@pytest.mark.parametrize("count", [5, 150, 600])
def test_every_link_stands_on_one_page_in_full_under_the_code_it_has_everywhere(count):
    sheet = made_up(count)
    pages = [codes(page.svg) for page in draw_pages(sheet, paper="A3")]
    known = {link.product: link.code for link in sheet.links}
    assert all(known[product] == code for page in pages for product, code in page.items())
    full = pages if len(pages) == 1 else pages[1:]
    assert sorted(product for page in full for product in page) == sorted(known)


def test_supply_codes_on_a_later_page_are_those_of_the_whole_chain():
    sheet = made_up(150)
    known = {link.code for link in sheet.links}
    said = [code for page in draw_pages(sheet) for word in texts(page.svg) if word.startswith("供→ ")
            for code in re.findall(r"[上中下]\d+", word)]
    assert said and set(said) <= known


@pytest.mark.parametrize(("count", "paper", "forms"), [
    (40, "A3", ["full"]), (150, "A3", ["compact", "full", "full", "full"]), (250, "A3", ["chip"]),
    (600, "A3", ["segments"]), (600, "A1", ["compact"])])
def test_the_first_page_says_as_much_as_fits(count, paper, forms):
    sheet = made_up(count, seed=3)
    short = sheet.products.assign(name=[f"产品{at}号" for at in range(count)])
    object.__setattr__(sheet, "products", short)
    laid = [part.plan.form.name for part in lay_out(sheet.lanes, frame_of(paper))]
    assert laid[: len(forms)] == forms


def test_the_pages_of_a_stage_have_one_scale():
    parts = lay_out(made_up(300).lanes, frame_of("A3"))[1:]
    scales = {}
    for part in parts:
        scales.setdefault(part.name.split(" ")[0], set()).add(round(part.plan.scale, 1))
    assert {stage: len(found) for stage, found in scales.items()} == {"上游": 1, "中游": 1, "下游": 1}


def test_small_neighbouring_stages_share_a_page_and_each_stage_is_on_one():
    sheet = made_up(60, stages="甲乙丙丁戊己")
    overview, *pages = lay_out(sheet.lanes, frame_of("A4"))
    named = [stage for part in pages for stage in part.name.split("、")]
    assert overview.name == "" and named == [lane.name for lane in sheet.lanes] and len(pages) < len(named)
    assert all(lane.lane.name in part.name for part in pages for lane in part.plan.lanes)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_chain_of_a_thousand_segments_does_without_an_overview_or_still_reads(paper):
    pages = draw_pages(made_up(400, segments=400), paper=paper)
    assert [fault for page in pages for fault in faults(page.svg)] == []
