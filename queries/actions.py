"""The four chain actions: what is missing to fill (补链), extend (延链), strengthen (强链) and upgrade (提链).

Each function takes a `Standing` and returns the rows of its action: product, action, kind (what sort of it), need (0..1, the
need term of the score), detail (evidence in words), related (products the evidence speaks of, joined by ；).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from chain.tables import records
from queries import structure
from queries.standing import Standing

BY_COEFFICIENT = "按投入系数"
COLUMNS = ["product", "action", "kind", "need", "detail", "related"]


def fill(standing: Standing) -> pd.DataFrame:
    """Missing links that local enterprises buy from elsewhere (补链).

    Notes
    -----
    v with cov(v)=0 and a local maker of some x with v→x for whom no substitute of v in the same OR group is made locally.
    *inner* (断点) if an input of v is also made locally, else *outer*. need = n ÷ (n + 3), n = such buyers.
    """
    rows = []
    for product, row in standing.rows.items():
        if row["covered"] or not row["open_buyers"]:
            continue
        users = standing.users(product)
        feeds = [before for before in standing.chain.predecessors(product) if before in standing.covered]
        kind = "断点" if feeds else "外购"
        buyers = row["open_buyers"]
        detail = f"本地 {buyers} 家企业要用它（生产{_listed(users)}）"
        detail += f"；其投入品{_listed(feeds)}本地已有" if feeds else ""
        rows.append((product, "补链", kind, buyers / (buyers + 3), detail, "；".join(_ordered(users) + _ordered(feeds))))
    return _frame(rows)


def extend(standing: Standing) -> pd.DataFrame:
    """Where the chain can be lengthened (延链).

    Notes
    -----
    Downstream: cov(v)=0, nobody local makes anything v goes into, and some material or part of v is made locally, or arises as
    by-product of what is: it leaves the place unprocessed. need = feed share = Σ a_uv over such u ÷ Σ a_uv, or the share of
    inputs where coefficients are not all known; an OR group counts once, a mere by-product half. Upstream: v is a source product of the chain, not
    covered, without local buyers, that goes into a product of the covered hull (`structure.hull`); need = 0.5 by definition.
    """
    rows = []
    inside = structure.hull(standing.chain, standing.covered)
    for product, row in standing.rows.items():
        if row["covered"] or row["buyers"]:
            continue
        inputs = standing.chain.in_edges(product, data=True)
        feeds = [before for before, _, data in inputs if before in standing.available and data["role"] == "物料"]
        if feeds:
            share, basis = feed_share(standing, product)
            made, arising = [u for u in feeds if u in standing.covered], [u for u in feeds if u not in standing.covered]
            had = "，".join(
                [f"本地生产{_listed(made)}"] * bool(made) + [f"本地可能副产{_listed(arising)}（待核）"] * bool(arising))
            detail = f"{had}，可往下做成它；{basis}"
            rows.append((product, "延链", "下游延伸", share, detail, "；".join(_ordered(feeds))))
            continue
        users = [user for user in standing.chain.successors(product) if user in inside]
        if users and standing.chain.in_degree(product) == 0:
            detail = f"源头产品，是{_users_in_words(standing, users)}的投入"
            rows.append((product, "延链", "上游延伸", 0.5, detail, "；".join(_ordered(users))))
    return _frame(rows)


def _users_in_words(standing: Standing, users: list[str]) -> str:
    """Products that need a source: those made here, and those that stand between links that are."""
    made, between = [u for u in users if u in standing.covered], [u for u in users if u not in standing.covered]
    return "，也是".join([f"本地已有的{_listed(made)}"] * bool(made) + [f"夹在本地已有环节之间的{_listed(between)}"] * bool(between))


def feed_share(standing: Standing, product: str) -> tuple[float, str]:
    """Share of the materials of `product` that the place supplies, and words that say so and by what it is measured.

    An OR group counts once: covered if any member is, with the largest coefficient of its members. What only arises as a
    by-product counts half: nobody is known to sell it.
    """
    slots: dict[str, tuple[float, float | None]] = {}
    for before, _, data in standing.chain.in_edges(product, data=True):
        if data["role"] != "物料":
            continue
        slot = f"group:{data['group']}" if data["group"] else f"input:{before}"
        had, size = slots.get(slot, (0.0, None))
        sizes = [number for number in (size, data["coefficient"]) if number is not None]
        here = 1.0 if before in standing.covered else 0.5 if before in standing.available else 0.0
        slots[slot] = (max(had, here), max(sizes) if sizes else None)
    sized = [(here, size) for here, size in slots.values() if size is not None]
    if len(sized) == len(slots) and (total := sum(sorted(size for _, size in sized))) > 0:
        share = sum(sorted(here * size for here, size in sized)) / total
        return share, f"投入的 {share:.0%} 本地可供（{BY_COEFFICIENT}）"
    parts = [here for here, _ in slots.values()]
    told = "、".join([f"{parts.count(1.0)} 种本地可供"] * (1.0 in parts) + [f"{parts.count(0.5)} 种本地可能副产（按一半计）"] * (0.5 in parts))
    return (sum(parts) / len(parts) if parts else 0.0), f"链上列出的 {len(parts)} 种投入中 {told or '没有本地可供的'}"


def strengthen(standing: Standing) -> pd.DataFrame:
    """Links made locally that fail a test of strength (强链); need = failed tests ÷ 5."""
    rows = []
    for product, row in standing.rows.items():
        if row["status"] == "weak":
            tests = row["tests"].split("；")
            seen = "" if len(standing.place.registers) else "样本中"
            detail = f"{seen}本地 {row['makers']} 家；{row['tests']}"
            rows.append((product, "强链", "、".join(test.split(" ")[0] for test in tests), len(tests) / 5, detail, product))
    return _frame(rows)


def upgrade(standing: Standing) -> pd.DataFrame:
    """Higher-value successors of what is made locally, not yet made here (提链); the row's product is the successor.

    need = n ÷ (n + 3), n = local makers of the product that can be upgraded (the most of several).
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for row in records(standing.scope.upgrades):
        if row["product"] in standing.covered and row["successor"] in standing.rows and row["successor"] not in standing.covered:
            found.setdefault(row["successor"], []).append((row["product"], row["gain"] or ""))
    rows = []
    for product in standing.rows:
        if product not in found:
            continue
        origins = sorted(set(found[product]))
        makers = max(standing.rows[origin]["makers"] for origin, _ in origins)
        gains = [f"由「{origin}」升级" + (f"：{gain}" if gain else "") for origin, gain in origins]
        rows.append((product, "提链", "升级", makers / (makers + 3), f"本地 {makers} 家生产升级前产品；" + "；".join(gains),
                     "；".join(_ordered(origin for origin, _ in origins))))
    return _frame(rows)


def untold(standing: Standing, named: Collection[str]) -> pd.DataFrame:
    """Links nobody is known to make, that no other action names, where absence can't be believed (先核实); need = 0.

    The evidence is the coverage: how many enterprises of the place are known, and that none is tied to the link.
    """
    place = standing.place
    seen = f"（另有 {place.parties} 家只见于供应关系，不知道产品）" if place.parties else ""
    detail = f"本地已知 {place.enterprises - place.parties} 家企业{seen}，没有一家确认生产它，也没有已知的本地上下游"
    rows = [
        (product, "先核实", "无本地上下游", 0.0, detail, "")
        for product, row in standing.rows.items() if row["status"] == "unknown" and product not in named
    ]
    return _frame(rows)


def _ordered(products: Iterable[str]) -> list[str]:
    return sorted(set(products))


def _listed(products: Iterable[str], most: int = 3) -> str:
    names = _ordered(products)
    return "「" + "、".join(names[:most]) + "」" + (f"等 {len(names)} 种" if len(names) > most else "")


def _frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"need": "float64", **{c: "str" for c in COLUMNS if c != "need"}})
