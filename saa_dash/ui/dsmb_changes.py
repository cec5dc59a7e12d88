"""What has changed since an earlier cut: the worst as sentences that open the patient, all of it as a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..i18n.change_words import change_words
from ..model.change import GROUPS, Change
from ..model.cut import CutInfo
from ..model.provenance import Provenance
from ..services.changes import CutChanges, cut_changes, earlier_cuts
from . import session, state
from .ae_tables import open_event
from .choosable import choosable
from .download import offer_table
from .gaps import plain
from .words import language, t

MOST = 4  # sentences of a group; the rest stands in the table
_SENTENCES = tuple(group for group in GROUPS if group != "come")


def chosen_changes(here: state.PageState) -> CutChanges | None:
    """Return the changes since the cut chosen, None where there is no earlier one."""
    view = state.view()
    known = {cut.cut_id: cut for cut in earlier_cuts(here.principal, view)}
    if not known:
        return None
    wanted = str(st.session_state.get(session.DSMB_SINCE) or "")
    matches = [cut_id for cut_id in known if wanted and cut_id.startswith(wanted)]
    st.session_state[session.DSMB_SINCE] = matches[0] if len(matches) == 1 else next(iter(known))
    return cut_changes(here.principal, view, str(st.session_state[session.DSMB_SINCE]))


def changes_block(here: state.PageState, changes: CutChanges | None, provenance: Provenance) -> None:
    """Draw the block."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"## **{t('changes.title')}**")
    if changes is None:
        st.info(t("changes.first"), icon=":material/history:")
        return
    with right:
        _choose(here)
    view = state.view()
    st.caption(t("changes.about", before=changes.since.cutoff, now=view.cut.cutoff))
    if not changes.told and changes.counts.empty:
        st.markdown(f"**{t('changes.none')}**")
        return
    _groups(changes)
    if changes.told:
        _table(changes, provenance)
    _counts(changes, provenance)


def _choose(here: state.PageState) -> None:
    known = {cut.cut_id: cut for cut in earlier_cuts(here.principal, state.view())}
    words = {cut_id: cut_words(cut) for cut_id, cut in known.items()}
    st.selectbox(
        t("changes.since"),
        list(known),
        key=session.DSMB_SINCE,
        format_func=words.__getitem__,
        label_visibility="collapsed",
    )


def cut_words(cut: CutInfo) -> str:
    """Return an earlier cut as it is named where one is chosen."""
    label = f" · {cut.label}" if cut.label else ""
    return t("changes.cut", date=cut.cutoff, created=cut.created[:10], label=label)


def _groups(changes: CutChanges) -> None:
    """Draw every group with its number; zero is said."""
    shown = state.view().chosen_pcodes
    by_group = changes.by_group
    filled = [group for group in _SENTENCES if by_group[group]]
    for start in range(0, len(filled), 2):
        for column, group in zip(st.columns(2, gap="medium"), filled[start : start + 2], strict=False):
            with column:
                _group(group, by_group[group], set(shown))
    empty = [f"{t(f'changes.group.{group}')} {t('changes.zero')}" for group in _SENTENCES if not by_group[group]]
    if empty:
        st.markdown(" · ".join(empty))


def _group(group: str, told: tuple[Change, ...], shown: set[str]) -> None:
    st.markdown(f"**{t(f'changes.group.{group}')} · {len(told)}**")
    with st.container(gap=None):
        for number, change in enumerate(told[:MOST]):
            words, here = plain(sentence(change)), change.who in shown
            if not here:  # nobody to open
                st.markdown(f":small[:material/person_off: {words}]")
            elif st.button(words, key=f"change_{group}_{number}", type="tertiary", icon=":material/person:"):
                open_event(change.who, change.day)
    if len(told) > MOST:
        st.caption(t("changes.more", n=len(told) - MOST))


def sentence(change: Change) -> str:
    """Return patient, change and day as one line."""
    words = f"{change.who}{t('changes.colon')}{change_words(change, language())}"
    if change.day is None or change.code == "response":
        return words
    return f"{words} · {t('changes.day_short', n=change.day)}"


def _table(changes: CutChanges, provenance: Provenance) -> None:
    lang, told = language(), changes.told
    table = pd.DataFrame(
        {
            t("column.patient"): [change.who for change in told],
            t("changes.column_group"): [t(f"changes.group.{change.group}") for change in told],
            t("changes.column_mark"): [t(f"changes.mark.{change.mark}") for change in told],
            t("column.study_day"): pd.array([change.day for change in told], dtype="Int64"),
            t("changes.column_what"): [change_words(change, lang) for change in told],
        }
    )
    with st.expander(t("changes.all", n=len(told)), icon=":material/table_rows:"):
        picked = choosable(table, "dsmb_changes")
        st.caption(t("changes.hint"))
        offer_table(table, "changes", provenance)
    if picked is not None and told[picked].who in state.view().chosen_pcodes:
        open_event(told[picked].who, told[picked].day)


def _counts(changes: CutChanges, provenance: Provenance) -> None:
    counts = changes.counts
    if counts.empty:
        return
    wide = counts.pivot_table(index="DOMAIN", columns="KIND", values="ROWS", aggfunc="sum", fill_value=0, sort=False)
    table = pd.DataFrame({t("changes.column_table"): [t(f"changes.word.table.{name}") for name in wide.index]})
    for kind in ("new", "modified", "removed"):
        numbers = wide[kind].to_numpy("int64") if kind in wide else 0
        table[t(f"changes.kind.{kind}")] = numbers
    with st.expander(t("changes.new_rows"), icon=":material/database:"):
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="dsmb_change_rows")
        offer_table(table, "change_rows", provenance, patients=False)
