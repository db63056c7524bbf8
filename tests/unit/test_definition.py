"""Chain files: what is read, every error and warning with its line, and the library that is shipped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from oracle import plain

from chain import chainfile, definition
from chain.errors import DefinitionError, InputError, UnknownName

HEAD = """chain: 链
as_of: 2026-01-01
sources:
  S1: {title: 目录, publisher: 工信部, year: 2021}
stages: [上游, 下游]
segments:
  - name: 段
    stage: 上游
    products:
"""
FIRST = 10
"""Line on which the products after HEAD begin."""


def read(products: str) -> definition.Chain:
    return chainfile.parse(HEAD + products, "链.yaml")


def judged(products: str) -> list[tuple[str, int, str, str]]:
    """Problems of a chain with these products; lines counted from the first product's as 1."""
    return [(p.severity, p.line - FIRST + 1, p.product, p.what) for p in definition.problems(read(products))]


GOOD = """\
      - name: 矿
        aliases: [铁矿石]
      - name: 铁
        inputs: [矿, {product: 焦, coefficient: 0.3, source: S1, captive: true}]
        kind_of: 金属
        upgrades_to: [{product: 钢, gain: 更好, source: S1}]
      - name: 焦
      - name: 金属
        terminal: true
      - name: 钢
        inputs: [{product: 炉, role: 设备}, {product: 铁, group: 料}, {product: 矿, group: 料}]
        byproduct_of: {product: 焦, tonnes: 1.2}
        criticality: 4
        reason: 要紧
        chokepoint: S1
        gbt4754: [C3120]
        value_added_rate: 0.2
        terminal: true
      - use: 炉
"""


def test_a_good_file_has_no_problems() -> None:
    assert judged(GOOD) == []


def test_a_chain_becomes_rows_numbered_by_the_lines_of_its_file() -> None:
    chain = read(GOOD)
    tables = definition.to_tables(chain)
    source = f"chain-{chain.digest}"
    assert plain(tables["inputs"][["input", "product", "role", "coefficient", "group", "citation", "source", "row"]]) == [
        {"input": i, "product": p, "role": r, "coefficient": c, "group": g, "citation": s, "source": source, "row": FIRST - 1 + line}
        for i, p, r, c, g, s, line in [
            ("炉", "钢", "设备", None, None, None, 11), ("焦", "铁", "物料", 0.3, None, "《目录》（工信部，2021）", 4),
            ("矿", "钢", "物料", None, "料", None, 11), ("矿", "铁", "物料", None, None, None, 3), ("铁", "钢", "物料", None, "料", None, 11)]]
    assert plain(tables["kinds"]) == [{"product": "铁", "kind": "金属", "citation": None, "source": source, "row": FIRST - 1 + 3}]
    assert plain(tables["upgrades"]) == [
        {"product": "铁", "successor": "钢", "gain": "更好", "citation": "《目录》（工信部，2021）", "source": source, "row": FIRST - 1 + 6}]
    assert plain(tables["byproducts"]) == [
        {"product": "钢", "main": "焦", "tonnes": 1.2, "citation": None, "source": source, "row": FIRST - 1 + 12}]
    assert plain(tables["sources"][["id", "origin", "file", "kind", "as_of", "rows"]]) == [
        {"id": source, "origin": "chain:链", "file": "链.yaml", "kind": "chain", "as_of": "2026-01-01", "rows": 6}]


def test_a_used_product_is_in_the_chain_but_not_defined_by_it() -> None:
    tables = definition.to_tables(read(GOOD))
    assert sorted(tables["chain_products"]["product"]) == sorted(["矿", "铁", "焦", "金属", "钢", "炉"])
    assert sorted(tables["products"]["id"]) == sorted(["矿", "铁", "焦", "金属", "钢"])


def test_products_keep_the_order_of_the_file() -> None:
    frame = definition.to_tables(read(GOOD))["chain_products"].sort_values("position")
    assert frame["product"].tolist() == ["矿", "铁", "焦", "金属", "钢", "炉"]


