"""What a tray holds, whoever collected it, is what a presenter sees: no marks of what that role must not see."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import SHELL, opener
from support.marked_cut import found

from saa_dash.access.policy import RIGHTS
from saa_dash.access.presenting import as_presenter, can_present
from saa_dash.model.errors import Refused
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.report.takeaway_paper import paper_figure
from saa_dash.services import trays
from saa_dash.services.takeaway import tray_page
from saa_dash.ui import collect

# Figures and tables, each with settings of its page.
WANTED = (
    ("overview", "figure", "swimmer", {}),
    ("response", "figure", "grid", {}),
    ("response", "table", "denominators", {}),
    ("cohort", "figure", "cohort_course", {"ct": "ANC"}),
    ("cohort", "table", "cohort_swimmer", {"cq": "swimmer"}),
    ("survival", "figure", "curve_OS", {"tg": "survival", "ts": "OS"}),
    ("adverse_events", "figure", "terms", {}),
    ("exposure", "figure", "exposure_plan", {}),
)
REFUSED = (
    ("overview", "figure", "accrual", {}, "error.collect_not_shown"),
    ("dsmb", "figure", "dsmb_swimmer", {}, "error.page_not_permitted"),
    ("patients", "figure", "profile", {"p": "P03"}, "error.page_not_permitted"),
    ("response", "figure", "grid", {"pt": "P03.P05"}, "error.collect_patients"),
    ("response", "figure", "grid", {"age": "20-31"}, "error.collect_ages"),
    ("response", "figure", "grid", {"sex": "F"}, "error.small_selection"),
    ("response", "figure", "grid", {"cut": "20200101T000000Z-00000000"}, "error.cut_unknown"),
)


def _collect_all() -> None:
    """Collect as a local user, who has every role."""
    import streamlit as st

    from saa_dash.model.errors import UserError
    from saa_dash.services import trays
    from saa_dash.services.location import data_dir
    from saa_dash.services.trays import Place
    from saa_dash.ui import capture
    from saa_dash.ui.identity import current_principal

    for page, kind, key, address, *_ in st.session_state["wanted"]:
        try:
            place = Place(page, kind, key, address, {})
            exhibit = capture.capture(place, lang="en")
        except UserError as error:
            st.session_state["refused"].append(error.message.code)
        else:
            trays.add_item(current_principal(), data_dir(), "all", exhibit, place)


@pytest.fixture
def collected(marked_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    opener(marked_dir, monkeypatch)
    app = AppTest.from_function(_collect_all, default_timeout=60)
    app.session_state["wanted"], app.session_state["refused"] = [*WANTED, *REFUSED], []
    return app.run()


def test_what_is_collected_by_somebody_with_every_right(collected: AppTest, marked_dir: Path) -> None:
    assert not collected.exception
    assert collected.session_state["refused"] == [code for *_, code in REFUSED]
    tray = trays.read_tray(local_principal(), marked_dir, "all")
    assert [(item.page, item.kind, item.key) for item in tray.items] == [wanted[:3] for wanted in WANTED]
    with sqlite3.connect(marked_dir / "state.sqlite") as con:
        stored = con.execute("SELECT content FROM trays").fetchone()[0].encode()
    assert len(stored) > 50_000
    assert found(stored) == set()
    shown = {item.key: one for item, one in zip(tray.items, trays.exhibits(tray), strict=True)}
    assert '"R01"' in json.dumps(shown["swimmer"].figure)
    assert shown["swimmer"].figure["layout"]["paper_bgcolor"] == "#FFFFFF"
    assert (shown["denominators"].title, shown["cohort_swimmer"].kind) == ("Every denominator by visit", "table")
    assert {one.provenance.selected for one in shown.values()} == {8}
    programs = SHELL.parent / "plot" / "assets"
    page = tray_page(local_principal(), marked_dir, list(shown.values()), programs, "en").decode()
    plotly = next(programs.glob("plotly-basic-*.min.js")).read_text("utf-8")
    assert plotly in page
    assert found(page.replace(plotly, "").encode()) == set()
    paper = [paper_figure(one, "single", "Arial") for one in shown.values() if one.kind == "figure"]
    assert found(json.dumps(paper).encode()) == set()


def test_presenting_takes_rights_away_and_gives_none() -> None:
    for role in Role:
        person = Principal("someone", frozenset({role}))
        assert can_present(person) is (RIGHTS[role] >= RIGHTS[Role.PRESENTER])
        if can_present(person):
            assert as_presenter(person) == Principal("someone", frozenset({Role.PRESENTER}))
        else:
            with pytest.raises(Refused):
                as_presenter(person)
    assert {role for role in Role if can_present(Principal("", frozenset({role})))} == {
        Role.INVESTIGATOR, Role.DSMB, Role.PRESENTER,
    }  # fmt: skip


def test_a_meeting_shows_what_a_presenter_sees_until_it_is_left(
    marked_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opener(marked_dir, monkeypatch)("overview", "en", mt="True", pt="P03.P05", p="P03")
    assert not app.exception
    assert '"R01"' in "".join(chart.proto.spec for chart in app.get("plotly_chart"))
    assert {"pt", "p"}.isdisjoint(app.query_params)
    assert app.query_params["mt"] == "True"
    assert "P0" not in "".join(chart.proto.spec for chart in app.get("plotly_chart"))
    app.session_state["_go_to_view"] = {"lang": "en", "sex": "F.M"}  # a saved view is opened
    app.run()
    assert (app.query_params["mt"], app.query_params["sex"]) == ("True", "F.M")
    app.button(key="meeting_leave").click().run()
    assert "mt" not in app.query_params
    assert '"P03"' in "".join(chart.proto.spec for chart in app.get("plotly_chart"))


def test_addresses_of_a_tray_name_no_patients() -> None:
    assert {"p", "pt", "day", "mt"} <= set(collect._NOT_KEPT)
