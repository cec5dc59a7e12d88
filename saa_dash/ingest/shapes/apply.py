"""The one way in for tables of other shapes: recognised by a known mapping, read as the form, traced back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...model.problem import Problem
from ..codes import make_problem
from ..form import load_form
from ..identifiers import INITIALS, find_identifiers, identifier_column
from ..raw import RawSource
from . import redcap
from .assemble import assemble
from .checks import check_mapping
from .contribute import contribute
from .contribution import Contribution, Taken
from .detect import REDCAP, is_form, standard_of
from .mapping import DATE, GENERIC, LIMITS, TIME, USUAL, KnownMap, TableMap
from .relocate import Trace, relocate
from .source_table import SourceTable, read_table
from .words import is_known

if TYPE_CHECKING:
    from ..incoming import Incoming

_SHOWN = 20  # columns named in a finding


@dataclass(frozen=True)
class Tables:
    """The tables of a foreign source, or what forbids to look at them.

    Parameters
    ----------
    refused : direct identifiers were found; there are no tables then.
    """

    tables: tuple[SourceTable, ...]
    problems: tuple[Problem, ...]
    refused: bool = False


@dataclass(frozen=True)
class Shaped:
    """A foreign source as the form, without sheets where it cannot be read, and how to trace an import of it back."""

    source: RawSource
    trace: Trace | None = field(default=None)

    def finish(self, incoming: Incoming) -> Incoming:
        """Return the import of `source` with everything named as in the user's own tables."""
        return relocate(incoming, self.trace) if self.trace is not None else incoming


def read_tables(source: RawSource) -> Tables:
    """Return the tables of a foreign source; direct identifiers of persons are refused before anything is read."""
    identifiers = find_identifiers(source)
    if identifiers:
        return Tables((), tuple(identifiers), refused=True)
    tables: list[SourceTable] = []
    problems: list[Problem] = []
    for raw in source.sheets:
        table, found = read_table(raw, is_known)
        problems += found
        if table is None:
            continue
        if standard_of(table).code == REDCAP:
            own = {name.removesuffix(" (2)") for name in redcap.evidence(table.headers)}
            problems = [p for p in problems if p.code != "header_twice" or p.column not in own]
            tables += redcap.split_instruments(table)
        else:
            tables.append(table)
    if not tables:
        file = next(iter(source.digests), "")
        problems.append(make_problem("file_empty", file=file))
    return Tables(tuple(tables), tuple(problems))


def is_foreign(source: RawSource) -> bool:
    """Tell whether a source that could be read is something other than the form."""
    return bool(source.sheets) and not is_form(source)


def shape_source(source: RawSource, known: Sequence[KnownMap]) -> Shaped | None:
    """Return a foreign source read by the mappings at hand; None where it is the form itself or could not be read.

    Parameters
    ----------
    known : mappings given with the call first, then those remembered.
    """
    if not is_foreign(source):
        return None
    read = read_tables(source)
    matched = {id(table): matching(table, known) for table in read.tables}
    problems = [*source.problems, *read.problems]
    problems += [_unknown(table) for table in read.tables if matched[id(table)] is None]
    found = [(table, known_map) for table in read.tables if (known_map := matched[id(table)]) is not None]
    for table, known_map in found:
        problems += check_mapping(table, known_map.table)
    if read.refused or any(problem.severity == "error" for problem in problems):
        return Shaped(RawSource((), source.digests, tuple(problems)))
    return _shaped(source, found, problems)


def _shaped(source: RawSource, found: Sequence[tuple[SourceTable, KnownMap]], problems: list[Problem]) -> Shaped:
    parts: list[Contribution] = []
    taken: list[Taken] = []
    for table, known in found:
        problems.append(_applied(table, known))
        own, account, issues = contribute(table, known.table)
        parts += own
        taken.append(account)
        problems += [*issues, *_left_out(account)]
    tables = [table for table, _ in found]
    usual = any(known.table.constants.get(LIMITS) == USUAL for _, known in found)
    made = assemble(parts, tables, next(iter(source.digests)), usual_limits=usual)
    headers = {
        (sheet, t, code): name
        for t, (_, known) in enumerate(found)
        for sheet in made.origins
        for code, name in _headers(known.table, sheet).items()
    }
    trace = Trace(tables, made.origins, headers, taken, (*problems, *made.problems))
    return Shaped(RawSource(made.sheets, source.digests), trace)


def _headers(mapping: TableMap, sheet: str) -> dict[str, str]:
    """Return the header of the user's table by form column of a sheet."""
    form_sheet = load_form().sheets[sheet]
    times = next((column.code for column in form_sheet.columns if column.kind == "time"), "")
    own = {column.code: column.source for column in mapping.columns if column.sheet == sheet}
    shared = {column.target: column.source for column in mapping.columns if column.target in GENERIC}
    codes = {DATE: form_sheet.start_column, TIME: times}
    return {codes.get(target, target): name for target, name in shared.items() if codes.get(target, target)} | own


def matching(table: SourceTable, known: Sequence[KnownMap]) -> KnownMap | None:
    """Return the mapping of a table: by its headers; one given with the call also where all its columns are there."""
    for entry in known:
        if entry.table.signature == table.signature:
            return entry
    names = set(table.headers)
    for entry in known:
        columns = {column.source for column in entry.table.columns}
        if not entry.saved and columns and columns <= names:
            return entry
    return None


def _unknown(table: SourceTable) -> Problem:
    names = " · ".join(table.headers[:_SHOWN]) + (" …" if len(table.headers) > _SHOWN else "")
    return table.problem("shape_unknown", table.header_row, columns=names, part=table.part or table.sheet)


def _applied(table: SourceTable, known: KnownMap) -> Problem:
    if not known.table.sheets:
        return table.problem("table_left_out", n=len(table.body), part=table.part or table.sheet)
    if known.saved:
        return table.problem("mapping_remembered", saved=known.saved[:10], part=table.part or table.sheet)
    return table.problem("mapping_given", part=table.part or table.sheet)


def _left_out(taken: Taken) -> list[Problem]:
    """Return one note that names the columns left out and counts their values; initials apart."""
    lost = taken.left_out
    problems = []
    initials = {name: n for name, n in lost.items() if identifier_column(name) == INITIALS}
    for name, n in initials.items():
        problems.append(taken.table.problem("initials_left_out", taken.table.header_row, name, n=n))
    rest = {name: n for name, n in lost.items() if name not in initials}
    if rest:
        names = " · ".join(f"{name} ({n})" for name, n in rest.items())
        total, first = sum(rest.values()), next(iter(rest))
        problems.append(taken.table.problem("columns_left_out", taken.table.header_row, first, n=total, columns=names))
    return problems
