"""The flow page's plan, on any network: nothing overlaps, lines keep clear of boxes, order of input does not matter for what is drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viz.flowlayout import PASS, crossings, lay_out


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    count = draw(st.integers(1, 40))
    nodes = sorted(((f"n{at}", "上中下"[draw(st.integers(0, 2))]) for at in range(count)), key=lambda node: "上中下".index(node[1]))
    names = [name for name, _ in nodes]
    return nodes, draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=80))


@given(networks())
def test_boxes_and_passing_lines_of_a_column_keep_their_distance_and_stay_on_the_page(network):
    nodes, arcs = network
    plan = lay_out(nodes, arcs)
    for column in plan.columns:
        size = [1.0 if plan.home[name] == at else PASS for name, at in column]
        middles = [plan.heights[spot] for spot in column]
        for upper, lower, one, other in zip(middles, middles[1:], size, size[1:], strict=False):
            assert lower - upper >= (one + other) / 2 - 1e-5
        if column:
            assert middles[0] >= size[0] / 2 - 1e-5 and middles[-1] <= plan.tallest - size[-1] / 2 + 1e-5


@given(networks())
def test_every_arc_is_drawn_as_a_chain_of_pieces_or_listed(network):
    nodes, arcs = network
    plan = lay_out(nodes, arcs)
    after: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for one, other in plan.steps:
        assert other[1] == one[1] + 1
        after.setdefault(one, set()).add(other)
    for before, target in {arc for arc in arcs if arc[0] != arc[1]}:
        spot = (before, plan.home[before])
        while spot[0] == before and (target, spot[1] + 1) not in after.get(spot, ()) and (before, spot[1] + 1) in after.get(spot, ()):
            spot = (before, spot[1] + 1)
        assert (before, target) in plan.back or (target, spot[1] + 1) in after.get(spot, ())


@given(networks())
def test_every_box_stands_once_inside_its_stage(network):
    nodes, arcs = network
    plan = lay_out(nodes, arcs)
    spans = {name: (first, last) for name, first, last in plan.stages}
    boxes = [name for at, column in enumerate(plan.columns) for name, _ in column if plan.home[name] == at]
    assert sorted(boxes) == sorted(name for name, _ in nodes)
    assert all(spans[stage][0] <= plan.home[name] <= spans[stage][1] for name, stage in nodes)


def test_a_cycle_is_listed_and_the_rest_drawn():
    plan = lay_out([("甲", "上"), ("乙", "上"), ("丙", "下")], [("甲", "乙"), ("乙", "甲"), ("乙", "丙"), ("丙", "甲")])
    assert set(plan.back) >= {("丙", "甲")} and len(plan.back) == 2
    assert len(plan.steps) == 2


def test_sweeps_untangle_what_the_order_of_the_chain_crosses():
    nodes = [(f"a{at}", "上") for at in range(8)] + [(f"b{at}", "下") for at in range(8)]
    plan = lay_out(nodes, [(f"a{at}", f"b{7 - at}") for at in range(8)])
    assert crossings(plan.columns, plan.steps) == 0
