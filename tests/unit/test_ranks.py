"""Where the boxes of a network stand: apart, from left to right, on one screen."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from viz.ranks import EM, ROWS, SHIFT, positions
from viz.text import ems

STAGES = ["上游", "中游", "下游"]


def stand(names: str, arcs: str, stage: dict[str, str] | None = None) -> dict[str, tuple[float, float]]:
    """Positions of one-letter products, all 中游 where nothing else is said; ``ab bc`` are arcs."""
    products = [(name, f"○ {name}", (stage or {}).get(name, "中游")) for name in names]
    return positions(products, STAGES, [(arc[0], arc[1]) for arc in arcs.split()])


def test_input_stands_left_of_what_it_goes_into() -> None:
    at = stand("abcd", "ab bc ad")
    assert at["a"][0] < at["b"][0] < at["c"][0]
    assert at["a"][0] < at["d"][0]


def test_stage_goes_before_rank() -> None:
    at = stand("abc", "ab bc", {"a": "下游", "b": "中游", "c": "上游"})
    assert at["c"][0] < at["b"][0] < at["a"][0]


def test_a_circle_of_inputs_is_drawn_all_the_same() -> None:
    assert sorted(stand("abc", "ab bc ca")) == ["a", "b", "c"]


def test_ranks_with_the_fewest_arcs_between_them_share_a_column() -> None:
    # nine ranks, eight columns: aA→bB→…→gG are joined crosswise, four arcs from rank to rank; from hH12345 to i goes one
    cross = " ".join(f"{one}{other}" for low, high in zip("abcdef", "bcdefg", strict=True)
                     for one in (low, low.upper()) for other in (high, high.upper()))
    at = stand("aAbBcCdDeEfFgGh12345i", f"{cross} gh g1 g2 g3 g4 g5 hi")
    assert at["i"][0] - at["h"][0] == SHIFT
    assert all(at[high][0] - at[low][0] > SHIFT for low, high in zip("abcdefg", "bcdefgh", strict=True))


def test_a_long_column_is_parted() -> None:
    names = [f"n{number:02}" for number in range(ROWS + 4)]
    at = positions([(name, name, "中游") for name in names], STAGES, [])
    assert len({x for x, _ in at.values()}) == 2


def test_place_does_not_depend_on_the_order_of_arcs() -> None:
    assert stand("abcdef", "ab cb bd de df") == stand("abcdef", "df de bd cb ab")


@given(st.data())
def test_no_two_boxes_touch(data: st.DataObject) -> None:
    names = [f"产品{number}" * data.draw(st.integers(1, 3)) for number in range(data.draw(st.integers(1, 40)))]
    products = [(name, f"○ {name}", data.draw(st.sampled_from(STAGES))) for name in names]
    arcs = data.draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=80))
    at = positions(products, STAGES, arcs)
    wide = {name: EM * ems(label) + 20 for name, label, _ in products}
    for one, other in combinations(names, 2):
        beside = abs(at[one][0] - at[other][0]) >= (wide[one] + wide[other]) / 2
        assert beside or abs(at[one][1] - at[other][1]) >= 40
