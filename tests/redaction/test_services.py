"""What services return, searched for the marks of what a role must not see, whoever asked before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from support.marked_cut import ALLOWED, found, words_of

from saa_dash.analysis.ae_filter import EventFilter
from saa_dash.model.errors import EnvironmentProblem, Refused
from saa_dash.model.filters import Filters
from saa_dash.model.principal import Principal, Role
from saa_dash.services import (
    adverse_events,
    around,
    cohort,
    cohort_recovery,
    cohort_states,
    completeness,
    dsmb,
    exposure,
    gaps,
    laboratory,
    methods,
    organs,
    overview,
    patients,
    response,
    response_against,
    response_strata,
    review_checks,
    review_detail,
    review_queries,
    review_rows,
    survival,
    views,
    vital_signs,
)
from saa_dash.services.adverse_events import Target
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.views import Looks
from saa_dash.store.results import RESULTS

Ask = Callable[[Principal, View], object]
ASKED: Mapping[str, Ask] = {
    "gaps": gaps.gaps,
    "methods": methods.methods_page,
    "overview": overview.overview,
    "response": response.response_page,
    "trace": lambda who, view: [response.response_trace(who, view, code, 4) for code in view.pcodes[3:4]],
    "against": lambda who, view: [
        (code, response_against.response_against(who, view, code, 4)) for code in view.pcodes[3:4]
    ],
    "response_strata": response_strata.response_strata,
    "survival": survival.survival_page,
    "survival_strata": lambda who, view: survival.survival_strata(who, view, "OS"),
    "adverse_events": adverse_events.adverse_events_page,
    "event_rows": lambda who, view: adverse_events.event_rows(who, view, EventFilter(), Target("ALL")),
    "laboratory": lambda who, view: laboratory.laboratory_test(who, view, "ALT", ""),
    "vital_signs": lambda who, view: vital_signs.vital_sign(who, view, "TEMP", ""),
    "examination": vital_signs.examination,
    "dsmb": dsmb.dsmb_page,
    "boundary": lambda who, view: dsmb.boundary_panel(who, view, "p90"),
    "liver": organs.liver_page,
    "kidney": organs.kidney_page,
    "cyclosporine": organs.cyclosporine_page,
    "organ_course": lambda who, view: organs.organ_course(who, view, view.pcodes[3]),
    "exposure": exposure.exposure_page,
    "visits": completeness.visit_completeness,
    "checks": review_checks.review_checks,
    "review_rows": lambda who, view: [
        review_rows.review_rows(who, view, review_rows.RowFilter(name)) for name in ("DM", "AE", "LB", "CM", "EX")
    ],
    "review_detail": lambda who, view: review_detail.review_detail(who, view, "AE", (4,)),
    "queries": review_queries.review_queries,
    "patient": lambda who, view: patients.patient_page(who, view, view.pcodes[3]),
    "worst_first": patients.worst_first,
    "around": lambda who, view: around.around(who, view, view.pcodes[3], 3, 14),
    "courses": lambda who, view: cohort.cohort_courses(who, view, "ANC", "atg_start"),
    "waterfall": cohort.waterfall,
    "response_map": lambda who, view: cohort_states.response_map(who, view, "response"),
    "swimmer": lambda who, view: cohort_states.cohort_swimmer(who, view, "severity"),
    "trilineage": lambda who, view: cohort_recovery.trilineage(who, view, "first", "response"),
}
ORDERS = (("investigator", "dsmb", "presenter"), ("presenter", "dsmb", "investigator"))
AGAIN = ("gaps", "overview", "response", "adverse_events", "event_rows", "examination")  # asked in the second order


def of(role: str) -> Principal:
    return Principal(f"one {role}", frozenset({Role(role)}))


def ask_all(data_dir: Path, role: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return what a role is told by services, b"" where it is refused."""
    who = of(role)
    view = open_view(who, Request(data_dir, "latest"))
    out = {}
    for name in names:
        try:
            out[name] = words_of(ASKED[name](who, view))
        except Refused:
            out[name] = b""
    return out


@pytest.fixture(scope="module")
def answers(marked_dir: Path) -> list[dict[str, dict[str, bytes]]]:
    """What each role is told, in both orders of asking; the memory is empty before each order."""
    out = []
    for order, names in zip(ORDERS, (tuple(ASKED), AGAIN), strict=True):
        RESULTS.clear()
        out.append({role: ask_all(marked_dir, role, names) for role in order})
    return out


