"""The command ``lianpu``: thin commands over the library, one file a group. Heavy libraries are imported inside the commands."""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path

os.environ.setdefault("LANGUAGE", "zh_CN")  # click takes its own words from gettext
gettext.bindtextdomain("lianpu", str(Path(__file__).with_name("locale")))
gettext.textdomain("lianpu")

import click  # noqa: E402

_GROUPS = {
    "init": "data", "load": "data", "check": "data", "copy": "data", "link": "linking", "eval-links": "linking", "chains": "chains",
    "gaps": "ask", "targets": "ask", "explain": "ask", "coverage": "ask", "indicators": "ask", "map": "hand_out",
    "report": "report", "verify": "report",
    "explore": "explorer", "serve": "serving",
}


class _Lazy(click.Group):
    """A group that imports the file of a command only when that command is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_GROUPS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from importlib import import_module

        if name not in _GROUPS:
            return None
        module = import_module(f"chain.cli.{_GROUPS[name]}")
        command: click.Command = getattr(module, name.replace("-", "_") + "_command")
        return command

    def resolve_command(self, context: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _GROUPS and not args[0].startswith("-"):
            from chain.errors import near_names

            near = near_names(args[0], _GROUPS)
            raise click.UsageError(f"没有这个命令：{args[0]}。" + (f"是不是：{'、'.join(near)}？" if near else "lianpu --help 列出全部命令"))
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(_SUMMARIES.items()))


_SUMMARIES = {
    "init": "生成待填的工作簿（企业、产品关联、供应关系、称号）", "load": "把文件载入图谱", "check": "检查图谱里有什么不对",
    "link": "从企业文字关联到链上产品；导出复核表", "eval-links": "用人工标注检验关联的准确率与召回率",
    "chains": "产业链：list 列出、show 查看、validate 校验、lint 通检、new 新建",
    "gaps": "缺口清单：补链、延链、强链、提链", "targets": "招商目标企业",
    "explain": "一条缺口或目标的证据，直到文件和行", "coverage": "每个环节的状态", "indicators": "指标与公式", "map": "招商图谱（PDF、PNG 等）",
    "report": "一次生成一套：图谱、清单、目录、报告、汇报；可成批", "verify": "核对一套文件：与清单、与图谱是否一致",
    "explore": "随身网页：一个 HTML 文件，离线浏览与搜索",
    "serve": "在浏览器里工作：产业链图、关系探索、缺口清单、推演", "copy": "把图谱抄到别的图谱或服务器，或导出（CSV、GraphML、JSON）",
}


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="出错时显示程序内部的追踪信息。")
@click.version_option(package_name="lianpu", prog_name="lianpu", message="链谱 %(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """链谱：产业链知识图谱与缺口查找。

    \b
    第一次使用：
      lianpu load zone.lianpu 企业名单.xlsx      载入
      lianpu link zone.lianpu                    关联到产业链
      lianpu gaps zone.lianpu --chain 特钢材料 --region 太原市
    """
    context.obj = {"debug": debug}


def main() -> None:
    """Entry point: run the command, turn our errors into messages and exit codes (0 fine, 1 error, 2 usage, 3 done with rejects)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    from chain.errors import LianpuError

    try:
        code = cli.main(standalone_mode=False)  # click hands back the code of context.exit
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("已中断，没有改动。", err=True)
        sys.exit(130)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "lianpu"
        click.echo(f"用法错误：{error.format_message()}\n办法：{command} --help", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"错误：{error.format_message()}", err=True)
        sys.exit(2)
    except LianpuError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"错误：{error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        click.echo("已中断，没有改动。", err=True)
        sys.exit(130)
    except MemoryError:
        click.echo("错误：内存不足，没有改动。\n办法：关掉别的程序，或分批载入。", err=True)
        sys.exit(1)
    except Exception as error:  # a fault of ours: say so plainly, keep the trace for those who ask
        if "--debug" in sys.argv:
            raise
        click.echo(f"程序内部错误：{type(error).__name__}：{error}\n办法：加 --debug 再运行一次（lianpu --debug …），把输出发给维护者。", err=True)
        sys.exit(1)
