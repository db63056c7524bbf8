"""The server as it runs: slow visitors, broken requests, many at once, new data."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
import web_graphs
from click.testing import CliRunner
from queries_graphs import Rows, tables
from web_visits import Served, visitor

from chain import open_store
from chain.cli import patience
from chain.cli.serving import serve_command
from chain.errors import UnknownName
from viz.web import guard

CHAIN = f"/api/chains/{quote('链')}?region=140100"


def raw(port: int, sent: bytes, *, wait: float = 30.0) -> bytes:
    """What comes back for some bytes, until the server hangs up."""
    parts = []
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line, suppress(ConnectionError):
        line.sendall(sent)
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def asked(address: str, path: str) -> dict:
    """The JSON answer of a running server."""
    with urlopen(address.partition("#")[0].rstrip("/") + path, timeout=60) as answer:
        return json.load(answer)


@pytest.mark.parametrize("sent", [
    b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    b"POST /api/views HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"GET /api/meta HTTP/1.1\r\nHost: 127.0.0.1\r\n evil\r\n\r\n"])
def test_what_is_no_request_is_refused_and_the_server_lives(shared: Served, sent: bytes) -> None:
    answer = raw(shared.port, sent)
    assert re.match(rb"HTTP/1.1 4\d\d ", answer) or (not answer and len(sent) > 65536)  # it may hang up while we still send
    assert asked(shared.address, "/api/meta")["chain"] == "链"


@pytest.mark.parametrize("path", [
    "/../setup.cfg", "/..%2Fsetup.cfg", "/%2e%2e/%2e%2e/etc/passwd", "/page/../app.py", "/app.py", "//etc/passwd", "/....//app.py", "/index.html/",
    "/static/main.js", "/main.js%00.css", "/\\..\\app.py", "/C:/windows/win.ini", "/api/../index.html", "/api/chains/..%2F..%2Fetc?region=140100",
    "/%00", "/.git/config", "/api/nodes/..%2f..%2f..%2fetc%2fpasswd?chain=x&region=140100", "/api/views/..%2F..%2Fx", "/%ff%fe",
    "/api/chains/%ff?region=140100", "http://127.0.0.1/../../etc/passwd"])
def test_no_path_leads_to_a_file_that_is_not_the_page(shared: Served, path: str) -> None:
    answer = raw(shared.port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert re.match(rb"HTTP/1.1 40[04] ", answer), answer
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])) == {"error", "message", "hint"}


def test_visitors_who_dawdle_are_shown_out_and_keep_nobody_waiting(shared: Served) -> None:
    post = b"POST /api/views HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\n"
    starts = [b"", b"GET / HT", b"GET /api/meta HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
              post + b"Content-Length: 9\r\n\r\n{"]
    lines = [socket.create_connection(("127.0.0.1", shared.port)) for _ in range(40)]
    begun = time.monotonic()
    for at, line in enumerate(lines):
        line.sendall(starts[at % len(starts)])
    assert asked(shared.address, "/api/meta")["chain"] == "链"
    last = max(patience.HEAD, guard.PATIENCE) + 15
    for line in lines:
        line.settimeout(last)
        while line.recv(65536):  # an answer perhaps, then the end
            pass
        line.close()
    assert time.monotonic() - begun < last + 15


def test_who_takes_nothing_of_an_answer_is_cut_off() -> None:
    import asyncio

    async def cut_off() -> float:
        from uvicorn import Config, Server

        async def app(scope: dict, receive: object, send: Callable) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(2000):
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})

        config = Config(app, http=patience.patient(taking=0.5), ws="none", lifespan="off", log_level="critical", port=0)
        server = Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        begun = time.monotonic()
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.server_state.connections or time.monotonic() - begun < 0.3:
            await asyncio.sleep(0.05)
        server.should_exit = True
        writer.close()
        await running
        return time.monotonic() - begun

    assert asyncio.run(asyncio.wait_for(cut_off(), 30)) < 15


def test_ten_people_at_once_get_the_same_answer(shared: Served) -> None:
    with ThreadPoolExecutor(10) as people:
        answers = set(people.map(lambda _: json.dumps(asked(shared.address, CHAIN), sort_keys=True), range(40)))
    assert len(answers) == 1


def test_a_running_server_shows_what_was_loaded_meanwhile(tmp_path: Path, served: Callable[..., Served]) -> None:
    path = web_graphs.file(tmp_path)
    server = served(path)
    before = asked(server.address, "/api/meta")["version"]
    assert {p["name"]: p["status"] for p in asked(server.address, CHAIN)["products"]}["铁"] == "缺失"
    load(path, 1)
    assert asked(server.address, "/api/meta")["version"] != before
    assert {p["name"]: p["makers"] for p in asked(server.address, CHAIN)["products"]}["铁"] == 1
    found = asked(server.address, f"/api/search?chain={quote('链')}&region=140100&q={quote('来厂')}")
    assert [hit["name"] for hit in found["hits"]] == ["来厂0"]


def load(path: Path, count: int) -> None:
    """A newer version of one list: so many firms in 太原, each of which makes 铁, and so many 钢."""
    rows: Rows = {
        "sources": [{"id": f"新{count}", "origin": "新名单", "file": "新.xlsx", "kind": "sample", "as_of": "2026-06-30"}],
        "enterprises": [{"id": f"来厂{at}", "name": f"来厂{at}", "region": "140105", "source": f"新{count}", "row": at} for at in range(count)],
        "makes": [{"enterprise": f"来厂{at}", "product": product, "state": "confirmed", "method": "stated", "confidence": 0.9, "source": f"新{count}",
                   "row": at} for at in range(count) for product in ("铁", "钢")]}
    with open_store(path) as store:
        store.write(tables(rows))


def test_nobody_ever_sees_half_of_a_load(tmp_path: Path) -> None:
    path = web_graphs.file(tmp_path)
    here, over, seen = visitor(path), threading.Event(), set()

    def look() -> None:
        while not over.is_set():
            told = here.get("/api/chains/链", params={"region": "140100"})
            if told.status_code == 503:  # busy, and says so
                continue
            makers = {p["name"]: p["makers"] for p in told.json()["products"]}
            named = sum(firm["name"].startswith("来厂") for firm in told.json()["firms"].values() if firm["kind"] == "local")
            seen.add((makers["铁"], makers["钢"] - 1, named))

    with ThreadPoolExecutor(3) as people:
        looking = [people.submit(look) for _ in range(3)]
        for count in range(1, 6):
            load(path, count)
        time.sleep(0.5)
        over.set()
        for each in looking:
            each.result()
    assert all(iron == steel == named for iron, steel, named in seen), seen
    assert (5, 5, 5) in seen


def test_with_a_token_the_address_is_printed_once_and_opens(tmp_path: Path, served: Callable[..., Served]) -> None:
    server = served(web_graphs.file(tmp_path), "--token-file", str(tmp_path / "口令.txt"))
    token = (tmp_path / "口令.txt").read_text(encoding="ascii").strip()
    assert server.address.endswith(f"/#token={token}")
    with pytest.raises(HTTPError, match="401"):
        asked(server.address, "/api/meta")
    origin = server.address.partition("/#")[0]
    heads = {"Origin": origin, "Content-Type": "application/json"}
    with urlopen(Request(f"{origin}/api/session", json.dumps({"token": token}).encode(), heads)) as answer:
        cookie = answer.headers["set-cookie"].partition(";")[0]
    with urlopen(Request(f"{origin}/api/meta", headers={"Cookie": cookie})) as answer:
        assert json.load(answer)["chain"] == "链"


def test_it_can_be_told_where_to_begin(served: Callable[..., Served], graph_file: Path) -> None:
    meta = asked(served(graph_file, "--chain", "链", "--region", "小店区").address, "/api/meta")
    assert (meta["chain"], meta["region"], meta["chosen"]) == ("链", "140105", True)


def test_the_address_that_is_printed_is_the_one_that_others_use(served: Callable[..., Served], graph_file: Path, tmp_path: Path) -> None:
    running = served(graph_file, "--host", "0.0.0.0", "--name", "localhost", "--token-file", str(tmp_path / "口令.txt"))
    assert running.address.startswith("http://localhost:")
    with pytest.raises(HTTPError) as refused:
        asked(running.address, "/api/meta")
    assert refused.value.code == 401  # this name is answered, and asked for the token


def test_a_beginning_that_is_not_there_is_told_before_it_listens(graph_file: Path) -> None:
    ran = CliRunner().invoke(serve_command, [str(graph_file), "--chain", "无此链"])
    assert isinstance(ran.exception, UnknownName) and "无此链" in ran.exception.what
    ran = CliRunner().invoke(serve_command, [str(graph_file), "--region", "火星"])
    assert isinstance(ran.exception, UnknownName) and "火星" in ran.exception.what
