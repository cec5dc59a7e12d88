"""The data cut-off in a package: what starts later is left out and counted, what ends later is still going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ...model.problem import Problem
from ...model.vocabulary import Disposition
from .mapping import Mapped

_DAY = len("2026-03-05")
_ENTRY = ("RFICDTC", "DMDTC", "ENRLDTC", "RFSTDTC")  # the first one filled in says when a subject entered
_SUBJECT_LATER = ("RFSTDTC", "RFENDTC", "RFICDTC", "ENRLDTC", "DTHDTC")


@dataclass(frozen=True)
class Kept:
    """A dataset's rows at the cut-off.

    Parameters
    ----------
    excluded : rows left out. cleared : variable's column → rows whose later date was removed.
    ongoing : rows that were marked as ongoing because of that.
    """

    mapped: Mapped
    excluded: pd.Series
    cleared: Mapping[str, pd.Series]
    ongoing: pd.Series
    problems: tuple[Problem, ...]


def apply_cutoff(parts: Sequence[Mapped], cutoff: date | None) -> list[Kept]:
    """Return what was there at the cut-off; None leaves everything. A partial date stands for its earliest day.

    Of a subject who entered later (consent, else collection of DM, enrolment, first dose) every row is left out.
    """
    day = "9999-12-31" if cutoff is None else cutoff.isoformat()
    late = {subject for part in parts if part.table == "DM" for subject in _late(part, day)}
    return [_keep(part, day, late) for part in parts]


def _after(dates: pd.Series, day: str) -> pd.Series:
    return (dates.str[:_DAY] > day).fillna(False).astype(bool)


def _late(part: Mapped, day: str) -> list[str]:
    rows = part.rows
    entry = pd.Series(pd.NA, index=rows.index, dtype="str")
    for name in _ENTRY:
        column = rows.get(name, part.source.frame.get(name))
        if column is not None and not pd.api.types.is_numeric_dtype(column):
            entry = entry.fillna(column)
    return list(rows.loc[_after(entry, day), "USUBJID"].dropna())


def _keep(part: Mapped, day: str, late: set[str]) -> Kept:
    rows = part.rows
    out = rows["USUBJID"].isin(list(late))
    if part.spec.start:
        out |= _after(rows[part.spec.start], day)
    problems = _notes(part, out, day)
    cleared: dict[str, pd.Series] = {}
    ongoing = pd.Series(False, index=rows.index)
    for name in _later_columns(part):
        after = _after(rows[name], day) & ~out
        if not after.any():
            continue
        cleared[name] = after
        rows = rows.assign(**{name: rows[name].mask(after)})
        mark = name.removesuffix("ENDTC") + "ENRF"
        if mark in rows:
            ongoing |= after & rows[mark].isna()
            rows = rows.assign(**{mark: rows[mark].mask(after, "Y")})
    if "LSTALVDTC" in rows:
        rows = rows.assign(LSTALVDTC=rows["LSTALVDTC"].mask(_after(rows["LSTALVDTC"], day), day))
    if cleared:
        n = sum(int(after.sum()) for after in cleared.values())
        problems.append(part.source.problem("cut_to_cutoff", n=n, cutoff=day))
    return Kept(replace(part, rows=rows), out, cleared, ongoing, tuple(problems))


def _later_columns(part: Mapped) -> list[str]:
    names = _SUBJECT_LATER if part.table == "DM" else (f"{part.table}ENDTC",)
    return [name for name in names if name in part.rows]


def _notes(part: Mapped, out: pd.Series, day: str) -> list[Problem]:
    problems: list[Problem] = []
    if out.any():
        code = "subject_after_cutoff" if part.table == "DM" else "excluded_after_cutoff"
        problems.append(part.source.problem(code, n=int(out.sum()), cutoff=day))
    if part.table == "DS":
        deaths = out & (part.rows["DSDECOD"] == Disposition.DEATH)
        problems += part.source.flag(deaths, "death_after_cutoff", "DSSTDTC", subject=part.rows["USUBJID"])
    return problems
