"""Whatever changes between two editions of a map, the next one shows every link once, prints well, and can be kept in turn."""

from __future__ import annotations

import random

import pandas as pd
from geometry import faults
from hypothesis import given
from hypothesis import strategies as st
from map_sheets import PRODUCTS, changed, made_up, without

from viz import pinning
from viz.frame import frame_of
from viz.paging import draw_pages, lay_out


def edited(sheet, dice, gone, new):
    """The sheet with some links fewer, some more, some in another segment, and some with another status."""
    ids = list(sheet.products["product"])
    leaving = set(dice.sample(ids, min(gone, len(ids) - 1)))
    places = [(link.stage, link.segment) for link in sheet.links if link.product not in leaving]
    rows = []
    for at in range(new):
        stage, segment = dice.choice(places)
        rows.append(("新" + str(at), "新" * dice.randint(1, 30), stage, dice.choice([segment, segment, "另一组"]), "missing", "", 0, 5, "补链"))
    later = without(sheet, leaving, pd.DataFrame(rows, columns=PRODUCTS) if rows else None)
    return changed(later, 0.1, dice.randint(0, 99))


@given(count=st.sampled_from([1, 6, 30, 90, 200]), paper=st.sampled_from(["A4", "A3", "A1"]), gone=st.integers(0, 9), new=st.integers(0, 6),
       seed=st.integers(0, 999))
def test_an_edited_chain_is_shown_whole_and_without_a_fault(count, paper, gone, new, seed):
    dice = random.Random(seed)
    sheet = made_up(count, seed=seed % 7)
    frame = frame_of(paper)
    kept = pinning.layout_of(lay_out(sheet.lanes, frame), paper)
    later = edited(sheet, dice, gone, new)
    parts = pinning.keep(kept, later.lanes, frame)
    if parts is None:
        return
    pages = [part for part in parts if part.name or len(parts) == 1]  # all but the overview
    shown = [placed.link.product for part in pages for lane in part.plan.lanes for panel in lane.panels for placed in panel.boxes]
    assert sorted(shown) == sorted(later.products["product"])
    assert [fault for page in draw_pages(later, paper=paper, parts=parts) for fault in faults(page.svg)] == []
    again = pinning.layout_of(parts, paper)
    assert pinning.layout_of(pinning.keep(again, later.lanes, frame), paper) == again
