"""The lists an office works with, as workbook sheets with Chinese headers: 底数表, 缺口清单, 招商目标企业清单, 口径."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from viz.xlsx import Sheet

CONTACT = ("未对接", "已对接", "在谈", "已签约", "暂缓")
"""States an officer picks from in the column 对接状态."""

GAP_COLUMNS = {
    "rank": "序号", "name": "产品环节", "stage": "环节位置", "segment": "细分领域", "action": "行动", "kind": "类型", "label": "状态",
    "detail": "理由", "certainty": "把握与核实办法", "makers": "本地企业数", "buyers": "本地需求企业数", "reviews": "待复核企业数",
    "outside": "区外企业数", "nearest": "最近覆盖层级", "lq": "区位商", "hhi": "集中度HHI", "score": "评分", "need": "分项：需求",
    "importance": "分项：关键度", "structure": "分项：关键环节", "break": "分项：断点", "distance": "分项：距离", "supply": "分项：可招企业",
    "key": "关键环节说明", "id": "编号",
}
TARGET_COLUMNS = {
    "rank": "序号", "name": "企业名称", "place": "所在地", "product": "对应缺口环节", "action": "行动", "gap_label": "环节状态", "score": "匹配度",
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


def gap_sheet(gaps: pd.DataFrame, title: str, notes: Sequence[str]) -> Sheet:
    """缺口清单 from a gap list."""
    return Sheet(
        "缺口清单", title, labelled(gaps, GAP_COLUMNS), tuple(notes), status_column="状态", score_column="评分", freeze_columns=2,
        widths={"理由": 46, "把握与核实办法": 40, "编号": 30, "关键环节说明": 28, "产品环节": 18, "细分领域": 16})


def target_sheet(targets: pd.DataFrame, title: str, notes: Sequence[str]) -> Sheet:
    """招商目标企业清单 from a target list, with empty columns for what the office fills in."""
    frame = labelled(targets, TARGET_COLUMNS)
    at = list(frame.columns).index("分项：规模") if "分项：规模" in frame.columns else len(frame.columns)
    for offset, header in enumerate(("拟引项目建议", "优先级", "责任单位", "对接状态", "备注")):
        frame.insert(at + offset, header, pd.Series([None] * len(frame), dtype="str", index=frame.index))
    return Sheet(
        "招商目标企业清单", title, frame, tuple(notes), status_column="环节状态", score_column="匹配度", freeze_columns=2,
        choices={"对接状态": CONTACT, "优先级": ("高", "中", "低")}, text_columns=("股票代码",),
        widths={"企业名称": 30, "所在地": 20, "匹配理由": 40, "证据原文": 44, "拟引项目建议": 18, "编号": 34, "来源文件": 20})


def base_sheet(base: pd.DataFrame, title: str, notes: Sequence[str]) -> Sheet:
    """产业链底数表: link × enterprise, links without an enterprise included."""
    return Sheet(
        "产业链底数表", title, labelled(base, BASE_COLUMNS), tuple(notes), status_column="状态", freeze_columns=1,
        widths={"企业名称": 30, "所在地": 20, "证据原文": 50, "产品环节": 18, "细分领域": 16, "来源文件": 20})


def note_sheet(lines: Sequence[tuple[str, str]], title: str) -> Sheet:
    """口径与数据质量说明: item and text."""
    frame = pd.DataFrame(list(lines), columns=["项目", "说明"]).astype("str")
    return Sheet("口径与数据质量说明", title, frame, widths={"项目": 22, "说明": 110})


def plain_sheet(name: str, title: str, frame: pd.DataFrame, columns: Mapping[str, str], notes: Sequence[str] = ()) -> Sheet:
    """Any frame under Chinese headers."""
    shown = labelled(frame, columns)
    return Sheet(name, title, shown, tuple(notes), status_column="状态" if "状态" in shown.columns else None)
