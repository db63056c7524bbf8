"""Write docs/chains: a page and a map for every built-in chain, and an index; run it after a chain file has changed.

    python scripts/build_chain_pages.py            # rewrite
    python scripts/build_chain_pages.py --check    # exit 1 if anything would change
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from chain import chainfile  # noqa: E402
from chain.atlas import Atlas  # noqa: E402
from chain.definition import Arc, Chain, Product, Relation  # noqa: E402
from viz.plainmap import draw_chain  # noqa: E402

FOLDER = ROOT / "docs" / "chains"
MADE = "由 `scripts/build_chain_pages.py` 从 `chain/library/` 生成，不要手改。"
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


def pages(chains: Sequence[Chain]) -> dict[str, str]:
    """Text of every file of the folder by name: README.md, and a page and a map for each chain."""
    atlas = Atlas(chains)
    found = {"README.md": _index(chains)}
    for chain in chains:
        found[f"{chain.name}.md"] = _page(chain, atlas)
        found[f"{chain.name}.svg"] = draw_chain(chain, others=[other for other in chains if other is not chain])
    return found


def _index(chains: Sequence[Chain]) -> str:
    rows = [
        (f"[{_plain(chain.name)}]({chain.name}.md)", len(chain.products), sum(not product.defined for product in chain.products),
         len(chain.arcs), sum(bool(product.chokepoint) for product in chain.products), chain.version, _plain(chain.summary))
        for chain in chains
    ]
    defined = sum(product.defined for chain in chains for product in chain.products)
    return "\n".join([
        "# 内置产业链", "", MADE, "",
        f"共 {len(chains)} 条链、{defined} 个产品；一个产品只在一条链里定义，别的链引用它。格式见 [chain-format.md](../chain-format.md)。", "",
        *_table(("产业链", "环节", "其中引用", "投入关系", "卡脖子", "版本", "范围"), rows), "",
    ])


def _page(chain: Chain, atlas: Atlas) -> str:
    lines = [
        f"# {_plain(chain.name)}产业链", "", f"{MADE}版本 {_plain(chain.version)}，截至 {_plain(chain.as_of)}。[全部产业链](README.md)", "",
        _plain(chain.summary), "", f"![{_plain(chain.name)}产业链图谱]({chain.name}.svg)", "",
        "关键度 1–5：这条链多么离不开这个环节。投入后面的〔组〕：同组的几种任有其一即可；［设备］［服务］不进入产品。", "",
    ]
    for stage, words in chain.stages:
        products = [product for product in chain.products if product.stage == stage]
        if not products:
            continue
        lines += [f"## {_plain(stage)}" + (f"：{_plain(words)}" if words else ""), ""]
        for segment, inside in groupby(products, key=lambda product: product.segment):
            rows = [_row(chain, product, atlas) for product in inside]
            lines += [f"### {_plain(segment)}", "", *_table(("环节", "别名", "投入", "种属、升级、副产", "关键度", "理由", "行业代码"), rows), ""]
    lines += [*_chokepoints(chain), *_judgements(chain, atlas), "## 来源", ""]
    lines += [f"- {_plain(key)}：{_plain(text)}" for key, text in chain.sources.items()]
    return "\n".join(lines) + "\n"


def _row(chain: Chain, product: Product, atlas: Atlas) -> tuple[object, ...]:
    owner = atlas.owner.get(product.name, chain)
    meant = atlas.products.get(product.name, product)
    name = f"**{_plain(product.name)}**" + ("（终端）" if product.terminal else "") + ("（卡脖子）" if meant.chokepoint else "")
    if owner is not chain:
        name += f"（见[{_plain(owner.name)}]({owner.name}.md)）"
    return (name, "、".join(map(_plain, meant.aliases)), "；".join(_inputs(chain, product)), "；".join(_relations(chain, product)),
            meant.criticality or "", _plain(meant.reason or ""), " ".join(meant.gbt4754))


def _inputs(chain: Chain, product: Product) -> Iterator[str]:
    """The inputs of a product in the order of the file; those of one group stand together where the first of them does."""
    arcs = [arc for arc in chain.arcs if arc.product == product.name]
    for group, members in _grouped(arcs):
        words = [_arc(chain, arc) for arc in members]
        yield f"〔{_plain(group)}：{' 或 '.join(words)}〕" if group else words[0]


def _grouped(arcs: Iterable[Arc]) -> list[tuple[str, list[Arc]]]:
    found: dict[tuple[str, str], list[Arc]] = {}
    for arc in arcs:
        found.setdefault((arc.group or "", "" if arc.group else arc.input), []).append(arc)
    return [(group, members) for (group, _), members in found.items()]


def _arc(chain: Chain, arc: Arc) -> str:
    text = ("" if arc.role == "物料" else f"［{arc.role}］") + _plain(arc.input) + ("（多自产）" if arc.captive else "")
    return text + (f"（{arc.coefficient:g} 元/元，{_plain(arc.citation or '')}）" if arc.coefficient is not None else "")


def _relations(chain: Chain, product: Product) -> Iterator[str]:
    yield from (f"属 {_plain(one.other)}" for one in _of(chain.kinds, product))
    yield from (f"升级为 {_plain(one.other)}" + (f"：{_plain(one.text)}" if one.text else "") for one in _of(chain.upgrades, product))
    yield from (f"副产于 {_plain(one.other)}" + (f"（{one.tonnes:g} 吨/吨，{_plain(one.citation or '')}）" if one.tonnes is not None else "")
                for one in _of(chain.byproducts, product))


def _of(relations: Iterable[Relation], product: Product) -> Iterator[Relation]:
    return (one for one in relations if one.product == product.name)


def _chokepoints(chain: Chain) -> list[str]:
    found = [f"- {_plain(product.name)}：{_plain(chain.cite(product.chokepoint) or '')}" for product in chain.products if product.chokepoint]
    return ["## 卡脖子环节", "", *found, ""] if found else []


def _judgements(chain: Chain, atlas: Atlas) -> list[str]:
    found = [f"- {_plain(product.name)}：{word}，{_plain(text)}" for product in chain.products
             for word, text in (("名单里查不到企业", product.unlinked), ("投入不在库里", product.no_inputs)) if text]
    found += [f"- {_plain(one.product)} 不是 {_plain(one.other)}：{_plain(one.text or '')}" for one in chain.distinctions]
    return ["## 编者的判断", "", *found, ""] if found else []


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [_line(header), _line(["---"] * len(header)), *map(_line, rows)]


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Text that Markdown takes as it is, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def main() -> None:
    """Rewrite the folder, or say what would change."""
    wanted = pages([chainfile.read(name) for name in chainfile.library()])
    held = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")} if FOLDER.exists() else {}
    changed = sorted(name for name in {*wanted, *held} if wanted.get(name) != held.get(name))
    print("\n".join(changed) or "没有变化")
    if "--check" in sys.argv:
        raise SystemExit(1 if changed else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (FOLDER / name).unlink()


if __name__ == "__main__":
    main()
