"""Answers ready to be sent: encoded and packed once for all who ask the same of the same data."""

from __future__ import annotations

import gzip
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from viz.web.endpoints import SVG, File

MOST, HEAVIEST = 256, 64_000_000
"""How many are kept, and how many bytes of them."""

SMALL = 1000
"""Bytes that are not worth packing."""


@dataclass(frozen=True)
class Ready:
    """The bytes of an answer, also packed where that is worth it, and its headers."""

    content: bytes
    packed: bytes | None
    heads: dict[str, str]

    def __len__(self) -> int:
        return len(self.content) + len(self.packed or b"")


class Shelf:
    """Ready answers by their tag; those asked least lately make room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Ready] = OrderedDict()
        self._size = 0

    def get(self, tag: str) -> Ready | None:
        """The answer with a tag, if it is here."""
        with self._lock:
            if tag in self._held:
                self._held.move_to_end(tag)
            return self._held.get(tag)

    def put(self, tag: str, ready: Ready) -> None:
        """Keeps an answer."""
        with self._lock:
            if tag in self._held:
                return
            self._held[tag] = ready
            self._size += len(ready)
            while len(self._held) > MOST or self._size > HEAVIEST:
                self._size -= len(self._held.popitem(last=False)[1])


def made(answer: Any) -> Ready:
    """An answer of the desk as it is sent."""
    if isinstance(answer, File):
        return Ready(answer.content, _packed(answer.content) if answer.kind in (SVG, "text/csv") else None, _heads(answer))
    content = encoded(answer)
    return Ready(content, _packed(content), {"content-type": "application/json; charset=utf-8"})


def encoded(answer: Any) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def _packed(content: bytes) -> bytes | None:
    return gzip.compress(content, 5, mtime=0) if len(content) > SMALL else None


def _heads(answer: File) -> dict[str, str]:
    heads = {"content-type": f"{answer.kind}; charset=utf-8" if answer.kind in (SVG, "text/csv") else answer.kind}
    if answer.kind == SVG:
        heads["content-security-policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
    if answer.name:
        heads["content-disposition"] = f"attachment; filename*=UTF-8''{quote(answer.name, safe='')}"
    return heads
