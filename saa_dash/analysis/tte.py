"""The form of every time-to-event parameter: one outcome per subject at risk, and who is not at risk and why.

Decisions
---------
- A competing event takes precedence over censoring, also over a recovery that still waits for its confirmation.
- LOWDT, the last day known event-free: where an event is only seen at an assessment (recovery, response, relapse), the
  assessment before it, the start at the earliest; where its day is known (death, HSCT, salvage) and where the time is
  censored, ADT itself.
- Death, HSCT or salvage before the origin (possible only where the origin is not the first ATG day): not at risk.

Source: CONTRACT, ADTTE; domain facts, sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Origin
from .anchors import origin_days
from .basis import Basis
from .days import as_dates, as_days
from .lookup import unpack

ADTTE_COLUMNS = ("USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTCD", "EVNTDESC", "LOWDT")
CENSORED, EVENT, COMPETING = 0, 1, 2

# Why a subject is absent from a parameter.
NOT_TREATED, NO_ORIGIN, STOPPED_BEFORE = "NOT_TREATED", "NO_ORIGIN", "STOPPED_BEFORE"
AT_BASELINE, NOT_TRANSFUSED, NO_RESPONSE = "AT_BASELINE", "NOT_TRANSFUSED", "NO_RESPONSE"

_RIVALS = {"DEATH": "DTHDT", "HSCT": "HSCTDT", "SALVAGE": "SALVDT"}


@dataclass(frozen=True)
class TimeToEvents:
    """Outcomes of one or more parameters.

    Parameters
    ----------
    rows : `ADTTE_COLUMNS`; dates ``datetime64[s]``, AVAL days (float), CNSR and EVNTCD int, EVNTDESC a code of
        ``term.evntdesc``.
    absent : USUBJID, PARAMCD, REASON of every subject that is not at risk.
    candidates : of recovery parameters USUBJID, PARAMCD, ADT (first value at or above the threshold), CNFDT (the
        value that confirms it; missing = still open, to be listed), PREVDT (the count before it, missing = none) and
        GAPDAYS (days since that count).
    """

    rows: pd.DataFrame
    absent: pd.DataFrame
    candidates: pd.DataFrame


@dataclass(frozen=True)
class Outcomes:
    """One parameter over all subjects of a basis; days since 1970-01-01.

    Parameters
    ----------
    why_absent : reason, "" for those at risk. start, day, low : meaningless where absent.
    code : 0 censored, 1 event, 2 competing. description : code of the event or of the reason for censoring.
    """

    why_absent: np.ndarray
    start: np.ndarray
    day: np.ndarray
    code: np.ndarray
    description: np.ndarray
    low: np.ndarray


def first_rival(basis: Basis) -> tuple[np.ndarray, np.ndarray]:
    """Return day (NaN without) and kind of what ends the wait: death, HSCT or salvage, the first of them."""
    kinds = np.array([*_RIVALS, ""], dtype=object)
    days = np.stack([as_days(basis.anchors[column]) for column in _RIVALS.values()])
    filled = np.where(np.isnan(days), np.inf, days)
    earliest = filled.min(axis=0)
    return np.where(np.isinf(earliest), np.nan, earliest), kinds[np.where(np.isinf(earliest), -1, filled.argmin(axis=0))]


def start_and_absence(basis: Basis, origin: Origin, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the origin of each subject and the reason why it has none or was stopped before it, "" otherwise."""
    start = origin_days(basis.anchors, origin)
    treated = basis.anchors["FASFL"].to_numpy(bool)
    reasons = [~treated, np.isnan(start), stop < start]
    return start, np.select(reasons, [NOT_TREATED, NO_ORIGIN, STOPPED_BEFORE], "").astype(object)


def first_per_subject(key: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Return the index of the first chosen entry of each subject in sorted packed keys; -1 without."""
    index = np.flatnonzero(chosen)
    subject, first = np.unique(unpack(key[index])[0], return_index=True)
    out = np.full(subjects, -1)
    out[subject] = index[first]
    return out


def last_per_subject(key: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Return the day of the last chosen entry of each subject in sorted packed keys; NaN without."""
    subject, day = unpack(key[chosen])
    out = np.full(subjects, np.nan)
    out[subject] = day  # sorted: the last one stays
    return out


def _text(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


def as_time_to_events(
    basis: Basis, param: str, outcomes: Outcomes, candidates: pd.DataFrame | None = None
) -> TimeToEvents:
    """Return the outcomes of one parameter as frames, subjects in the order of the basis."""
    at_risk = outcomes.why_absent == ""
    start, day = outcomes.start[at_risk], outcomes.day[at_risk]
    rows = pd.DataFrame(
        {
            "USUBJID": _text(basis.subjects[at_risk]),
            "PARAMCD": _text(np.full(int(at_risk.sum()), param, dtype=object)),
            "STARTDT": as_dates(start),
            "ADT": as_dates(day),
            "AVAL": day - start,
            "CNSR": (outcomes.code[at_risk] == CENSORED).astype("int64"),
            "EVNTCD": outcomes.code[at_risk].astype("int64"),
            "EVNTDESC": _text(outcomes.description[at_risk]),
            "LOWDT": as_dates(outcomes.low[at_risk]),
        },
        columns=list(ADTTE_COLUMNS),
    )
    absent = pd.DataFrame(
        {
            "USUBJID": _text(basis.subjects[~at_risk]),
            "PARAMCD": _text(np.full(int((~at_risk).sum()), param, dtype=object)),
            "REASON": _text(outcomes.why_absent[~at_risk]),
        }
    )
    return TimeToEvents(rows, absent, no_candidates() if candidates is None else candidates)


def no_candidates() -> pd.DataFrame:
    """Return the frame of candidates without rows."""
    return candidate_frame(np.empty(0, object), "", *(np.empty(0) for _ in range(3)))


def candidate_frame(
    usubjid: np.ndarray, param: str, day: np.ndarray, confirmed: np.ndarray, previous: np.ndarray
) -> pd.DataFrame:
    """Return candidates of recovery as `TimeToEvents.candidates`; days since 1970-01-01."""
    return pd.DataFrame(
        {
            "USUBJID": _text(usubjid),
            "PARAMCD": _text(np.full(len(day), param, dtype=object)),
            "ADT": as_dates(day),
            "CNFDT": as_dates(confirmed),
            "PREVDT": as_dates(previous),
            "GAPDAYS": day - previous,
        }
    )


def join(parts: Iterable[TimeToEvents]) -> TimeToEvents:
    """Return several parameters as one, in the order given."""
    listed = list(parts)
    frames = ([getattr(part, name) for part in listed] for name in ("rows", "absent", "candidates"))
    return TimeToEvents(*(pd.concat(group, ignore_index=True) for group in frames))
