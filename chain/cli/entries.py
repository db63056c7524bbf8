"""What people wrote into the lists of a set: carried over when the set is made anew, and never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from chain.errors import InputError
from viz.lists import TARGET_FILL

if TYPE_CHECKING:
    from viz.xlsx import Sheet

OLD = "旧版"
"""Folder, inside that of a set, of files that somebody changed before they were made anew."""

KEYS: Mapping[str, tuple[str, ...]] = {"招商目标企业清单": ("企业名称", "对应缺口环节"), "关键配套清单": ("配套产品",)}
"""Lists that an office fills in, and the columns that tell their rows apart."""

FILLED: Mapping[str, tuple[str, ...]] = {
    "招商目标企业清单": TARGET_FILL, "关键配套清单": ("对接状态",)}
"""Their columns that are left to the office."""

_HEAD = 40
_LONGEST = 2000

Key = tuple[str, ...]
Written = Mapping[Key, Mapping[str, str]]


@dataclass(frozen=True)
class Entries:
    """What is written in the lists of a folder, by list, row and column."""

    lists: Mapping[str, Written] = field(default_factory=dict)

    def into(self, name: str, sheet: Sheet) -> Sheet:
        """The sheet with what was written in its rows before; other sheets as they are."""
        written = self.lists.get(sheet.name, {}) if sheet.name == name else {}
        if not written:
            return sheet
        rows = [written.get(key, {}) for key in _keys(sheet.frame, KEYS[name])]
        columns = {column: pd.array([row.get(column) for row in rows], dtype="str") for column in FILLED[name]}
        return replace(sheet, frame=sheet.frame.assign(**columns))

    def left(self, name: str, sheets: Sequence[Sheet]) -> int:
        """How many rows with something written are not in the new list."""
        written = self.lists.get(name, {})
        held = {key for sheet in sheets if sheet.name == name for key in _keys(sheet.frame, KEYS[name])} if written else set()
        return len(set(written) - held)


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[Key]:
    return [tuple(map(str, row)) for row in frame[list(columns)].itertuples(index=False)]


def read(folder: Path) -> Entries:
    """What people wrote into the lists of a folder; lists that are not there or can't be read have nothing."""
    return Entries({name: found for name in KEYS if (found := _written(folder / f"{name}.xlsx", name))})


def _written(path: Path, name: str) -> dict[Key, dict[str, str]]:
    if not path.is_file():
        return {}
    from loaders import workbooks

    try:
        grids = workbooks.sheets(path.name, path.read_bytes())
    except (InputError, OSError):  # whatever is wrong with a file that anybody may have saved, the file itself is kept
        return {}
    rows = next((grid.cells for grid in grids if grid.sheet == name), [])
    at = next((at for at, row in enumerate(rows[:_HEAD]) if set(KEYS[name]) <= set(row)), None)
    if at is None:
        return {}
    places = {header: index for index, header in enumerate(rows[at]) if header}
    found = {}
    for row in rows[at + 1:]:
        held = {column: text for column in FILLED[name] if column in places and (text := _text(row, places[column]))}
        if held:
            found[tuple(_text(row, places[column]) for column in KEYS[name])] = held
    return found


def _text(row: Sequence[str], at: int) -> str:
    return row[at].strip()[:_LONGEST] if at < len(row) else ""
