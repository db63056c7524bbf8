"""Lead firms of a place on a chain (龙头企业), and what they need from others (关键配套)."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from chain import region
from chain.store import Store
from chain.tables import records
from queries.standing import Standing

PARTNERS = 15
"""Distinct supply partners in the chain from which on an enterprise counts as a lead firm without an official title."""

OFFICIAL, CONNECTED, LARGE = "官方称号（链主或龙头）", f"链上供应伙伴不少于 {PARTNERS} 家", "按规模和本地配套取前列，无官方称号"
LEADERS = [
    "rank", "enterprise", "name", "short_name", "place", "basis", "products", "links", "titles", "partners", "local_partners",
    "output_wan", "revenue_wan", "capital_wan", "source", "row"]
SUPPLIERS = [
    "rank", "product", "name", "role", "serves", "leaders", "status", "reason", "label", "makers", "firms", "outside", "key", "buyers"]
_SHOWN = 8


def leaders(store: Store, state: Standing, makers: pd.DataFrame, *, top: int = 10) -> pd.DataFrame:
    """Lead firms of the place among the makers of the chain, best first.

    Parameters
    ----------
    makers
        ``store.makers`` of the chain's products in the place.
    top
        How many by size, where neither titles nor partners name so many.

    Returns
    -------
    DataFrame
        Columns `LEADERS`: rank (int), basis (why it is on the list), products (made by it, joined by ；), links (how many),
        titles, partners (distinct supply partners that make a product of the chain), local_partners (those in the place),
        output_wan, revenue_wan, capital_wan (万元, NaN if unknown), source and row of one statement about it.

    Notes
    -----
    An official title (链主, 龙头) decides, unless it names another chain in brackets; else `PARTNERS` or more supply partners in
    the chain; else the largest by output, then revenue,
    then registered capital, then local partners, then links, until there are `top`. The column basis says which.
    """
    if makers.empty:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in LEADERS})
    firms = _firms(makers)
    everywhere = _partners(store, state, firms["enterprise"].tolist())
    here = set(firms["enterprise"])
    firms["partners"] = [len(everywhere.get(one, ())) for one in firms["enterprise"]]
    firms["local_partners"] = [len(everywhere.get(one, set()) & here) for one in firms["enterprise"]]
    official = [_official(titles, str(state.scope.chain["name"])) for titles in firms["titles"]]
    firms["_class"] = [0 if named else 1 if many >= PARTNERS else 2 for named, many in zip(official, firms["partners"], strict=True)]
    firms["basis"] = firms["_class"].map({0: OFFICIAL, 1: CONNECTED, 2: LARGE})
    order = ["_class", "output_wan", "revenue_wan", "capital_wan", "local_partners", "links", "enterprise"]
    firms = firms.sort_values(order, ascending=[True, *[False] * 5, True], na_position="last", kind="stable").reset_index(drop=True)
    firms["rank"] = range(1, len(firms) + 1)
    return firms.loc[(firms["_class"] < 2) | (firms["rank"] <= top), LEADERS].reset_index(drop=True)


def _official(titles: object, chain: str) -> bool:
    """Whether a list of titles holds 链主 or 龙头 of this chain, or of none in particular."""
    for title in str(titles).split("；") if isinstance(titles, str) else ():
        named = re.search(r"[（(](.+?)[）)]", title)
        if re.search("链主|龙头", title) and (named is None or named[1] in chain or chain in named[1]):
            return True
    return False


def _firms(makers: pd.DataFrame) -> pd.DataFrame:
    """One row an enterprise; its products in chain order."""
    rows = []
    for enterprise, held in makers.groupby("enterprise", sort=True):
        first: dict[str, Any] = records(held.head(1))[0]
        rows.append({
            "enterprise": enterprise, "name": first["name"], "short_name": first["short_name"],
            "place": region.full_name(first["region"]) if first["region"] else "所在地不详",
            "products": "；".join(held["product"]), "links": len(held), "titles": first["titles"],
            "output_wan": held["output_wan"].sum(min_count=1), "revenue_wan": first["revenue_wan"],
            "capital_wan": first["registered_capital_wan"], "source": first["source"], "row": first["row"],
        })
    numbers = dict.fromkeys(("output_wan", "revenue_wan", "capital_wan"), "float64")
    return pd.DataFrame(rows).astype(numbers)


def _partners(store: Store, state: Standing, enterprises: list[str]) -> dict[str, set[str]]:
    """Enterprises making a product of the chain with which each has dealt."""
    edges = store.supplies(enterprises=enterprises)
    if edges.empty:
        return {}
    on_chain = set(store.makers(state.scope.ids, region.CHINA, state.rules.view)["enterprise"])
    found: dict[str, set[str]] = {}
    for one, other in zip(edges["supplier"], edges["buyer"], strict=True):
        for firm, partner in ((one, other), (other, one)):
            if partner in on_chain and partner != firm:
                found.setdefault(firm, set()).add(partner)
    return found


def suppliers(state: Standing, makers: pd.DataFrame, led: pd.DataFrame) -> pd.DataFrame:
    """What the lead firms' products need, product by product, and who makes it in the place (关键配套).

    Parameters
    ----------
    led
        `leaders`; where it is empty every product made in the place counts.

    Returns
    -------
    DataFrame
        Columns `SUPPLIERS`: product, name, role (物料, 设备, 服务, joined by ；), serves (products of lead firms it goes into), leaders
        (those firms), status, reason, label, makers, firms (local makers by name, the first eight), outside (makers outside the place),
        key (why it is a key link), buyers. What nobody makes here comes first, then by number of lead firms served.
    """
    wanted = _needed_by(led) or dict.fromkeys(sorted(state.covered), frozenset())
    rows = []
    for product, row in state.rows.items():
        users = [user for user in state.chain.successors(product) if user in wanted]
        if not users:
            continue
        users.sort(key=list(state.rows).index)
        firms = sorted(set().union(*(wanted[user] for user in users)))
        rows.append({
            "product": product, "name": row["name"], "role": "；".join(sorted({state.chain.edges[product, user]["role"] for user in users})),
            "serves": "；".join(users), "leaders": "；".join(firms), "status": row["status"], "reason": row["reason"], "label": row["label"],
            "makers": row["makers"], "firms": _named(makers, product), "outside": row["national"] - row["makers"],
            "key": state.key_links.get(product, ""), "buyers": row["buyers"], "_served": len(firms) or len(users),
        })
    if not rows:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in SUPPLIERS})
    frame = pd.DataFrame(rows).assign(_held=lambda f: f["makers"] > 0)
    frame = frame.sort_values(["_held", "_served", "product"], ascending=[True, False, True], kind="stable").reset_index(drop=True)
    frame["rank"] = range(1, len(frame) + 1)
    return frame[SUPPLIERS]


def _needed_by(led: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Lead firms by product."""
    found: dict[str, set[str]] = {}
    for name, short, products in zip(led["name"], led["short_name"], led["products"], strict=True):
        for product in products.split("；"):
            found.setdefault(product, set()).add(short if isinstance(short, str) and short else name)
    return {product: frozenset(names) for product, names in found.items()}


def _named(makers: pd.DataFrame, product: str) -> str:
    names = makers.loc[makers["product"] == product, "name"].tolist()
    more = f"等 {len(names)} 家" if len(names) > _SHOWN else ""
    return "；".join(names[:_SHOWN]) + more
