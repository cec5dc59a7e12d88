"""Reading CDISC Dataset-JSON 1.1, as one document or as lines (NDJSON).

Source: https://github.com/cdisc-org/DataExchange-DatasetJson, ``dataset.schema.json`` 1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ..text import map_unique_text
from .dataset import MOST_LISTED, SdtmDataset, Variable

_VERSION = re.compile(r"1\.1(\.(0|[1-9][0-9]*))?")
_NUMBERS = {"integer": (int,), "float": (int, float), "double": (int, float)}
_TEXTS = ("string", "decimal", "date", "datetime", "time", "URI")
_DATA_TYPES = (*_NUMBERS, *_TEXTS, "boolean")
_OLD = ("clinicalData", "referenceData", "itemGroupData")  # Dataset-JSON 1.0
_NEEDED = ("name", "records", "columns")
_LARGEST = 2**1023


class JsonFault(Exception):
    """A document that cannot be read: code of the finding, where, and further values."""

    def __init__(self, code: str, column: str = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def read_dataset_json(path: Path, content: bytes, digest: str) -> SdtmDataset:
    """Read a Dataset-JSON document; whatever is wrong with it becomes a problem."""
    try:
        document = _parsed(content)
        rows = document.get("rows", [] if document.get("records") == 0 else None)
        return _dataset(path, digest, document, rows)
    except JsonFault as fault:
        return _failed(path, digest, fault)


def read_ndjson(path: Path, content: bytes, digest: str) -> SdtmDataset:
    """Read Dataset-JSON as lines: the first holds all but the rows, each further one a row."""
    lines = [line for line in content.split(b"\n") if line.strip()]
    try:
        document = _parsed(lines[0] if lines else b"")
        rows = []
        for number, line in enumerate(lines[1:], start=1):
            row = _value(line, number)
            rows.append(row)
        return _dataset(path, digest, document, rows)
    except JsonFault as fault:
        return _failed(path, digest, fault)


def _failed(path: Path, digest: str, fault: JsonFault) -> SdtmDataset:
    blank = SdtmDataset(path.stem.upper(), path.name, digest)
    row = fault.params.pop("row", None)
    problem = blank.problem(fault.code, row if isinstance(row, int) else None, fault.column, **fault.params)
    return SdtmDataset(blank.name, blank.file, digest, problems=(problem,))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise JsonFault("sdtm_json_part", next(name for name in names if names.count(name) > 1), part="twice")
    return found


def _constant(text: str) -> None:
    raise JsonFault("sdtm_json", reason=text, line=0)


def _value(content: bytes, row: int | None = None) -> Any:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise JsonFault("sdtm_json", reason=error.msg, line=error.lineno, row=row) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise JsonFault("sdtm_json", reason=type(error).__name__, line=0, row=row) from error


def _parsed(content: bytes) -> dict[str, Any]:
    document = _value(content)
    if not isinstance(document, dict):
        raise JsonFault("sdtm_json_part", part="object")
    version = document.get("datasetJSONVersion")
    if any(name in document for name in _OLD) or not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise JsonFault("sdtm_json_version", found=str(version or "")[:20])
    for name in _NEEDED:
        if name not in document:
            raise JsonFault("sdtm_json_part", name, part="missing")
    if not isinstance(document["name"], str) or not isinstance(document["columns"], list) or not document["columns"]:
        raise JsonFault("sdtm_json_part", "columns", part="shape")
    if type(document["records"]) is not int or document["records"] < 0:
        raise JsonFault("sdtm_json_part", "records", part="shape")
    return document


def _variables(columns: list[Any]) -> dict[str, tuple[Variable, str]]:
    found: dict[str, tuple[Variable, str]] = {}
    for number, column in enumerate(columns, start=1):
        if not isinstance(column, dict) or not isinstance(column.get("name"), str) or not column["name"].strip():
            raise JsonFault("sdtm_json_part", f"columns[{number}]", part="shape")
        name, kind = column["name"].strip().upper(), column.get("dataType")
        if kind not in _DATA_TYPES:
            raise JsonFault("sdtm_variable_type_unknown", name, found=str(kind)[:20])
        if name in found:
            raise JsonFault("sdtm_variable_duplicate", name)
        label = column.get("label")
        found[name] = Variable(name, label if isinstance(label, str) else "", _is_number(column)), kind
    return found


def _is_number(column: Mapping[str, Any]) -> bool:
    return column["dataType"] in _NUMBERS or (
        column["dataType"] == "decimal" and column.get("targetDataType") == "decimal"
    )


def _dataset(path: Path, digest: str, document: Mapping[str, Any], rows: Any) -> SdtmDataset:
    found = _variables(document["columns"])
    variables = {name: variable for name, (variable, _) in found.items()}
    if not isinstance(rows, list):
        raise JsonFault("sdtm_json_part", "rows", part="missing" if rows is None else "shape")
    name, records = document["name"].strip().upper(), document["records"]
    blank = SdtmDataset(name, path.name, digest, variables=variables, expected_rows=records)
    problems = _row_problems(blank, rows)
    if not problems:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(variables)
        typed = dict(zip(found, columns, strict=True))
        problems = [p for name, (_, kind) in found.items() for p in _type_problems(blank, name, kind, typed[name])]
    if len(rows) != records:
        problems.append(blank.problem("sdtm_json_records", len(rows) + 1, "records", expected=records, found=len(rows)))
    if problems:
        return SdtmDataset(name, path.name, digest, variables=variables, problems=tuple(problems))
    frame = pd.DataFrame({name: _column(typed[name], item.numeric) for name, item in variables.items()})
    frame.index = pd.RangeIndex(1, len(rows) + 1)
    return SdtmDataset(name, path.name, digest, frame, variables, records)


def _row_problems(dataset: SdtmDataset, rows: list[Any]) -> list[Problem]:
    expected = len(dataset.variables)
    names = [*dataset.variables, ""]
    wrong = [(n, row) for n, row in enumerate(rows, start=1) if not isinstance(row, list) or len(row) != expected]
    problems = []
    for number, row in wrong[:MOST_LISTED]:
        found = len(row) if isinstance(row, list) else 0
        column = names[min(found, expected)]
        problems.append(dataset.problem("sdtm_json_row_length", number, column, expected=expected, found=found))
    return problems


def _type_problems(dataset: SdtmDataset, name: str, kind: str, values: tuple[Any, ...]) -> list[Problem]:
    allowed = (bool,) if kind == "boolean" else _NUMBERS.get(kind, (str,))
    permitted = {*allowed, type(None)}
    if kind == "decimal":
        permitted |= {int, float}
    strange = set(map(type, values)) - permitted
    wrong = [(row, value) for row, value in enumerate(values, start=1) if type(value) in strange] if strange else []
    wrong += (
        [(row, value) for row, value in enumerate(values, start=1) if _too_large(value)] if int in permitted else []
    )
    return [
        dataset.problem("sdtm_json_type", row, name, str(value)[:80], kind=kind) for row, value in wrong[:MOST_LISTED]
    ]


def _too_large(value: Any) -> bool:
    """Tell whether a number is beyond what a float holds; a float that was is infinite."""
    return isinstance(value, int | float) and abs(value) > _LARGEST


def _column(values: tuple[Any, ...], numeric: bool) -> Any:
    if numeric:
        return pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").to_numpy(
            "float64", na_value=np.nan
        )
    texts = pd.Series([None if value is None else str(value) for value in values], dtype="str")
    return map_unique_text(texts, lambda text: str(text).strip() or None).astype("str").array
