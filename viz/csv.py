"""Frames as CSV that Excel and WPS open rightly and that carries no formula."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from viz.files import write_whole
from viz.text import shown

_DANGEROUS = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def write_csv(frame: pd.DataFrame, where: Path | str | TextIO) -> None:
    """Writes a frame as CSV: comma, CRLF; to a path as UTF-8 with a byte order mark, to an open text file as it is.

    Parameters
    ----------
    frame
        Columns in order; the index is not written. Missing values are empty, flags 是 and 否.
    where
        Path, or an open text file such as standard output.

    Raises
    ------
    OutputError
        If the path can't be written.

    Notes
    -----
    Text that begins with ``= + - @``, tab, carriage return or line feed (or the full-width forms) gets a leading ``'``,
    so that no spreadsheet runs it; numbers, also those kept as text, stay as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([guarded(value) for value in row])
    if isinstance(where, (str, Path)):
        write_whole(where, out.getvalue().encode("utf-8-sig"))
    else:
        where.write(out.getvalue())


def guarded(value: Any) -> str:
    """One cell as text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded(-3.0), guarded("-3"), guarded(None), guarded(True)
    ("'=1+1", '-3', '-3', '', '是')
    """
    text = shown(value)
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text
