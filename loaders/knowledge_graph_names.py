"""Which product names of a public knowledge graph can be used, and which of them are one product spelled in several ways.

The names were cut from annual reports, business scopes and recipes by machine: many are halves of words, lines of an
account, or say nothing. A name is judged by itself, so that the same name is treated alike in every file.
"""

from __future__ import annotations

import re
import unicodedata

WAY_OUT = "不影响其他数据；确有此产品的，用正确名称列入自己的产品表"
"""What to do about a name that can't be used."""

LONGEST = 20
"""Han characters beyond which a name is a sentence or a list run together."""

ONE_CHARACTER = frozenset(
    "硼氯锰铀氮铂硫钒铝镁锑银锆砷铁磷硅钛氢镍铌氩氦钯钨碳铜钢钽钴铬铅氖金锌氧锡钡锗钙钼锂铟镓铼氟溴碘硒碲铍锶"
    "苯酚萘氨煤油电水盐糖酒茶烟酶纸布米棉麻竹砂蜡"
)
"""Goods that one character names for certain; any other single character is the rest of a word."""

_ACCOUNTING = re.compile(
    r"抵销|抵消|抵减|^未分配|不可分摊|^(平衡|调整)(项目?|数|额)?$|追溯调整|(合计|小计|总计)$|公允价值变动|^以公允价值计量"
    r"|^分部[一二三四五六七八九十\d]*$|^(集团|管理)?总部(业务|分部)?$"
    r"|^(利息|佣金|手续费)?(支出|收入|净收入)$|^(利息|佣金|手续费)支出$"
)
_EMPTY_WORDS = """
    服务 服务费 服务业 服务业务 技术服务 技术服务费 技术服务业 提供劳务 劳务 劳务收入 咨询 咨询服务
    管理 管理费 管理服务 增值服务 增值业务 售后服务 运营 运营服务 运营业务
    租赁 租赁费 租赁业 租赁服务 租赁业务 出租 租金 房租 房屋租赁 房产租赁 房地产租赁 物业租赁 设备租赁 资产租赁
    材料 材料销售 销售材料 原料 原材料 销售原材料 原料贸易 材料名称 辅料
    商品 商品销售 销售商品 商品销售业务 产品 产品销售 销售产品 销售 销售业务 批发 零售
    贸易 贸易业务 贸易类 贸易业 贸易销售 贸易商品 商品贸易 国内贸易 进出口贸易 国内外贸易 商贸 商贸业
    配件 配件销售 零件 零部件 零配件 部件 附件 备件 备品备件 散件 组件 总成 配套 制品 设备 设备销售 系统 集成 应用 终端
    加工 加工费 受托加工 加工业务 安装 安装服务 安装业务 维修 维修费 维护 运维 代理 代理服务 代理业务
    工业 工业类 商业 制造业 农业 实业 业务 自产 自营 主营 非主营业务 主营业务 其他 其它 其他业务
    境外业务 海外业务 境内业务 创新业务 公司业务
    废料 废料销售 废品 利息 手续费 佣金 建造合同 工程项目 项目
    适量 少许 少量 几根 统一 若干 备用
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_BRACKETS = {"(": ")", "（": "）", "[": "]", "［": "］", "【": "】", "〈": "〉", "《": "》", "“": "”", "‘": "’", "{": "}"}
_CLOSING = frozenset(_BRACKETS.values())
_RULES = (
    (re.compile("\ufffd"), "有一个字在转码时丢失"),
    (re.compile(r"适量|少许|少量"), "是菜谱里的用量，不是产品"),
    (re.compile(r"[<>=≤≥＜＞]"), "是含量说明，不是产品"),
    (re.compile(r"[?？!！。…]|——"), "夹有问号、省略号等，是文章里截下的残句"),
    (re.compile(r"^其"), "以“其”开头，离开原句不知指什么"),
    (re.compile(r".等$"), "以“等”结尾，是列举的残余"),
    (re.compile(r"^[-.·．、，,;；:：#＃%％℃°*＊'/\\&+—–_]"), "开头被截掉了"),
    (re.compile(r"[-.．、，,;；:：#＃*＊'/\\—–_]$"), "结尾被截掉了"),
)
_ESCAPES = ((re.compile(r'\\(["/])'), r"\1"), (re.compile(r"(?<!\\)\\[nrtbf]"), ""), (re.compile(r"\\+"), "/"))


def clean(name: str) -> str:
    """A name as its author wrote it: no JSON escapes, control characters, line breaks or blanks between Han characters.

    >>> clean(" 维生素A系\\n列"), clean("LED  显示屏"), clean("光纤 复合")
    ('维生素A系列', 'LED 显示屏', '光纤复合')
    """
    text = name
    if "\\" in text:
        for pattern, instead in _ESCAPES:
            text = pattern.sub(instead, text)
    if not text.isprintable():
        text = "".join("" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else " " if c.isspace() else c for c in text)
    if " " in text:
        text = re.sub(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])", "", re.sub(r" +", " ", text.strip()))
    return text


def key(name: str) -> str:
    """What is equal for spellings that differ only in width, case and blanks.

    >>> key("ＬＥＤ 显示屏") == key("led显示屏")
    True
    """
    return re.sub(r"\s+", "", name if name.isascii() else unicodedata.normalize("NFKC", name)).casefold()


def fault(name: str) -> str | None:
    """Why a cleaned name can't stand for a product, None for a usable one.

    >>> fault("多晶硅"), fault("平衡项目"), fault("PVC盐化特种材料)")
    (None, '是报表的平衡、抵销或合计行，不是产品', '括号或引号不成对')
    """
    if not name:
        return "名称为空"
    if len(name) == 1:
        return None if name in ONE_CHARACTER else "只有一个字，是词语的残余"
    if _ACCOUNTING.search(name):
        return "是报表的平衡、抵销或合计行，不是产品"
    if name in _EMPTY:
        return "词义空泛，说不出是什么产品"
    if not balanced(name):
        return "括号或引号不成对"
    for pattern, reason in _RULES:
        if pattern.search(name):
            return reason
    if not any(c.isalpha() for c in name):
        return "没有文字"
    if len(name) > LONGEST and sum("\u3400" <= c <= "\u9fff" for c in name) > LONGEST:
        return f"汉字超过 {LONGEST} 个，是句子或连在一起的清单"
    return None


def balanced(name: str) -> bool:
    """Whether every bracket and quotation mark has its partner; half and full width may be mixed.

    >>> balanced("铜合金（铸造)"), balanced("1)石制品")
    (True, False)
    """
    waiting: list[str] = []
    if name.count('"') % 2:
        return False
    closing = _CLOSING if "‘" in name else _CLOSING - {"’"}  # alone it is an apostrophe or a prime: 5’-鸟苷酸二钠
    for char in unicodedata.normalize("NFKC", name) if not name.isascii() else name:
        if char in _BRACKETS:
            waiting.append(_BRACKETS[char])
        elif char in closing and (not waiting or waiting.pop() != char):
            return False
    return not waiting
