"""The only download button. Bytes are made when it is clicked and carry their provenance.

Who may not have a file gets no button for it. What a file is about decides: data of single patients unless the caller
says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.errors import Refused
from ..model.provenance import Provenance
from ..services.audit import record
from ..services.location import data_dir
from . import capture, collect
from .identity import standing
from .table_files import CSV, XLSX, provenance_rows, table_csv, table_xlsx
from .words import t

DOWNLOAD = "download"  # action of the audit row


def offer(
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    key: str,
    *,
    mime: str = "",
    needs: Permission = Permission.EXPORT_PATIENT_DATA,
) -> None:
    """Show a download button whose bytes are generated on the click, to who has the right to them.

    Parameters
    ----------
    make : returns the file's bytes; called only when the button is used, by somebody who may still have what the page
        showed, and after the audit trail tells of it.
    needs : the right to the file.
    """
    if capture.running():
        return
    ask, data = standing(), data_dir()
    shown_to = ask()
    if not can_permission(shown_to, needs):
        return

    def made() -> bytes:
        if ask() != shown_to:
            raise Refused("error.signed_out")
        record(shown_to, data, DOWNLOAD, {"file": file_name, "right": str(needs)})
        return make()

    st.download_button(
        label,
        made,
        file_name=file_name,
        key=f"dl_{key}",
        mime=mime or None,
        icon=":material/download:",
        on_click="ignore",
    )


def offer_table(
    table: pd.DataFrame,
    key: str,
    provenance: Provenance,
    *,
    label: str = "",
    patients: bool = True,
    note: str = "",
) -> None:
    """Offer a shown table as CSV and XLSX with its provenance.

    Parameters
    ----------
    label : words on the button where several stand together; "" for the usual ones.
    patients : it tells of single patients, under whatever codes. note : method, and how to read it; for presenting.
    """
    if capture.running():
        capture.table(table, key, provenance, patients=patients, note=note)
        return
    needs = Permission.EXPORT_PATIENT_DATA if patients else Permission.EXPORT_AGGREGATES
    if not can_permission(standing()(), needs):
        collect.table_button(key)
        return
    stem = f"{'SYNTHETIC_' if provenance.synthetic else ''}{key}_{provenance.cut_id}"
    words = label or t("ui.download_csv")
    # in the words of now: a click is answered when no session is at hand
    about, sheets = provenance_rows(provenance), (t("under.sheet_numbers"), t("under.sheet_about"))
    with st.container(horizontal=True, gap="xsmall"):
        offer(words, lambda: table_csv(table, about), f"{stem}.csv", key, mime=CSV, needs=needs)
        in_excel = t("under.xlsx_of", words=label) if label else t("under.xlsx")
        make = partial(table_xlsx, table, about, sheets)
        offer(in_excel, make, f"{stem}.xlsx", f"{key}_xlsx", mime=XLSX, needs=needs)
        collect.table_button(key)
