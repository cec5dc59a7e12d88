"""Parts of the recovery and survival page: the summary of all parameters, who is not at risk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from ..analysis.pcode_order import patient_order
from ..analysis.results import Curve
from ..charts.curve_marks import percent
from ..services.survival import SurvivalPage
from . import state
from .curve_readings import curve_caption, point_words
from .download import offer_table
from .words import t

_LISTED = 30  # P-codes named one by one


def _percent(estimate: float, lower: float, upper: float) -> str:
    if math.isnan(estimate):
        return t("curves.table.not_estimable")
    if math.isnan(lower) or math.isnan(upper):
        return t("ui.survival.estimate_only", estimate=percent(estimate)[:-1])
    return t(
        "ui.survival.estimate", estimate=percent(estimate)[:-1], lower=percent(lower)[:-1], upper=percent(upper)[:-1]
    )


def _days(value: float) -> str:
    return t("ui.survival.not_reached") if math.isnan(value) else f"{value:g}"


def median_words(curve: Curve) -> str:
    """Return the median with its limits: of a cumulative incidence, the day by which half of all have had the event."""
    q = curve.median
    if math.isnan(q.estimate):
        return t("ui.survival.not_reached")
    if math.isnan(q.lower) and math.isnan(q.upper):
        return t("curves.table.estimate_day", day=_days(q.estimate))
    return t("ui.survival.median", median=_days(q.estimate), lower=_days(q.lower), upper=_days(q.upper))


def _listed(codes: Iterable[str]) -> str:
    """Return P-codes in order, beyond `_LISTED` only how many more there are."""
    ordered = pd.Series(sorted(set(codes)), dtype="str", name="PCODE").sort_values(key=patient_order).tolist()
    shown = " ".join(ordered[:_LISTED])
    return shown if len(ordered) <= _LISTED else t("ui.survival.more", codes=shown, n=len(ordered) - _LISTED)


def summary_table(page: SurvivalPage, params: Sequence[str], rule: str) -> None:
    """Show every parameter on one line each.

    Parameters
    ----------
    rule : in force, in words.
    """
    records = []
    for param in params:
        curve = page.curves.get(param)
        head = {t("ui.survival.parameter"): t(f"term.param.{param}")}
        if curve is None:
            records.append({**head, t("ui.survival.at_risk"): 0})
            continue
        codes = curve.subjects["EVNTCD"]
        records.append(
            {
                **head,
                t("ui.survival.at_risk"): len(codes),
                t("ui.survival.events"): int((codes == 1).sum()),
                t("ui.survival.competing"): int((codes == 2).sum()),
                t("ui.survival.censored"): int((codes == 0).sum()),
                t("ui.survival.time"): median_words(curve),
                **{
                    point_words(point): _percent(mark.estimate, mark.lower, mark.upper)
                    for point, mark in zip(page.points[param], curve.landmarks, strict=True)
                    if point.kind == "week"
                },
            }
        )
    table = pd.DataFrame(records)
    st.markdown(f"**{t('ui.survival.summary')}**")
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="tte_summary")
    curves = [page.curves.get(param) for param in params]
    notes = dict.fromkeys(curve_caption(curve) for curve in curves if curve is not None)
    offer_table(table, "tte_summary", state.provenance(rule=rule), patients=False, note=" ".join(notes))


def absent_line(page: SurvivalPage, param: str) -> None:
    """Say who is not at risk for a parameter and why, and which recoveries are still open."""
    rows = page.absent[page.absent["PARAMCD"] == param]
    if rows.empty:
        st.caption(t("ui.survival.all_at_risk"))
    else:
        by_reason = rows.groupby("REASON")["PCODE"].agg(_listed)
        named = [f"{t(f'term.tteabsent.{reason}')}{t('pack.list.colon')}{codes}" for reason, codes in by_reason.items()]
        words = t("pack.list.semicolon").join(named)
        st.caption(t("ui.survival.absent", n=len(rows), words=words))
    waiting = page.open_candidates[page.open_candidates["PARAMCD"] == param]
    if len(waiting):
        st.caption(t("ui.survival.open", n=len(waiting), codes=_listed(waiting["PCODE"])))
