"""Typed sheets turned into the domain tables of a cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.problem import Problem
from ..model.schema import TABLES, Table
from ..model.vocabulary import VITAL_SIGNS, Disposition, SupportClass
from .lab import StandardResults, limits_of, long_results, query_implausible, range_indicator, standardise_lab
from .rowkeys import add_row_identity
from .text import map_unique, map_unique_text
from .units import TestUnits, lab_units, vital_units
from .values import TypedSheet, as_typed

_NAMED_VISITS = {"SCREENING": -1.0, "BASELINE": 0.0}
_GROWTH_FACTORS = [
    SupportClass.GCSF, SupportClass.PEGGCSF, SupportClass.TPO, SupportClass.TPORA, SupportClass.EPO,
]  # fmt: skip


@dataclass(frozen=True)
class SheetRows:
    """Rows of one sheet for one table, columns of the table as far as the sheet has them, and SRCROW."""

    table: str
    source: TypedSheet
    rows: pd.DataFrame


@dataclass(frozen=True)
class Built:
    """The rows of every sheet and the findings of the conversion to standard units."""

    parts: tuple[SheetRows, ...]
    problems: tuple[Problem, ...]


def visit_number(visit: pd.Series) -> pd.Series:
    """Return VISITNUM: week n → n, screening −1, baseline 0, unscheduled and unknown missing."""
    return map_unique(visit, _number_of_visit).astype(float)


def _number_of_visit(visit: str) -> float:
    if visit in _NAMED_VISITS:
        return _NAMED_VISITS[visit]
    week = visit.removeprefix("W")
    return float(week) if visit != week and week.isdecimal() else np.nan


def with_time(typed: TypedSheet, date_column: str, time_column: str) -> pd.Series:
    """Return dates with their time of day: the time column's, else one typed with the date, else none."""
    dates = typed.values[date_column]
    times = typed.values[time_column].fillna(typed.extras[date_column])
    return dates.where(times.isna(), dates + "T" + times)


def _plain(typed: TypedSheet) -> pd.DataFrame:
    """Return the columns of a sheet that stand in its table under the same name."""
    table = TABLES[typed.source.sheet.table]
    names = [column.code for column in typed.source.sheet.columns if column.code in table.columns]
    rows = typed.values[[name for name in names if name != "SUBJID"]].copy()
    rows["SUBJID"], rows["SRCROW"] = typed.values["SUBJID"], typed.values.index
    return rows


def _subjects(typed: TypedSheet, sheets: Mapping[str, TypedSheet]) -> list[SheetRows]:
    subjects = _plain(typed)
    subjects["RFSTDTC"] = _of_subjects(subjects, sheets.get("EX"), _first_atg).fillna(subjects["ATGSTDTC"])
    subjects["RFENDTC"] = _of_subjects(subjects, sheets.get("EX"), _last_dose)
    subjects["DTHDTC"] = _of_subjects(subjects, sheets.get("DS"), _death)
    criteria = [column.code for column in typed.source.sheet.columns if column.table == "IE"]
    answers = typed.values[criteria]
    failed = (answers.filter(like="INCL") == "N").any(axis=1) | (answers.filter(like="EXCL") == "Y").any(axis=1)
    subjects["SCRNFL"] = np.where(failed & subjects["ENRLDTC"].isna(), "Y", "N")
    long = typed.values[["SUBJID", *criteria]].melt(
        "SUBJID", var_name="IETESTCD", value_name="IEORRES", ignore_index=False
    )
    eligibility = long[long["IEORRES"].notna()].assign(SRCROW=lambda rows: rows.index)
    return [SheetRows("DM", typed, subjects), SheetRows("IE", typed, eligibility)]


def _first_atg(doses: pd.DataFrame) -> pd.Series:
    return doses[doses["EXTRT"] == "RATG"].groupby("SUBJID")["EXSTDTC"].min()


def _last_dose(doses: pd.DataFrame) -> pd.Series:
    ends = doses["EXENDTC"].fillna(doses["EXSTDTC"])
    return ends.groupby(doses["SUBJID"]).max()


def _death(events: pd.DataFrame) -> pd.Series:
    return events[events["DSDECOD"] == Disposition.DEATH].groupby("SUBJID")["DSSTDTC"].min()


def _of_subjects(
    subjects: pd.DataFrame, sheet: TypedSheet | None, pick: Callable[[pd.DataFrame], pd.Series]
) -> pd.Series:
    """Return one value per subject that `pick` takes from another sheet; missing where there is none."""
    if sheet is None:
        return pd.Series(np.nan, index=subjects.index, dtype="str")
    return subjects["SUBJID"].map(pick(sheet.values).to_dict()).astype("str")


def _laboratory(typed: TypedSheet, results: StandardResults, sex: pd.Series) -> pd.DataFrame:
    tests = lab_units()
    long = long_results(typed, results, tests)
    samples = typed.values.assign(LBDTC=with_time(typed, "LBDTC", "LBTM"))
    samples = samples.loc[long["row"], ["SUBJID", "VISIT", "LBDTC"]].reset_index(drop=True)
    limits = limits_of(long, samples["SUBJID"].map(sex.to_dict()), results)
    return samples.assign(
        VISITNUM=visit_number(samples["VISIT"]),
        LBTESTCD=long["test"],
        LBTEST=long["test"].map({code: test.name for code, test in tests.items()}),
        LBCAT=long["test"].map({code: test.category for code, test in tests.items()}),
        LBORRES=as_typed(long["orres"]),
        LBORRESU=long["unit"],
        LBORNRLO=_as_text(limits["lo"]),
        LBORNRHI=_as_text(limits["hi"]),
        LBSTRESN=long["stresn"],
        LBSTRESU=long["standard"],
        LBCENS=long["censor"],
        LBSTNRLO=limits["stlo"],
        LBSTNRHI=limits["sthi"],
        LBNRIND=range_indicator(long["stresn"], long["censor"], limits["stlo"], limits["sthi"]),
        SRCROW=long["row"],
    )


