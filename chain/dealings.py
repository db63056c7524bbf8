"""Supply relations of a few enterprises out of a file of millions; of many, ``sql/supplies_of.sql`` is quicker.

In small steps: one statement of all takes longer to be planned than these to be answered. Numbers are written into the statements, for
then only the stretches of a table are read that hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Rows = Callable[..., list[Any]]
"""Rows of a statement, with the values of its parameters."""

FEW = 100
"""Enterprises up to which this is the quicker way."""

_SAID = ("supplier_rid", "buyer_rid", "number", "year", "amount", "share", "share_of", "source", "row")


def among(numbers: Iterable[int | None]) -> str:
    """Condition that a number is one of these: as a join, which of a table reads only where they may be; a list would be looked for everywhere."""
    known = sorted({int(number) for number in numbers if number is not None})
    return f"= {known[0]}" if len(known) == 1 else f"IN (SELECT unnest({known}::INTEGER[]))"


def dealings(ask: Rows, enterprises: list[str], seller: str, taker: str, bounds: dict[str, object]) -> Iterator[dict[str, Any]]:
    """Supply relations of which one end is one of `enterprises`: rows of `Store.supplies`.

    Parameters
    ----------
    seller, taker
        Conditions on ``core`` for both ends, and `bounds`, the values of their parameters.
    """
    asked = "SELECT rid FROM ids WHERE eid IN (SELECT eid FROM ids WHERE raw IN (SELECT unnest($ids::VARCHAR[])))"
    mine = {row[0] for row in ask(asked, {"ids": enterprises})}
    sold, bought = (ask(f"SELECT {', '.join(_SAID)} FROM supplies WHERE {end} {among(mine)}") for end in _SAID[:2])
    said = [dict(zip(_SAID, row, strict=True)) for row in [*sold, *(row for row in bought if row[0] not in mine)]]
    eids = dict(ask(f"SELECT rid, eid FROM ids WHERE rid {among(row[end] for row in said for end in _SAID[:2])}"))
    firms = among(eids.values())
    canon = dict(ask(f"SELECT eid, canon FROM enterprise_ids WHERE eid {firms}"))
    known = {eid: (name, code) for eid, name, code in ask(f"SELECT eid, name, region FROM enterprise WHERE eid {firms}")}
    words = dict(ask(f"SELECT number, product FROM sold_products WHERE number {among(row['number'] for row in said)}"))
    sides = [_inside(ask, condition, firms, bounds) for condition in (seller, taker)]
    for row in said:
        ends = eids[row["supplier_rid"]], eids[row["buyer_rid"]]
        if all(inside is None or eid in inside for inside, eid in zip(sides, ends, strict=True)):
            names = [known.get(eid, (None, None)) for eid in ends]
            yield {
                "supplier": canon[ends[0]], "supplier_name": names[0][0] or canon[ends[0]], "supplier_region": names[0][1],
                "buyer": canon[ends[1]], "buyer_name": names[1][0] or canon[ends[1]], "buyer_region": names[1][1],
                "product": words.get(row["number"]), "year": row["year"], "amount_wan": row["amount"], "share": row["share"],
                "share_of": row["share_of"], "source": row["source"], "row": row["row"]}


def _inside(ask: Rows, condition: str, firms: str, bounds: dict[str, object]) -> set[int] | None:
    """Which of the enterprises fit a condition; None for all."""
    if condition == "true":
        return None
    asked = {name: value for name, value in bounds.items() if f"${name}" in condition}
    return {row[0] for row in ask(f"SELECT eid FROM core WHERE {condition} AND eid {firms}", asked)}
