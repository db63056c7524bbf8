"""The built-in chains together: nothing that the lint finds is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain import chainfile
from chain.cli.linting import industry_codes, linked
from chain.lint import lint

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LISTED, CLASSES = SHARED / "listed_companies.csv", SHARED / "gbt4754_2017" / "industries.csv"


def test_the_built_in_chains_leave_nothing_open() -> None:
    assert [str(finding) for finding in lint([chainfile.read(name) for name in chainfile.library()])] == []


@pytest.mark.skipif(not LISTED.exists(), reason=f"{LISTED.name} is not here")
def test_every_product_has_a_listed_maker_or_a_judgement_why_not() -> None:
    chains = [chainfile.read(name) for name in chainfile.library()]
    assert [str(finding) for finding in lint(chains, links=linked(chains, [str(LISTED)]))] == []


@pytest.mark.skipif(not CLASSES.exists(), reason=f"{CLASSES.name} is not here")
def test_every_industry_class_exists() -> None:
    chains = [chainfile.read(name) for name in chainfile.library()]
    assert [str(finding) for finding in lint(chains, classes=industry_codes(str(CLASSES)))] == []
