"""Chains as canonical YAML, so that a chain edited in a workbook becomes a chain file again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import yaml

from chain.definition import ROLES, Arc, Chain, Product, Relation
from chain.errors import DefinitionError

_RELATIONS = (("kind_of", "kinds"), ("upgrades_to", "upgrades"), ("byproduct_of", "byproducts"))
_DISTINCT = ("distinct_from", "distinctions")


class _Inline(dict[str, Any]):
    """A mapping written on one line."""


class _Listing(list[Any]):
    """A list written on one line."""


class _Dumper(yaml.SafeDumper):
    """Safe YAML with the two kinds above, and lists indented under their key."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _inline(dumper: _Dumper, data: _Inline) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


def _listing(dumper: _Dumper, data: _Listing) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


_Dumper.add_representer(_Inline, _inline)
_Dumper.add_representer(_Listing, _listing)


def chain_yaml(chain: Chain) -> str:
    """Text of a chain file that gives this chain: the same chain gives the same text.

    Raises
    ------
    DefinitionError
        If an arc or relation belongs to a product that the chain does not list, or the chain came from a file with keys
        that the format doesn't have.
    """
    names = {product.name for product in chain.products}
    owners = [arc.product for arc in chain.arcs] + [r.product for _, key in (*_RELATIONS, _DISTINCT) for r in getattr(chain, key)]
    if strange := sorted(set(owners) - names):
        raise DefinitionError(f"「{strange[0]}」有投入或关系，却不是本链的产品", where=chain.file, way_out="先把它列为产品")
    if errors := [note for note in chain.notes if note.severity == "error"]:
        raise DefinitionError(f"产业链文件有不认识的内容，改写会丢失：{errors[0]}", where=chain.file, way_out="先改正文件")
    document: dict[str, Any] = {"chain": chain.name, "version": chain.version, "as_of": chain.as_of, "summary": chain.summary}
    if chain.sources:
        document["sources"] = dict(chain.sources)
    document["stages"] = [_Inline(_filled({"name": name, "description": text})) for name, text in chain.stages]
    document["segments"] = _segments(chain)
    return yaml.dump(_filled(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)


def _segments(chain: Chain) -> list[dict[str, Any]]:
    arcs: dict[str, list[Arc]] = defaultdict(list)
    for arc in chain.arcs:
        arcs[arc.product].append(arc)
    relations: dict[str, dict[str, list[Relation]]] = {key: defaultdict(list) for key, _ in (*_RELATIONS, _DISTINCT)}
    for key, name in (*_RELATIONS, _DISTINCT):
        for relation in getattr(chain, name):
            relations[key][relation.product].append(relation)
    return [
        {"name": segment, "stage": stage, "products": [
            _product(product, arcs[product.name], {key: each[product.name] for key, each in relations.items()})
            for product in products]}
        for (stage, segment), products in groupby(chain.products, key=lambda product: (product.stage, product.segment))
    ]


def _product(product: Product, arcs: list[Arc], relations: Mapping[str, list[Relation]]) -> dict[str, Any]:
    kind_of, upgrades, byproducts = ([_relation(r) for r in relations[key]] for key, _ in _RELATIONS)
    return _filled({
        "name" if product.defined else "use": product.name,
        "aliases": _Listing(product.aliases), "hints": _Listing(product.hints), "exclude": _Listing(product.exclude),
        "kind_of": kind_of, "inputs": [_arc(arc) for arc in arcs], "upgrades_to": upgrades, "byproduct_of": byproducts,
        "criticality": product.criticality, "reason": product.reason, "chokepoint": product.chokepoint,
        "gbt4754": _Listing(product.gbt4754), "terminal": product.terminal or None, "weight": product.weight,
        "value_added_rate": product.value_added_rate, "unlinked": product.unlinked, "no_inputs": product.no_inputs,
        "distinct_from": [_Inline({"product": r.other, "reason": r.text}) for r in relations[_DISTINCT[0]]],
    })


def _arc(arc: Arc) -> str | _Inline:
    return _short(_Inline(_filled({
        "product": arc.input, "role": None if arc.role == ROLES[0] else arc.role, "coefficient": arc.coefficient,
        "group": arc.group, "captive": arc.captive or None, "source": arc.citation,
    })))


def _relation(relation: Relation) -> str | _Inline:
    return _short(_Inline(_filled({
        "product": relation.other, "gain": relation.text, "tonnes": relation.tonnes, "source": relation.citation,
    })))


def _short(entry: _Inline) -> str | _Inline:
    return str(entry["product"]) if len(entry) == 1 else entry


def _filled(mapping: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; zero and False are not."""
    return {key: value for key, value in mapping.items() if value is not None and value != "" and value != []}
