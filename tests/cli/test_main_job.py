"""From files to lists: the commands a user runs, on real input."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import openpyxl
import pandas as pd
from commands import ROOT, Lianpu

HERE = ("--chain", "光伏", "--region", "山西省")


def test_gaps_come_ranked_with_reasons_and_say_that_a_sample_proves_nothing(lianpu: Lianpu, example: Path) -> None:
    ran = lianpu("gaps", example, *HERE)
    assert ran.code == 0
    header, *rows = ran.out.splitlines()
    assert header.split("\t")[:5] == ["序号", "行动", "状态", "产品环节", "理由"]
    assert len(rows) > 20
    assert not any(row.split("\t")[2] == "缺失" for row in rows)
    assert "不等于没有" in ran.err


def test_every_chain_has_a_list_for_the_province_and_every_city(lianpu: Lianpu, example: Path) -> None:
    from chain import chainfile, region

    for chain in chainfile.library():
        for place in ("140000", *region.children("140000")):
            ran = lianpu("gaps", example, "--chain", chain, "--region", place)
            assert ran.code == 0
            assert len(ran.out.splitlines()) > 1, (chain, place)


def test_every_gap_and_target_can_be_explained_to_a_file_and_row(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    gaps, targets = tmp_path / "gaps.json", tmp_path / "targets.json"
    assert lianpu("gaps", example, *HERE, "-o", gaps).code == 0
    assert lianpu("targets", example, *HERE, "--top", "1", "-o", targets).code == 0
    ids = [row["id"] for row in json.loads(gaps.read_text("utf-8"))][:8] + [row["id"] for row in json.loads(targets.read_text("utf-8"))][:8]
    for reference in ids:
        ran = lianpu("explain", example, reference, "--format", "json")
        assert ran.code == 0
        steps = json.loads(ran.out)
        assert any(step["file"] and step["row"] for step in steps), reference


def test_formats_hold_the_same_rows(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.json", "a.xlsx"):
        assert lianpu("gaps", example, *HERE, "--action", "补链", "-o", tmp_path / name).code == 0
    from_csv = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")["编号"].tolist()
    from_json = [row["id"] for row in json.loads((tmp_path / "a.json").read_text("utf-8"))]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    from_xlsx = [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str) and cell.startswith("补链/")]
    assert from_csv == from_json == from_xlsx != []


def test_loading_the_same_again_changes_nothing_and_says_so(lianpu: Lianpu, shanxi: Path) -> None:
    before = hashlib.sha256(shanxi.read_bytes()).hexdigest()
    ran = lianpu("load", shanxi, ROOT / "examples" / "shanxi", "--as-of", "2026-11-01")
    assert ran.code == 0 and "没有变化" in ran.out
    assert hashlib.sha256(shanxi.read_bytes()).hexdigest() == before
    assert "没有变化" in lianpu("link", shanxi).out


def test_a_list_of_the_same_name_from_another_folder_is_told_of_once(lianpu: Lianpu, tmp_path: Path) -> None:
    for folder, name in (("甲", "太原甲钢铁有限公司"), ("乙", "太原乙钢铁有限公司")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "企业.csv").write_text(f"企业名称,所在地\n{name},太原市\n", encoding="utf-8")
    store = tmp_path / "z.lianpu"
    assert "同名" not in lianpu("load", store, tmp_path / "甲" / "企业.csv").out
    told = lianpu("load", store, tmp_path / "乙" / "企业.csv").out
    assert "图谱里另有一份同名的" in told and "两份并存" in told
    assert "同名" not in lianpu("load", store, tmp_path / "甲" / "企业.csv").out  # it is there already


def test_a_copy_loads_back_as_the_same_graph(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    from chain import open_store

    assert lianpu("copy", example, tmp_path / "copy").code == 0
    assert lianpu("load", tmp_path / "again.lianpu", tmp_path / "copy").code == 0
    with open_store(example) as one, open_store(tmp_path / "again.lianpu") as two:
        assert one.tables() == two.tables()


def test_a_report_is_the_same_bytes_each_time_and_its_manifest_tells_its_files(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert lianpu("report", example, *HERE, "-o", tmp_path / name, "--top", "3").code == 0
    files = {path.name: path.read_bytes() for path in sorted((tmp_path / "one").iterdir())}
    assert files == {path.name: path.read_bytes() for path in sorted((tmp_path / "two").iterdir())}
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["outputs"]) == set(files) - {"manifest.json"}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, digest in manifest["outputs"].items())
    assert {"产业链底数表.xlsx", "缺口清单.xlsx", "招商目标企业清单.xlsx", "口径与数据质量说明.xlsx", "产业链招商图谱.svg"} <= set(files)


def test_a_map_is_svg_or_a_page(lianpu: Lianpu, example: Path, tmp_path: Path) -> None:
    for name, start in (("map.svg", "<?xml"), ("map.html", "<!doctype html>")):
        assert lianpu("map", example, *HERE, "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text("utf-8").lower().lstrip().startswith((start, "<svg"))
    ran = lianpu("map", example, *HERE, "-o", tmp_path / "map.bmp")
    assert ran.code == 1 and ".svg" in ran.err


def test_a_register_turns_perhaps_missing_into_missing(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "名录.csv").write_text(
        "企业名称,统一社会信用代码,所在地,主营产品\n太原某光伏科技有限公司,91140000701011888X,太原市,光伏组件\n", encoding="utf-8")
    (tmp_path / "外地.csv").write_text("企业名称,所在地,主营产品\n某胶膜股份有限公司,杭州市,EVA胶膜\n", encoding="utf-8")
    for register, label in ((), "疑似缺失"), (("--register", "太原市"), "缺失"):
        store = tmp_path / f"{label}.lianpu"
        assert lianpu("load", store, tmp_path / "名录.csv", *register, "--as-of", "2026-06-30").code == 0
        assert lianpu("load", store, tmp_path / "外地.csv", "--as-of", "2026-06-30").code == 0
        assert lianpu("link", store).code == 0
        rows = json.loads(lianpu("gaps", store, "--chain", "光伏", "--region", "太原市", "--format", "json").out)
        assert {row["label"] for row in rows if row["name"] == "EVA胶膜"} == {label}


def test_a_review_sheet_decides_a_link_and_survives_linking_again(lianpu: Lianpu, shanxi: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "review.xlsx"
    assert lianpu("link", shanxi, "--review", sheet).code == 0
    book = openpyxl.load_workbook(sheet)
    page = book.active
    top = next(row for row in page.iter_rows() if any(cell.value == "认定" for cell in row))
    columns = {cell.value: cell.column for cell in top}
    line = top[0].row + 1
    firm, product = page.cell(line, columns["企业编号"]).value, page.cell(line, columns["产品"]).value
    page.cell(line, columns["认定"]).value = "确认"
    page.cell(line, columns["复核人"]).value = "张三"
    book.save(sheet)
    assert lianpu("load", shanxi, sheet).code == 0
    assert lianpu("link", shanxi).code == 0
    from chain import open_store

    with open_store(shanxi) as store:
        makes = store.tables(["makes"])["makes"]
        decided = makes[makes["method"] == "review"]
        assert decided[["enterprise", "product", "state", "decided_by"]].values.tolist() == [[firm, product, "confirmed", "张三"]]
        found = store.makers([product], "000000")
        assert firm in set(found["enterprise"])


def test_init_gives_workbooks_that_load_takes_back(lianpu: Lianpu, tmp_path: Path) -> None:
    folder = tmp_path / "zone"
    assert lianpu("init", folder).code == 0
    book = openpyxl.load_workbook(folder / "企业.xlsx")
    page = next(sheet for sheet in book.worksheets if sheet.title not in ("填表说明", "示例"))
    headers = [str(cell.value) for cell in page[1]]
    values = {"企业名称": "太原测试钢铁有限公司", "主营产品": "无取向硅钢、轴承钢", "注册资本": 5000, "行政区划代码": "140100"}
    for at, header in enumerate(headers, start=1):
        for name, value in values.items():
            if header.startswith(name):
                page.cell(2, at).value = value
    book.save(folder / "企业.xlsx")
    store = tmp_path / "z.lianpu"
    ran = lianpu("load", store, folder, "--as-of", "2026-01-01")
    assert ran.code == 0, ran.err
    assert lianpu("link", store).code == 0
    rows = json.loads(lianpu("coverage", store, "--chain", "特钢材料", "--region", "太原市", "--format", "json").out)
    assert {row["name"] for row in rows if row["makers"]} >= {"无取向硅钢", "轴承钢"}
    again = lianpu("init", folder)
    assert again.code == 1 and "已" in again.err


def test_chains_can_be_listed_shown_edited_in_excel_and_validated(lianpu: Lianpu, tmp_path: Path) -> None:
    assert "特钢材料" in lianpu("chains", "list").out
    assert "无取向硅钢" in lianpu("chains", "show", "特钢材料").out
    book = tmp_path / "x.xlsx"
    assert lianpu("chains", "show", "特钢材料", "-o", book).code == 0
    assert lianpu("chains", "validate", book).code == 0
    new = tmp_path / "煤机.yaml"
    assert lianpu("chains", "new", "煤机", "-o", new).code == 0
    assert lianpu("chains", "validate", new).code == 0
    new.write_text(new.read_text("utf-8").replace("[示例原料]", "[示例源料]"), encoding="utf-8")
    ran = lianpu("chains", "validate", new)
    assert ran.code == 1 and "示例原料" in ran.out and "行" in ran.out


def test_a_chain_of_ones_own_is_loaded_linked_and_asked(lianpu: Lianpu, tmp_path: Path) -> None:
    new, store = tmp_path / "煤机.yaml", tmp_path / "z.lianpu"
    lianpu("chains", "new", "煤机", "-o", new)
    (tmp_path / "a.csv").write_text("企业名称,所在地,主营产品\n甲机械有限公司,大同市,示例部件\n乙矿业有限公司,北京市,示例原料\n", encoding="utf-8")
    assert lianpu("load", store, new, tmp_path / "a.csv", "--as-of", "2026-01-01").code == 0
    assert lianpu("link", store).code == 0
    rows = json.loads(lianpu("gaps", store, "--chain", "煤机", "--region", "大同", "--format", "json").out)
    assert [(row["action"], row["name"]) for row in rows[:2]] == [("补链", "示例原料"), ("强链", "示例部件")]
