"""汇报: the findings as slides, every box a shape that can be moved and edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

from chain.tables import records
from viz.boundaries import Outlines, fitted, label_spot, tiles
from viz.findings import Findings
from viz.layout import Area
from viz.palette import INK, LINE, LOCAL, LOOKS, NAVY, SECONDARY, TARGET
from viz.pptx import EDGE, TALL, WIDE, Deck
from viz.regionmap import SCALE, ink, shade, steps
from viz.rosters import catalogue, routes, strengths
from viz.sheet import Lane, Link, MapSheet
from viz.text import clean, cut, dated, ems

MOST_BOXES = 84
"""Boxes on one slide; a larger chain takes a slide a stage, a larger stage several."""

ROWS = 14


def write_briefing(path: Path | str, findings: Findings, sheet: MapSheet, outlines: Outlines | None = None) -> None:
    """Writes the slides: cover, overview, chain map, strengths, gaps, targets, regions, what it rests on.

    Raises
    ------
    OutputError
        If the path can't be written.
    """
    foot = "　".join(part for part in (findings.title, dated(findings.as_of), clean(findings.author)) if part)
    deck = Deck(f"{findings.title}汇报", stamp=findings.stamp, foot=foot)
    _cover(deck, findings)
    _overview(deck, findings)
    for lanes, remark in _pages(sheet.lanes):
        _map(deck, findings, lanes, remark)
    _strengths(deck, findings)
    _gaps(deck, findings)
    _wanted(deck, findings)
    _regions(deck, findings, outlines)
    _basis(deck, findings)
    deck.save(path, as_of=findings.as_of, author=findings.author)


def _cover(deck: Deck, findings: Findings) -> None:
    deck.slide()
    deck.box(0, 170, WIDE, 130, fill=NAVY)
    size = max(min(40.0, (WIDE - 2 * EDGE) / max(ems(deck.title, True), 1)), 16.0)
    deck.text(EDGE, 190, WIDE - 2 * EDGE, 60, cut(deck.title, (WIDE - 2 * EDGE) / size, True), size, "#FFFFFF", bold=True, align=2)
    deck.text(EDGE, 252, WIDE - 2 * EDGE, 30, f"地域：{findings.full_name}　{dated(findings.as_of)}", 16, "#D6E0EC", align=2)
    deck.text(EDGE, 330, WIDE - 2 * EDGE, 30, findings.author, 20, INK, align=2)


def _overview(deck: Deck, findings: Findings) -> None:
    deck.slide("总体情况", findings.footing)
    looks = findings.looks
    cards = [("产品环节", len(findings.products), INK)]
    cards += [(LOOKS[key].word, count, LOOKS[key].border) for key, count in looks.items()]
    cards += [("链上本地企业", findings.firms, LOCAL)]
    cards += [] if findings.redacted else [("招引目标", int(findings.targets["enterprise"].nunique()) if len(findings.targets) else 0, TARGET)]
    wide = (WIDE - 2 * EDGE - 8 * (len(cards) - 1)) / len(cards)
    for at, (word, count, colour) in enumerate(cards):
        x = EDGE + at * (wide + 8)
        deck.box(x, 92, wide, 84, fill="#F4F6FA", line=LINE)
        deck.text(x, 98, wide, 44, str(count), 30 if len(str(count)) < 5 else 20, colour, bold=True, align=2)
        deck.text(x, 144, wide, 24, word, 12, SECONDARY, align=2)
    x = EDGE
    for key, count in looks.items():
        part = (WIDE - 2 * EDGE) * count / max(len(findings.products), 1)
        if count:
            deck.box(x, 190, part, 20, LOOKS[key].word if part > 46 else "", 10, LOOKS[key].text, fill=LOOKS[key].fill, line=LOOKS[key].border)
            x += part
    for at, words in enumerate(_messages(findings)):
        deck.text(EDGE, 232 + 44 * at, WIDE - 2 * EDGE, 40, f"{at + 1}. {words}", 17, INK)


def _messages(findings: Findings) -> Iterator[str]:
    strong, named = findings.strengths["name"].tolist(), findings.named_gaps
    yield f"长板：{'、'.join(strong[:6])}{f'等 {len(strong)} 个' if len(strong) > 6 else ''}。" if strong else "长板：没有环节达到长板标准。"
    for action in ("补链", "延链", "强链", "提链"):
        held = named[named["action"] == action]
        if len(held):
            doubtful = int((held["label"] == LOOKS["unknown"].word).sum())
            ask = f"（其中 {doubtful} 条待核）" if doubtful else ""
            yield f"{action} {len(held)} 条{ask}：{'、'.join(held['name'].head(5))}{'等' if len(held) > 5 else ''}。"
    if findings.no_gaps:
        yield findings.no_gaps


def _pages(lanes: Sequence[Lane]) -> Iterator[tuple[list[tuple[str, tuple[Link, ...]]], str]]:
    """What goes on one slide: lanes with their links; a chain too large for one takes several, cut within a stage if it must."""
    whole = [(lane.name, lane.links) for lane in lanes]
    if sum(len(links) for _, links in whole) <= MOST_BOXES:
        yield whole, ""
        return
    for name, links in whole:
        pages = ceil(len(links) / MOST_BOXES)
        for at in range(pages):
            step = ceil(len(links) / pages)
            yield [(name, links[at * step: (at + 1) * step])], f"{name}{f' {at + 1}/{pages}' if pages > 1 else ''}"


def _map(deck: Deck, findings: Findings, lanes: list[tuple[str, tuple[Link, ...]]], remark: str) -> None:
    deck.slide(f"{findings.title}图谱{f'（{remark}）' if remark else ''}")
    _legend(deck)
    top, bottom, gap = 84.0, TALL - 30, 8.0
    columns = _columns([len(links) for _, links in lanes])
    unit = min((WIDE - 2 * EDGE - gap * (len(lanes) - 1)) / sum(columns), 235.0)
    rows = max(ceil(len(links) / count) for (_, links), count in zip(lanes, columns, strict=True))
    tall = min((bottom - top - 28) / rows, 96.0)
    x = EDGE
    for (name, links), count in zip(lanes, columns, strict=True):
        wide = unit * count
        heads = (f"{name}　{len(links)} 个环节", f"{name} {len(links)}", cut(name, (wide - 12) / 12, True))
        head = next((words for words in heads if ems(words, True) * 12 < wide - 12), heads[-1])
        deck.box(x, top, wide, 22, head, 12, "#FFFFFF", fill=NAVY, bold=True, align=1)
        for at, link in enumerate(links):
            _link(deck, link, x + (at % count) * unit, top + 27 + (at // count) * tall, unit - 5, tall - 5)
        x += wide + gap


def _columns(sizes: Sequence[int]) -> list[int]:
    """Columns of every lane: given to the tallest lane one by one, as many as leave boxes wide and high enough to read."""
    columns, best = [1] * len(sizes), (-1.0, [1] * len(sizes))
    while True:
        rows = max(ceil(size / count) for size, count in zip(sizes, columns, strict=True))
        wide, tall = (WIDE - 2 * EDGE) / sum(columns), min((TALL - 145) / rows, 96.0)
        worth = min(wide / 110, 1.0) * min(tall / 44, 1.0) * min(260 / wide, 1.0)
        if worth > best[0]:
            best = worth, list(columns)
        if rows == 1 or sum(columns) == 14:
            return best[1]
        columns[max(range(len(sizes)), key=lambda at: (ceil(sizes[at] / columns[at]), -at))] += 1


def _link(deck: Deck, link: Link, x: float, y: float, wide: float, tall: float) -> None:
    """One box: sign, name, local firms or why there is none."""
    look = link.look
    size = min(max(0.2 * tall, 9.0), 14.0, max(wide / 8, 9.0))
    small = max(0.78 * size, 8.0)
    name = cut(f"{look.symbol} {clean(link.name)}", (wide - 14) / size, True)
    lines = [(name, size, True)]
    room = int((tall - 8 - 1.35 * size) // (small * 1.35))
    if room >= 1:
        words = "、".join(firm.label for firm in link.firms[:6]) + (f"等{link.makers}家" if link.makers > 6 else "") if link.firms else link.absence
        lines.append((cut(words, room * (wide - 14) / small - 1.5 * (room - 1), False), small, False))
    deck.labelled(x, y, wide, tall, lines, look.text, fill=look.fill, line=look.border, dashed=look.hatched)


def _legend(deck: Deck) -> None:
    x = EDGE
    for look in LOOKS.values():
        deck.box(x, 60, 84, 18, f"{look.symbol} {look.word}", 10, look.text, fill=look.fill, line=look.border, bold=True, dashed=look.hatched)
        x += 90


def _strengths(deck: Deck, findings: Findings) -> None:
    frame = strengths(findings)
    deck.slide("长板与龙头", f"达到长板标准的环节 {len(findings.strengths)} 个；龙头企业 {len(findings.leaders)} 家（认定依据见《龙头企业清单》）")
    if frame.empty:
        _empty(deck, "所载数据里没有本地已具备的环节。")
        return
    rows = [(row["name"], row["label"], str(row["makers"]), "" if row["lq"] is None else f"{row['lq']:.2f}", row["firms"].replace("；", "、"))
            for row in records(frame.head(7 if len(findings.leaders) else ROWS))]
    deck.table(84, ("产品环节", "状态", "本地企业数", "区位商", "本地企业"), rows, (2, 1.1, 1, 0.8, 5))
    firms = [(row["name"], row["place"], row["basis"], row["products"].replace("；", "、")) for row in records(findings.leaders.head(6))]
    if firms:
        deck.table(84 + 26 * (len(rows) + 1) + 14, ("龙头企业", "所在地", "认定依据", "生产环节"), firms, (2.4, 1.8, 2.4, 3.4))


def _gaps(deck: Deck, findings: Findings) -> None:
    named = findings.named_gaps
    deck.slide("短板与缺口", f"共 {len(named)} 条，下列按评分前 {min(ROWS, len(named))} 条；全部见《缺口清单》" if len(named) else "")
    if findings.no_gaps:
        _empty(deck, findings.no_gaps)
        return
    rows = [(str(row["rank"]), row["name"], row["action"], row["label"], row["detail"], f"{row['score']:.0f}") for row in records(named.head(ROWS))]
    deck.table(84, ("序号", "产品环节", "行动", "状态", "理由", "评分"), rows, (0.6, 1.8, 0.8, 1.2, 6, 0.7))


def _wanted(deck: Deck, findings: Findings) -> None:
    found = findings.targets
    if findings.redacted or found.empty:
        frame = catalogue(findings)
        deck.slide("拟招引产品", f"共 {len(frame)} 个产品" if len(frame) else "")
        rows = [(row["name"], row["stage"], row["action"].replace("；", "、"), row["label"], row["detail"], row["level"])
                for row in records(frame.head(ROWS))]
        if rows:
            deck.table(84, ("产品", "环节位置", "行动", "状态", "本地需求与基础", "优先级"), rows, (1.8, 0.9, 1.1, 1.2, 5.2, 0.8))
        else:
            _empty(deck, "没有可以对外招引的产品。")
        return
    lines = routes(found).groupby("route", sort=False)["firms"].sum()
    deck.slide("招商目标", "　".join(f"{name} {count} 家" for name, count in lines.items()))
    best = found[found["rank"] == 1].head(ROWS)
    rows = [(row["name"], row["place"], row["product"], row["gap_label"], row["reason"], f"{row['score']:.0f}") for row in records(best)]
    deck.table(84, ("目标企业", "所在地", "对应环节", "状态", "匹配理由", "匹配度"), rows, (2.6, 1.9, 1.4, 1.2, 4.6, 0.8))


def _regions(deck: Deck, findings: Findings, outlines: Outlines | None) -> None:
    parts = {row["region"]: row for row in records(findings.parts)}
    if not parts:
        return
    shapes = outlines or tiles(list(parts))
    deck.slide("区域分布", f"{findings.area_name}各地链上企业数" + ("；方块只示意相邻关系，不表示界线" if shapes.schematic else ""))
    limits = steps([row["makers"] for row in parts.values()])
    for shape in fitted(shapes, Area(EDGE, 86, 560, TALL - 120), tolerance=0.8):
        row = parts.get(shape.code)
        for ring in shape.rings:
            if row is not None and len(ring) > 2:
                deck.outline(ring, SCALE[shade(row["makers"], limits)], "#627D98")
    for shape in fitted(shapes, Area(EDGE, 86, 560, TALL - 120), tolerance=0.8):
        if shape.code in parts:
            row = parts[shape.code]
            x, y, wide = label_spot(shape.rings, 36)
            name, count = clean(row["name"]), str(row["makers"] or "未见")
            size = min(13.0, 0.9 * wide / max(ems(name, True), ems(count), 1))
            colour = ink(shade(row["makers"], limits))
            if size >= 7:
                deck.text(x - wide / 2 - 10, y - 1.25 * size - 3, wide + 20, 1.5 * size, name, size, colour, bold=True, align=2)
                deck.text(x - wide / 2 - 10, y + 1, wide + 20, 1.5 * size, count, size, colour, align=2)
    ranked = findings.parts.sort_values(["makers", "links", "region"], ascending=[False, False, True], kind="stable").head(18)
    most = max(int(ranked["makers"].max()), 1)
    for at, row in enumerate(records(ranked)):
        y = 90 + 23 * at
        deck.text(620, y, 110, 20, cut(row["name"], 9), 11, INK)
        if row["makers"]:
            deck.box(735, y + 4, 90 * row["makers"] / most, 12, fill=SCALE[3])
        deck.text(830, y, 100, 20, f"{row['makers']} 家 · {row['links']} 环节" if row["makers"] else "未见", 11, INK if row["makers"] else SECONDARY)


def _basis(deck: Deck, findings: Findings) -> None:
    deck.slide("口径与局限")
    lines = list(findings.notes)
    lines += ["公开版：金额只给区间，证据原文和目标企业未列。"] if findings.redacted else []
    y = 76.0
    for at, words in enumerate(lines, start=1):
        tall = 22 * ceil(ems(words) * 14 / (WIDE - 2 * EDGE)) + 8
        if y + tall > TALL - 30:
            break
        deck.text(EDGE, y, WIDE - 2 * EDGE, tall, f"{at}. {words}", 14, INK)
        y += tall


def _empty(deck: Deck, words: str) -> None:
    deck.box(EDGE, 200, WIDE - 2 * EDGE, 80, words, 20, SECONDARY, fill="#F4F6FA", line=LINE)
