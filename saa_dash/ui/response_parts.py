"""Parts of the response page: squares with their reasons, denominators, sensitivity, agreement, benchmarks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.results import StratumRow
from ..analysis.schedule import WEEKS
from ..charts.rate_rows import figure_strata_rates
from ..charts.strips import rate_text
from ..charts.theme import Look
from ..model.errors import UserError
from ..model.principal import Principal
from ..services.context import View
from ..services.response import ResponsePage, SensitivityCell, sensitivity
from ..services.response_strata import ResponseStrata
from . import capture, chart, state
from .download import offer_table
from .settings_words import interval_words
from .strata_words import size_warning
from .words import language, t


def denominator_table(page: ResponsePage, look: Look, *, method: str, rule: str) -> None:
    """Show every denominator side by side.

    Parameters
    ----------
    method : name of the interval. rule : in force, in words.
    """
    records = []
    for strip in page.strips:
        counts, printable = strip.counts, strip.counts.rate_printable
        missing = t("ui.response.comma").join(
            t("ui.response.missing_part", n=n, test=t(f"chart.lineage.{name}")) for name, n in counts.missing.items()
        )
        records.append(
            {
                t("column.visit"): t("chart.week", n=strip.week),
                t("ui.response.fas"): counts.full_analysis_set,
                t("ui.response.not_due"): counts.not_yet_due,
                t("ui.response.due"): counts.due,
                "CR": counts.cr,
                "PR": counts.pr,
                "NR": counts.nr,
                "NE": counts.ne,
                "ORR": rate_text(strip.orr, look, printable=printable),
                "CRR": rate_text(strip.crr, look, printable=printable),
                t("ui.response.orr_without_ne"): f"{counts.orr_without_ne.events}/{counts.orr_without_ne.total}",
                t("ui.response.crr_without_ne"): f"{counts.crr_without_ne.events}/{counts.crr_without_ne.total}",
                t("ui.response.missing"): missing,
            }
        )
    table = pd.DataFrame(records)
    if not table[t("ui.response.missing")].any():
        table = table.drop(columns=t("ui.response.missing"))
    st.markdown(f"**{t('ui.response.denominators')}**")
    st.caption(t("ui.response.denominators_help"))
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="denominators")
    note = f"{t('ui.response.denominators_help')} {t('ui.response.rates', method=method)}"
    offer_table(table, "denominators", state.provenance(rule=rule), patients=False, note=note)


def sensitivity_block(principal: Principal, view: View, look: Look) -> None:
    """Show rule sets × origins at a visit of choice."""
    st.markdown(f"**{t('ui.response.sensitivity')}**")
    week = st.segmented_control(
        t("column.visit"),
        WEEKS,
        key="sensitivity_week",
        format_func={n: t("chart.week", n=n) for n in WEEKS}.__getitem__,
        required=True,
        default=12 if "sensitivity_week" not in st.session_state else None,
        label_visibility="collapsed",
        persist_state="session",
    )
    sensitivity_table(sensitivity(principal, view, int(week or 12)), view, look)


def sensitivity_table(cells: tuple[SensitivityCell, ...], view: View, look: Look) -> None:
    """Show rule sets × origins; the primary setting is marked."""
    lang = language()
    table = pd.DataFrame(
        {
            t("ui.response.criteria"): [
                ("★ " if cell.primary else "") + view.rule_sets[cell.criteria].title[lang] for cell in cells
            ],
            t("ui.response.origin"): [t(f"ui.origin.{cell.origin}") for cell in cells],
            "ORR": [rate_text(c.orr, look, printable=c.counts.rate_printable) for c in cells],
            "CRR": [rate_text(c.crr, look, printable=c.counts.rate_printable) for c in cells],
            t("ui.response.not_due"): [cell.counts.not_yet_due for cell in cells],
            "NE": [cell.counts.ne for cell in cells],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="sensitivity")
    st.caption(t("ui.response.star"))
    note = f"{t('ui.response.star')} {t('ui.response.rates', method=interval_words(view))}"
    offer_table(table, "sensitivity", state.provenance(), patients=False, note=note)


def agreement_table(page: ResponsePage, rule: str) -> None:
    """List where the derived response, by the rule in force, and the investigator's differ; zero is said."""
    st.markdown(f"**{t('ui.response.agreement')}**")
    for part in page.agreement:
        st.caption(
            t("ui.response.agree_line", week=part.week, agree=part.agree, total=part.agree + part.disagree)
            + (t("ui.response.not_entered", n=part.not_entered) if part.not_entered else "")
        )
    rows = page.disagreements
    if rows is None:
        return
    if rows.empty:
        st.markdown(t("ui.response.no_disagreement"))
        return
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("column.visit"): [t("chart.week", n=int(week)) for week in rows["AVISITN"]],
            t("ui.response.derived"): rows["AVALC"],
            t("ui.response.investigator"): rows["INVAVALC"],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="disagreements")
    offer_table(table, "disagreements", state.provenance(rule=rule))


def strata_block(found: ResponseStrata, look: Look, *, method: str, rule: str) -> None:
    """Show response by severity with a warning on its size, or why it is not shown."""
    if found.withheld:
        st.markdown(f"**{t('response.strata.title')}**")
        st.info(t(f"response.strata.withheld.{found.withheld}"), icon=":material/visibility_off:")
        capture.withheld("strata", UserError("error.collect_small_groups"))
        return
    names = {code: code or t("curves.strata.none") for code in found.sizes}
    if len(names) < 2:
        st.markdown(f"**{t('response.strata.title')}**")
        st.caption(t("curves.strata.only_one"))
        return
    sizes = {names[code]: n for code, n in found.sizes.items()}
    rows = [
        StratumRow(names[rate.severity], rate.week, rate.orr, rate.crr, rate.counts.rate_printable)
        for rate in found.rates
    ]
    figure = figure_strata_rates(rows, sizes, look, method=method, rule=rule)
    size_warning(sizes)
    chart.show(figure, "strata", state.provenance(rule=rule))
