"""Which standard a source follows, how sure that is, and by which columns that shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..form import INFO_SHEET, load_form
from ..raw import RawSource
from ..recognise import recognise
from ..text import fold
from . import redcap
from .source_table import SourceTable
from .words import KNOWN, long_words, matches

CRF, SDTM, ADAM, REDCAP, LIS, LONG_TABLE, WIDE, UNKNOWN = (
    "crf", "sdtm", "adam", "redcap", "lis", "long", "wide", "unknown",
)  # fmt: skip
STANDARDS = (CRF, SDTM, ADAM, REDCAP, LIS, LONG_TABLE, WIDE, UNKNOWN)
_SDTM = ("STUDYID", "DOMAIN", "USUBJID")
_SDTM_CODES = ("LBTESTCD", "LBORRES", "LBSTRESN", "VSTESTCD", "VSORRES", "AEDECOD", "EXTRT", "DSDECOD", "RFSTDTC")
_ADAM = ("PARAMCD", "AVAL", "AVALC", "ADT", "ADY", "AVISIT", "TRT01P", "TRT01A", "SAFFL", "FASFL", "TRTSDT", "TRTEMFL")
_LIS_RANGE = 3  # kinds of columns of a laboratory system that must be there


@dataclass(frozen=True)
class Standard:
    """The standard of a source.

    Parameters
    ----------
    code : one of `STANDARDS`. confidence : 0…1. evidence : columns that show it.
    """

    code: str
    confidence: float
    evidence: tuple[str, ...]


def is_form(source: RawSource) -> bool:
    """Tell whether a source is the CRF form, complete or not: its sheets have the form's names and columns."""
    names = {fold(sheet.name) for sheet in source.sheets}
    if fold(INFO_SHEET) in names:
        return True
    found, _, _ = recognise(source, load_form(), {})
    if not found:
        return False
    if any({"USUBJID", "DOMAIN"} <= {str(name) for name in sheet.foreign_values} for sheet in found.values()):
        return False  # ae.csv, vs.csv … of SDTM
    known = sum(len(sheet.headers) for sheet in found.values() if "SUBJID" in sheet.headers)
    foreign = sum(len(sheet.foreign_values) for sheet in found.values())
    filled = sum(not sheet.cells.empty for sheet in source.sheets)
    return known > foreign and (len(found) * 2 >= filled or "SUBJ" in found)


def standard_of(table: SourceTable) -> Standard:
    """Return the standard that one table follows."""
    headers = {name.upper(): name for name in table.headers}
    own = list(table.evidence) or redcap.evidence(table.headers)
    if any(fold(name).startswith(("redcap", "eventname", "repeatinst")) for name in own) or len(own) > 1:
        return Standard(REDCAP, min(1.0, 0.6 + 0.2 * len(own)), tuple(own))
    seen = [headers[name] for name in _ADAM if name in headers]
    if "USUBJID" in headers and len(seen) >= 2:
        return Standard(ADAM, min(1.0, 0.6 + 0.1 * len(seen)), ("USUBJID", *seen))
    seen = [headers[name] for name in (*_SDTM, *_SDTM_CODES) if name in headers]
    if "USUBJID" in headers and len(seen) >= 2:
        return Standard(SDTM, min(1.0, 0.5 + 0.15 * len(seen)), tuple(seen))
    kinds = {match.target: name for name in table.headers if (match := _long_kind(name))}
    if {"TEST", "RESULT"} <= set(kinds):
        evidence = tuple(kinds.values())
        if "RANGE" in kinds and len(kinds) > _LIS_RANGE:
            return Standard(LIS, 0.8, evidence)
        return Standard(LONG_TABLE, 0.85, evidence)
    return Standard(UNKNOWN, 0.0, ())


def _long_kind(name: str):  # type: ignore[no-untyped-def]
    match = matches(name, long_words())
    return match if match is not None and match.confidence >= KNOWN - 0.05 else None


def standard_of_source(tables: Sequence[SourceTable], known_columns: Sequence[str]) -> Standard:
    """Return the standard of a whole source: the surest of its tables; a wide table where only columns are known.

    Parameters
    ----------
    known_columns : headers that were recognised as columns of the form.
    """
    found = [standard_of(table) for table in tables]
    best = max(found, key=lambda standard: standard.confidence, default=Standard(UNKNOWN, 0.0, ()))
    if best.code != UNKNOWN or len(known_columns) < 2:
        return best
    total = sum(len(table.headers) for table in tables)
    return Standard(WIDE, round(min(0.9, len(known_columns) / max(total, 1)), 2), tuple(known_columns[:6]))
