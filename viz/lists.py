"""The lists an office works with, as workbook sheets with Chinese headers: 底数表, 缺口清单, 招商目标企业清单, 口径."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from viz.xlsx import Sheet

CONTACT = ("未对接", "已对接", "在谈", "已签约", "暂缓")
"""States an officer picks from in the column 对接状态."""

NO_ROWS = "没有符合条件的行"
"""Note on a sheet whose list is empty."""

GAP_COLUMNS = {
    "rank": "序号", "name": "产品环节", "stage": "环节位置", "segment": "细分领域", "action": "行动", "kind": "类型", "label": "状态",
    "detail": "理由", "who": "本地需求企业", "certainty": "把握与核实办法", "makers": "本地企业数", "buyers": "本地需求企业数",
    "reviews": "待复核企业数",
    "outside": "区外企业数", "nearest": "最近覆盖层级", "lq": "区位商", "hhi": "集中度HHI", "score": "评分", "need": "分项：需求",
    "importance": "分项：关键度", "structure": "分项：关键环节", "break": "分项：断点", "distance": "分项：距离", "supply": "分项：可招企业",
    "key": "关键环节说明", "id": "编号",
}
TARGET_COLUMNS = {
    "rank": "环节内名次", "name": "企业名称",
    "place": "所在地", "product": "对应缺口环节", "action": "行动", "gap_label": "环节状态", "score": "匹配度",
    "reason": "匹配理由", "evidence": "证据原文", "made": "主营产品", "capital_wan": "注册资本（万元）", "revenue_wan": "营业收入（万元）",
    "titles_held": "资质", "code": "股票代码", "tied_firms": "已有本地关联企业数", "term_size": "分项：规模", "term_ties": "分项：供应关系",
    "term_confidence": "分项：置信度", "term_titles": "分项：称号", "term_closeness": "分项：距离", "term_breadth": "分项：可补环节",
    "file": "来源文件", "row": "来源行", "id": "编号",
}
COVERAGE_COLUMNS = {
    "name": "产品环节", "stage": "环节位置", "segment": "细分领域", "label": "状态", "makers": "本地企业数", "national": "全部企业数",
    "buyers": "本地需求企业数", "reviews": "待复核企业数", "titled": "获称号企业数", "lq": "区位商", "hhi": "集中度HHI", "tests": "未达标项",
    "criticality": "关键度", "layer": "层级", "reason": "待核原因",
}
BASE_COLUMNS = {
    "name": "产品环节", "stage": "环节位置", "segment": "细分领域", "label": "状态", "firm": "企业名称", "place": "所在地", "made": "所产产品",
    "confidence": "置信度", "capital_wan": "注册资本（万元）", "revenue_wan": "营业收入（万元）", "titles": "资质", "evidence": "证据原文",
    "file": "来源文件", "sheet": "来源表", "row": "来源行",
}
INDICATOR_COLUMNS = {"indicator": "指标", "value": "数值", "unit": "单位", "formula": "公式", "basis": "依据"}
CHECK_COLUMNS = {"check": "检查项", "severity": "程度", "table": "表", "what": "问题", "count": "条数", "examples": "举例", "way_out": "办法"}
EXPLAIN_COLUMNS = {"step": "步骤", "statement": "说明", "file": "来源文件", "sheet": "来源表", "row": "来源行"}


def labelled(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The named columns of a frame, in that order, under their Chinese headers; columns the frame lacks are left out."""
    present = {name: header for name, header in columns.items() if name in frame.columns}
    return frame[list(present)].rename(columns=present)


def _said(frame: pd.DataFrame, notes: Sequence[str] = ()) -> tuple[str, ...]:
    """The notes of a sheet; an empty list says that it is empty."""
    return tuple(notes) if len(frame) else (*notes, NO_ROWS)


GAP_FIRST = ("序号", "产品环节", "环节位置", "细分领域", "行动", "类型", "状态", "理由", "本地企业数", "区外企业数", "最近覆盖层级", "评分", "编号")
TARGET_FIRST = (
    "序号", "企业名称", "所在地", "对应缺口环节", "环节内名次", "行动", "环节状态", "匹配度", "匹配理由",
    "主营产品", "注册资本（万元）", "营业收入（万元）",
    "资质", "已有本地关联企业数")
