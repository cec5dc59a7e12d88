"""The contributions of all tables put together: the sheets of the form, and where each cell of them stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ..form import INFO_SHEET, LIMIT_ROWS, load_form
from ..raw import RawSheet, raw_sheet
from ..units import lab_units
from .contribution import KEYS, Contribution
from .lab_cells import harmonise
from .source_table import SourceTable

HEADER_ROW, UNIT_ROW = 1, 2
_LIMIT_ROWS = {code: UNIT_ROW + n for n, code in enumerate(LIMIT_ROWS)}
FIRST_ROW = UNIT_ROW + len(LIMIT_ROWS)
_LATEST = "LSTALVDTC"  # of several dates last known alive the latest counts


@dataclass(frozen=True)
class Origins:
    """Where the rows and cells of one sheet stood.

    Parameters
    ----------
    rows : index = row of the sheet; columns ``t`` (number of the table) and ``row``.
    cells : index = row and form column; columns ``t``, ``row``, ``column``, ``typed``, ``typed_unit``, ``lo``, ``hi``.
    units : unit of the sheet by test.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    units: Mapping[str, str]


@dataclass(frozen=True)
class Assembled:
    """Sheets of the form made of foreign tables."""

    sheets: tuple[RawSheet, ...]
    origins: Mapping[str, Origins]
    problems: tuple[Problem, ...]


def assemble(
    contributions: Sequence[Contribution], tables: list[SourceTable], file: str, *, usual_limits: bool = False
) -> Assembled:
    """Return the sheets that the contributions give together.

    Parameters
    ----------
    file : stands for the file of every sheet until the rows are traced back.
    usual_limits : the usual adult limits of the form (units.toml) stand where the tables have no normal limits.
    """
    info = [["key", "value"], ["form_version", str(load_form().version)]]
    sheets = [raw_sheet(file, INFO_SHEET, info)]
    origins: dict[str, Origins] = {}
    problems: list[Problem] = []
    for code in load_form().sheets:
        parts = [part for part in contributions if part.sheet == code]
        if parts:
            sheet, origins[code], found = _sheet(code, parts, tables, file)
            sheets.append(_with_limits(sheet, origins[code].units) if usual_limits and code == "LAB" else sheet)
            problems += found
    return Assembled(tuple(sheets), origins, tuple(problems))


