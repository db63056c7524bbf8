"""What a chain is made of: products in stages, arcs, OR groups, kinds, upgrades, by-products; and what can be wrong with one.

`chainfile` reads a `Chain` from YAML; `problems` judges it; `to_tables` turns it into frames whose row numbers are the
lines of the file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chain.errors import DefinitionError, UnknownName
from chain.tables import Tables, join

ROLES = ("物料", "设备", "服务")
"""How an input serves a product: it goes into it, equips its making, or is a service to it."""

@dataclass(frozen=True)
class Arc:
    """``input`` goes into, equips or serves the making of ``product``; `captive` if its makers commonly make the input themselves."""

    input: str
    product: str
    role: str = "物料"
    coefficient: float | None = None
    group: str | None = None
    citation: str | None = None
    line: int = 0
    captive: bool = False


@dataclass(frozen=True)
class Relation:
    """A kind, an upgrade, a by-product or a distinction: `product` and the `other` product it leads to, with words or a figure."""

    product: str
    other: str
    text: str | None = None
    tonnes: float | None = None
    citation: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Product:
    """One link of a chain; `defined` is False where another chain file defines it and this one only uses it.

    `unlinked` and `no_inputs` are the author's judgements, each the reason in one line: why it stays although no listed
    enterprise is found for it, and why the library holds nothing that goes into it.
    """

    name: str
    stage: str
    segment: str
    aliases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    criticality: int | None = None
    reason: str | None = None
    chokepoint: str | None = None
    gbt4754: tuple[str, ...] = ()
    value_added_rate: float | None = None
    weight: float | None = None
    terminal: bool = False
    defined: bool = True
    line: int = 0
    unlinked: str | None = None
    no_inputs: str | None = None


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a chain file: an error makes it unusable, a warning is for its author to judge."""

    severity: str
    line: int
    product: str
    what: str
    way_out: str

    def __str__(self) -> str:
        about = f"「{self.product}」" if self.product else ""
        word = "错误" if self.severity == "error" else "提醒"
        return f"第 {self.line} 行 {word} {about}{self.what}。办法：{self.way_out}"


@dataclass(frozen=True)
class Chain:
    """One chain as its file states it; `distinctions` are other products, of any chain, that one of its own is not."""

    name: str
    version: str
    as_of: str
    summary: str
    stages: tuple[tuple[str, str], ...]
    products: tuple[Product, ...]
    arcs: tuple[Arc, ...]
    kinds: tuple[Relation, ...]
    upgrades: tuple[Relation, ...]
    byproducts: tuple[Relation, ...]
    sources: Mapping[str, str]
    file: str = ""
    digest: str = ""
    notes: tuple[Problem, ...] = ()
    distinctions: tuple[Relation, ...] = ()

    def product(self, name: str) -> Product:
        """One product by name."""
        for product in self.products:
            if product.name == name:
                return product
        raise UnknownName("产品", name, [product.name for product in self.products])

    def cite(self, key: str | None) -> str | None:
        """The source behind a key, in words; the key itself where the file lists none."""
        return self.sources.get(key, key) if key else None


def problems(chain: Chain) -> list[Problem]:
    """Everything wrong with a chain, errors first, each with its line and the way out."""
    found = [*chain.notes, *_check_names(chain), *_check_ends(chain), *_check_numbers(chain), *_check_shape(chain)]
    return sorted(found, key=lambda p: (p.severity != "error", p.line, p.product, p.what))


