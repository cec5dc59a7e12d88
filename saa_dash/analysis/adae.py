"""ADAE: adverse events with onset, treatment-emergence, relation per component, class and duration.

Columns of `derive_adverse_events` (dates ``datetime64[s]``, flags "Y"/"N"/"U", missing where they do not apply):

    STUDYID, USUBJID, AESPID, AETERM, AEDECOD, AEBODSYS
    ASTDT, ASTDTF       onset; D, M or Y: day, month or year and all imputed. AENDT, AENDTF: end, latest possible day
    ASTDY, AENDY        study days, ATG day 1 = 1
    ADURN               days from onset to end, both included; missing while it lasts. ONGOFL Y: not ended
    TRTEMFL             Y: began from the first dose to the cut-off. TEREAS: ONSET, or WORSENING of an event of the same
                        name that began before the first dose with a lower grade
    AETOXGR, AETOXV, AESEV   grade 1…5 with its version; severity where a study has no grades (AETOXGR then missing)
    AESER, AESDTH … AESMIE, AEOUT
    AECAT, AESIFL, AESISRC   class; Y: of special interest, by REGISTRY or DSMB
    AEREL, AERELATG …   causality as typed. RELATG RELCSA RELHPG RELUCB: Y definite, probable or possible, N unlikely or
                        unrelated, U unassessable; missing where not entered. RELFL: Y any, else U any, else N
    AEACN, AEACNATG …   action taken
    OFFATG OFFCSA OFFHPG OFFINF1 OFFINF2   days from the first dose of the component, or from the infusion, to onset
    ROWKEY

Decisions
---------
- First dose: of any component. An onset whose date is not whole is the earliest possible day, not before the first
  dose where it may lie on or after it; an event whose end lies before the first dose began before it. Without any date
  of onset: the first dose.
- Worsening is a row of its own on the form, so it has an onset of its own; it is named as such in TEREAS.
- The end is the latest possible day, not after death or the cut-off. An event without an end, or marked as ongoing,
  lasts.
- Deaths and events after HSCT or salvage are counted: only efficacy stops there.

Source: domain facts, "Other decisions" (partial dates, TEAE, Related) and section 5; CONTRACT, ADAE.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import Causality, Complication
from .basis import Basis, prepare
from .columns import coded, mark
from .components import AE_COMPONENTS, ANCHORED, first_days
from .days import Days, as_dates, as_days, study_day
from .findings import order_rows
from .located import Located
from .lookup import positions, take, text_codes
from .status import first_day
from .study_data import StudyData

# Classes the registry names for complications, "other" included; of special interest are those named one by one.
REGISTRY_CLASSES = tuple(
    str(code)
    for code in (
        Complication.SERUM_SICKNESS, Complication.INFECTION, Complication.BLEEDING, Complication.LIVER,
        Complication.KIDNEY, Complication.OTHER,
    )
)  # fmt: skip
DSMB_CLASSES = tuple(str(code) for code in Complication if str(code) not in REGISTRY_CLASSES)
RELATED = (Causality.DEFINITE, Causality.PROBABLE, Causality.POSSIBLE)

_RELATION = {str(code): 1 if code in RELATED else 0 for code in Causality} | {str(Causality.UNASSESSABLE): 2}
_RELATION |= {"RELATED": 1, "NOT RELATED": 0, "REMOTE": 0, "NONE": 0}  # words of SDTM packages
_LETTERS = ("N", "Y", "U")
_MONTH_DAYS, _DATE, _MONTH = 31, len("2026-03-05"), len("2026-03")
_SUFFIXES = tuple(AE_COMPONENTS)
_SERIOUS = ("AESER", "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
_COPIED = (
    "STUDYID", "AESPID", "AETERM", "AEDECOD", "AEBODSYS", "AETOXGR", "AETOXV", "AESEV", *_SERIOUS, "AEOUT", "AECAT",
    "AEREL", *(f"AEREL{name}" for name in _SUFFIXES), "AEACN", *(f"AEACN{name}" for name in _SUFFIXES), "ROWKEY",
)  # fmt: skip
_ORDER = (
    "STUDYID", "USUBJID", "AESPID", "AETERM", "AEDECOD", "AEBODSYS", "ASTDT", "ASTDTF", "ASTDY", "AENDT", "AENDTF",
    "AENDY", "ADURN", "ONGOFL", "TRTEMFL", "TEREAS", "AETOXGR", "AETOXV", "AESEV", *_SERIOUS, "AEOUT", "AECAT",
    "AESIFL", "AESISRC", "RELFL", *(f"REL{name}" for name in _SUFFIXES), "AEREL",
    *(f"AEREL{name}" for name in _SUFFIXES), "AEACN", *(f"AEACN{name}" for name in _SUFFIXES),
    *(f"OFF{name}" for name in ANCHORED), "ROWKEY",
)  # fmt: skip


def impute_onset(first: Days, last: Days, end: Days, start: Days) -> Days:
    """Return the onset of each event, days since 1970-01-01.

    Parameters
    ----------
    first, last : earliest and latest day the typed onset may mean, NaN without one. end : latest possible end.
    start : first dose, NaN where never treated.
    """
    may_be_later = ~(last < start) & ~(end < start)
    moved = np.where(may_be_later & (np.isnan(first) | (first < start)) & ~(first == last), start, first)
    return np.where(np.isnan(moved), first, moved)


def _imputed(dtc: pd.Series, day: Days) -> object:
    """Return what was imputed of a date: D day, M month, Y year; missing where it was whole or there is none."""
    codes, distinct = text_codes(dtc)
    lengths = np.array([*(len(value[:_DATE]) for value in distinct), 0])[codes]
    kind = np.select([np.isnan(day) | (lengths >= _DATE), lengths >= _MONTH, lengths > 0], [-1, 0, 1], 2)
    return coded(kind, ("D", "M", "Y"))


def _ends(ae: Located, basis: Basis, rows: np.ndarray) -> tuple[Days, np.ndarray]:
    """Return the latest possible end of each event (NaN while it lasts) and whether it lasts."""
    end = ae.possible("AEENDTC")[1][rows]
    ongoing = ae.is_code("AEENRF", "Y")[rows] | np.isnan(end)
    latest = np.fmin(as_days(basis.anchors["DTHDT"]), basis.cutoff)[ae.position[rows]]
    return np.where(ongoing, np.nan, np.fmin(end, latest)), ongoing


def _relations(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return relation by suffix ("" overall) as 0 no, 1 yes, 2 unassessable, -1 not entered."""
    out = {}
    listed = list(_RELATION)
    answer = np.array([*_RELATION.values(), -1])
    for name in ("", *_SUFFIXES):
        out[name] = answer[positions(frame[f"AEREL{name}"], listed)]
    every = np.stack(list(out.values()))
    out[""] = np.select([(every == 1).any(axis=0), (every == 2).any(axis=0), (every == 0).any(axis=0)], [1, 2, 0], -1)
    return out


