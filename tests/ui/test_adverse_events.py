"""The adverse events page: answers, squares, conditions in the link, the rows behind a mark, what was not recorded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open, opener

from saa_dash.services.adverse_events import Target
from saa_dash.ui.ae_terms import target_of


def figure(app: AppTest, key: str) -> dict[str, object]:
    """Return a drawn figure by the key of its chart."""
    return next(
        json.loads(chart.proto.spec) for chart in app.get("plotly_chart") if re.sub("^.*-", "", chart.proto.id) == key
    )


def trace(drawn: dict[str, object], name: str) -> dict[str, object]:
    return next(t for t in drawn["data"] if t["name"] == name)  # type: ignore[attr-defined]


def texts(drawn: dict[str, object]) -> list[str]:
    return [text.strip() for text in trace(drawn, "answers")["text"]]  # type: ignore[attr-defined]


def table(app: AppTest, column: str):
    """Return the shown table that has a column."""
    return next(t.value for t in app.dataframe if column in t.value.columns)


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "info") for e in app.get(kind))


def test_the_page_answers_first_and_draws_every_patient(open_demo: Open) -> None:
    app = open_demo("adverse_events", "en")
    assert [(m.label, m.value, m.delta) for m in app.metric] == [
        ("Any TEAE", "10/10", "100% (69–100%) · 51 events"),
        ("Serious", "4/10", "40% (12–74%) · 4 events"),
        ("Grade 3 or more", "7/10", "70% (35–93%) · 9 events"),
        ("Related to treatment", "10/10", "100% (69–100%) · 48 events"),
        ("Deaths", "1/10", "10% (0–45%)"),
        ("Stopped a component", "1/10", "10% (0–45%)"),
    ]
    drawn = figure(app, "complications")
    squares = trace(drawn, "marks")
    assert [d[0] for d in squares["customdata"] if d[1] == "SERUM_SICKNESS"] == ["P07", "P08", "P09"]
    sepsis = squares["customdata"].index(["P07", "INFECTION", 19])
    assert (squares["text"][sepsis], squares["marker"]["line"]["width"][sepsis]) == ("5", 3.0)
    assert "0/10, upper limit 30.8%" in texts(drawn)  # GVHD: zero with its upper limit
    assert "3/10  30% (7–65%) · 3 events" in texts(drawn)
    onset = table(app, "After infusion 1 (days)").set_index("Class")
    assert onset.loc["Serum sickness", ["Patients", "Events", "After ATG (days)"]].tolist() == [
        "3/10", 3, "9 to 11 (median 10)",
    ]  # fmt: skip
    terms = trace(figure(app, "terms"), "marks")
    assert terms["customdata"][0] == ["ALL", "", "", -1, "P07"]  # the worst first
    assert table(app, "Why serious")["Patient"].tolist() == ["P02", "P05", "P07", "P10"]
    assert table(app, "Fatal adverse events")["Study day"].tolist() == [29]
    assert table(app, "Component stopped")["Component stopped"].tolist() == ["Hetrombopag"]


def test_a_mark_stands_for_a_term_a_level_of_it_or_one_patient() -> None:
    assert target_of(("SOC", "SKIN", "")) == Target("SOC", "SKIN")
    assert target_of(("PT", "SKIN", "Rash", 3)) == Target("PT", "SKIN", "Rash", level=3)
    assert target_of(("PT", "SKIN", "Rash", -1, "P07")) == Target("PT", "SKIN", "Rash", pcode="P07")


def test_conditions_travel_in_the_link_and_can_be_lifted(open_demo: Open) -> None:
    app = open_demo("adverse_events", "en", ae="g3.cINFECTION-SERUM_SICKNESS.d1_28")
    asked = (
        "Safety set (N = 10) · Treatment-emergent · Serum sickness/Infection · grade 3 or more · onset on day 1 to 28"
    )
    assert asked in [c.value for c in app.caption]
    rows = texts(figure(app, "terms"))
    assert rows.count("2/10  20% (3–56%) · 2 events") == 2  # all together, and infections
    assert rows.count("1/10  10% (0–45%) · 1 event") == 2  # aspergillosis of P02, sepsis of P07
    app.toggle(key="ae_serious").set_value(True).run()
    assert app.query_params["ae"] == "ser.cSERUM_SICKNESS-INFECTION.g3.d1_28"
    app.session_state["_ae_open"] = Target("SOC", "INFECTIONS", pcode="P07")
    app.run()
    behind = table(app, "Onset (study day)")
    assert behind[["Patient", "Preferred term", "Onset (study day)"]].to_numpy().tolist() == [["P07", "Sepsis", 19]]
    app.segmented_control(key="lang").select("zh").run()
    assert "安全性分析集（N = 10） · 治疗期 · 严重 · 血清病/感染 · 3 级及以上 · 第 1–28 天发生" in words(app)
    app.selectbox(key="ae_relation").select("HPG").run()
    assert "10 例中没有符合这些条件的不良事件（0/10，上限 30.8%）。" in words(app)
    app.button(key="ae_reset").click().run()
    assert "ae" not in app.query_params
    app.selectbox(key="ae_window").select("INF1").run()
    assert app.query_params["ae"] == "i1_14"
    app.segmented_control(key="ae_unit").select("events").run()
    assert "第 1 次输注后 14 天内" in words(app)
    assert not app.exception


@pytest.fixture
def open_pilot(pilot_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(pilot_data_dir, monkeypatch)


def test_a_package_shows_what_it_has_and_says_what_it_has_not(open_pilot: Open) -> None:
    app = open_pilot("adverse_events", "zh")
    shown = {m.label: (m.value, m.delta) for m in app.metric}
    assert shown["重度"] == ("29/254", "11.4%（7.8–16.0%） · 41 件")
    assert shown["停用某一治疗"] == ("–", "本研究未记录")
    said = words(app)
    assert "没有归入并发症类别" in said
    assert "本研究只记录总体因果关系" in said
    assert "另有 33 件，20 例未标为严重" in said
    drawn = figure(app, "terms")
    ticks = drawn["layout"]["yaxis"]["ticktext"]  # type: ignore[index]
    assert ticks[:3] == ["<b>任一不良事件</b>", "<b>全身性疾病及给药部位各种反应</b>", "APPLICATION SITE PRURITUS"]
    assert trace(drawn, "level 3")["x"][0] == 29
    app.selectbox(key="ae_population").select("FAS").run()
    assert "所选患者中没有人属于这个人群。" in words(app)
    assert not app.exception
