"""The one way in: workbook, folder or SDTM package → contracts → tables of a cut, with every finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from ..model.cut import SourceFile
from ..model.message import Message
from ..model.problem import Problem
from .codes import IDENTIFIER_PREFIX, make_problem
from .contracts import validate_sheet
from .cutoff import apply_cutoff
from .form import Form, load_form
from .identifiers import find_identifiers, mask_if_identifying
from .incoming import Incoming, Progress, in_order
from .raw import RawSource
from .read_folder import read_csv_files, read_folder
from .read_workbook import read_workbook
from .recognise import FormSheet, recognise
from .reconcile import COLUMNS, reconcile
from .rules_clinical import check_answers
from .rules_dates import check_dates
from .rules_keys import check_keys
from .sdtm.importer import import_datasets, import_package
from .sdtm.package import is_package
from .shapes.apply import shape_source
from .shapes.mapping import KnownMap
from .shapes.sdtm_tables import sdtm_package
from .tables import build_rows, finish_tables
from .text import fold
from .values import TypedSheet, type_sheet

__all__ = ["Incoming", "Progress", "import_source", "read_cells", "read_incoming"]


def _silent(message: Message, share: float) -> None:
    """Report nothing."""


def read_incoming(
    path: Path,
    *,
    study: str,
    cutoff: date | None,
    mappings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    today: date | None = None,
    shapes: Sequence[KnownMap] = (),
) -> Incoming:
    """Read a CRF workbook (.xlsx), a folder of CSV files or an SDTM package; bad data become problems, not exceptions.

    Parameters
    ----------
    path : a folder that holds a transport (.xpt) or Dataset-JSON file, or such a file alone, is an SDTM package.
    study : identifier of the study where the file itself names none.
    cutoff : later records are left out and counted; None leaves nothing out (for a check).
    mappings : further names of sheets and columns → their code.
    progress : called with a step and the share done, 0…1.
    today : day of the import, no date may lie after it; the calendar's if None.
    shapes : mappings of tables of other shapes, those given with the call first.
    """
    report = progress or _silent
    report(Message("ingest.step.read"), 0.0)
    if is_package(path):
        return import_package(path, protocol=study, cutoff=cutoff, progress=report, today=today)
    source = read_cells(path)
    package = sdtm_package(source)
    if package is not None:
        return import_datasets(package, protocol=study, cutoff=cutoff, progress=report, today=today)
    shaped = shape_source(source, shapes)
    if shaped is not None:
        made = import_source(shaped.source, study=study, cutoff=cutoff, progress=progress, today=today)
        return shaped.finish(made)
    return import_source(source, study=study, cutoff=cutoff, mappings=mappings, progress=progress, today=today)


def read_cells(path: Path) -> RawSource:
    """Return the cells of a folder of CSV files, of one CSV file or of a workbook."""
    if path.is_dir():
        return read_folder(path)
    return read_csv_files([path]) if path.suffix.lower() == ".csv" else read_workbook(path)


def import_source(
    source: RawSource,
    *,
    study: str,
    cutoff: date | None,
    mappings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> Incoming:
    """Import cells that were read already; see `read_incoming`."""
    report, form = progress or _silent, load_form()
    report(Message("ingest.step.recognise"), 0.25)
    found, info, problems = recognise(source, form, mappings or {})
    problems = [*source.problems, *problems, *find_identifiers(source)]
    if source.sheets:
        problems += _missing_sheets(source, form, found) + _check_info(source, form, info, study) + _nobody(found)
    synthetic = info.get("synthetic", "N").strip().upper() in ("Y", "YES", "TRUE", "1")

    report(Message("ingest.step.values"), 0.35)
    typed = {code: type_sheet(found[code], form) for code in form.sheets if code in found}
    report(Message("ingest.step.contracts"), 0.5)
    for sheet in typed.values():
        problems += validate_sheet(sheet)
    latest = None if synthetic else max(today or date.today(), cutoff or date.min)
    problems += check_keys(typed) + check_dates(typed, latest) + check_answers(typed)

    report(Message("ingest.step.tables"), 0.75)
    after = apply_cutoff(typed, cutoff)
    built = build_rows(after.sheets)
    problems += [*after.problems, *built.problems, *_rows_without_results(after.sheets, built.parts)]
    own_study = info.get("study", "").strip() or study
    tables = finish_tables(built.parts, own_study)
    report(Message("ingest.step.done"), 1.0)
    return Incoming(
        tables=tables,
        problems=_presented(problems, form, found),
        reconciliation=reconcile(typed, after, built.parts) if typed else pd.DataFrame(columns=list(COLUMNS)),
        sources=_sources(source, found),
        study=own_study,
        synthetic=synthetic,
        excluded_after_cutoff=sum(after.excluded.values()),
    )


def _nobody(found: Mapping[str, FormSheet]) -> list[Problem]:
    """Find a subject sheet without subjects: a cut of nobody would show nothing."""
    subjects = found.get("SUBJ")
    return [subjects.problem("subjects_none")] if subjects and subjects.data["SUBJID"].isna().all() else []


def _missing_sheets(source: RawSource, form: Form, found: Mapping[str, FormSheet]) -> list[Problem]:
    file = source.sheets[0].file if len(source.digests) == 1 else ""
    return [
        make_problem("sheet_missing" if code == "SUBJ" else "sheet_absent", file=file, sheet=code)
        for code in form.sheets
        if code not in found
    ]


def _check_info(source: RawSource, form: Form, info: Mapping[str, str], study: str) -> list[Problem]:
    file = source.sheets[0].file if len(source.digests) == 1 else ""
    version = info.get(fold("form_version"), "")
    problems = []
    if not version:
        problems.append(make_problem("form_version_missing", file=file, version=form.version))
    elif not version.isdigit() or int(version) > form.version:
        problems.append(make_problem("form_version", file=file, sheet="INFO", value=version, version=form.version))
    own = info.get("study", "").strip()
    if own and own != study:
        problems.append(make_problem("study_differs", file=file, sheet="INFO", value=own, study=study))
    return problems


def _rows_without_results(sheets: Mapping[str, TypedSheet], parts: tuple) -> list[Problem]:  # type: ignore[type-arg]
    problems = []
    for part in parts:
        if part.source.source.sheet.wide:
            rows = part.source.values.index.difference(part.rows["SRCROW"].unique())
            if len(rows):
                problems.append(part.source.source.problem("row_without_results", int(rows[0]), n=len(rows)))
    return problems


def _presented(problems: list[Problem], form: Form, found: Mapping[str, FormSheet]) -> tuple[Problem, ...]:
    """Return the problems without repeating identifiers, errors first, in the order of sheets and rows."""
    names = [found[code].name for code in form.sheets if code in found]
    masked = [problem if problem.code.startswith(IDENTIFIER_PREFIX) else _masked(problem) for problem in problems]
    return in_order(masked, names)


def _masked(problem: Problem) -> Problem:
    params = {
        name: mask_if_identifying(value) if isinstance(value, str) else value for name, value in problem.params.items()
    }
    return replace(problem, value=mask_if_identifying(problem.value), params=params)


def _sources(source: RawSource, found: Mapping[str, FormSheet]) -> tuple[SourceFile, ...]:
    rows = dict.fromkeys(source.digests, 0)
    for sheet in found.values():
        rows[sheet.file] += len(sheet.data)
    return tuple(SourceFile(name, digest, rows[name]) for name, digest in source.digests.items())
