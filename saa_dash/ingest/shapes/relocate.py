"""Findings and rows of an import traced back from the sheets made of foreign tables to where they stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...model.cut import SourceFile
from ...model.problem import Problem
from ...model.schema import TABLES
from ..lab import range_indicator
from ..numbers import read_number
from ..reconcile import COLUMNS, COMPLETE, EXPLAINED
from ..rowkeys import add_row_identity
from ..units import RBC_PERCENT, lab_units
from .assemble import FIRST_ROW, Origins
from .contribution import Taken
from .source_table import SourceTable

if TYPE_CHECKING:
    from ..incoming import Incoming

# Column of a table that tells which column of the sheet a row came from, where a row of the sheet gives many.
_CELL_COLUMN = {"LB": "LBTESTCD", "VS": "VSTESTCD", "IE": "IETESTCD"}
_ROW_PARAMS = ("first_row",)
_SHEET_PARAMS = ("sheet_name",)
_DECIMALS = 9


@dataclass(frozen=True)
class Trace:
    """All that is needed to trace an import back.

    Parameters
    ----------
    headers : header by number of the table and form column, per sheet.
    """

    tables: Sequence[SourceTable]
    origins: Mapping[str, Origins]
    headers: Mapping[tuple[str, int, str], str]
    taken: Sequence[Taken]
    problems: Sequence[Problem]


def relocate(incoming: Incoming, trace: Trace) -> Incoming:
    """Return an import with files, sheets, rows, columns and typed values as the user's own tables have them."""
    limited = _limited_tests(trace)
    found = [
        _problem(problem, trace)
        for problem in incoming.problems
        if not (problem.code == "limits_missing" and problem.sheet == "LAB" and problem.column in limited)
    ]
    order = {"error": 0, "query": 1, "note": 2}
    problems = sorted([*trace.problems, *found], key=lambda p: (order[p.severity], p.file, p.sheet, p.row or 0))
    return replace(
        incoming,
        tables={name: _table(name, frame, trace) for name, frame in incoming.tables.items()},
        problems=tuple(problems),
        reconciliation=_reconciliation(incoming.reconciliation, trace),
        sources=tuple(_source_rows(source, trace) for source in incoming.sources),
    )


def _limited_tests(trace: Trace) -> set[str]:
    """Return the tests of which some result carries normal limits of its own."""
    lab = trace.origins.get("LAB")
    if lab is None:
        return set()
    own = lab.cells[lab.cells[["lo", "hi"]].notna().any(axis=1)]
    return set(own.index.get_level_values("code"))


def _problem(problem: Problem, trace: Trace) -> Problem:
    origins = trace.origins.get(problem.sheet)
    if origins is None:
        return problem
    code = problem.column
    if problem.row is None or problem.row < FIRST_ROW or problem.row not in origins.rows.index:
        t = int(origins.rows["t"].iloc[0])
        row, value = None, problem.value
    elif (problem.row, code) in origins.cells.index:
        cell = origins.cells.loc[[(problem.row, code)]].iloc[0]
        t, row, value = int(cell["t"]), int(cell["row"]), str(cell["typed"])
    else:
        place = origins.rows.loc[[problem.row]].iloc[0]
        t, row = int(place["t"]), int(place["row"])
        value = _typed(trace, problem.sheet, t, row, code) or problem.value
    table = trace.tables[t]
    header = trace.headers.get((problem.sheet, t, code), code)
    params = {name: _param(name, value, problem.sheet, trace) for name, value in problem.params.items()}
    return replace(
        problem,
        file=table.file,
        sheet=table.sheet,
        row=row,
        column=header,
        value=value if problem.value else "",
        params=params,
    )


def _typed(trace: Trace, sheet: str, t: int, row: int, code: str) -> str:
    header = trace.headers.get((sheet, t, code))
    value = trace.tables[t].body.at[row, header] if header else ""
    return value if isinstance(value, str) else ""


def _param(name: str, value: object, sheet: str, trace: Trace) -> object:
    if name in _ROW_PARAMS and sheet in trace.origins:
        found = trace.origins[sheet].rows["row"].get(int(str(value)))
        return value if found is None else int(found)
    if name in _SHEET_PARAMS and value in trace.origins:
        return trace.tables[int(trace.origins[str(value)].rows["t"].iloc[0])].name
    return value


