"""The panel around a study day, and the existing pages on a study of another kind with hundreds of patients."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from support.app import ROOT, Open, opener
from support.pilot import pilot_frame

LARGEST_FIGURE = 1_000_000  # bytes sent to the browser for one figure
BILIRUBIN = "01-705-1186"  # the subject with a bilirubin above three times the upper limit


def _said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "info")
    return "\n".join(str(getattr(element, "value", "")) for kind in kinds for element in app.get(kind))


def _tables(app: AppTest) -> dict[str, pd.DataFrame]:
    """Return the tables of the panel by the first of their columns that tells them apart."""
    found: dict[str, pd.DataFrame] = {}
    for frame in (table.value for table in app.dataframe):
        for column in ("Adverse event", "Medication", "Treatment", "Result", "Visit"):
            if column in frame and "Source" in frame:
                found.setdefault("Limits" if column == "Result" and "Limits" in frame else column, frame)
    return found


def _figures(app: AppTest) -> dict[str, dict[str, object]]:
    return {re.sub(r"^.*-", "", chart.proto.id): json.loads(chart.proto.spec) for chart in app.get("plotly_chart")}


def test_the_panel_opens_at_the_worst_event_and_follows_the_day_that_is_typed(open_demo: Open) -> None:
    app = open_demo("patients", "en", p="P03")
    assert "Days 9 to 15; day 1 = first rabbit ATG dose · Opened at the onset of the most severe" in _said(app)
    assert "day" not in app.query_params
    tables = _tables(app)
    assert tables["Adverse event"][["Day", "Until", "Grade", "Serious"]].to_numpy().tolist() == [
        [12, "78", "Grade 2 moderate", "No"]
    ]
    assert tables["Medication"]["Day"].tolist() == [6, 6, 8, 12]
    assert [s["name"] for s in _figures(app)["profile"]["layout"]["shapes"] if "name" in s] == ["window"]  # type: ignore[index]
    app.segmented_control(key="span").select(14).run()
    assert "Days -3 to 26" in _said(app)
    assert app.query_params["span"] == "14"
    app.number_input(key="around_day").set_value(400).run()
    said = _said(app)
    assert app.query_params["day"] == "400"
    assert "Last contact was on day 140" in said
    assert "No adverse event in this window (0)." in said
    app.number_input(key="around_day").set_value(1).run()
    app.number_input(key="around_day").set_value(0).run()
    assert app.number_input(key="around_day").value == -1  # there is no day 0


def test_a_patient_opened_at_a_day_by_another_page_stands_there(open_demo: Open) -> None:
    app = open_demo("overview", "zh")
    app.session_state["_go_to"], app.session_state["_go_to_day"] = "P05", 29
    app.switch_page(str(ROOT / "pages" / "patients.py")).run()
    assert "第 26 天至第 32 天" in _said(app)
    assert (app.query_params["p"], app.query_params["day"]) == ("P05", "29")


@pytest.fixture
def open_pilot(pilot_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(pilot_data_dir, monkeypatch)


def _walk(app: AppTest, page: str) -> str:
    if page != "overview":
        app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert all(len(chart.proto.spec) < LARGEST_FIGURE for chart in app.get("plotly_chart"))
    return _said(app)


@pytest.mark.parametrize(
    ("lang", "protocol", "atg", "counts", "untreated"),
    [
        ("en", "No protocol for CDISCPILOT01", "Nobody in this cut received rabbit ATG", "holds no neutrophil counts",
         "254 of 306 received study treatment. 52 never did (screen failures: 52)"),
        ("zh", "没有 CDISCPILOT01 的方案", "此版数据中无人接受兔 ATG", "此版数据没有中性粒细胞计数",
         "306 例中 254 例接受了研究治疗；52 例从未治疗（其中筛选失败 52 例）"),
    ],
)  # fmt: skip
def test_every_page_says_what_a_foreign_study_lacks_and_shows_what_it_has(
    open_pilot: Open, lang: str, protocol: str, atg: str, counts: str, untreated: str
) -> None:
    app = open_pilot("overview", lang)
    said = _walk(app, "overview")
    assert untreated in said
    assert [m.value for m in app.metric][:3] == ["254/306", "0/254", "3/254"]
    assert set(_figures(app)) == {"accrual", "swimmer"}
    for page in ("overview", "response", "survival"):
        said = _walk(app, page) if page != "overview" else said
        if page == "survival":
            assert set(_figures(app)) == {"curve_OS"}
            curve = _figures(app)["curve_OS"]
            risk = next(t for t in curve["data"] if t["name"] == "n_risk")  # type: ignore[attr-defined]
            assert risk["text"][0] == "<b>254</b>"
            app.segmented_control(key="tte_group").select("recovery").run()
            said = _said(app)
        assert protocol in said
        assert atg in said
        assert counts in said
    assert "CDISCPILOT01" in _walk(app, "methods")
    _walk(app, "patients")
    days = _figures(app)["profile"]["layout"]["xaxis"]["title"]["text"]  # type: ignore[index]
    assert days == {"en": "Study day (first dose = day 1)", "zh": "研究日（首次给药 = 第 1 天）"}[lang]
    assert app.selectbox(key="patient").options[98:101] == ["P99", "P100", "P101"]


def _independent() -> dict[str, int]:
    """Return counts around day 19 straight from the transport files, by another way than the product's."""
    ex, ae, lb = (pilot_frame(domain) for domain in ("ex", "ae", "lb"))
    first = ex.loc[(ex["USUBJID"] == BILIRUBIN) & (ex["EXSTDTC"] != ""), "EXSTDTC"].min()
    low, high = (pd.Timestamp(first) + pd.Timedelta(days=18 + n) for n in (-3, 3))
    events = 0
    for start, end in ae.loc[ae["USUBJID"] == BILIRUBIN, ["AESTDTC", "AEENDTC"]].to_numpy():
        events += pd.Timestamp(start) <= high and (end == "" or pd.Timestamp(end) >= low)
    results = lb[(lb["USUBJID"] == BILIRUBIN) & (lb["LBTESTCD"] == "BILI")]
    days = [pd.Timestamp(text[:10]) for text in results["LBDTC"]]
    return {"events": events, "bilirubin": sum(low <= day <= high for day in days)}


def test_the_week_of_the_highest_bilirubin_is_what_the_transport_files_say(open_pilot: Open) -> None:
    app = open_pilot("patients", "en", p="P216", day="19")
    said, truth, tables = _said(app), _independent(), _tables(app)
    assert "Days 16 to 22; day 1 = first dose" in said
    assert f"Adverse events **{truth['events']}**" in said
    assert tables["Adverse event"]["Adverse event"].tolist() == ["HYPERBILIRUBINAEMIA"]
    bilirubin = tables["Limits"][tables["Limits"]["What"] == "Total bilirubin"]
    assert len(bilirubin) == truth["bilirubin"] == 3
    assert "124.83 µmol/L" in bilirubin["Result"].tolist()
    assert "not available, this cut holds no medication records" in said
