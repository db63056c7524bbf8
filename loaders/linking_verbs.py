"""The verbs of Chinese business texts: what is done to the things that an item names."""

from __future__ import annotations

import re

MAKE, RUN, PLAN, RESEARCH, TRADE, SERVICE, RECYCLE = "make", "run", "plan", "research", "trade", "service", "recycle"
"""Kinds of verbs: made; built and run (a power station); planned or held; studied or designed; bought and sold; served or mended; taken back."""

Verb = tuple[str, str]
"""Kind and word."""

_WORDS = {
    MAKE: "深加工|精加工|来料加工|生产加工|加工|生产制造|生产|制造|冶炼|制备|制作|制取|开采|采选|采掘|采矿|洗选|轧制|压延|锻造|种植|栽培|养殖|"
          "铸造|熔炼|精炼|炼制|提炼|提纯|组装|装配|研制|产销|自产|年产|量产|酿造|[采选冶炼](?=$)",
    PLAN: "拟(?:投资|新建|扩建)?(?:建设|建|生产|投资)|规划(?:建设|投资)?(?!设计|咨询)|布局|投资(?!建设)|参股|(?<!正)在建(?!设)|筹建|涉足|拓展",
    RUN: "投资建设|建设|运营|营运|运行|经营管理|(?:供应|发电)(?=$|[业项服及的、,和与])",
    RESEARCH: "研究(?:与|和)?试验发展|技术研究|技术研发|研究开发|研发|研究|技术开发|开发|设计|试制|勘察",
    TRADE: "批发零售|批发兼零售|批发|零售|销售|购销|营销|直销|代销|代购|分销|经销|贸易|商贸|交易|采购|代理|进出口|进口|出口|供销|"
           "自销|销(?=$|[、,])",
    SERVICE: "租赁|出租|维修|修理|检修|修复|维护|保养|运维|安装|调试|检测|检验|测试|咨询|技术服务|售后服务|服务|转让|推广|"
             "技术支持|施工|总承包|工程承包|承包|总包|仓储|储存|运输|配送|展示|展销|鉴定|评估|培训|勘探",
    RECYCLE: "回收利用|回收|收购|收集|拆解|处置|综合利用|循环利用|再利用|利用|处理|贮存",
}
_AFTER = (
    r"(?!线|设备|装备|机械|机床|机器|机(?!电)|装置|用|工艺|中心|基地|过程|企业|厂|商|业(?!务)|件|仪|器(?![件材具])|系统|软件|材料|所需|所用|许可|型|性|"
    r"资料|站|场|平台|组|工程(?!施工|承包|总)|技术(?!开发|研发|服务|咨询|转让|推广|支持))"
)
_AFTER_TRADE = "(?!终端|网络|收入|额|公司|商|业(?!务)|平台|中心|许可|渠道|部|人员)"
_FILLING = (
    "主营业务为|主营业务是|主营业务|公司主要|公司|本企业|本公司|企业|主要从事|从事|专业从事|专注于|致力于|专业|主要|主营|兼营|自营|经营|许可经营项目|"
    "一般经营项目|许可项目|一般项目|前置许可|各类|各种|多种|国内|国际|国内外|境内外|相关|有关|其他|以上|上述|产品的|产品|商品|货物|业务|活动|项目|"
    "管理|自主|自行|委托|统一|提供|开展|为主|技术(?=进出口|进口|出口|的)|的|之|等|及|和|与|以及|或|并|兼|其|为|是|有|包括|包含|含|以|于|从|在|"
    "科技(?=研发|开发)|一体化|全套|成套|配套|综合"
)
_PATTERNS = {kind: f"(?:{words}){_AFTER_TRADE if kind == TRADE else _AFTER}" for kind, words in _WORDS.items()}
_EACH = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items())
_ANY = f"(?>{'|'.join(_PATTERNS.values())}|{_FILLING})"   # atomic: no text can make it try again and again
_REACH = 60  # characters at the end of an item among which its verbs are sought
_VERB = re.compile(_EACH)
_LEAD = re.compile(f"{_ANY}+")
_TRAIL = re.compile(f"{_ANY}+$")

