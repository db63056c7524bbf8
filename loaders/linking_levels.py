"""How far a mention is believed: the levels, their numbers and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

CONFIRMED = 0.65
"""Least confidence of a confirmed link."""

REVIEW = 0.3
"""Least confidence of a link that a person should look at; below it a link is rejected."""

CAP = 0.98
"""Most that texts can prove, however many of them agree."""

UNPROVEN = 0.6
"""Most that mentions come to together when none of them names the product itself: they stay to be reviewed."""

HINT = 0.55
"""What a mention by a hint is worth, as a share of the same mention by name."""

HINTED = 0.45
"""Least confidence of a hint that other products of the same chain can confirm."""

PARTIAL = 0.45
"""What a mention is worth when another noun that we don't know follows the name (不锈钢盘条 for 不锈钢)."""

FORM = 0.75
"""What a mention is worth when a form follows the name of a material (高温合金棒材 for 高温合金)."""

COLUMNS = {"main_products": "主营产品", "main_business": "主营业务", "business_scope": "经营范围"}
"""Columns read, most trusted first, with the name that evidence gives them."""


@dataclass(frozen=True)
class Level:
    """One level of belief.

    Attributes
    ----------
    value
        Confidence, to be read as: of a hundred such mentions so many mean that the enterprise makes the product.
    meaning
        When a mention is on this level, in Chinese, for the documentation.
    reason
        What evidence says of it; empty where nothing lowered it.
    """

    value: float
    meaning: str
    reason: str = ""


EXACT = Level(0.95, "主营产品中的一项就是产品名")
HEAD = Level(0.90, "主营产品中的一项以产品名结尾（冷轧无取向硅钢 之于 无取向硅钢）")
SHORT = Level(0.50, "主营产品中的一项以只有一个字的产品名结尾", "名称只有一个字")
BUSINESS_MADE = Level(0.85, "主营业务中由生产类动词统领")
BUSINESS_BARE = Level(0.70, "主营业务中列出，没有动词")
BUSINESS_DESIGNED = Level(0.40, "主营业务中只见研发设计与销售，可能委托他人生产", "只见研发与销售")
SCOPE_MADE = Level(0.70, "经营范围中由生产类动词统领")
SCOPE_BARE = Level(0.65, "经营范围中列出，没有动词", "列表中没有生产类动词")
PLANNED = Level(0.40, "只由布局、投资、参股、拟建、规划、拓展等动词统领（上限）", "只见")
BOUGHT = Level(0.40, "几种原料的列表，只见加工与销售，可能是买来的（上限）", "原料只见加工与销售")
DISPUTED = Level(0.60, "主营产品中有名，但主营业务只说买卖或服务（上限）", "主营业务只见买卖或服务")
UNMADE = Level(0.60, "主营产品中有名，但主营业务和经营范围通篇没有生产、建设、回收类动词（上限）", "其他文字没有生产类动词")
ALONE = Level(0.60, "只有主营业务提到，主营产品和经营范围没有相近的词，又没有生产类动词或说的全是别的行当（上限）", "主营产品和经营范围都不提")
TRADED = Level(0.20, "只由销售、贸易、租赁、维修、安装、检测等动词统领", "只见")
STUDIED = Level(0.20, "只由研发、设计、试制等动词统领", "只见")
MODIFIER = Level(0.10, "产品名只是别的东西的定语（硅片清洗机、锂电池用铜箔）", "后接")
APPLICATION = Level(0.10, "产品名是用途（用于锂电池的铜箔）", "只是用途")
INPUT = Level(0.10, "产品名是原料（用车轮钢锻轧、以焦炭为原料、可作石墨电极的原料）", "只是原料")
PREFIXED = Level(0.10, "产品名前有改变意思的字（废、非、仿、防）", "前接")
NEGATED = Level(0.05, "产品名在不含、除外之中", "写明不含")
NAMED = Level(0.40, "没有任何文字，企业名称中有产品名", "只见于企业名称")

LEVELS = (
    EXACT, HEAD, BUSINESS_MADE, BUSINESS_BARE, SCOPE_MADE, SCOPE_BARE, DISPUTED, UNMADE, ALONE, SHORT, BUSINESS_DESIGNED, PLANNED, BOUGHT,
    NAMED, TRADED, STUDIED, MODIFIER, APPLICATION, INPUT, PREFIXED, NEGATED,
)
"""All levels, most believed first."""


def state(confidence: float) -> str:
    """confirmed, review or rejected.

    >>> state(0.7), state(0.5), state(0.1)
    ('confirmed', 'review', 'rejected')
    """
    return "confirmed" if confidence >= CONFIRMED else "review" if confidence >= REVIEW else "rejected"
