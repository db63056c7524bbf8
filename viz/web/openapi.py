"""The API described for programs: an OpenAPI 3.1 document made of the table of endpoints."""

from __future__ import annotations

from typing import Any

from viz.web import shapes as s
from viz.web.endpoints import FORMS, TABLE, Endpoint

FAULTS = {
    "400": "参数或请求体不对", "401": "需要口令，或口令不对", "403": "不是本页发出的请求", "404": "没有这条产业链、地区、节点或编号",
    "405": "不支持这种请求", "408": "请求体没有按时到达", "409": "数据已更新，所选的编号不在了", "413": "请求太长",
    "429": "口令错误次数过多", "503": "图谱正在更新或读不了，或答得太久",
}
"""Status codes of answers that are errors, and what they mean."""


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for each in TABLE:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    paths["/api/session"] = {"post": {
        "operationId": "post_session", "summary": "用口令换取会话（只在不限于本机时需要）", "security": [],
        "requestBody": _body({"token": s.text("口令")}, ("token",)), "responses": _responses(s.told({"ok": s.B}))}}
    about = {"title": "链谱 Lianpu", "version": "1", "description": "产业链图谱的查询接口，说明见 docs/api.md"}
    cookie = {"type": "apiKey", "in": "cookie", "name": "lianpu", "description": "由 /api/session 设置；只限本机访问时不需要"}
    return {"openapi": "3.1.0", "info": about, "paths": paths, "security": [{}, {"session": []}],
            "components": {"schemas": {"Error": s.ERROR}, "securitySchemes": {"session": cookie}}}


def _operation(each: Endpoint) -> dict[str, Any]:
    names = [part[1:-1] for part in each.path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": _of_path(name)} for name in names]
    said: dict[str, Any] = {"operationId": _name(each), "summary": each.summary, "responses": _responses(each.returns)}
    if each.method == "POST":
        said["requestBody"] = _body(dict(each.parameters), each.needed)
    else:
        parameters += [{"name": name, "in": "query", "required": name in each.needed, "description": shape["description"], "schema": shape}
                       for name, shape in each.parameters.items()]
    return {**said, "parameters": parameters} if parameters else said


def _name(each: Endpoint) -> str:
    parts = [part.strip("{}").replace(".", "_") for part in each.path.split("/")[2:]]
    return "_".join([each.method.lower(), *parts])


def _of_path(name: str) -> s.Shape:
    return s.one_of("文件格式", FORMS, FORMS[0]) if name == "form" else s.text("编号", least=1)


def _body(fields: dict[str, s.Shape], needed: tuple[str, ...]) -> dict[str, Any]:
    shape = s.inside("请求体", needed, **fields)
    return {"required": True, "content": {"application/json": {"schema": shape}}}


def _responses(returns: s.Shape | tuple[str, ...]) -> dict[str, Any]:
    kinds = {"application/json": {"schema": returns}} if isinstance(returns, dict) else {kind: {} for kind in returns}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"200": {"description": "答复", "content": kinds},
            **{code: {"description": words, "content": error} for code, words in FAULTS.items()}}
