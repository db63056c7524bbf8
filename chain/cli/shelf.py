"""What visitors keep: named scenarios and short ids of views, in one small file beside the graph; never in the graph."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chain.errors import InputError, UnknownName

Plain = dict[str, Any]
Content = dict[str, dict[str, Any]]

MOST_SCENARIOS, MOST_VIEWS = 500, 2000
"""At most so many are kept; the oldest views make room."""


class Shelf:
    """Scenarios and views in a file; in memory only without one.

    Raises
    ------
    InputError
        If the file holds something else.
    """

    def __init__(self, path: Path | None) -> None:
        self._path, self._lock = path, threading.Lock()
        self._held: Content = {"scenarios": {}, "views": {}}
        self._stamp: tuple[int, int] | None = None
        self._refresh()

    def scenarios(self) -> list[Plain]:
        """All scenarios by name."""
        with self._lock:
            self._refresh()
            return sorted(self._held["scenarios"].values(), key=lambda each: (each["name"], each["id"]))

    def save(self, scenario: Plain) -> Plain:
        """Keep a scenario; one of the same name, chain and place is replaced.

        Raises
        ------
        InputError
            If there are too many.
        OutputError
            If the file can't be written.
        """
        key = "/".join(str(scenario[part]) for part in ("chain", "region", "name"))
        kept = {"id": hashlib.sha256(key.encode()).hexdigest()[:12], **scenario}
        with self._changing("scenarios") as held:
            if kept["id"] not in held and len(held) >= MOST_SCENARIOS:
                raise InputError(f"已存了 {MOST_SCENARIOS} 个推演方案", way_out="先删除不用的方案")
            held[kept["id"]] = kept
        return kept

    def drop(self, scenario: str) -> None:
        """Forget a scenario.

        Raises
        ------
        UnknownName
            If there is none of this id.
        """
        with self._changing("scenarios") as held:
            if scenario not in held:
                raise UnknownName("推演方案", scenario)
            del held[scenario]

    def keep(self, state: str) -> str:
        """Short id of a state; the same state has the same id."""
        short = hashlib.sha256(state.encode("utf-8", errors="replace")).hexdigest()[:10]
        with self._changing("views") as held:
            held.pop(short, None)
            for old in list(held)[: max(0, len(held) - MOST_VIEWS + 1)]:
                del held[old]
            held[short] = state
        return short

    def view(self, short: str) -> str:
        """The state behind a short id.

        Raises
        ------
        UnknownName
            If there is none of this id.
        """
        with self._lock:
            self._refresh()
            if short not in self._held["views"]:
                raise UnknownName("页面编号", short, way_out="链接可能已过期，请重新复制")
            return str(self._held["views"][short])

    # -- inside

    @contextmanager
    def _changing(self, kind: str) -> Iterator[dict[str, Any]]:
        """What is kept of a kind, to be changed; written first and held then, so what is shown is what is kept."""
        with self._lock, self._alone():
            self._refresh()
            changed = dict(self._held[kind])
            yield changed
            held = {**self._held, kind: changed}
            if self._path is not None:
                from viz.files import write_whole

                write_whole(self._path, json.dumps(held, ensure_ascii=False, indent=1).encode("utf-8", errors="replace"))
                self._stamp = self._now()
            self._held = held

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process that serves the same graph changes the file meanwhile."""
        if self._path is None:
            yield
            return
        from chain.locking import write_lock

        with write_lock(self._path):
            yield

    def _now(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat() if self._path is not None else None
        except FileNotFoundError:
            return None
        return (status.st_ino, status.st_mtime_ns) if status else None

    def _refresh(self) -> None:
        """Reads the file again if somebody else wrote it."""
        stamp = self._now()
        if self._path is None or stamp is None or stamp == self._stamp:
            return
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
            self._held = {kind: dict(held[kind]) for kind in self._held}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"推演方案文件读不了：{self._path}", way_out="改名另存后再启动，或用 --scenarios 指定别的文件") from error
        self._stamp = stamp
