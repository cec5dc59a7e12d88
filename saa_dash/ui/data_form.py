"""The empty form to download."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from ..access.policy import Permission
from ..model.principal import Principal
from ..services.samples import write_empty_form
from .download import offer
from .words import language, t

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form_download(principal: Principal) -> None:
    """Offer the CRF workbook."""
    lang = language()

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "form.xlsx"
            write_empty_form(principal, out, lang)
            return out.read_bytes()

    with st.container(border=True):
        st.subheader(t("ui.data.template"))
        st.markdown(t("ui.data.template_help"))
        offer(
            t("ui.data.template_download"),
            make,
            t("ui.data.template_file"),
            "template",
            mime=XLSX,
            needs=Permission.USE_TEMPLATE,
        )
