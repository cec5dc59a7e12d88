"""The answers on adverse events in one line, and the table of complications: counts, rates, times of onset."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.ae_summary import Answer, ComplicationPanel, Recorded
from ..charts.ae_rows import percent
from ..report.complication_table import complication_table as in_words
from .words import language, t


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
    return in_words(panel, language())
