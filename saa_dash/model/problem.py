"""One problem found in incoming data, with all that is needed to find and mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "query", "note"]


@dataclass(frozen=True)
class Problem:
    """A finding of the import.

    Parameters
    ----------
    severity : ``error`` stops the import, ``query`` travels with the cut, ``note`` informs.
    code : kind of finding; the catalogue holds ``problem.<code>``, ``.expected`` and ``.remedy``.
    file, sheet, column : where, as the user named them ("" where it does not apply).
    row : row as the spreadsheet shows it, 1-based; None for a whole sheet or file.
    value : the offending value as typed.
    params : further values for the sentences.
    """

    severity: Severity
    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
