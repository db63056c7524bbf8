"""One table from one run: ``python bench/run.py S|M|L [--seed 1] [--runs 20] [--no-networkx]``.

Every step runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import answers
import generate

from chain import open_store, region, schema

HERE = Path(__file__).resolve().parent
MARKS = {"load": 6.0, "store": 200.0, "gap": 60.0}
"""What size M should stay within: load as a multiple of parsing, store in MB, p50 of a gap query in ms."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=generate.SIZES, nargs="?", default="S")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--no-networkx", action="store_true")
    parser.add_argument("--step", choices=STEPS)
    given = parser.parse_args()
    data = HERE / "data" / f"{given.size}-{given.seed}"
    store = HERE / "out" / f"{given.size}-{given.seed}.lianpu"
    if given.step:
        print(json.dumps(STEPS[given.step](data, store, given.runs) | {"peak": _peak()}, ensure_ascii=False))
        return
    _prepare(data, given.size, given.seed)
    names = [name for name in STEPS if name != "networkx" or not given.no_networkx]
    found = {name: _child(name, given) for name in names}
    print("\n".join(_table(given.size, found, store)))
    if wrong := [name for name in ("ask", "networkx") if name in found and found[name]["answers"] != found["judge"]["answers"]]:
        sys.exit(f"答案与集合对照不符：{'、'.join(wrong)}")


def _prepare(data: Path, size: str, seed: int) -> None:
    """Generate the data unless it is there already, made by this generator for this schema."""
    stamp = data.with_suffix(".stamp")  # beside the folder, all of which is loaded
    made_by = "".join((HERE / name).read_text(encoding="utf-8") for name in ("generate.py", "names.py"))
    wanted = str([table.names for table in schema.tables().values()]) + made_by
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"生成数据 {data}", file=sys.stderr)
        # in a process of its own: on Linux a child's peak counts what its parent held when it was born
        subprocess.run([sys.executable, str(HERE / "generate.py"), size, str(data), "--seed", str(seed)], check=True)
        stamp.write_text(wanted, encoding="utf-8")


