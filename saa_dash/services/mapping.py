"""Tables of other shapes: what is proposed for their columns, what is remembered of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal
from ..model.problem import Problem
from ..store.layout import Layout
from ..store.mappings import keep_mappings, mapping_rows
from ..store.state import StateDb

if TYPE_CHECKING:
    import pandas as pd

    from ..ingest.shapes.contribution import Taken
    from ..ingest.shapes.detect import Standard
    from ..ingest.shapes.mapping import KnownMap, TableMap
    from ..ingest.shapes.propose import TableProposal
    from ..ingest.shapes.source_table import SourceTable

SHAPE = "shape"  # kind of mapping: signature of a table's headers → how it is read, as TOML
PREVIEW_ROWS = 5
_ALIKE = 0.6  # share of a table's headers that a remembered mapping must know to be a model for it


@dataclass(frozen=True)
class Shapes:
    """The tables of a source that is not the form.

    Parameters
    ----------
    saved : when a mapping was remembered (UTC, ISO 8601) by signature of a table, for the tables that have one.
    """

    standard: Standard
    tables: tuple[TableProposal, ...]
    saved: Mapping[str, str]

    @property
    def is_known(self) -> bool:
        """Tell whether every table has a remembered mapping."""
        return all(proposal.table.signature in self.saved for proposal in self.tables)


@dataclass(frozen=True)
class Preview:
    """What a mapping makes of a table.

    Parameters
    ----------
    problems : what must be right before it can be used, and tests that nothing is said of.
    taken : rows and values that are read and left out; None where the mapping cannot be used yet.
    rows : the first rows by sheet, columns of the form; units : unit by test of the laboratory sheet.
    """

    problems: tuple[Problem, ...]
    taken: Taken | None
    rows: Mapping[str, pd.DataFrame]
    units: Mapping[str, str]


def known_shapes(data_dir: Path, given: Path | None = None) -> list[KnownMap]:
    """Return the mappings at hand: those of a file first, then those remembered.

    Raises
    ------
    UsageError : the file cannot be read as a mapping.
    """
    from ..ingest.shapes.mapping import KnownMap

    tables = [KnownMap(table) for table in _of_file(given)] if given is not None else []
    return [*tables, *_remembered(data_dir).values()]


def _of_file(path: Path) -> tuple[TableMap, ...]:
    from ..ingest.shapes.mapping_file import read_mapping

    try:
        return read_mapping(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError("error.mapping_file", name=path.name, place=error.strerror or "") from error


def _remembered(data_dir: Path) -> dict[str, KnownMap]:
    if not Layout(data_dir).state.exists():  # a check must not make a database
        return {}
    from ..ingest.shapes.mapping import KnownMap
    from ..ingest.shapes.mapping_file import read_mapping

    with StateDb(data_dir).reading() as con:
        rows = mapping_rows(con, SHAPE)
    return {row.name: KnownMap(read_mapping(row.target, row.name)[0], row.at) for row in rows}


def read_shapes(principal: Principal, data_dir: Path, path: Path) -> Shapes | None:
    """Return the tables of an uploaded source with proposals for their columns.

    A remembered mapping stands in place of the proposal; one of a table with nearly the same headers is its model.
    None for the form itself, an SDTM package, a source without tables, and one that names persons.

    Raises
    ------
    Refused : without the right to import.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.pipeline import read_cells
    from ..ingest.sdtm.package import is_package
    from ..ingest.shapes.apply import is_foreign, read_tables
    from ..ingest.shapes.detect import standard_of_source
    from ..ingest.shapes.propose import known_columns, propose
    from ..ingest.shapes.sdtm_tables import sdtm_package

    if is_package(path):
        return None
    source = read_cells(path)
    read = read_tables(source) if is_foreign(source) and sdtm_package(source) is None else None
    if read is None or read.refused or not read.tables:
        return None
    known = _remembered(data_dir)
    proposals = tuple(propose(table, near=_model(table, known)) for table in read.tables)
    saved = {table.signature: known[table.signature].saved for table in read.tables if table.signature in known}
    return Shapes(standard_of_source(read.tables, known_columns(proposals)), proposals, saved)


