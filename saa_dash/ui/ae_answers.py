"""The answers on adverse events in one line, and the table of complications: counts, rates, times of onset."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import Answer, ComplicationPanel, Recorded
from ..analysis.complications import Complications, Onset
from ..charts.ae_complications import class_name
from ..charts.ae_rows import percent
from . import chart
from .words import t


def answer_line(answers: tuple[Answer, ...], recorded: Recorded) -> None:
    """Draw x/N with exact limits per question; what was not recorded is said so."""
    with st.container(horizontal=True, gap="medium"):
        for answer in answers:
            code = answer.code
            label = t(f"ae.answer.SEVERE_{recorded.scale}" if code == "SEVERE" else f"ae.answer.{code}")
            rate = answer.patients
            value = "–" if rate is None else f"{rate.events}/{rate.total}"
            st.metric(label, value, _limits(answer), delta_color="off", delta_arrow="off", width="content")


def _limits(answer: Answer) -> str:
    rate = answer.patients
    if rate is None:
        return t("ae.answer.not_recorded")
    if not rate.total:
        return t("ae.answer.nobody")
    if not rate.events:
        return t("ae.rate.upper", upper=f"{100 * rate.upper:.1f}")
    share, lower, upper = (percent(value, rate.total) for value in (rate.estimate, rate.lower, rate.upper))
    words = t("ae.rate.limits", percent=share, lower=lower, upper=upper)
    return f"{words} · {t('ae.chart.events', n=answer.events)}" if answer.events else words


def complication_table(panel: ComplicationPanel) -> pd.DataFrame:
    """Return one line per class: patients, events, serious and severe ones, rate, onset after each component."""
    look, severe = chart.look(), panel.scale is Scale.GRADE
    records = []
    for item in panel.table.rows:
        rate = item.patients
        records.append(
            {
                t("ae.column.class"): class_name(item.code, look),
                t("ae.column.patients"): f"{rate.events}/{rate.total}",
                t("ae.column.limits"): _percent_limits(rate.lower, rate.upper),
                t("ae.column.events"): item.events,
                t("ae.column.serious"): item.serious,
                **({t("ae.column.severe"): item.severe} if severe else {}),
                t("ae.column.rate"): _rate(item),
                **{t(f"ae.column.after.{onset.component}"): _onset(onset) for onset in item.onsets},
            }
        )
    return pd.DataFrame(records)


def _percent_limits(lower: float, upper: float) -> str:
    return "" if math.isnan(lower) else f"{100 * lower:.1f}–{100 * upper:.1f}%"


def _rate(item: Complications) -> str:
    rate = item.rate
    if math.isnan(rate.rate):
        return ""
    return t("ae.rate.per_days", rate=f"{rate.rate:.2f}", lower=f"{rate.lower:.2f}", upper=f"{rate.upper:.2f}")


def _onset(onset: Onset) -> str:
    before = t("ae.panel.before", n=onset.before) if onset.before else ""
    if not onset.events:
        return before or "–"
    days = tuple(f"{day:g}" for day in (onset.earliest, onset.latest, onset.median))
    if onset.events == 1:
        return ", ".join(filter(None, (days[0], before)))
    return ", ".join(filter(None, (t("ae.panel.onset", low=days[0], high=days[1], median=days[2]), before)))
