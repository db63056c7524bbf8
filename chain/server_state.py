"""From tables to the elements a server holds: which ids are one enterprise, what is then known of it, which MAKES counts.

The same rules as in the embedded store, in pandas. It is a pure function of the tables, so a load can write just what differs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from chain import building, reach, region, resolving, schema
from chain.errors import InputError
from chain.server_model import ALIAS, ENTITIES, NODES, ROW_EDGES, ROWS, TITLE, Elements, empty, typed
from chain.tables import Tables, records

FOREVER, NEVER_ASKED = 99999999, 99999998
_MENTIONS = [("enterprises", "id"), ("makes", "enterprise"), ("supplies", "supplier"), ("supplies", "buyer"), ("titles", "enterprise")]
_PRODUCTS = [
    ("products", "id"), ("chain_products", "product"), ("inputs", "input"), ("inputs", "product"), ("kinds", "product"), ("kinds", "kind"),
    ("upgrades", "product"), ("upgrades", "successor"), ("byproducts", "product"), ("byproducts", "main"), ("makes", "product"),
]

BETWEEN_PRODUCTS = [ROW_EDGES[table] for table in ("inputs", "kinds", "upgrades", "byproducts")]


def elements(tables: Tables) -> Elements:
    """All nodes and relationships that hold `tables`; every row is taken to be there once.

    Raises
    ------
    InputError
        If a row does not say what it is about.
    """
    _check(tables)
    used = _ids(tables, _MENTIONS)
    lead = leads(tables, used)
    found: Elements = {}
    for table, kind in ROWS.items():
        if table not in ENTITIES:
            found[kind.label] = keyed(kind.label, tables.unsorted(table))
    for table, edge in ROW_EDGES.items():
        found[edge.name] = _edges(table, tables.unsorted(table), lead)
    _enterprises(found, tables, lead, used)
    _regions(found, tables.unsorted("regions"))
    for table, extra in (
        ("products", _ids(tables, _PRODUCTS)), ("parks", []),  ("industries", []),
        ("chains", _ids(tables, [("chains", "id"), ("chain_products", "chain"), ("stages", "chain")])),
    ):
        _entities(found, table, tables.unsorted(table), extra)
    found[TITLE.label] = typed(TITLE.label, pd.DataFrame({"title": pd.Series(_ids(tables, [("titles", "title")]), dtype="str")}))
    ends = _ends(found)
    _weigh(found["MAKES:Enterprise:Product"], ends)
    _put_in_places(found, ends)
    _roll_up(found, ends, as_of(tables.unsorted("sources")))
    return found


def as_of(sources: pd.DataFrame) -> str:
    """Data date: the latest as_of of sources of enterprises, else of any; empty if nobody says."""
    lists = sources[~sources["kind"].isin(["chain", "link", "review"])]
    newest = (lists if len(lists) else sources)["as_of"].dropna()
    return str(newest.max()) if len(newest) else ""


def day_number(day: str) -> int:
    """A date of the store as yyyymmdd; a day after all others for none."""
    return _whole(day.replace("-", ""), NEVER_ASKED)


def leads(tables: Tables, used: list[str]) -> dict[str, str]:
    """Those of the ids in use that belong to another, and that other."""
    loose = sorted(raw for raw in used if raw.startswith(("name:", "stock:")))
    decisions = tables.unsorted("same")[["enterprise", "other", "decision"]]
    decisions = decisions.sort_values(list(decisions.columns)).reset_index(drop=True)
    if not loose and decisions.empty:
        return {}
    pairs = resolving.canonical_ids(_candidates(tables.unsorted("enterprises"), loose), loose, decisions)
    asked = set(used)
    return {raw: canon for raw, canon in pairs.items() if raw in asked}


def _candidates(rows: pd.DataFrame, loose: list[str]) -> pd.DataFrame:
    """Rows that a loose id may belong to; a name of plain Chinese characters is its own normal form but for 有限责任公司."""
    codes = [raw.removeprefix("stock:") for raw in loose if raw.startswith("stock:")]
    names = [raw.removeprefix("name:").partition("@")[0] for raw in loose if raw.startswith("name:")]
    fits = rows["code"].isin(codes)
    if names:
        plain = rows["name"].str.fullmatch("[一-鿿]+").fillna(False).astype(bool)
        fits |= rows["former_names"].notna() | ~plain | rows["name"].str.replace("有限责任公司", "有限公司").isin(names)
    return rows.loc[fits & ~rows["id"].str.startswith("name:"), ["id", "uscc", "code", "name", "former_names"]]


def _check(tables: Tables) -> None:
    keys = [(table, ROW_EDGES[table].ends) for table in ROW_EDGES] + [(table, (kind.key,)) for table, kind in ENTITIES.items()]
    for table, columns in keys:
        frame = tables.unsorted(table)
        for column in columns:
            if frame[column].hasnans:
                first = frame[frame[column].isna()].iloc[0]
                raise InputError(f"表 {table} 的列 {column} 有 {int(frame[column].isna().sum())} 行是空的",
                                 where=f"来源 {first['source']} 第 {first['row']} 行", way_out="补上编号或去掉这些行")


def _ids(tables: Tables, places: Iterable[tuple[str, str]]) -> list[str]:
    """Values of several columns, each once, in order."""
    found: set[str] = set()
    for table, column in places:
        found.update(tables.unsorted(table)[column].dropna().unique().tolist())
    return sorted(found)


def keyed(label: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as nodes of their own, each known by a digest of all it says."""
    if rows.empty:
        return empty(label)
    kept = rows[schema.table(NODES[label].table).names]
    keys = [hashlib.sha256(json.dumps(row, ensure_ascii=False, default=str).encode()).hexdigest()[:24] for row in records(kept)]
    return typed(label, kept.assign(_key=pd.Series(keys, index=kept.index, dtype="str")))


