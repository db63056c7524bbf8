"""The chain map to hand out: one file, or one a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common
from chain.cli.ask import notes_for, unlinked
from chain.errors import OutputError

if TYPE_CHECKING:
    from viz.press import Page
    from viz.sheet import MapSheet

ENDINGS = (".pdf", ".png", ".svg", ".html", ".htm")


@click.command("map", epilog="例：lianpu map zone.lianpu --chain 光伏 --region 山西省 -o 光伏.pdf --flow")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="map.pdf、map.png、map.svg 或 map.html。")
@click.option("--paper", type=click.Choice(["A1", "A2", "A3", "A4"]), default="A3", show_default=True, help="纸张。")
@click.option("--ppi", type=click.Choice(["150", "300"]), default="150", show_default=True, help="PNG 每英寸点数。")
@click.option("--flow", is_flag=True, help="最后加一页流程图（A3）。")
@click.option("--single", is_flag=True, help="只要一页：放不下企业名单时画总览，不分页。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@click.option("--stamp", default="", metavar="字样", help="如 内部资料。")
@common.rule_options
def map_command(
    store: str, chain: str, region: str, output: Path, paper: str, ppi: str, flow: bool, single: bool, author: str, stamp: str, **rule: Any
) -> None:
    """产业链招商图谱：每个环节的状态、本地企业和招引目标，PDF、PNG、SVG 或 HTML。"""
    from chain.cli.pack import gap_table, gather, map_sheet
    from viz.files import write_whole

    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .pdf、.png、.svg 或 .html")
    rules = common.rules_of(**rule)
    with common.opened(store) as held:
        answers = gather(held, chain, common.place_of(held, region), rules, top=3)
        notes = notes_for(answers.state.place, rules, held.as_of, unlinked(held))
    sheet = map_sheet(answers, notes, author=author, stamp=stamp)
    if ending.startswith(".htm"):
        from viz.chainmap import draw_map
        from viz.html import page

        files = [page(sheet, draw_map(sheet, paper=paper), gap_table(answers)).encode("utf-8")]
    else:
        files = _printed(sheet, _pages(sheet, paper, flow=flow, single=single), ending, int(ppi))
    for path, content in zip(_names(output, len(files)), files, strict=True):
        write_whole(path, content)
        click.echo(f"已写入 {path}")


def _pages(sheet: MapSheet, paper: str, *, flow: bool, single: bool) -> list[Page]:
    from viz.chainmap import draw_map
    from viz.flowpage import draw_flow
    from viz.frame import frame_of
    from viz.paging import draw_pages
    from viz.press import Page

    frame = frame_of(paper)
    pages = [Page(sheet.title, draw_map(sheet, paper=paper), frame.width, frame.height)] if single else draw_pages(
        sheet, paper=paper, more=int(flow))
    return [*pages, Page("流程图", draw_flow(sheet), 420.0, 297.0)] if flow else pages


def _printed(sheet: MapSheet, pages: Sequence[Page], ending: str, ppi: int) -> list[bytes]:
    """The files that these pages make; characters that can't be printed are named."""
    from viz import press

    lacking = press.missing(sheet.texts())
    for character, text in list(lacking.items())[:10]:
        click.echo(f"  缺字：「{text}」里的“{character}”（U+{ord(character):04X}）字库里没有，印成“{press.GETA}”", err=True)
    if len(lacking) > 10:
        click.echo(f"  缺字：另有 {len(lacking) - 10} 个", err=True)
    if ending == ".pdf":
        return [press.to_pdf(pages, sheet.title)]
    if ending == ".png":
        return press.to_png(pages, sheet.title, ppi)
    return [page.svg.encode("utf-8") for page in pages]


def _names(output: Path, count: int) -> Iterator[Path]:
    """The name given, then the same with -2, -3 … for further pages."""
    yield output
    for at in range(2, count + 1):
        yield output.with_name(f"{output.stem}-{at}{output.suffix}")
