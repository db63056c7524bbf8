"""Search: the register of all enterprises answers as going through the names would, what is typed is understood, this chain comes first."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.cli.finding import Register, find, own_of
from chain.store import BRIEF
from viz.pinyin import initials

NAMES = st.text(alphabet="太原钢铁A a\n", max_size=6)
FIRMS = st.lists(st.tuples(NAMES, st.none() | NAMES, st.none() | NAMES), min_size=1, max_size=8)


def register(*rows: tuple[str, str | None, str | None]) -> Register:
    firms = [{"id": f"厂{at}", "name": name, "short_name": short, "former_names": former, "region": "140105", "code": f"60000{at}"}
             for at, (name, short, former) in enumerate(rows)]
    return Register(pd.DataFrame(firms, columns=list(BRIEF), dtype="str"))


@given(FIRMS, st.text(alphabet="太原钢铁a ", min_size=1, max_size=3), st.integers(1, 5))
def test_it_finds_whoever_has_the_text_in_a_name_in_order(firms: list[tuple[str, str | None, str | None]], text: str, limit: int) -> None:
    expected = [f"e:厂{at}" for at, names in enumerate(firms) if any(text in (name or "").lower() for name in names)]
    assert [each["id"] for each in register(*firms).find(text, limit)] == expected[:limit]


def test_a_stock_code_comes_first_and_once() -> None:
    found = register(("太原钢铁600001厂", None, None), ("大同煤矿", None, None), ("晋城600001矿", None, None)).find("600001", 5)
    assert [each["id"] for each in found] == ["e:厂1", "e:厂0", "e:厂2"]


@pytest.mark.parametrize("text", ["\0", "钢\0大", "\n"])
def test_what_holds_the_names_apart_is_no_part_of_them(text: str) -> None:
    found = register(("太原钢", None, None), ("大同", None, None)).find(text, 5)
    assert text == "\n" or found == []


def test_an_empty_register_answers_nothing() -> None:
    assert Register(pd.DataFrame(columns=list(BRIEF), dtype="str")).find("钢", 5) == []


def product(name: str) -> dict[str, Any]:
    return {"id": f"p:{name}", "name": name, "pinyin": initials(name), "aliases": [], "chains": ["链"], "words": name, "look": "", "status": ""}


def found(text: str, here: list[str], elsewhere: list[str]) -> list[str]:
    products = [product(name) for name in (*here, *elsewhere)]
    own = own_of({"products": products[: len(here)], "firms": {}}, products)
    none = pd.DataFrame({name: pd.Series(dtype="str") for name in BRIEF})
    return [hit["name"] for hit in find(own, products, lambda: Register(none), text, "", 9)["hits"]]


def test_links_of_this_chain_come_first_unless_another_has_just_this_name() -> None:
    here, elsewhere = ["晶硅电池片", "钙钛矿电池"], ["电池铝箔", "电池"]
    assert found("电池", here, elsewhere) == ["电池", "晶硅电池片", "钙钛矿电池", "电池铝箔"]


@pytest.mark.parametrize("text", ["ＥＶＡ", "eva 胶", "EVA 胶 膜", "ｅｖａ胶膜"])
def test_width_case_and_blanks_of_what_is_typed_do_not_matter(text: str) -> None:
    assert found(text, ["光伏级EVA胶膜", "光伏玻璃"], []) == ["光伏级EVA胶膜"]
