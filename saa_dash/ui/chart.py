"""The one way a figure reaches the screen: title, figure, provenance, and what stands under it.

Figures are drawn by an own component, in which zoom and boxes outlive every change of the data. `st.plotly_chart`
stands behind the same call: where the files of the component are not served (every test without a server), where a
browser could not load them, and where the installation says so with SAA_DASH_CHART=plain.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from ..access.policy import can_permission
from ..charts.theme import Look
from ..charts.view import FigureView
from ..model.provenance import Provenance
from ..report.exhibit import FIGURE
from . import capture, collect, eyes, places, session, state, under_figure
from .errors import tell
from .glossary import explain
from .identity import current_principal
from .plot import files, picture
from .plot.component import Drawing, Handlers, Told, marks, mount
from .words import language, t

SETTING, PLAIN = "SAA_DASH_CHART", "plain"
_CUT_SHOWN = 15  # characters of a cut's id on the screen: when it was made; downloads carry all of it
_STAMP_ROOM = 26  # px above the plot for the word "synthetic"
_POINTS: tuple[Literal["points"], ...] = ("points",)
_BOXES: tuple[Literal["box", "lasso"], ...] = ("box", "lasso")
_FAILED = "_chart_failed"  # the component could not be loaded in this session


@dataclass(frozen=True)
class Selection:
    """What was chosen in a figure: the `customdata` of each mark, its P-code first.

    Parameters
    ----------
    points : the mark just clicked, or those in the box; a click is told in one run, a box as long as it stands.
    boxed : they are in a box.
    """

    points: tuple[tuple[object, ...], ...] = ()
    boxed: bool = False


def look() -> Look:
    """Return the language and appearance of this session for the figures, and whether their marks open patients."""
    opened = state.get().view
    opens = opened is None or opened.sight.patients
    dark = st.context.theme.type == "dark" and picture.wished() is None and not capture.running()
    return Look(language(), "dark" if dark else "light", opens)


def provenance_line(provenance: Provenance, *, whole: bool = False) -> str:
    """Return cut, cut-off, n, filters and origin of data as one line.

    Parameters
    ----------
    whole : with all of the cut's number.
    """
    cut = provenance.cut_id if whole else provenance.cut_id[:_CUT_SHOWN]
    parts = [
        t("provenance.cut", cut=cut, date=provenance.cutoff),
        t("provenance.n", n=provenance.selected, total=provenance.total),
        t("provenance.filtered", filters=provenance.filters) if provenance.filters else t("provenance.unfiltered"),
    ]
    if provenance.rule:
        parts.append(t("provenance.rule", rule=provenance.rule))
    return " · ".join(parts)


def show(view: FigureView, key: str, provenance: Provenance, *, select: bool = False, box: bool = False) -> Selection:
    """Draw a figure with its words, its data cut and its numbers; return what is selected in it.

    Parameters
    ----------
    key : unique on the page, stable from run to run. select : whether marks can be clicked. box : whether the page
        itself deals with boxes; otherwise the rows behind one stand under the figure, where its table has patients.
    """
    if capture.running():
        capture.figure(view, key, provenance)
        return Selection()
    boxes = box or (select and under_figure.has_patients(view))
    st.markdown(f"## **{view.title}**")  # a heading for who jumps from one to the next; `own_words` keeps it small
    st.caption(view.subtitle, help=explain(view.title, view.subtitle, view.footnote))
    selection = (_plain if is_plain() else _drawn)(view, key, provenance, select, boxes)
    if view.footnote:
        st.caption(view.footnote)
    synthetic = [t("synthetic.badge")] if provenance.synthetic else []
    st.caption(" · ".join([*synthetic, provenance_line(provenance)]))
    under_figure.draw(view, key, provenance, selection.points if selection.boxed else ())
    return selection if box or not selection.boxed else Selection()


def clicked(key: str) -> Selection:
    """Return what was chosen in a figure that this run has not drawn yet.

    Parameters
    ----------
    key : of the figure.
    """
    held = st.session_state.get(key)
    if not isinstance(held, Mapping):
        return Selection()
    return Selection(marks(held.get("selection")) or marks(held.get("picked")))


def is_plain() -> bool:
    """Tell whether figures are drawn by Streamlit itself."""
    if os.environ.get(SETTING, "").strip().lower() == PLAIN:
        return True
    return not files.are_served() or bool(st.session_state.get(_FAILED))


def open_patient(selection: Selection) -> None:
    """Go to the page of the patient whose mark was clicked."""
    if selection.points:
        st.session_state[session.GO_TO] = str(selection.points[0][0])
        places.go("patients")


def _drawn(view: FigureView, key: str, provenance: Provenance, select: bool, box: bool) -> Selection:
    wish = picture.wished()
    mine = wish is not None and wish.key == key
    if mine:
        picture.fulfil()
    save = None
    if wish and mine and wish.error is None:
        save = {
            "token": wish.token,
            "format": wish.format,
            "name": f"{picture.file_stem(key, provenance)}.{wish.format}",
            "words": picture.words(
                view,
                provenance_line(provenance, whole=True),
                synthetic=provenance.synthetic,
                primary=provenance.primary,
            ),
        }
    told: Told = mount(
        Drawing(
            _stamped(view, provenance),
            key,
            view.alt,
            select,
            box,
            pictures=can_permission(current_principal(), picture.right_to(view)),
            unbox=under_figure.is_cleared(key),
            collect=collect.offered(),
            collected=collect.token(key),
            scale=eyes.scale(),
            keep=wish is not None and st.context.theme.type == "dark",
            save=save,
        ),
        Handlers(partial(picture.ask, key, view, provenance), _give_up, partial(collect.ask_figure, key)),
    )
    if wish and mine and wish.error:
        tell(wish.error)
    return Selection(told.picked) if told.picked else Selection(told.boxed, boxed=bool(told.boxed))


def _plain(view: FigureView, key: str, provenance: Provenance, select: bool, box: bool) -> Selection:
    modes = (*(_POINTS if select else ()), *(_BOXES if box else ()))
    event = st.plotly_chart(
        _stamped(view, provenance),
        key=key,
        theme=None,
        width="stretch",
        config={"displayModeBar": False, "displaylogo": False, "doubleClick": "reset"},
        on_select="rerun" if modes else "ignore",
        selection_mode=modes or _BOXES,
        alt=view.alt,
    )
    collect.button(FIGURE, key)
    held = event.get("selection") if modes and isinstance(event, Mapping) else None
    boxed = isinstance(held, Mapping) and bool(held.get("box") or held.get("lasso"))
    return Selection(marks(held), boxed=boxed)


def _give_up() -> None:
    st.session_state[_FAILED] = True


def _stamped(view: FigureView, provenance: Provenance) -> go.Figure:
    """Write "synthetic" into the figure itself, so that a copied picture still says it."""
    if not provenance.synthetic:
        return view.figure
    figure = view.figure
    figure.update_layout(margin={"t": max(figure.layout.margin.t, _STAMP_ROOM)})
    return figure.add_annotation(
        text=t("synthetic.stamp"),
        xref="paper",
        yref="paper",
        x=1,
        y=1,
        xanchor="right",
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        opacity=0.6,
        font={"size": 11},
    )
