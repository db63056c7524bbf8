"""招商目录 in 公文 style: the products a place wants, without the name of any enterprise."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from chain.tables import records
from viz.docx import Block, Heading, Letter, Paragraph, Small, Table, rows_of
from viz.findings import Findings
from viz.palette import LOOKS
from viz.rosters import catalogue, listed
from viz.text import clean, dated

_NUMERALS = "一二三四五六七八九十"


def gazette(findings: Findings) -> Letter:
    """The catalogue as a document."""
    blocks = (Heading("一、总体情况"), *_overview(findings), Heading("二、拟招引产品"), *_wanted(findings), Heading("三、说明"), *_remarks(findings))
    closing = tuple(line for line in (clean(findings.author), clean(findings.as_of)) if line)
    return Letter(f"{findings.title}招商目录", (f"（{dated(findings.as_of)}）",), blocks, closing, findings.stamp)


def _overview(findings: Findings) -> Iterator[Block]:
    said = "、".join(f"{LOOKS[key].word} {count} 个" for key, count in findings.looks.items() if count)
    yield Paragraph(f"{findings.title}共 {len(findings.products)} 个产品环节，其中{said}。")
    strong = findings.strengths["name"].tolist()
    if strong:
        yield Paragraph(f"优势环节：{listed(strong, 10).replace('；', '、').replace(' 家', ' 个')}。")
    had = findings.covered["name"].tolist()
    if had and not strong:
        yield Paragraph(f"本地已有基础：{listed(had, 10).replace('；', '、').replace(' 家', ' 个')}。")


def _wanted(findings: Findings) -> Iterator[Block]:
    frame = catalogue(findings)
    if frame.empty:
        yield Paragraph(findings.no_gaps or "所载数据里没有查到可以对外招引的缺口。")
        return
    yield Paragraph(f"共 {len(frame)} 个产品，按产业链阶段列出，同一阶段内按紧要程度排列。")
    for count, (stage, held) in enumerate(_by_stage(findings, frame), start=1):
        head = _NUMERALS[count - 1] if count <= len(_NUMERALS) else str(count)
        rows = [(row["name"], row["action"].replace("；", "、"), row["label"], row["detail"], row["level"]) for row in records(held)]
        yield Heading(f"（{head}）{stage}（{len(held)} 个）", 2)
        yield Table("", ("拟招引产品", "行动", "状态", "本地需求与基础", "优先级"), rows_of(rows), (2.0, 1.0, 1.5, 3.9, 1.15))


def _by_stage(findings: Findings, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows of every stage, stages in chain order."""
    order = list(dict.fromkeys(findings.products["stage"]))
    return [(stage, frame[frame["stage"] == stage]) for stage in order if (frame["stage"] == stage).any()]


def _remarks(findings: Findings) -> Iterator[Block]:
    yield Small(f"1. {findings.footing}")
    yield Small("2. 补链：本地要用而没有查到本地生产；延链：本地产品可继续加工；强链：本地已有但薄弱；提链：由本地产品升级。")
    yield Small("3. 优先级按缺口评分：60 分以上为高，30 分以上为中，其余为低。")
    yield Small(f"4. {dated(findings.as_of)}；产业链文件 {findings.chain_version} 版。判定规则：{findings.rule}。")
