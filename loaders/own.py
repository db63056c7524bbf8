"""What the program itself wrote: pages of its templates hold no data, its results are no source."""

from __future__ import annotations

from chain.errors import InputError
from loaders.files import Grid
from loaders.values import clean

PAGES = {
    "示例": frozenset([("栏目", "例一", "例二")]),
    "填表说明": frozenset([("栏目", "要不要填", "怎么填", "单位与范围"), ("栏目名", "怎么填"), ("工作表", "怎么填")]),
}
"""Sheets that only tell how to fill in another: their headers by title."""

RESULTS = {
    "招商目标企业清单": frozenset(["企业名称", "对应缺口环节", "环节状态", "匹配度", "匹配理由"]),
    "缺口清单": frozenset(["产品环节", "环节位置", "行动", "类型", "状态", "理由", "评分"]),
    "产业链底数表": frozenset(["产品环节", "环节位置", "状态", "企业名称", "证据原文", "来源文件", "来源行"]),
}
"""Results by title, with headers that no list of an office's own has together; they are known by these under any title."""

_LOOK = 30
"""Rows from the top among which the header of a result stands, below its title and notes."""


def is_page(grid: Grid) -> bool:
    """Whether a sheet is one of the pages to read that a template comes with; one of another header is not."""
    first = next((row for row in grid.cells if any(row)), [])
    return tuple(filter(None, map(clean, first))) in PAGES.get(grid.sheet, ())


def refuse_results(grids: list[Grid]) -> None:
    """Do nothing, unless a sheet is a result of the program: loaded again, its findings would pass for facts.

    Raises
    ------
    InputError
        Naming file and sheet.
    """
    for grid in grids:
        for row in grid.cells[:_LOOK]:
            cells = {clean(cell) for cell in row}
            if title := next((title for title, headers in RESULTS.items() if headers <= cells), None):
                raise InputError(
                    f"这是本程序生成的{title}，是结果，不是来源，不能载入", where=grid.where,
                    way_out="移走这个文件，只载入原始名单；清单里新的信息请填进 lianpu init 给出的空表")
