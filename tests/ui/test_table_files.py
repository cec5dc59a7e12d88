"""A shown table as a file: numbers stay numbers, nothing runs as a formula, the origin is told."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest

from saa_dash.model.cells import harmless
from saa_dash.ui.table_files import plain_csv, table_csv, table_xlsx

EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1+1", "\t=1", "\r=1")
PLAIN = ("", "P01", "-3", "+0.5", "-1,5", "-2e-3", "-3%", "1=1", "a@b", "–", "6/10  60 % (26–88 %)")


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


TABLE = pd.DataFrame(
    {
        "=Patient": ["P01", "=cmd()", None],
        "Hb (g/L)": [-1.5, np.nan, np.inf],
        "n": pd.array([1, None, 3], dtype="Int64"),
        "day": pd.to_datetime(["2026-03-01", None, "2026-03-03"]),
        "share": ["-3", "@x", "6/10"],
    }
)


def test_csv_is_harmless_and_tells_its_origin() -> None:
    lines = table_csv(TABLE, ["n = 3/3", "hash"]).decode("utf-8-sig").splitlines()
    assert lines[:3] == ["# n = 3/3", "# hash", "'=Patient,Hb (g/L),n,day,share"]
    assert lines[3:] == ["P01,-1.5,1,2026-03-01,-3", "'=cmd(),,,,'@x", ",inf,3,2026-03-03,6/10"]
    assert plain_csv(TABLE).startswith(b"\xef\xbb\xbf'=Patient")


def test_a_workbook_holds_numbers_as_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(table_xlsx(TABLE, ["n = 3/3"], ("Numbers", "Origin"))))
    assert book.sheetnames == ["Numbers", "Origin"]
    rows = [[cell.value for cell in row] for row in book["Numbers"].iter_rows()]
    assert rows[0] == ["'=Patient", "Hb (g/L)", "n", "day", "share"]
    assert rows[1][:3] == ["P01", -1.5, 1]
    assert rows[1][3].date() == date(2026, 3, 1)
    assert rows[2] == ["'=cmd()", None, None, None, "'@x"]
    assert rows[3][:3] == [None, "∞", 3]
    assert {cell.data_type for row in book["Numbers"].iter_rows() for cell in row} <= {"s", "n", "d"}
    assert book["Origin"]["A1"].value == "n = 3/3"
