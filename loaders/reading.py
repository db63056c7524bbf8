"""The way in: files, folders or standard input to `Tables`, with counts that add up and notes on what was found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from chain.tables import Tables

Progress = Callable[[str, float], None]
"""Called with the name of a step and the share done, 0..1."""


@dataclass(frozen=True)
class Options:
    """What a person says about the files of one load.

    Attributes
    ----------
    table
        Table of the schema that every sheet is; None to recognise it from the headers.
    mapping
        Header → field, for headers that no synonym covers; ``-`` leaves a column out.
    register
        Region (code or name) for which the lists are complete; None where they are samples.
    min_size
        From which enterprise size on a register is complete.
    as_of
        ISO date the facts are true for; None where nobody said, and then `sources.as_of` stays empty.
    """

    table: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    register: str | None = None
    min_size: str | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load gave.

    Attributes
    ----------
    tables
        The rows, with one row of ``sources`` a file and sheet, and everything unused in ``rejects``.
    counts
        file, sheet, table, rows_in, loaded, merged, rejected; rows_in = loaded + merged + rejected in every line. Rows
        that only name a party of a relation come on top and are not counted.
    notes
        What was guessed, converted, skipped or ignored, each with its file; and that the data date is missing or in the future.
    """

    tables: Tables
    counts: pd.DataFrame
    notes: tuple[str, ...]


def read(
    paths: Sequence[str | Path], options: Options = Options(), *, now: str | None = None, progress: Progress | None = None
) -> Loaded:
    """Tables of files, folders or standard input (``-``).

    Parameters
    ----------
    paths
        Files (CSV, TSV, TXT, XLSX, XLS, JSONL, Parquet), folders (all readable files in them), or ``-``.
    options
        What the person says about them.
    now
        ISO time of the load, UTC; the clock's where None.
    progress
        Told of every file.

    Raises
    ------
    InputError
        If a file can't be read or is no table that the schema knows; the message names the file and the way out.
    UnknownName
        On a table, field or region that doesn't exist.

    Notes
    -----
    `row` is the row of the sheet, the first physical line of a record in a text file (the header line counts), or the
    record number in a Parquet file. A source id is the hash of content, sheet, table and options; nothing in its rows
    depends on what else was loaded with it.
    """
    from loaders.load import run

    return run(list(paths), options, now, progress)
