"""The explorers: a page to carry and a page to work in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common, manifest
from chain.errors import OutputError

if TYPE_CHECKING:
    from chain.cli.pack import Answers
    from viz.explorer import ExplorerSheet

lang_option = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="界面语言。")


@click.command("explore", epilog="例：lianpu explore zone.lianpu --chain 光伏 --region 山西省 -o 光伏.html")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="写到哪个 .html 文件。")
@click.option("--top", metavar="条数", type=click.IntRange(0, 50), default=5, show_default=True, help="每个环节最多几家目标企业。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@click.option("--stamp", default="", metavar="字样", help="如 内部资料。")
@click.option("--redact-targets", "redact", is_flag=True, help="不写招引目标企业。")
@lang_option
@common.rule_options
def explore_command(
    store: str, chain: str, region: str, output: Path, top: int, author: str, stamp: str, redact: bool, lang: str, **rule: Any
) -> None:
    """随身网页：一个文件，离线打开，可搜索、筛选、看缺口与证据。"""
    from chain.cli.pack import gather
    from viz.carry import carry_page
    from viz.files import write_whole

    if output.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .html")
    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        answers = manifest.without_paths(gather(held, chain, common.place_of(held, region), rules, top=max(top, 1)))
        notes = manifest.notes_of(held, answers)
    page = carry_page(explorer_sheet(answers, notes, author=author, stamp=stamp, targets=top > 0 and not redact), lang=lang)
    write_whole(output, page.encode("utf-8"))
    click.echo(f"已写入 {output}")


def explorer_sheet(
    answers: Answers, notes: tuple[str, ...], *, author: str = "", stamp: str = "", targets: bool = True
) -> ExplorerSheet:
    """What an explorer shows of the answers; without targets where they are not to be handed out."""
    import pandas as pd

    from chain import region
    from queries import absence
    from viz.explorer import ExplorerSheet

    state, makers = answers.state, answers.makers
    places = pd.array([region.full_name(code) if isinstance(code, str) else None for code in makers["region"]], dtype="str")
    lead = makers["titles"].fillna("").str.contains("链主|龙头")
    return ExplorerSheet(
        title=f"{state.place.name}{state.scope.chain['name']}产业链图谱", chain=str(state.scope.chain["id"]), place=state.place.id,
        place_name=state.place.full_name, as_of=answers.as_of,
        notes=tuple(map(_for_a_page, notes)), products=state.products, stages=state.scope.stages,
        arcs=state.scope.arcs[state.scope.arcs["role"].isin(state.rules.roles)], gaps=answers.gaps,
        makers=makers.assign(place=places, lead=lead), targets=answers.targets if targets else answers.targets.iloc[:0],
        author=author, stamp=stamp, asked=state.rules.as_of or "", byproducts=state.scope.byproducts, withheld=not targets, absence=absence.REASONS)


def _for_a_page(note: str) -> str:
    """A note without advice for a command line: who reads the page has none."""
    return re.sub(r"，先运行 lianpu [^，。]+", "，请管理员处理", note).replace("（载入时加 --as-of）", "")
