"""Who is let in, with what, and what a stranger learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import web_graphs
from queries_graphs import stored
from web_visits import ORIGIN, WHERE, Visitor, visitor

from chain.cli.serving import hosts, token_of
from chain.errors import InputError
from viz.web import guard
from viz.web.app import application
from viz.web.endpoints import TABLE

TOKEN = "hcZ3lq0w8XyR5uTt"
GOOD = {**ORIGIN, "content-type": "application/json"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8765", "localhost.", "0.0.0.0"])
def test_a_foreign_name_of_the_server_is_refused(site: Visitor, host: str) -> None:
    answer = site.get("/api/meta", headers={"host": host})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_host")


@pytest.mark.parametrize("heads", [
    {"content-type": "application/json"}, {**GOOD, "origin": "http://evil.example"}, {**GOOD, "origin": "null"},
    {**GOOD, "origin": "http://127.0.0.1:9999"}, {**GOOD, "origin": "http://127.0.0.1:8765.evil.example"}])
def test_what_another_site_posts_is_refused(site: Visitor, heads: dict[str, str]) -> None:
    answer = site.post("/api/views", content=b'{"state": "x"}', headers=heads)
    assert (answer.status_code, answer.json()["error"]) == (403, "bad_origin")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(site: Visitor, kind: str) -> None:
    assert site.post("/api/views", content=b'{"state": "x"}', headers={**ORIGIN, "content-type": kind}).json()["error"] == "bad_type"


def test_no_other_site_may_read_or_frame_and_only_own_scripts_run(site: Visitor) -> None:
    for path in ("/", "/main.js", "/api/meta", "/api/nothing", "/api/chains/链/map.svg?region=140100"):
        heads = site.get(path, headers={"origin": "http://evil.example"}).headers
        assert not [name for name in heads if name.startswith("access-control-")]
        assert (heads["x-content-type-options"], heads["x-frame-options"], heads["referrer-policy"]) == ("nosniff", "DENY", "no-referrer")
        assert "unsafe-eval" not in heads["content-security-policy"]
    policy = site.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "frame-ancestors 'none'" in policy


def test_without_the_token_every_question_is_refused_and_the_page_still_comes(graph_file: Path) -> None:
    stranger = visitor(graph_file, token=TOKEN)
    assert stranger.get("/").status_code == 200
    for each in TABLE:
        path = each.path.replace("{id}", "x").replace("{form}", "csv")
        answer = stranger.request(each.method, path, headers=GOOD, content=b"{}" if each.method == "POST" else None)
        assert (answer.status_code, answer.json()["error"]) == (401, "no_token"), path


def test_the_token_opens_once_and_the_cookie_that_stays_is_not_the_token(graph_file: Path) -> None:
    guest = visitor(graph_file, token=TOKEN)
    answer = guest.post("/api/session", json={"token": TOKEN}, headers=ORIGIN)
    said = answer.headers["set-cookie"]
    assert "HttpOnly" in said and "SameSite=Strict" in said and TOKEN not in said
    assert guest.get("/api/meta").status_code == 200
    assert visitor(graph_file, token=TOKEN + "x").get("/api/meta", headers={"cookie": said.partition(";")[0]}).status_code == 401


@pytest.mark.parametrize("cookie", ["lianpu=", "lianpu_=x", "a=\"", "lianpu_session=\x01", ";;;=;", "lianpu_" + "0" * 5000])
def test_a_made_up_cookie_opens_nothing(graph_file: Path, cookie: str) -> None:
    assert visitor(graph_file, token=TOKEN).get("/api/meta", headers={"cookie": cookie}).status_code == 401


def test_who_guesses_tokens_has_to_wait(graph_file: Path) -> None:
    guest = visitor(graph_file, token=TOKEN)
    codes = [guest.post("/api/session", json={"token": f"x{n}"}, headers=ORIGIN).status_code for n in range(guard.WRONG_TOKENS + 2)]
    assert codes == [401] * guard.WRONG_TOKENS + [429, 429]
    assert guest.post("/api/session", json={"token": TOKEN}, headers=ORIGIN).status_code == 429


@pytest.mark.parametrize("content", [
    b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"state": 1}', b'{"state": null}', b'{"state": NaN}', b'{"state": "\\ud800"}',
    b'{"state": "\\u0000"}', b'{"a": ' * 5000, b'{"state": ' + b"[" * 100_000, b'{"state": 1e999}', b'{"state": ' + b"9" * 5000 + b"}",
    json.dumps({"state": "x" * 20_001}).encode()])
def test_a_body_that_is_no_question_is_refused_in_words(site: Visitor, content: bytes) -> None:
    answer = site.post("/api/views", content=content, headers=GOOD)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_too_much_is_refused_before_it_is_read(site: Visitor) -> None:
    def told(answer: object) -> tuple[int, str]:
        return answer.status_code, answer.json()["error"]

    assert told(site.post("/api/views", content=b"x" * 1_000_001, headers=GOOD)) == (413, "too_large")
    assert told(site.post("/api/views", content=iter([b"x" * 400_000] * 3), headers=GOOD)) == (413, "too_large")
    assert told(site.post("/api/views", content=b"{}", headers={**GOOD, "content-length": "99999999999999"})) == (413, "too_large")
    assert told(site.sends("subgraph", ids=[f"p:{n}" for n in range(601)])) == (413, "too_many")
    assert told(site.get("/api/search", params={**WHERE, "q": "x" * 8001})) == (413, "too_long")
    assert told(site.get("/" + "x" * 8001)) == (413, "too_long")


@pytest.mark.parametrize("wrong", [
    {"limit": "abc"}, {"limit": "0"}, {"limit": "21"}, {"limit": "-1"}, {"limit": "1e1"}, {"limit": "١"}, {"q": "x" * 41}, {"kind": "x"},
    {"as_of": "heute"}, {"as_of": "2026-13-01"}, {"as_of": "0001-01-01"}, {"region": "x" * 81}, {"chain": "x" * 201}, {"q": "a\x00b"},
    {"region": ""}, {"chain": " "}])
def test_every_parameter_is_checked(site: Visitor, wrong: dict[str, str]) -> None:
    answer = site.get("/api/search", params={**WHERE, "q": "钢", **wrong})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_parameter")


@pytest.mark.parametrize(("path", "values", "word"), [
    ("chains/没有", {}, "没有这个产业链"), ("chains/链", {"region": "火星"}, "没有这个行政区"), ("nodes/p:没有", {}, "没有这个产品"),
    ("chains/链", {"region": "园区:没有"}, "没有这个园区"), ("nodes/e:没有", {}, "没有这个企业"), ("nodes/没有", {}, "没有这个节点"),
    ("explain", {"reference": "没有"}, "没有"), ("path", {"a": "p:铁", "b": "x"}, "没有这个节点")])
def test_what_is_not_there_is_told_with_a_way_out(site: Visitor, path: str, values: dict[str, str], word: str) -> None:
    where = {"region": WHERE["region"]} if path.startswith("chains/") else WHERE
    answer = site.get(f"/api/{path}", params={**where, **values})
    assert answer.status_code == 404
    assert word in answer.json()["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "LIANPU"])
def test_other_ways_to_ask_are_refused(site: Visitor, method: str) -> None:
    assert site.request(method, "/api/meta", headers=GOOD).status_code == 405


def test_hostile_names_go_out_as_text_everywhere(site: Visitor) -> None:
    told = site.get("/api/chains/链", params={"region": "140100"})
    assert told.headers["content-type"].startswith("application/json")
    assert any("</script><script>" in firm["name"] for firm in told.json()["firms"].values())
    drawn = ElementTree.fromstring(site.get("/api/chains/链/map.svg", params={"region": "140100"}).content)
    assert {part.tag.partition("}")[2] for part in drawn.iter()} <= {
        "svg", "g", "rect", "path", "text", "tspan", "title", "desc", "defs", "pattern", "line", "circle", "polygon", "style"}
    assert not [name for part in drawn.iter() for name in part.attrib if name.startswith("on") or name.endswith("href")]
    listed = site.sends("export/csv").content.decode("utf-8-sig")
    assert not [cell for line in listed.splitlines() for cell in line.split(",") if cell[:1] in ("=", "+", "@", "\t")]


def test_a_fault_of_ours_is_logged_and_shows_nothing(graph_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def version(self) -> str:
            return "1"

        def __getattr__(self, name: str) -> Callable[..., object]:
            raise ZeroDivisionError("geheim /etc/passwd")

    answer = Visitor(application(Broken(), hosts=("127.0.0.1",)), base_url="http://127.0.0.1:8765", raise_server_exceptions=False).get("/api/meta")
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
    assert "geheim" not in answer.text and "Traceback" not in answer.text
    assert "geheim" in caplog.text


def test_a_graph_that_is_gone_or_broken_is_told_without_its_path(tmp_path: Path) -> None:
    path = web_graphs.file(tmp_path)
    here = visitor(path)
    assert here.get("/api/meta").status_code == 200
    path.write_bytes(b"not a graph at all, but as long as one" * 100)
    answers = [here.get("/api/meta")]
    path.unlink()
    answers.append(here.get("/api/meta"))
    for answer in answers:
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text and "lianpu" not in answer.json()["message"]


def test_no_answer_tells_where_files_are(tmp_path: Path) -> None:
    secret = "C:/内网/张三/名录.xlsx"
    rows = web_graphs.rows()
    rows["sources"] = [{**row, "file": secret if row["id"] == "名录" else f"{tmp_path}/{row['file']}"} for row in rows["sources"]]
    with stored(tmp_path, rows) as store:
        here = visitor(store.location)
    texts = [json.dumps(here.asks(path, **values), ensure_ascii=False) for path, values in (
        ("chains/链", {}), ("nodes/e:丙铁厂", {}), ("nodes/p:铁/neighbors", {}), ("nodes/e:甲钢厂/neighbors", {}),
        ("explain", {"reference": "补链/链/140100/铁"}), ("explain", {"reference": "e:甲钢厂"}))]
    texts.append(here.sends("export/csv").text)
    assert not [text for text in texts if str(tmp_path) in text or "张三" in text]
    assert all("名录.xlsx" in text for text in texts[:3])


def test_it_listens_to_others_only_with_a_token_and_by_a_name(tmp_path: Path, graph_file: Path) -> None:
    from click.testing import CliRunner

    from chain.cli.serving import serve_command

    ran = CliRunner().invoke(serve_command, [str(graph_file), "--host", "192.168.1.20"])
    assert isinstance(ran.exception, InputError) and "必须设口令" in ran.exception.what
    with pytest.raises(InputError, match="用什么地址访问"):
        hosts("0.0.0.0", ())
    assert hosts("0.0.0.0", ("Zone.Local",)) == ("127.0.0.1", "localhost", "::1", "zone.local")


def test_the_token_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "口令.txt"
    token = token_of(path)
    assert (token_of(path), len(token) >= 32, path.stat().st_mode & 0o777) == (token, True, 0o600)
    path.chmod(0o644)
    with pytest.raises(InputError, match="别人也能读"):
        token_of(path)
    path.write_text("kurz", encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(InputError, match="太短"):
        token_of(path)
