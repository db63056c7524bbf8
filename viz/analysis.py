"""分析报告: what the findings say, as a numbered document in which every figure carries the note of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from chain.tables import records
from viz.docx import Block, Heading, Letter, Paragraph, Small, Table, rows_of
from viz.findings import Findings
from viz.palette import LOOKS, look
from viz.rosters import listed, routes, strengths
from viz.text import clean, dated

MOST = 15
"""Rows of a table in the text; the lists beside the report have them all."""

_NUMERALS = "一二三四五六七八九十"
_TOLD = (
    "链条完整度（加权）", "链条完整度（简单）", "链条完整度（路径）", "本地配套率（采购额口径）", "本地配套率（节点覆盖口径）", "外流采购额")
"""Indicators told in the text, of those that could be computed."""

_ACTIONS = {
    "补链": "本地企业要用、没有查到本地生产的环节", "延链": "可由本地已有产品向下加工或向上追溯的环节", "强链": "本地已有但薄弱的环节",
    "提链": "可由本地已有产品升级而来的环节",
}


class SourceNotes:
    """The source notes of a document, each text once, numbered as they are first used."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self._texts.setdefault(clean(text), len(self._texts) + 1)

    def lines(self) -> Iterator[str]:
        """The notes as they stand at the end."""
        yield from (f"〔{number}〕{text}" for text, number in self._texts.items())


def analysis(findings: Findings) -> Letter:
    """The report as a document."""
    notes = SourceNotes()
    parts: list[tuple[str, Iterable[Block]]] = [
        ("总体情况", _overview(findings, notes)), ("链条现状", _structure(findings, notes)), ("长板与龙头", _strong(findings, notes)),
        ("短板与缺口", _gaps(findings, notes)), ("区域分布", _regions(findings, notes)), ("招商方向", _targets(findings, notes)),
    ]
    blocks: list[Block] = []
    for at, (title, inside) in enumerate(parts):
        blocks += [Heading(f"{_NUMERALS[at]}、{title}"), *inside]
    blocks += [Heading(f"{_NUMERALS[len(parts)]}、口径与局限"), *_limits(findings)]
    blocks += [Heading(f"{_NUMERALS[len(parts) + 1]}、数据来源注"), *(Small(line) for line in notes.lines())]
    return Letter(f"{findings.title}分析报告", (f"（{dated(findings.as_of)}）",), tuple(blocks), _closing(findings), findings.stamp)


def _closing(findings: Findings) -> tuple[str, ...]:
    return tuple(line for line in (clean(findings.author), clean(findings.as_of)) if line)


def _status(findings: Findings, notes: SourceNotes) -> int:
    return notes(f"环节状态：按产业链文件「{findings.chain_name}」{findings.chain_version} 版逐个环节判定，明细见《产业链底数表》“环节状态”。"
                 f"判定规则：{findings.rule}。")


