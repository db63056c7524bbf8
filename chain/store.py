"""Where a graph is kept: one protocol, two stores, the same frames.

A store holds `Tables` as their sources state them and answers questions about what they say together: ids that mean one
enterprise are one, a maker of a sub-kind makes the kind, dissolved firms make nothing. Queries are written on these
verbs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, Self

import pandas as pd

from chain.tables import Tables

Progress = Callable[[str, float], None]
"""Called with the name of a step and the share done, 0..1."""


@dataclass(frozen=True)
class View:
    """How facts are looked at.

    Attributes
    ----------
    tau
        Least confidence of a MAKES that counts as making.
    as_of
        ISO date at which an enterprise must be active; None for the store's own data date.
    """

    tau: float = 0.65
    as_of: str | None = None


@dataclass(frozen=True)
class Written:
    """What a load did.

    Attributes
    ----------
    added, removed
        Rows by table, sources not counted; removed rows belonged to older versions of the same sources.
    unchanged
        Files and sheets that the store already held in this very form.
    replaced
        Files and sheets of which the store held an older version.
    """

    added: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    unchanged: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the store is different now."""
        return bool(self.added or self.removed or self.replaced)


@dataclass(frozen=True)
class Scope:
    """A chain as a store holds it.

    Attributes
    ----------
    chain
        One row of table ``chains`` as a dict.
    products
        Products in order of the chain file: columns product, name, stage, stage_position, segment, position, terminal,
        criticality, weight (criticality where the file gives none, else 1), reason, chokepoint, aliases, gbt4754, source, row.
    arcs
        Arcs with both ends in the chain: input, product, role, coefficient, group, citation, source, row.
    kinds, upgrades, byproducts
        As their tables, both ends in the chain.
    stages
        name, position, description.
    """

    chain: dict[str, object]
    products: pd.DataFrame
    arcs: pd.DataFrame
    kinds: pd.DataFrame
    upgrades: pd.DataFrame
    byproducts: pd.DataFrame
    stages: pd.DataFrame

    @property
    def ids(self) -> list[str]:
        """Product ids in order."""
        return self.products["product"].tolist()


@dataclass(frozen=True)
class Place:
    """A region or park as a store knows it.

    Attributes
    ----------
    id
        Six-digit code, or ``park:ID``.
    name, full_name
        As people write it.
    enterprises
        Active enterprises located in it.
    parties
        Those of them known only as a party of a supply relation.
    coarse
        Active enterprises known only to lie in a region that contains this one: some may be here.
    titled
        Titles held in it and valid at the as-of date.
    expected
        Number of enterprises that ought to be listed, None where nobody said.
    registers
        Sources of kind register that are complete for it (region contains it): rows of table ``sources``, newest first.
    unregistered
        Active enterprises located in it, with a row of their own, that none of those registers has; 0 without a register.
    undated
        Active enterprises located in it of which no source says since when: they count on every earlier day.
    """

    id: str
    name: str
    full_name: str
    enterprises: int
    parties: int
    coarse: int
    titled: int
    expected: int | None
    registers: pd.DataFrame
    unregistered: int = 0
    undated: int = 0


BRIEF = ("id", "name", "short_name", "former_names", "region", "code")
"""Columns of an enterprise by which people look for it."""


