"""What a user can do wrong: every message names the thing and the way out, and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import ROOT, Lianpu

from chain.cli import cli

HERE = ("--chain", "光伏", "--region", "山西省")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gaps", "{store}", "--chain", "光缆", "--region", "山西省"), "光伏"),
        (("gaps", "{store}", "--chain", "光伏", "--region", "太元市"), "太原市"),
        (("gaps", "{store}", "--chain", "光伏", "--region", "朝阳区"), "北京市朝阳区"),
        (("gaps", "{store}", *HERE, "--action", "补练"), "补链"),
        (("gaps", "{store}", *HERE, "--as-of", "昨天"), "2025-12-31"),
        (("gaps", "{store}", *HERE, "--roles", "原料"), "物料"),
        (("targets", "{store}", *HERE, "--product", "EVA胶漠"), "EVA胶膜"),
        (("explain", "{store}", "第一条"), "lianpu gaps"),
        (("explain", "{store}", "补链/光伏/140000/光伏组件"), "薄弱"),
        (("gaps", "{nothing}", *HERE), "lianpu load"),
        (("load", "{new}", "{nothing}"), "没有这个文件"),
        (("load", "{folder}", "{list}"), "目录"),
        (("gaps", "{list}", *HERE), "不是链谱图谱文件"),
        (("load", "{new}", "{list}", "--map", "厂名"), "列名=字段"),
        (("load", "{new}", "{list}", "--register", "太元"), "太原市"),
        (("chains", "show", "特刚材料"), "特钢材料"),
    ],
)
def test_a_wrong_argument_is_named_with_the_way_out(
    lianpu: Lianpu, example: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "list.csv").write_text("企业名称,所在地\n甲公司,太原市\n", encoding="utf-8")
    names = {"store": example, "nothing": tmp_path / "no.lianpu", "new": tmp_path / "new.lianpu", "folder": tmp_path, "list": tmp_path / "list.csv"}
    ran = lianpu(*(argument.format(**names) for argument in arguments))
    assert ran.code == 1
    assert ran.err.startswith("错误：") and words in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "new.lianpu").exists()


@pytest.mark.parametrize("arguments", [(), ("gap",), ("gaps",), ("gaps", "x.lianpu", "--chain", "光伏"), ("load", "x.lianpu"), ("map", "a", *HERE)])
def test_wrong_usage_exits_with_2_and_points_to_help(lianpu: Lianpu, arguments: tuple[str, ...]) -> None:
    ran = lianpu(*arguments)
    assert ran.code == (0 if not arguments else 2) or "--help" in ran.out + ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", cli.list_commands(None))  # type: ignore[arg-type]
def test_every_command_has_help_with_an_example(lianpu: Lianpu, command: str) -> None:
    ran = lianpu(command, "--help")
    assert ran.code == 0 and "例：lianpu " in ran.out


def test_hostile_names_stay_text_everywhere(lianpu: Lianpu, tmp_path: Path) -> None:
    import openpyxl

    hostile = [
        '=HYPERLINK("http://x","点我")有限公司', "<script>alert(1)</script>有限公司", "[bold]甲[/bold]有限公司", "\u202e反向有限公司",
        "🏭工厂有限公司", "+1+1公司"]
    lines = "\n".join('"' + name.replace('"', '""') + '",太原市,光伏组件' for name in hostile)
    (tmp_path / "a.csv").write_text(f"企业名称,所在地,主营产品\n{lines}\n\"@SUM(A1)外地公司\",杭州市,EVA胶膜\n", encoding="utf-8")
    store = tmp_path / "z.lianpu"
    assert lianpu("load", store, tmp_path / "a.csv", "--as-of", "2026-01-01").code in (0, 3)
    assert lianpu("link", store).code == 0
    assert lianpu("report", store, "--chain", "光伏", "--region", "太原市", "-o", tmp_path / "out").code == 0
    svg, page = ((tmp_path / "out" / f"产业链招商图谱.{kind}").read_text("utf-8") for kind in ("svg", "html"))
    assert "<script>alert" not in svg and "<script>alert" not in page
    for path in (tmp_path / "out").glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert lianpu("targets", store, "--chain", "光伏", "--region", "太原市", "-o", tmp_path / "t.csv").code == 0
    assert ",@SUM" not in (tmp_path / "t.csv").read_text("utf-8-sig")


def test_a_file_with_rejects_loads_the_rest_and_exits_with_3(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("企业名称,所在地,注册资本（万元）\n甲公司,太原市,-5\n,太原市,100\n乙公司,太原市,100\n", encoding="utf-8")
    ran = lianpu("load", tmp_path / "z.lianpu", tmp_path / "a.csv", "--rejects", tmp_path / "r.csv")
    assert ran.code == 3
    assert "共 3 行，载入 2，并入 0，未用 1" in ran.out
    assert "-5" in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_a_dry_run_writes_nothing(lianpu: Lianpu, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("企业名称,所在地\n甲公司,太原市\n", encoding="utf-8")
    ran = lianpu("load", tmp_path / "z.lianpu", tmp_path / "a.csv", "--dry-run")
    assert ran.code == 0 and not (tmp_path / "z.lianpu").exists()


def test_the_library_speaks_chinese_and_its_messages_are_current(lianpu: Lianpu) -> None:
    import importlib.util

    ran = lianpu("gaps", "--help")
    assert "用法" in ran.out and "Usage" not in ran.out and "Options" not in ran.out
    assert "缺少选项" in lianpu("gaps", "x.lianpu").err
    spec = importlib.util.spec_from_file_location("build_messages", ROOT / "scripts" / "build_messages.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    target = script.LOCALE / "zh_CN" / "LC_MESSAGES" / "lianpu.mo"
    before = target.read_bytes()
    script.main()
    assert target.read_bytes() == before
