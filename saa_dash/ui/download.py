"""The only download button. Bytes are made when it is clicked and carry their provenance.

Who may not have a file gets no button for it. What a file is about decides: data of single patients unless the caller
says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.errors import Refused
from ..model.provenance import Provenance
from ..services.audit import record
from ..services.location import data_dir
from .identity import standing
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
    table: pd.DataFrame, key: str, provenance: Provenance, *, label: str = "", patients: bool = True
) -> None:
    """Offer a shown table as CSV with its provenance in the first lines.

    Parameters
    ----------
    label : words on the button where several stand together; "" for the usual ones.
    patients : it tells of single patients, under whatever codes.
    """
    needs = Permission.EXPORT_PATIENT_DATA if patients else Permission.EXPORT_AGGREGATES
    stem = f"{'SYNTHETIC_' if provenance.synthetic else ''}{key}_{provenance.cut_id}"
    words = label or t("ui.download_csv")
    offer(words, lambda: table_csv(table, provenance), f"{stem}.csv", key, mime="text/csv", needs=needs)


def table_csv(table: pd.DataFrame, provenance: Provenance) -> bytes:
    """Return a table as UTF-8 CSV that Excel opens rightly, provenance as comment lines above the header."""
    head = [
        *([f"# {t('synthetic.badge')}"] if provenance.synthetic else []),
        f"# {t('provenance.cut', cut=provenance.cut_id, date=provenance.cutoff)}",
        f"# {t('provenance.n', n=provenance.selected, total=provenance.total)}",
        f"# {t('provenance.hash', content=provenance.content_hash, settings=provenance.settings_hash)}",
    ]
    body = table.to_csv(index=False, lineterminator="\r\n")
    return ("\ufeff" + "\r\n".join(head) + "\r\n" + body).encode("utf-8")
