"""Meeting mode: the tray over the whole window, pages explored live, and the way back to the slide.

As long as it lasts, whoever is at the screen sees what a presenter sees; no Back, link, address or saved view ends it.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..model.principal import Principal
from ..report.exhibit import Exhibit
from ..services import trays
from ..services.location import data_dir
from ..store.trays import Item
from . import address, chart, collect, eyes, meeting_mark, places, session
from .gaps import plain
from .plot import slides
from .words import language, t

PAGE = "present"
_BEFORE = "_meeting_before"  # the view to come back to when it ends
_SLIDE, _GO = "_meeting_slide", "_meeting_go"  # the slide one came from, and how often one went back to one
_LEAVE_FOR = "_meeting_leave_for"  # page and parameters to go to in this run
_LISTED = "_meeting_listed"  # the list of the tray is shown, and not its slides
_PLAIN_AT = "_meeting_plain_at"
# Larger type, and nothing but the page itself: the menu is hidden, and with it what Streamlit offers there.
_STYLE = """<style>html { font-size: 20px !important; }
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"] { display: none !important; }
[data-testid="stMarkdown"] h2 { font-size: 24px !important; }
[data-testid="stMainBlockContainer"] { padding-top: 1rem !important; }</style>"""


def enter() -> None:
    """Begin with the first slide; what is on the screen now comes back when it ends."""
    state = st.session_state
    if not eyes.meeting():
        state[_BEFORE] = address.exact()
        state[_SLIDE], state[_GO] = 0, int(state.get(_GO) or 0) + 1
        for name in (session.PATIENT, session.DAY, session.AGE):
            state[name] = None
        state[session.PATIENTS] = []
    state[session.MEETING], state[_LISTED] = True, False


def leave() -> None:
    """End it, and show again what was shown before."""
    st.session_state[session.MEETING] = False
    meeting_mark.leave()
    if before := st.session_state.pop(_BEFORE, None):
        st.session_state[session.GO_TO_VIEW] = {**before, "lang": language()}


def start() -> None:
    """Go where the last click leads, and draw what stands on every page of a meeting; before the page is drawn."""
    if going := st.session_state.pop(_LEAVE_FOR, None):
        page, params, held = going
        st.session_state.update(held)
        if params:
            st.session_state[session.GO_TO_VIEW] = params
        places.go(page)
    meeting_mark.draw()
    if not eyes.meeting():
        return
    st.html(_STYLE)
    if places.here() != PAGE or not shows():
        _way_back()


def _way_back() -> None:
    at = st.session_state.get(_SLIDE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = t("present.slides.back", n=at + 1) if at is not None else t("present.slides.back_any")
        st.button(words, icon=":material/arrow_back:", key="meeting_back", on_click=_go_back)
        st.caption(t("present.slides.mode"), width="content")
        st.button(t("present.slides.leave"), key="meeting_leave", type="tertiary", on_click=leave)


def _go_back() -> None:
    state = st.session_state
    state[_GO], state[_LISTED] = int(state.get(_GO) or 0) + 1, False
    state[_LEAVE_FOR] = (PAGE, {}, {})


def explore(item: Item, at: int | None) -> None:
    """Open the page of an item with the settings it was collected with, in the run that follows.

    Parameters
    ----------
    at : the slide to come back to; None outside of a meeting.
    """
    st.session_state[_SLIDE] = at
    held: Mapping[str, object] = dict(item.controls)
    st.session_state[_LEAVE_FOR] = (item.page, {**item.address, "lang": language()}, held)


def shows() -> bool:
    """Tell whether the slides are shown, and not the list of the tray."""
    return eyes.meeting() and not st.session_state.get(_LISTED)


def show(principal: Principal) -> None:
    """Show the open tray."""
    known = {one.name for one in trays.list_trays(principal, data_dir())}
    name = collect.current(principal)
    items = trays.read_tray(principal, data_dir(), name).items if name in known else ()
    exhibits = [trays.exhibit_of_item(item) for item in items]
    if chart.is_plain():
        _plain(items, exhibits)
        return

    def told() -> None:
        what, at = slides.deed()
        if what == slides.LEAVE:
            leave()
        elif what == slides.LIST:
            st.session_state[_LISTED], st.session_state[_SLIDE] = True, at
        elif what == slides.LIVE and at < len(items):
            explore(items[at], at)

    at = st.session_state.get(_SLIDE)
    went = str(st.session_state.get(_GO) or "")
    live = [places.exists(item.page) for item in items]
    slides.mount(slides.Show(collect.code_of(name), name, exhibits, live, at, went), origin, told)


def origin(one: Exhibit) -> str:
    """Return where an exhibit comes from as one line: cut, cut-off, n, filters and rule, and its page."""
    return f"{chart.provenance_line(one.provenance)} · {t(f'ui.page.{one.page}.title')}"


def _plain(items: tuple[Item, ...], exhibits: list[Exhibit]) -> None:
    """Show one slide after the other with what Streamlit has, where the component is not at hand."""
    from .exhibit_parts import draw_exhibit

    state = st.session_state
    if state.get(_SLIDE) is not None and state.get(_GO):
        state[_PLAIN_AT], state[_GO] = state[_SLIDE], None
    at = max(0, min(int(state.get(_PLAIN_AT) or 0), len(items) - 1))

    def turn(by: int) -> None:
        state[_PLAIN_AT] = at + by

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(t("present.slides.leave"), key="meeting_leave", on_click=leave)
        if items:
            st.button("‹", key="slide_previous", disabled=at == 0, on_click=turn, args=(-1,))
            st.markdown(t("present.slides.counter", n=at + 1, total=len(items)), width="content")
            st.button("›", key="slide_next", disabled=at == len(items) - 1, on_click=turn, args=(1,))
            st.button(t("present.slides.live"), key="slide_live", on_click=explore, args=(items[at], at))
    if not items:
        st.info(t("present.slides.empty"), icon=":material/co_present:")
        return
    one = exhibits[at]
    st.header(plain(one.caption or one.title))
    draw_exhibit(one, f"slide_{items[at].id}")
    st.caption(origin(one))
