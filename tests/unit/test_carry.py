"""The page to carry: complete, inert, and honest about its size."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import web_graphs
from queries_graphs import Rows, graph, stored

from chain import open_store
from chain.cli.ask import notes_for
from chain.cli.explorer import explorer_sheet
from chain.cli.pack import gather
from chain.errors import OutputError
from queries.rules import Rules
from viz.carry import SCRIPTS, carry_page, told_by
from viz.explorer import ExplorerSheet


def sheet(folder: Path, *, targets: bool = True, top: int = 5, rows: Rows | None = None) -> ExplorerSheet:
    with stored(folder, rows or web_graphs.rows()) as store:
        held = store.location
    with open_store(held) as store:
        answers = gather(store, "链", "140100", Rules(), top=top)
        return explorer_sheet(answers, notes_for(answers.state.place, Rules(), store.as_of), targets=targets)


class Tags(HTMLParser):
    """Elements of a page with their attributes."""

    @classmethod
    def of(cls, page: str) -> dict[str, list[list[tuple[str, str | None]]]]:
        reader = cls()
        reader.found: dict[str, list[list[tuple[str, str | None]]]] = {}
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.setdefault(tag, []).append(attrs)


def test_page_tells_every_link_with_its_status_and_who_makes_it(tmp_path: Path) -> None:
    told = told_by(carry_page(sheet(tmp_path)))
    assert [(p["name"], p["status"], p["makers"], len(p["targets"])) for p in told["products"] if p["name"] != "炉"] == [
        ("矿", "待核", 0, 0), ("铁", "缺失", 0, 2), ("钢", "薄弱", 1, 0), ("件", "薄弱", 1, 0)]
    assert [(arc["from"], arc["to"], arc["broken"]) for arc in told["arcs"]] == [
        ("p:炉", "p:钢", False), ("p:矿", "p:铁", False), ("p:钢", "p:件", False), ("p:铁", "p:钢", True)]
    assert [node["id"] for node in told["network"]["nodes"]] == [p["id"] for p in told["products"]]


def test_boxes_stand_left_to_right_by_stage_and_rank(tmp_path: Path) -> None:
    at = {p["name"]: p["x"] for p in told_by(carry_page(sheet(tmp_path)))["products"]}
    assert at["矿"] < at["铁"] < at["钢"] < at["件"]


def test_only_the_scripts_of_the_page_may_run(tmp_path: Path) -> None:
    page = carry_page(sheet(tmp_path))
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    policy = dict(Tags.of(page)["meta"][1])["content"] or ""
    assert set(re.findall(r"'sha256-([^']+)'", policy.split("script-src")[1].split(";")[0])) == hashes
    assert "unsafe" not in policy


def test_hostile_names_end_no_tag(tmp_path: Path) -> None:
    page = carry_page(sheet(tmp_path))
    tags = Tags.of(page)
    assert {tag: len(found) for tag, found in tags.items() if tag in ("script", "img", "svg", "iframe", "b")} == {
        "script": len(SCRIPTS) + 2}  # what draws, and what is told
    assert [name for found in tags.values() for attributes in found for name, _ in attributes if name.startswith("on")] == []
    assert {firm["name"] for firm in told_by(page)["firms"].values()} >= {"恶2</script><script>window.pwned=1</script>"}


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    assert carry_page(sheet(tmp_path / "a")) == carry_page(sheet(tmp_path / "b"))


def test_targets_can_be_left_out(tmp_path: Path) -> None:
    page = carry_page(sheet(tmp_path, targets=False))
    assert "丙铁厂" not in page
    assert "甲钢厂" in page


def test_without_targets_the_legend_says_that_none_are_listed(tmp_path: Path) -> None:
    signs = {withheld: ("◇ <span" in page, '<span data-word="withheld">' in page, told_by(page)["withheld"])
             for withheld in (False, True) for page in [carry_page(sheet(tmp_path, targets=not withheld))]}
    assert signs == {False: (True, False, False), True: (False, True, True)}


def test_too_many_local_firms_are_refused_and_only_what_helps_is_named(tmp_path: Path) -> None:
    many = {f"厂{n}": "140105" for n in range(1500)}
    with pytest.raises(OutputError, match=r"本地企业 1,508.*最多 1,500 个") as failure:
        carry_page(sheet(tmp_path, rows=web_graphs.rows(many, dict.fromkeys(many, "钢"))))
    assert failure.value.way_out == "换小一些的地区（--region）或另一条链（--chain），或改用 lianpu serve 在浏览器里按需展开"


def test_too_many_targets_are_refused_and_fewer_are_advised(tmp_path: Path) -> None:
    many = {f"厂{n}": "130100" for n in range(1500)}
    with pytest.raises(OutputError, match=r"招引目标 1,50\d.*最多 1,500 个") as failure:
        carry_page(sheet(tmp_path, top=2000, rows=web_graphs.rows(many, dict.fromkeys(many, "铁"))))
    assert failure.value.way_out.startswith("用 --top 减少每个环节的目标企业（环节和本地企业共 ")


def test_what_arises_beside_has_a_line_of_its_own(tmp_path: Path) -> None:
    rows = {**web_graphs.rows(), "byproducts": [{"product": "炉", "main": main, "source": "链", "row": 9} for main in ("铁", "件")]}
    page = carry_page(sheet(tmp_path, rows=rows))
    assert told_by(page)["byproducts"] == [{"from": "p:件", "to": "p:炉"}, {"from": "p:铁", "to": "p:炉"}]
    lines = [edge for edge in told_by(page)["network"]["edges"] if edge["id"].startswith("b")]
    assert [(line["from"], line["to"], line["dashes"], line["color"]) for line in lines] == [
        ("p:件", "p:炉", [12, 4, 2, 4], {"color": "#8A5A00"}), ("p:铁", "p:炉", [12, 4, 2, 4], {"color": "#8A5A00"})]
    legends = ['<span data-word="byproduct">' in each for each in (page, carry_page(sheet(tmp_path)))]
    assert legends == [True, False]


def test_firms_are_told_with_stock_code_and_names_with_their_syllables(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", firms={"太钢股份": {"region": "140105", "code": "000825"}, "丙铁厂": {"region": "130100"}},
                 makes={"太钢股份": "钢", "丙铁厂": "铁"})
    told = told_by(carry_page(sheet(tmp_path, rows=rows)))
    assert {firm["name"]: (firm["code"], firm["spelled"]) for firm in told["firms"].values()} == {
        "太钢股份": ("000825", "tai gang gu fen"), "丙铁厂": ("", "bing tie chang")}
    assert {product["name"]: product["spelled"] for product in told["products"]} == {"铁": "tie", "钢": "gang"}


def test_a_long_name_is_cut_in_its_box_and_whole_beside_it(tmp_path: Path) -> None:
    long, fits = "特" * 27, "铁" * 26
    told = told_by(carry_page(sheet(tmp_path, rows=graph(f"{fits} {long}", f"{fits}→{long}"))))
    assert [(node["label"][2:], node.get("title")) for node in told["network"]["nodes"]] == [(fits, None), ("特" * 25 + "…", long)]
    assert [product["name"] for product in told["products"]] == [fits, long]


def test_in_english_title_and_date_are_english(tmp_path: Path) -> None:
    told = told_by(carry_page(replace(sheet(tmp_path), as_of="2026-06-30", asked="2025-12-31"), lang="en"))
    assert (told["title"], told["dated"]) == ("太原市链 industrial chain", "State of 2025-12-31, data as of 2026-06-30")
