"""Generated graphs of three sizes, as CSV files with the columns of the schema: ``python bench/generate.py S|M|L FOLDER``.

Same size and seed, same bytes. What makes real data hard is in them: a few products that thousands make and many that
hardly anybody makes, firms with one product and firms with fifty, large and tiny counties, regions that specialise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import names
import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from chain import region, schema

SOURCE = "bench-register"
AS_OF = "2026-06-30"
BLOCK = 500_000
STAGES = ("上游", "中游", "下游")
TYPES = {"number": pa.float64(), "integer": pa.int64(), "flag": pa.bool_()}


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    enterprises: int
    products: int
    makes: int
    inputs: int
    kinds: int
    supplies: int
    titles: int


SIZES = {
    "S": Size(10_000, 1_000, 48_000, 1_500, 200, 20_000, 100),
    "M": Size(1_000_000, 100_000, 4_800_000, 150_000, 20_000, 2_000_000, 10_000),
    "L": Size(10_000_000, 100_000, 48_000_000, 150_000, 20_000, 20_000_000, 100_000),
}
CHAINS = {"基准链-300": 300, "基准链-3000": 3_000}


@dataclass(frozen=True)
class World:
    """Numbers behind the names: who is where, in which trade, and what the trades make."""

    size: Size
    counties: Any
    county: Any
    trade: Any
    trade_of_product: Any
    members: Any
    first: Any


def world(size: Size, rng: np.random.Generator) -> World:
    """Enterprises spread over counties and trades; products sorted into trades, the popular ones first."""
    counties = np.array([int(code) for code in codes_of_counties()], dtype=np.int64)
    county = rng.choice(len(counties), size=size.enterprises, p=_zipf(len(counties), 0.7, rng))
    trades = max(10, min(400, size.products // 50))
    popularity = _zipf(trades, 0.8, rng)
    favourites = rng.choice(trades, size=(len(counties), 4), p=popularity)
    own = favourites[county, rng.integers(4, size=size.enterprises)]
    any_trade = rng.choice(trades, size=size.enterprises, p=popularity)
    trade = np.where(rng.random(size.enterprises) < 0.6, own, any_trade)
    trade_of_product = np.concatenate([np.arange(trades), rng.choice(trades, size=size.products - trades, p=popularity)])
    members = np.argsort(trade_of_product, kind="stable")
    first = np.searchsorted(trade_of_product[members], np.arange(trades + 1))
    return World(size, counties, county, trade, trade_of_product, members, first)


def codes_of_counties() -> list[str]:
    """Present county codes."""
    provinces = region.children(region.CHINA)
    below = [code for province in provinces for code in region.children(province)]
    return sorted({code for city in below for code in (region.children(city) or [city]) if region.level(code) == "county"})


def makes(world: World, rng: np.random.Generator) -> tuple[Any, Any]:
    """Enterprise and product numbers of the MAKES, by enterprise; exactly as many as the size says, none twice."""
    size = world.size
    degree = np.minimum(1 + (rng.pareto(1.6, size.enterprises) * 2.4).astype(np.int64), 60)
    firms = np.repeat(np.arange(size.enterprises), degree)
    pairs, who = np.empty(0, dtype=np.int64), firms
    while len(pairs) < size.makes:
        what = _products_like(world, rng, world.trade[who], loyalty=0.85)
        pairs = np.unique(np.concatenate([pairs, who * size.products + what]))
        who = rng.choice(firms, size=size.makes // 4)
    pairs = np.sort(rng.permutation(pairs)[: size.makes])
    return pairs // size.products, pairs % size.products


def _products_like(world: World, rng: np.random.Generator, trade: Any, *, loyalty: float) -> Any:
    """A product for each trade: mostly of that trade, the first ones much oftener than the last."""
    strangers = rng.random(len(trade)) >= loyalty
    trade = np.where(strangers, rng.integers(len(world.first) - 1, size=len(trade)), trade)
    width = world.first[trade + 1] - world.first[trade]
    at = (width * rng.random(len(trade)) ** 5).astype(np.int64)
    return world.members[world.first[trade] + at]


def arcs(world: World, rng: np.random.Generator) -> tuple[Any, Any]:
    """Input and product numbers: from raw to finished by a hidden rank, so without a cycle, and then three cycles of two."""
    size = world.size
    rank = rng.permutation(size.products)
    one = rng.integers(size.products, size=size.inputs * 3)
    two = _products_like(world, rng, world.trade_of_product[one], loyalty=0.8)
    low, high = np.where(rank[one] < rank[two], one, two), np.where(rank[one] < rank[two], two, one)
    pairs = np.unique((low * size.products + high)[low != high])
    pairs = np.sort(rng.permutation(pairs)[: size.inputs - 3])
    sources, targets = pairs // size.products, pairs % size.products
    return np.concatenate([sources, targets[:3]]), np.concatenate([targets, sources[:3]])


def kinds(world: World, rng: np.random.Generator) -> tuple[Any, Any]:
    """Sub-kind and kind numbers: each leads to one of the first products of its trade, never back."""
    place = np.empty(world.size.products, dtype=np.int64)
    place[world.members] = np.arange(world.size.products) - world.first[world.trade_of_product[world.members]]
    subs = rng.permutation(np.flatnonzero(place >= 3))[: world.size.kinds]
    above = (place[subs] * rng.random(len(subs)) ** 2 * 0.5).astype(np.int64)
    return subs, world.members[world.first[world.trade_of_product[subs]] + above]


def connected(count: int, inputs: Any, outputs: Any, products: int) -> list[int]:
    """Product numbers of a connected piece of the arcs, grown from the best connected product, nearest first."""
    near: list[list[int]] = [[] for _ in range(products)]
    for before, after in zip(inputs.tolist(), outputs.tolist(), strict=True):
        near[before].append(after)
        near[after].append(before)
    start = max(range(products), key=lambda product: (len(near[product]), -product))
    found, at = {start: None}, 0
    while at < len(order := list(found)) and len(found) < count:
        for product in order[at:]:
            found.update(dict.fromkeys(near[product]))
        at = len(order)
    return list(found)[:count]


def _zipf(count: int, power: float, rng: np.random.Generator) -> Any:
    weight = rng.permutation(1.0 / np.arange(1, count + 1) ** power)
    return weight / weight.sum()


# -- columns and files


def write(folder: Path, name: str, rows: int, block: Callable[[int, int], dict[str, Any]]) -> None:
    """One table as CSV; `block(start, stop)` gives the columns that are not empty."""
    columns = schema.table(name).columns
    fields = pa.schema([(column.name, TYPES.get(column.type, pa.large_string())) for column in columns])
    options = csv.WriteOptions(quoting_style="none", quoting_header="none")
    with csv.CSVWriter(folder / f"{name}.csv", fields, write_options=options) as file:
        for start in range(0, rows, BLOCK):
            stop = min(rows, start + BLOCK)
            given = block(start, stop)
            if "source" in fields.names:
                given |= {"source": _same(SOURCE, stop - start), "row": pa.array(np.arange(start + 2, stop + 2))}
            arrays = [_column(given.get(field.name), field.type, stop - start) for field in fields]
            file.write_table(pa.table(arrays, schema=fields))


def _column(values: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


def _same(word: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.large_string()), rows)


def _known(values: Any, rng: np.random.Generator, share: float, kind: pa.DataType | None = None) -> pa.Array:
    """`values` with all but a share of them unknown."""
    return pa.array(values, kind or pa.float64(), mask=rng.random(len(values)) >= share)


def _dates(rng: np.random.Generator, rows: int) -> pa.Array:
    days = rng.integers(np.datetime64("1990-01-01").astype(int), np.datetime64("2026-01-01").astype(int), size=rows)
    return pa.array(days.astype("datetime64[D]").astype(str), pa.large_string())


def _ids(world: World) -> pa.Array:
    return names.codes(world.counties[world.county], np.arange(world.size.enterprises) + 1)


def _enterprises(world: World, ids: pa.Array, rng: np.random.Generator) -> Callable[[int, int], dict[str, Any]]:
    places = pa.array([region.name(str(code)) for code in world.counties], pa.large_string())
    codes = pa.array([str(code) for code in world.counties], pa.large_string())

    def block(start: int, stop: int) -> dict[str, Any]:
        rows, county = stop - start, pa.array(world.county[start:stop])
        capital = np.round(np.exp(rng.normal(6.2, 1.6, rows)), 2)
        gone = rng.random(rows) < 0.04
        return {
            "id": ids.slice(start, rows), "uscc": ids.slice(start, rows),
            "name": names.enterprises(rng, places.take(county)),
            "region": codes.take(county), "region_level": _same("county", rows),
            "status": pa.array(np.where(gone, "dissolved", "active"), pa.large_string()),
            "established": _dates(rng, rows), "registered_capital": capital,
            "revenue": _known(np.round(capital * rng.gamma(2.0, 1.5, rows), 2), rng, 0.4),
            "employees": _known((capital**0.6).astype(np.int64) + 1, rng, 0.7, pa.int64()),
            "industry": pa.array(np.char.add("C", (1300 + world.trade[start:stop] * 7 % 3000).astype(str)), pa.large_string()),
            "entry": _same("listed_row", rows),
        }

    return block


def generate(size: str, folder: Path, seed: int) -> None:
    """Write all tables of one size into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    count = SIZES[size]
    made = world(count, rng)
    ids, words = _ids(made), pa.array(names.products(rng, count.products), pa.large_string())
    who, what = makes(made, rng)
    before, after = arcs(made, rng)
    sub, kind = kinds(made, rng)
    write(folder, "sources", 1, lambda start, stop: {
        "id": [SOURCE], "origin": [f"bench:{size}:{seed}"], "file": ["基准数据.csv"], "kind": ["register"],
        "region": [region.CHINA], "as_of": [AS_OF], "rows": [count.enterprises]})
    write(folder, "enterprises", count.enterprises, _enterprises(made, ids, rng))
    write(folder, "products", count.products, lambda start, stop: {
        "id": words[start:stop], "name": words[start:stop],
        "criticality": _known(rng.integers(1, 6, stop - start), rng, 0.5, pa.int64())})
    write(folder, "makes", count.makes, _makes(ids, words, who, what, rng))
    write(folder, "supplies", count.supplies, _supplies(made, ids, words, rng))
    write(folder, "inputs", len(before), lambda start, stop: {
        "input": words.take(pa.array(before[start:stop])), "product": words.take(pa.array(after[start:stop])),
        "role": pa.array(["物料", "设备", "服务"], pa.large_string()).take(pa.array(rng.choice(3, stop - start, p=[0.8, 0.15, 0.05])))})
    write(folder, "kinds", len(sub), lambda start, stop: {
        "product": words.take(pa.array(sub[start:stop])), "kind": words.take(pa.array(kind[start:stop]))})
    holders = np.sort(rng.choice(count.enterprises, count.titles, replace=False))
    write(folder, "titles", count.titles, lambda start, stop: {
        "enterprise": ids.take(pa.array(holders[start:stop])), "title": _same("专精特新中小企业", stop - start),
        "level": _same("省级", stop - start), "batch": _same("2025", stop - start)})
    _chains(folder, words, before, after, count)


