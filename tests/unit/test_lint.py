"""The lint over chains: what it finds, what settles it, and judgements that no longer hold."""

from __future__ import annotations

import random
import zlib
from collections import Counter

import pytest

from chain import chainfile
from chain.atlas import Atlas
from chain.definition import Chain
from chain.lint import lint

HEAD = "chain: {name}\nas_of: 2026-01-01\nstages: [上游, 中游]\nsources: {{S1: 目录}}\nsegments:\n"
SEGMENT = "  - name: {name}\n    stage: {stage}\n    products:\n"


def chain(name: str, upstream: str = "", midstream: str = "", *, segment: str = "段") -> Chain:
    """A chain with products (flow mappings, one a line) in its two stages; each gets a criticality and a reason of its own."""
    text = HEAD.format(name=name)
    for stage, products in (("上游", upstream), ("中游", midstream)):
        lines = [line.strip() for line in products.splitlines() if line.strip()]
        if lines:
            text += SEGMENT.format(name=segment, stage=stage)
            text += "".join(f"      - {{{line}{_reason(line)}}}\n" for line in lines)
    return chainfile.parse(text, f"{name}.yaml")


def _reason(line: str) -> str:
    return "" if line.startswith("use") or "criticality" in line else f", criticality: 3, reason: 理由只说编号{zlib.crc32(line.encode())}这一种"


def found(*chains: Chain, **how: object) -> list[tuple[str, str, str]]:
    return [(one.chain, one.product, one.text) for one in lint(chains, **how)]


END = "name: 成品, inputs: [{0}], terminal: true"


def test_sound_chains_leave_nothing_open() -> None:
    two = chain("乙", "use: 矿石\nname: 焦炭", "name: 钢坯, inputs: [矿石, 焦炭], terminal: true")
    assert found(chain("甲", "name: 矿石", END.format("矿石")), two) == []


def test_a_product_is_defined_in_one_chain_only() -> None:
    one, two = chain("甲", "name: 矿石", END.format("矿石")), chain("乙", "name: 矿石", "name: 钢坯, inputs: [矿石], terminal: true")
    assert found(one, two) == [("乙", "矿石", "在产业链「甲」里已有定义")]


def test_a_used_product_must_be_defined_somewhere_and_says_nothing_of_itself() -> None:
    one = chain("甲", "name: 矿石", END.format("矿石"))
    assert found(one, chain("乙", "use: 焦炭", "name: 钢坯, inputs: [焦炭], terminal: true")) == [("乙", "焦炭", "引用了它，却没有一条链定义它")]
    lost = chain("乙", "use: 矿石, aliases: [铁矿], criticality: 2, reason: 白写", "name: 钢坯, inputs: [矿石], terminal: true")
    assert found(one, lost) == [("乙", "矿石", "只是引用，写在这里的 aliases、criticality、reason 不起作用")]


def test_a_word_claimed_twice_over_all_chains_is_found_whatever_its_width_and_case() -> None:
    one = chain("甲", "name: 矿石, aliases: [EVA胶膜, 铁矿]", END.format("矿石"))
    two = chain("乙", "name: 胶片, aliases: [ＥＶＡ 胶膜]", "name: 铁矿, inputs: [胶片], terminal: true")
    assert found(one, two) == [
        ("乙", "胶片", "名称或别名 ＥＶＡ 胶膜 已属于产业链「甲」的「矿石」"), ("乙", "铁矿", "名称或别名 铁矿 已属于产业链「甲」的「矿石」")]
    assert {one.severity for one in lint([one, two])} == {"error"}


