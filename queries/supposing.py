"""What if: a store as it would answer if some enterprises came to a place and others were gone. Nothing is written.

The supposition stands between a store and the queries, so every query answers it by its own definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd

from chain import counting, region
from chain.errors import InputError, UnknownName
from chain.store import Place, Progress, Scope, Store, View, Written
from chain.tables import Tables, records

NEW = "supposed:"
"""What the ids of enterprises begin with that are in no source."""

_AFTER_ALL, _EVER = "9999-12-30", "9999-12-31"
"""The day where nobody gave one: after all that is known; and a day after that."""


@dataclass(frozen=True)
class Arrival:
    """An enterprise that comes to the place: one of the store by its id, or a new one by its name, and what it makes there."""

    name: str
    products: tuple[str, ...] = ()
    enterprise: str | None = None

    @property
    def id(self) -> str:
        """Id under which it makes things."""
        return self.enterprise or f"{NEW}{self.name}"


@dataclass(frozen=True)
class Scenario:
    """Enterprises that come, and ids of enterprises that leave the place for elsewhere."""

    arrivals: tuple[Arrival, ...] = ()
    departures: tuple[str, ...] = ()


class Supposed:
    """A store under a scenario; reads like any store, can't be written.

    Parameters
    ----------
    store
        What is known.
    scenario
        What is supposed. An enterprise of the store that comes moves to the place with all it makes and all its supply relations;
        one that leaves moves out of the province with all of these: it goes on making what it makes, only not here.
    place, home
        Where enterprises come to, and its region code (of a park too).
    view
        The day on which those who come have to be active.

    Raises
    ------
    InputError, UnknownName
        If an enterprise is not known, comes twice, comes and leaves, is closed and comes, or a new one makes nothing.
    """

    def __init__(self, store: Store, scenario: Scenario, place: str, home: str | None, view: View = View()) -> None:
        self._store, self._place, self._home = store, place, home or region.CHINA
        self._scenario, self._subjects = _known(store, scenario)
        self._day = view.as_of or store.as_of or _AFTER_ALL
        self._came = {arrival.id: arrival for arrival in self._scenario.arrivals}
        self._homes = {**dict.fromkeys(self._came, self._home), **dict.fromkeys(self._scenario.departures, away(self._home))}
        self._facts: dict[tuple[tuple[str, ...], View, str], pd.DataFrame] = {}
        if closed := [firm for firm in self._came if firm in self._subjects and not self._active(self._subjects[firm])]:
            raise InputError(f"企业「{self._subjects[closed[0]]['name']}」已注销或尚未成立", way_out="换一家，或按新企业写它的名称和产品")

    # -- what no scenario changes

    @property
    def location(self) -> str:
        """Of the store."""
        return self._store.location

    @property
    def as_of(self) -> str:
        """Of the store."""
        return self._store.as_of

    def stamp(self) -> str:
        """Of the store."""
        return self._store.stamp()

    def moment(self, stamp: str | None = None) -> AbstractContextManager[None]:
        """Of the store."""
        return self._store.moment(stamp)

    def write(self, tables: Tables, *, progress: Progress | None = None) -> Written:
        """Refused: a supposition is no fact."""
        raise InputError("推演不写入图谱", way_out="真实变动请更新企业名单后用 lianpu load 载入")

    def tables(self, names: Iterable[str] | None = None) -> Tables:
        """Of the store."""
        return self._store.tables(names)

    def scope(self, chain: str) -> Scope:
        """Of the store."""
        return self._store.scope(chain)

    def enterprises(
        self, ids: Iterable[str] | None = None, *, text: str | None = None, limit: int | None = None, brief: bool = False
    ) -> pd.DataFrame:
        """Of the store."""
        return self._store.enterprises(ids, text=text, limit=limit, brief=brief)

    def records(self, enterprise: str, table: str = "enterprises") -> pd.DataFrame:
        """Of the store."""
        return self._store.records(enterprise, table)

    def close(self) -> None:
        """Leaves the store open: it is not ours."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    # -- what a scenario changes

    def place(self, place: str, view: View = View()) -> Place:
        """One region or park with those who come and without those who go."""
        found = self._store.place(place, view)
        known = [row for row in self._subjects.values() if self._active(row)]
        came = [firm for firm in self._came if firm not in self._subjects and self._then_in(place, firm)]

        def more(weight: Callable[[dict[str, Any]], int]) -> int:
            return sum(weight(row) * (self._then_in(place, row["id"]) - _lies_in(place, row)) for row in known)

        return replace(
            found, enterprises=found.enterprises + len(came) + more(lambda row: 1), parties=found.parties + more(lambda row: row["entry"] == "party"),
            titled=found.titled + more(lambda row: len(self._titles.get(row["id"], ()))),
            undated=found.undated + len(came) + more(lambda row: row["established"] is None))

    def makers(
        self, products: Iterable[str], place: str, view: View = View(), *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The makers under the scenario; what is only supposed has method ``supposed`` and confidence 1."""
        asked = list(dict.fromkeys(products))
        changed = bool(asked and self._homes)
        found = self._store.makers(asked, place, view, outside=outside, state=state, limit=None if changed else limit)
        if not changed:
            return found
        moved = self._moved(asked, view, state)
        moved = moved[np.array([self._then_in(place, firm) != outside for firm in moved["enterprise"]], dtype=bool)]
        found = _joined(found[~found["enterprise"].isin(self._homes)], moved)
        capital = found["registered_capital_wan"].astype("float64")
        found = found.assign(_at=found["product"].map({product: at for at, product in enumerate(asked)}), _capital=capital.where(capital > 0))
        found = found.sort_values(["_at", "confidence", "_capital", "enterprise"], ascending=[True, False, False, True], na_position="last")
        found = found.drop(columns=["_at", "_capital"])
        return (found if limit is None else found.groupby("product", sort=False).head(limit)).reset_index(drop=True)

    def coverage(self, products: Iterable[str], place: str, view: View = View()) -> pd.DataFrame:
        """Counts under the scenario, worked out anew for the products it touches."""
        asked = list(products)
        found = self._store.coverage(asked, place, view)
        touched = self._touched(asked, view)
        if not touched:
            return found
        here, waiting = (self.makers(touched, place, view, state=state) for state in ("confirmed", "review"))
        fresh = [product for product, _, _ in self._supposed(touched, view)]  # all others make it in the country already
        known = set(zip(here["product"], here["enterprise"], strict=True))
        for product in touched:
            rows, at = here[here["product"] == product], found.index[found["product"] == product]
            reviews = sum((product, firm) not in known for firm in waiting.loc[waiting["product"] == product, "enterprise"])
            national = int(found.loc[at[0], "national"]) + fresh.count(product)
            for column, value in _counted(rows, national, reviews).items():
                found.loc[at, column] = value
        return found

    def demand(self, arcs: pd.DataFrame, place: str, view: View = View()) -> pd.DataFrame:
        """Buyers under the scenario."""
        users = sorted(set(arcs["product"]))
        if not self._touched(users, view):
            return self._store.demand(arcs, place, view)
        made = self.makers(users, place, view)
        firms = {str(product): set(rows) for product, rows in made.groupby("product")["enterprise"]}
        buyers: dict[str, set[str]] = {}
        for before, after in zip(arcs["input"], arcs["product"], strict=True):
            buyers.setdefault(before, set()).update(firms.get(after, ()))
        inputs = sorted(buyers)
        return pd.DataFrame({"input": pd.array(inputs, dtype="str"), "buyers": np.array([len(buyers[each]) for each in inputs], dtype=np.int64)})

    def supplies(
        self, *, enterprises: Iterable[str] | None = None, supplier_in: str | None = None, buyer_in: str | None = None
    ) -> pd.DataFrame:
        """Supply relations under the scenario: those of who moves with the new place."""
        chosen = None if enterprises is None else sorted(set(enterprises))
        found = self._store.supplies(enterprises=chosen, supplier_in=supplier_in, buyer_in=buyer_in)
        if not self._homes:
            return found
        moved = self._store.supplies(enterprises=sorted(self._homes))
        if chosen is not None:
            moved = moved[moved["supplier"].isin(chosen) | moved["buyer"].isin(chosen)]
        for end, place in (("supplier", supplier_in), ("buyer", buyer_in)):
            if place is not None:
                ends = zip(moved[end], moved[f"{end}_region"], strict=True)
                moved = moved[np.array([self._end_in(place, firm, code) for firm, code in ends], dtype=bool)]
            new = moved[end].map(self._homes)
            moved = moved.assign(**{f"{end}_region": moved[f"{end}_region"].where(new.isna(), new)})
        whole = _joined(found[~found["supplier"].isin(self._homes) & ~found["buyer"].isin(self._homes)], moved)
        return whole.sort_values(["supplier", "buyer", "year", "source", "row"], kind="stable").reset_index(drop=True)

    # -- inside

    def _then_in(self, place: str, firm: str) -> bool:
        """Whether an enterprise of the scenario is in `place` if it comes true."""
        if firm in self._came and place == self._place:
            return True
        return not place.startswith("park:") and region.contains(place, self._homes[firm])

    def _end_in(self, place: str, firm: str, code: object) -> bool:
        if firm in self._homes:
            return self._then_in(place, firm)
        return isinstance(code, str) and region.contains(place, code)

    def _active(self, row: dict[str, Any]) -> bool:
        if row["established"] and row["established"] > self._day:
            return False
        return bool(row["dissolved"] > self._day if row["dissolved"] else row["status"] != "dissolved")

    def _touched(self, products: list[str], view: View) -> list[str]:
        """Products whose makers the scenario changes, in the order given, each once."""
        if not self._homes:
            return []
        wanted = set().union(*(self._moved(products, view, state)["product"] for state in ("confirmed", "review")))
        return [product for product in dict.fromkeys(products) if product in wanted]

    def _moved(self, products: list[str], view: View, state: str) -> pd.DataFrame:
        """What the enterprises of the scenario make of `products`, with the regions they are in then."""
        key = (tuple(products), view, state)
        if key not in self._facts:
            known = self._known_facts(products, view, state)
            new = known["enterprise"].map(self._homes)
            known = known.assign(region=new.astype("str") if len(new) else known["region"])
            rows = [] if state != "confirmed" else [
                self._row(product, made, arrival, list(known.columns)) for product, made, arrival in self._supposed(products, view)]
            self._facts[key] = _joined(known, pd.DataFrame(rows).astype(known.dtypes.to_dict())) if rows else known
        return self._facts[key]

    def _known_facts(self, products: list[str], view: View, state: str) -> pd.DataFrame:
        """What the store says of the enterprises of the scenario, asked of the regions where they are: few to go through."""
        homes = sorted({row["region"] or region.CHINA for row in self._subjects.values()})
        parts = [self._store.makers(products, region.CHINA if region.CHINA in homes else home, view, state=state) for home in homes or [self._home]]
        found = pd.concat(parts, ignore_index=True).drop_duplicates(["product", "enterprise"])
        return found[found["enterprise"].isin(self._subjects)].reset_index(drop=True)

    def _supposed(self, products: list[str], view: View) -> list[tuple[str, str, Arrival]]:
        """Product, the product it is supposed by, and who comes: makings that no source knows of."""
        known = self._known_facts(products, view, "confirmed")
        held = set(zip(known["product"], known["enterprise"], strict=True))
        wanted, found = set(products), {}
        for arrival in self._scenario.arrivals:
            for made in arrival.products:
                for product in self._kinds(made) & wanted:
                    if (product, arrival.id) not in held and ((product, arrival.id) not in found or product == made):
                        found[product, arrival.id] = made, arrival
        return [(product, made, arrival) for (product, _), (made, arrival) in sorted(found.items(), key=lambda each: each[0])]

    def _row(self, product: str, made: str, arrival: Arrival, columns: list[str]) -> dict[str, Any]:
        facts = self._subjects.get(arrival.id, {})
        given = {
            "product": product, "made": made, "enterprise": arrival.id, "name": facts.get("name") or arrival.name,
            "short_name": facts.get("short_name"), "region": self._home, "code": facts.get("code"), "entry": "listed_row", "confidence": 1.0,
            "registered_capital_wan": facts.get("registered_capital"), "revenue_wan": facts.get("revenue"), "method": "supposed",
            "titles": "；".join(sorted(set(self._titles.get(arrival.id, ())))) or None, "evidence": "推演：假设引进", "row": 0}
        numbers = {"share", "output_wan", "registered_capital_wan", "revenue_wan"}
        return {column: np.nan if column in numbers and given.get(column) is None else given.get(column) for column in columns}

    def _kinds(self, product: str) -> set[str]:
        """A product and all kinds above it."""
        found, waiting = {product}, [product]
        while waiting:
            for kind in self._above.get(waiting.pop(), ()):
                if kind not in found:
                    found.add(kind)
                    waiting.append(kind)
        return found

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in records(self._store.tables(["kinds"])["kinds"]):
            found.setdefault(row["product"], set()).add(row["kind"])
        return found

    @cached_property
    def _titles(self) -> dict[str, list[str]]:
        """Titles that the enterprises of the scenario hold on the day."""
        found: dict[str, list[str]] = {}
        if not self._subjects:
            return found
        titles = self._store.tables(["titles"])["titles"]
        lead = {firm: self._leads(firm) for firm in sorted(set(titles["enterprise"]))}
        for row in records(titles.drop_duplicates(["enterprise", "title", "valid_from", "valid_to"])):
            valid = (row["valid_from"] or "") <= self._day <= (row["valid_to"] or _EVER)
            if valid and lead[row["enterprise"]] in self._subjects:
                found.setdefault(lead[row["enterprise"]], []).append(row["title"])
        return found

    def _leads(self, firm: str) -> str:
        return self._aliases.get(firm, firm)

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """Ids under which sources know the enterprises of the scenario, and the ids these lead to."""
        return {str(raw): firm for firm in self._subjects for raw in self._store.records(firm)["id"]}


def _counted(rows: pd.DataFrame, national: int, reviews: int) -> dict[str, Any]:
    """The counts of one product from its makers in a place; amounts in whole 元, as the stores count them."""
    outputs = [round(value * 10000) for value in rows["output_wan"].dropna()]
    capitals = [round(value * 10000) for value in rows["registered_capital_wan"].dropna() if value > 0]
    squares = [sum(each * each for each in amounts) for amounts in (outputs, capitals)]
    hhi, basis = counting.hhi(len(rows), len(outputs), sum(outputs), squares[0], len(capitals), sum(capitals), squares[1])
    return {
        "makers": len(rows), "national": national, "reviews": reviews, "titled": int((rows["titles"].fillna("") != "").sum()),
        "output_wan": sum(outputs) / 10000 if outputs else np.nan, "outputs_known": len(outputs), "hhi": hhi, "hhi_basis": basis}


def away(home: str) -> str:
    """A region far from another one, for those who leave.

    >>> away("140100"), away("820000")
    ('820000', '810000')
    """
    return "810000" if home.startswith("82") else "820000"


def _joined(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([part for part in (left, right) if len(part)] or [left], ignore_index=True)


def _lies_in(place: str, row: dict[str, Any]) -> bool:
    if place.startswith("park:"):
        return bool(row["park"] == place.removeprefix("park:"))
    return place == region.CHINA or region.contains(place, row["region"])


def _known(store: Store, scenario: Scenario) -> tuple[Scenario, dict[str, dict[str, Any]]]:
    """The scenario with the ids by which the store knows its enterprises, and their rows."""
    rows = {firm: _row_of(store, firm) for firm in (*(a.enterprise for a in scenario.arrivals if a.enterprise), *scenario.departures)}
    arrivals = tuple(replace(each, enterprise=rows[each.enterprise]["id"]) if each.enterprise else each for each in scenario.arrivals)
    departures = tuple(sorted({rows[firm]["id"] for firm in scenario.departures}))
    for arrival in arrivals:
        if arrival.enterprise is None and not arrival.products:
            raise InputError(f"没有说明「{arrival.name}」生产什么", way_out="给新企业选至少一个产品")
    ids = [arrival.id for arrival in arrivals]
    if twice := sorted({each for each in ids if ids.count(each) > 1 or each in departures}):
        raise InputError(f"同一家企业在推演里出现两次：{twice[0]}", way_out="每家企业只写一次，要么引进，要么撤出")
    return Scenario(arrivals, departures), {row["id"]: row for row in rows.values()}


def _row_of(store: Store, enterprise: str) -> dict[str, Any]:
    found = records(store.enterprises([enterprise]))
    if len(found) != 1:
        raise UnknownName("企业", enterprise, way_out="用搜索找到企业，取它的编号")
    return found[0]
