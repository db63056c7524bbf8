"""Several chains read as one: who defines a product, what is tied to what, what it is made of and goes into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from chain.definition import Arc, Chain, Product
from chain.reach import closure


class Atlas:
    """Chains side by side.

    Attributes
    ----------
    chains
        In the order given.
    owner
        Product name to the chain that defines it, the first one if there are several; `products` to its definition there.
    definers
        Product name to all chains that define it.
    """

    def __init__(self, chains: Iterable[Chain]) -> None:
        self.chains: Sequence[Chain] = tuple(chains)
        self.owner: dict[str, Chain] = {}
        self.products: dict[str, Product] = {}
        self.definers: dict[str, list[Chain]] = defaultdict(list)
        for chain in self.chains:
            for product in chain.products:
                if product.defined:
                    self.definers[product.name].append(chain)
                    self.owner.setdefault(product.name, chain)
                    self.products.setdefault(product.name, product)

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """Arcs of all chains."""
        return tuple(arc for chain in self.chains for arc in chain.arcs)

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """Product to everything it is a kind of, over any number of steps."""
        return closure((r.product, r.other) for chain in self.chains for r in chain.kinds)

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """Product to all its kinds, over any number of steps."""
        return closure((r.other, r.product) for chain in self.chains for r in chain.kinds)

    @cached_property
    def _joined(self) -> frozenset[tuple[str, str]]:
        pairs = {(arc.input, arc.product) for arc in self.arcs}
        for chain in self.chains:
            pairs |= {(r.product, r.other) for group in (chain.upgrades, chain.byproducts) for r in group}
        return frozenset(pairs | {(other, one) for one, other in pairs})

    def akin(self, one: str, other: str) -> bool:
        """Whether one is a kind of the other, both are kinds of a third, or one is the upgrade of the other."""
        up, down = self.above.get(one, frozenset()), self.above.get(other, frozenset())
        return one in down or other in up or bool(up & down) or (one, other) in self._upgrades

    def tied(self, one: str, other: str) -> bool:
        """Whether anything at all joins two products directly: an author had both in mind and keeps them apart."""
        return self.akin(one, other) or (one, other) in self._joined

    @cached_property
    def _upgrades(self) -> frozenset[tuple[str, str]]:
        pairs = {(r.product, r.other) for chain in self.chains for r in chain.upgrades}
        return frozenset(pairs | {(other, one) for one, other in pairs})

    @cached_property
    def fed(self) -> frozenset[str]:
        """Products that come from something: an input of theirs, of what they are a kind of or of a kind of theirs; or by-products."""
        return self._kin({arc.product for arc in self.arcs} | self.wastes)

    @cached_property
    def used(self) -> frozenset[str]:
        """Products with a use: an input of something, an end product, or kin of one."""
        ends = {product.name for chain in self.chains for product in chain.products if product.terminal}
        return self._kin({arc.input for arc in self.arcs} | ends)

    @cached_property
    def roles(self) -> Mapping[str, frozenset[str]]:
        """Product to the roles in which it serves others."""
        found: dict[str, set[str]] = defaultdict(set)
        for arc in self.arcs:
            found[arc.input].add(arc.role)
        return {name: frozenset(roles) for name, roles in found.items()}

    @cached_property
    def wastes(self) -> frozenset[str]:
        """By-products and wastes."""
        return frozenset(r.product for chain in self.chains for r in chain.byproducts)

    def _kin(self, names: set[str]) -> frozenset[str]:
        more = {name for one in names for kin in (self.above, self.below) for name in kin.get(one, ())}
        return frozenset(names | more)
