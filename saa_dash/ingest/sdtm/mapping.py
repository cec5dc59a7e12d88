"""One dataset of a package → rows of a table of a cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ...model.schema import TABLES
from ..numbers import read_number
from ..text import map_unique, map_unique_text
from . import dates
from .dataset import SdtmDataset, shown
from .terms import DomainSpec, fold_term, term_list, words
from .visits import visit_codes, visit_numbers


@dataclass(frozen=True)
class Mapped:
    """Rows of one dataset for its table.

    Parameters
    ----------
    rows : columns of the table, index = observation number.
    taken : variable of the file → column of the table. lost : variable → observations whose value could not be read.
    """

    spec: DomainSpec
    source: SdtmDataset
    rows: pd.DataFrame
    taken: Mapping[str, str]
    lost: Mapping[str, pd.Series] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def table(self) -> str:
        """Return the name of the table."""
        return self.spec.name

    def with_columns(self, problems: tuple[Problem, ...] = (), /, **columns: Any) -> Mapped:
        """Return the same with columns replaced or added, and further findings."""
        return replace(self, rows=self.rows.assign(**columns), problems=(*self.problems, *problems))

    def with_losses(self, *columns: str) -> Mapped:
        """Return the same, what these columns lack against their variables marked as lost."""
        gone = {
            name: self.source.frame[name].notna() & self.rows[column].isna()
            for name, column in self.taken.items()
            if column in columns
        }
        return replace(self, lost={**self.lost, **gone})


Read = tuple[pd.Series, pd.Series | None, list[Problem]]  # values, rows that could not be read, findings


def map_dataset(dataset: SdtmDataset, spec: DomainSpec, planned: Mapping[str, float]) -> Mapped:
    """Read every variable that is taken.

    Parameters
    ----------
    planned : see `visits.planned_weeks`.
    """
    types = TABLES[spec.name].columns
    columns: dict[str, pd.Series] = {}
    taken: dict[str, str] = {}
    lost: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column, names in spec.take.items():
        present = [name for name in names if name in dataset.frame]
        values: pd.Series | None = None
        for name in present:
            if values is not None and values.notna().all():
                break
            read, bad, found = _read(dataset, name, column, types.get(column, "text"))
            problems += found
            values = read if values is None else values.fillna(read)
            taken[name] = column
            if bad is not None and bad.any():
                lost[name] = bad
        columns[column] = _empty(dataset, types[column]) if values is None else values
    rows = pd.DataFrame(columns, index=dataset.frame.index)
    mapped = Mapped(spec, dataset, rows, taken, lost, tuple(problems))
    return _ongoing(_visits(mapped, planned))


def _empty(dataset: SdtmDataset, kind: str) -> pd.Series:
    return pd.Series(np.nan, index=dataset.frame.index, dtype="str" if kind == "text" else "float64")


def _read(dataset: SdtmDataset, name: str, column: str, kind: str) -> Read:
    values = dataset.frame[name]
    if kind != "text":
        return _numbers(dataset, name, values)
    texts = as_text(values)
    if column.endswith("DTC"):
        return _dates(dataset, name, texts)
    known = term_list(column)
    if known is not None:
        return _terms(dataset, name, texts, known)
    return texts, None, []


def as_text(values: pd.Series) -> pd.Series:
    """Return a variable as text."""
    return map_unique_text(values, shown) if pd.api.types.is_numeric_dtype(values) else values


def _numbers(dataset: SdtmDataset, name: str, values: pd.Series) -> Read:
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64"), None, []
    numbers = map_unique(values, lambda text: read_number(text).value).astype("float64")
    bad = values.notna() & numbers.isna()
    problems = dataset.note(values.notna(), "sdtm_type", name)
    return numbers, bad, problems + dataset.flag(bad, "sdtm_number_unreadable", name)


def _dates(dataset: SdtmDataset, name: str, texts: pd.Series) -> Read:
    read = dates.read_dates(texts)
    problems = dataset.note(read.kinds == dates.PARTIAL, "sdtm_date_partial", name)
    problems += dataset.flag(read.kinds == dates.WITHOUT_YEAR, "sdtm_date_without_year", name)
    problems += dataset.flag(read.kinds == dates.UNREADABLE, "sdtm_date_unreadable", name)
    return read.values, read.values.isna() & texts.notna(), problems


def _terms(dataset: SdtmDataset, name: str, texts: pd.Series, known: Mapping[str, str]) -> Read:
    """Return controlled terms in our words; an unknown one stays and is queried, with the number of its rows."""
    folded = map_unique_text(texts, fold_term)
    values = map_unique_text(folded, lambda word: known.get(word, word) or None)
    unknown = folded.notna() & ~folded.isin(list(known))
    problems = []
    for word in folded[unknown].unique()[:20]:
        problems += dataset.note(folded == word, "sdtm_term_unknown", name)
    return values, values.isna() & texts.notna(), problems


def _visits(mapped: Mapped, planned: Mapping[str, float]) -> Mapped:
    if "VISIT" not in mapped.spec.take:
        return mapped
    codes = visit_codes(mapped.rows["VISIT"])
    return mapped.with_columns(VISIT=codes, VISITNUM=visit_numbers(codes, planned))


def _ongoing(mapped: Mapped) -> Mapped:
    """Return the rows with --ENRF "Y" where the package says that something without an end date goes on."""
    if not mapped.spec.ongoing:
        return mapped
    frame, name = mapped.source.frame, mapped.table
    goes_on = pd.Series(False, index=frame.index)
    for variable in mapped.spec.ongoing:
        if variable in frame:
            goes_on |= map_unique_text(as_text(frame[variable]), fold_term).isin(words()["ongoing"]["words"])
    goes_on &= mapped.rows[f"{name}ENDTC"].isna()
    marks = pd.Series(np.where(goes_on, "Y", ""), index=frame.index, dtype="str")
    return mapped.with_columns(**{f"{name}ENRF": marks.mask(~goes_on)})
