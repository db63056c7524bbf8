"""CSV that Excel opens rightly and that runs nothing."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from chain.errors import OutputError
from viz.csv import guarded, write_csv


def test_file_is_utf8_with_mark_and_crlf(tmp_path):
    path = tmp_path / "a.csv"
    write_csv(pd.DataFrame({"环节": ["正极", None], "数": [1.0, 2.5]}), path)
    assert path.read_bytes() == "\ufeff环节,数\r\n正极,1\r\n,2.5\r\n".encode()


def test_open_text_gets_the_same_lines_without_the_mark():
    out = io.StringIO()
    write_csv(pd.DataFrame({"项": ['甲"乙', "丙,丁"], "真": [True, False]}), out)
    assert out.getvalue() == '项,真\r\n"甲""乙",是\r\n"丙,丁",否\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_cells_that_begin_like_a_formula_are_guarded_headers_too(start):
    out = io.StringIO()
    write_csv(pd.DataFrame({f"{start}cmd": [f"{start}1+1|calc"]}), out)
    assert out.getvalue().replace('"', "").startswith(f"'{start}cmd")
    assert f"'{start}1+1|calc" in out.getvalue()


def test_cells_of_an_open_text_are_guarded_like_those_of_a_file(tmp_path):
    cells = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\u200b=1", "甲=1", "-5"]
    frame, out = pd.DataFrame({"=项": cells}), io.StringIO(newline="")
    write_csv(frame, out)
    read = [row[0] for row in csv.reader(io.StringIO(out.getvalue(), newline=""))]
    assert read == ["'=项", "'=1+1", "'+cmd", "'-2+3", "'@SUM(A1)", "'=1", "甲=1", "-5"]
    write_csv(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().decode("utf-8-sig") == out.getvalue()


@pytest.mark.parametrize(
    ("value", "text"), [(-5, "-5"), (-2.5, "-2.5"), ("-5", "-5"), ("+1.5e3", "+1.5e3"), (1e20, "1e+20"), (pd.NA, "")]
)
def test_numbers_are_left_alone(value, text):
    assert guarded(value) == text


def test_place_that_can_not_be_written_is_named(tmp_path):
    with pytest.raises(OutputError, match="a.csv"):
        write_csv(pd.DataFrame({"a": [1]}), tmp_path / "none" / "a.csv")
