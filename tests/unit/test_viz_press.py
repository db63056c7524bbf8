"""Printed pages: exact size, text that can be found and copied, bookmarks, our fonts only, the same bytes everywhere."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from map_sheets import made_up, of_chain

from chain import chainfile
from viz import press
from viz.flowpage import draw_flow
from viz.layout import PAPERS
from viz.paging import draw_pages
from viz.press import Page, page_of, to_pdf, to_png

ROOT = Path(__file__).resolve().parents[2]
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext（poppler-utils）没有安装，无法从外面读 PDF")


def poppler(tool, pdf, tmp_path, *options):
    """What a program of poppler-utils says of a PDF."""
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    command = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def a_page(text):
    return Page("页", f'<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210" font-family="Lianpu Sans">'
                     f'<text x="20" y="40" font-size="8">{text}</text></svg>', 297.0, 210.0)


def pixels(png):
    """Width, height and points a metre of a PNG."""
    found = {}
    at = 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        found.setdefault(kind, body)
        at += 12 + size
    return (*struct.unpack(">II", found[b"IHDR"][:8]), struct.unpack(">IIB", found[b"pHYs"]))


@needs_poppler
def test_every_name_on_a_map_can_be_found_in_the_text_of_its_pdf(tmp_path):
    sheet = of_chain(chainfile.read("光伏"))
    text = poppler("pdftotext", to_pdf(draw_pages(sheet), sheet.title), tmp_path, "-raw")
    flat = re.sub(r"\s", "", text)
    assert [link.name for link in sheet.links if re.sub(r"\s", "", link.name) not in flat] == []
    assert "示例市光伏产业链招商图谱" in flat and "数据截至2026-11-20" in flat


@needs_poppler
@pytest.mark.parametrize("paper", ["A4", "A3", "A2", "A1"])
def test_a_page_has_the_size_of_its_paper(paper, tmp_path):
    sheet = made_up(12)
    said = poppler("pdfinfo", to_pdf(draw_pages(sheet, paper=paper), "图"), tmp_path)
    width, height = (float(value) for value in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", said).groups())
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx(PAPERS[paper], abs=0.1)


@needs_poppler
def test_pages_of_unlike_size_stand_in_one_pdf_with_a_bookmark_each(tmp_path):
    sheet = made_up(12)
    pages = [*draw_pages(sheet, paper="A4"), Page("流程图", draw_flow(sheet), 420.0, 297.0)]
    pdf = to_pdf(pages, sheet.title)
    sizes = re.findall(r"Page +\d size: +([\d.]+)", poppler("pdfinfo", pdf, tmp_path, "-f", "1", "-l", "2"))
    assert [round(float(size) / 72 * 25.4) for size in sizes] == [297, 420]
    assert f"Title:           {sheet.title}" in poppler("pdfinfo", pdf, tmp_path)
    outline = poppler("pdftohtml", pdf, tmp_path, "-xml", "-i", "-stdout")
    assert re.findall(r'<item page="(\d)">(.*?)</item>', outline) == [("1", sheet.title), ("2", "流程图")]


@needs_poppler
def test_only_our_fonts_are_in_the_file_cut_down_to_what_is_used(tmp_path):
    pdf = to_pdf(draw_pages(made_up(12)), "图")
    rows = poppler("pdffonts", pdf, tmp_path).splitlines()[2:]
    assert rows and all(re.match(r"[A-Z]{6}\+LianpuSans-(Regular|Bold)", row) for row in rows)
    assert len(pdf) < 300_000


@needs_poppler
def test_a_character_that_the_fonts_lack_is_printed_as_a_mark_and_named_beforehand(tmp_path):
    assert press.missing(["好", "金𪚥公司", "𪚥厂"]) == {"𪚥": "金𪚥公司"}
    assert "金〓公司" in poppler("pdftotext", to_pdf([a_page("金𪚥公司")], "图"), tmp_path)


@needs_poppler
def test_rare_characters_of_names_are_printed(tmp_path):
    rare = "𬭎㛃䶮镕堃喆珺玥鑫淼燊翀龘"
    assert press.missing([rare]) == {}
    assert rare in poppler("pdftotext", to_pdf([a_page(rare)], "图"), tmp_path)


@pytest.mark.parametrize("ppi", [150, 300])
def test_a_png_has_the_pixels_of_its_paper_and_says_how_large_it_prints(ppi):
    wide, tall, (across, down, unit) = pixels(to_png([a_page("好")], "图", ppi)[0])
    assert (wide, tall) == (pytest.approx(297 / 25.4 * ppi, abs=1), pytest.approx(210 / 25.4 * ppi, abs=1))
    assert (across, down, unit) == (round(ppi / 0.0254), round(ppi / 0.0254), 1)


def test_a_page_of_ours_is_known_again_by_its_number():
    pages = draw_pages(made_up(300))
    assert len(pages) > 2
    assert [press.page_number(png) for png in to_png(pages[:2], "图", 150)] == [1, 2]
    assert [press.page_number(page.svg.encode()) for page in pages] == list(range(1, len(pages) + 1))
    assert press.page_number(draw_flow(made_up(5), page=3, pages=3).encode()) == 3
    bare = to_png([a_page("第 2 / 3 页")], "图", 150)[0].replace(b"Lianpu page", b"Gimp   page")
    assert [press.page_number(content) for content in (bare, b"", b"<svg>2</svg>", "<svg>第 2 / 3 页　链谱</svg>".encode())] == [None] * 4


def test_every_page_is_a_picture_of_its_own():
    assert len(to_png([a_page("甲"), a_page("乙")], "图", 150)) == 2


def test_markup_in_names_is_text(tmp_path):
    page = a_page("#panic() $x$ `y` \\ &lt;script&gt;")
    assert to_pdf([Page('#read("/etc/passwd") *甲*', page.svg, 297.0, 210.0)], "#panic()").startswith(b"%PDF")


def test_the_size_of_a_drawing_is_read_from_its_root():
    page = page_of("图", a_page("好").svg)
    assert (page.width, page.height) == (297.0, 210.0)


def test_pdf_and_png_are_the_same_bytes_under_another_hash_seed_time_zone_and_folder(tmp_path):
    script = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from map_sheets import made_up\n"
        "from viz.paging import draw_pages\n"
        "from viz.press import to_pdf, to_png\n"
        "pages = draw_pages(made_up(30))\n"
        "print([hashlib.sha256(part).hexdigest() for part in (pages[0].svg.encode(), to_pdf(pages, '图'), to_png(pages, '图', 150)[0])])")
    said = set()
    for seed, zone, folder in (("0", "Asia/Shanghai", ROOT), ("4711", "America/New_York", tmp_path)):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", script, str(ROOT / "tests")], cwd=folder, env=environment, capture_output=True, check=True)
        said.add(done.stdout)
    assert len(said) == 1