def to_tables(chain: Chain, *, batch: str | None = None) -> Tables:
    """The chain as frames, all rows from one source: the file, with its lines as rows.

    Raises
    ------
    DefinitionError
        If the chain has errors; warnings do not matter here.
    """
    errors = [problem for problem in problems(chain) if problem.severity == "error"]
    if errors:
        raise DefinitionError(
            f"产业链文件有 {len(errors)} 处错误，第一处：{errors[0]}", where=chain.file, way_out="lianpu chains validate 列出全部"
        )
    source = f"chain-{chain.digest}"
    own = [product for product in chain.products if product.defined]

    def rows(items: Iterable[Any], make: Callable[[Any], dict[str, object]]) -> pd.DataFrame:
        return pd.DataFrame([{**make(item), "source": source, "row": item.line} for item in items])

    frames = {
        "sources": pd.DataFrame([{
            "id": source, "origin": f"chain:{chain.name}", "file": chain.file, "kind": "chain", "batch": batch,
            "as_of": chain.as_of,
            "rows": len(chain.products),
        }]),
        "chains": pd.DataFrame([{
            "id": chain.name, "name": chain.name, "version": chain.version, "as_of": chain.as_of, "summary": chain.summary,
            "citations": join(chain.sources.values()), "source": source, "row": 1,
        }]),
        "stages": pd.DataFrame([
            {"chain": chain.name, "name": name, "position": at, "description": text, "source": source, "row": 1}
            for at, (name, text) in enumerate(chain.stages)
        ]),
        "products": rows(own, lambda p: {
            "id": p.name, "name": p.name, "aliases": join(p.aliases), "hints": join(p.hints), "exclude": join(p.exclude),
            "criticality": p.criticality, "reason": p.reason, "chokepoint": chain.cite(p.chokepoint),
            "gbt4754": join(p.gbt4754), "value_added_rate": p.value_added_rate,
        }),
        "chain_products": pd.DataFrame([
            {"chain": chain.name, "product": p.name, "stage": p.stage, "segment": p.segment, "position": at,
             "terminal": p.terminal, "weight": p.weight, "source": source, "row": p.line}
            for at, p in enumerate(chain.products)
        ]),
        "inputs": rows(chain.arcs, lambda a: {
            "input": a.input, "product": a.product, "role": a.role, "coefficient": a.coefficient, "group": a.group,
            "captive": a.captive, "citation": chain.cite(a.citation),
        }),
        "kinds": rows(chain.kinds, lambda r: {"product": r.product, "kind": r.other, "citation": chain.cite(r.citation)}),
        "upgrades": rows(chain.upgrades, lambda r: {
            "product": r.product, "successor": r.other, "gain": r.text, "citation": chain.cite(r.citation)}),
        "byproducts": rows(chain.byproducts, lambda r: {
            "product": r.product, "main": r.other, "tonnes": r.tonnes, "citation": chain.cite(r.citation)}),
    }
    return Tables({name: frame for name, frame in frames.items() if len(frame)})


def _check_names(chain: Chain) -> Iterator[Problem]:
    claimed: dict[str, Product] = {}
    for product in chain.products:
        for word in (product.name, *product.aliases):
            if word in claimed:
                other = claimed[word]
                what = f"名称或别名「{word}」已属于第 {other.line} 行的「{other.name}」"
                yield Problem("error", product.line, product.name, what, "一个词只给一个产品；不确定的词放进 hints")
            else:
                claimed[word] = product
        for word in (*product.aliases, *product.hints):
            if len(word) < 2:
                yield Problem("error", product.line, product.name, f"词「{word}」只有一个字，会到处匹配", "写成两个字以上")
        for word in product.exclude:
            if word in (product.name, *product.aliases):
                yield Problem("error", product.line, product.name, f"排除词「{word}」就是它自己的名称或别名", "删去其一")


def _check_ends(chain: Chain) -> Iterator[Problem]:
    names = {product.name for product in chain.products}
    links = [("inputs", arc.product, arc.input, arc.line) for arc in chain.arcs]
    links += [("kind_of", r.product, r.other, r.line) for r in chain.kinds]
    links += [("upgrades_to", r.product, r.other, r.line) for r in chain.upgrades]
    links += [("byproduct_of", r.product, r.other, r.line) for r in chain.byproducts]
    links += [("distinct_from", r.product, r.other, r.line) for r in chain.distinctions]
    for key, owner, other, line in links:
        if other not in names and key != "distinct_from":
            near = UnknownName("产品", other, names).near
            hint = f"是不是：{'、'.join(near)}？" if near else "先定义这个产品，或用 use 引入"
            yield Problem("error", line, owner, f"{key} 提到的「{other}」不是本链的产品", hint)
        elif other == owner:
            yield Problem("error", line, owner, f"{key} 指向它自己", "删去这一条")
    repeats = Counter((key, owner, other) for key, owner, other, _ in links)
    for (key, owner, other), count in repeats.items():
        if count > 1:
            yield Problem("warning", chain.product(owner).line, owner, f"{key} 里「{other}」写了 {count} 次", "留一条")


