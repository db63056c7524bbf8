"""The store for offices that outgrow one machine: a Neo4j server, or a cluster of them, behind an address.

``server_model`` says what is on the server, ``server_write`` how a load gets there, ``cypher/`` what is asked. Every verb reads in one
state of the store: what others write meanwhile is noticed and the verb asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from chain import counting, moments, placing, region, schema, server_state
from chain.building import DEFAULT_TAU
from chain.errors import UnknownName
from chain.server_frames import framed, ordered, preferred, stated, supplied
from chain.server_link import Link, State, statement
from chain.server_write import read_rows, write
from chain.store import BRIEF, Place, Progress, Scope, View, Written
from chain.tables import Tables, canonical

Answer = TypeVar("Answer")
EVERYWHERE = {"low": -(2**31), "high": 2**31 - 1, "parks": None}
_MOST = 2**31 - 1


class ServerStore:
    """A store on a Neo4j server.

    Parameters
    ----------
    location
        ``neo4j://host:7687``, ``bolt://…``, ``neo4j+s://…``, with ``?database=NAME`` for another than the default database.
    user, password
        Else from the environment: LIANPU_NEO4J_USER (neo4j if not set) and LIANPU_NEO4J_PASSWORD (empty for a server without users).
    into_existing
        Write even into a database that holds somebody else's data.
    """

    def __init__(self, location: str, *, user: str | None = None, password: str | None = None, into_existing: bool = False) -> None:
        self._link = Link(location, user=user, password=password)
        self._into_existing = into_existing

    # -- what the store says of itself

    @property
    def location(self) -> str:
        """Address without user and password."""
        return self._link.address.shown

    @property
    def as_of(self) -> str:
        """Data date, see `Store.as_of`."""
        return self._link.read(lambda tx, now: None)[0].as_of

    def stamp(self) -> str:
        """A word of the state, see `Store.stamp`."""
        return self._link.stamp()

    def moment(self, stamp: str | None = None) -> AbstractContextManager[None]:
        """One state for all that is asked within, see `Store.moment`."""
        return self._link.moment(stamp)

    # -- verbs

    def write(self, tables: Tables, *, progress: Progress | None = None) -> Written:
        """Take in tables, see `Store.write`."""
        return write(self._link, tables, progress or (lambda step, done: None), into_existing=self._into_existing)

    def tables(self, names: Iterable[str] | None = None) -> Tables:
        """What was loaded, see `Store.tables`."""
        wanted = [schema.table(name).name for name in names] if names is not None else list(schema.tables())
        return self._ask(lambda tx, now: read_rows(tx, wanted))

    def scope(self, chain: str) -> Scope:
        """One chain, see `Store.scope`."""
        return self._ask(lambda tx, now: self._scope(tx, chain))

    def place(self, place: str, view: View = View()) -> Place:
        """One region or park, see `Store.place`."""
        return self._ask(lambda tx, now: self._place(tx, place, _day(view, now)))

    def coverage(self, products: Iterable[str], place: str, view: View = View()) -> pd.DataFrame:
        """Who makes what in a place, counted; see `Store.coverage`."""
        asked = list(products)
        return self._ask(lambda tx, now: self._coverage(tx, now, asked, place, view))

    def demand(self, arcs: pd.DataFrame, place: str, view: View = View()) -> pd.DataFrame:
        """Local buyers of every input, see `Store.demand`."""
        uses: dict[str, list[str]] = {}
        for material, product in sorted(set(zip(arcs["input"], arcs["product"], strict=True))):
            uses.setdefault(product, []).append(material)

        def work(tx: Any, now: State) -> dict[str, int]:
            rows = tx.run(statement("demand"), products=list(uses), uses=uses, tau=view.tau, day=_day(view, now), **self._where(tx, place))
            return {row["input"]: row["buyers"] for row in rows}

        buyers = self._ask(work)
        inputs = sorted(set(arcs["input"]))
        return pd.DataFrame({"input": pd.array(inputs, dtype="str"), "buyers": np.array([buyers.get(name, 0) for name in inputs], dtype=np.int64)})

    def makers(
        self, products: Iterable[str], place: str, view: View = View(), *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The makers themselves, see `Store.makers`."""
        asked = list(dict.fromkeys(products))
        states = ["rejected"] if state == "rejected" else ["confirmed", "review"]
        found = self._ask(lambda tx, now: tx.run(
            statement("makers"), products=asked, tau=view.tau, day=_day(view, now), state=state, states=states, outside=outside,
            limit=_MOST if limit is None else limit, **self._where(tx, place)).data())
        for row in found:
            row["output_wan"] = None if row["yuan"] is None else row["yuan"] / 10000
            row["titles"] = "；".join(sorted(set(row["titles"]))) or None
        frame = framed(found, _MAKERS)
        capital = frame["registered_capital_wan"]
        frame = frame.assign(_at=frame["product"].map({product: at for at, product in enumerate(asked)}), _capital=capital.where(capital > 0))
        frame = frame.sort_values(["_at", "confidence", "_capital", "enterprise"], ascending=[True, False, False, True], na_position="last")
        return frame.drop(columns=["_at", "_capital"]).reset_index(drop=True)

    def supplies(
        self, *, enterprises: Iterable[str] | None = None, supplier_in: str | None = None, buyer_in: str | None = None
    ) -> pd.DataFrame:
        """Supply relations, see `Store.supplies`."""
        chosen = None if enterprises is None else sorted(set(enterprises))

        def work(tx: Any, now: State) -> list[dict[str, Any]]:
            of = None if chosen is None else [row["id"] for row in tx.run(statement("leads"), ids=chosen)]
            ends = [self._where(tx, place) if place else None for place in (supplier_in, buyer_in)]
            found: list[dict[str, Any]] = tx.run(statement("supplies"), of=of, seller=ends[0], taker=ends[1]).data()
            return found

        return supplied(self._ask(work))

    def enterprises(
        self, ids: Iterable[str] | None = None, *, text: str | None = None, limit: int | None = None, brief: bool = False
    ) -> pd.DataFrame:
        """Enterprises, each one row; see `Store.enterprises`."""
        chosen = None if ids is None else sorted(set(ids))

        def work(tx: Any, now: State) -> list[dict[str, Any]]:
            of = None if chosen is None else [row["id"] for row in tx.run(statement("leads"), ids=chosen)]
            rows = tx.run(statement("enterprises"), ids=of, text=text or None, limit=_MOST if limit is None else limit, brief=brief)
            return [row["p"] for row in rows]

        columns = _columns("enterprises")
        return ordered(framed(self._ask(work), {name: columns[name] for name in BRIEF} if brief else columns), ["id"])

    def records(self, enterprise: str, table: str = "enterprises") -> pd.DataFrame:
        """The rows behind one enterprise, see `Store.records`."""
        def work(tx: Any, now: State) -> list[dict[str, Any]]:
            of = [row["id"] for row in tx.run(statement("leads"), ids=[enterprise])]
            rows = [row.data() for id_ in of for row in tx.run(statement("made" if table == "makes" else "records"), id=id_)]
            return [{**row.pop("p"), **row} for row in rows]

        if table == "makes":
            return canonical("makes", framed(self._ask(work), _columns("makes")))
        frame = framed(self._ask(work), {**_columns("enterprises"), **_OF_SOURCE})
        return ordered(frame, ["as_of", "source", "row"], falling=["as_of"])

    def close(self) -> None:
        """Let go of the connections."""
        self._link.close()

    def __enter__(self) -> ServerStore:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    # -- inside: all within one transaction

    def _ask(self, work: Callable[[Any, State], Answer]) -> Answer:
        return self._link.read(work)[1]

    def _coverage(self, tx: Any, now: State, asked: list[str], place: str, view: View) -> pd.DataFrame:
        day = _day(view, now)
        wanted = list(dict.fromkeys(asked))
        rows = tx.run(statement("coverage"), products=wanted, tau=view.tau, day=day, day_text=f"{day:08d}", **self._where(tx, place))
        found = {row["product"]: row for row in rows}
        if view.tau == DEFAULT_TAU and (view.as_of or now.as_of) == now.as_of:  # as counted when the store was written
            others = tx.run(statement("counted"), products=[product for product in wanted if product not in found])
            national = {row["product"]: row["national"] for row in [*found.values(), *others]}
        else:
            national = {row["product"]: row["national"] for row in tx.run(statement("national"), products=wanted, tau=view.tau, day=day)}
        numbers = {name: np.array([found[product][name] if product in found else 0 for product in asked], dtype=np.int64)
                   for name in ("makers", "reviews", "titled", "outputs_known")}
        shares = [_share(found[product]) if product in found else (float("nan"), None) for product in asked]
        return pd.DataFrame({
            "product": pd.array(asked, dtype="str"), "makers": numbers["makers"],
            "national": np.array([national.get(product, 0) for product in asked], dtype=np.int64),
            "reviews": numbers["reviews"], "titled": numbers["titled"],
            "output_wan": np.array([found[product]["output_sum"] / 10000 if known else np.nan
                                    for product, known in zip(asked, numbers["outputs_known"], strict=True)], dtype=np.float64),
            "outputs_known": numbers["outputs_known"],
            "hhi": np.array([share for share, _ in shares], dtype=np.float64), "hhi_basis": pd.array([basis for _, basis in shares], dtype="str"),
        })

    def _scope(self, tx: Any, chain: str) -> Scope:
        rows = tx.run(statement("chain"), id=chain, chain=chain).single()
        heads = ordered(framed(rows["stated"] if rows else [], _columns("chains")), list(_columns("chains")))
        if heads.empty:
            known = sorted({row["id"] for row in tx.run(statement("chain_names"))})
            held = f"图谱里有：{'、'.join(known)}。" if known else "图谱里还没有产业链。"
            raise UnknownName("产业链", chain, known, way_out=held + "lianpu link 载入内置产业链；lianpu load 载入自己的 .yaml")
        stages = [row.data() for row in tx.run(statement("scope_stages"), chain=chain)]
        arcs = {kind.table: stated(tx.run(statement("scope_arcs", TYPE=kind.type), chain=chain), kind) for kind in server_state.BETWEEN_PRODUCTS}
        members = [row.data() for row in tx.run(statement("scope"), chain=chain)]
        products, listed = preferred(members, stages)
        return Scope({str(name): value for name, value in heads.iloc[0].items()}, products, arcs["inputs"], arcs["kinds"], arcs["upgrades"],
                     arcs["byproducts"], listed)

    def _place(self, tx: Any, place: str, day: int) -> Place:
        where, home, in_park = self._where(tx, place), self._home(tx, place), place.startswith("park:")
        said = tx.run(statement("expected"), place=place).single()
        held = canonical("sources", framed([row["p"] for row in tx.run(statement("registers"))], _columns("sources")))
        covering = placing.covering(held, home)
        counts = tx.run(statement("place"), day=day, registers=covering["id"].tolist(), **where).single()
        coarse = tx.run(statement("coarse"), outer=placing.outer(place, home), unplaced=in_park, day=day).single()["coarse"]
        name, full = placing.names_of(place, home)
        return Place(place, name, full, counts["enterprises"], counts["parties"], coarse, counts["titled"], said["expected"] if said else None,
                     covering, counts["unregistered"], counts["undated"])

    def _home(self, tx: Any, place: str) -> str | None:
        """Region code of a place; None for a park of unknown region."""
        if not place.startswith("park:"):
            return placing.code_of(place)
        park = place.removeprefix("park:")
        rows = tx.run(statement("park"), park=park).data()
        if not rows and not tx.run(statement("park_members"), park=park).single()["members"]:
            raise UnknownName("园区", park, [row["name"] for row in tx.run(statement("park_names")) if row["name"]])
        return min((row["region"] for row in rows if row["region"]), default=None)

    def _where(self, tx: Any, place: str) -> dict[str, Any]:
        """Parameters that say which enterprises a place holds."""
        self._home(tx, place)
        if not place.startswith("park:"):
            low, high = region.span(place)
            return EVERYWHERE if place == region.CHINA else {"low": low, "high": high, "parks": None}
        park = place.removeprefix("park:")
        rows = tx.run(statement("park"), park=park).data()
        return {"low": 0, "high": -1, "parks": sorted({park, *(word for row in rows for word in (row["id"], row["name"]) if word)})}


def _columns(table: str) -> dict[str, str]:
    return {column.name: column.dtype for column in schema.table(table).columns}


_OF_SOURCE = {"file": "str", "sheet": "str", "kind": "str", "as_of": "str"}
_MAKERS = {
    "product": "str", "made": "str", "enterprise": "str", "name": "str", "short_name": "str", "region": "str", "code": "str", "entry": "str",
    "confidence": "float64", "share": "float64", "output_wan": "float64", "registered_capital_wan": "float64", "revenue_wan": "float64",
    "titles": "str", "method": "str", "evidence": "str", "source": "str", "row": "Int64",
}


def _share(row: Any) -> tuple[float, str | None]:
    """Herfindahl index and what its shares are of, from the whole numbers themselves."""
    outputs, capitals = row["outputs"], row["capitals"]
    return counting.hhi(
        row["makers"], row["outputs_known"], row["output_sum"], sum(amount * amount for amount in outputs),
        row["capitals_known"], sum(capitals), sum(amount * amount for amount in capitals))


def _day(view: View, now: State) -> int:
    """The day that is asked about as yyyymmdd; a day after all others for none."""
    return moments.day_of(view.as_of or now.as_of)
