"""Parts of the exposure and protocol page: answers, exposure by component, listings, eligibility."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ..analysis.exposure_summary import ComponentCount
from ..analysis.proportions import Proportion
from ..charts.exposure_plan import figure_exposure_plan
from ..charts.strips import rate_text
from ..i18n import has_key
from ..model.message import Message
from ..services.completeness import VisitsPage
from ..services.exposure import SEVERITIES, ExposurePage
from . import chart, state
from .gaps import not_available
from .lab_rows import open_at, patient_rows
from .organs_parts import limits
from .settings_words import interval_words
from .words import language, t


def no_protocol() -> Message:
    """Return why nothing is planned."""
    return Message("exposure.no_protocol", {"study": state.view().cut.study})


def answers(page: ExposurePage, visits: VisitsPage) -> None:
    """Draw the answers in one line."""
    stopped = [item.stopped for item in page.components if item.stopped is not None]
    with st.container(horizontal=True, gap="medium"):
        _rate(t("exposure.answer.off"), page.departures["ANY"] if page.lines else None, "no_plan")
        st.metric(t("exposure.answer.stopped"), str(sum(one.events for one in stopped)) if stopped else "–",
                  t("exposure.answer.components" if stopped else "exposure.answer.not_recorded"),
                  delta_color="off", delta_arrow="off", width="content")  # fmt: skip
        _rate(t("exposure.answer.major"), page.deviations["MAJOR"] if page.deviations else None, "not_recorded")
        _rate(t("exposure.answer.violations"), page.violations, "no_plan")
        missing = sum(item.states["MISSING"] for item in visits.counts)
        due = sum(item.done.total for item in visits.counts)
        st.metric(t("exposure.answer.missing"), f"{missing}/{due}" if visits.counts else "–",
                  t("exposure.answer.visits" if visits.counts else "exposure.answer.no_schedule"),
                  delta_color="off", delta_arrow="off", width="content")  # fmt: skip


def _rate(label: str, rate: Proportion | None, lacking: str) -> None:
    value = f"{rate.events}/{rate.total}" if rate else "–"
    words = limits(rate) if rate and rate.total else t(f"exposure.answer.{lacking}")
    st.metric(label, value, words, delta_color="off", delta_arrow="off", width="content")


def plan_block(page: ExposurePage) -> None:
    """Draw planned against given; a click on a mark opens the patient."""
    if not page.lines:
        not_available("exposure.plan.gap", [no_protocol()])
        return
    figure = figure_exposure_plan(
        page.lines,
        page.listings.points if page.listings else None,
        chart.look(),
        tolerance=page.dose_tolerance,
        treated=page.treated,
        method=interval_words(state.view()),
    )
    chart.open_patient(chart.show(figure, "exposure_plan", state.provenance(), select=figure.patients))


def component_table(page: ExposurePage) -> None:
    """Show exposure by component: who had it, how long, how much, interrupted, reduced, stopped."""
    st.markdown(f"**{t('exposure.components.title')}**")
    st.caption(t("exposure.components.subtitle", n=page.treated))
    rows = [_component(item) for item in page.components]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="exposure_components")
    st.caption(t("exposure.components.footnote", method=interval_words(state.view())))


def _component(item: ComponentCount) -> dict[str, str]:
    look = chart.look()
    unit = "" if item.unit == "days" else item.unit.replace("10^8 cells", t("exposure.unit.cells"))
    return {
        t("exposure.column.component"): component_name(item.component),
        t("exposure.column.given"): rate_text(item.given, look),
        t("exposure.column.days"): _spread(item.days, ""),
        t("exposure.column.dose"): _spread(item.dose, unit),
        t("exposure.column.interrupted"): "–" if item.interrupted is None else rate_text(item.interrupted, look),
        t("exposure.column.reduced"): rate_text(item.reduced, look),
        t("exposure.column.stopped"): t("exposure.answer.not_recorded")
        if item.stopped is None
        else rate_text(item.stopped, look),
    }


def component_name(code: str) -> str:
    """Return the name of a component, or of a drug of another study as it is."""
    key = f"chart.lane.{code}"
    return t(key) if has_key(language(), key) else code


def number(value: object) -> str:
    """Return an amount with three digits that count, from a thousand on without decimals."""
    amount = float(str(value))
    return f"{amount:.0f}" if abs(amount) >= 1000 else f"{amount:.3g}"


def _spread(numbers: tuple[float, float, float], unit: str) -> str:
    low, median, high = numbers
    if median != median:
        return "–"
    return t("exposure.spread", median=number(median), low=number(low), high=number(high), unit=unit).strip()


def _listing(title: str, none: str, table: pd.DataFrame, days: Sequence[float], key: str) -> None:
    st.markdown(f"**{title}**")
    if table.empty:
        st.caption(none)
    else:
        patient_rows(table, days, key, state.provenance(), rows=8)


def stopped_block(page: ExposurePage) -> None:
    """List permanent discontinuations with reason; zero is said."""
    if page.listings is None:
        return
    if all(item.stopped is None for item in page.components):
        not_available("exposure.stopped.title", [Message("exposure.stopped.not_recorded")])
        return
    rows = page.listings.stopped
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("exposure.column.component"): [component_name(code) for code in rows["EXTRT"]],
            t("column.study_day"): rows["DISCDY"].astype("Int64"),
            t("column.reason"): rows["REASON"],
            t("exposure.column.source"): [t(f"exposure.source.{code}") for code in rows["DISCSRC"]],
        }
    )
    none = t("exposure.stopped.none", n=page.treated)
    _listing(t("exposure.stopped.title"), none, table, rows["DISCDY"].tolist(), "stopped")


def changes_block(page: ExposurePage) -> None:
    """List interruptions and reductions."""
    if page.listings is None:
        return
    rows = page.listings.changes
    amounts = [
        t("exposure.changes.from_to", before=number(before), after=number(after), unit=unit) if after == after else ""
        for before, after, unit in zip(rows["BEFORE"], rows["AFTER"], rows["AVALU"], strict=True)
    ]
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("exposure.column.component"): [component_name(code) for code in rows["EXTRT"]],
            t("exposure.column.what"): [t(f"exposure.changes.{kind}") for kind in rows["KIND"]],
            t("exposure.column.from"): rows["FROMDY"].astype("Int64"),
            t("exposure.column.to"): rows["TODY"].astype("Int64"),
            t("column.days"): rows["DAYS"].astype("Int64"),
            t("exposure.column.amount"): amounts,
            t("column.reason"): rows["REASON"],
        }
    )
    _listing(t("exposure.changes.title"), t("exposure.changes.none"), table, rows["FROMDY"].tolist(), "dose_changes")


def departure_block(page: ExposurePage) -> None:
    """List doses, days and infusions off the plan as the data tell."""
    st.markdown(f"**{t('exposure.departures.title')}**")
    if not page.lines:
        st.caption(t("exposure.no_protocol", study=state.view().cut.study))
        return
    look = chart.look()
    counts = [f"{t(f'exposure.departures.{code}')} {rate_text(rate, look)}" for code, rate in page.departures.items()]
    st.caption(" · ".join(counts))
    if page.listings is None:
        return
    rows = page.listings.departures
    if rows.empty:
        st.caption(t("exposure.departures.none"))
        return
    words = [_departure(row) for row in rows.to_dict("records")]
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("exposure.column.component"): [component_name(code) for code in rows["EXTRT"]],
            t("exposure.column.what"): [t(f"exposure.departures.{code}") for code in rows["CODE"]],
            t("exposure.column.how"): words,
            t("column.study_day"): rows["ASTDY"].astype("Int64"),
        }
    )
    patient_rows(table, rows["ASTDY"].tolist(), "departures", state.provenance(), rows=8)


def _departure(row: dict[object, object]) -> str:
    if row["CODE"] == "MISSED":
        return t("exposure.departures.how_missed", n=f"{row['INFNUM']:.0f}")
    if row["CODE"] == "TIMING":
        return t("exposure.departures.how_timing", n=f"{row['INFNUM']:.0f}", days=f"{row['DAYSOFF']:+.0f}")
    unit = str(row["AVALU"]).replace("10^8 cells", t("exposure.unit.cells"))
    what = t("exposure.line.TOTDOSE") if row["PARAMCD"] == "TOTDOSE" else t("exposure.departures.dose_of")
    given, plan = number(row["AVAL"]), number(row["PLAN"])
    return t("exposure.departures.how_dose", what=what, given=given, plan=plan, unit=unit)


def deviation_block(page: ExposurePage) -> None:
    """Show recorded protocol deviations: major and minor x/n, and the listing."""
    if page.deviations is None:
        not_available("exposure.deviations.title", [Message("exposure.deviations.not_recorded")])
        return
    look = chart.look()
    st.markdown(f"**{t('exposure.deviations.title')}**")
    counts = [f"{t(f'term.deviation_severity.{code}')} {rate_text(page.deviations[code], look)}" for code in SEVERITIES]
    st.caption(" · ".join([*counts, t("exposure.deviations.of")]))
    if page.listings is None:
        return
    rows = page.listings.deviations
    if rows.empty:
        st.caption(t("exposure.deviations.none", n=page.enrolled))
        return
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("column.study_day"): rows["ADY"].astype("Int64"),
            t("column.severity"): [_term("deviation_severity", code) for code in rows["DVSEV"]],
            t("exposure.column.kind"): [_term("deviation", code) for code in rows["DVCAT"]],
            t("exposure.column.description"): rows["DVTERM"],
        }
    )
    patient_rows(table, rows["ADY"].tolist(), "deviations", state.provenance(), rows=8)


def _term(name: str, code: object) -> str:
    key = f"term.{name}.{code}"
    return t(key) if has_key(language(), key) else "–" if code != code else str(code)


def eligibility_block(page: ExposurePage) -> None:
    """Show each criterion with its violations, zero said for each, and what was found."""
    if not page.criteria:
        not_available("exposure.eligibility.title", [no_protocol()])
        return
    st.markdown(f"**{t('exposure.eligibility.title')}**")
    violated = page.violations
    found = t("exposure.eligibility.answer", x=violated.events if violated else 0, n=page.enrolled)
    st.caption(found)
    table = pd.DataFrame(
        {
            t("exposure.column.criterion"): [item.text[language()] for item in page.criteria],
            t("exposure.column.violated"): [
                f"{item.violated.events}/{item.violated.total}"
                if item.violated.events
                else t("exposure.eligibility.zero")
                for item in page.criteria
            ],
            t("exposure.column.unknown"): [item.unknown for item in page.criteria],
            t("exposure.column.disagree"): [item.disagree for item in page.criteria],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", height="content", key="eligibility")
    st.caption(t("exposure.eligibility.footnote"))
    if page.listings is None or page.listings.eligibility.empty:
        return
    rows = page.listings.eligibility
    texts = {item.code: item.text[language()] for item in page.criteria}
    listed = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("exposure.column.criterion"): [texts[code] for code in rows["CODE"]],
            t("exposure.column.result"): [t(f"exposure.result.{code}") for code in rows["RESULT"]],
            t("exposure.column.form"): [_result(code) for code in rows["ANSWER"]],
            t("exposure.column.data"): [_result(code) for code in rows["DERIVED"]],
        }
    )
    patient_rows(listed, [float("nan")] * len(listed), "eligibility_found", state.provenance(), rows=8)


def _result(code: object) -> str:
    return t(f"exposure.result.{code}") if isinstance(code, str) else "–"


def go_to(picked: chart.Selection) -> None:
    """Open the patient of a clicked square at its day."""
    if picked.points:
        code, day = picked.points[0][0], picked.points[0][1] if len(picked.points[0]) > 1 else None
        open_at(str(code), float(str(day)) if day is not None else None)
