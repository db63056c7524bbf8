"""The public knowledge graph: which way goods flow, what is believed, and an account of every line."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chain.tables import Tables
from loaders.knowledge_graph import FILES, is_knowledge_graph, read_knowledge_graph
from loaders.reading import Loaded

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "chain_knowledge_graph"
NOW = "2026-11-23T00:00:00+00:00"
real_data = pytest.mark.skipif(not REAL.is_dir(), reason=f"the public graph is not at {REAL}")


def company(code: str, short: str, full: str, listed: str = "2010-01-04", place: str = "上海证券交易所") -> dict[str, str]:
    return {"name": short, "fullname": full, "code": code, "location": place, "time": listed}


def relation(one: str, rel: str, two: str) -> dict[str, str]:
    return {"from_entity": one, "rel": rel, "to_entity": two}


def sells(code: str, product: str, weight: object) -> dict[str, object]:
    return {"company_code": code, "product_name": product, "rel_weight": weight, "rel": "主营产品"}


def load(tmp_path: Path, **files: list[Any]) -> Loaded:
    """Read a graph with these lines; what is not given is an empty file. Text stands as it is, the rest becomes JSON."""
    for name in FILES:
        lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in files.get(name[:-5], [])]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    found = read_knowledge_graph(tmp_path, as_of="2021-10-31", now=NOW)
    counts = found.counts
    assert (counts["rows_in"] == counts["loaded"] + counts["merged"] + counts["rejected"]).all()
    return found


def names(*products: str) -> list[dict[str, str]]:
    return [{"name": product} for product in products]


def rows(tables: Tables, table: str, *columns: str) -> list[tuple[object, ...]]:
    frame = tables[table][list(columns)]
    return list(frame.astype("object").where(frame.notna(), None).itertuples(index=False, name=None))


def rejected(found: Loaded) -> list[tuple[object, ...]]:
    return sorted(rows(found.tables, "rejects", "table", "row", "value", "reason"), key=str)


def account(found: Loaded, file: str, table: str) -> tuple[int, ...]:
    counts = found.counts
    line = counts[counts["file"].str.endswith(f"/{file}.json") & (counts["table"] == table)]
    return tuple(line[["rows_in", "loaded", "merged", "rejected"]].iloc[0].tolist())


def test_a_folder_is_known_by_its_eight_files(tmp_path: Path) -> None:
    load(tmp_path)
    assert is_knowledge_graph(tmp_path)
    (tmp_path / "industry_up.json").unlink()
    assert not is_knowledge_graph(tmp_path)


def test_goods_flow_against_upstream_and_along_downstream_relations(tmp_path: Path) -> None:
    found = load(tmp_path, product=names("焦炭", "焦煤", "甲醇", "草甘膦"), product_product=[
        relation("焦炭", "上游材料", "焦煤"), relation("甲醇", "下游产品", "草甘膦"), relation("草甘膦", "上游材料", "甲醇")])
    assert rows(found.tables, "inputs", "input", "product", "role", "row") == [
        ("焦煤", "焦炭", "物料", 1), ("甲醇", "草甘膦", "物料", 2)]
    assert account(found, "product_product", "inputs") == (3, 2, 1, 0)


def test_a_sub_kind_ends_with_its_kind(tmp_path: Path) -> None:
    found = load(tmp_path, product=names("空调", "分体式空调", "电源", "电源电路", "豆腐", "平菇豆腐", "AIC", "MOSAIC"),
        product_product=[
        relation("空调", "产品小类", "分体式空调"), relation("电源", "产品小类", "电源电路"),
        relation("AIC", "产品小类", "MOSAIC"),
        relation("豆腐", "产品小类", "平菇豆腐"), relation("平菇豆腐", "上游材料", "豆腐")])
    assert rows(found.tables, "kinds", "product", "kind", "row") == [("分体式空调", "空调", 1)]
    assert rejected(found) == [
        ("kinds", 2, "电源电路 ⊂ 电源", "小类的名称不以大类的名称结尾，中心词不同，不是它的一种"),
        ("kinds", 3, "MOSAIC ⊂ AIC", "小类的名称不以大类的名称结尾，中心词不同，不是它的一种"),
        ("kinds", 4, "平菇豆腐 ⊂ 豆腐", "大类又是小类的上游材料：用它做成的东西不是它的一种"),
    ]
    assert account(found, "product_product", "kinds") == (4, 1, 0, 3)


def test_relations_with_a_broken_end_are_told(tmp_path: Path) -> None:
    found = load(tmp_path, product=names("钢", "煤", "碳("), product_product=[
        relation("钢", "上游材料", "钢"), relation("钢", "上游材料", "没列出"), relation("钢", "上游材料", "碳("),
            relation("钢", "同义", "煤")])
    assert rejected(found) == [
        ("inputs", 1, "钢 → 钢", "指向它自己"), ("inputs", 2, "没列出 → 钢", "一端的名称用不了：产品表里没有这个名称"),
        ("inputs", 3, "碳( → 钢", "一端的名称用不了：括号或引号不成对"), ("inputs", 4, "同义", "不认识的关系"),
        ("products", 3, "碳(", "括号或引号不成对"),
    ]


def test_two_products_that_feed_each_other_are_both_kept_and_told(tmp_path: Path) -> None:
    found = load(tmp_path, product=names("香精", "香膏"), product_product=[
        relation("香精", "上游材料", "香膏"), relation("香膏", "上游材料", "香精")])
    assert rows(found.tables, "inputs", "input", "product") == [("香精", "香膏"), ("香膏", "香精")]
    assert "1 对产品互为上游材料，两个方向都保留，请核对：香精/香膏（第 2、1 行）" in found.notes


def test_spellings_of_one_name_are_one_product(tmp_path: Path) -> None:
    found = load(
        tmp_path, company=[company("600001", "甲", "甲股份有限公司")],
        product=names("LED 显示屏", "LED显示屏", "led显示屏", "维生素A系\n列"), company_product=[
            sells("600001.SH", "ＬＥＤ显示屏", 0.5), sells("600001.SH", "维生素A系\n列", 0.1)])
    assert rows(found.tables, "products", "id", "aliases", "row") == [
        ("LED显示屏", "LED 显示屏；led显示屏", 2), ("维生素A系列", None, 4)]
    assert rows(found.tables, "makes", "product", "share") == [("LED显示屏", 0.5), ("维生素A系列", 0.1)]
    assert account(found, "product", "products") == (4, 2, 2, 0)


@pytest.mark.parametrize("name", [
    "碳(", "PVC盐化特种材料)", "其解决方案", "木门等", "单", "-氯烟酸", "HCFC-", "2.1.5", "甲哌\ufffdf水剂", "牛肉适量",
    "平衡项目", "分部间抵销",
    "针剂合计", "技术服务", "含氨>10%", "芎?", "红葱头蒜头黄姜粉峇加拉峇拉煎香茅蓝姜椰奶白糖茴香籽",
])
def test_a_broken_or_empty_name_is_no_product(tmp_path: Path, name: str) -> None:
    found = load(tmp_path, product=names(name))
    assert account(found, "product", "products") == (1, 0, 0, 1)
    assert rows(found.tables, "rejects", "column", "value", "row") == [("name", name, 1)]


@pytest.mark.parametrize("name", ["钢", "PVC", "铜合金（铸造)", "5’-鸟苷酸二钠", "平衡块", "混合计量", "《能源化学》", "发动机"])
def test_an_odd_but_whole_name_is_a_product(tmp_path: Path, name: str) -> None:
    assert rows(load(tmp_path, product=names(name)).tables, "products", "id") == [(name,)]


def test_a_share_confirms_and_a_filler_waits_for_review(tmp_path: Path) -> None:
    found = load(
        tmp_path, company=[company("600001", "甲", "甲股份有限公司")],
        product=names("焦炭", "甲醇", "粗苯", "煤气", "蒸汽", "平衡项目"),
        company_product=[
            sells("600001.SH", "焦炭", 0.51), sells("600001.SH", "甲醇", 0.001), sells("600001.SH", "粗苯", 1.2),
            sells("600001.SH", "煤气", -0.2), sells("600001.SH", "蒸汽", 0), sells("600001.SH", "平衡项目", -0.3),
            sells("600001.SH", "焦炭", 0.51), sells("600002.SH", "焦炭", 0.9)])
    assert rows(found.tables, "makes", "enterprise", "product", "share", "confidence", "state", "method", "row") == [
        ("stock:600001", "焦炭", 0.51, 0.9, "confirmed", "stated", 1), ("stock:600001", "煤气", None, 0.5, "review", "stated", 4),
        ("stock:600001", "甲醇", None, 0.5, "review", "stated", 2), ("stock:600001", "粗苯", None, 0.8, "confirmed", "stated", 3),
        ("stock:600001", "蒸汽", 0.0, 0.5, "review", "stated", 5)]
    assert [row for row in rejected(found) if row[0] == "makes"] == [
        ("makes", 3, "1.2", "收入占比不在 0–1"), ("makes", 4, "-0.2", "收入占比不在 0–1"),
        ("makes", 6, "平衡项目", "是报表的平衡、抵销或合计行，不是产品"), ("makes", 8, "600002.SH", "企业表里没有这个代码")]
    assert account(found, "company_product", "makes") == (8, 5, 1, 2)


def test_lines_of_one_code_are_one_company_with_former_names(tmp_path: Path) -> None:
    found = load(tmp_path, company=[
        company("000708.SZ", "中信特钢", "中信泰富特钢集团股份有限公司", "1997-03-26"),
        company("000708", "大冶特钢", "大冶特殊钢股份有限公司", "1997-03-26"),
        company("301079", "邵阳液压", "邵阳维克液压股份有限公司", "深圳证券交易所"), company("12", "错", "错股份有限公司")])
    assert rows(found.tables, "enterprises", "id", "name", "short_name", "former_names", "code", "note", "row") == [
        ("stock:000708", "中信泰富特钢集团股份有限公司", "中信特钢", "大冶特殊钢股份有限公司", "000708",
         "上海证券交易所 1997-03-26 上市", 1),
        ("stock:301079", "邵阳维克液压股份有限公司", "邵阳液压", None, "301079", "上海证券交易所上市", 3)]
    assert rejected(found) == [
        ("enterprises", 3, "深圳证券交易所", "不是上市日期"), ("enterprises", 4, "12", "不是六位股票代码")]
    assert account(found, "company", "enterprises") == (4, 2, 1, 1)


def test_a_company_listed_before_its_board_opened_keeps_its_name_and_loses_the_code(tmp_path: Path) -> None:
    found = load(tmp_path, company=[
        company("688078", "龙软科技", "中国建筑股份有限公司", "2009-07-29"),
        company("688096", "京源环保", "江苏京源环保股份有限公司", "2020-04-09")])
    assert rows(found.tables, "enterprises", "id", "name", "short_name", "code") == [
        ("name:中国建筑股份有限公司", "中国建筑股份有限公司", None, None),
        ("stock:688096", "江苏京源环保股份有限公司", "京源环保", "688096")]
    assert rejected(found) == [
        ("enterprises", 1, "688078 龙软科技",
         "上市日期 2009-07-29 早于科创板开板（2019-07-22），这一行的全称和日期属于另一家企业")]


def test_a_short_name_of_two_codes_stays_two_companies(tmp_path: Path) -> None:
    found = load(tmp_path, company=[
        company("002755", "奥赛康", "北京奥赛康药业股份有限公司"), company("600361", "奥赛康", "江苏奥赛康药业股份有限公司")])
    assert len(found.tables["enterprises"]) == 2
    assert "1 个简称为几个代码共用，仍作不同企业：奥赛康（stock:002755、stock:600361）" in found.notes


def test_a_company_has_the_industry_of_its_code_or_else_of_its_name(tmp_path: Path) -> None:
    found = load(
        tmp_path, company=[company("600001", "甲", "甲股份有限公司")],
        industry=[{"code": "230000", "name": "钢铁"}, {"code": "230501", "name": "特钢"}],
        industry_industry=[{"from_code": "230501", "to_code": "230000"}, {"from_code": "230501", "to_code": "999999"}],
        company_industry=[
            {"company_code": "600001.SH", "industry_code": "000000", "industry_name": "特钢", "company_name": "甲"},
            {"company_code": "600028.sh", "industry_code": "230501", "industry_name": "钢材", "company_name": "中国石化"}])
    assert rows(found.tables, "industries", "code", "name", "parent") == [("230000", "钢铁", None), ("230501", "特钢", "230000")]
    assert rows(found.tables, "enterprises", "id", "name", "industry", "row") == [
        ("stock:600001", "甲股份有限公司", "230501", 1), ("stock:600028", "中国石化", "230501", 2)]
    assert rejected(found) == [
        ("enterprises", 1, "000000", "行业表里没有代码 000000"), ("enterprises", 2, "钢材", "代码 230501 在行业表里是「特钢」"),
        ("industries", 2, "230501 → 999999", "行业代码不在行业表里")]
    assert account(found, "company_industry", "enterprises") == (2, 1, 1, 0)


def test_relations_between_industries_are_no_inputs(tmp_path: Path) -> None:
    found = load(tmp_path, industry=[{"code": "1", "name": "出版"}], industry_up=[{"industry": "出版", "ups": {"印刷": 4}}])
    assert len(found.tables["inputs"]) == 0
    assert rejected(found) == [("inputs", 1, "出版（上游 1 个）", "是行业之间的关系，不是产品投入，不进投入表")]
    assert any("1 个行业表里没有的名称：印刷" in note for note in found.notes)


def test_lines_that_are_no_objects_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, product=['{"name": "钢"', "[1]", "", {"name": "煤"}, {"nom": "铁"}])
    assert rows(found.tables, "products", "id", "row") == [("煤", 4)]
    assert rejected(found) == [
        ("products", 1, '{"name": "钢"', "不是一行完整的 JSON 对象"), ("products", 2, "[1]", "不是一行完整的 JSON 对象"),
        ("products", 5, None, "缺少 name")]
    assert account(found, "product", "products") == (4, 1, 0, 3)


def test_every_row_leads_to_a_public_source_and_a_line(tmp_path: Path) -> None:
    found = load(
        tmp_path, company=[company("600001", "甲", "甲股份有限公司")], product=names("焦炭", "焦煤"),
        product_product=[relation("焦炭", "上游材料", "焦煤")], company_product=[sells("600001.SH", "焦炭", 0.5)])
    sources = dict(rows(found.tables, "sources", "id", "file"))
    wanted: Mapping[str, str] = {"enterprises": "company.json", "products": "product.json", "inputs": "product_product.json",
                                 "makes": "company_product.json"}
    for table, file in wanted.items():
        assert {str(sources[source]).rpartition("/")[2] for source in found.tables[table]["source"]} == {file}
        assert found.tables[table]["row"].notna().all()
    assert found.tables["sources"][["kind", "as_of"]].drop_duplicates().values.tolist() == [["public", "2021-10-31"]]


@real_data
def test_the_real_graph_is_accounted_for_line_by_line() -> None:
    began = time.process_time()
    found = read_knowledge_graph(REAL, as_of=None, now=NOW)
    assert time.process_time() - began < 20
    folder = REAL.name
    pd.testing.assert_frame_equal(found.counts, pd.DataFrame([
        (f"{folder}/company.json", "", "enterprises", 4654, 4605, 49, 0),
        (f"{folder}/industry.json", "", "industries", 511, 511, 0, 0),
        (f"{folder}/industry_industry.json", "", "industries", 480, 0, 480, 0),
        (f"{folder}/company_industry.json", "", "enterprises", 4430, 107, 4323, 0),
        (f"{folder}/industry_up.json", "", "inputs", 335, 0, 0, 335),
        (f"{folder}/product.json", "", "products", 95559, 94187, 33, 1339),
        (f"{folder}/product_product.json", "", "inputs", 57216, 55983, 373, 860),
        (f"{folder}/company_product.json", "", "makes", 53785, 48447, 519, 4819),
        (f"{folder}/product_product.json", "", "kinds", 52937, 23323, 0, 29614),
    ], columns=found.counts.columns).astype(found.counts.dtypes))
    tables = found.tables
    assert {"焦煤", "原料煤"} & set(tables["inputs"].loc[tables["inputs"]["product"] == "焦炭", "input"])
    assert set(tables["inputs"]["input"]) | set(tables["inputs"]["product"]) <= set(tables["products"]["id"])
    assert set(tables["makes"]["enterprise"]) <= set(tables["enterprises"]["id"])
    assert tables["enterprises"]["id"].is_unique
    assert tables["sources"]["as_of"].unique().tolist() == ["2021-10-22"]
    assert tables["rejects"]["row"].notna().all()
    assert tables["rejects"]["way_out"].notna().all()


@pytest.mark.parametrize(("listed", "as_of", "date", "said"), [
    ("2010-01-04", None, "2010-01-04", []),
    ("", None, None, ["没有注明数据日期；载入时加 --as-of 2024-12-31 这样的日期"]),
    ("2010-01-04", "2027-01-01", "2027-01-01", ["数据日期 2027-01-01 在将来（今天是 2026-11-23）；核对 --as-of，写数据实际是哪一天的"]),
])
def test_the_data_date_is_told_or_in_the_data_or_missing(
    tmp_path: Path, listed: str, as_of: str | None, date: str | None, said: list[str]
) -> None:
    load(tmp_path, company=[company("600001", "甲", "甲股份有限公司", listed)])
    found = read_knowledge_graph(tmp_path, as_of=as_of, now=NOW)
    assert found.tables["sources"]["as_of"].dropna().unique().tolist() == [date] * (date is not None)
    assert [note for note in found.notes if "数据日期" in note] == said


def test_a_text_of_more_than_two_hundred_signs_is_no_name(tmp_path: Path) -> None:
    found = load(tmp_path, company=[company("600001", "甲", "甲" * 201), company("600002", "乙", "乙" * 200)])
    assert rows(found.tables, "enterprises", "code") == [("600002",)]
    assert rejected(found) == [("enterprises", 1, "甲" * 200, "企业名称有 201 字，超过 200 字，不是名称")]
