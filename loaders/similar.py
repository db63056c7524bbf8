"""Pairs of enterprises that may be one: candidates for a person to judge, never a merge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from chain.identity import normal_name
from chain.tables import split

LIKELY, POSSIBLE = 0.95, 0.88
"""Likeness from which a pair is likely, or possibly, one enterprise."""

MOST = 200
"""Most enterprises of one name that are paired with each other; larger groups are chained instead."""

_CORE = POSSIBLE * 2 - 1
_CHUNK = 1_000
_LEGAL = re.compile(r"(股份|集团|控股|总)|(有限公司|公司|\(有限合伙\)|厂)$")
_NUMBER = re.compile(r"[0-9a-z一二三四五六七八九十甲乙丙丁东南西北]")
_COLUMNS = ["enterprise", "name", "other", "other_name", "likeness", "grade", "basis"]


@dataclass(frozen=True)
class _Firm:
    """What is compared of one enterprise: its id, name in normal form, province (two digits, empty if unknown), other names."""

    id: str
    written: str
    name: str
    core: str
    province: str
    short: str
    former: tuple[str, ...]


def similar_enterprises(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Pairs of enterprises that may be one.

    Parameters
    ----------
    enterprises
        Table ``enterprises``; read are id, name, short_name, former_names, region. Several rows of one id count once, the first.

    Returns
    -------
    DataFrame
        enterprise, name, other, other_name (enterprise < other), likeness (0..1), grade (likely or possible) and basis in
        words; the likeliest first, then by ids.

    Notes
    -----
    Same name in normal form, or one's former name the other's name: likeness 1. One's short name the other's whole name: 0.95.
    Else the mean of two Indel similarities (rapidfuzz ``ratio``): of the names in normal form, and of their cores, which lack
    the legal form (股份, 集团, 有限公司 …). Names that differ in nothing but numbers, letters or points of the compass (第一 and
    第二) are left out, and so are pairs known to lie in two provinces unless their names are the same.
    """
    firms = _firms(enterprises)
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for one, two, likeness, basis in (*_same_names(firms), *_other_names(firms), *_near_names(firms)):
        pair = (one, two) if one < two else (two, one)
        if one != two and likeness > found.get(pair, (0.0, ""))[0]:
            found[pair] = (likeness, basis)
    written = {firm.id: firm.written for firm in firms}
    rows = [
        (one, written[one], two, written[two], likeness, "likely" if likeness >= LIKELY else "possible", basis)
        for (one, two), (likeness, basis) in found.items()
    ]
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype({name: "str" for name in _COLUMNS if name != "likeness"})
    frame["likeness"] = frame["likeness"].astype("float64")
    return frame.sort_values(["likeness", "enterprise", "other"], ascending=[False, True, True]).reset_index(drop=True)


def core(name: str) -> str:
    """Name in normal form without its legal form and what usually comes with it.

    >>> core("太原重工(集团)股份有限公司")
    '太原重工'
    """
    return re.sub(r"\(\)", "", _LEGAL.sub("", _LEGAL.sub("", name))) or name


def _firms(enterprises: pd.DataFrame) -> list[_Firm]:
    ordered = enterprises.dropna(subset=["id", "name"])
    order = [name for name in ("id", "source", "row", "name") if name in ordered.columns]
    ordered = ordered.sort_values(order, kind="stable").drop_duplicates("id")
    columns = {name: ordered[name] if name in ordered.columns else [None] * len(ordered)
               for name in ("id", "name", "region", "short_name", "former_names")}
    return [
        _Firm(
            id_, name, normal := normal_name(name), core(normal), region[:2] if isinstance(region, str) else "",
            normal_name(short) if isinstance(short, str) else "", tuple(normal_name(text) for text in split(former)))
        for id_, name, region, short, former in zip(*columns.values(), strict=True)
    ]


def _apart(one: str, two: str) -> bool:
    """Whether two provinces are known and differ."""
    return bool(one and two and one != two)


