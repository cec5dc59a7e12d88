"""Answers of a package that contradict each other, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ...model.problem import Problem
from ...model.vocabulary import Disposition, Outcome
from .dataset import SdtmDataset
from .mapping import Mapped, as_text
from .terms import words
from .visits import visit_code

_CRITERIA = ["AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"]
_DAY = len("2026-03-05")


def check_rules(parts: Sequence[Mapped], latest: date) -> list[Problem]:
    """Return every query and note on the content of a package.

    Parameters
    ----------
    latest : no date may lie after it.
    """
    problems: list[Problem] = []
    for part in parts:
        problems += _order(part) + _future(part, latest.isoformat()) + _visit_numbers(part.source)
        if part.table == "EX":
            open_end = part.rows["EXENDTC"].isna() & (part.rows["EXENRF"] != "Y")
            problems += part.source.note(open_end, "sdtm_dose_without_end", "EXSTDTC")
        if part.table == "AE":
            problems += _events(part) + _deaths(part, parts)
    return problems + _absent(parts)


def _order(part: Mapped) -> list[Problem]:
    start, end = f"{part.table}STDTC", f"{part.table}ENDTC"
    if start not in part.rows or end not in part.rows:
        return []
    first, last = part.rows[start].str[:_DAY], part.rows[end].str[:_DAY]
    wrong = last < first.where(first.str.len() <= last.str.len(), _cut(first, last))
    return part.source.flag(wrong.fillna(False).astype(bool), "sdtm_date_order", end, start=part.rows[start])


def _cut(first: pd.Series, last: pd.Series) -> pd.Series:
    """Return the first dates at the precision of the last ones."""
    out = first
    for length in (4, 7):
        out = out.mask(last.str.len() == length, first.str[:length])
    return out


def _future(part: Mapped, latest: str) -> list[Problem]:
    names = [name for name in part.rows if str(name).endswith("DTC")]
    problems = []
    for name in names:
        after = (part.rows[name].str[:_DAY] > latest).fillna(False).astype(bool)
        variable = next((v for v, column in part.taken.items() if column == name), str(name))
        problems += part.source.flag(after, "sdtm_date_future", variable, today=latest)
    return problems


def _visit_numbers(dataset: SdtmDataset) -> list[Problem]:
    """Return a query for each VISITNUM under which a dataset has visits of different names."""
    frame = dataset.frame
    if "VISIT" not in frame or "VISITNUM" not in frame:
        return []
    pairs = frame[["VISITNUM", "VISIT"]].dropna().drop_duplicates()
    shared = pairs[pairs["VISITNUM"].duplicated(keep=False)]
    problems = []
    for number, names in shared.groupby("VISITNUM")["VISIT"]:
        row, listed = int(names.index[-1]), " / ".join(sorted(map(str, names)))
        n = int((frame["VISITNUM"] == number).sum())
        problems.append(dataset.problem("sdtm_visitnum_shared", row, "VISITNUM", number, visits=listed, n=n))
    return problems


def _events(part: Mapped) -> list[Problem]:
    rows, source = part.rows, part.source
    fatal = (rows["AESDTH"] == "Y") | (rows["AEOUT"] == Outcome.FATAL)
    serious = rows["AESER"] == "Y"
    criterion = (rows[_CRITERIA] == "Y").any(axis=1)
    ungraded = rows["AESEV"].notna() & rows["AETOXGR"].isna()
    return [
        *source.flag(fatal & ~serious, "sdtm_fatal_not_serious", "AESER", term=_term(rows)),
        *source.flag(criterion & ~fatal & (rows["AESER"] == "N"), "sdtm_seriousness", "AESER", term=_term(rows)),
        *source.note(ungraded, "sdtm_severity_without_grade", "AESEV"),
    ]


def _term(rows: pd.DataFrame) -> pd.Series:
    return rows["AEDECOD"].fillna(rows["AETERM"])


def _deaths(part: Mapped, parts: Sequence[Mapped]) -> list[Problem]:
    """Return fatal events of subjects whose death is neither in DS nor in DM."""
    dead: set[str] = set()
    for other in parts:
        if other.table == "DS":
            dead |= set(other.rows.loc[other.rows["DSDECOD"] == Disposition.DEATH, "USUBJID"])
        if other.table == "DM":
            dead |= set(other.rows.loc[other.rows["DTHDTC"].notna(), "USUBJID"])
    fatal = part.rows["AEOUT"] == Outcome.FATAL
    missing = fatal & ~part.rows["USUBJID"].isin(list(dead))
    return part.source.flag(missing, "sdtm_death_without_disposition", "AEOUT")


def _absent(parts: Sequence[Mapped]) -> list[Problem]:
    """Return what the endpoints need and the package does not hold."""
    needed = words()["needed"]
    there = {part.table for part in parts if len(part.rows)}
    absent = [name for name in needed["domains"] if name not in there]
    problems = [SdtmDataset(name, "", "").problem("sdtm_domain_absent") for name in absent]
    laboratory = [part for part in parts if part.table == "LB" and len(part.rows)]
    if laboratory:
        found = {code for part in laboratory for code in part.rows.loc[part.rows["LBSTRESN"].notna(), "LBTESTCD"]}
        source = laboratory[0].source
        unmeasured = [test for test in needed["tests"] if test not in found]
        problems += [source.problem(f"sdtm_test_absent_{test}", None, "LBTESTCD", test) for test in unmeasured]
    return problems


def named_visits(parts: Sequence[Mapped]) -> list[Problem]:
    """Return a note on the visits of a dataset that are neither weeks nor screening, baseline or unscheduled."""
    problems = []
    for part in parts:
        if part.table != "SV" or "VISIT" not in part.source.frame:
            continue
        names = as_text(part.source.frame["VISIT"])
        other = part.rows["VISIT"].notna() & (part.rows["VISIT"] == names.map(visit_code, na_action="ignore"))
        other &= ~part.rows["VISIT"].str.fullmatch(r"W\d+|SCREENING|BASELINE|UNSCHEDULED", na=False)
        listed = ", ".join(sorted(part.rows.loc[other, "VISIT"].unique()))
        problems += part.source.note(other, "sdtm_visits_named", "VISIT", visits=listed)
    return problems
