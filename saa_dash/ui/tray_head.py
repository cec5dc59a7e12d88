"""The head of the page for presenting: which tray, its name, a new one, undo, and the way into the meeting."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..model.principal import Principal
from ..services import trays
from ..services.location import data_dir
from ..store.trays import Tray, TrayName
from . import collect, errors, meeting, session
from .words import t

_NEW, _NAME, _SAID, _DELETED = "tray_new_name", "tray_name", "_tray_said", "_tray_deleted"
done = partial(errors.done, said=_SAID)  # what speaks against a change stands on the page


def draw(principal: Principal, known: list[TrayName], tray: Tray | None) -> None:
    """Draw the head.

    Parameters
    ----------
    tray : the open one, None while there is none.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if tray is not None:
            _choose(known, tray)
            _menu(principal, tray)
            _undo(principal, tray)
        st.space("stretch")
        st.button(
            t("present.show"), key="meeting_on", icon=":material/slideshow:",
            help=t("present.show_help"), disabled=tray is None or not tray.items, on_click=meeting.enter,
        )  # fmt: skip
    if said := st.session_state.pop(_SAID, ""):
        st.warning(said, icon=":material/warning:")
    _bring_back(principal)
    st.caption(t("present.about"))
    if st.context.theme.type == "dark":
        st.caption(t("present.slides.dark"))


def _choose(known: list[TrayName], tray: Tray) -> None:
    names = sorted(one.name for one in known)
    counts = {one.name: one.items for one in known}
    codes = {collect.code_of(name): name for name in names}
    words = {code: t("present.tray.label", name=name, n=counts[name]) for code, name in codes.items()}
    st.session_state[session.TRAY] = collect.code_of(tray.name)
    st.selectbox(
        t("present.tray.choose"), list(codes), key=session.TRAY, format_func=words.__getitem__,
        placeholder=t("ui.choose_one"), label_visibility="collapsed", width=280,
    )  # fmt: skip


def _menu(principal: Principal, tray: Tray) -> None:
    with st.popover(t("present.tray.menu"), icon=":material/folder_open:", key="tray_menu"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            key = f"{_NAME}_{collect.code_of(tray.name)}"
            st.text_input(t("present.tray.name"), tray.name, key=key, max_chars=trays.MAX_NAME, width=230)
            st.button(t("present.tray.rename"), key="tray_rename", on_click=_rename, args=(principal, tray.name, key))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input(t("present.tray.new_name"), key=_NEW, max_chars=trays.MAX_NAME, width=230)
            st.button(t("present.tray.make"), key="tray_make", icon=":material/add:", on_click=_make, args=(principal,))
        st.button(
            t("present.tray.delete", name=tray.name), key="tray_delete", icon=":material/delete:",
            on_click=_delete, args=(principal, tray.name),
        )  # fmt: skip


def _rename(principal: Principal, old: str, key: str) -> None:
    new = " ".join(str(st.session_state.get(key) or "").split())
    if done(lambda: trays.rename_tray(principal, data_dir(), old, new)):
        st.session_state[session.TRAY] = collect.code_of(new)


def _make(principal: Principal) -> None:
    name = " ".join(str(st.session_state.get(_NEW) or "").split())
    if done(lambda: trays.make_tray(principal, data_dir(), name)):
        st.session_state[session.TRAY], st.session_state[_NEW] = collect.code_of(name), ""


def _delete(principal: Principal, name: str) -> None:
    def delete() -> None:
        st.session_state[_DELETED] = trays.delete_tray(principal, data_dir(), name)

    done(delete)
    st.session_state[session.TRAY] = None


def _bring_back(principal: Principal) -> None:
    gone: Tray | None = st.session_state.get(_DELETED)
    if gone is None:
        return

    def restore() -> None:
        if done(lambda: trays.make_tray(principal, data_dir(), gone.name, like=gone)):
            st.session_state[session.TRAY] = collect.code_of(gone.name)
            st.session_state[_DELETED] = None

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("present.tray.deleted", name=gone.name), width="content")
        st.button(t("present.tray.bring_back"), key="tray_restore", icon=":material/undo:", on_click=restore)


def _undo(principal: Principal, tray: Tray) -> None:
    before = tray.before
    if before is None:
        return

    def undo() -> None:
        done(lambda: trays.undo(principal, data_dir(), tray.name, before.token))

    words = t("present.undo", deed=t(f"present.deed.{before.deed}"))
    st.button(words, key="tray_undo", icon=":material/undo:", type="tertiary", on_click=undo)
