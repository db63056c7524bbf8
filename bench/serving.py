"""Ten people at once on a running server: ``python bench/serving.py S|M [--people 10] [--seconds 60]``.

Starts ``lianpu serve`` on the store of ``bench/run.py`` (made if it is not there) and lets people work on it as they do on the page: each has
a chain and a place, looks at the map and the gaps, searches, goes from node to node, and thinks for a second or so in between. The first
answers after a load are told apart: they are worked out once for all who ask.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import generate

HERE = Path(__file__).resolve().parent
MARKS = {"搜索": 200, "相邻": 200, "缺口清单": 200, "图谱 SVG": 500}
"""p95 in ms that ten people should not have to wait longer for."""

CHAIN = next(iter(generate.CHAINS))
PLACES = ("130000", "370000", "410000")
THINKING = (0.5, 1.5)
"""Seconds between two questions of one person."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=("S", "M"), nargs="?", default="S")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--store", help="path or address of another store made from the same data")
    given = parser.parse_args()
    store = HERE / "out" / f"{given.size}-{given.seed}.lianpu"
    if not given.store and not store.exists():
        _make(store, given.size, given.seed)
    with serving(given.store or str(store)) as (port, process):
        first, before = _first(port), _busy(process)
        taken, faults = _work(port, given.people, given.seconds)
        count = max(1, sum(map(len, taken.values())))
        each, peak = (_busy(process) - before) * 1000 / count, _peak(process)
    print("\n".join(table(given.size, given.people, first, taken, faults)))
    print(f"每个请求的处理器时间 {each:.0f} ms（与机器上别的任务无关）；内存峰值 {peak:.0f} MB；负载 {os.getloadavg()[0]:.1f}")
    if faults:
        sys.exit(f"{len(faults)} 个请求没有得到答复：{faults[:3]}")


def _make(store: Path, size: str, seed: int) -> None:
    data = HERE / "data" / f"{size}-{seed}"
    if not data.exists():
        subprocess.run([sys.executable, str(HERE / "generate.py"), size, str(data), "--seed", str(seed)], check=True)
    store.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", "from chain.cli import main; main()", "load", str(store), str(data)], check=True, cwd=HERE.parent)


@contextmanager
def serving(store: str) -> Iterator[tuple[int, int]]:
    """A server on a free port; yields port and process id."""
    command = [sys.executable, "-u", "-c", "from chain.cli import main; main()", "serve", store, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=HERE.parent) as process:
        line = process.stdout.readline() if process.stdout else ""
        try:
            yield int(re.findall(r":(\d+)/", line)[0]), process.pid
        finally:
            process.terminate()


