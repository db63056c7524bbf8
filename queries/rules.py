"""The thresholds and weights behind every result, in one place, so that each output can print what it went by."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from chain.store import View


@dataclass(frozen=True)
class Rules:
    """Named parameters of all queries, with the defaults of the project's definitions.

    Attributes
    ----------
    tau
        Least confidence of a MAKES that counts (τ).
    hhi_max
        Concentration above which a link with two or more makers is weak.
    lq_weak, lq_strong
        Location quotient below which a link is weak, from which on it can be strong.
    theta
        Least local supply ÷ local demand where amounts are known (θ).
    loaded_share
        Share of the expected enterprises that must be loaded before absence is believed.
    register_years
        Age in years beyond which a register no longer proves absence.
    roles
        Kinds of input that count: 物料, 设备, 服务.
    as_of
        Date of the question, ISO; None for the store's data date.
    """

    tau: float = 0.65
    hhi_max: float = 0.25
    lq_weak: float = 1.0
    lq_strong: float = 1.25
    theta: float = 0.8
    loaded_share: float = 0.3
    register_years: float = 3.0
    roles: tuple[str, ...] = ("物料", "设备", "服务")
    as_of: str | None = None

    @property
    def view(self) -> View:
        """How the store is asked under these rules."""
        return View(self.tau, self.as_of)

    def in_words(self) -> str:
        """The rules as one line, as outputs print them.

        Examples
        --------
        >>> Rules().in_words()[:40]
        '制造关系置信度≥0.65才计；有确认企业为具备；单一企业、集中度>0.25（两家'
        """
        return (
            f"制造关系置信度≥{self.tau:g}才计；有确认企业为具备；单一企业、集中度>{self.hhi_max:g}（两家以上）、区位商<{self.lq_weak:g}、"
            f"供需比<{self.theta:g}或无资质企业之一为薄弱；无薄弱项且区位商≥{self.lq_strong:g}为优势；"
            f"有名录覆盖且无企业为缺失，只有样本时为疑似缺失；名录超过 {self.register_years:g} 年、"
            f"载入不足应有企业数的 {self.loaded_share:.0%}、有待复核企业或全国都无企业时为待核"
        )


def parameters(rules: Rules) -> dict[str, object]:
    """Parameter names and values, for manifests and the notes of a workbook."""
    return {field.name: getattr(rules, field.name) for field in fields(rules)}


@cache
def weights(score: str) -> dict[str, float]:
    """Weights of the terms of a score from ``weights.csv``; the terms of one score add up to 1.

    >>> round(sum(weights("gap").values()), 9), round(sum(weights("target").values()), 9)
    (1.0, 1.0)
    """
    return {row["term"]: float(row["weight"]) for row in _published() if row["score"] == score}


@cache
def names(score: str) -> dict[str, str]:
    """Terms of a score as people read them, from ``weights.csv``.

    >>> names("gap")["need"], names("target")["ties"]
    ('需求', '供应关系')
    """
    return {row["term"]: row["name"] for row in _published() if row["score"] == score}


@cache
def _published() -> tuple[dict[str, str], ...]:
    with open(Path(__file__).with_name("weights.csv"), encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