def _led(ids: pd.Series, lead: dict[str, str]) -> pd.Series:
    if not lead:
        return ids
    return ids.map(lead).fillna(ids).astype("str")


def _edges(table: str, rows: pd.DataFrame, lead: dict[str, str]) -> pd.DataFrame:
    kind = ROW_EDGES[table]
    if rows.empty:
        return empty(kind.name)
    columns = {name: rows[name] for name in rows.columns if name not in kind.ends}
    for end, label, column, said in (("_from", kind.start, kind.ends[0], "_said_of"), ("_to", kind.end, kind.ends[1], "_said_to")):
        columns[end] = _led(rows[column], lead) if label == "Enterprise" else rows[column]
        if lead and label == "Enterprise":
            columns[said] = rows[column].where(rows[column] != columns[end], None)
    if table == "makes":
        columns["_yuan"] = _yuan(rows["output"])
    if table == "titles":
        columns["_since"], columns["_until"] = _dates(rows["valid_from"], 0), _dates(rows["valid_to"], FOREVER)
    return typed(kind.name, pd.DataFrame(columns, index=rows.index))


def _entities(found: Elements, table: str, rows: pd.DataFrame, others: Iterable[str]) -> None:
    """Entities but enterprises: a single row is the entity, several stand beside it and the first of them describes it."""
    kind, ranked = ENTITIES[table], rows
    if rows.empty:
        found[kind.label] = typed(kind.label, pd.DataFrame({kind.key: pd.Series(sorted(set(others)), dtype="str")}))
        _stated(found, table, rows, rows[kind.key])
        return
    if table == "products":
        ranked = rows.assign(_unrated=rows["criticality"].isna()).sort_values(["_unrated", "source", "row"], na_position="last", kind="stable")
    else:
        ranked = rows.sort_values(["source", "row", *rows.columns.drop(["source", "row"])], na_position="last", kind="stable")
    alone = ~rows[kind.key].duplicated(keep=False)
    first = ranked.drop_duplicates(kind.key).drop(columns="_unrated", errors="ignore")
    first = first.assign(_own=first[kind.key].isin(set(rows.loc[alone, kind.key])))
    more = sorted(set(others) - set(rows[kind.key]))
    found[kind.label] = typed(kind.label, pd.concat([first, pd.DataFrame({kind.key: pd.Series(more, dtype="str")})], ignore_index=True))
    _stated(found, table, rows[~alone], rows.loc[~alone, kind.key])


