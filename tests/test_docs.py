"""What the documents show is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [path.relative_to(ROOT) for path in (
    *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("examples/**/*.md"))]


def test_outputs_and_picture_in_the_documents_are_current() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "refresh_docs.py", "--check"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"run scripts/refresh_docs.py: {done.stdout}{done.stderr}"


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert code
    lines = [["load", "out/shanxi.lianpu", str(ROOT / "examples/shanxi"), "--as-of", "2026-11-01"], ["link", "out/shanxi.lianpu"]]
    script = f"import os\nfrom chain.cli import cli\nos.makedirs('out')\nfor line in {lines!r}:\n    cli.main(line, standalone_mode=False)\n"
    done = subprocess.run([sys.executable, "-c", script + "\n".join(code)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
        assert (ROOT / page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_a_document_names_exists(page: Path) -> None:
    from chain.cli import cli

    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"(?:^|`|\$ |bin/)lianpu ([a-z][a-z-]*)\b", text, flags=re.MULTILINE):
        assert name in cli.list_commands(None), name
