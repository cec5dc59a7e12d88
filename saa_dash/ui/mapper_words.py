"""The words of the column mapper: what a target, a value or a proposal is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from ..i18n import label, translate
from ..i18n.problem_words import problem_words
from ..ingest.form import column_label, load_form, sheet_title
from ..ingest.shapes.mapping import GENERIC, LEFT_OUT, LONG, TEST, form_column
from ..ingest.shapes.propose import ColumnProposal
from ..ingest.shapes.propose_values import list_of
from ..ingest.units import lab_units
from ..model.problem import Problem

_SURE, _LIKELY = 0.85, 0.65
NO_UNIT = SKIPPED = "–"  # an empty choice would be shown as "None"
_RESULT_SHEETS = ("LAB", "VS", "CSA")


def target_options(sheets: Iterable[str]) -> list[str]:
    """Return what a column of a table that feeds these sheets can mean."""
    form, chosen = load_form(), list(sheets)
    long = LONG if any(sheet in _RESULT_SHEETS for sheet in chosen) else ()
    own = [f"{sheet}.{code}" for sheet in chosen for code in form.sheets[sheet].codes if code not in GENERIC]
    return [SKIPPED, *GENERIC, *long, *own]


def target_word(lang: str) -> Callable[[object], str]:
    """Return the words for a target: its sheet and column, or what it is in every sheet."""

    def word(code: object) -> str:
        target = str(code or "")
        if target in (LEFT_OUT, SKIPPED):
            return translate(lang, "ui.mapper.left_out")
        if target in (*GENERIC, *LONG):
            return translate(lang, f"ui.mapper.generic_{target}")
        sheet, _, name = target.partition(".")
        if sheet == "CSA" and name in ("C0", "C2"):
            return f"{sheet_title(lang, sheet)} · {label(lang, 'csa_timepoint', name)}"
        if form_column(target) is None:
            return target
        return f"{sheet_title(lang, sheet)} · {column_label(lang, load_form().sheets[sheet], name)}"

    return word


def value_word(lang: str, target: str, empty: str) -> Callable[[str], str]:
    """Return the words for the meaning of a value; `empty` for a value that is left out."""
    if target == TEST:
        words = target_word(lang)
        return lambda code: words(code) if code else empty
    name = list_of(target)
    return lambda code: label(lang, name, code) if code else empty


def unit_options(sheets: Iterable[str]) -> list[str]:
    """Return the units that columns of these sheets can be in, `NO_UNIT` first."""
    if not {"LAB", "CSA"} & set(sheets):
        return [NO_UNIT]
    return [NO_UNIT, *dict.fromkeys(unit for test in lab_units().values() for unit in test.factors)]


def unit_word(lang: str) -> Callable[[object], str]:
    """Return the words for a unit."""
    return lambda code: NO_UNIT if code in (None, "", NO_UNIT) else label(lang, "unit", code)


def sure_word(lang: str, proposal: ColumnProposal) -> str:
    """Return how sure a proposal is and why."""
    if proposal.reason == "none":
        return translate(lang, "ui.mapper.open")
    level = "sure" if proposal.confidence >= _SURE else "likely" if proposal.confidence >= _LIKELY else "guess"
    if proposal.unit_reason in ("range", "fits", "none") and level == "sure":
        level = "guess" if proposal.unit_reason == "none" else "likely"
    reasons = [translate(lang, f"ui.mapper.reason_{proposal.reason}")]
    if proposal.unit_reason:
        reasons.append(translate(lang, f"ui.mapper.unit_reason_{proposal.unit_reason}"))
    return " · ".join([translate(lang, f"ui.mapper.{level}"), *reasons])


def is_unsure(proposal: ColumnProposal) -> bool:
    """Tell whether a proposal is a guess that should be looked at."""
    return 0 < proposal.confidence < _LIKELY


def sheets_word(lang: str, sheets: Sequence[str]) -> str:
    """Return the titles of sheets, or that a table is left out."""
    return " + ".join(sheet_title(lang, code) for code in sheets) or translate(lang, "ui.mapper.nowhere")


def as_read(lang: str, code: str, rows: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    """Return the first rows of a sheet with labels and terms instead of codes."""
    sheet = load_form().sheets[code]
    shown = {}
    for name in rows:
        column = sheet.column(str(name))
        cells = rows[name].fillna("")
        if column.list_name and column.kind != "terms":
            cells = cells.map(lambda text, own=column.list_name: label(lang, own, text))
        unit = units.get(column.code, "") if code == "LAB" else ""
        header = column_label(lang, sheet, column.code)
        shown[f"{header} [{label(lang, 'unit', unit)}]" if unit else header] = cells
    return pd.DataFrame(shown)


def escaped(text: str) -> str:
    """Return a header so that no sign of it is read as markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>$~:" else sign for sign in text)


def finding(lang: str, problem: Problem) -> str:
    """Return a finding about a mapping as one line: column, what, remedy."""
    words = problem_words(problem, lang)
    place = f"{problem.column}: " if problem.column else ""
    return escaped(f"{place}{words.message} {words.remedy}")
