"""What an explorer shows, made ready for a browser: plain values only, every text cleaned.

The page to carry and the server hand out the same description, so both tell the same story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from chain.errors import InputError
from chain.tables import records
from viz import ranks
from viz.palette import LOOKS, look
from viz.pinyin import initials
from viz.sheet import brief
from viz.text import clean, dated

PRODUCT, FIRM = "p:", "e:"
"""What ids of nodes begin with: products, enterprises."""

ENGLISH = {"strong": "strong", "covered": "covered", "weak": "weak", "missing": "missing", "suspected": "suspected missing", "unknown": "to verify"}

Plain = dict[str, Any]


@dataclass(frozen=True, eq=False)
class ExplorerSheet:
    """Everything an explorer says of one chain in one place.

    Attributes
    ----------
    title, chain, place, place_name, as_of
        Heading, id of the chain, id and full name of the place, date of the data (empty where not known).
    notes
        What the answer says of itself: rule, data date, what the data can't tell.
    products
        product, name, stage, segment, status, reason, label, makers, national, reviews, buyers, lq, hhi, criticality.
    stages
        name, position.
    arcs
        input, product, role, group.
    gaps
        id, rank, product, action, kind, label, detail, certainty, makers, outside, nearest, score, key.
    makers, targets
        Enterprises of the place, and those outside worth talking to: product, enterprise, name, short_name, made, evidence,
        file, sheet, row; makers also region, place, confidence, titles, registered_capital_wan, lead; targets also id, place,
        reason, score, rank.
    stamp
        A stamp such as 内部资料; empty for none.
    """

    title: str
    chain: str
    place: str
    place_name: str
    as_of: str
    notes: tuple[str, ...]
    products: pd.DataFrame
    stages: pd.DataFrame
    arcs: pd.DataFrame
    gaps: pd.DataFrame
    makers: pd.DataFrame
    targets: pd.DataFrame
    author: str = ""
    stamp: str = ""
    asked: str = ""
    """The day whose state is told, where somebody asked for one."""
    byproducts: pd.DataFrame | None = None
    """product (what arises), main (what is made): both links of the chain."""
    withheld: bool = False
    """Whether targets are not to be handed out: that none is listed means nothing then."""
    absence: dict[str, str] = field(default_factory=dict)
    """Why a status can't be told, in words, by letter."""

    def __post_init__(self) -> None:
        if self.products.empty:
            raise InputError("产业链没有任何环节，没有可看的图", way_out="检查产业链文件里的 products")


def looks() -> dict[str, Plain]:
    """The statuses with word, sign and colours, by key."""
    return {
        key: {"word": each.word, "english": ENGLISH[key], "symbol": each.symbol, "fill": each.fill, "text": each.text,
              "border": each.border, "hatched": each.hatched}
        for key, each in LOOKS.items()
    }


def contents(sheet: ExplorerSheet) -> Plain:
    """The description of a sheet for a browser, ready for JSON; nothing in it depends on the order of rows."""
    return {
        "title": clean(sheet.title), "chain": clean(sheet.chain), "place": clean(sheet.place), "placeName": clean(sheet.place_name),
        "asOf": clean(sheet.as_of), "dated": dated_as_asked(sheet.as_of, sheet.asked), "asked": _other_day(sheet.as_of, sheet.asked),
        "author": clean(sheet.author), "stamp": clean(sheet.stamp),
        "notes": [clean(note) for note in sheet.notes], "looks": looks(), "stages": _stages(sheet), "products": list(_products(sheet)),
        "arcs": list(_arcs(sheet)), "gaps": [gap(row) for row in records(sheet.gaps)], "firms": _firms(sheet),
    }


def dated_as_asked(as_of: str, asked: str | None) -> str:
    """The date of the data in words, and the day whose state is told where that is another one.

    >>> dated_as_asked("2026-06-30", "2020-12-31"), dated_as_asked("2026-06-30", "2026-06-30")
    ('按 2020-12-31 的状态，数据截至 2026-06-30', '数据截至 2026-06-30')
    """
    other = _other_day(as_of, asked)
    return f"按 {other} 的状态，{dated(as_of)}" if other else dated(as_of)


def _other_day(as_of: str, asked: str | None) -> str:
    return "" if not asked or clean(asked) == clean(as_of) else clean(asked)


def _stages(sheet: ExplorerSheet) -> list[str]:
    named = [clean(row["name"]) for row in records(sheet.stages.sort_values(["position", "name"], kind="stable"))]
    return list(dict.fromkeys([*named, *(clean(name) for name in sheet.products["stage"])]))


