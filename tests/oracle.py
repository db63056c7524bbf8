"""A slow second opinion on what a store answers: plain dicts and sets, written from the words of the domain alone.

Nothing here knows how a store works inside. It reads canonical `Tables` and computes every number by going through all rows.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pandas as pd

from chain import schema
from chain.identity import is_full_name, normal_name
from chain.tables import Tables, split

CHINA = "000000"
FOREVER = "9999-99-98"
DEFAULTS: dict[str, dict[str, object]] = {
    "makes": {"confidence": 1.0, "state": "confirmed", "method": "stated"},
    "inputs": {"role": "物料"},
    "titles": {"batch": "2024"},
}
LEVELS = {"review": 0, "stated": 1, "link": 2}


class World:
    """What all tables say together, held in dicts of plain values."""

    def __init__(self, tables: Tables) -> None:
        self.rows = {name: [_plain(row) for row in frame.to_dict("records")] for name, frame in tables.items()}
        self.sources = {row["id"]: row for row in self.rows["sources"]}
        self.lead = _leads(self.rows)
        self.facts = self._facts()
        self.held = self._titles()
        self.links = self._links()
        self.below = _closure(self.rows["kinds"])
        dates = [row["as_of"] for row in self.rows["sources"] if row["kind"] not in ("chain", "link", "review")]
        self.as_of = max((date for date in dates if date), default="")

    # -- who is who

    def canon(self, raw: str) -> str:
        return self.lead.get(raw, raw)

    def _facts(self) -> dict[str, dict[str, object]]:
        """Every enterprise with, column by column, what its best source says."""
        rows = defaultdict(list)
        for row in self.rows["enterprises"]:
            rows[self.canon(row["id"])].append(row)
        facts = {}
        for canon in sorted(set(self.lead.values())):
            best = sorted(rows[canon], key=self._standing)
            facts[canon] = {
                name: next((row[name] for row in best if row[name] is not None), None)
                for name in schema.table("enterprises").names if name not in ("id", "source", "row")
            }
        return facts

    def _standing(self, row: dict[str, object]) -> tuple[object, ...]:
        source = self.sources.get(row["source"], {})
        date = source.get("as_of") or ""
        kind = {"register": 0, "sample": 1}.get(source.get("kind"), 2)
        return (row["entry"] == "party", kind, -int(date.replace("-", "") or 0), row["source"] or "", row["row"] or 0)

    # -- where and when

    def inside(self, canon: str, place: str) -> bool:
        fact = self.facts[canon]
        if place == CHINA:
            return True
        if place.startswith("park:"):
            asked = place.removeprefix("park:")
            words = {asked} | {word for park in self.rows["parks"] if asked in (park["id"], park["name"]) for word in (park["id"], park["name"])}
            return fact["park"] is not None and fact["park"] in words
        stem = place[:2] if place.endswith("0000") else place[:4] if place.endswith("00") else place
        return fact["region"] is not None and fact["region"].startswith(stem)

    def active(self, canon: str, day: str) -> bool:
        fact = self.facts[canon]
        if fact["established"] and fact["established"] > day:
            return False
        if fact["dissolved"]:
            return fact["dissolved"] > day
        return fact["status"] != "dissolved"

    def day(self, as_of: str | None) -> str:
        return as_of or self.as_of or FOREVER

    def _titles(self) -> dict[str, list[dict[str, object]]]:
        held = defaultdict(list)
        for row in self.rows["titles"]:
            held[self.canon(row["enterprise"])].append(row)
        return held

    def titles(self, canon: str, day: str) -> list[str]:
        return sorted({
            row["title"] for row in self.held.get(canon, []) if (row["valid_from"] or "") <= day <= (row["valid_to"] or FOREVER)
        })

    # -- who makes what

    def _links(self) -> dict[tuple[str, str], dict[str, object]]:
        """The one MAKES that counts for an enterprise and a product: a person's word, then a source's, then a link's."""
        found = defaultdict(list)
        for row in self.rows["makes"]:
            found[self.canon(row["enterprise"]), row["product"]].append(row)
        chosen = {}
        for pair, rows in found.items():
            top = min(LEVELS[row["method"]] for row in rows)
            chosen[pair] = min((row for row in rows if LEVELS[row["method"]] == top), key=lambda row, canon=pair[0]: _preference(row, canon))
        return chosen

    def kinds(self, product: str) -> set[str]:
        return self.below.get(product, {product})

    def _sides(self, product: str, tau: float, day: str) -> tuple[dict[str, list[tuple[str, dict]]], dict[str, list[tuple[str, dict]]]]:
        """Makers and doubtful makers of a product in the whole store, with the MAKES that say so."""
        sure, doubt = defaultdict(list), defaultdict(list)
        for (canon, made), row in self.links.items():
            if made not in self.kinds(product) or not self.active(canon, day):
                continue
            if row["state"] == "confirmed" and (row["confidence"] or 0.0) >= tau:
                sure[canon].append((made, row))
            elif row["state"] in ("confirmed", "review"):
                doubt[canon].append((made, row))
        return sure, {canon: rows for canon, rows in doubt.items() if canon not in sure}

    def _output(self, product: str, canon: str) -> Fraction | None:
        """What an enterprise is known to make of a product and its kinds, over its confirmed MAKES, else over those in review."""
        rows = [row for made in self.kinds(product) if (row := self.links.get((canon, made)))]
        for state in ("confirmed", "review"):
            if chosen := [row for row in rows if row["state"] == state]:
                break
        known = [_exact(row["output"]) for row in chosen if row["output"] is not None]
        return sum(known) if known else None

    # -- the verbs

    def coverage(self, products: list[str], place: str, tau: float = 0.65, as_of: str | None = None) -> list[dict[str, object]]:
        day, result = self.day(as_of), []
        for product in products:
            sure, doubt = self._sides(product, tau, day)
            here = sorted(canon for canon in sure if self.inside(canon, place))
            outputs = {canon: self._output(product, canon) for canon in here}
            known = [amount for amount in outputs.values() if amount is not None]
            share, basis = _concentration([outputs[c] for c in here], [_exact(self.facts[c]["registered_capital"] or None) for c in here])
            result.append({
                "product": product, "makers": len(here), "national": len(sure),
                "reviews": sum(self.inside(canon, place) for canon in doubt),
                "titled": sum(bool(self.titles(canon, day)) for canon in here),
                "output_wan": float(sum(known)) if known else None, "outputs_known": len(known),
                "hhi": share, "hhi_basis": basis,
            })
        return result

    def demand(self, arcs: list[tuple[str, str]], place: str, tau: float = 0.65, as_of: str | None = None) -> list[dict[str, object]]:
        buyers: dict[str, set[str]] = {}
        for material, product in arcs:
            sure, _ = self._sides(product, tau, self.day(as_of))
            buyers.setdefault(material, set()).update(canon for canon in sure if self.inside(canon, place))
        return [{"input": material, "buyers": len(buyers[material])} for material in sorted(buyers)]

    def makers(
        self, products: list[str], place: str, tau: float = 0.65, as_of: str | None = None, *, outside: bool = False, state: str = "confirmed",
        limit: int | None = None,
    ) -> list[dict[str, object]]:
        day, result = self.day(as_of), []
        for product in dict.fromkeys(products):
            side = self._sides(product, tau, day)[0 if state == "confirmed" else 1]
            listed = []
            for canon, rows in side.items():
                if self.inside(canon, place) == outside:
                    continue
                made, row = min(rows, key=lambda pair: (
                    pair[1]["state"] != "confirmed", -(pair[1]["confidence"] or 0.0), pair[0] != product, pair[0]))
                fact, output = self.facts[canon], self._output(product, canon)
                listed.append({
                    "product": product, "made": made, "enterprise": canon, "name": fact["name"] or canon, "short_name": fact["short_name"],
                    "region": fact["region"], "code": fact["code"], "entry": fact["entry"], "confidence": row["confidence"] or 0.0,
                    "share": row["share"], "output_wan": None if output is None else float(output),
                    "registered_capital_wan": fact["registered_capital"], "revenue_wan": fact["revenue"],
                    "titles": "；".join(self.titles(canon, day)) or None, "method": row["method"], "evidence": row["evidence"],
                        "source": row["source"], "row": row["row"],
                })
            listed.sort(key=lambda r: (
                -(r["confidence"] or 0.0), not r["registered_capital_wan"], -(r["registered_capital_wan"] or 0.0), r["enterprise"]))
            result += listed[:limit]
        return result

    def supplies(
        self, *, enterprises: list[str] | None = None, supplier_in: str | None = None, buyer_in: str | None = None
    ) -> list[dict[str, object]]:
        chosen = None if enterprises is None else {self.canon(raw) for raw in enterprises}
        result = []
        for row in self.rows["supplies"]:
            supplier, buyer = self.canon(row["supplier"]), self.canon(row["buyer"])
            fits = (chosen is None or supplier in chosen or buyer in chosen) and (
                supplier_in is None or self.inside(supplier, supplier_in)) and (buyer_in is None or self.inside(buyer, buyer_in))
            if fits:
                result.append({
                    "supplier": supplier, "supplier_name": self.facts[supplier]["name"] or supplier,
                        "supplier_region": self.facts[supplier]["region"],
                    "buyer": buyer, "buyer_name": self.facts[buyer]["name"] or buyer, "buyer_region": self.facts[buyer]["region"],
                    "product": row["product"], "year": row["year"], "amount_wan": row["amount"], "share": row["share"],
                    "share_of": row["share_of"], "source": row["source"], "row": row["row"],
                })
        return result


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A row with None wherever a value is missing."""
    return {name: None if value is None or value != value or str(value) == "<NA>" else value for name, value in row.items()}


def _leads(rows: dict[str, list[dict[str, object]]]) -> dict[str, str]:
    """Every id that any table mentions, with the id of the enterprise it leads to."""
    mentioned = {row["id"] for row in rows["enterprises"]} | {row["enterprise"] for row in [*rows["makes"], *rows["titles"]]}
    mentioned |= {row[end] for row in rows["supplies"] for end in ("supplier", "buyer")}
    by_code, by_name, by_former = defaultdict(set), defaultdict(set), defaultdict(set)
    for row in rows["enterprises"]:
        raw = row["id"]
        if row["code"] and not raw.startswith(("stock:", "name:")):
            by_code[f"stock:{row['code']}"].add(raw)
    stock = {raw: _single(by_code.get(raw, ()), raw) for raw in mentioned if raw.startswith("stock:")}
    for row in rows["enterprises"]:
        if not row["id"].startswith("name:"):
            canon = stock.get(row["id"], row["id"])
            by_name[f"name:{normal_name(row['name'] or '')}"].add(canon)
            for former in split(row["former_names"]):
                by_former[f"name:{normal_name(former)}"].add(canon)
    lead = {raw: stock.get(raw, raw) for raw in mentioned}
    for raw in mentioned:
        if raw.startswith("name:") and is_full_name(raw.removeprefix("name:")):
            lead[raw] = _single(by_name.get(raw) or by_former.get(raw, ()), raw)
    return _decided(lead, rows["same"])


def _decided(lead: dict[str, str], decisions: list[dict[str, object]]) -> dict[str, str]:
    """`lead` after a person's decisions: ``different`` undoes a lead, ``same`` joins two ids under the better one."""
    apart = set()
    for row in decisions:
        pair = (row["enterprise"], row["other"])
        if row["decision"] == "different" and lead.get(pair[0], pair[0]) == lead.get(pair[1], pair[1]):
            apart.add(max(pair, key=_looseness))
    lead = {raw: raw if raw in apart else canon for raw, canon in lead.items()}
    for row in decisions:
        if row["decision"] == "same":
            ends = [lead.setdefault(raw, raw) for raw in (row["enterprise"], row["other"])]
            best = min(ends, key=_looseness)
            lead = {raw: best if canon in ends else canon for raw, canon in lead.items()}
    return lead


