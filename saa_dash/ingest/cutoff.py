"""The data cut-off: what starts later is left out and counted, what ends later is still going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ..model.problem import Problem
from ..model.vocabulary import Disposition
from .values import TypedSheet

_SUBJECT_STARTS = ("ENRLDTC", "RFICDTC", "ATGSTDTC")  # the first one filled in says when a subject entered
_SUBJECT_LATER = ("ENRLDTC", "RFICDTC", "ATGSTDTC", "ATGENDTC")


@dataclass(frozen=True)
class AfterCutoff:
    """Sheets as they stood at the cut-off.

    Parameters
    ----------
    excluded : rows left out, by sheet code. values_excluded : values left out or cleared, by sheet code.
    values_added : "ongoing" marks set where an end lies after the cut-off, by sheet code.
    """

    sheets: Mapping[str, TypedSheet]
    excluded: Mapping[str, int]
    values_excluded: Mapping[str, int]
    values_added: Mapping[str, int]
    problems: tuple[Problem, ...]


def apply_cutoff(sheets: Mapping[str, TypedSheet], cutoff: date | None) -> AfterCutoff:
    """Leave out records that start after `cutoff` and subjects who entered after it; None leaves everything.

    A partial date stands for its earliest day. An end after the cut-off is cleared and the record marked as ongoing;
    a subject known alive after the cut-off is known alive at it. Later deaths are listed.
    """
    if cutoff is None:
        return AfterCutoff(sheets, {}, {}, {}, ())
    day = cutoff.isoformat()
    late = _late_subjects(sheets.get("SUBJ"), day)
    kept: dict[str, TypedSheet] = {}
    excluded: dict[str, int] = {}
    values_excluded: dict[str, int] = {}
    values_added: dict[str, int] = {}
    problems: list[Problem] = []
    for code, typed in sheets.items():
        start = typed.source.sheet.start_column
        of_late = typed.values["SUBJID"].isin(late)
        out = of_late | (typed.values[start] > day) if start else of_late
        problems += _notes(typed, out, cutoff)
        excluded[code] = int(out.sum())
        values_excluded[code] = _count(typed, out)
        rest = _rows(typed, ~out)
        kept[code], cleared, values_added[code] = _at_cutoff(rest, day)
        values_excluded[code] += cleared
        if cleared:
            problems.append(typed.source.problem("cut_to_cutoff", n=cleared, cutoff=day))
    return AfterCutoff(kept, excluded, values_excluded, values_added, tuple(problems))


def _late_subjects(subjects: TypedSheet | None, day: str) -> set[str]:
    if subjects is None:
        return set()
    start = subjects.values[_SUBJECT_STARTS[0]]
    for name in _SUBJECT_STARTS[1:]:
        start = start.fillna(subjects.values[name])
    return set(subjects.values.loc[start > day, "SUBJID"].dropna())


def _notes(typed: TypedSheet, out: pd.Series, cutoff: date) -> list[Problem]:
    if not out.any():
        return []
    sheet = typed.source
    code = "subject_after_cutoff" if sheet.sheet.table == "DM" else "excluded_after_cutoff"
    problems = [sheet.problem(code, n=int(out.sum()), cutoff=cutoff.isoformat())]
    if "DSDECOD" in typed.values:
        deaths = out & (typed.values["DSDECOD"] == Disposition.DEATH)
        problems += typed.flag(deaths, "death_after_cutoff", "DSSTDTC", subject=typed.values["SUBJID"])
    return problems


def _count(typed: TypedSheet, rows: pd.Series) -> int:
    """Return how many readable values the rows hold."""
    return int((typed.source.data[rows].notna() & typed.issues[rows].isna()).to_numpy().sum())


def _rows(typed: TypedSheet, rows: pd.Series) -> TypedSheet:
    source = replace(typed.source, data=typed.source.data[rows])
    return TypedSheet(source, typed.values[rows], typed.extras[rows], typed.issues[rows])


def _at_cutoff(typed: TypedSheet, day: str) -> tuple[TypedSheet, int, int]:
    """Return the sheet with later dates cleared, the number of values cleared and of "ongoing" marks added."""
    values = typed.values.copy()
    later = [name for name in values if str(name).endswith("ENDTC") or name in _SUBJECT_LATER]
    cleared = added = 0
    for name in later:
        after = values[name] > day
        cleared += int(after.sum())
        values[name] = values[name].mask(after)
        ongoing = str(name).removesuffix("ENDTC") + "ENRF"
        if ongoing in values:
            added += int((after & values[ongoing].isna()).sum())
            values[ongoing] = values[ongoing].mask(after, "Y")
    if "LSTALVDTC" in values:
        values["LSTALVDTC"] = values["LSTALVDTC"].mask(values["LSTALVDTC"] > day, day)
    return replace(typed, values=values), cleared, added
