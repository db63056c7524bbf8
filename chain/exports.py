"""A graph as files for other programs: GraphML, JSON, and what ``neo4j-admin database import`` reads.

All three hold the nodes and relationships of the server's model (``server_model``). GraphML and JSON leave out what is only bookkeeping;
the import files are complete, so that a server that was filled from them holds the same store.
"""

from __future__ import annotations

import csv
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from chain import schema
from chain.errors import OutputError
from chain.server_model import EDGE_INDEXES, EDGES, ENTITIES, INDEXES, NODES, TITLE, Elements
from chain.server_state import as_of, elements
from chain.tables import Tables, records

_SHOWN = [*(kind.label for kind in ENTITIES.values()), TITLE.label]
_XML_FORBIDS = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GRAPHML = {"Int64": "long", "float64": "double", "boolean": "boolean"}
_IMPORT = {"Int64": "long", "float64": "double", "boolean": "boolean"}


def write_graphml(tables: Tables, path: Path) -> str:
    """Write one GraphML file (Gephi, yEd, networkx); says how much is in it.

    Signs that XML can't hold become U+FFFD.
    """
    held = elements(tables)
    keys: dict[tuple[str, str], str] = {}
    for what, names in (("node", _SHOWN), ("edge", _shown_edges())):
        for name in names:
            for column, dtype in _columns(name).items():
                keys.setdefault((what, column), _GRAPHML.get(dtype, "string"))
    with _written(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for what in ("node", "edge"):
            file.write(f'<key id="{what}.kind" for="{what}" attr.name="kind" attr.type="string"/>\n')
        for (what, column), kind in sorted(keys.items()):
            file.write(f'<key id="{what}.{column}" for="{what}" attr.name="{column}" attr.type="{kind}"/>\n')
        file.write('<graph edgedefault="directed">\n')
        for node in _nodes(held):
            file.write(f"<node id={_attribute(node.pop('id_'))}>{_data('node', node)}</node>\n")
        for edge in _links(held):
            file.write(f"<edge source={_attribute(edge.pop('source_'))} target={_attribute(edge.pop('target_'))}>{_data('edge', edge)}</edge>\n")
        file.write("</graph>\n</graphml>\n")
    return _counted(held, _SHOWN, _shown_edges())


def write_json(tables: Tables, path: Path) -> str:
    """Write one JSON file: ``nodes`` and ``links``, as D3 reads them; says how much is in it.

    networkx reads it with ``node_link_graph(json.load(file), edges="links")``.
    """
    held = elements(tables)
    with _written(path) as file:
        file.write('{"directed": true, "multigraph": true, "graph": {}, "nodes": [')
        for at, node in enumerate(_nodes(held)):
            own = {"id": node.pop("id_"), "kind": node.pop("kind"), "properties": node}
            file.write((",\n" if at else "\n") + json.dumps(own, ensure_ascii=False))
        file.write('\n], "links": [')
        for at, edge in enumerate(_links(held)):
            own = {"source": edge.pop("source_"), "target": edge.pop("target_"), "kind": edge.pop("kind"), "properties": edge}
            file.write((",\n" if at else "\n") + json.dumps(own, ensure_ascii=False))
        file.write("\n]}\n")
    return _counted(held, _SHOWN, _shown_edges())


FILES: dict[str, Callable[[Tables, Path], str]] = {".graphml": write_graphml, ".json": write_json}
"""What writes a file of which ending."""


def write_import(tables: Tables, folder: Path) -> str:
    """Write the CSV files of ``neo4j-admin database import``, and ``import.args`` and ``schema.cypher``; says what to run.

    Raises
    ------
    OutputError
        If the folder holds other CSV files or can't be written to.
    """
    held = elements(tables)
    files = {f"{name.replace(':', '-')}.csv": name for name in [*NODES, *EDGES]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if others := sorted(path.name for path in folder.glob("*.csv") if path.name not in (*files, "Lianpu.csv")):
            raise OutputError(f"{folder} 里有别的 CSV：{'、'.join(others[:3])}", way_out="换一个空目录")
    except OSError as error:
        raise OutputError(f"写不了目录 {folder}：{error.strerror}", way_out="换一个可写的目录") from error
    arguments = ["--multiline-fields=true", "--nodes=Lianpu=Lianpu.csv"]
    with _written(folder / "Lianpu.csv") as file:
        file.write(f"key:ID(Lianpu),version:long,generation:long,as_of\nstore,{schema.VERSION},{_generation(tables)},{as_of(tables['sources'])}\n")
    for file_name, name in files.items():
        (folder / file_name).unlink(missing_ok=True)
        if held[name].empty:
            continue
        _import_file(folder / file_name, name, held[name])
        arguments.append(f"--nodes={name}={file_name}" if name in NODES else f"--relationships={EDGES[name].type}={file_name}")
    with _written(folder / "import.args") as file:
        file.write("".join(f"{argument}\n" for argument in arguments))
    with _written(folder / "schema.cypher") as file:
        file.write("".join(f"{line};\n" for line in constraints()))
    return (f"{folder}：{_counted(held, NODES, EDGES, more=1)}。在数据库停着的时候，进到这个目录运行：\n"
            "  neo4j-admin database import full neo4j --overwrite-destination=true @import.args\n"
            "启动数据库后建索引：\n  cypher-shell -f schema.cypher")


def constraints() -> list[str]:
    """Statements that create all constraints and indexes of a store, each idempotent."""
    made = [f"CREATE CONSTRAINT lianpu_{label}_key IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
            for label, key in [*((label, kind.key) for label, kind in NODES.items()), ("Lianpu", "key"), ("Load", "key")]]
    made += [f"CREATE INDEX lianpu_{label}_{key.strip('_')} IF NOT EXISTS FOR (n:{label}) ON (n.{key})" for label, key in INDEXES]
    return made + [f"CREATE INDEX lianpu_{kind}_{key.strip('_')} IF NOT EXISTS FOR ()-[r:{kind}]-() ON (r.{key})" for kind, key in EDGE_INDEXES]


def _generation(tables: Tables) -> int:
    """A number that stores of other sources do not begin with."""
    return zlib.crc32("\n".join(sorted(tables.unsorted("sources")["id"].dropna())).encode("utf-8"))


def _import_file(path: Path, name: str, frame: pd.DataFrame) -> None:
    if name in NODES:
        key = NODES[name].key
        heads = {column: f"{column}:ID({name})" if column == key else _typed(column, dtype) for column, dtype in NODES[name].columns.items()}
    else:
        kind = EDGES[name]
        heads = {column: _typed(column, dtype) for column, dtype in kind.columns.items()}
        heads |= {"_from": f":START_ID({kind.start})", "_to": f":END_ID({kind.end})"}
    with _written(path) as file:
        out = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        out.writerow(heads.values())
        for start in range(0, len(frame), 50_000):
            columns = [[_cell(value) for value in frame[column].iloc[start:start + 50_000].astype("object").where(
                frame[column].iloc[start:start + 50_000].notna(), None).tolist()] for column in heads]
            out.writerows(zip(*columns, strict=True))


def _typed(column: str, dtype: str) -> str:
    return f"{column}:{_IMPORT[dtype]}" if dtype in _IMPORT else column


def _cell(value: Any) -> Any:
    return "" if value is None else ("true" if value else "false") if isinstance(value, bool) else repr(value) if isinstance(value, float) else value


def _columns(name: str) -> dict[str, str]:
    """Properties that are worth showing."""
    return {column: dtype for column, dtype in (NODES.get(name) or EDGES[name]).columns.items() if not column.startswith("_")}


def _shown_edges() -> list[str]:
    return [name for name, kind in EDGES.items() if kind.start in _SHOWN and kind.end in _SHOWN and kind.type != "ROLLS_UP_TO"]


def _nodes(held: Elements) -> Iterator[dict[str, Any]]:
    for name in _SHOWN:
        frame, key = held[name].sort_values(NODES[name].key), NODES[name].key
        for row in records(frame[list(_columns(name))]):
            yield {"id_": f"{name}/{row[key]}", "kind": name, **_told(row)}


def _links(held: Elements) -> Iterator[dict[str, Any]]:
    for name in _shown_edges():
        kind, shown = EDGES[name], list(_columns(name))
        frame = held[name].sort_values(["_from", "_to", *shown], na_position="last", kind="stable")
        for row in records(frame[["_from", "_to", *shown]]):
            yield {"source_": f"{kind.start}/{row.pop('_from')}", "target_": f"{kind.end}/{row.pop('_to')}", "kind": kind.type, **_told(row)}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _data(what: str, values: dict[str, Any]) -> str:
    return "".join(f'<data key="{what}.{name}">{_text(_cell(value))}</data>' for name, value in values.items())


def _text(value: Any) -> str:
    return escape(_XML_FORBIDS.sub("\ufffd", str(value)), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_XML_FORBIDS.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _counted(held: Elements, of_nodes: Iterable[str], of_edges: Iterable[str], *, more: int = 0) -> str:
    """How many elements of the named kinds are written, and `more` nodes."""
    nodes, edges = more + sum(len(held[name]) for name in of_nodes), sum(len(held[name]) for name in of_edges)
    return f"节点 {nodes} 个、关系 {edges} 条"


@contextmanager
def _written(path: Path) -> Iterator[IO[str]]:
    """A file that is there whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(beside, path)
    except OSError as error:
        raise OutputError(f"写不了 {path}：{error.strerror}", way_out="检查路径、权限和磁盘空间") from error
    finally:
        beside.unlink(missing_ok=True)
