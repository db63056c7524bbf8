"""The golden drawings: what they show, and their SVG. ``scripts/renew_golden.py`` writes them; a test compares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from map_sheets import made_up, of_chain

from chain import chainfile
from viz.flowpage import draw_flow
from viz.paging import draw_pages
from viz.plainmap import draw_chain

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "golden"
PICTURES = ROOT / "docs" / "pictures"


def _page(count: int, paper: str, at: int = 0) -> str:
    return draw_pages(made_up(count), paper=paper)[at].svg


DRAWINGS: dict[str, Callable[[], str]] = {
    "map_five_links": lambda: _page(5, "A3"),
    "map_full": lambda: draw_pages(of_chain(chainfile.read("光伏")))[0].svg,
    "map_compact": lambda: _page(150, "A3"),
    "map_chip": lambda: _page(230, "A3"),
    "map_overview": lambda: _page(600, "A3"),
    "map_part_of_a_stage": lambda: _page(600, "A3", 2),
    "flow": lambda: draw_flow(of_chain(chainfile.read("光伏"))),
    "chain_alone": lambda: draw_chain(chainfile.read("氢能")),
}
"""Name of a golden file to what draws it."""

FOR_PEOPLE = ("map_full", "map_compact", "map_overview", "flow")
"""Those of which ``docs/pictures`` has a PNG to look at."""
