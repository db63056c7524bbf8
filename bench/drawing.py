"""How long a map takes: ``python bench/drawing.py [50 150 300 600] [--paper A2]``.

Made-up chains, seeded; layout of one page, all pages with their SVG, and the PDF, each the best of three.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

MARK = 0.7
"""Seconds that the layout of 600 products may take."""


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time of the quickest of three runs, and what it gave."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        found = work()
        runs.append(time.process_time() - start)
    return min(runs), found


def row(count: int, paper: str) -> str:
    """One line of the table."""
    from map_sheets import made_up  # type: ignore[import-not-found]

    from viz.chainmap import draw_map
    from viz.frame import frame_of
    from viz.paging import draw_pages, lay_out
    from viz.press import to_pdf

    sheet = made_up(count)
    lanes = sheet.lanes
    one, svg = best(lambda: draw_map(sheet, paper=paper))
    layout, parts = best(lambda: lay_out(lanes, frame_of(paper)))
    drawn, pages = best(lambda: draw_pages(sheet, paper=paper, parts=parts))
    printed, pdf = best(lambda: to_pdf(pages, "图"))
    form = svg.split('data-form="')[1].split('"')[0]
    return (f"| {count} | {paper} | {form} | {one:.2f} s | {len(parts)} | {layout:.2f} s | {drawn:.2f} s | "
            f"{printed:.2f} s | {len(pdf) / 1000:.0f} kB |")


def main() -> None:
    """The command; exit code 1 if the mark is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("counts", nargs="*", type=int, default=[50, 150, 300, 600])
    parser.add_argument("--paper", nargs="*", default=["A3", "A2", "A1"])
    given = parser.parse_args()
    print("| 环节 | 纸张 | 首页形式 | 一页图（排版和绘制） | 页数 | 全部页排版 | 全部页绘制 | PDF | 大小 |")
    print("|---:|---|---|---:|---:|---:|---:|---:|---:|")
    rows = [row(count, paper) for count in given.counts for paper in given.paper]
    print("\n".join(rows))
    if any(float(line.split("|")[6].split()[0]) > MARK for line in rows):
        raise SystemExit(f"排版超过 {MARK} s")


if __name__ == "__main__":
    main()
