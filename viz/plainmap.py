"""The map of a chain by itself: its products by stage and segment, what goes into which, and how much the chain needs each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from chain.definition import Chain, Product
from chain.errors import InputError
from viz import layout, plainbox, svg
from viz.chainmap import draw_lanes, drawing
from viz.frame import LEGEND, MARGIN, Frame, frame_of
from viz.palette import INK, LINE, NAVY, SECONDARY
from viz.plainbox import LEVELS, ChainLink
from viz.sheet import Lane, Segment, marks
from viz.text import POINT, clean, cut, ems, wrap

Lent = Mapping[str, tuple[Chain, Product]]
"""Products that another chain defines, with that chain and what it says of them."""

_NO_FIRMS: dict[str, Any] = {"status": "unknown", "reason": "", "makers": 0, "national": 0, "actions": (), "firms": (), "targets": ()}


def draw_chain(chain: Chain, *, others: Iterable[Chain] = (), paper: str = "A3") -> str:
    """The map of a chain as SVG text, the same bytes from run to run.

    Parameters
    ----------
    chain
        What to draw.
    others
        Chains that may define products which this one only uses: what they say of such a product is shown.
    paper
        A4, A3, A2, A1 or A0, landscape.

    Returns
    -------
    str
        One ``svg`` element, sizes in mm. Every box is a group with ``data-id`` (product), ``data-level`` and ``data-code``.

    Raises
    ------
    InputError
        If the chain has no product, or there is no such paper.
    OutputError
        If the chain does not fit on it.
    """
    if not chain.products:
        raise InputError("产业链没有任何环节，画不出图谱", where=chain.file, way_out="检查产业链文件里的 segments")
    frame = frame_of(paper)
    lent = {product.name: (other, product) for other in others for product in other.products if product.defined}
    lanes = tuple(_lanes(chain, {product.name: lent[product.name] for product in chain.products
                                 if not product.defined and product.name in lent}))
    planned = layout.plan(lanes, frame.body, largest=1.6 * frame.scale, ladder=plainbox.LADDER, height=plainbox.height)
    parts = ["", *_heading(chain, _counts(chain, lanes), frame), *draw_lanes(planned, plainbox.draw), *_legend(chain, frame, planned.form.local)]
    return drawing(f"{chain.name}产业链", parts, frame, planned)


def _lanes(chain: Chain, lent: Lent) -> Iterator[Lane]:
    used = [stage for stage in chain.stages if any(product.stage == stage[0] for product in chain.products)]
    letters = dict(zip((name for name, _ in used), marks([clean(name) for name, _ in used]), strict=True))
    ordered = {name: _segments(product for product in chain.products if product.stage == name) for name in letters}
    codes = {product.name: f"{letters[name]}{at}" for name, parts in ordered.items()
             for at, product in enumerate((product for _, products in parts for product in products), 1)}
    ties = _ties(chain, codes)
    for name, words in used:
        yield Lane(clean(name), clean(words), tuple(
            Segment(clean(title), tuple(_link(chain, product, codes, ties, lent) for product in products))
            for title, products in ordered[name]))


def _segments(products: Iterable[Product]) -> list[tuple[str, list[Product]]]:
    """Products of a stage under their segments, each segment once, in the order of the file."""
    found: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        found[product.segment].append(product)
    return list(found.items())


def _ties(chain: Chain, codes: Mapping[str, str]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """For every product the signs and codes of what it is tied to, each in the order of the map."""
    pairs = [(arc.product, "用←" if arc.role == "物料" else "备←", arc.input) for arc in chain.arcs]
    pairs += [(arc.input, "供→", arc.product) for arc in chain.arcs]
    pairs += [(one.product, "属", one.other) for one in chain.kinds] + [(one.product, "升级→", one.other) for one in chain.upgrades]
    pairs += [(one.product, "副产于", one.other) for one in chain.byproducts]
    rank = {code: at for at, code in enumerate(codes.values())}
    signs = ["用←", "供→", "备←", "属", "副产于", "升级→"]
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    known = sorted({(name, signs.index(sign), codes[other]) for name, sign, other in pairs if name in codes and other in codes},
                   key=lambda tie: (tie[0], tie[1], rank[tie[2]]))
    for (name, at), group in groupby(known, key=lambda tie: tie[:2]):
        found.setdefault(name, []).append((signs[at], tuple(code for _, _, code in group)))
    return found


def _link(
    chain: Chain, product: Product, codes: Mapping[str, str], ties: Mapping[str, list[tuple[str, tuple[str, ...]]]],
    lent: Lent,
) -> ChainLink:
    owner, meant = lent.get(product.name, (chain, product))
    about = [f"{codes[product.name]} {product.name}"]
    about += [f"关键度 {meant.criticality}：{meant.reason or ''}"] if meant.criticality else []
    about += [f"卡脖子：{owner.cite(meant.chokepoint)}"] if meant.chokepoint else []
    about += [f"由产业链「{owner.name}」定义"] if owner is not chain else []
    level = meant.criticality if meant.criticality in LEVELS else 0
    return ChainLink(
        product=clean(product.name), code=codes[product.name], name=clean(product.name), stage=clean(product.stage),
        segment=clean(product.segment), feeds=(), level=level or 0, ties=tuple(ties.get(product.name, ())),
        choking=bool(meant.chokepoint), owner=clean(owner.name) if owner is not chain else "", about="；".join(about), **_NO_FIRMS)


def _heading(chain: Chain, counts: Mapping[str, int], frame: Frame) -> Iterator[str]:
    s, right = frame.scale, frame.width - MARGIN
    left = right - 21 * s * len(counts)
    size, small, title = 26 * POINT * s, 9.5 * POINT * s, f"{chain.name}产业链"
    room = left - 6 * s - MARGIN
    yield svg.text(MARGIN, MARGIN + 9.4 * s, cut(clean(title), room / size, True), size, NAVY, bold=True, title=title)
    facts = f"版本 {chain.version}  ｜  截至 {chain.as_of}  ｜  产业链自身的环节与投入关系，不含企业"
    yield svg.text(MARGIN, MARGIN + 17 * s, cut(clean(facts), room / small), small, SECONDARY, title=facts)
    for at, (word, count) in enumerate(counts.items()):
        x = left + (at + 0.5) * 21 * s
        yield svg.text(x, MARGIN + 8.6 * s, str(count), 20 * POINT * s, INK, bold=True, anchor="middle")
        yield svg.text(x, MARGIN + 14.4 * s, word, 8.5 * POINT * s, SECONDARY, anchor="middle")
    yield svg.rect(MARGIN, MARGIN + 20.6 * s, frame.width - 2 * MARGIN, 0.7 * s, fill=NAVY)


def _counts(chain: Chain, lanes: Iterable[Lane]) -> dict[str, int]:
    links = [link for lane in lanes for link in lane.links if isinstance(link, ChainLink)]
    return {
        "产品环节": len(links), "投入关系": len(chain.arcs), "引自他链": sum(not product.defined for product in chain.products),
        "关键度 5": sum(link.level == 5 for link in links), "卡脖子": sum(link.choking for link in links),
    }


def _legend(chain: Chain, frame: Frame, lines: int) -> Iterator[str]:
    s, right = frame.scale, frame.width - MARGIN
    head = frame.height - MARGIN - LEGEND * s + 2.6 * s
    yield svg.rect(MARGIN, head, frame.width - 2 * MARGIN, 0.2, fill=LINE)
    size, middle, x = 8.0 * POINT * s, head + 3.6 * s, MARGIN
    yield svg.text(x, middle + 0.36 * size, "图例", size, NAVY, bold=True)
    x += 9.5 * s
    for level, look in LEVELS.items():
        if level or any(product.criticality is None and product.defined for product in chain.products):
            wide = ems(look.word) * size + 4 * s
            yield svg.rect(x, middle - 2.1 * s, wide, 4.2 * s, rx=0.8 * s, fill=look.fill, stroke=look.border, stroke_width=0.3 * s)
            yield svg.text(x + wide / 2, middle + 0.36 * size, look.word, size, look.text, anchor="middle")
            x += wide + 2.6 * s
    yield plainbox.badge(x, middle, s)
    words = ["卡脖子（有公开来源）", "虚线框：由别的产业链定义（见…）"]
    words += ["用← 原料与部件", "供→ 去向", "备← 设备与服务", "属 上位产品", "副产于 主产品", "升级→ 升级品"] if lines else []
    x += 4 * s
    for part in words:
        if x + ems(part) * size > right:
            break
        yield svg.text(x, middle + 0.36 * size, part, size, INK)
        x += ems(part) * size + 4 * s
    number = f"{frame.paper} 横向　链谱"
    room = (right - MARGIN) / size
    for at, line in enumerate(wrap(clean(f"范围：{chain.summary}"), room - ems(number) - 2, 2)):
        yield svg.text(MARGIN, head + (8.8 + 3.6 * at) * s, line, size, SECONDARY, title=chain.summary)
    yield svg.text(right, head + 12.4 * s, number, size, SECONDARY, anchor="end")
