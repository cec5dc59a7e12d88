"""What goes into a cut that is being made: its tables in their stored form, and its description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ..model.cut import CutInfo, SourceFile
from ..model.problem import Problem
from ..model.schema import SCHEMA_VERSION, TABLES
from .canonical import to_arrow
from .cut_file import META, PCODES, PROBLEMS, RECONCILIATION, meta_table, to_free_arrow
from .pcodes import assign_pcodes
from .problems import COLUMNS, problem_frame


@dataclass(frozen=True)
class NewCut:
    """What is to be published.

    Parameters
    ----------
    tables : domain tables in the form of `saa_dash.model.schema`; a missing one is empty.
    study, synthetic, cutoff, label : as in `CutInfo`.
    importer : name and version of what read the data.
    origin : the file or folder that was read; its files are kept. None where there is none.
    problems : findings; queries and notes travel with the cut.
    reconciliation : rows and values in and out per sheet.
    """

    tables: Mapping[str, pd.DataFrame]
    study: str
    synthetic: bool
    cutoff: date
    label: str = ""
    importer: str = ""
    protocol_hash: str = ""
    settings_hash: str = ""
    origin: Path | None = None
    sources: tuple[SourceFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    reconciliation: pd.DataFrame = field(default_factory=pd.DataFrame)
    excluded_after_cutoff: int = 0


@dataclass(frozen=True)
class Identity:
    """How a cut is found again: id, UTC creation stamp, content hash, parent."""

    cut_id: str
    created: str
    content_hash: str
    parent: str | None


def domain_tables(new: NewCut) -> dict[str, pa.Table]:
    """Return the domain tables of a new cut as they are stored."""
    return {name: _stored(new.tables.get(name), table.all_columns) for name, table in TABLES.items()}


def _stored(frame: pd.DataFrame | None, columns: Mapping[str, str]) -> pa.Table:
    return to_arrow(pd.DataFrame(columns=list(columns)) if frame is None else frame, columns)


def describe(new: NewCut, domain: Mapping[str, pa.Table], identity: Identity) -> CutInfo:
    """Return what the sidecar will say; the file's own hash is still missing."""
    counts = {name: rows.num_rows for name, rows in domain.items()}
    return CutInfo(
        cut_id=identity.cut_id,
        label=new.label,
        cutoff=new.cutoff,
        created=identity.created,
        study=new.study,
        synthetic=new.synthetic,
        subjects=len(domain["DM"].column("USUBJID").unique()),
        rows=sum(counts.values()),
        content_hash=identity.content_hash,
        file_hash="",
        parent=identity.parent,
        importer=new.importer,
        protocol_hash=new.protocol_hash,
        settings_hash=new.settings_hash,
        schema_version=SCHEMA_VERSION,
        queries=sum(p.severity == "query" for p in new.problems),
        excluded_after_cutoff=new.excluded_after_cutoff,
        sources=new.sources,
        table_rows=counts,
    )


def companion_tables(new: NewCut, info: CutInfo, previous_pcodes: pd.DataFrame | None) -> dict[str, pa.Table]:
    """Return the tables of a cut that are no domain: import queries, reconciliation, P-codes, META."""
    subjects = new.tables.get("DM", pd.DataFrame(columns=list(TABLES["DM"].all_columns)))
    codes = assign_pcodes(subjects, previous_pcodes)
    # a table needs a column: without a reconciliation it has an empty one
    reconciliation = new.reconciliation if len(new.reconciliation.columns) else pd.DataFrame({"sheet": []})
    meta = {
        "schema_version": str(info.schema_version),
        "cut_id": info.cut_id,
        "created": info.created,
        "cutoff": info.cutoff.isoformat(),
        "study": info.study,
        "synthetic": "Y" if info.synthetic else "N",
        "content_hash": info.content_hash,
        "importer": info.importer,
    }
    return {
        PROBLEMS: to_arrow(problem_frame(new.problems, new.tables), COLUMNS),
        RECONCILIATION: to_free_arrow(reconciliation),
        PCODES: to_arrow(codes, {"USUBJID": "text", "PCODE": "text"}),
        META: meta_table(meta),
    }
