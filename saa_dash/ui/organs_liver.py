"""The liver on the liver and kidney page: axes and cuts, the plane, counts, candidates, one patient's days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from ..analysis.edish import AMT_CUTS, BILI_CUTS, Plane
from ..analysis.liver import AMINOTRANSFERASE, BILIRUBIN, QUADRANTS
from ..charts.edish import EdishDrawing, figure_edish
from ..charts.strips import rate_text
from ..model.errors import UserError
from ..services.organs import LiverPage, OrganCourse
from . import capture, chart, session, state
from .lab_rows import patient_rows
from .settings_words import interval_words
from .words import labels, t

_CUTS = {f"{cut:g}": cut for cut in (*AMT_CUTS, *BILI_CUTS)}


def plane_asked() -> Plane:
    """Return the axes and cuts in force; what a stale link holds besides them is dropped."""
    held = st.session_state
    amt, bili = str(held.get(session.EDISH_AMT) or ""), str(held.get(session.EDISH_BILI) or "")
    return Plane(
        _CUTS[amt] if amt in _codes(AMT_CUTS) else AMINOTRANSFERASE,
        _CUTS[bili] if bili in _codes(BILI_CUTS) else BILIRUBIN,
        held.get(session.EDISH_KIND) == "m",
    )


def _codes(cuts: Sequence[float]) -> list[str]:
    return [f"{cut:g}" for cut in cuts]


def _usual_cuts() -> None:
    st.session_state[session.EDISH_AMT] = f"{AMINOTRANSFERASE:g}"
    st.session_state[session.EDISH_BILI] = f"{BILIRUBIN:g}"


def plane_controls(plane: Plane) -> None:
    """Offer the axes and the cuts."""
    held = st.session_state
    held[session.EDISH_KIND] = "m" if plane.modified else "e"
    held[session.EDISH_AMT], held[session.EDISH_BILI] = f"{plane.amt:g}", f"{plane.bili:g}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            t("organs.cut.kind"),
            ("e", "m"),
            key=session.EDISH_KIND,
            format_func=labels("organs.cut."),
            required=True,
            width="content",
        )
        st.select_slider(t("organs.cut.amt"), _codes(AMT_CUTS), key=session.EDISH_AMT, width=230)
        st.select_slider(t("organs.cut.bili"), _codes(BILI_CUTS), key=session.EDISH_BILI, width=190)
        if not plane.usual:
            st.button(t("organs.cut.reset"), key="edish_reset", on_click=_usual_cuts, icon=":material/restart_alt:")


def quadrant_table(page: LiverPage) -> None:
    """Show the patients by quadrant with exact limits."""
    look = chart.look()
    st.markdown(f"**{t('organs.quadrants.title')}**")
    rows = [page.quadrants[name] for name in reversed(QUADRANTS)]
    table = {
        t("organs.quadrants.quadrant"): [t(f"organs.quadrant.{name}") for name in reversed(QUADRANTS)],
        t("organs.quadrants.n"): [rate_text(rate, look) for rate in rows],
    }
    st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch", key="edish_counts")
    st.caption(interval_words(state.view()))


def candidate_block(page: LiverPage) -> None:
    """List the candidates for Hy's law, each opening the patient; zero is said."""
    st.markdown(f"**{t('organs.candidates.title')}**")
    rows = page.listed
    if rows is None or rows.empty:
        st.caption(t("organs.candidates.none", n=page.treated) if not page.candidates.events else t("organs.aggregate"))
        return
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("organs.candidates.first"): rows["AMTEST"],
            t("organs.candidates.amt"): rows["AMTXULN"].round(2),
            t("organs.candidates.amt_day"): rows["AMTDY"].astype("Int64"),
            t("organs.candidates.bili"): rows["BILIXULN"].round(2),
            t("organs.candidates.bili_day"): rows["BILIDY"].astype("Int64"),
            t("organs.candidates.days"): rows["DAYS"].astype("Int64"),
            t("organs.candidates.direct"): rows["DIRPCT"].round(0),
            t("organs.candidates.alp"): rows["ALPXULN"].round(2),
            t("organs.candidates.alp_state"): [t(f"organs.candidates.alp_{flag}") for flag in rows["ALPFL"]],
        }
    )
    patient_rows(table, rows["AMTDY"].tolist(), "hys_law", state.provenance())


def notable(page: LiverPage) -> str:
    """Return the patient to look at first: a candidate, else the one farthest beyond or nearest to the cuts."""
    points = page.points
    if points is None or points.empty:
        return ""
    if page.listed is not None and len(page.listed):
        return str(page.listed["PCODE"].iloc[0])
    x, y = points["X"].to_numpy("float64") / page.plane.amt, points["Y"].to_numpy("float64") / page.plane.bili
    return str(points["PCODE"].iloc[int(np.argmax(np.nan_to_num(np.minimum(x, y), nan=-1.0)))])


def liver_rows(pcode: str, days: pd.DataFrame) -> None:
    """Show the liver tests of one patient by day."""
    if days.empty:
        st.caption(t("organs.rows.none", patient=pcode))
        return
    st.markdown(f"**{t('organs.rows.title', patient=pcode)}**")
    names = {"ALTXULN": "ALT", "ASTXULN": "AST", "BILIXULN": "BILI", "ALPXULN": "ALP"}
    table = pd.DataFrame({t("column.study_day"): days["ADY"].astype("int64")})
    for column, test in names.items():
        table[t(f"organs.test.{test}")] = days[column].round(2)
    st.dataframe(table, hide_index=True, width="stretch", height=250, placeholder="–", key="edish_days")
    st.caption(t("organs.rows.not_both"))


def liver_block(page: LiverPage, course: OrganCourse | None) -> None:
    """Draw the plane with the path of the patient looked at, beside it counts, candidates and the days.

    Parameters
    ----------
    course : None for who may not see patients: then the counts alone are shown.
    """
    if not page.measured:
        st.info(t("organs.no_liver"), icon=":material/info:")
        return
    if page.points is None or page.listed is None or course is None:
        quadrant_table(page)
        st.caption(t("organs.aggregate"))
        capture.withheld("edish", UserError("error.collect_counts"))
        return
    left, right = st.columns([7, 3], gap="medium")
    with left:
        drawing = EdishDrawing(
            plane=page.plane,
            points=page.points,
            quadrants=page.quadrants,
            candidates=frozenset(page.listed["PCODE"]),
            treated=page.treated,
            method=interval_words(state.view()),
            path=course.liver,
            chosen=course.pcode,
        )
        chart.show(figure_edish(drawing, chart.look()), "edish", state.provenance(), select=True)
    with right:
        quadrant_table(page)
        candidate_block(page)
        liver_rows(course.pcode, course.liver)
