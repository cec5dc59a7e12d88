"""Choosing a test: from a list by group, or from the table of all tests with how many worsened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from ..charts.theme import Look
from ..model.provenance import Provenance
from ..services.measures import Measure, MeasuresPage
from . import chart
from .download import offer_table
from .lab_words import measure_name, test_name
from .words import t

_SHORT = re.compile(r"[A-Z0-9]{1,8}")
_ROWS, _TALL = 15, 563  # rows before the table scrolls, and its height then, px
_WIDE, _NARROW = 130, 48  # px of the column of names, of those of counts
_MOST = 0.3  # opacity of a cell in which everybody worsened


def options_of(page: MeasuresPage) -> dict[str, Measure]:
    """Return the tests by the code that a link carries: test, and series where there are several."""
    out = {}
    for number, measure in enumerate(page.measures):
        series = measure.series if _SHORT.fullmatch(measure.series) else str(number)
        out[f"{measure.test}.{series}" if measure.several and measure.series else measure.test] = measure
    return out


def choose_measure(prefix: str, page: MeasuresPage, provenance: Provenance) -> Measure:
    """Draw list and table of all tests and return the chosen one.

    Parameters
    ----------
    prefix : of the keys. page : with at least one test.
    """
    options = options_of(page)
    codes, held = list(options), f"{prefix}_test"
    wanted = st.session_state.get(held)
    if wanted not in options:
        if wanted in page.missing:
            st.info(t("lab.not_measured_wanted", test=test_name(str(wanted))), icon=":material/info:")
        st.session_state[held] = codes[0]
    names = {
        code: t("lab.test_in_group", group=t(f"lab.group.{item.group}"), name=measure_name(item))
        for code, item in options.items()
    }
    st.selectbox(
        t("lab.choose"),
        codes,
        key=held,
        format_func=names.__getitem__,
        placeholder=t("ui.choose_one"),
        on_change=partial(_chosen, prefix),
        label_visibility="collapsed",
    )
    at = codes.index(st.session_state[held])
    table = _table(page)
    st.caption(t("lab.overview.subtitle", n=page.treated))
    overview_table(
        table, at, f"{prefix}_tests_{st.session_state.get(_nonce(prefix), 0)}", lambda row: _pick(prefix, codes[row]),
        _heat(page, chart.look()),
    )  # fmt: skip
    offer_table(table, f"{prefix}_tests", provenance, patients=False, note=_note(page))
    if page.missing:
        st.caption(t("lab.not_measured", tests=t("ui.response.comma").join(test_name(code) for code in page.missing)))
    if page.textual:
        names_of = [test_name(code, given) for code, given in page.textual]
        st.caption(t("lab.textual", tests=t("ui.response.comma").join(names_of)))
    return options[codes[at]]


def overview_table(
    table: pd.DataFrame, at: int, key: str, pick: Callable[[int], None], heat: Mapping[str, list[str]]
) -> None:
    """Show a table of which one row is always chosen.

    Parameters
    ----------
    at : the chosen row. pick : called with the row that was clicked. heat : background colours by column.
    """
    columns = list(table.columns)
    styles = pd.DataFrame("", index=table.index, columns=columns)
    for name, colours in heat.items():
        styles[name] = [f"background-color: {colour}" if colour else "" for colour in colours]

    def picked() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            pick(int(rows[0]))

    st.dataframe(
        table.style.apply(lambda _: styles, axis=None),
        hide_index=True,
        width="stretch",
        height="content" if len(table) <= _ROWS else _TALL,
        placeholder="–",
        key=key,
        on_select=picked,
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [at]}},
        column_config={
            columns[0]: st.column_config.Column(width=_WIDE),
        }
        | {
            t(f"lab.overview.{name}"): st.column_config.NumberColumn(width=_NARROW, help=t(f"lab.overview.{name}_help"))
            for name in ("measured", "worsened", "severe")
        },
    )


def _nonce(prefix: str) -> str:
    return f"_{prefix}_tests_drawn"


def _chosen(prefix: str) -> None:
    """After a choice from the list: draw the table anew with its row, and forget the cell of the other test."""
    st.session_state[_nonce(prefix)] = st.session_state.get(_nonce(prefix), 0) + 1
    st.session_state[f"{prefix}_cell"] = None


def _pick(prefix: str, code: str) -> None:
    st.session_state[f"{prefix}_test"] = code
    st.session_state[f"{prefix}_cell"] = None


def _table(page: MeasuresPage) -> pd.DataFrame:
    items = page.measures
    table = pd.DataFrame(
        {
            t("lab.overview.test"): [measure_name(item) for item in items],
            t("lab.overview.measured"): [item.measured for item in items],
            t("lab.overview.worsened"): pd.array(
                [item.worsened if item.known else None for item in items], dtype="Int64"
            ),
        }
    )
    if any(item.graded for item in items):
        table[t("lab.overview.severe")] = pd.array([item.severe for item in items], dtype="Int64")
    return table


def _note(page: MeasuresPage) -> str:
    """Say what the columns count; on a page the columns tell it themselves."""
    graded = any(item.graded for item in page.measures)
    columns = ("measured", "worsened", *(("severe",) if graded else ()))
    parts = [
        t("lab.overview.says", column=t(f"lab.overview.{name}"), words=t(f"lab.overview.{name}_help"))
        for name in columns
    ]
    return " ".join([t("lab.overview.treated", n=page.treated), *parts])


def _heat(page: MeasuresPage, look: Look) -> dict[str, list[str]]:
    """Return the colours of the counts: the more of the treated, the stronger; none for 0."""
    colours, measures = look.palette, page.measures
    heat = {
        t("lab.overview.worsened"): [_shade(colours.treatment, item.worsened, page.treated) for item in measures],
    }
    if any(item.graded for item in measures):
        heat[t("lab.overview.severe")] = [_shade(colours.grade[3], item.severe or 0, page.treated) for item in measures]
    return heat


def _shade(colour: str, n: int, total: int) -> str:
    if not n or not total:
        return ""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{0.12 + _MOST * n / total:.2f})"
