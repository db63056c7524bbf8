"""Every kind of drawing is byte for byte the one that was looked at last; ``scripts/renew_golden.py`` renews them."""

from __future__ import annotations

import hashlib

import pytest
from geometry import faults
from golden_pictures import DRAWINGS, FOLDER, FOR_PEOPLE, PICTURES


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_the_golden_one(name):
    svg = DRAWINGS[name]()
    assert svg == (FOLDER / f"{name}.svg").read_text(encoding="utf-8"), "run scripts/renew_golden.py and look"
    assert faults(svg) == []


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_the_picture_for_people_shows_the_golden_drawing(name):
    digest = hashlib.sha256((FOLDER / f"{name}.svg").read_bytes()).hexdigest()
    assert f"svg-sha256\0{digest}".encode() in (PICTURES / f"golden_{name}.png").read_bytes()[:200], "run scripts/renew_golden.py and look"


def test_there_is_no_golden_file_that_nothing_draws():
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(DRAWINGS)
