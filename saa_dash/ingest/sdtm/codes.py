"""Every kind of finding about an SDTM package, by severity. Words: catalogue file ``sdtm.toml``."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.problem import Severity

_ERRORS = [
    "sdtm_not_transport",
    "sdtm_version_8",
    "sdtm_compressed",
    "sdtm_header",
    "sdtm_truncated",
    "sdtm_several_members",
    "sdtm_row_count",
    "sdtm_unreadable",
    "sdtm_variable_duplicate",
    "sdtm_variable_type_unknown",
    "sdtm_json",
    "sdtm_json_version",
    "sdtm_json_part",
    "sdtm_json_records",
    "sdtm_json_row_length",
    "sdtm_json_type",
    "sdtm_shorter_than_previous",
    "sdtm_no_subjects_file",
    "sdtm_domain_twice",
    "sdtm_variable_missing",
    "sdtm_value_missing",
    "sdtm_domain_differs",
    "sdtm_study_differs",
    "sdtm_subject_duplicate",
    "sdtm_subject_unknown",
    "sdtm_date_unreadable",
    "sdtm_number_unreadable",
]
_QUERIES = [
    "sdtm_no_rows",
    "sdtm_encoding",
    "sdtm_domain_missing",
    "sdtm_implausible",
    "sdtm_type",
    "sdtm_sequence_duplicate",
    "sdtm_date_without_year",
    "sdtm_date_future",
    "sdtm_date_order",
    "sdtm_term_unknown",
    "sdtm_units_disagree",
    "sdtm_unit_unknown",
    "sdtm_result_without_red_cells",
    "sdtm_result_not_numeric",
    "sdtm_visitnum_shared",
    "sdtm_fatal_not_serious",
    "sdtm_death_without_disposition",
    "sdtm_seriousness",
    "sdtm_fewer_rows",
    "sdtm_fewer_subjects",
    "sdtm_file_gone",
]
_NOTES = [
    "sdtm_domain_not_taken",
    "sdtm_file_not_read",
    "sdtm_variables_not_taken",
    "sdtm_identifier_left_out",
    "sdtm_date_partial",
    "sdtm_screen_failures",
    "sdtm_severity_without_grade",
    "sdtm_test_absent_ANC",
    "sdtm_test_absent_HGB",
    "sdtm_test_absent_PLAT",
    "sdtm_test_absent_ARC",
    "sdtm_tests_own_units",
    "sdtm_results_in_words",
    "sdtm_visits_named",
    "sdtm_domain_absent",
    "sdtm_other_study",
    "sdtm_dose_without_end",
]

SDTM_SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_QUERIES, "query"),
    **dict.fromkeys(_NOTES, "note"),
}
