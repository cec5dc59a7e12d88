"""Every kind of finding about tables of other shapes, by severity. Words: catalogue file ``mapper.toml``."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.problem import Severity

_ERRORS = [
    "file_empty",
    "shape_unknown",
    "mapping_target",
    "mapping_column_absent",
    "mapping_twice",
    "mapping_no_subject",
    "mapping_no_result",
    "mapping_date_order",
    "unit_mix",
]
_QUERIES = ["subject_values_differ", "test_left_out"]
_NOTES = [
    "sheet_empty",
    "header_twice",
    "table_left_out",
    "columns_left_out",
    "mapping_remembered",
    "mapping_given",
]

SHAPE_SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_QUERIES, "query"),
    **dict.fromkeys(_NOTES, "note"),
}
