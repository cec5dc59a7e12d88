"""The response page and the curves in the app: who changed, what spoke against, strata, readings."""

from __future__ import annotations

from pathlib import Path

from support.app import Open

from saa_dash.model.principal import local_principal
from saa_dash.services.context import Request, open_view
from saa_dash.services.response import response_page
from saa_dash.services.response_against import response_against


def test_who_changed_and_what_spoke_against_a_response(open_demo: Open, demo_dir: Path) -> None:
    me = local_principal()
    view = open_view(me, Request(demo_dir, "latest"))
    page = response_page(me, view)
    red = page.rows[page.rows["AVALC"] == "NR"]
    asked = zip(red["PCODE"].tolist(), red["AVISITN"].tolist(), strict=True)
    patient, week = next(one for one in asked if response_against(me, view, *one))
    spoke = response_against(me, view, patient, week)

    app = open_demo("response", "en")
    app.session_state["_traced"] = (patient, week)
    app.run()
    assert not app.exception
    shown = [button.label for button in app.button if str(button.key).startswith("against_")]
    assert len(shown) == len(spoke)
    assert all(f"Day {one.day}: " in label for one, label in zip(spoke, shown, strict=True))
    changed = next(table.value for table in app.dataframe if "Change" in table.value.columns)
    kinds = page.changes["KIND"].value_counts()
    assert len(changed) == sum(int(kinds.get(kind, 0)) for kind in ("BETTER", "WORSE", "NE"))
    assert any("VSAA" in warning.value and "Too few" in warning.value for warning in app.warning)


def test_curves_by_severity_warn_of_their_size_and_are_read_at_fixed_times(open_demo: Open) -> None:
    app = open_demo("survival", "en")
    alone = next(table.value for table in app.dataframe if "95% limits" in table.value.columns)
    assert alone["Time"].tolist()[:3] == ["Week 4 (day 28)", "Week 8 (day 56)", "Week 12 (day 84)"]
    assert list(app.warning) == []
    app.toggle(key="tte_by_severity").set_value(True).run()
    assert not app.exception
    divided = next(table.value for table in app.dataframe if "95% limits" in table.value.columns)
    assert set(divided["Severity"]) == {"VSAA", "SAA"}
    at_four = divided[divided["Time"] == "Week 4 (day 28)"]["At risk"].astype(int)
    assert at_four.sum() == int(alone["At risk"].iloc[0])
    assert any("Too few" in warning.value for warning in app.warning)
