"""What a check found: problems to mend, counts, and the reconciliation of rows and values."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from ..access.policy import Permission
from ..i18n import translate
from ..i18n.problem_words import problem_words
from ..model.principal import Principal
from ..model.problem import Problem
from ..services.imports import ImportReport, marked_copy
from .data_form import XLSX
from .download import offer
from .words import language, t

_SHOWN = 2_000  # problems listed on screen; the marked-up copy holds all
# Columns of the reconciliation that are shown even where there is nothing to explain.
_ALWAYS = ("sheet", "rows_in", "rows_out", "values_in", "values_out", "note")
_ICONS = {"error": ":material/error:", "query": ":material/help:", "note": ":material/info:"}


def show_report(principal: Principal, path: Path, report: ImportReport) -> None:
    """Show the outcome of a check: the verdict, the problems grouped by kind, the counts."""
    counts = {kind: sum(p.severity == kind for p in report.problems) for kind in ("error", "query", "note")}
    if report.has_identifiers:
        st.error(t("ui.data.refused"), icon=":material/block:")
    elif report.has_errors:
        st.error(t("ui.data.errors", n=counts["error"]), icon=_ICONS["error"])
    else:
        st.success(t("ui.data.good"), icon=":material/check_circle:")
    if counts["query"] and not report.has_identifiers:
        st.warning(t("ui.data.queries", n=counts["query"]), icon=_ICONS["query"])
    if counts["note"]:
        st.caption(t("ui.data.notes", n=counts["note"]))
    if report.problems:
        _problems(principal, path, report)
    if not report.has_identifiers and report.subjects:
        _counts(report)


def problem_table(problems: Sequence[Problem], lang: str) -> pd.DataFrame:
    """Return problems as rows in the reader's language, errors first."""
    rows = _in_order(problems)
    texts = [problem_words(problem, lang) for problem in rows]

    def head(name: str) -> str:
        return translate(lang, f"ui.data.column.{name}")

    return pd.DataFrame(
        {
            head("severity"): [translate(lang, f"ui.data.severity.{p.severity}") for p in rows],
            head("sheet"): [p.sheet or p.file for p in rows],
            head("row"): pd.array([p.row for p in rows], dtype="Int64"),
            head("what"): [text.message for text in texts],
            head("remedy"): [text.remedy for text in texts],
            head("column"): [p.column for p in rows],
            head("value"): [p.value for p in rows],
            head("expected"): [text.expected for text in texts],
        }
    )


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems that are listed: errors first, by sheet and row."""
    rank = {"error": 0, "query": 1, "note": 2}
    return sorted(problems, key=lambda p: (rank[p.severity], p.sheet, p.row or 0))[:_SHOWN]


def _problems(principal: Principal, path: Path, report: ImportReport) -> None:
    lang = language()
    table = problem_table(report.problems, lang)
    what, remedy, column = (t(f"ui.data.column.{name}") for name in ("what", "remedy", "column"))
    severity = t("ui.data.column.severity")
    kinds = pd.Series([problem.code for problem in _in_order(report.problems)], index=table.index)
    grouped = table.groupby(
        [severity, t("ui.data.column.sheet"), column, kinds.rename("code")], sort=False, dropna=False
    )
    firsts = {what: (what, "first"), remedy: (remedy, "first")}
    summary = grouped.agg(**{t("ui.data.column.count"): (what, "size"), **firsts}).reset_index()
    summary = summary[[severity, t("ui.data.column.sheet"), t("ui.data.column.count"), what, remedy, column]]
    st.markdown(f"**{t('ui.data.problems')}**")
    st.dataframe(summary, hide_index=True, width="stretch", placeholder="", key="problem_groups")
    with st.expander(t("ui.data.problem_rows", n=len(report.problems)), expanded=len(table) <= 12):
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="problem_rows")
    if report.subjects and not report.has_identifiers:

        def make() -> bytes:
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder) / "marked.xlsx"
                marked_copy(principal, path, report.problems, out, lang)
                return out.read_bytes()

        offer(
            t("ui.data.marked"),
            make,
            f"{path.stem}_{t('ui.data.marked_suffix')}.xlsx",
            "marked",
            mime=XLSX,
            needs=Permission.IMPORT,
        )


def _counts(report: ImportReport) -> None:
    """Show how much there is, and that nothing was lost on the way."""
    kinds = {name: n for name, n in report.table_rows.items() if n}
    with st.expander(t("ui.data.preview", n=report.subjects), expanded=not report.has_errors):
        table = pd.DataFrame(
            {
                t("ui.data.column.table"): [t(f"ui.domain.{name}") for name in kinds],
                t("ui.data.column.rows"): list(kinds.values()),
            }
        )
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="preview")
        st.markdown(f"**{t('ui.data.reconciliation')}**")
        st.caption(t("ui.data.reconciliation_help"))
        st.dataframe(
            reconciliation_table(report.reconciliation),
            hide_index=True,
            width="stretch",
            placeholder="",
            key="reconciled",
        )


def reconciliation_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the reconciliation with headers and notes in the reader's language; columns of zeros are left out."""
    shown = frame.loc[:, [c for c in frame if c in _ALWAYS or (frame[c] != 0).any()]]
    if "note" in shown:
        shown = shown.assign(note=[t(code) for code in shown["note"]])
    return shown.rename(columns={name: t(f"recon.{name}") for name in shown.columns})
