"""Enterprise names flowed into lines: no name is split over two lines, and what does not fit is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.sheet import Firm
from viz.text import cut, ems

MARKER, GAP = 0.75, 0.6
"""Room for the marker before a name, and between one name and the next, in em."""


@dataclass(frozen=True)
class Word:
    """A name on a line, or the count of those left out (`firm` is None); `at` is where it begins, in em."""

    at: float
    text: str
    firm: Firm | None


def flow(firms: Sequence[Firm], total: int, width: float, lines: int) -> list[list[Word]]:
    """Lines of names, `width` em wide and at most `lines` of them.

    Parameters
    ----------
    firms
        In order of rank: the first are shown.
    total
        How many there are in all; ``等 N 家`` ends the last line if not all are shown.
    """
    rows: list[list[Word]] = [[]]
    shown = 0
    for firm in firms:
        need = min(MARKER + ems(firm.label), width)
        start = _end(rows[-1]) + GAP if rows[-1] else 0.0
        if rows[-1] and start + need > width:
            if len(rows) == lines:
                break
            rows.append([])
            start = 0.0
        rows[-1].append(Word(start, cut(firm.label, width - MARKER), firm))
        shown += 1
    if shown < total:
        _close(rows, total, width)
    return [row for row in rows if row]


def count_lines(firms: Sequence[Firm], width: float, lines: int) -> int:
    """How many lines `flow` makes of these names, one at least."""
    count, end = 1, 0.0
    for firm in firms:
        need = min(MARKER + ems(firm.label), width)
        if end and end + GAP + need > width:
            if count == lines:
                break
            count, end = count + 1, need
        else:
            end += (GAP if end else 0.0) + need
    return count


def _close(rows: list[list[Word]], total: int, width: float) -> None:
    """Ends the last line with the count, at the cost of names that stand in its way."""
    row = rows[-1]
    tail = f"等{total}家" if any(rows) else f"{total}家"
    while len(row) > 1 and _end(row) + GAP + ems(tail) > width:
        row.pop()
    if row and _end(row) + GAP + ems(tail) > width:
        only = row.pop()
        room = width - GAP - ems(tail) - MARKER
        if room >= 2:
            row.append(Word(0.0, cut(only.text, room), only.firm))
        elif len(rows) == 1:
            tail = f"{total}家"
    row.append(Word(_end(row) + GAP if row else 0.0, tail, None))


def _end(row: list[Word]) -> float:
    if not row:
        return 0.0
    last = row[-1]
    return last.at + ems(last.text) + (MARKER if last.firm else 0.0)
