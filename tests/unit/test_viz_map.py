"""The chain map: what a reader must find on it, and what must never get into it."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from map_drawn import SVG, boxes, drawn, link, sheet_of, small, words

from chain.errors import InputError, OutputError
from viz.chainmap import draw_map
from viz.html import page
from viz.palette import LOOKS
from viz.sheet import figures


def battery():
    """A battery chain of 46 links with invented statuses and enterprises."""
    names = {
        "上游": {
            "矿产资源": "锂辉石精矿 盐湖卤水 天然石墨矿 磷矿石 钴镍中间品",
            "基础材料": "针状焦 石油焦 基膜聚乙烯 电解铜 电池铝锭",
            "锂盐与化工": "电池级碳酸锂 氢氧化锂 六氟磷酸锂 磷酸铁 碳酸酯溶剂 PVDF粘结剂 NMP溶剂",
        },
        "中游": {
            "电池四大主材": "磷酸铁锂正极 三元正极 人造石墨负极 硅碳负极 湿法隔膜 电解液",
            "装备": "涂布机 叠片/卷绕机 化成分容设备",
            "辅材与结构件": "锂电铜箔 电池铝箔 涂碳箔 铝塑膜 电池结构件 导电剂",
            "电芯与系统": "方形动力电芯 圆柱电芯 软包电芯 电池管理系统 电池包(PACK)",
        },
        "下游": {
            "应用": "新能源乘用车 新能源商用车 电化学储能系统 电动两轮车 消费电子电池",
            "后市场与循环": "换电与充电设施 梯次利用 废旧电池回收 再生碳酸锂",
        },
    }
    dice, products, makers, targets = random.Random(7), [], [], []
    for stage, segments in names.items():
        for segment, text in segments.items():
            for name in text.split():
                status = dice.choice(["missing", "missing", "weak", "weak", "covered", "strong", "unknown"])
                count = {"weak": 2, "covered": 4, "strong": 9}.get(status, 0)
                reason = dice.choice("abcde") if status == "unknown" else ""
                products.append(
                    link(name, stage, status, reason, count, count + 20, "补链" if status == "missing" else "", segment)
                )
                makers += [
                    (name, f"清江{name[:2]}{at}号新材料股份有限公司", f"清江{name[:2]}{at}号", at == 0) for at in range(count)
                ]
                targets += [(name, f"目标{dice.randint(1, 60)}股份有限公司", None) for _ in range(dice.randint(0, 5))]
    arcs = [(early[0], late[0], "物料") for early, late in zip(products, products[3:], strict=False)]
    return sheet_of(products, makers, targets, arcs, title="清江市锂电池产业链招商图谱")


def test_every_link_has_a_box_with_its_id_status_code_icon_and_word():
    found = boxes(drawn(small()))
    assert {name: (box.get("data-status"), box.get("data-code")) for name, box in found.items()} == {
        "锂辉石精矿": ("missing", "上1"),
        "碳酸锂": ("weak", "上2"),
        "三元正极": ("strong", "中1"),
        "隔膜": ("unknown", "中2"),
        "储能系统": ("covered", "下1"),
    }
    assert [words(box)[2] for box in found.values()] == ["缺失", "薄弱", "优势", "疑似缺失", "具备"]


def test_suspected_gap_is_hatched_dashed_and_never_called_missing():
    box = boxes(drawn(small()))["隔膜"]
    frame = next(node for node in box.iter(f"{SVG}rect") if node.get("class") == "box")
    assert (frame.get("stroke"), bool(frame.get("stroke-dasharray"))) == (LOOKS["suspected"].border, True)
    assert any(node.get("fill") == "url(#lp-hatch-suspected)" for node in box.iter())
    assert "疑似缺失" in words(box)
    assert not {"缺失", "暂无企业"} & set(words(box))


def test_box_names_makers_targets_and_the_codes_it_supplies():
    assert words(boxes(drawn(small()))["三元正极"]) == [
        "中1",
        "三元正极",
        "优势",
        "本地",
        "示例正极材料",
        "乙材料",
        "等6家",
        "强链·提链",
        "供→ 下1",
    ]
    assert words(boxes(drawn(small()))["隔膜"])[3:] == [
        "本地",
        "样本中未见",
        "库内25家",
        "招引",
        "某隔膜",
        "某矿业",
        "补链",
        "供→ 下1",
    ]


def test_an_enterprise_that_makes_two_products_counts_once():
    numbers = figures(small())
    assert (numbers.links, numbers.makers, numbers.targets) == (5, 3, 2)
    assert numbers.looks == {"strong": 1, "covered": 1, "weak": 1, "missing": 1, "suspected": 1, "unknown": 0}
    assert numbers.actions == {"强链": 2, "补链": 2, "提链": 1}


def test_sheet_says_rule_caveat_date_office_stamp_and_page():
    text = " ".join(words(drawn(small())))
    for said in (
        "判定：缺失：名录内没有企业",
        "样本不是名录",
        "数据截至 2026-11-20",
        "编制：示例市招商局",
        "内部资料",
        "第 1 / 1 页",
    ):
        assert said in text


def test_46_links_are_named_in_full_on_a3_with_body_text_of_6_and_a_half_points_or_more():
    root = drawn(battery())
    assert root.get("data-form") == "full"
    assert float(root.get("data-scale")) * 7.2 >= 6.5
    assert len(boxes(root)) == 46
    assert (root.get("width"), root.get("height")) == ("420mm", "297mm")


def test_forms_step_down_as_the_chain_grows():
    def form(count):
        names = [f"产品{at}号" for at in range(count)]
        rows = [
            link(name, ("上游", "中游", "下游")[at * 3 // count], "missing", segment=f"组{at * 9 // count}")
            for at, name in enumerate(names)
        ]
        targets = [(name, f"目标企业{at}股份有限公司", None) for name in names for at in range(5)]
        return drawn(sheet_of(rows, targets=targets)).get("data-form")

    assert [form(count) for count in (6, 70, 150, 290)] == ["rich", "full", "compact", "chip"]


def test_row_order_of_enterprises_and_arcs_elsewhere_does_not_matter_to_the_bytes():
    sheet = small()
    shuffled = sheet_of(
        sheet.products.to_numpy().tolist(),
        sheet.makers.to_numpy().tolist(),
        sheet.targets.to_numpy().tolist(),
        sheet.arcs[::-1].to_numpy().tolist(),
        sheet.stages[::-1].to_numpy().tolist(),
        author="示例市招商局",
        stamp="内部资料",
    )
    assert draw_map(shuffled) == draw_map(sheet)


def test_stages_with_one_first_character_get_letters():
    rows = [link("甲", "材料"), link("乙", "材质"), link("丙", "材质")]
    codes = [box.get("data-code") for box in boxes(drawn(sheet_of(rows, stages=[("材料", 0, ""), ("材质", 1, "")]))).values()]
    assert codes == ["A1", "B1", "B2"]


def test_hostile_text_is_inert_on_map_and_page():
    evil = "</text><script>alert(1)</script>\"'&\x0b\u202e"
    sheet = sheet_of(
        [link(evil, status="missing", segment=evil)],
        [(evil, evil, evil, False)],
        [(evil, evil, evil)],
        title=evil,
        place_name=evil,
        rule=evil,
        caveat=evil,
        author=evil,
        stamp=evil,
        stages=[("上游", 0, evil)],
    )
    svg = draw_map(sheet)
    html = page(sheet, svg)
    for text in (svg, html):
        assert "<script" not in text
        assert not set(text) & {"\x0b", "\u202e"}
    assert "</text><script>alert(1)</script>\"'&" in words(ET.fromstring(svg))


@pytest.mark.parametrize("status", ["missing", "covered", "unknown"])
def test_one_link_without_any_enterprise_makes_a_whole_sheet(status):
    root = drawn(sheet_of([link("唯一环节", status=status, reason="a" if status == "unknown" else "")]))
    assert list(boxes(root)) == ["唯一环节"]
    assert ("暂无企业" in words(root)) == (status != "unknown")


def test_long_name_shrinks_wraps_and_is_cut_with_the_whole_name_in_the_title():
    name = "N-甲基吡咯烷酮（NMP，电子级，含回收精馏提纯装置配套）溶剂及其上下游全部相关的精细化工产品与服务的总称"
    rows = [link(name, status="missing"), *(link(f"产品{at}", status="missing", segment=f"组{at // 8}") for at in range(60))]
    box = boxes(drawn(sheet_of(rows)))[name]
    assert words(box)[1].startswith("N-甲基")
    assert words(box)[2].endswith("…")
    assert name in box.find(f"{SVG}title").text


def test_page_lists_gaps_before_what_is_to_be_verified_and_allows_no_script():
    sheet = sheet_of(
        [
            link("弱", status="weak", makers=1),
            link("缺", status="missing"),
            link("疑", status="unknown", reason="b"),
            link("核", status="unknown", reason="c"),
        ]
    )
    html = page(sheet, draw_map(sheet))
    lists = html.split("</figure>")[1]
    places = [lists.index(f'data-head="环节">{name}</th>') for name in ("缺", "疑", "弱", "核")]
    assert places == sorted(places)
    assert "缺口清单（3 个环节）" in html
    assert '>图上编号</th>' in html
    assert ">编号</th>" not in html
    assert "default-src 'none'" in html
    assert "script-src" not in html


def test_page_of_a_chain_without_gaps_says_so():
    sheet = sheet_of([link("好", status="covered", makers=3)])
    assert "没有缺失、疑似缺失或薄弱的环节" in page(sheet, draw_map(sheet))


def gap_list():
    """Two rows of a gap list, not in the order of the map."""
    heads = ["序号", "产品环节", "环节位置", "行动", "状态", "理由", "评分", "编号"]
    rows = [
        (1, "储能系统", "下游", "提链", "具备", "本地有 3 家 <企业>", 61.5, "提链/电池/140100/储能系统"),
        (2, "碳酸锂", "上游", "强链", "薄弱", "企业数 1 < 3", None, "强链/电池/140100/碳酸锂"),
    ]
    return pd.DataFrame(rows, columns=heads)


def test_page_shows_a_given_gap_list_with_its_headers_rows_and_order():
    html = page(small(), draw_map(small()), gap_list())
    table = html.split("<h2>缺口清单（2 条）</h2>")[1].split("</table>")[0]
    body = ET.fromstring(table.strip() + "</table>")
    assert [head.text for head in body[0][0]] == list(gap_list().columns)
    assert [[cell.text or "" for cell in row] for row in body[1]] == [
        ["1", "储能系统", "下游", "提链", "● 具备", "本地有 3 家 <企业>", "61.5", "提链/电池/140100/储能系统"],
        ["2", "碳酸锂", "上游", "强链", "◐ 薄弱", "企业数 1 < 3", "", "强链/电池/140100/碳酸锂"],
    ]
    assert [cell.get("data-head") for cell in body[1][0]] == list(gap_list().columns)
    assert [cell.tag for cell in body[1][0]].index("th") == 1


def test_page_of_an_empty_gap_list_says_so():
    html = page(small(), draw_map(small()), gap_list().iloc[:0])
    assert "<p>没有符合条件的行。</p>" in html
    assert html.count("<table") == 0


def test_heading_tells_strong_from_covered_and_counts_enterprises_of_this_chain():
    around = words(drawn(small()))
    heads = ["产品环节", "优势", "具备", "薄弱", "缺失", "疑似缺失", "待核", "链上本地企业", "招引目标"]
    at = around.index("产品环节") - 1
    assert dict(zip(around[at + 1 : at + 18 : 2], around[at : at + 18 : 2], strict=True)) == dict(
        zip(heads, ["5", "1", "1", "1", "1", "1", "0", "3", "2"], strict=True)
    )


@pytest.mark.parametrize("as_of", ["", " "])
def test_a_sheet_without_a_date_says_that_there_is_none(as_of):
    sheet = sheet_of([link("甲")], as_of=as_of)
    svg = draw_map(sheet)
    for text in (svg, page(sheet, svg)):
        assert "数据日期未注明" in text
        assert "数据截至" not in text


def test_wrong_input_is_named():
    with pytest.raises(InputError, match="没有这种状态：'gone'"):
        draw_map(sheet_of([link("甲", status="gone")]))
    with pytest.raises(InputError, match="「甲」在图谱数据里出现多次"):
        sheet_of([link("甲"), link("甲")])
    with pytest.raises(InputError, match="没有任何环节"):
        sheet_of([])
    with pytest.raises(InputError, match="没有这种纸张：'B5'"):
        draw_map(small(), paper="B5")
    with pytest.raises(OutputError, match="1200 个环节"):
        draw_map(sheet_of([link(f"p{at}", segment=f"组{at}") for at in range(1200)]), paper="A4")


def _channels(colour):
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def _light(colour):
    return sum(part * share for part, share in zip(_channels(colour), (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: look.key)
def test_text_on_every_status_colour_has_a_contrast_of_4_5_or_more(look):
    high, low = sorted((_light(look.fill), _light(look.text)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5
