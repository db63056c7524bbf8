"""What tests of the explorers share: a small chain with hostile names in it, its store, and where the browser is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from queries_graphs import Rows, graph, stored

EVIL = (
    "<script>window.pwned=1</script>", "\"><img src=x onerror=window.pwned=1>", "</script><script>window.pwned=1</script>",
    "<svg onload=window.pwned=1>", "javascript:window.pwned=1", "{{7*7}}{% raw %}", "' onmouseover='window.pwned=1", "<!--<script>",
    "href <b>粗</b>", "\u202e倒写", "a\u2028b", "=cmd|' /C calc'!A0", "<iframe srcdoc='<script>parent.pwned=1</script>'>",
)
"""Names that try to run."""


def rows(extra_firms: Mapping[str, object] | None = None, extra_makes: Mapping[str, object] | None = None) -> Rows:
    """矿→铁→钢→件 with a furnace beside, in 太原; 铁 is bought from elsewhere; one evil firm for every way to be evil."""
    evil_firms = {f"恶{at}{name}": ("140105" if at % 2 else "130100") for at, name in enumerate(EVIL)}
    return graph(
        "矿 铁 钢 件 炉", "矿→铁→钢→件 炉→钢", arc={("炉", "钢"): {"role": "设备"}},
        about={"矿": {"stage": "上游", "criticality": 3}, "铁": {"stage": "上游", "segment": "冶炼", "criticality": 5},
               "件": {"stage": "下游", "terminal": True}, "炉": {"segment": EVIL[0]}},
        firms={"甲钢厂": "140105", "乙件厂": "140106", "丙铁厂": "130100", "丁铁厂": "440300", **evil_firms, **(extra_firms or {})},
        makes={"甲钢厂": "钢", "乙件厂": "件", "丙铁厂": "铁", "丁铁厂": {"铁": {"evidence": EVIL[1], "confidence": 0.8}},
               **dict.fromkeys(evil_firms, "炉"), **(extra_makes or {})},
        supplies=[("丙铁厂", "甲钢厂", {"year": 2025}), ("甲钢厂", "乙件厂", {"year": 2025})])


def file(folder: Path, extra_firms: Mapping[str, object] | None = None, extra_makes: Mapping[str, object] | None = None) -> Path:
    """A store file with those rows."""
    with stored(folder, rows(extra_firms, extra_makes)) as store:
        return Path(store.location)


def chromium() -> str | None:
    """Path of the system's Chromium, None if there is none."""
    return os.environ.get("LIANPU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
