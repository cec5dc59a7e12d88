"""The safety board's answers: numbers first, then exposure, efficacy and the age of the data."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from ..analysis.dsmb_answers import EARLY_DAYS, Counted, ExposureLine
from ..analysis.proportions import Proportion
from ..charts.ae_rows import percent
from ..charts.strips import rate_text
from ..i18n import label
from ..model.provenance import Provenance
from ..services.changes import CutChanges
from ..services.context import View
from ..services.dsmb import BoundaryPanel, DsmbPage
from . import chart
from .ae_tables import count_words, rows_table
from .ae_words import event_table
from .download import offer_table
from .gaps import not_available
from .settings_words import interval_words
from .table import currency_table
from .words import language, t

_ENDS = ("ON_STUDY", "COMPLETED", "WITHDRAWAL", "LOST", "DEATH")
_INFUSED = "UCBMNC"  # given on single days: a pause between them is none


def cutoff_line(page: DsmbPage, view: View) -> None:
    """Say up to when safety and efficacy are told, and what the numbers are of."""
    line = t("dsmb.cutoffs", safety=page.safety_cutoff, efficacy=page.efficacy_cutoff)
    if page.safety_cutoff != page.efficacy_cutoff:
        line = f"**{line}** {t('dsmb.cutoffs_differ')}"
    st.markdown(line)
    st.caption(t("dsmb.denominator", method=interval_words(view)))


def answers(page: DsmbPage, panel: BoundaryPanel | None, changes: CutChanges | None) -> None:
    """Draw the answers, twelve at the most; what was not recorded is said so."""
    safety = page.safety
    cells = [_accrual(page), _deaths(page), _early(page), _changes(changes)]
    cells += [
        (t("dsmb.answer.serious"), *_counted(safety.serious)),
        (t("dsmb.answer.special"), *_counted(safety.special)),
        _severe(page),
        _infusion(page),
    ]
    cells.append(_boundary(panel))
    cells += _efficacy(page)
    for start in range(0, len(cells), 4):
        for column, (name, value, more) in zip(st.columns(4), cells[start : start + 4], strict=False):
            with column, st.container(gap=None):
                st.metric(name, value)
                st.caption(more)


Cell = tuple[str, str, str]


def _accrual(page: DsmbPage) -> Cell:
    counts = page.overview.status_counts
    more = [f"{t(f'ui.status.{code}')} {counts[code]}" for code in _ENDS if counts.get(code)]
    if page.overview.failures:
        more.append(t("dsmb.answer.failures", n=page.overview.failures))
    treated = page.safety.treated
    if page.planned is None:
        return t("dsmb.answer.accrual_open"), str(treated), t("dsmb.comma").join(more)
    return t("dsmb.answer.accrual"), f"{treated}/{page.planned}", t("dsmb.comma").join(more)


def _deaths(page: DsmbPage) -> Cell:
    more = limits(page.safety.deaths)
    if page.safety.late:
        more += t("dsmb.comma") + t("dsmb.answer.late", n=page.safety.late)
    return t("dsmb.answer.deaths"), ratio(page.safety.deaths), more


def _early(page: DsmbPage) -> Cell:
    a, b = EARLY_DAYS
    early, reached = page.safety.early, page.safety.reached
    value = " · ".join(ratio(early[day]) for day in EARLY_DAYS)
    return t("dsmb.answer.early", a=a, b=b), value, t("dsmb.answer.reached", a=reached[a], b=reached[b])


def _changes(changes: CutChanges | None) -> Cell:
    if changes is None:
        return t("dsmb.answer.changes"), "–", t("dsmb.answer.changes_first")
    sizes = {group: len(part) for group, part in changes.by_group.items()}
    return t("dsmb.answer.changes"), t("dsmb.answer.changes_n", n=len(changes.told)), t(
        "dsmb.answer.changes_worst", **{name: sizes[name] for name in ("death", "sae", "response")}
    )  # fmt: skip


def _severe(page: DsmbPage) -> Cell:
    value, more = _counted(page.safety.severe_other)
    blood = page.safety.severe_blood.patients
    if blood is not None:
        more = t("dsmb.comma").join([more, t("dsmb.answer.blood", rate=ratio(blood))])
    return t(f"dsmb.answer.severe_{page.recorded.scale}"), value, more


def _infusion(page: DsmbPage) -> Cell:
    value, more = _counted(page.safety.infusion_ucb)
    if value != "–":
        more = t("dsmb.answer.infusion_ucb", rate=more)
    atg = page.safety.infusion_atg.patients
    if atg is not None:
        more = t("dsmb.comma").join([more, t("dsmb.answer.infusion_atg", rate=ratio(atg))])
    return t("dsmb.answer.infusion"), value, more


def _boundary(panel: BoundaryPanel | None) -> Cell:
    from .dsmb_boundary import short_state

    value, more = short_state(panel)
    return t("dsmb.answer.boundary"), value, more


def _efficacy(page: DsmbPage) -> list[Cell]:
    """Return the rates of the visits, or that response cannot be assessed."""
    if page.overview.held.response:
        return [(t("dsmb.efficacy.title"), "–", t("gap.response"))]
    return [
        (
            t("dsmb.answer.orr", week=strip.week),
            ratio(strip.orr) if strip.orr.total else "–",
            t("dsmb.comma").join([limits(strip.orr), t("dsmb.answer.crr", rate=ratio(strip.crr))])
            if strip.orr.total
            else t("ui.not_due"),
        )
        for strip in page.strips
    ]


def ratio(rate: Proportion) -> str:
    """Return x/n."""
    return f"{rate.events}/{rate.total}"


def limits(rate: Proportion) -> str:
    """Return per cent and limits; of zero its upper limit."""
    if not rate.total:
        return t("dsmb.nobody")
    if not rate.events:
        return t("ae.rate.upper", upper=f"{100 * rate.upper:.1f}")
    share, lower, upper = (percent(value, rate.total) for value in (rate.estimate, rate.lower, rate.upper))
    return t("ae.rate.limits", percent=share, lower=lower, upper=upper)


def _counted(found: Counted) -> tuple[str, str]:
    if found.patients is None:
        return "–", t("dsmb.not_recorded")
    more = limits(found.patients)
    return ratio(found.patients), f"{more} · {t('dsmb.events', n=found.events)}" if found.events else more


def definitions() -> None:
    """Say what counts as haematological, and as within a day."""
    st.caption(f"{t('dsmb.haematological')} {t('dsmb.infusion')}")


def exposure_block(lines: tuple[ExposureLine, ...], provenance: Provenance) -> None:
    """Show each component in one line."""
    st.markdown(f"**{t('dsmb.exposure.title')}**")
    if not lines:
        st.info(t("dsmb.exposure.none"), icon=":material/info:")
        return
    lang = language()
    table = pd.DataFrame(
        {
            t("dsmb.exposure.component"): [label(lang, "component", line.component) for line in lines],
            t("dsmb.exposure.given"): [f"{line.given}/{line.total}" for line in lines],
            t("dsmb.exposure.days"): [_span(line) for line in lines],
            t("dsmb.exposure.percent"): [None if math.isnan(line.percent) else round(line.percent) for line in lines],
            t("dsmb.exposure.paused"): [None if line.component == _INFUSED else line.paused for line in lines],
            t("dsmb.exposure.stopped"): [line.stopped for line in lines],
            t("dsmb.exposure.missed"): [line.missed if line.component == _INFUSED else None for line in lines],
        }
    )
    whole = [t(f"dsmb.exposure.{name}") for name in ("percent", "paused", "missed")]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    st.dataframe(table, hide_index=True, width="stretch", placeholder="–", key="dsmb_exposure")
    st.caption(t("dsmb.exposure.note"))
    offer_table(table, "dsmb_exposure", provenance, patients=False)


def _span(line: ExposureLine) -> str:
    if not line.given:
        return "–"
    median, low, high = (f"{day:g}" for day in line.days)
    return t("dsmb.exposure.span", median=median, low=low, high=high)


def efficacy_block(page: DsmbPage, rule: str, provenance: Provenance) -> None:
    """Show response by visit, or why it cannot be assessed."""
    if page.overview.held.response:
        not_available("gap.response", page.overview.held.response)
        return
    look = chart.look()
    st.markdown(f"**{t('dsmb.efficacy.title')}**")
    table = pd.DataFrame(
        {
            t("column.visit"): [t("chart.week", n=strip.week) for strip in page.strips],
            "ORR": [rate_text(s.orr, look, printable=s.counts.rate_printable) for s in page.strips],
            "CRR": [rate_text(s.crr, look, printable=s.counts.rate_printable) for s in page.strips],
            "NE": [strip.counts.ne for strip in page.strips],
            t("ui.response.not_due"): [strip.counts.not_yet_due for strip in page.strips],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="–", key="dsmb_efficacy")
    st.caption(t("dsmb.efficacy.note", rule=rule))
    offer_table(table, "dsmb_efficacy", provenance, patients=False)


def serious_block(page: DsmbPage, changes: CutChanges | None, provenance: Provenance) -> None:
    """List the serious events; new, changed and gone ones bear their mark."""
    rows = page.serious if changes is None else changes.serious
    here = rows if changes is None else rows[rows["MARK"] != "GONE"]
    st.markdown(f"**{t('dsmb.serious.title')}** · {count_words(here)}")
    serious = page.safety.serious.patients
    if serious is None:
        st.caption(t("dsmb.serious.not_recorded"))
        return
    if rows.empty:
        upper = f"{100 * serious.upper:.1f}"
        empty = t("dsmb.serious.none", total=serious.total, upper=upper) if serious.total else t("dsmb.serious.empty")
        st.caption(empty)
        return
    table = event_table(rows, page.recorded, why=True)
    if changes is not None:
        words = {
            mark: f"{t(f'changes.sign.{mark}')} {t(f'changes.mark.{mark}')}" for mark in ("NEW", "CHANGED", "GONE")
        }
        table.insert(1, t("dsmb.serious.change"), rows["MARK"].map(words).astype("object").fillna("").to_numpy())
    rows_table(rows, table, "dsmb_serious", provenance)
    st.caption(t("changes.hint"))


def currency_block(page: DsmbPage) -> None:
    """Show missing forms, open queries and the last data of each patient."""
    currency_table(page.overview)
    if page.missing is None or not any(form.due for form in page.missing):
        st.markdown(t("dsmb.currency.forms_none"))
    else:
        told = (t(f"dsmb.currency.form_{f.domain}", missing=f.missing, due=f.due) for f in page.missing)
        st.markdown(t("dsmb.currency.forms", forms=t("dsmb.comma").join(told)))
    st.markdown(t("dsmb.currency.queries", imported=page.overview.queries, raised=page.raised))
