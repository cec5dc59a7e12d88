"""What a newer cut has changed in the numbers of an exhibit."""

from __future__ import annotations

import pandas as pd

from saa_dash.report.exhibit_changes import CellChange, changed_cells, changed_rows


def test_numbers_are_matched_by_the_name_of_their_row() -> None:
    old = pd.DataFrame({"Visit": ["Week 4", "Week 8", "Week 12"], "n": [10, 10, 9], "CRR": ["0/10", "1/10", "2/9"]})
    new = pd.DataFrame({"Visit": ["Week 12", "Week 4", "Week 24"], "n": [10, 10, 3], "CRR": ["1/10", "0/10", "1/3"]})
    assert changed_cells(old, new) == [
        CellChange("Week 12", "n", "9", "10"),
        CellChange("Week 12", "CRR", "2/9", "1/10"),
        CellChange("Week 24", "", "", "Week 24"),
        CellChange("Week 8", "", "Week 8", ""),
    ]
    assert changed_cells(old, old.copy()) == []
    assert changed_cells(old.iloc[:0], old.iloc[:0]) == []


def test_rows_of_one_name_are_told_apart_by_the_next_column_and_missing_is_empty() -> None:
    old = pd.DataFrame({"Rule": ["NIH", "NIH"], "Counted from": ["ATG", "infusion"], "ORR": ["6/10", None]})
    new = old.assign(ORR=["6/10", "4/9"])
    assert changed_cells(old, new) == [CellChange("NIH · infusion", "ORR", "", "4/9")]
    twice = pd.DataFrame({"Test": ["ALT", "ALT"], "n": [1, 2]})
    assert [(change.old, change.new) for change in changed_cells(twice, twice.assign(n=[1, 3]))] == [
        ("", "ALT · 3"),
        ("ALT · 2", ""),
    ]


def test_rows_of_patients_are_counted_whatever_their_order() -> None:
    old = pd.DataFrame({"Patient": ["R01", "R02", "R03"], "Day": [29, 57, 85]})
    assert changed_rows(old, old.iloc[::-1]) == 0
    assert changed_rows(old, old.assign(Day=[29, 57, 86])) == 1
    assert changed_rows(old, old.iloc[:1]) == 2
