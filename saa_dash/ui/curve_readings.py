"""A curve read at fixed times and at one half, with limits; where there are none, why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ..analysis.landmarks import TimePoint
from ..analysis.quantiles import Quantile
from ..analysis.results import Curve
from ..analysis.survival import Landmark
from ..charts.curve_marks import percent
from ..model.provenance import Provenance
from .download import offer_table
from .words import t

Named = Sequence[tuple[str, Curve]]  # name of the group, "" where a curve stands alone


def point_words(point: TimePoint) -> str:
    """Return a time in words: week or month, and its day."""
    return t(f"curves.point.{point.kind}", n=point.number, day=int(point.day))


def why_no_limits(mark: Landmark, *, competing: bool) -> str:
    """Return the code of why something at a time cannot be estimated, "" where it can."""
    if math.isnan(mark.estimate):
        return "BEYOND"
    if not (math.isnan(mark.lower) or math.isnan(mark.upper)):
        return ""
    untouched = 0.0 if competing else 1.0
    return "NO_EVENT" if mark.estimate == untouched else "ALL"


def why_no_median(median: Quantile) -> str:
    """Return the code of why the median or one of its limits cannot be estimated, "" where they can."""
    if math.isnan(median.estimate):
        return "BELOW_HALF"
    if math.isnan(median.lower):
        return "NO_LIMITS"
    return "NO_UPPER" if math.isnan(median.upper) else ""


def readings_table(curves: Named, points: Sequence[TimePoint], key: str, provenance: Provenance) -> None:
    """Show what the curves say at fixed times, and when half have had the event.

    Parameters
    ----------
    curves : at least one, all of one parameter. points : times of their landmarks. key : of the download.
    provenance : of the curves.
    """
    competing = curves[0][1].competing
    rows = [row for name, curve in curves for row in _rows(name, curve, points)]
    table = pd.DataFrame(rows)
    if len(curves) == 1 and not curves[0][0]:
        table = table.drop(columns=t("curves.column.group"))
    st.markdown(f"**{t('curves.table.title')}**")
    right = st.column_config.Column(alignment="right")
    estimate, limits = t(f"curves.column.estimate_{_kind(competing)}"), t("curves.column.limits")
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        key=f"readings_{key}",
        column_config={estimate: right, limits: right},
    )
    note = curve_caption(curves[0][1])
    st.caption(note)
    offer_table(table, f"readings_{key}", provenance, patients=False, note=note)


def curve_caption(curve: Curve) -> str:
    """Return how what a curve says was estimated."""
    return t(f"curves.table.caption_{_kind(curve.competing)}", conf_type=t(f"method.conf_type.{curve.conf_type}"))


def _kind(competing: bool) -> str:
    return "cif" if competing else "km"


def _rows(name: str, curve: Curve, points: Sequence[TimePoint]) -> list[dict[str, object]]:
    columns = (
        t("curves.column.group"),
        t("curves.column.point"),
        t("curves.column.at_risk"),
        t(f"curves.column.estimate_{_kind(curve.competing)}"),
        t("curves.column.limits"),
        t("curves.column.note"),
    )
    rows: list[tuple[object, ...]] = []
    for point, mark in zip(points, curve.landmarks, strict=True):
        why = why_no_limits(mark, competing=curve.competing)
        shown = t("curves.table.not_estimable") if math.isnan(mark.estimate) else percent(mark.estimate)
        limits = "" if why else f"{percent(mark.lower)[:-1]}–{percent(mark.upper)}"
        rows.append((name, point_words(point), mark.n_risk, shown, limits, t(f"curves.why.{why}") if why else ""))
    rows.append((name, *_median(curve)))
    rows += [(name, *row) for row in _among(curve)]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _median(curve: Curve) -> tuple[object, ...]:
    median, why = curve.median, why_no_median(curve.median)
    label = t("curves.table.median_half" if curve.competing else "curves.table.median")
    if math.isnan(median.estimate):
        shown, limits = t("curves.table.not_reached"), ""
    else:
        shown = t("curves.table.days", day=f"{median.estimate:g}")
        limits = _median_limits(median)
    return label, None, shown, limits, t(f"curves.why.{why}") if why else ""


def _median_limits(median: Quantile) -> str:
    if math.isnan(median.lower):
        return ""
    return f"≥{median.lower:g}" if math.isnan(median.upper) else f"{median.lower:g}–{median.upper:g}"


def _among(curve: Curve) -> list[tuple[object, ...]]:
    """Return the median day of those who had the event: a description of them alone, no estimate."""
    times = curve.subjects.loc[curve.subjects["EVNTCD"] == 1, "AVAL"]
    if times.empty or not curve.competing:
        return []
    label = t("curves.table.among", n=len(times))
    note = t("curves.table.among_note", low=f"{times.min():g}", high=f"{times.max():g}")
    return [(label, None, t("curves.table.days", day=f"{times.median():g}"), "", note)]
