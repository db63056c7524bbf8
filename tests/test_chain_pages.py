"""The pages of docs/chains are those that the chain files give now, and say everything the files say."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from chain import chainfile
from chain.definition import Chain
from scripts.build_chain_pages import FOLDER, pages

LIBRARY = sorted(chainfile.library())
MOST = 300_000
"""Bytes that a map may have."""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages([chainfile.read(name) for name in chainfile.library()])


def test_the_pages_are_current_and_there_are_no_others(made: dict[str, str]) -> None:
    held = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    stale = sorted(name for name in {*made, *held} if made.get(name) != held.get(name))
    assert stale == [], "run scripts/build_chain_pages.py"


@pytest.mark.parametrize("name", LIBRARY)
def test_every_chain_has_a_page_with_its_products_sources_and_map(name: str, made: dict[str, str]) -> None:
    chain, page = chainfile.read(name), made[f"{name}.md"]
    assert [p.name for p in chain.products if f"**{p.name}**" not in page] == []
    assert [key for key in chain.sources if f"- {key}：" not in page] == []
    assert [f"## {stage}" for stage, _ in chain.stages if f"\n## {stage}" not in page] == []
    assert f"]({name}.svg)" in page and f"]({name}.md)" in made["README.md"]
    assert "卡脖子环节" in page or not any(p.chokepoint for p in chain.products)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_map_shows_every_product_once_and_stays_small(name: str, made: dict[str, str]) -> None:
    svg = made[f"{name}.svg"]
    boxes = [node.get("data-id") for node in ET.fromstring(svg).iter() if node.get("data-id")]
    assert sorted(boxes) == sorted(product.name for product in chainfile.read(name).products)
    assert len(svg.encode("utf-8")) < MOST


def parsed(text: str) -> Chain:
    return chainfile.parse(text, "链.yaml")


LENT = parsed("chain: 乙\nstages: [上游]\nsources: {S1: 目录}\nsegments:\n  - name: 段\n    stage: 上游\n    products:\n"
              "      - {name: 矿, aliases: [矿石], criticality: 4, reason: 少, chokepoint: S1, terminal: true}\n")
OWN = """\
chain: 甲
version: 1.0.0
as_of: 2026-01-01
summary: 到此为止
stages: [{name: 上游, description: 料}, 下游]
sources: {S1: {title: 目录, publisher: 某部, year: 2021}}
segments:
  - name: 段
    stage: 上游
    products:
      - use: 矿
      - {name: 铜, no_inputs: 外来的铜}
      - {name: 渣, byproduct_of: {product: 钢, tonnes: 0.3, source: S1}, unlinked: 没人报}
  - name: 件
    stage: 下游
    products:
      - name: 钢
        aliases: [好钢, '钢|材']
        inputs: [{product: 矿, coefficient: 0.5, source: S1}, {product: 铜, group: 料, captive: true}, {product: 渣, group: 料},
                 {product: 炉, role: 设备}]
        upgrades_to: {product: 特钢, gain: 更硬}
        criticality: 3
        reason: 要用
        gbt4754: [C3120]
        distinct_from: {product: 别钢, reason: 不是一回事}
      - {name: 特钢, kind_of: 钢, terminal: true}
      - 炉
"""


def test_a_page_says_what_the_file_says_and_where_lent_products_are_defined() -> None:
    page = pages([parsed(OWN), LENT])["甲.md"]
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert rows == [
        "| **矿**（卡脖子）（见[乙](乙.md)） | 矿石 |  |  | 4 | 少 |  |",
        "| **铜** |  |  |  |  |  |  |",
        "| **渣** |  |  | 副产于 钢（0.3 吨/吨，S1） |  |  |  |",
        "| **钢** | 好钢、钢\\|材 | 矿（0.5 元/元，S1）；〔料：铜（多自产） 或 渣〕；［设备］炉 | 升级为 特钢：更硬 | 3 | 要用 | C3120 |",
        "| **特钢**（终端） |  |  | 属 钢 |  |  |  |",
        "| **炉** |  |  |  |  |  |  |",
    ]
    assert "- 铜：投入不在库里，外来的铜\n- 渣：名单里查不到企业，没人报\n- 钢 不是 别钢：不是一回事\n" in page
    assert "- S1：《目录》（某部，2021）" in page


def test_text_that_means_something_to_markdown_stays_text() -> None:
    evil = "<b>|`x`](y)*"
    page = pages([parsed(f"chain: 甲\nsummary: '{evil}'\nstages: [上游]\nsegments:\n  - name: '{evil}'\n    stage: 上游\n"
                         f"    products:\n      - {{name: '{evil}', terminal: true}}\n")])["甲.md"]
    assert "<b>" not in page.replace("\\<b\\>", "") and "`x`" not in page.replace("\\`x\\`", "")
    assert [line.replace("\\|", "").count("|") for line in page.splitlines() if line.startswith("| **")] == [8]
