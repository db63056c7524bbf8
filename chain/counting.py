"""Arithmetic on the arrays that statements give: too particular for SQL, too hot for frames."""

from __future__ import annotations

from typing import Any

import numpy as np


def picked(values: Any, rows: Any, known: Any, missing: object, dtype: Any) -> Any:
    """`values` at `rows`, `missing` where a product is unknown or a value is masked."""
    plain = np.asarray(np.ma.getdata(values), dtype=object)
    plain[np.ma.getmaskarray(values)] = missing
    picked = np.full(len(rows), missing, dtype=object)
    picked[known] = plain[rows[known]]
    return picked.astype(dtype)


def unions(needs: Any, uses: Any, product: Any, maker: Any, inputs: int, products: int) -> Any:
    """For every input, how many makers there are of the products that it goes into, each counted once.

    ``needs[i]`` goes into ``uses[i]``; ``maker[j]`` makes ``product[j]``, said once. The mark a maker bears is the last input it
    was counted for; that costs less than a sort of all pairs.
    """
    order = np.argsort(product.astype(np.int16 if products < 2**15 else np.int64), kind="stable")  # short numbers sort fastest
    first = np.searchsorted(product[order], np.arange(products + 1))
    makers = maker[order] - (maker.min() if len(maker) else 0)
    counts = np.zeros(inputs, dtype=np.int64)
    marks = np.full(makers.max() + 1 if len(makers) else 0, -1, dtype=np.int64)
    arcs = np.argsort(needs, kind="stable")
    begin = np.searchsorted(needs[arcs], np.arange(inputs + 1)).tolist()
    stretches = list(zip(first[uses[arcs]].tolist(), first[uses[arcs] + 1].tolist(), strict=True))
    for at in range(inputs):
        mine = stretches[begin[at]:begin[at + 1]]
        if len(mine) == 1:
            counts[at] = mine[0][1] - mine[0][0]
            continue
        for start, stop in mine:
            if start < stop:
                stretch = makers[start:stop]
                fresh = stretch[marks[stretch] != at]
                marks[fresh] = at
                counts[at] += len(fresh)
    return counts


def hhi(makers: int, outputs: int, output: Any, output_squares: Any, capitals: int, capital: Any, capital_squares: Any) -> tuple[float, str | None]:
    """Herfindahl index and what the shares are of."""
    if not makers:
        return float("nan"), None
    if outputs == makers and output:
        return int(output_squares) / int(output) ** 2, "output"
    if capitals == makers and capital:
        return int(capital_squares) / int(capital) ** 2, "capital"
    return 1 / int(makers), "equal"
