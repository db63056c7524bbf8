"""The chain map to hand out: one file, or one a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common
from chain.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

    from viz.layout import Part
    from viz.sheet import MapSheet

ENDINGS = (".pdf", ".png", ".svg", ".html", ".htm")


@click.command("map", epilog="例：lianpu map zone.lianpu --chain 光伏 --region 山西省 -o 光伏.pdf --save-layout 光伏.json")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="map.pdf、map.png、map.svg 或 map.html。")
@click.option("--paper", type=click.Choice(["A1", "A2", "A3", "A4"]), default="A3", show_default=True, help="纸张。")
@click.option("--ppi", type=click.Choice(["150", "300"]), default="150", show_default=True, help="PNG 每英寸点数。")
@click.option("--flow/--no-flow", default=None, help="最后加一页同样纸张的流程图；PDF 默认加，A4 除外，其他默认不加。")
@click.option("--annex/--no-annex", default=None, help="再附 A4 附表：全部环节、本地企业和招引目标；PDF 默认加，其他默认不加。")
@click.option("--single", is_flag=True, help="只要一页：放不下企业名单时画总览，不分页。")
@click.option("--pin", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="布局文件", help="各框尽量留在上次的位置。")
@click.option("--save-layout", type=click.Path(path_type=Path, dir_okay=False), metavar="布局文件", help="把各框的位置另存，下次用 --pin 沿用。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@click.option("--stamp", default="", metavar="字样", help="如 内部资料。")
@common.rule_options
def map_command(
    store: str, chain: str, region: str, output: Path, paper: str, ppi: str, flow: bool | None, annex: bool | None, single: bool, pin: Path | None,
    save_layout: Path | None, author: str, stamp: str, **rule: Any,
) -> None:
    """产业链招商图谱：每个环节的状态、本地企业和招引目标，PDF、PNG、SVG 或 HTML。"""
    from chain.cli import printing
    from viz.files import write_whole

    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .pdf、.png、.svg 或 .html")
    if single and (pin or save_layout):
        raise click.UsageError("--single 只画一页，没有布局可以沿用；去掉它，或去掉 --pin 和 --save-layout")
    sheet, gaps = _asked(store, chain, region, common.rules_of(**rule), author, stamp)
    parts = None if single else _laid_out(sheet, paper, pin, save_layout)
    if ending.startswith(".htm"):
        files = [_page(sheet, paper, gaps, parts)]
    else:
        for line in printing.lacking(sheet.texts()):
            click.echo(f"  缺字：{line}", err=True)
        with_flow = flow if flow is not None else ending == ".pdf" and paper != "A4"
        with_annex = annex if annex is not None else ending == ".pdf"
        files = printing.printed(
            printing.map_pages(sheet, paper, flow=with_flow, annex=with_annex, single=single, parts=parts), sheet.title, ending, int(ppi))
    for name, content in zip(printing.file_names(output.name, len(files)), files, strict=True):
        write_whole(output.with_name(name), content)
        click.echo(f"已写入 {output.with_name(name)}")
    _clear(output, len(files))


def _clear(output: Path, count: int) -> None:
    """Pages that a longer map of the same name left behind go; a file that is not such a page stays and is named."""
    from itertools import takewhile

    from chain.cli import printing
    from viz.press import page_number

    names = printing.file_names(output.name, count + 200)[count:]
    for path in takewhile(Path.is_file, map(output.with_name, names)):
        number = int(path.stem.rpartition("-")[2])
        try:
            if page_number(path.read_bytes()) == number:
                path.unlink()
                click.echo(f"已删去 {path}：上次的第 {number} 页，这次没有")
            else:
                click.echo(f"注意：{path} 不是这次写的，也认不出是不是上次的页，没有动它。", err=True)
        except OSError as error:
            click.echo(f"注意：{path} 不是这次写的，删不掉：{error.strerror}", err=True)


def _asked(store: str, chain: str, region: str, rules: Any, author: str, stamp: str) -> tuple[MapSheet, pd.DataFrame]:
    """What is drawn, and the gap list beside it, as a set has them; neither says where files lie on this machine."""
    from chain.cli import manifest
    from chain.cli.annual import Request
    from chain.cli.pack import gap_table, gather, map_sheet

    with common.reading(store) as held:
        answers = manifest.without_paths(gather(held, chain, common.place_of(held, region), rules, top=Request.top))
        notes = manifest.notes_of(held, answers)
    return map_sheet(answers, notes, author=author, stamp=stamp), gap_table(answers)


def _page(sheet: MapSheet, paper: str, gaps: pd.DataFrame, parts: list[Part] | None) -> bytes:
    from chain.cli.printing import one_page
    from viz.html import page

    return page(sheet, one_page(sheet, paper, parts), gaps, embed=True).encode("utf-8")


def _laid_out(sheet: MapSheet, paper: str, pin: Path | None, save: Path | None) -> list[Part]:
    """The pages, in the layout given as far as it fits; says how far, and where the new layout is."""
    from chain.cli.pinned import laid_out, saved
    from viz.files import write_whole

    parts, told = laid_out(sheet, paper, pin)
    if told:
        click.echo(told, err=True)
    if save:
        write_whole(save, saved(parts, sheet, paper))
        click.echo(f"已写入 {save}")
    return parts
