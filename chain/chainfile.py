"""Reading chain files: YAML text to a `Chain`, every part with the line it stands on."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chain.definition import ROLES, Arc, Chain, Problem, Product, Relation
from chain.errors import DefinitionError, InputError, UnknownName, near_names

LIBRARY = Path(__file__).with_name("library")
CHAIN_KEYS = frozenset("chain version as_of summary sources stages segments".split())
PRODUCT_KEYS = frozenset(
    "name use aliases hints exclude kind_of inputs upgrades_to byproduct_of criticality reason chokepoint gbt4754 "
    "terminal value_added_rate weight unlinked no_inputs distinct_from".split()
)
ARC_KEYS = frozenset("product role coefficient group source captive".split())
RELATION_KEYS = frozenset("product gain tonnes source".split())
DISTINCTION_KEYS = frozenset("product reason".split())


class Lined(dict[str, Any]):
    """A mapping that remembers the line it begins on; readers of other formats set it themselves."""

    line: int = 1


def library() -> dict[str, Path]:
    """Built-in chains: name to file, in order of name."""
    return {path.stem: path for path in sorted(LIBRARY.glob("*.yaml"))}


def read(where: str | Path) -> Chain:
    """A chain file by path, or a built-in chain by name.

    Raises
    ------
    UnknownName
        If it is neither a file nor a built-in chain.
    DefinitionError
        If it is not YAML or not of the format; the line is named.
    """
    path = Path(where)
    if not path.suffix or not path.exists():
        if str(where) in library():
            return _builtin(str(where))
        raise UnknownName("产业链", str(where), library(), way_out="lianpu chains list 列出内置产业链；自己的链请给出 .yaml 文件")
    return _read_file(path)


@cache
def _builtin(name: str) -> Chain:
    return _read_file(library()[name])


def _read_file(path: Path) -> Chain:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"读不了产业链文件：{error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise DefinitionError("产业链文件不是 UTF-8 编码", where=f"{path} 第 {error.start} 字节", way_out="另存为 UTF-8") from error
    return parse(text, path.name)


def parse(text: str, file: str) -> Chain:
    """A chain from the text of a chain file; `file` names it in messages and as evidence."""
    try:
        document = yaml.load(text, Loader=_LineLoader)  # noqa: S506 — a SafeLoader
    except RecursionError as error:
        raise DefinitionError("嵌套太深，不是产业链文件", where=file, way_out="见 docs/chain-format.md") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DefinitionError(
            f"不是合法的 YAML：{getattr(error, 'problem', error)}", where=f"{file} 第 {line} 行",
            way_out="检查缩进、冒号后的空格和引号",
        ) from error
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return build(document, file, digest)


def build(document: object, file: str, digest: str) -> Chain:
    """A chain from nested mappings and lists as a chain file (or a chain workbook) gives them.

    Raises
    ------
    DefinitionError
        If the shape itself is wrong: not a mapping, a product without a name, a stage nobody declared.
    """
    return _Builder(file, digest).chain(document)


class _LineLoader(yaml.SafeLoader):
    """Safe YAML whose mappings know their line and whose keys must not repeat."""

    def construct_lined(self, node: yaml.MappingNode) -> Iterator[Lined]:
        """A `Lined` of the node, filled once its values are built."""
        mapping = Lined()
        mapping.line = node.start_mark.line + 1
        yield mapping
        for key_node, value_node in node.value:
            key = self._value(key_node)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"键 {key!r} 不是文字", key_node.start_mark)
            if key in mapping:
                raise yaml.constructor.ConstructorError(None, None, f"键 {key!r} 在同一处写了两次", key_node.start_mark)
            mapping[key] = self._value(value_node)

    def _value(self, node: yaml.Node) -> Any:
        try:
            return self.construct_object(node, deep=True)
        except ValueError as error:  # 2026-13-01 looks like a date to YAML
            raise yaml.constructor.ConstructorError(None, None, f"读不懂的值 {node.value!r}", node.start_mark) from error


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _LineLoader.construct_lined)


class _Builder:
    """Turns the nested document into a `Chain`, gathering what is odd but readable as notes."""

    def __init__(self, file: str, digest: str) -> None:
        self.file, self.digest = file, digest
        self.notes: list[Problem] = []
        self.arcs: list[Arc] = []
        self.kinds: list[Relation] = []
        self.upgrades: list[Relation] = []
        self.byproducts: list[Relation] = []
        self.distinctions: list[Relation] = []

    def chain(self, document: object) -> Chain:
        if not isinstance(document, dict):
            raise self.error("文件应是一个映射，以 chain: 名称 开头", 1, "lianpu chains new 名称 给出样板")
        self.keys(document, CHAIN_KEYS, "产业链")
        stages = tuple(self.stage(item) for item in self.listed(document, "stages"))
        products = tuple(self.products(document, [name for name, _ in stages]))
        return Chain(
            self.text(document, "chain", needed=True), self.text(document, "version") or "0", self.text(document, "as_of"),
            self.text(document, "summary"), stages, products, tuple(self.arcs), tuple(self.kinds), tuple(self.upgrades),
            tuple(self.byproducts), self.sources(document), self.file, self.digest, tuple(self.notes), tuple(self.distinctions),
        )

    def stage(self, item: object) -> tuple[str, str]:
        if isinstance(item, str):
            return item, ""
        if isinstance(item, dict) and "name" in item:
            return self.text(item, "name"), self.text(item, "description")
        raise self.error(f"stages 里的 {item!r} 不是阶段", getattr(item, "line", 1), "写成 - {name: 上游, description: …}")

    def sources(self, document: dict[str, Any]) -> dict[str, str]:
        found = document.get("sources") or {}
        if not isinstance(found, dict):
            raise self.error("sources 应是 键: {title, publisher, year}", getattr(document, "line", 1), "见 docs/chain-format.md")
        return {str(key): _citation(value) for key, value in found.items()}

    def products(self, document: dict[str, Any], stages: list[str]) -> Iterator[Product]:
        seen: dict[str, int] = {}
        for segment in self.listed(document, "segments"):
            if not isinstance(segment, dict):
                raise self.error(f"segments 里的 {segment!r} 不是一组产品", 1, "写成 - {name, stage, products}")
            stage = self.text(segment, "stage", needed=True)
            if stage not in stages:
                raise self.error(
                    f"阶段「{stage}」没有在 stages 里声明", _line(segment), "可用的阶段：" + "、".join(stages))
            for item in self.listed(segment, "products"):
                product = self.product(item, stage, self.text(segment, "name"), _line(segment))
                if product.name in seen:
                    raise self.error(f"产品「{product.name}」写了两次（另一处在第 {seen[product.name]} 行）", product.line, "合为一条")
                seen[product.name] = product.line
                yield product

    def product(self, item: object, stage: str, segment: str, near: int) -> Product:
        if isinstance(item, str):
            item = Lined(name=item)
            item.line = near
        if not isinstance(item, dict) or not (item.get("name") or item.get("use")):
            raise self.error(f"产品 {item!r} 没有 name", getattr(item, "line", near), "每个产品写 name: 名称，或 use: 别的链里的产品")
        self.keys(item, PRODUCT_KEYS, "产品")
        name, line = str(item.get("name") or item.get("use")), _line(item)
        self.relations(item, name, line)
        return Product(
            name, stage, segment, self.words(item, "aliases"), self.words(item, "hints"), self.words(item, "exclude"),
            self.whole(item, "criticality"), self.text(item, "reason") or None, self.text(item, "chokepoint") or None,
            self.words(item, "gbt4754"), self.number(item, "value_added_rate"), self.number(item, "weight"),
            bool(item.get("terminal", False)), "name" in item, line, self.reason(item, "unlinked"), self.reason(item, "no_inputs"),
        )

    def relations(self, item: dict[str, Any], name: str, line: int) -> None:
        for entry in self.entries(item, "inputs", line):
            self.keys(entry, ARC_KEYS, "inputs ")
            role = self.text(entry, "role") or ROLES[0]
            if role not in ROLES:
                raise self.error(f"role「{role}」不认识", _line(entry), "可用：" + "、".join(ROLES))
            self.arcs.append(Arc(
                self.text(entry, "product", needed=True), name, role, self.number(entry, "coefficient"),
                self.text(entry, "group") or None, self.text(entry, "source") or None, _line(entry),
                bool(entry.get("captive", False))))
        for key, target in (("kind_of", self.kinds), ("upgrades_to", self.upgrades), ("byproduct_of", self.byproducts)):
            for entry in self.entries(item, key, line):
                self.keys(entry, RELATION_KEYS, f"{key} ")
                target.append(Relation(
                    name, self.text(entry, "product", needed=True), self.text(entry, "gain") or None,
                    self.number(entry, "tonnes"), self.text(entry, "source") or None, _line(entry)))

        for entry in self.entries(item, "distinct_from", line):
            self.keys(entry, DISTINCTION_KEYS, "distinct_from ")
            self.distinctions.append(Relation(
                name, self.text(entry, "product", needed=True), self.reason(entry, "reason", needed=True), line=_line(entry)))

    def entries(self, item: dict[str, Any], key: str, line: int) -> Iterator[dict[str, Any]]:
        for entry in self.listed(item, key):
            if isinstance(entry, str):
                short = Lined(product=entry)
                short.line = line
                yield short
            elif isinstance(entry, dict):
                yield entry
            else:
                raise self.error(f"{key} 里的 {entry!r} 不是产品", line, "写产品名，或 {product: 名称, …}")

    def listed(self, item: dict[str, Any], key: str) -> list[Any]:
        value = item.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def words(self, item: dict[str, Any], key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(word).strip() for word in self.listed(item, key) if str(word).strip()))

    def text(self, item: dict[str, Any], key: str, *, needed: bool = False) -> str:
        value = item.get(key)
        if value is None or isinstance(value, dict | list):
            if needed or value is not None:
                raise self.error(f"缺少 {key}", _line(item), f"写上 {key}: …")
            return ""
        return str(value).strip()

    def reason(self, item: dict[str, Any], key: str, *, needed: bool = False) -> str | None:
        """A judgement is worth its reason: a bare yes or no is none."""
        if isinstance(item.get(key), bool | int | float):
            raise self.error(f"{key} 的值 {item[key]!r} 不是理由", _line(item), "用一行说明为什么")
        if not (found := self.text(item, key)) and needed:
            raise self.error(f"缺少 {key}", _line(item), f"写上 {key}: 一行理由")
        return found or None

    def number(self, item: dict[str, Any], key: str) -> float | None:
        value = item.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error(f"{key} 的值 {value!r} 不是数", _line(item), "只写数字")
        return float(value)

    def whole(self, item: dict[str, Any], key: str) -> int | None:
        value = self.number(item, key)
        if value is not None and value != int(value):
            raise self.error(f"{key} 的值 {value!r} 不是整数", _line(item), "写整数")
        return None if value is None else int(value)

    def keys(self, item: dict[str, Any], known: frozenset[str], what: str) -> None:
        for key in item:
            if key not in known:
                near = near_names(str(key), known)
                self.notes.append(Problem(
                    "error", _line(item), str(item.get("name") or ""), f"{what}没有「{key}」这一项",
                    f"是不是 {'、'.join(near)}？" if near else "可用：" + "、".join(sorted(known))))

    def error(self, what: str, line: int, way_out: str) -> DefinitionError:
        return DefinitionError(what, where=f"{self.file} 第 {line} 行", way_out=way_out)


def _line(item: object) -> int:
    return int(getattr(item, "line", 1))


def _citation(value: object) -> str:
    if not isinstance(value, dict):
        return str(value)
    title, rest = value.get("title", ""), [value.get(key) for key in ("publisher", "year", "note")]
    return f"《{title}》" + (f"（{'，'.join(str(part) for part in rest if part)}）" if any(rest) else "")