def _stated(found: Elements, table: str, rows: pd.DataFrame, about: pd.Series) -> None:
    """Rows as nodes of their own that point at what they speak of."""
    label, of = ROWS[table].label, ENTITIES[table].label
    found[label] = keyed(label, rows)
    edge = f"SAYS_OF:{label}:{of}"
    found[edge] = typed(edge, pd.DataFrame({"_from": found[label]["_key"], "_to": about.reset_index(drop=True)}))


def _enterprises(found: Elements, tables: Tables, lead: dict[str, str], used: list[str]) -> None:
    rows = tables.unsorted("enterprises")
    canon = _led(rows["id"], lead)
    alone = ~canon.duplicated(keep=False) & (canon == rows["id"])
    own = rows[alone].assign(_own=True)
    merged = _merged(rows[~alone], canon[~alone], tables.unsorted("sources")).assign(_own=False)
    known = own if merged.empty else pd.concat([own, merged], ignore_index=True)
    more = sorted({lead.get(raw, raw) for raw in used} - set(known["id"])) if len(used) > len(own) else []
    nodes = pd.concat([known, pd.DataFrame({"id": pd.Series(more, dtype="str")})], ignore_index=True) if more else known.reset_index(drop=True)
    gone = _dates(nodes["dissolved"], FOREVER).where(nodes["dissolved"].notna(), np.where(nodes["status"].eq("dissolved").fillna(False), 0, FOREVER))
    found["Enterprise"] = typed("Enterprise", nodes.assign(
        _number=_wholes(nodes["region"], 0), _since=_dates(nodes["established"], 0), _until=gone.astype("Int64"),
        _yuan=_yuan(nodes["registered_capital"].where(nodes["registered_capital"] > 0)),
        _party=nodes["entry"].eq("party").fillna(False), _held=nodes["id"].map(_spans(found["HOLDS:Enterprise:Title"]))))
    _stated(found, "enterprises", rows[~alone], canon[~alone])
    found[ALIAS.label] = typed(ALIAS.label, pd.DataFrame({"id": pd.Series(sorted(lead), dtype="str")}))
    found["LEADS_TO:Alias:Enterprise"] = typed("LEADS_TO:Alias:Enterprise", pd.DataFrame(
        {"_from": sorted(lead), "_to": [lead[raw] for raw in sorted(lead)]}, dtype="str"))
    _places(found, tables.unsorted("parks"), tables.unsorted("industries"))


def _spans(held: pd.DataFrame) -> dict[str, str]:
    """When an enterprise held a title: ``20200101-20221231``, several with blanks between; a query then needs no second look."""
    spans: dict[str, set[str]] = {}
    for firm, since, until in zip(held["_from"], held["_since"].clip(0, FOREVER), held["_until"].clip(0, FOREVER), strict=True):
        spans.setdefault(firm, set()).add(f"{since:08d}-{until:08d}")
    return {firm: " ".join(sorted(found)) for firm, found in spans.items()}


def _merged(rows: pd.DataFrame, canon: pd.Series, sources: pd.DataFrame) -> pd.DataFrame:
    """One row an enterprise: column by column what the best row says. A list beats a party, a register a sample, newer older."""
    if rows.empty:
        return rows
    about = sources.drop_duplicates("id").set_index("id")
    kind, date = rows["source"].map(about["kind"]), rows["source"].map(about["as_of"])
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in records(rows)]
    ranked = rows.assign(
        _canon=canon, _party=rows["entry"].eq("party").fillna(False), _kind=kind.map({"register": 0, "sample": 1}).astype("float64").fillna(2),
        _undated=date.isna(), _date=-date.str.replace("-", "").map(lambda text: _whole(text, 0), na_action="ignore").astype("float64").fillna(0),
        _text=pd.Series(texts, index=rows.index, dtype="str"))
    keys = ["_party", "_kind", "_undated", "_date", "source", "row", "id", "_text"]
    ranked = ranked.sort_values(keys, na_position="last", kind="stable")
    best = ranked[[*rows.columns.drop("id"), "_canon"]].groupby("_canon", sort=True).first()
    return best.reset_index().rename(columns={"_canon": "id"})


