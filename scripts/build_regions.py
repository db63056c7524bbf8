"""Write chain/regions.csv: GB/T 2260 codes, present and past, with their names.

The codes come from the county table that python-stdnum carries; codes newer than that table are added by hand below.

    python scripts/build_regions.py
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import stdnum.cn

TARGET = Path(__file__).resolve().parents[1] / "chain" / "regions.csv"
NEWER = {
    "330113": ("临平区", 2021), "330114": ("钱塘区", 2021), "653132": ("岑岭县", 2024), "653228": ("和康县", 2024),
    "653229": ("和安县", 2024), "659013": ("草湖市", 2026),
}
"""Counties set up after the table was last revised, with the year."""

ENDED = {"429001": "2000", "422921": "1994"}
"""Codes that the table leaves open although another one took their place: 随州市 (now 421300), 神农架林区 (now 429021)."""
NAMED = {"加格達奇區": "加格达奇区", "松嶺區": "松岭区", "新林區": "新林区", "呼中區": "呼中区"}
"""Names that the table has in traditional characters."""

PERIOD = re.compile(r"^\[(\d{4})?-(\d{4})?\](.*)$")


def read() -> list[tuple[str, str, str, str]]:
    """Rows of code, name, first year, last year (empty: open)."""
    rows, province = [], ""
    text = (Path(stdnum.cn.__file__).parent / "loc.dat").read_text(encoding="utf-8")
    for line in text.splitlines():
        if head := re.match(r'^(\d\d) province="(.*)"', line):
            province = head[1]
        elif entry := re.match(r'^\s+(\d{4}) county="(.*)"', line):
            for part in entry[2].split(","):
                period = PERIOD.match(part.strip())
                since, until, name = period.groups() if period else (None, None, part.strip())
                code = province + entry[1]
                rows.append((code, NAMED.get(name, name), since or "", until or ENDED.get(code, "")))
    rows = [row for row in rows if "直辖" not in row[1] and row[1] not in ("市辖区", "县", "市区")]
    known = {code for code, _, _, until in rows if not until}
    rows += [(code, name, str(year), "") for code, (name, year) in NEWER.items() if code not in known]
    return sorted(set(rows))


def main() -> None:
    with open(TARGET, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "since", "until"])
        writer.writerows(read())


if __name__ == "__main__":
    main()
