"""What is drawn on a chain map: the frames of a `MapSheet`, read into stages, segments and links with codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from chain.errors import InputError
from chain.tables import split
from viz.palette import LOOKS, REASONS, Look, look
from viz.text import clean, dated, ems

_COLUMNS = {
    "products": ("product", "name", "stage", "segment", "status", "reason", "makers", "national", "actions"),
    "makers": ("product", "name", "short_name", "lead"),
    "targets": ("product", "name", "short_name"),
    "arcs": ("input", "product", "role"),
    "stages": ("name", "position", "description"),
}


LONGEST_AUTHOR, LONGEST_STAMP = 40, 24
"""Width in em of the longest author and stamp that a page has room for."""


@dataclass(frozen=True, eq=False)
class MapSheet:
    """Everything a chain map says.

    Attributes
    ----------
    title, place_name, as_of
        Heading, region or park in words, date of the data; an empty date is printed as 数据日期未注明.
    rule, caveat
        How a status is decided, in words; one sentence on what the data can't say.
    author, stamp
        Office that hands it out; a stamp such as 内部资料. Empty: left out. At most `LONGEST_AUTHOR` and `LONGEST_STAMP` wide.
    chain
        Id of the chain, empty where not known.
    asked
        The date of which the state is shown (ISO), empty for that of the data.
    basis
        By what an enterprise counts as one of the place.
    depth
        How many targets a product `targets` lists at most, 0 for all of them.
    public
        A public version: it says so, and nothing of targets.
    products
        One row a product in chain order: product (id), name, stage, segment, status (missing, weak, covered, strong,
        unknown), reason (letter a–e, or empty), makers, national (numbers of makers in the region and in the whole
        store), actions (items joined by ``；``); and wanted (number of all targets) where `targets` does not list them all.
    makers, targets
        Enterprises in order of rank: product, name, short_name; makers also lead (flag).
    arcs
        input, product, role.
    stages
        name, position, description.

    Raises
    ------
    InputError
        On a missing column, a product without rows or listed twice, an unknown status, or an author or stamp too long to print.
    """

    title: str
    place_name: str
    as_of: str
    rule: str
    caveat: str
    products: pd.DataFrame
    makers: pd.DataFrame
    targets: pd.DataFrame
    arcs: pd.DataFrame
    stages: pd.DataFrame
    author: str = ""
    stamp: str = ""
    chain: str = ""
    asked: str = ""
    basis: str = "注册地"
    depth: int = 0
    public: bool = False

    def __post_init__(self) -> None:
        for frame, columns in _COLUMNS.items():
            absent = [column for column in columns if column not in getattr(self, frame).columns]
            if absent:
                raise InputError(f"图谱数据 {frame} 缺少列：{'、'.join(absent)}", way_out=f"需要的列：{'、'.join(columns)}")
        if self.products.empty:
            raise InputError("产业链没有任何环节，画不出图谱", way_out="检查产业链文件里的 products")
        twice = self.products["product"][self.products["product"].duplicated()]
        if len(twice):
            raise InputError(f"环节「{clean(twice.iloc[0])}」在图谱数据里出现多次", way_out="每个环节只留一行")
        for word, text, most in (("编制单位", self.author, LONGEST_AUTHOR), ("印章字样", self.stamp, LONGEST_STAMP)):
            if ems(clean(text)) > most:
                raise InputError(f"{word}太长，印不下：「{clean(text)}」", way_out=f"写短一些：最多 {most} 个汉字宽，字母和数字约算半个")

    @property
    def stamps(self) -> str:
        """Every stamp in one line: the office's own, and that of a public version."""
        return " · ".join(filter(None, [clean(self.stamp), "公开版" if self.public else ""]))

    @property
    def where(self) -> str:
        """The place, and by what enterprises are reckoned to it."""
        return f"地域：{clean(self.place_name)}（按企业{clean(self.basis)}）"

    @property
    def dated(self) -> str:
        """Of which day the state is, and of which the data, in words."""
        return f"按 {clean(self.asked)} 的状态，{dated(self.as_of)}" if clean(self.asked) else dated(self.as_of)

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The stages that hold products, left to right, with their segments and links in order."""
        return _lanes(self)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links in the order of their codes."""
        return tuple(link for lane in self.lanes for link in lane.links)

    def texts(self) -> Iterator[str]:
        """Every text that may be printed: title, place, notes, names of stages, links and enterprises."""
        yield from (self.title, self.place_name, self.rule, self.caveat, self.author, self.stamp)
        for lane in self.lanes:
            yield from (lane.name, lane.description, *(segment.name for segment in lane.segments))
        for link in self.links:
            yield link.name
            yield from (firm.label for firm in (*link.firms, *link.targets))


@dataclass(frozen=True)
class Firm:
    """An enterprise as it is shown (`label`), with its full `name`."""

    label: str
    name: str
    lead: bool = False


@dataclass(frozen=True)
class Link:
    """One product of the chain, ready to be drawn.

    `feeds` are the codes of the links it goes into; `wanted` is the number of all targets, of which `targets` may name but the
    first, None where a public version says nothing of them.
    """

    product: str
    code: str
    name: str
    stage: str
    segment: str
    status: str
    reason: str
    makers: int
    national: int
    actions: tuple[str, ...]
    firms: tuple[Firm, ...]
    targets: tuple[Firm, ...]
    feeds: tuple[str, ...]
    wanted: int | None = 0

    @property
    def look(self) -> Look:
        """Word, colours and icon."""
        return look(self.status, self.reason)

    @property
    def makers_shown(self) -> str:
        """The number of makers; a dash where none is known and that may be for want of data."""
        return "–" if self.status == "unknown" and not self.makers else str(self.makers)

    @property
    def absence(self) -> str:
        """What to print where no maker is known; unknown is not missing."""
        return REASONS.get(self.reason, "数据不足") if self.status == "unknown" else "暂无企业"


