"""The shape of a chain worked out slowly: ways, rings, key links, feed shares, from the products, arcs and covered products of an oracle."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as cross

MATERIAL = "物料"


class Shape:
    """What follows from `products`, `arcs` ((u, v) to role, coefficient and group), `covered`, and `available` (by-products of covered ones too)."""

    products = ()
    arcs = {}
    covered = available = frozenset()

    def inputs(self, product, role=None):
        return sorted(u for (u, v), (kind, _, _) in self.arcs.items() if v == product and role in (None, kind))

    def users(self, product):
        return sorted(v for (u, v) in self.arcs if u == product)

    def feed_share(self, product):
        """Σ a over what is at hand here ÷ Σ a; a group of substitutes is one; by count unless every coefficient is known."""
        slots = {}
        for u in self.inputs(product, MATERIAL):
            _, size, group = self.arcs[u, product]
            slots.setdefault(("group", group) if group else ("input", u), []).append((self._at_hand(u), size))
        here = [max(made for made, _ in slot) for slot in slots.values()]
        sizes = [max((size for _, size in slot if size is not None), default=None) for slot in slots.values()]
        if None in sizes or not sum(sizes):
            sizes = [Fraction(1)] * len(slots)
        return sum(size * made for size, made in zip(sizes, here, strict=True)) / sum(sizes)

    def _at_hand(self, product):
        """1 for what is made here, one half for what only arises as a by-product, else 0."""
        return Fraction(1) if product in self.covered else Fraction(int(product in self.available), 2)

    def reached(self, start, arcs=None):
        """Products that a walk along arcs leads to, with the start itself only if a walk comes back."""
        arcs, found, todo = self.arcs if arcs is None else arcs, set(), [start]
        while todo:
            at = todo.pop()
            for u, v in arcs:
                if u == at and v not in found:
                    found.add(v)
                    todo.append(v)
        return found

    def hull(self):
        after = set().union(*(self.reached(v) for v in self.covered))
        before = {v for v in self.products if self.reached(v) & self.covered}
        return self.covered | (after & before)

    def condensed(self):
        """Rings and single products as frozensets, and the arcs between them."""
        reach = {v: self.reached(v) | {v} for v in self.products}
        ring = {v: frozenset(w for w in reach[v] if v in reach[w]) for v in self.products}
        return set(ring.values()), {(ring[u], ring[v]) for u, v in self.arcs if ring[u] != ring[v]}

    def paths(self):
        """Every way from a source to a sink of the chain without its rings."""
        rings, arcs = self.condensed()
        todo = [[ring] for ring in rings if not any(v == ring for _, v in arcs)]
        while todo:
            path = todo.pop()
            onward = [v for u, v in arcs if u == path[-1]]
            if not onward:
                yield path
            todo += [[*path, v] for v in onward]

    def key_links(self):
        rings, arcs = self.condensed()
        sources = [ring for ring in rings if not any(v == ring for _, v in arcs)]
        sinks = [ring for ring in rings if not any(u == ring for u, _ in arcs) and ring not in sources]
        found = set()
        for ring, sink in cross(rings, sinks):  # every way to the sink runs through the ring
            if len(ring) == 1 and ring not in sources and ring != sink:
                rest = {pair for pair in arcs if ring not in pair}
                if not any(sink in self.reached(source, rest) for source in sources):
                    found |= ring
        both = {pair for u, v in self.arcs for pair in ((u, v), (v, u))}
        for v in self.products:  # without it, products that hung together don't
            rest = {pair for pair in both if v not in pair}
            near = [w for w in self.products if (v, w) in both]
            if len(near) > 1 and not set(near[1:]) <= self.reached(near[0], rest):
                found.add(v)
        groups = {}
        for (u, v), (_, _, group) in self.arcs.items():
            if group:
                groups.setdefault((v, group), []).append(u)
        return found | {members[0] for members in groups.values() if len(members) == 1}
