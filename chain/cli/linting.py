"""What ``chains lint`` needs from outside the chains: the files, a table of classes, and who links to what."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chain.cli import common
from chain.errors import DefinitionError, InputError

if TYPE_CHECKING:
    from chain.definition import Chain
    from chain.lint import Finding

CODE = "full_code"
"""Column of a table of classes that holds letter and number of a class, such as C3140."""


def gather(names: Sequence[str], read: Callable[[str], Chain]) -> tuple[list[Chain], list[Finding], frozenset[str] | None]:
    """All built-in chains with the named ones among them, what could not be read, and which to report on (None: all).

    A named file takes the place of the built-in chain of the same name.

    Raises
    ------
    LianpuError
        If a named chain can't be read; a built-in one that can't is a finding, so that the others are still judged.
    """
    from chain import chainfile
    from chain.lint import ERROR, Finding

    chains, broken = {}, []
    for name in chainfile.library():
        try:
            chains[name] = chainfile.read(name)
        except DefinitionError as error:
            broken.append(Finding(ERROR, name, "", 1, f"{error.what}（{error.where}）", error.way_out, frozenset({name})))
    named = [read(name) for name in names if name not in {finding.chain for finding in broken}]
    about = frozenset({chain.name for chain in named} | set(names) & {finding.chain for finding in broken}) if names else None
    chains |= {chain.name: chain for chain in named}
    return list(chains.values()), [finding for finding in broken if about is None or finding.chain in about], about


def industry_codes(path: str) -> frozenset[str]:
    """Codes of a table of industry classes.

    Raises
    ------
    InputError
        If the file can't be read or has no column of codes.
    """
    try:
        with open(Path(path), encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            found = frozenset(row[CODE] for row in rows if row.get(CODE)) if CODE in (rows.fieldnames or ()) else frozenset()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"读不了行业分类表：{error}", where=path, way_out="给出 UTF-8 编码的 CSV 文件") from error
    if not found:
        raise InputError(f"行业分类表没有 {CODE} 这一列，或这一列是空的", where=path, way_out="这一列写门类字母加数字，如 C3140")
    return found


def linked(chains: Sequence[Chain], files: Sequence[str]) -> Mapping[str, int]:
    """Number of enterprises of the files that link to each product, confirmed or to be reviewed; 0 where none does.

    Products of a chain with errors are left out: nothing is known of them.
    """
    from chain.definition import problems, to_tables
    from chain.tables import combine
    from loaders import read
    from loaders.linking import link

    sound = [chain for chain in chains if all(problem.severity != "error" for problem in problems(chain))]
    products = combine(to_tables(chain) for chain in sound)["products"]
    with common.progress_bar("关联") as progress:
        makes = link(read(list(files)).tables["enterprises"], products, progress=progress)
    speaking = makes[makes["state"] != "rejected"]
    counts = speaking.groupby("product")["enterprise"].nunique()
    return {str(name): int(counts.get(name, 0)) for name in products["id"]}
