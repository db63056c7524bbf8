"""Products of a public knowledge graph, what goes into what, sub-kinds, and who makes what."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from chain.tables import join
from loaders.knowledge_graph_enterprises import six_digits
from loaders.knowledge_graph_names import WAY_OUT, clean, fault, key
from loaders.knowledge_graph_pages import Page, Record

FILLER = 0.001
"""Weight that the source gives to every product it took from the business scope instead of the accounts."""

REPORTED, SPLIT_TWICE, UNSUPPORTED = 0.9, 0.8, 0.5
"""Confidence of a MAKES: with a share of revenue; with a share above 1 (a total under another heading); with no usable share."""

_ARCS = {"上游材料": ("to_entity", "from_entity"), "下游产品": ("from_entity", "to_entity")}
"""Relation to the keys of the input and of the product it goes into: the first runs against the goods, the second with them."""

_CHECK = "核对两端的产品后改正；不影响其他数据"
_OTHER_HEAD = "小类的名称不以大类的名称结尾，中心词不同，不是它的一种"
_MADE_OF = "大类又是小类的上游材料：用它做成的东西不是它的一种"


@dataclass
class Catalogue:
    """The usable product names of the graph.

    Attributes
    ----------
    rows
        Rows of table ``products`` by `key` of the name.
    """

    rows: dict[str, Record] = field(default_factory=dict)
    _found: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def find(self, written: str) -> tuple[str | None, str]:
        """Id of the product meant by a name as written, or None and the reason."""
        if written not in self._found:
            name = clean(written)
            reason = fault(name)
            row = self.rows.get(key(name)) if reason is None else None
            if row is None and reason is None:
                reason = "产品表里没有这个名称"
            self._found[written] = (str(row["id"]), "") if row else (None, reason or "")
        return self._found[written]


def catalogue(page: Page) -> Catalogue:
    """All products; spellings that differ only in width, case and blanks are one, named by the shortest, then first of them."""
    spelled: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row, record in page.records("name"):
        name = clean(written := str(record["name"]))
        if reason := fault(name):
            page.reject(row, "name", written, reason, WAY_OUT)
        else:
            spelled[key(name)].append((name, row))
    found = Catalogue()
    for at, names in spelled.items():
        name, row = min(names, key=lambda pair: (len(pair[0]), pair))
        others = sorted({other for other, _ in names} - {name})
        found.rows[at] = {"id": name, "name": name, "aliases": join(others), "source": page.source, "row": row}
        page.merged += len(names) - 1
    return found


@dataclass
class Arcs:
    """Rows of tables ``inputs`` and ``kinds``, and what is worth telling of them."""

    inputs: dict[tuple[str, str], Record]
    kinds: dict[tuple[str, str], Record]
    notes: list[str]


def arcs(page: Page, kinds_page: Page, known: Catalogue) -> Arcs:
    """What goes into what, and what is a kind of what.

    Parameters
    ----------
    page, kinds_page
        The file of relations between products, and an account of its own for the lines that state sub-kinds.

    Notes
    -----
    上游材料 (from is made of to) is turned round, 下游产品 (to is made of from) is not. A 产品小类 is believed only where the
    sub-kind's name ends with the kind's, as a Chinese head noun does, and the kind is not an input of the sub-kind: what is
    made of beef is no kind of beef.
    """
    found = Arcs({}, {}, [])
    waiting: list[tuple[int, str, str]] = []
    for row, record in page.records("from_entity", "rel", "to_entity"):
        relation = str(record["rel"])
        if relation == "产品小类":
            page.rows_in -= 1
            kinds_page.rows_in += 1
            waiting.append((row, str(record["to_entity"]), str(record["from_entity"])))
        elif relation in _ARCS:
            source_key, product_key = _ARCS[relation]
            _input(found, page, row, relation, str(record[source_key]), str(record[product_key]), known)
        else:
            page.reject(row, "rel", relation, "不认识的关系", "可用：上游材料、下游产品、产品小类")
    for row, low, high in waiting:
        _kind(found, kinds_page, row, low, high, known)
    found.notes += _mutual(found)
    return found


def _ends(page: Page, row: int, one: str, two: str, known: Catalogue) -> tuple[str, str] | None:
    """Ids of both ends of a relation; None where one can't be used or both are the same, which is reported."""
    found = []
    for written in (one, two):
        id_, reason = known.find(written)
        if id_ is None:
            page.reject(row, "to_entity", f"{one} → {two}", f"一端的名称用不了：{reason}", _CHECK)
            return None
        found.append(id_)
    if found[0] == found[1]:
        page.reject(row, "to_entity", f"{one} → {two}", "指向它自己", _CHECK)
        return None
    return found[0], found[1]


