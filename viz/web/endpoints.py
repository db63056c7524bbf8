"""The questions of the API, each with its parameters checked and handed to the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from viz.web import parameters as p
from viz.web import shapes as s
from viz.web.desk import Desk

STATUSES = ("", "strong", "covered", "weak", "missing", "suspected", "unknown")
RELATIONS = ("", "input", "use", "kind", "subkind", "byproduct", "main", "upgrade", "improves", "maker", "outside", "makes", "supplier", "buyer")
ACTIONS = ("", "补链", "延链", "强链", "提链", "先核实")
SORTS = ("", "rank", "score", "name", "makers", "outside")
KINDS = ("", "product", "firm", "local")
FORMS = ("xlsx", "docx", "csv")
PAPERS = ("A3", "A4", "A2", "A1")
DENSITIES = ("150", "300")

Values = Mapping[str, Any]
SVG, PDF, PNG = "image/svg+xml", "application/pdf", "image/png"
OFFICE = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "csv": "text/csv"}


@dataclass(frozen=True)
class File:
    """An answer that is a file; without a name it is shown and not saved."""

    content: bytes
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One question.

    Attributes
    ----------
    method, path, summary
        How it is asked, and what it answers.
    parameters
        Those in the query, or in the body of a POST, with their schemas.
    needed
        Which of them have to be given.
    answer
        Who answers.
    returns
        Schema of the answer, or the media types of the file it is.
    fixed
        Whether the answer is the same as long as the data is.
    """

    method: str
    path: str
    summary: str
    parameters: Mapping[str, s.Shape]
    needed: tuple[str, ...]
    answer: Callable[[Desk, Values], Any]
    returns: s.Shape | tuple[str, ...]
    fixed: bool = True


def _gaps(desk: Desk, values: Values) -> Any:
    asked = p.asked(values, p.text(values, "id"))
    status, action, sort = p.choice(values, "status", STATUSES), p.choice(values, "action", ACTIONS), p.choice(values, "sort", SORTS)
    stage, words = p.text(values, "stage", default="", most=p.MOST_TEXT), p.text(values, "q", default="", most=p.MOST_TEXT)
    page = p.page(values, 500)
    rows = [row for row in desk.gaps(asked) if (not status or row["look"] == status) and (not stage or row["stage"] == stage)
            and (not action or row["action"] == action) and words in row["name"] + row["detail"]]
    if sort:
        rows.sort(key=lambda row: ((row[sort] if sort in ("rank", "name") else -row[sort]), row["rank"]))
    return {"total": len(rows), "offset": page.offset, "rows": rows[page.offset : page.offset + page.limit]}


def _neighbours(desk: Desk, values: Values) -> Any:
    return desk.neighbours(p.asked(values), p.text(values, "id"), p.choice(values, "relation", RELATIONS), p.page(values, 200))


def _path(desk: Desk, values: Values) -> Any:
    directed = p.choice(values, "directed", ("", "true", "false"))
    return desk.path(p.asked(values), p.text(values, "a", least=1), p.text(values, "b", least=1), {"true": True, "false": False}.get(directed))


def _search(desk: Desk, values: Values) -> Any:
    kind = p.choice(values, "kind", KINDS)
    return desk.search(p.asked(values), p.text(values, "q", most=p.MOST_TEXT), kind, p.number(values, "limit", 12, 1, 20))


def _regions(desk: Desk, values: Values) -> Any:
    return desk.regions(p.text(values, "parent", default="", most=6), p.text(values, "q", default="", most=p.MOST_TEXT))


def _save_scenario(desk: Desk, values: Values) -> Any:
    asked, name = p.asked(values), p.text(values, "name", most=p.MOST_NAME, least=1)
    return desk.save_scenario({"name": name, "chain": asked.chain, "region": asked.region, "scenario": p.scenario(values)})


def _drop_scenario(desk: Desk, values: Values) -> Any:
    desk.drop_scenario(p.text(values, "id"))
    return {"ok": True}


def _save_view(desk: Desk, values: Values) -> Any:
    return {"id": desk.save_view(p.text(values, "state", most=p.MOST_STATE, least=1))}


