"""Things to hand out: map, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common
from chain.cli.ask import notes_for, unlinked
from chain.errors import OutputError

if TYPE_CHECKING:
    from viz.sheet import MapSheet


@click.command("map", epilog="例：lianpu map zone.lianpu --chain 光伏 --region 山西省 -o 光伏.svg")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="map.svg 或 map.html。")
@click.option("--paper", type=click.Choice(["A1", "A2", "A3", "A4"]), default="A3", show_default=True, help="纸张。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@click.option("--stamp", default="", metavar="字样", help="如 内部资料。")
@common.rule_options
def map_command(store: str, chain: str, region: str, output: Path, paper: str, author: str, stamp: str, **rule: Any) -> None:
    """产业链招商图谱：每个环节的状态、本地企业和招引目标，SVG 或 HTML。"""
    from chain.cli.pack import gap_table, gather, map_sheet
    from viz.chainmap import draw_map
    from viz.files import write_whole
    from viz.html import page

    if output.suffix.lower() not in (".svg", ".html", ".htm"):
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .svg 或 .html")
    rules = common.rules_of(**rule)
    with common.opened(store) as held:
        answers = gather(held, chain, common.place_of(held, region), rules, top=3)
        notes = notes_for(answers.state.place, rules, held.as_of, unlinked(held))
    sheet: MapSheet = map_sheet(answers, notes, author=author, stamp=stamp)
    svg = draw_map(sheet, paper=paper)
    write_whole(output, (svg if output.suffix.lower() == ".svg" else page(sheet, svg, gap_table(answers))).encode("utf-8"))
    click.echo(f"已写入 {output}")


@click.command("report", epilog="例：lianpu report zone.lianpu --chain 特钢材料 --region 太原市 -o 太原特钢/")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="目录", help="写到哪个目录。")
@click.option("--top", metavar="条数", type=click.IntRange(1), default=10, show_default=True, help="每个环节最多几家目标企业。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@common.rule_options
def report_command(store: str, chain: str, region: str, output: Path, top: int, author: str, **rule: Any) -> None:
    """一次生成：底数表、缺口清单、招商目标企业清单、图谱、口径与数据质量说明、manifest.json。"""
    from chain.cli.pack import gather, write_pack

    rules = common.rules_of(**rule)
    with common.opened(store) as held, common.progress_bar("汇总") as progress:
        answers = gather(held, chain, common.place_of(held, region), rules, top=top, progress=progress)
        notes = notes_for(answers.state.place, rules, held.as_of, unlinked(held))
        written = write_pack(answers, output, notes, author=author, progress=progress)
    for path in written:
        click.echo(str(path))


