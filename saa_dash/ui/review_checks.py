"""The checks of the review page: all of them with what they found, and the findings of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd
import streamlit as st

from ..i18n.problem_words import problem_words
from ..model.principal import Principal
from ..services.context import View
from ..services.review_checks import CheckLine, import_queries, review_findings
from . import session, state
from .choosable import picked_row
from .download import offer_table
from .review_state import forget_rows, fresh, take_picked
from .review_words import finding_words, rule_words
from .words import language, t

_TALL, _FINDINGS_TALL = 458, 388  # px
_KEY = "review_checks"
_MOST_LACKING = 2  # reasons told at once; more of them on a click


def checks_block(principal: Principal, view: View, checks: Sequence[CheckLine]) -> None:
    """Draw the block."""
    lines = sorted(checks, key=lambda line: (bool(line.lacking), not line.found))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.markdown(f"**{t('review.checks.title')}**")
        st.caption(t("review.checks.about"))
        chosen = _choose(lines)
        _lacking(checks)
        _imported(principal, view)
    with right:
        _findings(principal, view, chosen)


def _choose(lines: Sequence[CheckLine]) -> CheckLine:
    """List the checks, found ones first, and return the chosen one: at first the first."""
    known = {line.code: line for line in lines}
    table = pd.DataFrame(
        {
            t("review.checks.check"): [t(f"review.name.{line.code}") for line in lines],
            t("review.checks.result"): [_result(line) for line in lines],
            t("review.checks.of"): pd.array([None if line.lacking else line.looked_at for line in lines], "Int64"),
            t("review.checks.group"): [t(f"review.group.{line.group}") for line in lines],
        }
    )
    event = st.dataframe(
        table, hide_index=True, width="stretch", height=_TALL, placeholder=t("review.empty"), key=_KEY,
        on_select=forget_rows, selection_mode="single-row",
        column_config={
            t("review.checks.check"): st.column_config.Column(pinned=True, width=235),
            t("review.checks.result"): st.column_config.Column(width=95),
            t("review.checks.of"): st.column_config.Column(width=60),
        },
    )  # fmt: skip
    picked = picked_row(event)
    if picked is not None and picked < len(lines):
        st.session_state[session.REVIEW_CHECK] = lines[picked].code
    wanted = str(st.session_state.get(session.REVIEW_CHECK) or "")
    return known.get(wanted, lines[0])


def _result(line: CheckLine) -> str:
    if line.lacking:
        return t("review.checks.lacking")
    return t("review.checks.found", n=line.found) if line.found else t("review.checks.zero")


def _lacking(checks: Sequence[CheckLine]) -> None:
    """Say what cannot be checked, and why."""
    lacking = sorted((line for line in checks if line.lacking), key=lambda line: line.lacking)
    told = []
    for why, lines in groupby(lacking, key=lambda line: line.lacking):
        names = t("review.comma").join(t(f"review.name.{line.code}") for line in lines)
        told.append(t("review.checks.lacking_list", names=names, why=t(f"review.lacking.{why}")))
    if len(told) <= _MOST_LACKING:
        for words in told:
            st.caption(words)
        return
    with st.expander(t("review.checks.lacking_title", n=len(lacking)), icon=":material/block:"):
        for words in told:
            st.caption(words)


def _imported(principal: Principal, view: View) -> None:
    """Show what the import has asked already."""
    found = import_queries(principal, view)
    if not found.total:
        st.caption(t("review.checks.import_none"))
        return
    with st.expander(t("review.checks.import", n=found.total), icon=":material/upload_file:"):
        st.caption(t("review.checks.import_help"))
        if found.problems is None:
            st.caption(t("profile.card.queries_hidden"))
            return
        words = pd.Series([problem_words(problem, language()).message for problem in found.problems])
        counts = words.value_counts()
        names = [t(f"review.checks.import_{name}") for name in ("what", "n")]
        table = pd.DataFrame(dict(zip(names, (counts.index, counts.to_numpy()), strict=True)))
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="review_import")


def _findings(principal: Principal, view: View, line: CheckLine) -> None:
    st.markdown(f"**{t(f'review.name.{line.code}')}**")
    st.caption(t("review.checks.rule", rule=rule_words(line, view)))
    if line.lacking:
        st.info(t("review.checks.cannot", why=t(f"review.lacking.{line.lacking}")), icon=":material/info:")
        return
    if not line.found:
        st.markdown(t("review.checks.none", total=line.looked_at))
        return
    rows = review_findings(principal, view, line.code)
    st.caption(t("review.checks.some", total=line.looked_at, n=line.found))
    table = findings_table(line.code, rows)
    key = fresh("review_findings")
    places = list(zip(rows["DOMAIN"].astype("str"), rows["ROW"].astype("int64"), strict=True))
    st.dataframe(
        table, hide_index=True, width="stretch", height="content" if len(table) <= 10 else _FINDINGS_TALL,
        placeholder=t("review.empty"), key=key, on_select=lambda: take_picked(key, places), selection_mode="multi-row",
        column_config={t("column.patient"): st.column_config.Column(pinned=True, width=70)},
    )  # fmt: skip
    offer_table(table, f"review_{line.code}", state.provenance(rule=rule_words(line, view)))


def findings_table(code: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of a check as they are shown."""
    records = rows.to_dict("records")
    return pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"].to_numpy(),
            t("column.study_day"): rows["ADY"].astype("Int64").to_numpy(),
            t("review.checks.finding"): [finding_words(code, {str(k): v for k, v in row.items()}) for row in records],
            t("review.checks.state"): [t(f"review.state.{state or 'none'}") for state in rows["STATE"]],
            t("review.checks.queries"): rows["OPEN"].fillna(0).astype("int64").to_numpy(),
        }
    )
