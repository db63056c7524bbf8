"""The annual set of documents, one or many at once, and checking it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common
from chain.errors import OutputError

if TYPE_CHECKING:
    from chain.cli.annual import Request

_PROFILES = ("基本", "四图五清单", "五图五清单")
_LEVELS = ("province", "city", "county", "park")


@click.command("report", epilog="例：lianpu report zone.lianpu --chain 特钢材料 --region 太原市 --profile 四图五清单 -o 太原特钢/")
@common.store_argument
@click.option("--chain", "--chains", "chains", multiple=True, metavar="产业链", help="产业链名称；批量时可写几个（逗号分隔）或 all。")
@common.region_option
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="目录", help="写到哪个目录。")
@click.option("--profile", type=click.Choice(_PROFILES), default="基本", show_default=True, help="写哪些文件。")
@click.option("--top", metavar="条数", type=click.IntRange(1), default=10, show_default=True, help="每个环节最多几家目标企业。")
@click.option("--author", default="", metavar="单位", help="编制单位。")
@click.option("--stamp", default="", metavar="字样", help="印在每份文件上，如 内部资料。")
@click.option("--redact", is_flag=True, help="公开版：不列目标企业和证据，金额只给区间。")
@click.option("--boundaries", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="GeoJSON",
              help="区域分布图的边界；没有则画示意方块。")
@click.option("--approval", default="", metavar="审图号", help="边界的审图号，印在区域分布图上。")
@click.option("--pin", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="布局文件",
              help="招商图谱的框尽量留在上次的位置：给出上一套里的 图谱布局.json。")
@click.option("--map-product", default="", metavar="产品", help="另画一张图：这个环节在下级各地的状态。")
@click.option("--all-regions", type=click.Choice(_LEVELS), help="批量：--region 之下的每个省、市、县或园区各一套。")
@common.rule_options
def report_command(
    store: str, chains: tuple[str, ...], region: str, output: Path, profile: str, top: int, author: str, stamp: str, redact: bool,
    boundaries: Path | None, approval: str, pin: Path | None, map_product: str, all_regions: str | None, **rule: Any,
) -> None:
    """一次生成一套文件：图谱、清单、目录、报告、汇报和 manifest.json；加 --all-regions 或 --chains all 成批生成，可中断后继续。"""
    from chain.cli.annual import Request

    if map_product and profile == _PROFILES[0]:
        raise click.UsageError(f"--map-product 的图只在 --profile {' 或 '.join(_PROFILES[1:])} 里")
    if redact and "内部" in stamp:
        raise click.UsageError(f"--redact 写的是公开版，却要印上「{stamp}」：去掉其中一个")
    names = [name.strip() for given in chains for name in given.replace("，", ",").split(",") if name.strip()]
    if not names:
        raise click.UsageError("缺少 --chain；全部产业链写 --chains all")
    _check_folder(output)
    asked = Request("", "", profile=profile, top=top, author=author, stamp=stamp, redact=redact, boundaries=boundaries, approval=approval, pin=pin,
                    map_product=map_product, rules=common.rules_of(**rule))
    if all_regions is None and len(names) == 1 and names != ["all"]:
        _one(store, names[0], region, output, asked)
    elif pin:
        raise click.UsageError("--pin 只用于一套：成批生成时去掉它")
    else:
        _many(store, names, region, all_regions, output, asked)


def _check_folder(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} 是文件，不是目录", way_out="换一个目录名")


def _one(store: str, chain: str, place: str, output: Path, asked: Request) -> None:
    from dataclasses import replace

    from chain.cli.annual import write_set

    with common.opened(store) as held, common.progress_bar("汇总") as progress:
        request = replace(asked, chain=chain, place=common.place_of(held, place))
        told: list[str] = []
        written = write_set(held, request, output, progress=progress, tell_user=told.append)
    for line in told:
        click.echo(line, err=True)
    for path in written:
        click.echo(str(path))


def _many(store: str, chains: list[str], place: str, level: str | None, output: Path, asked: Request) -> None:
    from chain.cli import batch

    with common.opened(store) as held, common.progress_bar("批量") as progress:
        jobs = batch.jobs(held, chains, common.place_of(held, place), level, asked)
        try:
            outcomes = batch.run(held, jobs, output, progress)
        except KeyboardInterrupt:
            click.echo(f"已中断，做完的都在 {output}；再运行同一条命令会接着做。", err=True)
            click.get_current_context().exit(130)
    failed = [outcome for outcome in outcomes if outcome.fault]
    made = sum(not outcome.fault and not outcome.kept for outcome in outcomes)
    kept = sum(outcome.kept for outcome in outcomes)
    click.echo(f"共 {len(outcomes)} 套：新写 {made}，已有未变 {kept}，失败 {len(failed)}。汇总见 {output / batch.SUMMARY}")
    for outcome in failed:
        click.echo(f"失败：{outcome.place_name} · {outcome.request.chain}：{outcome.fault.splitlines()[0]}", err=True)
    if failed:
        click.echo("办法：按 批量记录.csv 里的说明处理后，再运行同一条命令，只补做没有完成的。", err=True)
        click.get_current_context().exit(3)


@click.command("verify", epilog="例：lianpu verify 太原特钢/   或再对照图谱：lianpu verify 太原特钢/ zone.lianpu")
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("store", metavar="[图谱文件]", required=False)
@click.option("--boundaries", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="GeoJSON", help="生成时用的边界文件。")
def verify_command(folder: Path, store: str | None, boundaries: Path | None) -> None:
    """核对一套文件（或成批生成的目录下的每一套）：逐个对照 manifest.json；给出图谱则重新生成一遍，说出哪里不同。"""
    from chain.cli import manifest

    inside = [] if (folder / manifest.NAME).exists() else sorted(path.parent for path in folder.glob(f"*/*/{manifest.NAME}"))
    faults = files = 0
    for line in manifest.batch_faults(folder) if inside else ():
        click.echo(line)
        faults += 1
    for each in inside or [folder]:
        held, shown = manifest.read(each), f"{each.relative_to(folder).as_posix()}：" if inside else ""
        for line in _verified(each, held, store, boundaries):
            click.echo(f"{shown}{line}")
            faults += 1
        files += len(held["outputs"])
    if faults:
        click.echo(f"共 {faults} 处不同。", err=True)
        click.get_current_context().exit(1)
    against = "，与图谱重新生成的结果一致" if store is not None else ""
    click.echo(f"{files} 个文件都与 manifest.json 一致{against}。")


def _verified(folder: Path, held: dict[str, Any], store: str | None, boundaries: Path | None) -> Iterator[str]:
    """What is wrong with one set: its files first, so that they are named even where the store can't be asked."""
    from chain.cli import manifest, verify

    yield from manifest.faults(folder, held)
    if store is not None:
        request = verify.request_of(held, boundaries)
        with common.opened(store) as opened, common.progress_bar("重新生成") as progress:
            found = verify.against_store(opened, folder, held, request, progress)
        yield from found
