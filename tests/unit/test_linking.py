"""What a text says of a product: every rule of linking on a text in sight."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from chain.tables import canonical
from loaders import linking_levels as levels
from loaders.linking import link

DOCUMENT = Path(__file__).parents[2] / "docs" / "linking.md"
STATES = {"已确认": "confirmed", "待复核": "review", "排除": "rejected"}


def products(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Products from (name, aliases, hints, exclude), the later ones optional."""
    filled = [(*row, *[None] * (4 - len(row))) for row in rows]
    return pd.DataFrame([(row[0], *row) for row in filled], columns=["id", "name", "aliases", "hints", "exclude"])


def firm(name: str = "某公司", **texts: str) -> pd.DataFrame:
    return pd.DataFrame([{"id": "a", "name": name, "entry": "listed_row", "source": "s", "row": 2, **texts}])


def judged(word: str, **texts: str) -> tuple[float, str]:
    """Confidence and state of the only link of one firm to one product."""
    made = link(firm(**texts), products((word,)))
    assert made["product"].tolist() == [word]
    return made["confidence"].iloc[0], made["state"].iloc[0]


SILICON_STEEL = products(("无取向硅钢",))


def test_a_link_is_a_row_of_makes_with_evidence_source_and_row() -> None:
    made = link(firm(main_products="镀锌板、无取向硅钢、线材"), SILICON_STEEL)
    expected = pd.DataFrame([{
        "enterprise": "a", "product": "无取向硅钢", "confidence": 0.95, "state": "confirmed", "method": "link",
        "evidence": "主营产品：镀锌板、『无取向硅钢』、线材", "source": "s", "row": 2,
    }])
    assert_frame_equal(made, canonical("makes", expected))


@pytest.mark.parametrize(("text", "confidence"), [
    ("无取向硅钢", 0.95),                      # the item is the name
    ("无取向硅钢（50W470）", 0.95),            # brackets are a list of their own
    ("冷轧无取向硅钢", 0.90),                  # the item ends with the name
    ("太钢无取向硅钢", 0.90),                  # a brand stands before it
    ("无取向硅钢系列产品", 0.95),              # filling words name nothing
    ("无取向硅钢-50W470", 0.95),               # a type designation neither
    ("无取向硅钢板", 0.712),                   # a form of the material
])
def test_main_products_are_trusted_when_the_product_is_the_head_of_an_item(text: str, confidence: float) -> None:
    assert judged("无取向硅钢", main_products=text) == (confidence, "confirmed")


@pytest.mark.parametrize(("column", "text", "confidence", "state"), [
    ("main_business", "硅片的研发、设计、生产和销售。", 0.85, "confirmed"),
    ("main_business", "硅片、电池片", 0.70, "confirmed"),
    ("main_business", "硅片的研发与销售", 0.40, "review"),
    ("main_business", "硅片贸易", 0.20, "rejected"),
    ("business_scope", "硅片制造", 0.70, "confirmed"),
    ("business_scope", "硅片;技术进出口", 0.65, "confirmed"),
    ("business_scope", "硅片的研发、设计、技术服务", 0.20, "rejected"),
    ("business_scope", "硅片销售;硅片检测", 0.20, "rejected"),
])
def test_columns_and_verbs_set_the_level(column: str, text: str, confidence: float, state: str) -> None:
    assert judged("硅片", **{column: text}) == (confidence, state)


@pytest.mark.parametrize(("text", "state"), [
    ("硅料、硅片、电池片的研发、生产和销售", "confirmed"),      # verbs behind a list
    ("生产、销售:硅料、硅片、电池片", "confirmed"),             # verbs before a list
    ("生产和经营硅料、硅片", "confirmed"),
    ("批发、零售硅料,硅片,电池片", "rejected"),
    ("组件的生产,硅料、硅片、电池片的销售", "rejected"),        # each list has its own verb
    ("硅料的生产;硅片销售", "rejected"),
    ("销售本企业生产的硅料、硅片", "confirmed"),                # what is sold is one's own
    ("主要产品及提供的劳务有:硅料、硅片", "confirmed"),         # an announcement of products
    ("货物进出口、技术进出口,硅片,电池片", "confirmed"),        # 货物进出口 is a thing of its own
    ("化工产品(含硅料、硅片)的生产", "confirmed"),              # brackets inherit
])
def test_lists_inherit_the_verbs_of_their_clause(text: str, state: str) -> None:
    assert judged("硅片", business_scope=text)[1] == state


@pytest.mark.parametrize("text", [
    "硅片清洗机", "硅片专用设备", "硅片用石英坩埚", "硅片切割工艺", "硅片生产线", "硅片包装材料", "硅片(太阳能级)清洗设备",
])
def test_a_name_that_only_modifies_another_thing_is_rejected(text: str) -> None:
    assert judged("硅片", main_products=text) == (0.1, "rejected")


def test_an_unknown_noun_after_the_name_is_left_to_a_person() -> None:
    assert judged("不锈钢", main_products="不锈钢门窗") == (0.427, "review")


