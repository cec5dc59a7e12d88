"""The cohort page on the demo cut: every question, its figure against the rows, origins, roles."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open, opener

from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.cohort import cohort_course, cohort_courses, cohort_tests, waterfall
from saa_dash.services.cohort_recovery import trilineage
from saa_dash.services.cohort_states import cohort_swimmer, response_map
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.derived import coded, derive
from saa_dash.services.response import response_page
from saa_dash.services.survival import survival_page

WHO = local_principal()


@pytest.fixture(scope="module")
def view(demo_dir: Path) -> View:
    return open_view(WHO, Request(demo_dir, "latest"))


def figures(app: AppTest) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Return the traces of each drawn figure by name."""
    out = {}
    for chart in app.get("plotly_chart"):
        named: dict[str, list[dict[str, object]]] = {}
        for trace in json.loads(chart.proto.spec)["data"]:
            named.setdefault(str(trace["name"]), []).append(trace)
        out[re.sub(r"^.*-", "", chart.proto.id)] = named
    return out


def test_every_question_is_answered_in_words_and_the_link_tells_which(open_demo: Open, view: View) -> None:
    app = open_demo("cohort", "zh")
    assert "cq" not in app.query_params
    titles = []
    for question, key in (
        ("courses", "cohort_course"), ("waterfall", "waterfall"), ("map", "response_map"),
        ("swimmer", "cohort_swimmer"), ("recovery", "trilineage"),
    ):  # fmt: skip
        app.segmented_control(key="cohort_q").select(question).run()
        assert not app.exception
        assert [error.value for error in app.error] == []
        assert set(figures(app)) == {key}
        titles.append(next(note.value for note in app.markdown if note.value.startswith("## ")))
    assert app.query_params["cq"] == "recovery"
    assert [re.sub(r"^## \*\*|\*\*$", "", title) for title in titles] == [
        "中性粒细胞绝对值中位数：基线 0.235，第 85 天 1.33 ×10⁹/L（8 例）",
        "未受支持治疗影响的最佳值高于基线：中性粒细胞 10/10 例，血红蛋白 7/10 例，血小板 8/10 例",
        "第 12 周：10 例中 6 例有反应，其中 2 例完全反应",
        "10 例中 8 例仍在随访",
        "10 例中 5 例三系均恢复；中性粒细胞 7/10，血红蛋白 5/10，血小板 7/10",
    ]
    traces = figures(app)["trilineage"]
    found = survival_page(WHO, view).curves["TTPLT20"].subjects
    drawn = {point[0] for point in traces["recovered-PLAT"][0]["customdata"]}  # type: ignore[attr-defined]
    assert drawn == set(found.loc[found["EVNTCD"] == 1, "PCODE"])
    assert {point[0] for point in traces["open-ANC"][0]["customdata"]} == {"P01"}  # type: ignore[attr-defined]


def test_days_count_from_each_of_three_origins(view: View) -> None:
    anchors = coded(derive(view).anchors, view).set_index("PCODE")
    plain = cohort_course(WHO, view, "PLAT", "atg_start").values
    for origin, column in (("atg_end", "ATGEDT"), ("first_infusion", "INF1DT")):
        moved = cohort_course(WHO, view, "PLAT", origin)
        assert moved.without_origin == ()
        assert moved.values["AVAL"].tolist() == plain["AVAL"].tolist()
        shift = (anchors[column] - anchors["ATGSDT"]).dt.days.reindex(plain["PCODE"]).to_numpy()
        offset = plain["ADY"].to_numpy() - (plain["ADY"] > 0).to_numpy() - shift
        assert moved.values["ADY"].tolist() == np.where(offset >= 0, offset + 1, offset).tolist()
        assert 0 not in set(moved.values["ADY"])
        assert moved.values["CHG"].tolist()[-1] == plain["CHG"].tolist()[-1]
    assert cohort_tests(WHO, view)[:3] == ("ANC", "HGB", "PLAT")
    panels = cohort_courses(WHO, view, "PLAT", "atg_end", 1, 4)
    assert panels.patients["PCODE"].tolist() == ["P05", "P06", "P07", "P08"]
    assert set(panels.values["PCODE"]) == {"P05", "P06", "P07", "P08"}


def test_the_best_values_are_unsupported_and_never_below_another_one(view: View) -> None:
    for change in waterfall(WHO, view):
        rows = cohort_course(WHO, view, change.lineage, "atg_start").values
        free = rows[(rows["ADY"] >= 1) & ~rows["HELD"]]
        best = free.groupby("PCODE")["AVAL"].max()
        assert change.bars.set_index("PCODE")["AVAL"].to_dict() == best.to_dict()
        assert change.bars["CHG"].is_monotonic_decreasing
        assert change.supported == int(((rows["ADY"] >= 1) & rows["HELD"]).sum()) > 0


def test_map_and_swimmer_repeat_the_response_page(view: View) -> None:
    page, rows = response_map(WHO, view, "response"), response_page(WHO, view).rows
    told = rows.set_index(["PCODE", "AVISITN"])["AVALC"].to_dict()
    assert page.visits.set_index(["PCODE", "WEEK"])["STATE"].to_dict() == told
    assert page.order[:2] == ("P03", "P08")
    assert page.severity["P04"] == "SAA"
    levels = page.lineages.set_index(["PCODE", "WEEK", "LINEAGE"])["LEVEL"]
    assert (levels["P03", 12, "PLAT"], levels["P04", 8, "ANC"], levels["P10", 12, "HGB"]) == (
        "CR",
        "SUPPORTED",
        "BELOW",
    )
    swimmer = cohort_swimmer(WHO, view, "time")
    assert swimmer.patients["LAST"].is_monotonic_decreasing
    events = swimmer.events.groupby("KIND")["PCODE"].agg(set)
    assert events["RELAPSE"] == {"P05"}
    assert events["DEATH"] == {"P07"}
    free = survival_page(WHO, view).curves["TTRBCI"].subjects
    assert events["INDEPENDENT"] == set(free.loc[free["EVNTCD"] == 1, "PCODE"])


def test_presenters_see_neither_severity_nor_single_events_beside_a_code(demo_dir: Path) -> None:
    speaker = Principal("a speaker", frozenset({Role.PRESENTER}))
    view = open_view(speaker, Request(demo_dir, "latest"))
    assert set(response_map(speaker, view, "severity").severity.values()) == {""}
    assert response_map(speaker, view, "severity").order == response_map(speaker, view, "response").order
    assert "SAE" not in set(cohort_swimmer(speaker, view, "number").events["KIND"])
    assert all(code.startswith("R") for code in trilineage(speaker, view, "full", "number").order)


def test_another_study_says_what_cannot_be_shown(pilot_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = open_view(WHO, Request(pilot_data_dir, "latest"))
    course = cohort_course(WHO, view, "HGB", "first_infusion")
    assert (course.origin, course.treated, course.limits) == ("first_dose", 254, ())
    assert [change.lineage for change in waterfall(WHO, view)] == ["WBC", "HGB", "PLAT"]
    app = opener(pilot_data_dir, monkeypatch)("cohort", "en", cq="recovery")
    assert "No protocol for CDISCPILOT01" in app.info[0].value
    assert not app.get("plotly_chart")
    app.segmented_control(key="cohort_q").select("courses").run()
    assert "values" not in figures(app)["cohort_course"]  # hundreds: quantiles and counts
