"""What is particular to the store in one file: the file itself, its names, its versions, and what many openers see."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from oracle import graph, plain

from chain import chainfile, definition, embedded, region, schema, tables
from chain.embedded import EmbeddedStore
from chain.errors import InputError, StoreError
from chain.store import View
from chain.tables import Tables

CHINA = region.CHINA


def test_nothing_is_written_before_something_is_loaded(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "新.lianpu") as store:
        assert store.location == str(tmp_path / "新.lianpu")
        assert (store.as_of, store.tables()) == ("", Tables())
    assert list(tmp_path.iterdir()) == []


def test_asking_a_store_that_is_not_there_says_how_to_load(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "新.lianpu") as store, pytest.raises(StoreError, match="没有这个图谱文件") as failure:
        store.coverage(["钢"], CHINA)
    assert "lianpu load" in failure.value.way_out


def test_a_folder_that_is_not_there_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "一" / "二" / "库.lianpu") as store, pytest.raises(StoreError, match="没有这个目录"):
        store.write(graph(enterprises=[{"id": "甲"}]))
    assert not (tmp_path / "一").exists()


@pytest.mark.parametrize("name", ["it's.lianpu", "图谱[1].lianpu", "a b;c.lianpu", "*.lianpu", "x{0}$y%.lianpu", "没有后缀", '"引".lianpu',
    "-n.lianpu", "👍.lianpu"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    left = tmp_path / f".{name}.99999.building"
    left.write_bytes(b"left by a crash")
    with EmbeddedStore(path) as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
        store.write(graph("二", enterprises=[{"id": "乙"}]))
        assert store.enterprises()["id"].tolist() == sorted("甲乙")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([name, f".{name}.lock"])


def test_what_a_crash_of_another_store_left_is_not_touched(tmp_path: Path) -> None:
    other = tmp_path / ".图谱1.lianpu.99999.building"
    other.write_bytes(b"")
    with EmbeddedStore(tmp_path / "图谱[1].lianpu") as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
    assert other.exists()


def test_only_the_tables_asked_for_are_read(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(enterprises=[{"id": "甲"}], products=[{"id": "钢"}]))
        assert repr(store.tables(["products"])) == "Tables(products 1)"
        with pytest.raises(KeyError):
            store.tables(["nothing"])


def test_a_second_opener_in_the_same_process_sees_a_load_of_the_first(tmp_path: Path) -> None:
    """DuckDB shares one database between connections to one path; after the swap that would be the old one."""
    path = tmp_path / "库.lianpu"
    with EmbeddedStore(path) as writer, EmbeddedStore(path) as reader, EmbeddedStore(path) as other:
        writer.write(graph(enterprises=[{"id": "甲"}]))
        assert [len(store.enterprises()) for store in (reader, other, writer)] == [1, 1, 1]
        writer.write(graph("二", enterprises=[{"id": "乙"}]))
        assert [len(store.enterprises()) for store in (writer, reader, other)] == [2, 2, 2]
        reader.write(graph("三", enterprises=[{"id": "丙"}]))
        assert [len(store.enterprises()) for store in (other, writer, reader)] == [3, 3, 3]


def test_a_store_reached_by_two_paths_is_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with EmbeddedStore("库.lianpu") as near, EmbeddedStore(tmp_path / "库.lianpu") as far:
        near.write(graph(enterprises=[{"id": "甲"}]))
        assert len(far.enterprises()) == 1
        far.write(graph("二", enterprises=[{"id": "乙"}]))
        assert len(near.enterprises()) == 2


def test_a_store_can_be_used_again_after_closing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "库.lianpu")
    store.write(graph(enterprises=[{"id": "甲"}]))
    store.close()
    store.close()
    assert len(store.enterprises()) == 1
    store.close()


def test_the_same_tables_make_the_same_file_content(tmp_path: Path) -> None:
    """Not byte for byte, but table for table and row for row, however the rows came."""
    given = graph(enterprises=[{"id": id_, "region": code} for id_, code in zip("甲乙丙", ("140105", None, "110108"), strict=True)],
                  makes=[{"enterprise": id_, "product": product} for id_ in "甲乙丙" for product in "钢管"])
    contents = []
    for name, turned in (("一", given), ("二", Tables({key: frame[::-1] for key, frame in given.items()}))):
        with EmbeddedStore(tmp_path / name) as store:
            store.write(turned)
        with duckdb.connect(str(tmp_path / name), read_only=True) as con:
            names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
            contents.append({table: con.execute(f'SELECT * FROM "{table}"').fetchall() for table in names})
    assert contents[0] == contents[1]


def test_regions_are_ranges_of_the_inner_numbers(tmp_path: Path) -> None:
    codes = ["650100", "140105", None, "140000", "110108", "140100", "140200", "140106"]
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(enterprises=[{"id": f"厂{at}", "region": code} for at, code in enumerate(codes)]))
        with duckdb.connect(str(tmp_path / "库.lianpu"), read_only=True) as con:
            found = [row[0] for row in con.execute("SELECT region FROM core ORDER BY eid").fetchall()]
    assert found == sorted(int(code or 0) for code in codes)


def test_progress_rises_to_one(tmp_path: Path) -> None:
    steps: list[tuple[str, float]] = []
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(enterprises=[{"id": "甲"}]), progress=lambda step, done: steps.append((step, done)))
    shares = [done for _, done in steps]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0 and all(step for step, _ in steps)


def test_missing_flags_and_great_numbers_come_back_as_they_were(tmp_path: Path) -> None:
    given = Tables({
        "chain_products": pd.DataFrame({"chain": ["链"] * 3, "product": list("abc"), "stage": "上", "terminal": [True, None, False],
                                        "position": [2**53 + 1, None, 0]}),
        "enterprises": pd.DataFrame({"id": ["甲"], "name": ["甲"], "employees": [2**60 + 1], "registered_capital": [0.1 + 0.2]})})
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(given)
        assert store.tables() == given


def test_text_is_never_code(tmp_path: Path) -> None:
    nasty = ["'; DROP TABLE makes; --", '"', "$tau", "{place}", "%", "\x00", "\u202e", "=cmd()", "a\nb"]
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        given = graph(enterprises=[{"id": text} for text in nasty], makes=[{"enterprise": text, "product": text} for text in nasty])
        store.write(given)
        assert store.tables() == given
        assert [row["makers"] for row in plain(store.coverage(nasty, CHINA))] == [1] * len(nasty)
        for text in nasty:
            assert store.makers([text], CHINA)["enterprise"].tolist() == [text]
            assert store.enterprises([text])["id"].tolist() == [text]
            assert text in store.enterprises(text=text)["id"].tolist()


def test_an_amount_beyond_all_reason_does_not_make_a_store_useless(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        given = graph(enterprises=[{"id": "甲", "registered_capital": 1e300}, {"id": "乙", "registered_capital": float("inf")}],
                      makes=[{"enterprise": id_, "product": "钢", "output": 1e300} for id_ in "甲乙"])
        store.write(given)
        assert store.tables() == given
        row = plain(store.coverage(["钢"], CHINA))[0]
        assert (row["makers"], row["outputs_known"], row["hhi_basis"]) == (2, 0, "equal")


@pytest.mark.parametrize("day", ["2024", "2024-5-1", "昨天", "2024-13-01", "2024-01-01T00:00"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(makes=[{"enterprise": "甲", "product": "钢"}]))
        for ask in (store.coverage, store.makers):
            with pytest.raises(InputError, match=day):
                ask(["钢"], CHINA, View(as_of=day))


@pytest.mark.parametrize(("table", "column"), [
    ("enterprises", "id"), ("makes", "enterprise"), ("makes", "product"), ("supplies", "supplier"), ("supplies", "buyer"), ("titles", "enterprise")])
def test_a_row_that_does_not_say_whom_it_is_about_is_refused_not_lost(tmp_path: Path, table: str, column: str) -> None:
    row = {name: "甲" for name in schema.table(table).keys if name != column}
    with EmbeddedStore(tmp_path / "库.lianpu") as store, pytest.raises(InputError, match=column):
        store.write(Tables({table: pd.DataFrame([{**row, "source": "名录", "row": 7}])}))
    assert not (tmp_path / "库.lianpu").exists()


def test_the_shipped_chains_load_together_and_read_back(tmp_path: Path) -> None:
    chains = [chainfile.read(name) for name in chainfile.library()]
    given = tables.combine(definition.to_tables(chain) for chain in chains)
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(given)
        assert store.tables() == given
        for chain in chains:
            scope = store.scope(chain.name)
            assert scope.ids == [product.name for product in chain.products]
            held = {(arc.input, arc.product) for other in chains for arc in other.arcs if {arc.input, arc.product} <= set(scope.ids)}
            assert set(zip(scope.arcs["input"], scope.arcs["product"], strict=True)) == held
            assert scope.stages["name"].tolist() == [name for name, _ in chain.stages]
            assert scope.products["terminal"].dtype == np.dtype(bool)


def test_chains_that_state_the_same_arc_state_it_alike() -> None:
    stated: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    for chain in map(chainfile.read, chainfile.library()):
        for arc in chain.arcs:
            stated.setdefault((arc.input, arc.product), set()).add((arc.role, arc.group, arc.coefficient, arc.captive))
    assert {ends for ends, ways in stated.items() if len(ways) > 1} == set()


def test_a_load_costs_no_more_than_one_file_and_its_lock(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(enterprises=[{"id": f"厂{at}"} for at in range(1000)]))
        assert not store.write(graph(enterprises=[{"id": f"厂{at}"} for at in range(1000)])).changed
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".库.lianpu.lock", "库.lianpu"]
    assert os.path.getsize(tmp_path / "库.lianpu") > 0


@pytest.mark.parametrize("named", [
    {"makes": [{"enterprise": "乙", "product": "钢", "state": "confirmed", "method": "stated"}]},
    {"supplies": [{"supplier": "乙", "buyer": "甲"}]}, {"supplies": [{"supplier": "甲", "buyer": "乙"}]},
    {"titles": [{"enterprise": "乙", "title": "专精特新中小企业"}]},
])
def test_an_enterprise_without_a_row_of_its_own_is_kept_under_its_id(tmp_path: Path, named: dict[str, list[dict[str, object]]]) -> None:
    given = graph(enterprises=[{"id": "甲"}], **named)
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(given)
        assert store.tables() == given
        store.write(graph("二", enterprises=[{"id": "丙"}]))
        assert store.tables() == tables.combine([given, graph("二", enterprises=[{"id": "丙"}])])


def test_supply_relations_of_few_and_of_many_enterprises_are_told_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firms = [{"id": f"厂{at}", "name": None if at % 3 else f"第{at}厂", "region": ("140105", "130102", None)[at % 3]} for at in range(9)]
    deals = [{"supplier": f"厂{at}", "buyer": f"厂{(at * at + 1) % 9}", "product": ("钢", None)[at % 2], "year": (2024, None, 2025)[at % 3],
              "amount": (None, 3.5)[at % 2]} for at in range(9)]
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(graph(enterprises=firms, supplies=deals))
        for places in ({}, {"supplier_in": "140000"}, {"buyer_in": "130000", "supplier_in": "140000"}):
            for chosen in (["厂0"], ["厂1", "厂5", "无"], [f"厂{at}" for at in range(9)], []):
                few = store.supplies(enterprises=chosen, **places)
                with monkeypatch.context() as patch:
                    patch.setattr(embedded, "FEW", -1)
                    many = store.supplies(enterprises=chosen, **places)
                pd.testing.assert_frame_equal(few, many)
        assert len(store.supplies(enterprises=["厂1"])) > 1