def _makes(ids: pa.Array, words: pa.Array, who: Any, what: Any, rng: np.random.Generator) -> Callable[[int, int], dict[str, Any]]:
    def block(start: int, stop: int) -> dict[str, Any]:
        rows = stop - start
        sure = rng.random(rows) < 0.92
        return {
            "enterprise": ids.take(pa.array(who[start:stop])), "product": words.take(pa.array(what[start:stop])),
            "share": _known(np.round(rng.random(rows), 3), rng, 0.2),
            "output": _known(np.round(np.exp(rng.normal(6, 1.5, rows)), 2), rng, 0.3),
            "confidence": np.round(np.where(sure, 0.7 + 0.3 * rng.random(rows), 0.3 + 0.4 * rng.random(rows)), 2),
            "state": pa.array(np.where(sure, "confirmed", "review"), pa.large_string()), "method": _same("stated", rows),
        }

    return block


def _supplies(world: World, ids: pa.Array, words: pa.Array, rng: np.random.Generator) -> Callable[[int, int], dict[str, Any]]:
    weight = np.cumsum(_zipf(world.size.enterprises, 0.5, rng))

    def ends(rows: int) -> Any:
        return np.minimum(np.searchsorted(weight, rng.random(rows)), world.size.enterprises - 1)

    def block(start: int, stop: int) -> dict[str, Any]:
        rows = stop - start
        seller, buyer = ends(rows), ends(rows)
        buyer = np.where(seller == buyer, (buyer + 1) % world.size.enterprises, buyer)
        return {
            "supplier": ids.take(pa.array(seller)), "buyer": ids.take(pa.array(buyer)),
            "product": words.take(pa.array(rng.integers(len(words), size=rows), mask=rng.random(rows) < 0.4)),
            "year": rng.integers(2020, 2026, size=rows), "amount": np.round(np.exp(rng.normal(5, 2, rows)), 2),
        }

    return block


