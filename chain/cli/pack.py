"""One chain in one place: what is asked of the store, and the frames that files are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from chain import region
from chain.moments import of_one_moment
from chain.store import Progress, Store
from chain.tables import records
from queries import absence, indicators, rules, targets
from queries.gaps import UNTOLD, rank
from queries.standing import Standing, standing

if TYPE_CHECKING:
    from viz.sheet import MapSheet


@dataclass(frozen=True)
class Answers:
    """Everything a report says."""

    state: Standing
    gaps: pd.DataFrame
    targets: pd.DataFrame
    makers: pd.DataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    rejects: pd.DataFrame
    as_of: str
    """Data date of the store, which is not the date asked about."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """Short names of files by the paths they stand for, where these have been put in."""
    wanted: Mapping[str, int] = field(default_factory=dict)
    """Number of all targets by product; `targets` lists the best of each."""
    top: int = 0
    """How many targets a product `targets` lists at most."""


@of_one_moment
def gather(store: Store, chain: str, place: str, by: rules.Rules, *, top: int, progress: Progress | None = None) -> Answers:
    """Ask a store everything that a report needs."""
    tell = progress or (lambda step, done: None)
    tell("环节状态", 0.1)
    state = standing(store, chain, place, by)
    tell("缺口", 0.3)
    listed = rank(store, state)
    tell("目标企业", 0.4)
    every = targets.scored(store, state, listed)
    found = targets.told(every, state, top=top)
    tables = store.tables(["sources", "rejects"])
    sources = tables["sources"]
    files = sources[["id", "file", "sheet"]].rename(columns={"id": "source"})
    tell("底数", 0.6)
    makers = store.makers(state.scope.ids, place, by.view)
    return Answers(
        state, listed, found.astype({"source": "str"}).merge(files, on="source", how="left"),
        makers.astype({"source": "str"}).merge(files, on="source", how="left"),
        indicators.of(store, state), sources, tables["rejects"], store.as_of,
        wanted={str(product): int(count) for product, count in every["product"].value_counts().items()}, top=top)


def map_sheet(answers: Answers, notes: Sequence[str], *, author: str = "", stamp: str = "", public: bool = False) -> MapSheet:
    """What the chain map draws; `public` says that it is a version without targets."""
    from viz.sheet import MapSheet

    state = answers.state
    named = answers.gaps[answers.gaps["action"] != UNTOLD]
    by_product = named.groupby("product")["action"].agg("；".join)
    products = state.products[["product", "name", "stage", "segment", "status", "reason", "makers", "national"]].copy()
    products["actions"] = products["product"].map(by_product)
    makers = answers.makers.assign(lead=answers.makers["titles"].fillna("").str.contains("链主|龙头"))
    makers = makers.sort_values(["product", "lead"], ascending=[True, False], kind="stable")
    wanted = answers.targets[~answers.targets["gap_label"].isin(["优势", "具备"])] if len(answers.targets) else answers.targets
    products["wanted"] = products["product"].map({product: answers.wanted.get(product, 0) for product in wanted["product"].unique()}).fillna(0)
    caveat = "；".join(note for note in notes if "样本" in note and not note.startswith("口径"))
    return MapSheet(
        title=f"{state.place.name}{state.scope.chain['name']}产业链招商图谱", place_name=state.place.full_name, as_of=answers.as_of,
        rule=state.rules.in_words(), caveat=caveat, products=products, makers=makers[["product", "name", "short_name", "lead"]],
        targets=wanted[["product", "name", "short_name"]], arcs=state.scope.arcs[["input", "product", "role"]],
        stages=state.scope.stages, author=author, stamp=stamp, chain=str(state.scope.chain["id"]), asked=state.rules.as_of or "",
        basis="所在园区" if state.place.id.startswith("park:") else "注册地", depth=answers.top, public=public)


def gap_table(answers: Answers) -> pd.DataFrame:
    """The gap list as a page shows it."""
    from viz.lists import GAP_COLUMNS, labelled

    shown = labelled(answers.gaps, GAP_COLUMNS)
    return shown[["序号", "产品环节", "环节位置", "行动", "状态", "理由", "评分", "编号"]]


def base_table(answers: Answers) -> pd.DataFrame:
    """底数表: one row a link and local maker; links without one stand with an empty enterprise."""
    links = answers.state.products[["product", "name", "stage", "segment", "label"]]
    firms = answers.makers.rename(columns={"name": "firm", "registered_capital_wan": "capital_wan"})
    table = links.merge(firms, on="product", how="left")
    table["place"] = pd.array([region.full_name(code) if isinstance(code, str) else None for code in table["region"]], dtype="str")
    return table


def note_lines(answers: Answers, notes: Sequence[str]) -> list[tuple[str, str]]:
    """口径与数据质量说明: rules, sources, what could not be used, what can't be told."""
    state = answers.state
    chain = state.scope.chain
    lines = [("产业链", f"{chain['name']} 版本 {chain['version']}，截至 {chain['as_of']}：{chain['summary']}"),
             ("地区口径", f"{state.place.full_name}（{state.place.id}），按企业注册地；所在地不详或只知道在上级地区的 {state.place.coarse} 家未计入"),
             ("数据日期", answers.as_of or "未注明")]
    lines += [("说明", note) for note in notes]
    lines += [(f"参数：{PARAMETERS[name]}", shown(value)) for name, value in rules.parameters(state.rules).items()]
    lines += [(f"待核原因 {letter}", f"{text}。核实：{absence.SETTLE[letter]}") for letter, text in absence.REASONS.items()]
    for score, title in (("gap", "缺口评分"), ("target", "目标评分")):
        names = rules.names(score)
        lines.append((title, "；".join(f"{names[term]} {weight:g}" for term, weight in rules.weights(score).items())))
    cited = str(state.scope.chain["citations"] or "")
    lines += [("产业链依据", item) for item in cited.split("；") if item]
    kinds = {"register": "名录", "sample": "样本", "chain": "产业链文件", "link": "文字关联", "review": "人工复核", "public": "公开图谱"}
    for source in records(answers.sources):
        sheet = f" › {source['sheet']}" if source["sheet"] else ""
        kind = kinds.get(source["kind"], source["kind"])
        named = "企业文字与产品的关联" if source["kind"] == "link" else f"{source['file']}{sheet}"
        lines.append(("来源", f"{named}：{kind}，{source['rows']} 行，截至 {source['as_of'] or '未注明'}"))
    counts = answers.rejects["reason"].value_counts()
    lines += [("未用数据", f"{reason}：{count} 处") for reason, count in sorted(counts.items())]
    return lines


PARAMETERS = {
    "tau": "置信度下限 τ", "hhi_max": "集中度上限", "lq_weak": "区位商薄弱线", "lq_strong": "区位商优势线", "theta": "供需比下限 θ",
    "loaded_share": "应有企业数的载入份额下限", "register_years": "名录有效年数", "roles": "计入的投入类别", "as_of": "按哪一天的状态",
}


def shown(value: object) -> str:
    """A parameter as people read it."""
    if isinstance(value, tuple):
        return "、".join(str(part) for part in value)
    return "数据日期" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
