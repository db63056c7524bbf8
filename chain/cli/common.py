"""What the commands share: options, opening a store, naming a place, showing progress and frames."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.errors import LianpuError, OutputError, StoreError, UnknownName

if TYPE_CHECKING:
    import pandas as pd

    from chain.store import Progress, Store
    from queries.rules import Rules

FORMATS = ("table", "csv", "json", "xlsx")
_ENDINGS = {".csv": "csv", ".json": "json", ".xlsx": "xlsx"}

store_argument = click.argument("store", metavar="图谱")
into_existing_option = click.option("--into-existing", is_flag=True, help="图谱在服务器上时：数据库里已有别的数据也写入。")


def _once(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> str:
    if len(values) > 1:
        raise click.UsageError(f"{parameter.opts[0]} 只能写一次，写了 {'、'.join(values)}；几个请分几次问", context)
    return values[0]


chain_option = click.option(
    "--chain", required=True, multiple=True, callback=_once, metavar="产业链", help="产业链名称，如 特钢材料。")
region_option = click.option(
    "--region", required=True, multiple=True, callback=_once, metavar="地区", help="行政区名称或六位代码，如 太原市、140100；园区写 园区:名称。")


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options --format and -o of commands that answer with a list."""
    command = click.option("-o", "--output", type=click.Path(path_type=Path), help="写到文件；格式看扩展名（.xlsx .csv .json）。")(command)
    return click.option("--format", "form", type=click.Choice(FORMATS), help="输出格式；缺省在终端为表格，在管道为制表符分隔。")(command)


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that set the thresholds; every output prints them."""
    for option in (
        click.option("--tau", metavar="数值", type=click.FloatRange(0, 1), default=0.65, show_default=True, help="制造关系置信度的下限。"),
        click.option("--as-of", "as_of", metavar="日期", help="按哪一天的状态回答，如 2025-12-31；缺省为数据日期。"),
        click.option("--roles", metavar="类别", default="物料,设备,服务", show_default=True, help="计入哪些投入，逗号分隔。"),
        click.option("--hhi", metavar="数值", type=float, default=0.25, show_default=True, help="集中度高于它为薄弱。"),
        click.option("--lq", metavar="数值", type=float, default=1.0, show_default=True, help="区位商低于它为薄弱。"),
    ):
        command = option(command)
    return command


def rules_of(tau: float, as_of: str | None, roles: str, hhi: float, lq: float) -> Rules:
    """The rules that the options ask for."""
    from chain.definition import ROLES
    from queries.rules import Rules

    wanted = tuple(role.strip() for role in roles.replace("，", ",").split(",") if role.strip())
    unknown = [role for role in wanted if role not in ROLES]
    if unknown or not wanted:
        raise UnknownName("投入类别", "、".join(unknown) or roles, ROLES)
    return Rules(tau=tau, as_of=iso_date(as_of) if as_of else None, roles=wanted, hhi_max=hhi, lq_weak=lq)


def iso_date(text: str) -> str:
    """A date option as ISO, or a clear error."""
    from datetime import date

    try:
        return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-")).isoformat()
    except ValueError as error:
        raise LianpuError(f"日期不认识：{text!r}", way_out="写成 2025-12-31") from error


@contextmanager
def opened(location: str, *, must_exist: bool = True, into_existing: bool = False) -> Iterator[Store]:
    """An open store, closed afterwards; `location` is a file or the address of a server."""
    from chain import check_location, is_address, open_store

    check_location(location)
    server = is_address(location)
    if must_exist and not server and not Path(location).exists():
        raise StoreError(f"没有这个图谱文件：{location}", way_out=f"先载入数据：lianpu load {location} 文件…")
    store = open_store(location, password=asked_password(location) if server else None, into_existing=into_existing)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def reading(location: str) -> Iterator[Store]:
    """An open store all of whose answers are of one state of the data."""
    with opened(location) as store, store.moment():
        yield store


def asked_password(location: str) -> str | None:
    """The password of a server from a prompt, if the environment has none and somebody sits at a terminal."""
    import os

    if "LIANPU_NEO4J_PASSWORD" in os.environ or not sys.stdin.isatty() or "@" in location:
        return None
    user = os.environ.get("LIANPU_NEO4J_USER", "neo4j")
    return str(click.prompt(f"{location} 用户 {user} 的密码", hide_input=True, err=True))


def place_of(store: Store, text: str) -> str:
    """Id of the place that a person named: a region, or a park of the store."""
    from chain import region

    name = text.strip()
    if name.startswith(("园区:", "园区：", "park:")):
        return f"park:{name.partition(':')[2] or name.partition('：')[2]}"
    try:
        return region.resolve(name)
    except UnknownName as error:
        parks = store.tables(["parks"])["parks"]
        held = parks[(parks["name"] == name) | (parks["id"] == name)]
        if len(held):
            return f"park:{held['id'].iloc[0]}"
        near = [str(park) for park in parks["name"] if name in str(park) or str(park) in name]
        if near:
            raise UnknownName("地区或园区", name, way_out=f"图谱里的园区：{'、'.join(near[:8])}；写园区全名") from error
        raise error


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar with the time left on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda step, done: bar.update(task, description=f"{title} {step}", completed=done)


def answer(
    frame: pd.DataFrame, columns: Mapping[str, str], *, title: str, notes: tuple[str, ...], form: str | None, output: Path | None,
    brief: tuple[str, ...], sheets: Callable[[], list[Any]], as_of: str,
) -> None:
    """Show or write a list.

    Parameters
    ----------
    columns
        Column names and their Chinese headers.
    brief
        Columns of the table on a terminal.
    sheets
        Makes the sheets of a workbook.
    """
    if output and form is None and output.suffix.lower() not in (*_ENDINGS, ".txt", ".tsv"):
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .xlsx、.csv、.json 或 .txt，或用 --format 指明")
    form = form or (_ENDINGS.get(output.suffix.lower()) if output else None) or "table"
    notes = notes if len(frame) else (*notes, "没有符合条件的行。")
    if form == "xlsx":
        if output is None:
            raise OutputError("xlsx 要写到文件", way_out="加上 -o 文件名.xlsx")
        from viz.xlsx import write_workbook

        write_workbook(output, sheets(), as_of=as_of)
    elif form == "json":
        _emit(frame[[name for name in columns if name in frame.columns]].to_json(orient="records", force_ascii=False, indent=1) + "\n", output)
    elif form == "csv":
        from viz.csv import write_csv
        from viz.lists import labelled

        shown = labelled(frame, columns)
        if output:
            write_csv(shown, output)
        else:
            write_csv(shown, sys.stdout)
    else:
        _table(frame, columns, title, notes, brief, output)
    if output:
        click.echo(f"已写入 {output}（{len(frame)} 行）", err=True)


def _emit(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"写不了 {output}：{error.strerror}", way_out="检查路径、权限和磁盘空间") from error


def _table(frame: pd.DataFrame, columns: Mapping[str, str], title: str, notes: tuple[str, ...], brief: tuple[str, ...], output: Path | None) -> None:
    shown = [name for name in brief if name in frame.columns]
    if output is not None or not sys.stdout.isatty():
        lines = ["\t".join(columns[name] for name in shown)]
        rows = frame[shown].itertuples(index=False, name=None)
        lines += ["\t".join(cell(value).replace("\t", " ").replace("\n", " ") for value in row) for row in rows]
        _emit("\n".join(lines) + "\n", output)
        for note in notes:
            click.echo(note, err=True)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(title=escape(title), box=None, title_justify="left", padding=(0, 1), header_style="bold")
    for name in shown:
        numeric = frame[name].dtype.kind in "ifu"
        table.add_column(columns[name], justify="right" if numeric else "left", overflow="fold")
    for row in frame[shown].itertuples(index=False, name=None):
        table.add_row(*(escape(cell(value)) for value in row))
    console.print(table)
    for note in notes:
        console.print(escape(note), style="dim")


def cell(value: Any) -> str:
    """One value as people read it; missing is empty."""
    from pandas import isna

    if isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) >= 1000 else f"{value:.2f}"
    return str(value)


def safe(name: str) -> str:
    """A name as a file or folder can bear it on every system.

    >>> safe("a/b:c. "), safe("con"), safe("..")
    ('a_b_c', 'con_', '_')
    """
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u206f]', "_", name).strip(" .")[:80].strip(" .") or "_"
    return f"{plain}_" if re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain, flags=re.IGNORECASE) else plain
