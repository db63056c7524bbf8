"""Further lists of the annual set, as workbook sheets: 长板, 龙头企业, 关键配套, 招商目录, 招商线路, 区域分布."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from viz.findings import Findings
from viz.lists import CONTACT, NO_ROWS, labelled
from viz.text import clean
from viz.xlsx import Sheet

STRENGTH_COLUMNS = {
    "rank": "序号", "name": "产品环节", "stage": "环节位置", "segment": "细分领域", "label": "状态", "class": "类别", "makers": "本地企业数",
    "national": "全部企业数", "national_share": "占全部企业比重", "lq": "区位商", "hhi": "集中度HHI", "titled": "获称号企业数",
    "buyers": "本地需求企业数", "firms": "本地企业", "tests": "距长板的差距",
}
LEADER_COLUMNS = {
    "rank": "序号", "name": "企业名称", "place": "所在地", "basis": "认定依据", "products": "生产环节", "links": "环节数", "titles": "资质",
    "partners": "链上供应伙伴数", "local_partners": "其中本地", "output_wan": "产值（万元）", "revenue_wan": "营业收入（万元）",
    "capital_wan": "注册资本（万元）", "file": "来源文件", "row": "来源行",
}
SUPPLIER_COLUMNS = {
    "rank": "序号", "name": "配套产品", "role": "投入类别", "serves": "配套的龙头产品", "leaders": "龙头企业", "label": "状态",
    "makers": "本地企业数", "firms": "本地配套企业", "outside": "区外企业数", "buyers": "本地需求企业数", "key": "关键环节说明",
}
CATALOGUE_COLUMNS = {
    "rank": "序号", "name": "拟招引产品", "stage": "环节位置", "segment": "细分领域", "action": "行动", "label": "状态", "demand": "本地需求与基础",
    "nearest": "最近覆盖层级", "outside": "区外可招企业数", "level": "优先级",
}
ROUTE_COLUMNS = {
    "route": "线路", "stop": "站序", "province": "省份", "city": "城市", "firms": "目标企业数", "links": "可补环节数", "best": "最高匹配度",
    "products": "对应环节", "names": "目标企业", "code": "行政区划代码",
}
ROUTES = {
    "华北线": "11 12 13 14 15", "东北线": "21 22 23", "华东线": "31 32 33 34 35 36 37 71", "华中线": "41 42 43", "华南线": "44 45 46 81 82",
    "西南线": "50 51 52 53 54", "西北线": "61 62 63 64 65",
}
"""Routes by the usual seven parts of the country, as first digits of region codes."""

_LEVELS = ((60.0, "高"), (30.0, "中"), (0.0, "低"))


def strengths(findings: Findings) -> pd.DataFrame:
    """长板 first, then the covered links next to it, each with its makers and what it lacks."""
    covered = findings.covered[findings.covered["status"].isin(["strong", "covered", "weak"])].copy()
    order = {"strong": 0, "covered": 1, "weak": 2}
    covered["class"] = covered["status"].map({"strong": "长板", "covered": "备选", "weak": "待补强"})
    covered["_order"] = covered["status"].map(order)
    covered = covered.sort_values(["_order", "lq", "makers", "product"], ascending=[True, False, False, True], na_position="last", kind="stable")
    names = findings.makers.groupby("product")["name"].agg(listed)
    covered["firms"] = covered["product"].map(names)
    return covered.assign(rank=range(1, len(covered) + 1)).reset_index(drop=True)


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names joined, the first few; how many there are in all if more.

    >>> listed(["甲", "乙"], 1)
    '甲等 2 家'
    """
    kept = [clean(name) for name in names]
    return "；".join(kept[:most]) + (f"等 {len(kept)} 家" if len(kept) > most else "")


def strength_sheet(findings: Findings, notes: Sequence[str]) -> Sheet:
    """长板清单."""
    frame = strengths(findings)
    count = len(findings.strengths)
    said = (*notes, f"长板：具备、没有薄弱项且区位商达到优势线的环节，共 {count} 个；备选、待补强为本地已有但未达到的环节。",
            *(() if len(frame) else (NO_ROWS,)))
    return Sheet("长板清单", f"{findings.title}长板清单", labelled(frame, STRENGTH_COLUMNS), said, status_column="状态", freeze_columns=2,
                 widths={"本地企业": 54, "产品环节": 18, "细分领域": 16, "距长板的差距": 34})


def leader_sheet(findings: Findings, notes: Sequence[str]) -> Sheet:
    """龙头企业清单, local firms only."""
    return Sheet("龙头企业清单", f"{findings.title}龙头企业清单", labelled(findings.leaders, LEADER_COLUMNS),
                 (*notes, *(() if len(findings.leaders) else (NO_ROWS,))), freeze_columns=2,
                 widths={"企业名称": 30, "所在地": 20, "生产环节": 34, "资质": 40, "认定依据": 24, "来源文件": 18})


def supplier_sheet(findings: Findings, notes: Sequence[str]) -> Sheet:
    """关键配套清单: what the lead firms' products need; what nobody makes here comes first."""
    frame = labelled(findings.suppliers, SUPPLIER_COLUMNS)
    frame["对接状态"] = pd.Series([None] * len(frame), dtype="str", index=frame.index)
    return Sheet("关键配套清单", f"{findings.title}关键配套清单", frame, (*notes, *(() if len(frame) else (NO_ROWS,))),
                 status_column="状态", freeze_columns=2, choices={"对接状态": CONTACT},
                 widths={"配套产品": 18, "配套的龙头产品": 30, "龙头企业": 26, "本地配套企业": 44, "关键环节说明": 28})


