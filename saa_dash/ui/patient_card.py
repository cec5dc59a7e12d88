"""The card above a patient's figure: who it is and how it stands."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ..i18n import label, term
from ..services.patients import PatientPage
from .words import language, t

_COLOURS: dict[str, Literal["blue", "orange", "gray"]] = {
    "CR": "blue",
    "PR": "blue",
    "NR": "orange",
    "NE": "gray",
    "NYD": "gray",
}


def header_card(page: PatientPage) -> None:
    """Show age, sex, severity, day on study, response by week and open queries."""
    lang, header = language(), page.header
    who = [
        f"**{page.pcode}**",
        term(lang, "sex", header.sex) or t("ui.patients.sex_unknown"),
        t("ui.patients.age", n=header.age) if header.age is not None else t("ui.patients.age_unknown"),
        label(lang, "severity", header.severity),
        t(f"ui.status.{header.status}"),
    ]
    if header.last_day is not None:
        who.append(t("ui.patients.day", n=header.last_day))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" · ".join(filter(None, who)), width="content")
        for week, code in sorted(page.responses.items()):
            st.badge(
                f"{t('chart.week', n=week)} {t('ui.not_due') if code == 'NYD' else code}",
                color=_COLOURS.get(code, "gray"),
                help=term(lang, "response", code) if code != "NYD" else t("term.response.NYD"),
            )
        if len(page.queries):
            st.badge(t("ui.patients.queries", n=len(page.queries)), icon=":material/help:", color="orange")
