"""What every dataset of a package must have: its variables, one study, its own domain, known subjects."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...model.problem import Problem
from ...model.schema import TABLES
from .dataset import SdtmDataset
from .mapping import Mapped, as_text
from .terms import DomainSpec


def study_of(datasets: Sequence[SdtmDataset]) -> str:
    """Return the STUDYID of a package: that of DM, else of the first dataset that has one; "" without any."""
    for dataset in sorted(datasets, key=lambda item: item.name != "DM"):
        if "STUDYID" in dataset.frame:
            found = as_text(dataset.frame["STUDYID"]).dropna()
            if len(found):
                return str(found.mode().iloc[0])
    return ""


def check_structure(dataset: SdtmDataset, spec: DomainSpec, study: str) -> list[Problem]:
    """Return what keeps a dataset from being read or its rows from being placed."""
    frame = dataset.frame
    missing = [name for name in spec.required if name not in frame]
    problems = [dataset.problem("sdtm_variable_missing", None, name) for name in missing]
    for name in spec.filled:
        if name in frame:
            problems += dataset.flag(frame[name].isna(), "sdtm_value_missing", name)
    if "STUDYID" in frame:
        problems += dataset.flag(as_text(frame["STUDYID"]) != study, "sdtm_study_differs", "STUDYID", study=study)
    if "DOMAIN" not in frame:
        problems.append(dataset.problem("sdtm_domain_missing", None, "DOMAIN", domain=spec.name))
    else:
        differs = frame["DOMAIN"].isna() | (as_text(frame["DOMAIN"]).str.upper() != spec.name)
        problems += dataset.flag(differs, "sdtm_domain_differs", "DOMAIN", domain=spec.name)
    return problems + _types(dataset, spec) + _sequence(dataset, spec.name)


def _types(dataset: SdtmDataset, spec: DomainSpec) -> list[Problem]:
    """Return a query for each variable that is a number where a text belongs (the other way round: `mapping`)."""
    kinds = TABLES[spec.name].columns
    problems: list[Problem] = []
    for column, names in spec.take.items():
        for name in names:
            if kinds[column] == "text" and name in dataset.frame and not name.endswith("SEQ"):
                values = dataset.frame[name]
                if pd.api.types.is_numeric_dtype(values):
                    problems += dataset.note(values.notna(), "sdtm_type", name)
    return problems


def _sequence(dataset: SdtmDataset, domain: str) -> list[Problem]:
    name = f"{domain}SEQ"
    if name not in dataset.frame or "USUBJID" not in dataset.frame:
        return []
    key = dataset.frame[["USUBJID", name]]
    return dataset.flag(key.notna().all(axis=1) & key.duplicated(), "sdtm_sequence_duplicate", name)


def check_subjects(parts: Sequence[Mapped]) -> list[Problem]:
    """Return subjects that stand twice in DM, and rows of subjects who are not in it."""
    subjects = [part for part in parts if part.table == "DM"]
    known: set[str] = set()
    problems = []
    for part in subjects:
        ids = part.rows["USUBJID"]
        repeated = ids.notna() & (ids.duplicated() | ids.isin(list(known)))
        problems += part.source.flag(repeated, "sdtm_subject_duplicate", "USUBJID")
        known |= set(ids.dropna())
    for part in parts:
        if subjects and part.table != "DM":
            ids = part.rows["USUBJID"]
            problems += part.source.flag(ids.notna() & ~ids.isin(list(known)), "sdtm_subject_unknown", "USUBJID")
    return problems
