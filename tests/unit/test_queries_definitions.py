"""The worked example of docs/definitions.md: what it says of its own numbers comes out of the code."""

from __future__ import annotations

from itertools import dropwhile, takewhile
from pathlib import Path

import pandas as pd
import pytest
from queries_graphs import TAIYUAN, Rows, graph, stored, told

from chain.embedded import EmbeddedStore
from queries.gaps import gaps
from queries.indicators import indicators
from queries.rules import Rules, parameters
from queries.standing import standing
from queries.targets import targets

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")


def table(title: str) -> list[tuple[str, ...]]:
    """Rows of the table under a title of the page, without its head."""
    lines = PAGE.split(f"**{title}**", 1)[1].split("\n")
    body = takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), lines))
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in list(body)[2:]]


def example() -> Rows:
    criticality = {product: {"criticality": int(number)} for product, number in table("产品") if number}
    makes = {firm: {product: {"output": float(output) if output else None} for product in made.split("、")}
             for firm, _, made, output in table("企业")}
    return graph(
        " ".join(product for product, _ in table("产品")), " ".join(f"{one}→{other}" for one, other, _ in table("投入")),
        arc={(one, other): {"coefficient": float(number)} for one, other, number in table("投入")}, about=criticality,
        upgrades={"钢→特钢": ""}, firms={firm: region for firm, region, _, _ in table("企业")}, makes=makes, supplies=[("丙", "甲")])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    return stored(tmp_path_factory.mktemp("example"), example())


def shown(frame: pd.DataFrame, columns: str) -> list[tuple[str, ...]]:
    """Rows as the page prints them: two places for figures, nothing for what is not known."""
    return [tuple("" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value) for value in row)
            for row in told(frame, columns)]


def test_links(store: EmbeddedStore) -> None:
    found = standing(store, "链", TAIYUAN).products
    assert shown(found, "product makers national buyers lq hhi supply_ratio label") == table("环节")


def test_gap_list(store: EmbeddedStore) -> None:
    assert shown(gaps(store, "链", TAIYUAN), "rank product action kind need nearest outside score") == table("缺口")


def test_targets(store: EmbeddedStore) -> None:
    found = targets(store, "链", TAIYUAN, products=["煤"])
    assert shown(found, "rank enterprise term_ties term_closeness term_breadth score") == table("招商目标")


def test_figures(store: EmbeddedStore) -> None:
    found = dict(shown(indicators(store, "链", TAIYUAN), "indicator value"))
    assert [(name, found[name]) for name, _ in table("指标")] == table("指标")


def test_every_parameter_is_listed_with_its_default() -> None:
    section = PAGE.split("## 8. 参数", 1)[1]
    for name, value in parameters(Rules()).items():
        line = next(line for line in section.splitlines() if name in line)
        assert value is None or isinstance(value, tuple) or f"{value:g}" in line
