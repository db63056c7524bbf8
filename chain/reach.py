"""What steps from one thing to another lead to in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def closure(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Everything that each first of a pair leads to over any number of steps, itself left out; circles do no harm.

    >>> {start: sorted(ends) for start, ends in closure([("a", "b"), ("b", "c"), ("c", "a")]).items()}
    {'a': ['b', 'c'], 'b': ['a', 'c'], 'c': ['a', 'b']}
    """
    steps: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        steps[one].add(other)
    found: dict[str, frozenset[str]] = {}
    for start in steps:
        seen: set[str] = set()
        ahead = [start]
        while ahead:
            fresh = steps.get(ahead.pop(), set()) - seen
            seen |= fresh
            ahead += fresh
        found[start] = frozenset(seen - {start})
    return found
