"""What the review page remembers: the rows chosen, and that a deed was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from ..model.errors import UserError
from . import state
from .errors import tell

ROWS = "_review_rows"  # cut, table and numbers: a number is that of a row in one cut
_REFUSED = "_review_refused"
_ROUND = "_review_round"  # counts deeds: tables forget their highlight, boxes their text


def chosen_rows() -> tuple[str, tuple[int, ...]]:
    """Return the table and the numbers of the rows chosen in the cut in view; ("", ()) without any."""
    cut_id, domain, numbers = st.session_state.get(ROWS) or ("", "", ())
    return (domain, numbers) if numbers and cut_id == state.view().cut.cut_id else ("", ())


def choose_rows(rows: Sequence[tuple[str, int]]) -> None:
    """Take rows as chosen: table and number of each; only those of the table of the first one are."""
    domain = rows[0][0]
    numbers = tuple(dict.fromkeys(number for table, number in rows if number and table == domain))
    st.session_state[ROWS] = (state.view().cut.cut_id, domain, numbers)


def forget_rows() -> None:
    """Choose no row."""
    st.session_state[ROWS] = None


def picked(key: str) -> tuple[int, ...]:
    """Return the places of the rows that are selected in a table."""
    held = st.session_state.get(key)
    rows = held.get("selection", {}).get("rows", []) if isinstance(held, Mapping) else []
    return tuple(int(row) for row in rows)


def take_picked(key: str, rows: Sequence[tuple[str, int]]) -> None:
    """Choose the rows that are selected in a table.

    Parameters
    ----------
    rows : table and number of each row shown, in order.
    """
    places = [place for place in picked(key) if place < len(rows)]
    if places:
        choose_rows([rows[place] for place in places])
    else:
        forget_rows()


def fresh(key: str) -> str:
    """Return a widget key that is another one after each deed."""
    return f"{key}_{st.session_state.get(_ROUND, 0)}"


def act(where: str, deed: Callable[[], str]) -> None:
    """Do something before the page is drawn anew: what it is about may be another one by then.

    Parameters
    ----------
    where : what `tell_refused` is asked with. deed : returns what is said.
    """
    try:
        said = deed()
    except UserError as error:
        st.session_state[_REFUSED] = (where, error)
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.toast(said, icon=":material/check_circle:")


def tell_refused(where: str) -> None:
    """Say why something was refused just now, at its place."""
    if where == (st.session_state.get(_REFUSED) or ("",))[0]:
        tell(st.session_state.pop(_REFUSED)[1])


def do(deed: Callable[[], str]) -> None:
    """Do something, say what was done, and draw the page anew; what is refused is said where it was asked for.

    Parameters
    ----------
    deed : returns what is said.
    """
    try:
        said = deed()
    except UserError as error:
        tell(error)
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.toast(said, icon=":material/check_circle:")
    st.rerun()