_OFFER = "(?:(?:类别)?(?:及|和|或|/|与)?(?:所?提供的?)?(?:主要)?(?:劳务|服务|业务))?"
ANNOUNCED = re.compile(
    f"(?:主要|主导|主营|现有){{0,3}}(?:产品|商品)(?:类别)?{_OFFER}(?:主要)?(?:有|为(?!主)|是|包括|包含|涵盖)+"
    f"|(?:主要|主导|主营|现有){{1,3}}产品{_OFFER}(?=:|$)|(?:企业|公司|自行|自主)生产的|自产的"
)
"""Words that announce what a firm itself makes."""

_ACTIVITY = re.compile("(?:工程|epc|总承包|施工|安装|建设|服务|运维|运营|回收|利用|拆解|检测|检验|处置|设计|发电|发电系统|站|电场|项目|幕墙)$")
_ITSELF = re.compile("(?:制造|生产|加工|冶炼|发电|回收|拆解|加注)$")
_WRITTEN = re.compile("(?:软件|操作系统|数据库|数据库管理系统|中间件|算法|软件平台|管理平台|芯片|集成电路|处理器)(?:产品)?$")
_WASTE = re.compile("^(?:废|退役|报废|再生|回收)|回收")


def verbs(text: str) -> list[Verb]:
    """Verbs of a stretch of text, in order."""
    return [(str(match.lastgroup), match.group()) for match in _VERB.finditer(text)]


def lead(text: str) -> int:
    """Length of the verbs and filling words that a text begins with.

    >>> lead("生产、销售钢坯"), lead("研发和生产光伏组件")
    (2, 5)
    """
    announced = [match.end() for match in ANNOUNCED.finditer(text)]
    if announced:
        return announced[-1]
    found = _LEAD.match(text)
    return found.end() if found else 0


def announces(text: str) -> bool:
    """Whether a text announces what a firm makes (主要产品有, 本企业生产的)."""
    return bool(ANNOUNCED.search(text))


def lead_verbs(text: str) -> list[Verb]:
    """Verbs that a text begins with; to announce products is to make them."""
    if announces(text):
        return [(MAKE, "产品有")]
    return verbs(text[: lead(text)])


def trail(text: str, start: int = 0) -> int:
    """Where the verbs and filling words begin that a text ends with; its length if there are none.

    >>> trail("清洗机的研发")
    3
    """
    found = _TRAIL.search(text, max(start, len(text) - _REACH))
    return found.start() if found else len(text)


def makes(word: str, kinds: set[str]) -> bool | None:
    """Whether verbs of these kinds mean that one makes what a word names; None if they say neither yes nor no.

    Power stations are made by developing, building and running them, services by serving, waste by taking it back. Words
    that say themselves what is done (光伏发电) need no verb, and selling what comes of it takes nothing away. To develop
    software is to make it, and so it is with chips, which most designers have made elsewhere.

    >>> makes("硅片", {MAKE, TRADE}), makes("硅片", {TRADE}), makes("光伏电站", {RUN}), makes("硅片", set())
    (True, False, True, None)
    >>> makes("光伏发电", set()), makes("光伏发电", {TRADE}), makes("光伏发电", {PLAN}), makes("光伏发电", {RESEARCH})
    (True, True, None, False)
    >>> makes("办公软件", {RESEARCH, TRADE}), makes("办公软件", {TRADE})
    (True, False)
    >>> makes("存储芯片", {RESEARCH, TRADE}), makes("芯片", {TRADE})
    (True, False)
    """
    if MAKE in kinds or (RESEARCH in kinds and _WRITTEN.search(word)):
        return True
    if _ACTIVITY.search(word) and kinds & {RUN, SERVICE, RECYCLE}:
        return True
    if _WASTE.search(word) and RECYCLE in kinds:
        return True
    if _ITSELF.search(word) and kinds <= {RUN, TRADE}:
        return True
    return False if kinds - {RUN, PLAN} else None
