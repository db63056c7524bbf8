"""Take the pictures of both explorer pages that the documents show: docs/pictures/explorer/*.png, from the shipped example.

    python scripts/explorer_pictures.py

Needs Chromium and `pip install '.[test]'`. Tests do not run this; look at the pictures before you keep them.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures" / "explorer"
SIZE = {"width": 1440, "height": 860}
WHERE = "chain=光伏&region=140000"
READY = 'html:not([data-ready=""])[data-ready]:not([data-busy])'
LIANPU = (sys.executable, "-c", "from chain.cli import main; main()")


def run(folder: Path, *arguments: str) -> None:
    """One ``lianpu`` command in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    subprocess.run([*LIANPU, *arguments], cwd=folder, check=True, env=environment, stdout=subprocess.DEVNULL)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of ``lianpu serve`` on the example's store."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    command = [*LIANPU, "serve", "shanxi.lianpu", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            said = server.stdout.readline() if server.stdout else ""
            found = re.search(r"http://\S+", said)
            if not found:
                raise SystemExit(f"the server did not start: {said}")
            yield found[0]
        finally:
            server.terminate()


def settled(page: Page) -> None:
    page.wait_for_selector(READY, state="attached")
    page.wait_for_timeout(400)


def pick(page: Page, field: str, text: str) -> None:
    """Type into a field and take the first suggestion."""
    page.fill(f"#{field}", text)
    page.wait_for_selector(f"#{field}-hits li[role=option]")
    page.press(f"#{field}", "Enter")
    page.wait_for_timeout(100)
    settled(page)


def work_page(page: Page, address: str) -> Iterator[str]:
    """Leads the page from picture to picture; yields the name of each when it is ready."""
    page.goto(f"{address}#{WHERE}&v=map")
    settled(page)
    page.hover("#map [data-id=光伏硅片]")
    page.wait_for_timeout(300)
    yield "map"
    page.click("#tab-explore")
    settled(page)
    yield "empty"
    pick(page, "search", "光伏组件")
    yield "focus"
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("e")
    page.wait_for_timeout(100)
    settled(page)
    yield "expand"
    pick(page, "from", "工业硅")
    pick(page, "to", "光伏电站")
    page.click("#findPath")
    settled(page)
    yield "path"
    page.click("#tab-gaps")
    page.click("#gapTable tbody tr:nth-child(3) th button")
    for row in (1, 2, 3):
        page.check(f"#gapTable tbody tr:nth-child({row}) input")
    page.locator("#detail details:has(summary:text('看证据')) summary").first.click()
    page.wait_for_selector("#detail .steps .origin")
    settled(page)
    page.locator("#detail .steps").first.scroll_into_view_if_needed()
    yield "gaps"
    page.click("#tab-whatif")
    settled(page)
    page.locator("#ideaList button").first.click()
    settled(page)
    yield "whatif"


def carried_page(page: Page, file: Path) -> Iterator[str]:
    """The same for the page to carry."""
    page.goto(file.as_uri())
    settled(page)
    yield "carried"
    page.fill("#search", "gfzj")
    page.press("#search", "Enter")
    page.click("#detail button:has-text('展开企业')")
    page.wait_for_timeout(600)
    yield "carried-focus"


def keep(page: Page, picture: str) -> None:
    """Save what is seen, in as many colours as the eye tells apart on such a page."""
    from PIL import Image

    page.wait_for_selector("#said", state="hidden")  # what was said has gone
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(PICTURES / f"{picture}.png", optimize=True)


def main() -> None:
    """All pictures anew."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("LIANPU_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        run(folder, "load", "shanxi.lianpu", str(ROOT / "examples" / "shanxi"), "--as-of", "2026-11-01")
        run(folder, "link", "shanxi.lianpu")
        run(folder, "explore", "shanxi.lianpu", "--chain", "光伏", "--region", "山西省", "-o", "carried.html")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--lang=zh-CN"], env={**os.environ, "LANGUAGE": "zh_CN"})
        page = browser.new_page(viewport=SIZE, locale="zh-CN", reduced_motion="reduce")
        page.clock.install(time="2026-11-05")  # a picture does not depend on the day it is taken
        with served(folder) as address:
            for picture in work_page(page, address):
                keep(page, picture)
        for picture in carried_page(page, folder / "carried.html"):
            keep(page, picture)
        browser.close()
    print(f"{PICTURES}: {', '.join(sorted(path.name for path in PICTURES.glob('*.png')))}")


if __name__ == "__main__":
    main()