class Store(Protocol):
    """Ten verbs and what the store says of itself. Frames never repeat a row and come in the order stated.

    A place is a six-digit region code, ``000000`` for the country, ``park:ID``, or ``only:CODE`` for the enterprises known to lie
    in a region and no closer. "Makers" of a product are the active
    enterprises with a confirmed MAKES of confidence ≥ tau to it or to any kind of it.
    """

    @property
    def location(self) -> str:
        """Path or address, without secrets."""

    @property
    def as_of(self) -> str:
        """Data date: the latest as_of of the loaded sources of enterprises, ISO; empty for an empty store."""

    def stamp(self) -> str:
        """A word that changes when the data changes, asked now; empty for a file that is not there."""

    def moment(self, stamp: str | None = None) -> AbstractContextManager[None]:
        """For ``with``: every verb within answers from one state, that of a stamp if one is given; a moment within is a part of it.

        A store in a moment serves one thread.

        Raises
        ------
        StoreMoved
            If the data is or becomes another before the end; where nothing is asked within, perhaps not.
        """

    def write(self, tables: Tables, *, progress: Progress | None = None) -> Written:
        """Take in tables, all or nothing.

        A source (row of ``sources``) whose id the store holds is skipped with all its rows. A source with the origin of a
        held one replaces it: the old one's rows go. If a source of kind ``link`` comes, all MAKES of method ``link`` go first.

        Raises
        ------
        StoreBusy
            If another process is writing; its pid is named.
        StoreError
            If the store can't be read, was written by a newer version, or there is no room or right to write.
        """

    def tables(self, names: Iterable[str] | None = None) -> Tables:
        """What was loaded, row by row; only the named tables if names are given."""

    def scope(self, chain: str) -> Scope:
        """One chain. Raises `UnknownName` with the chains the store holds."""

    def place(self, place: str, view: View = View()) -> Place:
        """One region or park. Raises `UnknownName` for a park the store does not hold or a code that is none."""

    def coverage(self, products: Iterable[str], place: str, view: View = View()) -> pd.DataFrame:
        """Who makes what in a place, counted; one row a product in the given order.

        Returns
        -------
        DataFrame
            product; makers (int64, in the place); national (int64, in the whole store); reviews (int64, active enterprises
            in the place with a MAKES in state review, or confirmed below tau, that are not makers); titled (int64, makers
            with a title valid at the as-of date); output_wan (float64, sum of known outputs of the product by makers in
            the place, NaN if none is known); outputs_known (int64); hhi (float64, Σs² over makers, NaN without makers);
            hhi_basis (output | capital | equal: s is the share of output if known for every maker, else of registered
            capital if known for every maker, else 1/n).
        """

    def demand(self, arcs: pd.DataFrame, place: str, view: View = View()) -> pd.DataFrame:
        """How many enterprises of a place make at least one of the products that an input goes into.

        Parameters
        ----------
        arcs
            Columns input, product.

        Returns
        -------
        DataFrame
            input, buyers (int64, distinct enterprises); one row an input, sorted by input.
        """

    def makers(
        self, products: Iterable[str], place: str, view: View = View(), *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The makers themselves.

        Parameters
        ----------
        outside
            Those outside the place instead of those in it.
        state
            ``confirmed`` for makers, ``review`` for those counted as reviews by `coverage`, ``rejected`` for those of whom a
            source or a person (not a link) says that they do not make it.
        limit
            At most so many a product.

        Returns
        -------
        DataFrame
            product, made (the product of the MAKES: itself or a kind of it), enterprise, name, short_name, region, code,
            entry, confidence, share, output_wan, registered_capital_wan, revenue_wan, titles (valid ones, joined by ；),
            method, evidence, source, row. One row a product and enterprise (the MAKES of highest confidence); by product in the given order,
            then confidence falling, capital falling (missing last), enterprise.
        """

    def supplies(
        self, *, enterprises: Iterable[str] | None = None, supplier_in: str | None = None, buyer_in: str | None = None
    ) -> pd.DataFrame:
        """Supply relations that fit all conditions given.

        Parameters
        ----------
        enterprises
            Supplier or buyer is one of these.
        supplier_in, buyer_in
            Places.

        Returns
        -------
        DataFrame
            supplier, supplier_name, supplier_region, buyer, buyer_name, buyer_region, product, year, amount_wan, share,
            share_of, source, row; by supplier, buyer, year, source, row.
        """

    def enterprises(
        self, ids: Iterable[str] | None = None, *, text: str | None = None, limit: int | None = None, brief: bool = False
    ) -> pd.DataFrame:
        """Enterprises, each one row with all its sources say, by id.

        Parameters
        ----------
        ids
            Only these (any id that leads to them).
        text
            Only those whose name, short name or former name contains it.
        brief
            Only the columns `BRIEF`: of a million enterprises all the others take long.

        Returns
        -------
        DataFrame
            Columns of table ``enterprises``; where sources differ, a row of its own in a list beats a party, a register a
            sample, a newer as_of an older.
        """

    def records(self, enterprise: str, table: str = "enterprises") -> pd.DataFrame:
        """The rows behind one enterprise as their sources state them.

        Parameters
        ----------
        table
            ``enterprises``: with file, sheet, kind and as_of of the source; ``makes``: what it is said to make, counted or not.

        Returns
        -------
        DataFrame
            Columns of that table.
        """

    def close(self) -> None:
        """Let go of files and connections; a store used in ``with`` does it at the end."""

    def __enter__(self) -> Self:
        """The store itself."""

    def __exit__(self, *failure: object) -> None:
        """Closes the store."""
