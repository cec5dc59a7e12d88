"""One file of an SDTM package as read, and the one way to name a place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ...model.problem import Problem
from ..codes import SEVERITIES

MOST_LISTED = 50  # findings of one kind and variable listed one by one; the rest is one line


@dataclass(frozen=True)
class Variable:
    """A variable as the file declares it; `numeric` as opposed to character."""

    name: str
    label: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class SdtmDataset:
    """One dataset of a package.

    Parameters
    ----------
    name : dataset name in upper case, as the file says ("" where it could not be read).
    file : file name. digest : SHA-256 of its bytes.
    frame : text (missing NaN, trimmed) or float64 columns in upper case, index = observation number, 1-based.
    variables : by name in the order of the file.
    expected_rows : observations that header and file size, or the file's own count, promise; None where nothing does.
    problems : what was wrong with the file.
    """

    name: str
    file: str
    digest: str
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    variables: Mapping[str, Variable] = field(default_factory=dict)
    expected_rows: int | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def readable(self) -> bool:
        """Tell whether rows can be taken from it."""
        return not any(problem.severity == "error" for problem in self.problems)

    def problem(
        self, code: str, row: int | None = None, column: str = "", value: object = "", **params: object
    ) -> Problem:
        """Return a finding of a registered code at a place in this file."""
        return Problem(SEVERITIES[code], code, self.file, self.name, row, column, shown(value), params)

    def flag(self, rows: pd.Series, code: str, column: str, **params: object) -> list[Problem]:
        """Return a finding per row that is True, with its value; those beyond `MOST_LISTED` as one line.

        Parameters
        ----------
        rows : boolean, index = observation number. params : the same for all, or a Series by row.
        """
        numbers = rows.index[rows.to_numpy(bool)]
        values = self.frame[column] if column in self.frame else pd.Series("", index=rows.index)
        problems = [
            self.problem(code, int(row), column, values.at[row], **_at(params, row)) for row in numbers[:MOST_LISTED]
        ]
        if len(numbers) > MOST_LISTED:
            rest = {"n": len(numbers) - MOST_LISTED, "first_row": int(numbers[MOST_LISTED])}
            problems.append(Problem(SEVERITIES[code], "sdtm_more_rows", self.file, self.name, None, column, "", rest))
        return problems

    def note(self, rows: pd.Series, code: str, column: str, **params: object) -> list[Problem]:
        """Return one finding for all rows that are True, at the first of them, with their number ``n``."""
        numbers = rows.index[rows.to_numpy(bool)]
        if not len(numbers):
            return []
        row = int(numbers[0])
        value = self.frame.at[row, column] if column in self.frame else ""
        return [self.problem(code, row, column, value, n=len(numbers), **_at(params, row))]


def _at(params: Mapping[str, object], row: int) -> dict[str, object]:
    return {name: shown(value.at[row]) if isinstance(value, pd.Series) else value for name, value in params.items()}


def shown(value: object) -> str:
    """Return a value as it stands in the file; "" for a missing one."""
    if value is None or value != value:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