def test_what_the_author_judged_is_read_with_its_reason_and_may_name_products_of_other_chains() -> None:
    chain = read("      - name: 甲\n        unlinked: 只有非上市企业做\n        no_inputs: 原料不在任何链里\n"
                 "        terminal: true\n        kind_of: 乙\n        distinct_from:\n"
                 "          - {product: 外链产品, reason: 一个是料一个是件}\n      - 乙\n")
    assert [(p.name, p.unlinked, p.no_inputs) for p in chain.products] == [("甲", "只有非上市企业做", "原料不在任何链里"), ("乙", None, None)]
    assert chain.distinctions == (definition.Relation("甲", "外链产品", "一个是料一个是件", line=16),)
    assert definition.problems(chain) == []


FED = "      - {name: 用, inputs: [甲, 乙], terminal: true}\n"


@pytest.mark.parametrize(("products", "expected"), [
    ("      - {name: 甲}\n      - {name: 乙, aliases: [甲]}\n" + FED,
     [("error", 2, "乙", "名称或别名「甲」已属于第 10 行的「甲」"), ("error", 2, "乙", "词「甲」只有一个字，会到处匹配")]),
    ("      - {name: 甲, aliases: [同名]}\n      - {name: 乙, aliases: [同名]}\n" + FED,
     [("error", 2, "乙", "名称或别名「同名」已属于第 10 行的「甲」")]),
    ("      - {name: 甲, hints: [短]}\n      - {name: 乙}\n" + FED, [("error", 1, "甲", "词「短」只有一个字，会到处匹配")]),
    ("      - {name: 甲, aliases: [别名], exclude: [别名]}\n      - {name: 乙}\n" + FED,
     [("error", 1, "甲", "排除词「别名」就是它自己的名称或别名")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - name: 用\n        terminal: true\n"
     "        inputs:\n          - 甲\n          - 乙\n          - {product: 丙}\n",
     [("error", 8, "用", "inputs 提到的「丙」不是本链的产品")]),
    ("      - {name: 甲, kind_of: 丙, upgrades_to: 丁, byproduct_of: 戊}\n      - {name: 乙}\n" + FED,
     [("error", 1, "甲", "byproduct_of 提到的「戊」不是本链的产品"), ("error", 1, "甲", "kind_of 提到的「丙」不是本链的产品"),
      ("error", 1, "甲", "upgrades_to 提到的「丁」不是本链的产品")]),
    ("      - {name: 甲, kind_of: 甲, upgrades_to: 甲, byproduct_of: 甲, inputs: [甲]}\n      - {name: 乙}\n" + FED,
     [("error", 1, "甲", f"{key} 指向它自己") for key in ("byproduct_of", "inputs", "kind_of", "upgrades_to")]),
    ("      - {name: 甲, distinct_from: [{product: 甲, reason: 自己}]}\n      - {name: 乙}\n" + FED,
     [("error", 1, "甲", "distinct_from 指向它自己")]),
    ("      - {name: 甲, criticality: 6, reason: 要紧}\n      - {name: 乙, criticality: 0, reason: 不要紧}\n" + FED,
     [("error", 1, "甲", "criticality 6 不在 1–5"), ("error", 2, "乙", "criticality 0 不在 1–5")]),
    ("      - {name: 甲, chokepoint: S9}\n      - {name: 乙}\n" + FED, [("error", 1, "甲", "chokepoint 的来源「S9」不在 sources 里")]),
    ("      - {name: 甲, gbt4754: [3120, C31200, C3120]}\n      - {name: 乙, gbt4754: [U31]}\n" + FED,
     [("error", 1, "甲", "gbt4754 代码「3120」不合写法"), ("error", 1, "甲", "gbt4754 代码「C31200」不合写法"),
      ("error", 2, "乙", "gbt4754 代码「U31」不合写法")]),
    ("      - {name: 甲, value_added_rate: 25, weight: -1}\n      - {name: 乙, byproduct_of: {product: 甲, tonnes: -2}}\n" + FED,
     [("error", 1, "甲", "value_added_rate 25 不在 0–1"), ("error", 1, "甲", "weight -1 为负"), ("error", 2, "乙", "「甲」的 tonnes -2 为负")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - name: 用\n        terminal: true\n"
     "        inputs:\n          - {product: 甲, coefficient: -0.1}\n          - 乙\n",
     [("error", 6, "用", "「甲」的系数 -0.1 为负")]),
    ("      - {name: 甲}\n      - {name: 乙}\n"
     "      - {name: 用, terminal: true, inputs: [{product: 甲, coefficient: 0.7}, {product: 乙, coefficient: 0.4}]}\n",
     [("error", 3, "用", "投入系数合计 1.1，超过 1")]),
    ("      - {name: 甲, colour: 红}\n      - {name: 乙}\n" + FED, [("error", 1, "甲", "产品没有「colour」这一项")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - {name: 用, terminal: true, inputs: [甲, {product: 乙, coeficient: 0.1}]}\n",
     [("error", 3, "", "inputs 没有「coeficient」这一项")]),
])
def test_every_error_is_found_on_its_line(products: str, expected: list[tuple[str, int, str, str]]) -> None:
    assert judged(products) == expected
    with pytest.raises(DefinitionError, match=f"有 {len(expected)} 处错误"):
        definition.to_tables(read(products))


@pytest.mark.parametrize(("products", "expected"), [
    ("      - {name: 甲}\n      - {name: 乙}\n      - {name: 用, terminal: true, inputs: [甲, 乙, 甲]}\n",
     [("warning", 3, "用", "inputs 里「甲」写了 2 次")]),
    ("      - {name: 甲, criticality: 3}\n      - {name: 乙}\n" + FED, [("warning", 1, "甲", "有 criticality 没有 reason")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - {name: 孤}\n" + FED, [("warning", 3, "孤", "与链上其他产品没有任何联系")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - {name: 用, inputs: [甲, 乙]}\n",
     [("warning", 3, "用", "没有用途：没有产品用它，也没有标 terminal")]),
    ("      - {name: 甲}\n      - {name: 乙}\n      - {name: 用, terminal: true, inputs: [乙, {product: 甲, group: 替}]}\n",
     [("warning", 3, "用", "替代组「替」只有「甲」一个成员")]),
    ("      - {name: 甲, inputs: [丙]}\n      - {name: 乙, inputs: [甲]}\n      - {name: 丙, inputs: [乙]}\n",
     [("warning", 1, "甲", "循环：甲 → 乙 → 丙 → 甲")]),
    ("      - {name: 甲, inputs: [乙]}\n      - {name: 乙, inputs: [甲, 丙]}\n      - {name: 丙, inputs: [丁]}\n      - {name: 丁, inputs: [丙]}\n",
     [("warning", 1, "甲", "循环：甲 → 乙 → 甲"), ("warning", 3, "丙", "循环：丙 → 丁 → 丙")]),
])
def test_every_warning_is_found_on_its_line_and_does_not_stop_a_load(products: str, expected: list[tuple[str, int, str, str]]) -> None:
    assert judged(products) == expected
    assert definition.to_tables(read(products)).rows


def test_of_an_or_group_only_the_largest_coefficient_counts() -> None:
    assert judged("      - {name: 甲}\n      - {name: 乙}\n      - name: 用\n        terminal: true\n        inputs:\n"
                  "          - {product: 甲, coefficient: 0.7, group: 料}\n          - {product: 乙, coefficient: 0.9, group: 料}\n") == []


def test_errors_come_before_warnings_and_say_so_in_words() -> None:
    found = definition.problems(read("      - {name: 孤}\n"
     "      - {name: 甲, criticality: 9, reason: 要紧, terminal: true, inputs: [乙]}\n      - {name: 乙}\n"))
    assert [str(problem) for problem in found] == [
        "第 11 行 错误 「甲」criticality 9 不在 1–5。办法：写 1 到 5 的整数",
            "第 10 行 提醒 「孤」与链上其他产品没有任何联系。办法：补上 inputs，或从本链移除"]


@pytest.mark.parametrize(("text", "message", "line"), [
    ("- 一\n- 二\n", "文件应是一个映射", 1), ("", "文件应是一个映射", 1), ("stages: []\n", "缺少 chain", 1), ("chain:\n", "缺少 chain", 1),
    ("chain: 链\nstages: [3]\n", "stages 里的 3 不是阶段", 1), ("chain: 链\nsources: [S1]\n", "sources 应是", 1),
    ("chain: 链\nsegments: [段]\n", "不是一组产品", 1), ("chain: 链\nsegments:\n  - name: 段\n", "缺少 stage", 3),
    ("chain: 链\nstages: [上游]\nsegments:\n  - {name: 段, stage: 中游}\n", "阶段「中游」没有在 stages 里声明", 4),
    (HEAD + "      - {aliases: [没有名称]}\n", "没有 name", 10),
     (HEAD + "      - 甲\n      - name: 甲\n", "产品「甲」写了两次（另一处在第 7 行）", 11),
    (HEAD + "      - name: 甲\n        inputs:\n          - {product: 乙, role: 工具}\n", "role「工具」不认识", 12),
    (HEAD + "      - {name: 甲, inputs: [3]}\n", "inputs 里的 3 不是产品", 10),
     (HEAD + "      - {name: 甲, inputs: [{role: 设备}]}\n", "缺少 product", 10),
    (HEAD + "      - {name: 甲, criticality: 高}\n", "criticality 的值 '高' 不是数", 10),
     (HEAD + "      - {name: 甲, criticality: 2.5}\n", "不是整数", 10),
    (HEAD + "      - {name: 甲, weight: true}\n", "weight 的值 True 不是数", 10), (HEAD + "      - {name: 甲, criticality: .inf}\n", "不是数", 10),
    (HEAD + "      - {name: 甲, criticality: .nan}\n", "不是数", 10),
    (HEAD + "      - {name: 甲, unlinked: true}\n", "unlinked 的值 True 不是理由", 10),
    (HEAD + "      - {name: 甲, no_inputs: 1}\n", "no_inputs 的值 1 不是理由", 10),
    (HEAD + "      - {name: 甲, distinct_from: [乙]}\n", "缺少 reason", 10),
    (HEAD + "      - {name: 甲, distinct_from: [{product: 乙, reason: ''}]}\n", "缺少 reason", 10),
    ("chain: 链\nchain: 又一个\n", "键 'chain' 在同一处写了两次", 2), ("chain: [未完\n", "不是合法的 YAML", 2),
     ("chain: 链\n\tstages: []\n", "不是合法的 YAML", 2),
    ("chain: 链\nas_of: 2026-13-45\n", "读不懂的值 '2026-13-45'", 2), ("? [a]\n: 1\n", "不是文字", 1),
     ("chain: !!python/object:os.system x\n", "不是合法的 YAML", 1),
])
def test_a_file_of_the_wrong_shape_is_refused_with_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(DefinitionError, match=message.replace("(", r"\(").replace("[", r"\[")) as failure:
        chainfile.parse(text, "坏.yaml")
    assert failure.value.where == f"坏.yaml 第 {line} 行"
    assert failure.value.way_out


def test_a_file_nested_without_end_is_refused() -> None:
    with pytest.raises(DefinitionError, match="嵌套太深"):
        chainfile.parse("[" * 20000, "坏.yaml")


def test_a_typo_in_a_key_offers_the_near_one() -> None:
    found = definition.problems(chainfile.parse("chain: 链\nsegmnets: []\n", "链.yaml"))
    assert [(p.line, p.what, p.way_out) for p in found] == [(1, "产业链没有「segmnets」这一项", "是不是 segments？")]


def test_the_content_of_a_file_makes_its_source() -> None:
    digests = [chainfile.parse(text, "链.yaml").digest for text in (HEAD, HEAD, HEAD + "\n")]
    assert digests[0] == digests[1] != digests[2]


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "链.yaml").write_text(HEAD + GOOD, encoding=encoding)
        assert chainfile.read(tmp_path / "链.yaml") == read(GOOD)


def test_a_file_in_another_encoding_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "链.yaml").write_bytes((HEAD + GOOD).encode("gbk"))
    with pytest.raises(DefinitionError, match="不是 UTF-8") as failure:
        chainfile.read(tmp_path / "链.yaml")
    assert failure.value.way_out == "另存为 UTF-8"


def test_a_directory_is_no_chain_file(tmp_path: Path) -> None:
    (tmp_path / "链.yaml").mkdir()
    with pytest.raises(InputError, match="读不了产业链文件"):
        chainfile.read(tmp_path / "链.yaml")


def test_an_unknown_chain_offers_near_ones() -> None:
    with pytest.raises(UnknownName) as failure:
        chainfile.read("氢能源")
    assert failure.value.near[0] == "氢能"


# -- the library

LIBRARY = sorted(chainfile.library())


@pytest.fixture(scope="module")
def chains() -> dict[str, definition.Chain]:
    return {name: chainfile.read(name) for name in LIBRARY}


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_chain_has_no_errors_and_bears_the_name_of_its_file(name: str, chains: dict[str, definition.Chain]) -> None:
    assert chains[name].name == name
    assert [str(problem) for problem in definition.problems(chains[name]) if problem.severity == "error"] == []
    assert definition.to_tables(chains[name]).rows


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_chain_has_40_to_90_products(name: str, chains: dict[str, definition.Chain]) -> None:
    assert 40 <= len(chains[name].products) <= 90


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_chain_begins_and_ends_where_it_should(name: str, chains: dict[str, definition.Chain]) -> None:
    """Sources lie in any stage, but the first stage holds some; what nobody uses is marked as terminal, and something is."""
    chain = chains[name]
    used, fed = {arc.input for arc in chain.arcs}, {arc.product for arc in chain.arcs}
    first = [product.name for product in chain.products if product.stage == chain.stages[0][0]]
    assert [product for product in first if product not in fed]
    kinds = {r.product for r in chain.kinds} | {r.other for r in chain.kinds}
    assert [p.name for p in chain.products if p.name not in used | kinds and not p.terminal] == []
    assert [p.name for p in chain.products if p.terminal]
    assert {stage for stage, _ in chain.stages} == {product.stage for product in chain.products}


@pytest.mark.parametrize("name", LIBRARY)
def test_from_every_source_of_a_shipped_chain_goods_reach_an_end_product(name: str, chains: dict[str, definition.Chain]) -> None:
    chain = chains[name]
    onward: dict[str, set[str]] = {}
    for arc in chain.arcs:
        onward.setdefault(arc.input, set()).add(arc.product)
    for relation in chain.kinds:  # a kind stands wherever what it is a kind of stands
        onward.setdefault(relation.product, set()).add(relation.other)
        onward.setdefault(relation.other, set()).add(relation.product)
    ends = {product.name for product in chain.products if product.terminal}
    stuck = []
    for product in chain.products:
        seen, todo = {product.name}, [product.name]
        while todo:
            new = onward.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        if not seen & ends:
            stuck.append(product.name)
    assert stuck == []


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_chain_has_no_warnings_but_cycles(name: str, chains: dict[str, definition.Chain]) -> None:
    assert [str(p) for p in definition.problems(chains[name]) if "循环" not in p.what] == []


def test_each_product_is_defined_in_exactly_one_shipped_chain_and_used_ones_are_defined(chains: dict[str, definition.Chain]) -> None:
    defined = Counter(product.name for chain in chains.values() for product in chain.products if product.defined)
    used = {product.name for chain in chains.values() for product in chain.products if not product.defined}
    assert {name: times for name, times in defined.items() if times > 1} == {}
    assert used - set(defined) == set()


def test_no_alias_of_one_shipped_chain_is_a_name_or_alias_in_another(chains: dict[str, definition.Chain]) -> None:
    owners: dict[str, set[str]] = {}
    for chain in chains.values():
        for product in chain.products:
            for word in (product.name, *product.aliases) if product.defined else ():
                owners.setdefault(word, set()).add(product.name)
    assert {word: sorted(names) for word, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", LIBRARY)
def test_every_figure_of_a_shipped_chain_has_a_source_that_the_file_lists(name: str, chains: dict[str, definition.Chain]) -> None:
    chain = chains[name]
    cited = [arc.citation for arc in chain.arcs if arc.coefficient is not None]
    cited += [relation.citation for relation in chain.byproducts if relation.tonnes is not None]
    cited += [p.chokepoint for p in chain.products if p.chokepoint]
    assert [key for key in cited if key not in chain.sources] == []
    assert chain.as_of and chain.summary and chain.sources
