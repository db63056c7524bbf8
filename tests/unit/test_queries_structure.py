"""The shape of chains: layers, thirds, key links, complete paths, the span of what is made."""

from __future__ import annotations

import networkx as nx
import pandas as pd
from queries_graphs import pairs

from chain.store import Scope
from queries import structure


def chain(arcs: str, *alone: str) -> nx.DiGraph:
    made = nx.DiGraph(pairs(arcs))
    made.add_nodes_from(alone)
    return made


def scope(stages: dict[str, str]) -> Scope:
    none = pd.DataFrame()
    return Scope({}, pd.DataFrame({"product": list(stages), "stage": list(stages.values())}), none, none, none, none, none)


def test_a_layer_is_the_longest_way_from_the_raw_materials() -> None:
    assert structure.layers(chain("矿→铁→钢→车 矿→车", "盐")) == {"矿": 0, "铁": 1, "钢": 2, "车": 3, "盐": 0}


def test_products_of_one_ring_share_a_layer() -> None:
    assert structure.layers(chain("矿→钢→车→废钢→钢 车→桥")) == {"矿": 0, "钢": 1, "车": 1, "废钢": 1, "桥": 2}


def test_thirds_follow_the_layers_and_a_file_that_says_otherwise_is_marked() -> None:
    found = structure.upstreamness(scope({"矿": "上游", "铁": "下游", "钢": "冶炼"}), chain("矿→铁→钢"))
    assert list(found.itertuples(index=False, name=None)) == [
        ("矿", 0, "上游", "上游", False), ("铁", 1, "中游", "下游", True), ("钢", 2, "下游", "冶炼", False)]


def test_a_chain_without_arcs_is_all_upstream() -> None:
    assert structure.upstreamness(scope({"矿": "上游", "钢": "中游"}), chain("", "矿", "钢"))["third"].tolist() == ["上游", "上游"]


def test_a_product_every_way_to_an_end_runs_through_is_key() -> None:
    assert structure.key_links(chain("矿→铁→钢 废铁→铁 铁→锅 电→钢 电→锅")) == {"铁": "割点：去掉它链条就断成几段"}
    assert structure.key_links(chain("矿→铁→钢 废铁→铁")) == {"铁": "支配点：到「钢」的所有路径都经过它"}


def test_two_ways_around_leave_no_key_link() -> None:
    assert structure.key_links(chain("矿→铁→车 矿→铝→车")) == {}


def test_the_sole_member_of_a_group_of_substitutes_is_key() -> None:
    made = chain("矿→铁→车 矿→铝→车")
    nx.set_edge_attributes(made, {("铁", "车"): "材料", ("铝", "车"): "材料", ("矿", "铁"): "矿料"}, "group")
    assert structure.key_links(made) == {"矿": "投入组的唯一成员：没有替代品"}


def test_a_ring_is_key_as_little_as_its_members_unless_one_holds_parts_together() -> None:
    assert structure.key_links(chain("矿→铁→钢→铁 钢→车 矿→车")) == {}
    assert structure.key_links(chain("铁→钢→铁")) == {}
    assert set(structure.key_links(chain("矿→铁→钢→铁 钢→车"))) == {"铁", "钢"}  # articulation points


def test_path_share_counts_ways_and_not_products() -> None:
    made = chain("矿→铁→钢 废钢→钢 钢→车 钢→桥")
    assert structure.path_share(made, {"矿", "铁", "钢", "车", "桥", "废钢"}) == (4, 4)
    assert structure.path_share(made, {"矿", "铁", "钢", "车"}) == (1, 4)
    assert structure.path_share(made, {"矿", "铁", "车", "桥", "废钢"}) == (0, 4)
    assert structure.path_share(made, set()) == (0, 4)


def test_a_ring_is_covered_when_all_of_it_is() -> None:
    made = chain("矿→钢→车→废钢→钢 车→桥")
    assert structure.path_share(made, {"矿", "钢", "车", "桥"}) == (0, 1)
    assert structure.path_share(made, {"矿", "钢", "车", "废钢", "桥"}) == (1, 1)


def test_products_without_arcs_are_ways_of_their_own() -> None:
    assert structure.path_share(chain("", "矿", "钢"), {"钢"}) == (1, 2)


def test_path_share_of_a_chain_with_more_ways_than_one_can_walk() -> None:
    made = chain(" ".join(f"{n}→{n}a→{n + 1} {n}→{n}b→{n + 1}" for n in range(70)))
    assert structure.path_share(made, set(made)) == (2**70, 2**70)
    assert structure.path_share(made, set(made) - {"35a"}) == (2**69, 2**70)


def test_the_hull_holds_what_lies_between_covered_products() -> None:
    made = chain("矿→铁→钢→车 煤→铁 钢→桥")
    assert structure.hull(made, {"矿", "车"}) == {"矿", "铁", "钢", "车"}
    assert structure.hull(made, {"铁"}) == {"铁"}
    assert structure.hull(made, {"煤", "矿"}) == {"煤", "矿"}
    assert structure.hull(made, set()) == set()
