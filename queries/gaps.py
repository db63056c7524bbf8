"""The gap list: every action a place can take on a chain, ranked by a published score whose terms are columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from chain import region
from chain.errors import UnknownName
from chain.moments import of_one_moment
from chain.store import Store
from chain.tables import records
from queries import absence, actions, identifiers
from queries.rules import Rules, weights
from queries.standing import Standing, levels_above, standing

ACTIONS = ("补链", "延链", "强链", "提链")
UNTOLD = "先核实"
NOWHERE = "省内没有"
NOT_SEEN = "省内未见"
"""Nearest level where only samples cover the province: nobody is known to make it, which is not the same as nobody."""
NOT_KNOWN = "不详"
"""Nearest level of a gap in a park whose region nobody gave."""
FEW = 5
"""Buyers that a row of the list names; the rest is counted."""

TERMS = ("need", "importance", "structure", "break", "distance", "supply")
_DISTANCE = {"县": 0.25, "市": 0.5, "省": 0.75, NOWHERE: 1.0, NOT_SEEN: 0.75, NOT_KNOWN: 0.5, "本地": 0.0}


@of_one_moment
def gaps(store: Store, chain: str, place: str, rules: Rules = Rules(), *, action: str | None = None) -> pd.DataFrame:
    """Gaps of a place on a chain, most pressing first.

    Parameters
    ----------
    action
        补链, 延链, 强链 or 提链 for the rows of one action; 先核实 for the rows that can't be told; None for all.

    Returns
    -------
    DataFrame
        id, rank (int), product, name, stage, segment, action, kind, status, reason, label, detail, who (local enterprises
        that need it, for 补链), makers, buyers, reviews,
        national, outside (makers outside the place), nearest (nearest covering level), lq, hhi, the terms of the score each
        0..1 (need, importance, structure, break, distance, supply), score (0..100), certainty (what the row rests on and
        what would settle it), key (why it is a key link), related. Rows of action 先核实 that only samples speak against come
        after the gaps, rows whose absence can't be believed for another reason after all others.
    """
    if action is not None and action not in (*ACTIONS, UNTOLD):
        raise UnknownName("行动", action, [*ACTIONS, UNTOLD])
    found = rank(store, standing(store, chain, place, rules))
    if action == UNTOLD:
        found = found[found["status"] == "unknown"]
    elif action is not None:
        found = found[found["action"] == action]
    return found.reset_index(drop=True)


def rank(store: Store, state: Standing) -> pd.DataFrame:
    """The gap list of an evaluated standing; see `gaps` for its columns."""
    parts = [actions.fill(state), actions.extend(state), actions.strengthen(state), actions.upgrade(state)]
    parts.append(actions.untold(state, {product for part in parts for product in part["product"]}))
    rows = pd.concat(parts, ignore_index=True)
    facts = ["product", "name", "stage", "segment", "criticality", "status", "reason", "label", "makers", "buyers", "reviews",
             "national", "lq", "hhi", "covered"]
    rows = rows.merge(state.products[facts], on="product", how="left", validate="many_to_one")
    rows["outside"] = rows["national"] - rows["makers"]
    near = nearest_levels(store, state, sorted(set(rows.loc[~rows["covered"], "product"])))
    rows["nearest"] = pd.array([near.get(p, "本地") for p in rows["product"]], dtype="str")
    rows = _scored(rows, state)
    rows["certainty"] = pd.array([_certainty(row, state) for row in records(rows)], dtype="str")
    needy = _buyers(store, state)
    rows["who"] = pd.array([needy.get(p) if a == "补链" else None for p, a in zip(rows["product"], rows["action"], strict=True)], dtype="str")
    rows["key"] = pd.array([state.key_links.get(p) for p in rows["product"]], dtype="str")
    chain, place = str(state.scope.chain["id"]), state.place.id
    ids = [identifiers.gap_id(a, chain, place, p) for a, p in zip(rows["action"], rows["product"], strict=True)]
    rows["id"] = pd.array(ids, dtype="str")
    rows["_late"] = np.where(rows["reason"].isin(absence.RANKED), (rows["action"] == UNTOLD).astype(int), 2)
    rows = rows.sort_values(["_late", "score", "product", "action"], ascending=[True, False, True, True]).reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    return rows[[
        "id", "rank", "product", "name", "stage", "segment", "action", "kind", "status", "reason", "label", "detail", "who", "makers",
        "buyers", "reviews", "national", "outside", "nearest", "lq", "hhi", *TERMS, "score", "certainty", "key", "related"]]


def _buyers(store: Store, state: Standing) -> dict[str, str]:
    """Local enterprises that need what nobody local makes, by product: the first by name, and how many there are if more."""
    wanted = {product: state.users(product) for product, row in state.rows.items() if not row["covered"] and row["open_buyers"]}
    if not wanted:
        return {}
    makers = store.makers(sorted({user for users in wanted.values() for user in users}), state.place.id, state.rules.view)
    names = makers["short_name"].fillna(makers["name"])
    found: dict[str, str] = {}
    for product, users in wanted.items():
        held = makers["product"].isin(users)
        listed = sorted(dict(zip(makers.loc[held, "enterprise"], names[held], strict=True)).values())
        found[product] = "、".join(listed[:FEW]) + (f"等 {len(listed)} 家" if len(listed) > FEW else "")
    return found


def nearest_levels(store: Store, state: Standing, products: list[str]) -> dict[str, str]:
    """For each product, the level of the smallest wider region that makes it: 县, 市, 省; else 省内没有 or 省内未见.

    省内没有 only where a register covers the province; 不详 for a park whose region nobody gave.
    """
    if state.home is None:
        return dict.fromkeys(products, NOT_KNOWN)
    found: dict[str, str] = {}
    for code, level in levels_above(state.place.id, state.home):
        open_products = [product for product in products if product not in found]
        if not open_products:
            break
        counted = store.coverage(open_products, code, state.rules.view)
        found.update(dict.fromkeys(counted.loc[counted["makers"] > 0, "product"], level))
    province = store.place(state.home[:2] + "0000", state.rules.view) if state.home != region.CHINA else state.place
    nowhere = NOT_SEEN if province.registers.empty else NOWHERE
    return {product: found.get(product, nowhere) for product in products}


def _scored(rows: pd.DataFrame, state: Standing) -> pd.DataFrame:
    weight = weights("gap")
    factor = rows["action"].map(weights("action")).astype("float64")
    terms = pd.DataFrame({
        "need": rows["need"] * [_role_factor(row, state) for row in records(rows)],
        "importance": rows["criticality"].astype("float64").div(5).fillna(0.5),
        "structure": rows["product"].isin(state.key_links).astype("float64"),
        "break": (rows["kind"] == "断点").astype("float64"),
        "distance": rows["nearest"].map(_DISTANCE).astype("float64"),
        "supply": rows["outside"] / (rows["outside"] + 5),
    })
    score = sum(terms[name] * weight[name] for name in TERMS) * factor * 100
    return rows.drop(columns=["need"]).assign(**terms, score=score.round(2))


def _role_factor(row: dict[str, Any], state: Standing) -> float:
    """1 where a buyer who counts takes the product as material, less where only as equipment or service."""
    if row["action"] != "补链":
        return 1.0
    roles = {state.chain.edges[row["product"], user]["role"] for user in state.users(row["product"])}
    return max((weights("role")[role] for role in roles), default=1.0)


def _certainty(row: dict[str, Any], state: Standing) -> str:
    if reason := row["reason"]:
        return f"{absence.REASONS[reason]}{_figures(row, state)}。核实：{absence.SETTLE[reason]}"
    if state.place.registers.empty:
        return "只有样本：家数、集中度、区位商按样本计，可能低估本地"
    newest = records(state.place.registers)[0]
    size = f"{'，' if newest['rows'] is not None else ''}{newest['min_size']}以上完整" if newest["min_size"] else ""
    count = f"{newest['rows']} 行" if newest["rows"] is not None else ""
    facts = "，".join(filter(None, [count + size, newest["as_of"] or "日期不详"]))
    beside = state.place.unregistered
    doubt = f"；但图谱里另有 {beside} 家本地企业不在名录中，名录可能不完整" if beside else ""
    return f"有名录覆盖：{newest['file']}（{facts}）{doubt}"


def _figures(row: dict[str, Any], state: Standing) -> str:
    """The numbers behind a letter, where it has any."""
    if row["reason"] == "c":
        return f"（已载入 {state.place.enterprises} 家，应有 {state.place.expected} 家）"
    if row["reason"] != "d":
        return ""
    firms = state.hidden.get(row["product"], {})
    reasons = [f"生产「{product}」{words}" for product, words in sorted(set().union(*firms.values()))]
    told = f"{len(firms)} 家可能生产：{'、'.join(reasons[:2])}{'等' if len(reasons) > 2 else ''}" if firms else ""
    waiting = f"待复核 {row['reviews']} 家" if row["reviews"] else ""
    return f"（{'；'.join(filter(None, [waiting, told]))}）"
