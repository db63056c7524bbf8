"""The annual set as an office gets it: what is in it, that it stays the same, that it can be checked, that a public version keeps still."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from commands import ROOT, Lianpu
from geometry import faults

HERE = ("--chain", "光伏", "--region", "山西省", "--profile", "四图五清单", "--top", "3")
OFFICE = (".xlsx", ".docx", ".pptx")


def words(path: Path) -> str:
    """Everything a file says, markup taken away; a picture says nothing, a PDF what pdftotext finds in it."""
    if path.suffix == ".png":
        return ""
    if path.suffix == ".pdf":
        found = shutil.which("pdftotext")
        return subprocess.run([found, str(path), "-"], capture_output=True, encoding="utf-8", check=True).stdout if found else ""
    content = path.read_bytes()
    if path.suffix in OFFICE:
        with zipfile.ZipFile(path) as held:
            content = b"\n".join(held.read(name) for name in held.namelist() if name.endswith((".xml", ".rels")))
    return re.sub(r"<[^>]*>", "", content.decode("utf-8"))


def folder_words(folder: Path) -> str:
    return "\n".join(words(path) for path in sorted(folder.iterdir()))


def column(path: Path, header: str) -> list[str]:
    """The values under a header, over all sheets."""
    found = []
    for sheet in openpyxl.load_workbook(path):
        rows = list(sheet.iter_rows(values_only=True))
        at = next(((r, row.index(header)) for r, row in enumerate(rows) if header in row), None)
        found += [row[at[1]] for row in rows[at[0] + 1:] if row[at[1]]] if at else []
    return found


@pytest.fixture(scope="module")
def whole(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set of 光伏 in 山西, made once."""
    folder = tmp_path_factory.mktemp("set") / "山西光伏"
    made(example, folder, *HERE)
    return folder


