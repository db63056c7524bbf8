"""Files of records that carry their column names: JSON lines and Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

from chain.errors import InputError
from chain.tables import SEPARATOR
from loaders.files import Bad, Grid


def json_lines(name: str, text: str, notes: tuple[str, ...] = ()) -> Grid:
    """One JSON object a line; its keys, in order of first mention, are the header. Row = line number."""
    items: list[dict[str, object]] = []
    numbers: list[int] = []
    bad: list[Bad] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict):
            items.append(item)
            numbers.append(number)
        else:
            bad.append(Bad(number, line[:200], "这一行不是一个 JSON 对象", "每行一个 {…}，用 UTF-8 保存"))
    if not items:
        raise InputError("没有一行是 JSON 对象", where=name, way_out="每行一个 {…}；如果是表格，把扩展名改成 .csv")
    header = list(dict.fromkeys(key for item in items for key in item))
    rows = [[_text(item.get(key)) for key in header] for item in items]
    return Grid(name, "", [header, *rows], [0, *numbers], headed=True, bad=tuple(bad), notes=notes)


def parquet(name: str, data: bytes) -> Grid:
    """A Parquet file; row = number of the record, from 1.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise InputError("Parquet 文件读不出来，不完整或已损坏", where=name, way_out="重新导出") from error
    columns = [[_text(value) for value in column.to_pylist()] for column in frame.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Grid(name, "", [list(frame.column_names), *rows], list(range(len(rows) + 1)), headed=True,
                notes=("行号是记录号，从 1 起",))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return SEPARATOR.join(_text(item) for item in value)
    return str(value)
