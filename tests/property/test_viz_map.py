"""Laws of the chain map, checked on the drawing itself: nothing overlaps, nothing is clipped, whatever the chain."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from viz.chainmap import draw_map
from viz.sheet import MapSheet
from viz.text import ems

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 0.03  # mm: coordinates are rounded to a hundredth

letters = st.sampled_from('锂电池正负极材料高纯特种钢轧制装备控制器（）/-·PVDFNMP0123456789abcw %&<>"𬭎é→')
names = st.text(letters, min_size=1, max_size=60)
statuses = st.sampled_from(["missing", "weak", "covered", "strong", "unknown"])
counts = st.sampled_from([0, 0, 1, 2, 3, 9, 40, 500, 12000])


@st.composite
def sheets(draw):
    count = draw(st.one_of(st.integers(1, 12), st.integers(13, 110), st.integers(110, 150)))
    pool = draw(st.lists(names, min_size=1, max_size=8))
    stages = draw(st.integers(1, min(5, count)))
    segments = draw(st.integers(1, min(60, count)))
    listed, products, makers, targets = draw(st.lists(st.tuples(statuses, counts, counts), min_size=1, max_size=9)), [], [], []
    for at in range(count):
        status, local, wanted = listed[at % len(listed)]
        local = local if status not in ("missing", "unknown") else 0
        products.append(
            (
                f"p{at}",
                pool[at % len(pool)],
                f"{'上中下辅末'[at * stages // count]}游",
                f"{pool[0]}{at * segments // count}",
                status,
                "abcde"[at % 5] if status == "unknown" else "",
                local,
                local + wanted,
                "补链；延链" if at % 3 == 0 else "",
            )
        )
        makers += [(f"p{at}", f"{pool[k % len(pool)]}{k}有限公司", None, k == 0) for k in range(min(local, 15))]
        targets += [(f"p{at}", f"{pool[k % len(pool)]}{k}", None) for k in range(min(wanted, 12))]
    arcs = [(f"p{at}", f"p{(at * 7 + step) % count}", "物料") for at in range(count) for step in range(at % 11)]
    title, words = draw(names), draw(st.text(letters, max_size=300))
    frame = pd.DataFrame
    return MapSheet(
        title,
        draw(names),
        "2026-11-20",
        words,
        words[::-1],
        stamp=draw(st.sampled_from(["", "内部资料", title])),
        author=draw(names),
        products=frame(
            products, columns=["product", "name", "stage", "segment", "status", "reason", "makers", "national", "actions"]
        ),
        makers=frame(makers, columns=["product", "name", "short_name", "lead"]),
        targets=frame(targets, columns=["product", "name", "short_name"]),
        arcs=frame(arcs, columns=["input", "product", "role"]),
        stages=frame(
            [(f"{c}游", at, words[:40]) for at, c in enumerate("上中下辅末")], columns=["name", "position", "description"]
        ),
    )


def span(node):
    """Left, top, right, bottom of a rectangle or of the ink of a line of text."""
    x, y = float(node.get("x")), float(node.get("y"))
    if node.tag == f"{SVG}rect":
        return x, y, x + float(node.get("width")), y + float(node.get("height"))
    size = float(node.get("font-size"))
    width = ems(node[0].tail if len(node) else node.text, node.get("font-weight") == "700") * size
    left = {"end": x - width, "middle": x - width / 2}.get(node.get("text-anchor"), x)
    return left, y - 0.78 * size, left + width, y + 0.06 * size


def inside(inner, outer):
    return all(a >= b - SLACK for a, b in zip(inner[:2], outer[:2], strict=True)) and all(
        a <= b + SLACK for a, b in zip(inner[2:], outer[2:], strict=True)
    )


def apart(one, other):
    return one[2] <= other[0] + SLACK or other[2] <= one[0] + SLACK or one[3] <= other[1] + SLACK or other[3] <= one[1] + SLACK


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets(), st.sampled_from(["A3", "A4", "A2"]))
def test_nothing_overlaps_and_nothing_is_clipped(sheet, size):
    svg = draw_map(sheet, paper=size)
    root = ET.fromstring(svg)
    paper = tuple(float(part) for part in root.get("viewBox").split())
    assert size == "A4" or float(root.get("data-scale")) >= 0.9, "body text below 6.5 pt"
    groups = [node for node in root.iter(f"{SVG}g") if node.get("data-status")]
    assert sorted(node.get("data-id") for node in groups) == sorted(sheet.products["product"])
    frames = [span(next(r for r in node.iter(f"{SVG}rect") if r.get("class") == "box")) for node in groups]
    assert all(inside(frame, paper) for frame in frames)
    assert all(apart(one, other) for one, other in combinations(frames, 2))
    boxed = set()
    for node, frame in zip(groups, frames, strict=True):
        lines = list(node.iter(f"{SVG}text"))
        boxed |= set(lines)
        spans = [span(line) for line in lines]
        assert all(inside(one, frame) for one in spans), [line.text for line in lines]
        assert all(apart(one, other) for one, other in combinations(spans, 2)), [line.text for line in lines]
    around = [span(line) for line in root.iter(f"{SVG}text") if line not in boxed]
    assert all(inside(one, paper) for one in around)
    assert all(apart(one, other) for one, other in combinations(around, 2))
    assert all(apart(one, other) for one in around for other in frames)
    assert draw_map(sheet, paper=size) == svg


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gives_well_formed_xml_without_control_characters(name, other):
    frame = pd.DataFrame
    sheet = MapSheet(
        other,
        name,
        "2026",
        name,
        other,
        author=name,
        products=frame(
            [("p", name, other, name, "weak", "", 1, 1, name)],
            columns=["product", "name", "stage", "segment", "status", "reason", "makers", "national", "actions"],
        ),
        makers=frame([("p", name, other, True)], columns=["product", "name", "short_name", "lead"]),
        targets=frame([("p", other, name)], columns=["product", "name", "short_name"]),
        arcs=frame([], columns=["input", "product", "role"]),
        stages=frame([(other, 0, name)], columns=["name", "position", "description"]),
    )
    ET.fromstring(draw_map(sheet).encode("utf-8"))
