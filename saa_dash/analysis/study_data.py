"""What every derivation starts from: the tables of one cut as frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class StudyData:
    """The tables of one cut.

    Parameters
    ----------
    cutoff : data cut-off date; nothing starts after it.
    tables : every table of `saa_dash.model.schema.TABLES` by name, possibly empty, with exactly the columns
        ``Table.all_columns``: text as ``str`` (missing NaN), float as ``float64``, int as ``Int64``.
        Row order carries no meaning.
    """

    cutoff: date
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]