TARGET_FILL = ("拟引项目建议", "优先级", "责任单位", "对接状态", "备注")
"""Columns that the office fills in."""


def gap_sheets(gaps: pd.DataFrame, title: str, notes: Sequence[str]) -> list[Sheet]:
    """缺口清单 to be printed, and behind it a sheet with how sure each row is, how to settle it, and the terms of its score."""
    whole = labelled(gaps, GAP_COLUMNS)
    first = whole[[header for header in GAP_FIRST if header in whole.columns]]
    rest = [header for header in whole.columns if header not in GAP_FIRST]
    return [
        Sheet("缺口清单", title, first, _said(first, notes), status_column="状态", score_column="评分", freeze_columns=2,
              widths={"理由": 60, "编号": 30, "产品环节": 18, "细分领域": 16}),
        Sheet("核实与评分", f"{title}：核实办法与评分分项", whole[["编号", "产品环节", "行动", "评分", *rest]], _said(whole), freeze_columns=3,
              widths={"把握与核实办法": 60, "编号": 30, "关键环节说明": 36, "产品环节": 18}),
    ]


def target_sheets(targets: pd.DataFrame, title: str, notes: Sequence[str]) -> list[Sheet]:
    """招商目标企业清单 with empty columns for what the office fills in, and behind it the evidence and terms of each score."""
    whole = labelled(targets, TARGET_COLUMNS)
    whole.insert(0, "序号", range(1, len(whole) + 1))
    bare = [header for header in ("营业收入（万元）", "资质") if header in whole.columns and not whole[header].notna().any()]
    first = whole[[header for header in TARGET_FIRST if header in whole.columns and header not in bare]].copy()
    for header in TARGET_FILL:
        first[header] = pd.Series([None] * len(first), dtype="str", index=first.index)
    rest = [header for header in whole.columns if header not in TARGET_FIRST and header != "编号"]
    return [
        Sheet("招商目标企业清单", title, first, _said(first, notes), status_column="环节状态", score_column="匹配度", freeze_columns=2,
              choices={"对接状态": CONTACT, "优先级": ("高", "中", "低")},
              widths={"企业名称": 28, "所在地": 18, "匹配理由": 44, "对应缺口环节": 16, "拟引项目建议": 18, "备注": 14}),
        Sheet("证据与评分", f"{title}：证据与评分分项", whole[["编号", "企业名称", "对应缺口环节", "匹配度", *rest]], _said(whole), freeze_columns=2,
              text_columns=("股票代码",), widths={"编号": 34, "企业名称": 28, "证据原文": 60, "来源文件": 20}),
    ]


def base_sheet(base: pd.DataFrame, title: str, notes: Sequence[str]) -> Sheet:
    """产业链底数表: link × enterprise, links without an enterprise included."""
    shown = labelled(base, BASE_COLUMNS)
    widths = {"企业名称": 30, "所在地": 20, "证据原文": 50, "产品环节": 18, "细分领域": 16, "来源文件": 20}
    return Sheet(
        "产业链底数表", title, shown, _said(base, notes), status_column="状态", freeze_columns=1,
        widths={header: width for header, width in widths.items() if header in shown.columns})


def note_sheet(lines: Sequence[tuple[str, str]], title: str) -> Sheet:
    """口径与数据质量说明: item and text."""
    frame = pd.DataFrame(list(lines), columns=["项目", "说明"]).astype("str")
    return Sheet("口径与数据质量说明", title, frame, _said(frame), widths={"项目": 22, "说明": 110})


def plain_sheet(name: str, title: str, frame: pd.DataFrame, columns: Mapping[str, str], notes: Sequence[str] = ()) -> Sheet:
    """Any frame under Chinese headers."""
    shown = labelled(frame, columns)
    return Sheet(name, title, shown, _said(shown, notes), status_column="状态" if "状态" in shown.columns else None)