def catalogue(findings: Findings) -> pd.DataFrame:
    """招商目录: products wanted, one row each with all its actions, most pressing first; no enterprise is named.

    Rows whose absence can't be believed for want of our own data are left out: one does not advertise for what may be there.
    """
    wanted = findings.named_gaps
    wanted = wanted[(wanted["action"] != "强链") | (wanted["outside"] > 0)]
    wanted = wanted[wanted["reason"].fillna("").isin(["", "b"])]
    actions = wanted.groupby("product")["action"].agg(lambda held: "；".join(dict.fromkeys(held)))
    first = wanted.drop_duplicates("product").copy()
    first["action"] = first["product"].map(actions)
    first["demand"] = first["detail"]
    first["level"] = [next(word for least, word in _LEVELS if score >= least) for score in first["score"]]
    return first.assign(rank=range(1, len(first) + 1)).reset_index(drop=True)


def catalogue_sheet(findings: Findings, notes: Sequence[str]) -> Sheet:
    """招商目录 as a sheet."""
    frame = labelled(catalogue(findings), CATALOGUE_COLUMNS)
    said = (*notes, "目录只列拟招引的产品，不列企业。优先级按缺口评分：60 分以上为高，30 分以上为中。",
            *(() if len(frame) else (findings.no_gaps or NO_ROWS,)))
    return Sheet("招商目录", f"{findings.title}招商目录", frame, said, status_column="状态", freeze_columns=2,
                 widths={"拟招引产品": 20, "本地需求与基础": 60, "细分领域": 18})


def routes(targets: pd.DataFrame) -> pd.DataFrame:
    """招商线路: the cities where targets sit, by part of the country; the stop with the most to talk about comes first.

    Returns
    -------
    DataFrame
        route, stop (1, 2 …), province, city, firms, links, best (highest match), products and names (joined by ；), code. Targets
        whose city is not known stand under their province; those of no known place under 所在地不详.
    """
    from chain import region

    rows = []
    codes = [code if isinstance(code, str) else "" for code in targets["region"]] if len(targets) else []
    cities = pd.Series([_city(code) for code in codes], index=targets.index, dtype="str")
    for code, held in targets.groupby(cities, sort=True):
        rows.append({
            "route": next((name for name, heads in ROUTES.items() if code[:2] in heads.split()), "所在地不详"),
            "province": region.name(code[:2] + "0000") if code else "所在地不详", "city": region.name(code) if code else "",
            "firms": held["enterprise"].nunique(), "links": held["product"].nunique(), "best": float(held["score"].max()),
            "products": listed(list(dict.fromkeys(held["product"])), 12).replace(" 家", " 个"),
            "names": listed(list(dict.fromkeys(held["name"])), 12), "code": code,
        })
    frame = pd.DataFrame(rows, columns=[*ROUTE_COLUMNS]).drop(columns="stop")
    weight = frame.groupby("route")["firms"].transform("sum") if len(frame) else frame["firms"]
    frame = frame.assign(_weight=weight, _last=frame["route"] == "所在地不详")
    order = ["_last", "_weight", "route", "links", "firms", "best", "code"]
    frame = frame.sort_values(order, ascending=[True, False, True, False, False, False, True], kind="stable").reset_index(drop=True)
    frame.insert(1, "stop", frame.groupby("route").cumcount() + 1)
    return frame[[*ROUTE_COLUMNS]]


def _city(code: str) -> str:
    """City of a code, the province for the four municipalities and for what is known no closer."""
    if not code or code[:2] in ("11", "12", "31", "50"):
        return code[:2] + "0000" if code else ""
    return code[:4] + "00"


def route_sheets(findings: Findings, notes: Sequence[str]) -> list[Sheet]:
    """招商线路图 data: the stops, and the targets at each."""
    stops = labelled(routes(findings.targets), ROUTE_COLUMNS)
    said = (*notes, "线路按七个地理大区划分，站序按可补环节数和目标企业数排列。", *(() if len(stops) else (NO_ROWS,)))
    return [Sheet("招商线路", f"{findings.title}招商线路图数据", stops, said, freeze_columns=4, text_columns=("行政区划代码",),
                  score_column="最高匹配度", widths={"对应环节": 46, "目标企业": 60})]


def region_sheets(findings: Findings, notes: Sequence[str]) -> list[Sheet]:
    """区域分布: makers and links by region, and link × region."""
    parts = findings.parts.sort_values(["makers", "links", "region"], ascending=[False, False, True], kind="stable")
    columns = {"region": "行政区划代码", "name": "地区", "makers": "链上企业数", "links": "已有环节数"}
    remark: tuple[str, ...] = (
        f"另有 {findings.area_coarse} 家只知道在{findings.area_name}、不知在哪个下级地区，未列入。",) if findings.area_coarse else ()
    remark += () if findings.register else ("0 是样本里没有见到，不等于没有。",)
    first = Sheet("区域分布", f"{findings.title}区域分布（{findings.area_name}）", labelled(parts, columns), (*notes, *remark), freeze_columns=2,
                  text_columns=("行政区划代码",), score_column="链上企业数" if len(parts) and parts["makers"].max() > 0 else None)
    names = dict(zip(findings.parts["region"], findings.parts["name"], strict=True))
    grid = findings.matrix.assign(region=findings.matrix["region"].map(names)).pivot_table(
        index="product", columns="region", values="makers", aggfunc="sum") if len(findings.matrix) else pd.DataFrame()
    order = [name for name in parts["name"] if name in grid.columns]
    table = findings.products[["name", "stage", "product"]].rename(columns={"name": "产品环节", "stage": "环节位置"})
    for name in order:
        table[name] = table["product"].map(grid[name])
    table = table.drop(columns="product")
    if not order:
        return [first]
    return [first, Sheet("环节×地区", f"{findings.title}各环节的地区分布（家）", table, tuple(notes), freeze_columns=2, widths={"产品环节": 20})]