def _table(name: str, frame: pd.DataFrame, trace: Trace) -> pd.DataFrame:
    """Return a table of the cut with file, sheet and row of its true source, and results as they were typed."""
    if frame.empty:
        return frame
    if name == "LB" and "LAB" in trace.origins:
        frame = _results_as_typed(frame, trace.origins["LAB"])
    places = _places(name, frame, trace)
    files = np.array([table.file for table in trace.tables], dtype=object)
    sheets = np.array([table.sheet for table in trace.tables], dtype=object)
    number = places["t"].to_numpy(dtype=int)
    return frame.assign(
        SRCFILE=pd.array(files[number], dtype="str"),
        SRCSHEET=pd.array(sheets[number], dtype="str"),
        SRCROW=pd.array(places["row"].to_numpy(dtype=int), dtype="Int64"),
    )


def _places(name: str, frame: pd.DataFrame, trace: Trace) -> pd.DataFrame:
    places = pd.DataFrame({"t": 0, "row": 0}, index=frame.index)
    for code, own in frame.groupby("SRCSHEET", sort=False):
        origins = trace.origins[str(code)]
        rows = own["SRCROW"].astype(int)
        found = origins.rows.reindex(rows).set_axis(own.index, axis=0)
        if name in _CELL_COLUMN:
            index = pd.MultiIndex.from_arrays([rows, own[_CELL_COLUMN[name]]])
            cells = origins.cells[["t", "row"]].reindex(index).set_axis(own.index, axis=0)
            found = cells.where(cells.notna(), found)
        places.loc[own.index] = found.astype(int)
    return places


def _results_as_typed(frame: pd.DataFrame, lab: Origins) -> pd.DataFrame:
    """Return laboratory rows with value, unit and normal limits as the source has them.

    A result that was converted to the unit of the others of its test gets its own text and unit back; limits that
    stand beside each result take the place of those of a whole sheet. Standard values stay as they are.
    """
    index = pd.MultiIndex.from_arrays([frame["SRCROW"].astype(int), frame["LBTESTCD"]])
    cells = lab.cells.reindex(index).set_axis(frame.index, axis=0)
    cells = cells.where(frame["SRCSHEET"] == "LAB")
    converted, limited = cells["typed_unit"].notna(), cells[["lo", "hi"]].notna().any(axis=1)
    if not (converted | limited).any():
        return frame
    unit = frame["LBORRESU"].where(~converted, cells["typed_unit"])
    frame = frame.assign(LBORRES=frame["LBORRES"].where(~converted, cells["typed"]), LBORRESU=unit)
    factors = {
        (code, name): factor
        for code, test in lab_units().items()
        for name, factor in test.factors.items()
        if factor != RBC_PERCENT
    }
    factor = pd.Series([factors.get(pair, np.nan) for pair in zip(frame["LBTESTCD"], unit, strict=True)], frame.index)
    for side, text, standard in (("lo", "LBORNRLO", "LBSTNRLO"), ("hi", "LBORNRHI", "LBSTNRHI")):
        number = cells[side].map(lambda typed: read_number(typed).value, na_action="ignore").astype(float)
        frame[text] = frame[text].where(~limited, number.map("{:.15g}".format, na_action="ignore")).astype("str")
        frame[standard] = frame[standard].where(~limited, (number * factor.astype(float)).round(_DECIMALS))
    indicator = range_indicator(frame["LBSTRESN"], frame["LBCENS"], frame["LBSTNRLO"], frame["LBSTNRHI"])
    frame["LBNRIND"] = frame["LBNRIND"].where(~limited, indicator)
    table = TABLES["LB"]
    dtypes = {"text": "str", "float": "float64", "int": "Int64"}
    frame = frame.astype({name: dtypes[kind] for name, kind in table.all_columns.items()})
    return add_row_identity(frame, table)[list(table.all_columns)]


def _reconciliation(frame: pd.DataFrame, trace: Trace) -> pd.DataFrame:
    """Return the reconciliation with one row per foreign table before those of the sheets made of them."""
    rows = []
    for taken in trace.taken:
        lost = sum(taken.left_out.values())
        zeros = dict.fromkeys(COLUMNS, 0)
        rows.append(
            zeros
            | {
                "sheet": taken.table.name,
                "rows_in": len(taken.table.body),
                "rows_out": taken.rows_out,
                "values_in": taken.values_in,
                "values_out": taken.values_out,
                "values_ignored": lost,
                "note": EXPLAINED if lost else COMPLETE,
            }
        )
    made = frame.assign(sheet="→ " + frame["sheet"].astype("str")) if len(frame) else frame
    return pd.concat([pd.DataFrame(rows, columns=list(COLUMNS)), made], ignore_index=True)


def _source_rows(source: SourceFile, trace: Trace) -> SourceFile:
    rows = sum(taken.rows_out for taken in trace.taken if taken.table.file == source.name)
    return replace(source, rows=rows)
