"""Parts of the vital signs and examination page."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from ..charts.lab_bands import Background, background_of
from ..charts.shift_grid import ShiftWords
from ..i18n import label
from ..model.vital_limits import VitalLimits
from ..services.measures import MeasurePage
from ..services.vital_signs import BodySystem
from . import chart, state
from .lab_choose import overview_table
from .lab_shift import shift_block
from .lab_words import level_names, plain, unit_name
from .words import language, t

_HELD = "pe_system"


def limits_note(limits: VitalLimits | None, unit: str) -> str:
    """Return what is called low and high of a vital sign, and that it is not the protocol's."""
    if limits is None:
        return t("lab.note.no_limits")
    if limits.relative:
        return t("lab.note.usual_change", percent=f"{limits.upper:g}")
    low, high = limits.lower, limits.upper
    key = "both" if low is not None and high is not None else "low" if high is None else "high"
    shown = {name: "" if value is None else f"{value:g}" for name, value in (("low", low), ("high", high))}
    return t("lab.note.usual", limits=t(f"lab.limit.{key}", unit=unit, **shown))


def vital_background(page: MeasurePage, measure: str, limits: VitalLimits | None) -> Background:
    """Return what lies behind the course of a vital sign."""
    plain_background = background_of(page.course.limits, None, None, measure, chart.look(), version="")
    if limits is not None and limits.relative and measure == "value":
        plain_background = Background((), (), ())  # the limits are each patient's own
    note = limits_note(limits, unit_name(page.measure.unit))
    return Background(plain_background.bands, plain_background.lines, (note,))


def examination_block(systems: tuple[BodySystem, ...]) -> None:
    """Show the findings by body system, and the patients behind the shift of the chosen one."""
    st.markdown(f"**{t('lab.examination.title')}**")
    if not systems:
        st.info(t("lab.examination.none"), icon=":material/info:")
        return
    by_code = {item.system: item for item in systems}
    codes = list(by_code)
    if st.session_state.get(_HELD) not in by_code:
        st.session_state[_HELD] = max(codes, key=lambda code: by_code[code].table.worsened)
    _choose(systems, codes)
    chosen = by_code[str(st.session_state[_HELD])]
    names = level_names(chosen.table.levels)
    title = t("lab.shift.title_examination", system=system_name(chosen.system))
    words = ShiftWords(names, title, t("lab.shift.footnote_examination"))
    shift_block("pe", chosen.system, chosen.table, chosen.rows, words, partial(_rows, names=names), state.provenance())


def system_name(code: str) -> str:
    """Return the name of a body system."""
    return plain(label(language(), "body_system", code))


def _choose(systems: tuple[BodySystem, ...], codes: list[str]) -> None:
    nonce = "_pe_drawn"

    def listed() -> None:
        st.session_state[nonce] = st.session_state.get(nonce, 0) + 1
        st.session_state["pe_cell"] = None

    def pick(row: int) -> None:
        st.session_state[_HELD], st.session_state["pe_cell"] = codes[row], None

    names = {code: system_name(code) for code in codes}
    st.selectbox(
        t("lab.examination.system"),
        codes,
        key=_HELD,
        format_func=names.__getitem__,
        placeholder=t("ui.choose_one"),
        on_change=listed,
        label_visibility="collapsed",
        width=260,
    )
    st.caption(t("lab.examination.subtitle", n=systems[0].table.treated))
    table = pd.DataFrame(
        {
            t("lab.column.system"): [names[code] for code in codes],
            t("lab.column.examined"): [item.table.measured for item in systems],
            t("lab.overview.worsened"): [item.table.worsened for item in systems],
        }
    )
    at = codes.index(str(st.session_state[_HELD]))
    overview_table(table, at, f"pe_systems_{st.session_state.get(nonce, 0)}", pick, {})


def _rows(rows: pd.DataFrame, *, names: dict[str, str]) -> pd.DataFrame:
    levels = [f"{names[a]} → {names[b]}" for a, b in zip(rows["BEFORE"], rows["AFTER"], strict=True)]
    return pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("lab.column.shift"): levels,
            t("lab.column.baseline_day"): rows["BASEDY"].astype("Int64"),
            t("lab.column.worst_day"): rows["WORSTDY"].astype("Int64"),
            t("lab.column.description"): rows["DESC"],
        }
    )
