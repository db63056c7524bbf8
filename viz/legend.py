"""The legend under a chain map: what the signs mean, how a status is decided, what the data can't say, the page number."""

from __future__ import annotations

from collections.abc import Iterator

from viz import svg
from viz.box import Form
from viz.frame import LEGEND, MARGIN, Frame
from viz.palette import INK, LINE, LOCAL, LOOKS, NAVY, SECONDARY, TARGET
from viz.sheet import MapSheet
from viz.text import POINT, ems, wrap

SIZE = 8.0 * POINT


def draw_legend(sheet: MapSheet, form: Form, frame: Frame) -> Iterator[str]:
    """The strip at the foot of a page."""
    width, height, s = frame.width, frame.height, frame.scale
    top = height - MARGIN - LEGEND * s + 2.6 * s
    yield svg.rect(MARGIN, top, width - 2 * MARGIN, 0.2, fill=LINE)
    yield from _signs(form, sheet.public, MARGIN, top + 3.6 * s, width - MARGIN, s)
    size, right = frame.type_size(7.2), width - MARGIN
    number = f"第 {frame.page} / {frame.pages} 页　{frame.paper} 横向　链谱"
    room = (width - 2 * MARGIN) / size
    lines = [(line, INK) for line in wrap(f"判定：{sheet.rule}", room, 2)]
    caveat = wrap(f"口径：{_caveat(sheet, form, frame)}", room - ems(number) - 2, 3 - len(lines))
    lines += [(line, SECONDARY) for line in caveat]
    for at, (words, colour) in enumerate(lines):
        full = sheet.rule if colour == INK else sheet.caveat
        yield svg.text(MARGIN, top + (8.8 + 3.4 * at) * s, words, size, colour, title=full)
    yield svg.text(right, top + (8.8 + 3.4 * (len(lines) - 1)) * s, number, size, SECONDARY, anchor="end")


def _caveat(sheet: MapSheet, form: Form, frame: Frame) -> str:
    later = "企业名单见后页和附表。" if frame.pages > 1 else "企业名单见附表。"
    more = "框内放不下的企业以“等N家”表示，全部名单见附表。" if form.names else later
    return " ".join(part for part in (sheet.caveat, more, _depth(sheet)) if part)


def _depth(sheet: MapSheet) -> str:
    """What the number of targets in the heading counts, where it leaves out some that boxes count."""
    capped = any((link.wanted or 0) > len(link.targets) for link in sheet.links)
    listed = f"匹配度前 {sheet.depth} 家" if sheet.depth else "列出的"
    return f"框内招引家数为全部候选，表头招引目标为各环节{listed}合计（去重）。" if capped else ""


def _signs(form: Form, public: bool, x: float, middle: float, right: float, s: float) -> Iterator[str]:
    size, base = SIZE * s, middle + 0.36 * SIZE * s
    yield svg.text(x, base, "图例", size, NAVY, bold=True)
    x += 9.5 * s
    for key, look in LOOKS.items():
        wide = (ems(look.word) * SIZE + 6.2) * s
        dashes = f"{svg.number(1.2 * s)} {svg.number(0.7 * s)}" if look.hatched else None
        yield svg.rect(
            x, middle - 2.1 * s, wide, 4.2 * s, rx=0.8 * s, fill=svg.paint(look), stroke=look.border, stroke_width=0.3 * s,
            stroke_dasharray=dashes,
        )
        if look.hatched:
            yield svg.rect(x + 0.8 * s, middle - 1.5 * s, wide - 1.6 * s, 3.0 * s, rx=0.4 * s, fill="#FFFFFF")
        yield svg.icon(key, x + 2.6 * s, middle, 2.4 * s, look.text)
        yield svg.text(x + 4.6 * s, base, look.word, size, look.text)
        x += wide + 2.6 * s
    x += 2 * s
    for sign, words, colour in _marks(form, public):
        wide = ems(words) * size
        if x + 2.6 * s + wide > right:
            return
        yield _mark(sign, x + 0.8 * s, middle, s)
        x += 2.6 * s if sign else 0.0
        yield svg.text(x, base, words, size, colour)
        x += wide + 4 * s


def _marks(form: Form, public: bool) -> Iterator[tuple[str, str, str]]:
    """Sign, words and colour of what boxes show in this form; a public version has no targets to explain."""
    if form.names:
        yield "local", "本地企业", LOCAL
        yield "lead", "链主/龙头（官方称号）", LOCAL
        if not public:
            yield "target", "招引目标", TARGET
        yield "", "供→ 中1：本环节产品供给编号“中1”的环节", SECONDARY
    elif form.name == "compact":
        yield "", "本地 n 家：本地企业数", LOCAL
        if not public:
            yield "", "招引 m 家：招引目标企业数", TARGET
    elif form.name == "segments":
        yield "", "上1–9：这一组环节的编号；各环节见后页", SECONDARY
    else:
        yield "", "n：本地企业数" if public else "n/m：本地企业数/招引目标数", SECONDARY


def _mark(sign: str, x: float, middle: float, s: float) -> str:
    if sign == "local":
        return svg.rect(x - 0.7 * s, middle - 0.7 * s, 1.4 * s, 1.4 * s, fill=LOCAL)
    if sign == "lead":
        return svg.crown(x, middle, 1.2 * s, LOCAL)
    return svg.diamond(x, middle, 0.9 * s, TARGET) if sign else ""
