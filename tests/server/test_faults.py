"""What goes wrong with a server, each on a real one: a clear message that names the address without the password, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j_running import Running, emptied, own_server, started
from oracle import graph

from chain import server_batches, server_link, server_write
from chain.cli import cli
from chain.errors import LoadOpen, StoreBusy, StoreError
from chain.server import ServerStore
from chain.tables import Tables, combine

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("neo4j")
OLD = graph("旧", enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}])
NEW = graph("别", enterprises=[{"id": "乙"}], makes=[{"enterprise": "乙", "product": "板"}, {"enterprise": "甲", "product": "板"}])


def many(count: int = 3000) -> Tables:
    return graph("大", enterprises=[{"id": f"厂{at}", "region": "140105"} for at in range(count)],
                 makes=[{"enterprise": f"厂{at}", "product": f"品{at % 50}"} for at in range(count)])


def opened(server: Any) -> ServerStore:
    return ServerStore(server.uri, user=server.user, password=server.password)


WRITE = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}, {str(ROOT / 'tests' / 'server')!r}]\n" + """
from chain import server_batches, server_write
from chain.server import ServerStore
from test_faults import many
server_write.ONE_TRANSACTION, server_batches.BATCH = 100, 200
def step(name, done):
    print(name, flush=True)
    if name.startswith("写入 MAKES"):
        sys.stdin.readline()
