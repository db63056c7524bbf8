"""What the web application asks for, whoever answers: plain values ready for JSON, or an error of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Plain = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One chain in one place on one day; an empty day is the date of the data."""

    chain: str
    region: str
    as_of: str = ""


@dataclass(frozen=True)
class Page:
    """Which part of a long list."""

    offset: int = 0
    limit: int = 50


class Desk(Protocol):
    """Answers from one state of the data each: never half of a load. Called from several threads."""

    def version(self) -> str:
        """A word that changes when the data changes."""

    def meta(self) -> Plain:
        """Program, data date, chains, a place to begin with, limits, statuses."""

    def chains(self) -> list[Plain]:
        """The chains: id, name, asOf, products."""

    def regions(self, parent: str, text: str) -> list[Plain]:
        """Regions and parks by name, or the regions right below one: code, name, full, level."""

    def chain(self, asked: Asked) -> Plain:
        """Everything about a chain in a place, see `viz.explorer.contents`, with its indicators."""

    def map_svg(self, asked: Asked, paper: str) -> str:
        """The chain map as SVG."""

    def map_print(self, asked: Asked, paper: str, form: str, ppi: int) -> bytes:
        """The chain map as PDF, or its first page as PNG of so many points an inch."""

    def gaps(self, asked: Asked) -> list[Plain]:
        """The gap list."""

    def search(self, asked: Asked, text: str, kind: str, limit: int) -> Plain:
        """Products and enterprises by name or pinyin initials; near names where nothing fits."""

    def node(self, asked: Asked, node: str) -> Plain:
        """One product or enterprise with its facts and evidence."""

    def neighbours(self, asked: Asked, node: str, relation: str, page: Page) -> Plain:
        """What stands beside a node, most needed first, with totals by relation."""

    def path(self, asked: Asked, start: str, end: str, directed: bool | None) -> Plain:
        """Ways between two nodes."""

    def subgraph(self, asked: Asked, ids: list[str]) -> Plain:
        """The named nodes and the edges among them."""

    def whatif(self, asked: Asked, scenario: Plain) -> Plain:
        """What a scenario changes."""

    def explain(self, asked: Asked, reference: str) -> list[Plain]:
        """Evidence of a gap, target or enterprise."""

    def export(self, asked: Asked, form: str, ids: list[str]) -> tuple[str, bytes]:
        """Name and content of a file with the chosen gaps and their targets; all gaps where none is chosen."""

    def scenarios(self) -> list[Plain]:
        """Saved scenarios: id, name, chain, region, scenario."""

    def save_scenario(self, scenario: Plain) -> Plain:
        """Keep a scenario under its name; one of the same name, chain and place is replaced."""

    def drop_scenario(self, scenario: str) -> None:
        """Forget a saved scenario."""

    def save_view(self, state: str) -> str:
        """A short id for a long state."""

    def view(self, view: str) -> str:
        """The state behind a short id."""
