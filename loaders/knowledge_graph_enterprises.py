"""Companies and industries of a public knowledge graph: codes made six digits, names of other companies taken off them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from chain.identity import enterprise_id, is_full_name, normal_name
from chain.tables import join
from loaders.enterprises import LONGEST_NAME, too_long
from loaders.knowledge_graph_names import clean
from loaders.knowledge_graph_pages import Page, Record

STANDARD = "申万行业分类 2021"
"""The classification that the industry codes belong to."""

_BOARDS = (("688", "2019-07-22", "科创板"), ("689", "2019-07-22", "科创板"), ("30", "2009-10-30", "创业板"))
"""First digits of codes of boards that opened late, the day of their first trade, and their name."""


@dataclass
class Companies:
    """Rows of table ``enterprises`` by id, in the order of the files, and the latest listing date: the dump is that young."""

    rows: dict[str, Record] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    latest: str | None = None

    def frame(self) -> list[Record]:
        """The rows, each with its notes in one cell."""
        return [{**row, "note": join(row["note"]), "former_names": join(row["former_names"])} for row in self.rows.values()]


def six_digits(code: object) -> str | None:
    """Stock code without its exchange, None if it is none.

    >>> six_digits("600373.SH"), six_digits("002071.sz"), six_digits("301079"), six_digits("?")
    ('600373', '002071', '301079', None)
    """
    found = re.fullmatch(r"(\d{6})(\.[A-Za-z]{2})?", str(code).strip())
    return found[1] if found else None


def industries(page: Page, levels: Page) -> list[Record]:
    """Rows of table ``industries`` from the list of industries and the file of which lies in which."""
    rows: dict[str, Record] = {}
    for row, record in page.records("code", "name"):
        code, name = str(record["code"]).strip(), clean(str(record["name"]))
        if code not in rows:
            rows[code] = {"code": code, "name": name, "standard": STANDARD, "parent": None, "source": page.source, "row": row}
        elif rows[code]["name"] == name:
            page.merge()
        else:
            page.reject(row, "name", name, f"行业代码 {code} 已用于「{rows[code]['name']}」", "核对代码")
    for row, record in levels.records("from_code", "to_code"):
        low, high = str(record["from_code"]).strip(), str(record["to_code"]).strip()
        if low not in rows or high not in rows:
            levels.reject(row, "from_code", f"{low} → {high}", "行业代码不在行业表里", "核对代码")
        elif low == high or rows[low]["parent"] not in (None, high):
            levels.reject(row, "to_code", high, f"行业 {low} 的上级不能是它自己，也不能有两个", "核对上级行业")
        else:
            rows[low]["parent"] = high
            levels.merge()
    return list(rows.values())


def companies(page: Page) -> Companies:
    """Rows of table ``enterprises`` from the list of listed companies.

    Notes
    -----
    A line whose listing date lies before the board of its code opened describes another company: its full name is kept under the
    name, its code and short name are not. Several names of one code with one listing date are the present name (the first in
    the file) and former ones.
    """
    found = Companies()
    for row, record in page.records("name", "fullname", "code"):
        code, name = six_digits(record["code"]), clean(str(record["fullname"])) or clean(str(record["name"]))
        if code is None:
            page.reject(row, "code", str(record["code"]), "不是六位股票代码", "核对代码后改正")
            continue
        if wrong := too_long(name):
            page.reject(row, "fullname", name[:LONGEST_NAME], *wrong)
            continue
        listed = _date(page, row, record)
        found.latest = max(filter(None, (found.latest, listed)), default=None)
        if board := _too_early(code, listed):
            _without_code(found, page, row, record, name, f"上市日期 {listed} 早于{board}，这一行的全称和日期属于另一家企业")
        elif (id_ := f"stock:{code}") in found.rows:
            _again(found.rows[id_], page, row, name, listed)
        else:
            found.rows[id_] = _row(page, row, id_, name, clean(str(record["name"])), code, _listing(record, listed))
            found.rows[id_]["listed"] = listed
    _tell_shared_names(found)
    for kept in found.rows.values():
        kept.pop("listed", None)
    return found


def _row(page: Page, row: int, id_: str, name: str, short: str | None, code: str | None, note: str) -> Record:
    return {
        "id": id_, "name": name, "short_name": short, "former_names": [], "code": code, "entry": "listed_row", "industry": None,
        "note": [note] if note else [], "source": page.source, "row": row,
    }


def _date(page: Page, row: int, record: Record) -> str | None:
    """Listing date; what stands there instead is reported."""
    for key, wanted in (("time", r"\d{4}-\d\d-\d\d"), ("location", r".*交易所")):
        if not re.fullmatch(wanted, str(record.get(key) or "")):
            what = "上市日期" if key == "time" else "交易所"
            page.cell(row, key, str(record.get(key) or ""), f"不是{what}", f"补上{what}；企业其他信息已载入")
    text = str(record.get("time") or "")
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _listing(record: Record, listed: str | None) -> str:
    place = str(record.get("location") or "")
    place = place if place.endswith("交易所") else ""
    return f"{place}{f' {listed} ' if listed else ''}上市".strip() if place or listed else ""


def _too_early(code: str, listed: str | None) -> str | None:
    for start, opened, board in _BOARDS:
        if code.startswith(start) and listed and listed < opened:
            return f"{board}开板（{opened}）"
    return None


def _without_code(found: Companies, page: Page, row: int, record: Record, name: str, why: str) -> None:
    id_ = enterprise_id(name=name)
    if id_ is None or not is_full_name(name) or id_ in found.rows:
        page.reject(row, "fullname", name, why, "按全称查到正确的代码后改正")
        return
    found.rows[id_] = _row(page, row, id_, name, None, None, "")
    page.cell(row, "code", f"{record['code']} {record['name']}", why, "全称已载入；按全称查到正确的代码和简称后补上")


def _again(kept: Record, page: Page, row: int, name: str, listed: str | None) -> None:
    """A second line of one code: another name of the same company, or nobody can tell."""
    if kept["listed"] and listed and kept["listed"] != listed:
        page.reject(row, "fullname", name, f"代码 {kept['code']} 已用于「{kept['name']}」，上市日期又不同", "核对代码")
        return
    if normal_name(name) != normal_name(kept["name"]) and name not in kept["former_names"]:
        kept["former_names"].append(name)
    page.merge()


def _tell_shared_names(found: Companies) -> None:
    for column, what in (("short_name", "简称"), ("name", "全称")):
        by_name: dict[str, list[str]] = defaultdict(list)
        for row in found.rows.values():
            if row[column]:
                by_name[normal_name(row[column])].append(row["id"])
        shared = sorted((name, sorted(ids)) for name, ids in by_name.items() if len(ids) > 1)
        if shared:
            listed = "；".join(f"{name}（{'、'.join(ids)}）" for name, ids in shared[:10])
            found.notes.append(f"{len(shared)} 个{what}为几个代码共用，仍作不同企业：{listed}")


def assign_industries(found: Companies, page: Page, known: list[Record]) -> None:
    """Give every company its industry; a company that has no line of its own yet gets one, with the short name only."""
    names = {row["code"]: row["name"] for row in known}
    codes = {row["name"]: row["code"] for row in known}
    for row, record in page.records("company_code", "industry_code"):
        code = six_digits(record["company_code"])
        if code is None:
            page.reject(row, "company_code", str(record["company_code"]), "不是六位股票代码", "核对代码后改正")
            continue
        industry = _industry(page, row, record, names, codes)
        id_, short = f"stock:{code}", clean(str(record.get("company_name") or ""))
        kept = found.rows.get(id_)
        if kept is None:
            if not short:
                page.reject(row, "company_name", "", f"企业 {code} 不在企业表里，这里也没有名称", "补上企业名称")
                continue
            found.rows[id_] = {**_row(page, row, id_, short, short, code, "只有简称，企业表里没有这个代码"), "industry": industry}
        elif kept["industry"] and industry and kept["industry"] != industry:
            page.reject(row, "industry_code", industry, f"企业 {code} 已属行业 {kept['industry']}", "一家企业留一个行业")
        elif industry is None and kept["source"] != page.source:
            page.rejected += 1  # its only news was the industry, already reported with its way out
        else:
            _settle_industry(kept, page, row, short, industry)


def _settle_industry(kept: Record, page: Page, row: int, short: str, industry: str | None) -> None:
    kept["industry"] = kept["industry"] or industry
    kept["note"].append(f"行业据 {page.path.name} 第 {row} 行")
    if short and kept["short_name"] and short != kept["short_name"] and short not in kept["former_names"]:
        kept["note"].append(f"该行简称写作「{short}」")
    page.merge()


def _industry(page: Page, row: int, record: Record, names: dict[str, str], codes: dict[str, str]) -> str | None:
    """Code of the industry: as written where the list has it, else by its name; None where the list has neither."""
    code, name = str(record["industry_code"]).strip(), clean(str(record.get("industry_name") or ""))
    if code in names:
        if name and name != names[code]:
            page.cell(row, "industry_name", name, f"代码 {code} 在行业表里是「{names[code]}」",
                "已按代码归入；若名称才对，请改代码")
        return code
    if name in codes:
        page.cell(row, "industry_code", code, f"行业表里没有代码 {code}", f"已按名称「{name}」归入 {codes[name]}；不对请改")
        return codes[name]
    page.cell(row, "industry_code", code, f"行业表里没有代码 {code}，也没有名称「{name}」", "补上行业，或改用行业表里的代码")
    return None
