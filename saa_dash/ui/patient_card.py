"""The card above a patient's figure: who it is and how it stands."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..i18n import label, term
from ..services.patients import PatientPage
from .words import language, t

_COLOURS = {"CR": "blue", "PR": "blue", "NR": "orange", "NE": "gray", "NYD": "gray"}


def header_card(page: PatientPage) -> None:
    """Show age, sex, severity, day on study, response by week and open queries."""
    lang, header = language(), page.header
    age = header["AGE"]
    who = [
        f"**{page.pcode}**",
        term(lang, "sex", header["SEX"]) or t("ui.patients.sex_unknown"),
        t("ui.patients.age", n=int(float(str(age)))) if not pd.isna(age) else t("ui.patients.age_unknown"),
        label(lang, "severity", header["SEVERITY"]),
        t(f"ui.status.{header['STATUS']}"),
    ]
    if not pd.isna(header["LASTDY"]):
        who.append(t("ui.patients.day", n=int(float(str(header["LASTDY"])))))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("　".join(filter(None, who)), width="content")
        for week, code in sorted(page.responses.items()):
            st.badge(
                f"{t('chart.week', n=week)} {t('ui.not_due') if code == 'NYD' else code}",
                color=_COLOURS.get(code, "gray"),
                help=term(lang, "response", code) if code != "NYD" else t("term.response.NYD"),
            )
        if len(page.queries):
            st.badge(t("ui.patients.queries", n=len(page.queries)), icon=":material/help:", color="orange")