@pytest.mark.parametrize(("first", "second", "why"), [
    ("name: 储氢合金", "name: 储氢合金材料", "名称只差一个通用的词"),
    ("name: 制氢压缩机", "name: 压缩制氢机", "两个名称的字相同，只是次序不同"),
    ("name: 电驱桥", "name: 驱动总成, aliases: [电驱桥总成]", "一个的名称近于另一个的别名（电驱桥）"),
    ("name: 甲品, aliases: [红漆, 绿漆, 蓝漆]", "name: 乙品, aliases: [红漆材料, 绿漆产品, 黄土, 黑土]", "别名大半相同（红漆、绿漆）"),
])
def test_near_duplicates_across_chains_are_found(first: str, second: str, why: str) -> None:
    names = [text.split(",")[0].removeprefix("name: ") for text in (first, second)]
    one, two = chain("甲", first, END.format(names[0])), chain("乙", second, f"name: 整机, inputs: [{names[1]}], terminal: true")
    assert found(one, two) == [("乙", names[1], f"与「{names[0]}」像是同一种东西：{why}")]


def test_material_and_equipment_of_one_stem_are_two_things() -> None:
    one, two = chain("甲", "name: 焊接材料", END.format("焊接材料")), chain("乙", "name: 焊接设备", "name: 整机, inputs: [焊接设备], terminal: true")
    assert found(one, two) == []


def test_products_of_one_chain_or_tied_by_an_arc_are_no_near_duplicates() -> None:
    assert found(chain("甲", "name: 储氢合金\nname: 储氢合金材料", END.format("储氢合金, 储氢合金材料"))) == []
    one = chain("甲", "name: 储氢合金", END.format("储氢合金"))
    assert found(one, chain("乙", "use: 储氢合金", "name: 储氢合金材料, inputs: [储氢合金], terminal: true")) == []


def test_a_name_that_ends_with_another_must_be_a_kind_of_it_or_judged() -> None:
    upstream = "name: 石墨电极{0}\nname: 超高功率石墨电极{1}"
    end = END.format("石墨电极, 超高功率石墨电极")
    text = "名称「超高功率石墨电极」以「石墨电极」的名称「石墨电极」结尾，写前者的企业不算后者的"
    assert found(chain("甲", upstream.format("", ""), end)) == [("甲", "超高功率石墨电极", text)]
    for one, other in [("", ", kind_of: 石墨电极"), (", upgrades_to: 超高功率石墨电极", ""), (", exclude: [超高功率]", ""),
                       (", hints: [超高功率石墨电极]", ""), ("", ", distinct_from: [{product: 石墨电极, reason: 另一种东西}]"),
                       (", distinct_from: [{product: 超高功率石墨电极, reason: 另一种东西}]", "")]:
        assert found(chain("甲", upstream.format(one, other), end)) == [], (one, other)


def test_kinds_of_one_thing_need_no_judgement() -> None:
    upstream = "name: 电池\nname: 锂电芯, aliases: [动力电芯], kind_of: 电池\nname: 钠电芯, aliases: [钠动力电芯], kind_of: 电池"
    assert found(chain("甲", upstream, END.format("电池"))) == []


@pytest.mark.parametrize(("short", "long"), [
    ("光伏玻璃", "光伏玻璃清洗机"),     # the longest word wins, and what it names is no glass
    ("钢材料", "废钢材料"),            # 废 makes something else of it
    ("取向硅钢", "无取向硅钢"),
    ("氧化铝", "氢氧化铝"),            # the cut falls inside a compound
    ("硅外延片", "碳化硅外延片"),
    ("AB粉", "CAB粉"),                # a latin word is not cut
])
def test_a_name_inside_another_that_longest_match_settles_is_not_reported(short: str, long: str) -> None:
    assert found(chain("甲", f"name: {short}\nname: {long}", END.format(f"{short}, {long}"))) == []


@pytest.mark.parametrize(("key", "word", "hidden"), [
    ("hints", "复合碳纤维", True), ("exclude", "制碳纤维", True), ("exclude", "复合碳纤维产品", True), ("hints", "碳纤维及织物", True),
    ("hints", "织物和碳纤维", True), ("hints", "碳纤维织物", False), ("exclude", "废碳纤维", False),
])
def test_a_mere_word_must_not_hide_another_product(key: str, word: str, hidden: bool) -> None:
    role = {"hints": "提示词", "exclude": "排除词"}[key]
    text = f"{role}「{word}」盖住了「碳纤维」的名称「碳纤维」，写这个词的企业不再关联到「碳纤维」"
    end = END.format("碳纤维, 储氢瓶")
    assert found(chain("甲", f"name: 碳纤维\nname: 储氢瓶, {key}: [{word}]", end)) == [("甲", "储氢瓶", text)] * hidden
    for more in (f"hints: [{word}]", f"aliases: [{word}]", f"exclude: [{word}]"):
        assert found(chain("甲", f"name: 碳纤维, {more}\nname: 储氢瓶, {key}: [{word}]", end)) == []


