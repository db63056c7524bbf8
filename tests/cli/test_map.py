"""The map as the command hands it out: pages, papers, fonts, and boxes that stay where they were."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from commands import Lianpu
from fontTools.ttLib import TTFont
from geometry import faults

from viz.layout import PAPERS

HERE = ("--chain", "光伏", "--region", "山西省")


def pages(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


@pytest.mark.parametrize(("arguments", "expected"), [
    ((), 4), (("--no-annex",), 2), (("--no-flow", "--no-annex"), 1), (("--paper", "A4", "--single", "--no-annex"), 1),
    (("--paper", "A4", "--single", "--flow", "--no-annex"), 2), (("--paper", "A2", "--no-flow"), 3)])
def test_a_pdf_holds_map_flow_page_and_annex(lianpu: Lianpu, example: Path, tmp_path: Path, arguments: tuple[str, ...], expected: int) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.pdf", *arguments).code == 0
    assert pages(tmp_path / "图.pdf") == expected


def test_every_page_is_a_file_where_a_format_holds_only_one(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "图.svg", "--paper", "A4", "--flow")
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(["图.svg", *(f"图-{at}.svg" for at in range(2, len(made) + 1))]) and len(made) > 3
    assert ran.out.count("已写入") == len(made)
    for at, path in enumerate(["图.svg", *(f"图-{at}.svg" for at in range(2, len(made) + 1))], 1):
        assert f"第 {at} / {len(made)} 页" in (tmp_path / path).read_text(encoding="utf-8")


def heading(svg: Path) -> dict[str, str]:
    """The numbers in the heading of a map."""
    root = ET.fromstring(svg.read_text(encoding="utf-8"))
    said = [(node[0].tail if len(node) else node.text) or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    return {said[at + 1]: said[at] for at in range(len(said) - 1) if said[at].isdigit()}


def test_a_map_and_that_of_a_set_say_the_same_numbers(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.svg").code == 0
    assert lianpu("report", example, *HERE, "-o", tmp_path / "set").code == 0
    alone, inside = heading(tmp_path / "图.svg"), heading(tmp_path / "set" / "产业链招商图谱.svg")
    assert alone == inside and int(alone["招引目标"]) > 50
    assert int(alone["招引目标"]) == json.loads((tmp_path / "set" / "manifest.json").read_text(encoding="utf-8"))["figures"]["targets"]


def test_a_box_counts_all_targets_and_not_only_those_that_are_listed(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    ran = lianpu("targets", example, *HERE, "--top", "1000", "--format", "json")
    counts = Counter(row["product"] for row in json.loads(ran.out))
    product, most = counts.most_common(1)[0]
    assert most > 10 and lianpu("map", example, *HERE, "-o", tmp_path / "图.svg").code == 0
    root = ET.fromstring((tmp_path / "图.svg").read_text(encoding="utf-8"))
    box = next(node for node in root.iter() if node.get("data-id") == product)
    assert f"等{most}家" in "".join(box.itertext())


def test_the_date_asked_about_is_on_every_page(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.svg", "--as-of", "2026-06-30", "--flow").code == 0
    for name in ("图.svg", "图-2.svg"):
        assert "按 2026-06-30 的状态，数据截至 2026-11-01" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_pages_that_a_longer_map_left_behind_go_and_other_files_stay(lianpu: Lianpu, example: Path, tmp_path: Path, ending: str) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / f"图.{ending}", "--paper", "A4").code == 0
    long = sorted(path.name for path in tmp_path.iterdir())
    assert len(long) > 2
    (tmp_path / f"图-2.{ending}").write_bytes(b"mine")
    ran = lianpu("map", example, *HERE, "-o", tmp_path / f"图.{ending}")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"图-2.{ending}", f"图.{ending}"]
    assert ran.out.count("已删去") == len(long) - 2 and f"图-2.{ending} 不是这次写的" in ran.err
    assert lianpu("map", example, *HERE, "-o", tmp_path / f"图-2.{ending}").code == 0
    assert lianpu("map", example, *HERE, "-o", tmp_path / f"图.{ending}").code == 0
    assert (tmp_path / f"图-2.{ending}").exists()  # the first page of another map


@pytest.mark.parametrize("paper", ["A4", "A2", "A1"])
def test_the_flow_page_has_the_paper_of_the_map(lianpu: Lianpu, example: Path, tmp_path: Path, paper: str) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.svg", "--paper", paper, "--flow").code == 0
    sizes = {re.search(r'width="\d+mm" height="\d+mm"', path.read_text(encoding="utf-8")).group() for path in tmp_path.iterdir()}  # type: ignore[union-attr]
    assert sizes == {f'width="{PAPERS[paper][0]:g}mm" height="{PAPERS[paper][1]:g}mm"'}


def test_the_layout_of_another_chain_is_refused(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    layout = tmp_path / "布局.json"
    assert lianpu("map", example, *HERE, "-o", tmp_path / "一.svg", "--save-layout", layout).code == 0
    ran = lianpu("map", example, "--chain", "特钢材料", "--region", "山西省", "-o", tmp_path / "二.svg", "--pin", layout)
    assert ran.code == 1 and "是产业链「光伏」的，这次画的是「特钢材料」" in ran.err
    assert not (tmp_path / "二.svg").exists()


def test_a_stamp_too_long_is_refused_with_the_limit(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "图.svg", "--stamp", "密" * 60)
    assert ran.code == 1 and "印章字样太长" in ran.err and "最多 24 个汉字宽" in ran.err


def test_every_picture_of_a_public_set_says_so_and_counts_no_targets(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("report", example, *HERE, "--profile", "四图五清单", "--redact", "-o", tmp_path).code == 0
    for name in ("产业链招商图谱.svg", "产业链流程图.svg"):
        said = "".join(ET.fromstring((tmp_path / name).read_text(encoding="utf-8")).itertext())
        assert "公开版" in said and "招引" not in said


def test_a_picture_is_as_large_as_its_paper(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.png").code == 0
    head = (tmp_path / "图.png").read_bytes()[:24]
    assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (2480, 1754)


def test_nothing_handed_out_says_where_files_lie(lianpu: Lianpu, tmp_path: Path) -> None:
    folder = tmp_path / "机密目录"
    folder.mkdir()
    (folder / "名录.csv").write_text("企业名称,所在地,主营产品\n太原某光伏科技有限公司,太原市,光伏组件\n", encoding="utf-8")
    store = tmp_path / "s.lianpu"
    assert lianpu("load", store, folder / "名录.csv", "--register", "太原市", "--as-of", "2026-06-30").code == 0
    assert lianpu("link", store).code == 0
    for name in ("图.svg", "图.html"):
        assert lianpu("map", store, "--chain", "光伏", "--region", "太原市", "-o", tmp_path / name).code == 0
        said = (tmp_path / name).read_text(encoding="utf-8")
        assert "机密目录" not in said and str(tmp_path) not in said


def test_boxes_stay_where_they_were_after_a_change_of_data(lianpu: Lianpu, shanxi: Path, tmp_path: Path) -> None:
    layout = tmp_path / "布局.json"
    assert lianpu("map", shanxi, *HERE, "-o", tmp_path / "一.svg", "--save-layout", layout).code == 0
    (tmp_path / "新.csv").write_text("企业名称,所在地,主营产品\n大同某新材料有限公司,大同市,EVA胶膜\n", encoding="utf-8")
    assert lianpu("load", shanxi, tmp_path / "新.csv", "--as-of", "2026-11-01").code == 0
    assert lianpu("link", shanxi).code == 0
    ran = lianpu("map", shanxi, *HERE, "-o", tmp_path / "二.svg", "--pin", layout)
    total, same = map(int, re.search(r"上次的框有 (\d+) 个还在，(\d+) 个位置未变", ran.err).groups())  # type: ignore[union-attr]
    assert ran.code == 0 and total == 62 and same >= 0.95 * total
    assert "大同某新材料" in (tmp_path / "二.svg").read_text(encoding="utf-8")


def test_an_unchanged_map_with_its_layout_is_the_same_bytes(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    layout = tmp_path / "布局.json"
    assert lianpu("map", example, *HERE, "-o", tmp_path / "一.pdf", "--save-layout", layout).code == 0
    assert lianpu("map", example, *HERE, "-o", tmp_path / "二.pdf", "--pin", layout, "--save-layout", tmp_path / "又.json").code == 0
    assert (tmp_path / "一.pdf").read_bytes() == (tmp_path / "二.pdf").read_bytes()
    assert layout.read_bytes() == (tmp_path / "又.json").read_bytes()


def test_a_layout_that_does_not_fit_is_refused_or_said(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    layout = tmp_path / "布局.json"
    assert lianpu("map", example, *HERE, "-o", tmp_path / "一.svg", "--save-layout", layout).code == 0
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "二.svg", "--paper", "A2", "--pin", layout)
    assert ran.code == 1 and "A3 纸的" in ran.err and "--paper A3" in ran.err
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "二.svg", "--single", "--pin", layout)
    assert ran.code == 2 and "--single" in ran.err
    held = json.loads(layout.read_text(encoding="utf-8"))
    held["pages"][0]["lanes"][0]["name"] = "别的阶段"
    layout.write_text(json.dumps(held), encoding="utf-8")
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "二.svg", "--pin", layout)
    assert ran.code == 0 and "重新排版" in ran.err
    assert (tmp_path / "二.svg").read_bytes() == (tmp_path / "一.svg").read_bytes()
    layout.write_text("不是布局", encoding="utf-8")
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "二.svg", "--pin", layout)
    assert ran.code == 1 and "布局文件读不出来" in ran.err


def test_a_page_carries_every_glyph_it_uses_in_both_weights(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("map", example, *HERE, "-o", tmp_path / "图.html").code == 0
    text = (tmp_path / "图.html").read_text(encoding="utf-8")
    fonts = [TTFont(BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([A-Za-z0-9+/=]+)\)", text)]
    assert [font["name"].getDebugName(6) for font in fonts] == ["LianpuSans-Regular", "LianpuSans-Bold"]
    shown = set(re.sub(r"\s", "", re.sub(r"<style>.*?</style>|<[^>]*>", "", text, flags=re.S)))
    assert {sign for sign in shown if ord(sign) not in fonts[0].getBestCmap()} == set()
    assert "font-src data:" in text and "://" not in text.replace("http://www.w3.org/", "")


def test_a_character_that_cannot_be_printed_is_named_with_its_name(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "企业.csv").write_text("企业名称,所在地,主营产品\n太原𪚥光伏有限公司,太原市,光伏组件\n", encoding="utf-8")
    store = tmp_path / "s.lianpu"
    assert lianpu("load", store, tmp_path / "企业.csv").code == 0
    assert lianpu("link", store).code == 0
    ran = lianpu("map", store, "--chain", "光伏", "--region", "太原市", "-o", tmp_path / "图.pdf")
    assert ran.code == 0 and "缺字：「太原𪚥光伏」里的“𪚥”（U+2A6A5）字库里没有，印成“〓”" in ran.err


def test_the_grid_of_links_and_regions_is_a_sheet_of_a3_that_prints_well(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    assert lianpu("report", example, "--chain", "新能源汽车", "--region", "山西省", "--profile", "五图五清单", "-o", tmp_path).code == 0
    svg = (tmp_path / "环节地区分布图.svg").read_text(encoding="utf-8")
    assert 'width="420mm" height="297mm"' in svg and faults(svg) == []
    assert {"环节地区分布图.pdf", "环节地区分布图.png"} <= {path.name for path in tmp_path.iterdir()}


def test_a_set_says_what_the_fonts_lack(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "企业.csv").write_text("企业名称,所在地,主营产品\n太原𪚥光伏有限公司,太原市,光伏组件\n", encoding="utf-8")
    store, folder = tmp_path / "s.lianpu", tmp_path / "set"
    assert lianpu("load", store, tmp_path / "企业.csv").code == 0
    assert lianpu("link", store).code == 0
    assert lianpu("report", store, "--chain", "光伏", "--region", "太原市", "-o", folder).code == 0
    book = openpyxl.load_workbook(folder / "口径与数据质量说明.xlsx")
    said = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert "缺字" in said and any("U+2A6A5" in cell for cell in said)
