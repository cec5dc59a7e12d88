"""The stopping boundary: the rule, where the trial stands, what the next event would do, how the rule behaves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.boundary_state import BoundaryState
from ..charts.boundary import BoundaryDrawn, figure_boundary
from ..model.provenance import Provenance
from ..services.dsmb import STUDY_RULE, BoundaryPanel, boundary_panel, boundary_rules
from . import chart, session, state
from .download import offer_table
from .words import labels, t

_NONE = "none"
_LEAST = 0.0005  # probability below which it is not written out


def chosen_panel(here: state.PageState) -> BoundaryPanel | None:
    """Return where the trial stands under the rule in force, or the exploratory one chosen; None where none is."""
    view = state.view()
    rules = boundary_rules(view)
    held = st.session_state.get(session.DSMB_RULE)
    rule = STUDY_RULE if STUDY_RULE in rules else held if held in (*rules, _NONE) else rules[0]
    return None if rule == _NONE else boundary_panel(here.principal, view, str(rule))


def short_state(panel: BoundaryPanel | None) -> tuple[str, str]:
    """Return the state for the answers: of an exploratory rule that none is specified, and how it stands beside."""
    if panel is None:
        return t("boundary.short.unspecified"), ""
    state_ = panel.state
    word = "met" if state_.crossed_at is not None else "not_met"
    found = t("boundary.short.state", events=state_.events, n=state_.evaluable, word=t(f"boundary.short.{word}"))
    if panel.exploratory:
        return t("boundary.short.unspecified"), f"{t('boundary.exploratory')}: {found}"
    limit = "–" if state_.stop_at is None else f"≥{state_.stop_at}"
    return t(f"boundary.short.{word}"), t("boundary.short.own", events=state_.events, n=state_.evaluable, limit=limit)


def boundary_block(here: state.PageState, panel: BoundaryPanel | None, provenance: Provenance) -> None:
    """Draw the block."""
    view = state.view()
    rules = boundary_rules(view)
    if STUDY_RULE not in rules:
        st.markdown(f"**{t('boundary.block.title')}**")
        key = "boundary.block.not_specified" if view.protocol else "boundary.block.no_protocol"
        st.warning(t(key, study=view.cut.study), icon=":material/gavel:")
        _choose(rules)
    if panel is None:
        return
    if view.filters.active:
        st.warning(t("boundary.block.filtered"), icon=":material/filter_alt:")
    left, right = st.columns([6, 5], gap="medium")
    with left:
        figure = figure_boundary(BoundaryDrawn(panel.state, panel.exploratory), chart.look())
        chart.open_patient(chart.show(figure, "boundary", provenance, select=True))
    with right:
        if panel.exploratory:
            st.badge(t("boundary.exploratory"), icon=":material/science:", color="orange")
        _said(panel.state)
        _characteristics(panel, provenance)


def _choose(rules: tuple[str, ...]) -> None:
    options = [*rules, _NONE]
    if st.session_state.get(session.DSMB_RULE) not in options:
        st.session_state[session.DSMB_RULE] = rules[0]
    st.segmented_control(
        t("boundary.block.choose"), options, key=session.DSMB_RULE, format_func=labels("boundary.block."), required=True
    )


def _said(found: BoundaryState) -> None:
    """Say what the next event would do, what it would take, and how many are enrolled before it can act."""
    lines = []
    if found.evaluable >= found.size:
        lines.append(t("boundary.block.done"))
    elif found.crossed_at is not None:
        lines.append(f"**{t('boundary.block.met', n=found.crossed_at)}**")
    else:
        events, n, limit = found.next_event
        stops = limit is not None and events >= limit
        lines.append(f"**{t('boundary.next_stops' if stops else 'boundary.next_goes_on', events=events, n=n)}**")
        more = found.events_to_stop
        if not stops:
            lines.append(t("boundary.block.never") if more is None else t("boundary.block.to_stop", n=more))
    lines += _recruitment(found)
    states = found.patients["STATE"].value_counts()
    lines.append(t("boundary.block.open", open=int(states.get("OPEN", 0)), left=int(states.get("LEFT", 0))))
    if found.evaluable:
        lines.append(t("boundary.block.posterior", theta=found.settings.theta, posterior=_chance(found.posterior)))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _chance(value: float) -> str:
    return "<0.001" if value < _LEAST else f"{value:.3f}"


def _recruitment(found: BoundaryState) -> list[str]:
    total, first = len(found.patients), found.acts_from
    if first is None:
        return [t("boundary.block.acts_never", total=found.size)]
    started = found.started_by(first)
    if started is None:
        return [t("boundary.block.acts_later", n=first, now=found.evaluable, total=total)]
    return [t("boundary.block.acts", n=first, started=started, total=total)]


def _characteristics(panel: BoundaryPanel, provenance: Provenance) -> None:
    found = panel.state
    if not found.characteristics:
        return
    rule = t("boundary.exploratory" if panel.exploratory else "boundary.of_study")
    table = pd.DataFrame(
        {
            t("boundary.column.rule"): rule,
            t("boundary.column.true"): [f"{item.true_p:g}" for item in found.characteristics],
            t("boundary.column.stop"): [f"{item.stop:.3f}" for item in found.characteristics],
            t("boundary.column.early"): [f"{item.early:.3f}" for item in found.characteristics],
            t("boundary.column.expected"): [f"{item.expected_n:.1f}" for item in found.characteristics],
        }
    )
    st.markdown(f"**{t('boundary.block.characteristics')}** · {rule}")
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="boundary_characteristics")
    st.caption(t("boundary.block.characteristics_note", n=found.size))
    offer_table(table, "boundary_characteristics", provenance, patients=False)