def _map_svg(desk: Desk, values: Values) -> File:
    drawn = desk.map_svg(p.asked(values, p.text(values, "id")), p.choice(values, "paper", PAPERS, "A3"))
    return File(drawn.encode("utf-8"), SVG)


def _map_print(form: str, kind: str) -> Callable[[Desk, Values], File]:
    def answer(desk: Desk, values: Values) -> File:
        asked, paper = p.asked(values, p.text(values, "id")), p.choice(values, "paper", PAPERS, "A3")
        ppi = int(p.choice(values, "ppi", DENSITIES, "150")) if form == "png" else 0
        return File(desk.map_print(asked, paper, form, ppi), kind, f"{asked.chain}产业链招商图谱.{form}")

    return answer


def _export(desk: Desk, values: Values) -> File:
    form = p.choice(values, "form", FORMS, "")
    name, content = desk.export(p.asked(values), form, p.ids(values, needed=False, most=p.REFERENCE))
    return File(content, OFFICE[form], name)


_WHERE = {
    "region": s.text("地区：名称、六位代码或 园区:名称", p.MOST_PLACE, 1),
    "as_of": {"type": "string", "description": "按哪一天的状态，如 2026-06-30；空为数据日期", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}}
_ASKED = {"chain": s.text("产业链编号", least=1), **_WHERE}
_NEED = ("chain", "region")
_PAPER = {"paper": s.one_of("纸张", PAPERS, "A3")}
_PAGED = {"offset": s.whole("从第几个起", 0, p.MOST_OFFSET, 0)}
_FIRM = s.inside("引进的企业", name=s.text("新企业的名称", p.MOST_PLACE), id=s.text("图谱里企业的编号（e:…）"),
                 products=s.many("生产哪些产品（p:…）；图谱里的企业可以不写", s.text("编号", least=1), p.MOST_FIRMS))
_PLAN = {"arrivals": s.many("引进", _FIRM, p.MOST_FIRMS), "departures": s.many("撤出的企业编号", s.text("编号", least=1), p.MOST_FIRMS)}

