"""Where a store is: an address, a path, or an address with a slip, which is no path."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain import check_location
from chain.cli import cli
from chain.errors import StoreError


@pytest.mark.parametrize("location", [
    "http://zone:7474", "ftp://zone/a", "blt://zone", "bolt:/zone", "bolt：//zone", "127.0.0.1:7687", "zone:7687", "neo4j:geheim@127.0.0.1:7687",
    "http://neo4j:geheim@zone:7474", "[::1]:7687"])
def test_an_address_with_a_slip_is_no_file(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("企业.csv").write_text("企业名称\n甲厂\n", encoding="utf-8")
    for line in (["load", location, "企业.csv"], ["gaps", location, "--chain", "光伏", "--region", "太原市"], ["copy", "企业.csv", location]):
        with pytest.raises(StoreError, match="不认得的地址") as failure:
            cli.main(line, standalone_mode=False)
        assert "geheim" not in str(failure.value) and "neo4j://主机:7687" in failure.value.way_out
    assert [path.name for path in tmp_path.iterdir()] == ["企业.csv"]


@pytest.mark.parametrize("location", [
    "zone.lianpu", "./园区 2026/zone.lianpu", "C:/数据/zone.lianpu", "C:\\数据\\zone.lianpu", "a@b/zone.lianpu", "/srv/zone", "bolt://zone:7687",
    "neo4j+s://zone"])
def test_paths_and_addresses_pass(location: str) -> None:
    check_location(location)