@dataclass(frozen=True)
class Segment:
    """Links under one heading."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Lane:
    """One stage with its segments."""

    name: str
    description: str
    segments: tuple[Segment, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        """All links of the stage."""
        return tuple(link for segment in self.segments for link in segment.links)


@dataclass(frozen=True)
class Figures:
    """The numbers in the heading: links by look, unique enterprises (targets as far as they are listed), links by action."""

    links: int
    looks: dict[str, int]
    makers: int
    targets: int
    actions: dict[str, int]


def figures(sheet: MapSheet) -> Figures:
    """The numbers of a sheet; an enterprise that makes several products counts once."""
    return figures_of(sheet.links)


def figures_of(links: Collection[Link]) -> Figures:
    """The numbers of some links."""
    looks = Counter(link.look.key for link in links)
    actions = Counter(action for link in links for action in link.actions)
    return Figures(
        len(links), {key: looks[key] for key in LOOKS}, len({f.name for link in links for f in link.firms}),
        len({f.name for link in links for f in link.targets}), dict(sorted(actions.items(), key=lambda i: (-i[1], i[0]))),
    )


def _lanes(sheet: MapSheet) -> tuple[Lane, ...]:
    rows = sheet.products.to_dict("records")
    words = _stage_words(sheet)
    order = list(words) + [s for s in dict.fromkeys(clean(row["stage"]) for row in rows) if s not in words]
    used = [stage for stage in order if any(clean(row["stage"]) == stage for row in rows)]
    letters = dict(zip(used, marks(used), strict=True))
    places: list[tuple[str, str, dict[Any, Any]]] = []
    for stage in used:
        inside = [row for row in rows if clean(row["stage"]) == stage]
        for segment in dict.fromkeys(clean(row["segment"]) for row in inside):
            places += [(stage, segment, row) for row in inside if clean(row["segment"]) == segment]
    codes: dict[object, str] = {}
    counts: Counter[str] = Counter()
    for stage, _, row in places:
        counts[stage] += 1
        codes[row["product"]] = f"{letters[stage]}{counts[stage]}"
    links = _links(sheet, places, codes)
    return tuple(Lane(stage, words.get(stage, ""), _segments(link for link in links if link.stage == stage)) for stage in used)


def _segments(links: Iterable[Link]) -> tuple[Segment, ...]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.segment, []).append(link)
    return tuple(Segment(name, tuple(inside)) for name, inside in found.items())


def _links(sheet: MapSheet, places: list[tuple[str, str, dict[Any, Any]]], codes: dict[object, str]) -> list[Link]:
    firms, targets = _firms(sheet.makers), {} if sheet.public else _firms(sheet.targets)
    rank = {code: at for at, code in enumerate(codes.values())}
    feeds: dict[object, set[str]] = {}
    for source, product in zip(sheet.arcs["input"], sheet.arcs["product"], strict=True):
        if source in codes and product in codes and source != product:
            feeds.setdefault(source, set()).add(codes[product])
    found = []
    for stage, segment, row in places:
        key = row["product"]
        status, reason = clean(row["status"]), clean(row["reason"])
        look(status, reason)
        found.append(Link(
            clean(key), codes[key], clean(row["name"]) or clean(key), stage, segment, status, reason,
            max(_count(row["makers"]), len(firms.get(key, ()))), _count(row["national"]),
            tuple(filter(None, map(clean, split(row["actions"])))), tuple(firms.get(key, ())), tuple(targets.get(key, ())),
            tuple(sorted(feeds.get(key, ()), key=rank.__getitem__)),
            None if sheet.public else max(_count(row.get("wanted")), len(targets.get(key, ()))),
        ))
    return found


def _firms(frame: pd.DataFrame) -> dict[object, list[Firm]]:
    """Enterprises by product, each name once, in the order given."""
    leads = frame["lead"] if "lead" in frame.columns else [False] * len(frame)
    found: dict[object, dict[str, Firm]] = {}
    for product, name, short, lead in zip(frame["product"], frame["name"], frame["short_name"], leads, strict=True):
        full = clean(name) or clean(short)
        if full:
            firm = Firm(clean(short) or brief(full), full, lead is True or (lead == lead and lead is not None and bool(lead)))
            found.setdefault(product, {}).setdefault(full, firm)
    return {product: list(firms.values()) for product, firms in found.items()}


def brief(name: str) -> str:
    """A registered name without its legal form, for display beside the full one.

    >>> brief("太原重工股份有限公司"), brief("某厂")
    ('太原重工', '某厂')
    """
    for ending in ("股份有限公司", "有限责任公司", "有限公司"):
        if name.endswith(ending) and len(name) >= len(ending) + 2:
            return name.removesuffix(ending)
    return name


def marks(stages: list[str]) -> list[str]:
    """First letters of code: the first character of each stage, letters of the alphabet where these would repeat."""
    first = [stage[:1] for stage in stages]
    if all(first) and len(set(first)) == len(first) and not any(mark.isdigit() for mark in first):
        return first
    return [chr(ord("A") + at) if at < 26 else f"S{at}-" for at in range(len(stages))]


def _stage_words(sheet: MapSheet) -> dict[str, str]:
    """Descriptions by stage, in order of position."""
    frame = sheet.stages.sort_values(["position", "name"], kind="stable")
    return {clean(name): clean(words) for name, words in zip(frame["name"], frame["description"], strict=True)}


def _count(value: object) -> int:
    """A number of enterprises, 0 where none is given."""
    return int(pd.to_numeric(clean(value) or "0"))
