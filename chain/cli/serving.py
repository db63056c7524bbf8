"""The command ``serve``: the page to work in, for this machine or, with a token, for an office."""

from __future__ import annotations

import os
import secrets
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chain import check_location, is_address, open_store
from chain.cli import common
from chain.cli.explorer import lang_option
from chain.cli.patience import patient
from chain.errors import InputError, LianpuError, OutputError, StoreError

if TYPE_CHECKING:
    from chain.cli.desk import StoreDesk
    from chain.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - names them, to ask for more


@click.command("serve", epilog="例：lianpu serve zone.lianpu   或：lianpu serve zone.lianpu --host 192.168.1.20 --token-file 口令.txt")
@common.store_argument
@click.option("--host", default="127.0.0.1", show_default=True, metavar="地址", help="监听地址；不是本机时必须有 --token-file。")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, metavar="端口", help="端口；0 为任选一个空闲的。")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="文件", help="口令文件；没有就新建，只有自己能读。")
@click.option("--name", "names", multiple=True, metavar="主机名", help="别人访问时用的主机名或地址；可重复。")
@click.option("--scenarios", type=click.Path(path_type=Path), metavar="文件", help="推演方案存在哪里；缺省在图谱文件旁边。")
@click.option("--chain", metavar="产业链", help="页面从哪条产业链开始；缺省为浏览器上次看的。")
@click.option("--region", metavar="地区", help="页面从哪个地区开始；缺省为浏览器上次看的。")
@lang_option
def serve_command(
    store: str, host: str, port: int, token_file: Path | None, names: tuple[str, ...], scenarios: Path | None, chain: str | None,
    region: str | None, lang: str,
) -> None:
    """在浏览器里工作：产业链图、关系探索、缺口清单、招商推演。Ctrl+C 停止。"""
    from chain.cli.desk import StoreDesk, shelf_beside
    from viz.web.app import application

    allowed = hosts(host, names)
    if host not in LOOPBACK and token_file is None:
        raise InputError(f"监听 {host} 时别的机器能访问，必须设口令", way_out="加上 --token-file 口令.txt（没有会自动新建），或不写 --host")
    token = token_of(token_file) if token_file is not None else None
    password = common.asked_password(store) if is_address(store) else None
    with held_open(store, password) as held:  # a wrong path or a foreign file is told before anything listens
        if not len(held.tables(["chains"])["chains"]):
            raise StoreError("图谱里还没有产业链", way_out=f"先运行 lianpu link {store}")
        begin = str(held.scope(chain).chain["id"]) if chain else ""
        place = common.place_of(held, region) if region else ""
    desk = StoreDesk(store, shelf_beside(store, scenarios), lang=lang, password=password, chain=begin, place=place)
    app = application(desk, hosts=allowed, token=token)
    threading.Thread(target=_warmed, args=(desk,), daemon=True).start()
    listen(app, host, port, token, name=names[0] if names else "")


def held_open(location: str, password: str | None) -> Store:
    """The store that is to be served.

    Raises
    ------
    StoreError
        If it is not there.
    """
    check_location(location)
    if not is_address(location) and not Path(location).exists():
        raise StoreError(f"没有这个图谱文件：{location}", way_out=f"先载入数据：lianpu load {location} 文件…")
    return open_store(location, password=password)


def _warmed(desk: StoreDesk) -> None:
    """What fails here fails again, and is told, when somebody asks."""
    with suppress(LianpuError):
        desk.warm()


def hosts(host: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names under which the server may be addressed.

    Raises
    ------
    InputError
        If it listens everywhere and nobody said under which name.

    Examples
    --------
    >>> hosts("192.168.1.20", ("zone.local",))
    ('127.0.0.1', 'localhost', '::1', '192.168.1.20', 'zone.local')
    """
    if host in EVERYWHERE and not names:
        raise InputError(f"监听 {host} 时要说明别人用什么地址访问", way_out="加上 --name 本机地址，如 --name 192.168.1.20")
    own = () if host in (*LOOPBACK, *EVERYWHERE) else (host.lower(),)
    return tuple(dict.fromkeys((*LOOPBACK, *own, *(name.lower() for name in names))))


def token_of(path: Path) -> str:
    """The token in a file that only its owner can read; a new one where there is no file.

    Raises
    ------
    InputError
        If others can read the file or the token is short.
    OutputError
        If the file can't be made.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_token(path)
    except OSError as error:
        raise OutputError(f"建不了口令文件 {path}：{error.strerror}", way_out="换一个可写的位置") from error
    token = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token


def _read_token(path: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise InputError(f"口令文件别人也能读：{path}", way_out=f"chmod 600 {path}")
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise InputError(f"口令文件读不了：{path}", way_out="换一个文件，或删掉后自动新建") from error
    if len(token) < 16 or not token.isascii():
        raise InputError(f"口令太短：{path}", way_out="至少 16 个英文字母或数字；删掉文件可自动新建")
    return token


def listen(app: object, host: str, port: int, token: str | None, *, name: str = "") -> None:
    """Serves until interrupted; the address, with the name that others use where it is given, is printed once it listens.

    Raises
    ------
    StoreError
        If the port is taken.
    """
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(200)
    except OSError as error:
        sock.close()
        raise StoreError(f"不能在 {host}:{port} 监听：{error.strerror}", way_out="换一个端口：--port 0 任选一个") from error
    shown = name or (f"[{host}]" if ":" in host else host)
    address = f"http://{shown}:{sock.getsockname()[1]}/" + (f"#token={token}" if token else "")
    click.echo(f"链谱已启动：{address}")
    if token:
        click.echo("地址里的口令等于钥匙，只发给该看的人；跨网络使用请放在带 HTTPS 的反向代理后面。", err=True)
    config = uvicorn.Config(
        app, http=patient(), ws="none", log_level="warning", access_log=False, server_header=False, date_header=False,  # type: ignore[arg-type]
        timeout_keep_alive=5, limit_concurrency=200, timeout_graceful_shutdown=3, proxy_headers=False, h11_max_incomplete_event_size=16384)
    uvicorn.Server(config).run(sockets=[sock])
