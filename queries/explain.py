"""The evidence path behind a gap or a target, down to file, sheet and row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from chain import region
from chain.errors import UnknownName
from chain.moments import of_one_moment
from chain.store import Store
from chain.tables import records
from queries import absence, identifiers
from queries import gaps as gap_list
from queries import targets as target_list
from queries.rules import Rules, names, weights
from queries.standing import Standing, standing

COLUMNS = ["step", "statement", "file", "sheet", "row"]
_Line = tuple[str, str, object, object]
MOST = 20
"""At most so many enterprises are named in one step; the rest is counted."""


@of_one_moment
def explain(store: Store, reference: str, rules: Rules = Rules()) -> pd.DataFrame:
    """Why a gap is a gap, or a target a target.

    Parameters
    ----------
    reference
        An id from column ``id`` (编号) of `gaps` or `targets`; the place in it may be written as a name. Else an enterprise:
        its id, 统一社会信用代码, stock code or name.

    Returns
    -------
    DataFrame
        step (结论, 理由, 把握, 定义, 本地, 待复核, 升级, 需求, 投入, 上级, 评分, 名录, 口径; for a target 结论, 匹配, 缺口, 企业,
        往来, 评分, 口径), statement, file, sheet, row (Int64): where it stands written; in reading order.

    Raises
    ------
    InputError, UnknownName
        If the id is none, or nothing (any more) stands behind it: data or rules have changed.
    """
    if not identifiers.looks_like_one(reference):
        return _with_files(store, enterprise_lines(store, reference, rules))
    found = identifiers.parse(reference)
    if not found.place.startswith("park:") and not region.is_code(found.place):
        found = replace(found, place=region.resolve(found.place))
    state = standing(store, found.chain, found.place, rules)
    if found.product not in state.rows:
        raise UnknownName("产品", found.product, state.scope.ids)
    lines = _target(store, state, found) if found.enterprise else _gap(store, state, found)
    return _with_files(store, lines)


def _with_files(store: Store, lines: Iterator[_Line]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=["step", "statement", "source", "row"])
    sources = store.tables(["sources"])["sources"][["id", "file", "sheet"]].rename(columns={"id": "source"})
    frame["source"] = frame["source"].astype("str")
    frame = frame.merge(sources, on="source", how="left")
    return frame.assign(row=frame["row"].astype("Int64"))[COLUMNS]


def enterprise_lines(store: Store, reference: str, rules: Rules) -> Iterator[_Line]:
    """What every source says of an enterprise, and what it makes.

    Raises
    ------
    InputError, UnknownName
        If no enterprise or more than one is meant; the names that fit are listed.
    """
    wanted = reference.strip()
    found = store.enterprises([wanted, f"stock:{wanted}", f"name:{wanted}"])
    if found.empty and re.fullmatch("[0-9]{5,6}", wanted):  # the enterprise has a 统一社会信用代码 for its id, and this code beside it
        firms = store.enterprises(brief=True)
        found = store.enterprises(firms.loc[firms["code"] == wanted, "id"])
    if found.empty:
        found = store.enterprises(text=wanted, limit=20)
        exact = found[(found["name"] == wanted) | (found["short_name"] == wanted)]
        found = exact if len(exact) == 1 else found
    if len(found) != 1:
        fits = "、".join(f"{row['name']}（{row['id']}）" for row in records(found.head(8)))
        raise UnknownName("编号或企业", reference, way_out=(
            f"合得上的企业：{fits}；请写全称或编号" if fits else
            "编号写在 lianpu gaps 和 lianpu targets 结果的「编号」一列；企业写名称、统一社会信用代码或股票代码（如 600169）"))
    one = records(found)[0]
    yield "企业", f"{one['name']}（{one['id']}）", one["source"], one["row"]
    for record in records(store.records(one["id"])):
        yield "来源", _facts(record), record["source"], record["row"]
    states = {"confirmed": "已确认", "review": "待复核", "rejected": "已排除"}
    for make in records(store.records(one["id"], "makes")):
        words = make["evidence"] or "来源表直接列出"
        sure = "" if make["confidence"] is None else f"，置信度 {make['confidence']:.2f}"
        yield "产品", f"{make['product']}（{states[make['state']]}{sure}）：{words}", make["source"], make["row"]


def _gap(store: Store, state: Standing, found: identifiers.Reference) -> Iterator[_Line]:
    listed = gap_list.rank(store, state)
    rows = listed[(listed["product"] == found.product) & (listed["action"] == found.action)]
    if rows.empty:
        status = state.rows[found.product]["label"]
        raise UnknownName(
            "缺口", identifiers.gap_id(found.action, found.chain, state.place.id, found.product),
            way_out=f"「{found.product}」在{state.place.name}现为{status}，没有{found.action}这一项；"
                    "数据或参数可能已变，请重新运行 lianpu gaps")
    row = records(rows)[0]
    where = f"{state.place.full_name}「{found.chain}」链"
    what = f"「{row['name']}」{row['action']}（{row['kind']}）"
    yield "结论", f"{where}：{what}，状态 {row['label']}，排第 {row['rank']}", None, None
    yield "理由", str(row["detail"]), None, None
    yield "把握", str(row["certainty"]), None, None
    yield from _definition(state, found.product)
    yield from _local(store, state, found.product)
    yield from _origins(store, state, row)
    yield from _users(store, state, found.product)
    yield from _above(store, state, found.product, str(row["nearest"]))
    yield from _score(row, "gap", gap_list.TERMS, "", weights("action")[str(row["action"])])
    yield from _proof(state)


def _definition(state: Standing, product: str) -> Iterator[_Line]:
    """Where the chain file defines the product, its arcs and upgrades."""
    line = records(state.scope.products[state.scope.products["product"] == product])[0]
    place = " › ".join(filter(None, (line["stage"], line["segment"])))
    why = f"：{line['reason']}" if line["reason"] else ""
    worth = "关键度未定" if line["criticality"] is None else f"关键度 {line['criticality']:g}{why}"
    yield "定义", f"链上的环节：{place}；{worth}", line["source"], line["row"]
    if line["chokepoint"]:
        yield "定义", f"卡脖子环节，依据 {line['chokepoint']}", line["source"], line["row"]
    if product in state.key_links:
        yield "定义", f"关键环节：{state.key_links[product]}", line["source"], line["row"]
    for arc in records(state.scope.arcs[state.scope.arcs["input"] == product]):
        group = f"，替代组「{arc['group']}」" if arc["group"] else ""
        yield "定义", f"{product} → {arc['product']}（{arc['role']}{group}）", arc["source"], arc["row"]
    for up in records(state.scope.upgrades[state.scope.upgrades["successor"] == product]):
        gain = f"：{up['gain']}" if up["gain"] else ""
        yield "定义", f"{up['product']} 升级为 {product}{gain}", up["source"], up["row"]


def _local(store: Store, state: Standing, product: str) -> Iterator[_Line]:
    """Local makers, and enterprises to ask: their link awaits review, or they may make it without saying so."""
    makers = store.makers([product], state.place.id, state.rules.view)
    if makers.empty:
        yield "本地", f"{state.place.name}没有已确认的「{product}」生产企业（查了 {state.place.enterprises} 家）", None, None
    yield from _named("本地", makers, "生产")
    yield from _named("待复核", store.makers([product], state.place.id, state.rules.view, state="review"), "可能生产")
    firms = state.hidden.get(product, {})
    for source, words in sorted(set().union(*firms.values())):
        made = store.makers([source], region.CHINA, state.rules.view)
        silent = made[[(source, words) in firms.get(enterprise, ()) for enterprise in made["enterprise"]]]
        yield from _named("待复核", silent, f"可能有「{product}」{words}：它生产")


def _origins(store: Store, state: Standing, row: dict[str, Any]) -> Iterator[_Line]:
    """Local makers of what can be upgraded to the product."""
    if row["action"] == "提链":
        steps = state.scope.upgrades[state.scope.upgrades["successor"] == row["product"]]
        makers = store.makers(sorted(set(steps["product"]) & state.covered), state.place.id, state.rules.view)
        yield from _named("升级", makers, f"可升级到「{row['product']}」，现在生产")


def _users(store: Store, state: Standing, product: str) -> Iterator[_Line]:
    """Local enterprises that need the product, those that can do with a local substitute, and those whose product feeds it."""
    users = state.users(product)
    if users:
        yield from _named("需求", store.makers(users, state.place.id, state.rules.view), f"要用「{product}」，因为生产")
    for user in sorted(set(state.chain.successors(product)) & state.covered - set(users)):
        others = "、".join(sorted(state.substitutes(product, user) & state.covered))
        makers = store.makers([user], state.place.id, state.rules.view)
        yield from _named("需求", makers, f"可用本地已有的「{others}」代替「{product}」，生产")
    inputs = set(state.chain.predecessors(product))
    if feeds := inputs & state.covered:
        makers = store.makers(sorted(feeds), state.place.id, state.rules.view)
        yield from _named("投入", makers, f"可供「{product}」的投入品，生产")
    arising = {(row["product"], row["main"]) for row in records(state.scope.byproducts) if row["product"] in inputs - state.covered}
    for waste, main in sorted(arising):
        makers = store.makers([main], state.place.id, state.rules.view)
        yield from _named("投入", makers, f"过程中产生「{product}」的投入品「{waste}」：它生产")


def _above(store: Store, state: Standing, product: str, nearest: str) -> Iterator[_Line]:
    if state.rows[product]["covered"]:
        return
    yield "上级", f"最近覆盖层级：{nearest}", None, None
    province = (state.home or region.CHINA)[:2] + "0000"
    if province not in (state.place.id, region.CHINA):
        yield from _named("上级", store.makers([product], province, state.rules.view), "省内生产")


def _named(step: str, makers: pd.DataFrame, verb: str) -> Iterator[_Line]:
    """One line an enterprise with the words that show it; the rest counted."""
    for row in records(makers.head(MOST)):
        evidence = row["evidence"] or "来源表直接列出"
        statement = f"{row['name']} {verb}「{row['made']}」（置信度 {row['confidence']:.2f}）：{evidence}"
        yield step, statement, row["source"], row["row"]
    if len(makers) > MOST:
        yield step, f"另有 {len(makers) - MOST} 家", None, None


def _score(row: dict[str, Any], score: str, terms: tuple[str, ...], prefix: str, factor: float) -> Iterator[_Line]:
    weight, name = weights(score), names(score)
    parts = "＋".join(f"{name[term]} {row[prefix + term]:.2f}×{weight[term]:g}" for term in terms)
    whole = f"（{parts}）×{factor:g}（行动系数）×100" if factor != 1 else f"（{parts}）×100"
    yield "评分", f"{row['score']:.2f} = {whole}；各项含义见口径说明", None, None


def _proof(state: Standing) -> Iterator[_Line]:
    for source in records(state.place.registers):
        size = f"，范围：{source['min_size']}" if source["min_size"] else ""
        statement = f"对{region.full_name(source['region'])}完整的名录{size}，截至 {source['as_of'] or '日期不详'}"
        yield "名录", statement, source["id"], None
    if state.place.registers.empty:
        yield "名录", f"没有覆盖{state.place.name}的名录：{absence.REASONS['b']}", None, None
    yield "口径", f"{state.rules.in_words()}；{f'截至 {state.as_of}' if state.as_of else '数据日期未注明'}", None, None


def _target(store: Store, state: Standing, found: identifiers.Reference) -> Iterator[_Line]:
    wanted = gap_list.rank(store, state)
    rows = target_list.for_gaps(store, state, wanted, top=None)
    rows = rows[(rows["product"] == found.product) & (rows["enterprise"] == found.enterprise)]
    if rows.empty:
        raise UnknownName("招商目标", str(found.enterprise), way_out="数据或参数可能已变，请重新运行 lianpu targets")
    row = records(rows)[0]
    gap = f"{state.place.full_name}「{found.chain}」链的「{found.product}」（{row['action']}，{row['gap_label']}）"
    yield "结论", f"为{gap}招引 {row['name']}，该环节第 {row['rank']}", None, None
    yield "匹配", f"{row['reason']}：{row['evidence'] or '来源表直接列出'}", row["source"], row["row"]
    reference = identifiers.gap_id(row["action"], found.chain, found.place, found.product)
    yield "缺口", f"缺口的证据：lianpu explain … {reference}", None, None
    for record in records(store.records(str(found.enterprise))):
        yield "企业", _facts(record), record["source"], record["row"]
    yield from _ties(store, state, str(found.enterprise))
    yield from _score(row, "target", target_list.TERMS, "term_", 1.0)
    yield "口径", f"{state.rules.in_words()}；{f'截至 {state.as_of}' if state.as_of else '数据日期未注明'}", None, None


_FIGURES = {"registered_capital": "注册资本 {:g} 万元", "revenue": "营业收入 {:g} 万元", "employees": "{:g} 人"}


def _facts(record: dict[str, Any]) -> str:
    parts = [record["name"]] + ([region.full_name(record["region"])] if record["region"] else [])
    return "，".join(parts + [words.format(record[name]) for name, words in _FIGURES.items() if record[name] is not None])


def _ties(store: Store, state: Standing, enterprise: str) -> Iterator[_Line]:
    if state.place.id.startswith("park:"):
        return
    for side in ("buyer_in", "supplier_in"):
        for edge in records(store.supplies(enterprises=[enterprise], **{side: state.place.id}).head(MOST)):
            year = "" if edge["year"] is None else f"{int(edge['year'])} 年"
            yield "往来", f"{year}{edge['supplier_name']} 供货给 {edge['buyer_name']}", edge["source"], edge["row"]
