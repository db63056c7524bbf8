"""Steps that the Back key takes back, hits that stand on another chain, and ways between what was only typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import web_graphs
from browser_pages import Open, address, names, office, search, serving
from playwright.sync_api import Page, expect
from queries_graphs import stored


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with two more chains: 酸 is on both, 碱 on 化工 alone."""
    rows = web_graphs.rows()
    for at, (chain, products) in enumerate((("化工", "酸 碱"), ("农药", "酸"))):
        rows["chains"].append({"id": chain, "name": chain, "source": "链文件", "row": 200 + at})
        rows["stages"].append({"chain": chain, "name": "上游", "position": 0, "source": "链文件"})
        rows["chain_products"] += [
            {"chain": chain, "product": name, "stage": "上游", "position": place, "source": "链文件", "row": 210 + place}
            for place, name in enumerate(products.split())]
    rows["products"] += [{"id": name, "name": name, "source": "链文件", "row": 220} for name in "酸碱"]
    with stored(tmp_path_factory.mktemp("chains"), rows) as store:
        place = Path(store.location)
    with serving(office(place)) as here:
        yield f"{here}#chain=链&region=140100&v=explore"


def ways(page: Page, start: str, end: str) -> None:
    """Asks for a way by names that are typed and not picked."""
    page.fill("#from", start)
    page.fill("#to", end)
    page.click("#findPath")


def test_back_and_forward_go_through_what_stood_on_the_canvas(visit: Open, server: str) -> None:
    watch = visit(server)
    stood = []
    for text in ("铁", "件"):
        page = search(watch, text)
        stood.append(names(page))
    page.click("#shownList .link:has-text('钢')")  # a choice is no step
    ways(page, "矿", "件")
    expect(page.locator("#paths button").first).to_be_visible()
    stood.append(names(watch.ready()))
    assert len({tuple(each) for each in stood}) == 3
    for expected in (stood[1], stood[0]):
        page.go_back()
        expect(page.locator("#shownList .link")).to_have_count(len(expected))
        assert names(watch.ready()) == expected
    assert "path=" not in address(page)
    page.go_forward()
    expect(page.locator("#shownList .link")).to_have_count(len(stood[1]))
    assert names(watch.ready()) == stood[1]
    expect(page.locator("#view-explore")).to_be_visible()


def test_a_hit_of_another_chain_switches_and_back_returns_to_the_canvas(visit: Open, chains: str) -> None:
    watch = visit(chains)
    page = search(watch, "铁")
    before = names(page)
    page = search(watch, "酸")
    expect(page.locator("#chain")).to_have_value("农药")
    expect(page.locator("#said")).to_contain_text("还在：化工")
    assert names(page) == ["? 酸"]
    page.click("#said button:has-text('切换到「化工」')")
    expect(page.locator("#chain")).to_have_value("化工")
    watch.ready()
    for chain in ("农药", "链"):
        page.go_back()
        expect(page.locator("#chain")).to_have_value(chain)
        watch.ready()
    assert names(page) == before


def test_a_hit_of_another_chain_is_not_added_to_the_canvas_but_offered(visit: Open, chains: str) -> None:
    watch = visit(chains)
    page = search(watch, "铁")
    before, place = names(page), address(page)
    page = search(watch, "碱", "Shift+Enter")
    expect(page.locator("#said")).to_contain_text("「碱」在化工链上，不在「链」链上，没有加入画布")
    assert (names(page), address(page)) == (before, place)
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_be_hidden()
    search(watch, "碱", "Shift+Enter")
    page.keyboard.press("Enter")  # the offer has the focus
    expect(page.locator("#chain")).to_have_value("化工")


def test_the_hit_names_all_chains_it_is_on(visit: Open, chains: str) -> None:
    page = visit(chains).ready()
    page.fill("#search", "酸")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("在农药、化工链")


def test_ways_are_found_between_what_was_only_typed(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    ways(page, "矿", "件")
    expect(page.locator("#paths button").first).to_have_text("路径 1：3 步，经 铁 → 钢")
    watch.ready()
    ways(page, "丙铁", "件")  # no such name: the first hit
    expect(page.locator("#from")).to_have_value("丙铁厂")


def test_an_old_way_does_not_stay_beside_the_answer_that_there_is_none(visit: Open, chains: str) -> None:
    watch = visit(chains)
    page = watch.ready()
    ways(page, "矿", "件")
    expect(page.locator("#paths button").first).to_be_visible()
    assert len(names(watch.ready())) == 4
    ways(page, "矿", "没有这个")
    expect(page.locator("#paths")).to_have_text("没有找到「没有这个」")
    watch.ready()
    assert names(page) == []
    page.go_back()
    expect(page.locator("#paths button").first).to_have_text("路径 1：3 步，经 铁 → 钢")


def test_the_chain_that_is_chosen_has_no_filters_of_the_one_before(visit: Open, chains: str) -> None:
    watch = visit(f"{chains.replace('explore', 'gaps')}&text=铁&action=补链")
    page = watch.ready()
    page.select_option("#chain", "化工")
    expect(page.locator("#gapText")).to_have_value("")
    expect(page.locator("#action")).to_have_value("")
    expect(page.locator("#gapTable tbody th").first).to_be_visible()
