"""The same data and questions on a Neo4j server: ``python bench/on_server.py S|M [--seed 1] [--heap 4g] [--pagecache 3g]``.

Starts a server, loads over Bolt, asks the gap questions of the server and of the file that ``bench/run.py`` made, side by side.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import answers
import generate

from chain import open_store, region
from chain.store import Store
from chain.tables import Tables

HERE = Path(__file__).resolve().parent
JAVA = "-XX:+UseParallelGC -XX:+UseTransparentHugePages -Xmn2600m"
"""How Java keeps its memory: a load makes many objects that live for one transaction, so most of the heap is for the young ones."""

WARM_UP = 10
"""How often all questions are asked before the clock runs."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=("S", "M"), nargs="?", default="S")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--heap", default="4g")
    parser.add_argument("--pagecache", default="3g")
    parser.add_argument("--java", default=JAVA)
    given = parser.parse_args()
    path = HERE / "out" / f"{given.size}-{given.seed}.lianpu"
    if not path.exists():
        sys.exit(f"没有 {path}。办法：先运行 python bench/run.py {given.size} --no-networkx")
    with (_script().Server(heap=given.heap, pagecache=given.pagecache, options=tuple(given.java.split())) as server,
          open_store(server.uri, user=server.user, password=server.password) as there, open_store(path) as here):
        tables, before = here.tables(), time.process_time()
        taken, worked = _loaded(there, tables), server.processor_seconds()
        print(f"| 载入（经 Bolt） | {taken:.0f} s | 处理器时间：客户端 {time.process_time() - before:.0f} s、服务器 {worked:.0f} s |", flush=True)
        _compare(questions(tables), here, there, given.runs)


def questions(tables: Tables) -> list[tuple[str, str]]:
    """Chain and place: the county and the province with most enterprises, each with the small and the large chain."""
    homes = tables.unsorted("enterprises")["region"].value_counts().sort_index()
    county = str(homes.idxmax())
    province = str(homes.groupby(homes.index.str[:2]).sum().idxmax()) + "0000"
    return [(chain, place) for chain in generate.CHAINS for place in (county, province)]


def _loaded(store: Store, tables: Tables) -> float:
    start, told = time.perf_counter(), [""]

    def progress(step: str, done: float) -> None:
        if step != told[0]:
            told[0] = step
            print(f"{time.perf_counter() - start:7.1f} s  {step}", file=sys.stderr, flush=True)

    store.write(tables, progress=progress)
    return time.perf_counter() - start


def _compare(asked: list[tuple[str, str]], here: Store, there: Store, runs: int) -> None:
    for chain, place in asked * WARM_UP:  # a server compiles what it is asked often
        answers.of_store(there, here.scope(chain), place)
    for chain, place in asked:
        scope = here.scope(chain)
        one, two = answers.of_store(here, scope, place), answers.of_store(there, scope, place)
        times = [_p50(lambda s=store, c=scope, p=place: answers.of_store(s, c, p), runs) for store in (here, there)]  # type: ignore[misc]
        print(f"| 缺口查询 p50：{region.full_name(place)} × {chain} | 文件 {times[0]:.0f} ms | 服务器 {times[1]:.0f} ms "
              f"| {'一致' if one == two else '不一致'} |", flush=True)


def _p50(work: Callable[[], Any], runs: int) -> float:
    """Median milliseconds of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("neo4j_server", HERE.parent / "scripts" / "neo4j_server.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["neo4j_server"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
