"""One load: every file to its sheets, every sheet to frames, frames to Tables."""

from __future__ import annotations

import datetime
import hashlib
import json
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from chain import region, schema
from chain.errors import InputError, UnknownName
from chain.tables import Tables
from loaders import copied, enterprises, figures, files, headers, lists, relations, sheets, values
from loaders.dating import date_notes
from loaders.files import File, Grid
from loaders.own import is_page, refuse_results
from loaders.reading import Loaded, Options, Progress
from loaders.rows import Rows
from loaders.sheets import Plan, Wish

_RELATIONS = ("supplies", "makes", "titles")
_BESIDE = ("row", "source", "original")
"""Columns that don't count when two rows of a list are compared."""

COUNTS = ("file", "sheet", "table", "rows_in", "loaded", "merged", "rejected")


@dataclass
class _Run:
    """What has been gathered so far."""

    options: Options
    now: str
    wish: Wish
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    counts: list[tuple[str, str, str, int, int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    copied: bool = False
    dated: bool = False
    mapped: set[str] = field(default_factory=set)
    ahead: dict[str, Future[pd.DataFrame | None]] = field(default_factory=dict)

    def add(self, name: str, frame: pd.DataFrame) -> None:
        if len(frame):
            self.frames.setdefault(name, []).append(frame)

    def count(self, file: str, sheet: str, table: str, rows_in: int, merged: int, rejected: int) -> None:
        self.counts.append((file, sheet, table, rows_in, rows_in - merged - rejected, merged, rejected))


def run(paths: list[str | Path], options: Options, now: str | None, progress: Progress | None) -> Loaded:
    """See `loaders.read`."""
    options = _checked(options)
    now = now or datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    run_ = _Run(options, now, Wish(options.table, options.mapping))
    named: list[tuple[str, Path | None]] = []
    for given in paths:
        more, notes = files.found(given)
        named += more
        run_.notes += notes
    listed = list(files.chunks(named))
    run_.copied = any(path and path.name == "sources.csv" and _is_copy(name, path) for name, path in listed)
    with ThreadPoolExecutor(max_workers=2) as pool:
        if run_.copied:
            run_.ahead = {name: pool.submit(_copied_frame, name, path) for name, path in listed}
        for at, (name, path) in enumerate(listed):
            if progress:
                progress(f"读 {name}", at / len(listed))
            _file(run_, files.load(name, path))
    if unused := sorted(text for text in options.mapping if headers.normal(text) not in run_.mapped):
        raise InputError(f"--map 里的列在文件里没有：{'、'.join(unused)}", way_out="核对列名；表头以第一张能认出的表为准")
    if run_.dated:
        run_.notes += date_notes(options.as_of, now)
    if progress:
        progress("整理", 1.0)
    return Loaded(_tables(run_), _counts(run_), tuple(dict.fromkeys(run_.notes)))


def _copied_frame(name: str, path: Path | None) -> pd.DataFrame | None:
    """The rows of one file of a copied folder, None if it is none that the fast path reads."""
    file = files.load(name, path)
    shape = copied.table_of(file)
    return copied.frame(file, shape[0], strict=False) if shape and shape[1] else None


def _checked(options: Options) -> Options:
    if options.table is not None and options.table not in schema.tables():
        by_title = {table.title: name for name, table in schema.tables().items()}
        if options.table not in by_title:
            raise UnknownName("表", options.table, [*schema.tables(), *by_title])
        options = Options(by_title[options.table], options.mapping, options.register, options.min_size, options.as_of)
    for name in options.mapping.values():
        if name.strip() not in ("", "-"):
            headers.some_field(name, options.table)
    code = region.resolve(options.register) if options.register else None
    as_of = options.as_of
    if as_of is not None:
        day = values.date(as_of)
        if not isinstance(day.value, str):
            raise InputError(f"截止日期 {as_of!r} {day.reason or '是空的'}", way_out="写成 2026-06-30 这样的日期")
        as_of = day.value
    return Options(options.table, options.mapping, code, options.min_size, as_of)


def _is_copy(name: str, path: Path) -> bool:
    found = copied.table_of(files.load(name, path))
    return found is not None and found[0] == "sources"


def _file(run_: _Run, file: File) -> None:
    shape = copied.table_of(file) if not run_.options.mapping else None
    if shape and run_.options.table in (None, shape[0]) and _as_copied(run_, file, *shape):
        return
    every = files.grids(file, lambda rows: sheets.score(rows, run_.wish))
    refuse_results(every)
    grids = [grid for grid in every if not is_page(grid)] or every
    plans = [(grid, sheets.plan(grid, run_.wish, file.stem)) for grid in grids]
    usable = [grid for grid in grids if any(any(row) for row in grid.cells)]
    if not usable:
        raise InputError("文件里没有任何内容", where=file.name, way_out="核对是否存错了文件")
    if not any(found for _, found in plans):
        raise sheets.unknown(max(usable, key=lambda grid: len(grid.cells)), run_.wish)
    for grid, found in plans:
        if found is None:
            run_.notes.append(f"{grid.where}：{'空表' if grid not in usable else '认不出是哪张表'}，跳过")
    _sheets(run_, file, [(grid, found) for grid, found in plans if found])


def _sheets(run_: _Run, file: File, plans: list[tuple[Grid, Plan]]) -> None:
    """All sheets of a file, enterprises first: relations in the same file then need no rows for those that have one."""
    known: frozenset[str] = frozenset()
    for grid, found in sorted(plans, key=lambda each: each[1].table != "enterprises"):
        source = _source_id(run_, file, grid.sheet, found.table)
        rows = Rows.of(grid, found, source)
        if found.table == "enterprises":
            frame = enterprises.read(rows)
            if any(other.table in _RELATIONS for _, other in plans):
                known |= relations.names_of(frame)
        elif found.table in _RELATIONS:
            relation = relations.read(rows, known)
            frame = relation.frame
            run_.add("enterprises", relation.parties)
        else:
            frame = lists.read(rows)
        _take(run_, file, rows, frame)


def _take(run_: _Run, file: File, rows: Rows, frame: pd.DataFrame) -> None:
    again = copied.repeats(frame, [name for name in frame.columns if name not in _BESIDE])
    merged = int(again.sum())
    run_.add(rows.table, frame[~again] if merged else frame)
    if rows.rejects:
        run_.add("rejects", pd.DataFrame(rows.rejects))
    run_.add("sources", _source(run_, file, rows.grid.sheet, rows.source, rows.rows_in))
    run_.count(file.name, rows.grid.sheet, rows.table, rows.rows_in, merged, rows.rows_in - len(frame))
    run_.mapped |= {headers.normal(text) for text in rows.plan.header}
    where = rows.grid.where
    run_.notes += [f"{where}：{note}" for note in (*rows.grid.notes, *rows.plan.notes)]
    run_.notes += [f"{where}：{note}（{count} 处）" for note, count in sorted(rows.notes.items())]
    if rows.plan.ignored:
        run_.notes.append(f"{where}：没有用的列：{'、'.join(rows.plan.ignored)}")
    if not rows.rows_in:
        run_.notes.append(f"{where}：只有表头，没有数据")
    if merged:
        run_.notes.append(f"{where}：{merged} 行和前面的行完全相同，已合并")


def _as_copied(run_: _Run, file: File, name: str, owned: bool) -> bool:
    """Take a schema-shaped file by the fast path; False where the careful path must look at it."""
    if owned and run_.copied:
        frame = run_.ahead.pop(file.name).result()
        if frame is None:
            raise InputError(
                f"表 {name} 有不合类型或缺必填值的行", where=file.name,
                way_out="重新导出；改过的文件请去掉 source 和 row 两列，单独载入")
        compared = list(frame.columns)
    elif name in ("sources", "rejects"):
        raise InputError(f"单独一份 {file.stem}.csv 不是要载入的数据", where=file.name, way_out="把复制出来的整个文件夹一起载入")
    else:
        frame = copied.frame(file, name, strict=True)
        if frame is None or _is_absurd(name, frame):
            return False
        source = _source_id(run_, file, "", name)
        frame["source"] = pd.Series(source, index=frame.index, dtype="str")
        frame["row"] = pd.array(range(2, len(frame) + 2), dtype="Int64")
        compared = [column for column in frame.columns if column not in _BESIDE]
        run_.add("sources", _source(run_, file, "", source, len(frame)))
    again = copied.repeats(frame, compared)
    merged = int(again.sum())
    run_.add(name, frame[~again] if merged else frame)
    run_.count(file.name, "", name, len(frame), merged, 0)
    return True


def _is_absurd(name: str, frame: pd.DataFrame) -> bool:
    """Whether a frame of the fast path has figures or names that the careful path refuses cell by cell."""
    numbers = frame.select_dtypes("number")
    if len(numbers) and (numbers.abs() >= figures.ABSURD).any(axis=None):
        return True
    return name == "enterprises" and bool((frame["name"].str.len() > enterprises.LONGEST_NAME).any())


def _source_id(run_: _Run, file: File, sheet: str, table: str) -> str:
    options = run_.options
    said = [options.table, sorted(options.mapping.items()), options.register, options.min_size, options.as_of]
    text = json.dumps([file.digest, sheet, table, said], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _source(run_: _Run, file: File, sheet: str, source: str, rows: int) -> pd.DataFrame:
    """The row of ``sources``; only these carry the date that a person gave, those of a copied folder have their own."""
    options = run_.options
    run_.dated = True
    return pd.DataFrame([{
        "id": source, "origin": file.origin(sheet), "file": file.name, "sheet": sheet,
        "kind": "register" if options.register else "sample", "sha256": file.digest,
        "region": options.register, "min_size": options.min_size,
        "as_of": options.as_of, "loaded_at": run_.now, "batch": run_.now, "rows": rows,
    }])


def _tables(run_: _Run) -> Tables:
    return Tables({
        name: parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True) for name, parts in run_.frames.items()})


def _counts(run_: _Run) -> pd.DataFrame:
    frame = pd.DataFrame(run_.counts, columns=list(COUNTS))
    types = {name: "str" if name in COUNTS[:3] else "int64" for name in COUNTS}
    return frame.astype(types)
