"""What if: a store as it would answer if some enterprises came to a place and others were gone. Nothing is written.

The supposition stands between a store and the queries, so every query answers it by its own definition.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """Enterprises that come, and ids of enterprises that close."""

    arrivals: tuple[Arrival, ...] = ()
    departures: tuple[str, ...] = ()


class Supposed:
    """A store under a scenario; reads like any store, can't be written.

    Parameters
    ----------
    store
        What is known.
    scenario
        What is supposed. An enterprise of the store that comes moves there with all it makes; one that leaves makes nothing
        anywhere any more, and its supply relations end.
    place, home
        Where enterprises come to, and its region code (of a park too).

    Raises
    ------
    InputError, UnknownName
        If an enterprise is not known, comes twice, comes and leaves, or a new one makes nothing.
    """

    def __init__(self, store: Store, scenario: Scenario, place: str, home: str | None, view: View = View()) -> None:
        self._store, self._place, self._home, self._view = store, place, home or region.CHINA, view
        self._scenario = _known(store, scenario)
        self._gone = frozenset(self._scenario.departures)
        self._moved = frozenset(a.enterprise for a in self._scenario.arrivals if a.enterprise)

    # -- what no scenario changes

    @property
    def location(self) -> str:
        """Of the store."""
        return self._store.location

    @property
    def as_of(self) -> str:
        """Of the store."""
        return self._store.as_of

    def write(self, tables: Tables, *, progress: Progress | None = None) -> Written:
        """Refused: a supposition is no fact."""
        raise InputError("推演不写入图谱", way_out="真实变动请更新企业名单后用 lianpu load 载入")

    def tables(self, names: Iterable[str] | None = None) -> Tables:
        """Of the store."""
        return self._store.tables(names)

    def scope(self, chain: str) -> Scope:
        """Of the store."""
        return self._store.scope(chain)

    def enterprises(self, ids: Iterable[str] | None = None, *, text: str | None = None, limit: int | None = None) -> pd.DataFrame:
        """Of the store."""
        return self._store.enterprises(ids, text=text, limit=limit)

    def records(self, enterprise: str) -> pd.DataFrame:
        """Of the store."""
        return self._store.records(enterprise)

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
        inside = self._inside(place)
        came = len(self._scenario.arrivals) if self._covers(place) else 0
        left = [row for row in inside if row["id"] in self._gone | self._moved]
        parties = sum(row["entry"] == "party" for row in left)
        return replace(found, enterprises=found.enterprises + came - len(left), parties=found.parties - parties)

    def makers(
        self, products: Iterable[str], place: str, view: View = View(), *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The makers under the scenario; what is only supposed has method ``supposed`` and confidence 1."""
        asked = list(dict.fromkeys(products))
        found = self._store.makers(asked, place, view, outside=outside, state=state, limit=None if self._changes(asked) else limit)
        if not self._changes(asked):
            return found
        found = found[~found["enterprise"].isin(self._gone | self._moved)]
        if self._covers(place) != outside:
            found = pd.concat([part for part in (found, self._arrived(asked, view, state)) if len(part)] or [found])
        order = {product: at for at, product in enumerate(asked)}
        capital = found["registered_capital_wan"].astype("float64")
        found = found.assign(_at=found["product"].map(order), _capital=capital.where(capital > 0))
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
        here, everywhere = self.makers(touched, place, view), self.makers(touched, region.CHINA, view)
        waiting = self.makers(touched, place, view, state="review")
        national = everywhere["product"].value_counts()
        known = set(zip(here["product"], here["enterprise"], strict=True))
        for product in touched:
            rows, at = here[here["product"] == product], found.index[found["product"] == product]
            reviews = sum((product, firm) not in known for firm in waiting.loc[waiting["product"] == product, "enterprise"])
            for column, value in _counted(rows, int(national.get(product, 0)), reviews).items():
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
        """Supply relations under the scenario: of those who move, with their new place; none of those who are gone."""
        chosen = None if enterprises is None else sorted(set(enterprises))
        found = self._store.supplies(enterprises=chosen, supplier_in=supplier_in, buyer_in=buyer_in)
        moved = self._store.supplies(enterprises=sorted(self._moved)) if self._moved else found.iloc[:0]
        if chosen is not None:
            moved = moved[moved["supplier"].isin(chosen) | moved["buyer"].isin(chosen)]
        for end, place in (("supplier", supplier_in), ("buyer", buyer_in)):
            moved = moved.assign(**{f"{end}_region": moved[f"{end}_region"].where(~moved[f"{end}"].isin(self._moved), self._home)})
            if place is not None:
                moved = moved[np.array([isinstance(code, str) and region.contains(place, code) for code in moved[f"{end}_region"]], dtype=bool)]
        still = found[~found["supplier"].isin(self._moved) & ~found["buyer"].isin(self._moved)]
        whole = pd.concat([part for part in (still, moved) if len(part)] or [still])
        whole = whole[~whole["supplier"].isin(self._gone) & ~whole["buyer"].isin(self._gone)]
        return whole.sort_values(["supplier", "buyer", "year", "source", "row"], kind="stable").reset_index(drop=True)

    # -- inside

    def _covers(self, place: str) -> bool:
        """Whether who comes to the place of the scenario is then in `place`."""
        if place == self._place:
            return True
        return not place.startswith("park:") and region.contains(place, self._home)

    def _changes(self, products: list[str]) -> bool:
        return bool(products) and bool(self._gone or self._scenario.arrivals)

    def _touched(self, products: list[str], view: View) -> list[str]:
        """Products whose makers the scenario changes, in the order given, each once."""
        wanted = {kind for arrival in self._scenario.arrivals for product in arrival.products for kind in self._kinds(product)}
        subjects = self._gone | self._moved
        if subjects:
            for state in ("confirmed", "review"):
                made = self._store.makers(products, region.CHINA, view, state=state)
                wanted |= set(made.loc[made["enterprise"].isin(subjects), "product"])
        return [product for product in dict.fromkeys(products) if product in wanted]

    def _arrived(self, products: list[str], view: View, state: str) -> pd.DataFrame:
        """What those who come make of `products`."""
        known = self._store.makers(products, region.CHINA, view, state=state)
        known = known[known["enterprise"].isin(self._moved)]
        known = known.assign(region=pd.array([self._home] * len(known), dtype="str"))
        if state != "confirmed":
            return known
        held = set(zip(known["product"], known["enterprise"], strict=True))
        facts = {row["id"]: row for row in self._subjects}
        rows = [
            self._row(product, made, arrival, facts.get(arrival.id, {}), list(known.columns))
            for arrival in self._scenario.arrivals for product, made in self._makes(arrival, products) if (product, arrival.id) not in held]
        if not rows:
            return known
        return pd.concat([part for part in (known, pd.DataFrame(rows).astype(known.dtypes.to_dict())) if len(part)])

    def _makes(self, arrival: Arrival, products: list[str]) -> list[tuple[str, str]]:
        """Products among those asked that an arrival is supposed to make, each with the product it was supposed by."""
        found = {}
        for made in arrival.products:
            for product in self._kinds(made):
                if product in products and (product not in found or product == made):
                    found[product] = made
        return sorted(found.items())

    def _row(self, product: str, made: str, arrival: Arrival, facts: dict[str, Any], columns: list[str]) -> dict[str, Any]:
        given = {
            "product": product, "made": made, "enterprise": arrival.id, "name": facts.get("name") or arrival.name,
            "short_name": facts.get("short_name"), "region": self._home, "code": facts.get("code"), "entry": "listed_row", "confidence": 1.0,
            "registered_capital_wan": facts.get("registered_capital"), "revenue_wan": facts.get("revenue"), "method": "supposed",
            "evidence": "推演：假设引进", "row": 0}
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
    def _subjects(self) -> list[dict[str, Any]]:
        """Rows of the enterprises of the store that the scenario speaks of."""
        return records(self._store.enterprises(sorted(self._gone | self._moved))) if self._gone | self._moved else []

    def _inside(self, place: str) -> list[dict[str, Any]]:
        if place.startswith("park:"):
            return [row for row in self._subjects if row["park"] == place.removeprefix("park:")]
        return [row for row in self._subjects if row["region"] and region.contains(place, row["region"])]


