"""The map of a chain by itself: what a reader must find on it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from chain import chainfile
from chain.definition import Chain
from chain.errors import InputError, OutputError
from viz.plainbox import LEVELS
from viz.plainmap import draw_chain

SVG = "{http://www.w3.org/2000/svg}"
HEAD = "chain: {0}\nversion: 1.0.0\nas_of: 2026-01-01\nsummary: 从矿到钢\nstages: [上游, 下游]\nsources: {{S1: 目录}}\nsegments:\n"
OWN = HEAD.format("钢铁") + """\
  - name: 原料
    stage: 上游
    products:
      - use: 矿石
      - {name: 焦炭, criticality: 5, reason: 炼铁少不了, chokepoint: S1}
      - {name: 炉渣, byproduct_of: 钢坯, inputs: []}
  - name: 冶炼
    stage: 下游
    products:
      - {name: 电炉, criticality: 1, reason: 到处都有}
      - {name: 钢坯, inputs: [矿石, 焦炭, {product: 电炉, role: 设备}], upgrades_to: 特钢}
      - {name: 特钢, kind_of: 钢坯, inputs: [焦炭], terminal: true}
"""
LENT = HEAD.format("采矿") + "  - {name: 矿, stage: 上游, products: [{name: 矿石, criticality: 3, reason: 全靠它}]}\n"


def parsed(text: str) -> Chain:
    return chainfile.parse(text, "链.yaml")


def drawn(**how: object) -> ET.Element:
    return ET.fromstring(draw_chain(parsed(OWN), others=[parsed(LENT)], **how))


def boxes(root: ET.Element) -> dict[str, ET.Element]:
    return {str(node.get("data-id")): node for node in root.iter(f"{SVG}g") if node.get("data-id")}


def words(node: ET.Element) -> list[str]:
    return [text.text or "" for text in node.iter(f"{SVG}text")]


def test_every_product_has_a_box_with_its_code_and_what_it_is_tied_to() -> None:
    assert {name: (box.get("data-code"), words(box)[2:]) for name, box in boxes(drawn()).items()} == {
        "矿石": ("上1", ["供→", "下2", "见", "采矿"]),
        "焦炭": ("上2", ["卡", "供→", "下2 下3"]),
        "炉渣": ("上3", ["副产于", "下2"]),
        "电炉": ("下1", ["供→", "下2"]),
        "钢坯": ("下2", ["用←", "上1 上2", "备←", "下1", "升级→", "下3"]),
        "特钢": ("下3", ["用←", "上2", "属", "下2"]),
    }


def test_criticality_is_the_colour_and_that_of_a_lent_product_is_its_owners() -> None:
    found = boxes(drawn())
    assert {name: box.get("data-level") for name, box in found.items()} == {
        "矿石": "3", "焦炭": "5", "炉渣": "0", "电炉": "1", "钢坯": "0", "特钢": "0"}
    assert found["焦炭"].find(f"{SVG}path").get("fill") == LEVELS[5].fill


def test_a_lent_product_is_dashed_and_its_tooltip_says_who_defines_it() -> None:
    found = boxes(drawn())
    dashed = {name for name, box in found.items() for node in box.iter(f"{SVG}rect") if node.get("class") == "box" and node.get("stroke-dasharray")}
    assert dashed == {"矿石"}
    assert found["矿石"].find(f"{SVG}title").text == "上1 矿石；关键度 3：全靠它；由产业链「采矿」定义"
    assert found["焦炭"].find(f"{SVG}title").text == "上2 焦炭；关键度 5：炼铁少不了；卡脖子：目录"


def test_the_heading_counts_links_arcs_and_lent_products() -> None:
    shown = words(drawn())
    numbers = dict(zip(shown[3:12:2], shown[2:12:2], strict=True))
    assert numbers == {"产品环节": "6", "投入关系": "4", "引自他链": "1", "关键度 5": "1", "卡脖子": "1"}


def test_no_enterprise_or_status_is_spoken_of() -> None:
    text = draw_chain(parsed(OWN))
    assert not any(word in text for word in ("缺失", "待核", "本地", "招引"))


def test_a_smaller_paper_says_less_but_shows_every_link() -> None:
    lines = "\n".join(f"      - {{name: 产品{at}, inputs: [产品{at + 1}], criticality: {at % 5 + 1}, reason: 理由}}" for at in range(119))
    chain = parsed(HEAD.format("长链") + f"  - name: 段\n    stage: 上游\n    products:\n{lines}\n      - 产品119\n")
    large, small = (ET.fromstring(draw_chain(chain, paper=paper)) for paper in ("A1", "A4"))
    assert len(boxes(large)) == len(boxes(small)) == 120
    assert (large.get("data-form"), small.get("data-form")) == ("plain", "plain-names")
    assert words(boxes(small)["产品5"]) == ["上6", "产品5"]
    assert not any("供→" in word for word in words(small))


def test_hostile_text_is_inert() -> None:
    chain = parsed(OWN)
    evil = "</text><script>alert(1)</script>\"'&\x0b\u202e"
    products = tuple(replace(product, name=evil, segment=evil) if product.name == "炉渣" else product for product in chain.products)
    text = draw_chain(replace(chain, name=evil, summary=evil, stages=(("上游", evil), ("下游", evil)), products=products))
    assert "<script" not in text and not set(text) & {"\x0b", "\u202e"}
    assert "</text><script>alert(1)</script>\"'&" in boxes(ET.fromstring(text))


def test_the_same_chain_gives_the_same_bytes() -> None:
    assert draw_chain(parsed(OWN)) == draw_chain(parsed(OWN))


def test_what_can_not_be_drawn_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError, match="没有任何环节"):
        draw_chain(parsed("chain: 空\nstages: [上游]\nsegments: []\n"))
    with pytest.raises(InputError, match="没有这种纸张"):
        draw_chain(parsed(OWN), paper="B5")
    many = "\n".join(f"      - 产品{at}" for at in range(1500))
    with pytest.raises(OutputError, match="放不下"):
        draw_chain(parsed(HEAD.format("太长") + f"  - name: 段\n    stage: 上游\n    products:\n{many}\n"), paper="A4")
