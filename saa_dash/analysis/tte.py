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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Origin
from .anchors import origin_days
from .assessment import until_new_treatment
from .basis import Basis
from .counts import Series
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
        ``term.ttedesc``.
    absent : USUBJID, PARAMCD, REASON of every subject that is not at risk.
    candidates : of recovery parameters USUBJID, PARAMCD, ADT (first value at or above the threshold), CNFDT (the
        value that confirms it; missing = still open, to be listed), PREVDT (the count before it, missing = none) and
        GAPDAYS (days since that count).
    """

    rows: pd.DataFrame
    absent: pd.DataFrame
    candidates: pd.DataFrame


@dataclass(frozen=True)
class Candidates:
    """Values that may be a recovery, by subject; days since 1970-01-01.

    Parameters
    ----------
    listed : who has one. confirmed : day of the confirming value, NaN while open. previous : day of the count before.
    """

    listed: np.ndarray
    confirmed: np.ndarray
    previous: np.ndarray


@dataclass(frozen=True)
class Outcomes:
    """One parameter over all subjects of a basis; days since 1970-01-01.

    Parameters
    ----------
    why_absent : reason, "" for those at risk. start, day, low : meaningless where absent.
    code : 0 censored, 1 event, 2 competing. description : code of the event or of the reason for censoring.
    """

    param: str
    why_absent: np.ndarray
    start: np.ndarray
    day: np.ndarray
    code: np.ndarray
    description: np.ndarray
    low: np.ndarray
    candidates: Candidates | None = None


@dataclass(frozen=True)
class Clock:
    """What all parameters share under one origin, by subject; days since 1970-01-01.

    Parameters
    ----------
    start : origin. absence : reason why there is none, or that it lies after death, HSCT or salvage; "" otherwise.
    rival, rival_kind : first of death, HSCT and salvage (NaN, "" without).
    counts : judged counts up to the day of HSCT or salvage.
    """

    start: np.ndarray
    absence: np.ndarray
    rival: np.ndarray
    rival_kind: np.ndarray
    counts: Mapping[str, Series]


def _first_rival(basis: Basis) -> tuple[np.ndarray, np.ndarray]:
    """Return day (NaN without) and kind of what ends the wait: death, HSCT or salvage, the first of them."""
    kinds = np.array([*_RIVALS, ""], dtype=object)
    days = np.stack([as_days(basis.anchors[column]) for column in _RIVALS.values()])
    filled = np.where(np.isnan(days), np.inf, days)
    earliest = filled.min(axis=0)
    none = np.isinf(earliest)
    return np.where(none, np.nan, earliest), kinds[np.where(none, -1, filled.argmin(axis=0))]


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


def set_clock(basis: Basis, origin: Origin) -> Clock:
    """Return the clock of a basis under an origin."""
    rival, kind = _first_rival(basis)
    start, absence = start_and_absence(basis, origin, rival)
    return Clock(start, absence, rival, kind, until_new_treatment(basis.counts, basis.anchors))


def _text(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


def _head(basis: Basis, outcomes: Sequence[Outcomes], chosen: Sequence[np.ndarray]) -> dict[str, object]:
    """Return USUBJID and PARAMCD of the chosen subjects of each parameter, one parameter after the other."""
    place = np.concatenate(chosen)
    param = np.repeat(np.array([part.param for part in outcomes], dtype=object), [len(part) for part in chosen])
    return {"USUBJID": _text(basis.subjects[place]), "PARAMCD": _text(param)}


def _stacked(outcomes: Sequence[Outcomes], chosen: Sequence[np.ndarray], column: str) -> np.ndarray:
    parts = [getattr(part, column)[rows] for part, rows in zip(outcomes, chosen, strict=True)]
    return np.concatenate(parts)


def _rows(basis: Basis, outcomes: Sequence[Outcomes]) -> pd.DataFrame:
    chosen = [np.flatnonzero(part.why_absent == "") for part in outcomes]
    start, day, code = (_stacked(outcomes, chosen, name) for name in ("start", "day", "code"))
    columns = _head(basis, outcomes, chosen) | {
        "STARTDT": as_dates(start),
        "ADT": as_dates(day),
        "AVAL": day - start,
        "CNSR": (code == CENSORED).astype("int64"),
        "EVNTCD": code.astype("int64"),
        "EVNTDESC": _text(_stacked(outcomes, chosen, "description")),
        "LOWDT": as_dates(_stacked(outcomes, chosen, "low")),
    }
    return pd.DataFrame(columns, columns=list(ADTTE_COLUMNS))


def _absent(basis: Basis, outcomes: Sequence[Outcomes]) -> pd.DataFrame:
    chosen = [np.flatnonzero(part.why_absent != "") for part in outcomes]
    reason = _text(_stacked(outcomes, chosen, "why_absent"))
    return pd.DataFrame(_head(basis, outcomes, chosen) | {"REASON": reason})


def _listed(basis: Basis, outcomes: Sequence[Outcomes]) -> pd.DataFrame:
    having = [(part, part.candidates) for part in outcomes if part.candidates is not None]
    chosen = [np.flatnonzero(found.listed & (part.why_absent == "")) for part, found in having] or [np.empty(0, int)]
    day, confirmed, previous = (
        np.concatenate([column[rows] for column, rows in zip(columns, chosen, strict=True)]) if columns else np.empty(0)
        for columns in (
            [part.day for part, _ in having],
            [found.confirmed for _, found in having],
            [found.previous for _, found in having],
        )
    )
    times = {
        "ADT": as_dates(day),
        "CNFDT": as_dates(confirmed),
        "PREVDT": as_dates(previous),
        "GAPDAYS": day - previous,
    }
    return pd.DataFrame(_head(basis, [part for part, _ in having] or outcomes[:1], chosen) | times)


def assemble(basis: Basis, outcomes: Sequence[Outcomes]) -> TimeToEvents:
    """Return the outcomes of one or more parameters as frames: by parameter as given, then by USUBJID."""
    return TimeToEvents(_rows(basis, outcomes), _absent(basis, outcomes), _listed(basis, outcomes))
