"""A presentation as bytes that are the same each time: no times, no names of people or machines."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from ..workbook import STAMP

_MADE = datetime(*STAMP[:3])


def to_bytes(presentation: Any, title: str, lang: str) -> bytes:
    """Return a presentation as a file."""
    about = presentation.core_properties
    about.title, about.language = title[:255], lang
    for name in ("author", "last_modified_by", "comments", "keywords", "category", "subject", "content_status"):
        setattr(about, name, "")
    about.identifier, about.version = "", ""
    about.created = about.modified = about.last_printed = _MADE
    about.revision = 1
    held = BytesIO()
    presentation.save(held)
    return _settled(held.getvalue())


def _settled(package: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as held, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in held.namelist():
            part = zipfile.ZipInfo(name, STAMP)
            part.create_system = 3  # the same on every system
            stored = name.endswith((".xlsx", ".png", ".jpeg", ".jpg"))
            kept.writestr(part, held.read(name), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()
