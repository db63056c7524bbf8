"""The set of files of one chain in one place: what is asked of the store, and what is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from chain import __version__, region
from chain.errors import OutputError
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


def gather(store: Store, chain: str, place: str, by: rules.Rules, *, top: int, progress: Progress | None = None) -> Answers:
    """Ask a store everything that a report needs."""
    tell = progress or (lambda step, done: None)
    tell("环节状态", 0.1)
    state = standing(store, chain, place, by)
    tell("缺口", 0.3)
    listed = rank(store, state)
    tell("目标企业", 0.4)
    found = targets.for_gaps(store, state, listed, top=top)
    tables = store.tables(["sources", "rejects"])
    sources = tables["sources"]
    files = sources[["id", "file", "sheet"]].rename(columns={"id": "source"})
    tell("底数", 0.6)
    makers = store.makers(state.scope.ids, place, by.view)
    return Answers(
        state, listed, found.astype({"source": "str"}).merge(files, on="source", how="left"),
        makers.astype({"source": "str"}).merge(files, on="source", how="left"),
        indicators.of(store, state), sources, tables["rejects"], store.as_of)


def map_sheet(answers: Answers, notes: Sequence[str], *, author: str = "", stamp: str = "") -> MapSheet:
    """What the chain map draws."""
    from viz.sheet import MapSheet

    state = answers.state
    named = answers.gaps[answers.gaps["action"] != UNTOLD]
    by_product = named.groupby("product")["action"].agg("；".join)
    products = state.products[["product", "name", "stage", "segment", "status", "reason", "makers", "national"]].copy()
    products["actions"] = products["product"].map(by_product)
    makers = answers.makers.assign(lead=answers.makers["titles"].fillna("").str.contains("链主|龙头"))
    makers = makers.sort_values(["product", "lead"], ascending=[True, False], kind="stable")
    wanted = answers.targets[~answers.targets["gap_label"].isin(["优势", "具备"])] if len(answers.targets) else answers.targets
    caveat = "；".join(note for note in notes if "样本" in note and not note.startswith("口径"))
    return MapSheet(
        title=f"{state.place.name}{state.scope.chain['name']}产业链招商图谱", place_name=state.place.full_name, as_of=answers.as_of,
        rule=state.rules.in_words(), caveat=caveat, products=products, makers=makers[["product", "name", "short_name", "lead"]],
        targets=wanted[["product", "name", "short_name"]], arcs=state.scope.arcs[["input", "product", "role"]],
        stages=state.scope.stages, author=author, stamp=stamp)


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


def write_pack(
    answers: Answers, folder: Path, notes: tuple[str, ...], *, author: str = "", progress: Progress | None = None
) -> list[Path]:
    """Write the set into `folder`; the manifest comes last and lists the others with their SHA-256.

    Raises
    ------
    OutputError
        If the folder can't be written to.
    """
    from viz import lists
    from viz.chainmap import draw_map
    from viz.files import write_whole
    from viz.html import page
    from viz.xlsx import write_workbook

    tell = progress or (lambda step, done: None)
    state = answers.state
    name = f"{state.place.name}{state.scope.chain['name']}产业链"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"写不了目录 {folder}：{error.strerror}", way_out="换一个可写的目录") from error
    explained = lists.note_sheet(note_lines(answers, notes), f"{name}口径与数据质量说明")
    figures = lists.plain_sheet("指标", f"{name}指标", answers.indicators, lists.INDICATOR_COLUMNS, notes)
    status = lists.plain_sheet("环节状态", f"{name}各环节状态", state.products, lists.COVERAGE_COLUMNS, notes)
    books = {
        "产业链底数表.xlsx": [lists.base_sheet(base_table(answers), f"{name}底数表", notes), status, figures, explained],
        "缺口清单.xlsx": [*lists.gap_sheets(answers.gaps, f"{name}缺口清单", notes), explained],
        "招商目标企业清单.xlsx": [*lists.target_sheets(answers.targets, f"{name}招商目标企业清单", notes), explained],
        "口径与数据质量说明.xlsx": [explained],
    }
    written = []
    for step, (file, sheets) in enumerate(books.items()):
        tell(file, 0.7 + 0.05 * step)
        write_workbook(folder / file, sheets, as_of=answers.as_of, author=author)
        written.append(folder / file)
    sheet = map_sheet(answers, notes, author=author)
    svg = draw_map(sheet)
    for file, text in (("产业链招商图谱.svg", svg), ("产业链招商图谱.html", page(sheet, svg, gap_table(answers)))):
        write_whole(folder / file, text.encode("utf-8"))
        written.append(folder / file)
    manifest = folder / "manifest.json"
    write_whole(manifest, _manifest(answers, written).encode("utf-8"))
    tell("完成", 1.0)
    return [*written, manifest]


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
        lines.append(("来源", f"{source['file']}{sheet}：{kind}，{source['rows']} 行，截至 {source['as_of'] or '未注明'}"))
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


def _manifest(answers: Answers, written: Sequence[Path]) -> str:
    """Inputs, parameters and outputs with their SHA-256, so that anyone can see whether a file is the one that was made."""
    state = answers.state
    inputs = answers.sources.sort_values("id")[["id", "file", "sheet", "kind", "as_of", "rows"]]
    return json.dumps({
        "program": f"lianpu {__version__}", "chain": state.scope.chain["id"], "chain_version": state.scope.chain["version"],
        "place": state.place.id, "place_name": state.place.full_name, "as_of": answers.as_of,
        "parameters": {name: list(value) if isinstance(value, tuple) else value for name, value in rules.parameters(state.rules).items()},
        "inputs": json.loads(inputs.to_json(orient="records", force_ascii=False)),
        "outputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written},
    }, ensure_ascii=False, indent=1) + "\n"
