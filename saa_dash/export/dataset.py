"""A dataset ready to be written: its frame in the types of its variables, with labels, and the stamp of its origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from .variables import VariableSpec

SYNTHETIC, SENSITIVITY = "SYNTHETIC", "SENSITIVITY"


@dataclass(frozen=True)
class Stamp:
    """Where the data come from; stands in every file that has room for it.

    Parameters
    ----------
    created : UTC, ISO 8601, of the cut: the same cut under the same settings gives the same bytes. The time of the
        export stands in the audit trail.
    synthetic : simulated data. sensitivity : the settings are not the study's primary ones.
    program : name and version of the software.
    """

    study: str
    cut_id: str
    cutoff: date
    created: str
    content_hash: str
    settings_hash: str
    protocol_hash: str
    synthetic: bool
    sensitivity: bool
    program: str
    version: str

    @property
    def marks(self) -> tuple[str, ...]:
        """Words that must not be lost: SYNTHETIC, SENSITIVITY, where they apply."""
        return (*((SYNTHETIC,) if self.synthetic else ()), *((SENSITIVITY,) if self.sensitivity else ()))

    def as_texts(self) -> dict[str, str]:
        """Return the stamp as texts by name, for metadata."""
        return {
            "study": self.study,
            "cut": self.cut_id,
            "cutoff": self.cutoff.isoformat(),
            "cut_created": self.created,
            "content_hash": self.content_hash,
            "settings_hash": self.settings_hash,
            "protocol_hash": self.protocol_hash,
            "synthetic": "Y" if self.synthetic else "N",
            "sensitivity": "Y" if self.sensitivity else "N",
            "program": f"{self.program} {self.version}",
        }


@dataclass(frozen=True)
class Dataset:
    """One dataset.

    Parameters
    ----------
    label : English, at most 40 characters.
    frame : from `typed`. variables : in the order of the columns. labels : English, in the same order.
    """

    name: str
    label: str
    frame: pd.DataFrame
    variables: tuple[VariableSpec, ...]
    labels: tuple[str, ...]


def typed(frame: pd.DataFrame, variables: tuple[VariableSpec, ...]) -> pd.DataFrame:
    """Return the frame in the types of its variables: ``str``, ``Int64``, ``float64``, ``datetime64[s]``.

    Raises
    ------
    TypeError : a column holds something else than its variable says (a defect).
    """
    columns = {spec.name: _typed(frame[spec.name], spec) for spec in variables}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def _typed(column: pd.Series, spec: VariableSpec) -> object:
    if spec.type == "date":
        return column.astype("datetime64[s]").array
    if spec.type == "text":
        return column.astype("str").array
    number = column.to_numpy("float64", na_value=np.nan)
    return number if spec.type == "float" else pd.array(number, dtype="Int64")
