"""The API described for programs: an OpenAPI 3.1 document made of the table of endpoints."""

from __future__ import annotations

from typing import Any

from viz.web import shapes as s
from viz.web.endpoints import FORMS, TABLE, Endpoint

FAULTS = {
    "400": "参数或请求体不对，或主机名不认识", "401": "需要口令，或口令不对", "403": "不是本页发出的请求",
    "404": "没有这条产业链、地区、节点或编号；写出相近的", "405": "不支持这种请求", "408": "请求体没有在 10 秒内到达",
    "409": "数据已更新，所选的编号不在了", "413": "地址超过 8,000 字节、请求体超过 1,000,000 字节、编号多于 600 个",
    "429": "同一地址一分钟内口令错了 10 次", "503": "图谱正在更新或读不了，或一个问题答了超过 60 秒",
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


def in_words() -> list[str]:
    """The questions as sections of ``docs/api.md``, line by line."""
    lines = []
    for each in TABLE:
        lines += [f"### `{each.method} {each.path}`", "", f"{each.summary}。", ""]
        if each.parameters:
            lines += ["| 参数 | | 意思 | 范围 |", "|---|---|---|---|"]
            lines += [f"| `{name}` | {'必填' if name in each.needed else ''} | {shape['description']} | {_range(shape)} |"
                      for name, shape in each.parameters.items()]
            lines.append("")
        lines += [f"答复：{_answer(each)}", ""]
    return lines


def _range(shape: s.Shape) -> str:
    if "enum" in shape:
        return "、".join(f"`{word}`" if word else "空" for word in shape["enum"])
    if shape["type"] == "integer":
        return f"{shape['minimum']:,}–{shape['maximum']:,}，缺省 {shape['default']}"
    if shape["type"] == "array":
        return f"列表，最多 {shape['maxItems']} 项"
    return f"最多 {shape['maxLength']:,} 字" if "maxLength" in shape else "YYYY-MM-DD"


def _answer(each: Endpoint) -> str:
    if not isinstance(each.returns, dict):
        return "、".join(f"`{kind}`" for kind in each.returns)
    if each.returns.get("type") == "array":
        return f"列表，每项有 {_fields(each.returns['items'])}"
    return "；或 ".join(_fields(one) for one in each.returns.get("oneOf", [each.returns]))


def _fields(shape: s.Shape) -> str:
    return "、".join(f"`{name}`" for name in shape["properties"])


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
    shape = {**s.inside("请求体", needed, **fields), "additionalProperties": False}
    return {"required": True, "content": {"application/json": {"schema": shape}}}


def _responses(returns: s.Shape | tuple[str, ...]) -> dict[str, Any]:
    kinds = {"application/json": {"schema": returns}} if isinstance(returns, dict) else {kind: {} for kind in returns}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"200": {"description": "答复", "content": kinds},
            **{code: {"description": words, "content": error} for code, words in FAULTS.items()}}
