"""The panel under a patient's figure: what else happened in the days around one study day."""

from __future__ import annotations

import streamlit as st

from ..model.principal import Principal
from ..services.around import SPANS, AroundPage, around
from ..services.context import View
from . import session, state
from .around_words import count_rows, download_rows, words_of
from .chart import clicked as clicked_in
from .download import offer_table
from .words import t

_FIELD = "around_day"  # the widget; session.DAY is what was asked for, and stays empty until somebody asks
_CLICKED = "_around_clicked"
_SHOWN, _TALL = 10, 360  # rows before a table scrolls, and its height then, px
_FURTHEST = 9999


def _asked() -> None:
    """Take over a typed day; there is no day 0, so a step over it goes on to the next one."""
    day = st.session_state[_FIELD]
    if day == 0:
        day = -1 if (st.session_state.get(session.DAY) or 1) > 0 else 1
    st.session_state[session.DAY] = day


def take_click(chart: str) -> None:
    """Take over the day of the mark that was clicked in a chart, before anything is drawn.

    Parameters
    ----------
    chart : key of the chart; its marks carry [P-code, study day].
    """
    held = clicked_in(chart).points
    clicked = (str(held[0][0]), int(str(held[0][1]))) if held else None
    if clicked and clicked != st.session_state.get(_CLICKED):
        st.session_state[session.DAY] = clicked[1] or 1
    st.session_state[_CLICKED] = clicked


def around_page(principal: Principal, view: View, pcode: str) -> AroundPage:
    """Return what the panel shows of a patient, at the day and width in force."""
    span = st.session_state.get(session.SPAN)
    if span not in SPANS:
        st.session_state[session.SPAN] = span = SPANS[0]
    return around(principal, view, pcode, st.session_state.get(session.DAY), int(span))


def panel(page: AroundPage, last_day: int | None) -> None:
    """Draw the panel.

    Parameters
    ----------
    last_day : study day of the patient's last contact, None where not known.
    """
    with st.container(border=True):
        if page.day is None:
            st.markdown(f"**{t('around.title')}**")
            st.info(t("around.no_day_one", n=page.records), icon=":material/event_busy:")
            return
        _head(page)
        if last_day is not None and page.first > last_day:
            st.caption(t("around.after_contact", day=last_day))
        counts = (f"{t(f'around.group.{name}')} **{len(g.rows)}**" for name, g in page.groups.items()
                  if name not in page.absent)  # fmt: skip
        st.markdown(" · ".join(counts))
        for name in page.groups:
            with st.container(key=f"around_{name}"):
                _group(page, name)
        _foot(page)


def _head(page: AroundPage) -> None:
    st.session_state[_FIELD] = page.day
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(gap=None):
            st.markdown(f"**{t('around.title')}**")
            st.caption(
                " · ".join(
                    [t(f"around.window_{page.day_one}", first=page.first, last=page.last)]
                    + ([t(f"around.why.{page.why}")] if page.why != "ASKED" else [])
                )
            )
        st.number_input(
            t("around.day"),
            -_FURTHEST,
            _FURTHEST,
            key=_FIELD,
            step=1,
            on_change=_asked,
            width=150,
            help=t("around.hint"),
        )
        st.segmented_control(
            t("around.span"),
            SPANS,
            key=session.SPAN,
            format_func={days: t("around.span_days", days=days) for days in SPANS}.__getitem__,
            required=True,
            label_visibility="collapsed",
            width="content",
        )


def _group(page: AroundPage, name: str) -> None:
    group = page.groups[name]
    if name in page.absent and group.rows.empty:
        st.caption(t(f"around.absent.{name}"))
        return
    if group.rows.empty:
        st.caption(t(f"around.none.{name}"))
    else:
        st.markdown(f"**{t(f'around.group.{name}')}** ({len(group.rows)})")
        _table(page, name, folded=False)
    if len(group.within):
        with st.expander(t(f"around.within.{name}", n=len(group.within)), icon=":material/unfold_more:"):
            _table(page, name, folded=True)
    if group.unjudged:
        st.caption(t("around.unjudged", n=group.unjudged))
    if name == "VITAL" and (len(group.rows) or len(group.within)):
        st.caption(t("around.usual.note"))


def _table(page: AroundPage, name: str, *, folded: bool) -> None:
    rows = page.groups[name].within if folded else page.groups[name].rows
    table = words_of(page, name, rows)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="content" if len(table) <= _SHOWN else _TALL,
        placeholder="",
        key=f"around_{name}_{'within' if folded else 'rows'}",
        column_config={t("around.column.day"): st.column_config.NumberColumn(width=70)},
    )


def _foot(page: AroundPage) -> None:
    undated = sum(group.undated for group in page.groups.values())
    if undated:
        st.caption(t("around.undated", n=undated))
    with st.container(horizontal=True):
        rows = download_rows(page)
        if not rows.empty:
            offer_table(rows, f"around_{page.pcode}_day{page.day}", state.provenance())
        key = f"around_{page.pcode}_day{page.day}_counts"
        offer_table(count_rows(page), key, state.provenance(), label=t("around.download_counts"))
