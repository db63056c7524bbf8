"""Small graphs in sight: a chain, some firms and what they make, as plain rows, and as a store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from chain.embedded import EmbeddedStore
from chain.tables import Tables, records

Rows = dict[str, list[dict[str, object]]]
"""Rows of every table by its name, as plain dicts."""

OF_THE_CHAIN = ("stage", "segment", "weight", "terminal")
TODAY = "2026-06-30"
TAIYUAN, XIAODIAN, YINGZE, JINZHONG, SHANXI, HEBEI, HENAN, GUANGDONG, CHINA = (
    "140100", "140105", "140106", "140700", "140000", "130100", "410100", "440300", "000000")


def graph(
    products: str, arcs: str = "", *, arc: Mapping[tuple[str, str], Mapping[str, object]] | None = None,
    about: Mapping[str, Mapping[str, object]] | None = None, kinds: str = "", byproducts: str = "",
    upgrades: Mapping[str, str] | None = None,
    firms: Mapping[str, object] | None = None, makes: Mapping[str, object] | None = None, register: str | None = SHANXI,
    register_as_of: str | None = TODAY, expected: Mapping[str, int] | None = None, titles: Mapping[str, str] | None = None,
    supplies: object = (), parks: Mapping[str, str | None] | None = None,
) -> Rows:
    """Rows of a chain called 链 and of the firms on it.

    `products`: ids, blank between them. `arcs`: ``矿→铁→钢 废钢→钢``; `arc` gives an arc its role, coefficient, group or captive.
    `kinds`: ``合金钢→钢`` (sub-kind to kind). `byproducts`: ``煤气→焦炭`` (by-product to main product). `upgrades`:
    ``{"钢→特钢": "强度"}``. `firms`: name to region, or to a dict of columns. `makes`: firm to ``铁 钢`` (confirmed, 0.9), or to a
    dict product to columns. `register`: the region for which the list of firms is complete, None for a sample.
    """
    names, about, arc = products.split(), about or {}, arc or {}
    of_chain, of_firms = {"source": "链文件"}, {"source": "名录"}
    rows: Rows = {
        "sources": [
            {"id": "链文件", "file": "链.yaml", "kind": "chain", "as_of": TODAY},
            {"id": "名录", "file": "名录.xlsx", "sheet": "企业", "kind": "register" if register else "sample", "region": register,
             "as_of": register_as_of},
            {"id": "今天", "file": "今天.xlsx", "sheet": "新闻", "kind": "sample", "as_of": TODAY}],
        "chains": [{"id": "链", "name": "链", **of_chain, "row": 1}],
        "stages": [
            {"chain": "链", "name": name, "position": at, **of_chain}
            for at, name in enumerate(("上游", "中游", "下游"))],
        "products": [
            {"id": name, "name": name, **of_chain, "row": 10 + at,
             **{key: value for key, value in about.get(name, {}).items() if key not in OF_THE_CHAIN}}
            for at, name in enumerate(names)],
        "chain_products": [
            {"chain": "链", "product": name, "stage": about.get(name, {}).get("stage", "中游"),
             "segment": about.get(name, {}).get("segment"), "position": at, "weight": about.get(name, {}).get("weight"),
             "terminal": about.get(name, {}).get("terminal"), **of_chain, "row": 10 + at}
            for at, name in enumerate(names)],
        "inputs": [
            {"input": one, "product": other, "role": "物料", **of_chain, "row": 50 + at, **arc.get((one, other), {})}
            for at, (one, other) in enumerate(pairs(arcs))],
        "kinds": [{"product": one, "kind": other, **of_chain, "row": 80} for one, other in pairs(kinds)],
        "byproducts": [{"product": one, "main": other, **of_chain, "row": 85} for one, other in pairs(byproducts)],
        "upgrades": [
            {"product": one, "successor": other, "gain": gain or None, **of_chain, "row": 90}
            for text, gain in (upgrades or {}).items() for one, other in pairs(text)],
        "enterprises": [
            {"id": firm, "name": firm, **of_firms, "row": 2 + at, **(facts if isinstance(facts, dict) else {"region": facts})}
            for at, (firm, facts) in enumerate((firms or {}).items())],
        "makes": [
            {"enterprise": firm, "product": product, "state": "confirmed", "method": "stated", "confidence": 0.9, **of_firms,
             "row": 2 + at, **facts}
            for at, (firm, made) in enumerate((makes or {}).items())
            for product, facts in (made if isinstance(made, dict) else {name: {} for name in str(made).split()}).items()],
        "titles": [{"enterprise": firm, "title": title, "batch": "1", **of_firms} for firm, title in (titles or {}).items()],
        "supplies": [
            {"supplier": deal[0], "buyer": deal[1], "source": "今天", "row": 2 + at, **(deal[2] if len(deal) > 2 else {})}
            for at, deal in enumerate(supplies)],  # type: ignore[arg-type, var-annotated]
        "regions": [{"code": code, "expected_enterprises": count, **of_firms} for code, count in (expected or {}).items()],
        "parks": [{"id": name, "name": name, "region": code, **of_firms} for name, code in (parks or {}).items()],
    }
    return rows


def pairs(text: str) -> list[tuple[str, str]]:
    """``矿→铁→钢 废钢→钢`` as pairs.

    >>> pairs("矿→铁→钢 废钢→钢")
    [('矿', '铁'), ('铁', '钢'), ('废钢', '钢')]
    """
    return [pair for part in text.split() for pair in zip(part.split("→"), part.split("→")[1:], strict=False)]


def tables(rows: Rows) -> Tables:
    """Rows as canonical frames."""
    return Tables({name: pd.DataFrame(found) for name, found in rows.items() if found})


def stored(folder: Path, rows: Rows) -> EmbeddedStore:
    """A store in a new file of `folder` that holds the rows."""
    store = EmbeddedStore(folder / f"t{len(list(folder.iterdir()))}.lianpu")
    store.write(tables(rows))
    return store


def told(frame: pd.DataFrame, columns: str) -> list[tuple[object, ...]]:
    """Rows of the named columns as tuples of plain values, in order; None where something is missing."""
    return [tuple(row.values()) for row in records(frame[columns.split()])]


def number(frame: pd.DataFrame, indicator: str) -> float:
    """The value of one indicator."""
    return float(frame.loc[frame["indicator"] == indicator, "value"].item())
