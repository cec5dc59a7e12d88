"""Answers that contradict each other, or that the analysis will miss."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..model.problem import Problem
from ..model.vocabulary import Component, Disposition, Outcome, SupportClass
from .rules_dates import death_dates
from .values import TypedSheet

_CRITERIA = ["AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"]
_FATAL_GRADE = 5
_CELL_DOSE_UNIT = "E8_CELLS"
_UNSUPPORTED_VISITS = ("SCREENING", "BASELINE", "UNSCHEDULED")  # the question is asked after treatment began
_QUESTIONS = {
    "RBCYN": ("TRANSF", (SupportClass.RBC,)),
    "PLTYN": ("TRANSF", (SupportClass.PLATELET,)),
    "GCSFYN": ("CM", (SupportClass.GCSF, SupportClass.PEGGCSF)),
}
_ATG_DATES = (("ATGSTDTC", "EXSTDTC", "min"), ("ATGENDTC", "EXENDTC", "max"))


def check_answers(sheets: Mapping[str, TypedSheet]) -> list[Problem]:
    """Return contradictions within and between the sheets that are there."""
    problems: list[Problem] = []
    for code, check in (("SUBJ", _eligibility), ("AE", _events), ("DS", _discontinuations), ("EX", _doses)):
        if code in sheets:
            problems += check(sheets[code])
    if "VISIT" in sheets:
        problems += _support(sheets)
    if "AE" in sheets:
        problems += _deaths(sheets)
    if "SUBJ" in sheets and "EX" in sheets:
        problems += _atg_dates(sheets["SUBJ"], sheets["EX"])
    return problems


def _eligibility(typed: TypedSheet) -> list[Problem]:
    enrolled = typed.values["ENRLDTC"].notna()
    problems = []
    for column in typed.source.sheet.columns:
        if column.table == "IE":
            against = "N" if column.code.startswith("INCL") else "Y"
            problems += typed.flag(enrolled & (typed.values[column.code] == against), "not_eligible", column.code)
    return problems


def _events(typed: TypedSheet) -> list[Problem]:
    values = typed.values
    criterion = (values[_CRITERIA] == "Y").any(axis=1)
    problems = typed.flag((values["AESER"] == "Y") & ~criterion, "serious_without_criterion", "AESER")
    problems += typed.flag((values["AESER"] == "N") & criterion, "serious_without_criterion", "AESER")
    fatal = values["AEOUT"] == Outcome.FATAL
    graded = values["AETOXGR"] == _FATAL_GRADE
    return problems + typed.flag((fatal != graded) & values["AEOUT"].notna(), "fatal_mismatch", "AEOUT")


def _discontinuations(typed: TypedSheet) -> list[Problem]:
    stopped = typed.values["DSDECOD"] == Disposition.DISCONTINUATION
    return typed.flag(stopped & typed.values["DSCOMP"].isna(), "component_missing", "DSCOMP")


def _doses(typed: TypedSheet) -> list[Problem]:
    values = typed.values
    cells, in_cells = values["EXTRT"] == Component.UCBMNC, values["EXDOSU"] == _CELL_DOSE_UNIT
    given = values["EXTRT"].notna() & values["EXDOSU"].notna()
    return typed.flag(given & (cells != in_cells), "dose_unit_mismatch", "EXDOSU")


def _deaths(sheets: Mapping[str, TypedSheet]) -> list[Problem]:
    """Return fatal events of subjects whose death is not on the disposition sheet."""
    events = sheets["AE"]
    fatal = events.values["AEOUT"] == Outcome.FATAL
    recorded = events.values["SUBJID"].isin(death_dates(sheets).index)
    return events.flag(fatal & ~recorded, "death_without_disposition", "AEOUT")


def _atg_dates(subjects: TypedSheet, doses: TypedSheet) -> list[Problem]:
    given = doses.values[doses.values["EXTRT"] == Component.RATG]
    given = given.assign(EXENDTC=given["EXENDTC"].fillna(given["EXSTDTC"]))
    problems = []
    for typed_name, dose_name, pick in _ATG_DATES:
        recorded = given.groupby("SUBJID")[dose_name].agg(pick)
        expected = subjects.values["SUBJID"].map(recorded.to_dict()).astype("str")
        entered = subjects.values[typed_name]
        differs = expected.notna() & entered.notna() & (expected != entered)
        problems += subjects.flag(differs, "atg_dates_differ", typed_name, recorded=expected)
    return problems


def _support(sheets: Mapping[str, TypedSheet]) -> list[Problem]:
    """Return unanswered questions on support, and a No beside a record since the previous visit."""
    visits = sheets["VISIT"]
    asked = visits.values["VISIT"].notna() & ~visits.values["VISIT"].isin(_UNSUPPORTED_VISITS)
    problems = []
    for question, (sheet, classes) in _QUESTIONS.items():
        answer = visits.values[question]
        problems += visits.flag(asked & answer.isna(), "support_unanswered", question)
        if sheet in sheets:
            given = sheets[sheet].values
            dates = given.loc[given["CMCLAS"].isin(classes), ["SUBJID", "CMSTDTC"]]
            found = _given_since_last_visit(visits.values, dates)
            problems += visits.flag((answer == "N") & found.notna(), "support_contradiction", question, given=found)
    return problems


def _given_since_last_visit(visits: pd.DataFrame, given: pd.DataFrame) -> pd.Series:
    """Return the date of a record strictly between a visit and the one before it; visit days themselves are open."""
    known = visits[visits["SUBJID"].notna() & visits["SVSTDTC"].notna()].sort_values("SVSTDTC", kind="stable")
    before = known.groupby("SUBJID")["SVSTDTC"].shift()
    right = known.assign(at=pd.to_datetime(known["SVSTDTC"]), before=pd.to_datetime(before), row=known.index).dropna(
        subset=["before"]
    )
    left = given[given["CMSTDTC"].str.len() == 10].dropna()
    left = left.assign(on=pd.to_datetime(left["CMSTDTC"])).sort_values("on")
    if left.empty or right.empty:
        return pd.Series(index=visits.index, dtype="str")
    matched = pd.merge_asof(
        right.sort_values("at"), left.rename(columns={"on": "at"}).assign(on=left["on"]),
        on="at", by="SUBJID", allow_exact_matches=False,
    )  # fmt: skip
    matched = matched[matched["on"] > matched["before"]]
    return matched.set_index("row")["CMSTDTC"].reindex(visits.index)
