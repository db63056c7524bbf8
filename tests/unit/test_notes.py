"""What every answer says of itself."""

from __future__ import annotations

import pytest

from chain.cli.ask import notes_for
from chain.store import Place
from chain.tables import empty
from queries.rules import Rules


@pytest.mark.parametrize(("asked", "said"), [
    (None, []), ("2020-01-01", ["注意：本地 3 家企业没有成立日期，按当时已经存在计。"]),
    ("2030-01-01", ["注意：2030-01-01 晚于数据截至日，其间的变化图谱里没有。"])])
def test_a_day_that_the_data_cannot_answer_for_is_told(asked: str | None, said: list[str]) -> None:
    place = Place("140100", "太原市", "山西省太原市", 9, 0, 0, 0, None, empty("sources"), undated=3)
    notes = notes_for(place, Rules(as_of=asked), "2026-11-01")
    assert [note for note in notes if note.startswith("注意")] == said
