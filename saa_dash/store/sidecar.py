"""The JSON beside each cut file: what is known of a cut without opening it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ..model.cut import CutInfo, SourceFile

SUFFIX = ".json"


def to_document(info: CutInfo) -> dict[str, Any]:
    """Return a cut as plain values, in the order a reader wants them."""
    return {
        "id": info.cut_id,
        "label": info.label,
        "cutoff": info.cutoff.isoformat(),
        "created": info.created,
        "study": info.study,
        "synthetic": info.synthetic,
        "subjects": info.subjects,
        "rows": info.rows,
        "content_hash": info.content_hash,
        "file_sha256": info.file_hash,
        "parent": info.parent,
        "importer": info.importer,
        "protocol_hash": info.protocol_hash,
        "settings_hash": info.settings_hash,
        "schema_version": info.schema_version,
        "queries": info.queries,
        "excluded_after_cutoff": info.excluded_after_cutoff,
        "sources": [{"name": s.name, "sha256": s.sha256, "rows": s.rows} for s in info.sources],
        "tables": dict(info.table_rows),
    }


def from_document(doc: dict[str, Any]) -> CutInfo:
    """Return the cut a document describes.

    Raises
    ------
    ValueError, KeyError, TypeError : the document is not one of ours.
    """
    return CutInfo(
        cut_id=str(doc["id"]),
        label=str(doc["label"]),
        cutoff=date.fromisoformat(doc["cutoff"]),
        created=str(doc["created"]),
        study=str(doc["study"]),
        synthetic=bool(doc["synthetic"]),
        subjects=int(doc["subjects"]),
        rows=int(doc["rows"]),
        content_hash=str(doc["content_hash"]),
        file_hash=str(doc["file_sha256"]),
        parent=doc["parent"],
        importer=str(doc["importer"]),
        protocol_hash=str(doc["protocol_hash"]),
        settings_hash=str(doc["settings_hash"]),
        schema_version=int(doc["schema_version"]),
        queries=int(doc["queries"]),
        excluded_after_cutoff=int(doc["excluded_after_cutoff"]),
        sources=tuple(SourceFile(s["name"], s["sha256"], int(s["rows"])) for s in doc["sources"]),
        table_rows={str(name): int(n) for name, n in doc["tables"].items()},
    )


def to_bytes(info: CutInfo) -> bytes:
    """Return the sidecar of a cut as it stands in the file."""
    return (json.dumps(to_document(info), ensure_ascii=False, indent=1) + "\n").encode()


def read_sidecar(path: Path) -> CutInfo | None:
    """Return what a sidecar says; None where it is not one of ours or belongs to another name."""
    try:
        info = from_document(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return info if info.cut_id == path.stem else None
