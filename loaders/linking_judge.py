"""What one mention of a product says: which level of belief it stands on, and why it is not a higher one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders import linking_levels as levels
from loaders.linking_items import Item, applied_before
from loaders.linking_levels import Level
from loaders.linking_verbs import PLAN, RECYCLE, RESEARCH, RUN, TRADE, Verb, lead, makes, trail

_NEUTRAL = re.compile(
    r"(?:等|系列|类|型|产品|之类|项目|业务|板块|收入|生产基地|基地|一体化|为主|为|主要|多种|各种|其|型号|规格|品种|全系列"
    r"|\d+(?:\.\d+)?[万千百]?(?:吨|套|台|片|只|支|米|平方米)?(?:/年)?|[-\sa-z0-9.~/+*%#])+"
)
_CHANGING = re.compile(r"(?:废旧|废|旧|二手|回收|仿|非|防|脱|免|抗|除|替代|代)$")
_OTHER_HEAD = re.compile(
    "用|专用|生产|设备|装备|装置|机械|机组|机器人|机床|生产线|产线|流水线|线体|配件|配套|零部件|部件|零件|备件|附件|辅材|检测|检验|测试|监测|模具|包装|原料|原材料|辅料|助剂|"
    "添加剂|涂料|软件|工程|技术|应用|工艺|服务|领域|行业|产业|企业|厂商|客户|市场|清洗|切割|切片|分选|焊接|研究|刀具|工具|夹具|"
    "治具|粘|密封|电源|控制|管理|平台|解决方案|运输|仓储|物流|标准|认证|培训|废料|废渣|废液|公司|工厂|车间|厂房|[机炉仪器泵阀剂漆油罐桶箱盒架车厂]$"
)
_PROJECT = re.compile("(?:站|电场|发电|项目|工程)$")
_PROJECT_AFTER = re.compile("等?(?:项目|电站)")
_WORKED = re.compile("[深精]?加工产品|产品|制品")
_WINDOW = 200  # characters around a word that are looked at
_MATERIAL = re.compile("(?:钢|合金|金属|[铁铜铝镁钛镍锌锡硅碳锂锰铬钒钨钼]|树脂|纤维|[酸碱醇氨]|石墨|硅石|塑料|橡胶|陶瓷)$")
_FORM = re.compile(
    "(?>材料?|[板棒线丝管型带片块粉粒坯锭箔卷料]材?|钢[板带管]|薄板|中厚板|带钢|圆钢|盘条|线材|粉末|颗粒|粒子|溶液|锻件|铸件|制品|[薄厚细粗]|[热冷]轧)+$"
)
_ASSEMBLED = re.compile("(?:池|组件|电芯|机|器|车|站|系统|设备|装置|炉)$")


@dataclass(frozen=True)
class Judgement:
    """What a mention comes to.

    Attributes
    ----------
    confidence
        0..1.
    named
        Whether the text names the product itself, by its name or an alias, as a thing of its own and not only planned or bought.
    reason
        What lowered it, in Chinese; empty if nothing did.
    traded
        Whether only verbs of trade or service govern a plain mention.
    """

    confidence: float
    named: bool
    reason: str
    traded: bool = False


def judge(item: Item, start: int, end: int, column: str, *, hint: bool, overlapped: bool = False) -> Judgement:
    """Judge a mention.

    Parameters
    ----------
    item
        The list item that it stands in.
    start, end
        Where in the item the matched word stands.
    column
        Column of table ``enterprises``.
    hint
        Whether the word only points to the product.
    overlapped
        Whether a longer known word begins before it and ends inside it, so that the text may be cut otherwise.
    """
    before, after = item.text[max(start - _WINDOW, 0):start], item.text[end:end + _WINDOW]
    if item.negated or (item.host is not None and item.host.negated):
        return _low(levels.NEGATED)
    if applied_before(before) or (item.applied and "的" not in before):
        return _low(levels.APPLICATION)
    word = item.text[start:end]
    if any(low <= start and end <= high for low, high in item.inputs) and not makes(word, {RECYCLE}):
        return _low(levels.INPUT)
    if changing := _CHANGING.search(before):
        return _low(levels.PREFIXED, f"「{changing.group()}」")
    tail = after[: trail(after)]
    rest = _rest(tail, after[len(tail):])
    if item.modifier and not rest:
        return _low(levels.MODIFIER, "「…用」")
    if rest and (_OTHER_HEAD.search(rest) or ("材料" in rest and _ASSEMBLED.search(word))):
        return _low(levels.MODIFIER, f"「{_short(tail)}」")
    governed = _developed(item.governed, word, after)
    level, reason = _plain(item, before, word, column, governed)
    value, named = level.value, True
    if rest and not overlapped and _MATERIAL.search(word) and _FORM.fullmatch(rest):
        value, reason = value * levels.FORM, reason or f"后接「{_short(tail)}」"
    elif rest or overlapped:
        value, named, reason = value * levels.PARTIAL, False, reason or (f"后接「{_short(tail)}」" if rest else "与另一个词相叠")
    if hint:
        value, named, reason = value * levels.HINT, False, reason or "提示词"
    if cap := _cap(item, word, governed):
        value, named = min(value, cap.value), False
        reason = reason or (_only(governed) if cap is levels.PLANNED else cap.reason)
    return Judgement(value, named, reason, traded=level in (levels.TRADED, levels.STUDIED))


def _rest(tail: str, behind: str) -> str:
    """What follows a word in its item, without filling words and without the 等 or 在内的 that closes a list with its kind of things."""
    head, mark, kind = tail.partition("等")
    if mark and not _NEUTRAL.sub("", head) and (_WORKED.match(behind) or not _OTHER_HEAD.search(kind)):
        return ""
    if tail.startswith("在内的"):
        return ""
    return _NEUTRAL.sub("", tail)


def _plain(item: Item, before: str, word: str, column: str, governed: list[Verb]) -> tuple[Level, str]:
    """Level of a mention that is neither negated nor part of another thing, by its column and verbs."""
    kinds = {kind for kind, _ in governed}
    made = makes(word, kinds)
    if made is False:
        if column == "main_business" and {RESEARCH, TRADE} <= kinds:
            return levels.BUSINESS_DESIGNED, levels.BUSINESS_DESIGNED.reason
        return (levels.TRADED if kinds - {RESEARCH} else levels.STUDIED), _only(governed)
    if column == "main_products":
        level = levels.HEAD if len(before) > lead(before) else levels.EXACT
        level = levels.SHORT if level is levels.HEAD and len(word) == 1 else level
    elif column == "main_business":
        level = levels.BUSINESS_MADE if made else levels.BUSINESS_BARE
    else:
        level = levels.SCOPE_MADE if made else levels.SCOPE_BARE
    return level, level.reason


def _cap(item: Item, word: str, governed: list[Verb]) -> Level | None:
    """The level above which a mention is not believed: a plan or holding, a raw material that may be bought."""
    kinds = {kind for kind, _ in governed}
    if PLAN in kinds and makes(word, kinds) is None:
        return levels.PLANNED
    return levels.BOUGHT if item.bought else None


def _developed(governed: list[Verb], word: str, after: str) -> list[Verb]:
    """Verbs with 开发 read as getting a project going where it means that: with other verbs that is to run it, alone to plan it."""
    if (RESEARCH, "开发") not in governed or not (_PROJECT.search(word) or _PROJECT_AFTER.match(after)):
        return governed
    others = [verb for verb in governed if verb != (RESEARCH, "开发")]
    return [*others, (RUN if others else PLAN, "开发")]


def _only(governed: list[Verb]) -> str:
    return f"只见{_short('、'.join(dict.fromkeys(word for _, word in governed)))}"


def _low(level: Level, more: str = "") -> Judgement:
    return Judgement(level.value, False, level.reason + more)


def _short(text: str) -> str:
    return text if len(text) <= 12 else text[:11] + "…"
