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

    ``needs[i]`` goes into ``uses[i]``; ``maker[j]`` makes ``product[j]``. A mark a maker costs less than a sort of all pairs.
    """
    order = np.argsort(product, kind="stable")
    first = np.searchsorted(product[order], np.arange(products + 1))
    everyone, makers = np.unique(maker[order], return_inverse=True)
    counts = np.zeros(inputs, dtype=np.int64)
    marks = np.zeros(len(everyone), dtype=bool)
    arcs = np.argsort(needs, kind="stable")
    begin = np.searchsorted(needs[arcs], np.arange(inputs + 1))
    for at in range(inputs):
        stretches = [makers[first[use]:first[use + 1]] for use in uses[arcs[begin[at]:begin[at + 1]]]]
        if len(stretches) == 1:
            counts[at] = len(stretches[0])
            continue
        for stretch in stretches:
            marks[stretch] = True
        counts[at] = np.count_nonzero(marks)
        marks[:] = False
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
