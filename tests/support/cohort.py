"""A cohort of made-up patients: plain rows for the slow reference, frames of the schema for the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from support.slow_facts import Row, Tables

from saa_dash.analysis.study_data import StudyData
from saa_dash.model.schema import TABLES


@dataclass(frozen=True)
class Cohort:
    """Rows of all tables and the cut-off; the same content as frames on demand."""

    cutoff: date
    tables: Tables

    def data(self) -> StudyData:
        """The cohort as the analysis takes it."""
        return StudyData(self.cutoff, {name: frame_of(name, self.tables[name]) for name in TABLES})


def frame_of(name: str, rows: list[Row]) -> pd.DataFrame:
    """Rows as a frame with exactly the columns and types of the schema."""
    dtypes = {"text": "str", "float": "float64", "int": "Int64"}
    columns = TABLES[name].all_columns
    made = {
        column: pd.Series([row.get(column) for row in rows], dtype="object").astype(dtypes[kind])
        for column, kind in columns.items()
    }
    return pd.DataFrame(made, columns=list(columns))


def shuffled(data: StudyData, seed: int) -> StudyData:
    """The same tables with their rows in another order."""
    tables = {
        name: frame.sample(frac=1, random_state=seed).reset_index(drop=True) for name, frame in data.tables.items()
    }
    return StudyData(data.cutoff, tables)