def _chains(folder: Path, words: pa.Array, before: Any, after: Any, count: Size) -> None:
    """The chains of 300 and 3,000 products, with three stages by the place in which they were found."""
    chains = {name: connected(min(size, count.products), before, after, count.products) for name, size in CHAINS.items()}
    write(folder, "chains", len(chains), lambda start, stop: {
        "id": list(chains), "name": list(chains), "version": ["1"] * len(chains), "as_of": [AS_OF] * len(chains)})
    write(folder, "stages", len(chains) * 3, lambda start, stop: {
        "chain": [name for name in chains for _ in STAGES], "name": list(STAGES) * len(chains), "position": [0, 1, 2] * len(chains)})
    rows = [(name, product, at, len(members)) for name, members in chains.items() for at, product in enumerate(members)]
    outlets = set(before.tolist())
    write(folder, "chain_products", len(rows), lambda start, stop: {
        "chain": [row[0] for row in rows[start:stop]],
        "product": words.take(pa.array([row[1] for row in rows[start:stop]])),
        "stage": [STAGES[3 * row[2] // row[3]] for row in rows[start:stop]],
        "position": [row[2] for row in rows[start:stop]], "terminal": [row[1] not in outlets for row in rows[start:stop]]})


def main(arguments: Iterator[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(list(arguments) if arguments else None)
    start = time.perf_counter()
    generate(given.size, given.folder, given.seed)
    print(f"{given.folder}：{time.perf_counter() - start:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
