"""The links are as good as the hand-judged pairs say; the figures must not fall."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from chain import chainfile
from chain.cli import cli
from chain.definition import to_tables
from chain.tables import combine
from loaders import read
from loaders.linking import link
from loaders.linking_check import evaluate

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "data" / "link_labels.csv"
DOCUMENT = ROOT / "docs" / "linking.md"
LISTED = ROOT.parent / "shared" / "data" / "listed_companies.csv"

needs_list = pytest.mark.skipif(not LISTED.exists(), reason=f"the labels are of the listed companies in {LISTED.name}, which is not here")


def judged() -> pd.DataFrame:
    return pd.read_csv(LABELS, dtype="str", encoding="utf-8")


@cache
def figures() -> pd.DataFrame:
    known = combine(to_tables(chainfile.read(name)) for name in chainfile.library())
    return evaluate(judged(), link(read([LISTED]).tables["enterprises"], known["products"], known["chain_products"]))


def test_pairs_of_every_state_are_judged_for_every_chain() -> None:
    labels = judged()
    drawn = labels.groupby(["chain", "state"]).size().unstack()
    assert set(drawn.index) == set(chainfile.library())
    assert drawn["confirmed"].min() >= 20 and drawn["review"].min() >= 20
    assert labels.groupby("chain").size().min() >= 77  # a chain may have fewer than 20 rejected links in all
    assert labels["verdict"].notna().sum() >= 1100


@needs_list
def test_confirmed_links_are_right_and_true_links_are_found() -> None:
    whole = figures()[figures()["by"] == "all"].set_index("measure")["value"]
    assert whole["precision"] >= 0.985
    assert whole["recall"] >= 0.79
    assert whole["reach"] >= 0.92


@needs_list
def test_with_supply_relations_four_in_five_true_links_are_found(tmp_path: Path) -> None:
    answer = tmp_path / "检验.csv"
    files = [LABELS, "--data", LISTED, "--data", LISTED.parent / "supply_relations" / "edges.csv", "-o", answer]
    done = CliRunner().invoke(cli, ["eval-links", *map(str, files)])
    assert done.exit_code == 0, done.output
    found = pd.read_csv(answer, encoding="utf-8-sig")
    whole = found[found["by"] == "all"].set_index("measure")["value"]
    assert whole["precision"] >= 0.98
    assert whole["recall"] >= 0.80


@needs_list
def test_no_chain_is_worse_than_it_was() -> None:
    by_chain = figures()[figures()["by"] == "chain"].pivot(index="group", columns="measure", values="value")
    assert by_chain["precision"].min() >= 0.93
    assert by_chain["recall"].min() >= 0.66
    assert by_chain["reach"].min() >= 0.75


@needs_list
def test_the_document_states_the_figures_as_they_are() -> None:
    shown = figures()[figures()["by"].isin(["all", "chain"])]
    document = DOCUMENT.read_text(encoding="utf-8")
    for group, rows in shown.groupby("group"):
        precision, recall, reach = (rows.set_index("measure").loc[name] for name in ("precision", "recall", "reach"))
        cells = [f"{row['value']:.2f}（{row['low']:.2f}–{row['high']:.2f}）" for row in (precision, recall, reach)]
        line = f"| {group} | {precision['labels']} | {cells[0]} | {recall['labels']} | {cells[1]} | {cells[2]} |"
        assert line in document, f"docs/linking.md 应有：{line}"