def _places(found: Elements, parks: pd.DataFrame, industries: pd.DataFrame) -> None:
    """Where enterprises lie and what trade they are in, as relationships."""
    nodes = found["Enterprise"]
    codes = {number: f"{number:06d}" for number in nodes["_number"].unique().tolist()}
    found["LOCATED_IN:Enterprise:Region"] = typed("LOCATED_IN:Enterprise:Region", pd.DataFrame(
        {"_from": nodes["id"], "_to": nodes["_number"].map(codes).astype("str")}))
    for name, column, table, key in (("LOCATED_IN:Enterprise:Park", "park", parks, "id"), ("IN_INDUSTRY:Enterprise:Industry", "industry",
                                     industries, "code")):
        known = table.sort_values(key)
        word = dict(zip(known["name"][::-1], known[key][::-1], strict=True)) | dict(zip(known[key], known[key], strict=True))
        ends = nodes[column].map(word) if word else nodes[column].where(nodes["id"].isna(), None)
        found[name] = typed(name, pd.DataFrame({"_from": nodes["id"], "_to": ends})[ends.notna()])


def _regions(found: Elements, rows: pd.DataFrame) -> None:
    """Every region in use with all that contain it."""
    used = set(found["LOCATED_IN:Enterprise:Region"]["_to"])
    up: dict[str, str] = {}
    todo = sorted(used)
    while todo:
        code = todo.pop()
        above = region.parent(code) if re.fullmatch(r"\d{6}", code, re.ASCII) else None
        if above and code not in up:
            up[code] = above
            todo.append(above)
    places = sorted(used | set(up.values()))
    _entities(found, "regions", rows, places)
    nodes = found["Region"].set_index("code", drop=False)
    within = nodes["code"].isin(places)
    codes = nodes.loc[within, "code"]
    nodes.loc[within, "_number"] = codes.map(int).astype("Int64")
    nodes.loc[within, "full_name"] = codes.map(_full_name)
    nodes.loc[within, "level"] = codes.map(lambda code: region.level(code) if len(code) == 6 else None)
    named = within & nodes["_own"].isna()
    nodes.loc[named, "name"] = nodes.loc[named, "code"].map(region.name)
    found["Region"] = typed("Region", nodes.reset_index(drop=True))
    found["PART_OF:Region:Region"] = typed("PART_OF:Region:Region", pd.DataFrame({"_from": sorted(up), "_to": [up[code] for code in sorted(up)]}))


def _full_name(code: str) -> str:
    return region.full_name(code) if re.fullmatch(r"\d{6}", code, re.ASCII) else code


def _ends(found: Elements) -> tuple[Any, Any]:
    """Positions of the enterprise and of the product of every MAKES: as whole numbers they are compared and counted at once."""
    makes = found["MAKES:Enterprise:Product"]
    return tuple(pd.Index(found[label]["id"]).get_indexer(makes[end]) for label, end in (("Enterprise", "_from"), ("Product", "_to")))


def _weigh(makes: pd.DataFrame, ends: tuple[Any, Any]) -> None:
    """Mark the MAKES that another one of the same enterprise and product outweighs: a decision, then a statement, then a link."""
    pair = ["_from", "_to"]
    several = makes[pd.Series(ends[0] << 32 | ends[1], index=makes.index).duplicated(keep=False)]
    if several.empty:
        return
    decided = FOREVER - several["decided_on"].str.replace("-", "").map(lambda text: _whole(text, 0), na_action="ignore").astype("float64").fillna(0)
    doubt = _rounded((1 - several["confidence"].fillna(0)) * 10**7)
    ranked = several.assign(
        _step=several["method"].map({"review": 0, "stated": 1}).astype("float64").fillna(2),
        _within=decided.where(several["method"] == "review", doubt), _other=several["_said_of"].notna())
    keys = ["_step", "_within", "_other", "_said_of", "source", "row", "method", "state", "evidence", "confidence"]
    ranked = ranked.sort_values(keys, na_position="last", kind="stable")
    beaten = ranked.index[ranked.duplicated(pair)]
    makes.loc[beaten, "_superseded"] = True


