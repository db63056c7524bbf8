"""Taking tables into a server: what differs between what it holds and what it should hold, in one transaction or several.

Everything new is added first and only then does what is old go, so that the rows of the old state or of the new one are complete at
every moment, and a load that was cut off can be undone or finished by the next.
"""

from __future__ import annotations

import getpass
import os
import socket
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from chain import schema, server_state, writing
from chain.errors import StoreBusy, StoreError
from chain.server_batches import asked, batches, names
from chain.server_lanes import Lanes
from chain.server_link import Link, OutOfMemory, State, state, statement
from chain.server_model import EDGE_INDEXES, EDGES, ENTITIES, INDEXES, NODES, ROWS, Elements, empty, labels_needed, rows_of
from chain.store import Progress, Written
from chain.tables import Tables

ONE_TRANSACTION = 30_000
"""Nodes and relationships up to which a load is a single transaction."""

TOUCH_SECONDS = 2.0
"""How often a load of several transactions says how far it is."""

_LOOSE = 10**6  # rows above which a look at every column costs more than it is worth


@dataclass(frozen=True)
class Changes:
    """What a load does to the elements: frames by kind."""

    added: Elements
    changed: Elements
    dropped: Elements

    @property
    def count(self) -> int:
        """Nodes and relationships touched."""
        return sum(len(frame) for part in (self.added, self.changed, self.dropped) for frame in part.values())


def write(link: Link, tables: Tables, progress: Progress, *, into_existing: bool = False) -> Written:
    """Bring `tables` into the store behind `link`; see `Store.write`.

    Parameters
    ----------
    into_existing
        Write even though the database holds something else.
    """
    writing.check_keys(tables)
    progress("读取已有数据", 0.0)
    before, held = link.read(_everything, past_crash=True)
    kept_load = before.load
    rows = Tables({name: _undone(name, rows_of(held, name), kept_load) for name in schema.tables()}) if before.generation is not None else Tables()
    plan = writing.planned(rows["sources"], tables["sources"])
    final, added, removed = _joined(rows, tables, plan)
    replaced = tuple(sorted(writing.label(row) for row in rows["sources"][rows["sources"]["id"].isin(plan.gone)].itertuples(index=False)))
    unchanged = tuple(sorted(writing.label(row) for row in plan.same.itertuples(index=False)))
    if not added and not removed and plan.new.empty and before.generation is not None and kept_load is None:
        _prepare(link, before, into_existing)  # a server that was filled by import has no indexes yet
        return Written(unchanged=unchanged)
    progress("识别与汇总", 0.1)
    wanted = server_state.elements(final)
    changes = compared(held, wanted)
    _prepare(link, before, into_existing)
    date = server_state.as_of(final.unsorted("sources"))
    if changes.count <= ONE_TRANSACTION and kept_load is None:
        try:
            _at_once(link, before, changes, date)
        except OutOfMemory:
            _in_parts(link, before, plan, _safe(changes, held), date, progress)
    else:
        _in_parts(link, before, plan, _safe(changes, held), date, progress)
    progress("完成", 1.0)
    return Written(added, removed, unchanged, replaced)


def read_rows(tx: Any, names: Iterable[str]) -> Tables:
    """The named tables as their elements hold them."""
    wanted = list(names)
    held = {kind: _read(tx, kind) for kind in labels_needed(wanted)}
    return Tables({name: rows_of(held, name) for name in wanted})


def _everything(tx: Any, before: State) -> Elements:
    if before.generation is None:
        return {name: empty(name) for name in [*NODES, *EDGES]}
    there = _there(tx)
    return {name: _read(tx, name) if name in there else empty(name) for name in [*NODES, *EDGES]}


def _there(tx: Any) -> set[str]:
    """Kinds of which there are elements, maybe also of others' in the same database: in one question instead of dozens."""
    asked = [statement("any_node" if name in NODES else "any_edge", **names(name)) for name in [*NODES, *EDGES]]
    found = tx.run("\nUNION ALL\n".join(asked))
    return {name for name, row in zip([*NODES, *EDGES], found, strict=True) if row["there"]}


def _read(tx: Any, name: str) -> pd.DataFrame:
    """All elements of one kind, in the dtypes of their columns from the start: a number as large as a digest is no float in between."""
    if name in NODES:
        rows, columns = [row[0] for row in tx.run(statement("read_node", LABEL=name))], NODES[name].columns
    else:
        rows = [{**row[2], "_from": row[0], "_to": row[1]} for row in tx.run(statement("read_edge", **names(name)))]
        columns = EDGES[name].columns
    return pd.DataFrame({column: pd.Series([row.get(column) for row in rows], dtype=dtype) for column, dtype in columns.items()})


# -- what changes


def _undone(name: str, rows: pd.DataFrame, load: dict[str, Any] | None) -> pd.DataFrame:
    """Rows of a table without what a load that was cut off had brought, or without what it had begun to remove."""
    if load is None or name == "sources":
        return rows
    if load["phase"] == "adding":
        return rows[~rows["source"].isin(load["new"])]
    going = rows["source"].isin(load["gone"])
    if name == "makes" and load["links_anew"]:
        going |= (rows["method"] == "link") & ~rows["source"].isin(load["new"])
    return rows[~going]


