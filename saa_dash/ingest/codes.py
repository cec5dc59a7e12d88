"""Every kind of finding of the import with its severity, and the one way to make a `Problem`."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.problem import Problem, Severity
from .sdtm.codes import SDTM_SEVERITIES
from .shapes.codes import SHAPE_SEVERITIES

_ERRORS = [
    "file_missing",
    "file_not_workbook",
    "file_is_xls",
    "file_encrypted",
    "file_damaged",
    "file_too_large",
    "file_too_many_entries",
    "file_unpacks_too_large",
    "file_ratio",
    "sheet_too_large",
    "folder_empty",
    "encoding_unknown",
    "form_version",
    "sheet_missing",
    "subjects_none",
    "sheet_duplicate",
    "header_missing",
    "column_missing",
    "column_duplicate",
    "required_missing",
    "date_unreadable",
    "date_ambiguous",
    "date_partial",
    "date_future",
    "date_order",
    "time_unreadable",
    "number_unreadable",
    "number_censored",
    "not_whole",
    "out_of_range",
    "choice_unknown",
    "subject_unknown",
    "subject_duplicate",
    "duplicate_key",
    "unit_unknown",
    "limits_reversed",
    "dose_unit_mismatch",
    "alive_after_death",
    "identifier_name",
    "identifier_id_number",
    "identifier_mobile",
    "identifier_hospital_number",
    "identifier_birth_date",
]
_QUERIES = [
    "implausible",
    "implausible_unit",
    "part_above_whole",
    "unit_missing",
    "arc_without_rbc",
    "duplicate_sample",
    "duplicate_row",
    "date_early",
    "ongoing_with_end",
    "after_death",
    "not_eligible",
    "serious_without_criterion",
    "fatal_mismatch",
    "death_without_disposition",
    "component_missing",
    "support_unanswered",
    "support_contradiction",
    "atg_dates_differ",
]
_NOTES = [
    "sheet_unknown",
    "sheet_absent",
    "column_unknown",
    "initials_left_out",
    "missing_token",
    "limits_missing",
    "row_without_results",
    "study_differs",
    "form_version_missing",
    "excluded_after_cutoff",
    "death_after_cutoff",
    "cut_to_cutoff",
    "subject_after_cutoff",
]

SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_QUERIES, "query"),
    **dict.fromkeys(_NOTES, "note"),
    **SDTM_SEVERITIES,
    **SHAPE_SEVERITIES,
}

IDENTIFIER_PREFIX = "identifier_"


def make_problem(
    code: str,
    *,
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
    **params: object,
) -> Problem:
    """Return a `Problem` of a registered code with its severity; raises KeyError for an unregistered one."""
    return Problem(SEVERITIES[code], code, file, sheet, row, column, value, params)