def _overview(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    looks, total = findings.looks, len(findings.products)
    said = "、".join(f"{LOOKS[key].word} {count} 个" for key, count in looks.items() if count)
    yield Paragraph(f"{findings.title}共梳理 {total} 个产品环节，其中{said}。", (_status(findings, notes),))
    census = notes(f"企业数：{_files(findings)}；按企业注册地归入{findings.full_name}，存续企业。")
    if not findings.enterprises:
        yield Paragraph(f"所载数据里没有{findings.full_name}的企业，以下各环节均不能据此断定有无，只能作为核实提纲。", (census,))
    else:
        yield Paragraph(f"所载数据中{findings.full_name}有存续企业 {findings.enterprises} 家，其中在本链上的 {findings.firms} 家。", (census,))
        for name in _TOLD:  # where nothing is known there is nothing to be complete
            yield from _indicator(findings, notes, name)
    yield Paragraph(findings.footing)


def _indicator(findings: Findings, notes: SourceNotes, name: str) -> Iterator[Block]:
    held = findings.indicators[findings.indicators["indicator"] == name]
    for row in records(held):
        if row["value"] is None:
            continue
        value = f"{row['value']:.1%}" if not row["unit"] else f"{row['value']:g} {row['unit']}"
        yield Paragraph(f"{name}为 {value}。", (notes(f"{name} = {row['formula']}；{row['basis']}。"),))


def _files(findings: Findings) -> str:
    data = findings.sources[findings.sources["kind"].isin(["register", "sample", "public", "review"])]
    names = list(dict.fromkeys(f"{row['file']}（{row['rows']} 行，{dated(row['as_of'] or '')}）" for row in records(data)))
    return "、".join(names[:6]) + (f"等 {len(names)} 份" if len(names) > 6 else "") or "没有载入企业数据"


def _structure(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    number = _status(findings, notes)
    words = dict(zip(findings.stages["name"], findings.stages["description"], strict=True))
    rows = []
    for at, (stage, held) in enumerate(findings.products.groupby("stage", sort=False), start=1):
        counts = held["label"].value_counts()
        said = "、".join(f"{each.word} {counts[each.word]} 个" for each in LOOKS.values() if each.word in counts)
        lies = f"（{clean(words.get(stage))}）" if clean(words.get(stage)) else ""
        yield Heading(f"（{_numeral(at)}）{stage}", 2)
        yield Paragraph(f"{stage}{lies}共 {len(held)} 个环节：{said}。{_examples(held)}", (number,))
        rows.append((stage, len(held), *(counts.get(each.word, 0) for each in LOOKS.values())))
    header = ("阶段", "环节数", *(each.word for each in LOOKS.values()))
    yield Table("表1　各阶段环节状态（个）", header, rows_of(rows), (1.6, *[1.0] * (len(header) - 1)), f"来源：注〔{number}〕")


def _examples(held: pd.DataFrame) -> str:
    parts = []
    for words, labels in (("具备的有", ("优势", "具备")), ("缺失或疑似缺失的有", ("缺失", "疑似缺失"))):
        names = held.loc[held["label"].isin(labels), "name"].tolist()
        parts += [f"{words}{'、'.join(names[:5])}{f'等 {len(names)} 个' if len(names) > 5 else ''}"] if names else []
    return "；".join(parts) + ("。" if parts else "")


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if number <= 10 else str(number)


def _strong(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    number, held = _status(findings, notes), strengths(findings)
    count = len(findings.strengths)
    if count:
        yield Paragraph(f"达到长板标准的环节 {count} 个：{_some(findings.strengths['name'].tolist(), 10)}。", (number,))
    elif len(held):
        yield Paragraph(f"没有达到长板标准的环节；本地已有的 {len(held)} 个环节都有未达标的项目，见《长板清单》。", (number,))
    else:
        yield Paragraph("所载数据里没有本地已具备的环节，因此没有长板可列。", (number,))
    if len(held):
        rows = [(row["name"], row["stage"], row["label"], row["makers"], _quotient(row["lq"]), row["class"]) for row in records(held.head(MOST))]
        yield Table("表2　本地已有环节（前列）", ("产品环节", "环节位置", "状态", "本地企业数", "区位商", "类别"), rows_of(rows),
                    (2.4, 1.2, 1.3, 1.2, 1.0, 1.0), f"来源：注〔{number}〕；区位商按企业数计。全部见《长板清单》。")
    led = findings.leaders
    if len(led):
        source = notes("龙头企业：有链主、龙头称号的；没有称号的按链上供应伙伴数，再按规模和本地配套排列，依据逐家列明，见《龙头企业清单》。")
        firms = [(row["name"], row["place"].removeprefix(findings.full_name) or row["place"], row["basis"],
                  listed(row["products"].split("；"), 4).replace(" 家", " 个")) for row in records(led.head(10))]
        yield Table("表3　龙头企业", ("企业名称", "所在地", "认定依据", "生产环节"), rows_of(firms), (2.4, 1.4, 1.8, 2.2), f"来源：注〔{source}〕")


def _quotient(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.2f}"


def _gaps(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    number = notes("缺口：按补链、延链、强链、提链四类查找，公式和评分权重见《口径与数据质量说明》，证据可用编号追到来源文件和行。")
    named, counts = findings.named_gaps, findings.named_gaps["action"].value_counts()
    if findings.no_gaps:
        yield Paragraph(findings.no_gaps, (number,))
        return
    yield Paragraph(f"共查到缺口 {len(named)} 条，涉及 {named['product'].nunique()} 个环节。", (number,))
    for at, (action, words) in enumerate((pair for pair in _ACTIONS.items() if pair[0] in counts), start=1):
        held = named[named["action"] == action]
        yield Heading(f"（{_numeral(at)}）{action}", 2)
        yield Paragraph(f"{words} {counts[action]} 个，{_pressing(held)}。", (number,))
    rows = [(row["rank"], row["name"], row["action"], row["label"], row["detail"], f"{row['score']:.0f}") for row in records(named.head(MOST))]
    yield Table("表4　缺口（按评分前列）", ("序号", "产品环节", "行动", "状态", "理由", "评分"), rows_of(rows), (0.7, 1.6, 0.9, 1.4, 4.0, 0.8),
                f"来源：注〔{number}〕。全部 {len(named)} 条见《缺口清单》。")


def _some(names: list[str], most: int) -> str:
    """The first of some links, and how many there are in all if more."""
    return "、".join(clean(name) for name in names[:most]) + (f"等 {len(names)} 个" if len(names) > most else "")


def _pressing(held: pd.DataFrame) -> str:
    """The first of some gaps; links of which nobody can say whether they are made here stand apart."""
    doubtful = held["label"] == LOOKS["unknown"].word
    sure, asked = held.loc[~doubtful, "name"].tolist(), held.loc[doubtful, "name"].tolist()
    parts = [f"评分在前的是{'、'.join(sure[:5])}"] if sure else []
    return "；".join(parts + ([f"先要核实本地有没有的 {len(asked)} 个：{_some(asked, 5)}"] if asked else []))


def _regions(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    number = notes(f"区域分布：链上企业按注册地归到{findings.area_name}的下级地区，一家企业在一地只计一次；只知道在{findings.area_name}的"
                   f" {findings.area_coarse} 家未计入。")
    parts = findings.parts.sort_values(["makers", "links", "region"], ascending=[False, False, True], kind="stable")
    held = parts[parts["makers"] > 0]
    if held.empty:
        yield Paragraph(f"所载数据里，{findings.area_name}的 {len(parts)} 个下级地区都没有见到链上企业。", (number,))
        return
    top = "、".join(f"{row['name']} {row['makers']} 家" for row in records(held.head(3)))
    rest = len(parts) - len(held)
    none = f"；另有 {rest} 个地区未见" if rest else ""
    yield Paragraph(f"{findings.area_name}的链上企业分布在 {len(held)} 个地区，前列是{top}{none}。", (number,))
    rows = [(row["name"], row["makers"], row["links"]) for row in records(held.head(MOST))]
    yield Table("表5　链上企业的地区分布", ("地区", "链上企业数", "已有环节数"), rows_of(rows), (2, 1, 1), f"来源：注〔{number}〕")


def _targets(findings: Findings, notes: SourceNotes) -> Iterator[Block]:
    if findings.redacted:
        yield Paragraph("拟招引的产品见《招商目录》。本件为公开版，不列目标企业。")
        return
    number = notes("目标企业：区外生产所缺产品的存续企业，按规模、与本地的供应关系、置信度、称号、距离、可补环节评分，分项见《招商目标企业清单》。")
    found = findings.targets
    if found.empty:
        yield Paragraph("所载数据里没有可列的区外目标企业，先补充外地名录或协会名单。", (number,))
        return
    yield Paragraph(f"区外可对接的目标企业 {found['enterprise'].nunique()} 家，涉及 {found['product'].nunique()} 个环节。", (number,))
    lines = routes(found)
    by_route = lines.groupby("route", sort=False)["firms"].sum()
    said = "、".join(f"{name} {count} 家" for name, count in by_route.items())
    yield Paragraph(f"按地理大区分：{said}，线路和站点见《招商线路图数据》。", (number,))
    rows = [(row["name"], row["place"], row["product"], f"{row['score']:.0f}", row["reason"]) for row in records(_first_each(found).head(MOST))]
    yield Table("表6　目标企业（各环节首位，前列）", ("企业名称", "所在地", "对应环节", "匹配度", "理由"), rows_of(rows), (2.2, 1.6, 1.3, 0.8, 3.0),
                f"来源：注〔{number}〕")


def _first_each(targets: pd.DataFrame) -> pd.DataFrame:
    """The best target of every product, in the order of the gap list."""
    return targets[targets["rank"] == 1]


def _limits(findings: Findings) -> Iterator[Block]:
    for note in findings.notes:
        yield Paragraph(note)
    unknown = findings.products[[look(s, clean(r)).key in ("suspected", "unknown")
                                 for s, r in zip(findings.products["status"], findings.products["reason"], strict=True)]]
    if len(unknown):
        yield Paragraph(f"疑似缺失和待核共 {len(unknown)} 个环节，核实办法逐条列在《缺口清单》“核实与评分”。核实之前不宜写成“缺失”。")
    if findings.redacted:
        yield Paragraph("本件为公开版：金额只给区间，证据原文和目标企业未列。")
