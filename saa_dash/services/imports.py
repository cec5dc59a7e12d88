"""From a file to a cut: check it, import it, and what an import has learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import __version__
from ..access.policy import Permission, check_permission
from ..model.cut import CutInfo, SourceFile
from ..model.errors import DataProblems, Refused, UsageError
from ..model.message import Message
from ..model.principal import Principal
from ..model.problem import Problem
from ..protocol.loader import load_protocol, protocol_hash
from ..store.layout import Layout
from ..store.mappings import keep_mappings, read_mappings
from ..store.state import StateDb
from . import audit
from .location import PROJECT_ROOT
from .making import Progress, silent
from .settings_in_force import settings_in_force

if TYPE_CHECKING:
    import pandas as pd

    from ..ingest.pipeline import Incoming


IMPORTER = f"saa-dash {__version__}"
LIS = "lis"  # kind of mapping: a laboratory's item name → test code
DEMO_FILE = PROJECT_ROOT / "data" / "demo" / "saa_demo.xlsx"
DEMO_LABEL = "demo"
_READING = 0.7  # share of the progress bar that reading takes


class IdentifiersFound(Refused):
    """The file names persons: nothing was taken from it (exit 3)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("error.identifiers")
        self.problems = tuple(problems)


@dataclass(frozen=True)
class ImportReport:
    """What was read, without the rows.

    Parameters
    ----------
    problems : every finding. reconciliation : rows and values in and out, per sheet.
    table_rows : rows per domain table. has_identifiers : direct identifiers of persons were found.
    """

    problems: tuple[Problem, ...]
    reconciliation: pd.DataFrame
    table_rows: Mapping[str, int]
    subjects: int
    study: str
    synthetic: bool
    sources: tuple[SourceFile, ...]
    excluded_after_cutoff: int
    has_errors: bool
    has_identifiers: bool


class Published(NamedTuple):
    """The cut that holds the data; `published` is False where it stood there already."""

    cut: CutInfo
    published: bool
    report: ImportReport


def check_source(
    principal: Principal,
    data_dir: Path,
    path: Path,
    cutoff: date | None = None,
    *,
    progress: Progress = silent,
    mapping: Path | None = None,
) -> ImportReport:
    """Read a workbook or CSV folder and report every problem; nothing is written.

    Parameters
    ----------
    cutoff : leave out what starts later, as the import will; None takes everything.
    mapping : file that says what the columns of tables of another shape are, before what is remembered.

    Raises
    ------
    Refused : without the right to import.
    """
    check_permission(principal, Permission.IMPORT)
    return _report(_read(data_dir, path, cutoff, progress, mapping))


def import_source(
    principal: Principal,
    data_dir: Path,
    path: Path,
    cutoff: date | None,
    label: str = "",
    *,
    progress: Progress = silent,
    today: date | None = None,
    mapping: Path | None = None,
) -> Published:
    """Read a workbook or CSV folder and publish it as a cut, unless the same data stand there already.

    Parameters
    ----------
    cutoff : data cut-off, mandatory, not after `today`. today : the day of the import; the clock's where None.
    mapping : as in `check_source`.

    Raises
    ------
    Refused : without the rights to import and publish. UsageError : cut-off missing or in the future.
    IdentifiersFound, DataProblems : what the file holds; every problem is listed, nothing was written.
    EnvironmentProblem : the disk refuses, or the audit row cannot be written; there is no cut then.
    """
    check_permission(principal, Permission.IMPORT)
    check_permission(principal, Permission.PUBLISH_CUT)
    cutoff = check_cutoff(cutoff, today or date.today())
    incoming = _read(data_dir, path, cutoff, lambda message, share: progress(message, share * _READING), mapping)
    if incoming.has_identifiers:
        raise IdentifiersFound(incoming.problems)
    if incoming.has_errors:
        raise DataProblems(incoming.problems)
    return _publish(principal, data_dir, path, incoming, cutoff, label.strip(), progress)


def check_cutoff(cutoff: date | None, today: date) -> date:
    """Return a cut-off that is there and not in the future.

    Raises
    ------
    UsageError : it is missing, or after `today`.
    """
    if cutoff is None:
        raise UsageError("error.cutoff_missing")
    if cutoff > today:
        raise UsageError("error.cutoff_future", cutoff=cutoff, today=today)
    return cutoff