def _products(sheet: ExplorerSheet) -> Iterable[Plain]:
    rows = records(sheet.products)
    arcs = [(row["input"], row["product"]) for row in records(sheet.arcs)]
    at = ranks.positions([(row["product"], f"○ {clean(row['name'])}", clean(row["stage"])) for row in rows], _stages(sheet), arcs)
    local, wanted = _by_product(sheet.makers, maker), _by_product(sheet.targets, target)
    for row in rows:
        here = look(row["status"], row["reason"] or "")
        yield {
            "id": PRODUCT + row["product"], "name": clean(row["name"]), "pinyin": initials(clean(row["name"])), "stage": clean(row["stage"]),
            "segment": clean(row["segment"]), "look": here.key, "status": here.word,
            "why": clean(sheet.absence.get(row["reason"] or "", "")), "makers": row["makers"], "national": row["national"],
            "reviews": row["reviews"], "buyers": row["buyers"], "lq": _rounded(row["lq"]), "hhi": _rounded(row["hhi"]),
            "criticality": row["criticality"], "x": at[row["product"]][0], "y": at[row["product"]][1],
            "local": local.get(row["product"], []), "targets": wanted.get(row["product"], []),
        }


def _arcs(sheet: ExplorerSheet) -> Iterable[Plain]:
    looked = {row["product"]: look(row["status"], row["reason"] or "").key for row in records(sheet.products)}
    seen = set()
    for row in sorted(records(sheet.arcs), key=lambda arc: (arc["input"], arc["product"], arc["role"] or "")):
        pair = (row["input"], row["product"])
        if pair in seen or pair[0] == pair[1] or not set(pair) <= set(looked):
            continue
        seen.add(pair)
        yield {"from": PRODUCT + pair[0], "to": PRODUCT + pair[1], "role": clean(row["role"]), "group": clean(row["group"]),
               "broken": looked[pair[0]] in ("missing", "suspected")}


def gap(row: Plain) -> Plain:
    """One row of the gap list for a browser."""
    return {
        "id": row["id"], "rank": row["rank"], "product": PRODUCT + row["product"], "name": clean(row["name"]), "stage": clean(row["stage"]),
        "segment": clean(row["segment"]), "action": row["action"], "kind": clean(row["kind"]), "status": clean(row["label"]),
        "look": look(row["status"], row["reason"] or "").key, "detail": clean(row["detail"]), "certainty": clean(row["certainty"]),
        "makers": row["makers"], "buyers": row["buyers"], "outside": row["outside"], "nearest": clean(row["nearest"]),
        "score": row["score"], "key": clean(row["key"]),
    }


def maker(row: Plain) -> Plain:
    """What makes an enterprise a maker of a product, for a browser."""
    return {
        "firm": FIRM + row["enterprise"], "made": clean(row["made"]), "confidence": _rounded(row["confidence"]),
        "evidence": clean(row["evidence"]) or "来源表直接列出", "origin": origin(row),
    }


def target(row: Plain) -> Plain:
    """What makes an enterprise a target for a product, for a browser."""
    return {
        "firm": FIRM + row["enterprise"], "made": clean(row["made"]), "score": _rounded(row["score"]), "reason": clean(row["reason"]),
        "evidence": clean(row["evidence"]) or "来源表直接列出", "origin": origin(row), "id": row["id"], "rank": row["rank"],
    }


def origin(row: Plain) -> str:
    """File, sheet and row of a fact in words; of a path only the name of the file, for pages go from hand to hand.

    >>> origin({"file": "企业.xlsx", "sheet": "名单", "row": 7}), origin({"file": None, "sheet": None, "row": None})
    ('企业.xlsx › 名单 › 第 7 行', '')
    """
    parts = [re.split(r"[/\\\\]", clean(row.get("file")))[-1], clean(row.get("sheet"))]
    if row.get("row") is not None and parts[0]:
        parts.append(f"第 {int(row['row'])} 行")
    return " › ".join(part for part in parts if part)


def _by_product(frame: pd.DataFrame, told: Any) -> dict[str, list[Plain]]:
    found: dict[str, dict[str, Plain]] = {}
    for row in records(frame):
        found.setdefault(row["product"], {}).setdefault(row["enterprise"], told(row))
    return {product: list(firms.values()) for product, firms in found.items()}


def _firms(sheet: ExplorerSheet) -> dict[str, Plain]:
    """Every enterprise on the page once, by node id."""
    found: dict[str, Plain] = {}
    for frame, kind in ((sheet.makers, "local"), (sheet.targets, "target")):
        for row in records(frame):
            name = clean(row["name"])
            held = found.setdefault(FIRM + row["enterprise"], {
                "id": FIRM + row["enterprise"], "name": name, "short": clean(row["short_name"]) or brief(name), "pinyin": initials(name),
                "kind": kind, "place": clean(row["place"]), "titles": clean(row.get("titles") or row.get("titles_held")),
                "capital": row.get("registered_capital_wan") or row.get("capital_wan"), "lead": bool(row.get("lead")), "products": []})
            if PRODUCT + row["product"] not in held["products"]:
                held["products"].append(PRODUCT + row["product"])
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
