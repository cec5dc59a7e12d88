"""Which cohorts and settings the two implementations are compared on, and how a value of a frame compares."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random

import pandas as pd
import pytest

from saa_dash.model.settings import EndpointSettings
from saa_dash.model.vocabulary import Origin

STUDY_END = date(2026, 10, 31)
TIMES = ("ADT", "AVAL", "CNSR", "EVNTCD", "LOWDT")

# seed and number of patients; the long run is 100 cohorts of 100
SHORT = [(seed, 30) for seed in range(12)]
LONG = [pytest.param(1000 + seed, 100, marks=pytest.mark.torture) for seed in range(100)]
COHORTS = [*SHORT, *LONG]

_CHOICES = list(
    product(
        ("nih", "race", "camitta_ebmt"),
        tuple(Origin),
        (7, 3, 10),
        ("value_valid", "28", "strict"),
        (60.0, 20.0),
        ("confirmed", "confirmed", "three_days"),
    )
)


def settings_of(seed: int) -> EndpointSettings:
    """The default for every fourth cohort, else one of all combinations, in an order of its own."""
    if seed % 4 == 0:
        return EndpointSettings()
    criteria, origin, window, independence, arc_cut, recovery = Random(0).sample(_CHOICES, len(_CHOICES))[seed % 486]
    return EndpointSettings(
        criteria=criteria,
        origin=origin,
        window_days=window,
        independence=independence,
        arc_cut=arc_cut,
        recovery_rule=recovery,
    )


def plain(value: object) -> object:
    """A value of a frame as Python has it: None for a missing one, a date for a timestamp."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def by_key(frame: pd.DataFrame, *key: str) -> dict[tuple[object, ...], dict[str, object]]:
    """Rows of a frame by key, in plain values."""
    rows = [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
    return {tuple(row[name] for name in key): row for row in rows}


def letter(answer: object) -> str:
    """True, false or unknown as Y, N or U."""
    return {True: "Y", False: "N", None: "U"}[answer]  # type: ignore[index]
