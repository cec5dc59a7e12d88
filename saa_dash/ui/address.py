"""The address bar: the view in force as a link, kept so that Back and Forward lead through what was seen.

Two kinds of link. The one in the address bar leaves out what is usual and the latest cut, so that it shows what is
current when it is opened. The exact one names cut and rule too: whoever opens it sees the very same.

Streamlit adds an entry to the browser's history for each address it is given, replaces the entry while Back or Forward
are under way, and empties the address when another page is asked for. Given again before the pages are named, the
address goes along, and each page is one entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import streamlit as st

from ..model.filters import Filters
from ..model.settings import EndpointSettings
from . import session, url_state
from .words import language

_SHOWN = "_address"  # what the address bar was last told about


@dataclass(frozen=True)
class Shown:
    """What an address is about.

    Parameters
    ----------
    primary : the study's primary endpoint settings, None without data; endpoint : those in force.
    latest : the cut is the newest one.
    """

    cut_id: str = ""
    filters: Filters = field(default_factory=Filters)
    primary: EndpointSettings | None = None
    endpoint: EndpointSettings | None = None
    latest: bool = True


def mirror(shown: Shown) -> None:
    """Write the view into the address bar, defaults left out; an address that stands there already is no new step."""
    st.session_state[_SHOWN] = shown
    _write(_usual(shown))


def carry_over() -> None:
    """Give the address to the page that was asked for; call it before the pages are named."""
    shown = st.session_state.get(_SHOWN)
    if shown is not None and not st.query_params.to_dict() and not session.by_history():
        _write(_usual(shown))


def exact_link(page: str) -> str:
    """Return the address of exactly this view.

    Parameters
    ----------
    page : its name.
    """
    here = urlsplit(str(st.context.url or ""))
    root = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return f"{root}/{page}?{urlencode(exact())}"


def exact(*, cut: bool = True) -> dict[str, str]:
    """Return the parameters of exactly this view.

    Parameters
    ----------
    cut : name the cut; otherwise it is the newest one when the link is opened.
    """
    shown: Shown = st.session_state[_SHOWN]
    extra = _extra(session.USUAL)
    if shown.endpoint is not None:
        extra |= _named(shown.endpoint)
    return url_state.encode(_state(shown, shown.cut_id if cut else "", extra))


def shown_filters() -> Filters:
    """Return the selection that the address was last told about."""
    shown: Shown = st.session_state[_SHOWN]
    return shown.filters


def _usual(shown: Shown) -> dict[str, str]:
    usual = dict(session.USUAL)
    if shown.primary:
        usual |= _named(shown.primary)
    return url_state.encode(_state(shown, "" if shown.latest else shown.cut_id, _extra(usual)))


def _named(endpoint: EndpointSettings) -> dict[str, str]:
    return {
        "rules": endpoint.criteria,
        "origin": str(endpoint.origin),
        "win": str(endpoint.window_days),
        "ind": endpoint.independence,
    }


def _extra(usual: dict[str, object]) -> dict[str, str]:
    held = {short: st.session_state.get(name) for short, name in session.EXTRA.items()}
    if not held["mt"]:
        del held["ty"]  # a reload in a meeting must show the same tray again; elsewhere it would only be in the way
    return {
        short: str(value)
        for short, value in held.items()
        if value not in (None, "") and str(value) != str(usual.get(short, ""))
    }


def _state(shown: Shown, cut: str, extra: dict[str, str]) -> url_state.UrlState:
    return url_state.UrlState(
        lang=language(),
        cut=cut,
        filters=shown.filters,
        patient=str(st.session_state.get(session.PATIENT) or ""),
        extra=extra,
    )


def _write(wanted: dict[str, str]) -> None:
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
