"""The figure of one patient: what stands in it, against the rows it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.ae_levels import Scale
from saa_dash.analysis.profile import Profile
from saa_dash.charts.palette import LIGHT
from saa_dash.charts.profile import GROUPS, figure_profile
from saa_dash.charts.profile_events import pack_events
from saa_dash.charts.profile_flags import pack_flags
from saa_dash.charts.profile_plan import MAX_EVENT_LANES
from saa_dash.charts.theme import Look
from saa_dash.charts.view import FigureView
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.context import Request, open_view
from saa_dash.services.patients import patient_page, worst_first

LOOK = Look("en")
DAY_1 = {"P03": date(2026, 3, 2)}


@pytest.fixture(scope="module")
def profiles(demo_dir: Path) -> Mapping[str, Profile]:
    who = local_principal()
    view = open_view(who, Request(demo_dir, "latest"))
    return {code: patient_page(who, view, code).profile for code in ("P03", "P07")}


@pytest.fixture(scope="module")
def rows(demo_dir: Path) -> Mapping[str, pd.DataFrame]:
    """The tables of P03 as they were typed, with study days."""
    view = open_view(local_principal(), Request(demo_dir, "latest"))
    subject = str(view.patients.set_index("PCODE")["USUBJID"]["P03"])
    data = view.reader().study_data([subject])
    return {name: data[name] for name in ("AE", "LB", "CM")}


def _day(dtc: str) -> int:
    offset = (date.fromisoformat(dtc[:10]) - DAY_1["P03"]).days
    return offset + (offset >= 0)


def _drawn(view: FigureView) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    layout = view.figure.layout.to_plotly_json()
    traces = {trace["name"]: trace for trace in (one.to_plotly_json() for one in view.figure.data)}
    return traces, layout


@pytest.fixture(scope="module")
def drawn(profiles: Mapping[str, Profile]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    return _drawn(figure_profile(profiles["P03"], LOOK, shown=GROUPS, window=(9, 15)))


def _axis(layout: Mapping[str, Any], trace: Mapping[str, Any]) -> dict[str, Any]:
    return layout[f"yaxis{trace['yaxis'][1:]}"]


def _bands(layout: Mapping[str, Any], axis: str) -> list[tuple[float, float]]:
    return [(s["y0"], s["y1"]) for s in layout["shapes"] if s["type"] == "rect" and s["yref"] == axis and s["x0"] == 0]


def _rules(layout: Mapping[str, Any], axis: str) -> list[float]:
    return [s["y0"] for s in layout["shapes"] if s["type"] == "line" and s["yref"] == axis]


def test_values_under_support_are_hollow_and_say_why(drawn: Any, rows: Mapping[str, pd.DataFrame]) -> None:
    traces, _ = drawn
    red_cells = [_day(d) for d in rows["CM"].loc[rows["CM"]["CMCLAS"] == "RBC", "CMSTDTC"]]
    assert red_cells == [-7, 12]
    marks = traces["values-HGB"]
    days = np.asarray(marks["x"])
    # 14 days after a transfusion, day -7 to 8 and 12 to 26; there is no day 0
    held = (days <= 8) | ((days >= 12) & (days <= 26))
    fill = np.array(marks["marker"]["color"])
    assert (fill == np.where(held, LIGHT.background, LIGHT.lineage["HGB"])).all()
    at = days.tolist().index(24)
    assert marks["hovertext"][at] == "Haemoglobin 71 g/L, day 24<br>Red cells 12 days before: does not count as reached"
    assert marks["customdata"][at] == ["P03", 24]
    typed = rows["LB"][rows["LB"]["LBTESTCD"] == "HGB"].sort_values("LBDTC")
    assert days.tolist() == [_day(d) for d in typed["LBDTC"]]
    assert np.asarray(marks["y"]).tolist() == typed["LBSTRESN"].tolist()


def test_limits_grades_and_what_is_normal_stand_where_they_belong(drawn: Any) -> None:
    traces, layout = drawn
    anc, csa, bili, alt = (traces[f"values-{test}"]["yaxis"] for test in ("ANC", "CSA", "BILI", "ALT"))
    assert _rules(layout, anc) == [0.5, 1.0]
    assert (1.0, 1.5) in _bands(layout, anc)  # grade 2
    assert (0.5, 1.0) in _bands(layout, anc)  # grade 3
    assert max(high for _, high in _bands(layout, anc)) <= 6.3
    assert _bands(layout, csa) == [(150.0, 250.0)]  # the registered range
    assert [low for low, _ in _bands(layout, bili)] == [31.5, 3.4]  # grade 2 from 1.5 times 21, and what is normal
    assert _rules(layout, bili) == [21.0]
    assert _rules(layout, alt) == [1.0]  # in multiples of the upper limit
    assert (3, 5) in _bands(layout, alt)
    said = [a["text"] for a in layout["annotations"]]
    assert {"CR ≥1", "SAA &lt;0.5", "CR ≥100", "SAA &lt;20", "LLN 115", "150–250", "ULN 21"} <= set(said)


def test_enzymes_are_multiples_of_the_limit_of_normal(drawn: Any, profiles: Mapping[str, Profile]) -> None:
    traces, layout = drawn
    results = profiles["P03"].results
    ast = results[results["TEST"] == "AST"].sort_values("ADY")
    assert np.allclose(traces["values-AST"]["y"], ast["AVAL"] / 35)
    assert _axis(layout, traces["values-AST"])["type"] == "log"
    assert traces["values-ALT"]["yaxis"] == traces["values-AST"]["yaxis"]
    assert traces["values-BILDIR"]["hovertext"][0].startswith("Direct bilirubin ")


def test_a_linear_axis_has_zero_on_it(profiles: Mapping[str, Profile], drawn: Any) -> None:
    log = drawn
    linear = _drawn(figure_profile(profiles["P03"], LOOK, linear=True))
    for test in ("ANC", "PLAT"):
        assert _axis(log[1], log[0][f"values-{test}"])["type"] == "log"
        plain = _axis(linear[1], linear[0][f"values-{test}"])
        assert "type" not in plain
        assert -0.15 * plain["range"][1] < plain["range"][0] < 0  # room for transfusions below 0
    low = profiles["P03"].labs.copy()
    low.loc[low["PARAMCD"] == "ANC", "AVAL"] = [0.0, *low.loc[low["PARAMCD"] == "ANC", "AVAL"].iloc[1:]]
    traces, _ = _drawn(figure_profile(replace(profiles["P03"], labs=low), LOOK))
    assert traces["values-ANC"]["marker"]["symbol"][0] == "triangle-down"  # 0 has no place on it
    assert traces["values-ANC"]["y"][0] > 0
    assert "Neutrophils 0 ×10⁹/L" in traces["values-ANC"]["hovertext"][0]


def test_treatment_stands_in_lanes_with_doses_and_pauses(drawn: Any, profiles: Mapping[str, Profile]) -> None:
    traces, layout = drawn
    axis = traces["treatment"]["yaxis"]
    lanes = dict(zip(_axis(layout, traces["treatment"])["ticktext"], (4, 3, 2, 1), strict=True))
    assert list(lanes) == ["rATG", "Cyclosporine", "Hetrombopag", "UCB-MNC"]
    bars = traces["treatment"]
    drugs = [
        (y, round(base + 0.46), round(base + 0.46 + width - 0.92))
        for y, base, width in zip(bars["y"], bars["base"], bars["x"], strict=True)
    ]
    assert (2.0, 6, 35) in drugs
    assert (2.0, 40, 95) in drugs
    assert (3.0, 114, 140) in drugs  # lasts: drawn to the last contact
    assert "175" in bars["text"]
    dashed = [s for s in layout["shapes"] if s["yref"] == axis and s.get("line", {}).get("dash") == "dot"]
    assert [(s["x0"], s["x1"]) for s in dashed] == [(35.6, 39.4)]
    assert np.asarray(traces["ongoing-treatment"]["y"]).tolist() == [3.0]
    uprights = [s["x0"] for s in layout["shapes"] if s.get("line", {}).get("color") == LIGHT.infusion]
    assert uprights == [8.0, 19.0]
    said = [t["hovertext"] for t in (one.to_plotly_json() for one in figure_profile(profiles["P03"], LOOK).figure.data)
            if t["name"] == "answers-treatment"]  # fmt: skip
    assert any("Hetrombopag paused, days 36–39" in text for texts in said for text in texts)
    assert "◆ 3.21×10⁸" in traces["flags"]["text"]


def test_events_are_those_of_the_form(drawn: Any, rows: Mapping[str, pd.DataFrame]) -> None:
    traces, _ = drawn
    ae = rows["AE"]
    typed = sorted((_day(start), str(grade)) for start, grade in zip(ae["AESTDTC"], ae["AETOXGR"], strict=True))
    shown = sorted(zip([int(d) for d in traces["events"]["x"]], traces["events"]["text"], strict=True))
    assert shown == typed == [(1, "1"), (12, "2"), (19, "1"), (57, "1"), (84, "1")]
    ends = dict(zip(np.asarray(traces["events"]["x"]), traces["event-bars"]["x"] - 0.5, strict=True))
    assert ends[12.0] == 78 - 12
    assert ends[57.0] == 140 - 57  # has not ended
    assert len(traces["ongoing-events"]["x"]) == 1
    assert set(traces["event-bars"]["marker"]["line"]["width"]) == {1.0}


def _adverse(profile: Profile, number: int) -> Profile:
    days = np.arange(1.0, number + 1)
    events = pd.DataFrame(
        {"NAME": [f"Event <b>{n}</b> of a long name" for n in range(number)], "FROM": days, "TO": days + 40,
         "LEVEL": [4] + [2] * (number - 1), "SERIOUS": [True] + [False] * (number - 1), "ONGOING": False,
         "IMPUTED": False}
    )  # fmt: skip
    return replace(profile, adverse=events)


def test_many_events_are_capped_the_worst_on_top_and_all_in_the_table(profiles: Mapping[str, Profile]) -> None:
    many = _adverse(profiles["P03"], 25)
    packed = pack_events(many)
    assert packed.lanes == MAX_EVENT_LANES
    assert len(packed.rows) + packed.more == 25
    assert packed.rows["LANE"].iloc[0] == 0
    view = figure_profile(many, LOOK)
    traces, layout = _drawn(view)
    assert f"<b>Adverse events</b><br>{packed.more} more in the table" in [a["text"] for a in layout["annotations"]]
    assert view.table["What"].str.startswith("Adverse event: ").sum() == 25
    assert traces["events"]["marker"]["line"]["width"][0] > traces["events"]["marker"]["line"]["width"][1]
    assert not any("<b>0" in text for text in traces["event-names"]["text"])  # names are data: no markup in them
    severe = replace(many, scale=Scale.SEVERITY, adverse=many.adverse.assign(LEVEL=many.adverse["LEVEL"].clip(upper=3)))
    letters = _drawn(figure_profile(severe, LOOK))[0]["events"]["text"]
    assert letters[1] == "Mo"
    assert _drawn(figure_profile(severe, Look("zh")))[0]["events"]["text"][1] == "中"


def test_the_response_is_a_ribbon_with_the_investigators_letters_below(drawn: Any) -> None:
    traces, layout = drawn
    ribbon = traces["response"]
    starts = [round(base + 0.5) for base in ribbon["base"]]
    assert list(zip(starts, np.asarray(ribbon["x"]), ribbon["text"], strict=True)) == [
        (30, 28.0, "PR"), (58, 26.0, "CR"), (84, 57.0, "CR"),
    ]  # fmt: skip
    assert ribbon["marker"]["color"] == [LIGHT.response["PR"], LIGHT.response["CR"], LIGHT.response["CR"]]
    assert list(zip(traces["investigator"]["x"], traces["investigator"]["text"], strict=True)) == [
        (30.0, "PR"), (58.0, "CR"), (84.0, "CR"), (113.0, "CR"),
    ]  # fmt: skip
    assert layout["hovermode"] == "x"
    assert layout["hoversubplots"] == "axis"
    assert all(layout[name]["fixedrange"] for name in layout if name.startswith("yaxis"))
    assert [s.get("name") for s in layout["shapes"] if s.get("name")] == ["window"]


def test_death_is_a_line_and_a_flag_and_nothing_overlaps(profiles: Mapping[str, Profile]) -> None:
    flags = pack_flags(profiles["P07"], LOOK)
    assert flags.rows["TEXT"].tolist() == ["Week 4", "◆ 3.23×10⁸", "◆ 3.02×10⁸", "✚ Death, day 29"]
    assert flags.rows["LEFT"].tolist() == [False, False, False, True]
    assert flags.rows["ROW"].iloc[-1] == 1
    traces, layout = _drawn(figure_profile(profiles["P07"], LOOK))
    assert any(s["x0"] == s["x1"] == 29.0 and s["line"]["color"] == LIGHT.text for s in layout["shapes"])
    assert traces["response-letters"]["text"] == ["NR"]  # too short a bar for its letters
    assert traces["peaks"]["hovertext"][0].endswith("· C2")


def test_what_was_not_measured_is_said(profiles: Mapping[str, Profile]) -> None:
    none = replace(
        profiles["P03"],
        results=profiles["P03"].results[profiles["P03"].results["TEST"] == "ALT"],
        adverse=profiles["P03"].adverse.iloc[:0],
    )
    view = figure_profile(none, LOOK, shown=("csa", "liver", "events"))
    assert (
        "Nothing recorded of: cyclosporine level, AST, total bilirubin, direct bilirubin, adverse events."
        in view.footnote
    )
    traces, _ = _drawn(view)
    assert "values-CSA" not in traces
    assert "values-ALT" in traces
    assert len(_drawn(figure_profile(none, LOOK, shown=()))[1]["annotations"]) < 20


def test_dates_are_for_who_may_see_them(demo_dir: Path, drawn: Any) -> None:
    days = drawn[0]["answers-flags"]
    at = np.asarray(days["x"]).tolist().index(12.0)
    assert days["hovertext"][at] == "<b>Day 12</b> · 2026-03-13"
    assert 0.0 not in np.asarray(days["x"])
    board = Principal("one of the board", frozenset({Role.DSMB}))
    view = open_view(board, Request(demo_dir, "latest"))
    page = patient_page(board, view, "P03")
    assert page.header.day is None
    assert page.header.last_day == 140
    assert page.profile.started is None
    told = _drawn(figure_profile(page.profile, LOOK))[0]["answers-flags"]["hovertext"]
    assert told[at] == "<b>Day 12</b>"
    assert not any("2026" in text for text in told)


def test_the_demo_patients_worst_first(demo_dir: Path) -> None:
    who = local_principal()
    ranked = worst_first(who, open_view(who, Request(demo_dir, "latest")))
    assert [one.pcode for one in ranked[:4]] == ["P07", "P10", "P01", "P05"]
    assert [one.why for one in ranked[:4]] == ["DEATH", "NR", "NR", "NR"]
    assert (ranked[4].pcode, ranked[4].why, ranked[4].value) == ("P09", "PLAT", 34.0)
    assert len(ranked) == 10


def test_a_patient_of_another_study_with_many_events(pilot_data_dir: Path) -> None:
    who = local_principal()
    page = patient_page(who, open_view(who, Request(pilot_data_dir, "latest")), "P157")
    assert page.header.ended == (("WITHDRAWAL", 69),)
    assert (page.header.day, page.header.last_day) == (69, 169)
    profile = page.profile
    assert profile.lineages == ("WBC", "HGB", "PLAT")
    assert profile.lanes == ("XANOMELINE",)  # of all treatments of the study the one that was given
    assert (profile.scale, len(profile.adverse), profile.thresholds) == (Scale.SEVERITY, 23, {})
    view = figure_profile(profile, LOOK, shown=GROUPS)
    traces, layout = _drawn(view)
    assert len(traces["events"]["x"]) + pack_events(profile).more == 23
    assert (view.table["What"].str.startswith("Adverse event: ")).sum() == 23
    assert "Nothing recorded of: cyclosporine level, direct bilirubin." in view.footnote
    assert "only this is drawn: STANDING · AFTER STANDING FOR 1 MINUTE." in view.footnote
    creatinine = _axis(layout, traces["values-CREAT"])
    assert creatinine["range"][1] > profile.limits["CREAT"].upper == 141.44
    assert "response" not in traces
