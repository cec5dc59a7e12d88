"""One curve, or one per severity, with its readings beneath."""

from __future__ import annotations

import streamlit as st

from ..analysis.landmarks import TimeUnit
from ..analysis.results import Curve
from ..charts.curve import figure_curve, figure_strata
from ..services.gaps import Gaps
from ..services.survival import SurvivalPage, survival_strata
from . import chart, state
from .curve_readings import readings_table
from .settings_words import curve_method, rule_shown
from .strata_words import size_warning
from .words import t

BY_SEVERITY = "tte_by_severity"


def draw(here: state.PageState, page: SurvivalPage, param: str, held: Gaps, unit: TimeUnit) -> None:
    """Draw the curve of a parameter and what it says at fixed times; nobody at risk is said."""
    view, curve = state.view(), page.curves.get(param)
    if curve is None:
        st.info(t("ui.survival.nobody"), icon=":material/info:")
        return
    strata = _strata(here, param, unit) if view.sight.patients and view.severities else ()
    provenance = state.provenance(rule=rule_shown(view, held))
    origin, method = t(f"ui.origin.{page.origin}"), curve_method(curve)
    if strata:
        size_warning({name: len(part.subjects) for name, part in strata})
        drawn = figure_strata(strata, chart.look(), method=method, origin=origin, unit=unit)
    else:
        drawn = figure_curve(curve, chart.look(), method=method, origin=origin, unit=unit)
    chart.open_patient(chart.show(drawn, f"curve_{param}", provenance, select=view.sight.patients))
    readings_table(strata or (("", curve),), page.points[param], param, provenance)


def _strata(here: state.PageState, param: str, unit: TimeUnit) -> tuple[tuple[str, Curve], ...]:
    """Return the curves by severity, named, where they are asked for."""
    if not st.toggle(t("curves.strata.toggle"), key=BY_SEVERITY, persist_state="session"):
        return ()
    found = survival_strata(here.principal, state.view(), param, unit)
    if len(found) < 2:
        st.caption(t("curves.strata.only_one"))
        return ()
    return tuple((name or t("curves.strata.none"), curve) for name, curve in found)
