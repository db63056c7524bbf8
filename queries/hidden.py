"""Who may make a product without saying so: the reason why a maker's silence is not absence."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import pandas as pd

from chain import region
from chain.store import Scope, Store
from chain.tables import records
from queries.rules import Rules

Reasons = dict[str, dict[str, set[tuple[str, str]]]]
"""Product → enterprise → what it is known to make, and the words why that speaks for the product."""


def makers(store: Store, scope: Scope, lacking: set[str], place: str, home: str | None, rules: Rules) -> Reasons:
    """For products nobody of a place is known to make: enterprises that may make them all the same, with the reasons.

    Parameters
    ----------
    lacking
        Products of the chain without a maker in the place.
    home
        Region code of the place, of a park too; None if nobody gave it.

    Returns
    -------
    dict
        See `Reasons`; products nobody is suspected of are left out.

    Notes
    -----
    An enterprise may make v if it makes (1) a kind above v and is not known for any sub-kind of that kind; (2) some x with a
    captive arc v→x: makers of x commonly make v themselves; (3) some x whose by-product v is; or (4) v itself, and is known to
    lie in a region that contains the place, but no closer. Kinds are taken from the whole store, because a chain that only uses
    a product need not hold its kind; captive arcs count whatever their role. An enterprise of whom a source or a person says
    that it does not make v is not suspected.
    """
    found: Reasons = {}
    for product, kind, enterprise in _silent_on_kind(store, lacking, place, rules):
        found.setdefault(product, {}).setdefault(enterprise, set()).add((kind, "而未写明细类"))
    pairs = [(row["input"], row["product"], "，这类企业通常自产它") for row in records(scope.arcs) if row["captive"]]
    pairs += [(row["product"], row["main"], "，过程中产生它") for row in records(scope.byproducts)]
    wanted = sorted((product, source, words) for product, source, words in pairs if product in lacking)
    made = store.makers(sorted({source for _, source, _ in wanted}), place, rules.view)
    firms = {product: sorted(set(rows["enterprise"])) for product, rows in made.groupby("product")}
    for product, source, words in wanted:
        for enterprise in firms.get(source, ()):
            found.setdefault(product, {}).setdefault(enterprise, set()).add((source, words))
    for code in wider(place, home):
        near = store.makers(sorted(lacking), region.ONLY + code, rules.view)
        for row in records(near[perhaps_here(store, near, place, home)]):
            words = f"，只知道在{region.name(code)}，可能就在本地"
            found.setdefault(row["product"], {}).setdefault(row["enterprise"], set()).add((row["made"], words))
    for row in records(store.makers(sorted(found), region.CHINA, rules.view, state="rejected")):
        found[row["product"]].pop(row["enterprise"], None)
    return {product: firms for product, firms in found.items() if firms}


def perhaps_here(store: Store, makers: pd.DataFrame, place: str, home: str | None) -> pd.Series:
    """Which rows of `Store.makers` are of enterprises known only to lie in a region that contains the place.

    An enterprise known to be in one park is not in another.
    """
    here = makers["region"].isin(wider(place, home))
    if place.startswith("park:") and here.any():
        firms = store.enterprises(sorted(set(makers.loc[here, "enterprise"])))
        here &= ~makers["enterprise"].isin(firms.loc[firms["park"].notna(), "id"])
    return here


def wider(place: str, home: str | None) -> list[str]:
    """Codes of the regions that contain a place without being it, nearest first; for a park its own region too.

    >>> wider("140105", "140105"), wider("park:甲", "140100"), wider("park:乙", None)
    (['140100', '140000'], ['140100', '140000'], [])
    """
    if place.startswith("park:"):
        around = [home, *region.above(home)] if home else []
    else:
        around = region.above(place)
    return [code for code in around if code != region.CHINA]


def _silent_on_kind(store: Store, lacking: set[str], place: str, rules: Rules) -> Iterator[tuple[str, str, str]]:
    """Product, kind above it, and an enterprise known to make the kind but none of its sub-kinds."""
    kinds = store.tables(["kinds"])["kinds"]
    tree: nx.DiGraph = nx.DiGraph(kinds[["product", "kind"]].itertuples(index=False, name=None))
    above = {product: nx.descendants(tree, product) for product in sorted(lacking & set(tree))}
    tops = set().union(*above.values())
    if not tops:
        return
    below = {kind: nx.ancestors(tree, kind) for kind in tops}
    made = store.makers(sorted(tops.union(*below.values())), place, rules.view)
    known = {product: set(rows["enterprise"]) for product, rows in made.groupby("product")}
    generic = {kind: known.get(kind, set()).difference(*(known.get(sub, set()) for sub in below[kind])) for kind in tops}
    for product, kinds_above in above.items():
        for kind in sorted(kinds_above):
            for enterprise in sorted(generic[kind]):
                yield product, kind, enterprise
