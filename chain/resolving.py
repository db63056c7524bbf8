"""Which enterprise an id belongs to: codes, stock codes and names under which sources know the same one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from chain.identity import is_full_name, normal_name
from chain.tables import split


def resolve_ids(con: Any) -> None:
    """View ``canonical``: the rows of ``staged_ids`` and the id each belongs to (``canon``); what ids lead to is in use too."""
    loose = con.execute("SELECT raw FROM staged_ids WHERE raw LIKE 'name:%' OR raw LIKE 'stock:%' ORDER BY raw").df()["raw"].tolist()
    decisions = con.execute("SELECT enterprise, other, decision FROM staged_same ORDER BY ALL").df()
    pairs = canonical_ids(_candidates(con, loose), loose, decisions)
    con.register("canon_pairs", pd.DataFrame({"raw": list(pairs), "canon": list(pairs.values())}, dtype="str"))
    con.execute("CREATE TEMP TABLE canon AS SELECT raw::VARCHAR AS raw, canon::VARCHAR AS canon FROM canon_pairs")
    con.unregister("canon_pairs")
    con.execute("""
        CREATE OR REPLACE TEMP VIEW canonical AS
        SELECT s.raw, coalesce(c.canon, s.raw) AS canon, s.times, s.region FROM staged_ids s LEFT JOIN canon c USING (raw)
        UNION ALL
        SELECT DISTINCT c.canon, c.canon, 0, NULL FROM canon c JOIN staged_ids USING (raw) WHERE c.canon NOT IN (SELECT raw FROM staged_ids)""")


def _candidates(con: Any, loose: list[str]) -> pd.DataFrame:
    """Rows of enterprises that a loose id may belong to; the rest need not be looked at one by one.

    A name of plain Chinese characters is its own normal form but for 有限责任公司, so the database can compare it; other names
    are left to `normal_name`.
    """
    found: pd.DataFrame = con.execute("""
        SELECT DISTINCT id, uscc, code, name, former_names FROM staged_enterprises
        WHERE NOT starts_with(id, 'name:') AND (code IN (SELECT unnest($codes::VARCHAR[])) OR (len($names::VARCHAR[]) > 0 AND (
            former_names IS NOT NULL OR NOT regexp_full_match(name, '[一-鿿]+')
            OR replace(name, '有限责任公司', '有限公司') IN (SELECT unnest($names::VARCHAR[])))))""", {
        "codes": [raw.removeprefix("stock:") for raw in loose if raw.startswith("stock:")],
        "names": [raw.removeprefix("name:").partition("@")[0] for raw in loose if raw.startswith("name:")],
    }).df()
    return found


def canonical_ids(records: pd.DataFrame, loose: list[str], decisions: pd.DataFrame) -> dict[str, str]:
    """Which id each loose id belongs to; ids that stand for themselves are left out.

    Parameters
    ----------
    records
        id, uscc, code, name, former_names of the enterprises' rows.
    loose
        Ids in use that are no 统一社会信用代码.
    decisions
        Table ``same``.

    Notes
    -----
    ``stock:C`` belongs to the one USCC whose rows carry stock code C. ``name:N`` belongs to the one enterprise with a code
    whose registered (or else former) name is N, if N is a full name. Two candidates: it stays by itself. What people
    decided comes last and wins.
    """
    by_code: dict[str, set[str]] = defaultdict(set)
    by_name: dict[str, set[str]] = defaultdict(set)
    by_former: dict[str, set[str]] = defaultdict(set)
    wanted = {raw.removeprefix("name:").partition("@")[0] for raw in loose if raw.startswith("name:")}
    rows: Any = records.itertuples(index=False)
    for row in rows:
        if row.id.startswith("name:"):
            continue
        if isinstance(row.code, str) and not row.id.startswith("stock:"):
            by_code[row.code].add(row.id)
        if wanted and isinstance(row.name, str):
            by_name[normal_name(row.name)].add(row.id)
            for former in split(row.former_names):
                by_former[normal_name(former)].add(row.id)
    found: dict[str, str] = {}
    for raw in loose:
        if raw.startswith("stock:"):
            _adopt(found, raw, by_code.get(raw.removeprefix("stock:"), set()))
    for raw in loose:
        if raw.startswith("name:") and is_full_name(name := raw.removeprefix("name:")):
            keyed = {found.get(other, other) for other in by_name.get(name) or by_former.get(name, set())}
            _adopt(found, raw, keyed)
    return _decided(found, decisions)


def _adopt(found: dict[str, str], raw: str, candidates: set[str]) -> None:
    if len(candidates) == 1 and (only := next(iter(candidates))) != raw:
        found[raw] = only


def _decided(found: dict[str, str], decisions: pd.DataFrame) -> dict[str, str]:
    """`found` with what people decided: 'same' joins two ids under the better of them, 'different' parts them again."""
    judged: list[Any] = list(decisions.itertuples(index=False))

    def standing(raw: str) -> tuple[bool, bool, str]:
        return raw.startswith("name:"), raw.startswith("stock:"), raw

    apart = {max(row.enterprise, row.other, key=standing) for row in judged
             if row.decision == "different" and found.get(row.enterprise, row.enterprise) == found.get(row.other, row.other)}
    kept = {raw: canon for raw, canon in found.items() if raw not in apart}
    groups: dict[str, set[str]] = {}
    for row in judged:
        if row.decision != "same":
            continue
        one, two = kept.get(row.enterprise, row.enterprise), kept.get(row.other, row.other)
        merged = groups.get(one, {one}) | groups.get(two, {two}) | {row.enterprise, row.other}
        groups.update(dict.fromkeys(merged, merged))
    for members in groups.values():
        best = min(members, key=standing)
        kept.update({raw: best for raw in members if raw != best})
    return {raw: kept.get(canon, canon) for raw, canon in kept.items() if kept.get(canon, canon) != raw}
