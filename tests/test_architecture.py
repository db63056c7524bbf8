"""The house rules that a machine can hold: who imports whom, how long a file gets, what is documented."""

from __future__ import annotations

import ast
import configparser
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("chain", "loaders", "queries", "viz")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
ALL_FILES = sorted([*FILES, *(path for folder in ("tests", "bench", "scripts") for path in (ROOT / folder).rglob("*.py"))])

ORDER = [
    {"errors"},
    {"schema", "region", "identity", "locking", "counting", "reach"},
    {"tables"},
    {"definition"},
    {"chainfile", "atlas", "likeness"},
    {"lint"},
    {"store"},
    {"databases", "dealings", "moments", "packing", "placing", "resolving"},
    {"building"},
    {"writing"},
    {"server_model", "server_link"},
    {"server_state", "server_frames", "server_batches"},
    {"server_lanes"},
    {"server_write"},
    {"embedded", "server"},
    {"exports"},
    {"cli"},
]
"""Modules of ``chain`` from the bottom up; a module imports only from the rows above its own. ``chain`` itself stands outside."""

KEPT_TO = {
    "duckdb": {"chain/embedded.py"},
    "neo4j": {"chain/server_link.py"},
    "click": {"chain/cli/"},
}
"""Library to the files or folders that may import it."""

HEAVY = ("pandas", "numpy", "duckdb", "networkx", "neo4j", "pyvis", "pyarrow", "scipy")
LONGEST = 400


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names that a file imports, with their lines; ``from a import b`` counts as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}:{node.lineno} imports relatively"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def rank(module: str) -> int:
    for at, names in enumerate(ORDER):
        if module in names:
            return at
    raise AssertionError(f"chain.{module} has no place in ORDER of test_architecture.py; give it one")


def test_rooms_import_chain_and_never_each_other() -> None:
    strangers = [
        f"{named(path)}:{line} imports {name}"
        for path in FILES
        for name, line in imports(path)
        if name.partition(".")[0] in ROOMS and name.partition(".")[0] not in ("chain", room(path))
        and not named(path).startswith("chain/cli/")
    ]
    assert strangers == []


def test_chain_is_built_from_the_bottom_up() -> None:
    wrong = []
    for path in FILES:
        module = path.relative_to(ROOT).with_suffix("").parts
        if module[0] != "chain" or module[1] == "__init__":
            continue
        for name, line in imports(path):
            head, _, rest = name.partition(".")
            below = rest.partition(".")[0]
            if head != "chain" or not ((ROOT / "chain" / f"{below}.py").exists() or (ROOT / "chain" / below).is_dir()):
                continue
            if rank(below) >= rank(module[1]) and below != module[1]:
                wrong.append(f"{named(path)}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("library", sorted(KEPT_TO))
def test_library_is_imported_in_its_own_place_only(library: str) -> None:
    users = {named(path) for path in FILES if any(name.partition(".")[0] == library for name, _ in imports(path))}
    assert {user for user in users if not any(user == place or (place.endswith("/") and user.startswith(place))
                                              for place in KEPT_TO[library])} == set()


def test_pyvis_is_imported_in_at_most_one_file_of_viz() -> None:
    users = [named(path) for path in FILES if any(name.partition(".")[0] == "pyvis" for name, _ in imports(path))]
    assert len(users) <= 1
    assert all(user.startswith("viz/") for user in users)


def test_every_library_that_the_product_imports_is_installed_with_it() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    required = {plain(re.split("[<>=~!; ]", line)[0]) for line in setup["options"]["install_requires"].split("\n") if line}
    bringing = packages_distributions()
    strangers = [
        f"{named(path)}:{line} imports {name}"
        for path in FILES
        for name, line in imports(path)
        if (top := name.partition(".")[0]) not in {*ROOMS, *sys.stdlib_module_names}
        and not required & {plain(each) for each in bringing.get(top, ())}
    ]
    assert strangers == []


def plain(distribution: str) -> str:
    return re.sub("[-_.]+", "-", distribution).lower()


@pytest.mark.parametrize("path", ALL_FILES, ids=named)
def test_file_is_no_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public definitions of a module, and those of its public classes."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not part.name.startswith("_"):
            yield part
            if isinstance(part, ast.ClassDef):
                yield from public(part)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_module_and_its_public_names_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [f"{named(path)}:{part.lineno} {part.name}" for part in public(tree) if not ast.get_docstring(part)]
    assert ast.get_docstring(tree), f"{named(path)} says nothing of what it is for"
    assert bare == []


@pytest.mark.parametrize("module", ["chain", "chain.cli"])
def test_importing_the_command_line_loads_nothing_heavy(module: str) -> None:
    if module == "chain.cli" and not (ROOT / "chain" / "cli" / "__init__.py").exists():
        pytest.skip("there is no command line yet")
    asked = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert [name for name in json.loads(answer.stdout) if name in HEAVY] == []


def test_a_stranger_under_one_of_our_package_names_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "__init__.py").write_text("", encoding="utf-8")
    asked = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import chain"
    answer = subprocess.run([sys.executable, "-X", "utf8", "-c", asked], cwd=tmp_path, capture_output=True, text=True,
                            encoding="utf-8", check=False)
    assert answer.returncode == 1
    assert f"找到的是 {tmp_path / 'queries'}" in answer.stderr
    assert "虚拟环境" in answer.stderr
