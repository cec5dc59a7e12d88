"""One table of the column mapper: its columns with their meaning, the questions about them, and a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from ..ingest.form import column_label, load_form, sheet_title
from ..ingest.shapes.fit import order_of
from ..ingest.shapes.mapping import (
    DATE,
    HIGH,
    LEFT_OUT,
    LIMITS,
    LOW,
    ORDERS,
    RANGE,
    RESULT,
    TEST,
    UNIT,
    USUAL,
    ColumnMap,
    TableMap,
    form_column,
    test_targets,
)
from ..ingest.shapes.propose import TableProposal, detail, open_questions
from ..ingest.shapes.propose_values import MAX_VALUES, is_guess, list_of, propose_unit
from ..ingest.units import lab_units
from ..services.mapping import Preview
from .mapper_words import (
    NO_UNIT,
    SKIPPED,
    as_read,
    escaped,
    finding,
    sheets_word,
    sure_word,
    target_options,
    target_word,
    unit_options,
    unit_word,
    value_word,
)
from .words import labels, language, t

_FREE_ROWS = 18  # columns shown without scrolling
_ROW_PX, _HEAD_PX = 35, 38


def edit_columns(proposal: TableProposal, base: TableMap, key: str) -> TableMap:
    """Draw the columns of a table with their meaning and unit, and return the mapping as edited."""
    lang = language()
    names = {name: t(f"ui.mapper.column_{name}") for name in ("source", "examples", "target", "unit", "sure")}
    frame = _frame(proposal, base, names)
    units = unit_options(base.sheets)
    config = {
        names["source"]: st.column_config.TextColumn(width="medium", pinned=True),
        names["examples"]: st.column_config.TextColumn(width="small"),
        names["target"]: st.column_config.SelectboxColumn(
            options=target_options(base.sheets), format_func=target_word(lang), required=True, width="medium"
        ),
        names["unit"]: st.column_config.SelectboxColumn(options=units, format_func=unit_word(lang), width="small"),
        names["sure"]: st.column_config.TextColumn(width="medium"),
    }
    edited = st.data_editor(
        frame if len(units) > 1 else frame.drop(columns=names["unit"]),
        key=key,
        hide_index=True,
        width="stretch",
        height=_HEAD_PX + _ROW_PX * _FREE_ROWS if len(frame) > _FREE_ROWS else "auto",
        disabled=[names["source"], names["examples"], names["sure"]],
        column_config=config,
    )
    chosen = [LEFT_OUT if code == SKIPPED else code for code in edited[names["target"]].fillna(SKIPPED).tolist()]
    units_shown = edited[names["unit"]].fillna("").tolist() if names["unit"] in edited else [""] * len(edited)
    chosen_units = ["" if unit == NO_UNIT else unit for unit in units_shown]
    columns = tuple(
        _edited(proposal, old, target, unit)
        for old, target, unit in zip(base.columns, chosen, chosen_units, strict=True)
    )
    return replace(base, columns=columns)


def _frame(proposal: TableProposal, base: TableMap, names: Mapping[str, str]) -> pd.DataFrame:
    lang = language()
    changed = {c.source: c.target for c in base.columns}
    rows = [
        {
            names["source"]: p.column.source + (f" · {p.column.visit}" if p.column.visit else ""),
            names["examples"]: " · ".join(p.examples),
            names["target"]: changed.get(p.column.source) or SKIPPED,
            names["unit"]: next((c.unit for c in base.columns if c.source == p.column.source), "") or NO_UNIT,
            names["sure"]: sure_word(lang, p) if changed.get(p.column.source) == p.column.target else "",
        }
        for p in proposal.columns
    ]
    return pd.DataFrame(rows, columns=list(names.values()))


def _edited(proposal: TableProposal, old: ColumnMap, target: str, unit: str) -> ColumnMap:
    """Return a column with the meaning chosen; what its values say for a new meaning is proposed anew."""
    if target == old.target:
        return replace(old, unit=unit)
    new = detail(proposal.table, ColumnMap(old.source, target, visit=old.visit))
    return replace(new, unit=unit or propose_unit(proposal.table, new)[0])


def ask_orders(proposal: TableProposal, mapping: TableMap, base: TableMap, key: str) -> TableMap:
    """Ask which of day and month stands first where the dates do not tell, and return the mapping with the answers."""
    columns = []
    for number, column in enumerate(mapping.columns):
        kind = getattr(form_column(column.target), "kind", "")
        texts = proposal.table.body[column.source]
        proven, there = order_of(texts)
        if (column.target == DATE or kind in ("date", "pdate")) and there and not proven:
            example = next(text for text in texts.dropna() if order_of(pd.Series([text]))[1])
            before = base.columns[number].order
            chosen = st.radio(
                t("ui.mapper.order", column=column.source, example=example),
                ORDERS,
                index=ORDERS.index(before) if before in ORDERS else None,
                format_func=labels("ui.mapper.order_"),
                horizontal=True,
                key=f"{key}_order_{number}",
            )
            column = replace(column, order=chosen or "")
        columns.append(column)
    return replace(mapping, columns=tuple(columns))


def ask_values(proposal: TableProposal, mapping: TableMap, base: TableMap, key: str) -> tuple[TableMap, int]:
    """Ask what values mean that the form does not know, and return the mapping and the number of open answers."""
    asked = [(n, c, open_questions(proposal.table, c)) for n, c in enumerate(mapping.columns)]
    asked = [(n, c, found) for n, c, found in asked if found]
    if not asked:
        return mapping, 0
    columns, still_open = list(mapping.columns), 0
    total = sum(len(found) for _, _, found in asked)
    unsure = any(len(c.values) < len(found) or _guesses(c) for _, c, found in asked)
    with st.expander(t("ui.mapper.values", n=total), expanded=unsure, icon=":material/translate:"):
        for number, column, found in asked:
            st.markdown(
                t("ui.mapper.values_of", column=escaped(column.source), target=target_word(language())(column.target))
            )
            answers = _answers(column, base.columns[number], found, f"{key}_value_{number}")
            still_open += sum(code is None for code in answers.values())
            known = {text: code for text, code in answers.items() if code is not None}
            columns[number] = replace(column, values=dict(column.values) | known)
    return replace(mapping, columns=tuple(columns)), still_open


def _guesses(column: ColumnMap) -> bool:
    return any(is_guess(text, column.target, code) for text, code in column.values.items())


def _answers(column: ColumnMap, before: ColumnMap, found: Mapping[str, int], key: str) -> dict[str, str | None]:
    codes = test_targets() if column.target == TEST else load_form().lists[list_of(column.target)]
    word = value_word(language(), column.target, t("ui.mapper.value_open"))
    options = ["", *codes]
    proposed = dict(column.values) | (dict(before.values) if before.target == column.target else {})
    places = st.columns(3)
    answers: dict[str, str | None] = {}
    for number, (text, n) in enumerate(list(found.items())[:MAX_VALUES]):
        code = proposed.get(text, "" if column.target == TEST else None)
        name = t("ui.mapper.value", value=escaped(text), n=n)
        if code and is_guess(text, column.target, code):
            name = t("ui.mapper.value_guess", value=name)
        elif code is None:
            name = t("ui.mapper.value_open_label", value=name)
        answers[text] = places[number % len(places)].selectbox(
            name,
            options,
            index=options.index(code) if code in options else None,
            format_func=word,
            placeholder=t("ui.mapper.answer"),
            key=f"{key}_{number}",
        )
    if len(found) > MAX_VALUES:
        st.caption(t("ui.mapper.values_more", n=len(found) - MAX_VALUES))
    return answers


def ask_rest(mapping: TableMap, base: TableMap, key: str) -> TableMap:
    """Ask for units of a table without a unit column, and for what the form needs and the table does not have."""
    return _ask_limits(_ask_constants(_ask_units(mapping, base, key), base, key), base, key)


def _ask_units(mapping: TableMap, base: TableMap, key: str) -> TableMap:
    test = mapping.column(TEST)
    if test is None or mapping.column(UNIT) is not None or mapping.column(RESULT) is None:
        return mapping
    targets = [t_ for t_ in dict.fromkeys(test.values.values()) if t_.startswith("LAB.")]
    units: dict[str, str] = {}
    places = st.columns(4)
    for number, target in enumerate(targets):
        spec = lab_units()[target.partition(".")[2]]
        options = ["", *spec.factors]
        before = base.units.get(target, "")
        standard = t("ui.mapper.unit_standard", unit=spec.standard)
        chosen = places[number % len(places)].selectbox(
            t("ui.mapper.test_unit", test=column_label(language(), load_form().sheets["LAB"], spec.code)),
            options,
            index=options.index(before) if before in options else 0,
            format_func=_unit_word(standard),
            key=f"{key}_unit_{number}",
        )
        units[target] = chosen or ""
    return replace(mapping, units={target: unit for target, unit in units.items() if unit})


def _ask_limits(mapping: TableMap, base: TableMap, key: str) -> TableMap:
    """Ask whether the usual limits hold where a laboratory table has none: grades of toxicity need them."""
    if "LAB" not in mapping.sheets or any(mapping.column(target) for target in (LOW, HIGH, RANGE)):
        return mapping
    usual = st.checkbox(
        t("ui.mapper.limits"),
        value=base.constants.get(LIMITS) == USUAL,
        help=t("ui.mapper.limits_help"),
        key=f"{key}_limits",
    )
    return replace(mapping, constants=dict(mapping.constants) | {LIMITS: USUAL}) if usual else mapping


def _unit_word(standard: str) -> Callable[[str], str]:
    return lambda unit: unit or standard


def _ask_constants(mapping: TableMap, base: TableMap, key: str) -> TableMap:
    lang, form = language(), load_form()
    mapped = {column.target for column in mapping.columns}
    missing = [
        f"{sheet}.{column.code}"
        for sheet in mapping.sheets
        for column in form.sheets[sheet].columns
        if column.required and column.kind in ("yn", "choice") and column.code not in mapped
        and f"{sheet}.{column.code}" not in mapped and not mapping.is_long and sheet != "SUBJ"
    ]  # fmt: skip
    constants, places = {}, st.columns(3)
    for number, target in enumerate(missing):
        options = ["", *form.lists[list_of(target)]]
        before = base.constants.get(target, "")
        sheet, _, code = target.partition(".")
        constants[target] = places[number % len(places)].selectbox(
            t("ui.mapper.constant", column=column_label(lang, form.sheets[sheet], code)),
            options,
            index=options.index(before) if before in options else 0,
            format_func=value_word(lang, target, t("ui.mapper.constant_none")),
            key=f"{key}_constant_{target}",
        )
    return replace(mapping, constants={target: code for target, code in constants.items() if code})


def show_preview(mapping: TableMap, preview: Preview, key: str) -> None:
    """Show what keeps the mapping from being used, or how much is read and the first rows of it."""
    lang = language()
    for problem in preview.problems:
        if problem.severity == "error":
            st.error(finding(lang, problem), icon=":material/error:")
    taken = preview.taken
    if taken is None:
        return
    st.markdown(f"**{t('ui.mapper.preview')}** → {sheets_word(lang, list(preview.rows) or mapping.sheets)}")
    counts = {"rows_in": len(taken.table.body), "values_in": taken.values_in}
    st.caption(t("ui.mapper.counts", rows_out=taken.rows_out, values_out=taken.values_out, **counts))
    system = taken.table.set_aside
    names = " · ".join(f"{escaped(name)} ({n})" for name, n in taken.left_out.items() if name not in system)
    if names:
        st.caption(t("ui.mapper.lost", columns=names))
    if system:
        st.caption(t("ui.mapper.system", n=sum(system.values()), columns=len(system)))
    if taken.unknown_tests:
        tests = " · ".join(f"{escaped(name)} ({n})" for name, n in taken.unknown_tests.items())
        st.warning(t("ui.mapper.unknown_tests", tests=tests), icon=":material/help:")
    if not preview.rows:
        st.info(t("ui.mapper.preview_none"), icon=":material/info:")
    for code, rows in preview.rows.items():
        if len(preview.rows) > 1:
            st.caption(sheet_title(lang, code))
        table = as_read(lang, code, rows, dict(preview.units))
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key=f"{key}_preview_{code}")
