"""One patient in a few words: counts, transfusions and events by offset from the first ATG day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest
from support.tables import empty_tables, make_frame

from saa_dash.analysis.adtte import derive_time_to_events
from saa_dash.analysis.study_data import StudyData
from saa_dash.analysis.tte import TimeToEvents
from saa_dash.model.rules import RuleSet
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

DAY_1 = date(2026, 3, 2)
CUTOFF = 200
STUDY_END = date(2026, 10, 31)
GOOD = {"ANC": 2.0, "HGB": 120.0, "PLAT": 120.0, "ARC": 90.0}
BAD = {"ANC": 0.1, "HGB": 60.0, "PLAT": 8.0, "ARC": 10.0}


def iso(offset: int) -> str:
    """ISO date of an offset from the first ATG day."""
    return (DAY_1 + timedelta(offset)).isoformat()


def make_patient(
    *,
    counts: Mapping[str, Mapping[int, float | str]] | None = None,
    panels: Mapping[int, Mapping[str, float | str]] | None = None,
    given: Mapping[str, tuple[int | str, ...]] | None = None,
    visits: tuple[int, ...] = (7, 14, 28, 56, 84, 112, 168),
    events: Mapping[str, int] | None = None,
    infusion: int | None = 7,
    atg: bool = True,
    alive: int | None = 190,
    cutoff: int = CUTOFF,
) -> StudyData:
    """Return a cut of one patient.

    Parameters
    ----------
    counts : test → offset → value ("<0.1" is censored). panels : offset → test → value. given : class → offsets, or
        ISO dates where partial. visits : offsets of visits whose questions are answered with no. events : DSDECOD →
        offset. infusion : offset of the first infusion. alive : last-known-alive date.
    """
    results = [(test, day, value) for test, series in (counts or {}).items() for day, value in series.items()]
    results += [(test, day, value) for day, values in (panels or {}).items() for test, value in values.items()]
    rows: dict[str, list[dict[str, Any]]] = {
        "DM": [{"SUBJID": "P001", "SEX": "F", "LSTALVDTC": None if alive is None else iso(alive)}],
        "LB": [_result(*result) for result in results],
        "CM": [
            {"CMCLAS": kind, "CMTRT": kind, "CMSTDTC": when if isinstance(when, str) else iso(when),
             "CMENDTC": None if isinstance(when, str) or kind in ("RBC", "PLATELET") else iso(when)}
            for kind, offsets in (given or {}).items() for when in offsets
        ],
        "SV": [{"VISIT": "W4", "SVSTDTC": iso(day), "RBCYN": "N", "PLTYN": "N", "GCSFYN": "N"} for day in visits],
        "DS": [{"DSDECOD": kind, "DSSTDTC": iso(day)} for kind, day in (events or {}).items()],
        "EX": [{"EXTRT": "RATG", "EXSTDTC": iso(i), "EXENDTC": iso(i), "EXDOSE": 3.0} for i in range(5)] if atg else [],
    }  # fmt: skip
    if infusion is not None:
        rows["EX"].append({"EXTRT": "UCBMNC", "EXSTDTC": iso(infusion), "EXDOSE": 3.0})
    full = {name: [{"USUBJID": "S-P001", **row} for row in table] for name, table in rows.items()}
    tables = _no_rows() | {name: make_frame(name, table) for name, table in full.items() if table}
    return StudyData(DAY_1 + timedelta(cutoff), tables)


@cache
def _no_rows() -> dict[str, pd.DataFrame]:
    return empty_tables()


@cache
def _rule_sets() -> dict[str, RuleSet]:
    return load_rule_sets()


def _result(test: str, day: int, value: float | str) -> dict[str, Any]:
    sign = value[0] if isinstance(value, str) else None
    number = float(value[1:]) if isinstance(value, str) else value
    return {"LBTESTCD": test, "LBDTC": iso(day), "LBSTRESN": number, "LBCENS": sign}


def run(data: StudyData, study_end: date | None = STUDY_END, **changes: object) -> TimeToEvents:
    """Return all parameters under the default settings with `changes`."""
    settings = replace(EndpointSettings(), **changes)  # type: ignore[arg-type]
    return derive_time_to_events(data, _rule_sets()[settings.criteria], settings, study_end=study_end)


def outcome_of(found: TimeToEvents, param: str) -> tuple[int, int, str] | str:
    """Return (AVAL, EVNTCD, EVNTDESC) of the one patient, or why it is absent."""
    rows = found.rows[found.rows["PARAMCD"] == param]
    absent = found.absent[found.absent["PARAMCD"] == param]
    assert len(rows) + len(absent) == 1
    if len(absent):
        return str(absent["REASON"].iloc[0])
    row = rows.iloc[0]
    assert row["CNSR"] == int(row["EVNTCD"] == 0)
    assert (row["ADT"] - row["STARTDT"]).days == row["AVAL"]
    return int(row["AVAL"]), int(row["EVNTCD"]), str(row["EVNTDESC"])


def lowest(found: TimeToEvents, param: str) -> int:
    """Return LOWDT as offset from the first ATG day."""
    low = found.rows.loc[found.rows["PARAMCD"] == param, "LOWDT"].iloc[0]
    return int((low - pd.Timestamp(DAY_1)).days)


@pytest.fixture
def patient() -> Callable[..., StudyData]:
    """`make_patient`."""
    return make_patient


@pytest.fixture
def derived() -> Callable[..., TimeToEvents]:
    """`run`."""
    return run


@pytest.fixture
def outcome() -> Callable[..., tuple[int, int, str] | str]:
    """Outcome of one parameter: ``outcome("OS", events={"DEATH": 30})``; settings as ``settings={…}``."""

    def ask(param: str, *, settings: Mapping[str, object] | None = None, **words: Any) -> tuple[int, int, str] | str:
        return outcome_of(run(make_patient(**words), **(settings or {})), param)

    return ask


@pytest.fixture
def low() -> Callable[..., int]:
    """LOWDT of one parameter as offset."""

    def ask(param: str, **words: Any) -> int:
        return lowest(run(make_patient(**words)), param)

    return ask
