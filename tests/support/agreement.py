"""Which cohorts and settings the two implementations are compared on, and how a value of a frame compares."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random

import pandas as pd
import pytest
from support.cohort import Cohort
from support.responders import random_responders
from support.strategies import random_cohort

from saa_dash.model.settings import EndpointSettings
from saa_dash.model.vocabulary import Origin

STUDY_END = date(2026, 10, 31)
TIMES = ("ADT", "AVAL", "CNSR", "EVNTCD", "LOWDT")

# kind of cohort, seed and number of patients; the long run is 100 cohorts of 100, and as many of responders
SHORT = [*(("edges", seed, 30) for seed in range(12)), *(("responders", seed, 30) for seed in range(6))]
LONG = [
    pytest.param(kind, 1000 + seed, 100, marks=pytest.mark.torture)
    for seed in range(100)
    for kind in ("edges", "responders")
]
COHORTS = pytest.mark.parametrize(("kind", "seed", "patients"), [*SHORT, *LONG])


def cohort_of(kind: str, seed: int, patients: int) -> Cohort:
    """The cohort of a seed."""
    return random_responders(seed, patients) if kind == "responders" else random_cohort(seed, patients)


_RULES = ("camitta_ebmt", "race", "nih")
_CHOICES = list(
    product(
        tuple(Origin),
        (7, 3, 10),
        ("value_valid", "28", "strict"),
        (60.0, 20.0),
        ("confirmed", "confirmed", "three_days"),
    )
)


def settings_of(seed: int) -> EndpointSettings:
    """The default for every fourth cohort, else the rule sets in turn with one of all other combinations."""
    if seed % 4 == 0:
        return EndpointSettings()
    origin, window, independence, arc_cut, recovery = Random(0).sample(_CHOICES, len(_CHOICES))[seed % len(_CHOICES)]
    return EndpointSettings(
        criteria=_RULES[seed % len(_RULES)],
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