def _check_numbers(chain: Chain) -> Iterator[Problem]:
    for product in chain.products:
        if product.criticality is not None and not 1 <= product.criticality <= 5:
            yield Problem("error", product.line, product.name, f"criticality {product.criticality} 不在 1–5", "写 1 到 5 的整数")
        if product.criticality is not None and not product.reason:
            yield Problem("warning", product.line, product.name, "有 criticality 没有 reason", "用一行说明为什么")
        if product.chokepoint and product.chokepoint not in chain.sources:
            yield Problem("error", product.line, product.name, f"chokepoint 的来源「{product.chokepoint}」不在 sources 里", "卡脖子必须有来源")
        for code in product.gbt4754:
            if not re.fullmatch(r"[A-T]\d{2,4}", code):
                yield Problem("error", product.line, product.name, f"gbt4754 代码「{code}」不合写法", "门类字母加 2–4 位数字，如 C3140")
        if product.value_added_rate is not None and not 0 <= product.value_added_rate <= 1:
            yield Problem("error", product.line, product.name, f"value_added_rate {product.value_added_rate:g} 不在 0–1", "写 增加值÷产值，如 0.25")
        if product.weight is not None and product.weight < 0:
            yield Problem("error", product.line, product.name, f"weight {product.weight:g} 为负", "写 0 或正数")
    for relation in chain.byproducts:
        if relation.tonnes is not None and relation.tonnes < 0:
            what = f"「{relation.other}」的 tonnes {relation.tonnes:g} 为负"
            yield Problem("error", relation.line, relation.product, what, "写每吨主产品产生的吨数")
    totals: dict[str, dict[str, float]] = defaultdict(dict)
    for arc in chain.arcs:
        if arc.coefficient is None:
            continue
        if arc.coefficient < 0:
            yield Problem("error", arc.line, arc.product, f"「{arc.input}」的系数 {arc.coefficient:g} 为负", "系数是 1 元产品用多少元投入")
        slot = arc.group or f"={arc.input}"
        totals[arc.product][slot] = max(totals[arc.product].get(slot, 0.0), arc.coefficient)
    for name, slots in totals.items():
        if sum(slots.values()) > 1 + 1e-9:
            yield Problem("error", chain.product(name).line, name, f"投入系数合计 {sum(slots.values()):.3g}，超过 1", "系数的单位是 元/元，不是吨耗")


def _check_shape(chain: Chain) -> Iterator[Problem]:
    used = {arc.input for arc in chain.arcs} | {r.other for r in chain.kinds} | {r.product for r in chain.kinds}
    fed = {arc.product for arc in chain.arcs}
    tied = used | fed | {r.product for r in chain.byproducts} | {r.other for r in chain.byproducts}
    for product in chain.products:
        if product.name not in tied:
            yield Problem("warning", product.line, product.name, "与链上其他产品没有任何联系", "补上 inputs，或从本链移除")
        elif product.name not in used and not product.terminal:
            yield Problem("warning", product.line, product.name, "没有用途：没有产品用它，也没有标 terminal", "补上用它的产品，或写 terminal: true")
    for group, arcs in _groups(chain.arcs).items():
        if len(arcs) == 1:
            yield Problem("warning", arcs[0].line, group[0], f"替代组「{group[1]}」只有「{arcs[0].input}」一个成员", "补上替代品，或去掉 group")
    for ring in cycles(chain):
        line = chain.product(ring[0]).line
        yield Problem("warning", line, ring[0], "循环：" + " → ".join([*ring, ring[0]]), "确认是真实的循环（如回收料）；分析时按一个整体分层")


def _groups(arcs: Iterable[Arc]) -> dict[tuple[str, str], list[Arc]]:
    found: dict[tuple[str, str], list[Arc]] = defaultdict(list)
    for arc in arcs:
        if arc.group:
            found[arc.product, arc.group].append(arc)
    return found


def cycles(chain: Chain) -> list[list[str]]:
    """One shortest cycle for every strongly connected group of products, each beginning with its first product in the file."""
    import networkx as nx

    graph: nx.DiGraph = nx.DiGraph((arc.input, arc.product) for arc in chain.arcs)
    order = {product.name: at for at, product in enumerate(chain.products)}
    found = []
    for component in nx.strongly_connected_components(graph):
        if len(component) > 1:
            first = min(component, key=lambda name: order.get(name, len(order)))
            inner = graph.subgraph(component)
            back = min((nx.shortest_path(inner, first, end) for end in inner.predecessors(first)), key=lambda p: (len(p), p))
            found.append(back)
    return sorted(found)