def _joined(parts: Sequence[Contribution], tables: list[SourceTable]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return keys and cells of all parts; ``i`` numbers the rows, ``t`` the tables, ``order`` the cells."""
    keys, cells, start = [], [], 0
    for part in parts:
        t = next(number for number, table in enumerate(tables) if table is part.table)
        number = pd.Series(np.arange(start, start + len(part.keys)), index=part.keys.index)
        keys.append(part.keys.assign(t=t, row=part.keys.index, i=number))
        cells.append(part.cells.assign(t=t, i=number.reindex(part.cells.index).to_numpy()))
        start += len(part.keys)
    joined = pd.concat(cells, ignore_index=True)
    return pd.concat(keys, ignore_index=True), joined.assign(order=np.arange(len(joined)))


def _sheet(
    code: str, parts: Sequence[Contribution], tables: list[SourceTable], file: str
) -> tuple[RawSheet, Origins, list[Problem]]:
    keys, cells = _joined(parts, tables)
    names = list(KEYS.get(code, ()))
    problems: list[Problem] = []
    units: dict[str, str] = {}
    cells["typed_unit"] = np.nan
    if code == "LAB":
        cells, units, problems = harmonise(cells, tables)
    keys["g"] = keys.groupby(names, dropna=False, sort=False).ngroup() if names else keys["i"]
    cells["g"] = cells["i"].map(keys.set_index("i")["g"])
    if code == "SUBJ":
        problems += _differences(cells, tables)
        cells = _one_per_subject(cells)
    cells["n"] = cells.groupby(["g", "code"], sort=False).cumcount()
    places = cells[["g", "n"]]
    if code == "SUBJ":
        places = pd.concat([places, keys[["g"]].assign(n=0)])
    numbered = places.drop_duplicates().sort_values(["g", "n"], kind="stable").reset_index(drop=True)
    numbered["at"] = np.arange(FIRST_ROW, FIRST_ROW + len(numbered))
    cells = cells.merge(numbered, on=["g", "n"], how="left")
    frame = cells.pivot(index="at", columns="code", values="text").reindex(numbered["at"])
    first = keys.drop_duplicates("g").set_index("g")
    for name in names:
        frame[name] = first[name].reindex(numbered["g"]).to_numpy()
    order = [name for name in load_form().sheets[code].codes if name in frame]
    sheet = _raw(file, code, frame[order], units)
    return sheet, _origins(cells, numbered, first, units), problems


def _origins(cells: pd.DataFrame, numbered: pd.DataFrame, first: pd.DataFrame, units: Mapping[str, str]) -> Origins:
    rows = cells.sort_values("order").drop_duplicates("at").set_index("at")[["t", "row"]]
    empty = numbered[~numbered["at"].isin(rows.index)]
    bare = first.loc[empty["g"], ["t", "row"]].set_axis(empty["at"].to_numpy(), axis=0)
    by_cell = cells.set_index(["at", "code"])[["t", "row", "column", "typed", "typed_unit", "lo", "hi"]]
    return Origins(pd.concat([rows, bare]), by_cell.sort_index(), units)


def _raw(file: str, code: str, frame: pd.DataFrame, units: Mapping[str, str]) -> RawSheet:
    cells = frame.astype("str")
    head = pd.DataFrame([list(cells.columns)], index=[HEADER_ROW], columns=cells.columns)
    parts = [head]
    if units:
        row = {name: units.get(str(name)) for name in cells.columns} | {"SUBJID": "UNIT"}
        parts.append(pd.DataFrame([row], index=[UNIT_ROW], columns=cells.columns))
    whole = pd.concat([*parts, cells]).astype("str")
    return RawSheet(file, code, whole.set_axis(range(len(cells.columns)), axis=1))


def _with_limits(sheet: RawSheet, units: Mapping[str, str]) -> RawSheet:
    """Return the laboratory sheet with the usual adult limits, in the unit of each test."""
    names = list(sheet.cells.iloc[0])
    rows = {row: [code if name == "SUBJID" else _usual(str(name), units, code) for name in names] for code, row in
            _LIMIT_ROWS.items() if code != "UNIT"}  # fmt: skip
    limits = pd.DataFrame.from_dict(rows, orient="index", columns=sheet.cells.columns).astype("str")
    return replace(sheet, cells=pd.concat([sheet.cells, limits]).sort_index())


def _usual(name: str, units: Mapping[str, str], row: str) -> str | None:
    test = lab_units().get(name)
    factor = test.factors.get(units.get(name, test.standard)) if test is not None else None
    if test is None or row not in test.limits or not isinstance(factor, int | float):
        return None
    return f"{test.limits[row] / factor:.15g}"


def _one_per_subject(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one cell per subject and column: the first, of dates last known alive the latest."""
    latest = cells["code"] == _LATEST
    last = cells[latest].sort_values("text").drop_duplicates(["g", "code"], keep="last")
    return pd.concat([cells[~latest].drop_duplicates(["g", "code"]), last]).sort_values("order")


def _differences(cells: pd.DataFrame, tables: list[SourceTable]) -> list[Problem]:
    """Return a query for each later cell of a subject that says something else than the first one."""
    own = cells[cells["code"] != _LATEST]
    first = own.groupby(["g", "code"])["text"].transform("first")
    rows = own.groupby(["g", "code"])["row"].transform("first")
    other = own[own["text"] != first]
    return [
        tables[t].problem("subject_values_differ", int(row), column, str(typed), first=kept, first_row=int(at))
        for t, row, column, typed, kept, at in zip(
            other["t"],
            other["row"],
            other["column"],
            other["typed"],
            first[other.index],
            rows[other.index],
            strict=True,
        )
    ]
