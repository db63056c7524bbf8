"""The fast path: CSV files whose header is exactly that of a schema table, as a copied folder has them.

Columns are read straight to their types by pyarrow and checked as wholes. A file that fails a check is left to the
careful path, which says cell by cell what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from chain import schema
from loaders.files import File

_SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Signs of a 统一社会信用代码 in the order of their values (GB 32100-2015)."""

_IDS = frozenset([
    ("enterprises", "id"), ("makes", "enterprise"), ("titles", "enterprise"), ("supplies", "supplier"), ("supplies", "buyer"),
    ("same", "enterprise"), ("same", "other"),
])
"""Columns that hold ids of enterprises."""


_BLOCK = 4 << 20
"""Bytes that are parsed at a time; blocks of one megabyte, the usual size, take a third longer over a large file."""


def table_of(file: File) -> tuple[str, bool] | None:
    """Table whose columns the header is exactly, and whether source and row are among them; None for any other file."""
    if file.path is None or file.path.suffix.lower() != ".csv":
        return None
    line = file.head.partition(b"\n")[0]
    try:
        header = tuple(name.strip().strip('"') for name in line.decode("utf-8-sig").split(","))
    except UnicodeDecodeError:
        return None
    found = _by_header().get(header, {})
    name = file.stem if file.stem in found else next(iter(found), None)
    if name is None and _is_older(file.stem, header):
        return file.stem, True
    return (name, found[name]) if name else None


def _is_older(name: str, header: tuple[str, ...]) -> bool:
    """Whether a header is that of a table as an older version copied it: named like it, complete but for newer columns."""
    if name not in schema.tables():
        return False
    table = schema.table(name)
    needed = {column.name for column in table.columns if column.required} | (set(schema.PROVENANCE) & set(table.names))
    return needed <= set(header) <= set(table.names) and len(set(header)) == len(header)


@cache
def _by_header() -> dict[tuple[str, ...], dict[str, bool]]:
    found: dict[tuple[str, ...], dict[str, bool]] = {}
    for name, table in schema.tables().items():
        found.setdefault(tuple(table.names), {})[name] = True
        if name not in ("sources", "rejects"):
            found.setdefault(tuple(n for n in table.names if n not in schema.PROVENANCE), {})[name] = False
    return found


def frame(file: File, name: str, *, strict: bool) -> pd.DataFrame | None:
    """The rows of a schema-shaped file as typed columns; None where a value does not fit and the careful path must look.

    Parameters
    ----------
    strict
        Check texts for control characters, ids and choices too: for files that did not come out of a store.
    """
    table = schema.table(name)
    types = {column.name: _ARROW.get(column.dtype, "large_string") for column in table.columns}
    read = _read(file, types | dict.fromkeys(_seemingly_empty(file), "null"), strict=strict) or _read(file, types, strict=strict)
    if read is None:
        return None
    if strict and file.data.rstrip(b"\r\n").count(b"\n") != len(read):
        return None  # blank lines or cells of several lines: row numbers need a closer look
    if not _fits(read, table, strict=strict):
        return None
    given = [column for column in table.columns if column.name in read.column_names]
    lengths = [len(batch) for batch in read.to_batches()]
    nothing = {dtype: _nothing(lengths, dtype) for dtype in {column.dtype for column in given}}
    columns = {column.name: _series(read.column(column.name), column, nothing[column.dtype]) for column in given}
    return pd.DataFrame(columns, copy=False)


def _seemingly_empty(file: File) -> list[str]:
    """Columns without a value in the first lines; reading them as nothing, if nothing they are, costs nothing."""
    lines = file.head.decode("utf-8-sig", "replace").splitlines()[:-1]
    header, *rows = [line.split(",") for line in lines] or [[]]
    if not rows or any(len(row) != len(header) for row in rows):
        return []
    return [name.strip().strip('"') for name, *cells in zip(header, *rows, strict=True) if not any(cells)]


def _nothing(lengths: list[int], dtype: str) -> pd.Series:
    """A column without any value, in pieces of the lengths that the other columns have; shared by all columns that are like it."""
    import pyarrow as pa

    rows = sum(lengths)
    if dtype == "str":
        piece = pa.nulls(max(lengths, default=0), pa.large_string())
        return pd.Series(pa.chunked_array([piece.slice(0, length) for length in lengths], pa.large_string()), dtype="str", copy=False)
    if dtype == "Int64":
        return pd.Series(pd.arrays.IntegerArray(np.ones(rows, dtype=np.int64), np.ones(rows, dtype=bool)), copy=False)
    return pd.Series(np.nan if dtype == "float64" else pd.NA, index=range(rows), dtype=dtype)


