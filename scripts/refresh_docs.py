"""Run what the documents show and put the real results in: outputs of commands in README files, the map picture.

    python scripts/refresh_docs.py            # rewrite
    python scripts/refresh_docs.py --check    # exit 1 if anything would change
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.zh-CN.md")
PICTURE = Path("docs/pictures/map.svg")
LOAD = ("load out/shanxi.lianpu {root}/examples/shanxi --as-of 2026-11-01", "link out/shanxi.lianpu")
MAP = "map out/shanxi.lianpu --chain 光伏 --region 山西省 -o map.svg"


def run(line: str, folder: Path) -> str:
    """Standard output of one ``lianpu`` command run in `folder`."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", "from chain.cli import main; main()", *shlex.split(line)], cwd=folder, env=environment,
        capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"lianpu {line}: {done.returncode}\n{done.stderr}")
    return done.stdout


def refreshed(text: str, folder: Path) -> str:
    """A page with the output below every ``$ lianpu`` line of its console blocks made anew."""
    lines: list[str] = []
    block = shown = False
    for line in text.splitlines():
        if line.startswith("```"):
            block, shown = line == "```console", False
            lines.append(line)
        elif block and line.startswith("$ lianpu "):
            lines += [line, *run(line.removeprefix("$ lianpu "), folder).splitlines()]
            shown = True
        elif not (block and shown):
            lines.append(line)
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the pages, or say which would change."""
    changed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out").mkdir()
        for line in LOAD:
            run(line.format(root=shlex.quote(str(ROOT))), folder)
        run(MAP, folder)
        wanted = {PICTURE: (folder / "map.svg").read_text(encoding="utf-8")}
        for page in PAGES:
            wanted[Path(page)] = refreshed((ROOT / page).read_text(encoding="utf-8"), folder)
    for path, text in wanted.items():
        target = ROOT / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            changed.append(str(path))
            if "--check" not in sys.argv:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", newline="\n")
    print("\n".join(changed) or "没有变化")
    if changed and "--check" in sys.argv:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
