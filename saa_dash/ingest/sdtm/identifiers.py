"""Direct identifiers in a package: left out at reading where a variable says that it holds them, refused elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ...model.problem import Problem
from ..codes import SEVERITIES
from ..identifiers import SUSPECT, identifier_column, identifier_in, mask
from .dataset import SdtmDataset
from .terms import fold_term, words

_SHORTEST = 11  # characters of a mobile number


@dataclass(frozen=True)
class Cleaned:
    """A dataset without identifying variables; `cells` counts the filled cells left out."""

    dataset: SdtmDataset
    cells: int
    problems: tuple[Problem, ...]


def leave_out_identifiers(dataset: SdtmDataset) -> Cleaned:
    """Return a dataset without the variables that identify persons, and errors for identifiers among other values."""
    named = [name for name in dataset.frame if _identifies(dataset, str(name))]
    cells = 0
    problems = []
    for name in named:
        filled = dataset.frame[name].notna()
        cells += int(filled.sum())
        problems.append(dataset.problem("sdtm_identifier_left_out", None, str(name), n=int(filled.sum())))
    rest = replace(dataset, frame=dataset.frame.drop(columns=named))
    problems += [problem for name in rest.frame for problem in _in_values(rest, str(name))]
    return Cleaned(rest, cells, tuple(problems))


def _identifies(dataset: SdtmDataset, name: str) -> bool:
    spoken = words()["identifiers"]
    label = dataset.variables[name].label.casefold()
    known = identifier_column(name) is not None or fold_term(name) in spoken["names"]
    return known or any(word in label for word in spoken["labels"])


def _in_values(dataset: SdtmDataset, name: str) -> list[Problem]:
    values = dataset.frame[name]
    if pd.api.types.is_numeric_dtype(values):
        return []
    distinct = pd.Series(values.dropna().unique(), dtype="str")
    distinct = distinct[distinct.str.len() >= _SHORTEST]
    suspects = distinct[distinct.str.contains(SUSPECT.pattern, regex=True)]
    codes = {text: code for text in suspects if (code := identifier_in(text))}
    problems = []
    for text, code in codes.items():
        rows = values.index[values == text]
        place = (dataset.file, dataset.name, int(rows[0]), name, mask(text))
        problems.append(Problem(SEVERITIES[code], code, *place, {"n": len(rows)}))
    return problems