def _read(file: File, types: dict[str, str], *, strict: bool) -> Any:
    """The file as an Arrow table, None if its values are not of these types."""
    import pyarrow as pa
    from pyarrow import csv

    try:
        return csv.read_csv(
            pa.BufferReader(file.data) if strict else file.path,
            read_options=csv.ReadOptions(block_size=_BLOCK),
            parse_options=csv.ParseOptions(newlines_in_values=_any_quote(file, strict=strict)),
            convert_options=csv.ConvertOptions(
                column_types={key: pa.type_for_alias(value) for key, value in types.items()}, null_values=[""],
                strings_can_be_null=True, quoted_strings_can_be_null=True,
                true_values=["True", "true", "1", "是"], false_values=["False", "false", "0", "否"]),
            memory_pool=pa.system_memory_pool(),  # Arrow's own asks for huge pages, and clearing them can take longer than parsing
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None


def _any_quote(file: File, *, strict: bool) -> bool:
    """Whether cells may be quoted, so that a line break need not end a row."""
    if strict or file.path is None:
        return b'"' in file.data
    block = bytearray(1 << 20)
    with open(file.path, "rb") as stream:
        while stream.readinto(block):
            if b'"' in block:
                return True
    return False


_ARROW = {"float64": "float64", "Int64": "int64", "boolean": "bool"}


def _series(column: object, meaning: schema.Column, nothing: pd.Series) -> pd.Series:
    import pyarrow as pa

    assert isinstance(column, pa.ChunkedArray)
    if pa.types.is_null(column.type):
        return nothing
    if meaning.dtype == "str":
        return pd.Series(column, dtype="str", copy=False)
    if meaning.dtype == "float64":
        return pd.Series(column.to_numpy(), dtype="float64", copy=False)
    if meaning.dtype == "Int64":
        absent = column.is_null().to_numpy() if column.null_count else np.zeros(len(column), dtype=bool)
        numbers = column.fill_null(1).to_numpy() if column.null_count else column.to_numpy()
        return pd.Series(pd.arrays.IntegerArray(numbers, absent), copy=False)
    return pd.Series(column.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get))


def _fits(read: object, table: schema.Table, *, strict: bool) -> bool:
    """Whether required columns are filled and figures and words lie within their bounds, all rows at once."""
    import pyarrow as pa

    assert isinstance(read, pa.Table)
    return all(_column_fits(read.column(c.name), c, strict=strict) for c in table.columns if c.name in read.column_names)


_HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]|^\s|\s$"
_DATE = r"^(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def _column_fits(values: object, column: schema.Column, *, strict: bool) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    assert isinstance(values, pa.ChunkedArray)
    if column.required and values.null_count:
        return False
    if not len(values) or values.null_count == len(values) or not strict:
        return True
    if column.dtype in ("float64", "Int64"):
        bounds = pc.min_max(values).as_py()
        nan = column.dtype == "float64" and bool(pc.any(pc.or_(pc.is_nan(values), pc.is_inf(values))).as_py())
        low_fits = column.low is None or bounds["min"] >= column.low
        return not nan and low_fits and (column.high is None or bounds["max"] <= column.high)
    if column.dtype != "str":
        return True
    if column.choices:
        return set(pc.unique(values).to_pylist()) <= {None, *column.choices}
    return _texts_fit(values, column)


def _texts_fit(values: object, column: schema.Column) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    from chain import region

    assert isinstance(values, pa.ChunkedArray)
    if bool(pc.any(pc.match_substring_regex(values, _HIDDEN)).as_py()) or pc.max(pc.binary_length(values)).as_py() > 1_000_000:
        return False
    if column.type == "date":
        return bool(pc.all(pc.match_substring_regex(values, _DATE)).as_py())
    if column.type == "region":
        return all(code is None or region.present(code) == code for code in pc.unique(values).to_pylist())
    if column.type == "uscc":
        return are_uscc(values)
    if (column.table, column.name) in _IDS:
        marked = pc.or_(pc.starts_with(values, "stock:"), pc.starts_with(values, "name:"))
        return are_uscc(values.filter(pc.invert(marked)))
    return True


def are_uscc(codes: Any) -> bool:
    """Whether all codes are well-formed 统一社会信用代码 with right check digits, computed for all at once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.drop_null(codes)
    if not len(codes):
        return True
    if pc.min(pc.binary_length(codes)).as_py() != 18 or pc.max(pc.binary_length(codes)).as_py() != 18:
        return False
    digits = np.full(256, 99, dtype=np.int16)
    digits[np.frombuffer(_SIGNS, dtype=np.uint8)] = np.arange(31)
    fixed = pa.concat_arrays(codes.chunks).cast(pa.binary()).cast(pa.binary(18))
    bytes_ = np.frombuffer(fixed.buffers()[1], dtype=np.uint8)
    letters = bytes_[fixed.offset * 18 : (fixed.offset + len(fixed)) * 18].reshape(-1, 18)
    values = digits[letters]
    if (values > 30).any():
        return False
    weights = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int16)
    return bool(((31 - values[:, :17] @ weights % 31) % 31 == values[:, 17]).all())


def repeats(frame: pd.DataFrame, columns: Iterable[str]) -> pd.Series:
    """Which rows say in the given columns what an earlier row said; a hash finds candidates, whole rows decide."""
    named = [name for name in columns if name in frame.columns]
    if _apart(frame, named):
        return pd.Series(False, index=frame.index)
    keys = _keys(named) or named
    marks = pd.util.hash_pandas_object(frame[keys], index=False)
    candidates = marks.duplicated(keep=False)
    found = pd.Series(False, index=frame.index)
    if candidates.any():
        found[candidates] = frame.loc[candidates, named].duplicated()
    return found


def _apart(frame: pd.DataFrame, named: list[str]) -> bool:
    """Whether row numbers, or sources and row numbers, tell all rows apart; numbers are quicker to compare than words."""
    if "row" not in named or frame["row"].dtype != "Int64" or frame["row"].hasnans:
        return False
    numbers = frame["row"].to_numpy(dtype=np.int64)
    if (numbers[1:] > numbers[:-1]).all():
        return True
    if "source" not in named or not 0 <= numbers.min() <= numbers.max() < 2**40:
        return False
    codes, sources = pd.factorize(frame["source"])
    marks = np.sort((codes.astype(np.int64) + 1 << 40) + numbers)
    return len(sources) < 2**22 and bool((marks[1:] != marks[:-1]).all())


def _keys(named: list[str]) -> list[str]:
    """Those of the columns that are keys of some table or tell rows apart, for a first and cheap look."""
    keys = {column.name for table in schema.tables().values() for column in table.columns if column.key} | {"row", "source"}
    return [name for name in named if name in keys]
