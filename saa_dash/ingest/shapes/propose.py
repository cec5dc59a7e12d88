"""Proposals: which sheets a table feeds, which column goes where, in which unit, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..form import load_form
from ..identifiers import INITIALS, identifier_column
from ..units import lab_units
from .detect import ADAM, LIS, LONG_TABLE, SDTM, Standard, standard_of
from .fit import fit, has_decimal_comma, order_of
from .mapping import DATE, GENERIC, LEFT_OUT, LONG, SUBJECT, TEST, TIME, VISIT, ColumnMap, TableMap, form_column
from .propose_values import is_guess, open_values, propose_unit, propose_values, unit_by_range
from .source_table import SourceTable
from .words import KNOWN, Match, generic_words, long_words, matches, sheet_by_name, sheet_words, test_of, visit_of

EXAMPLES = 3
LEAST = 0.45  # a less sure proposal is not made
# Share of values that the target can hold: less is asked of a known name than of a similar one.
_LEAST_FIT, _LEAST_FIT_SIMILAR = 0.3, 0.6
_NAME_BONUS = 3.0  # a table's own name counts like so many of its columns
_TAKEN_OVER = 0.95
# Sheets whose date is that of the row: one date column serves them all.
_DATED_ROWS = ("VISIT", "LAB", "CSA", "VS", "PE", "RS")
_NUMBERED = r"(?:week|wk|w|day|d|month|m|第)[\s_-]*\d{1,3}(?:周|天|个月)?|\d{1,2}(?:w|wk|周)"
_PART = rf"(?:{_NUMBERED}|baseline|bl|screening|基线|筛选)"
_VISIT_BEHIND = re.compile(rf"(?P<base>.+?)[\s_\-.]*(?P<visit>{_PART})", re.IGNORECASE)
_VISIT_BEFORE = re.compile(rf"(?P<visit>{_PART})[\s_\-.]+(?P<base>.+)", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnProposal:
    """What is proposed for one column.

    Parameters
    ----------
    confidence : 0…1. reason : ``label``, ``synonym``, ``similar``, ``remembered``, ``initials``, ``none``.
    unit_reason : ``header``, ``unit_row``, ``range``, ``fits``, ``none``, or "" where there is no unit.
    examples : some values; none of a column that is not to be shown. filled : cells that hold something.
    """

    column: ColumnMap
    confidence: float
    reason: str
    unit_reason: str
    examples: tuple[str, ...]
    filled: int


@dataclass(frozen=True)
class TableProposal:
    """What is proposed for one table; `table_map` is the proposal as a mapping."""

    table: SourceTable
    standard: Standard
    table_map: TableMap
    columns: tuple[ColumnProposal, ...]


def propose(table: SourceTable, sheets: Sequence[str] | None = None, near: TableMap | None = None) -> TableProposal:
    """Return a proposal for a table.

    Parameters
    ----------
    sheets : the sheets it feeds where the user has said so. near : a remembered mapping of a similar table, which
        wins for the columns it knows.
    """
    standard = standard_of(table)
    bases = _bases(table)
    is_long = standard.code in (LIS, LONG_TABLE, SDTM, ADAM) and _is_long(table)
    if sheets is None:
        sheets = near.sheets if near is not None else _sheets(table, bases, is_long)
    found = _assign(table, bases, sheets, is_long) if sheets else {}
    columns = tuple(_column(table, name, found.get(name), bases[name][1], near) for name in table.headers)
    table_map = TableMap(
        name=table.name,
        headers=table.headers,
        sheets=tuple(sheets),
        columns=tuple(proposal.column for proposal in columns),
        units=_long_units(table, columns) if is_long else {},
        constants=_constants(columns) | (dict(near.constants) if near is not None else {}),
    )
    return TableProposal(table, standard, table_map, columns)


def known_columns(proposals: Iterable[TableProposal]) -> list[str]:
    """Return the headers that something other than a guess is proposed for."""
    return [p.column.source for proposal in proposals for p in proposal.columns if p.confidence >= KNOWN - 0.05]


def _is_long(table: SourceTable) -> bool:
    kinds = {match.target for name in table.headers if (match := matches(name, long_words()))}
    return {"TEST", "RESULT"} <= kinds


def _bases(table: SourceTable) -> dict[str, tuple[str, str]]:
    """Return each header without the visit it names, and that visit, where several visits share what is left."""
    split = {name: _split_visit(name) for name in table.headers}
    visits: dict[str, set[str]] = {}
    for base, visit in split.values():
        visits.setdefault(base.casefold(), set()).add(visit)
    return {
        name: (base, visit) if visit and len(visits[base.casefold()] - {""}) > 1 else (name, "")
        for name, (base, visit) in split.items()
    }


def _split_visit(header: str) -> tuple[str, str]:
    for pattern in (_VISIT_BEHIND, _VISIT_BEFORE):
        match = pattern.fullmatch(header)
        if match:
            text = match["visit"]
            visit = "BASELINE" if text.casefold() == "bl" else visit_of(text)
            if visit:
                return match["base"].strip(" _-."), visit
    return header, ""


def _sheets(table: SourceTable, bases: dict[str, tuple[str, str]], is_long: bool) -> tuple[str, ...]:
    """Return the sheets that a table probably feeds, the main one first."""
    named = sheet_by_name(table.part or table.sheet)
    scores: dict[str, float] = {}
    for name in table.headers:
        hits = _specific(table, name, bases[name][0])
        for sheet in hits:
            scores[sheet] = scores.get(sheet, 0.0) + 1.0 / len(hits)
    if is_long:
        test = next((name for name in table.headers if _names_tests(table, name)), None)
        kinds = {test_of(text).partition(".")[0] for text in table.body[test].dropna().unique()} if test else set()
        return (*([sheet for sheet in ("LAB", "VS", "CSA") if sheet in kinds] or ["LAB"]),)
    if named:
        scores[named] = scores.get(named, 0.0) + _NAME_BONUS
    if not scores:
        words = {match.target for name in table.headers if (match := matches(bases[name][0], generic_words()))}
        return ("VISIT",) if {SUBJECT, VISIT, DATE} <= words else ()
    main = max(scores, key=lambda sheet: scores[sheet])
    alone = {"SUBJ": 1, "VISIT": 2, "LAB": 1, "VS": 2, "CSA": 1}
    others = [s for s in alone if s != main and main in alone and scores.get(s, 0.0) >= alone[s] - 0.01]
    return (main, *others)


def _specific(table: SourceTable, name: str, base: str) -> list[str]:
    """Return the sheets that have a column of this name which only they have, and that its values fit."""
    hits = []
    for code in load_form().sheets:
        match = matches(base, sheet_words(code))
        if match is None or match.confidence < KNOWN - 0.06 or _generic_of(match.target) in GENERIC:
            continue
        column = form_column(match.target)
        if column is not None and fit(table.body[name], column) >= _LEAST_FIT:
            hits.append(code)
    return hits


def _names_tests(table: SourceTable, name: str) -> bool:
    match = matches(name, long_words())
    return match is not None and match.target == TEST


def _generic_of(target: str) -> str:
    """Return the target that serves all sheets for the subject, visit, date or time of one sheet."""
    sheet, _, code = target.partition(".")
    if not code:
        return target
    if code in (SUBJECT, VISIT):
        return code
    if sheet in _DATED_ROWS:
        form_sheet = load_form().sheets[sheet]
        if code == form_sheet.start_column:
            return DATE
        if form_sheet.column(code).kind == "time":
            return TIME
    return target


def _assign(
    table: SourceTable, bases: dict[str, tuple[str, str]], sheets: Sequence[str], is_long: bool
) -> dict[str, Match]:
    """Return one target per column, the surest first; a target is given once per visit."""
    candidates: list[tuple[float, int, str, Match]] = []
    for number, name in enumerate(table.headers):
        if identifier_column(name) is not None:
            continue
        for match in _candidates(table, name, bases[name][0], sheets, is_long):
            candidates.append((-match.confidence, number, name, match))
    found: dict[str, Match] = {}
    taken: set[tuple[str, str]] = set()
    for _, _, name, match in sorted(candidates, key=lambda item: item[:2]):
        place = (match.target, bases[name][1])
        if name not in found and place not in taken and match.confidence >= LEAST:
            found[name] = match
            taken.add(place)
    return found


def _candidates(table: SourceTable, name: str, base: str, sheets: Sequence[str], is_long: bool) -> Iterable[Match]:
    texts = table.body[name]
    sources = [long_words()] if is_long else []
    own = [sheet for sheet in sheets if not is_long or sheet == "SUBJ"]
    for words in (*sources, *(sheet_words(sheet) for sheet in own), generic_words()):
        match = matches(base, words)
        if match is None:
            continue
        target = _generic_of(match.target)
        if target == VISIT and not any(VISIT in load_form().sheets[sheet].codes for sheet in sheets):
            continue
        column = form_column(match.target)
        share = 1.0
        if column is not None:
            share = fit(texts, column)
        elif target == DATE:
            share = fit(texts, load_form().sheets["VISIT"].column("SVSTDTC"))
        elif target == TEST:
            seen = list(texts.dropna().unique()[:50])
            share = 0.7 + 0.3 * sum(bool(test_of(text)) for text in seen) / max(len(seen), 1)
        if share < (_LEAST_FIT_SIMILAR if match.reason == "similar" else _LEAST_FIT):
            continue
        yield match._replace(target=target, confidence=match.confidence * (0.7 + 0.3 * share))


def _column(table: SourceTable, name: str, match: Match | None, visit: str, near: TableMap | None) -> ColumnProposal:
    texts = table.body[name]
    filled = int(texts.notna().sum())
    if identifier_column(name) == INITIALS:
        return ColumnProposal(ColumnMap(name), 1.0, "initials", "", (), filled)
    examples = tuple(str(text) for text in texts.dropna().unique()[:EXAMPLES])
    kept = next((c for c in near.columns if c.source.casefold() == name.casefold()), None) if near is not None else None
    if kept is not None:
        return ColumnProposal(replace(kept, source=name), _TAKEN_OVER, "remembered", "", examples, filled)
    if match is None:
        return ColumnProposal(ColumnMap(name), 0.0, "none", "", examples, filled)
    column = detail(table, ColumnMap(name, match.target, visit=visit if match.target not in (SUBJECT,) else ""))
    unit, unit_reason = propose_unit(table, column)
    confidence = min(match.confidence, 0.6) if _is_guessed(column) else match.confidence
    return ColumnProposal(replace(column, unit=unit), confidence, match.reason, unit_reason, examples, filled)


def _is_guessed(column: ColumnMap) -> bool:
    return any(is_guess(text, column.target, code) for text, code in column.values.items())


def detail(table: SourceTable, column: ColumnMap) -> ColumnMap:
    """Return a column with what its values say for its target: order of dates, decimal comma, meanings."""
    texts = table.body[column.source]
    kind = getattr(form_column(column.target), "kind", "")
    if column.target == DATE or kind in ("date", "pdate"):
        return replace(column, order=order_of(texts)[0], decimal="", values={})
    if column.target in ("RESULT", "LOW", "HIGH") or kind in ("num", "int"):
        return replace(column, decimal="," if has_decimal_comma(texts) else "", order="", values={})
    return replace(column, order="", decimal="", values=propose_values(texts, column.target))


def open_questions(table: SourceTable, column: ColumnMap) -> dict[str, int]:
    """Return the values of a mapped column that need a meaning, with how often they stand there."""
    if column.target == LEFT_OUT or column.target in (SUBJECT, DATE, TIME, *(set(LONG) - {TEST})):
        return {}
    return open_values(table.body[column.source], column.target)


def _long_units(table: SourceTable, columns: Sequence[ColumnProposal]) -> dict[str, str]:
    """Return units of a table without a unit column, by the size of its results."""
    places = {proposal.column.target: proposal.column for proposal in columns}
    if "UNIT" in places or TEST not in places or "RESULT" not in places:
        return {}
    targets = table.body[places[TEST].source].map(dict(places[TEST].values))
    units = {}
    for target in targets.dropna().unique():
        test = lab_units().get(target.partition(".")[2])
        if test is not None and target.startswith("LAB."):
            texts = table.body.loc[targets == target, places["RESULT"].source]
            units[target] = unit_by_range(texts, test)[0]
    return {target: unit for target, unit in units.items() if unit}


def _constants(columns: Sequence[ColumnProposal]) -> dict[str, str]:
    """Return the time point of drug levels that the header of their column names."""
    level = next((p.column for p in columns if p.column.target == "CSA.LBORRES"), None)
    if level is None or any(p.column.target == "CSA.LBTPT" for p in columns):
        return {}
    trough = re.search(r"trough|谷|c0", level.source, re.IGNORECASE)
    return {"CSA.LBTPT": "C0"} if trough else {}
