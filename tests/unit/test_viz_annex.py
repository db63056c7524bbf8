"""The annex: every link and name on A4 pages that print well, counted with the pages before them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from geometry import faults
from map_drawn import link, sheet_of
from map_sheets import made_up, of_chain

from chain import chainfile
from viz.annex import MOST, draw_annex


def said(pages: list[str]) -> str:
    return "\n".join(pages)


@pytest.mark.parametrize("chain", sorted(chainfile.library()))
def test_the_annex_of_every_shipped_chain_prints_well_and_leaves_nothing_out(chain: str) -> None:
    sheet = of_chain(chainfile.read(chain))
    pages = draw_annex(sheet)
    assert [fault for page in pages for fault in faults(page)] == []
    assert all(f">{code}<" in said(pages) for code in (each.code for each in sheet.links))


@pytest.mark.parametrize("count", [1, 5, 50, 600])
def test_names_of_any_length_print_well(count: int) -> None:
    pages = draw_annex(made_up(count))
    assert [fault for page in pages for fault in faults(page)] == []


def test_pages_are_counted_with_those_before_and_carry_stamp_and_heading() -> None:
    sheet = replace(made_up(150), stamp="内部资料")
    pages = draw_annex(sheet, before=2)
    assert len(pages) > 2
    for at, page in enumerate(pages, start=3):
        assert f"第 {at} / {len(pages) + 2} 页" in page and "内部资料" in page and ">招引目标<" in page


def test_a_cell_of_thousands_of_firms_says_how_many_there_are() -> None:
    firms = [("钢", f"第{at}钢铁有限公司", None, False) for at in range(MOST + 5)]
    page = said(draw_annex(sheet_of([link("钢", makers=4000)], firms)))
    assert "等 4000 家" in page and f"第{MOST - 1}钢铁" in page and f"第{MOST}钢铁" not in page


def test_what_nobody_is_known_to_make_is_told_from_what_cannot_be_told() -> None:
    page = said(draw_annex(sheet_of([link("铁", status="unknown", reason="b"), link("锰", status="unknown", reason="d")])))
    assert page.count(">未见<") == 1 and page.count(">待核<") == 2  # the status of 锰, and its makers


def test_a_public_version_has_no_column_of_targets() -> None:
    sheet = sheet_of([link("钢")], targets=[("钢", "外地钢铁有限公司", None)])
    assert "外地钢铁" in said(draw_annex(sheet))
    public = said(draw_annex(replace(sheet, public=True)))
    assert "外地钢铁" not in public and "招引目标" not in public and "公开版" in public
