"""Every byte that a page sends to a role, searched for the marks of what it must not see."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest
from support.app import opener
from support.marked_cut import ALLOWED, bytes_of, found

from saa_dash.access.pages import can_page
from saa_dash.model.errors import EnvironmentProblem, Refused
from saa_dash.model.principal import Principal, Role
from saa_dash.model.provenance import Provenance
from saa_dash.services.context import Request, open_view
from saa_dash.ui import download, identity

# Role → its pages that are looked at here, with the part where one has several; `make torture` looks at all.
LOOKED_AT = {
    "presenter": (
        "overview",
        "cohort",
        "response",
        "survival",
        "adverse_events",
        "adverse_events ap=time",
        "adverse_events ap=narratives",
        "laboratory",
        "vital_signs",
        "organs",
        "exposure",
        "methods",
    ),
    "dsmb": (
        "overview",
        "adverse_events",
        "adverse_events ap=time",
        "adverse_events ap=narratives",
        "patients",
        "dsmb",
    ),
    "investigator": ("adverse_events", "patients"),
}
# What a page must not offer to who may not see patients.
OFFERS = re.compile(rb"see who|see why|opens? (?:the|its) patient|records behind|the patients? behind it")


@dataclass
class Desk:
    """Somebody of a role at the dashboard, and all that was sent to the screen.

    Parameters
    ----------
    open : opens a page. sent : messages of the last opening.
    """

    open: Callable[..., AppTest]
    sent: list[ForwardMsg] = field(default_factory=list)

    @property
    def bytes(self) -> bytes:
        """Everything that was sent, tables in words."""
        return b"\n".join(bytes_of(message) for message in self.sent)


@pytest.fixture
def desk(marked_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Desk]]:
    """Seat somebody of a role."""
    sent: list[ForwardMsg] = []
    enqueue = ForwardMsgQueue.enqueue

    def noted(self: ForwardMsgQueue, message: ForwardMsg) -> None:
        copy = ForwardMsg()
        copy.CopyFrom(message)
        sent.append(copy)
        enqueue(self, message)

    def seat(role: str) -> Desk:
        person = Principal(f"one {role}", frozenset({Role(role)}))
        for room in (identity, download):
            monkeypatch.setattr(room, "standing", lambda: lambda: person)
        run = opener(marked_dir, monkeypatch)

        def open_page(page: str, **params: str) -> AppTest:
            sent.clear()
            return run(page, "en", **params)

        return Desk(open_page, sent)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", noted)
    yield seat


@pytest.mark.parametrize("role", LOOKED_AT)
def test_what_is_sent(role: str, desk: Callable[[str], Desk], caplog: pytest.LogCaptureFixture) -> None:
    seat, single = desk(role), can_page(Principal("x", frozenset({Role(role)})), "patients")
    marks: set[str] = set()
    caplog.set_level(logging.INFO)
    for page in LOOKED_AT[role]:
        name, *settings = page.split()
        app = seat.open(name, **dict(setting.split("=") for setting in settings))
        assert not app.exception, (role, page)
        assert [error.value for error in app.error] == [], (role, page)
        assert len(seat.bytes) > 4000
        here = found(seat.bytes)
        assert here <= ALLOWED[role], (role, page, here)
        marks |= here
        if not single:
            assert not {"p", "pt", "day"} & set(app.query_params)
            assert not OFFERS.search(seat.bytes), (role, page)
        assert b"ZQX7" not in str(app.query_params).encode()
    assert marks == ALLOWED[role] - {"number"}  # pages know patients by their codes
    assert found(caplog.text.encode()) <= {"code"}


def figures(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_presenters_see_figures_with_their_codes_and_open_nobody(desk: Callable[[str], Desk]) -> None:
    seat = desk("presenter")
    app = seat.open("overview", p="P03", pt="P03.P05", day="12")
    assert [toast.value for toast in app.toast] == [
        "The link names single patients, whom your role does not see; that part is left out."
    ]
    assert not {"p", "pt", "day"} & set(app.query_params)
    text = json.dumps(figures(app))
    assert '"R01"' in text
    assert '"R08"' in text
    assert len(app.get("plotly_chart")) == 2  # no curve of enrolment, which has dates
    assert all(not chart.proto.selection_mode for chart in app.get("plotly_chart"))
    assert "Dates of enrolment are not shown to your role" in " ".join(note.value for note in app.info)
    app.session_state["strips_numbers"] = app.session_state["swimmer_numbers"] = True
    app.run()
    assert [button.proto.label for button in app.get("download_button")] == ["Download CSV", "XLSX"]  # of the rates


def test_a_small_selection_says_so_and_can_be_lifted(desk: Callable[[str], Desk]) -> None:
    seat = desk("presenter")
    app = seat.open("overview", sex="F")
    assert [header.value for header in app.subheader] == [
        "Fewer than 5 patients selected or left out: not shown to this role"
    ]
    assert "n not shown, of 8" in [note.value for note in app.markdown]
    assert not app.get("plotly_chart")
    assert not app.metric
    app.button(key="reset_small").click().run()
    assert len(app.get("plotly_chart")) == 2


@pytest.fixture
def clicked(marked_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Callable[[], bytes]]]:
    """Offer a table of patients and one of totals to a role; return what a click on each button would fetch."""

    def offered(role: str) -> dict[str, Callable[[], bytes]]:
        buttons: dict[str, Callable[[], bytes]] = {}
        person = Principal(f"one {role}", frozenset({Role(role)}))
        monkeypatch.setenv("SAA_DASH_DATA", str(marked_dir))
        monkeypatch.setattr(download, "standing", lambda: lambda: person)
        monkeypatch.setattr(st, "download_button", lambda _, make, *, key, **more: buttons.update({key: make}))
        view = open_view(Principal("x", frozenset({Role.INVESTIGATOR})), Request(marked_dir, "latest"))
        stamp: Provenance = view.provenance()
        download.offer_table(pd.DataFrame({"x": [1]}), "rows", stamp)
        download.offer_table(pd.DataFrame({"x": [1]}), "totals", stamp, patients=False)
        return buttons

    return offered


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("investigator", {"dl_rows", "dl_rows_xlsx", "dl_totals", "dl_totals_xlsx"}),
        ("dsmb", {"dl_totals", "dl_totals_xlsx"}),
        ("presenter", {"dl_totals", "dl_totals_xlsx"}),
        ("data_manager", set()),
        ("admin", set()),
    ],
)
def test_downloads_by_role(
    role: str, expected: set[str], clicked: Callable[[str], dict[str, Callable[[], bytes]]]
) -> None:
    assert set(clicked(role)) == expected


def test_a_download_is_told_before_it_is_made(
    clicked: Callable[[str], dict[str, Callable[[], bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    monkeypatch.setattr(download, "record", lambda who, where, action, detail: done.append((action, detail["right"])))
    monkeypatch.setattr(download, "table_csv", lambda table, stamp: done.append("made") or b"x")
    buttons = clicked("investigator")
    assert done == []  # nothing before the click
    assert [buttons[key]() for key in ("dl_rows", "dl_totals")] == [b"x", b"x"]
    assert done == [
        ("download", "export_patient_data"), "made", ("download", "export_aggregates"), "made",
    ]  # fmt: skip

    def full(*row: object) -> None:
        raise EnvironmentProblem("error.disk_full", path="x")

    monkeypatch.setattr(download, "record", full)
    done.clear()
    with pytest.raises(EnvironmentProblem):
        buttons["dl_rows"]()
    assert done == []
    person = Principal("one investigator", frozenset())  # the role was taken away since
    monkeypatch.setattr(download, "standing", lambda: lambda: person)
    assert clicked("admin") == {}
    with pytest.raises((Refused, EnvironmentProblem)):
        buttons["dl_rows"]()
