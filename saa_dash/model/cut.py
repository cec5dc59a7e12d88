"""What is known about a data cut without opening it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class SourceFile:
    """A file the cut was made from: name as given, SHA-256 of its bytes, data rows read."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class CutInfo:
    """The sidecar of a cut file (`DIR/cuts/<id>.json`).

    Parameters
    ----------
    cut_id : ``YYYYMMDDThhmmssZ-<first 8 of content_hash>``.
    label : free text of the importer, may be empty.
    cutoff : data cut-off date; later records were excluded and counted in `excluded_after_cutoff`.
    created : UTC, ISO 8601 with seconds.
    study : registration or study identifier of the data.
    synthetic : True for simulated data; shown wherever the cut is shown.
    subjects, rows : counts over the cut.
    content_hash : SHA-256 of the canonical sorted data rows.
    file_hash : SHA-256 of the DuckDB file.
    parent : id of the previous cut of the same study and synthetic flag, None for the first.
    protocol_hash, settings_hash : hashes of protocol.toml and study.toml in force at import.
    queries : number of open import queries that travel with the cut.
    """

    cut_id: str
    label: str
    cutoff: date
    created: str
    study: str
    synthetic: bool
    subjects: int
    rows: int
    content_hash: str
    file_hash: str
    parent: str | None
    importer: str
    protocol_hash: str
    settings_hash: str
    schema_version: int
    queries: int = 0
    excluded_after_cutoff: int = 0
    sources: tuple[SourceFile, ...] = ()
    table_rows: Mapping[str, int] = field(default_factory=dict)
