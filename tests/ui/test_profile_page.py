"""The page of one patient: stepper, card, choice of tracks; and what the link carries of them."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest
from support.app import Open


def _profile(app: AppTest) -> dict[str, Any]:
    figures = {re.sub(r"^.*-", "", chart.proto.id): json.loads(chart.proto.spec) for chart in app.get("plotly_chart")}
    return figures["profile"]


def _names(app: AppTest) -> set[str]:
    return {trace["name"] for trace in _profile(app)["data"]}


def _said(app: AppTest) -> str:
    return "\n".join(
        str(getattr(element, "value", "")) for kind in ("markdown", "caption") for element in app.get(kind)
    )


def test_worst_first_walks_and_says_why(open_demo: Open) -> None:
    app = open_demo("patients", "en", po="worst")
    assert app.selectbox(key="patient").value == "P07"
    assert "1 of 10 · died" in _said(app)
    said = _said(app)
    assert "**P07** · Male · 57 years · VSAA · day 29 on study · data until day 29 · Death on day 29" in said
    assert "now NR" not in said  # nobody is assessed after death
    app.button(key="step_on").click().run()
    assert app.selectbox(key="patient").value == "P10"
    assert "2 of 10 · NR at the latest visit" in _said(app)
    app.segmented_control(key="patient_order").select("number").run()
    assert "po" not in app.query_params
    assert "10 of 10" in _said(app)
    app.button(key="step_on").click().run()
    assert app.selectbox(key="patient").value == "P01"


def test_tracks_and_axis_are_chosen_remembered_and_in_the_link(open_demo: Open) -> None:
    app = open_demo("patients", "en", p="P03", ptr="kidney.csa", pax="linear")
    assert {"values-ANC", "values-HGB", "values-PLAT", "response", "values-CSA", "values-CREAT"} <= _names(app)
    assert not {"treatment", "values-ALT", "events", "values-TEMP"} & _names(app)
    tall = _profile(app)["layout"]["height"]
    pills = app.pills(key="_profile_pills")
    assert pills.value == ["csa", "kidney"]
    pills.unselect("csa").unselect("kidney").run()
    assert app.query_params["ptr"] == "none"
    assert _profile(app)["layout"]["height"] < tall
    assert app.query_params["pax"] == "linear"
    app.segmented_control(key="profile_axis").select("log").run()
    assert "pax" not in app.query_params
    app.segmented_control(key="lang").select("zh").run()
    assert "values-CSA" not in _names(app)
    assert "目前 CR（第 12 周）" in _said(app)
    assert "治疗第 152 天" in _said(app)
    queries = [frame.value for frame in app.dataframe if "访视 VISIT" in frame.value.to_numpy()]
    assert len(queries) == 1
    assert 30 in queries[0].to_numpy()
