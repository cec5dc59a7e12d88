"""DM: age in years, screen failures, and what other domains know of a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...model.vocabulary import Disposition
from ..text import map_unique_text
from .mapping import Mapped, as_text
from .terms import fold_term, words

_PER_YEAR = {"YEARS": 1.0, "MONTHS": 12.0, "WEEKS": 52.1775, "DAYS": 365.2425, "HOURS": 8765.82}
_FAILURE_VARIABLES = ("ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS")
_DAY = len("2026-03-05")


def finish_subjects(mapped: Mapped, others: Mapping[str, Sequence[Mapped]]) -> Mapped:
    """Return subjects with what DS and VS add to DM.

    Enrolment is the date of the milestone (randomised, else enrolled …), consent likewise where DM has none; death is
    DM's, else that of DS. Weight is the last one on or before the first dose, height the last at all. Severity,
    marrow and PNH clone have no place in DM and stay empty.
    """
    rows, frame = mapped.rows, mapped.source.frame
    events = _together(others.get("DS", ()), ("USUBJID", "DSDECOD", "DSSTDTC"))
    signs = _together(others.get("VS", ()), ("USUBJID", "VSTESTCD", "VSSTRESN", "VSDTC"))
    failed = _by_arm(frame) | rows["USUBJID"].isin(events.loc[events["DSDECOD"] == "SCREEN FAILURE", "USUBJID"])
    death = events[events["DSDECOD"] == Disposition.DEATH]
    failure = pd.Series(np.where(failed, "Y", "N"), index=rows.index, dtype="str")
    columns: dict[str, object] = {
        "AGE": rows["AGE"] / _years(frame),
        "SCRNFL": failure,
        "RFICDTC": rows["RFICDTC"].fillna(_milestone(rows, events, words()["consent"]["words"])),
        "ENRLDTC": _milestone(rows, events, words()["enrolment"]["words"]),
        "DTHDTC": rows["DTHDTC"].fillna(_first(rows, death)),
        "SUBJID": rows["SUBJID"].fillna(rows["USUBJID"]),
        "WEIGHT": _measured(rows, signs, "WEIGHT", before=rows["RFSTDTC"]),
        "HEIGHT": _measured(rows, signs, "HEIGHT", before=None),
    }
    problems = mapped.source.note(failed, "sdtm_screen_failures", "ARMCD" if "ARMCD" in frame else "USUBJID")
    return mapped.with_columns(tuple(problems), **columns)


def _together(parts: Sequence[Mapped], columns: Sequence[str]) -> pd.DataFrame:
    frames = [part.rows[list(columns)] for part in parts]
    return pd.concat(frames) if frames else pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


def _by_arm(frame: pd.DataFrame) -> pd.Series:
    failed = pd.Series(False, index=frame.index)
    for name in _FAILURE_VARIABLES:
        if name in frame:
            failed |= map_unique_text(as_text(frame[name]), fold_term).isin(words()["screen_failure"]["words"])
    return failed


def _years(frame: pd.DataFrame) -> pd.Series:
    if "AGEU" not in frame:
        return pd.Series(1.0, index=frame.index)
    return map_unique_text(as_text(frame["AGEU"]), fold_term).map(_PER_YEAR).astype("float64").fillna(1.0)


def _first(rows: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Return the earliest date of events by subject, for each row."""
    dates = events.dropna(subset=["DSSTDTC"]).groupby("USUBJID")["DSSTDTC"].min()
    return rows["USUBJID"].map(dates.to_dict()).astype("str")


def _milestone(rows: pd.DataFrame, events: pd.DataFrame, spoken: Sequence[str]) -> pd.Series:
    out = pd.Series(np.nan, index=rows.index, dtype="str")
    for word in spoken:
        out = out.fillna(_first(rows, events[events["DSDECOD"] == word]))
    return out


def _measured(rows: pd.DataFrame, signs: pd.DataFrame, test: str, before: pd.Series | None) -> pd.Series:
    mine = signs[(signs["VSTESTCD"] == test) & signs["VSSTRESN"].notna() & signs["VSDTC"].notna()]
    mine = mine.assign(day=mine["VSDTC"].str[:_DAY])
    if before is not None:
        starts = dict(zip(rows["USUBJID"], before.str[:_DAY], strict=True))
        start = mine["USUBJID"].map(starts).astype("str")
        mine = mine[start.isna() | (mine["day"] <= start)]
    last = mine.sort_values(["day", "VSDTC"], kind="stable").groupby("USUBJID")["VSSTRESN"].last()
    return rows["USUBJID"].map(last.to_dict()).astype("float64")
