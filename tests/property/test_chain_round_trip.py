"""A chain survives its workbook and its canonical YAML, whatever words it is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import chainfile
from chain.chainfile import build
from chain.definition import Chain
from loaders.chain_workbook import chain_yaml, read_chain_workbook, write_chain_workbook

_LETTERS = st.characters(exclude_categories=("Cc", "Cs",
    "Cn")) | st.sampled_from('铁铬钢；;、，,"“=+-@#:%&_x0041 \n（1.2）{}[]|>!*?~\'')
_WORD = st.text(_LETTERS, min_size=1, max_size=8).map(str.strip).filter(bool) | st.sampled_from(
    ["=1+1", "1,4-丁二醇", "1，4-丁二醇", '带"引号', "_x0041_", "0825", "1e5", "null", "2026-11-01", "是", "no", "- 甲", "甲: 乙",
     "#注", "a\nb"])
_NUMBER = st.floats(0, 1) | st.sampled_from([0.0, 0.1 + 0.2, 1e-7, 1 / 3])


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Chains as their documents give them."""
    names = draw(st.lists(_WORD, min_size=1, max_size=5, unique=True))
    stages = draw(st.lists(_WORD, min_size=1, max_size=3, unique=True))
    sources = draw(st.dictionaries(_WORD, _WORD, max_size=2))
    words = st.lists(_WORD, max_size=3)
    other = st.sampled_from(names)

    def entry(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"product": other, "source": _maybe(_WORD), **more})

    inputs = st.lists(entry(role=st.sampled_from(["物料", "设备", "服务"]), coefficient=_maybe(_NUMBER), group=_maybe(_WORD),
        captive=st.booleans()), max_size=2)
    relation = st.lists(entry(gain=_maybe(_WORD), tonnes=_maybe(_NUMBER)), max_size=2)
    products = [
        {draw(st.sampled_from(["name", "use"])): name, **draw(st.fixed_dictionaries({
            "aliases": words, "hints": words, "exclude": words, "gbt4754": words, "inputs": inputs, "kind_of": relation,
            "upgrades_to": relation, "byproduct_of": relation, "criticality": _maybe(st.integers(-1, 6)), "reason": _maybe(_WORD),
            "chokepoint": _maybe(_WORD), "terminal": st.booleans(), "weight": _maybe(_NUMBER),
            "value_added_rate": _maybe(_NUMBER), "unlinked": _maybe(_WORD), "no_inputs": _maybe(_WORD),
            "distinct_from": st.lists(st.fixed_dictionaries({"product": _WORD, "reason": _WORD}), max_size=2),
        }))}
        for name in names
    ]
    segments = [{"name": draw(_maybe(_WORD)), "stage": draw(st.sampled_from(stages)),
        "products": [product]} for product in products]
    return build({
        "chain": draw(_WORD), "version": draw(_maybe(_WORD)), "as_of": draw(_maybe(_WORD)), "summary": draw(_maybe(_WORD)),
        "stages": [{"name": name, "description": draw(_maybe(_WORD))} for name in stages], "sources": sources,
        "segments": segments,
    }, "链.yaml", "0")


def without_places(chain: Chain) -> Chain:
    """The chain without lines, file and digest."""
    parts: dict[str, Any] = {name: tuple(replace(part, line=0) for part in getattr(chain, name))
             for name in ("products", "arcs", "kinds", "upgrades", "byproducts", "distinctions")}
    return replace(chain, file="", digest="", **parts)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(chains())
def test_a_workbook_gives_back_the_chain_it_was_written_from(chain: Chain) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "链.xlsx"
        write_chain_workbook(chain, path)
        assert without_places(read_chain_workbook(path)) == without_places(chain)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(chains())
def test_canonical_yaml_gives_back_the_chain_and_is_its_own_canonical_form(chain: Chain) -> None:
    text = chain_yaml(chain)
    again = chainfile.parse(text, "链.yaml")
    assert without_places(again) == without_places(chain)
    assert chain_yaml(again) == text