def test_a_word_that_is_a_products_own_hides_nothing_for_those_who_only_hint_at_it() -> None:
    upstream = "name: 碳纤维\nname: 碳纤维织物及碳纤维\nname: 储氢瓶, hints: [碳纤维织物及碳纤维]"
    names = {product for _, product, _ in found(chain("甲", upstream, END.format("碳纤维, 碳纤维织物及碳纤维, 储氢瓶")))}
    assert names == {"碳纤维织物及碳纤维"}


def test_what_lies_behind_the_first_stage_comes_from_something() -> None:
    text = "没有投入，又不在第一个阶段"
    bare = chain("甲", "name: 矿石", "name: 部件\nname: 整机, inputs: [矿石, 部件], terminal: true")
    assert found(bare) == [("甲", "部件", text)]
    for more in ("inputs: [矿石]", "byproduct_of: 矿石", "kind_of: 整机", "no_inputs: 原料不在任何链里"):
        assert found(chain("甲", "name: 矿石", f"name: 部件, {more}\nname: 整机, inputs: [矿石, 部件], terminal: true")) == [], more
    served = chain("甲", "name: 矿石", "name: 部件\nname: 整机, inputs: [矿石, {product: 部件, role: 服务}], terminal: true")
    assert found(served) == []
    elsewhere = chain("乙", "name: 铜线", "use: 部件, inputs: [铜线]\nname: 别机, inputs: [部件], terminal: true")
    assert found(bare, elsewhere) == []


def test_what_is_judged_of_a_thing_holds_for_its_kinds() -> None:
    assert found(chain("甲", "name: 矿石", "name: 膜, no_inputs: 树脂不在任何链里\nname: 湿法膜, kind_of: 膜\n" + END.format("矿石, 膜"))) == []


def test_a_kind_without_a_use_of_its_own_has_that_of_what_it_is_a_kind_of() -> None:
    text = "没有用途：它和它的上下位产品都没有产品用，也没有标 terminal"
    assert found(chain("甲", "name: 焦\nname: 冶金焦, kind_of: 焦", END.format("焦"))) == []
    lost = chain("甲", "name: 焦\nname: 冶金焦, kind_of: 焦\nname: 矿石", END.format("矿石"))
    assert found(lost) == [("甲", "焦", text), ("甲", "冶金焦", text)]


def test_a_warning_of_the_file_itself_is_said_once_and_a_circle_is_no_finding() -> None:
    idle = chain("甲", "name: 矿石\nname: 焦炭, inputs: [矿石]", END.format("矿石"))
    assert found(idle) == [("甲", "焦炭", "没有用途：没有产品用它，也没有标 terminal")]
    assert found(chain("甲", "name: 矿石, inputs: [铁水]\nname: 铁水, inputs: [矿石]", END.format("铁水"))) == []


def test_goods_flow_with_the_stages_but_for_what_is_recycled_equipment_and_services() -> None:
    def judged(more: str, midstream: str, segment: str = "段") -> list[tuple[str, str, str]]:
        return found(chain("甲", f"name: 矿石, inputs: [{more}]", f"{midstream}\n" + END.format("矿石"), segment=segment))

    rock = "name: 部件, inputs: [成品]"
    assert judged("部件", rock) == [("甲", "矿石", "投入「部件」在「中游」，比它自己的「上游」还靠后")]
    assert judged("{product: 部件, role: 设备}", rock) == judged("{product: 部件, role: 服务}", rock) == []
    assert judged("部件", "name: 部件, byproduct_of: 成品") == []
    assert judged("部件", rock, segment="循环利用") == []
    assert judged("部件", rock + "\nname: 别物, inputs: [成品, {product: 矿石, role: 设备}], terminal: true") == []
    assert judged("废部件", "name: 废部件, inputs: [成品]") == []


