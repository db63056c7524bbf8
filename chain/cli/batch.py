"""Many sets at once: every region of a level × every chain, resumable, with one page of summary a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from chain import region
from chain.cli import manifest
from chain.cli.annual import Request, write_set
from chain.cli.common import safe
from chain.errors import InputError, LianpuError, OutputError
from chain.store import Progress, Store

SUMMARY = "总表.xlsx"
PAGE = "一园一表.xlsx"
RECORD = "批量记录.csv"
_FIGURES = {
    "chain": "产业链", "links": "环节数", "strong": "优势", "covered": "具备", "weak": "薄弱", "missing": "缺失", "suspected": "疑似缺失",
    "unknown": "待核", "completeness": "完整度（%）", "firms": "链上本地企业", "gaps": "补延强提缺口数", "untold": "先核实环节数",
    "top_gaps": "首要缺口", "strengths": "长板", "leaders": "龙头企业", "targets": "招引目标",
}


@dataclass(frozen=True)
class Job:
    """One set to be made: its request, where it goes below the output folder, and the name of its place."""

    request: Request
    folder: Path
    place_name: str


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the figures of its manifest, or what went wrong; `kept` if it was there already."""

    request: Request
    place_name: str
    folder: Path
    kept: bool = False
    fault: str = ""
    figures: dict[str, Any] | None = None


def jobs(store: Store, chains: Sequence[str], place: str, level: str | None, asked: Request) -> list[Job]:
    """The sets asked for, by place, then chain.

    Parameters
    ----------
    chains
        Chain names, or ``all``.
    level
        province, city, county or park below `place`; None for `place` itself.

    Raises
    ------
    UnknownName
        If the store holds no such chain.
    InputError
        If there is no region of that level.
    """
    held = store.tables(["chains"])["chains"]
    wanted = sorted(set(held["id"])) if list(chains) == ["all"] else [str(store.scope(name).chain["id"]) for name in dict.fromkeys(chains)]
    places = below(store, place, level)
    if not places:
        raise InputError(f"{region.name(place)}之下没有这一级（{level}）的地区", way_out="换 --all-regions 的级别，或换 --region")
    names = _folder_names(places)
    return [Job(replace(asked, chain=chain, place=code), Path(names[code]) / safe(chain), name) for code, name in places.items() for chain in wanted]


def below(store: Store, place: str, level: str | None) -> dict[str, str]:
    """Places of a level inside a region with their names, in order of code; the place itself where it has no parts of its own."""
    if level is None:
        return {place: place.removeprefix("park:") if place.startswith("park:") else region.name(place)}
    if level == "park":
        parks = store.tables(["parks"])["parks"].drop_duplicates("id").sort_values("id")
        inside = [row for row in parks.to_dict("records") if isinstance(row["region"], str) and region.contains(place, row["region"])]
        return {f"park:{row['id']}": str(row["name"] or row["id"]) for row in inside}
    found = {}
    waiting = [place]
    while waiting:
        code = waiting.pop(0)
        if region.level(code) == level:
            found[code] = region.name(code)
        else:
            waiting += region.children(code)
    return dict(sorted(found.items()))


def _folder_names(places: dict[str, str]) -> dict[str, str]:
    """A folder name for every place; where two have one name, with the names above."""
    names = list(places.values())
    return {code: safe(name if names.count(name) == 1 else region.full_name(code) if code.isdigit() else f"{name} {code.removeprefix('park:')}")
            for code, name in places.items()}


def run(store: Store, wanted: Sequence[Job], output: Path, progress: Progress) -> list[Outcome]:
    """Make the sets one after the other; what is there unchanged is kept, what fails is recorded and the rest goes on.

    Raises
    ------
    OutputError
        If the output folder can't be written to.
    """
    from viz.csv import write_csv

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"写不了目录 {output}：{error.strerror}", way_out="换一个可写的目录") from error
    outcomes: list[Outcome] = []
    try:
        for at, job in enumerate(wanted):
            progress(f"{at + 1}/{len(wanted)} {job.place_name} {job.request.chain}", at / len(wanted))
            outcomes.append(_made(store, job, output))
    finally:  # also when it is interrupted: what was done is on record
        write_csv(_record(outcomes, len(wanted)), output / RECORD)
    manifest.write_batch(output, [RECORD, *_summaries(outcomes, output, store.as_of)], [o.folder.as_posix() for o in outcomes if not o.fault])
    progress("完成", 1.0)
    return outcomes