def made(store: Path, folder: Path, *arguments: object, seed: str = "0", zone: str = "Asia/Shanghai") -> None:
    """Run the command in a process of its own, with a hash seed and time zone of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-c", "from chain.cli import main; main()", "report", str(store), *map(str, arguments), "-o", str(folder)],
                   cwd=ROOT, env=environment, check=True, capture_output=True)


def test_a_set_holds_the_pictures_lists_and_documents(whole: Path) -> None:
    assert {path.name for path in whole.iterdir()} == {
        *(f"{name}.{kind}" for name in ("产业链招商图谱", "产业链流程图", "区域分布图") for kind in ("pdf", "png", "svg")),
        "产业链招商图谱.html", "区域分布数据.xlsx",
        "招商线路图数据.xlsx", "招商线路图数据.csv",
        "产业链底数表.xlsx", "缺口清单.xlsx", "长板清单.xlsx", "招商目标企业清单.xlsx", "龙头企业清单.xlsx", "关键配套清单.xlsx",
        "招商目录.xlsx", "招商目录.docx", "分析报告.docx", "汇报.pptx", "口径与数据质量说明.xlsx", "图谱布局.json", "manifest.json"}


def test_every_picture_of_a_set_prints_well(whole: Path) -> None:
    pictures = sorted(whole.glob("*.svg"))
    assert [(path.name, fault) for path in pictures for fault in faults(path.read_text(encoding="utf-8"))] == []
    assert len(pictures) == 3


def test_a_set_is_the_same_bytes_whatever_hash_seed_time_zone_and_folder(whole: Path, example: Path, tmp_path: Path) -> None:
    made(example, tmp_path / "别处" / "另一套", *HERE, seed="4711", zone="America/New_York")
    again = {path.name: path.read_bytes() for path in (tmp_path / "别处" / "另一套").iterdir()}
    assert [path.name for path in sorted(whole.iterdir()) if again.get(path.name) != path.read_bytes()] == []
    assert len(again) == len(list(whole.iterdir()))


def test_office_files_carry_the_date_of_the_data_and_no_other(whole: Path) -> None:
    for path in whole.iterdir():
        if path.suffix in OFFICE:
            with zipfile.ZipFile(path) as held:
                assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}, path.name
                core = held.read("docProps/core.xml").decode("utf-8")
            assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2026-11-01T"}, path.name


def test_nothing_says_where_the_data_lay_on_the_machine(whole: Path, example: Path) -> None:
    said = folder_words(whole)
    assert "企业.csv" in said
    assert str(ROOT) not in said and str(example.parent) not in said


def test_every_list_can_be_filtered_and_printed_and_targets_have_a_drop_down(whole: Path) -> None:
    for path in whole.glob("*.xlsx"):
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert sheet.auto_filter.ref and sheet.freeze_panes and sheet.print_area and sheet.print_title_rows, path.name
    page = openpyxl.load_workbook(whole / "招商目标企业清单.xlsx").worksheets[0]
    assert any("已对接" in str(rule.formula1) for rule in page.data_validations.dataValidation)
    assert openpyxl.load_workbook(whole / "招商目标企业清单.xlsx").sheetnames == ["招商目标企业清单", "证据与评分", "口径与数据质量说明"]


def test_the_catalogue_names_products_and_no_enterprise(whole: Path, example: Path) -> None:
    from chain import open_store

    with open_store(example) as store:
        firms = store.enterprises()
    names = {name for column in ("name", "short_name") for name in firms[column].dropna() if len(name) > 3}
    for name in ("招商目录.docx", "招商目录.xlsx"):
        said = words(whole / name)
        assert sorted(firm for firm in names if firm in said) == [], name
    assert len(column(whole / "招商目录.xlsx", "拟招引产品")) > 5


def test_every_figure_of_the_report_leads_to_a_source_note(whole: Path) -> None:
    from docx import Document

    paragraphs = [paragraph.text for paragraph in Document(str(whole / "分析报告.docx")).paragraphs]
    at = next(i for i, text in enumerate(paragraphs) if text.endswith("数据来源注"))
    notes = {found[0] for text in paragraphs[at:] if (found := re.findall(r"^〔(\d+)〕", text))}
    limits = next(i for i, text in enumerate(paragraphs) if text.endswith("口径与局限"))
    told = [text for text in paragraphs[1:limits] if not re.match(r"（|表|来源|[一二三四五六七八九]、", text)]
    figures = [text for text in told if re.search(r"\d+(\.\d+)?%? ?[个家条。]", text)]
    assert len(figures) > 8
    assert [text for text in figures if not re.search(r"〔\d+〕", text)] == []
    assert {number for text in paragraphs for number in re.findall(r"〔(\d+)〕", text)} == notes


def test_slides_are_shapes_one_a_product(whole: Path) -> None:
    from pptx import Presentation
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    deck = Presentation(str(whole / "汇报.pptx"))
    kinds = {shape.shape_type for slide in deck.slides for shape in slide.shapes}
    assert MSO_SHAPE_TYPE.PICTURE not in kinds and MSO_SHAPE_TYPE.FREEFORM in kinds
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    for product in column(whole / "产业链底数表.xlsx", "产品环节"):
        assert any(text[2:8] == product[:6] or product[:6] in text for text in said), product


def test_an_untouched_set_is_verified_against_manifest_and_store(lianpu: Lianpu, whole: Path, example: Path) -> None:
    ran = lianpu("verify", whole, example)
    assert (ran.code, ran.err) == (0, "")
    assert "与图谱重新生成的结果一致" in ran.out


def test_verify_names_what_was_changed_removed_and_added(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    assert lianpu("report", example, "--chain", "光伏", "--region", "大同市", "-o", folder).code == 0
    (folder / "缺口清单.xlsx").write_bytes(b"other")
    (folder / "产业链招商图谱.svg").unlink()
    (folder / "旧稿.docx").write_bytes(b"")
    ran = lianpu("verify", folder)
    assert ran.code == 1
    assert ran.out.splitlines() == ["缺少：产业链招商图谱.svg", "已改动：缺口清单.xlsx", "多出：旧稿.docx"]


def test_verify_against_a_store_with_other_data_names_the_data_and_the_files(lianpu: Lianpu, example: Path, shanxi: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    assert lianpu("report", example, "--chain", "光伏", "--region", "大同市", "-o", folder).code == 0
    (tmp_path / "新增.csv").write_text("企业名称,所在地,主营产品\n大同甲光伏有限公司,大同市,光伏组件\n", encoding="utf-8")
    assert lianpu("load", shanxi, tmp_path / "新增.csv", "--as-of", "2026-11-01").code == 0
    ran = lianpu("verify", folder, shanxi)
    assert ran.code == 1
    assert any(line == "图谱里新增了这份数据：新增.csv" for line in ran.out.splitlines())
    assert any(line.startswith("与图谱不一致：口径与数据质量说明.xlsx") for line in ran.out.splitlines())
    assert lianpu("verify", folder).code == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"outputs": {"../x": "0"}}', '{"outputs": {"a\\\\b": "0"}}', '{"outputs": {"": "0"}}', "[" * 100_000])
def test_a_manifest_that_is_none_of_ours_is_refused(lianpu: Lianpu, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    ran = lianpu("verify", tmp_path)
    assert ran.code == 1 and "manifest.json" in ran.err and "办法" in ran.err and "内部错误" not in ran.err


@pytest.mark.parametrize(("part", "name", "value"), [
    ("options", "top", "十"), ("options", "profile", "全部"), ("options", "folder", "/"), ("parameters", "tau", "高"), ("parameters", "roles", 1)])
def test_options_of_a_manifest_that_are_none_are_refused(
    lianpu: Lianpu, example: Path, tmp_path: Path, part: str, name: str, value: object
) -> None:
    assert lianpu("report", example, "--chain", "光伏", "--region", "大同市", "-o", tmp_path / "set").code == 0
    path = tmp_path / "set" / "manifest.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    held[part][name] = value
    path.write_text(json.dumps(held), encoding="utf-8")
    ran = lianpu("verify", tmp_path / "set", example)
    assert ran.code == 1 and "manifest.json" in ran.err and "内部错误" not in ran.err


def test_a_public_version_names_no_target_quotes_no_evidence_and_gives_no_amount(lianpu: Lianpu, tmp_path: Path) -> None:
    store, folder = tmp_path / "z.lianpu", tmp_path / "公开"
    (tmp_path / "本地.csv").write_text(
        "企业名称,所在地,主营产品,注册资本（万元）,营业收入（万元）\n太原甲光伏有限公司,太原市,光伏组件,73519,918273\n太原乙光伏有限公司,太原市,太阳能电池片,863214,\n",
        encoding="utf-8")
    (tmp_path / "外地.csv").write_text("企业名称,所在地,主营产品,注册资本（万元）\n杭州丙胶膜股份有限公司,杭州市,EVA胶膜,66778\n", encoding="utf-8")
    (tmp_path / "供应.csv").write_text("供应商,采购方,年份,金额（万元）\n杭州丙胶膜股份有限公司,太原甲光伏有限公司,2025,55443\n", encoding="utf-8")
    assert lianpu("load", store, *(tmp_path / f"{name}.csv" for name in ("本地", "外地", "供应")), "--as-of", "2026-06-30").code == 0
    assert lianpu("link", store).code == 0
    arguments = ("report", store, "--chain", "光伏", "--region", "太原市", "--profile", "四图五清单", "-o", folder)
    assert lianpu(*arguments).code == 0
    inside = folder_words(folder)
    assert all(text in inside for text in ("丙胶膜", "73519", "55443", "『光伏组件』"))
    assert lianpu(*arguments, "--redact").code == 0
    public = folder_words(folder)
    assert [text for text in ("丙胶膜", "73519", "73,519", "918273", "863214", "66778", "55443", "『") if text in public] == []
    assert not {"招商目标企业清单.xlsx", "招商线路图数据.csv", "招商线路图数据.xlsx"} & {path.name for path in folder.iterdir()}
    assert "5–10 亿元" in public and "太原甲光伏有限公司" in public
    assert lianpu("verify", folder, store).code == 0


def test_what_an_office_wrote_into_a_list_is_carried_over_and_the_changed_file_is_kept(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    folder, arguments = tmp_path / "set", ("report", example, "--chain", "光伏", "--region", "山西省", "-o", tmp_path / "set")
    assert lianpu(*arguments).code == 0
    path = folder / "招商目标企业清单.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if "对接状态" in row)
    firm = rows[head + 2][rows[head].index("企业名称")]
    sheet.cell(head + 3, rows[head].index("对接状态") + 1, "在谈")
    sheet.cell(head + 3, rows[head].index("备注") + 1, "=1+1 周五去").data_type = "s"  # typed as text, and not a formula
    book.save(path)
    ran = lianpu(*arguments)
    assert ran.code == 0 and "招商目标企业清单.xlsx 有人改过，填写的内容已带到新清单，改过的那份在 旧版/" in ran.err
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [(row[1], row[rows[head].index("备注")]) for row in rows[head + 1:] if row[rows[head].index("对接状态")]] == [(firm, "=1+1 周五去")]
    assert len(list((folder / "旧版").iterdir())) == 1
    assert lianpu("verify", folder, example).code == 0
    assert lianpu(*arguments).err == ""


def test_the_next_set_keeps_boxes_where_they_were_and_is_still_verified(lianpu: Lianpu, whole: Path, example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "大同"
    arguments = ("report", example, "--chain", "光伏", "--region", "大同市", "-o", folder)
    assert lianpu(*arguments).code == 0
    free = (folder / "图谱布局.json").read_bytes()
    ran = lianpu(*arguments, "--pin", whole / "图谱布局.json")
    assert ran.code == 0 and "沿用布局 图谱布局.json：上次的框有" in ran.err
    assert (folder / "图谱布局.json").read_bytes() != free
    assert lianpu("verify", folder, example).code == 0
    assert lianpu("report", example, "--chain", "氢能", "--region", "大同市", "-o", folder, "--pin", whole / "图谱布局.json").code == 1
    assert lianpu("report", example, "--chains", "all", "--region", "大同市", "-o", folder, "--pin", whole / "图谱布局.json").code == 2


def test_a_public_version_tells_no_share_of_two_firms_and_bears_no_stamp_against_it(lianpu: Lianpu, tmp_path: Path) -> None:
    store, folder = tmp_path / "z.lianpu", tmp_path / "公开"
    (tmp_path / "本地.csv").write_text(
        "企业名称,所在地,主营产品,注册资本（万元）\n太原甲光伏有限公司,太原市,光伏组件,75000\n太原乙光伏有限公司,太原市,光伏组件,25000\n",
        encoding="utf-8")
    assert lianpu("load", store, tmp_path / "本地.csv", "--as-of", "2026-06-30").code == lianpu("link", store).code == 0
    arguments = ("report", store, "--chain", "光伏", "--region", "太原市", "--profile", "四图五清单", "-o", folder)
    assert lianpu(*arguments).code == 0 and "集中度 0.62" in folder_words(folder)
    assert lianpu(*arguments, "--redact").code == 0
    public = folder_words(folder)
    assert "集中度 0.6" not in public and "0.625" not in public and "集中度偏高" in public and "注册资本（区间）" in public
    ran = lianpu(*arguments, "--redact", "--stamp", "内部资料")
    assert ran.code == 2 and "公开版" in ran.err


def test_another_typesetter_is_named_before_the_files_that_differ(lianpu: Lianpu, whole: Path, example: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "set"))
    held = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    held["tools"]["typst"] = "0.0.1"
    (folder / "manifest.json").write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    ran = lianpu("verify", folder, example)
    assert ran.code == 1 and "排版程序 typst 版本不同" in ran.out and "当时 0.0.1" in ran.out


def test_a_stamp_is_on_every_output(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    arguments = ("--chain", "氢能", "--region", "大同市", "--profile", "四图五清单", "--stamp", "内部资料")
    assert lianpu("report", example, *arguments, "-o", folder).code == 0
    for path in folder.iterdir():
        assert path.suffix in (".csv", ".png") or path.name == "图谱布局.json" or "内部资料" in words(path), path.name
    for path in folder.glob("*.xlsx"):
        assert all("内部资料" in sheet.oddHeader.right.text for sheet in openpyxl.load_workbook(path)), path.name


def test_boundaries_of_the_user_are_drawn_with_a_slot_for_the_approval_number(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    square = [[112.0, 37.0], [113.0, 37.0], [113.0, 38.0], [112.0, 38.0], [112.0, 37.0]]
    feature = {"type": "Feature", "properties": {"adcode": 140100, "name": "太原市"}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "界.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    arguments = ("report", example, "--chain", "光伏", "--region", "山西省", "--profile", "四图五清单", "--boundaries", tmp_path / "界.geojson")
    assert lianpu(*arguments, "-o", tmp_path / "a").code == 0
    drawn = (tmp_path / "a" / "区域分布图.svg").read_text(encoding="utf-8")
    assert re.findall(r'data-code="(\d+)"', drawn) == ["140100"]
    assert "审图号：（待填" in drawn and "没有 10 个地区" in drawn and "示意图" not in drawn
    assert lianpu(*arguments, "--approval", "晋S（2026）001号", "-o", tmp_path / "a").code == 0
    assert "审图号：晋S（2026）001号" in (tmp_path / "a" / "区域分布图.svg").read_text(encoding="utf-8")
    ran = lianpu("verify", tmp_path / "a", example)
    assert ran.code == 1 and "--boundaries" in ran.err
    assert lianpu("verify", tmp_path / "a", example, "--boundaries", tmp_path / "界.geojson").code == 0
