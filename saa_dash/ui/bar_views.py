"""This exact view as a link, and views saved under a name: kept, opened, renamed, deleted and brought back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.principal import Principal
from ..services import saved_views
from ..services.location import data_dir
from ..store.saved_views import SavedView
from . import address, places, session
from .errors import done, shielded
from .words import t

_OPEN, _NAME, _PIN = "views_open", "view_name", "view_pinned"
_RENAMED, _DELETED, _SAID, _CHOSEN = "_view_renamed", "_view_deleted", "_view_said", "_view_chosen"
_LIST_TALL = 300  # px, then it scrolls
_done = partial(done, said=_SAID)  # what speaks against a change stands in the menu


def view_menu(principal: Principal) -> None:
    """Draw the menu of a page that shows data; it works on its own, without the page being drawn anew."""
    _menu(principal)


@st.fragment
def _menu(principal: Principal) -> None:
    if chosen := st.session_state.pop(_CHOSEN, None):
        open_view(chosen)
    menu = st.popover("", icon=":material/bookmark:", help=t("saved.menu"), key=_OPEN, on_change="rerun")
    if not menu.open:
        return
    with menu, shielded():
        _link()
        if can_permission(principal, Permission.SAVE_VIEWS):
            _save(principal)
            _list(principal)


def _link() -> None:
    page = places.here()
    if not page:
        return
    st.markdown(f"**{t('saved.link')}**")
    st.code(address.exact_link(places.path_of(page)), language=None, wrap_lines=True)
    st.caption(t("saved.link_help"))


def _save(principal: Principal) -> None:
    st.markdown(f"**{t('saved.save')}**")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            t("saved.name"),
            key=_NAME,
            max_chars=saved_views.MAX_NAME,
            placeholder=t("saved.name_example"),
            label_visibility="collapsed",
            width=230,
        )
        st.button(t("saved.keep"), key="view_save", icon=":material/bookmark_add:", on_click=_keep, args=(principal,))
    st.toggle(t("saved.pin"), key=_PIN, help=t("saved.pin_help"))


def _keep(principal: Principal) -> None:
    state = st.session_state
    params = address.exact(cut=bool(state.get(_PIN)))
    if _done(lambda: saved_views.save_view(principal, data_dir(), str(state.get(_NAME) or ""), places.here(), params)):
        state[_NAME] = ""


def _list(principal: Principal) -> None:
    said = st.session_state.pop(_SAID, "")
    if said:
        st.warning(said, icon=":material/warning:")
    _undo(principal)
    views = saved_views.list_views(principal, data_dir())
    if not views:
        st.caption(t("saved.none"))
        return
    st.markdown(f"**{t('saved.list')}**")
    with st.container(height=_LIST_TALL if len(views) > 6 else "content", border=False, gap="xsmall"):
        for number, view in enumerate(views):
            _row(principal, view, number)


def _row(principal: Principal, view: SavedView, number: int) -> None:
    if st.session_state.get(_RENAMED) == view.name:
        with st.container(horizontal=True, gap="xsmall"):
            key = f"view_new_name_{number}"
            st.session_state.setdefault(key, view.name)
            st.text_input(t("saved.name"), key=key, max_chars=saved_views.MAX_NAME, label_visibility="collapsed")
            st.button(
                "", key=f"view_renamed_{number}", icon=":material/check:", help=t("saved.rename_done"),
                on_click=_rename, args=(principal, view.name, key),
            )  # fmt: skip
        return
    row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    with row:
        st.button(
            view.name, key=f"view_open_{number}", type="tertiary", icon=":material/open_in_browser:",
            help=_about(view), on_click=_choose, args=(view,),
        )  # fmt: skip
    with row.container(horizontal=True, gap="xsmall", width="content"):
        st.button(
            "", key=f"view_rename_{number}", icon=":material/edit:", help=t("saved.rename"), type="tertiary",
            on_click=_start_rename, args=(view.name,),
        )  # fmt: skip
        st.button(
            "", key=f"view_delete_{number}", icon=":material/delete:", help=t("saved.delete"), type="tertiary",
            on_click=_delete, args=(principal, view),
        )  # fmt: skip


def _choose(view: SavedView) -> None:
    st.session_state[_OPEN], st.session_state[_CHOSEN] = False, view


def _about(view: SavedView) -> str:
    cut = view.params.get("cut") or t("saved.newest")
    return t("saved.open_help", page=t(f"ui.page.{view.page}.title"), cut=cut)


def open_view(view: SavedView) -> None:
    """Go to the page of a saved view with all that it holds.

    Raises
    ------
    Refused : its page may not be opened.
    """
    st.session_state[session.GO_TO_VIEW] = dict(view.params)
    places.go(view.page)


def _start_rename(name: str) -> None:
    st.session_state[_RENAMED] = name


def _rename(principal: Principal, old: str, key: str) -> None:
    new = str(st.session_state.get(key) or "")
    _done(lambda: saved_views.rename_view(principal, data_dir(), old, new))
    st.session_state[_RENAMED] = None


def _delete(principal: Principal, view: SavedView) -> None:
    if _done(lambda: saved_views.delete_view(principal, data_dir(), view.name)):
        st.session_state[_DELETED] = view


def _undo(principal: Principal) -> None:
    view: SavedView | None = st.session_state.get(_DELETED)
    if view is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("saved.deleted", name=view.name), width="content")
        st.button(
            t("saved.undo"), key="view_undo", icon=":material/undo:", on_click=_bring_back, args=(principal, view)
        )


def _bring_back(principal: Principal, view: SavedView) -> None:
    if _done(lambda: saved_views.save_view(principal, data_dir(), view.name, view.page, view.params)):
        st.session_state[_DELETED] = None
