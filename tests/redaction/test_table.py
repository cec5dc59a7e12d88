"""Role × service in one table, spelled out: who is let in, who is refused, and no service that is not in it."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import saa_dash.services
from saa_dash.access.policy import permissions
from saa_dash.model.errors import Refused
from saa_dash.model.filters import Filters
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.context import Request, View, open_view

LETTERS = {
    "I": Role.INVESTIGATOR,
    "B": Role.DSMB,
    "P": Role.PRESENTER,
    "D": Role.DATA_MANAGER,
    "A": Role.ADMIN,
}
# Service → who may call it: Investigator, safety Board, Presenter, Data manager, Administrator.
SERVICES = {
    # what is shown of a cut
    "context.open_view": "IBPD",
    "cuts.list_cuts": "IBPD",
    "cuts.resolve_cut": "IBPD",
    "gaps.gaps": "IBPD",
    "methods.methods_page": "IBPD",
    "recipes.recipe": "IBPD",
    "overview.overview": "IBPD",
    "response.response_page": "IBPD",
    "response.sensitivity": "IBPD",
    "response_strata.response_strata": "IBPD",
    "survival.survival_page": "IBPD",
    "survival.survival_curve": "IBPD",
    "cohort.cohort_tests": "IBPD",
    "cohort.cohort_course": "IBPD",
    "cohort.cohort_courses": "IBPD",
    "cohort.waterfall": "IBPD",
    "cohort_states.response_map": "IBPD",
    "cohort_states.cohort_swimmer": "IBPD",
    "cohort_recovery.trilineage": "IBPD",
    "adverse_events.adverse_events_page": "IBPD",
    "ae_time.onset_page": "IBPD",
    "ae_time.exposure_rates": "IBPD",
    "ae_time.visit_grades": "IBPD",
    "ae_time.first_events": "IBPD",
    "laboratory.laboratory_page": "IBPD",
    "laboratory.laboratory_test": "IBPD",
    "vital_signs.vital_signs_page": "IBPD",
    "vital_signs.vital_sign": "IBPD",
    "vital_signs.examination": "IBPD",
    "organs.liver_page": "IBPD",
    "organs.kidney_page": "IBPD",
    "organs.cyclosporine_page": "IBPD",
    "exposure.exposure_page": "IBPD",
    "completeness.visit_completeness": "IBPD",
    "estimates.write_estimates": "IBPD",
    # own views
    "saved_views.list_views": "IBPD",
    "saved_views.save_view": "IBPD",
    "saved_views.rename_view": "IBPD",
    "saved_views.delete_view": "IBPD",
    # own trays
    "trays.list_trays": "IBPD",
    "trays.read_tray": "IBPD",
    "trays.make_tray": "IBPD",
    "trays.rename_tray": "IBPD",
    "trays.delete_tray": "IBPD",
    "trays.add_item": "IBPD",
    "trays.remove_item": "IBPD",
    "trays.move_item": "IBPD",
    "trays.caption_item": "IBPD",
    "trays.undo": "IBPD",
    "trays.keep_check": "IBPD",
    "trays.take_over": "IBPD",
    "trays.drop_check": "IBPD",
    # taken along from a tray
    "takeaway.tray_page": "IBP",
    "takeaway.paper_figures": "IBP",
    "takeaway.paper_tables": "IBP",
    # patient by patient
    "response.response_trace": "IBD",
    "survival.survival_strata": "IBD",
    "response_against.response_against": "IBD",
    "adverse_events.event_rows": "IBD",
    "narratives.narratives": "IBD",
    "patients.patient_page": "IBD",
    "patients.worst_first": "IBD",
    "around.around": "IBD",
    "organs.organ_course": "IBD",
    "dsmb.dsmb_page": "IBD",
    "dsmb.boundary_panel": "IBD",
    "changes.earlier_cuts": "IBD",
    "changes.cut_changes": "IBD",
    "review_marks.check_reviewer": "IBD",
    "review_checks.review_checks": "IBD",
    "review_checks.review_findings": "IBD",
    "review_checks.import_queries": "IBD",
    "review_rows.review_progress": "IBD",
    "review_rows.review_rows": "IBD",
    "review_rows.domain_changes": "IBD",
    "review_rows.day_one": "IBD",
    "review_detail.review_detail": "IBD",
    "review_queries.review_queries": "IBD",
    "review_queries.patient_queries": "IBD",
    "review_deeds.mark_reviewed": "IBD",
    "review_deeds.comment_rows": "IBD",
    "review_deeds.undo_review": "IBD",
    "review_deeds.raise_query": "IBD",
    "review_deeds.close_query": "IBD",
    "review_deeds.reopen_query": "IBD",
    "pack.make_pack": "IB",
    "pack.write_pack": "I",
    # slides for a talk: a presenter's sight, whoever makes them
    "deck.make_deck": "IBP",
    "deck.write_deck": "IBP",
    "deck.tray_deck": "IBP",
    # data come in, and go out
    "samples.write_empty_form": "ID",
    "samples.write_simulation": "ID",
    "staging.stage_upload": "ID",
    "staging.stage_uploads": "ID",
    "imports.check_source": "ID",
    "imports.import_source": "ID",
    "imports.make_demo_cut": "ID",
    "imports.known_names": "ID",
    "imports.remember_names": "ID",
    "imports.marked_copy": "ID",
    "lis.read_paste": "ID",
    "lis.add_to_workbook": "ID",
    "lis.write_new_workbook": "ID",
    "mapping.read_shapes": "ID",
    "mapping.preview_table": "ID",
    "mapping.keep_mapping": "ID",
    "mapping.forget_mapping": "ID",
    "export.export_cut": "I",
    "differences.export_differences": "I",
    # the installation
    "admin.backup": "IA",
    "admin.restore": "A",
    "audit.audit_rows": "IA",
    "audit.audit_page": "IA",
    "audit.verify_audit": "IA",
    "identity.list_roles": "A",
    "identity.grant": "A",
    "identity.revoke": "A",
}
# They decide nothing: other services call them after they have asked.
PLUMBING = {"adverse_events.event_frames", "audit.record", "views.record_view", "memory.remembered"}


def services() -> dict[str, Callable[..., Any]]:
    """Every public function of the services whose first parameter is a principal."""
    out = {}
    for module in pkgutil.iter_modules(saa_dash.services.__path__):
        room = import_module(f"saa_dash.services.{module.name}")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            if name.startswith("_") or function.__module__ != room.__name__:
                continue
            if next(iter(inspect.signature(function).parameters), "") == "principal":
                out[f"{module.name}.{name}"] = function
    return out


def called(function: Callable[..., Any], principal: Principal, data_dir: Path, view: View) -> bool:
    """Tell whether a principal is let in; with arguments that nothing can be done with, it fails soon after."""
    known = {"view": view, "data_dir": data_dir}
    given = [
        known.get(name, object())
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]
        if parameter.default is parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY
    ]
    try:
        function(principal, *given, **({"subject": ""} if function.__name__ == "read_paste" else {}))
    except Refused as refused:
        return refused.message.code != "error.not_permitted"
    except Exception:
        return True
    return True


def test_every_service_is_in_the_table() -> None:
    assert set(services()) == set(SERVICES) | PLUMBING


@pytest.mark.parametrize("letter", LETTERS)
def test_role_by_service(letter: str, marked_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    person = Principal("someone", frozenset({LETTERS[letter]}))
    inside = letter in SERVICES["context.open_view"]
    view = open_view(person if inside else local_principal(), Request(marked_dir, "latest"))
    found = services()
    slow = {"survival.survival_page", "imports.make_demo_cut"} if inside else set()
    let_in = {name for name in SERVICES if name not in slow and called(found[name], person, tmp_path / "data", view)}
    assert let_in == {name for name, letters in SERVICES.items() if letter in letters} - slow


def test_nobody_is_let_in_without_a_role(marked_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nobody, found = Principal("nobody", frozenset()), services()
    assert not permissions(nobody)
    view = open_view(local_principal(), Request(marked_dir, "latest"))
    assert [name for name in SERVICES if called(found[name], nobody, tmp_path, view)] == []
    assert list(tmp_path.iterdir()) == []


def test_a_view_serves_only_who_opened_it(marked_dir: Path) -> None:
    """Handed on to somebody who sees less, it is refused before anything is computed or taken from memory."""
    people = {letter: Principal("someone", frozenset({role})) for letter, role in LETTERS.items() if letter in "IBP"}
    views = {letter: open_view(person, Request(marked_dir, "latest")) for letter, person in people.items()}
    found = services()
    for letter, person in people.items():
        for other, view in views.items():
            if letter == other:
                continue
            for name in ("overview.overview", "response.response_page", "gaps.gaps", "laboratory.laboratory_page"):
                with pytest.raises(Refused) as refused:
                    found[name](person, view)
                assert refused.value.message.code == "error.other_sight"


def test_filters_to_patients_and_small_selections_are_refused_to_presenters(marked_dir: Path) -> None:
    speaker, board = (Principal("someone", frozenset({role})) for role in (Role.PRESENTER, Role.DSMB))
    women, one_band = Filters(sex=("F",)), Filters(age=(18, 39))  # 4 of 8 each
    found = services()
    with pytest.raises(Refused):
        open_view(speaker, Request(marked_dir, "latest", Filters(patients=("P01",))))
    for filters in (women, one_band, Filters(severity=("SAA",)), Filters(severity=("NSAA",))):  # SAA: 7 of 8
        view = open_view(speaker, Request(marked_dir, "latest", filters))
        assert view.small
        assert view.chosen == ()
        for name in ("overview.overview", "response.response_page", "laboratory.laboratory_page", "gaps.gaps"):
            with pytest.raises(Refused) as refused:
                found[name](speaker, view)
            assert refused.value.message.code == "error.small_selection"
            assert refused.value.message.params == {"n": 5}
    assert open_view(board, Request(marked_dir, "latest", women)).selected == 4
    assert open_view(speaker, Request(marked_dir, "latest", Filters(sex=("F", "M")))).selected == 8