def _read(data_dir: Path, path: Path, cutoff: date | None, progress: Progress, mapping: Path | None = None) -> Incoming:
    from ..ingest.pipeline import read_incoming
    from .mapping import known_shapes
    from .previous import compare_with_previous

    study = load_protocol().registration.number
    known = _known_names(data_dir)
    shapes = known_shapes(data_dir, mapping)
    incoming = read_incoming(path, study=study, cutoff=cutoff, mappings=known, progress=progress, shapes=shapes)
    return compare_with_previous(data_dir, path, incoming, cutoff)


def _report(incoming: Incoming) -> ImportReport:
    return ImportReport(
        problems=tuple(incoming.problems),
        reconciliation=incoming.reconciliation,
        table_rows={name: len(frame) for name, frame in incoming.tables.items()},
        subjects=int(incoming.tables["DM"]["USUBJID"].nunique()) if "DM" in incoming.tables else 0,
        study=incoming.study,
        synthetic=incoming.synthetic,
        sources=tuple(incoming.sources),
        excluded_after_cutoff=incoming.excluded_after_cutoff,
        has_errors=incoming.has_errors,
        has_identifiers=incoming.has_identifiers,
    )


def _publish(
    principal: Principal,
    data_dir: Path,
    path: Path,
    incoming: Incoming,
    cutoff: date,
    label: str,
    progress: Progress,
) -> Published:
    from ..protocol.hashing import settings_hash
    from ..store.cuts import STEPS, NewCut, publish_cut

    settings = settings_hash(settings_in_force(data_dir))
    new = NewCut(
        tables=incoming.tables,
        study=incoming.study,
        synthetic=incoming.synthetic,
        cutoff=cutoff,
        label=label,
        importer=IMPORTER,
        protocol_hash=protocol_hash(),
        settings_hash=settings,
        origin=path,
        sources=tuple(incoming.sources),
        problems=tuple(incoming.problems),
        reconciliation=incoming.reconciliation,
        excluded_after_cutoff=incoming.excluded_after_cutoff,
    )
    sources = [source.sha256 for source in new.sources]
    audit.record(principal, data_dir, "import", {"sources": sources, "cutoff": cutoff, "label": label})

    def on_step(step: str) -> None:
        share = (STEPS.index(step) + 1) / len(STEPS)
        progress(Message(f"progress.publish.{step}"), _READING + (1 - _READING) * share)

    def record(info: CutInfo) -> None:
        told = {"id": info.cut_id, "content_hash": info.content_hash, "file_sha256": info.file_hash}
        audit.record(principal, data_dir, audit.CUT, {**told, "subjects": info.subjects, "rows": info.rows})

    cut, published = publish_cut(data_dir, new, record=record, on_step=on_step)
    return Published(cut, published, _report(incoming))


def _known_names(data_dir: Path) -> dict[str, str]:
    if not Layout(data_dir).state.exists():  # a check must not make a database
        return {}
    with StateDb(data_dir).reading() as con:
        return read_mappings(con, LIS)


def known_names(principal: Principal, data_dir: Path) -> dict[str, str]:
    """Return what the team has taught the import: a laboratory's item name → test code."""
    check_permission(principal, Permission.IMPORT)
    return _known_names(data_dir)


def remember_names(principal: Principal, data_dir: Path, names: Mapping[str, str]) -> None:
    """Remember a laboratory's item names for every later import; an empty test code forgets the name."""
    check_permission(principal, Permission.IMPORT)
    state = StateDb(data_dir)
    with state.audited(principal.user_id, "mapping", {"kind": LIS, "names": dict(names)}) as con:
        keep_mappings(con, LIS, names, principal.user_id, state.now())


def make_demo_cut(principal: Principal, data_dir: Path, *, progress: Progress = silent) -> Published:
    """Import the shipped synthetic workbook; its cut-off stands although it may lie ahead of the clock.

    Raises
    ------
    UserError : as `import_source`.
    """
    from ..simulate.cohort import DEMO_CUTOFF

    today = max(date.today(), DEMO_CUTOFF)
    return import_source(principal, data_dir, DEMO_FILE, DEMO_CUTOFF, DEMO_LABEL, progress=progress, today=today)


def marked_copy(principal: Principal, source: Path, problems: Sequence[Problem], out: Path, lang: str) -> None:
    """Write a copy of a workbook with every problem marked at its cell.

    Parameters
    ----------
    out : written over where it exists. lang : language of the marks.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.markup import write_marked_copy
    from ..store.files import write_through

    write_through(out, lambda aside: write_marked_copy(source, problems, aside, lang))
