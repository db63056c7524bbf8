"""The command line as a user meets it: run through its entry point, on the example or on small files."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from commands import ROOT, Lianpu, Ran

from chain import cli


@pytest.fixture
def lianpu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lianpu:
    """Run ``lianpu`` with arguments, in this process, through its entry point."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lianpu", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped example, loaded and linked once."""
    store = tmp_path_factory.mktemp("example") / "shanxi.lianpu"
    for arguments in (["load", store, ROOT / "examples" / "shanxi", "--as-of", "2026-11-01"], ["link", store]):
        sys.argv = ["lianpu", *map(str, arguments)]
        try:
            cli.main()
        except SystemExit as stop:
            assert not stop.code
    return store


@pytest.fixture
def shanxi(example: Path, tmp_path: Path) -> Path:
    """A copy of the example's store that a test may change."""
    return Path(shutil.copy(example, tmp_path / "shanxi.lianpu"))