@pytest.mark.parametrize("text", [
    "用于锂电池的铜箔生产", "主要应用于光伏、锂电池", "消费电子、锂电池等行业的激光设备生产", "废旧锂电池的生产",
    "化工产品(不含锂电池)的生产", "电池(锂电池除外)的生产", "除锂电池外的电池生产",
])
def test_uses_changed_words_and_exceptions_are_rejected(text: str) -> None:
    assert judged("锂电池", business_scope=text)[1] == "rejected"


def test_main_products_share_no_verbs_with_their_neighbours() -> None:
    assert judged("硅片", main_products="硅片、煤炭销售") == (0.95, "confirmed")
    assert judged("硅片", main_products="硅片销售、煤炭")[1] == "rejected"


def test_power_stations_are_made_by_building_and_running_them_and_waste_by_taking_it_back() -> None:
    assert judged("光伏电站", business_scope="光伏电站的投资、建设、运营")[1] == "confirmed"
    assert judged("硅片", business_scope="硅片项目的投资、建设、运营")[1] == "review"
    assert judged("退役动力电池", business_scope="退役动力电池回收")[1] == "confirmed"
    assert judged("动力电池", business_scope="动力电池回收")[1] == "rejected"


def test_the_longest_known_word_wins_over_all_products() -> None:
    made = link(firm(main_products="光伏玻璃、玻璃"), products(("光伏玻璃",), ("玻璃",), ("超白玻璃",)))
    assert made[["product", "evidence"]].to_numpy().tolist() == [
        ["光伏玻璃", "主营产品：『光伏玻璃』、玻璃"], ["玻璃", "主营产品：光伏玻璃、『玻璃』"],
    ]


def test_a_longer_exclude_word_hides_a_shorter_name_and_an_exclude_word_in_the_item_cancels_it() -> None:
    steel = products(("石墨",), ("石墨电极", None, None, "石墨烯"))
    assert link(firm(main_products="石墨烯"), steel).empty
    stents = products(("光伏支架", None, "支架", "血管"))
    assert link(firm(main_products="血管支架"), stents).empty
    assert link(firm(main_products="血管缝合器、铝合金支架"), stents)["state"].tolist() == ["review"]


def test_an_exclude_word_inside_the_matched_word_cancels_nothing() -> None:
    cells = products(("晶硅电池片", "太阳能电池用硅片", None, "电池用"))
    assert link(firm(main_products="太阳能电池用硅片"), cells)["state"].tolist() == ["confirmed"]


def test_hints_alone_are_reviewed_at_most() -> None:
    texts = {"main_products": "硅片", "main_business": "硅片的生产", "business_scope": "硅片制造"}
    made = link(firm(**texts), products(("光伏硅片", None, "硅片")))
    assert made[["confidence", "state"]].to_numpy().tolist() == [[0.6, "review"]]
    assert "提示词" in made["evidence"].iloc[0]


def test_columns_that_agree_raise_confidence_to_the_cap() -> None:
    assert judged("硅片", main_business="硅片", business_scope="硅片") == (0.895, "confirmed")
    assert judged("硅片", main_products="硅片", main_business="硅片的生产", business_scope="硅片制造") == (0.98, "confirmed")


def test_a_main_product_that_the_main_business_only_trades_is_reviewed() -> None:
    texts = {"main_products": "焦炭", "main_business": "煤炭、焦炭的批发和零售"}
    assert judged("焦炭", **texts) == (0.6, "review")
    assert judged("焦炭", **texts, business_scope="焦炭生产")[1] == "confirmed"


def test_latin_words_need_word_boundaries() -> None:
    resin = products(("EVA",))
    assert link(firm(main_products="EVAP、EVA2"), resin).empty
    assert link(firm(main_products="发泡级ＥＶＡ"), resin)["evidence"].tolist() == ["主营产品：发泡级『ＥＶＡ』"]


def test_width_case_blanks_and_dashes_don_t_matter_and_evidence_quotes_the_original() -> None:
    film = products(("乙烯-醋酸乙烯EVA胶膜",))
    made = link(firm(main_products="乙烯－醋酸乙烯 ｅｖａ 胶膜"), film)
    assert made["evidence"].tolist() == ["主营产品：『乙烯－醋酸乙烯 ｅｖａ 胶膜』"]


def test_names_with_separators_in_them_are_found_whole() -> None:
    assert judged("1,4-丁二醇", main_products="甲醇、1,4-丁二醇") == (0.95, "confirmed")
    assert judged("碳（C）纤维", main_products="碳（C）纤维") == (0.95, "confirmed")


def test_a_firm_without_texts_is_reviewed_by_its_name_only_before_the_form_of_the_firm() -> None:
    electrode = products(("石墨电极",))
    made = link(firm("大同石墨电极有限公司"), electrode)
    assert made[["confidence", "state", "evidence"]].to_numpy().tolist() == [
        [0.4, "review", "企业名称：大同『石墨电极』有限公司（只见于企业名称）"],
    ]
    assert link(firm("大同石墨电极贸易有限公司"), electrode).empty
    assert link(firm("大同石墨电极有限公司", business_scope="煤炭"), electrode).empty


