"""Laws of linking that hold for every text."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from loaders.linking import link
from loaders.linking_words import WIDTH

PRODUCTS = pd.DataFrame({
    "id": ["光伏硅片", "单晶炉", "EVA胶膜", "石墨"],
    "name": ["光伏硅片", "单晶炉", "EVA胶膜", "石墨"],
    "aliases": ["太阳能硅片；晶硅片", None, "封装胶膜EVA", None],
    "hints": ["硅片", "铸锭炉", "胶膜", "碳素"],
    "exclude": ["半导体；抛光", "蓝宝石", None, "石墨烯"],
})
UNRELATED = pd.DataFrame({"id": ["羊毛衫"], "name": ["羊毛衫"], "aliases": ["羊绒衫"], "hints": ["毛衣"], "exclude": ["围巾"]})
PIECES = [
    "光伏硅片", "太阳能硅片", "晶硅片", "硅片", "单晶炉", "铸锭炉", "EVA", "ＥＶＡ", "eva胶膜", "胶膜", "石墨", "石墨烯", "碳素",
    "半导体", "抛光", "蓝宝石", "的", "研发", "生产", "制造", "销售", "贸易", "进出口", "安装", "用", "用于", "设备", "清洗机",
    "材料", "等", "系列", "不含", "除", "外", "除外", "主要产品有", "、", "，", "；", "。", "：", ":", "（", "）", "(", ")",
    "和", "及", "行业", "废", "冷轧", "某牌", "㎡", "①", "『", "』", "…", "A", " ", "　", "\n",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
CELL = st.none() | TEXT | st.text(max_size=30)
FIRMS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6).map(
    lambda rows: pd.DataFrame(rows, columns=["main_products", "main_business", "business_scope"], dtype="object").assign(
        id=[f"e{at}" for at in range(len(rows))], name="某公司", entry="listed_row", source="s", row=range(2, len(rows) + 2),
    )
)
COLUMNS = {"主营产品": "main_products", "主营业务": "main_business", "经营范围": "business_scope"}


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


@given(FIRMS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(firms: pd.DataFrame, random: object) -> None:
    order = list(range(len(firms)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert_frame_equal(link(firms.iloc[order], PRODUCTS.iloc[::-1]), link(firms, PRODUCTS))


@given(FIRMS)
def test_ids_may_be_renamed(firms: pd.DataFrame) -> None:
    renamed = link(firms.assign(id="x" + firms["id"]), PRODUCTS.assign(id="p" + PRODUCTS["id"]))
    expected = link(firms, PRODUCTS)
    back = renamed.assign(enterprise=renamed["enterprise"].str[1:], product=renamed["product"].str[1:])
    assert_frame_equal(back, expected)


@given(FIRMS)
def test_an_unrelated_product_changes_nothing(firms: pd.DataFrame) -> None:
    assert_frame_equal(link(firms, pd.concat([UNRELATED, PRODUCTS], ignore_index=True)), link(firms, PRODUCTS))


@given(FIRMS)
def test_one_firm_says_nothing_of_another(firms: pd.DataFrame) -> None:
    together = link(firms, PRODUCTS)
    alone = link(firms.head(1), PRODUCTS)
    assert_frame_equal(together[together["enterprise"] == "e0"].reset_index(drop=True), alone)


@given(FIRMS)
def test_evidence_quotes_what_stands_in_the_cell(firms: pd.DataFrame) -> None:
    for row in link(firms, PRODUCTS).to_dict("records"):
        head, _, rest = row["evidence"].partition("：")
        cell = firms.set_index("id").at[row["enterprise"], COLUMNS[head]]
        assert any(quoted in cell for quoted in quotations(rest))


@given(FIRMS)
def test_the_word_behind_a_link_is_one_of_the_product_s_and_stands_in_the_text(firms: pd.DataFrame) -> None:
    words = PRODUCTS.set_index("id")[["name", "aliases", "hints"]]
    for row in link(firms, PRODUCTS).to_dict("records"):
        cells = firms.set_index("id").loc[row["enterprise"], list(COLUMNS.values())].dropna()
        known = [word for cell in words.loc[row["product"]].dropna() for word in cell.split("；")]
        assert any(plain(word) in plain(cell) for word in known for cell in cells)
        if row["state"] == "confirmed":
            sure = [word for cell in words.loc[row["product"], ["name", "aliases"]].dropna() for word in cell.split("；")]
            assert any(plain(word) in plain(cell) for word in sure for cell in cells)


@given(FIRMS)
def test_states_follow_from_confidence_and_every_pair_stands_once(firms: pd.DataFrame) -> None:
    made = link(firms, PRODUCTS)
    assert made["confidence"].between(0, 0.98).all()
    expected = ["confirmed" if value >= 0.65 else "review" if value >= 0.3 else "rejected" for value in made["confidence"]]
    assert made["state"].tolist() == expected
    assert not made.duplicated(["enterprise", "product"]).any()


def quotations(text: str) -> list[str]:
    """Every reading of evidence as a quotation: marks taken out, … at the ends and the reason at the end left off or not."""
    found = []
    opens = [at for at, char in enumerate(text) if char == "『"]
    for start in opens:
        for end in (at for at, char in enumerate(text) if char == "』" and at > start):
            bare = text[:start] + text[start + 1:end] + text[end + 1:]
            ends = [len(bare), *(at for at, char in enumerate(bare) if char == "（")]
            for stop in ends:
                for first in (0, 1):
                    for last in (0, 1):
                        quoted = bare[first:stop - last]
                        if 0 < len(quoted) <= WIDTH and end - start > 1:
                            found.append(quoted)
    return found
