"""What goes over the wire, as JSON schemas: what a question may hold and what an answer holds."""

from __future__ import annotations

from typing import Any

from viz.web import parameters as p

Shape = dict[str, Any]

PLAIN = r"^[^\u0000-\u001f\u007f]*$"
"""Text without control characters."""


# -- what a question may hold


def text(words: str, most: int = p.MOST_ID, least: int = 0) -> Shape:
    """A text of so many characters."""
    return {"type": "string", "description": words, "maxLength": most, "pattern": PLAIN, **({"minLength": least} if least else {})}


def whole(words: str, low: int, high: int, default: int) -> Shape:
    """A whole number between two bounds."""
    return {"type": "integer", "description": words, "minimum": low, "maximum": high, "default": default}


def one_of(words: str, among: tuple[str, ...], default: str = "") -> Shape:
    """One of some words."""
    return {"type": "string", "description": words, "enum": list(among), "default": default}


def many(words: str, item: Shape, most: int) -> Shape:
    """A list of so many items."""
    return {"type": "array", "description": words, "items": item, "maxItems": most}


def inside(words: str, needed: tuple[str, ...] = (), **fields: Shape) -> Shape:
    """An object of which some fields are needed; others than these are not looked at."""
    return {"type": "object", "description": words, "properties": fields, **({"required": list(needed)} if needed else {})}


# -- what an answer holds

T: Shape = {"type": "string"}
I: Shape = {"type": "integer"}  # noqa: E741 - beside T, N and B
N: Shape = {"type": "number"}
B: Shape = {"type": "boolean"}


def maybe(shape: Shape) -> Shape:
    """The same, or null where it is not known."""
    return {**shape, "type": [shape["type"], "null"]}


def rows(shape: Shape) -> Shape:
    """A list."""
    return {"type": "array", "items": shape}


def keyed(shape: Shape) -> Shape:
    """An object whose keys are ids."""
    return {"type": "object", "additionalProperties": shape}


def told(fields: dict[str, Shape], now_and_then: dict[str, Shape] | None = None) -> Shape:
    """An object with just these fields; some of them only now and then."""
    return {"type": "object", "properties": {**fields, **(now_and_then or {})}, "required": list(fields), "additionalProperties": False}


def named(shape: Shape, *names: str) -> dict[str, Shape]:
    """Some fields of one shape."""
    return dict.fromkeys(names, shape)


LOOK = told({**named(T, "word", "english", "symbol", "fill", "text", "border"), "hatched": B})
CHAIN = told({**named(T, "id", "name"), "asOf": maybe(T), "products": I})
REGION = told(named(T, "code", "name", "full", "level"))
MAKER = told({**named(T, "firm", "made", "evidence", "origin"), "confidence": maybe(N)})
TARGET = told({**named(T, "firm", "made", "reason", "evidence", "origin", "id"), "score": maybe(N), "rank": I})
GAP = told({
    **named(T, "id", "product", "name", "stage", "segment", "action", "kind", "status", "look", "detail", "certainty", "nearest", "key"),
    **named(I, "rank", "makers", "buyers", "outside"), "score": N})
PRODUCT = {
    **named(T, "id", "name", "pinyin", "stage", "segment", "look", "status", "why"), **named(I, "makers", "national", "reviews", "buyers"),
    **named(maybe(N), "lq", "hhi"), "criticality": maybe(I), **named(N, "x", "y"), "local": rows(MAKER), "targets": rows(TARGET)}
FIRM = told({
    **named(T, "id", "name", "short", "pinyin", "kind", "place", "titles"), "capital": maybe(N), "lead": B, "products": rows(T)})
INDICATOR = told({**named(T, "indicator", "unit", "formula", "basis"), "value": maybe(N)})
CONTENTS = told({
    **named(T, "title", "chain", "place", "placeName", "asOf", "dated", "asked", "author", "stamp"), "notes": rows(T), "looks": keyed(LOOK),
    "stages": rows(T), "products": rows(told(PRODUCT)), "arcs": rows(told({**named(T, "from", "to", "role", "group"), "broken": B})),
    "gaps": rows(GAP), "firms": keyed(FIRM), "indicators": rows(INDICATOR)})

LINK = named(T, "id", "kind", "name", "look", "stage")
HIT = told(named(T, "id", "name", "kind", "look", "note"), {"chains": rows(T)})
FACTS = {"facts": rows({"type": "array", "prefixItems": [T, {"type": ["string", "number", "boolean"]}], "minItems": 2, "maxItems": 2})}
SAYS = told({"origin": T, "kind": maybe(T), "asOf": maybe(T), **FACTS})
ONE_FIRM = {**named(T, "id", "kind", "name", "short", "place", "titles", "side")}
WAITING = told({**named(T, "firm", "name", "short", "made", "evidence", "origin"), "confidence": maybe(N)})
NODE = {"oneOf": [
    told({**PRODUCT, "kind": T, "gaps": rows(GAP), "waiting": rows(WAITING)}),
    told({**ONE_FIRM, **FACTS, "makes": rows(told(LINK)), "sources": rows(SAYS)})]}
BESIDE = {"oneOf": [
    told({**LINK, **named(T, "relation", "note")}),
    told(named(T, "id", "kind", "name", "short", "relation", "side", "note", "origin"), {"weight": N})]}
NEAR = told({"total": I, "totals": keyed(I), "offset": I, "rows": rows(BESIDE)})
WAYS = told({"directed": B, "paths": rows(rows(T)), "names": keyed(T)})
GRAPH = told({"nodes": rows({"oneOf": [told(LINK), told(ONE_FIRM)]}), "edges": rows(told({**named(T, "from", "to", "relation"), "broken": B}))})
CHANGED = told({
    **named(T, "id", "name", "stage", "before", "after"), **named(I, "makersBefore", "makersAfter"), "changed": B})
OUTCOME = told({
    "statuses": rows(CHANGED),
    "indicators": rows(told({**named(T, "indicator", "unit", "formula"), **named(maybe(N), "before", "after", "change")})),
    "links": rows(told(named(T, "from", "to", "change"))), "gaps": rows(told(named(T, "action", "was", "product", "name", "change", "detail")))})
PLAN = told({"arrivals": rows(told({**named(T, "name", "id"), "products": rows(T)})), "departures": rows(T)})
SCENARIO = told({**named(T, "id", "name", "chain", "region"), "scenario": PLAN})
META = told({
    **named(T, "program", "version", "lang", "asOf", "region", "chain"), "chosen": B, "looks": keyed(LOOK), "chains": rows(CHAIN)})
ERROR = told(named(T, "error", "message", "hint"))
