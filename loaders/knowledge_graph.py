"""A public industrial-chain knowledge graph as `Tables`: listed companies, their products, and what goes into what.

The folder holds eight files of JSON lines, in the layout of the ChainKnowledgeGraph dump. Its content is a machine's harvest
of 2021: useful for finding makers and for suggesting arcs, never a proof. All rows carry a source of kind ``public``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from chain.store import Progress
from chain.tables import Tables
from loaders import knowledge_graph_enterprises as firms
from loaders import knowledge_graph_products as goods
from loaders.dating import date_notes
from loaders.knowledge_graph_pages import Page, Record
from loaders.reading import Loaded

FILES = (
    "company.json", "industry.json", "industry_industry.json", "company_industry.json", "industry_up.json",
    "product.json", "product_product.json", "company_product.json",
)
"""The files of such a folder, in the order in which they are read."""

_TABLES = ("enterprises", "industries", "industries", "enterprises", "inputs", "products", "inputs", "makes")


def is_knowledge_graph(folder: str | Path) -> bool:
    """Whether a folder holds all the files of such a graph."""
    place = Path(folder)
    return all((place / name).is_file() for name in FILES)


def read_knowledge_graph(folder: str | Path, *, as_of: str | None, now: str, progress: Progress | None = None) -> Loaded:
    """The graph in a folder, with an account of every line.

    Parameters
    ----------
    folder
        Where the files of `FILES` are.
    as_of
        ISO date the facts are true for; None for the latest listing date among the companies.
    now
        When it is loaded (ISO, UTC); kept with the sources.
    progress
        Called with the step and the share done.

    Returns
    -------
    Loaded
        Tables sources (one row a file), enterprises (id ``stock:CODE``), industries, products, inputs, kinds, makes and rejects;
        counts by file and table; notes in words.

    Raises
    ------
    InputError
        If a file can't be read.

    Notes
    -----
    Relations between industries (industry_up) are not inputs of products and are left out, line by line. What counts as a
    usable name is in `loaders.knowledge_graph_names`, direction and sub-kinds in `loaders.knowledge_graph_products.arcs`, and the
    confidence of a maker in `loaders.knowledge_graph_products.makes`.
    """
    place = Path(folder)
    tell = progress or (lambda step, share: None)
    pages = {name: Page.open(place / name, table, as_of or "") for name, table in zip(FILES, _TABLES, strict=True)}
    tell("读企业与行业", 0.05)
    industries = firms.industries(pages["industry.json"], pages["industry_industry.json"])
    companies = firms.companies(pages["company.json"])
    firms.assign_industries(companies, pages["company_industry.json"], industries)
    notes = [*companies.notes, *_industry_links(pages["industry_up.json"], industries)]
    tell("读产品", 0.2)
    known = goods.catalogue(pages["product.json"])
    tell("读产品关系", 0.4)
    kinds_page = Page(pages["product_product.json"].path, "kinds", pages["product_product.json"].source)
    arcs = goods.arcs(pages["product_product.json"], kinds_page, known)
    tell("读主营产品", 0.6)
    makes = goods.makes(pages["company_product.json"], known, companies.rows)
    tell("整理", 0.8)
    accounts = [*pages.values(), kinds_page]
    known_date = as_of or companies.latest
    frames = {
        "sources": _sources(pages, kinds_page, known_date, now),
        "enterprises": companies.frame(), "industries": industries, "products": list(known.rows.values()),
        "inputs": list(arcs.inputs.values()), "kinds": list(arcs.kinds.values()), "makes": makes,
        "rejects": [reject for page in accounts for reject in page.rejects],
    }
    tables = Tables({name: pd.DataFrame(rows) for name, rows in frames.items() if rows})
    tell("整理", 1.0)
    return Loaded(tables, _counts(accounts), (*notes, *arcs.notes, *_gaps(companies.rows, makes), *date_notes(known_date, now)))


def _industry_links(page: Page, industries: list[Record]) -> list[str]:
    """Leave out every line of relations between industries, saying why; names that the list of industries lacks are told."""
    known = {row["name"] for row in industries}
    links, strange = 0, set()
    for row, record in page.records("industry", "ups"):
        ups = record["ups"] if isinstance(record["ups"], dict) else {}
        links += len(ups)
        strange.update({str(record["industry"]), *map(str, ups)} - known)
        reason = "是行业之间的关系，不是产品投入，不进投入表" if ups else "没有列出上游行业"
        page.reject(row, "ups", f"{record['industry']}（上游 {len(ups)} 个）", reason, "需要行业层面的联系时，用投入产出表")
    notes = [f"{page.path.name}：{page.rows_in} 行行业关系（{links} 条）未载入，它们不是产品投入"] if page.rows_in else []
    if strange:
        notes.append(f"{page.path.name} 有 {len(strange)} 个行业表里没有的名称：{'、'.join(sorted(strange)[:10])}")
    return notes


def _sources(pages: dict[str, Page], kinds_page: Page, as_of: str | None, now: str) -> list[Record]:
    return [
        {
            "id": page.source,
            "origin": hashlib.sha256(f"{page.path.resolve()}\0".encode("utf-8", "surrogateescape")).hexdigest()[:12],
            "file": f"{page.path.parent.name}/{page.path.name}", "kind": "public", "as_of": as_of, "loaded_at": now, "batch": now,
            "rows": page.rows_in + (kinds_page.rows_in if page.source == kinds_page.source else 0),
        }
        for page in pages.values()
    ]


def _counts(accounts: list[Page]) -> pd.DataFrame:
    frame = pd.DataFrame([
        {"file": f"{page.path.parent.name}/{page.path.name}", "sheet": "", "table": page.table, "rows_in": page.rows_in,
         "loaded": page.loaded, "merged": page.merged, "rejected": page.rejected}
        for page in accounts
    ])
    return frame.astype({"file": "str", "sheet": "str", "table": "str"})


def _gaps(companies: dict[str, Record], makes: list[Record]) -> list[str]:
    listed = [row for row in companies.values() if row["code"]]
    active = {row["enterprise"] for row in makes}
    foreign = sum(row["code"].startswith(("200", "900")) for row in listed)
    review = sum(row["state"] == "review" for row in makes)
    idle, unplaced = sum(row["id"] not in active for row in listed), sum(not row["industry"] for row in listed)
    return [
        f"{idle} 家企业没有可用的产品，{unplaced} 家没有行业",
        f"{foreign} 个代码是 B 股，可能与某个 A 股代码同属一家，未合并",
        f"{review} 条产品关联没有收入占比可依，列为待复核",
        "收入占比取自年报的几种分法（业务、产品、地区），同一企业的占比不能相加",
    ]
