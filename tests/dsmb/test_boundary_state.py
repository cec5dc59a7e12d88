"""Where a trial stands against its boundary: made-up patients against the worked values of the domain facts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.boundary_state import BoundaryState, derive_boundary_state
from saa_dash.charts.boundary import BoundaryDrawn, figure_boundary
from saa_dash.charts.theme import Look
from saa_dash.model.settings import BoundarySettings
from saa_dash.services.dsmb import EXPLORATORY

START = date(2026, 2, 1)
_DATES = ("TRTSDT", "ATGSDT", "DTHDT", "WDDT", "LOSTDT", "LSTALVDT")
NO_EVENTS = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("USUBJID", "AESER", "TRTEMFL", "RELFL")}
    | {"ASTDT": pd.Series(dtype="datetime64[s]")}
)


def patient(number: int, *, alive: int, death: int | None = None, left: int | None = None) -> dict[str, object]:
    """A patient enrolled ten days after the one before; the others are days from the first dose."""
    first = START + timedelta(days=10 * (number - 1))

    def day(offset: int | None) -> date | None:
        return None if offset is None else first + timedelta(days=offset)

    return {
        "USUBJID": f"S{number:02d}", "SAFFL": True, "TRTSDT": first, "ATGSDT": first, "DTHDT": day(death),
        "WDDT": day(left), "LOSTDT": None, "LSTALVDT": day(alive if death is None else death),
    }  # fmt: skip


def state_of(*patients: dict[str, object], rule: str = "p90", planned: int | None = 10) -> BoundaryState:
    frame = pd.DataFrame(list(patients))
    frame = frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in _DATES})
    return derive_boundary_state(frame, NO_EVENTS, EXPLORATORY[rule], planned)


def test_evaluable_is_who_has_the_event_or_is_known_alive_at_the_end_of_its_window() -> None:
    found = state_of(
        patient(1, alive=100), patient(2, alive=99), patient(3, alive=0, death=100), patient(4, alive=0, death=101),
        patient(5, alive=40, left=40), patient(6, alive=150),
    )  # fmt: skip
    rows = found.patients.set_index("USUBJID")
    assert rows["STATE"].to_dict() == {
        "S01": "FREE", "S02": "OPEN", "S03": "EVENT", "S04": "FREE", "S05": "LEFT", "S06": "FREE",
    }  # fmt: skip
    assert (found.events, found.evaluable, found.stop_at, found.crossed_at) == (1, 4, 3, None)
    # evaluable on days 100, 120 (death of the third), 130, 150 after the first dose of all: six enrolled by then
    assert rows.loc[["S01", "S03", "S04", "S06"], ["N", "EVENTS", "STARTED"]].to_numpy().tolist() == [
        [1, 0, 6], [2, 1, 6], [3, 1, 6], [4, 1, 6],
    ]  # fmt: skip
    assert found.next_event == (2, 5, 3)
    assert found.events_to_stop == 2  # 3 of 6
    assert (found.acts_from, found.started_by(2), found.started_by(5)) == (2, 6, None)


def test_early_deaths_cross_the_boundary_and_it_stays_crossed() -> None:
    found = state_of(
        patient(1, alive=0, death=5), patient(2, alive=0, death=3), *(patient(n, alive=120) for n in (3, 4))
    )
    assert (found.events, found.evaluable, found.crossed_at, found.stop_at) == (2, 4, 2, 3)
    assert found.patients["STARTED"].tolist() == [1, 2, 4, 4]
    assert state_of(*(patient(n, alive=120) for n in range(1, 11))).crossed_at is None


@pytest.mark.parametrize(
    ("rule", "runs", "stop"),
    [
        ("p90", ((2, 2, 3), (3, 4, 6), (4, 7, 9), (5, 10, 10)), (0.172, 0.385, 0.617)),
        ("p95", ((2, 2, 2), (3, 3, 4), (4, 5, 8), (5, 9, 10)), (0.093, 0.261, 0.491)),
    ],
)
def test_the_figure_has_the_worked_values_and_says_that_they_are_exploratory(
    rule: str, runs: tuple[tuple[int, int, int], ...], stop: tuple[float, ...]
) -> None:
    found = state_of(*(patient(n, alive=120) for n in range(1, 5)), patient(5, alive=0, death=90), rule=rule)
    assert found.boundary.runs() == runs
    rates = {item.true_p: round(item.stop, 3) for item in found.characteristics}
    assert tuple(rates[p] for p in (0.2, 0.3, 0.4)) == stop
    coded = found.patients.assign(PCODE=found.patients["USUBJID"].str.replace("S", "P"))
    state = BoundaryState(found.settings, found.boundary, found.size, found.window, coded, found.characteristics)
    view = figure_boundary(BoundaryDrawn(state, exploratory=True), Look("en"))
    assert view.title.startswith("EXPLORATORY")
    assert set(view.table["Rule"]) == {"EXPLORATORY 探索性"}
    assert "death within 100 days: stop when P(event rate > 0.2)" in view.subtitle
    traces = {trace.name: trace for trace in view.figure.data}
    drawn = np.array(traces["boundary"].y)[::2] + 0.5
    expected = [limit for limit, first, last in runs for _ in range(first, last + 1)]
    assert drawn.tolist() == expected
    assert list(traces["boundary"].x)[::2] == [n - 0.5 for n in range(2, 11)]
    assert list(traces["FREE"].customdata) == ["P01", "P02", "P03", "P04"]
    assert (list(traces["EVENT"].x), list(traces["EVENT"].y)) == ([5], [1])  # died on day 131 of the trial
    assert list(traces["next"].y) == [1, 2]
    own = figure_boundary(BoundaryDrawn(state, exploratory=False), Look("zh"))
    assert not any("EXPLORATORY" in str(a.text) for a in own.figure.layout.annotations)
    assert set(own.table["规则"]) == {"研究团队设定"}


def test_serious_events_count_whenever_they_begin() -> None:
    frame = pd.DataFrame([patient(1, alive=90), patient(2, alive=83)])
    frame = frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in _DATES})
    events = pd.DataFrame(
        {"USUBJID": ["S01", "S01", "S02"], "AESER": ["Y", "Y", "N"], "TRTEMFL": "Y", "RELFL": ["N", "Y", "Y"],
         "ASTDT": pd.to_datetime(["2026-02-05", "2026-04-30", "2026-02-20"]).astype("datetime64[s]")}
    )  # fmt: skip
    for event, days in (("sae", "2026-02-05"), ("related_sae", "2026-04-30")):
        found = derive_boundary_state(frame, events, BoundarySettings(event, 0.2, 0.4, 1.6, 0.9), None)
        assert found.patients["STATE"].tolist() == ["EVENT", "OPEN"]
        assert found.patients["READY"].iloc[0] == (date.fromisoformat(days) - date(1970, 1, 1)).days
        assert found.size == 2