def test_an_arc_that_two_chains_state_is_stated_alike() -> None:
    one = chain("甲", "name: 矿石\nname: 矿渣", "name: 钢坯, inputs: [{product: 矿石, group: 料}, {product: 矿渣, group: 料}], terminal: true")
    same = chain("乙", "use: 矿石\nuse: 矿渣", "use: 钢坯, inputs: [{product: 矿石, group: 料}, {product: 矿渣, group: 料}], terminal: true")
    assert found(one, same) == []
    other = chain("乙", "use: 矿石", "use: 钢坯, inputs: [{product: 矿石, role: 设备, captive: true}], terminal: true")
    assert found(one, other) == [("乙", "钢坯", "投入「矿石」在产业链「甲」里也写了，类别、替代组、通常自产不同")]


def test_every_product_has_a_criticality_and_a_reason_of_its_own() -> None:
    upstream = """name: 矿石, criticality: 3, reason: 矿石是炼钢的关键原料
                  name: 焦炭, criticality: 4, reason: 焦炭是炼钢的关键原料。
                  name: 煤炭, criticality: 2, reason: 要紧
                  name: 石灰"""
    text = HEAD.format(name="甲") + SEGMENT.format(name="段", stage="上游") + "".join(
        f"      - {{{line.strip()}}}\n" for line in upstream.splitlines())
    text += SEGMENT.format(name="段", stage="中游") + "      - {name: 钢坯, inputs: [矿石, 焦炭, 煤炭, 石灰], terminal: true, criticality: 5}\n"
    assert found(chainfile.parse(text, "甲.yaml")) == [
        ("甲", "焦炭", "reason「焦炭是炼钢的关键原料。」与产业链「甲」的「矿石」一样"), ("甲", "煤炭", "reason「要紧」太短"),
        ("甲", "石灰", "没有 criticality"), ("甲", "钢坯", "有 criticality 没有 reason")]


def test_industry_classes_are_checked_against_a_table_if_there_is_one() -> None:
    one = chain("甲", "name: 矿石, gbt4754: [B0810, B0899]", END.format("矿石"))
    assert found(one) == []
    assert found(one, classes={"B0810"}) == [("甲", "矿石", "gbt4754 代码「B0899」在行业分类表里没有")]


def test_a_chokepoint_needs_a_source_of_its_file() -> None:
    assert found(chain("甲", "name: 矿石, chokepoint: S1", END.format("矿石"))) == []
    assert found(chain("甲", "name: 矿石, chokepoint: S2", END.format("矿石"))) == [("甲", "矿石", "chokepoint 的来源「S2」不在 sources 里")]


def test_a_product_without_any_maker_in_the_list_is_mended_or_judged() -> None:
    text = "名单里没有一家企业关联到它（已确认或待复核）"
    one = chain("甲", "name: 矿石", END.format("矿石"))
    assert found(one, links={"矿石": 0, "成品": 2}) == [("甲", "矿石", text)]
    assert found(one, links={"成品": 2}) == found(one) == []    # of what was not asked nothing is said
    judged = chain("甲", "name: 矿石, unlinked: 矿山都不上市", END.format("矿石"))
    assert found(judged, links={"矿石": 0, "成品": 2}) == []


def test_makers_of_a_kind_make_the_thing() -> None:
    one = chain("甲", "name: 焦\nname: 冶金焦, kind_of: 焦", END.format("焦"))
    assert found(one, links={"焦": 0, "冶金焦": 1, "成品": 1}) == []
    assert [product for _, product, _ in found(one, links={"焦": 1, "冶金焦": 0, "成品": 1})] == ["冶金焦"]


