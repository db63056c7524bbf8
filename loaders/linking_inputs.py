"""What a list names without making it: inputs, modifiers of another thing, and raw materials that are bought."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from loaders.linking_verbs import MAKE, TRADE, Verb, trail

_WHO = "(?:^|、|企业|公司|主要|直接|并|通过|可|大量|全部)"
_TAKE = "(?:采用|利用|使用|选用|用(?![于途户品电水以作]))"
_STOP = "生产|制造|制取|制备|制作|制成|制得|制(?!品)|冶炼|炼制|提取|提纯|提炼|加工|锻轧|锻造|轧制|铸造|合成|发电|的|$"
_STUFF = "(?:主要|重要|基础|核心|上游)*(?:原料|原材料|燃料|基材)"
_SHORTEST = "(?P<what>.{1,80}?)"
_INPUTS = (
    re.compile(f"{_WHO}{_TAKE}{_SHORTEST}(?={_STOP})"),
    re.compile(f"以{_SHORTEST}等?(?:作为|为|作|做){_STUFF}"),
    re.compile(f"由{_SHORTEST}等?(?:制成|制得|加工而成|制作而成|制备而成|生产而成)"),
    re.compile(f"可用?[作做]为?{_SHORTEST}[的等]*{_STUFF}"),
)
_OWN = re.compile("自产|自制|自有|生产的|专利|技术")
_JOINED = ("和", "及", "与", "以及")
_FOR = re.compile(
    "^(?P<what>.{2,}?)(?<![使应采利作选费适通信民军家商医公日农食药两])(?:专用|(?<!专)用)(?![于途户品电水以作])(?P<thing>.{2,})$"
)
_PARTS_OF = re.compile("^(?:其?[他它]|相关).*(?:零组件|零部件|零配件|部件|配件|附件)$")
_DEVICE = re.compile("(?:[炉机器池站泵]|组件|设备|装置|汽车|电芯)$")
_RAW = re.compile("(?:矿|矿石|矿粉|矿砂|精粉|精矿|生铁|铁水|废钢|焦炭|兰炭|煤|煤炭|金属材料|钢材|钢坯|硅铁|硅锰|硅粉|锰铁|铬铁|铁合金)$")
_PROCESS = "加工"


def inputs(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """For every item of a list the stretches that name what something else is made from.

    >>> inputs(["用车轮钢", "车轴钢锻轧加工铁路轮轴产品"])
    [[(1, 4)], [(0, 3)]]
    """
    joined = "、".join(texts)
    spans = [
        found.span("what") for pattern in _INPUTS for found in pattern.finditer(joined) if not _OWN.search(found.group("what"))
    ]
    starts = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))
    result: list[list[tuple[int, int]]] = [[] for _ in texts]
    for low, high in spans:
        for at in range(bisect_right(starts, low) - 1, bisect_left(starts, high)):
            start = starts[at]
            result[at].append((max(low - start, 0), min(high - start, len(texts[at]))))
    return result


def modifiers(texts: Sequence[str], separators: Sequence[str]) -> list[bool]:
    """For every item of a list whether it only says what the thing behind it is for.

    Parameters
    ----------
    texts
        The items.
    separators
        What stands in front of each.

    Notes
    -----
    Only things of one kind share a 用: both devices, or both with the same last character, and the thing that is for them
    is of another kind (光伏玻璃和建筑用玻璃 are two sorts of glass). At least the last of them must be joined by 和 or the like.

    What stands before 及其他…零部件 is only what the parts are of.

    >>> modifiers(["生产电弧炉", "精炼炉用石墨电极"], ["", "和"]), modifiers(["电脑", "其他电子产品零部件的生产"], ["", "及"])
    ([True, False], [True, False])
    """
    result = [False] * len(texts)
    for at in range(1, len(texts)):
        if separators[at] in (*_JOINED, "及其") and _PARTS_OF.match(texts[at][: trail(texts[at])]):
            result[at - 1] = True
    for at in range(1, len(texts)):
        found = _FOR.match(texts[at]) if separators[at] in _JOINED else None
        if found is None:
            continue
        what, thing = found.group("what"), found.group("thing")
        for place in range(at - 1, -1, -1):
            if not _alike(texts[place], what) or _alike(texts[place], thing):
                break
            result[place] = True
            if separators[place] not in ("、", *_JOINED):
                break
    return result


def _alike(one: str, other: str) -> bool:
    return one[-1:] == other[-1:] or bool(_DEVICE.search(one) and _DEVICE.search(other))


def bought(items: Sequence[tuple[str, list[Verb]]]) -> list[bool]:
    """For every item (text and verbs) of a clause whether it is one of several raw materials that are only worked and sold.

    >>> bought([("铁矿粉", [("make", "加工"), ("trade", "销售")]), ("生铁的加工与销售", [("make", "加工"), ("trade", "销售")])])
    [True, True]
    """
    raw = [_only_worked(verbs) and bool(_RAW.search(text[: trail(text)])) for text, verbs in items]
    return [found and sum(raw) > 1 for found in raw]


def _only_worked(verbs: list[Verb]) -> bool:
    return {word for kind, word in verbs if kind == MAKE} == {_PROCESS} and any(kind == TRADE for kind, _ in verbs)
