"""The map is read in grey, with missing cones and from a bad copy: colours stay apart, text stands out, nothing hangs on colour alone."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from colours import EYES, contrast, distance, lightness, seen
from geometry import SVG, words
from map_sheets import made_up

from viz.chainmap import draw_map
from viz.flowpage import draw_flow
from viz.palette import ALARM, GROUND, INK, LOCAL, LOOKS, NAVY, SECONDARY, TARGET
from viz.plainbox import LEVELS

FILLS = {look.fill: look.key for look in LOOKS.values()}
"""The grounds of the statuses; the two hatched ones are both white."""


@pytest.mark.parametrize(("one", "other", "expected"), [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
])
def test_distances_are_those_published_with_the_formula(one, other, expected):
    assert distance(one, other) == pytest.approx(expected, abs=1e-4)
    assert distance(other, one) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("eye", EYES)
def test_every_two_status_colours_are_far_apart_for_every_eye(eye):
    apart = {(FILLS[a], FILLS[b]): distance(seen(a, eye), seen(b, eye)) for a, b in combinations(FILLS, 2)}
    hatched = {FILLS["#FFFFFF"], "covered"}  # told apart by hatching and a dashed border, see below
    near = {pair: round(value, 1) for pair, value in apart.items() if value < 18 and set(pair) != hatched}
    assert near == {}


@pytest.mark.parametrize("eye", EYES)
def test_the_palest_status_is_told_from_white_by_its_border(eye):
    for key in ("covered", "suspected", "unknown"):
        assert contrast(LOOKS[key].border, "#FFFFFF") >= 3
    assert distance(seen(LOOKS["covered"].fill, eye), seen("#FFFFFF", eye)) >= 5
    assert distance(seen(LOOKS["suspected"].border, eye), seen(LOOKS["unknown"].border, eye)) >= 18


def test_in_grey_every_two_status_colours_differ_in_lightness():
    ranked = sorted((lightness(fill), key) for fill, key in FILLS.items())
    assert min(high[0] - low[0] for low, high in zip(ranked, ranked[1:], strict=False)) >= 8


def test_text_stands_out_from_its_ground():
    pairs = [(look.text, look.fill) for look in (*LOOKS.values(), *LEVELS.values())]
    pairs += [(colour, "#FFFFFF") for colour in (INK, SECONDARY, NAVY, LOCAL, TARGET, ALARM)]
    pairs += [("#FFFFFF", NAVY), ("#D6E0EC", NAVY), (SECONDARY, "#EEF2F7"), (INK, GROUND), (LOOKS["unknown"].text, GROUND)]
    assert {(text, ground): round(contrast(text, ground), 1) for text, ground in pairs if contrast(text, ground) < 4.5} == {}


def test_borders_and_icons_stand_out_from_paper():
    assert {look.key: round(contrast(look.border, "#FFFFFF"), 1) for look in LOOKS.values() if contrast(look.border, "#FFFFFF") < 3} == {}


def test_levels_of_criticality_grow_darker_step_by_step():
    light = [lightness(LEVELS[level].fill) for level in range(6)]
    assert all(before - after >= 4 for before, after in zip(light, light[1:], strict=False))


def _boxes(svg):
    return [node for node in ET.fromstring(svg).iter(f"{SVG}g") if node.get("data-code") and node.get("data-status")]


def _icons(box, look):
    """Circles and paths in the colour of the text: the drawn sign of a status."""
    return [node for node in box.iter() if node.tag in (f"{SVG}circle", f"{SVG}path") and look.text in (node.get("fill"), node.get("stroke"))]


@pytest.mark.parametrize(("count", "paper", "form"), [(12, "A3", "rich"), (40, "A3", "full"), (150, "A3", "compact"), (230, "A3", "chip")])
def test_every_status_is_said_by_icon_and_word_as_well(count, paper, form):
    sheet = made_up(count)
    svg = draw_map(sheet, paper=paper)
    assert f'data-form="{form}"' in svg
    looks = {link.product: link.look for link in sheet.links}
    for box in _boxes(svg):
        look = looks[box.get("data-id")]
        said = [words(node) for node in box.iter(f"{SVG}text")]
        assert look.word in said or form == "chip"
        assert f"：{look.word}" in box.find(f"{SVG}title").text
        assert _icons(box, look)
    legend = {words(node) for node in ET.fromstring(svg).iter(f"{SVG}text")}
    assert {look.word for look in LOOKS.values()} <= legend


def test_the_flow_page_has_icons_and_a_legend_too():
    sheet = made_up(40)
    svg, looks = draw_flow(sheet), {link.product: link.look for link in sheet.links}
    assert all(_icons(box, looks[box.get('data-id')]) for box in _boxes(svg))
    assert {look.word for look in LOOKS.values()} <= {words(node) for node in ET.fromstring(svg).iter(f"{SVG}text")}
