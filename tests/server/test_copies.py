"""Copies between stores and out of them: there and back is the identity, the import route included."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import networkx as nx
import pytest
from neo4j_running import NoServer, Running, emptied, own_server, script
from oracle import graph

from chain import exports, open_store
from chain.cli import cli
from chain.server import ServerStore
from chain.tables import Tables, combine

ROOT = Path(__file__).resolve().parents[2]
GRAPH = combine([
    graph(enterprises=[{"id": "甲", "name": "=HYPERLINK(\"x\")", "note": "两\n行,\"引号\"\\ 反斜杠；\x01", "region": "140105", "revenue": 0.1},
                       {"id": "stock:000001", "name": "乙"}, {"id": "91140000701011888X", "code": "000001", "park": "一园"}],
          makes=[{"enterprise": "甲", "product": "钢", "output": 1e-7}, {"enterprise": "stock:000001", "product": "钢"}],
          supplies=[{"supplier": "甲", "buyer": "stock:000001", "year": 2024}], titles=[{"enterprise": "甲", "title": "小巨人"}],
          parks=[{"id": "p1", "name": "一园"}]),
    graph("链", kind="chain", products=[{"id": "钢", "criticality": 3}, {"id": "板"}], kinds=[{"product": "板", "kind": "钢"}],
          chains=[{"id": "链"}], chain_products=[{"chain": "链", "product": "钢", "stage": "上游", "terminal": True}],
          stages=[{"chain": "链", "name": "上游", "position": 0}])])


def test_a_copy_to_a_server_and_back_is_the_same_graph(neo4j: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in neo4j.environment.items():
        monkeypatch.setenv(name, value)
    emptied(neo4j).close()
    with open_store(tmp_path / "一.lianpu") as one:
        one.write(GRAPH)
    for source, target in ((str(tmp_path / "一.lianpu"), neo4j.uri), (neo4j.uri, str(tmp_path / "二.lianpu"))):
        cli.main(["copy", source, target], standalone_mode=False)
    with open_store(tmp_path / "二.lianpu") as two:
        assert two.tables() == GRAPH


def test_the_example_loaded_by_address_gives_the_same_report_to_the_byte(
    neo4j: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in neo4j.environment.items():
        monkeypatch.setenv(name, value)
    emptied(neo4j).close()
    for line in (["load", neo4j.uri, str(ROOT / "examples" / "shanxi"), "--as-of", "2026-11-01"], ["link", neo4j.uri],
                 ["copy", neo4j.uri, str(tmp_path / "一.lianpu")]):
        cli.main(line, standalone_mode=False)
    sets, lists = [], []
    for at, store in enumerate((neo4j.uri, str(tmp_path / "一.lianpu"))):
        cli.main(["report", store, "--chain", "光伏", "--region", "山西省", "-o", str(tmp_path / str(at))], standalone_mode=False)
        sets.append({path.name: path.read_bytes() for path in (tmp_path / str(at)).iterdir()})
        capsys.readouterr()
        cli.main(["gaps", store, "--chain", "光伏", "--region", "山西省"], standalone_mode=False)
        lists.append(capsys.readouterr().out)
    assert len(sets[0]) > 5 and sorted(sets[0]) == sorted(sets[1])
    assert [name for name in sets[0] if sets[0][name] != sets[1][name]] == []
    assert lists[0] == lists[1]


def test_what_neo4j_admin_imports_is_the_same_graph(neo4j: Running, tmp_path: Path) -> None:
    said = exports.write_import(GRAPH, tmp_path / "import")
    assert "neo4j-admin database import full" in said
    server = own_server()
    try:
        server.stop(remove=False)
        server.load_import(tmp_path / "import")
        server.start()
        server.run_file(tmp_path / "import" / "schema.cypher")
        with ServerStore(server.uri, user=server.user, password=server.password) as store:
            assert store.tables() == GRAPH
            assert not store.write(GRAPH).changed
            assert store.coverage(["钢"], "140000")["makers"].tolist() == [1]
            assert store.as_of == "2025-06-30"
    finally:
        server.stop(remove=False)
        shutil.rmtree(server.folder, ignore_errors=True)


def test_graphml_and_json_hold_the_same_graph_whatever_the_text(tmp_path: Path) -> None:
    said = [exports.write_graphml(GRAPH, tmp_path / "图.graphml"), exports.write_json(GRAPH, tmp_path / "图.json")]
    one = nx.read_graphml(tmp_path / "图.graphml")
    two = json.loads((tmp_path / "图.json").read_text(encoding="utf-8"))
    assert sorted(one.nodes) == sorted(node["id"] for node in two["nodes"])
    assert sorted(one.edges()) == sorted((link["source"], link["target"]) for link in two["links"])
    assert said == [f"节点 {len(two['nodes'])} 个、关系 {len(two['links'])} 条"] * 2
    three = nx.node_link_graph(two, edges="links")
    assert sorted(three.edges()) == sorted(one.edges()) and three.nodes["Enterprise/甲"]["properties"]["revenue"] == 0.1
    assert one.nodes["Enterprise/甲"]["note"] == "两\n行,\"引号\"\\ 反斜杠；\ufffd"
    assert one.nodes["Enterprise/甲"]["revenue"] == 0.1
    assert Tables()["makes"].empty


def test_a_port_that_is_in_use_is_named_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NoServer, match=f"端口 {port} 已有程序在用"):
            script().Server(home=tmp_path / "家", port=port).prepare()
    assert not (tmp_path / "家").exists()
