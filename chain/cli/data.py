"""Data in and out: init, load, check, copy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chain.cli import common
from chain.errors import InputError, OutputError, StoreBusy

if TYPE_CHECKING:
    import pandas as pd

    from chain.store import Progress, Store, Written
    from chain.tables import Tables
    from loaders import Loaded, Options

_SHOWN = 12


@click.command("init", epilog="例：lianpu init my-zone/")
@click.argument("folder", type=click.Path(path_type=Path), metavar="目录")
def init_command(folder: Path) -> None:
    """生成待填的工作簿：企业、产品关联、供应关系、称号，带下拉选项、示例和填表说明。"""
    from loaders.templates import write_templates

    for path in write_templates(folder):
        click.echo(str(path))
    click.echo(f"填好后：lianpu load {folder}/zone.lianpu {folder}/ --as-of 2026-06-30（数据的日期）")


@click.command("load", epilog="例：lianpu load zone.lianpu 企业名录.xlsx --register 太原市 --as-of 2026-06-30")
@common.store_argument
@click.argument("files", nargs=-1, required=True, metavar="文件…")
@click.option("--table", metavar="表", help="指定是哪张表，如 enterprises；缺省按表头识别。")
@click.option("--map", "mapping", multiple=True, metavar="列名=字段", help="表头对应的字段，可重复，如 --map 厂名=name；字段写 - 为不要这一列。")
@click.option("--register", metavar="地区", help="这是该地区完整的名录；不写则按样本对待，不能证明没有。")
@click.option("--min-size", metavar="规模", help="名录从什么规模起完整，如 规上。")
@click.option("--as-of", metavar="日期", help="数据是哪一天的；不写则记为未注明。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="文件.csv", help="把没能用上的行和单元格另存一份。")
@common.into_existing_option
@click.pass_context
def load_command(
    context: click.Context, store: str, files: tuple[str, ...], table: str | None, mapping: tuple[str, ...], register: str | None,
    min_size: str | None, as_of: str | None, dry_run: bool, rejects: Path | None, into_existing: bool,
) -> None:
    """把文件载入图谱：CSV、XLSX、XLS、JSONL、Parquet、目录、- 为标准输入；产业链 .yaml/.xlsx 与复核表也用它。

    全有或全无：出错或中断时图谱保持原样。同样的文件再载一次不会改变什么。
    """
    from chain import region
    from chain.tables import combine
    from loaders import Options

    options = Options(
        table=table, mapping=_mapping(mapping), register=region.resolve(register) if register else None, min_size=min_size,
        as_of=common.iso_date(as_of) if as_of else None)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with nullcontext() if dry_run else common.opened(store, must_exist=False, into_existing=into_existing) as held:  # a slip is told at once
        with common.progress_bar("读取") as progress:
            loaded = list(_read(files, options, now, progress))
        tables = combine([part.tables for part in loaded])
        for part in loaded:
            _report(part)
        if rejects:
            _save_rejects(tables["rejects"], rejects)
        if held is None:
            click.echo("只检查，没有写入。")
        else:
            _write(held, tables, store)
    if len(tables["rejects"]):
        context.exit(3)


def _write(held: Store, tables: Tables, location: str) -> None:
    from chain.tables import Tables

    try:
        sources = held.tables(["sources"])["sources"]
    except StoreBusy:  # writing clears up what a crash left behind, or says who is at it
        sources = Tables()["sources"]
    beside = _namesakes(sources, tables["sources"])
    with common.progress_bar("写入") as progress:
        written = held.write(tables, progress=progress)
    for file in beside:
        click.echo(f"  注意：图谱里另有一份同名的 {file}，来自别的文件夹，两份并存；若这是它的新版本，请放回原来的位置再载入，旧的就被替换")
    _told(written, location)


def _namesakes(held: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """Lists of the store that have the name and sheet of a new one, but came from elsewhere and say something else."""
    lists = held[held["kind"].isin(["register", "sample"]) & ~held["id"].isin(new["id"]) & ~held["origin"].isin(new["origin"].dropna())]
    new = new[~new["id"].isin(held["id"])]
    pairs = {(Path(str(file)).name, sheet) for file, sheet in zip(new["file"], new["sheet"].fillna(""), strict=True)}
    return sorted({str(file) for file, sheet in zip(lists["file"], lists["sheet"].fillna(""), strict=True) if (Path(str(file)).name, sheet) in pairs})


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        header, sign, field = pair.rpartition("=")
        if not sign or not header.strip() or not field.strip():
            raise InputError(f"--map 要写成 列名=字段：{pair!r}", way_out="例：--map 厂名=name")
        found[header.strip()] = field.strip()
    return found


def _read(files: tuple[str, ...], options: Options, now: str, progress: Progress) -> Iterator[Loaded]:
    """Every argument by what it is; plain lists are read together, so that counts and notes come in one."""
    from loaders import read
    from loaders.knowledge_graph import is_knowledge_graph, read_knowledge_graph

    plain: list[str] = []
    for name in files:
        path = Path(name)
        if name != "-" and not path.exists():
            raise InputError(f"没有这个文件：{name}", way_out="检查路径；当前目录是 " + str(Path.cwd().name))
        if path.suffix.lower() in (".yaml", ".yml"):
            yield _chain_file(path)
        elif path.is_dir() and is_knowledge_graph(path):
            yield read_knowledge_graph(path, as_of=options.as_of, now=now, progress=progress)
        elif path.suffix.lower() == ".xlsx" and (special := _special_workbook(path, options, now)) is not None:
            yield special
        else:
            plain.append(name)
    if plain:
        yield read(plain, options, now=now, progress=progress)


def _special_workbook(path: Path, options: Options, now: str) -> Loaded | None:
    """A chain or a review that came back from Excel; None for an ordinary list."""
    from loaders import chain_workbook, reviews

    if chain_workbook.is_chain_workbook(path):
        return _chain(chain_workbook.read_chain_workbook(path))
    if (kind := reviews.review_kind(path)) is not None:
        read = reviews.read_link_review if kind == "links" else reviews.read_same_review
        return read(path, now=now, as_of=options.as_of)
    return None


def _chain_file(path: Path) -> Loaded:
    from chain import chainfile

    return _chain(chainfile.read(path))


def _chain(chain: object) -> Loaded:
    import pandas as pd

    from chain.definition import Chain, problems, to_tables
    from loaders import Loaded

    assert isinstance(chain, Chain)
    tables = to_tables(chain)
    count = len(chain.products)
    counts = pd.DataFrame([{
        "file": chain.file, "sheet": "", "table": "chains", "rows_in": count, "loaded": count, "merged": 0, "rejected": 0}])
    return Loaded(tables, counts, tuple(f"{chain.file} {problem}" for problem in problems(chain)))


def _report(part: Loaded) -> None:
    for row in part.counts.itertuples(index=False):
        sheet = f" › {row.sheet}" if isinstance(row.sheet, str) and row.sheet else ""
        click.echo(f"{row.file}{sheet}（{row.table}）：共 {row.rows_in} 行，载入 {row.loaded}，并入 {row.merged}，未用 {row.rejected}")
    for note in part.notes[:_SHOWN]:
        click.echo(f"  注意：{note}")
    if len(part.notes) > _SHOWN:
        click.echo(f"  另有 {len(part.notes) - _SHOWN} 条注意事项")
    rejects = part.tables["rejects"]
    if len(rejects):
        click.echo(f"  没能用上的行和单元格 {len(rejects)} 处，按原因：")
        reasons = rejects.groupby("reason", sort=False).agg(
            count=("reason", "size"), way_out=("way_out", "first"), value=("value", "first"), row=("row", "first"))
        top = reasons.sort_values(["count"], ascending=False, kind="stable").head(_SHOWN).reset_index()
        for one in top.to_dict("records"):
            where = f"如第 {common.cell(one['row'])} 行「{str(one['value'])[:40]}」"
            click.echo(f"    {one['count']} 处：{one['reason']}（{where}）。办法：{one['way_out']}")
        click.echo("  全部清单：lianpu check 图谱文件，或载入时加 --rejects 文件.csv")


def _save_rejects(rejects: pd.DataFrame, path: Path) -> None:
    from viz.csv import write_csv

    write_csv(rejects, path)
    click.echo(f"未用清单已写入 {path}")


def _told(written: Written, store: str) -> None:
    from chain import schema

    for label in written.unchanged:
        click.echo(f"{label}：已经载入过，内容没有变化")
    for label in written.replaced:
        click.echo(f"{label}：旧版本已被替换")
    if not written.changed:
        click.echo(f"{store} 没有变化。")
        return
    added = "、".join(f"{schema.table(name).title} {count}" for name, count in written.added.items())
    removed = "、".join(f"{schema.table(name).title} {count}" for name, count in written.removed.items())
    click.echo(f"{store}：新增 {added or '0'} 行" + (f"；去掉旧行 {removed}" if removed else ""))
    if "enterprises" in written.added:
        click.echo(f"下一步：lianpu link {store}")


@click.command("check", epilog="例：lianpu check zone.lianpu -o 检查.xlsx")
@common.store_argument
@click.option("--same", type=click.Path(path_type=Path), metavar="文件.xlsx", help="把可能是同一家的企业对写成复核表，认定后用 load 载回。")
@common.output_options
def check_command(store: str, same: Path | None, form: str | None, output: Path | None) -> None:
    """图谱里有什么不对：悬空名称、自环、循环、方向矛盾、份额超过 100%、所在地不详、孤立企业、来源不一、未用数据。"""
    from queries.quality import check
    from viz import lists

    with common.reading(store) as held:
        found = check(held)
        as_of = held.as_of
        if same:
            _write_same(held.enterprises(), same)
    common.answer(
        found, lists.CHECK_COLUMNS, title=f"{store} 检查结果", notes=() if len(found) else ("没有发现问题。",), form=form, output=output,
        as_of=as_of, brief=("severity", "check", "what", "count", "examples", "way_out"),
        sheets=lambda: [lists.plain_sheet("检查", "检查结果", found, lists.CHECK_COLUMNS)])


def _write_same(enterprises: pd.DataFrame, path: Path) -> None:
    from loaders.reviews import similar_enterprises, write_same_review

    pairs = similar_enterprises(enterprises)
    write_same_review(pairs, path)
    click.echo(f"{len(pairs)} 对可能是同一家的企业已写入 {path}；认定后：lianpu load 图谱文件 {path}", err=True)


@click.command("copy", epilog="例：lianpu copy zone.lianpu neo4j://主机:7687   lianpu copy zone.lianpu 导出/   lianpu copy zone.lianpu 图.graphml")
@common.store_argument
@click.argument("target", metavar="去处")
@common.into_existing_option
@click.option("--import-csv", is_flag=True, help="目录里写成 neo4j-admin database import 的 CSV，并给出命令。")
def copy_command(store: str, target: str, into_existing: bool, import_csv: bool) -> None:
    """把图谱整个抄到另一个图谱（.lianpu 文件或服务器地址），或导出：目录为每张表一个 CSV，.graphml、.json 为一个文件。

    load 导出的目录得到同一个图谱；.graphml 与 .json 给别的软件看（节点与关系）。
    """
    from chain import check_location, exports, is_address

    check_location(target)
    ending = Path(target).suffix.lower()
    with common.reading(store) as held:
        tables = held.tables()
    if is_address(target) or ending == ".lianpu":
        with common.opened(target, must_exist=False, into_existing=into_existing) as other, common.progress_bar("写入") as progress:
            _told(other.write(tables, progress=progress), target)
    elif ending in exports.FILES:
        click.echo(f"{target}：{exports.FILES[ending](tables, Path(target))}")
    elif import_csv:
        click.echo(exports.write_import(tables, Path(target)))
    else:
        _copy_folder(tables, Path(target))


def _copy_folder(tables: Tables, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(path.name for path in folder.glob("*.csv") if path.stem not in tables)
        if others:
            raise OutputError(f"{folder} 里有别的 CSV：{'、'.join(others[:3])}", way_out="换一个空目录")
        _write_copy(tables, folder)
    except OSError as error:
        raise OutputError(f"写不了 {folder}：{error.strerror}", way_out="检查权限和磁盘空间") from error


def _write_copy(tables: Tables, folder: Path) -> None:
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        if frame.empty:
            path.unlink(missing_ok=True)
            continue
        frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        click.echo(f"{path}：{len(frame)} 行")
    sys.stdout.flush()
