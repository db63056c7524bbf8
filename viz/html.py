"""The chain map as one HTML page: the drawing, what it can't say, and its gaps as a plain list.

The page needs no script and fetches nothing; its content policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator

import pandas as pd

from viz.palette import INK, LINE, NAVY, SECONDARY, look_of_word
from viz.sheet import Link, MapSheet
from viz.svg import FONTS, number, size_of
from viz.text import clean, escape, shown
from viz.webfont import font_faces

_GAPS = ("missing", "suspected", "weak")
_NAMES = ("产品环节", "环节")
"""Columns that name a row."""

_SHORT = ("序号", "图上编号", "行动", "状态", "评分")
"""Columns that stay on one line."""


def page(sheet: MapSheet, svg: str, gaps: pd.DataFrame | None = None, *, embed: bool = False) -> str:
    """One HTML page around a map: title, caveat, map, list of gaps, list of what is to be verified.

    Parameters
    ----------
    sheet, svg
        What is on the map, and the map as `draw_map` drew it.
    gaps
        The gap list under its Chinese headers (序号, 产品环节, 环节位置, 行动, 状态, 理由, 评分, 编号), shown as it stands.
        Without it the missing, suspected and weak links of the map are listed.
    embed
        Put the glyphs it uses into the page, so that it reads on a machine without a Chinese font; takes about two seconds
        and some 200 kB.

    Notes
    -----
    Printed, the map fills its own sheet of the paper it was drawn for and the lists follow on A4. On a phone the map is
    moved sideways and every row of a list becomes a block of its own.
    """
    title = escape(clean(sheet.title))
    facts = [sheet.where, sheet.dated]
    facts += [f"编制：{clean(sheet.author)}"] if clean(sheet.author) else []
    body = "\n".join([
        "<body>", "<header>",
        f'<h1 class="said">{title}</h1>', f'<p class="said">{escape(" ｜ ".join(facts))}</p>', *_caveat(sheet), "</header>", "<main>",
        '<p class="hint">图较宽，可左右滑动查看。</p>', f"<figure>\n{svg.strip()}\n</figure>",
        *(_links(sheet) if gaps is None else _gaps(gaps)), *_unknowns(sheet), f"<p>判定：{escape(clean(sheet.rule))}</p>", "</main>", "</body>",
    ])
    style = "\n".join([*([font_faces(body)] if embed else []), _style(*(f"{number(side)}mm" for side in size_of(svg)))])
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    fonts = " font-src data:;" if embed else ""
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;{fonts} base-uri 'none'; form-action 'none'"
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="zh-CN">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>", f"<style>{style}</style>", "</head>", body, "</html>", "",
    ])


def _caveat(sheet: MapSheet) -> Iterator[str]:
    if clean(sheet.caveat):
        yield f'<p class="caveat">{escape(clean(sheet.caveat))}</p>'


def _gaps(gaps: pd.DataFrame) -> Iterator[str]:
    """The gap list in the order given."""
    yield f"<section>\n<h2>缺口清单（{len(gaps)} 条）</h2>"
    if len(gaps):
        yield from _table(tuple(map(clean, gaps.columns)), (tuple(map(shown, row)) for row in gaps.itertuples(index=False, name=None)))
    else:
        yield "<p>没有符合条件的行。</p>"
    yield "</section>"


def _links(sheet: MapSheet) -> Iterator[str]:
    found = sorted((link for link in sheet.links if link.look.key in _GAPS), key=lambda link: _GAPS.index(link.look.key))
    yield f"<section>\n<h2>缺口清单（{len(found)} 个环节）</h2>"
    if not found:
        yield "<p>本图没有缺失、疑似缺失或薄弱的环节。</p>\n</section>"
        return
    heads = ("图上编号", "环节", "位置", "状态", "行动", "本地企业", "库内企业", "招引目标")
    yield from _table(heads, (_link_row(link) for link in found))
    yield "</section>"


def _unknowns(sheet: MapSheet) -> Iterator[str]:
    found = [link for link in sheet.links if link.look.key == "unknown"]
    if found:
        yield f"<section>\n<h2>待核清单（{len(found)} 个环节：现有数据不足以判定，不等于缺失）</h2>"
        rows = ((link.code, link.name, _place(link), link.absence) for link in found)
        yield from _table(("图上编号", "环节", "位置", "原因"), rows)
        yield "</section>"


def _link_row(link: Link) -> tuple[str, ...]:
    names = "、".join(firm.label for firm in link.targets[:8]) + (f" 等{link.wanted}家" if (link.wanted or 0) > min(len(link.targets), 8) else "")
    return (link.code, link.name, _place(link), link.look.word, "、".join(link.actions), str(link.makers), str(link.national), names)


def _place(link: Link) -> str:
    return " · ".join(part for part in (link.stage, link.segment) if part)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield '<table role="table">\n<thead role="rowgroup"><tr role="row">'
    yield "".join(f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in heads)
    yield '</tr></thead>\n<tbody role="rowgroup">'
    for row in rows:
        yield '<tr role="row">' + "".join(_cell(head, words) for head, words in zip(heads, row, strict=True)) + "</tr>"
    yield "</tbody>\n</table>"


def _cell(head: str, words: str) -> str:
    """One cell; it carries its header for narrow screens, which show no row of headers. A status gets its sign."""
    look = look_of_word(words) if head == "状态" and words else None
    text = escape(f"{look.symbol} {look.word}" if look else words)
    if head in _NAMES:
        return f'<th scope="row" role="rowheader" data-head="{escape(head)}">{text}</th>'
    kind = ' class="short"' if head in _SHORT else ""
    return f'<td role="cell"{kind} data-head="{escape(head)}">{text}</td>'


def _style(width: str, height: str) -> str:
    rules = (
        "@page{size:A4 portrait;margin:15mm}",
        f"@page map{{size:{width} {height};margin:0}}",
        f"body{{margin:0;font:14px/1.6 {FONTS};color:{INK};background:#fff}}",
        "header,section,main>p{max-width:1400px;margin:0 auto;padding:8px 24px}",
        f"h1{{font-size:24px;margin:12px 0 4px;color:{NAVY}}}",
        f"h2{{font-size:17px;margin:16px 0 8px;color:{NAVY}}}",
        f"p{{margin:4px 0;color:{SECONDARY}}}",
        f".caveat{{color:{INK};border-left:4px solid #F2B53A;background:#FEF8EA;padding:6px 12px}}",
        "figure{margin:8px 0;overflow-x:auto}",
        "figure svg{display:block;width:100%;min-width:1000px;height:auto}",
        "table{border-collapse:collapse;width:100%}",
        f"th,td{{border:1px solid {LINE};padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}}",
        f"thead th{{background:{NAVY};color:#fff;white-space:nowrap}}",
        "thead{display:table-header-group}",
        "tr{break-inside:avoid}",
        ".short{white-space:nowrap}",
        "tbody th{min-width:7em}",
        ".hint{display:none}",
        # the map says title and place itself; here they are for who has the page read aloud
        "@media screen{",
        ".said{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}",
        "}",
        "@media screen and (max-width:760px){",
        "header,section,main>p{padding:8px 14px}",
        ".hint{display:block}",
        "table,tbody,tr,th,td{display:block}",
        "thead{display:none}",
        f"tr{{border:1px solid {LINE};border-radius:4px;margin:0 0 10px}}",
        f"tbody th,tbody td{{display:flex;gap:10px;border:0;border-bottom:1px solid {LINE};white-space:normal;min-width:0}}",
        "tbody tr>:last-child{border-bottom:0}",
        "tbody td:empty{display:none}",
        f"tbody [data-head]::before{{content:attr(data-head);flex:0 0 5em;font-weight:400;color:{SECONDARY}}}",
        "}",
        "@media print{",
        "header{display:none}",
        "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}",
        "figure{page:map;margin:0;overflow:hidden;break-after:page}",
        f"figure svg{{width:{width};height:{height};min-width:0}}",
        "section,main>p{padding:0;max-width:none}",
        "table{font-size:9.5pt}",
        "}",
    )
    return "\n".join(rules)
