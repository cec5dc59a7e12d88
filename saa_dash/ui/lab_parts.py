"""One test on a page: its course with the controls above it, its shifts, its outliers."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from ..analysis.proportions import IntervalMethod, estimate_proportion
from ..charts.lab_bands import Background
from ..charts.lab_course import COLUMNS, MAX_MARKED, Drawing, figure_course
from ..charts.scale import is_wide
from ..charts.shift_grid import ShiftWords
from ..services.context import View
from ..services.measures import MeasurePage
from . import chart, session, state
from .highlight import choose_highlighted
from .lab_rows import open_at
from .lab_shift import shift_block
from .lab_words import finding, level_names, measure_name, test_name, unit_name
from .settings_words import interval_words
from .words import labels, t

STYLES = ("auto", "lines", "ribbon")
_DECIMAL_FROM = 100  # patients from which a rate is printed with a decimal
_LOG = ("ANC", "PLAT")  # counts that run over orders of magnitude


def choose_code(key: str, options: tuple[str, ...], words: str, name: str) -> str:
    """Draw a row of choices and return the chosen code.

    Parameters
    ----------
    words : catalogue prefix of the options. name : catalogue key of the control.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    st.segmented_control(
        t(name),
        options,
        key=key,
        format_func=labels(f"{words}."),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(st.session_state[key])


def course_controls(prefix: str, page: MeasurePage, view: View, measures: tuple[str, ...]) -> tuple[str, bool, bool]:
    """Draw the controls of a course; return measure, whether as a ribbon, whether on a logarithmic axis."""
    test = page.measure.test
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        measure = choose_code(f"{prefix}_measure", measures, "lab.measure", "lab.measure.value")
        style = choose_code(f"{prefix}_style", STYLES, "lab.style", "lab.style.auto")
        log = False
        if measure != "change" and "multiple" in measures:  # laboratory values may run over orders of magnitude
            key = f"{prefix}_log_{test}"
            st.session_state.setdefault(key, test in _LOG or _is_wide(page))
            log = st.toggle(t("lab.log"), key=key, persist_state="session")
        choose_highlighted()
    ribbon = style == "ribbon" or (style == "auto" and page.patients > MAX_MARKED)
    return measure, ribbon, log


def _is_wide(page: MeasurePage) -> bool:
    """Tell whether one peak, in multiples of the upper limit, would press all courses to the foot of a linear axis."""
    return is_wide(page.course.values[COLUMNS["multiple"]].to_numpy("float64"))


def course_block(
    prefix: str, page: MeasurePage, view: View, controls: tuple[str, bool, bool], background: Background
) -> None:
    """Draw the course; a click on a value opens the patient around that day."""
    measure, ribbon, log = controls
    if page.course.values[COLUMNS[measure]].isna().all():
        st.info(t("lab.course.empty" if measure == "multiple" else "lab.course.empty_change"), icon=":material/info:")
        return
    name, unit = measure_name(page.measure), unit_name(page.measure.unit)
    notes = list(background.notes)
    if page.course.undated:
        notes.append(t("lab.course.undated", n=page.course.undated))
    drawing = Drawing(
        test=page.measure.test,
        name=test_name(page.measure.test, page.measure.name),
        unit=unit,
        title=finding(page.table, name, known=page.measure.known),
        notes=tuple(notes),
        measure=measure,
        ribbon=ribbon,
        log=log,
        highlight=str(st.session_state.get(session.PATIENT) or ""),
        origin=t("lab.origin_atg" if view.protocol else "lab.origin_dose"),
        bands=background.bands,
        lines=background.lines,
    )
    figure = figure_course(page.course, drawing, chart.look())
    picked = chart.show(figure, f"{prefix}_course", state.provenance(), select=view.sight.patients)
    if picked.points:
        code, day = picked.points[0]
        open_at(str(code), float(str(day)))


def rate_line(page: MeasurePage, view: View) -> str:
    """Return how many worsened with the limits of the rate; 0 has an upper limit too."""
    table = page.table

    def rate(events: int) -> str:
        exact = estimate_proportion(events, table.treated, cast(IntervalMethod, view.settings.interval))
        digits = 1 if table.treated >= _DECIMAL_FROM else 0
        shares = {"percent": exact.estimate, "lower": exact.lower, "upper": exact.upper}
        words = {name: f"{100 * share:.{digits}f}" for name, share in shares.items()}
        return t("chart.rate.text", x=events, n=table.treated, **words)

    parts = [t("lab.shift.worse_rate", rate=rate(table.worsened))]
    if table.severe is not None:
        parts.append(t("lab.shift.severe_rate", rate=rate(table.severe)))
    parts.append(t("lab.shift.method", method=interval_words(view)))
    if table.measured < table.treated:
        parts.append(t("lab.shift.unmeasured", n=table.treated - table.measured))
    return " · ".join(parts)


def shifts(prefix: str, page: MeasurePage, view: View, note: str) -> None:
    """Show the shift table of a test with the patients behind it.

    Parameters
    ----------
    note : what decides the levels, under the table.
    """
    if not page.measure.known:
        st.info(t("lab.shift.none"), icon=":material/info:")
        return
    st.markdown(rate_line(page, view))
    names = level_names(page.table.levels)
    words = ShiftWords(names, t("lab.shift.title"), note)
    unit = unit_name(page.measure.unit)

    def describe(rows: pd.DataFrame) -> pd.DataFrame:
        return shift_rows(rows, unit, names, ratio=page.table.graded or page.measure.group != "vital")

    subject = page.measure.test
    shift_block(prefix, subject, page.table, page.rows, words, describe, state.provenance())


def shift_rows(rows: pd.DataFrame, unit: str, names: dict[str, str], *, ratio: bool) -> pd.DataFrame:
    """Return the patients behind a cell as a table.

    Parameters
    ----------
    ratio : show the multiple of the upper limit of normal.
    """
    least = rows["ATLEAST"].eq(True)
    shift = [
        f"{names[before]} → {t('lab.shift.at_least') if more else ''}{names[after]}"
        for before, after, more in zip(rows["BEFORE"], rows["AFTER"], least, strict=True)
    ]
    columns: dict[str, object] = {
        t("column.patient"): rows["PCODE"],
        t("lab.column.shift"): shift,
        t("lab.column.baseline", unit=unit): _numbers(rows["BASE"], rows["BASECENS"]),
        t("lab.column.baseline_day"): rows["BASEDY"].astype("Int64"),
        t("lab.column.worst", unit=unit): _numbers(rows["WORST"], rows["WORSTCENS"]),
        t("lab.column.worst_day"): rows["WORSTDY"].astype("Int64"),
    }
    if ratio and rows["UPPER"].notna().any():
        columns[t("lab.column.multiple")] = (rows["WORST"] / rows["UPPER"]).round(2)
    return pd.DataFrame(columns)


def _numbers(values: pd.Series, signs: pd.Series) -> list[str]:
    return [
        "–" if number != number else f"{sign}{number:g}"
        for number, sign in zip(values.round(4), signs.fillna(""), strict=True)
    ]
