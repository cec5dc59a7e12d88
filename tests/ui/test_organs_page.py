"""The liver and kidney page and the exposure page: what a link asks for, and a study that lacks most of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import ROOT, Open, opener


def figure(app: AppTest, key: str) -> dict[str, object]:
    """Return the drawn figure of a chart."""
    return next(json.loads(c.proto.spec) for c in app.get("plotly_chart") if c.proto.id.endswith(f"-{key}"))


def traces(app: AppTest, key: str) -> dict[str, dict[str, object]]:
    return {trace["name"]: trace for trace in figure(app, key)["data"]}  # type: ignore[attr-defined]


def test_a_link_brings_cuts_axes_and_the_patient_whose_path_is_drawn(open_demo: Open) -> None:
    app = open_demo("organs", "en", ea="20", eb="1.5", p="P07")
    assert [(m.label, m.value) for m in app.metric] == [
        ("Hy's law quadrant (both peaks beyond the cuts)", "0/10"), ("Candidates for Hy's law", "0/10"),
        ("KDIGO stage ≥1", "0/10"), ("Cyclosporine troughs in range", "120/172 · 70%"),
    ]  # fmt: skip
    drawn = traces(app, "edish")
    assert set(drawn) == {"NORMAL", "CHOLESTASIS", "path"}  # P03 has bilirubin above 1.5; at 20 nobody's ALT is high
    assert drawn["CHOLESTASIS"]["customdata"] == ["P03"]
    assert set(drawn["path"]["customdata"]) == {"P07"}  # type: ignore[call-overload]
    assert any("definition of a candidate was not" in caption.value for caption in app.caption)
    app.button(key="edish_reset").click().run()
    assert traces(app, "edish")["TEMPLE"]["customdata"] == ["P07"]
    assert not {"ea", "eb"} & set(app.query_params)
    app.selectbox(key="patient").select("P10").run()
    assert any("P10: cyclosporine, creatinine and blood pressure" in words.value for words in app.markdown)
    assert app.query_params["p"] == "P10"


def test_a_study_without_protocol_shows_what_it_has_and_says_what_it_lacks(
    pilot_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opener(pilot_data_dir, monkeypatch)("organs", "en", p="P06")
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert [m.value for m in app.metric] == ["1/247", "0/254", "0/25", "–"]
    notes = " ".join(note.value for note in app.info)
    assert "No protocol of CDISCPILOT01, so no target range." in notes
    assert sum(len(one["customdata"]) for name, one in traces(app, "edish").items() if name != "path") == 247  # type: ignore[arg-type]
    app.switch_page(str(ROOT / "pages" / "exposure.py")).run()
    assert [e.value for e in app.error] == []
    assert [m.value for m in app.metric] == ["–"] * 5
    assert "not available, which is not zero" in " ".join(note.value for note in app.info)
