"""A page made again to take one figure or table out of it, with the sight of a presenter."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from ..access.pages import check_page
from ..charts.view import FigureView
from ..i18n import term
from ..model.errors import Refused, UserError
from ..model.filters import Filters
from ..model.provenance import Provenance
from ..report.exhibit import TABLE, Exhibit, exhibit_of
from ..services.trays import Place
from . import url_state
from .words import language, t

_LOG = logging.getLogger("saa_dash")
_PAGES = Path(__file__).resolve().parents[2] / "pages"
_KEY = "_capture"
# Tables of pages; the others are the numbers of a figure and have its title.
TITLED = frozenset(
    {"denominators", "sensitivity", "recovery_summary", "tte_summary", "lab_tests", "vs_tests", "complications"}
    | {"adverse_events", "methods"}
)
_READINGS = "readings_"  # of a curve


@dataclass
class Capture:
    """What is to be taken in this run, and what was.

    Parameters
    ----------
    page : its name. kind : FIGURE or TABLE. key : of the figure or table. codes_of : as in `services.context.Request`.
    """

    page: str
    kind: str
    key: str
    codes_of: str = ""
    taken: Exhibit | None = None
    problem: UserError | None = None


def running() -> bool:
    """Tell whether this run is aside, to take something out of its page: nobody sees it."""
    return st.session_state.get(_KEY) is not None


def codes_of() -> str:
    """Return the cut whose codes this run is to use, "" for those of its own."""
    wanted: Capture | None = st.session_state.get(_KEY)
    return wanted.codes_of if wanted else ""


def withheld(key: str, why: UserError) -> None:
    """Say why a figure is not on the page of this run; the run ends where it is the one that is wanted."""
    wanted: Capture | None = st.session_state.get(_KEY)
    if wanted is not None and wanted.key == key:
        wanted.problem = why
        raise StopException


def figure(view: FigureView, key: str, provenance: Provenance) -> None:
    """Take a figure, or its numbers, where it is the one that is wanted; the run ends then."""
    wanted: Capture = st.session_state[_KEY]
    if wanted.key != key:
        return
    if wanted.kind == TABLE:
        if not view.table.empty:
            words = {"title": view.title, "subtitle": view.subtitle, "note": view.footnote}
            table(view.table, key, provenance, patients=view.patients, **words)
        return
    wanted.taken = exhibit_of(view, wanted.page, key, language(), provenance)
    raise StopException  # st.stop() asks the screen to stop, and there is none


def table(
    rows: pd.DataFrame,
    key: str,
    provenance: Provenance,
    *,
    patients: bool,
    title: str = "",
    subtitle: str = "",
    note: str = "",
) -> None:
    """Take a table where it is the one that is wanted; the run ends then."""
    wanted: Capture = st.session_state[_KEY]
    if (wanted.kind, wanted.key) != (TABLE, key) or not (title or is_titled(key)):
        return
    wanted.taken = Exhibit(
        TABLE, wanted.page, key, language(), title or _title(key), subtitle, note, "", provenance,
        table=rows.reset_index(drop=True), patients=patients,
    )  # fmt: skip
    raise StopException


def is_titled(key: str) -> bool:
    """Tell whether a table of a page can be collected; listings of single patients cannot."""
    return key in TITLED or key.startswith(_READINGS)


def _title(key: str) -> str:
    """Return the name of a table that stands under no title of its own."""
    if key.startswith(_READINGS):
        return t("present.table.readings", what=term(language(), "param", key.removeprefix(_READINGS)))
    return t(f"present.table.{key}")


def capture(place: Place, *, lang: str, cut: str = "", codes_of: str = "") -> Exhibit:
    """Make a page again and return what is wanted of it, in the light look, with the sight of a presenter.

    Parameters
    ----------
    place : where it is. lang : of its words. cut : id of the cut, "" for the one of the place's own address.
    codes_of : as in `services.context.Request`.

    Raises
    ------
    UserError : why it cannot be had: the page or the selection is not for presenters, or the page does not show it.
    """
    params = {**place.address, "lang": lang, **({"cut": cut} if cut else {})}
    check_selection(url_state.decode(params).filters)
    wanted = Capture(place.page, place.kind, place.key, codes_of)
    problem: list[UserError] = []

    def page() -> None:
        try:
            _draw(place.page, problem)
        except UserError as error:
            problem.append(error)

    from .aside import run_aside  # it needs the whole of Streamlit's runtime

    try:
        run_aside(page, params, {**place.controls, _KEY: wanted})
    except Exception as error:
        number = uuid.uuid4().hex[:8]
        _LOG.exception("page failed aside, error id %s (%s)", number, type(error).__name__)
        raise UserError("error.collect_defect", id=number) from error
    if wanted.taken is None:
        raise wanted.problem or next(iter(problem), UserError("error.collect_not_shown"))
    asked = params.get("cut", "")
    if not wanted.taken.provenance.cut_id.startswith(asked):  # the bar falls back to the newest one
        raise UserError("error.cut_unknown", ref=asked)
    return wanted.taken


def check_selection(filters: Filters) -> None:
    """Refuse a selection that a presenter cannot have.

    Raises
    ------
    Refused : single patients are selected, or ages other than the bands.
    """
    from ..access.redaction import AGE_BANDS

    if filters.patients:
        raise Refused("error.collect_patients")
    if filters.age is not None and filters.age not in AGE_BANDS:
        raise Refused("error.collect_ages")


def _draw(name: str, problem: list[UserError]) -> None:
    """Run a page as the shell does, without the parts around it."""
    from . import bar, identity, places, session, state

    session.start()
    principal = identity.current_principal()
    check_page(principal, name)
    places.remember({}, ())
    places.stand(name)
    bar.draw(principal)
    view = state.get().view
    if view is not None and view.small:
        problem.append(UserError("error.small_selection", n=view.least_cell))
    path = _PAGES / f"{name}.py"
    space: Mapping[str, object] = {"__name__": "__main__", "__file__": str(path)}
    exec(compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True), dict(space))