def _busy(process: int) -> float:
    """Seconds of processor time that a process has taken; where the system tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> float:
    """Peak memory of a process in MB; where the system tells."""
    try:
        told = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return float("nan")
    return int(re.findall(r"VmHWM:\s+(\d+)", told)[0]) * 1024 / 1e6


class Person:
    """One person at work: asks, looks at what comes, asks on."""

    def __init__(self, port: int, number: int) -> None:
        self.line = HTTPConnection("127.0.0.1", port, timeout=300)
        self.luck = random.Random(number)
        self.where = {"chain": CHAIN, "region": PLACES[number % len(PLACES)]}
        self.taken: dict[str, list[float]] = {}
        self.faults: list[str] = []
        self.at = ""

    def ask(self, kind: str, path: str, **values: object) -> Any:
        """The answer, and how long it took to come whole, in ms."""
        asked = f"/api/{path}?{urlencode(values)}"
        start = time.perf_counter()
        self.line.request("GET", asked, headers={"Accept-Encoding": "gzip"})
        answer = self.line.getresponse()
        content = answer.read()
        self.taken.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            self.faults.append(f"{answer.status} {asked}")
            return {}
        if answer.getheader("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return json.loads(content) if (answer.getheader("Content-Type") or "").startswith("application/json") else content

    def turn(self) -> None:
        """One step of the work: mostly looking around, now and then a list or the map."""
        (self._search, self._near, self._near, self._near, self._gaps, self._map)[self.luck.randrange(6)]()

    def _chain(self) -> str:
        return f"chains/{quote(CHAIN, safe='')}"

    def _search(self) -> None:
        words = "科技 机械 材料 电子 装备 新材 重工 能源 化工 钢 电池 dj gs xcl 山西 河北 第一 华 金 光".split()
        text = self.luck.choice(words) + self.luck.choice(["", "", "有", "公"])
        hits = self.ask("搜索", "search", **self.where, q=text).get("hits", [])
        self.at = self.luck.choice(hits)["id"] if hits else self.at

    def _near(self) -> None:
        if not self.at:
            return self._search()
        rows = self.ask("相邻", f"nodes/{quote(self.at, safe='')}/neighbors", **self.where, limit=36).get("rows", []) if self._here() else []
        self.at = self.luck.choice(rows)["id"] if rows else ""
        return None

    def _here(self) -> bool:
        """Products of other chains are not on the page of this one."""
        return self.at.startswith("e:") or self.at.removeprefix("p:") in self.known

    known: frozenset[str] = frozenset()

    def _gaps(self) -> None:
        sort, offset = self.luck.choice(["", "score", "outside"]), self.luck.choice([0, 50])
        self.ask("缺口清单", f"{self._chain()}/gaps", region=self.where["region"], sort=sort, offset=offset)

    def _map(self) -> None:
        self.ask("图谱 SVG", f"{self._chain()}/map.svg", region=self.where["region"])


def _first(port: int) -> dict[str, float]:
    """How long the very first visitor of a place waits, in ms, by what he asks."""
    one = Person(port, 0)
    one.ask("第一次：首页资料", "meta")
    one.ask("第一次：一条链在一个地区", one._chain(), region=PLACES[0])
    one.ask("第一次：图谱 SVG", f"{one._chain()}/map.svg", region=PLACES[0])
    told = one.ask("一条链，已答过", one._chain(), region=PLACES[0])
    Person.known = frozenset(each["id"].removeprefix("p:") for each in told["products"])
    for place in PLACES[1:]:
        Person(port, 0).ask("", one._chain(), region=place)
    for number in range(len(PLACES)):
        other = Person(port, number)
        other.ask("第一次：搜索", "search", **other.where, q="钢铁")
        other.ask("第一次：相邻", f"nodes/{quote(told['products'][0]['id'], safe='')}/neighbors", **other.where)
        for kind in ("第一次：搜索", "第一次：相邻"):
            one.taken.setdefault(kind, []).extend(other.taken[kind])
    return {kind: max(taken) for kind, taken in one.taken.items()}


def _work(port: int, count: int, seconds: float) -> tuple[dict[str, list[float]], list[str]]:
    people = [Person(port, number) for number in range(count)]
    end = time.monotonic() + seconds

    def day(person: Person) -> None:
        while time.monotonic() < end:
            person.turn()
            time.sleep(person.luck.uniform(*THINKING))

    threads = [threading.Thread(target=day, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = {kind for person in people for kind in person.taken}
    taken = {kind: [each for person in people for each in person.taken.get(kind, ())] for kind in sorted(kinds)}
    return taken, [fault for person in people for fault in person.faults]


def table(size: str, people: int, first: dict[str, float], taken: dict[str, list[float]], faults: list[str]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [f"规模 {size}，{people} 人同时", "", "| 请求 | 次数 | p50 | p95 | 最长 | 标线 p95 |", "|---|---:|---:|---:|---:|---|"]
    for kind in MARKS:
        times = sorted(taken.get(kind, ()))
        if len(times) < 20:
            lines.append(f"| {kind} | {len(times)} | | | | 次数太少 |")
            continue
        p95 = statistics.quantiles(times, n=20)[-1]
        mark = f"≤{MARKS[kind]} ms {'✓' if p95 <= MARKS[kind] else '✗'}"
        lines.append(f"| {kind} | {len(times)} | {statistics.median(times):.0f} ms | {p95:.0f} ms | {times[-1]:.0f} ms | {mark} |")
    lines += [f"| {kind} | 1 | {time_taken:.0f} ms | | | |" for kind, time_taken in first.items()]
    return [*lines, f"没有得到答复的：{len(faults)}"]


if __name__ == "__main__":
    main()
