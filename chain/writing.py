"""Taking tables into the file of an embedded store: what is new, what it replaces, and the swap that makes it so.

The next file is built beside the old one and put in its place by rename, so that a crash at any moment leaves one or the other.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from chain import building, schema
from chain.errors import InputError
from chain.packing import sql_type
from chain.store import Progress, Written
from chain.tables import Tables

STORAGE_VERSION = "v1.5.0"
"""Oldest DuckDB that opens our files."""



@dataclass(frozen=True)
class Plan:
    """Which sources a load brings, which it leaves alone and which go.

    Attributes
    ----------
    new, same
        Rows of ``sources``: not held so far, and held in this very form.
    gone
        Ids of held sources that are replaced.
    links_anew
        All MAKES found by linking are replaced.
    drop_links
        The load's own MAKES found by linking are those already held.
    """

    new: pd.DataFrame
    same: pd.DataFrame
    gone: frozenset[str]
    links_anew: bool
    drop_links: bool


def write(path: Path, held: pd.DataFrame, tables: Tables, progress: Progress, connect: Callable[[], Any]) -> Written:
    """Build the next file of the store at `path` from what it holds and `tables`, and swap it in.

    Parameters
    ----------
    held
        Table ``sources`` of the store.
    connect
        Gives a DuckDB connection to a new database in memory.
    """
    check_keys(tables)
    plan = planned(held, tables["sources"])
    for stale in path.parent.glob(f".{glob.escape(path.name)}.*.building*"):
        _remove(stale)
    next_path = path.with_name(f".{path.name}.{os.getpid()}.building")
    spill = path.with_name(next_path.name + ".spill")
    con = connect()
    try:
        con.execute(f"SET temp_directory = {quoted(spill)}")
        con.execute(f"ATTACH {quoted(next_path)} AS next (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE next")
        if path.exists():
            con.execute(f"ATTACH {quoted(path)} AS held (READ_ONLY)")
        progress("比对已有数据", 0.0)
        added, removed = _stage(con, plan, tables, path.exists())
        replaced = tuple(sorted(label(row) for row in held[held["id"].isin(plan.gone)].itertuples(index=False)))
        unchanged = tuple(sorted(label(row) for row in plan.same.itertuples(index=False)))
        if not added and not removed and plan.new.empty and path.exists():
            return Written(unchanged=unchanged)
        building.build(con, lambda step: progress(step, (building.STEPS.index(step) + 1) / (len(building.STEPS) + 1)))
        con.execute("CREATE TABLE layout AS SELECT ?::INTEGER AS version", [schema.VERSION])
        con.execute("USE memory")
        con.execute("DETACH next")
        con.close()
        _swap(next_path, path)
    finally:
        con.close()
        for left in (next_path, next_path.with_name(next_path.name + ".wal"), spill):
            _remove(left)
    progress("完成", 1.0)
    return Written(added, removed, unchanged, replaced)


def check_keys(tables: Tables) -> None:
    """Rows that do not say whom they are about could not be kept; nothing may be lost without a word."""
    for name, column in [*building.MENTIONS, ("makes", "product")]:
        frame = tables.unsorted(name)
        if frame[column].hasnans and len(empty := frame[frame[column].isna()]):
            first = empty.iloc[0]
            where = f"来源 {first['source']} 第 {first['row']} 行"
            raise InputError(f"表 {name} 的列 {column} 有 {len(empty)} 行是空的", where=where, way_out="补上编号或去掉这些行")


def planned(held: pd.DataFrame, sources: pd.DataFrame) -> Plan:
    """What a load of `sources` means for a store that holds the sources `held`."""
    known = sources["id"].isin(set(held["id"]))
    links_anew = bool((sources.loc[~known, "kind"] == "link").any())
    if links_anew:
        known &= sources["kind"] != "link"
    same, new = sources[known], sources[~known]
    gone = set(held.loc[held["origin"].isin(set(new["origin"].dropna())), "id"]) - set(same["id"])  # a sheet that stayed stays
    if links_anew:
        gone |= set(held.loc[held["kind"] == "link", "id"])
    return Plan(new, same, frozenset(gone), links_anew, not links_anew and bool((same["kind"] == "link").any()))


def label(row: Any) -> str:
    """File and sheet of a row of ``sources`` as people read them."""
    return f"{row.file} › {row.sheet}" if isinstance(row.sheet, str) else str(row.file)


def incoming(name: str, tables: Tables, plan: Plan) -> pd.DataFrame:
    """Rows of a table that don't belong to a source the store already holds."""
    if name == "sources":
        return plan.new
    frame = tables.unsorted(name)
    if not plan.same.empty:
        held = frame["source"].isin(set(plan.same["id"]))
        if name == "makes" and plan.links_anew:  # those that the store holds go, whatever row they quote
            held &= frame["method"] != "link"
        frame = frame[~held]
    return frame[frame["method"] != "link"] if name == "makes" and plan.drop_links else frame


