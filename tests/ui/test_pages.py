"""Every page in both languages, started from the shell as the server starts it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import PAGES, ROOT, Open
from support.app_texts import texts_of, typed_texts

from saa_dash.model.principal import local_principal
from saa_dash.services.cuts import list_cuts
from saa_dash.services.imports import DEMO_FILE, import_source

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Chinese on an English page: marks that are bilingual, and the way to the other language.
BILINGUAL = ("模拟数据 SYNTHETIC DATA", "EXPLORATORY 探索性", "中文")

# The figures each page draws for the demo cut.
FIGURES = {
    "overview": {"strips", "accrual", "swimmer"},
    "dsmb": {"boundary", "dsmb_swimmer"},
    "patients": {"profile"},
    "cohort": {"cohort_course"},
    "response": {"grid", "flow", "strata", "benchmarks"},
    "survival": {"curve_TTANC05"},
    "adverse_events": {"complications", "terms"},
    "laboratory": {"lab_course", "lab_shift"},
    "vital_signs": {"vs_course", "vs_shift", "pe_shift"},
    "organs": {"edish", "kdigo", "csa_course", "csa_range"},
    "exposure": {"exposure_plan", "visit_matrix"},
    "present": set(),
    "methods": set(),
    "data": set(),
    "review": set(),
}


def figures(app: AppTest) -> dict[str, dict[str, object]]:
    """Return the drawn figures by the key of their chart."""
    return {re.sub(r"^.*-", "", chart.proto.id): json.loads(chart.proto.spec) for chart in app.get("plotly_chart")}


def words(app: AppTest) -> str:
    """Return what stands on the page as text."""
    kinds = ("markdown", "caption", "subheader", "info", "warning", "success")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_its_figures_with_cut_cutoff_and_n_and_marks_synthetic_data(
    open_demo: Open, demo_dir: Path, page: str, lang: str
) -> None:
    app = open_demo(page, lang)
    assert not app.exception
    assert [e.value for e in app.error] == []
    drawn = figures(app)
    assert set(drawn) == FIGURES[page]
    assert "n = 10/10" in words(app)
    lines = [c.value for c in app.caption if "2026-07-31" in c.value and "n = 10/10" in c.value]
    assert len(lines) >= len(FIGURES[page])
    assert all("SYNTHETIC DATA" in line for line in lines)
    for figure in drawn.values():
        assert any("SYNTHETIC DATA" in a["text"] for a in figure["layout"]["annotations"])  # type: ignore[index]
    if lang == "en":
        known = (*BILINGUAL, *typed_texts(demo_dir))
        assert [text for text in texts_of(app) if CHINESE.search(without(text, known))] == []


def without(text: str, known: Iterable[str]) -> str:
    """Return a text without what may stand in it."""
    for words in known:
        text = text.replace(words, "")
    return text


def test_the_overview_answers_first(open_demo: Open) -> None:
    app = open_demo("overview", "en")
    assert [(m.label, m.value) for m in app.metric] == [
        ("Treated", "10/10"), ("In follow-up", "8/10"), ("Deaths", "1/10"), ("Median follow-up", "128 d"),
        ("Overall response, week 12", "6/10"),
    ]  # fmt: skip


def test_the_overview_shows_one_square_per_patient(open_demo: Open) -> None:
    strips = figures(open_demo("overview", "zh"))["strips"]
    squares: dict[float, int] = {}
    for trace in strips["data"]:  # type: ignore[attr-defined]
        for y in trace["y"]:
            squares[y] = squares.get(y, 0) + 1
    assert squares == {3: 10, 2: 10, 1: 10}


@pytest.mark.parametrize(("page", "lang"), list(zip(PAGES, ["zh", "en"] * len(PAGES), strict=False)))
def test_an_empty_installation_says_what_to_do(open_empty: Open, page: str, lang: str) -> None:
    app = open_empty(page, lang)
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert "demo" in [button.key for button in app.button]


def test_the_demo_button_brings_the_charts(open_empty: Open) -> None:
    app = open_empty("overview", "en")
    app.button(key="demo").click().run()
    assert set(figures(app)) == FIGURES["overview"]
    assert "SYNTHETIC DATA" in words(app)


def test_a_link_with_filters_selects_and_says_so(open_demo: Open) -> None:
    app = open_demo("overview", "en", pt="P03.P05", sex="M.F")
    assert "n = 2/10" in words(app)
    swimmer = figures(app)["swimmer"]
    shown = {code for trace in swimmer["data"] for code in trace.get("customdata", [])}  # type: ignore[attr-defined]
    assert shown == {"P03", "P05"}
    assert app.query_params["pt"] == "P03.P05"


def test_filters_that_leave_nobody_offer_to_be_lifted(open_demo: Open) -> None:
    app = open_demo("overview", "zh", sev="NSAA", age="59-60", pt="P01")
    if "n = 0/10" in words(app):
        app.button(key="reset_here").click().run()
    assert "n = 10/10" in words(app) or "n = 1/10" in words(app)


def test_a_language_switch_keeps_the_selection(open_demo: Open) -> None:
    app = open_demo("patients", "zh", pt="P03.P05", p="P05")
    assert "P05：疗效、血象、治疗与事件同轴显示" in words(app)
    app.segmented_control(key="lang").select("en").run()
    assert "P05: response, counts, treatment and events on one axis" in words(app)
    assert "n = 2/10" in words(app)


def test_the_stepper_walks_through_the_patients(open_demo: Open) -> None:
    app = open_demo("patients", "en")
    app.button(key="step_on").click().run()
    assert app.selectbox(key="patient").value == "P02"
    app.button(key="step_back").click().run()
    app.button(key="step_back").click().run()
    assert app.selectbox(key="patient").value == "P10"


def test_all_patients_stand_side_by_side(open_demo: Open) -> None:
    app = open_demo("cohort", "en", cs="panels", ct="HGB")
    panels = figures(app)["multiples"]
    titles = [a["text"] for a in panels["layout"]["annotations"] if a["text"].startswith("<b>P")]  # type: ignore[index]
    assert len(titles) == 10


def test_a_cut_that_is_gone_falls_back_to_the_latest_and_says_so(open_demo: Open) -> None:
    app = open_demo("overview", "en", cut="20200101T000000Z-00000000")
    assert "is not here; the latest one is shown" in app.toast[0].value
    assert set(figures(app)) == FIGURES["overview"]


def test_another_rule_is_stamped_as_sensitivity(open_demo: Open) -> None:
    app = open_demo("response", "en")
    assert not any("SENSITIVITY" in c.value for c in app.caption)
    app.selectbox(key="origin").select("first_infusion").run()
    assert any("SENSITIVITY" in c.value for c in app.caption)
    assert app.query_params["origin"] == "first_infusion"
    app.switch_page(str(ROOT / "pages" / "overview.py")).run()
    assert any("SENSITIVITY" in c.value for c in app.caption)


def test_a_defect_shows_an_id_and_no_traceback(open_own_demo: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("patient ChiCTR-P001 secret")

    monkeypatch.setattr("saa_dash.services.overview.derive", broken)
    app = open_own_demo("overview", "en")
    assert not app.exception
    assert re.search(r"error id [0-9a-f]{8}", app.error[0].value)
    assert "secret" not in app.error[0].value


@pytest.mark.torture
def test_a_cut_published_elsewhere_is_offered(open_own_demo: Open, own_demo_dir: Path) -> None:
    app = open_own_demo("overview", "en")
    assert "new_cut" not in [button.key for button in app.button]
    import_source(local_principal(), own_demo_dir, DEMO_FILE, date(2026, 6, 30), "June", today=date(2026, 12, 31))
    app.run()
    app.button(key="new_cut").click().run()
    assert app.selectbox(key="cut").options[0] == "Cut-off 2026-06-30 · June"
    assert any("2026-06-30" in c.value for c in app.caption)
    assert "new_cut" not in [button.key for button in app.button]


def test_another_study_clears_who_was_chosen_and_no_ages_nobody_chose(
    open_own_demo: Open, own_demo_dir: Path, pilot_data_dir: Path
) -> None:
    for path in (pilot_data_dir / "cuts").iterdir():
        shutil.copy(path, own_demo_dir / "cuts")
    cuts = {info.study: info.cut_id for info in list_cuts(local_principal(), own_demo_dir)}
    app = open_own_demo("patients", "en", cut=cuts["CDISCPILOT01"], p="P216", day="19")
    assert "n = 306/306" in words(app)
    app.selectbox(key="cut").select(cuts["ChiCTR2600117810"]).run()
    assert "n = 10/10" in words(app)
    assert not {"p", "day", "age"} & set(app.query_params)
    assert ["another study" in toast.value for toast in app.toast] == [True]
    app.selectbox(key="cut").select(cuts["CDISCPILOT01"]).run()
    assert "n = 306/306" in words(app)
