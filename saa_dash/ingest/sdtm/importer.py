"""From the files of a package to what a cut is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from ...model.cut import SourceFile
from ...model.message import Message
from ...model.problem import Problem
from ...model.schema import TABLES, Table
from ..identifiers import mask_if_identifying
from ..incoming import Incoming, Progress, in_order
from ..reconcile import COLUMNS
from ..rowkeys import add_row_identity
from .cutoff import Kept, apply_cutoff
from .dataset import SdtmDataset
from .disposition import finish_disposition
from .examination import finish_examination
from .identifiers import leave_out_identifiers
from .laboratory import finish_laboratory, finish_vital_signs
from .mapping import Mapped, map_dataset
from .package import Package, domain_of, read_package
from .reconcile import reconcile
from .rules import check_rules, named_visits
from .structure import check_structure, check_subjects, study_of
from .subjects import finish_subjects
from .terms import DomainSpec, domain_specs
from .treatment import finish_exposure, finish_medication
from .visits import planned_weeks

_FINISH: Mapping[str, Callable[[Mapped], Mapped]] = {
    "LB": finish_laboratory,
    "VS": finish_vital_signs,
    "EX": finish_exposure,
    "CM": finish_medication,
    "DS": finish_disposition,
    "PE": finish_examination,
}
_READ, _MAPPED, _CHECKED = 0.45, 0.8, 0.9  # shares of the progress bar
_MOST_NAMED = 40
_DTYPES = {"text": "str", "float": "float64", "int": "Int64"}


def import_package(
    path: Path, *, protocol: str, cutoff: date | None, progress: Progress, today: date | None = None
) -> Incoming:
    """Read a package of SDTM datasets; bad data become problems, never exceptions.

    Parameters
    ----------
    path : folder of transport and Dataset-JSON files, or one of them.
    protocol : study that the installation is for; that the package is of another one is noted.
    cutoff : later records are left out and counted; None leaves nothing out.
    today : day of the import; dates after it, and after the cut-off, are queried.
    """
    package = read_package(
        path, lambda file, share: progress(Message("ingest.sdtm.read", {"file": file}), share * _READ)
    )
    return import_datasets(package, protocol=protocol, cutoff=cutoff, progress=progress, today=today)


def import_datasets(
    package: Package, *, protocol: str, cutoff: date | None, progress: Progress, today: date | None = None
) -> Incoming:
    """Import datasets that were read already; see `import_package`."""
    problems = [*package.problems, *(p for dataset in package.datasets for p in dataset.problems)]
    cleaned = [leave_out_identifiers(dataset) for dataset in package.readable]
    problems += [problem for item in cleaned for problem in item.problems]
    datasets = [item.dataset for item in cleaned]
    study = study_of(datasets)
    taken, notes = _taken(datasets)
    problems += [*notes, *_other_study(study, protocol)]
    parts = _mapped(taken, study, problems, progress)
    progress(Message("ingest.step.contracts"), _MAPPED)
    latest = max(today or date.today(), cutoff or date.min)
    problems += [problem for part in parts for problem in part.problems]
    problems += check_subjects(parts) + check_rules(parts, latest) + named_visits(parts)
    progress(Message("ingest.step.tables"), _CHECKED)
    kept = apply_cutoff(parts, cutoff)
    problems += [problem for item in kept for problem in item.problems]
    tables = {name: _table(table, kept) for name, table in TABLES.items()}
    left_out = {item.dataset.file: item.cells for item in cleaned}
    progress(Message("ingest.step.done"), 1.0)
    return Incoming(
        tables=tables,
        problems=in_order(map(_masked, problems), [item.mapped.source.name for item in kept]),
        reconciliation=reconcile(kept, tables, left_out) if kept else pd.DataFrame(columns=list(COLUMNS)),
        sources=tuple(SourceFile(item.file, item.digest, len(item.frame)) for item in package.datasets),
        study=study,
        synthetic=False,
        excluded_after_cutoff=sum(int(item.excluded.sum()) for item in kept),
    )


def _other_study(study: str, protocol: str) -> list[Problem]:
    if not study or study == protocol:
        return []
    return [SdtmDataset("", "", "").problem("sdtm_other_study", None, "STUDYID", study, study=protocol)]


def _taken(datasets: Sequence[SdtmDataset]) -> tuple[list[tuple[SdtmDataset, DomainSpec]], list[Problem]]:
    """Return the datasets of domains that a cut has, in the order of its tables, and what is to be said of the rest."""
    specs = domain_specs()
    taken, problems = [], []
    for dataset in datasets:
        spec = specs.get(domain_of(dataset))
        if spec is None:
            problems.append(dataset.problem("sdtm_domain_not_taken", n=len(dataset.frame)))
        elif dataset.frame.empty:
            problems.append(dataset.problem("sdtm_no_rows"))
        else:
            taken.append((dataset, spec))
            problems += _not_taken(dataset, spec)
    if not any(spec.name == "DM" for _, spec in taken):
        problems.append(SdtmDataset("DM", "", "").problem("sdtm_no_subjects_file"))
    order = list(specs)
    return sorted(taken, key=lambda pair: order.index(pair[1].name)), problems


def _not_taken(dataset: SdtmDataset, spec: DomainSpec) -> list[Problem]:
    """Return a note on the variables with values that have no place in a cut."""
    known = {
        "DOMAIN",
        f"{spec.name}SEQ",
        *spec.used,
        *spec.ongoing,
        *(v for names in spec.take.values() for v in names),
    }
    names = [str(name) for name in dataset.frame if name not in known and dataset.frame[name].notna().any()]
    if not names:
        return []
    listed = ", ".join(names[:_MOST_NAMED])
    return [dataset.problem("sdtm_variables_not_taken", variables=listed, n=len(names))]


def _mapped(
    taken: Sequence[tuple[SdtmDataset, DomainSpec]], study: str, problems: list[Problem], progress: Progress
) -> list[Mapped]:
    planned = planned_weeks(dataset for dataset, _ in taken)
    parts: list[Mapped] = []
    for number, (dataset, spec) in enumerate(taken):
        share = _READ + (_MAPPED - _READ) * number / len(taken)
        progress(Message("ingest.sdtm.map", {"file": dataset.file}), share)
        found = check_structure(dataset, spec, study)
        problems += found
        if any(problem.code == "sdtm_variable_missing" for problem in found):
            continue
        parts.append(_FINISH.get(spec.name, _unchanged)(map_dataset(dataset, spec, planned)))
    by_table = {name: [part for part in parts if part.table == name] for name in ("DS", "VS")}
    return [finish_subjects(part, by_table) if part.table == "DM" else part for part in parts]


def _unchanged(mapped: Mapped) -> Mapped:
    return mapped


def _table(table: Table, kept: Sequence[Kept]) -> pd.DataFrame:
    """Return a table of the schema with exactly its columns and types, row identity and provenance."""
    frames = []
    for item in kept:
        if item.mapped.table == table.name:
            rows = item.mapped.rows[~item.excluded]
            source = item.mapped.source
            frames.append(rows.assign(SRCFILE=source.file, SRCSHEET=source.name, SRCROW=rows.index))
    if not any(map(len, frames)):
        return _empty(table.name).copy()
    frame = pd.concat(frames, ignore_index=True).reindex(columns=list(table.all_columns))
    frame = frame.astype({name: _DTYPES[kind] for name, kind in table.all_columns.items()})
    return add_row_identity(frame, table)[list(table.all_columns)]


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=_DTYPES[kind]) for column, kind in TABLES[name].all_columns.items()})


def _masked(problem: Problem) -> Problem:
    if problem.code.startswith("identifier_"):
        return problem
    return replace(problem, value=mask_if_identifying(problem.value))
