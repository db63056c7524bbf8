"""Rows of a frame as plain dicts, for code that looks at one row after the other."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of `frame` as dicts of plain Python values, in order; missing text, numbers and flags are None.

    >>> records(pd.DataFrame({"product": ["钢", None], "makers": [2, 0]}))
    [{'product': '钢', 'makers': 2}, {'product': None, 'makers': 0}]
    """
    return [
        {str(name): None if value is None or value is pd.NA or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
