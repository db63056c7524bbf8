"""The annual set: all documents of one chain in one place, written into one folder with a manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from chain import region
from chain.cli import entries, manifest, printing
from chain.cli.common import safe
from chain.cli.pack import Answers, base_table, gap_table, gather, map_sheet, note_lines
from chain.cli.pinned import laid_out, saved
from chain.errors import OutputError, UnknownName
from chain.moments import of_one_moment
from chain.store import Progress, Store
from queries.leaders import leaders, suppliers
from queries.rules import Rules
from queries.spread import spread
from queries.standing import standing

if TYPE_CHECKING:
    from viz.boundaries import Outlines
    from viz.findings import Findings
    from viz.layout import Part
    from viz.press import Page
    from viz.sheet import MapSheet
    from viz.xlsx import Sheet

PROFILES = ("基本", "四图五清单", "五图五清单")
LAYOUT = "图谱布局.json"
"""Where the boxes of the chain map are, for the next set."""


@dataclass(frozen=True)
class Request:
    """What is to be made: everything beside the store that the bytes of a set depend on.

    Attributes
    ----------
    chain, place
        Chain id; region code or ``park:ID``.
    profile
        One of `PROFILES`: 基本 (map, lists, rules), 四图五清单 (all pictures, lists and documents), 五图五清单 (and link × region).
    top
        Targets a product.
    author, stamp
        Office; words such as 内部资料 on every output.
    redact
        A public version: no targets, amounts in bands.
    boundaries, approval
        GeoJSON of the region map, None for tiles; 审图号.
    pin
        Layout of an earlier chain map, where boxes stay as far as they fit; None for a layout of its own.
    map_product
        A product of which the status in every part of the area is drawn too; empty for none.
    """

    chain: str
    place: str
    profile: str = "基本"
    top: int = 10
    author: str = ""
    stamp: str = ""
    redact: bool = False
    boundaries: Path | None = None
    pin: Path | None = None
    approval: str = ""
    map_product: str = ""
    rules: Rules = field(default_factory=Rules)

    @property
    def whole(self) -> bool:
        """Whether pictures, lists and documents of the annual set are wanted, not only the basic files."""
        return self.profile != "基本"


@dataclass(frozen=True, eq=False)
class Content:
    """What the files of a set are made from."""

    request: Request
    answers: Answers
    findings: Findings
    sheet: MapSheet
    outlines: Outlines
    area: str
    parts: list[Part]
    """The pages of the chain map."""
    told: str = ""
    """How far an earlier layout was kept."""
    status: pd.DataFrame | None = None
    """Status of the wanted product in every part of the area."""
    written: entries.Entries = field(default_factory=entries.Entries)
    """What people wrote into the lists of the set before."""


def write_set(
    store: Store, request: Request, folder: Path, *, progress: Progress | None = None, written_in: Path | None = None,
    tell_user: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write the set into `folder`: made whole beside what is there, then put in its place; files of an older set go.

    What people wrote into the lists there, or in the folder `written_in`, stands in the new ones; files that somebody changed are
    kept in the folder 旧版, and `tell_user` hears of it.

    Raises
    ------
    OutputError
        If the folder can't be written to.
    """
    tell = progress or (lambda step, done: None)
    content = gathered(store, request, lambda step, done: tell(step, 0.6 * done))
    content = replace(content, written=entries.read(written_in or folder))
    try:
        made = folder / ".lianpu-part"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
    except OSError as error:
        raise OutputError(f"写不了目录 {folder}：{error.strerror}", way_out="换一个可写的目录") from error
    try:
        files = list(_files(content))
        for at, (name, write) in enumerate(files):
            tell(name, 0.6 + 0.4 * at / len(files))
            write(made / name)
        manifest.write(made, request, content.answers, content.findings, [made / name for name, _ in files])
        changed = manifest.set_aside(made, folder)
        written = manifest.install(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    tell("完成", 1.0)
    if tell_user is not None:
        if content.told:
            tell_user(content.told)
        for line in _told(content, changed):
            tell_user(line)
    return written


def _told(content: Content, changed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What became of the files that somebody had changed."""
    if not changed:
        return
    lost = {f"{name}.xlsx": content.written.left(name, sheets) for name, sheets in _books(content) if name in entries.KEYS}
    for name, kept in changed:
        carried = "，填写的内容已带到新清单" if content.written.lists.get(name.removesuffix(".xlsx")) and name in lost else ""
        rest = f"（其中 {lost[name]} 行已不在清单里）" if lost.get(name) else ""
        yield f"注意：{name} 有人改过{carried}{rest}，改过的那份在 {kept}"


@of_one_moment
def gathered(store: Store, request: Request, tell: Progress) -> Content:
    """Ask the store everything a set needs."""
    from viz.boundaries import read_boundaries, tiles
    from viz.redact import redacted

    answers = manifest.without_paths(gather(store, request.chain, request.place, request.rules, top=request.top, progress=tell))
    notes = manifest.notes_of(store, answers)
    findings, area = _findings(store, answers, request, notes)
    if request.redact:
        findings = redacted(findings)
        answers = replace(answers, targets=findings.targets, gaps=findings.gaps)
    codes = findings.parts["region"].tolist()
    outlines = read_boundaries(request.boundaries, codes) if request.boundaries else tiles(codes)
    sheet = map_sheet(answers, notes, author=request.author, stamp=request.stamp, public=request.redact)
    status = statuses(store, request, codes) if request.map_product and request.whole else None
    lacking = [("缺字", line) for line in printing.lacking(sheet.texts())]
    findings = replace(findings, explained=(*findings.explained, *lacking))
    parts, told = laid_out(sheet, "A3", request.pin)
    return Content(request, answers, findings, sheet, outlines, area, parts, told, status)


def statuses(store: Store, request: Request, codes: list[str]) -> pd.DataFrame:
    """How the wanted product stands in every region: region, status, label, makers.

    Raises
    ------
    UnknownName
        If the chain has no such product.
    """
    known = store.scope(request.chain).products
    named = known.loc[(known["product"] == request.map_product) | (known["name"] == request.map_product), "product"].tolist()
    if not named:
        raise UnknownName("产品", request.map_product, known["name"].tolist())
    rows = [standing(store, request.chain, code, request.rules).rows[named[0]] for code in codes]
    return pd.DataFrame({"region": codes, **{name: [row[name] for row in rows] for name in ("status", "label", "makers")}})


def _findings(store: Store, answers: Answers, request: Request, notes: tuple[str, ...]) -> tuple[Findings, str]:
    from viz.findings import Findings

    state = answers.state
    led = leaders(store, state, answers.makers)
    files = answers.sources[["id", "file"]].rename(columns={"id": "source"})
    around = spread(store, state)
    return Findings(
        place_name=state.place.name, full_name=state.place.full_name, chain_name=str(state.scope.chain["name"]),
        chain_version=str(state.scope.chain["version"]), as_of=answers.as_of, rule=state.rules.in_words(), notes=notes,
        products=state.products, gaps=answers.gaps, targets=answers.targets, makers=answers.makers, indicators=answers.indicators,
        leaders=led.astype({"source": "str"}).merge(files, on="source", how="left"), suppliers=suppliers(state, answers.makers, led),
        parts=around.parts, matrix=around.matrix, stages=state.scope.stages, sources=answers.sources, enterprises=state.place.enterprises,
        coarse=state.place.coarse, register=not state.place.registers.empty, area_name=region.name(around.area), inside=around.inside,
        area_coarse=around.coarse, author=request.author, stamp=request.stamp, explained=tuple(note_lines(answers, notes)),
    ), around.area


def _files(content: Content) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Names of the files with what writes each."""
    from viz.xlsx import write_workbook

    def book(sheets: list[Sheet]) -> Callable[[Path], None]:
        return lambda path: write_workbook(path, sheets, as_of=content.findings.as_of, author=content.request.author,
                                          stamp=content.request.stamp)

    for name, sheets in _books(content):
        shown = [content.written.into(name, sheet) for sheet in sheets]
        yield f"{name}.xlsx", book([_banded(sheet) for sheet in shown] if content.request.redact else shown)
    yield from _pictures(content)
    if content.request.whole:
        yield from _documents(content)


def _books(content: Content) -> Iterator[tuple[str, list[Sheet]]]:
    from viz import lists, rosters

    findings, title = content.findings, content.findings.title
    notes = _headed(findings.notes, content.request)
    explained = lists.note_sheet([*findings.explained, *_public(content.request)], f"{title}口径与数据质量说明")
    figures = lists.plain_sheet("指标", f"{title}指标", findings.indicators, lists.INDICATOR_COLUMNS, notes)
    status = lists.plain_sheet("环节状态", f"{title}各环节状态", findings.products, lists.COVERAGE_COLUMNS, notes)
    base = base_table(replace(content.answers, makers=findings.makers))
    yield "产业链底数表", [lists.base_sheet(base, f"{title}底数表", notes), status, figures, explained]
    yield "缺口清单", [*lists.gap_sheets(findings.gaps, f"{title}缺口清单", notes), explained]
    if not findings.redacted:
        yield "招商目标企业清单", [*lists.target_sheets(findings.targets, f"{title}招商目标企业清单", notes), explained]
    if content.request.whole:
        yield "长板清单", [rosters.strength_sheet(findings, notes), explained]
        yield "龙头企业清单", [rosters.leader_sheet(findings, notes), explained]
        yield "关键配套清单", [rosters.supplier_sheet(findings, notes), explained]
        yield "招商目录", [rosters.catalogue_sheet(findings, notes), explained]
        yield "区域分布数据", [*rosters.region_sheets(findings, notes), explained]
        if not findings.redacted:
            yield "招商线路图数据", [*rosters.route_sheets(findings, notes), explained]
    yield "口径与数据质量说明", [explained]


def _banded(sheet: Sheet) -> Sheet:
    """The sheet with headers that say that amounts are given in bands."""
    return replace(sheet, frame=sheet.frame.rename(columns=lambda header: str(header).replace("（万元）", "（区间）")))


def _headed(notes: tuple[str, ...], request: Request) -> tuple[str, ...]:
    """The notes of a sheet, under the stamp."""
    return (request.stamp, *notes) if request.stamp else notes


def _public(request: Request) -> list[tuple[str, str]]:
    return [("公开版", "金额只给区间，证据原文、目标企业和招商线路未列。")] if request.redact else []


def _pictures(content: Content) -> Iterator[tuple[str, Callable[[Path], None]]]:
    from viz.files import write_whole
    from viz.html import page

    sheet = content.sheet
    yield from _printed("产业链招商图谱", sheet.title, printing.map_pages(sheet, "A3", parts=content.parts),
                        printing.map_pages(sheet, "A3", annex=True, parts=content.parts))
    yield "产业链招商图谱.html", lambda path: write_whole(
        path, page(sheet, printing.one_page(sheet, "A3", content.parts), gap_table(content.answers), embed=True).encode("utf-8"))
    yield LAYOUT, lambda path: write_whole(path, saved(content.parts, sheet, "A3"))
    if content.request.whole:
        yield from _plates(content)


def _plates(content: Content) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The pictures beside the chain map, each on one page."""
    from viz.flowpage import draw_flow
    from viz.heatmap import draw_heatmap
    from viz.press import page_of
    from viz.regionmap import RegionSheet, draw_region_map

    findings, request = content.findings, content.request

    def plate(name: str, title: str, svg: str) -> Iterator[tuple[str, Callable[[Path], None]]]:
        return _printed(name, title, [page_of(title, svg)])

    yield from plate("产业链流程图", f"{findings.title}流程图", draw_flow(content.sheet, redacted=findings.redacted))
    lost = f"另有 {findings.area_coarse} 家不知在哪个下级地区，未上图。" if findings.area_coarse else ""
    regions = RegionSheet(
        f"{findings.area_name}{findings.chain_name}产业链区域分布图", region.full_name(content.area), findings.as_of, findings.footing,
        findings.parts.rename(columns={"makers": "value"}), "链上企业数", "家", content.outlines, inside=findings.inside,
        approval=request.approval, remark=lost, author=request.author, stamp=request.stamp)
    yield from plate("区域分布图", regions.title, draw_region_map(regions))
    if content.status is not None:
        parts = findings.parts.drop(columns="makers").merge(content.status.rename(columns={"makers": "value"}), on="region").assign(links=0)
        product = replace(regions, title=f"{findings.area_name}{request.map_product}环节状态分布图", parts=parts, measure="环节状态", unit="")
        yield from plate(f"环节状态分布图（{safe(request.map_product)}）", product.title, draw_region_map(product))
    if request.profile == "五图五清单":
        yield from plate("环节地区分布图", f"{findings.title}环节地区分布图", draw_heatmap(findings))


def _printed(name: str, title: str, pages: Sequence[Page], whole: Sequence[Page] = ()) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """A picture as PDF (of the pages `whole` where the PDF has more), and every page of it as PNG and SVG."""
    from viz.files import write_whole

    yield f"{name}.pdf", lambda path: write_whole(path, printing.printed(whole or pages, title, ".pdf")[0])
    for ending in (".png", ".svg"):
        for file, page in zip(printing.file_names(f"{name}{ending}", len(pages)), pages, strict=True):
            yield file, partial(_one_page, page, title, ending)


def _one_page(page: Page, title: str, ending: str, path: Path) -> None:
    from viz.files import write_whole

    write_whole(path, printing.printed([page], title, ending)[0])


def _documents(content: Content) -> Iterator[tuple[str, Callable[[Path], None]]]:
    from viz.analysis import analysis
    from viz.briefing import write_briefing
    from viz.csv import write_csv
    from viz.docx import write_document
    from viz.gazette import gazette
    from viz.rosters import ROUTE_COLUMNS, routes

    findings, author = content.findings, content.request.author
    if not findings.redacted:
        table: pd.DataFrame = routes(findings.targets).rename(columns=ROUTE_COLUMNS)
        yield "招商线路图数据.csv", lambda path: write_csv(table, path)
    yield "招商目录.docx", lambda path: write_document(path, gazette(findings), as_of=findings.as_of, author=author)
    yield "分析报告.docx", lambda path: write_document(path, analysis(findings), as_of=findings.as_of, author=author)
    yield "汇报.pptx", lambda path: write_briefing(path, findings, content.sheet, content.outlines)