def test_a_party_without_texts_gives_nothing() -> None:
    assert link(firm("大同石墨电极有限公司").assign(entry="party"), products(("石墨电极",))).empty


def test_evidence_shows_at_most_eighty_characters_of_one_line_and_says_why() -> None:
    made = link(firm(business_scope="甲" * 200 + "\n" + "煤、" * 100 + "硅片销售;" + "乙" * 200), products(("硅片",)))
    evidence = made["evidence"].iloc[0]
    quoted = evidence.removeprefix("经营范围：…").removesuffix("…（只见销售）")
    assert len(quoted.replace("『", "").replace("』", "")) == 80
    assert "甲" not in evidence


def test_nothing_to_read_gives_an_empty_table() -> None:
    empty = canonical("makes", pd.DataFrame({"enterprise": []}))
    assert_frame_equal(link(firm().head(0), SILICON_STEEL), empty)
    assert_frame_equal(link(firm(main_products="硅片"), SILICON_STEEL.head(0)), empty)


def test_progress_ends_with_everything_done() -> None:
    told: list[float] = []
    link(firm(main_products="硅片"), SILICON_STEEL, progress=lambda step, share: told.append(share))
    assert told == [0.0, 1.0]


def test_two_processes_give_what_one_gives() -> None:
    many = pd.DataFrame([
        {"id": f"{at:05d}", "name": "某公司", "entry": "listed_row", "source": "s", "row": at, "main_products": f"无取向硅钢、{at}号线材"}
        for at in range(9000)])
    assert_frame_equal(link(many, SILICON_STEEL, processes=2), link(many, SILICON_STEEL))


def test_texts_made_to_be_slow_are_read_all_the_same() -> None:
    texts = ["(" * 5000 + "硅片", "生产加工" * 5000 + "x硅片", "硅片" + "材料" * 5000 + "x", "a" + " " * 20000 + "b硅片"]
    for text in [*texts, "用于、" * 3000 + "硅片"]:
        assert len(link(firm(business_scope=text), products(("硅片",)))) == 1


def test_the_documented_table_of_levels_is_the_one_in_force() -> None:
    rows = [line.split("|") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| 0.")]
    documented = {(float(value), STATES[state.strip()], meaning.split("（")[0].strip()) for _, value, state, meaning, _ in rows}
    assert documented == {(level.value, levels.state(level.value), level.meaning.split("（")[0]) for level in levels.LEVELS}


def test_a_main_product_is_doubted_where_the_other_texts_make_nothing() -> None:
    trade = {"business_scope": "资源贸易、供应链服务"}
    assert judged("铬铁", main_products="甲集团铬铁", main_business="进出口贸易，酒店经营", **trade) == (0.6, "review")
    assert judged("铬铁", main_products="甲集团铬铁", main_business="铁合金的生产和销售", **trade)[1] == "confirmed"


def test_an_old_main_business_is_doubted_where_the_other_texts_speak_of_nothing_like_it() -> None:
    old = {"main_business": "炉外精炼用耐火材料的研发、生产和销售"}
    assert judged("耐火材料", main_products="网络游戏、电视剧", business_scope="动漫设计", **old) == (0.6, "review")
    assert judged("耐火材料", main_products="网络游戏", business_scope="塑料制品的生产", **old) == (0.6, "review")
    assert judged("耐火材料", main_products="镁碳砖", business_scope="炉外精炼技术服务", **old)[1] == "confirmed"
    assert judged("耐火材料", main_products="耐火砖", business_scope="耐火制品生产", **old)[1] == "confirmed"


def test_a_hint_is_understood_where_two_others_of_its_chain_are_made_one_of_them_beside_it() -> None:
    known = products(("光伏胶膜",), ("光伏铝边框",), ("光伏接线盒", "", "接线盒"), ("光伏电站",))
    text = "EVA光伏胶膜、光伏铝边框、接线盒"

    def state(*segments: str) -> str:
        members = pd.DataFrame({"chain": "光伏", "product": known["id"], "segment": segments})
        made = link(firm(main_products=text), known, members).set_index("product").loc["光伏接线盒"]
        assert ("同链已确认生产" in made["evidence"]) == (made["state"] == "confirmed")
        return str(made["state"])

    assert state("辅材", "辅材", "辅材", "电站") == "confirmed"
    assert state("封装", "结构", "电气", "电站") == "review"
    assert link(firm(main_products=text), known).set_index("product").loc["光伏接线盒", "state"] == "review"


def test_one_who_makes_one_other_product_of_the_chain_may_still_mean_another_thing() -> None:
    known = products(("光伏胶膜",), ("光伏接线盒", "", "接线盒"))
    members = pd.DataFrame({"chain": "光伏", "product": known["id"], "segment": "辅材"})
    made = link(firm(main_products="EVA光伏胶膜、接线盒"), known, members).set_index("product")
    assert made["state"].to_dict() == {"光伏接线盒": "review", "光伏胶膜": "confirmed"}