def _put_in_places(found: Elements, ends: tuple[Any, Any]) -> None:
    """Numbers that lie in one stretch for one product and the enterprises of one region: of every MAKES that anybody asks for.

    The upper half is a digest of the product, the lower half the number of the region, moved so that it is never negative. Two products
    may share a digest, so whoever looks a stretch up still looks at the product.
    """
    makes, firms, products = found["MAKES:Enterprise:Product"], found["Enterprise"], found["Product"]
    bases = [(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1 << 32) + 2**31 for name in products["id"].tolist()]
    products["_at"] = pd.Series(bases, index=products.index, dtype="Int64")
    if makes.empty:
        return
    asked = makes["_superseded"].isna() & makes["state"].notna() & (makes["state"] != "rejected")
    places = np.array(bases, dtype=np.int64)[ends[1]] + firms["_number"].to_numpy(dtype=np.int64)[ends[0]]
    makes["_at"] = pd.Series(places, index=makes.index, dtype="Int64").where(asked)


def _roll_up(found: Elements, ends: tuple[Any, Any], date: str) -> None:
    """Kinds of kinds, and how many makers every product has in the whole store."""
    kinds, products = found["KIND_OF:Product:Product"], found["Product"]
    above = reach.closure(kinds[["_from", "_to"]].itertuples(index=False, name=None))
    pairs = pd.DataFrame([(sub, kind) for sub in sorted(above) for kind in sorted(above[sub])], columns=["_from", "_to"], dtype="str")
    found["ROLLS_UP_TO:Product:Product"] = typed("ROLLS_UP_TO:Product:Product", pairs)
    firm, product = (end[_sure(found, ends[0], day_number(date))] for end in ends)
    makers = np.bincount(product, minlength=len(products))
    if len(pairs):
        sub, kind = (pd.Index(products["id"]).get_indexer(pairs[end]) for end in ("_from", "_to"))
        wholes = np.unique(kind)
        lifts = pd.DataFrame({"product": np.concatenate([sub, wholes]), "kind": np.concatenate([kind, wholes])})
        counted = pd.DataFrame({"firm": firm, "product": product}).merge(lifts, on="product")[["firm", "kind"]].drop_duplicates()
        makers[wholes] = np.bincount(counted["kind"], minlength=len(products))[wholes]
    products["_makers"] = pd.Series(makers, dtype="Int64")


def _sure(found: Elements, firm: Any, day: int) -> Any:
    """Which MAKES make their enterprise, active on that day, count as a maker in a view that asks for nothing special."""
    firms, makes = found["Enterprise"], found["MAKES:Enterprise:Product"]
    active = ((firms["_since"] <= day) & (day < firms["_until"])).to_numpy(dtype=bool)
    sure = makes["_superseded"].isna() & (makes["state"] == "confirmed") & (makes["confidence"].fillna(0) >= building.DEFAULT_TAU)
    return sure.to_numpy(dtype=bool) & active[firm]


def _whole(text: str, otherwise: int) -> int:
    """A text as a whole number if it is one that fits 32 bits."""
    found = text.strip()
    return int(found) if re.fullmatch(r"[+-]?\d{1,10}", found, re.ASCII) and -(2**31) <= int(found) < 2**31 else otherwise


def _wholes(texts: pd.Series, otherwise: int) -> pd.Series:
    numbers = {text: _whole(text, otherwise) for text in texts.dropna().unique().tolist()}
    return texts.map(numbers).astype("float64").fillna(otherwise).astype("Int64")


def _dates(days: pd.Series, otherwise: int) -> pd.Series:
    numbers = {day: _whole(day.replace("-", ""), otherwise) for day in days.dropna().unique().tolist()}
    return days.map(numbers).astype("float64").fillna(otherwise).astype("Int64")


def _yuan(wan: pd.Series) -> Any:
    """Amounts of 万元 as whole 元; empty where there is none or no such sum of money exists."""
    return _rounded((wan * 10000).where(wan < 1e12)).astype("Int64")


def _rounded(values: Any) -> Any:
    """To the nearest whole number, halves away from zero."""
    whole = np.trunc(values)
    return whole + np.sign(values) * ((values - whole).abs() >= 0.5)

