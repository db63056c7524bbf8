"""Checking a set: its files against its manifest, and against what the store gives now."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chain.cli import manifest
from chain.cli.annual import LAYOUT, PROFILES, Request, write_set
from chain.errors import InputError
from chain.store import Progress, Store
from queries.rules import Rules


def request_of(held: Mapping[str, Any], boundaries: Path | None = None) -> Request:
    """The request that a manifest records.

    Raises
    ------
    InputError
        If the manifest was written by another version and can't be read as one, or the boundaries are not those it was made with.
    """
    drawn = held.get("boundaries")
    if drawn and boundaries is None:
        raise InputError(f"区域分布图用过边界文件 {drawn['file']}", way_out="用 --boundaries 给出这个文件再核对")
    if boundaries is not None and (not drawn or manifest.digest(boundaries) != drawn["sha256"]):
        raise InputError(f"边界文件 {boundaries.name} 不是生成时用的那一个", way_out="给出原来的边界文件")
    try:
        parameters: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held["parameters"].items()}
        request = Request(chain=str(held["chain"]), place=str(held["place"]), boundaries=boundaries, rules=Rules(**parameters), **held["options"])
        _same_kinds(request, Request("", ""))
        _same_kinds(request.rules, Rules())
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"manifest.json 里生成时的选项读不出来：{error}", way_out="用现在的版本重新生成这一套文件") from error
    if request.profile not in PROFILES:
        raise InputError(f"manifest.json 里的 profile 不认识：{request.profile!r}", way_out=f"可用：{'、'.join(PROFILES)}")
    return request


def _same_kinds(given: object, usual: object) -> None:
    """Raises TypeError where a field holds another kind of value than it should: a manifest may come from anywhere."""
    for name, value in vars(given).items():
        kind = type(getattr(usual, name))
        if value is not None and kind is not type(None) and not isinstance(value, (int, float) if kind is float else kind):
            raise TypeError(f"{name} = {value!r}")


def pinned(request: Request, folder: Path, held: Mapping[str, Any]) -> Request:
    """The request with the layout of the set itself, if it took up an earlier one: there its boxes already stand where they stand."""
    return replace(request, pin=folder / LAYOUT) if held.get("pinned") and (folder / LAYOUT).is_file() else request


def against_store(store: Store, folder: Path, held: Mapping[str, Any], request: Request, progress: Progress) -> list[str]:
    """What the store would give differently now, one line each: inputs first, then files, office files with the parts that differ."""
    with TemporaryDirectory(prefix="lianpu-") as name:
        anew = Path(name)
        write_set(store, pinned(request, folder, held), anew, progress=progress, written_in=folder)
        now = manifest.read(anew)
        found = list(_inputs(held, now))
        for file in sorted({*held["outputs"], *now["outputs"]}):
            if file not in now["outputs"]:
                found.append(f"图谱现在不生成：{file}")
            elif file not in held["outputs"]:
                found.append(f"图谱现在还生成：{file}")
            elif (folder / file).is_file():
                found += _differing(folder / file, anew / file)
    return found


def _inputs(held: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    before, after = ({row["id"]: row for row in each.get("inputs", [])} for each in (held, now))
    yield from (f"图谱里没有了这份数据：{_source(before[key])}" for key in sorted(set(before) - set(after)))
    yield from (f"图谱里新增了这份数据：{_source(after[key])}" for key in sorted(set(after) - set(before)))
    tools = held.get("tools")
    for tool, anew in now["tools"].items():
        if (then := tools.get(tool) if isinstance(tools, dict) else None) != anew:
            yield f"排版程序 {tool} 版本不同，PDF、PNG、HTML 的字节可能因此不同：当时 {then}，现在 {anew}"
    for name, word in (("program", "程序版本"), ("chain_version", "产业链文件版本")):
        if held.get(name) != now.get(name):
            yield f"{word}不同：当时 {held.get(name)}，现在 {now.get(name)}"


def _source(row: Mapping[str, Any]) -> str:
    return str(row.get("file")) + (f" › {row['sheet']}" if row.get("sheet") else "")


def _differing(old: Path, new: Path) -> list[str]:
    """Nothing if two files say the same; a zip file packed by another library version says the same if its parts do."""
    before, after = old.read_bytes(), new.read_bytes()
    if before == after:
        return []
    from viz.ooxml import parts

    try:
        one, two = parts(before), parts(after)
    except zipfile.BadZipFile:
        return [f"与图谱不一致：{old.name}"]
    names = [name for name in sorted({*one, *two}) if one.get(name) != two.get(name)]
    return [f"与图谱不一致：{old.name}（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）"] if names else []
