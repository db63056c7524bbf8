"""The evidence path behind a gap or a target, down to file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from chain import region
from chain.errors import UnknownName
from chain.store import Store
from queries import absence, identifiers
from queries import gaps as gap_list
from queries import targets as target_list
from queries.rules import Rules, weights
from queries.standing import Standing, standing

COLUMNS = ["step", "statement", "file", "sheet", "row"]
_Line = tuple[str, str, object, object]
MOST = 20
"""At most so many enterprises are named in one step; the rest is counted."""


def explain(store: Store, reference: str, rules: Rules = Rules()) -> pd.DataFrame:
    """Why a gap is a gap, or a target a target.

    Parameters
    ----------
    reference
        An id from the first column of `gaps` or `targets`.

    Returns
    -------
    DataFrame
        step (结论, 定义, 本地, 需求, 供给, 上级, 评分, 来源 …), statement, file, sheet, row (Int64): where it stands written; in reading order.

    Raises
    ------
    InputError, UnknownName
        If the id is none, or nothing (any more) stands behind it: data or rules have changed.
    """
    found = identifiers.parse(reference)
    state = standing(store, found.chain, found.place, rules)
    if found.product not in state.rows:
        raise UnknownName("产品", found.product, state.scope.ids)
    lines = _target(store, state, found) if found.enterprise else _gap(store, state, found)
    frame = pd.DataFrame(lines, columns=["step", "statement", "source", "row"])
    sources = store.tables(["sources"])["sources"][["id", "file", "sheet"]].rename(columns={"id": "source"})
    frame["source"] = frame["source"].astype("str")
    frame = frame.merge(sources, on="source", how="left")
    return frame.assign(row=frame["row"].astype("Int64"))[COLUMNS]


def _gap(store: Store, state: Standing, found: identifiers.Reference) -> Iterator[_Line]:
    listed = gap_list.rank(store, state)
    rows = listed[(listed["product"] == found.product) & (listed["action"] == found.action)]
    if rows.empty:
        status = state.rows[found.product]["label"]
        raise UnknownName(
            "缺口", f"{found.action}/{found.product}",
            way_out=f"「{found.product}」在{state.place.name}现为{status}，没有{found.action}这一项；数据或参数可能已变，请重新运行 lianpu gaps")
    row = rows.iloc[0]
    yield "结论", f"{state.place.full_name}「{found.chain}」链：「{row['name']}」{row['action']}（{row['kind']}），状态 {row['label']}，排第 {row['rank']}", None, None
    yield "理由", str(row["detail"]), None, None
    yield "把握", str(row["certainty"]), None, None
    yield from _definition(state, found.product)
    yield from _local(store, state, found.product)
    yield from _users(store, state, found.product)
    yield from _above(store, state, found.product, str(row["nearest"]))
    yield from _score(row, "gap", gap_list.TERMS, "", weights("action")[str(row["action"])])
    yield from _proof(state)


def _definition(state: Standing, product: str) -> Iterator[_Line]:
    """Where the chain file defines the product, its arcs and upgrades."""
    line = state.scope.products[state.scope.products["product"] == product].iloc[0]
    yield "定义", f"链上的环节：{line['stage']} › {line['segment']}；关键度 {line['criticality']}：{line['reason']}", line["source"], line["row"]
    if isinstance(line["chokepoint"], str):
        yield "定义", f"卡脖子环节，依据 {line['chokepoint']}", line["source"], line["row"]
    if product in state.key_links:
        yield "定义", f"关键环节：{state.key_links[product]}", line["source"], line["row"]
    for arc in state.scope.arcs[state.scope.arcs["input"] == product].itertuples(index=False):
        group = f"，替代组「{arc.group}」" if isinstance(arc.group, str) else ""
        yield "定义", f"{product} → {arc.product}（{arc.role}{group}）", arc.source, arc.row
    for up in state.scope.upgrades[state.scope.upgrades["successor"] == product].itertuples(index=False):
        yield "定义", f"{up.product} 升级为 {product}" + (f"：{up.gain}" if isinstance(up.gain, str) else ""), up.source, up.row


def _local(store: Store, state: Standing, product: str) -> Iterator[_Line]:
    """Local makers, and local enterprises whose link awaits review."""
    makers = store.makers([product], state.place.id, state.rules.view)
    if makers.empty:
        yield "本地", f"{state.place.name}没有已确认的「{product}」生产企业（查了 {state.place.enterprises} 家）", None, None
    yield from _named("本地", makers, "生产")
    yield from _named("待复核", store.makers([product], state.place.id, state.rules.view, state="review"), "可能生产")


def _users(store: Store, state: Standing, product: str) -> Iterator[_Line]:
    """Local enterprises that need the product, or whose product feeds it."""
    users = [user for user in state.chain.successors(product) if user in state.covered]
    if users:
        yield from _named("需求", store.makers(sorted(users), state.place.id, state.rules.view), f"要用「{product}」，因为生产")
    feeds = [before for before in state.chain.predecessors(product) if before in state.covered]
    if feeds:
        yield from _named("投入", store.makers(sorted(feeds), state.place.id, state.rules.view), f"可供「{product}」的投入品，生产")


def _above(store: Store, state: Standing, product: str, nearest: str) -> Iterator[_Line]:
    if state.rows[product]["covered"]:
        return
    yield "上级", f"最近覆盖层级：{nearest}", None, None
    province = state.place.id[:2] + "0000"
    if not state.place.id.startswith("park:") and province != state.place.id and province != region.CHINA:
        yield from _named("上级", store.makers([product], province, state.rules.view), "省内生产")


def _named(step: str, makers: pd.DataFrame, verb: str) -> Iterator[_Line]:
    """One line an enterprise with the words that show it; the rest counted."""
    for row in makers.head(MOST).itertuples(index=False):
        evidence = row.evidence if isinstance(row.evidence, str) else "来源表直接列出"
        yield step, f"{row.name} {verb}「{row.made}」（置信度 {row.confidence:.2f}）：{evidence}", row.source, row.row
    if len(makers) > MOST:
        yield step, f"另有 {len(makers) - MOST} 家", None, None


def _score(row: pd.Series, score: str, terms: tuple[str, ...], prefix: str, factor: float) -> Iterator[_Line]:
    weight = weights(score)
    parts = "＋".join(f"{term} {row[prefix + term]:.2f}×{weight[term]:g}" for term in terms)
    whole = f"（{parts}）×{factor:g}×100" if factor != 1 else f"（{parts}）×100"
    yield "评分", f"{row['score']:.2f} = {whole}；各项含义见 queries/weights.csv", None, None


def _proof(state: Standing) -> Iterator[_Line]:
    for source in state.place.registers.itertuples(index=False):
        size = f"，{source.min_size}以上" if isinstance(source.min_size, str) else ""
        yield "名录", f"对{region.full_name(source.region)}完整的名录{size}，截至 {source.as_of}", source.id, None
    if state.place.registers.empty:
        yield "名录", f"没有覆盖{state.place.name}的名录：{absence.REASONS['b']}", None, None
    yield "口径", f"{state.rules.in_words()}；截至 {state.as_of}", None, None


def _target(store: Store, state: Standing, found: identifiers.Reference) -> Iterator[_Line]:
    wanted = gap_list.rank(store, state)
    rows = target_list.for_gaps(store, state, wanted, top=None)
    rows = rows[(rows["product"] == found.product) & (rows["enterprise"] == found.enterprise)]
    if rows.empty:
        raise UnknownName("招商目标", str(found.enterprise), way_out="数据或参数可能已变，请重新运行 lianpu targets")
    row = rows.iloc[0]
    yield "结论", f"为{state.place.full_name}「{found.chain}」链的「{found.product}」（{row['action']}，{row['gap_label']}）招引 {row['name']}，该环节第 {row['rank']}", None, None
    yield "匹配", f"{row['reason']}：{row['evidence'] if isinstance(row['evidence'], str) else '来源表直接列出'}", row["source"], row["row"]
    yield "缺口", "缺口的证据：lianpu explain … " + identifiers.gap_id(str(row["action"]), found.chain, found.place, found.product), None, None
    for record in store.records(str(found.enterprise)).itertuples(index=False):
        yield "企业", _facts(record), record.source, record.row
    yield from _ties(store, state, str(found.enterprise))
    yield from _score(row, "target", target_list.TERMS, "term_", 1.0)
    yield "口径", f"{state.rules.in_words()}；截至 {state.as_of}", None, None


def _facts(record: object) -> str:
    parts = [str(record.name)]  # type: ignore[attr-defined]
    if isinstance(record.region, str):  # type: ignore[attr-defined]
        parts.append(region.full_name(record.region))  # type: ignore[attr-defined]
    for value, words in ((record.registered_capital, "注册资本 {:g} 万元"), (record.revenue, "营业收入 {:g} 万元"), (record.employees, "{:g} 人")):  # type: ignore[attr-defined]
        if pd.notna(value):
            parts.append(words.format(value))
    return "，".join(parts)


def _ties(store: Store, state: Standing, enterprise: str) -> Iterator[_Line]:
    if state.place.id.startswith("park:"):
        return
    for side in ("buyer_in", "supplier_in"):
        for edge in store.supplies(enterprises=[enterprise], **{side: state.place.id}).head(MOST).itertuples(index=False):
            year = f"{int(edge.year)} 年" if pd.notna(edge.year) else ""
            yield "往来", f"{year}{edge.supplier_name} 供货给 {edge.buyer_name}", edge.source, edge.row
