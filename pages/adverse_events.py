"""Adverse events: how many, of what kind, how bad; and the rows behind every number."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from saa_dash.model.provenance import Provenance
from saa_dash.services.adverse_events import adverse_events_page
from saa_dash.ui import state
from saa_dash.ui.ae_answers import answer_line
from saa_dash.ui.ae_behind import Asked
from saa_dash.ui.ae_complications import complications
from saa_dash.ui.ae_filters import chosen_filter, filter_controls
from saa_dash.ui.ae_tables import listings
from saa_dash.ui.ae_terms import terms_block, unit_in_force
from saa_dash.ui.ae_time_parts import over_time, part_in_force
from saa_dash.ui.ae_words import filter_words
from saa_dash.ui.empty import ready
from saa_dash.ui.narratives_parts import narratives
from saa_dash.ui.not_shown import not_listed
from saa_dash.ui.settings_words import interval_words
from saa_dash.ui.words import t


def _body(here: state.PageState) -> None:
    part = part_in_force()
    if part == "time":
        over_time(here.principal, state.view())
    elif part == "narratives":
        narratives(here.principal, state.view())
    else:
        _counts(here)


def _counts(here: state.PageState) -> None:
    view, wanted = state.view(), chosen_filter()
    page = adverse_events_page(here.principal, view, wanted, unit_in_force())
    recorded, method = page.recorded, interval_words(view)
    if not recorded.events:
        st.info(t("ae.no_events"), icon=":material/info:")
        return
    everybody = t(f"ae.population.{wanted.population}", total=page.terms.total)
    answer_line(page.answers, recorded)
    st.caption(t("ae.answer.of", population=everybody, method=method))
    provenance = _with(everybody)
    asked = Asked(here.principal, view, recorded, wanted, unit_in_force(), provenance)
    with st.container(border=True):
        if page.panel is None:
            st.markdown(f"**{t('ae.panel.name')}**")
            st.info(t("ae.panel.not_coded"), icon=":material/info:")
        else:
            by_patient = replace(asked, unit="patients")
            complications(page.panel, by_patient, t("ae.panel.subtitle", population=everybody), method)
    with st.container(border=True):
        st.markdown(f"**{t('ae.terms')}**")
        filter_controls(page, wanted)
        conditions = filter_words(wanted, recorded.scale)
        of_these = replace(asked, provenance=_with(everybody, *conditions))
        terms_block(page, of_these, " · ".join((everybody, *conditions)), method)
    if page.listings is None:
        not_listed()
    else:
        listings(page.listings, {answer.code: answer for answer in page.answers}, recorded, provenance)


def _with(*conditions: str) -> Provenance:
    """Return the provenance of this page with population and conditions among its filters."""
    plain = state.provenance()
    return replace(plain, filters="; ".join(part for part in (plain.filters, *conditions) if part))


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
