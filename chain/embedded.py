"""The default store: one DuckDB file.

A load builds the next file beside the old one and swaps it in by rename, so readers keep the old state until the new one is
complete and a crash at any moment leaves one or the other. ``building`` says what is in the file, ``sql/`` what is asked.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from chain import building, counting, databases, moments, placing, region, schema, writing
from chain.dealings import FEW, dealings
from chain.errors import StoreError, UnknownName
from chain.locking import write_lock
from chain.server_frames import supplied
from chain.store import BRIEF, Place, Progress, Scope, View, Written
from chain.tables import Tables, canonical

# DuckDB's advice for large results; ours are small where they are asked for with values
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)


class EmbeddedStore:
    """A store in one file; opened read-only, written by building the next file."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._connection: Any = None
        self._database: Any = None
        self._stamp: tuple[int, int] | None = None
        self._known: dict[str, tuple[int, int] | None] = {}
        self._date = ""
        self._moments = moments.Moments(self.stamp)
        if self._path.is_dir():
            raise StoreError(
                f"{self._path} 是一个目录，不是图谱文件", way_out="给出文件名，如 zone.lianpu；要载入目录请用 lianpu load zone.lianpu 目录/")
        if self._path.exists():
            self._con()

    # -- what the store says of itself

    @property
    def location(self) -> str:
        """Path of the file."""
        return str(self._path)

    @property
    def as_of(self) -> str:
        """Data date, see `Store.as_of`."""
        if not self._path.exists():
            return ""
        self._con()
        self._date = self._date or str(self._rows("SELECT as_of FROM data_date")[0][0])
        return self._date

    def stamp(self) -> str:
        """A word of the state, see `Store.stamp`."""
        return moments.stamp_of(self._path) if self._path.exists() else ""

    def moment(self, stamp: str | None = None) -> AbstractContextManager[None]:
        """One state for all that is asked within, see `Store.moment`."""
        return self._moments.hold(stamp)

    # -- verbs

    def write(self, tables: Tables, *, progress: Progress | None = None) -> Written:
        """Take in tables, see `Store.write`."""
        with write_lock(self._path):
            held = _held_sources(self._path)
            with _explained(self._path):
                return writing.write(self._path, held, tables, progress or (lambda step, done: None), lambda: duckdb.connect(":memory:"))

    def tables(self, names: Iterable[str] | None = None) -> Tables:
        """What was loaded, see `Store.tables`."""
        wanted = list(names) if names is not None else list(schema.tables())
        if not self._path.exists():
            return Tables()
        return Tables({name: self._frame(f"SELECT * FROM raw_{schema.table(name).name}") for name in wanted})

    def scope(self, chain: str) -> Scope:
        """One chain, see `Store.scope`."""
        heads = self._frame("SELECT * FROM chains WHERE id = $chain ORDER BY ALL LIMIT 1", chain=chain)
        if heads.empty:
            known = self._frame("SELECT DISTINCT id FROM chains ORDER BY id")["id"].tolist()
            held = f"图谱里有：{'、'.join(known)}。" if known else "图谱里还没有产业链。"
            raise UnknownName("产业链", chain, known, way_out=held + "lianpu link 载入内置产业链；lianpu load 载入自己的 .yaml")
        both = "SELECT DISTINCT * FROM {0} WHERE {1} IN (SELECT product FROM members) AND {2} IN (SELECT product FROM members) ORDER BY ALL"
        member = "WITH members AS (SELECT product FROM chain_products WHERE chain = $chain) "
        return Scope(
            {str(name): value for name, value in heads.iloc[0].items()},
            self._frame(_sql("scope"), chain=chain),
            self._frame(member + both.format("inputs", "input", "product"), chain=chain),
            self._frame(member + both.format("kinds", "product", "kind"), chain=chain),
            self._frame(member + both.format("upgrades", "product", "successor"), chain=chain),
            self._frame(member + both.format("byproducts", "product", "main"), chain=chain),
            self._frame("SELECT name, min(position) AS position, any_value(description) AS description FROM stages "
                        "WHERE chain = $chain GROUP BY name ORDER BY position, name", chain=chain),
        )

    def place(self, place: str, view: View = View()) -> Place:
        """One region or park, see `Store.place`."""
        where, bounds = self._where(place)
        home = self._home(place)
        in_park = place.startswith("park:")
        sql = _sql("place").format(place=where, unplaced="park IS NULL" if in_park else "true")
        bounds = {name: value for name, value in bounds.items() if f"${name}" in sql}
        expected = self._rows("SELECT max(expected_enterprises) FROM regions WHERE code = ?", [place])[0][0]
        held = canonical("sources", self._frame("SELECT * FROM raw_sources WHERE kind = 'register' AND region IS NOT NULL"))
        covering = placing.covering(held, home)
        asked = {**bounds, "day": self._day(view), "outer": placing.outer(place, home), "registers": covering["id"].tolist()}
        enterprises, parties, titled, coarse, unregistered, undated = (int(number) for number in self._rows(sql, asked)[0])
        name, full = placing.names_of(place, home)
        return Place(place, name, full, enterprises, parties, coarse, titled, None if expected is None else int(expected), covering,
                     unregistered, undated)

    def coverage(self, products: Iterable[str], place: str, view: View = View()) -> pd.DataFrame:
        """Who makes what in a place, counted; see `Store.coverage`."""
        asked = list(products)
        where, bounds = self._where(place)
        pids = self._pids(asked)
        found = self._numbers(_sql("coverage").format(place=where), pids=list(pids.values()), tau=view.tau, day=self._day(view), **bounds)
        national = self._national(asked, view)
        at = {pid: number for number, pid in enumerate(found["pid"].tolist())}
        rows = np.array([at.get(pids.get(product, -1), -1) for product in asked], dtype=np.int64)
        known = rows >= 0
        frame = {"product": asked}
        for name in ("makers", "reviews", "titled", "outputs_known"):
            frame[name] = counting.picked(found[name], rows, known, 0, np.int64)
        output = counting.picked(found["output_sum"], rows, known, None, object)
        capital = counting.picked(found["capital_sum"], rows, known, None, object)
        capitals = counting.picked(found["capitals_known"], rows, known, 0, np.int64)
        squares = [counting.picked(found[name], rows, known, None, object) for name in ("output_squares", "capital_squares")]
        numbers = zip(frame["makers"], frame["outputs_known"], output, squares[0], capitals, capital, squares[1], strict=True)
        hhi = [counting.hhi(*each) for each in numbers]
        return pd.DataFrame({
            "product": pd.array(asked, dtype="str"), "makers": frame["makers"],
            "national": np.array([national.get(product, 0) for product in asked], dtype=np.int64),
            "reviews": frame["reviews"], "titled": frame["titled"],
            "output_wan": np.array([np.nan if total is None else int(total) / 10000 for total in output], dtype=np.float64),
            "outputs_known": frame["outputs_known"],
            "hhi": np.array([share for share, _ in hhi], dtype=np.float64),
            "hhi_basis": pd.array([basis for _, basis in hhi], dtype="str"),
        })

    def demand(self, arcs: pd.DataFrame, place: str, view: View = View()) -> pd.DataFrame:
        """Local buyers of every input, see `Store.demand`."""
        where, bounds = self._where(place)
        inputs, needs = np.unique(arcs["input"].to_numpy(dtype=object), return_inverse=True)
        products, uses = np.unique(arcs["product"].to_numpy(dtype=object), return_inverse=True)
        known = self._pids(products.tolist())
        pids = [known.get(product, -1) for product in products]
        found = self._numbers(_sql("demand").format(place=where), pids=pids, tau=view.tau, day=self._day(view), **bounds)
        buyers = counting.unions(needs, uses, np.asarray(found["number"]), np.asarray(found["eid"]), len(inputs), len(products))
        return pd.DataFrame({"input": pd.array(inputs, dtype="str"), "buyers": buyers})

    def makers(
        self, products: Iterable[str], place: str, view: View = View(), *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The makers themselves, see `Store.makers`."""
        asked = list(dict.fromkeys(products))
        where, bounds = self._where(place)
        del bounds["low"], bounds["high"]
        where = where.replace("$low", str(self._range(place)[0])).replace("$high", str(self._range(place)[1]))
        near = "true" if outside or place.startswith("park:") else where.replace("eid", "c.eid")
        facts = "refused" if state == "rejected" else "cover"
        found = self._frame(
            _sql("makers").format(facts=facts, place=where.replace("eid", "e.eid"), near=near), products=asked, tau=view.tau,
            day=self._day(view), state=state, outside=outside, limit=limit if limit is not None else 2**31 - 1, **bounds)
        order = {product: at for at, product in enumerate(asked)}
        capital = found["registered_capital_wan"]
        found = found.assign(_at=found["product"].map(order), _capital=capital.where(capital > 0))  # as the limit counts them
        found = found.sort_values(["_at", "confidence", "_capital", "enterprise"], ascending=[True, False, False, True], na_position="last")
        return found.drop(columns=["_at", "_capital"]).reset_index(drop=True)

    def supplies(
        self, *, enterprises: Iterable[str] | None = None, supplier_in: str | None = None, buyer_in: str | None = None
    ) -> pd.DataFrame:
        """Supply relations, see `Store.supplies`."""
        ends: dict[str, str] = {}
        bounds: dict[str, object] = {}
        for name, place in (("seller", supplier_in), ("taker", buyer_in)):
            ends[name], values = self._where(place) if place else ("true", {})
            for bound, value in values.items():
                ends[name] = ends[name].replace(f"${bound}", f"${name}_{bound}")
                if f"${name}_{bound}" in ends[name]:
                    bounds[f"{name}_{bound}"] = value
        chosen = {} if enterprises is None else {"enterprises": sorted(set(enterprises))}
        if chosen and len(chosen["enterprises"]) <= FEW:
            return supplied(dealings(self._rows, chosen["enterprises"], ends["seller"], ends["taker"], bounds))
        return self._frame(_sql("supplies_of" if chosen else "supplies").format(**ends), **chosen, **bounds)

    def enterprises(
        self, ids: Iterable[str] | None = None, *, text: str | None = None, limit: int | None = None, brief: bool = False
    ) -> pd.DataFrame:
        """Enterprises, each one row; see `Store.enterprises`."""
        wanted, values = "i.eid IS NOT NULL", dict[str, object]()
        if ids is not None:
            wanted = "i.eid IN (SELECT eid FROM ids WHERE raw IN (SELECT unnest($ids::VARCHAR[])))"
            values["ids"] = sorted(set(ids))
        if text:
            wanted += " AND contains(concat_ws(chr(10), e.name, e.short_name, e.former_names), $text)"
            values["text"] = text
        first = "" if limit is None else f" LIMIT {int(limit)}"
        return self._frame(  # i.eid: a condition on the column that the join makes of both would be asked of every enterprise
            f"SELECT i.canon AS id, {_columns('r.raw', BRIEF if brief else None)} FROM enterprise e JOIN enterprise_ids i USING (eid) "
            f"LEFT JOIN ids r ON r.rid = e.rid WHERE {wanted} ORDER BY i.canon{first}", **values)

    def records(self, enterprise: str, table: str = "enterprises") -> pd.DataFrame:
        """The rows behind one enterprise, see `Store.records`."""
        if table == "makes":
            of = "SELECT raw FROM ids WHERE eid IN (SELECT eid FROM ids WHERE raw = $raw)"
            return canonical("makes", self._frame(f"SELECT * FROM raw_makes WHERE enterprise IN ({of})", raw=enterprise))
        found = self._rows("SELECT eid FROM ids WHERE raw = ?", [enterprise])
        return self._frame(  # with the number given as such; looked up in the same statement, every id would be read
            f"SELECT i.raw AS id, {_columns('i.raw')}, s.file, s.sheet, s.kind, s.as_of FROM enterprises e JOIN ids i USING (rid) "
            "LEFT JOIN sources s ON s.id = e.source WHERE e.eid = $eid AND i.eid = $eid "
            "ORDER BY s.as_of DESC NULLS LAST, e.source, e.row", eid=found[0][0] if found else -1)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = self._database = None

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    # -- inside

    def _con(self) -> Any:
        """A read-only connection to the newest state; opened again when a load has swapped the file."""
        try:
            status = os.stat(self._path)
        except FileNotFoundError as error:
            raise StoreError(f"没有这个图谱文件：{self._path}", way_out="先载入数据：lianpu load " + str(self._path) + " 文件…") from error
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._connection is None or stamp != self._stamp:
            self.close()
            self._database = databases.at(self._path, stamp, _open)
            self._connection, self._stamp, self._known, self._date = self._database.cursor(), stamp, {}, ""
        return self._connection

    def _frame(self, sql: str, **values: object) -> pd.DataFrame:
        import pyarrow as pa

        with _explained(self._path):
            con = self._con()  # a relation would be planned twice, which takes longer than most answers; whole tables are not copied once more
            table = (con.execute(sql, values) if values else con.sql(sql)).to_arrow_table()
        found: pd.DataFrame = table.to_pandas()
        for name, column in zip(table.column_names, table.columns, strict=True):
            if column.null_count and pa.types.is_boolean(column.type):
                found[name] = pd.array(column.to_pylist(), dtype="boolean")
            elif column.null_count and pa.types.is_integer(column.type):  # as floats they would lose their last digits
                found[name] = pd.array(column.to_pylist(), dtype="Int64")
            elif found[name].dtype == object:
                found[name] = found[name].astype("str")
        return found

    def _numbers(self, sql: str, **values: object) -> dict[str, Any]:
        with _explained(self._path):
            found: dict[str, Any] = self._con().execute(sql, values).fetchnumpy()
        return found

    def _rows(self, sql: str, values: object = None) -> list[Any]:
        with _explained(self._path):
            rows: list[Any] = self._con().execute(sql, values).fetchall()
        return rows

    def _day(self, view: View) -> int:
        return moments.day_of(view.as_of or self.as_of)

    def _home(self, place: str) -> str | None:
        """Region code of a place; None for a park of unknown region."""
        if not place.startswith("park:"):
            return placing.code_of(place)
        park = place.removeprefix("park:")
        found = self._rows("SELECT min(region), count(*) FROM parks WHERE id = $park OR name = $park", {"park": park})[0]
        members = self._rows("SELECT count(*) FROM core WHERE park = $park", {"park": park})[0][0]
        if not found[1] and not members:
            known = [row[0] for row in self._rows("SELECT name FROM parks UNION SELECT park FROM core WHERE park IS NOT NULL")]
            raise UnknownName("园区", park, known)
        return str(found[0]) if found[0] else None

    def _range(self, place: str) -> tuple[int, int]:
        """First and last eid of a region; all enterprises for a park."""
        if place.startswith("park:") or place == region.CHINA:
            return 0, 2**31 - 1
        first, last = self._rows(
            "SELECT min(eid), max(eid) FROM core WHERE region BETWEEN ? AND ?", list(region.span(place)))[0]
        return (0, -1) if first is None else (int(first), int(last))

    def _where(self, place: str) -> tuple[str, dict[str, object]]:
        """Condition on core for the enterprises of a place, and its parameters."""
        self._home(place)
        low, high = self._range(place)
        if not place.startswith("park:"):
            return "eid BETWEEN $low AND $high", {"low": low, "high": high}
        park = place.removeprefix("park:")
        names = self._rows("SELECT id, name FROM parks WHERE id = $park OR name = $park", {"park": park})
        return "list_contains($park, park)", {"low": low, "high": high, "park": sorted({park, *(n for pair in names for n in pair if n)})}

    def _pids(self, products: list[str]) -> dict[str, int]:
        """Numbers of products, those the store does not hold left out; remembered while the file is the same."""
        self._con()
        while fresh := [product for product in set(products) if product not in self._known]:  # all again if the file was swapped meanwhile
            found = self._numbers("SELECT product, pid, coalesce(makers, 0) AS makers FROM product_ids LEFT JOIN national USING (pid) "
                                  "WHERE product IN (SELECT unnest($products::VARCHAR[]))", products=fresh)
            self._known.update(dict.fromkeys(fresh))
            self._known.update(zip(found["product"].tolist(), zip(found["pid"].tolist(), found["makers"].tolist(), strict=True), strict=True))
        return {product: numbers[0] for product in products if (numbers := self._known[product])}

    def _national(self, products: list[str], view: View) -> dict[str, int]:
        if view.tau == building.DEFAULT_TAU and (view.as_of or self.as_of) == self.as_of:
            return {product: numbers[1] for product in self._pids(products) if (numbers := self._known[product])}
        found = self._numbers(_sql("national"), products=products, tau=view.tau, day=self._day(view))
        return dict(zip(found["product"], (int(n) for n in found["national"]), strict=True))


def _columns(raw: str, wanted: Iterable[str] | None = None) -> str:
    """Select list for an enterprise row ``e`` whose own id is `raw`; all columns but the id, or the wanted ones of them."""
    names = [name for name in wanted or schema.table("enterprises").names if name != "id"]
    return ", ".join(building.coded_uscc("e", raw) if name == "uscc" else f'e."{name}"' for name in names)


@cache
def _sql(name: str) -> str:
    return (Path(__file__).with_name("sql") / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """DuckDB's and the system's failures as ours."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:  # DuckDB's other way of saying so
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
    except duckdb.Error as error:
        text = str(error).splitlines()[0]
        if "space" in text.lower():
            raise StoreError(f"磁盘空间不足，{path} 没有改动", way_out="腾出空间后再载入") from error
        if "permission" in text.lower():
            raise StoreError(f"不能在 {path.parent} 写文件：没有权限", way_out="换一个可写的目录") from error
        cut = "could not read enough bytes" in text.lower() or "checksum" in text.lower()
        what = "图谱文件不完整或已损坏" if cut else f"图谱文件读写失败：{text}"
        raise StoreError(what, where=str(path), way_out="文件若已损坏，请用备份或重新载入数据") from error
    except PermissionError as error:
        raise StoreError(f"没有权限：{error.filename or path}", way_out="换一个可写的目录，或请管理员开放权限") from error
    except OSError as error:
        raise StoreError(f"图谱文件读写失败：{error.strerror}", where=str(path), way_out="检查磁盘空间与权限") from error


def _open(path: Path) -> Any:
    foreign = StoreError(f"{path} 不是链谱图谱文件", way_out="给出由 lianpu load 生成的 .lianpu 文件")
    with _explained(path):
        with open(path, "rb") as file:
            if file.read(12)[8:] != b"DUCK":
                raise foreign
        con = duckdb.connect(":memory:")  # not the file itself: DuckDB would hand out the state another connection here still holds
        try:
            con.execute(f"ATTACH {writing.quoted(path.absolute())} AS graph (TYPE duckdb, READ_ONLY)")
            con.execute("USE graph")
            schema.check_version(con.execute("SELECT version FROM layout").fetchall()[0][0], str(path))
        except (duckdb.Error, StoreError) as error:
            con.close()
            if "not a valid DuckDB" in str(error) or "does not exist" in str(error):
                raise foreign from error
            raise
    return con


def _held_sources(path: Path) -> pd.DataFrame:
    if not path.exists():
        return Tables()["sources"]
    with EmbeddedStore(path) as store:
        return store.tables(["sources"])["sources"]
