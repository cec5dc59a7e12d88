"""The bar on top of every page: cut and cut-off, n selected of N, filters, language, role."""

from __future__ import annotations

import streamlit as st

from ..access.policy import Permission, can_permission
from ..access.redaction import AGE_BANDS
from ..i18n import LANGUAGES
from ..model.cut import CutInfo
from ..model.principal import Principal
from ..services import context, cuts
from ..services.location import data_dir
from . import address, capture, eyes, session, state, url_state
from .bar_filters import chips, filter_menu
from .bar_views import view_menu
from .login_menu import login_menu
from .watch import offer_new_cut
from .words import t

_SEEN = "_seen_cuts"
_LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def draw(principal: Principal) -> None:
    """Draw the bar and hand the state of this run to the page; who may see no data sees no cut in it either."""
    blind = not can_permission(principal, Permission.VIEW_AGGREGATES)
    known = [] if blind else cuts.list_cuts(principal, data_dir())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        left = st.container(horizontal=True, vertical_alignment="center", gap="small")
        right = st.container(width="content")
    with right:
        _language(principal)
    if not known:
        with left:
            st.markdown(f"**{t('ui.app')}**" if blind else f"**{t('ui.app')}** · {t('ui.bar.no_cut')}")
        address.mirror(address.Shown())
        state.put(state.PageState(principal, None, None, None))
        return
    single = can_permission(principal, Permission.VIEW_PATIENTS)
    if not single:
        _only_groups()
    with left:
        cut = _cut(known)
        if session.show_study(cut.study):
            st.toast(t("ui.bar.other_study", study=cut.study), icon=":material/info:")
        request = context.Request(data_dir(), cut.cut_id, session.filters(), session.endpoint(), capture.codes_of())
        view = context.open_view(principal, request)
        filter_menu(view, single)
        if not eyes.narrowed():
            with st.container(width="content"):  # what works on its own would take all the room there is
                view_menu(principal)
        count = t("redaction.count_small", total=view.total) if view.small else ""
        st.markdown(count or t("ui.bar.count", n=view.selected, total=view.total), width="content")
        if view.cut.synthetic:
            st.badge(t("synthetic.badge"), icon=":material/science:", color="orange")
    chips(view)
    if not single:
        st.caption(t("redaction.codes"))
    offer_new_cut(_seen(cut, known))
    newest = cut.cut_id == known[0].cut_id
    address.mirror(address.Shown(cut.cut_id, view.filters, view.settings.primary, view.endpoint, newest))
    state.put(state.PageState(principal, request, cut, view))


def _only_groups() -> None:
    """Leave out what a link says about single patients, and say so; ages are asked for in bands."""
    state = st.session_state
    named = [name for name in (session.PATIENTS, session.DAY) if state.get(name)]
    if url_state.is_pcode(str(state.get(session.PATIENT) or "")):
        named.append(session.PATIENT)
    for name in named:
        state[name] = [] if name == session.PATIENTS else None
    if named:
        st.toast(t("redaction.link"), icon=":material/visibility_off:")
    if state.get(session.AGE) not in AGE_BANDS:
        state[session.AGE] = None


def _seen(shown: CutInfo, known: list[CutInfo]) -> tuple[str, ...]:
    """Return the cuts this session has had before it: those of its first run, all once the newest is shown."""
    every = tuple(cut.cut_id for cut in known)
    if shown.cut_id == every[0] or _SEEN not in st.session_state:
        st.session_state[_SEEN] = every
    return tuple(st.session_state[_SEEN])


def _language(principal: Principal) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        login_menu(principal)
        st.segmented_control(
            t("ui.bar.language"),
            LANGUAGES,
            key=session.LANG,
            format_func=lambda code: _LANGUAGE_NAMES[code],
            required=True,
            on_change=session.relabel,
            label_visibility="collapsed",
        )


def _cut(known: list[CutInfo]) -> CutInfo:
    by_id = {cut.cut_id: cut for cut in known}
    wanted = str(st.session_state.get(session.CUT) or "")
    matches = [cut_id for cut_id in by_id if wanted and cut_id.startswith(wanted)]
    if wanted and len(matches) != 1:
        st.toast(t("ui.bar.cut_gone", cut=wanted), icon=":material/info:")
    st.session_state[session.CUT] = matches[0] if len(matches) == 1 else known[0].cut_id
    chosen = st.selectbox(
        t("ui.bar.cut"),
        list(by_id),
        key=session.CUT,
        format_func={cut_id: _cut_label(cut) for cut_id, cut in by_id.items()}.__getitem__,
        placeholder=t("ui.choose_one"),
        label_visibility="collapsed",
        width=230,
    )
    return by_id[chosen]


def _cut_label(cut: CutInfo) -> str:
    name = cut.label or cut.cut_id[:15]
    return t("ui.bar.cut_label", date=cut.cutoff, label=name)
