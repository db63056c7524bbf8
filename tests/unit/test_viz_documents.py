"""Documents, slides and region maps from small findings in sight: what they say, and that no text in them can do harm."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from chain.errors import InputError
from viz.boundaries import Outline, Outlines, fitted, label_spot, read_boundaries, tiles
from viz.docx import Heading, Letter, Paragraph, Small, Table, write_document
from viz.layout import Area
from viz.ooxml import parts, settled
from viz.pptx import Deck
from viz.redact import band
from viz.regionmap import RegionSheet, draw_region_map, shade, steps
from viz.rosters import routes

EVIL = "=cmd|'/c calc'!A1<script>alert(1)</script>\x0b\u202e&amp;]]>\ud800"
SHOWN = "=cmd|'/c calc'!A1<script>alert(1)</script>&amp;]]>"


def square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def geojson(path: Path, *features: dict) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def feature(code: object, *rings: list, kind: str = "Polygon") -> dict:
    return {"type": "Feature", "properties": {"code": code, "name": "甲"}, "geometry": {"type": kind, "coordinates": list(rings)}}


def regions(outlines: Outlines, values: dict[str, int], **more: object) -> str:
    frame = pd.DataFrame({"region": list(values), "name": [f"地{code}" for code in values], "value": list(values.values()), "links": 0})
    return draw_region_map(RegionSheet("甲链区域分布图", "甲省", "2026-06-30", "只有样本。", frame, "链上企业数", "家", outlines, **more))


def test_boundaries_are_read_by_code_under_any_usual_name_and_the_rest_is_named(tmp_path):
    path = geojson(tmp_path / "a.geojson", feature("140100", square(112, 37)), feature(140200, square(113, 40)),
                   feature("156140300", square(113, 38)), feature("370100", square(117, 36)))
    found = read_boundaries(path, ["140100", "140200", "140300", "140400"])
    assert [shape.code for shape in found.shapes] == ["140100", "140200", "140300"]
    assert (found.absent, found.schematic) == (("140400",), False)


@pytest.mark.parametrize(("text", "said"), [
    ("{", "不是 JSON"), ("[1]", "FeatureCollection"), ('{"features": []}', "没有需要的地区"),
    (json.dumps({"features": [feature("140100", [[1e9, 2], [1, 2], [3, 4]])]}), "不是经纬度"),
    (json.dumps({"features": [feature("140100", [["x", 2]])]}), "坐标读不出来"),
    (json.dumps({"features": [feature("140100", [1, 2], kind="Point")]}), "Point"),
    ("[" * 100_000, "不是 JSON"),
])
def test_a_file_that_is_no_boundary_is_refused_with_its_name_and_the_way_out(tmp_path, text, said):
    (tmp_path / "界.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_boundaries(tmp_path / "界.geojson", ["140100"])
    assert "界.geojson" in str(caught.value) and "办法" in str(caught.value)


def test_outlines_fill_the_page_and_keep_their_shape(tmp_path):
    path = geojson(tmp_path / "a.geojson", feature("140100", square(112, 0)), feature("140200", square(113, 1)))
    placed = fitted(read_boundaries(path, ["140100", "140200"]), Area(10, 20, 100, 100))
    points = [point for shape in placed for ring in shape.rings for point in ring]
    assert (round(min(x for x, _ in points)), round(max(x for x, _ in points))) == (10, 110)
    assert min(y for _, y in points) >= 20 and max(y for _, y in points) <= 120
    south, north = placed
    assert min(y for _, y in south.rings[0]) > min(y for _, y in north.rings[0])


def test_tiles_lie_as_the_cities_do_and_unknown_codes_row_by_row():
    from chain import region

    cities = tiles(region.children("140000"))
    spot = {shape.code: shape.rings[0][0] for shape in cities.shapes}
    assert spot["140200"][1] > spot["140100"][1] > spot["140800"][1]
    assert cities.arranged and len(set(spot.values())) == 11
    strange = tiles(["990100", "990200", "990300"])
    assert not strange.arranged and len({shape.rings[0][0] for shape in strange.shapes}) == 3


def test_a_label_stands_inside_a_shape_that_is_hollow_in_the_middle():
    bow = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (8.0, 10.0), (8.0, 3.0), (2.0, 3.0), (2.0, 10.0), (0.0, 10.0))
    x, y, wide = label_spot([bow], height=2.0)
    assert 1 < y < 2.1 and x == 5 and wide == 10


def test_classes_part_none_from_some_and_reach_the_largest():
    for most in (1, 2, 5, 14, 99, 5000):
        limits = steps([0, most])
        assert shade(0, limits) == 0 and shade(1, limits) >= 1 and shade(most, limits) >= min(most, 4)
        assert list(limits) == sorted(limits)


def test_a_region_map_says_unseen_for_none_and_owns_that_tiles_are_no_borders():
    drawn = regions(tiles(["140100", "140200"]), {"140100": 3, "140200": 0})
    root = ElementTree.fromstring(drawn)
    assert {each.get("data-code"): each.get("data-value") for each in root.iter() if each.get("data-code")} == {"140100": "3", "140200": "0"}
    assert "不表示行政区域界线" in drawn and "审图号" not in drawn and drawn.count("未见") >= 3


def test_a_region_map_of_hostile_names_is_still_wellformed():
    frame = pd.DataFrame({"region": ["140100"], "name": [EVIL[:-1]], "value": [1], "links": [2]})
    sheet = RegionSheet(EVIL, EVIL, "", EVIL, frame, "链上企业数", "家", tiles(["140100"]), author=EVIL, stamp="内部资料")
    drawn = draw_region_map(sheet)
    assert ElementTree.fromstring(drawn) is not None and "<script" not in drawn and "数据日期未注明" in drawn


def test_a_map_of_a_hundred_regions_counts_those_the_list_has_no_room_for():
    codes = [f"99{n:04d}" for n in range(1, 120)]
    drawn = regions(tiles(codes), {code: n for n, code in enumerate(codes)})
    assert "其余" in drawn and drawn.count("data-code=") == 119


def test_a_document_holds_hostile_text_as_text(tmp_path):
    from docx import Document

    letter = Letter(EVIL, (EVIL,), (Heading(EVIL), Paragraph(EVIL, (1,)), Small(EVIL), Table(EVIL, ("甲", "状态"), ((EVIL, "薄弱"),), (1, 1), EVIL)),
                    (EVIL,), EVIL)
    write_document(tmp_path / "a.docx", letter, as_of="2026-06-30", author=EVIL)
    held = Document(str(tmp_path / "a.docx"))
    assert [p.text for p in held.paragraphs if p.text] == [SHOWN, SHOWN, SHOWN, f"{SHOWN}〔1〕", SHOWN, SHOWN, SHOWN, SHOWN]
    assert [cell.text for cell in held.tables[0].rows[1].cells] == [SHOWN, "◐ 薄弱"]
    with zipfile.ZipFile(tmp_path / "a.docx") as zipped:
        assert b"hyperlink" not in zipped.read("word/document.xml")


def test_a_document_has_the_margins_of_the_standard_repeats_table_heads_and_names_fonts_for_hanzi(tmp_path):
    from docx import Document
    from docx.oxml.ns import qn

    letter = Letter("题", (), (Table("表", ("甲",), (("乙",),), (1,)),))
    write_document(tmp_path / "a.docx", letter, as_of="")
    held = Document(str(tmp_path / "a.docx"))
    section = held.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)] == [37, 35, 28, 26]
    head, body = held.tables[0].rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None and body._tr.trPr.find(qn("w:tblHeader")) is None
    assert held.paragraphs[0].runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert held.core_properties.created.isoformat()[:10] == "2000-01-01"


def test_slides_hold_hostile_text_as_text_and_name_fonts_for_hanzi(tmp_path):
    from pptx import Presentation

    deck = Deck(EVIL, stamp=EVIL, foot=EVIL)
    deck.slide(EVIL, EVIL)
    deck.box(10, 100, 200, 50, EVIL)
    deck.table(200, ("甲", "状态"), [(EVIL, "缺失")], (9, 1))
    deck.save(tmp_path / "a.pptx", as_of="2026-06-30", author=EVIL)
    held = Presentation(str(tmp_path / "a.pptx"))
    said = [shape.text_frame.text for shape in held.slides[0].shapes if shape.has_text_frame and shape.text_frame.text]
    assert said.count(SHOWN) == 5
    table = next(shape.table for shape in held.slides[0].shapes if shape.has_table)
    assert [table.cell(1, at).text_frame.text for at in range(2)] == [SHOWN, "○ 缺失"]
    assert b'<a:ea typeface="' in parts((tmp_path / "a.pptx").read_bytes())["ppt/slides/slide1.xml"]


def test_settled_files_differ_in_nothing_but_what_they_say(tmp_path):
    held = []
    for when in ((2001, 2, 3, 4, 5, 6), (2026, 11, 23, 10, 0, 0)):
        path = tmp_path / f"{when[0]}.zip"
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr(zipfile.ZipInfo("甲.xml", when), "一" * 1000)
        held.append(path.read_bytes())
    assert held[0] != held[1]
    assert settled(held[0]) == settled(held[1]) and parts(held[0]) == parts(settled(held[0]))


def test_bands_leave_no_amount():
    assert [band(value) for value in (0, 100, 9999.9, 1e9, float("nan"))] == ["100 万元以下", "100–500 万元", "5000 万–1 亿元", "100 亿元以上", None]


def test_routes_gather_targets_by_city_and_put_the_richest_stop_first():
    targets = pd.DataFrame(
        [("甲", "310115", "a", 50.0, "上海甲"), ("甲", "310115", "b", 40.0, "上海甲"), ("乙", "320500", "a", 60.0, "苏州乙"),
         ("丙", "440300", "a", 70.0, "深圳丙"), ("丁", None, "a", 70.0, "某丁")], columns=["enterprise", "region", "product", "score", "name"])
    found = routes(targets)
    assert found[["route", "stop", "province", "city", "firms", "links", "best"]].values.tolist() == [
        ["华东线", 1, "上海市", "上海市", 1, 2, 50.0], ["华东线", 2, "江苏省", "苏州市", 1, 1, 60.0],
        ["华南线", 1, "广东省", "深圳市", 1, 1, 70.0], ["所在地不详", 1, "所在地不详", "", 1, 1, 70.0]]
    assert routes(targets.iloc[:0]).empty


def test_an_outline_without_area_is_drawn_as_a_line_only():
    line = Outlines((Outline("140100", (((112.0, 37.0), (113.0, 38.0)),)),), False)
    assert ElementTree.fromstring(regions(line, {"140100": 1})) is not None
