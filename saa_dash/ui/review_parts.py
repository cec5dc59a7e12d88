"""The top of the review page: answers, progress by table, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ..services.review_checks import CheckLine
from ..services.review_queries import SeenQuery
from ..services.review_rows import Progress
from . import session
from .review_state import forget_rows
from .review_words import table_words
from .words import labels, t

PARTS = ("checks", "rows", "queries")


def answers(progress: Sequence[Progress], queries: Sequence[SeenQuery], checks: Sequence[CheckLine]) -> None:
    """Draw four answers."""
    cells = [_reviewed(progress), _changed(progress), _queries(queries), _findings(checks)]
    for column, (name, value, more) in zip(st.columns(4), cells, strict=True):
        with column, st.container(gap=None):
            st.metric(name, value)
            st.caption(more)


Cell = tuple[str, str, str]


def _reviewed(progress: Sequence[Progress]) -> Cell:
    done, rows = (sum(getattr(part, name) for part in progress) for name in ("reviewed", "rows"))
    share = f"{100 * done / rows:.1f}" if rows else "0"
    value = f"{_grouped(done)}/{_grouped(rows)}"
    return t("review.answer.reviewed"), value, t("review.answer.reviewed_more", percent=share)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u2009")


def _changed(progress: Sequence[Progress]) -> Cell:
    changed = sum(part.changed for part in progress)
    return t("review.answer.changed"), str(changed), t(f"review.answer.changed_{'more' if changed else 'zero'}")


def _queries(queries: Sequence[SeenQuery]) -> Cell:
    ages = [query.days for query in queries if query.is_open]
    more = t("review.answer.queries_zero")
    if ages:
        more = t("review.answer.queries_more", n=max(ages)) if max(ages) else t("review.answer.queries_today")
    return t("review.answer.queries"), str(len(ages)), more


def _findings(checks: Sequence[CheckLine]) -> Cell:
    numbers = {"found": sum(line.found > 0 for line in checks), "lacking": sum(bool(line.lacking) for line in checks)}
    total = _grouped(sum(line.found for line in checks))
    return t("review.answer.findings"), total, t("review.answer.findings_more", n=len(checks), **numbers)


def progress_table(progress: Sequence[Progress]) -> None:
    """Show how far each table is reviewed."""
    if not progress:
        return
    head = {name: t(f"review.progress.{name}") for name in ("table", "rows", "reviewed", "changed", "lost", "open")}
    table = pd.DataFrame(
        {
            head["table"]: [table_words(part.domain) for part in progress],
            head["reviewed"]: [f"{part.reviewed}/{part.rows}" for part in progress],
            head["changed"]: [part.changed for part in progress],
            head["open"]: [part.open for part in progress],
            head["lost"]: [part.lost for part in progress],
        }
    )
    with st.expander(t("review.progress.title"), icon=":material/checklist:"):
        st.dataframe(table, hide_index=True, width="stretch", height="content", placeholder="", key="review_progress")
        st.caption(t("review.progress.note"))


def choose_part() -> str:
    """Ask what to look at."""
    if st.session_state.get(session.REVIEW_PART) not in PARTS:
        st.session_state[session.REVIEW_PART] = PARTS[0]
    return str(
        st.segmented_control(
            t("review.part"),
            PARTS,
            key=session.REVIEW_PART,
            format_func=labels("review.parts."),
            required=True,
            label_visibility="collapsed",
            on_change=forget_rows,
        )
    )
