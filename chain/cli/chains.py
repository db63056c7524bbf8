"""Chains: list, show, validate, lint, new."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chain.errors import DefinitionError, OutputError

if TYPE_CHECKING:
    from chain.definition import Chain

_SAMPLE = """\
chain: {name}
version: 0.1.0
as_of: {today}
summary: 一句话说明边界：从哪里开始，到哪里为止。
sources:
  S1: {{title: 来源名称, publisher: 发布单位, year: 2026}}
stages:
  - {{name: 上游, description: 原料}}
  - {{name: 中游, description: 制造}}
  - {{name: 下游, description: 应用}}
segments:
  - name: 原料
    stage: 上游
    products:
      - name: 示例原料
        aliases: [示例原材料]
  - name: 制造
    stage: 中游
    products:
      - name: 示例部件
        inputs: [示例原料]
        criticality: 3
        reason: 一行理由
  - name: 应用
    stage: 下游
    products:
      - name: 示例整机
        inputs: [示例部件]
        terminal: true
"""


@click.group("chains", epilog="例：lianpu chains show 特钢材料")
def chains_command() -> None:
    """产业链定义：列出、查看、校验、通检、新建。"""


@chains_command.command("list", epilog="例：lianpu chains list")
def list_command() -> None:
    """列出内置产业链。"""
    from chain import chainfile

    for name in chainfile.library():
        chain = chainfile.read(name)
        click.echo(f"{name}\t{len(chain.products)} 个产品\t{len(chain.arcs)} 条投入关系\t版本 {chain.version}\t{chain.summary}")


@chains_command.command("show", epilog="例：lianpu chains show 特钢材料 -o 特钢材料.xlsx")
@click.argument("chain", metavar="产业链")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写成 .xlsx（可在 Excel 里改，改后 validate）或 .yaml。")
def show_command(chain: str, output: Path | None) -> None:
    """查看一条产业链：阶段、产品、投入关系。"""
    found = _read(chain)
    if output is None:
        _print(found)
        return
    from loaders.chain_workbook import chain_yaml, write_chain_workbook

    if output.suffix.lower() == ".xlsx":
        write_chain_workbook(found, output)
    elif output.suffix.lower() in (".yaml", ".yml"):
        _write(output, chain_yaml(found))
    else:
        raise OutputError(f"不认识的扩展名：{output.name}", way_out="写 .xlsx 或 .yaml")
    click.echo(f"已写入 {output}")


@chains_command.command("validate", epilog="例：lianpu chains validate my.yaml")
@click.argument("chain", metavar="文件")
@click.pass_context
def validate_command(context: click.Context, chain: str) -> None:
    """校验产业链文件（.yaml 或 .xlsx）：每个问题有行号和办法。"""
    from chain.definition import problems

    found = _read(chain)
    listed = problems(found)
    for problem in listed:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in listed)
    click.echo(f"{found.name}：{len(found.products)} 个产品，{len(found.arcs)} 条投入关系；错误 {errors}，提醒 {len(listed) - errors}")
    if errors:
        context.exit(1)


@chains_command.command("lint", epilog="例：lianpu chains lint 光伏 --data 上市公司.csv")
@click.argument("names", nargs=-1, metavar="[产业链…]")
@click.option("--data", "files", multiple=True, metavar="文件", help="企业名单：另查有没有企业关联到每个产品；可重复。")
@click.option("--gbt", metavar="文件.csv", help="国民经济行业分类表（有 full_code 一列）：另查行业代码是否存在。")
@click.pass_context
def lint_command(context: click.Context, names: tuple[str, ...], files: tuple[str, ...], gbt: str | None) -> None:
    """通检：把全部内置产业链（和给出的文件）放在一起查重复、混淆、断头和失效的判断；缺省报告全部，给出名称就只报告这些。"""
    from chain.cli.linting import gather, industry_codes, linked
    from chain.lint import lint

    chains, broken, about = gather(names, _read)
    links = linked(chains, files) if files else None
    found = [*broken, *lint(chains, about=about, classes=industry_codes(gbt) if gbt else None, links=links)]
    for finding in found:
        click.echo(str(finding))
    counts = Counter(finding.chain for finding in found)
    click.echo("；".join(f"{name} {count}" for name, count in counts.items()) or "没有未了结的发现")
    errors = sum(finding.severity == "error" for finding in found)
    click.echo(f"{len(chains) if about is None else len(about)} 条链：错误 {errors}，提醒 {len(found) - errors}")
    if found:
        context.exit(1)


@chains_command.command("new", epilog="例：lianpu chains new 煤机装备   生成 煤机装备.yaml")
@click.argument("name", metavar="名称")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="文件名；缺省为 名称.yaml。")
def new_command(name: str, output: Path | None) -> None:
    """新建一个产业链文件的样板，能直接通过校验。"""
    from datetime import UTC, datetime

    path = output or Path(f"{name.replace('/', '_')}.yaml")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise OutputError(f"样板是 YAML 文件，不能写成 {path.name}", way_out="写 .yaml；之后用 lianpu chains show 文件.yaml -o 文件.xlsx 转成 Excel")
    if path.exists():
        raise OutputError(f"{path} 已经存在，没有覆盖", way_out="用 -o 换一个文件名")
    import yaml

    quoted = yaml.safe_dump(name, allow_unicode=True, default_flow_style=True).splitlines()[0]
    _write(path, _SAMPLE.format(name=quoted, today=datetime.now(UTC).date().isoformat()))
    click.echo(f"已写入 {path}。改好后：lianpu chains validate {path}；lianpu load zone.lianpu {path}")


def _read(chain: str) -> Chain:
    from chain import chainfile

    if chain.lower().endswith(".xlsx"):
        from loaders.chain_workbook import read_chain_workbook

        if not Path(chain).exists():
            raise DefinitionError(f"没有这个文件：{chain}", way_out="检查路径")
        return read_chain_workbook(Path(chain))
    return chainfile.read(chain)


def _print(chain: Chain) -> None:
    click.echo(f"{chain.name}  版本 {chain.version}  截至 {chain.as_of}\n{chain.summary}")
    inputs: dict[str, list[str]] = {}
    for arc in chain.arcs:
        role, group = f"［{arc.role}］" if arc.role != "物料" else "", f"〔{arc.group}〕" if arc.group else ""
        inputs.setdefault(arc.product, []).append(arc.input + role + group)
    for stage, description in chain.stages:
        click.echo(f"\n{stage}  {description}")
        segment = None
        for product in (product for product in chain.products if product.stage == stage):
            if product.segment != segment:
                segment = product.segment
                click.echo(f"  {segment}")
            feeds = "、".join(inputs.get(product.name, []))
            level = f"（关键度 {product.criticality}）" if product.criticality else ""
            click.echo(f"    {product.name}{level}" + (f" <- {feeds}" if feeds else ""))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"写不了 {path}：{error.strerror}", way_out="检查路径和权限") from error
