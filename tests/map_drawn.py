"""Small maps from rows of tuples, and what is found in a drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pandas as pd

from viz.chainmap import draw_map
from viz.sheet import MapSheet

SVG = "{http://www.w3.org/2000/svg}"
PRODUCTS = ["product", "name", "stage", "segment", "status", "reason", "makers", "national", "actions"]
FIRMS = ["product", "name", "short_name"]


def sheet_of(
    products, makers=(), targets=(), arcs=(), stages=(("上游", 0, "原料"), ("中游", 1, "制造"), ("下游", 2, "应用")), **words
):
    """A sheet from rows of tuples."""
    said = {
        "title": "示例市电池产业链招商图谱",
        "place_name": "示例市",
        "as_of": "2026-11-20",
        "rule": "缺失：名录内没有企业",
        "caveat": "样本不是名录",
    }
    return MapSheet(
        **(said | words),
        products=pd.DataFrame(list(products), columns=PRODUCTS),
        makers=pd.DataFrame(list(makers), columns=[*FIRMS, "lead"]),
        targets=pd.DataFrame(list(targets), columns=FIRMS),
        arcs=pd.DataFrame(list(arcs), columns=["input", "product", "role"]),
        stages=pd.DataFrame(list(stages), columns=["name", "position", "description"]),
    )


def link(name, stage="上游", status="weak", reason="", makers=0, national=0, actions="", segment="一组", product=None):
    return (product or name, name, stage, segment, status, reason, makers, national, actions)


def small():
    """Five links in three stages, one of every kind of status but 待核."""
    return sheet_of(
        [
            link("锂辉石精矿", status="missing", national=12, actions="补链"),
            link("碳酸锂", status="weak", makers=1, national=30, actions="强链"),
            link("三元正极", "中游", "strong", makers=6, national=80, actions="强链；提链"),
            link("隔膜", "中游", "unknown", "b", national=25, actions="补链", segment="二组"),
            link("储能系统", "下游", "covered", makers=3, national=44),
        ],
        makers=[
            ("碳酸锂", "示例锂业有限公司", "示例锂业", False),
            ("三元正极", "示例正极材料股份有限公司", None, True),
            ("三元正极", "乙材料有限公司", "乙材料", False),
            ("储能系统", "示例锂业有限公司", "示例锂业", False),
        ],
        targets=[
            ("锂辉石精矿", "某矿业股份有限公司", "某矿业"),
            ("隔膜", "某隔膜股份有限公司", "某隔膜"),
            ("隔膜", "某矿业股份有限公司", "某矿业"),
        ],
        arcs=[
            ("锂辉石精矿", "碳酸锂", "物料"),
            ("碳酸锂", "三元正极", "物料"),
            ("三元正极", "储能系统", "物料"),
            ("隔膜", "储能系统", "物料"),
        ],
        author="示例市招商局",
        stamp="内部资料",
    )


def drawn(sheet, **how):
    return ET.fromstring(draw_map(sheet, **how))


def words(root):
    return [node.text or node[0].tail for node in root.iter(f"{SVG}text")]


def boxes(root):
    return {node.get("data-id"): node for node in root.iter(f"{SVG}g") if node.get("data-status")}