ServerStore(sys.argv[1]).write(many(), progress=step)
"""


def half_loaded(server: Running) -> subprocess.Popen[str]:
    """Another process in the middle of a load of several transactions: some of the MAKES are there."""
    process = subprocess.Popen([sys.executable, "-c", WRITE, server.uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               encoding="utf-8", env={**os.environ, **server.environment, "PYTHONIOENCODING": "utf-8"})
    while not process.stdout.readline().startswith("写入 MAKES"):
        assert process.poll() is None
    return process


@pytest.fixture
def own() -> Iterator[Any]:
    """A server that a test may kill."""
    server = own_server()
    yield server
    server.stop()


# -- reaching it


def test_a_server_that_is_down_is_named_with_the_way_out() -> None:
    with pytest.raises(StoreError, match="连不上 bolt://127.0.0.1:9") as failure:
        ServerStore("bolt://127.0.0.1:9", password="geheim")
    assert "服务器是否在运行" in failure.value.way_out
    assert "geheim" not in str(failure.value)


def test_a_wrong_password_is_said_and_not_shown(neo4j: Running) -> None:
    with pytest.raises(StoreError, match="不接受这个用户或密码") as failure:
        ServerStore(neo4j.uri, user=neo4j.user, password="geheim")
    assert neo4j.uri in str(failure.value) and "geheim" not in str(failure.value)


def test_no_password_at_all_says_where_to_put_it(neo4j: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIANPU_NEO4J_PASSWORD", raising=False)
    with pytest.raises(StoreError, match="密码") as failure:
        ServerStore(neo4j.uri)
    assert "LIANPU_NEO4J_PASSWORD" in failure.value.way_out


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError, match="不要写用户和密码") as failure:
        ServerStore("neo4j://zone:geheim@127.0.0.1:7687", password="x")
    assert "geheim" not in str(failure.value)


def test_a_database_that_is_not_there_is_named(neo4j: Running) -> None:
    with ServerStore(f"{neo4j.uri}?database=nirgends", user=neo4j.user, password=neo4j.password) as store, pytest.raises(StoreError) as failure:
        store.tables()
    assert "没有这个数据库" in str(failure.value) and "?database=nirgends" in str(failure.value)


def test_a_server_that_is_too_old_is_refused(neo4j: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_link, "OLDEST", (9999, 1))
    with pytest.raises(StoreError, match="服务器太旧") as failure:
        opened(neo4j)
    assert "升级" in failure.value.way_out


# -- somebody else's data


def test_a_database_with_other_data_is_left_alone_unless_told(neo4j: Running) -> None:
    with emptied(neo4j) as store:
        neo4j.ask("CREATE (:Film {title: '某片'})")
        with pytest.raises(StoreError, match="已有别的数据（1 个节点）") as failure:
            store.write(OLD)
        assert "--into-existing" in failure.value.way_out
        assert neo4j.ask("MATCH (n) RETURN labels(n) AS labels") == [{"labels": ["Film"]}]
        with ServerStore(neo4j.uri, user=neo4j.user, password=neo4j.password, into_existing=True) as told:
            told.write(OLD)
            assert told.tables() == OLD
        assert neo4j.ask("MATCH (f:Film) RETURN f.title AS title") == [{"title": "某片"}]


def test_other_data_under_our_labels_is_refused_even_when_told(neo4j: Running) -> None:
    with emptied(neo4j):
        neo4j.ask("CREATE (:Product {name: '别人的'})")
        with (ServerStore(neo4j.uri, user=neo4j.user, password=neo4j.password, into_existing=True) as told,
              pytest.raises(StoreError, match="标签 Product")):
            told.write(OLD)
    neo4j.empty()


@pytest.mark.parametrize(("version", "message"), [(99, "更新的版本写成（格式 99"), (1, "旧版本写成（格式 1，")])
def test_a_store_of_another_version_is_refused(neo4j: Running, version: int, message: str) -> None:
    with emptied(neo4j) as store:
        store.write(OLD)
        neo4j.ask(f"MATCH (s:Lianpu) SET s.version = {version}")
        for ask in (store.tables, lambda: store.write(NEW)):
            with pytest.raises(StoreError, match=message):
                ask()


# -- loads that are cut off


def test_while_a_large_load_is_open_no_reader_gets_half_an_answer(neo4j: Running) -> None:
    with emptied(neo4j) as store:
        store.write(OLD)
        process = half_loaded(neo4j)
        try:
            with pytest.raises(StoreBusy, match=f"pid {process.pid}.*还在进行.*完成 \\d+/\\d+"):
                store.coverage(["品1"], "000000")
            with pytest.raises(StoreBusy, match="还在进行"):
                store.write(NEW)
        finally:
            process.communicate("\n" * 100, timeout=120)
        assert process.returncode == 0
        assert store.tables() == combine([OLD, many()])
        assert store.coverage(["品1"], "140105")["makers"].tolist() == [60]


@pytest.mark.parametrize("next_load", ["the same", "another"])
def test_after_a_load_was_killed_readers_are_told_and_the_next_load_mends_it(neo4j: Running, next_load: str) -> None:
    with emptied(neo4j) as store:
        store.write(OLD)
        process = half_loaded(neo4j)
        process.kill()
        process.wait()
        assert neo4j.ask("MATCH (:Enterprise)-[m:MAKES]->() RETURN count(m) AS n")[0]["n"] > 1
        for ask in (store.tables, lambda: store.makers(["钢"], "000000"), lambda: store.as_of):
            with pytest.raises(StoreBusy, match="中断了") as failure:
                ask()
            assert "再运行一次同样的载入" in failure.value.way_out
        load = many() if next_load == "the same" else NEW
        store.write(load)
        assert store.tables() == combine([OLD, load])


@pytest.mark.parametrize("command", ["load", "link"])
def test_after_a_load_was_killed_the_commands_mend_it_too(
    neo4j: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    for name, value in neo4j.environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "企业.csv").write_text("企业名称,所在地,主营产品\n甲钢铁有限公司,山西省太原市,光伏玻璃\n", encoding="utf-8")
    load = ["load", neo4j.uri, str(tmp_path / "企业.csv")]
    with emptied(neo4j) as store:
        cli.main(load, standalone_mode=False)
        process = half_loaded(neo4j)
        process.kill()
        process.wait()
        with pytest.raises(LoadOpen):
            store.tables()
        cli.main(load if command == "load" else ["link", neo4j.uri, "--chain", "光伏"], standalone_mode=False)
        assert store.enterprises()["name"].tolist() == ["甲钢铁有限公司"]
        assert len(store.makers(["光伏玻璃"], "000000")) == (command == "link")


def test_who_comes_while_another_fills_an_empty_server_is_told_who_it_is(neo4j: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with emptied(neo4j) as store:
        process, before = half_loaded(neo4j), server_link.State(None, None, "", None)  # as one saw it who looked before the other began
        try:
            with pytest.raises(LoadOpen, match=f"pid {process.pid}.*还在进行"):
                server_write._prepare(store._link, before, False)
        finally:
            process.communicate("\n" * 100, timeout=120)
        with pytest.raises(StoreBusy, match="刚被另一次载入改过"):
            server_write._prepare(store._link, before, False)


@pytest.mark.parametrize(("address", "said", "way_out"), [
    ("bolt://zone:7687/other", "不要写路径", "database=other"), ("neo4j://zone?databse=neo4j", "参数不认识：databse", "database=名称"),
    ("neo4j://zone?database=system", "不能放图谱", "database=neo4j")])
def test_a_slip_in_an_address_is_told_before_anything_is_asked(address: str, said: str, way_out: str) -> None:
    with pytest.raises(StoreError, match=said) as failure:
        ServerStore(address, password="geheim")
    assert way_out in failure.value.way_out


@pytest.mark.parametrize("stop_at", range(2, 22, 3))
def test_wherever_an_exchange_of_versions_stops_the_next_load_mends_it(neo4j: Running, monkeypatch: pytest.MonkeyPatch, stop_at: int) -> None:
    """Every transaction of a load that replaces a source is made the last one in turn; then the same load, or another, is run."""
    old = graph("旧", enterprises=[{"id": "甲"}, {"id": "name:乙钢铁有限公司"}, {"id": "丙"}],
                makes=[{"enterprise": one, "product": two} for one in ("甲", "丙") for two in ("钢", "板")])
    new = graph("新", enterprises=[{"id": "甲"}, {"id": "丁", "name": "乙钢铁有限公司"}], makes=[{"enterprise": "丁", "product": "管"}])
    new = Tables({**new, "sources": new["sources"].assign(origin="place of 旧")})
    for then in (new, NEW):
        with emptied(neo4j) as store:
            store.write(old)
            with monkeypatch.context() as patch:
                patch.setattr(server_write, "ONE_TRANSACTION", 0)
                patch.setattr(server_batches, "BATCH", 2)
                patch.setattr(server_write, "TOUCH_SECONDS", -1.0)
                done = [0]

                def counted(link: Any, work: Any, write: Any = server_link.Link.write, done: Any = done, **held: Any) -> Any:
                    done[0] += 1
                    if done[0] > stop_at:
                        raise KeyboardInterrupt
                    return write(link, work, **held)

                patch.setattr(server_link.Link, "write", counted)
                with pytest.raises(KeyboardInterrupt):
                    store.write(new)
            monkeypatch.setattr(server_link, "SILENT_SECONDS", -1.0)
            turned = neo4j.ask("MATCH (l:Load) RETURN l.phase AS phase") == [{"phase": "removing"}]
            store.write(then)
            expected = [new, *([] if then is new else [NEW])] if turned or then is new else [old, NEW]
            assert store.tables() == combine(expected)


def test_a_server_killed_in_the_middle_of_a_load_comes_back_with_all_or_says_so(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Running(own.uri, own.user, own.password)
    with opened(own) as store:
        store.write(OLD)
        process = half_loaded(server)
        own.kill()
        process.communicate("\n" * 100, timeout=120)
        assert process.returncode != 0
        with pytest.raises(StoreError, match="连不上"):
            store.tables()
        own.start()
        monkeypatch.setattr(server_link, "SILENT_SECONDS", 0.0)
        with pytest.raises(StoreBusy, match="中断了"):
            store.tables()
        store.write(many())
        assert store.tables() == combine([OLD, many()])


def test_a_restart_between_two_reads_is_not_noticed(own: Any) -> None:
    with opened(own) as store:
        store.write(OLD)
        before = store.makers(["钢"], "000000")
        own.stop(remove=False)
        own.start()
        assert store.makers(["钢"], "000000").equals(before)


def test_a_connection_lost_in_the_middle_of_a_read_is_an_error_of_ours(own: Any) -> None:
    with opened(own) as store:
        store.write(OLD)

        def work(tx: Any, now: Any) -> Any:
            own.kill()
            return tx.run("MATCH (e:Enterprise) RETURN e.id").data()

        with pytest.raises(StoreError, match="连不上") as failure:
            store._link.read(work)
        assert own.uri in str(failure.value) and own.password not in str(failure.value)


def test_a_load_too_large_for_one_transaction_of_the_server_goes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server gives all transactions together 10 MB; what does not fit at once is written in parts that do."""
    server = started(settings={"db.memory.transaction.max": "3m", "dbms.memory.transaction.total.max": "10m"})
    try:
        with opened(server) as store:
            monkeypatch.setattr(server_write, "ONE_TRANSACTION", 10**9)
            store.write(many(12_000))
            assert store.tables() == many(12_000)
    finally:
        server.stop()
