"""The registered complications as a table in a language: counts, rates, times of onset."""

from __future__ import annotations

import math

import pandas as pd

from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import ComplicationPanel
from ..analysis.complications import Complications, Onset
from ..charts.ae_complications import class_name
from ..charts.theme import Look
from ..i18n import translate


def complication_table(panel: ComplicationPanel, lang: str) -> pd.DataFrame:
    """Return one line per class: patients, events, serious and severe ones, rate, onset after each component."""
    look, severe = Look(lang), panel.scale is Scale.GRADE

    def t(name: str) -> str:
        return translate(lang, f"ae.column.{name}")

    records = []
    for item in panel.table.rows:
        rate = item.patients
        records.append(
            {
                t("class"): class_name(item.code, look),
                t("patients"): f"{rate.events}/{rate.total}",
                t("limits"): _percent_limits(rate.lower, rate.upper),
                t("events"): item.events,
                t("serious"): item.serious,
                **({t("severe"): item.severe} if severe else {}),
                t("rate"): _rate(item, lang),
                **{t(f"after.{onset.component}"): _onset(onset, lang) for onset in item.onsets},
            }
        )
    return pd.DataFrame(records)


def _percent_limits(lower: float, upper: float) -> str:
    return "" if math.isnan(lower) else f"{100 * lower:.1f}–{100 * upper:.1f}%"


def _rate(item: Complications, lang: str) -> str:
    rate = item.rate
    if math.isnan(rate.rate):
        return ""
    words = {"rate": rate.rate, "lower": rate.lower, "upper": rate.upper}
    return translate(lang, "ae.rate.per_days", **{name: f"{value:.2f}" for name, value in words.items()})


def _onset(onset: Onset, lang: str) -> str:
    before = translate(lang, "ae.panel.before", n=onset.before) if onset.before else ""
    if not onset.events:
        return before or "–"
    days = tuple(f"{day:g}" for day in (onset.earliest, onset.latest, onset.median))
    if onset.events == 1:
        return ", ".join(filter(None, (days[0], before)))
    told = translate(lang, "ae.panel.onset", low=days[0], high=days[1], median=days[2])
    return ", ".join(filter(None, (told, before)))
