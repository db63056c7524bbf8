"""The description of the API is what the API does, and a thousand requests made from it break nothing."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from web_visits import ADDRESS, ORIGIN, Visitor

from viz.web.endpoints import TABLE
from viz.web.openapi import FAULTS, document, in_words

MANY = int(os.environ.get("LIANPU_FUZZ", "1000" if os.environ.get("CI") else "200"))
"""Requests in all; a thousand where the checks of a change run."""

REAL: dict[str, tuple[Any, ...]] = {
    "chain": ("链",), "region": ("140100", "山西省", "园区:没有"), "as_of": ("", "2026-01-01"), "a": ("p:矿", "e:甲钢厂"), "b": ("p:件", "e:丙铁厂"),
    "q": ("钢", "厂", "tie"), "parent": ("140000",), "reference": ("补链/链/140100/铁", "甲钢厂"), "ids": (["p:铁", "e:甲钢厂"], []),
    "arrivals": ([{"name": "新", "products": ["p:铁"]}], [{"id": "e:丙铁厂", "products": []}]), "departures": (["e:乙件厂"], []), "name": ("方案",),
    "state": ("v=map",), "form": ("xlsx", "docx", "csv")}
"""Values that lead somewhere, for fields that random text never hits."""

IDS = {"nodes": ("p:铁", "e:丙铁厂"), "chains": ("链",), "scenarios": ("没有",), "views": ("0123456789",)}


def requests() -> list[tuple[Any, str, dict[str, Any]]]:
    """One sound request for every endpoint and value: endpoint, path, fields."""
    found = []
    for each in TABLE:
        for at in range(3):
            fields = {name: REAL[name][at % len(REAL[name])] for name in each.parameters if name in REAL}
            options = IDS.get(each.path.split("/")[2], ("",))
            path = each.path.replace("{id}", options[at % len(options)]).replace("{form}", REAL["form"][at])
            found.append((each, path, fields if each.path != "/api/export/{form}" else {**fields, "ids": []}))
    return found


def test_every_answer_has_the_shape_that_is_promised(site: Visitor) -> None:
    given = set()
    for each, path, fields in requests():
        answer = site.post(path, json=fields, headers=ORIGIN) if each.method == "POST" else site.request(
            each.method, path, params=fields, headers={**ORIGIN, "content-type": "application/json"})
        promised = document()["paths"][each.path][each.method.lower()]["responses"]
        kinds = promised[str(answer.status_code)]["content"]
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in kinds, f"{path} {answer.status_code} {kind}"
        if kind == "application/json":
            schema = kinds[kind]["schema"]
            shape = document()["components"]["schemas"]["Error"] if "$ref" in schema else schema
            jsonschema_rs.validate(shape, answer.json())
        if answer.status_code == 200:
            given.add((each.method, each.path))
    assert {(each.method, each.path) for each in TABLE} - given == {("DELETE", "/api/scenarios/{id}"), ("GET", "/api/views/{id}")}


def test_the_description_is_served_as_it_is_made(site: Visitor) -> None:
    assert site.get("/api/openapi.json").json() == document()
    assert {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods} == {
        *((each.method, each.path) for each in TABLE), ("POST", "/api/session")}


def test_the_document_for_people_says_the_same() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    assert "\n".join(in_words()).strip() in text, "put the lines of viz.web.openapi.in_words() under 问题"
    for code, words in FAULTS.items():
        assert f"| {code} | {words} |" in text


def likely(found: Any) -> Any:
    """The description, with one value that leads somewhere beside what random text may be."""
    if isinstance(found, list):
        return [likely(each) for each in found]
    if not isinstance(found, dict):
        return found
    told = {name: likely(value) for name, value in found.items()}
    if told.get("in") in ("query", "path") and told["name"] in {**REAL, "id": ()}:
        options = REAL.get(told["name"]) or tuple(value for values in IDS.values() for value in values)
        told["schema"] = {"anyOf": [{"enum": list(options)}, told["schema"]]}
    if "requestBody" in told:
        fields = told["requestBody"]["content"]["application/json"]["schema"]["properties"]
        for name in set(fields) & set(REAL):
            fields[name] = {"anyOf": [{"enum": list(REAL[name])}, fields[name]]}
    return told


def test_a_thousand_requests_made_from_the_description_break_nothing(site: Visitor) -> None:
    schema = schemathesis.openapi.from_dict(likely(document()))
    operations = [result.ok() for result in schema.get_all_operations()]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    codes: Counter[int] = Counter()
    each = max(3, 3 * MANY // (4 * len(operations)))

    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=ADDRESS)
        heads = {name: value for name, value in (sent.get("headers") or {}).items() if str(value).isascii()}
        answer = site.request(
            sent["method"], sent["url"], params=sent.get("params"), json=sent.get("json"), content=sent.get("data"),
            headers={**heads, **ORIGIN, "content-type": "application/json"})
        codes[answer.status_code] += 1
        assert answer.status_code < 500, f"{sent} {answer.text}"
        promised = document()["paths"][case.operation.path][case.method.lower()]["responses"]
        assert str(answer.status_code) in promised, f"{sent} {answer.text}"
        if answer.status_code >= 400:
            jsonschema_rs.validate(document()["components"]["schemas"]["Error"], answer.json())

    for operation in operations:
        for mode in modes:
            quick = settings(max_examples=each, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                             suppress_health_check=list(HealthCheck))
            with suppress(Unsatisfiable):  # of a question without parameters nothing can be wrong
                quick(given(operation.as_strategy(generation_mode=mode))(ask))()
    assert sum(codes.values()) >= MANY, codes
    assert min(codes[200], codes[400]) > MANY / 10 and codes[404], codes
