"""What the layout measures and remembers is what it would measure anew; its short cuts give nothing away."""

from __future__ import annotations

import random

import pytest
from map_sheets import made_up

from viz import box
from viz.flow import count_lines, flow
from viz.measure import BOX_GAP, WIDEST, Heights, Measure, Steps, allot, balanced

SHEET = made_up(60)


@pytest.mark.parametrize("form", box.LADDER, ids=lambda form: form.name)
def test_remembered_heights_are_those_of_the_box_in_whatever_order_they_are_asked(form):
    dice, heights = random.Random(5), Heights(form, box.height)
    for _ in range(3000):
        link, width = dice.choice(SHEET.links), dice.uniform(form.width, WIDEST * form.width)
        assert heights(link, width) == box.height(link, form, width)


@pytest.mark.parametrize("form", box.LADDER, ids=lambda form: form.name)
def test_a_wider_box_is_never_higher_and_a_box_is_never_lower_than_its_least(form):
    for link in SHEET.links:
        tall = [box.height(link, form, form.width + step * 0.37) for step in range(300)]
        assert tall == sorted(tall, reverse=True)
        assert all(box.least(link, form, form.width + step) <= box.height(link, form, form.width + step) for step in range(100))


def test_a_function_in_steps_is_asked_only_where_it_may_change():
    asked = []

    def falling(width):
        asked.append(width)
        return 3 if width < 10 else 2 if width < 20 else 1

    steps = Steps(falling)
    dice = random.Random(1)
    assert all(steps(width) == (3 if width < 10 else 2 if width < 20 else 1) for width in (dice.uniform(0, 30) for _ in range(2000)))
    assert len(asked) < 60


@pytest.mark.parametrize("lines", [1, 2, 3, 6, 99])
def test_lines_are_counted_as_they_are_set(lines):
    for link in SHEET.links:
        for width in (4.5, 8.0, 12.3, 30.0):
            if link.firms:
                assert count_lines(link.firms, width, lines) == len(flow(link.firms, link.makers, width, lines))


def test_no_lane_is_lower_than_its_boxes_shared_out_evenly():
    measure = Measure(Heights(box.FULL, box.height))
    for lane in SHEET.lanes:
        for columns in (1, 2, 5):
            assert measure.at(60.0).lane(lane, columns) >= measure.bulk(lane.links) / columns
        assert measure.bulk(lane.links) == pytest.approx(
            sum(box.height(link, box.FULL, WIDEST * box.FULL.width) + BOX_GAP for link in lane.links))


def test_shelves_hold_every_segment_once_in_order_and_share_out_all_columns():
    at = Measure(Heights(box.FULL, box.height)).at(55.0)
    for lane in made_up(60, segments=20).lanes:
        for columns in (1, 3, 7):
            shelves = at.shelves(lane, columns)
            assert tuple(segment for shelf in shelves for segment in shelf.segments) == lane.segments
            assert {sum(shelf.columns) for shelf in shelves} == {columns}


def test_columns_go_to_the_highest():
    assert allot(6, [lambda share: 12 / share, lambda share: 3 / share, lambda share: 5 / share]) == [3, 1, 2]
    assert [len(row) for row in balanced(SHEET.links[:10], 4)] == [4, 3, 3]
