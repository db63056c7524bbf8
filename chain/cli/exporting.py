"""The chosen gaps and their targets as a file to hand out: XLSX, DOCX, CSV."""

from __future__ import annotations

import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chain.tables import records
from viz.explorer import dated_as_asked
from viz.text import clean

if TYPE_CHECKING:
    import pandas as pd

    from chain.cli.pack import Answers


def exported(answers: Answers, notes: tuple[str, ...], form: str, ids: list[str]) -> tuple[str, bytes]:
    """Name and content of the file.

    Parameters
    ----------
    form
        xlsx: gaps and targets as sheets; docx: both as tables; csv: the gaps.
    ids
        Ids of gaps; all gaps if there are none.
    """
    gaps = answers.gaps[answers.gaps["id"].isin(ids)] if ids else answers.gaps
    targets = answers.targets[answers.targets["product"].isin(gaps["product"])] if len(answers.targets) else answers.targets
    name = f"{answers.state.place.name}{answers.state.scope.chain['name']}缺口清单"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{form}"
        _WRITERS[form](path, answers, gaps.reset_index(drop=True), targets.reset_index(drop=True), name, notes)
        return f"{_safe(name)}.{form}", path.read_bytes()


def _csv(path: Path, answers: Answers, gaps: pd.DataFrame, targets: pd.DataFrame, name: str, notes: tuple[str, ...]) -> None:
    from viz.csv import write_csv
    from viz.lists import GAP_COLUMNS, labelled

    write_csv(labelled(gaps, GAP_COLUMNS), path)


def _xlsx(path: Path, answers: Answers, gaps: pd.DataFrame, targets: pd.DataFrame, name: str, notes: tuple[str, ...]) -> None:
    from viz import lists
    from viz.xlsx import write_workbook

    asked = answers.state.rules.as_of
    day = f"（{dated_as_asked(answers.as_of, asked)}）" if asked and asked != answers.as_of else ""
    sheets = [*lists.gap_sheets(gaps, f"{name}{day}", notes), *lists.target_sheets(targets, f"{name}：招商目标企业{day}", notes)]
    write_workbook(path, sheets, as_of=answers.as_of)


def _docx(path: Path, answers: Answers, gaps: pd.DataFrame, targets: pd.DataFrame, name: str, notes: tuple[str, ...]) -> None:
    from viz.docx import Letter, Small, Table, write_document

    listed = Table(f"表1　缺口（{len(gaps)} 条）", ("产品环节", "状态", "行动", "理由", "评分"), tuple(
        (clean(row["name"]), row["label"], row["action"], clean(row["detail"]), tenths(row["score"])) for row in records(gaps)),
        (0.18, 0.14, 0.10, 0.48, 0.10))
    wanted = Table(f"表2　招商目标企业（{len(targets)} 条）", ("企业名称", "所在地", "对应环节", "匹配理由", "匹配度"), tuple(
        (clean(row["name"]), clean(row["place"]), row["product"], clean(row["reason"]), tenths(row["score"])) for row in records(targets)),
        (0.24, 0.16, 0.14, 0.36, 0.10))
    day = dated_as_asked(answers.as_of, answers.state.rules.as_of)
    write_document(path, Letter(name, (f"（{day}）",), (listed, wanted, *map(Small, notes))), as_of=answers.as_of)


_WRITERS: dict[str, Any] = {"csv": _csv, "xlsx": _xlsx, "docx": _docx}


def tenths(value: float) -> str:
    """A score with one decimal, halves up as people round and as the page does.

    >>> tenths(66.25), tenths(66.35), tenths(66.0)
    ('66.3', '66.4', '66.0')
    """
    return str(Decimal(repr(float(value))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _safe(name: str) -> str:
    """A name without what a file name can't hold."""
    return "".join(letter for letter in clean(name) if letter not in '\\/:*?"<>|') or "缺口清单"
