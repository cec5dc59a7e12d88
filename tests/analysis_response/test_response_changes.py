"""Who changed between visits, against a loop over patients; what spoke against a response."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.access.redaction import holds_small_cell
from saa_dash.analysis.response_changes import derive_changes

STATES = ("CR", "PR", "NR", "NE", "NYD")
ORDER = {"NR": 0, "PR": 1, "CR": 2}


def kind_of(before: str, after: str) -> str:
    if "NYD" in (before, after):
        return "OPEN"
    if before == after:
        return "SAME"
    if "NE" in (before, after):
        return "NE"
    return "BETTER" if ORDER[after] > ORDER[before] else "WORSE"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(STATES)] * 3), min_size=1, max_size=12))
def test_every_patient_and_pair_of_visits(courses: list[tuple[str, str, str]]) -> None:
    rows = pd.DataFrame(
        [(f"P{i:02d}", week, course[at]) for i, course in enumerate(courses, 1) for at, week in enumerate((4, 8, 12))],
        columns=["PCODE", "AVISITN", "AVALC"],
    ).astype({"PCODE": "str", "AVALC": "str"})
    found = derive_changes(rows).sort_values(["PCODE", "WEEK"])
    expected = [
        (f"P{i:02d}", first, then, before, after, kind_of(before, after))
        for i, course in enumerate(courses, 1)
        for first, then, before, after in ((4, 8, *course[:2]), (8, 12, *course[1:]))
    ]
    assert list(found.itertuples(index=False, name=None)) == expected


def test_a_small_cell_is_one_to_four_patients_or_what_the_study_says() -> None:
    assert not holds_small_cell([0, 5, 12])
    assert holds_small_cell([0, 4, 12])
    assert holds_small_cell([0, 8, 12], 10)
    assert holds_small_cell([1], 0)
