"""The figures of a chain in a place, each with its formula and what it rests on."""

from __future__ import annotations

from itertools import product as pairs_of

import numpy as np
import pandas as pd

from chain.moments import of_one_moment
from chain.store import Store
from queries import actions, structure
from queries.rules import Rules
from queries.standing import Standing, standing

COLUMNS = ["indicator", "value", "unit", "formula", "basis"]


@of_one_moment
def indicators(store: Store, chain: str, place: str, rules: Rules = Rules()) -> pd.DataFrame:
    """Indicators of `chain` in `place`.

    Returns
    -------
    DataFrame
        indicator (Chinese name), value (float64, NaN where it can't be computed), unit, formula, basis (the numbers behind it
        or why there is none); in a fixed order.
    """
    return of(store, standing(store, chain, place, rules))


def of(store: Store, state: Standing) -> pd.DataFrame:
    """Indicators of an evaluated standing; see `indicators`."""
    rows = [*_counts(state), *_completeness(state), *_sourcing(store, state), *_leaks(state), *_shape(state, store)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": "float64", **{c: "str" for c in COLUMNS if c != "value"}})


_Row = tuple[str, float, str, str, str]


def _counts(state: Standing) -> list[_Row]:
    labels = state.products["label"].value_counts()
    names = ("优势", "具备", "薄弱", "缺失", "疑似缺失", "待核")
    split = "、".join(f"{name} {labels.get(name, 0)}" for name in names)
    return [
        ("环节数", float(len(state.products)), "个", "链上产品总数", split),
        ("本地企业数", float(state.place.enterprises), "家", "所在地内存续企业",
         f"其中只见于供应关系的 {state.place.parties} 家；另有 {state.place.coarse} 家所在地不详或只知道在上级地区，未计入"),
    ]


def _completeness(state: Standing) -> list[_Row]:
    frame, name = state.products, "链条完整度（{}）"
    weight, covered = frame["weight"].astype("float64"), frame["covered"]
    unknown = int((frame["status"] == "unknown").sum())
    whole, all_paths = structure.path_share(state.chain, state.covered)
    doubt = f"另有 {unknown} 个环节待核（含疑似缺失），这是下限" if unknown else "没有待核环节"
    letters = frame.loc[frame["reason"] != "", "reason"].value_counts().sort_index()
    return [
        (name.format("加权"), _ratio(weight[covered].sum(), weight.sum()), "",
         "Σ w·cov ÷ Σ w，w 为权重（缺省为关键度，再缺省为 1）", f"{weight[covered].sum():g} ÷ {weight.sum():g}；{doubt}"),
        (name.format("简单"), _ratio(float(covered.sum()), float(len(frame))), "", "已具备环节 ÷ 全部环节",
         f"{int(covered.sum())} ÷ {len(frame)}；{doubt}"),
        (name.format("路径"), whole / all_paths if all_paths else np.nan, "", "全程具备的源→汇路径 ÷ 全部路径",
         f"{whole} ÷ {all_paths}；{doubt}"),
        ("待核环节数", float(unknown), "个", "不能断定是否缺失的环节",
         "、".join(f"{letter}：{count}" for letter, count in letters.items()) or "无"),
    ]


def _sourcing(store: Store, state: Standing) -> list[_Row]:
    return [_by_amounts(store, state), _by_nodes(state)]


def _by_amounts(store: Store, state: Standing) -> _Row:
    name, formula = "本地配套率（采购额口径）", "本地采购额 ÷ 全部采购额（有金额的供应关系）"
    if state.place.id.startswith("park:"):
        return name, np.nan, "", formula, "园区暂无此口径"
    bought = store.supplies(buyer_in=state.place.id)
    known = bought[bought["amount_wan"].notna()]
    if known.empty:
        return name, np.nan, "", formula, f"{len(bought)} 条采购关系都没有金额，无法计算"
    total = int((known["amount_wan"] * 10000).round().sum())
    sold_here = store.supplies(buyer_in=state.place.id, supplier_in=state.place.id)
    local = int((sold_here["amount_wan"].dropna() * 10000).round().sum())
    return name, _ratio(float(local), float(total)), "", formula, f"{local / 10000:g} ÷ {total / 10000:g} 万元，{len(known)} 条"


def _by_nodes(state: Standing) -> _Row:
    shares = [(product, *actions.feed_share(state, product)) for product in state.products["product"]
              if product in state.covered and _has_materials(state, product)]
    formula = "已具备环节的投入中本地可供份额的平均（Σ a·cov ÷ Σ a；无系数时按投入种数），替代组算一项"
    if not shares:
        return "本地配套率（节点覆盖口径）", np.nan, "", formula, "本地没有需要投入品的环节"
    value = sum(sorted(share for _, share, _ in shares)) / len(shares)
    sized = sum(actions.BY_COEFFICIENT in basis for _, _, basis in shares)
    return "本地配套率（节点覆盖口径）", value, "", formula, f"{len(shares)} 个环节，其中 {sized} 个有投入系数"


def _has_materials(state: Standing, product: str) -> bool:
    return any(data["role"] == "物料" for _, _, data in state.chain.in_edges(product, data=True))


def _leaks(state: Standing) -> list[_Row]:
    """Purchases that leave the place, only for inputs whose demand is fully known by coefficients and outputs."""
    formula = "Σ D_v·(1 − 本地供给率)，D_v = Σ a_vx · 产值_x(本地)；只算系数与产值都齐的环节"
    leaked, counted = [], 0
    for product in state.products["product"]:
        demand = _demand(state, product)
        if demand is None:
            continue
        counted += 1
        row = state.rows[product]
        if row["outputs_known"] == row["makers"]:
            leaked.append(max(0.0, demand - (row["output_wan"] or 0.0)))
    if not leaked:
        return [("外流采购额", np.nan, "万元/年", formula, "没有系数与产值都齐的环节，无法计算")]
    left_out = f"；另有 {counted - len(leaked)} 个环节本地产值不全，未计" if counted > len(leaked) else ""
    return [("外流采购额", float(sum(sorted(leaked))), "万元/年", formula, f"{len(leaked)} 个环节{left_out}")]


def _demand(state: Standing, product: str) -> float | None:
    parts = []
    for _, user, data in state.chain.out_edges(product, data=True):
        row = state.rows[user]
        if not row["covered"]:
            continue
        if data["coefficient"] is None or row["outputs_known"] != row["makers"]:
            return None
        parts.append(data["coefficient"] * row["output_wan"])
    return float(sum(sorted(parts))) if parts else None


def _shape(state: Standing, store: Store) -> list[_Row]:
    frame = state.products
    covered = frame[frame["covered"]]
    layer = structure.upstreamness(state.scope, state.chain)
    held_in = layer.assign(covered=layer["product"].isin(state.covered)).groupby("third")["covered"]
    parts = dict(iter(held_in))
    thirds = [f"{third} {int(parts[third].sum())}/{len(parts[third])}" for third in ("上游", "中游", "下游") if third in parts]
    keys = [product for product in frame["product"] if product in state.key_links]
    held = sum(product in state.covered for product in keys)
    multi = covered[covered["makers"] > 1]
    return [
        ("平均区位商", float(covered["lq"].mean()), "",
         "已具备环节的 LQ 平均；LQ =（n_vρ ÷ Σn_vρ）÷（n_v ÷ Σn_v），n 为生产企业数（Balassa 1965）", f"{len(covered)} 个环节"),
        ("平均集中度 HHI", float(multi["hhi"].mean()), "",
         "两家以上环节的 Σs² 平均，s 为产值（缺则注册资本，再缺则家数）份额", f"{len(multi)} 个环节"),
        ("关键环节具备率", _ratio(float(held), float(len(keys))), "",
         "具备的关键环节 ÷ 关键环节（支配点、割点、投入组唯一成员；Lengauer & Tarjan 1979）", f"{held} ÷ {len(keys)}"),
        ("上游/中游/下游具备数（按投入层次）", np.nan, "个", "按最长路径分层（不按链文件的阶段）三等分，已具备 ÷ 全部；图上的上中下游用链文件的阶段",
         f"{'，'.join(thirds)}；{int(layer['overridden'].sum())} 个环节的层次与图上的阶段不同"),
        _chaining(state, store),
    ]


def _chaining(state: Standing, store: Store) -> _Row:
    """Share of the arcs made at both ends in the place along which some local maker has sold to some other local maker."""
    name, formula = "纵向成链（供应联系）", "其中有本地企业间供应关系的 ÷ 两端都由本地生产的链上投入关系"
    arcs = [(before, after) for before, after in state.chain.edges if before in state.covered and after in state.covered]
    if state.place.id.startswith("park:") or not arcs:
        return name, np.nan, "", formula, f"{len(arcs)} 对投入关系两端都由本地生产"
    local = store.supplies(buyer_in=state.place.id, supplier_in=state.place.id)
    deals = set(local[["supplier", "buyer"]].itertuples(index=False, name=None))
    linked = _linked(store, state, deals) & set(arcs) if deals else set()
    basis = f"{len(linked)} ÷ {len(arcs)} 对投入关系；本地企业间供应关系 {len(deals)} 对"
    return name, len(linked) / len(arcs), "", formula, basis


def _linked(store: Store, state: Standing, deals: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Pairs of products of the chain whose local makers have dealt with each other."""
    made: dict[str, set[str]] = {}
    makers = store.makers(sorted(state.covered), state.place.id, state.rules.view)
    for enterprise, product in zip(makers["enterprise"], makers["product"], strict=True):
        made.setdefault(enterprise, set()).add(product)
    return {pair for seller, buyer in deals for pair in pairs_of(made.get(seller, ()), made.get(buyer, ()))}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