def _model(table: SourceTable, known: Mapping[str, KnownMap]) -> TableMap | None:
    """Return the mapping of this table, else that of the table most like it."""
    if table.signature in known:
        return known[table.signature].table
    names = set(table.headers)
    alike = {key: len(names & set(entry.table.headers)) / max(len(names), 1) for key, entry in known.items()}
    best = max(alike, key=lambda key: alike[key], default="")
    return known[best].table if best and alike[best] >= _ALIKE else None


def propose_again(proposal: TableProposal, sheets: Sequence[str]) -> TableProposal:
    """Return the proposal for a table of which the user has said which sheets it feeds."""
    from ..ingest.shapes.propose import propose

    return propose(proposal.table, sheets)


def preview_table(principal: Principal, table: SourceTable, mapping: TableMap) -> Preview:
    """Return what a mapping makes of a table, its first rows as they will be read.

    Raises
    ------
    Refused : without the right to import.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.shapes.assemble import FIRST_ROW, assemble
    from ..ingest.shapes.checks import check_mapping
    from ..ingest.shapes.contribute import contribute

    problems = check_mapping(table, mapping)
    if problems:
        return Preview(tuple(problems), None, {}, {})
    parts, taken, found = contribute(table, mapping)
    made = assemble(parts, [table], table.file)
    rows = {}
    for sheet in made.sheets:
        if sheet.name in made.origins:
            cells = sheet.cells[sheet.cells.index >= FIRST_ROW].head(PREVIEW_ROWS)
            rows[sheet.name] = cells.set_axis(list(sheet.cells.iloc[0]), axis=1)
    units = made.origins["LAB"].units if "LAB" in made.origins else {}
    return Preview((*found, *made.problems), taken, rows, units)


def keep_mapping(principal: Principal, data_dir: Path, tables: Sequence[TableMap]) -> None:
    """Remember how tables of these headers are read, for every later import.

    Raises
    ------
    Refused : without the right to import. EnvironmentProblem : it could not be written; nothing is remembered then.
    """
    from ..ingest.shapes.mapping_file import write_mapping

    check_permission(principal, Permission.IMPORT)
    _write(principal, data_dir, {table.signature: write_mapping([table]) for table in tables})


def forget_mapping(principal: Principal, data_dir: Path, signatures: Sequence[str]) -> None:
    """Forget how tables are read; they are asked about again.

    Raises
    ------
    Refused : without the right to import.
    """
    check_permission(principal, Permission.IMPORT)
    _write(principal, data_dir, dict.fromkeys(signatures, ""))


def _write(principal: Principal, data_dir: Path, texts: Mapping[str, str]) -> None:
    state = StateDb(data_dir)
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() if text else "" for name, text in texts.items()}
    with state.audited(principal.user_id, "mapping", {"kind": SHAPE, "names": hashes}) as con:
        keep_mappings(con, SHAPE, texts, principal.user_id, state.now())


def mapping_text(tables: Sequence[TableMap]) -> str:
    """Return mappings as a TOML file."""
    from ..ingest.shapes.mapping_file import write_mapping

    return write_mapping(tables)


def fitting_mappings(shapes: Shapes, content: bytes, name: str) -> dict[int, TableMap]:
    """Return the mappings of a file by number of the table they fit.

    Raises
    ------
    UsageError : it is no mapping file.
    """
    from ..ingest.shapes.apply import matching
    from ..ingest.shapes.mapping import KnownMap
    from ..ingest.shapes.mapping_file import read_mapping

    known = [KnownMap(table) for table in read_mapping(content, name)]
    found = {number: matching(proposal.table, known) for number, proposal in enumerate(shapes.tables)}
    return {number: entry.table for number, entry in found.items() if entry is not None}
