"""What tests in a browser share: a page that reports what went wrong in it, and a server in front of a store."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

READY = 'html:not([data-ready=""])[data-ready]:not([data-busy])'
"""The page has shown what its address says, and waits for nobody."""

SIZE = {"width": 1440, "height": 900}


@dataclass
class Watch:
    """A page and all that a user should never see happen in it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, browser: Browser, origin: str, **context: object) -> Watch:
        """A new page in a context of its own; requests to any other origin than `origin` are faults."""
        page = browser.new_context(**{"viewport": SIZE, "locale": "zh-CN", "reduced_motion": "reduce", **context}).new_page()
        page.set_default_timeout(20_000)
        watch = cls(page)
        page.on("console", lambda said: watch.faults.append(f"console: {said.text}") if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watch.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (watch.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: watch.note(request, origin))
        return watch

    def note(self, request: Request, origin: str) -> None:
        """Remember a request."""
        self.asked.append(request.url)
        if not request.url.startswith((origin, "data:", f"blob:{origin}", "blob:null")):
            self.faults.append(f"request to {request.url}")

    def ready(self) -> Page:
        """The page once it has settled."""
        self.page.wait_for_selector(READY, state="attached")
        return self.page


@contextmanager
def serving(app: object) -> Iterator[str]:
    """Address of a server that runs meanwhile."""
    import uvicorn

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)  # who comes before the server has begun waits
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()


def office(store: Path, *, token: str | None = None, **begin: str) -> object:
    """The web application in front of a store file."""
    from chain.cli.desk import StoreDesk, shelf_beside
    from viz.web.app import application

    return application(StoreDesk(str(store), shelf_beside(str(store), None), **begin), hosts=("127.0.0.1",), token=token)


def names(page: Page) -> list[str]:
    """What stands on the canvas, as the list beside it tells."""
    from playwright.sync_api import expect

    if page.locator("#shown").is_hidden():
        return []
    if page.locator("#shown").get_attribute("open") is None:
        page.click("#shownTitle")
    count = int("".join(sign for sign in page.locator("#shownTitle").inner_text() if sign.isdigit()))
    expect(page.locator("#shownList .link")).to_have_count(count)
    return sorted(page.locator("#shownList .link").all_inner_texts())


def search(watch: Watch, text: str, key: str = "Enter") -> Page:
    """Types into the search field and takes the first hit."""
    page = watch.ready()
    page.fill("#search", text)
    page.wait_for_selector("#search-hits li[role=option]")
    page.press("#search", key)
    return watch.ready()


def address(page: Page) -> str:
    """Where the page says it is, asked in the page: the driver hears of a changed address only a little later."""
    return str(page.evaluate("() => location.href"))


Open = Callable[..., Watch]
"""Opens a page of an address and watches over it."""
