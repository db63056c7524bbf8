"""Chain files as workbooks, because officers edit in spreadsheets: written from a chain, read back as the same chain."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chain.chainfile import Lined, build
from chain.definition import ROLES, Arc, Chain, Product, Relation
from chain.errors import DefinitionError, InputError, OutputError, near_names
from loaders.books import LONGEST, Book, Field, fits, writing
from loaders.chain_text import chain_yaml
from loaders.files import load
from loaders.workbooks import sheets

__all__ = ["chain_yaml", "is_chain_workbook", "read_chain_workbook", "write_chain_workbook"]

HEAD, GOODS, INPUTS, APART = "产业链", "产品", "投入", "区别"
_YES_NO = ("是", "否")
_FORMS: dict[str, tuple[Field, ...]] = {
    HEAD: (
        Field("项目", choices=("产业链", "版本", "截止日期", "说明", "阶段", "来源"), needed=True), Field("名称", width=20),
        Field("内容", width=80),
    ),
    GOODS: (
        Field("阶段", needed=True, width=12), Field("细分领域", width=18), Field("产品", needed=True, width=24),
        Field("引用", choices=_YES_NO, width=8, hint="是：这个产品由别的产业链定义，这里只引用"), Field("别名", width=32),
        Field("提示词", width=24), Field("排除词", width=24), Field("关键度", "integer", low=1, high=5, width=8),
        Field("理由", width=36), Field("卡脖子来源", width=12, hint="填「产业链」页里一个来源的名称；没有公开来源就留空"),
        Field("行业代码", width=14), Field("终端", choices=_YES_NO, width=8), Field("权重", "number", low=0, width=8),
        Field("增加值率", "number", low=0, high=1, width=10),
        Field("查无企业", width=36, hint="名单里找不到企业做它，为什么还留着；找得到就留空"),
        Field("投入在外", width=36, hint="库里没有它的投入品，为什么；写了投入就留空"),
    ),
    INPUTS: (
        Field("投入品", needed=True, width=24), Field("产品", needed=True, width=24), Field("类别", choices=ROLES, width=8),
        Field("系数", "number", low=0, high=1, width=10, hint="1 元产品用多少元投入；没有依据就留空"), Field("替代组", width=14),
        Field("通常自产", choices=_YES_NO, width=10, hint="是：造这个产品的企业通常自己产这种投入品"),
        Field("依据", width=12, hint="填「产业链」页里一个来源的名称"),
    ),
    "种属": (Field("产品", needed=True, width=24), Field("上位产品", needed=True, width=24), Field("依据", width=12)),
    "升级": (
        Field("产品", needed=True, width=24), Field("升级产品", needed=True, width=24), Field("提升", width=48),
        Field("依据", width=12),
    ),
    "副产": (
        Field("副产品", needed=True, width=24), Field("主产品", needed=True, width=24),
        Field("单位产生量（吨/吨）", "number", low=0, width=18), Field("依据", width=12),
    ),
    APART: (Field("产品", needed=True, width=24), Field("易混产品", needed=True, width=24), Field("理由", needed=True, width=48)),
}
_RELATIONS = {
    "种属": ("kind_of", "产品", "上位产品"), "升级": ("upgrades_to", "产品", "升级产品"),
    "副产": ("byproduct_of", "副产品", "主产品"),
}
_SINGLE = {"产业链": "chain", "版本": "version", "截止日期": "as_of", "说明": "summary"}
_LISTS = {"别名": "aliases", "提示词": "hints", "排除词": "exclude", "行业代码": "gbt4754"}
_GUIDE = (
    (HEAD, "产业链名称、版本、截止日期、说明各一行，写在“内容”列"),
    (HEAD, "阶段一行一个，从上游到下游，“名称”列写阶段名；来源一行一个，“名称”列写代号（如 S1）"),
    (GOODS, "一行一个产品，按图上的顺序"),
    (GOODS, "别名、提示词、排除词、行业代码一格里写几个时用；隔开；一个词里本身有这些符号时，给这个词加英文双引号"),
    (GOODS, "别名是这个产品的其他叫法；提示词只是线索，凭它只算待复核；同一条里出现排除词就不算"),
    (INPUTS, "投入品进入产品：物料、设备或服务。替代组相同的几个投入品可以互相替代。系数没有依据不要填"),
    (INPUTS, "通常自产填“是”：造这个产品的企业通常自己产这种投入品（如炼钢厂的钢坯）；留空即否"),
    ("种属、升级、副产", "产品是上位产品的一种；产品可升级为升级产品；副产品产生于主产品的制造"),
    (APART, "两个产品名字相近、其实不是一种东西，写明为什么；易混产品可以在别的产业链里"),
    ("改好以后", "用 lianpu chains validate 检查；也可以转成 YAML 文件保存"),
)
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^；;、，\n]*))\s*(?:[；;、，\n]|$)')
_PARTING = re.compile(r'[；;、，\n"]')


def is_chain_workbook(path: str | Path) -> bool:
    """Whether a file is a workbook with the sheets of a chain."""
    try:
        data = Path(path).read_bytes()
        return data[:4] == b"PK\x03\x04" and {HEAD, GOODS, INPUTS} <= {grid.sheet for grid in sheets(str(path), data)}
    except (OSError, InputError):
        return False


def write_chain_workbook(chain: Chain, path: str | Path, *, replace: bool = False) -> None:
    """Write a chain as a workbook to be edited, with a sheet that explains the columns.

    Raises
    ------
    OutputError
        If the file is there and not to be replaced, can't be written, or if a cell can't hold a text exactly: longer than
        32,767 characters, control characters, blanks at its ends.
    DefinitionError
        If the chain came from a file with keys that the format doesn't have: they would be lost.
    """
    errors = [note for note in chain.notes if note.severity == "error"]
    if errors:
        raise DefinitionError(f"产业链文件有不认识的内容，写成工作簿会丢失：{errors[0]}", where=chain.file, way_out="先改正文件")
    with writing(path, replace=replace) as book:
        _form(book, HEAD, _head_rows(chain))
        _form(book, GOODS, [_product_row(product) for product in chain.products])
        _form(book, INPUTS, [_arc_row(arc) for arc in chain.arcs])
        for title, relations in (("种属", chain.kinds), ("升级", chain.upgrades), ("副产", chain.byproducts)):
            _form(book, title, [_relation_row(title, relation) for relation in relations])
        _form(book, APART, [{"产品": one.product, "易混产品": one.other, "理由": one.text} for one in chain.distinctions])
        book.page("填表说明", ("工作表", "怎么填"), _GUIDE, (20, 100))


def _form(book: Book, title: str, rows: list[dict[str, object]]) -> None:
    """A sheet of named cells; a column that only some chains use is added where a row has it."""
    fields = list(_FORMS[title])
    extra = [name for name in ("提升", "单位产生量（吨/吨）") if any(row.get(name) is not None for row in rows)]
    fields += [Field(name, "number" if "（" in name else "text") for name in extra if name not in {one.header for one in fields}]
    cells = [[_cell(title, number, one, row.get(one.header)) for one in fields] for number, row in enumerate(rows, 2)]
    book.form(title, fields, cells)


def _cell(title: str, number: int, column: Field, value: object) -> object:
    """A value that a cell gives back exactly: a number with more digits than a workbook keeps becomes text."""
    if isinstance(value, str):
        if not fits(value) or value != value.strip():
            raise OutputError(
                f"「{value[:40]}」放不进单元格", where=f"工作表「{title}」第 {number} 行「{column.header}」列",
                way_out=f"去掉首尾空格和控制字符，缩短到 {LONGEST} 字以内")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            where = f"工作表「{title}」第 {number} 行「{column.header}」列"
            raise OutputError(f"{value} 不是有限的数", where=where, way_out="改成数字")
        return value if float(f"{value:.16G}") == value else repr(value)
    return value


def _head_rows(chain: Chain) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"项目": title, "内容": getattr(chain, "name" if key == "chain" else key)} for title, key in _SINGLE.items()]
    rows += [{"项目": "阶段", "名称": name, "内容": text} for name, text in chain.stages]
    return rows + [{"项目": "来源", "名称": key, "内容": text} for key, text in chain.sources.items()]


def _product_row(product: Product) -> dict[str, object]:
    return {
        "阶段": product.stage, "细分领域": product.segment, "产品": product.name, "引用": None if product.defined else "是",
        **{title: _joined(getattr(product, key)) for title, key in _LISTS.items()}, "关键度": product.criticality,
        "理由": product.reason, "卡脖子来源": product.chokepoint, "终端": "是" if product.terminal else None,
        "权重": product.weight, "增加值率": product.value_added_rate, "查无企业": product.unlinked, "投入在外": product.no_inputs,
    }


def _arc_row(arc: Arc) -> dict[str, object]:
    return {
        "投入品": arc.input, "产品": arc.product, "类别": arc.role, "系数": arc.coefficient, "替代组": arc.group,
        "通常自产": "是" if arc.captive else None, "依据": arc.citation,
    }


def _relation_row(title: str, relation: Relation) -> dict[str, object]:
    _, product, other = _RELATIONS[title]
    return {
        product: relation.product, other: relation.other, "提升": relation.text, "单位产生量（吨/吨）": relation.tonnes,
        "依据": relation.citation,
    }


def _joined(words: tuple[str, ...]) -> str:
    return "；".join('"' + word.replace('"', '""') + '"' if _PARTING.search(word) else word for word in words)


def _parted(text: str) -> list[str]:
    """Words of a cell: parted by ；;、， or line breaks, but for those in double quotes.

    >>> _parted('铬铁；"1，4-丁二醇"、高铬')
    ['铬铁', '1，4-丁二醇', '高铬']
    """
    found, at = [], 0
    while at < len(text) and (item := _ITEM.match(text, at)):
        found.append(item[1].replace('""', '"') if item[1] is not None else item[2].strip())
        if item.end() == at:
            break
        at = item.end()
    return [word for word in found if word]


def _is_empty(value: object) -> bool:
    """Whether a cell says nothing; a zero says something."""
    return value is None or value is False or value == "" or value == []


@dataclass
class _Row:
    """One row of a sheet by header, with what is needed to say where something is wrong."""

    file: str
    sheet: str
    number: int
    cells: dict[str, str]

    def error(self, column: str, what: str, way_out: str) -> DefinitionError:
        where = f"{self.file} 工作表「{self.sheet}」第 {self.number} 行「{column}」列"
        return DefinitionError(what, where=where, way_out=way_out)

    def lined(self, **values: object) -> Lined:
        """A mapping that stands on this row, without what is empty."""
        mapping = Lined({key: value for key, value in values.items() if not _is_empty(value)})
        mapping.line = self.number
        return mapping

    def text(self, column: str, *, needed: bool = False) -> str:
        value = self.cells.get(column, "")
        if needed and not value:
            raise self.error(column, f"{column} 是空的", "补上，或删去这一行")
        return value

    def number_(self, column: str) -> float | None:
        value = self.cells.get(column, "")
        if not value:
            return None
        try:
            found = float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise self.error(column, f"{value!r} 不是数", "只写数字")
        return found

    def whole(self, column: str) -> int | None:
        found = self.number_(column)
        if found is not None and found != int(found):
            raise self.error(column, f"{self.cells[column]!r} 不是整数", "写整数")
        return None if found is None else int(found)

    def flag(self, column: str) -> bool:
        value = self.cells.get(column, "").casefold()
        if value not in ("", "是", "否", "true", "false", "1", "0"):
            raise self.error(column, f"{value!r} 不是 是 或 否", "从下拉列表里选")
        return value in ("是", "true", "1")


def read_chain_workbook(path: str | Path) -> Chain:
    """The chain in a workbook; `line` of every part is its row in the sheet it stands on.

    Raises
    ------
    InputError
        If the file can't be read.
    DefinitionError
        If a sheet or column is missing or unknown, or a cell can't be used; sheet, row and column are named.
    """
    place = Path(path)
    file = load(str(path), place)
    found = {grid.sheet: list(_rows(place.name, grid)) for grid in sheets(str(path), file.data) if grid.sheet in _FORMS}
    for title in (HEAD, GOODS):
        if title not in found:
            way_out = f"产业链工作簿要有这些工作表：{'、'.join(_FORMS)}"
            raise DefinitionError(f"没有工作表「{title}」", where=place.name, way_out=way_out)
    document = _head(found[HEAD], place.name)
    documents = _goods(found[GOODS], [stage["name"] for stage in document["stages"]], document)
    for row in found.get(INPUTS, []):
        _owner(row, "产品", documents).setdefault("inputs", []).append(_arc(row))
    for title, (key, product, other) in _RELATIONS.items():
        for row in found.get(title, []):
            _owner(row, product, documents).setdefault(key, []).append(row.lined(
                product=row.text(other, needed=True), gain=row.text("提升"), tonnes=row.number_("单位产生量"),
                source=row.text("依据")))
    for row in found.get(APART, []):
        _owner(row, "产品", documents).setdefault("distinct_from", []).append(row.lined(
            product=row.text("易混产品", needed=True), reason=row.text("理由", needed=True)))
    return build(document, place.name, hashlib.sha256(file.data).hexdigest()[:12])


def _rows(file: str, grid: Any) -> Iterator[_Row]:
    """Filled rows below the header, the first filled row; a unit in brackets is no part of a header."""
    known = {_bare(one.header) for form in _FORMS.values() for one in form}
    header: list[str] | None = None
    for number, cells in zip(grid.numbers, grid.cells, strict=True):
        stripped = [cell.strip() for cell in cells]
        if not any(stripped):
            continue
        if header is None:
            header = [_bare(cell) for cell in stripped]
            _check_header(_Row(file, grid.sheet, number, {}), header, known)
            continue
        row = _Row(file, grid.sheet, number, {name: cell for name, cell in zip(header, stripped, strict=False) if name})
        names = header + [""] * (len(stripped) - len(header))
        if extra := next((cell for name, cell in zip(names, stripped, strict=False) if cell and not name), ""):
            raise row.error("（无表头）", f"「{extra[:40]}」所在的列没有表头", "给这一列写上表头，或清空它")
        yield row


def _bare(header: str) -> str:
    return re.sub(r"[（(][^（()）]*[)）]", "", header).strip()


def _check_header(row: _Row, header: list[str], known: set[str]) -> None:
    for name in header:
        if name and name not in known:
            near = near_names(name, known)
            way_out = f"是不是 {'、'.join(near)}？" if near else "可用：" + "、".join(sorted(known))
            raise row.error(name, f"不认识的表头「{name}」", way_out)
        if name and header.count(name) > 1:
            raise row.error(name, f"表头「{name}」写了两次", "留一列")
    for one in _FORMS[row.sheet]:
        if one.needed and _bare(one.header) not in header:
            raise row.error(one.header, f"缺少「{one.header}」这一列", "补上这一列")


def _head(rows: list[_Row], file: str) -> Lined:
    document = Lined(sources={}, stages=[], segments=[])
    for row in rows:
        what, name, text = row.text("项目", needed=True), row.text("名称"), row.text("内容")
        if what in _SINGLE:
            if _SINGLE[what] in document:
                raise row.error("项目", f"「{what}」写了两次", "留一行")
            document[_SINGLE[what]] = text or name
        elif what == "阶段":
            document["stages"].append(row.lined(name=row.text("名称", needed=True), description=text))
        elif what == "来源":
            if name in document["sources"]:
                raise row.error("名称", f"来源「{name}」写了两次", "一个代号只给一个来源")
            document["sources"][row.text("名称", needed=True)] = text
        else:
            raise row.error("项目", f"不认识的项目「{what}」", f"可用：{'、'.join([*_SINGLE, '阶段', '来源'])}")
    if not document.get("chain"):
        raise DefinitionError("没有产业链的名称", where=f"{file} 工作表「{HEAD}」", way_out="加一行：项目写“产业链”，内容写名称")
    return document


def _goods(rows: list[_Row], stages: list[str], document: Lined) -> dict[str, Lined]:
    """Products of the document by name; neighbours of one stage and segment become one segment."""
    found: dict[str, Lined] = {}
    last: tuple[str, str] | None = None
    for row in rows:
        stage, segment, name = row.text("阶段", needed=True), row.text("细分领域"), row.text("产品", needed=True)
        if stage not in stages:
            raise row.error("阶段", f"阶段「{stage}」没有在工作表「{HEAD}」里列出", "可用的阶段：" + "、".join(stages))
        if name in found:
            raise row.error("产品", f"产品「{name}」写了两次（另一处在第 {found[name].line} 行）", "合为一行")
        found[name] = _product(row, name)
        if (stage, segment) != last:
            document["segments"].append(row.lined(name=segment, stage=stage))
            document["segments"][-1]["products"] = []
            last = (stage, segment)
        document["segments"][-1]["products"].append(found[name])
    return found


def _product(row: _Row, name: str) -> Lined:
    words = {key: _parted(row.text(title)) for title, key in _LISTS.items()}
    item = row.lined(
        **{"use" if row.flag("引用") else "name": name}, **words, reason=row.text("理由"), chokepoint=row.text("卡脖子来源"),
        terminal=row.flag("终端"), unlinked=row.text("查无企业"), no_inputs=row.text("投入在外"))
    numbers = {"criticality": row.whole("关键度"), "weight": row.number_("权重"), "value_added_rate": row.number_("增加值率")}
    item.update({key: value for key, value in numbers.items() if value is not None})
    return item


def _arc(row: _Row) -> Lined:
    role = row.text("类别") or ROLES[0]
    if role not in ROLES:
        raise row.error("类别", f"类别「{role}」不认识", "可用：" + "、".join(ROLES))
    entry = row.lined(
        product=row.text("投入品", needed=True), role=role, group=row.text("替代组"), source=row.text("依据"), captive=row.flag("通常自产"))
    if (coefficient := row.number_("系数")) is not None:
        entry["coefficient"] = coefficient
    return entry


def _owner(row: _Row, column: str, products: dict[str, Lined]) -> Lined:
    """The product that an arc or relation stands under."""
    name = row.text(column, needed=True)
    if name not in products:
        near = near_names(name, products)
        raise row.error(column, f"「{name}」不在工作表「{GOODS}」里",
            f"是不是：{'、'.join(near)}？" if near else "先把这个产品加进去")
    return products[name]
