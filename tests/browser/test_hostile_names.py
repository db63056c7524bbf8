"""Names that try to run stay text, on both pages, in every view and in what is saved from them."""

from __future__ import annotations

from pathlib import Path

import pytest
import web_graphs
from browser_pages import Open, Watch
from playwright.sync_api import Page, expect


def inert(page: Page) -> bool:
    """Nothing ran, and no name became an element."""
    alien = "iframe, object, embed, img, b > *, svg[onload], [onerror], [onload], [onmouseover], base"
    return not page.evaluate("() => 'pwned' in window") and page.locator(alien).count() == 0


def shown(watch: Watch) -> str:
    page = watch.ready()
    assert inert(page)
    return page.locator("body").inner_text()


@pytest.mark.parametrize("view", ["map", "explore", "gaps", "whatif"])
def test_every_view_shows_hostile_names_as_text(visit: Open, server: str, view: str) -> None:
    watch = visit(f"{server}&v={view}&n=p:炉")
    text = shown(watch)
    local = [name for at, name in enumerate(web_graphs.EVIL) if at % 2]
    assert sum(name.split("\u2028")[0][:20] in text for name in local) >= len(local) - 1  # one begins with a sign that is left out


def test_hostile_names_on_the_canvas_in_hits_and_in_a_scenario(visit: Open, server: str) -> None:
    watch = visit(server)
    page = watch.ready()
    page.fill("#search", "恶")
    page.wait_for_selector("#search-hits li[role=option]")
    assert inert(page)
    page.fill("#search", "炉")
    page.wait_for_selector("#search-hits li[role=option]:has-text('炉')")
    page.press("#search", "Enter")
    shown(watch)
    for name in ("#png", "#svg"):
        with page.expect_download() as download:
            page.click(name)
    svg = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<script" not in svg and "<iframe" not in svg and "onload" not in svg.split("&lt;svg")[0]
    page.locator("#detail .link:has-text('恶')").first.click()
    shown(watch)
    page.locator("#detail button:has-text('推演撤出')").click()
    watch.ready()
    expect(page.locator("#leavers")).to_contain_text("恶")
    shown(watch)
    page.fill("#comer", web_graphs.EVIL[1])
    page.wait_for_selector("#comer-hits li[role=option]")
    page.press("#comer", "ArrowUp")  # the last row: as a new firm
    page.press("#comer", "Enter")
    page.fill("#comerProduct", "铁")
    page.wait_for_selector("#comerProduct-hits li[role=option]")
    page.press("#comerProduct", "Enter")
    page.click("#addComer")
    expect(page.locator("#comers")).to_contain_text("onerror")
    page.fill("#scenarioName", web_graphs.EVIL[2])
    page.click("#saveScenario")
    expect(page.locator("#scenarios")).to_contain_text("</script>")
    shown(watch)


@pytest.mark.parametrize("address", [
    "v=<script>window.pwned=1</script>", "n=p:<img src=x onerror=window.pwned=1>&v=map", "ids=javascript:window.pwned=1~p:__proto__~e:",
    "scenario={\"arrivals\":[{\"name\":\"<img src=x onerror=window.pwned=1>\",\"products\":[1,{}]}],\"departures\":3}&v=whatif",
    "pins={\"__proto__\":{\"x\":1},\"p:钢\":\"<b>\"}&ids=p:钢", "sort=constructor&v=gaps", "off=__proto__~missing&action=<b>",
    "path=%E0%A4%A&ids=%ZZ",
])
def test_an_address_written_by_somebody_else_breaks_nothing(visit: Open, server: str, address: str) -> None:
    watch = visit(f"{server}&{address}")
    assert "链" in shown(watch)
    assert watch.page.evaluate("() => ({}).x === undefined")
    # what does not exist or makes no sense is refused and said; nothing else may be in the console
    watch.faults[:] = [fault for fault in watch.faults if "404" not in fault and "400" not in fault]


def test_carried_page_shows_hostile_names_as_text(visit: Open, carried: str) -> None:
    watch = visit(carried)
    text = shown(watch)
    assert "链产业链图谱" in text
    page = watch.page
    page.click("#firms")
    page.fill("#search", "恶")
    page.wait_for_selector("#hits li[role=option]")
    page.press("#search", "Enter")
    assert "恶" in page.locator("#detail").inner_text()
    page.fill("#search", "炉")
    page.press("#search", "Enter")
    assert "onerror" in shown(watch)
    page.click("#help")
    shown(watch)


def test_carried_page_runs_no_script_but_its_own(visit: Open, carried: str) -> None:
    watch = visit(carried)
    page = watch.ready()
    page.evaluate("() => { const script = document.createElement('script'); script.textContent = 'window.pwned = 1'; document.body.append(script); }")
    assert not page.evaluate("() => 'pwned' in window")
    assert [fault for fault in watch.faults if "Content Security Policy" not in fault] == []
    assert len(watch.faults) == 1
    watch.faults.clear()
