"""Write the Chinese messages of the command line library (chain/cli/locale/…/lianpu.mo) from messages.csv.

    python scripts/build_messages.py
"""

from __future__ import annotations

import csv
import struct
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "chain" / "cli" / "locale"
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
PLURALS = {
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."): "{value} 不在可选之列：{choices}",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"): "多出来的参数：{args}",
    ("Did you mean {possibility}?", "(Possible options: {possibilities})"): "是不是 {possibilities}？",
    ("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."): "要 {nargs} 个值，给了 {len} 个",
}


def compiled(messages: dict[str, str]) -> bytes:
    """Messages in the binary form that gettext reads: header, table of originals, table of translations, texts."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(messages.items())]
    start = 28 + 16 * len(pairs)
    tables, texts = [], b""
    for side in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[side]), start + len(texts)))
            texts += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(tables) + texts


def main() -> None:
    """Read the table, write the binary file."""
    with open(LOCALE / "messages.csv", encoding="utf-8", newline="") as file:
        messages = {row["english"]: row["chinese"] for row in csv.DictReader(file)}
    messages |= {"\0".join(forms): chinese for forms, chinese in PLURALS.items()}
    messages[""] = HEADER
    target = LOCALE / "zh_CN" / "LC_MESSAGES" / "lianpu.mo"
    target.write_bytes(compiled(messages))


if __name__ == "__main__":
    main()
