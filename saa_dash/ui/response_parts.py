"""Parts of the response page: squares with their reasons, denominators, sensitivity, agreement, benchmarks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.results import BenchmarkRow, ResponseGrid
from ..charts.strips import rate_text
from ..charts.theme import Look
from ..model.benchmark import AtgSource, Benchmark
from ..services.context import View
from ..services.response import WEEK_12_MONTHS, ResponsePage, SensitivityCell
from . import state
from .download import offer_table
from .words import language, t

_BEST = {"CR": 0, "PR": 1, "NE": 2, "NR": 3, "NYD": 4}


def response_grid(page: ResponsePage) -> ResponseGrid:
    """Return the squares with signs and reasons in words, best patients first."""
    rows = page.rows
    sign = pd.Series("", index=rows.index)
    sign = sign.mask(rows["TRANSFL"] == "Y", "ᵀ").mask(rows["PROVFL"] == "Y", "*").mask(rows["ATLPRFL"] == "Y", "⁺")
    why = [t(f"response.reason.{code}") if isinstance(code, str) and code else "" for code in rows["REASON"]]
    grid = pd.DataFrame(
        {"PCODE": rows["PCODE"], "WEEK": rows["AVISITN"], "STATE": rows["AVALC"], "SIGN": sign, "WHY": why}
    )
    rank = rows.assign(R=rows["AVALC"].map(_BEST)).sort_values("AVISITN").groupby("PCODE")["R"].agg(list)
    order = sorted(rank.index, key=lambda code: (rank[code][::-1], code))
    return ResponseGrid(grid, tuple(order), page.strips)


def denominator_table(page: ResponsePage, look: Look) -> None:
    """Show every denominator side by side."""
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
    st.markdown(f"**{t('ui.response.denominators')}**")
    st.caption(t("ui.response.denominators_help"))
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="denominators")
    offer_table(table, "denominators", state.provenance(), patients=False)


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
    offer_table(table, "sensitivity", state.provenance(), patients=False)


def agreement_table(page: ResponsePage) -> None:
    """List where the derived response and the investigator's differ; zero is said."""
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
    offer_table(table, "disagreements", state.provenance())


def benchmark_rows(page: ResponsePage, view: View, look: Look) -> tuple[BenchmarkRow, ...]:
    """Return this trial at week 12, then the published cohorts with a 3-month rate."""
    own = page.strips[-1].orr
    first = BenchmarkRow(
        name=t("ui.response.this_trial"),
        orr=own.estimate,
        lower=own.lower,
        upper=own.upper,
        shown=rate_text(own, look),
        own=True,
        comparable=True,
        detail=t("ui.response.this_trial_detail"),
    )
    mine = (first,) if own.total else ()
    return (*mine, *filter(None, (_benchmark(item, view) for item in page.benchmarks)))


def _benchmark(item: Benchmark, view: View) -> BenchmarkRow | None:
    from ..analysis.proportions import estimate_proportion

    lang = language()
    point = next((p for p in item.points if p.months == WEEK_12_MONTHS), None)
    if point is None or point.orr is None:
        return None
    exact = None
    if point.responders is not None and point.evaluable is not None:
        exact = estimate_proportion(point.responders, point.evaluable, "clopper-pearson")
    criteria = view.rule_sets[item.criteria].title[lang] if item.criteria else t("ui.response.criteria_unknown")
    percent = f"{100 * point.orr:.0f}"
    shown = f"{percent}%"
    if exact:
        shown = t("chart.rate.share", x=point.responders, n=point.evaluable, percent=percent)
    return BenchmarkRow(
        name=f"{item.label[lang]}（n = {item.n}）" if lang == "zh" else f"{item.label[lang]} (n = {item.n})",
        orr=point.orr,
        lower=exact.lower if exact else None,
        upper=exact.upper if exact else None,
        shown=shown,
        own=False,
        comparable=item.criteria == view.endpoint.criteria and item.atg == AtgSource.RABBIT,
        detail=t("ui.response.benchmark_detail", criteria=criteria, atg=t(f"ui.atg.{item.atg}"), cite=item.citation),
    )
