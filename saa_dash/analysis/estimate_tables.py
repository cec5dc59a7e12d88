"""Estimates as tables, all subjects and each group, in the columns and order of the reference files.

Input frames hold ``time`` (float, 0 or more), ``event`` (int, 0 censored, 1… causes) and, where there are groups,
``group`` (text). Rows: ``all`` first, then the groups (as numbers where all of them are numbers); within a group the
scales of the limits; within a scale the causes; then time or quantile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from .incidence import CAUSES, estimate_incidence
from .limits import CONF_TYPES, ConfType
from .quantiles import estimate_quantiles
from .survival import SurvivalCurve, estimate_survival, merge_ties

ALL = "all"
KM_COLUMNS = ("group", "conf_type", "time", "n_risk", "n_event", "n_censor", "surv", "std_err", "lower", "upper")
CIF_COLUMNS = ("group", "cause", "conf_type", "time", "n_risk", "cif", "std_err", "lower", "upper")
QUANTILE_COLUMNS = ("group", "conf_type", "q", "estimate", "lower", "upper")


def _group_key(labels: Sequence[str]) -> Callable[[str], float] | None:
    try:
        numbers = {label: float(label) for label in labels}
    except ValueError:
        return None
    return numbers.__getitem__


def _by_group(data: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    data = data.assign(time=merge_ties(data["time"].to_numpy(dtype=float)))  # ties are a matter of the whole file
    yield ALL, data
    if "group" in data:
        labels = data["group"].unique().tolist()
        for label in sorted(labels, key=_group_key(labels)):
            yield label, data[data["group"] == label]


def _stacked(parts: list[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[list(columns)]


def _km_rows(curve: SurvivalCurve, conf_type: ConfType) -> pd.DataFrame:
    lower, upper = curve.limits(conf_type)
    counts = {name: getattr(curve, name) for name in ("time", "n_risk", "n_event", "n_censor", "surv", "std_err")}
    return pd.DataFrame(counts | {"conf_type": conf_type, "lower": lower, "upper": upper})


def km_table(data: pd.DataFrame, conf_types: Sequence[ConfType] = CONF_TYPES) -> pd.DataFrame:
    """Return Kaplan–Meier estimates (`KM_COLUMNS`): one row per group, scale and distinct time."""
    parts = []
    for group, rows in _by_group(data):
        curve = estimate_survival(rows["time"], rows["event"])
        parts += [_km_rows(curve, conf_type).assign(group=group) for conf_type in conf_types]
    return _stacked(parts, KM_COLUMNS)


def cif_table(data: pd.DataFrame, conf_types: Sequence[ConfType] = CONF_TYPES) -> pd.DataFrame:
    """Return cumulative incidence (`CIF_COLUMNS`): one row per group, scale, cause and distinct time.

    Every group shows every cause, 1 and 2 at least, also where it never occurs.
    """
    causes = max(CAUSES, int(data["event"].max()))
    parts = []
    for group, rows in _by_group(data):
        curves = estimate_incidence(rows["time"], rows["event"], causes)
        for conf_type in conf_types:
            for curve in curves:
                lower, upper = curve.limits(conf_type)
                values = {name: getattr(curve, name) for name in ("time", "n_risk", "cif", "std_err")}
                part = pd.DataFrame(values | {"cause": curve.cause, "lower": lower, "upper": upper})
                parts.append(part.assign(group=group, conf_type=conf_type))
    return _stacked(parts, CIF_COLUMNS)


def quantile_table(data: pd.DataFrame, conf_types: Sequence[ConfType] = CONF_TYPES) -> pd.DataFrame:
    """Return the quartiles of the Kaplan–Meier curves (`QUANTILE_COLUMNS`): one row per group, scale and quantile."""
    parts = []
    for group, rows in _by_group(data):
        curve = estimate_survival(rows["time"], rows["event"])
        for conf_type in conf_types:
            part = pd.DataFrame(estimate_quantiles(curve, conf_type))
            parts.append(part.assign(group=group, conf_type=conf_type))
    return _stacked(parts, QUANTILE_COLUMNS)
