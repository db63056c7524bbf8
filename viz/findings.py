"""What the documents of the annual set say: the frames and words of one chain in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from viz.palette import LOOKS, look
from viz.text import clean


@dataclass(frozen=True, eq=False)
class Findings:
    """One chain in one place, ready to be told.

    Attributes
    ----------
    place_name, full_name, chain_name, chain_version
        Whom it is about.
    as_of
        Data date, ISO; empty if nobody gave one.
    rule, notes
        How a status is decided, in words; what the data can't say.
    products
        product, name, stage, segment, status, reason, label, makers, national, buyers, lq, hhi, national_share, titled, tests.
    gaps, targets, makers, indicators, leaders, suppliers
        As the queries give them.
    parts
        The regions of the area: region, name, makers, links.
    matrix
        region, product, makers.
    stages
        name, position, description.
    sources
        file, sheet, kind, rows, as_of.
    enterprises, coarse, register
        Active enterprises of the place; those known only to lie in a wider region; whether a register covers the place.
    area_name, inside, area_coarse
        The region whose parts are listed; the part that the place is, if it is one; makers in no certain part.
    redacted
        A public version: no targets, amounts in bands.
    """

    place_name: str
    full_name: str
    chain_name: str
    chain_version: str
    as_of: str
    rule: str
    notes: tuple[str, ...]
    products: pd.DataFrame
    gaps: pd.DataFrame
    targets: pd.DataFrame
    makers: pd.DataFrame
    indicators: pd.DataFrame
    leaders: pd.DataFrame
    suppliers: pd.DataFrame
    parts: pd.DataFrame
    matrix: pd.DataFrame
    stages: pd.DataFrame
    sources: pd.DataFrame
    enterprises: int
    coarse: int
    register: bool
    area_name: str
    inside: str = ""
    area_coarse: int = 0
    author: str = ""
    stamp: str = ""
    redacted: bool = False
    explained: tuple[tuple[str, str], ...] = field(default=())
    """口径与数据质量说明: item and text."""

    @property
    def title(self) -> str:
        """Place and chain, the head of every title."""
        return f"{clean(self.place_name)}{clean(self.chain_name)}产业链"

    @property
    def looks(self) -> dict[str, int]:
        """Links by look, in the order of the palette; looks without a link have 0."""
        counts = dict.fromkeys(LOOKS, 0)
        for status, reason in zip(self.products["status"], self.products["reason"], strict=True):
            counts[look(status, clean(reason)).key] += 1
        return counts

    @property
    def covered(self) -> pd.DataFrame:
        """Products with a maker in the place."""
        return self.products[self.products["makers"] > 0]

    @property
    def strengths(self) -> pd.DataFrame:
        """长板: strong products, by location quotient falling, then makers."""
        strong = self.products[self.products["status"] == "strong"]
        return strong.sort_values(["lq", "makers", "product"], ascending=[False, False, True], kind="stable").reset_index(drop=True)

    @property
    def named_gaps(self) -> pd.DataFrame:
        """Gaps with an action; what can't be told is left out."""
        return self.gaps[self.gaps["action"] != "先核实"].reset_index(drop=True)

    @property
    def no_gaps(self) -> str:
        """Why there is no gap with an action, as one sentence that every document says alike; empty if there is one."""
        if len(self.named_gaps):
            return ""
        if not self.enterprises:
            return f"所载数据里没有{self.full_name}的企业，先载入本地企业名录再作判断。"
        if not self.firms:
            return f"本地没有查到链上企业，分不出补链、延链、强链、提链；{len(self.gaps)} 个环节本地有没有，请先按《缺口清单》核实。"
        rest = f"另有 {len(self.gaps)} 个环节说不准，请先按《缺口清单》核实。" if len(self.gaps) else ""
        return f"没有查到补链、延链、强链、提链的缺口。{rest}"

    @property
    def firms(self) -> int:
        """Enterprises of the place on the chain, each once."""
        return int(self.makers["enterprise"].nunique())

    @property
    def footing(self) -> str:
        """One sentence on what the findings rest on."""
        if self.register:
            return "有企业名录覆盖本地，没有查到的环节按缺失计。"
        return "没有覆盖本地的企业名录，只有样本：没有查到的环节记为疑似缺失，不等于没有。"
