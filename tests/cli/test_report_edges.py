"""The annual set where there is little, nothing or very much to say, and many sets at once."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from commands import Lianpu

CHAIN = """chain: {name}
version: 1.0.0
as_of: 2026-01-01
summary: 试用的链。
stages: [{{name: 上游}}, {{name: 下游}}]
segments:
  - name: 甲段
    stage: 下游
    products:
"""
PRODUCT = "      - {{name: {name}, aliases: [{name}制造], inputs: [{inputs}], criticality: 3, reason: 试用, terminal: true}}\n"


def chain_file(folder: Path, name: str, products: dict[str, str]) -> Path:
    """A chain file: products with what goes into each."""
    path = folder / f"{name}.yaml"
    path.write_text(CHAIN.format(name=name) + "".join(PRODUCT.format(name=p, inputs=i) for p, i in products.items()), encoding="utf-8")
    return path


def firms(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    """A list of enterprises: name, place, product."""
    pd.DataFrame(rows, columns=["企业名称", "所在地", "主营产品"]).to_csv(path, index=False, encoding="utf-8")
    return path


def loaded(lianpu: Lianpu, folder: Path, *files: object) -> Path:
    store = folder / "z.lianpu"
    assert lianpu("load", store, *files, "--as-of", "2026-06-30").code == 0
    assert lianpu("link", store).code == 0
    return store


def report(lianpu: Lianpu, store: Path, folder: Path, chain: str, place: str = "太原市") -> Path:
    ran = lianpu("report", store, "--chain", chain, "--region", place, "--profile", "五图五清单", "-o", folder)
    assert ran.code == 0, ran.err
    return folder


def told(path: Path) -> str:
    """The paragraphs and cells of a document, the texts of slides."""
    if path.suffix == ".docx":
        from docx import Document

        held = Document(str(path))
        return "\n".join([*(p.text for p in held.paragraphs), *(c.text for t in held.tables for r in t.rows for c in r.cells)])
    from pptx import Presentation

    return "\n".join(shape.text_frame.text for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_text_frame)


def test_a_region_without_any_enterprise_gets_pages_that_say_so(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    folder = report(lianpu, example, tmp_path / "set", "光伏", "娄烦县")
    said = told(folder / "分析报告.docx")
    assert "所载数据里没有山西省太原市娄烦县的企业" in said and "不等于没有" in said
    assert "没有长板可列" in said
    assert "先载入本地企业名录" in told(folder / "招商目录.docx")
    assert "先载入本地企业名录" in told(folder / "汇报.pptx") and "先载入本地企业名录" in told(folder / "分析报告.docx")
    page = openpyxl.load_workbook(folder / "龙头企业清单.xlsx").worksheets[0]
    assert "没有符合条件的行" in [row[0] for row in page.iter_rows(values_only=True)]


def test_a_chain_without_a_gap_gets_pages_that_say_so(lianpu: Lianpu, tmp_path: Path) -> None:
    chain = chain_file(tmp_path, "试链", {"甲机": "", "乙机": "甲机"})
    local = firms(tmp_path / "名录.csv", [(f"太原{n}号{p}有限公司", "太原市", p) for n in range(5) for p in ("甲机", "乙机")])
    away = firms(tmp_path / "外地.csv", [("上海丙有限公司", "上海市", "甲机"), ("上海丁有限公司", "上海市", "乙机")])
    titles = pd.DataFrame([(f"太原0号{p}有限公司", "专精特新小巨人", "国家级") for p in ("甲机", "乙机")], columns=["企业名称", "称号", "级别"])
    titles.to_csv(tmp_path / "称号.csv", index=False, encoding="utf-8")
    store = loaded(lianpu, tmp_path, chain, local, away, tmp_path / "称号.csv")
    folder = report(lianpu, store, tmp_path / "set", "试链")
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["figures"]["gaps"] == 0
    assert "没有查到补链、延链、强链、提链的缺口" in told(folder / "招商目录.docx")
    assert "没有查到补链、延链、强链、提链的缺口" in told(folder / "分析报告.docx")
    assert "没有查到补链、延链、强链、提链的缺口" in told(folder / "汇报.pptx")


def test_a_chain_of_one_product_gets_a_whole_set(lianpu: Lianpu, tmp_path: Path) -> None:
    store = loaded(lianpu, tmp_path, chain_file(tmp_path, "独链", {"独品": ""}), firms(tmp_path / "a.csv", [("太原甲有限公司", "太原市", "独品")]))
    folder = report(lianpu, store, tmp_path / "set", "独链")
    assert "共梳理 1 个产品环节" in told(folder / "分析报告.docx")
    assert "独品" in told(folder / "汇报.pptx")


def test_a_product_with_five_thousand_makers_keeps_documents_short_and_lists_whole(lianpu: Lianpu, tmp_path: Path) -> None:
    rows = [(f"太原第{n:04d}号制品有限公司", "太原市小店区" if n % 2 else "太原市", "甲机") for n in range(5000)]
    store = loaded(lianpu, tmp_path, chain_file(tmp_path, "大链", {"甲机": "", "乙机": "甲机"}), firms(tmp_path / "a.csv", rows))
    folder = report(lianpu, store, tmp_path / "set", "大链")
    page = openpyxl.load_workbook(folder / "产业链底数表.xlsx", read_only=True).worksheets[0]
    assert sum("号制品有限公司" in str(row[4]) for row in page.iter_rows(values_only=True)) == 5000
    assert "等 5000 家" in str(list(openpyxl.load_workbook(folder / "长板清单.xlsx").worksheets[0].iter_rows(values_only=True)))
    assert len(told(folder / "分析报告.docx")) < 20_000 and len(told(folder / "汇报.pptx")) < 20_000
    assert "2500 家" in (folder / "区域分布图.svg").read_text(encoding="utf-8")


@pytest.fixture
def towns(lianpu: Lianpu, tmp_path: Path) -> Path:
    """A small store: two chains, makers in two cities of 宁夏."""
    one, two = chain_file(tmp_path, "甲链", {"甲机": "", "乙机": "甲机"}), chain_file(tmp_path, "丙链", {"丙机": ""})
    rows = [("银川甲有限公司", "银川市", "甲机"), ("固原丙有限公司", "固原市", "丙机"), ("上海乙有限公司", "上海市", "乙机")]
    return loaded(lianpu, tmp_path, one, two, firms(tmp_path / "a.csv", rows))


MANY = ("--all-regions", "city", "--region", "宁夏", "--chains", "甲链,丙链")


def record(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "批量记录.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_a_batch_makes_a_set_for_every_city_and_chain_with_one_page_a_city(lianpu: Lianpu, towns: Path, tmp_path: Path) -> None:
    ran = lianpu("report", towns, *MANY, "-o", tmp_path / "全省")
    assert (ran.code, ran.out.split("。")[0]) == (0, "共 10 套：新写 10，已有未变 0，失败 0")
    assert (tmp_path / "全省" / "固原市" / "丙链" / "manifest.json").exists()
    page = openpyxl.load_workbook(tmp_path / "全省" / "固原市" / "一园一表.xlsx").worksheets[0]
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight in (None, 1)
    chains = [row[0] for row in page.iter_rows(values_only=True)]
    assert chains[-2:] == ["丙链", "甲链"] or chains[-2:] == ["甲链", "丙链"]
    table = list(openpyxl.load_workbook(tmp_path / "全省" / "总表.xlsx").worksheets[0].iter_rows(values_only=True))
    assert sum(row[0] in ("银川市", "固原市") for row in table) == 4


ONE = ("--region", "银川市", "--chains", "甲链,丙链")


def test_a_batch_goes_on_where_it_was_and_makes_again_only_what_is_not_whole(lianpu: Lianpu, towns: Path, tmp_path: Path) -> None:
    folder = tmp_path / "批"
    assert lianpu("report", towns, *ONE, "-o", folder).code == 0
    (folder / "银川市" / "甲链" / "缺口清单.xlsx").write_bytes(b"torn")
    assert "新写 1，已有未变 1，失败 0" in lianpu("report", towns, *ONE, "-o", folder).out
    (folder / "银川市" / "丙链" / "manifest.json").unlink()
    assert "新写 1，已有未变 1，失败 0" in lianpu("report", towns, *ONE, "-o", folder).out
    ran = lianpu("verify", folder, towns)
    assert ran.code == 0 and "个文件都与 manifest.json 一致，与图谱重新生成的结果一致" in ran.out
    (folder / "银川市" / "丙链" / "缺口清单.xlsx").write_bytes(b"torn")
    assert lianpu("verify", folder).out == "银川市/丙链：已改动：缺口清单.xlsx\n"
    table = folder / "总表.xlsx"
    table.write_bytes(table.read_bytes() + b"\0")
    assert lianpu("verify", folder).out == "已改动：总表.xlsx\n银川市/丙链：已改动：缺口清单.xlsx\n"
    assert "新写 2，已有未变 0，失败 0" in lianpu("report", towns, *ONE, "-o", folder, "--author", "别的单位").out


def test_one_failure_is_recorded_and_the_rest_is_made(lianpu: Lianpu, towns: Path, tmp_path: Path) -> None:
    folder = tmp_path / "批"
    (folder / "银川市").mkdir(parents=True)
    (folder / "银川市" / "甲链").write_text("在这里挡着的文件", encoding="utf-8")
    ran = lianpu("report", towns, *ONE, "-o", folder)
    assert ran.code == 3 and "新写 1，已有未变 0，失败 1" in ran.out and "银川市 · 甲链" in ran.err
    rows = record(folder)
    assert rows.loc[rows["结果"] == "失败", ["地区", "产业链"]].values.tolist() == [["银川市", "甲链"]]
    (folder / "银川市" / "甲链").unlink()
    assert "新写 1，已有未变 1，失败 0" in lianpu("report", towns, *ONE, "-o", folder).out


def test_a_batch_is_the_same_bytes_each_time(lianpu: Lianpu, towns: Path, tmp_path: Path) -> None:
    held = []
    for name in ("a", "b"):
        assert lianpu("report", towns, *ONE, "-o", tmp_path / name).code == 0
        held.append({path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()})
    assert held[0] == held[1] and "银川市/一园一表.xlsx" in held[0]


def test_a_wrong_level_or_chain_is_refused_before_anything_is_made(lianpu: Lianpu, towns: Path, tmp_path: Path) -> None:
    ran = lianpu("report", towns, "--region", "大同市", "--all-regions", "province", "--chains", "甲链", "-o", tmp_path / "x")
    assert ran.code == 1 and "没有这一级" in ran.err
    ran = lianpu("report", towns, "--region", "大同市", "--chains", "甲链,无此链", "-o", tmp_path / "x")
    assert ran.code == 1 and "无此链" in ran.err
    ran = lianpu("report", towns, "--region", "大同市", "-o", tmp_path / "x")
    assert ran.code == 2 and "--chain" in ran.err
    assert not (tmp_path / "x").exists()


def test_a_park_gets_a_whole_set_and_is_shown_within_the_region_around_it(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "园区.csv").write_text("园区名称,所在地\n甲园,太原市小店区\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("企业名称,所在地,园区,主营产品\n太原甲有限公司,太原市小店区,甲园,独品\n", encoding="utf-8")
    store = loaded(lianpu, tmp_path, chain_file(tmp_path, "独链", {"独品": ""}), tmp_path / "园区.csv", tmp_path / "a.csv")
    folder = report(lianpu, store, tmp_path / "set", "独链", "园区:甲园")
    assert "1 家" in (folder / "区域分布图.svg").read_text(encoding="utf-8")
    assert lianpu("verify", folder, store).code == 0
