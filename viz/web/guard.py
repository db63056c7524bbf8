"""Who may ask, and how much: hosts, origins, tokens, sizes and patience. Stands before the application."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from viz.web.parameters import MOST_BODY, Refused

PATIENCE = 10.0
"""Seconds that a body may take to arrive."""

LONGEST = 8000
"""Longest path and longest query, in bytes."""

WRONG_TOKENS, WINDOW = 10, 60.0
"""Wrong tokens from one address within so many seconds, after which it has to wait."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "x-frame-options": "DENY",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Scope = dict[str, Any]
Receive = Any
Send = Any


@dataclass
class Guard:
    """Lets a request through to `app`, or answers it.

    Attributes
    ----------
    app
        The application.
    hosts
        Names under which the server may be addressed: a page of another site that rebinds its name does not get in.
    token
        What a visitor has to know; None where only this machine can connect.
    """

    app: Any
    hosts: tuple[str, ...] = LOOPBACK
    token: str | None = None
    _wrong: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            try:
                await self._http(scope, receive, _headed(send))
            except Refused as refused:
                await refuse(_headed(send), refused)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        heads = headers_of(scope)
        if host_of(heads.get("host", "")) not in self.hosts:
            raise Refused(400, "bad_host", "不认识这个主机名", "用启动时显示的地址访问")
        if scope["method"] not in ("GET", "HEAD", "POST", "DELETE"):
            raise Refused(405, "bad_method", "不支持这种请求")
        writes = scope["method"] in ("POST", "DELETE")
        if writes:
            self._same_origin(heads)
        if len(scope.get("query_string", b"")) > LONGEST or len(scope.get("raw_path") or b"") > LONGEST:
            raise Refused(413, "too_long", "地址过长", "长的状态请用 POST /api/views")
        content = await whole(receive, heads) if writes else b""
        if scope["path"] == "/api/session":
            await self._session(scope, content, send)
            return
        if self.token and scope["path"].startswith("/api/") and not self._known(heads):
            raise Refused(401, "no_token", "需要口令", "用启动时显示的带 #token= 的地址打开一次")
        await self.app(scope, _replay(content, receive) if writes else receive, send)

    def _same_origin(self, heads: dict[str, str]) -> None:
        origin = heads.get("origin", "")
        if origin not in (f"http://{heads['host']}", f"https://{heads['host']}"):
            raise Refused(403, "bad_origin", "只接受本页发出的请求")
        if heads.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(400, "bad_type", "请求体应为 application/json")

    def _known(self, heads: dict[str, str]) -> bool:
        try:
            held = SimpleCookie(heads.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return held is not None and secrets.compare_digest(held.value.encode(), self._session_word.encode())

    @property
    def _cookie(self) -> str:
        """Name of the cookie; two servers on one machine must not take each other's."""
        return f"lianpu_{hashlib.sha256(self._session_word.encode()).hexdigest()[:8]}"

    @property
    def _session_word(self) -> str:
        """What a visitor carries instead of the token; as good as it for this server, useless elsewhere."""
        return hmac.new((self.token or "").encode(), b"lianpu session", hashlib.sha256).hexdigest()

    async def _session(self, scope: Scope, content: bytes, send: Send) -> None:
        if scope["method"] != "POST":
            raise Refused(405, "bad_method", "用 POST")
        from viz.web.parameters import body, text

        given = text(body(content), "token", default="")
        client = (scope.get("client") or ("?", 0))[0]
        now = time.monotonic()
        recent = [at for at in self._wrong.get(client, []) if now - at < WINDOW]
        if len(recent) >= WRONG_TOKENS:
            raise Refused(429, "too_many_tries", "口令错误次数过多", "一分钟后再试")
        if self.token and not secrets.compare_digest(given.encode(), self.token.encode()):
            self._wrong[client] = [*recent, now]
            while len(self._wrong) > 1000:
                self._wrong.popitem(last=False)
            raise Refused(401, "wrong_token", "口令不对")
        cookie = f"{self._cookie}={self._session_word}; HttpOnly; SameSite=Strict; Path=/" if self.token else ""
        await reply(send, 200, {"ok": True}, [(b"set-cookie", cookie.encode())] if cookie else [])


async def whole(receive: Receive, heads: dict[str, str]) -> bytes:
    """The body of a request, refused where it is too long or does not arrive."""
    import anyio

    declared = heads.get("content-length", "")
    if declared and (not declared.isascii() or not declared.isdigit() or int(declared[:12]) > MOST_BODY):
        raise Refused(413, "too_large", f"请求体超过 {MOST_BODY:,} 字节")
    parts, size = [], 0
    try:
        with anyio.fail_after(PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "gone", "连接已断开")
                size += len(message.get("body", b""))
                if size > MOST_BODY:
                    raise Refused(413, "too_large", f"请求体超过 {MOST_BODY:,} 字节")
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError as error:
        raise Refused(408, "too_slow", "请求体没有按时到达") from error


def headers_of(scope: Scope) -> dict[str, str]:
    """Headers by lower-case name; of several of one name the last, except that two hosts are none."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "" if key == "host" and key in found else value.decode("latin-1")
    return {"host": "", **found}


def host_of(header: str) -> str:
    """Host name without port.

    >>> host_of("localhost:8765"), host_of("[::1]:8765"), host_of("evil.example")
    ('localhost', '::1', 'evil.example')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


async def refuse(send: Send, refused: Refused) -> None:
    """Answers with an error."""
    await reply(send, refused.status, {"error": refused.error, "message": refused.message, "hint": refused.hint})


async def reply(send: Send, status: int, content: object, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    """Answers with JSON."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", errors="replace")
    heads = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*heads, *(extra or [])]})
    await send({"type": "http.response.body", "body": body})


def _replay(content: bytes, receive: Receive) -> Receive:
    """A body that has been read already, once more, then whatever comes."""
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def again() -> Any:
        return waiting.pop() if waiting else await receive()

    return again


def _headed(send: Send) -> Send:
    """`send` that adds the headers every answer has, where the answer does not set them."""
    async def headed(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            held = {name.lower() for name, _ in message["headers"]}
            added = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in held]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return headed