def _counted(rows: pd.DataFrame, national: int, reviews: int) -> dict[str, Any]:
    """The counts of one product from its makers in a place; amounts in whole 元, as the stores count them."""
    outputs = [round(value * 10000) for value in rows["output_wan"].dropna()]
    capitals = [round(value * 10000) for value in rows["registered_capital_wan"].dropna() if value > 0]
    squares = [sum(each * each for each in amounts) for amounts in (outputs, capitals)]
    hhi, basis = counting.hhi(len(rows), len(outputs), sum(outputs), squares[0], len(capitals), sum(capitals), squares[1])
    return {
        "makers": len(rows), "national": national, "reviews": reviews, "titled": int((rows["titles"].fillna("") != "").sum()),
        "output_wan": sum(outputs) / 10000 if outputs else np.nan, "outputs_known": len(outputs), "hhi": hhi, "hhi_basis": basis}


def _known(store: Store, scenario: Scenario) -> Scenario:
    """The scenario with the ids by which the store knows its enterprises."""
    arrivals = []
    for arrival in scenario.arrivals:
        if arrival.enterprise is None and not arrival.products:
            raise InputError(f"没有说明「{arrival.name}」生产什么", way_out="给新企业选至少一个产品")
        arrivals.append(replace(arrival, enterprise=_canonical(store, arrival.enterprise)) if arrival.enterprise else arrival)
    departures = tuple(sorted({_canonical(store, firm) for firm in scenario.departures}))
    ids = [arrival.id for arrival in arrivals]
    if twice := sorted({each for each in ids if ids.count(each) > 1 or each in departures}):
        raise InputError(f"同一家企业在推演里出现两次：{twice[0]}", way_out="每家企业只写一次，要么引进，要么撤出")
    return Scenario(tuple(arrivals), departures)


def _canonical(store: Store, enterprise: str) -> str:
    found = store.enterprises([enterprise])
    if len(found) != 1:
        raise UnknownName("企业", enterprise, way_out="用搜索找到企业，取它的编号")
    return str(found["id"].iloc[0])
