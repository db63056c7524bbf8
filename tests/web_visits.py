"""Somebody who visits the web application, in this process."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from chain.cli.desk import StoreDesk, shelf_beside
from viz.web.app import application

ADDRESS = "http://127.0.0.1:8765"
ORIGIN = {"origin": ADDRESS}
WHERE = {"chain": "链", "region": "140100"}


class Visitor(TestClient):
    """A browser on the page of the server: what it posts comes from there."""

    def asks(self, path: str, **values: object) -> Any:
        """The JSON answer to a question about the chain in 太原."""
        inside = path.startswith("chains/")
        answer = self.get(f"/api/{path}", params={**({"region": WHERE["region"]} if inside else WHERE), **values})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sends(self, path: str, **values: object) -> Any:
        """The answer to what is posted about the chain in 太原."""
        return self.post(f"/api/{path}", json={**WHERE, **values}, headers=ORIGIN)


def visitor(store: str | Path, *, hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1"), token: str | None = None, **options: Any) -> Visitor:
    """Somebody who visits a server of `store`."""
    desk = StoreDesk(str(store), shelf_beside(str(store), None), **options)
    return Visitor(application(desk, hosts=hosts, token=token), base_url=ADDRESS, raise_server_exceptions=False)


@dataclass(frozen=True)
class Served:
    """A running ``lianpu serve``: its address, its port, its process."""

    address: str
    port: int
    process: subprocess.Popen[str]
