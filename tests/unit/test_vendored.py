"""What others wrote and we ship: named with version, licence and checksum, and nothing else."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import viz

VENDOR = Path(str(viz.__file__)).with_name("vendor")


def listed() -> list[dict[str, str]]:
    with (VENDOR / "vendored.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_what_the_list_says() -> None:
    assert {row["file"]: hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() for row in listed()} == {
        row["file"]: row["sha256"] for row in listed()}


def test_every_file_comes_with_its_licence_and_nothing_lies_beside() -> None:
    named = {name for row in listed() for name in (row["file"], row["licence_file"])}
    assert {path.name for path in VENDOR.iterdir()} == {*named, "vendored.csv"}
    assert all(row["licence"] and row["version"] and row["from"] for row in listed())


def test_pages_name_no_address_outside() -> None:
    room = VENDOR.parent
    pages = [*sorted((room / "web" / "page").iterdir()), *sorted((room / "templates").iterdir())]
    assert [path.name for path in pages if "://" in path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")] == []
