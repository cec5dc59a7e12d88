"""Import queries as rows of a cut, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..model.problem import Problem

COLUMNS = {
    "severity": "text",
    "code": "text",
    "file": "text",
    "sheet": "text",
    "row": "int",
    "column": "text",
    "value": "text",
    "params": "text",
    "USUBJID": "text",
}


def problem_frame(problems: Iterable[Problem], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the problems that travel with a cut (queries and notes), one row each.

    Parameters
    ----------
    problems : findings of an import; errors are left out, for a cut with errors does not exist.
    tables : domain tables of the cut; where sheet and row of a finding lead to one subject, USUBJID names it.
    """
    rows = [
        (p.severity, p.code, p.file, p.sheet, p.row, p.column, p.value, _params(p.params), None)
        for p in problems
        if p.severity != "error"
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"row": "Int64"})
    frame["USUBJID"] = _subjects_of(frame, tables)
    return frame


def _params(params: Mapping[str, object]) -> str:
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True, default=str)


def _subjects_of(frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    columns = ["SRCFILE", "SRCSHEET", "SRCROW", "USUBJID"]
    places = [t[columns] for t in tables.values() if len(t)]
    if frame.empty or not places:
        return pd.Series(None, index=frame.index, dtype="str")
    lines = pd.concat(places, ignore_index=True).drop_duplicates().drop_duplicates(columns[:3], keep=False)
    keys = frame[["file", "sheet", "row"]].astype({"file": "str", "sheet": "str"}).set_axis(columns[:3], axis=1)
    return keys.merge(lines, on=columns[:3], how="left")["USUBJID"].set_axis(frame.index)


def to_problems(frame: pd.DataFrame) -> tuple[Problem, ...]:
    """Return the rows of `problem_frame`, read back from a cut, as findings."""
    records: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    return tuple(
        Problem(
            severity=row["severity"],
            code=row["code"],
            file=_text(row["file"]),
            sheet=_text(row["sheet"]),
            row=None if pd.isna(row["row"]) else int(row["row"]),
            column=_text(row["column"]),
            value=_text(row["value"]),
            params=json.loads(row["params"]),
        )
        for row in records
    )


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