def _same_names(firms: list[_Firm]) -> Iterator[tuple[str, str, float, str]]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for firm in firms:
        by_name[firm.name].append(firm.id)
    for ids in by_name.values():
        for one, two in _pairs(ids):
            yield one, two, 1.0, "名称相同，编号不同"


def _pairs(ids: list[str]) -> Iterable[tuple[str, str]]:
    """Every two of a group; neighbours only where the group is so large that no person would go through all."""
    return combinations(ids, 2) if len(ids) <= MOST else zip(ids, ids[1:], strict=False)


def _other_names(firms: list[_Firm]) -> Iterator[tuple[str, str, float, str]]:
    by_name: dict[str, list[_Firm]] = defaultdict(list)
    for firm in firms:
        by_name[firm.name].append(firm)
    for firm in firms:
        for former in firm.former:
            for other in by_name.get(former, ())[:MOST]:
                yield firm.id, other.id, 1.0, f"曾用名「{former}」是另一家现在的名称"
        for other in by_name.get(firm.short, ())[:MOST] if firm.short else ():
            if firm.short != firm.name and not _apart(firm.province, other.province):
                yield firm.id, other.id, LIKELY, f"简称「{firm.short}」是另一家的名称"


def _near_names(firms: list[_Firm]) -> Iterator[tuple[str, str, float, str]]:
    """Pairs of names that look alike, province by province; those of unknown province are held against all."""
    groups: dict[str, list[_Firm]] = defaultdict(list)
    for firm in firms:
        groups[firm.province].append(firm)
    unknown = groups.get("", [])
    for province, members in sorted(groups.items()):
        yield from _block(members, members)
        if province and unknown:
            yield from _block(members, unknown)


def _block(left: list[_Firm], right: list[_Firm]) -> Iterator[tuple[str, str, float, str]]:
    """Near pairs between two groups, or within one if both are the same list.

    The mean of two similarities reaches `POSSIBLE` only if each is at least ``2 * POSSIBLE - 1``: the cores alone sort out nearly
    all pairs, and only their lengths most of those.
    """
    import numpy as np
    from rapidfuzz import fuzz, process

    within = left is right
    left = sorted(left, key=lambda firm: (len(firm.core), firm.id))
    right = left if within else sorted(right, key=lambda firm: (len(firm.core), firm.id))
    lengths = np.array([len(firm.core) for firm in right])
    cores = [firm.core for firm in right]
    for start in range(0, len(left), _CHUNK):
        part = left[start:start + _CHUNK]
        low, high = len(part[0].core), len(part[-1].core)
        # Indel similarity is at most 2·shorter ÷ (shorter + longer)
        first = int(np.searchsorted(lengths, int(low * _CORE / (2 - _CORE)), side="left"))
        last = int(np.searchsorted(lengths, high * (2 - _CORE) / _CORE, side="right"))
        first = max(first, start) if within else first
        if first >= last:
            continue
        table = process.cdist(
            [firm.core for firm in part], cores[first:last], scorer=fuzz.ratio, score_cutoff=_CORE * 100 - 0.5, dtype=np.uint8)
        rows, columns = np.nonzero(table)
        near = [(part[row], right[first + column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
                if not within or first + column > start + row]
        yield from _judged(near)


def _judged(near: list[tuple[_Firm, _Firm]]) -> Iterator[tuple[str, str, float, str]]:
    from rapidfuzz import fuzz

    ratio: Any = fuzz.ratio
    for one, two in near:
        whole = ratio(one.name, two.name, score_cutoff=_CORE * 100) / 100
        if one.name == two.name or not whole:
            continue
        likeness = round((whole + ratio(one.core, two.core) / 100) / 2, 4)
        if likeness >= POSSIBLE and not _only_numbers(one.name, two.name):
            yield one.id, two.id, likeness, "名称相近" + ("，去掉组织形式后相同" if one.core == two.core else "")


def _only_numbers(one: str, two: str) -> bool:
    """Whether names are different and differ in nothing but numbers, letters or points of the compass."""
    if one == two or _NUMBER.sub("", one.casefold()) != _NUMBER.sub("", two.casefold()):
        return False
    return _NUMBER.findall(one.casefold()) != _NUMBER.findall(two.casefold())