def _child(step: str, given: argparse.Namespace) -> dict[str, Any]:
    print(f"{step} …", file=sys.stderr)
    command = [sys.executable, str(Path(__file__)), given.size, "--seed", str(given.seed), "--runs", str(given.runs), "--step", step]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{step} 失败：\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _peak() -> float:
    """Peak memory of this process in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the wall, seconds of all processors, and what came out."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def _files(data: Path) -> list[Path]:
    return sorted(data.glob("*.csv"))


# -- steps


def parse(data: Path, store: Path, runs: int) -> dict[str, Any]:
    """DuckDB reads every value of every file and keeps none."""
    import duckdb

    from chain.packing import sql_type

    def work() -> None:
        con = duckdb.connect()
        for file in _files(data):
            columns = schema.table(file.stem).columns
            types = ", ".join(f"'{column.name}': '{sql_type(column)}'" for column in columns)
            counts = ", ".join(f'count("{column.name}")' for column in columns)
            con.execute(f"SELECT {counts} FROM read_csv('{file}', columns={{{types}}}, header=true, auto_detect=false, "
                        "delim=',', quote='\"', escape='\"')").fetchall()

    _timed(work)  # once to warm the file cache, for all steps that follow
    wall, cpu, _ = _timed(work)
    return {"wall": wall, "cpu": cpu, "bytes": sum(file.stat().st_size for file in _files(data))}


def load(data: Path, store: Path, runs: int) -> dict[str, Any]:
    """The same files through the loaders into a new store.

    Like the parse it is held against, it has its modules imported and the files in the system's cache when the clock starts.
    """
    import pyarrow.csv  # noqa: F401 — a load imports it when it needs it

    import loaders.load
    from chain.embedded import EmbeddedStore

    store.parent.mkdir(parents=True, exist_ok=True)
    store.unlink(missing_ok=True)
    read_wall, read_cpu, loaded = _timed(lambda: loaders.read([data]).tables)
    with EmbeddedStore(store) as target:
        wall, cpu, _ = _timed(lambda: target.write(loaded))
    return {"wall": read_wall + wall, "cpu": read_cpu + cpu, "read": read_wall, "read_cpu": read_cpu, "bytes": store.stat().st_size}


def ask(data: Path, store: Path, runs: int) -> dict[str, Any]:
    """The gap questions asked of the store."""
    opened = open_store(store)
    found: dict[str, Any] = {"answers": [], "p50": [], "standing": []}
    for chain, place in questions(data):
        scope = opened.scope(chain)
        found["answers"].append(_sorted(answers.of_store(opened, scope, place)))
        found["p50"].append(_p50(lambda s=scope, p=place: answers.of_store(opened, s, p), runs))  # type: ignore[misc]
        assert answers.of_standing(opened, chain, place) == dict(found["answers"][-1]), "standing 与 coverage、demand 不一致"
        found["standing"].append(_p50(lambda c=chain, p=place: answers.of_standing(opened, c, p), max(3, runs // 5)))  # type: ignore[misc]
    return found


def networkx(data: Path, store: Path, runs: int) -> dict[str, Any]:
    """The gap questions asked of a graph in memory."""
    wall, _, graph = _timed(lambda: answers.OfNetworkx(data, generate.AS_OF))
    found: dict[str, Any] = {"answers": [], "p50": [], "build": wall}
    for chain, place in questions(data):
        products = members(data, chain)
        found["answers"].append(_sorted(graph.answer(products, place)))
        found["p50"].append(_p50(lambda m=products, p=place: graph.answer(m, p), max(3, runs // 4)))  # type: ignore[misc]
    return found


def judge(data: Path, store: Path, runs: int) -> dict[str, Any]:
    """The right answers, by plain sets."""
    return {"answers": [
        _sorted(answer) for chain, place in questions(data)
        for answer in answers.of_sets(data, members(data, chain), [place], generate.AS_OF)]}


STEPS: dict[str, Callable[[Path, Path, int], dict[str, Any]]] = {
    "parse": parse, "load": load, "ask": ask, "networkx": networkx, "judge": judge,
}


def questions(data: Path) -> list[tuple[str, str]]:
    """Chain and place: the largest county for the small chain, the largest province for the large one."""
    homes = Counter(row["region"] for row in answers.rows(data, "enterprises"))
    provinces = Counter({code + "0000": 0 for code in sorted({home[:2] for home in homes})})
    for home, count in homes.items():
        provinces[home[:2] + "0000"] += count
    small, large = generate.CHAINS
    return [(small, max(sorted(homes), key=homes.__getitem__)), (large, max(sorted(provinces), key=provinces.__getitem__))]


def members(data: Path, chain: str) -> list[str]:
    """Products of a chain."""
    return [row["product"] for row in answers.rows(data, "chain_products") if row["chain"] == chain]


def _sorted(answer: answers.Answer) -> list[list[Any]]:
    return [[product, int(answer[product])] for product in sorted(answer)]


def _p50(work: Callable[[], Any], runs: int) -> float:
    """Median milliseconds."""
    return statistics.median(_timed(work)[0] for _ in range(runs)) * 1000


# -- the table


def _table(size: str, found: dict[str, dict[str, Any]], store: Path) -> list[str]:
    parsed, loaded, asked, beside = found["parse"], found["load"], found["ask"], found.get("networkx")
    times, busy = loaded["wall"] / parsed["wall"], loaded["cpu"] / parsed["cpu"]

    def mark(name: str, value: float) -> str:
        return "" if size != "M" else f"≤{MARKS[name]:g} {'✓' if value <= MARKS[name] else '✗'}"

    count = generate.SIZES[size]
    lines = [
        f"规模 {size}：企业 {count.enterprises:,}，产品 {count.products:,}，MAKES {count.makes:,}，SUPPLIES {count.supplies:,}，"
        f"CSV {parsed['bytes'] / 1e6:.0f} MB", "",
        "| 项目 | 链谱 | 对照 | 标线 |", "|---|---:|---:|---|",
        f"| 载入 CSV（读 {loaded['read']:.1f} s ＋ 写） | {loaded['wall']:.1f} s | DuckDB 只解析 {parsed['wall']:.1f} s | |",
        f"| 载入 ÷ 解析（时钟） | {times:.1f} 倍 | | {mark('load', times)} |",
        f"| 载入 ÷ 解析（处理器时间） | {busy:.1f} 倍 | {loaded['cpu']:.1f} ÷ {parsed['cpu']:.1f} s | |",
        f"| 图谱文件 | {loaded['bytes'] / 1e6:.0f} MB | CSV {parsed['bytes'] / 1e6:.0f} MB | {mark('store', loaded['bytes'] / 1e6)} |",
        f"| 载入内存峰值 | {loaded['peak']:.0f} MB | {_beside(beside, 'networkx 建图', 'peak', 'MB')} | |",
        f"| 查询内存峰值 | {asked['peak']:.0f} MB | {_beside(beside, 'networkx 建图用时', 'build', 's')} | |",
    ]
    for at, (chain, place) in enumerate(questions(store.parent.parent / "data" / store.stem)):
        rival = f"networkx {beside['p50'][at]:.1f} ms" if beside else "未测"
        name = f"{region.full_name(place)} × {chain}（{len(asked['answers'][at])} 处有本地需求的缺失）"
        lines.append(f"| 缺口查询 p50：{name} | {asked['p50'][at]:.1f} ms | {rival} | {mark('gap', asked['p50'][at])} |")
        lines.append(f"| 同上，完整评估 standing | {asked['standing'][at]:.1f} ms | | |")
    right = all(found[name]["answers"] == found["judge"]["answers"] for name in ("ask", "networkx") if name in found)
    lines.append(f"| 答案与纯集合对照 | {'一致' if right else '不一致'} | | |")
    return lines


def _beside(beside: dict[str, Any] | None, name: str, key: str, unit: str) -> str:
    return f"{name} {beside[key]:.0f} {unit}" if beside else "未测"


if __name__ == "__main__":
    main()
