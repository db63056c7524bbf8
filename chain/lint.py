"""What is wrong with chains taken together: findings over a whole library, and judgements of authors that settle them.

`definition.problems` judges one file by itself; here files are held against each other, against a table of industry
classes and against what a list of enterprises links to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chain import likeness
from chain.atlas import Atlas
from chain.definition import ROLES, Arc, Chain, Product, Relation, problems
from chain.likeness import Pair

ERROR, WARNING = "error", "warning"
MATERIAL, EQUIPMENT, SERVICE = ROLES
_RECYCLED = re.compile("循环|回收|再生|利用|副产|废|退役|报废|余热|固废|拆解")
_STATED = {"role": "类别", "group": "替代组", "captive": "通常自产", "coefficient": "系数"}
_SHORT = 5
"""Fewest characters of a reason or judgement that says anything."""


@dataclass(frozen=True)
class Finding:
    """One open finding.

    Attributes
    ----------
    severity
        error: the library is wrong as it stands; warning: its author must mend or judge it.
    chain, product, line
        Where to begin: chain, product and line of the chain file; an empty product if it is about the file.
    text, way_out
        What was found, and how to settle it.
    concerns
        Every chain that has a part in it.
    """

    severity: str
    chain: str
    product: str
    line: int
    text: str
    way_out: str
    concerns: frozenset[str] = frozenset()

    def __str__(self) -> str:
        about = f"「{self.product}」" if self.product else ""
        return f"{self.chain} 第 {self.line} 行 {'错误' if self.severity == ERROR else '提醒'} {about}{self.text}。办法：{self.way_out}"


def lint(
    chains: Sequence[Chain], *, about: Collection[str] | None = None, classes: Collection[str] | None = None,
    links: Mapping[str, int] | None = None,
) -> list[Finding]:
    """Open findings over chains, by chain in the order given, line, product and text.

    Parameters
    ----------
    chains
        All chains of the library; of two with one name both count.
    about
        Names of the chains to report on; all if None. The others are only what these are held against.
    classes
        Codes that GB/T 4754 has, such as C3140; not checked if None.
    links
        Number of enterprises that link to a product, confirmed or to be reviewed; a product that is not in it is not
        judged. Not checked if None.

    Notes
    -----
    A judgement in a chain file (``distinct_from``, ``unlinked``, ``no_inputs``) settles its finding; one that settles nothing is
    a finding itself.
    """
    atlas = Atlas(chains)
    order = {chain.name: at for at, chain in enumerate(chains)}
    found = [
        *_files(atlas), *_owners(atlas), *_claims(atlas), *_pairs(atlas), *_shape(atlas), *_restated(atlas), *_reasons(atlas),
        *([] if classes is None else _classes(atlas, classes)), *([] if links is None else _links(atlas, links)),
    ]
    wanted = [one for one in dict.fromkeys(found) if about is None or one.concerns & set(about)]
    return sorted(wanted, key=lambda one: (order[one.chain], one.line, one.product, one.text))


def _find(severity: str, chain: Chain, product: str, line: int, text: str, way_out: str, *others: Chain) -> Finding:
    return Finding(severity, chain.name, product, line, text, way_out, frozenset({chain.name, *(other.name for other in others)}))


def _files(atlas: Atlas) -> Iterator[Finding]:
    """What each file shows by itself; circles are for its author to look at, not to mend."""
    for chain in atlas.chains:
        for problem in problems(chain):
            if not problem.what.startswith("循环："):
                yield _find(problem.severity, chain, problem.product, problem.line, problem.what, problem.way_out)


def _owners(atlas: Atlas) -> Iterator[Finding]:
    for name, definers in atlas.definers.items():
        for chain in definers[1:]:
            what = f"在产业链「{definers[0].name}」里已有定义"
            yield _find(ERROR, chain, name, chain.product(name).line, what, f"一处定义；另一处写 use: {name}", definers[0])
    for chain in atlas.chains:
        for product in chain.products:
            if product.defined:
                continue
            if product.name not in atlas.owner:
                yield _find(ERROR, chain, product.name, product.line, "引用了它，却没有一条链定义它", "在一条链里定义它，或从本链去掉")
            elif idle := _idle(product, chain.distinctions):
                owner = atlas.owner[product.name]
                yield _find(WARNING, chain, product.name, product.line, f"只是引用，写在这里的 {'、'.join(idle)} 不起作用",
                            f"写到定义它的产业链「{owner.name}」里", owner)


def _idle(product: Product, distinctions: Sequence[Relation]) -> list[str]:
    """Keys written under a product that is only used, where nobody reads them."""
    keys = ("aliases", "hints", "exclude", "criticality", "reason", "chokepoint", "gbt4754", "value_added_rate", "unlinked", "no_inputs")
    found = [key for key in keys if getattr(product, key)]
    return found + ["distinct_from"] * any(one.product == product.name for one in distinctions)


def _claims(atlas: Atlas) -> Iterator[Finding]:
    for (name, holder), words in likeness.claims(atlas.products.values()).items():
        chain, other, first = atlas.owner[name], atlas.owner[holder], atlas.products[holder]
        if chain is other:    # words that are the same to the letter are found by the file itself
            words = [word for word in words if word not in (holder, *first.aliases)]
        if words:
            what = f"名称或别名 {'、'.join(words)} 已属于产业链「{other.name}」的「{holder}」"
            yield _find(ERROR, chain, name, atlas.products[name].line, what, "一个词只给一个产品；不确定的词放进 hints", other)


def _pairs(atlas: Atlas) -> Iterator[Finding]:
    """Products that may be taken for one another, and judgements on such pairs that settle nothing."""
    products = tuple(atlas.products.values())
    claimed = {frozenset(pair) for pair in likeness.claims(products)}    # to be settled before anything finer
    raised = [pair for pair in likeness.duplicates(products)
              if atlas.owner[pair.product] is not atlas.owner[pair.other] and not atlas.tied(pair.product, pair.other)]
    raised += [pair for pair in likeness.swallowed(products) if not atlas.akin(pair.product, pair.other)]
    raised = [pair for pair in raised if frozenset((pair.product, pair.other)) not in claimed]
    judged: dict[frozenset[str], tuple[Chain, Relation]] = {}
    for chain in atlas.chains:
        for one in chain.distinctions:
            pair = frozenset((one.product, one.other))
            if one.other not in atlas.products:
                what = f"distinct_from 里的「{one.other}」不是任何产业链的产品"
                yield _find(ERROR, chain, one.product, one.line, what, "改正名称，或删去这一条")
            elif pair in judged:
                before, _ = judged[pair]
                what = f"与「{one.other}」的区别已在产业链「{before.name}」里写过"
                yield _find(WARNING, chain, one.product, one.line, what, "留一处", before)
            else:
                judged[pair] = chain, one
    open_ = {frozenset((pair.product, pair.other)) for pair in raised}
    for pair, (chain, one) in judged.items():
        if pair not in open_:
            what = f"distinct_from 里写了「{one.other}」，现在已没有什么会把两者混同"
            yield _find(WARNING, chain, one.product, one.line, what, "删去这一条")
    yield from (_raised(atlas, pair) for pair in raised if frozenset((pair.product, pair.other)) not in judged)


def _raised(atlas: Atlas, pair: Pair) -> Finding:
    chain, other = atlas.owner[pair.product], atlas.owner[pair.other]
    return _find(WARNING, chain, pair.product, atlas.products[pair.product].line, pair.what, pair.way_out, other)


def _shape(atlas: Atlas) -> Iterator[Finding]:
    """Products without use or input, and arcs that run against the stages."""
    for product in atlas.products.values():
        chain = atlas.owner[product.name]
        if product.name not in atlas.used and not _said(chain, product.name):
            what = "没有用途：它和它的上下位产品都没有产品用，也没有标 terminal"
            yield _find(WARNING, chain, product.name, product.line, what, "补上用它的产品，或写 terminal: true")
        kinds = {product.name, *atlas.above.get(product.name, ())}
        source = _sourced(atlas, chain, product)
        if product.no_inputs and source:
            yield _find(WARNING, chain, product.name, product.line, f"写了 no_inputs，但它{source}", "删去 no_inputs")
        elif not source and not any(atlas.products[name].no_inputs for name in kinds if name in atlas.products):
            what = "没有投入，又不在第一个阶段"
            way_out = "补上 inputs（别的链里的产品先 use）或 byproduct_of；确实没有就写 no_inputs 和理由"
            yield _find(WARNING, chain, product.name, product.line, what, way_out)
    for chain in atlas.chains:
        yield from _against(atlas, chain)


def _sourced(atlas: Atlas, chain: Chain, product: Product) -> str:
    """Why a product needs no further input, in words; empty if it does."""
    if product.name in atlas.fed:
        return "已有来处"
    if product.name in atlas.roles and atlas.roles[product.name] == {SERVICE}:
        return "只作服务，不用投入"
    return "在第一个阶段，不用投入" if product.stage == chain.stages[0][0] else ""


def _said(chain: Chain, name: str) -> bool:
    """Whether the file by itself shows that a product has no use."""
    return any(problem.product == name and ("没有用途" in problem.what or "没有任何联系" in problem.what) for problem in problems(chain))


def _against(atlas: Atlas, chain: Chain) -> Iterator[Finding]:
    place = {name: at for at, (name, _) in enumerate(chain.stages)}
    inside = {product.name: product for product in chain.products}
    for arc in chain.arcs:
        if arc.role != MATERIAL or arc.input not in inside or arc.product not in inside:
            continue
        goes, into = inside[arc.input], inside[arc.product]
        recycled = arc.input in atlas.wastes or any(_RECYCLED.search(words) for words in (goes.name, goes.segment, goes.stage))
        equips = EQUIPMENT in atlas.roles.get(arc.product, ())    # equipment stands where it is used, not where it comes from
        if place[goes.stage] > place[into.stage] and not recycled and not equips:
            what = f"投入「{goes.name}」在「{goes.stage}」，比它自己的「{into.stage}」还靠后"
            yield _find(WARNING, chain, into.name, arc.line, what, "挪到合适的阶段；是设备或服务就写明 role；不是真的投入就删去")


def _restated(atlas: Atlas) -> Iterator[Finding]:
    """Arcs that two chains state differently: a buyer would need in one what it may leave in the other."""
    first: dict[tuple[str, str], tuple[Chain, Arc]] = {}
    for chain in atlas.chains:
        for arc in chain.arcs:
            before, same = first.setdefault((arc.input, arc.product), (chain, arc))
            differ = [word for key, word in _STATED.items() if getattr(same, key) != getattr(arc, key)]
            if before is not chain and differ:
                what = f"投入「{arc.input}」在产业链「{before.name}」里也写了，{'、'.join(differ)}不同"
                yield _find(WARNING, chain, arc.product, arc.line, what, "写成一样，或只留一处", before)


def _reasons(atlas: Atlas) -> Iterator[Finding]:
    again = likeness.repeated(atlas.products.values())
    for product in atlas.products.values():
        chain = atlas.owner[product.name]
        if product.criticality is None:
            yield _find(WARNING, chain, product.name, product.line, "没有 criticality", "写 1 到 5，并用一行 reason 说明为什么")
        if product.reason and len(likeness.masked(product)) < _SHORT:
            yield _find(WARNING, chain, product.name, product.line, f"reason「{product.reason}」太短", "用一行说明它为什么要紧或不要紧")
        elif product.name in again:
            before = again[product.name]
            other = atlas.owner[before.name]
            what = f"reason「{product.reason}」与产业链「{other.name}」的「{before.name}」一样"
            yield _find(WARNING, chain, product.name, product.line, what, "说出这个产品自己的理由", other)
        for key in ("unlinked", "no_inputs"):
            if (text := getattr(product, key)) and len(text) < _SHORT:
                yield _find(WARNING, chain, product.name, product.line, f"{key}「{text}」太短", "用一行说明为什么")


def _classes(atlas: Atlas, classes: Collection[str]) -> Iterator[Finding]:
    for product in atlas.products.values():
        for code in product.gbt4754:
            if code not in classes:
                chain = atlas.owner[product.name]
                yield _find(ERROR, chain, product.name, product.line, f"gbt4754 代码「{code}」在行业分类表里没有", "改成表里的代码，或删去")


def _links(atlas: Atlas, links: Mapping[str, int]) -> Iterator[Finding]:
    for product in atlas.products.values():
        if product.name not in links:
            continue
        chain = atlas.owner[product.name]
        kin = [product.name, *sorted(atlas.below.get(product.name, ()))]
        makers = [name for name in kin if links.get(name)]
        if product.unlinked and makers:
            shown = "它" if makers[0] == product.name else f"它的一种「{makers[0]}」"
            yield _find(WARNING, chain, product.name, product.line, f"写了 unlinked，但有 {links[makers[0]]} 家企业关联到{shown}", "删去 unlinked")
        elif not product.unlinked and not makers:
            what = "名单里没有一家企业关联到它（已确认或待复核）"
            yield _find(WARNING, chain, product.name, product.line, what, "改进别名；太细就并入别的产品；确实没有就写 unlinked 和理由")
