"""Results that deserve a second look, as three lists whose rows open the patient."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.outliers import JUMP, LEAST_CHANGES, LEAST_FOLD, LEAST_SHARE, Outliers
from ..model.provenance import Provenance
from .lab_rows import patient_rows
from .words import t

KINDS = ("outside", "implausible", "jumps")
MOST = 100  # rows of a list


def outlier_block(
    prefix: str, subject: str, outliers: Outliers, unit: str, provenance: Provenance, *, ratio: bool
) -> None:
    """Show one of the lists.

    Parameters
    ----------
    prefix : of the keys. subject : code of the test, part of file names. unit : in words. ratio : jumps are ratios.
    """
    lists = {"outside": outliers.outside, "implausible": outliers.implausible, "jumps": outliers.jumps}
    words = {kind: t(f"lab.outlier.{kind}", n=len(rows)) for kind, rows in lists.items()}
    held = f"{prefix}_outlier"
    if st.session_state.get(held) not in KINDS:
        st.session_state[held] = KINDS[0]
    st.markdown(f"**{t('lab.outlier.title')}**")
    st.segmented_control(
        t("lab.outlier.title"),
        KINDS,
        key=held,
        format_func=words.__getitem__,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    kind = str(st.session_state[held])
    rows = lists[kind]
    sentence, possible = _sentence(kind, outliers, unit, ratio=ratio)
    if rows.empty or not possible:
        st.info(sentence, icon=":material/info:")
        return
    st.caption(sentence)
    if len(rows) > MOST:
        st.caption(t("lab.outlier.first", shown=MOST, n=len(rows)))
    shown = rows.head(MOST)
    patient_rows(_table(kind, shown, unit), shown["ADY"].tolist(), f"{prefix}_{kind}", provenance,
                 name=f"{prefix}_{kind}_{subject}")  # fmt: skip


def _sentence(kind: str, outliers: Outliers, unit: str, *, ratio: bool) -> tuple[str, bool]:
    """Return what stands above the list, or in its place, and whether the question can be asked of this test."""
    if kind == "outside":
        if not outliers.limits:
            return t("lab.outlier.no_limits"), False
        return t("lab.outlier.no_outside" if outliers.outside.empty else "lab.outlier.outside_help"), True
    if kind == "implausible":
        if outliers.plausible is None:
            return t("lab.outlier.no_plausible"), False
        low, high = (f"{limit:g}" for limit in outliers.plausible)
        key = "lab.outlier.no_implausible" if outliers.implausible.empty else "lab.outlier.implausible_help"
        return t(key, low=low, high=high, unit=unit), True
    if outliers.changes < LEAST_CHANGES:
        return t("lab.outlier.few_changes", n=outliers.changes, least=LEAST_CHANGES), False
    if outliers.jumps.empty:
        return t("lab.outlier.no_jumps", n=outliers.changes), True
    least = t("lab.outlier.least_fold", least=f"{LEAST_FOLD:g}")
    if not ratio:
        least = t("lab.outlier.least_share", least=f"{100 * LEAST_SHARE:g}")
    return t("lab.outlier.jumps_help", n=outliers.changes, limit=f"{JUMP:g}", least=least), True


def _table(kind: str, rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    value = [f"{sign}{number:g}" for sign, number in zip(rows["CENS"], rows["AVAL"].round(4), strict=True)]
    columns: dict[str, object] = {
        t("column.patient"): rows["PCODE"],
        t("column.study_day"): rows["ADY"].astype("Int64"),
        t("lab.column.value", unit=unit): value,
    }
    if kind == "outside":
        columns[t("lab.column.side")] = [t(f"lab.level.{side}") for side in rows["SIDE"]]
        columns[t("lab.column.times")] = rows["TIMES"].round(2)
    if kind == "jumps":
        columns[t("lab.column.previous", unit=unit)] = rows["PREVIOUS"].round(4)
        columns[t("lab.column.previous_day")] = rows["PREVDY"].astype("Int64")
        columns[t("lab.column.score")] = rows["SCORE"].round(1)
    if rows["GRADE"].notna().any():
        columns[t("lab.column.grade")] = rows["GRADE"].astype("Int64")
    return pd.DataFrame(columns)
