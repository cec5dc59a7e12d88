"""What an import hands on: tables, findings, reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..model.cut import SourceFile
from ..model.message import Message
from ..model.problem import Problem
from .codes import IDENTIFIER_PREFIX

Progress = Callable[[Message, float], None]
_ORDER = {"error": 0, "query": 1, "note": 2}


@dataclass(frozen=True)
class Incoming:
    """What an import found.

    Parameters
    ----------
    tables : every table of the schema, columns as in ``Table.all_columns``; usable for a cut only without errors.
    problems : errors, queries, notes, each in the order of the form.
    reconciliation : see `saa_dash.ingest.reconcile`.
    study : identifier of the data: the file's own where it names one, else the one asked for.
    excluded_after_cutoff : rows left out because they start after the cut-off.
    """

    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    reconciliation: pd.DataFrame
    sources: tuple[SourceFile, ...]
    study: str
    synthetic: bool
    excluded_after_cutoff: int = 0

    @property
    def has_errors(self) -> bool:
        """Tell whether something must be mended before these data can be published."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def has_identifiers(self) -> bool:
        """Tell whether a person can be identified directly from the source."""
        return any(problem.code.startswith(IDENTIFIER_PREFIX) for problem in self.problems)


def in_order(problems: Iterable[Problem], sheets: Sequence[str]) -> tuple[Problem, ...]:
    """Return findings with errors first, then queries, then notes, each in the order of sheets and rows."""
    places = {name: number for number, name in enumerate(sheets)}
    return tuple(sorted(problems, key=lambda p: (_ORDER[p.severity], places.get(p.sheet, -1), p.row or 0)))
