"""Public versions: amounts in bands, no targets, no quoted evidence."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from viz.findings import Findings

_LIMITS = ((100, "100 万元以下"), (500, "100–500 万元"), (1000, "500–1000 万元"), (5000, "1000–5000 万元"), (10_000, "5000 万–1 亿元"),
           (50_000, "1–5 亿元"), (100_000, "5–10 亿元"), (500_000, "10–50 亿元"), (1_000_000, "50–100 亿元"))
_AMOUNTS = ("registered_capital_wan", "capital_wan", "revenue_wan", "output_wan")
_WITHHELD = "公开版不列"


def band(amount_wan: float | None) -> str | None:
    """The band of an amount in 万元; None stays None.

    >>> band(99), band(5000), band(2e6), band(None)
    ('100 万元以下', '5000 万–1 亿元', '100 亿元以上', None)
    """
    if amount_wan is None or pd.isna(amount_wan):
        return None
    return next((words for limit, words in _LIMITS if amount_wan < limit), "100 亿元以上")


def redacted(findings: Findings) -> Findings:
    """The same findings for the public.

    Targets go; amounts of enterprises become bands; quoted evidence, supply partners and the amounts behind indicators go;
    indicators that are amounts lose their value, and so do concentrations, from which the shares of two firms could be told.
    """
    products = findings.products.assign(hhi=np.nan, tests=findings.products["tests"].map(_without_shares, na_action="ignore"))
    return replace(
        findings, targets=findings.targets.iloc[:0], makers=_banded(findings.makers).drop(columns=["evidence", "share"]),
        products=products, gaps=findings.gaps.assign(
            hhi=np.nan, detail=findings.gaps["detail"].map(_without_shares, na_action="ignore")),
        leaders=_banded(findings.leaders), indicators=_indicators(findings.indicators),
        redacted=True)


def _without_shares(text: str) -> str:
    return re.sub(r"集中度 [0-9.]+＞[0-9.]+（按[^）]*）", "集中度偏高", text)


def _banded(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {name: pd.array([band(value) for value in frame[name]], dtype="str") for name in _AMOUNTS if name in frame.columns}
    return frame.assign(**columns)


def _indicators(frame: pd.DataFrame) -> pd.DataFrame:
    told = frame["indicator"].str.contains("集中度")
    amounts = told | frame["unit"].fillna("").str.contains("元") | frame["basis"].fillna("").str.contains("万元|亿元")
    basis = frame["basis"].where(~amounts, _WITHHELD)
    return frame.assign(basis=basis, value=frame["value"].where(~(told | frame["unit"].fillna("").str.contains("元"))))
