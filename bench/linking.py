"""How linking grows: ``python bench/linking.py [10000 30000 100000] [--data 企业.csv]``.

Made-up enterprises, seeded, write of the products of the built-in chains and of much else, in lists like those of
经营范围; with ``--data`` the texts of a real list are used again and again instead. Every size runs in a process of its
own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from chain import chainfile
from chain.definition import to_tables
from chain.tables import combine
from loaders import read
from loaders.linking import link

SIZES = (10_000, 30_000, 100_000)
_DILUTION = 8
"""How often something else is named for once that a word of a chain is: about as in the texts of listed companies."""

_VERBS = ("的生产", "的研发、生产和销售", "销售", "制造", "加工", "的技术开发", "", "", "批发", "维修")
_OTHER = (
    "货物进出口", "技术进出口", "道路货物运输", "物业管理", "房屋租赁", "企业管理咨询", "广告设计", "会议服务", "五金产品零售", "机械设备租赁",
    "园林绿化工程施工", "餐饮服务", "劳务派遣", "普通机械设备安装", "仓储服务", "办公用品批发", "日用百货销售", "服装制造", "食品添加剂销售",
    "家具零配件生产",
)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", help="a list of enterprises whose texts are used")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(_line(given.sizes[0], given.seed, given.data))
        return
    print("| 企业 | 文本 | 用时 | 内存峰值 | 已确认 | 待复核 |\n|---:|---:|---:|---:|---:|---:|")
    for size in given.sizes:
        command = [sys.executable, str(Path(__file__)), str(size), "--one", "--seed", str(given.seed)]
        command += ["--data", given.data] if given.data else []
        print(subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip(), flush=True)


def _line(size: int, seed: int, data: str | None) -> str:
    products = combine(to_tables(chainfile.read(name)) for name in chainfile.library())["products"]
    enterprises = repeated(data, size) if data else made_up(size, products, seed)
    letters = int(sum(enterprises[name].str.len().fillna(0).sum() for name in ("main_products", "main_business", "business_scope")))
    started = time.perf_counter()
    states = link(enterprises, products, processes=os.cpu_count() or 1)["state"].value_counts()
    spent = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak_mb = peak * (1 if sys.platform == "darwin" else 1024) / 1e6
    return (f"| {size:,} | {letters / 1e6:.1f} 百万字 | {spent:.1f} s | {peak_mb:.0f} MB | {states.get('confirmed', 0):,} "
            f"| {states.get('review', 0):,} |")


def made_up(size: int, products: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Enterprises with texts of the length that listed companies have: about 60, 25 and 170 characters."""
    rng = np.random.default_rng(seed)
    words = np.array([word for name, aliases in zip(products["name"], products["aliases"], strict=True)
                      for word in [name, *str(aliases or "").split("；")] if word and word != "nan"])
    pool = np.concatenate([words, np.array(_OTHER * (_DILUTION * len(words) // len(_OTHER)))])
    verbs = np.array(_VERBS)

    def lists(most: int, mark: str) -> list[str]:
        counts = rng.integers(1, most, size=size)
        picks = pool[rng.integers(len(pool), size=counts.sum())]
        tails = verbs[rng.integers(len(verbs), size=counts.sum())]
        ends = counts.cumsum()
        return [mark.join(f"{a}{b}" for a, b in zip(picks[end - n:end], tails[end - n:end], strict=True))
                for n, end in zip(counts, ends, strict=True)]

    return pd.DataFrame({
        "id": [f"name:企业{at:07d}" for at in range(size)], "name": [f"企业{at:07d}" for at in range(size)],
        "main_products": lists(12, "、"), "main_business": lists(5, "，"), "business_scope": lists(34, "；"),
        "source": "造", "row": range(2, size + 2)})


def repeated(data: str, size: int) -> pd.DataFrame:
    """The enterprises of a list, again and again under new ids."""
    listed = read([data]).tables["enterprises"]
    rows = listed.iloc[np.arange(size) % len(listed)].reset_index(drop=True)
    return rows.assign(id=[f"name:企业{at:07d}" for at in range(size)])


if __name__ == "__main__":
    main()