def _left_over(load: dict[str, Any] | None) -> set[str]:
    """Sources of which a load that was cut off may have left rows that count for nothing."""
    return set() if load is None else set(load["new"] if load["phase"] == "adding" else load["gone"])


def _joined(held: Tables, tables: Tables, plan: writing.Plan) -> tuple[Tables, dict[str, int], dict[str, int]]:
    """What the store holds from now on, and rows added and removed by table."""
    final: dict[str, pd.DataFrame] = {}
    added: dict[str, int] = {}
    removed: dict[str, int] = {}
    for name in schema.tables():
        old, tag = held.unsorted(name).drop_duplicates(), "id" if name == "sources" else "source"
        stays = ~old[tag].isin(plan.gone)
        if name == "makes" and plan.links_anew:
            stays &= old["method"] != "link"
        kept = old[stays]
        fresh = _distinct(name, writing.incoming(name, tables, plan))
        final[name] = fresh if kept.empty else pd.concat([kept, fresh], ignore_index=True).drop_duplicates()
        if name != "sources":
            added |= {name: len(final[name]) - len(kept)} if len(final[name]) > len(kept) else {}
            removed |= {name: len(old) - len(kept)} if len(old) > len(kept) else {}
    return Tables(final), added, removed


def _distinct(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows each once; in a large table only rows that agree in key, source and row need a closer look."""
    marks = list(dict.fromkeys([*schema.table(name).keys, *(column for column in schema.PROVENANCE if column in rows.columns)]))
    return rows if len(rows) > _LOOSE and not rows.duplicated(marks).any() else rows.drop_duplicates()


def compared(held: Elements, wanted: Elements) -> Changes:
    """The way from one set of elements to another."""
    added, changed, dropped = {}, {}, {}
    for name, new in wanted.items():
        old = held[name]
        if old.empty or new.empty:
            added[name], dropped[name] = new, old
            continue
        here, there = _digests(old), _digests(new)
        fresh, stale = ~np.isin(there, here), ~np.isin(here, there)
        if name in NODES:
            key = NODES[name].key
            known = new[key].isin(set(old[key])).to_numpy(dtype=bool)
            changed[name] = new[fresh & known]
            added[name], dropped[name] = new[~known], old[~old[key].isin(set(new[key])).to_numpy(dtype=bool)]
        else:
            added[name], dropped[name] = new[fresh], old[stale]
    return Changes(added, changed, dropped)


def _safe(changes: Changes, held: Elements) -> Changes:
    """`changes` such that no row is ever only in a node that is about to be overwritten.

    An entity that is a single row may become another row. Old entities stay as they are until all that is new is there; so what
    they will say stands beside them as a row of its own meanwhile.
    """
    added, dropped = dict(changes.added), dict(changes.dropped)
    for table, kind in ENTITIES.items():
        frame, label = changes.changed.get(kind.label, empty(kind.label)), ROWS[table].label
        rows = server_state.keyed(label, frame[frame["_own"].fillna(False).astype(bool)])
        rows = rows[~rows["_key"].isin(set(held[label]["_key"]) | set(added.get(label, empty(label))["_key"]))]
        if len(rows):
            added[label] = pd.concat([added.get(label, empty(label)), rows], ignore_index=True)
            dropped[label] = pd.concat([dropped.get(label, empty(label)), rows], ignore_index=True)
    return Changes(added, changes.changed, dropped)


def _digests(frame: pd.DataFrame) -> Any:
    """Two 64-bit digests a row, as one value that can be compared."""
    pair = [pd.util.hash_pandas_object(frame, index=False, hash_key=key).to_numpy() for key in ("lianpu-one-16byt", "lianpu-two-16byt")]
    return np.stack(pair, axis=1).view("V16").ravel() if len(frame) else np.empty(0, dtype="V16")


# -- doing it


def _prepare(link: Link, before: State, into_existing: bool) -> None:
    """Constraints and indexes; a database with something else in it is left alone."""
    if before.generation is None:
        _refuse_foreign(link, into_existing)
    ready = {row["name"] for row in link.plainly(statement("ready"))}
    missing = [text for name, text in _schema().items() if name not in ready]
    for text in missing:
        link.plainly(text)
    if missing:
        link.plainly(statement("await_indexes"))


@cache
def _schema() -> dict[str, str]:
    """Constraints and indexes by name, and how each is created."""
    keys = [*((label, kind.key) for label, kind in NODES.items()), ("Lianpu", "key"), ("Load", "key")]
    made = {f"lianpu_{label}_key": ("constraint", {"CONSTRAINT_NAME": f"lianpu_{label}_key", "LABEL": label, "KEY": key}) for label, key in keys}
    for kind, word, pairs in (("index", "LABEL", INDEXES), ("edge_index", "TYPE", EDGE_INDEXES)):
        made |= {name: (kind, {"INDEX_NAME": name, word: of, "KEY": key}) for of, key in pairs for name in [f"lianpu_{of}_{key.strip('_')}"]}
    return {name: statement(kind, **words) for name, (kind, words) in made.items()}


def _refuse_foreign(link: Link, into_existing: bool) -> None:
    if (now := link.now()).generation is not None:  # somebody has begun to load since we looked: these are no strangers
        raise link.busy(now) if now.load else StoreBusy(f"{link.address.shown} 刚被另一次载入改过，没有写入", way_out="再试一次")
    found = link.plainly(statement("foreign"))[0]["nodes"]
    if found and not into_existing:
        raise StoreError(f"{link.address.shown} 里已有别的数据（{found} 个节点），没有写入",
                         way_out="换一个空的数据库，或加 --into-existing 与它们放在一起")
    if found and (ours := [label for label in NODES if link.plainly(statement("count_node", LABEL=label))[0]["nodes"]]):
        raise StoreError(f"{link.address.shown} 里别的数据也用了标签 {'、'.join(ours)}，放在一起会分不清，没有写入",
                         way_out="换一个空的数据库")


def _at_once(link: Link, before: State, changes: Changes, date: str) -> None:
    """One transaction: all or nothing without any mark."""

    def work(tx: Any) -> None:
        generation = tx.run(statement("lock_store")).single()["generation"]
        now = state(tx)
        if now.load is not None:
            raise link.busy(now)
        if generation != (before.generation or 0):
            raise StoreBusy(f"{link.address.shown} 刚被另一次载入改过，没有写入", way_out="再试一次")
        for kind, name, frame in _steps(changes):
            for rows in batches(frame):
                tx.run(*asked(kind, name, rows)).consume()
        tx.run(statement("close_store"), version=schema.VERSION, as_of=date).consume()

    link.write(work)


def _in_parts(link: Link, before: State, plan: writing.Plan, changes: Changes, date: str, progress: Progress) -> None:
    """Several transactions between two marks: while the first stands without the second, no reader gets an answer."""
    token, done, total = uuid.uuid4().hex, 0, max(changes.count, 1)
    left = _left_over(before.load)
    fresh = set(plan.new["id"].dropna())
    head = {"who": f"{_user()}@{socket.gethostname()}（pid {os.getpid()}）", "token": token, "total": total, "links_anew": plan.links_anew,
            "since": datetime.now(UTC).isoformat(timespec="seconds"), "new": sorted(fresh | left), "gone": sorted(plan.gone | (left - fresh))}

    def begin(tx: Any) -> None:
        generation, now = tx.run(statement("lock_store")).single()["generation"], state(tx)
        if now.load is not None and now.load["token"] != (before.load or {}).get("token"):
            raise link.busy(now)
        if generation != (before.generation or 0):
            raise StoreBusy(f"{link.address.shown} 刚被另一次载入改过，没有写入", way_out="再试一次")
        tx.run(statement("open_load"), **head, phase="adding").consume()

    link.write(begin)
    sources = {kind: part.pop("Source", empty("Source")) for kind, part in
               (("add", changes.added), ("set", changes.changed), ("drop", changes.dropped))}
    lanes, turned, told = Lanes(link), False, time.monotonic()
    for kind, name, frame in _steps(changes):
        if kind != "add" and not turned:
            _turn(link, token, sources)
            turned = True
        for count in lanes.written(kind, name, frame):
            done += count
            if time.monotonic() - told > TOUCH_SECONDS:
                _touch(link, token, done)
                told = time.monotonic()
            progress(f"写入 {name}", 0.1 + 0.85 * done / total)
    if not turned:
        _turn(link, token, sources)
    _touch(link, token, done)
    link.write(lambda tx: tx.run(statement("close_store"), version=schema.VERSION, as_of=date).consume())


def _steps(changes: Changes) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """What to do with which elements, in order: new nodes, new relationships; then changed nodes and what goes."""
    for kind, part, order in (("add", changes.added, [*NODES, *EDGES]), ("set", changes.changed, [*NODES]),
                              ("drop", changes.dropped, [*EDGES, *NODES])):
        yield from ((kind, name, part[name]) for name in order if name in part and len(part[name]))


def _turn(link: Link, token: str, sources: dict[str, pd.DataFrame]) -> None:
    """From adding to removing, together with the sources: which of them are held decides how a load cut off here is mended."""

    def work(tx: Any) -> None:
        if tx.run(statement("turn_load"), token=token).single() is None:
            raise StoreBusy(f"{link.address.shown} 的载入被另一个进程接手了", way_out="等它结束再试")
        for kind in ("add", "set", "drop"):
            for rows in batches(sources[kind]):
                tx.run(*asked(kind, "Source", rows)).consume()

    link.write(work)


def _touch(link: Link, token: str, done: int) -> None:
    if link.write(lambda tx: tx.run(statement("touch_load"), token=token, done=done).single()) is None:
        raise StoreBusy(f"{link.address.shown} 的载入被另一个进程接手了", way_out="等它结束再试")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