def _made(store: Store, job: Job, output: Path) -> Outcome:
    folder = output / job.folder
    done = Outcome(job.request, job.place_name, job.folder)
    try:
        if figures := _kept(store, job.request, folder):
            return replace(done, kept=True, figures=figures)
        write_set(store, job.request, folder)
        return replace(done, figures=manifest.read(folder)["figures"])
    except LianpuError as error:
        return replace(done, fault=str(error))
    except Exception as error:  # a fault of ours in one set must not cost the others
        return replace(done, fault=f"程序内部错误：{type(error).__name__}：{error}")


def _kept(store: Store, request: Request, folder: Path) -> dict[str, Any] | None:
    """The figures of a set that is there, whole, and made from just this; None if it has to be made."""
    try:
        held = manifest.read(folder)
        now = manifest.made_from(request, manifest.sources_of(store, request.chain), store.scope(request.chain).chain)
        same = all(held.get(key) == value for key, value in now.items()) and not manifest.faults(folder, held)
    except InputError:
        return None
    return dict(held["figures"]) if same and isinstance(held.get("figures"), dict) else None


def _record(outcomes: Sequence[Outcome], total: int) -> pd.DataFrame:
    rows = [(o.place_name, o.request.chain, "失败" if o.fault else "已有未变" if o.kept else "完成", o.fault.replace("\n", "；"), o.folder.as_posix())
            for o in outcomes]
    rest = total - len(outcomes)
    rows += [("", "", "没有做到", f"共 {total} 套，后 {rest} 套没有做；再运行同一条命令会接着做", "")] if rest else []
    return pd.DataFrame(rows, columns=["地区", "产业链", "结果", "说明", "目录"])


def _summaries(outcomes: Sequence[Outcome], output: Path, as_of: str) -> list[str]:
    """Write one page a region, and the table over all; their names below `output`."""
    from viz.xlsx import Sheet, write_workbook

    rows, written = [(o, _row(o)) for o in outcomes if o.figures], [SUMMARY]
    notes = ("数字取自各套文件；口径见各套《口径与数据质量说明》。完整度按权重计，待核和疑似缺失的环节未计入，是下限。",)
    widths = {"产业链": 16, "首要缺口": 40, "长板": 24, "龙头企业": 44}
    for folder in dict.fromkeys(o.folder.parts[0] for o, _ in rows):
        held = [(o, row) for o, row in rows if o.folder.parts[0] == folder]
        first = held[0][0]
        frame = pd.DataFrame([row for _, row in held], columns=[*_FIGURES]).rename(columns=_FIGURES)
        sheet = Sheet("一园一表", f"{first.place_name}重点产业链一览", frame, _stamped(notes, first), widths=widths, score_column="完整度（%）",
                      one_page=True)
        write_workbook(output / folder / PAGE, [sheet], as_of=as_of, author=first.request.author, stamp=first.request.stamp)
        written.append(f"{folder}/{PAGE}")
    table = pd.DataFrame([{"place": o.place_name, **row} for o, row in rows], columns=["place", *_FIGURES])
    table = table.rename(columns={"place": "地区", **_FIGURES})
    extra = _stamped(notes, outcomes[0]) if outcomes else notes
    failed = sum(bool(o.fault) for o in outcomes)
    extra += (f"有 {failed} 套没有生成，原因见 {RECORD}。",) if failed else ()
    author, stamp = (outcomes[0].request.author, outcomes[0].request.stamp) if outcomes else ("", "")
    whole = Sheet("总表", "各地区各产业链一览", table, extra, widths=widths, freeze_columns=2)
    write_workbook(output / SUMMARY, [whole], as_of=as_of, author=author, stamp=stamp)
    return written


def _stamped(notes: tuple[str, ...], outcome: Outcome) -> tuple[str, ...]:
    return (outcome.request.stamp, *notes) if outcome.request.stamp else notes


def _row(outcome: Outcome) -> dict[str, Any]:
    figures = outcome.figures or {}
    row = {"chain": outcome.request.chain, **figures, **figures.get("looks", {})}
    if row.get("completeness") is not None:
        row["completeness"] = round(100 * row["completeness"], 1)
    if outcome.request.redact:
        row["targets"] = None
    return {name: "；".join(value) if isinstance(value, list) else value for name, value in row.items() if name in _FIGURES}
