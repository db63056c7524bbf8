"""Who leads a chain in a place, what the leaders need, and where its makers sit."""

from __future__ import annotations

from pathlib import Path

from queries_graphs import CHINA, HEBEI, JINZHONG, SHANXI, TAIYUAN, XIAODIAN, YINGZE, Rows, graph, stored, told

from chain.embedded import EmbeddedStore
from queries.leaders import CONNECTED, LARGE, LEADERS, OFFICIAL, PARTNERS, SUPPLIERS, leaders, suppliers
from queries.spread import spread
from queries.standing import standing


def led(store: EmbeddedStore, place: str = TAIYUAN, **more: int):
    state = standing(store, "链", place)
    makers = store.makers(state.scope.ids, place, state.rules.view)
    return state, makers, leaders(store, state, makers, **more)


def firms(**capital: float) -> dict[str, object]:
    return {name: {"region": TAIYUAN, "registered_capital": amount} for name, amount in capital.items()}


def test_a_title_of_this_chain_leads_before_partners_and_these_before_size(tmp_path: Path) -> None:
    partners = [f"伙伴{n:02d}" for n in range(PARTNERS)]
    rows = graph(
        "矿 铁 钢", "矿→铁→钢", firms={**firms(大=900, 连=2, 主=1, 他=3), **dict.fromkeys(partners, HEBEI)},
        makes={"大": "钢", "连": "钢", "主": "铁 钢", "他": "钢", **dict.fromkeys(partners, "矿")},
        titles={"主": "省级产业链链主（链）", "他": "产业链链主（别的）"}, supplies=[(one, "连") for one in partners])
    _, _, found = led(stored(tmp_path, rows))
    assert told(found, "rank enterprise basis links partners") == [
        (1, "主", OFFICIAL, 2, 0), (2, "连", CONNECTED, 1, PARTNERS), (3, "大", LARGE, 1, 0), (4, "他", LARGE, 1, 0)]


def test_partners_off_the_chain_do_not_count_and_only_so_many_lead_by_size(tmp_path: Path) -> None:
    rows = graph("铁 钢", "铁→钢", firms={**firms(甲=1, 乙=2, 丙=3), "外": HEBEI}, makes={"甲": "钢", "乙": "钢", "丙": "铁"},
                 supplies=[("外", "甲"), ("丙", "乙")])
    _, _, found = led(stored(tmp_path, rows), top=2)
    assert told(found, "enterprise partners local_partners") == [("丙", 1, 1), ("乙", 1, 1)]


def test_a_place_without_makers_has_no_leaders_and_no_suppliers(tmp_path: Path) -> None:
    state, makers, found = led(stored(tmp_path, graph("铁 钢", "铁→钢", firms={"外": HEBEI}, makes={"外": "钢"})))
    assert (len(found), list(found.columns)) == (0, LEADERS)
    needed = suppliers(state, makers, found)
    assert (len(needed), list(needed.columns)) == (0, SUPPLIERS)


def test_what_leaders_need_is_listed_with_its_makers_and_what_nobody_makes_comes_first(tmp_path: Path) -> None:
    rows = graph("矿 铁 炉 钢", "矿→铁→钢 炉→钢", arc={("炉", "钢"): {"role": "设备"}}, firms={**firms(甲=1, 乙=2), "外": HEBEI},
                 makes={"甲": "钢", "乙": "铁", "外": "炉"})
    state, makers, found = led(stored(tmp_path, rows))
    assert told(suppliers(state, makers, found), "rank product role serves leaders makers firms outside") == [
        (1, "炉", "设备", "钢", "甲", 0, "", 1), (2, "矿", "物料", "铁", "乙", 0, "", 0), (3, "铁", "物料", "钢", "甲", 1, "乙", 0)]


def somewhere() -> Rows:
    return graph("铁 钢", "铁→钢", firms={"甲": XIAODIAN, "乙": XIAODIAN, "丙": TAIYUAN, "丁": JINZHONG, "戊": YINGZE},
                 makes={"甲": "铁 钢", "乙": "钢", "丙": "钢", "丁": "铁"})


def test_makers_are_counted_where_they_sit_each_once_and_those_known_no_closer_apart(tmp_path: Path) -> None:
    store = stored(tmp_path, somewhere())
    found = spread(store, standing(store, "链", TAIYUAN))
    assert (found.area, found.inside, found.coarse) == (TAIYUAN, "", 1)
    assert told(found.parts[found.parts["makers"] > 0], "region makers links") == [(XIAODIAN, 2, 2)]
    assert told(found.matrix, "region product makers") == [(XIAODIAN, "钢", 2), (XIAODIAN, "铁", 1)]
    province = spread(store, standing(store, "链", SHANXI))
    assert told(province.parts[province.parts["makers"] > 0], "region makers") == [(TAIYUAN, 3), (JINZHONG, 1)]
    assert len(spread(store, standing(store, "链", CHINA)).parts) == 34


def test_a_county_is_shown_among_the_counties_of_its_city(tmp_path: Path) -> None:
    store = stored(tmp_path, somewhere())
    found = spread(store, standing(store, "链", YINGZE))
    assert (found.area, found.inside) == (TAIYUAN, YINGZE)
    assert found.parts["makers"].sum() == 2