def _worsened(frame: pd.DataFrame, subject: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Tell which events follow one of the same name and a lower grade that began before the first dose."""
    name = frame["AEDECOD"].fillna(frame["AETERM"])
    key = subject.astype("int64") * (len(frame) + 1) + text_codes(name)[0]
    grade = frame["AETOXGR"].to_numpy("float64", na_value=np.nan)
    earlier = pd.Series(grade[before]).groupby(key[before]).max()
    highest = earlier.reindex(key).to_numpy()
    return ~before & name.notna().to_numpy(bool) & (grade > highest)


def derive_adverse_events(data: StudyData, basis: Basis | None = None) -> pd.DataFrame:
    """Return ADAE, one row per event, sorted by subject, onset and ROWKEY; columns as documented above.

    Parameters
    ----------
    basis : `prepare(data)` where the caller already has it.
    """
    basis = basis or prepare(data)
    ae = basis.tables["AE"]
    first, last = ae.possible("AESTDTC")
    rows = np.flatnonzero((ae.position >= 0) & ~(first > basis.cutoff))
    subject = ae.position[rows]
    start = as_days(basis.anchors["TRTSDT"])[subject]
    end, ongoing = _ends(ae, basis, rows)
    onset = impute_onset(first[rows], last[rows], end, start)
    order = order_rows((subject, np.nan_to_num(onset, nan=-np.inf)), ae.frame["ROWKEY"].iloc[rows])
    rows, subject, start = rows[order], subject[order], start[order]
    end, ongoing, onset = end[order], ongoing[order], onset[order]
    frame = ae.frame.iloc[rows]
    emergent = onset >= start
    worsened = _worsened(frame, subject, (onset < start))
    day_one = first_day(basis.anchors)[subject]
    special = positions(frame["AECAT"], (*REGISTRY_CLASSES[:-1], *DSMB_CLASSES))
    columns: dict[str, object] = {name: frame[name].array for name in _COPIED}
    columns |= {
        "USUBJID": coded(subject, basis.subjects.tolist()),
        "ASTDT": as_dates(onset),
        "ASTDTF": _imputed(frame["AESTDTC"], onset),
        "ASTDY": study_day(onset, day_one),
        "AENDT": as_dates(end),
        "AENDTF": _imputed(frame["AEENDTC"], end),
        "AENDY": study_day(end, day_one),
        "ADURN": np.where(end >= onset, end - onset + 1, np.nan),
        "ONGOFL": coded(ongoing.astype("int64"), ("N", "Y")),
        "TRTEMFL": coded(emergent.astype("int64"), ("N", "Y")),
        "TEREAS": coded(np.where(emergent, worsened, -1), ("ONSET", "WORSENING")),
        "AESIFL": mark(special >= 0),
        "AESISRC": coded(np.where(special < 0, -1, special >= len(REGISTRY_CLASSES) - 1), ("REGISTRY", "DSMB")),
    }
    relations = _relations(frame)
    columns |= {f"REL{name or 'FL'}": coded(answer, _LETTERS) for name, answer in relations.items()}
    anchored = first_days(basis)
    columns |= {f"OFF{name}": onset - take(day, subject) for name, day in anchored.items()}
    return pd.DataFrame({name: columns[name] for name in _ORDER})
