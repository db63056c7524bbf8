"""The page to carry: complete, inert, and honest about its size."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import web_graphs

from chain import open_store
from chain.cli.ask import notes_for
from chain.cli.explorer import explorer_sheet
from chain.cli.pack import gather
from chain.errors import OutputError
from queries.rules import Rules
from viz.carry import carry_page, told_by
from viz.explorer import ExplorerSheet


def sheet(folder: Path, *, targets: bool = True, **extra: dict[str, object]) -> ExplorerSheet:
    with open_store(web_graphs.file(folder, **extra)) as store:
        answers = gather(store, "链", "140100", Rules(), top=5)
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
    assert {tag: len(found) for tag, found in tags.items() if tag in ("script", "img", "svg", "iframe", "b")} == {"script": 4}
    assert [name for found in tags.values() for attributes in found for name, _ in attributes if name.startswith("on")] == []
    assert {firm["name"] for firm in told_by(page)["firms"].values()} >= {"恶2</script><script>window.pwned=1</script>"}


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    assert carry_page(sheet(tmp_path / "a")) == carry_page(sheet(tmp_path / "b"))


def test_targets_can_be_left_out(tmp_path: Path) -> None:
    page = carry_page(sheet(tmp_path, targets=False))
    assert "丙铁厂" not in page
    assert "甲钢厂" in page


def test_too_many_nodes_are_refused_and_the_server_is_named(tmp_path: Path) -> None:
    many = {f"厂{n}": "140105" for n in range(1500)}
    with pytest.raises(OutputError, match="1,500 个") as failure:
        carry_page(sheet(tmp_path, extra_firms=many, extra_makes=dict.fromkeys(many, "钢")))
    assert "lianpu serve" in failure.value.way_out