TABLE = (
    Endpoint("GET", "/api/meta", "程序、数据日期、产业链、缺省地区、状态图例", {}, (), lambda desk, values: desk.meta(), s.META),
    Endpoint("GET", "/api/chains", "图谱里的产业链", {}, (), lambda desk, values: desk.chains(), s.rows(s.CHAIN)),
    Endpoint("GET", "/api/regions", "按名称找地区与园区，或列出下一级地区", {
        "q": s.text("名称的一部分", p.MOST_TEXT), "parent": s.text("上级地区代码", 6)}, (), _regions, s.rows(s.REGION)),
    Endpoint("GET", "/api/chains/{id}", "一条链在一个地区的全部环节、投入关系、企业、缺口与指标", _WHERE, ("region",),
             lambda desk, values: desk.chain(p.asked(values, p.text(values, "id"))), s.CONTENTS),
    Endpoint("GET", "/api/chains/{id}/gaps", "缺口清单，一次最多 500 行", {
        **_WHERE, "status": s.one_of("状态", STATUSES), "stage": s.text("环节位置", p.MOST_TEXT), "action": s.one_of("行动", ACTIONS),
        "q": s.text("名称或理由里的文字", p.MOST_TEXT), "sort": s.one_of("按什么排序，数多的在前", SORTS), **_PAGED,
        "limit": s.whole("几行", 1, 500, 50)}, ("region",), _gaps, s.told({"total": s.I, "offset": s.I, "rows": s.rows(s.GAP)})),
    Endpoint("GET", "/api/chains/{id}/map.svg", "产业链招商图谱，一页，SVG", {**_WHERE, **_PAPER}, ("region",), _map_svg, (SVG,)),
    Endpoint("GET", "/api/chains/{id}/map.pdf", "产业链招商图谱，全部各页，PDF", {**_WHERE, **_PAPER}, ("region",), _map_print("pdf", PDF), (PDF,)),
    Endpoint("GET", "/api/chains/{id}/map.png", "产业链招商图谱，第一页，PNG", {
        **_WHERE, **_PAPER, "ppi": s.one_of("每英寸点数", DENSITIES, "150")}, ("region",), _map_print("png", PNG), (PNG,)),
    Endpoint("GET", "/api/search", "按名称、拼音或股票代码搜索产品与企业；没有时给出相近的", {
        **_ASKED, "q": s.text("要找的文字", p.MOST_TEXT), "kind": s.one_of("只要产品、企业，或本链的本地企业", KINDS),
        "limit": s.whole("最多几个", 1, 20, 12)}, (*_NEED, "q"), _search, s.told({"hits": s.rows(s.HIT), "near": s.rows(s.HIT)})),
    Endpoint("GET", "/api/nodes/{id}", "一个产品（p:编号）或企业（e:编号）的事实与证据", _ASKED, _NEED,
             lambda desk, values: desk.node(p.asked(values), p.text(values, "id")), s.NODE),
    Endpoint("GET", "/api/nodes/{id}/neighbors", "相邻的产品与企业，最要紧的在前，一次最多 200", {
        **_ASKED, "relation": s.one_of("只要一种关系", RELATIONS), **_PAGED, "limit": s.whole("几个", 1, 200, 50)}, _NEED, _neighbours, s.NEAR),
    Endpoint("GET", "/api/path", "两个节点之间最短的几条路径，最多 8 步", {
        **_ASKED, "a": s.text("起点", least=1), "b": s.text("终点", least=1),
        "directed": s.one_of("true 只顺着供给方向，false 不论方向，空为先顺后不论", ("", "true", "false"))}, (*_NEED, "a", "b"), _path, s.WAYS),
    Endpoint("GET", "/api/explain", "一条缺口、目标或企业的证据，直到来源文件和行", {
        **_ASKED, "reference": s.text("编号", p.REFERENCE, 1)}, (*_NEED, "reference"),
             lambda desk, values: desk.explain(p.asked(values), p.text(values, "reference", most=p.REFERENCE, least=1)),
             s.rows(s.told(s.named(s.T, "step", "statement", "origin")))),
    Endpoint("POST", "/api/subgraph", "指定节点及其间的关系", {
        **_ASKED, "ids": s.many("节点编号", s.text("编号", least=1), p.MOST_IDS)}, (*_NEED, "ids"),
             lambda desk, values: desk.subgraph(p.asked(values), p.ids(values)), s.GRAPH),
    Endpoint("POST", "/api/whatif", "推演：引进与撤出之后各环节状态、指标、链上关系、缺口的变化；不改动数据", {**_ASKED, **_PLAN}, _NEED,
             lambda desk, values: desk.whatif(p.asked(values), p.scenario(values)), s.OUTCOME),
    Endpoint("POST", "/api/export/{form}", "选中的缺口及其目标企业，XLSX、DOCX 或 CSV 文件", {
        **_ASKED, "ids": s.many("缺口编号，空为全部", s.text("编号", p.REFERENCE, 1), p.MOST_IDS)}, _NEED, _export, tuple(OFFICE.values())),
    Endpoint("GET", "/api/scenarios", "已存的推演方案", {}, (), lambda desk, values: desk.scenarios(), s.rows(s.SCENARIO), fixed=False),
    Endpoint("POST", "/api/scenarios", "保存推演方案；同名的被替换", {
        **_ASKED, "name": s.text("方案名", p.MOST_NAME, 1), **_PLAN}, (*_NEED, "name"), _save_scenario, s.SCENARIO),
    Endpoint("DELETE", "/api/scenarios/{id}", "删除推演方案", {}, (), _drop_scenario, s.told({"ok": s.B})),
    Endpoint("POST", "/api/views", "把长的页面状态存成短编号", {"state": s.text("页面状态", p.MOST_STATE, 1)}, ("state",), _save_view,
             s.told({"id": s.T})),
    Endpoint("GET", "/api/views/{id}", "短编号背后的页面状态", {}, (),
             lambda desk, values: {"state": desk.view(p.text(values, "id", most=p.MOST_TEXT))}, s.told({"state": s.T}), fixed=False),
)
"""All questions."""