def _as_text(numbers: pd.Series) -> pd.Series:
    return map_unique_text(numbers, lambda number: f"{number:.15g}")


def _drug_levels(typed: TypedSheet, test: TestUnits) -> pd.DataFrame:
    rows = typed.values[["SUBJID", "LBTPT"]].assign(
        LBDTC=with_time(typed, "LBDTC", "LBTM"),
        LBTESTCD=test.code,
        LBTEST=test.name,
        LBCAT=test.category,
        LBORRES=as_typed(typed.source.data["LBORRES"]),
        LBORRESU=test.standard,
        LBSTRESN=typed.values["LBORRES"],
        LBSTRESU=test.standard,
        LBCENS=typed.extras["LBORRES"],
        SRCROW=typed.values.index,
    )
    return rows[rows["LBSTRESN"].notna()]


def _vital_signs(typed: TypedSheet) -> pd.DataFrame:
    tests = vital_units()
    used = [code for code in typed.source.sheet.tests if typed.values[code].notna().any()]
    keys = typed.values[["SUBJID"]].assign(VSDTC=with_time(typed, "VSDTC", "VSTM"), SRCROW=typed.values.index)
    parts = [
        keys.assign(VSTESTCD=code, VSORRES=as_typed(typed.source.data[code]), VSSTRESN=typed.values[code])[
            typed.values[code].notna()
        ]
        for code in used
    ]
    rows = pd.concat(parts) if parts else keys.head(0).assign(VSTESTCD="", VSORRES="", VSSTRESN=0.0)
    units = rows["VSTESTCD"].map(VITAL_SIGNS)
    names = rows["VSTESTCD"].map({code: test.name for code, test in tests.items()})
    return rows.assign(VSTEST=names, VSORRESU=units, VSSTRESU=units)


def _medication(typed: TypedSheet) -> pd.DataFrame:
    rows = _plain(typed)
    if typed.source.sheet.category:
        return rows.assign(CMCAT=typed.source.sheet.category, CMTRT=rows["CMCLAS"])
    growth = rows["CMCLAS"].isin(_GROWTH_FACTORS)
    return rows.assign(CMCAT=np.where(growth, "GROWTH FACTOR", "CONCOMITANT"))


def _simple(typed: TypedSheet) -> pd.DataFrame:
    rows = _plain(typed)
    if "VISIT" in rows:
        rows["VISITNUM"] = visit_number(rows["VISIT"])
    if "DSDECOD" in rows:
        rows["DSTERM"], rows["DSCAT"] = rows["DSDECOD"], "DISPOSITION EVENT"
    return rows


def build_rows(sheets: Mapping[str, TypedSheet]) -> Built:
    """Turn every sheet into rows of its table; laboratory results and vital signs from wide to long."""
    subjects = sheets.get("SUBJ")
    sex = pd.Series(dtype="str")
    if subjects is not None:
        sex = subjects.values.drop_duplicates("SUBJID").set_index("SUBJID")["SEX"]
    parts: list[SheetRows] = []
    problems: list[Problem] = []
    for code, typed in sheets.items():
        table = typed.source.sheet.table
        if table == "DM":
            parts += _subjects(typed, sheets)
        elif code == "LAB":
            results = standardise_lab(typed, lab_units())
            problems += results.problems
            parts.append(SheetRows(table, typed, _laboratory(typed, results, sex)))
        elif code == "CSA":
            test = lab_units()[typed.source.sheet.test]
            problems += query_implausible(typed, test.code, test, _troughs(typed), test.standard, test_column="LBORRES")
            parts.append(SheetRows(table, typed, _drug_levels(typed, test)))
        elif typed.source.sheet.wide == "vital":
            for name in typed.source.sheet.tests:
                problems += query_implausible(typed, name, vital_units()[name], typed.values[name], "")
            parts.append(SheetRows(table, typed, _vital_signs(typed)))
        else:
            parts.append(SheetRows(table, typed, _medication(typed) if table == "CM" else _simple(typed)))
    return Built(tuple(parts), tuple(problems))


def _troughs(typed: TypedSheet) -> pd.Series:
    """Return the trough levels only: the plausible range is theirs."""
    return typed.values["LBORRES"].where(typed.values["LBTPT"] == "C0")


def finish_tables(parts: tuple[SheetRows, ...], study: str) -> dict[str, pd.DataFrame]:
    """Return every table of the schema with exactly its columns and types, row identity and provenance."""
    return {
        name: _finish(table, [part for part in parts if part.table == name], study) for name, table in TABLES.items()
    }


def _finish(table: Table, parts: list[SheetRows], study: str) -> pd.DataFrame:
    frames = [
        part.rows.assign(SRCFILE=part.source.source.file, SRCSHEET=part.source.source.name)
        for part in parts
        if len(part.rows)
    ]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if len(frame):
        frame["STUDYID"], frame["USUBJID"] = study, study + "-" + frame["SUBJID"]
    frame = _typed(frame.reindex(columns=list(table.all_columns)), table)
    return add_row_identity(frame, table)[list(table.all_columns)] if len(frame) else frame


def _typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    dtypes = {"text": "str", "float": "float64", "int": "Int64"}
    return frame.astype({name: dtypes[kind] for name, kind in table.all_columns.items()})