@pytest.mark.parametrize(("upstream", "links", "text"), [
    ("name: 矿石, unlinked: 矿山都不上市", {"矿石": 3, "成品": 1}, "写了 unlinked，但有 3 家企业关联到它"),
    ("name: 矿石, no_inputs: 天然的东西", None, "写了 no_inputs，但它在第一个阶段，不用投入"),
    ("name: 矿石, distinct_from: [{product: 成品, reason: 两回事而已}]", None, "distinct_from 里写了「成品」，现在已没有什么会把两者混同"),
    ("name: 矿石, distinct_from: [{product: 没有的, reason: 两回事而已}]", None, "distinct_from 里的「没有的」不是任何产业链的产品"),
    ("name: 矿石, unlinked: 无", {"矿石": 0, "成品": 1}, "unlinked「无」太短"),
])
def test_a_judgement_that_settles_nothing_is_a_finding(upstream: str, links: dict[str, int] | None, text: str) -> None:
    assert found(chain("甲", upstream, END.format("矿石")), links=links) == [("甲", "矿石", text)]


def test_a_judgement_is_made_in_one_place() -> None:
    one = chain("甲", "name: 储氢合金, distinct_from: [{product: 储氢合金材料, reason: 一个是粉一个是锭}]", END.format("储氢合金"))
    two = chain("乙", "name: 储氢合金材料, distinct_from: [{product: 储氢合金, reason: 一个是粉一个是锭}]",
                "name: 整机, inputs: [储氢合金材料], terminal: true")
    assert found(one, two) == [("乙", "储氢合金材料", "与「储氢合金」的区别已在产业链「甲」里写过")]


def test_only_what_concerns_the_named_chains_is_told_but_from_either_side() -> None:
    one, two = chain("甲", "name: 矿石", END.format("矿石")), chain("乙", "name: 矿石", "name: 钢坯, inputs: [矿石], terminal: true")
    three = chain("丙", "name: 木头", "name: 家具")
    everything = lint([one, two, three])
    assert len(everything) == 4
    assert lint([one, two, three], about={"甲"}) == lint([one, two, three], about={"乙"}) == [f for f in everything if f.chain == "乙"]
    assert lint([one, two, three], about={"丙"}) == [f for f in everything if f.chain == "丙"]


def test_a_finding_names_chain_line_product_and_way_out() -> None:
    finding = lint([chain("甲", "name: 矿石\nname: 焦炭", END.format("矿石"))])[0]
    assert str(finding) == "甲 第 10 行 提醒 「焦炭」与链上其他产品没有任何联系。办法：补上 inputs，或从本链移除"


def test_the_order_of_lines_changes_no_finding() -> None:
    lines = ["name: 石墨电极", "name: 超高功率石墨电极", "name: 碳纤维", "name: 储氢瓶, hints: [复合碳纤维, 碳纤维及织物]",
             "name: 红电极, aliases: [大石墨电极]"]
    end = END.format("石墨电极, 超高功率石墨电极, 碳纤维, 储氢瓶, 红电极")
    first = Counter(found(chain("甲", "\n".join(lines), end)))
    random.Random(1).shuffle(lines)
    assert Counter(found(chain("甲", "\n".join(lines), end))) == first != Counter()


def test_kinds_reach_over_steps_chains_and_circles() -> None:
    one = chain("甲", "name: 焦\nname: 冶金焦, kind_of: 焦", END.format("焦"))
    two = chain("乙", "use: 冶金焦\nname: 一级焦, kind_of: 冶金焦", "name: 铁水, inputs: [冶金焦], terminal: true")
    atlas = Atlas([one, two])
    assert (atlas.above["一级焦"], atlas.below["焦"]) == ({"冶金焦", "焦"}, {"冶金焦", "一级焦"})
    assert atlas.akin("一级焦", "焦") and not atlas.akin("一级焦", "铁水") and atlas.tied("冶金焦", "铁水")
    ring = Atlas([chain("丙", "name: 甲物, kind_of: 乙物\nname: 乙物, kind_of: 甲物", END.format("甲物"))])
    assert ring.above == {"甲物": {"乙物"}, "乙物": {"甲物"}}
