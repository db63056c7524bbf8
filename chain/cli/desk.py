"""Answers for the web application: the queries asked of a store, each answer from one state of the data, kept while it lasts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from chain import __version__, is_address, region
from chain.cli import common, manifest
from chain.cli.keeping import Keeper
from chain.cli.pack import Answers, gather, map_sheet
from chain.cli.shelf import Shelf
from chain.errors import InputError, UnknownName
from chain.store import Store
from chain.tables import records, split
from queries.rules import Rules
from viz.text import clean

if TYPE_CHECKING:
    from chain.cli.around import Known, Made
    from chain.cli.finding import Own, Register
    from viz.press import Page as Sheet
    from viz.sheet import MapSheet
    from viz.web.desk import Asked, Page

Plain = dict[str, Any]

TOP = 10
"""Targets shown for each link."""

MOST_MAKERS = 40
"""Local makers told with a link at once; the others are its neighbours, page by page."""


class StoreDesk:
    """A desk in front of one store.

    Parameters
    ----------
    location
        Path or address.
    shelf
        Where scenarios and views are kept.
    lang
        Language the page begins with.
    chain, place
        What the page begins with; where neither is given, what the visitor looked at last, else what the data suggest.
    """

    def __init__(
        self, location: str, shelf: Shelf, *, lang: str = "zh", password: str | None = None, chain: str = "", place: str = ""
    ) -> None:
        self._location, self._shelf, self._lang, self._begin = location, shelf, lang, (chain, place)
        self._keeper = Keeper(location, password=password)

    # -- one state of the data

    def version(self) -> str:
        """A word that changes when the data changes."""
        return self._keeper.recent()

    def warm(self) -> None:
        """Answers beforehand what the first visitor will ask."""
        from viz.web.desk import Asked

        begin = self.meta()
        if begin["chain"]:
            self.map_svg(Asked(begin["chain"], begin["region"]), "A3")
            self.search(Asked(begin["chain"], begin["region"]), "公司", "", 1)  # the names that are looked through

    def close(self) -> None:
        """Lets go of the store."""
        self._keeper.close()

    def _answers(self, asked: Asked) -> tuple[Answers, tuple[str, ...]]:
        rules = rules_of(asked)
        place = self._place(asked)

        def ask(store: Store) -> tuple[Answers, tuple[str, ...]]:
            found = manifest.without_paths(gather(store, asked.chain, place, rules, top=TOP))  # where files are is nobody's business
            return found, manifest.notes_of(store, found)

        return self._keeper.kept(("answers", asked.chain, place, asked.as_of), ask)

    def _place(self, asked: Asked) -> str:
        return self._keeper.kept(("place", asked.region), lambda store: common.place_of(store, asked.region))

    # -- what there is

    def meta(self) -> Plain:
        """Program, data date, chains, statuses."""
        from viz.explorer import looks

        def ask(store: Store) -> Plain:
            (chain, place), chains = self._begin, self.chains()
            where = place or _busiest(store)
            return {"program": f"lianpu {__version__}", "version": self.version(), "lang": self._lang, "looks": looks(), "chains": chains,
                    "asOf": store.as_of, "region": where,
                    "chain": chain or _best_known(store, where, [each["id"] for each in chains]), "chosen": bool(chain or place)}

        return self._keeper.kept(("meta",), ask)

    def chains(self) -> list[Plain]:
        """The chains of the store."""
        def ask(store: Store) -> list[Plain]:
            tables = store.tables(["chains", "chain_products"])
            sizes = tables["chain_products"].groupby("chain")["product"].nunique()
            heads = tables["chains"].drop_duplicates("id").sort_values("id")
            return [{"id": row["id"], "name": row["name"], "asOf": row["as_of"], "products": int(sizes.get(row["id"], 0))} for row in records(heads)]

        return self._keeper.kept(("chains",), ask)

    def regions(self, parent: str, text: str) -> list[Plain]:
        """Regions and parks by name, or the regions right below one."""
        if parent:
            if not region.is_code(parent):
                raise UnknownName("行政区", parent)
            return [_region(code) for code in region.children(parent)]
        parks = self._keeper.kept(("parks",), lambda store: sorted(set(store.tables(["parks"])["parks"]["name"].dropna())))
        found = [code for code, full in _codes() if text in full or text in code]
        found.sort(key=lambda code: (not region.name(code).startswith(text), region.LEVELS.index(region.level(code)), code))
        near = [{"code": f"园区:{name}", "name": name, "full": name, "level": "园区"} for name in parks if text in name]
        return [*(_region(code) for code in found[:15]), *near[:5]]

    # -- one chain in one place

    def chain(self, asked: Asked) -> Plain:
        """Everything about a chain in a place."""
        from chain.cli.explorer import explorer_sheet
        from viz.explorer import contents

        def ask(store: Store) -> Plain:
            answers, notes = self._answers(asked)
            told = explorer_sheet(replace(answers, makers=_foremost(answers.makers)), notes)
            return {**contents(told), "indicators": records(answers.indicators)}

        return self._keeper.kept(("chain", *self._where(asked)), ask)

    def map_svg(self, asked: Asked, paper: str) -> str:
        """The chain map on one page."""
        from viz.chainmap import draw_map

        return self._keeper.kept(("map", *self._where(asked), paper), lambda store: draw_map(self._map_sheet(asked), paper=paper))

    def map_print(self, asked: Asked, paper: str, form: str, ppi: int) -> bytes:
        """The chain map as PDF with all its pages, or its first page as PNG."""
        from viz import press
        from viz.paging import draw_pages

        def ask(store: Store) -> bytes:
            sheet = self._map_sheet(asked)
            pages: list[Sheet] = draw_pages(sheet, paper=paper)
            return press.to_pdf(pages, sheet.title) if form == "pdf" else press.to_png(pages[:1], sheet.title, ppi)[0]

        return self._keeper.kept(("print", *self._where(asked), paper, form, ppi), ask)

    def _map_sheet(self, asked: Asked) -> MapSheet:
        return map_sheet(*self._answers(asked))

    def _where(self, asked: Asked) -> tuple[str, str, str]:
        """A question by what it means, however the place was written."""
        return asked.chain, self._place(asked), asked.as_of

    def gaps(self, asked: Asked) -> list[Plain]:
        """The gap list."""
        rows: list[Plain] = self.chain(asked)["gaps"]
        return rows

    def explain(self, asked: Asked, reference: str) -> list[Plain]:
        """Evidence of a gap, target or enterprise."""
        from queries.explain import explain
        from viz.explorer import origin

        def ask(store: Store) -> list[Plain]:
            names = manifest.short_names(store.tables(["sources"])["sources"]["file"].dropna().tolist())
            rows = records(explain(store, reference.removeprefix("e:"), rules_of(asked)))
            return [{"step": row["step"], "statement": clean(manifest.shortened(row["statement"], names)), "origin": origin(row)} for row in rows]

        return self._keeper.kept(("explain", reference, asked.as_of), ask)

    # -- looking around

    def search(self, asked: Asked, text: str, kind: str, limit: int) -> Plain:
        """Products and enterprises by name, pinyin or stock code; of kind local only enterprises of the place that are on the chain."""
        from chain.cli.finding import find, find_local, own_of

        def local(store: Store) -> list[Plain]:
            makers = self._known(asked, store).makers()[0].drop_duplicates("enterprise").sort_values("enterprise")
            return [{"id": f"e:{row['enterprise']}", "name": clean(row["name"])} for row in records(makers)]

        def own(store: Store) -> list[Own]:
            return own_of(self.chain(asked), self._products())

        def ask(store: Store) -> Plain:
            if kind == "local":
                return find_local(self._keeper.kept(("local", *self._where(asked)), local), text, limit)
            return find(self._keeper.kept(("own", *self._where(asked)), own), self._products(), self._register, text, kind, limit)

        return self._keeper.kept(("search", *self._where(asked), text, kind, limit), ask)

    def _products(self) -> list[Plain]:
        return self._keeper.kept(("names",), _names)

    def _register(self) -> Register:
        from chain.cli.finding import Register

        return self._keeper.kept(("register",), lambda store: Register(store.enterprises(brief=True)))

    def node(self, asked: Asked, node: str) -> Plain:
        """One product or enterprise."""
        from chain.cli.around import node_of

        return self._keeper.kept(("node", node, *self._where(asked)), lambda store: node_of(self._known(asked, store), node))

    def neighbours(self, asked: Asked, node: str, relation: str, page: Page) -> Plain:
        """What stands beside a node."""
        from chain.cli.around import neighbours_of

        rows = self._keeper.kept(("near", node, *self._where(asked)), lambda store: neighbours_of(self._known(asked, store), node))
        totals: dict[str, int] = {}
        for row in rows:
            totals[row["relation"]] = totals.get(row["relation"], 0) + 1
        wanted = [row for row in rows if relation in ("", row["relation"])]
        return {"total": len(wanted), "totals": totals, "offset": page.offset, "rows": wanted[page.offset : page.offset + page.limit]}

    def _known(self, asked: Asked, store: Store) -> Known:
        from chain.cli.around import Known, firm_of, made_by, makers_beside

        kept, rules, where = self._keeper.kept, rules_of(asked), self._where(asked)
        scope = kept(("scope", asked.chain), lambda held: held.scope(asked.chain))

        def makers() -> tuple[pd.DataFrame, pd.DataFrame]:
            # of all links at once: one link after the other would take as long each
            return kept(("makers", *where), lambda held: makers_beside(held, scope.ids, where[1], rules))

        def made() -> Made:
            return kept(("made", *where), lambda held: made_by(scope.ids, makers()))

        return Known(
            store, self.chain(asked), scope, rules,
            lambda own: kept(("firm", own, *where), lambda held: firm_of(held, made(), own, rules)), makers,
            lambda: kept(("sources",), lambda held: {row["id"]: row for row in records(held.tables(["sources"])["sources"])}))

    def path(self, asked: Asked, start: str, end: str, directed: bool | None) -> Plain:
        """Ways between two nodes."""
        from chain.cli.around import split_id, ways_of

        split_id(start), split_id(end)
        key = ("path", start, end, directed, asked.chain, asked.as_of)
        return self._keeper.kept(key, lambda store: ways_of(store, asked.chain, start, end, directed, rules_of(asked)))

    def subgraph(self, asked: Asked, ids: list[str]) -> Plain:
        """The named nodes and the edges among them."""
        from chain.cli.around import subgraph_of

        wanted = sorted(ids)
        return self._keeper.kept(("sub", *wanted, *self._where(asked)), lambda store: subgraph_of(self._known(asked, store), wanted))

    # -- what if, and what visitors keep

    def whatif(self, asked: Asked, scenario: Plain) -> Plain:
        """What a scenario changes."""
        from chain.cli.around import scenario_of, told_outcome
        from queries.whatif import suppose

        place = self._place(asked)
        key = ("whatif", asked.chain, place, asked.as_of, repr(scenario))
        return self._keeper.kept(key, lambda store: told_outcome(suppose(store, asked.chain, place, scenario_of(scenario), rules_of(asked))))

    def export(self, asked: Asked, form: str, ids: list[str]) -> tuple[str, bytes]:
        """The chosen gaps and their targets as a file."""
        from chain.cli.exporting import exported
        from viz.web.parameters import Refused

        def ask(store: Store) -> tuple[str, bytes]:
            answers, notes = self._answers(asked)
            if gone := sorted(set(ids) - set(answers.gaps["id"])):
                raise Refused(409, "stale", f"缺口清单里没有 {gone[0]}", "数据可能已更新，请刷新页面后重选")
            return exported(answers, notes, form, ids)

        return self._keeper.kept(("export", *self._where(asked), form, *sorted(ids)), ask)

    def scenarios(self) -> list[Plain]:
        """Saved scenarios."""
        return self._shelf.scenarios()

    def save_scenario(self, scenario: Plain) -> Plain:
        """Keep a scenario."""
        return self._shelf.save(scenario)

    def drop_scenario(self, scenario: str) -> None:
        """Forget a scenario."""
        self._shelf.drop(scenario)

    def save_view(self, state: str) -> str:
        """A short id for a long state."""
        return self._shelf.keep(state)

    def view(self, view: str) -> str:
        """The state behind a short id."""
        return self._shelf.view(view)


def rules_of(asked: Asked) -> Rules:
    """The rules a question is answered by."""
    return Rules(as_of=asked.as_of or None)


def shelf_beside(location: str, given: Path | None) -> Shelf:
    """The shelf at a path; beside a graph file where none is given, in memory for a server.

    Raises
    ------
    InputError
        If that would be the graph itself.
    """
    path = given if given is not None else None if is_address(location) else Path(f"{location}.scenarios.json")
    if path is not None and not is_address(location) and path.absolute() == Path(location).absolute():
        raise InputError("推演方案不能存进图谱文件", way_out="用 --scenarios 指定别的文件")
    return Shelf(path)


def _names(store: Store) -> list[Plain]:
    """Every product of every chain: id, name, aliases, pinyin, chains."""
    from viz.pinyin import initials

    tables = store.tables(["products", "chain_products"])
    on: dict[str, list[str]] = {}
    for row in records(tables["chain_products"].sort_values(["product", "chain"])):
        on.setdefault(row["product"], []).append(row["chain"])
    heads = tables["products"].drop_duplicates("id").sort_values("id")
    return [_named(row, list(dict.fromkeys(on[row["id"]])), initials(row["name"])) for row in records(heads) if row["id"] in on]


def _named(row: Plain, chains: list[str], pinyin: str) -> Plain:
    aliases = split(row["aliases"])
    words = "\n".join([row["name"], *aliases]).lower()
    return {"id": f"p:{row['id']}", "name": row["name"], "aliases": aliases, "pinyin": pinyin, "chains": chains, "words": f"{words}\n{pinyin}"}


def _foremost(makers: pd.DataFrame) -> pd.DataFrame:
    """At most `MOST_MAKERS` makers of each link, leading firms first, else in their order."""
    lead = makers["titles"].fillna("").str.contains("链主|龙头")
    order = makers.assign(_lead=~lead).sort_values(["product", "_lead"], kind="stable")
    return makers.loc[order.groupby("product").head(MOST_MAKERS).index.sort_values()].reset_index(drop=True)


HOME = "140000"
"""The province whose key chains are built in."""


def _busiest(store: Store) -> str:
    """A place to begin with: the region the newest register covers, else `HOME` or, where it is empty, the fullest province, else the country."""
    sources = store.tables(["sources"])["sources"]
    covered = sources[(sources["kind"] == "register") & sources["region"].notna() & (sources["region"] != region.CHINA)]
    if len(covered):
        return str(covered.sort_values(["as_of", "id"])["region"].iloc[-1])
    listed = {code: store.place(code).enterprises for code in region.children(region.CHINA)}
    if listed.get(HOME):
        return HOME
    best = max(listed, key=lambda code: (listed[code], code), default=region.CHINA)
    return best if listed.get(best) else region.CHINA


def _best_known(store: Store, place: str, chains: list[str]) -> str:
    """The chain of which the place makes most."""
    made = {chain: int((store.coverage(store.scope(chain).ids, place)["makers"] > 0).sum()) for chain in chains}
    return max(made, key=lambda chain: (made[chain], chain), default="")


def _region(code: str) -> Plain:
    return {"code": code, "name": region.name(code), "full": region.full_name(code), "level": region.LEVEL_NAMES[region.level(code)]}


@cache
def _codes() -> tuple[tuple[str, str], ...]:
    """Every region down to the counties, with its full name."""
    provinces = region.children(region.CHINA)
    below = [code for province in provinces for code in region.children(province)]
    codes = [region.CHINA, *provinces, *below, *(code for city in below for code in region.children(city))]
    return tuple((code, region.full_name(code)) for code in codes)
