"""The laboratory and the vital signs page: course, shift table, who is behind a cell, what is not available."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open, opener


def figure(app: AppTest, key: str) -> dict[str, object]:
    """Return a drawn figure by the key of its chart."""
    return next(
        json.loads(chart.proto.spec) for chart in app.get("plotly_chart") if re.sub("^.*-", "", chart.proto.id) == key
    )


def trace(drawn: dict[str, object], name: str) -> dict[str, object]:
    return next(t for t in drawn["data"] if t["name"] == name)  # type: ignore[attr-defined]


def cells(app: AppTest, key: str) -> dict[str, int]:
    """Return the numbers of a shift table that are not 0, by cell."""
    drawn = trace(figure(app, key), "cells")
    return {code[0]: int(n) for code, n in zip(drawn["customdata"], drawn["text"], strict=True) if n != "0"}  # type: ignore[call-overload]


def table(app: AppTest, *columns: str):
    """Return the shown table that has all these columns."""
    return next(t.value for t in app.dataframe if set(columns) <= set(t.value.columns))


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "info") for e in app.get(kind))


def test_a_test_shows_its_course_its_shifts_and_who_is_behind_them(open_demo: Open) -> None:
    app = open_demo("laboratory", "en", t="ALT", p="P03")
    assert "**ALT: 5 of 10 worsened, 1 to grade 3 or above**" in words(app)
    assert "Worsened 5/10  50% (19–81%) · Grade ≥3 1/10  10% (0–45%) · Clopper–Pearson" in words(app)
    course = figure(app, "lab_course")
    values = trace(course, "values")
    assert {code for code, _ in values["customdata"]} == {f"P{n:02d}" for n in range(1, 11)}  # type: ignore[attr-defined]
    assert {code for code, _ in trace(course, "picked-values")["customdata"]} == {"P03"}  # type: ignore[attr-defined]
    assert {"Week 4", "Week 8", "Week 12"} <= {  # type: ignore[operator]
        word.split("<br>")[-1]
        for word in course["layout"]["xaxis"]["ticktext"]  # type: ignore[index]
    }
    shown = cells(app, "lab_shift")
    assert sum(shown.values()) == 10
    assert app.selectbox(key="lab_cell").value == "S"
    who = table(app, "Shift", "Worst day")
    assert len(who) == 1 and who["Shift"].iloc[0].endswith("→ G3")
    every = table(app, "Test", "Worse", "≥G3").set_index("Test")
    assert every.loc["ALT", ["n", "Worse", "≥G3"]].tolist() == [10, 5, 1]
    assert every.loc["Hb", ["Worse", "≥G3"]].tolist() == [0, 0]
    day = int(who["Worst day"].iloc[0])

    app.selectbox(key="lab_cell").select("x-0").run()
    assert len(table(app, "Shift", "Worst day")) == shown["0-0"]
    app.segmented_control(key="lab_measure").select("multiple").run()
    assert app.query_params["t"] == "ALT" and app.query_params["lc"] == "x-0"
    app.segmented_control(key="lab_style").select("ribbon").run()
    ribbon = figure(app, "lab_course")
    assert trace(ribbon, "n")["text"][0] == "10"  # type: ignore[index]
    assert app.query_params["lm"] == "multiple"

    app.selectbox(key="lab_cell").select("S").run()
    app.button(key="lab_who_open").click().run()
    assert not app.exception
    assert app.query_params["p"] == who["Patient"].iloc[0]
    assert app.query_params["day"] == str(day)


def test_counts_are_logarithmic_and_a_test_without_limits_has_no_shift(open_demo: Open) -> None:
    app = open_demo("laboratory", "zh", t="PLAT")
    assert figure(app, "lab_course")["layout"]["yaxis"]["type"] == "log"  # type: ignore[index]
    app.selectbox(key="lab_test").select("CSA.C0").run()
    assert "没有正常值、也没有 CTCAE 分级" in words(app)
    assert any("目标 150–250" in a["text"] for a in figure(app, "lab_course")["layout"]["annotations"])  # type: ignore[index]


def test_signs_go_by_usual_limits_and_examinations_by_body_system(open_demo: Open) -> None:
    app = open_demo("vital_signs", "zh", vt="TEMP")
    said = words(app)
    assert "偏低、偏高按成人常用界值（36–37.3 ℃），不是方案规定" in said
    assert sum(cells(app, "vs_shift").values()) == sum(cells(app, "pe_shift").values()) == 10
    worse = sum(n for code, n in cells(app, "pe_shift").items() if code == "NORMAL-ABNORMAL_CS")
    assert app.selectbox(key="pe_cell").options[0] == f"所有加重者：{worse} 例"


@pytest.fixture
def open_pilot(pilot_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(pilot_data_dir, monkeypatch)


def test_the_pilot_package_names_its_patient_and_what_it_does_not_hold(open_pilot: Open) -> None:
    app = open_pilot("laboratory", "en", t="BILI")
    assert not app.exception
    assert "**Total bilirubin: 9 of 254 worsened, 1 to grade 3 or above**" in words(app)
    assert "Grade ≥3 1/254  0.4% (0.0–2.2%)" in words(app)
    assert "7 patients without a result on treatment" in words(app)
    assert "Not measured in this cut: ANC" in words(app)
    assert cells(app, "lab_shift")["1-3"] == 1
    who = table(app, "Shift", "Worst day")
    assert who[["Shift", "Worst day", "× ULN"]].iloc[0].tolist() == ["G1 → G3", 19, 6.08]
    assert trace(figure(app, "lab_course"), "median")["name"] == "median"  # 254 patients: quantiles
    assert "ANC: this cut holds no result of this test" in words(open_pilot("laboratory", "en", t="ANC"))