def _looseness(raw: str) -> tuple[bool, bool, str]:
    """A credit code (or another id that a list gives) is firmer than a stock code, that firmer than a name."""
    return raw.startswith("name:"), raw.startswith("stock:"), raw


def _single(candidates: object, otherwise: str) -> str:
    found = sorted(candidates)
    return found[0] if len(found) == 1 else otherwise


def _closure(kinds: list[dict[str, object]]) -> dict[str, set[str]]:
    """Every kind with itself and all that is a kind of it, by walking down until nothing new comes."""
    children = defaultdict(set)
    for row in kinds:
        children[row["kind"]].add(row["product"])
    closed = {}
    for top in children:
        seen, todo = {top}, [top]
        while todo:
            for child in children.get(todo.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
        closed[top] = seen
    return closed


def _preference(row: dict[str, object], canon: str) -> tuple[object, ...]:
    """Among MAKES of one method: a newer decision, then the higher confidence, then what is said of the firmest id, then source and row."""
    decided = -int((row["decided_on"] or "0").replace("-", ""))
    confidence = 0.0 if row["method"] == "review" else -(row["confidence"] or 0.0)
    return (decided if row["method"] == "review" else 0, confidence, row["enterprise"] != canon, row["enterprise"], row["source"] or "",
        row["row"] or 0)


def _exact(amount: object) -> Fraction | None:
    """An amount in 万元 as a fraction, to the nearest 元."""
    return None if amount is None else Fraction(round(Fraction(str(amount)) * 10000), 10000)


def _concentration(outputs: list[Fraction | None], capitals: list[Fraction | None]) -> tuple[float | None, str | None]:
    if not outputs:
        return None, None
    for basis, amounts in (("output", outputs), ("capital", capitals)):
        if all(amount is not None for amount in amounts) and sum(amounts) > 0:
            return float(sum((amount / sum(amounts)) ** 2 for amount in amounts)), basis
    return 1 / len(outputs), "equal"


def graph(source: str = "名录", *, kind: str = "register", as_of: str | None = "2025-06-30", covers: str | None = None, **rows: list[dict]) -> Tables:
    """Tables of one source from lists of rows by table, with what every row needs filled in and rows numbered from 2."""
    head = {"id": source, "origin": f"place of {source}", "file": f"{source}.csv", "kind": kind, "as_of": as_of, "region": covers}
    frames, number = {"sources": pd.DataFrame([head])}, 1
    for name, listed in rows.items():
        full = []
        for row in listed:
            number += 1
            full.append({"source": source, "row": number, **DEFAULTS.get(name, {}), **row})
            if name in ("enterprises", "products", "chains", "parks"):
                full[-1].setdefault("name", row["id"])
        frames[name] = pd.DataFrame(full)
    return Tables({name: frame for name, frame in frames.items() if len(frame)})


def plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    """A frame as a list of rows, every column, None for missing."""
    return [_plain(row) for row in frame.to_dict("records")]
