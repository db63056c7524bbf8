"""What a text names without its firm making it: inputs, modifiers, plans and holdings, applications, materials that are bought."""

from __future__ import annotations

import pandas as pd
import pytest

from loaders.linking import link


def judged(word: str, **texts: str) -> tuple[float, str]:
    """Confidence and state of the only link of one firm to one product."""
    firm = pd.DataFrame([{"id": "a", "name": "某公司", "entry": "listed_row", "source": "s", "row": 2, **texts}])
    made = link(firm, pd.DataFrame({"id": [word], "name": [word]}))
    assert made["product"].tolist() == [word]
    return made["confidence"].iloc[0], made["state"].iloc[0]


@pytest.mark.parametrize(("word", "text"), [
    ("车轮钢", "用车轮钢和车轴钢锻轧加工铁路轮轴产品"),
    ("车轴钢", "用车轮钢和车轴钢锻轧加工铁路轮轴产品"),
    ("齿轮钢", "重型汽车变速箱与齿轮制造，用齿轮钢"),
    ("煤炭", "以煤炭、焦炭为原料,生产、销售甲醇"),
    ("焦炭", "以煤炭、焦炭为原料,生产、销售甲醇"),
    ("铜箔", "采用铜箔、铝箔"),
    ("焦炉煤气", "利用焦炉煤气生产甲醇"),
    ("铜箔", "由铜箔和铝箔制成的电池的生产"),
    ("石墨电极", "针状焦可作石墨电极的原料"),
    ("石墨电极", "煤焦油深加工，针状焦可作石墨电极和负极原料"),
])
def test_what_something_is_made_from_is_not_made(word: str, text: str) -> None:
    assert judged(word, main_business=text) == (0.1, "rejected")


@pytest.mark.parametrize(("word", "text"), [
    ("甲醇", "以煤炭、焦炭为原料,生产、销售甲醇"),
    ("甲醇", "利用焦炉煤气生产甲醇"),
    ("合成氨", "利用焦炉煤气生产甲醇、合成氨"),
    ("焦炉煤气制氢", "用焦炉煤气制氢"),
    ("铝合金", "汽车用铝合金"),
])
def test_what_is_made_from_an_input_is_not_rejected(word: str, text: str) -> None:
    assert judged(word, main_business=text)[1] == "confirmed"


def test_waste_that_is_used_again_is_no_input() -> None:
    assert judged("退役动力电池", business_scope="利用退役动力电池")[1] == "confirmed"


@pytest.mark.parametrize("text", [
    "生产电弧炉和精炼炉用石墨电极", "生产电弧炉及精炼炉用石墨电极", "生产矿热炉、电弧炉与精炼炉用石墨电极",
    "生产电弧炉、加热装置以及精炼炉专用石墨电极",
])
def test_things_of_one_kind_in_front_of_a_common_use_are_modifiers(text: str) -> None:
    assert judged("电弧炉", main_business=text) == (0.1, "rejected")
    assert judged("石墨电极", main_business=text) == (0.85, "confirmed")


@pytest.mark.parametrize(("word", "text"), [
    ("光伏玻璃", "光伏玻璃和建筑用玻璃的生产"),         # two sorts of glass
    ("三元材料", "生产三元材料和电池用铝箔"),           # a material is nothing that foil is for
    ("电弧炉", "生产电弧炉、精炼炉用石墨电极"),         # nothing joins them
    ("电弧炉", "电弧炉的生产和精炼炉用石墨电极的销售"),
])
def test_things_beside_another_thing_and_its_use_are_not_modifiers(word: str, text: str) -> None:
    assert judged(word, main_business=text)[1] == "confirmed"


@pytest.mark.parametrize("verb", ["布局", "投资", "参股", "拟建", "在建", "规划", "筹建", "涉足", "拓展"])
def test_plans_and_holdings_are_reviewed_at_most(verb: str) -> None:
    assert judged("光伏组件", main_business=f"煤炭企业，{verb}钠电、光伏组件和飞轮储能") == (0.4, "review")
    assert judged("光伏组件", main_business=f"光伏组件的{verb}、生产")[1] == "confirmed"


def test_plans_in_every_column_stay_to_be_reviewed() -> None:
    texts = {"main_products": "光伏电站投资", "main_business": "投资光伏电站", "business_scope": "光伏电站投资"}
    assert judged("光伏电站", **texts) == (0.6, "review")


@pytest.mark.parametrize(("text", "state"), [
    ("光伏发电项目的开发、建设、运营", "confirmed"),
    ("光伏发电项目开发、设计、组织建设、维护与经营管理", "confirmed"),
    ("光伏发电业务的开发、运营", "confirmed"),
    ("光伏发电项目的开发", "review"),                # says neither that it runs nor that it is only studied
    ("光伏发电项目的研发", "rejected"),
])
def test_developing_a_project_is_no_research(text: str, state: str) -> None:
    assert judged("光伏发电", business_scope=text)[1] == state


def test_developing_a_product_is_research() -> None:
    assert judged("硅片", business_scope="硅片的开发") == (0.2, "rejected")


@pytest.mark.parametrize("text", [
    "主要产品电池级碳酸锂应用领域包括新能源汽车用动力电池、储能电池及消费电子类电池", "产品广泛应用于光伏、储能电池",
    "产品主要应用于光伏、储能电池", "铝箔用于动力电池、储能电池", "应用领域:光伏、储能电池",
])
def test_fields_of_application_are_rejected(text: str) -> None:
    assert judged("储能电池", business_scope=text) == (0.1, "rejected")


@pytest.mark.parametrize(("text", "confidence"), [
    ("金属材料、铁矿粉、生铁的加工与销售", 0.4),
    ("铁矿粉、生铁加工、销售", 0.4),
    ("铁矿粉、生铁的生产、加工与销售", 0.7),
    ("生铁的加工与销售", 0.7),                       # one material is no list
    ("合成氨、生铁的加工与销售", 0.7),
])
def test_raw_materials_that_are_only_worked_and_sold_are_reviewed(text: str, confidence: float) -> None:
    assert judged("生铁", business_scope=text)[0] == confidence


def test_products_beside_bought_materials_keep_their_level() -> None:
    assert judged("合成氨", business_scope="合成氨、金属材料、铁矿粉的加工与销售") == (0.7, "confirmed")


def test_texts_made_to_be_slow_are_read_all_the_same() -> None:
    for piece in ("以甲为原料、", "用甲和", "以", "可作", "甲炉和乙炉用", "由甲制成、", "铁矿粉加工、销售、"):
        assert judged("硅片", business_scope=piece * 5000 + "硅片")[1] in {"confirmed", "review", "rejected"}
