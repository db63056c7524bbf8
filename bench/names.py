"""Names and codes for generated data, worked out column by column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chain import chainfile

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a 统一社会信用代码 in order of their value (GB 32100)."""

_LETTERS = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], dtype=np.int64)
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)

_MARKS = "华中新东海天金大安联泰宏达盛瑞恒科信嘉兴隆鑫德源润邦正通汇康力诚丰美宇晨凯博远智昌永亿旭佳宝腾飞龙星光创众协和顺成荣富伟明亚洲"
_TRADES = ["科技", "材料", "机械", "电子", "新能源", "装备制造", "化工", "精密制造", "智能", "实业", "环保", "电气", "金属制品", "生物", "光电"]
_PREFIXES = ("高纯 超薄 耐热 耐蚀 高强 低温 高压 柔性 复合 改性 纳米 特种 精密 大型 微型 车用 船用 矿用 医用 "
             "航空 工业 电子级 食品级 环保型 节能型 智能 一体化 模块化 阻燃 防爆 防水 轻量化 双层 三元 无缝 镀层 涂覆 预制 再生 通用").split()
_PARTS = "组件 专用料 总成 单元 配件 半成品 制品 套件 基材 模组".split()


def codes(regions: Any, serials: Any) -> pa.Array:
    """Valid 18-character codes, one for every six-digit region and serial number; different serials give different codes."""
    count = len(serials)
    digits = np.zeros((count, 18), dtype=np.int64)
    digits[:, 0], digits[:, 1] = 9, 1
    for at in range(6):
        digits[:, 2 + at] = regions // 10 ** (5 - at) % 10
    body = (serials.astype(np.int64) * 5_050_303_001) % 31**8  # coprime to 31, so no two serials share a body
    for at in range(8):
        digits[:, 15 - at] = body // 31**at % 31
    ascii_values = np.where(digits[:, 8:16] > 9, _LETTERS[digits[:, 8:16]].astype(np.int64) - 55, digits[:, 8:16])
    inner = (11 - ascii_values @ _BODY_WEIGHTS % 11) % 11
    digits[:, 16] = np.where(inner == 10, ALPHABET.index("X"), inner)
    digits[:, 17] = (31 - digits[:, :17] @ _WEIGHTS % 31) % 31
    return strings(_LETTERS[digits])


def strings(characters: Any) -> pa.Array:
    """Rows of ASCII bytes as strings of equal length."""
    count, width = characters.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int64)
    return pa.LargeStringArray.from_buffers(
        count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters, dtype=np.uint8)))


def enterprises(rng: np.random.Generator, places: pa.Array) -> pa.Array:
    """Registered names: place, two or three characters, trade."""
    count = len(places)
    marks = pa.array(list(_MARKS), pa.large_string())
    parts = [marks.take(pa.array(rng.integers(len(_MARKS), size=count))) for _ in range(3)]
    parts[2] = pc.if_else(pa.array(rng.random(count) < 0.5), parts[2], pa.scalar("", pa.large_string()))
    trades = pa.array(_TRADES, pa.large_string()).take(pa.array(rng.integers(len(_TRADES), size=count)))
    ending, nothing = pa.scalar("有限公司", pa.large_string()), pa.scalar("", pa.large_string())
    return pc.binary_join_element_wise(places, *parts, trades, ending, nothing)


def products(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct product names, those of the built-in chains first."""
    named = (p.name for name in chainfile.library() for p in chainfile.read(name).products)
    real = [name for name in dict.fromkeys(named) if "," not in name]  # the files are written without quotes
    if count <= len(real):
        return real[:count]
    made = [f"{prefix}{name}" for name in real for prefix in _PREFIXES]
    made += [f"{prefix}{name}{part}" for name in real for prefix in _PREFIXES for part in _PARTS]
    pool = sorted(set(made) - set(real))
    if len(pool) < count - len(real):
        raise ValueError(f"只能造出 {len(pool) + len(real)} 个产品名")
    chosen = rng.choice(len(pool), size=count - len(real), replace=False)
    return real + [pool[at] for at in chosen]
