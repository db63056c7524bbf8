"""Sheets to draw in tests: chains made up in any size, and the shipped ones with invented enterprises."""

from __future__ import annotations

import random

import pandas as pd

from chain.definition import Chain
from viz.sheet import MapSheet

PRODUCTS = ["product", "name", "stage", "segment", "status", "reason", "makers", "national", "actions"]
LETTERS = "锂电池正负极材料高纯特种钢轧制装备控制器（）/-·、PVDFNMP0123456789abcw %"
STATUSES = ("missing", "missing", "weak", "weak", "covered", "strong", "unknown", "unknown")
COUNT = {"weak": 2, "covered": 5, "strong": 30}


def made_up(count: int, seed: int = 1, stages: str = "上中下", segments: int = 0) -> MapSheet:
    """A chain of `count` links with names of 1 to 60 characters and anything from no to 5,000 makers."""
    dice = random.Random(seed)
    names = ["".join(dice.choice(LETTERS) for _ in range(1 + at * 59 // max(count - 1, 1))).strip() or "钢" for at in range(count)]
    dice.shuffle(names)
    parts = segments or max(count // 12, 1)
    rows = []
    for at, name in enumerate(names):
        part = at * parts // count
        rows.append((f"p{at}", name, f"{stages[at * len(stages) // count]}游", f"{names[part % 7 % count]}{part}"))
    arcs = [(f"p{dice.randrange(count)}", f"p{at}") for at in range(count) for _ in range(dice.randint(0, 3))]
    return _sheet("示例市某产业链招商图谱", rows, arcs, [(f"{stage}游", "原料与部件") for stage in stages], dice)


def of_chain(chain: Chain, seed: int = 1) -> MapSheet:
    """A shipped chain with invented statuses, makers and targets."""
    rows = [(product.name, product.name, product.stage, product.segment) for product in chain.products]
    arcs = [(arc.input, arc.product) for arc in chain.arcs]
    return _sheet(f"示例市{chain.name}产业链招商图谱", rows, arcs, list(chain.stages), random.Random(seed))


def changed(sheet: MapSheet, share: float, seed: int = 1) -> MapSheet:
    """The sheet after a small change: this share of links has another status and other enterprises."""
    dice = random.Random(seed)
    ids = list(sheet.products["product"])
    chosen = set(dice.sample(ids, max(round(share * len(ids)), 1)))
    turn = {"missing": "weak", "unknown": "weak", "weak": "covered", "covered": "weak", "strong": "covered"}
    products = sheet.products.copy()
    hit = products["product"].isin(chosen)
    products.loc[hit, "status"] = products.loc[hit, "status"].map(turn)
    products.loc[hit, ["reason", "actions"]] = ["", "延链；强链"]
    products.loc[hit, "makers"] = products.loc[hit, "status"].map(COUNT)
    makers = pd.concat([sheet.makers[~sheet.makers["product"].isin(chosen)], _makers(products[hit])])
    return _with(sheet, products, makers, sheet.targets)


def without(sheet: MapSheet, gone: set[str], added: pd.DataFrame | None = None) -> MapSheet:
    """The sheet less some links, with rows of others after them."""
    kept = [frame[~frame["product"].isin(gone)] for frame in (sheet.products, sheet.makers, sheet.targets)]
    products = kept[0] if added is None else pd.concat([kept[0], added])
    return _with(sheet, products, kept[1], kept[2])


def _with(sheet: MapSheet, products: pd.DataFrame, makers: pd.DataFrame, targets: pd.DataFrame) -> MapSheet:
    return MapSheet(
        sheet.title, sheet.place_name, sheet.as_of, sheet.rule, sheet.caveat, products, makers, targets, sheet.arcs, sheet.stages,
        author=sheet.author, stamp=sheet.stamp)


def _sheet(
    title: str, rows: list[tuple[str, str, str, str]], arcs: list[tuple[str, str]], stages: list[tuple[str, str]], dice: random.Random
) -> MapSheet:
    listed = []
    for row in rows:
        status = dice.choice(STATUSES)
        count = COUNT.get(status, 0) if dice.random() < 0.98 else COUNT.get(status, 0) and 5000
        reason = dice.choice("abcde") if status == "unknown" else ""
        listed.append((*row, status, reason, count, count + dice.randint(0, 90), dice.choice(["", "补链", "强链；提链"])))
    products = pd.DataFrame(listed, columns=PRODUCTS)
    targets = pd.DataFrame(
        [(row[0], f"目标{dice.randint(1, 99)}{'新材料' * dice.randint(0, 4)}股份有限公司", None) for row in rows for _ in range(dice.randint(0, 6))],
        columns=["product", "name", "short_name"])
    return MapSheet(
        title, "示例市", "2026-11-20", "缺失：名录内没有企业；薄弱：一至两家", "样本不是名录", products, _makers(products), targets,
        pd.DataFrame(arcs, columns=["input", "product"]).assign(role="物料"),
        pd.DataFrame([(name, at, words) for at, (name, words) in enumerate(stages)], columns=["name", "position", "description"]),
        author="示例市招商局", stamp="内部资料")


def _makers(products: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [(product, f"{name[:4]}{at}号制造有限公司", None, at == 0)
         for product, name, count in zip(products["product"], products["name"], products["makers"], strict=True)
         for at in range(min(count, 12))], columns=["product", "name", "short_name", "lead"])