def _stage(con: Any, plan: Plan, tables: Tables, update: bool) -> tuple[dict[str, int], dict[str, int]]:
    """Relations ``staged_NAME``: what the store held and keeps, and what is new; rows added and removed by table."""
    import pyarrow as pa

    added, removed = {}, {}
    for name, table in schema.tables().items():
        frame = incoming(name, tables, plan)
        con.register(f"incoming_{name}", pa.Table.from_pandas(frame, preserve_index=False))
        fresh = _fresh(con, table, frame)
        before, kept, after = _stage_with_held(con, table, plan, fresh) if update else _stage_alone(con, name, fresh, len(frame))
        if name != "sources":
            if after > kept:
                added[name] = after - kept
            if before > kept:
                removed[name] = before - kept
    return added, removed


def _fresh(con: Any, table: schema.Table, frame: pd.DataFrame) -> str:
    """Statement that gives the incoming rows, each once.

    Rows that differ in key, source or row differ, and so do rows whose numbers go up, as those of one file do; only where these
    repeat are whole rows compared.
    """
    typed = ", ".join(f'"{c.name}"::{sql_type(c)} AS "{c.name}"' for c in table.columns)
    marks = ", ".join(f'"{c}"' for c in dict.fromkeys([*table.keys, *(c for c in schema.PROVENANCE if c in table.names)]))
    check = f"SELECT count(*) = count(DISTINCT hash({marks or 0})) FROM incoming_{table.name}"
    each = "" if len(frame) < 2 or _going_up(frame) or con.execute(check).fetchall()[0][0] else "DISTINCT "
    return f"SELECT {each}{typed} FROM incoming_{table.name}"


def _going_up(frame: pd.DataFrame) -> bool:
    if "row" not in frame.columns or frame["row"].hasnans:
        return False
    numbers = frame["row"].to_numpy(dtype="int64")
    return bool((numbers[1:] > numbers[:-1]).all())


def _stage_alone(con: Any, name: str, fresh: str, rows: int) -> tuple[int, int, int]:
    con.execute(f"CREATE TEMP VIEW staged_{name} AS {fresh}")
    return 0, 0, con.execute(f"SELECT count(*) FROM staged_{name}").fetchall()[0][0] if rows > 1 else rows


def _stage_with_held(con: Any, table: schema.Table, plan: Plan, fresh: str) -> tuple[int, int, int]:
    """Rows the store held, those of them it keeps, and all rows from now on."""
    name, columns = table.name, ", ".join(f'"{c}"' for c in table.names)
    tag = "id" if name == "sources" else "source"
    keep = f'("{tag}" IS NULL OR NOT list_contains($gone, "{tag}"))'
    if name == "makes" and plan.links_anew:
        keep += " AND method != 'link'"
    con.execute(f"CREATE TEMP TABLE staged_{name} AS SELECT {columns} FROM held.raw_{name} WHERE {keep}", {"gone": sorted(plan.gone)})
    before, kept = (con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0] for rows in (f"held.raw_{name}", f"staged_{name}"))
    overlap = con.execute(
        f'SELECT count(*) FROM (SELECT DISTINCT "{tag}" AS tag FROM ({fresh})) f '
        f'JOIN (SELECT DISTINCT "{tag}" AS tag FROM staged_{name}) k ON f.tag IS NOT DISTINCT FROM k.tag').fetchall()[0][0]
    # rows of sources that the store does not know can't be among its rows
    con.execute(f"INSERT INTO staged_{name} {fresh}" + (f" EXCEPT SELECT * FROM staged_{name}" if overlap else ""))
    return before, kept, con.execute(f"SELECT count(*) FROM staged_{name}").fetchall()[0][0]


def _swap(new: Path, path: Path) -> None:
    """Make the new file durable, then put it in the old one's place."""
    with open(new, "rb+") as file:
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, new)
    os.replace(new, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def quoted(path: Path) -> str:
    """`path` as a SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
