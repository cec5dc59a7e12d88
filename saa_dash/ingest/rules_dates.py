"""Dates against each other, against today and against a death."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ..model.problem import Problem
from ..model.vocabulary import Disposition
from .form import DATE_KINDS
from .values import TypedSheet

EARLIEST = "2000-01-01"  # an earlier date is queried, except that of the diagnosis
_BEYOND = "~"  # sorts behind every character of a date: a partial end stands for its latest day
# In a subject's row the first may not be later than the second.
_SUBJECT_ORDER = (
    ("RFICDTC", "ENRLDTC"),
    ("ENRLDTC", "ATGSTDTC"),
    ("ATGSTDTC", "ATGENDTC"),
    ("ENRLDTC", "LSTALVDTC"),
)


def check_dates(sheets: Mapping[str, TypedSheet], latest: date | None) -> list[Problem]:
    """Return every breach of the order of dates.

    Parameters
    ----------
    latest : the day of the import: no date may lie after it; None for simulated data, which may reach ahead.
    """
    problems: list[Problem] = []
    deaths = death_dates(sheets)
    for typed in sheets.values():
        problems += _against_calendar(typed, latest)
        problems += _within_rows(typed)
        problems += _after_death(typed, deaths)
    return problems


def death_dates(sheets: Mapping[str, TypedSheet]) -> pd.Series:
    """Return the date of death by subject, from the disposition sheet."""
    if "DS" not in sheets:
        return pd.Series(dtype="str")
    events = sheets["DS"].values
    dead = events[(events["DSDECOD"] == Disposition.DEATH) & events["DSSTDTC"].notna() & events["SUBJID"].notna()]
    return dead.groupby("SUBJID")["DSSTDTC"].min()


def _against_calendar(typed: TypedSheet, latest: date | None) -> list[Problem]:
    problems = []
    for column in typed.source.sheet.columns:
        if column.kind in DATE_KINDS:
            dates = typed.values[column.code]
            if latest is not None:
                problems += typed.flag(dates > latest.isoformat(), "date_future", column.code, today=latest.isoformat())
            if column.code != "DIAGDTC":
                problems += typed.flag(dates < EARLIEST, "date_early", column.code, earliest=EARLIEST)
    return problems


def _within_rows(typed: TypedSheet) -> list[Problem]:
    values = typed.values
    problems = []
    pairs = _SUBJECT_ORDER if typed.source.sheet.table == "DM" else ()
    ends = (name for name in map(str, values) if name.endswith("ENDTC") and not pairs)
    for first, second in (*pairs, *((end.replace("ENDTC", "STDTC"), end) for end in ends)):
        wrong = values[first] > values[second] + _BEYOND
        label = typed.source.headers.get(first, first)
        problems += typed.flag(wrong, "date_order", second, first=label, first_value=values[first])
    for ongoing in (name for name in map(str, values) if name.endswith("ENRF")):
        end = ongoing.replace("ENRF", "ENDTC")
        problems += typed.flag((values[ongoing] == "Y") & values[end].notna(), "ongoing_with_end", end)
    return problems


def _after_death(typed: TypedSheet, deaths: pd.Series) -> list[Problem]:
    died = typed.values["SUBJID"].map(deaths.to_dict()).astype("str")
    if typed.source.sheet.table == "DM":
        return typed.flag(typed.values["LSTALVDTC"] > died, "alive_after_death", "LSTALVDTC", death=died)
    start = typed.source.sheet.start_column
    return typed.flag(typed.values[start] > died, "after_death", start, death=died)