def test_nobody_is_told_what_the_role_must_not_see(answers: list[dict[str, dict[str, bytes]]]) -> None:
    for told in answers:
        for role, results in told.items():
            for name, words in results.items():
                assert found(words) <= ALLOWED[role], (role, name)


def test_the_search_finds_what_is_there(answers: list[dict[str, dict[str, bytes]]]) -> None:
    told = {role: set().union(*(found(words) for words in results.values())) for role, results in answers[0].items()}
    assert told == {"investigator": ALLOWED["investigator"], "dsmb": ALLOWED["dsmb"], "presenter": set()}
    assert {name for name, words in answers[0]["presenter"].items() if not words} == {
        "trace", "against", "survival_strata", "event_rows", "dsmb", "boundary", "patient",
        "organ_course", "worst_first", "around", "checks", "review_rows", "review_detail", "queries",
    }  # fmt: skip
    assert b"R08" in answers[0]["presenter"]["overview"]
    assert all(answers[0]["dsmb"].values())


def test_who_asked_before_changes_nothing(answers: list[dict[str, dict[str, bytes]]]) -> None:
    """In the first order the investigator's are fresh, in the second the presenter's: equal means no pair leaks."""
    first, second = answers
    assert second == {role: {name: results[name] for name in AGAIN} for role, results in first.items()}
    assert first["investigator"]["overview"] != first["dsmb"]["overview"] != first["presenter"]["overview"]


def test_presenters_meet_other_codes_in_every_selection_and_no_order_of_enrolment(marked_dir: Path) -> None:
    speaker = of("presenter")
    everybody = open_view(speaker, Request(marked_dir, "latest"))
    same = open_view(speaker, Request(marked_dir, "latest"))
    selected = open_view(speaker, Request(marked_dir, "latest", Filters(sex=("F", "M"))))
    codes = [dict(view.patients[["USUBJID", "PCODE"]].itertuples(index=False)) for view in (everybody, same, selected)]
    assert codes[0] == codes[1] != codes[2]
    assert everybody.pcodes == [f"R{n:02d}" for n in range(1, 9)]
    assert everybody.patients["USUBJID"].tolist() != sorted(everybody.patients["USUBJID"])
    page = response.response_page(speaker, everybody)
    assert page.rows["PCODE"].is_monotonic_increasing
    assert page.strips[0].rows["PCODE"].is_monotonic_increasing


def test_ages_of_data_are_bands_where_dates_are_not_seen(marked_dir: Path) -> None:
    def ages(role: str) -> set[float]:
        view = open_view(of(role), Request(marked_dir, "latest"))
        currency = overview.overview(of(role), view).currency
        assert currency is not None
        return set(currency[list(overview.DOMAINS)].stack())

    assert len(ages("investigator")) > 20
    assert ages("dsmb") <= {14, 30, 60, 90, float("inf")}


def test_looking_at_a_patient_is_told_first_and_not_done_if_it_cannot_be(
    marked_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, told = of("dsmb"), []
    view = open_view(who, Request(marked_dir, "latest"))
    monkeypatch.setattr(views, "LOOKS", Looks())
    monkeypatch.setattr(views.audit, "record", lambda *row, **more: told.append(row[2:]))
    single = ("trace", "patient", "around")
    for name in single * 2:
        ASKED[name](who, view)
    row = {"cut": view.cut.cut_id, "patients": ["P04"]}
    assert told.count(("view_patient", row)) == 1  # once, however often

    def full(*row: object, **more: object) -> None:
        raise EnvironmentProblem("error.disk_full", path="x")

    monkeypatch.setattr(views, "LOOKS", Looks())
    monkeypatch.setattr(views.audit, "record", full)
    for name in (*single, "courses"):
        with pytest.raises(EnvironmentProblem):
            ASKED[name](who, view)


def test_the_audit_trail_names_no_subject(answers: object, marked_dir: Path) -> None:
    with sqlite3.connect(marked_dir / "state.sqlite") as con:
        rows = con.execute("SELECT * FROM audit").fetchall()
    assert any("view_patient" in row for row in rows)
    assert found(repr(rows).encode()) <= {"code"}
