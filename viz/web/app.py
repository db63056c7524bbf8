"""The web application: pages and API in front of a desk."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chain.errors import InputError, LianpuError, LoadOpen, StoreBusy, StoreError, UnknownName
from viz.web.desk import Desk
from viz.web.endpoints import TABLE, Endpoint
from viz.web.guard import Guard
from viz.web.openapi import document
from viz.web.parameters import Refused, body, known_only
from viz.web.ready import Ready, Shelf, encoded, made

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

TIME = 60.0
"""Seconds that an answer may take."""

WORKERS = 6
"""Questions answered at once; the others wait their turn."""

_PAGE = Path(__file__).parent / "page"
_VENDOR = Path(__file__).parents[1] / "vendor"
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_SLASH = "\x00"
"""Stands for an escaped slash while a request finds its way; no path that gets here holds it otherwise."""

_LOG = logging.getLogger("lianpu.web")

Handler = Callable[["Request"], Awaitable["Response"]]


def application(desk: Desk, *, hosts: tuple[str, ...], token: str | None = None) -> Guard:
    """The guarded application.

    Parameters
    ----------
    desk
        Who answers.
    hosts
        Names under which the server may be addressed.
    token
        What visitors have to know; None where only this machine can connect.
    """
    import anyio
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Route

    turns, shelf = anyio.CapacityLimiter(WORKERS), Shelf()
    routes = [Route(each.path, _handler(desk, each, turns, shelf), methods=[each.method]) for each in TABLE]
    routes += [Route("/api/openapi.json", _document, methods=["GET"]), Route("/{name:path}", _static, methods=["GET"])]
    app = Starlette(
        routes=routes, middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={Refused: _refused, LianpuError: _explained, HTTPException: _plain, Exception: _broken})
    return Guard(_Inner(app), hosts, token)


class _Inner:
    """Sends requests on their way by the path as it was written, so that an escaped slash in an id stays one.

    Starlette raises a handled fault once more for the server to log with its trace; it is logged here already.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app({**scope, "path": _path(scope)} if scope["type"] == "http" else scope, receive, watched)
        except Exception:
            if not started:
                raise


def _path(scope: Any) -> str:
    sent = scope.get("raw_path")
    if sent is None:
        return str(scope["path"])
    written = sent.partition(b"?")[0].decode("latin-1")
    if "%00" in written or _SLASH in written:
        raise Refused(400, "bad_path", "地址里有不能用的字符")
    return unquote(written.replace("%2F", _SLASH).replace("%2f", _SLASH), errors="replace")


def _handler(desk: Desk, each: Endpoint, turns: Any, shelf: Shelf) -> Handler:
    import anyio
    from starlette.responses import Response

    fixed = each.method == "GET" and each.fixed

    def work(url: str, values: dict[str, Any], known: str) -> tuple[str, Ready | None]:
        """In a thread: the tag of the answer, and the answer unless the visitor has it."""
        tag = f'"{hashlib.sha256(f"{desk.version()} {url}".encode(errors="replace")).hexdigest()[:32]}"' if fixed else ""
        if fixed and known == tag:
            return tag, None
        ready = shelf.get(tag) if fixed else None
        if ready is None:
            ready = made(each.answer(desk, values))
            if fixed:
                shelf.put(tag, ready)
        return tag, ready

    async def handle(request: Request) -> Response:
        inside = {name: value.replace(_SLASH, "/") for name, value in request.path_params.items()}
        pairs = request.query_params.multi_items()
        if each.method == "POST":
            given = body(await request.body())
            known_only(given, each.parameters)
            known_only([name for name, _ in pairs], ())
        else:
            known_only([name for name, _ in pairs], each.parameters)
            given = dict(pairs)
        ask = partial(work, str(request.url), {**given, **inside}, request.headers.get("if-none-match", ""))
        try:
            with anyio.fail_after(TIME):
                tag, ready = await anyio.to_thread.run_sync(ask, limiter=turns, abandon_on_cancel=True)
        except TimeoutError as error:
            raise Refused(503, "too_slow", "这个问题答得太久", "缩小范围后再试") from error
        heads = {"etag": tag, "cache-control": "private, no-cache", "vary": "Accept-Encoding"} if fixed else {"cache-control": "no-store"}
        if ready is None:
            return Response(status_code=304, headers=heads)
        if ready.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(ready.packed, headers={**ready.heads, **heads, "content-encoding": "gzip"})
        return Response(ready.content, headers={**ready.heads, **heads})

    return handle


def _json(answer: Any, status: int = 200) -> Response:
    from starlette.responses import Response

    return Response(encoded(answer), status, media_type="application/json; charset=utf-8")


async def _document(request: Request) -> Response:
    return _json(document())


async def _static(request: Request) -> Response:
    """A file of the page by its exact name; there is no other way to a file."""
    from starlette.responses import Response

    name = request.path_params["name"] or "index.html"
    if name == "favicon.ico":
        return Response(status_code=204)
    if name not in _page():
        raise Refused(404, "not_found", "没有这一页")
    content, tag = _page()[name]
    heads = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=heads)
    return Response(content, headers={**heads, "content-type": _TYPES[Path(name).suffix]})


@cache
def _page() -> dict[str, tuple[bytes, str]]:
    found = [*sorted(_PAGE.iterdir()), _VENDOR / "cytoscape.min.js"]
    return {path.name: ((content := path.read_bytes()), f'"{hashlib.sha256(content).hexdigest()[:32]}"') for path in found if path.suffix in _TYPES}


async def _refused(request: Request, refused: Any) -> Response:
    return _json({"error": refused.error, "message": refused.message, "hint": refused.hint}, refused.status)


async def _explained(request: Request, error: Any) -> Response:
    """An error of ours in its own words; what is wrong with files of this machine is for the log."""
    if isinstance(error, (UnknownName, InputError)):
        status = 404 if isinstance(error, UnknownName) else 400
        return _json({"error": _word(error), "message": error.what, "hint": "" if "lianpu " in error.way_out else error.way_out}, status)
    if isinstance(error, LoadOpen):
        hint = "请管理员再运行一次载入" if "中断" in error.load else "等它结束，页面会自己更新"
        return _json({"error": "busy", "message": f"数据正在更新：{error.load}", "hint": hint}, 503)
    if isinstance(error, StoreBusy):
        return _json({"error": "busy", "message": "数据正在更新", "hint": "稍后再试"}, 503)
    _LOG.error("%s", error)
    message = "图谱现在读不了" if isinstance(error, StoreError) else "结果现在存不了"
    return _json({"error": _word(error), "message": message, "hint": "请管理员看服务器的记录"}, 503)


def _word(error: Exception) -> str:
    return "unknown_name" if isinstance(error, UnknownName) else "bad_input" if isinstance(error, InputError) else "unavailable"


async def _plain(request: Request, error: Any) -> Response:
    words = {404: "没有这一项", 405: "不支持这种请求"}
    return _json({"error": f"http_{error.status_code}", "message": words.get(error.status_code, "请求不能处理"), "hint": ""}, error.status_code)


async def _broken(request: Request, error: Any) -> Response:
    """A fault of ours: the trace goes to the log, the visitor learns that it happened."""
    _LOG.error("%s %r", request.method, request.url.path, exc_info=error)
    return _json({"error": "internal", "message": "服务器出错了，已记录", "hint": "再试一次；仍不行请告诉管理员"}, 500)