def _input(found: Arcs, page: Page, row: int, relation: str, low: str, high: str, known: Catalogue) -> None:
    ends = _ends(page, row, low, high, known)
    if ends is None:
        return
    if ends in found.inputs:
        page.merge()
        return
    found.inputs[ends] = {
        "input": ends[0], "product": ends[1], "role": "物料", "citation": f"公开图谱，{relation}", "source": page.source,
        "row": row,
    }


def _kind(found: Arcs, page: Page, row: int, low: str, high: str, known: Catalogue) -> None:
    ends = _ends(page, row, low, high, known)
    if ends is None:
        return
    if not is_head(*ends):
        page.reject(row, "to_entity", f"{low} ⊂ {high}", _OTHER_HEAD, _CHECK)
    elif (ends[1], ends[0]) in found.inputs:
        page.reject(row, "to_entity", f"{low} ⊂ {high}", _MADE_OF, _CHECK)
    elif ends in found.kinds:
        page.merge()
    else:
        found.kinds[ends] = {"product": ends[0], "kind": ends[1], "citation": "公开图谱，产品小类", "source": page.source,
            "row": row}


def is_head(product: str, kind: str) -> bool:
    """Whether the name of the kind is the head noun of the product's: its end, and not the tail of a Latin word.

    >>> is_head("分体式空调", "空调"), is_head("电源电路", "电源"), is_head("MOSAIC", "AIC")
    (True, False, False)
    """
    low, high = key(product), key(kind)
    if not low.endswith(high) or low == high:
        return False
    return not (high[0].isascii() and high[0].isalnum() and low[-len(high) - 1].isascii() and low[-len(high) - 1].isalnum())


def _mutual(found: Arcs) -> list[str]:
    pairs = sorted(pair for pair in found.inputs if pair[0] < pair[1] and (pair[1], pair[0]) in found.inputs)
    if not pairs:
        return []
    lines = {pair: row["row"] for pair, row in found.inputs.items()}
    listed = "；".join(f"{one}/{two}（第 {lines[one, two]}、{lines[two, one]} 行）" for one, two in pairs[:10])
    return [f"{len(pairs)} 对产品互为上游材料，两个方向都保留，请核对：{listed}"]


def makes(page: Page, known: Catalogue, enterprises: dict[str, Record]) -> list[Record]:
    """Rows of table ``makes``, method ``stated``.

    Notes
    -----
    The weight is a share of revenue, but the accounts split revenue in several ways at once: shares rank the products of one
    enterprise and must not be added. Confidence is 0.9 with a share, 0.8 with one above 1 (confirmed, share empty); 0.5 with the
    filler 0.001, zero, a negative or no number (to be reviewed; share empty except for zero).
    """
    rows: dict[tuple[str, str, float | None], Record] = {}
    for row, record in page.records("company_code", "product_name"):
        written = str(record["product_name"])
        code = six_digits(record["company_code"])
        if code is None or f"stock:{code}" not in enterprises:
            page.reject(row, "company_code", str(record["company_code"]), "企业表里没有这个代码", "核对代码，或把企业补进企业表")
            continue
        product, reason = known.find(written)
        if product is None:
            page.reject(row, "product_name", written, reason, WAY_OUT)
            continue
        weight = _number(record.get("rel_weight"))
        if (at := (code, product, weight)) in rows:
            page.merge()
            continue
        rows[at] = _make(page, row, code, product, written, weight, record)
    return list(rows.values())


def _make(page: Page, row: int, code: str, product: str, written: str, weight: float | None, record: Record) -> Record:
    share, confidence, words = weight, REPORTED, f"占比 {record.get('rel_weight')}"
    if weight == FILLER:
        share, confidence, words = None, UNSUPPORTED, "取自经营范围，无占比（填充值 0.001）"
    elif weight is None or weight < 0 or weight > 1:
        share, confidence = None, SPLIT_TWICE if weight is not None and weight > 1 else UNSUPPORTED
        page.cell(row, "rel_weight", str(record.get("rel_weight")), "收入占比不在 0–1", "这一格留空；核对年报的分部收入后补上")
    elif weight == 0:
        confidence = UNSUPPORTED
    return {
        "enterprise": f"stock:{code}", "product": product, "share": share, "confidence": confidence,
        "state": "confirmed" if confidence > UNSUPPORTED else "review", "method": "stated",
        "evidence": f"主营产品「{clean(written)}」，{words}", "source": page.source, "row": row,
    }


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
