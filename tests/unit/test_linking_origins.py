"""A link cites the row that its quoted text stands in, even where the rest of the enterprise comes from another source."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from chain import open_store
from chain.cli import cli
from loaders.linking import link
from loaders.linking_origins import with_origins

STATED = pd.DataFrame([
    {"id": "a", "name": "甲厂", "main_products": None, "main_business": "生产钢板", "source": "新", "row": 5},
    {"id": "a", "name": "甲厂", "main_products": "石墨电极", "main_business": None, "source": "旧", "row": 9},
    {"id": "b", "name": "乙厂", "main_products": "石墨电极", "main_business": None, "source": "旧", "row": 3},
]).reindex(columns=["id", "name", "uscc", "code", "main_products", "main_business", "business_scope", "source", "row"])
MERGED = pd.DataFrame([
    {"id": "a", "name": "甲厂", "main_products": "石墨电极", "main_business": "生产钢板", "source": "新", "row": 5},
    {"id": "b", "name": "乙厂", "main_products": "石墨电极", "source": "旧", "row": 3},
]).reindex(columns=STATED.columns)


def test_every_text_is_traced_to_the_row_that_states_it() -> None:
    found = with_origins(MERGED, STATED)
    assert found[["main_products_source", "main_products_row"]].astype("object").where(lambda cell: cell.notna(), None).values.tolist() == [
        ["旧", 9], [None, None]]
    assert found["main_business_source"].isna().all()


def test_a_link_cites_the_row_of_the_text_it_quotes() -> None:
    made = link(with_origins(MERGED, STATED), pd.DataFrame({"id": ["石墨电极", "钢板"], "name": ["石墨电极", "钢板"]}))
    assert made[["enterprise", "product", "source", "row"]].values.tolist() == [
        ["a", "石墨电极", "旧", 9], ["a", "钢板", "新", 5], ["b", "石墨电极", "旧", 3]]


def test_from_the_files_to_the_citation(tmp_path: Path) -> None:
    for name, rows in (("一.csv", "企业名称,股票代码,所在地,主营产品\n太阳材料股份有限公司,600999,浙江省杭州市,\n"),
                       ("二.csv", "企业名称,股票代码,所在地,主营产品\n别的有限公司,600998,山西省太原市,无\n"
                                  "太阳材料股份有限公司,600999,浙江省杭州市,光伏玻璃\n")):
        (tmp_path / name).write_text(rows, encoding="utf-8")
    store = str(tmp_path / "a.lianpu")
    cli.main(["load", store, str(tmp_path / "一.csv"), str(tmp_path / "二.csv"), "--as-of", "2026-11-01"], standalone_mode=False)
    cli.main(["link", store, "--chain", "光伏"], standalone_mode=False)
    with open_store(store) as held:
        made = held.makers(["光伏玻璃"], "000000")
        files = dict(held.tables(["sources"])["sources"][["id", "file"]].itertuples(index=False, name=None))
    assert [(files[row.source], row.row) for row in made.itertuples()] == [(str(tmp_path / "二.csv"), 3)]
