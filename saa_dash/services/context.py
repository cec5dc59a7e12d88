"""What a page asks about: a cut, a selection and the endpoint settings, opened for one principal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import LEAST_CELL, Sight, check_filters, is_small, recode, sight_of
from ..analysis.pcode_order import patient_order
from ..model.cut import CutInfo
from ..model.filters import EndpointChoice, Filters
from ..model.principal import Principal
from ..model.protocol import Protocol
from ..model.provenance import Provenance
from ..model.rules import RuleSet
from ..model.settings import EndpointSettings, StudySettings
from ..model.vocabulary import Origin, Severity
from ..protocol.hashing import settings_hash
from ..protocol.loader import load_protocol
from ..protocol.rules import load_rule_sets
from ..store.cuts import resolve_cut
from ..store.reader import CutReader, open_cut
from ..store.recode_key import recode_key
from .populations import members
from .settings_in_force import settings_in_force


@dataclass(frozen=True)
class Request:
    """A page's question before permission is asked.

    Parameters
    ----------
    cut_id : id, unique prefix or ``latest``. endpoint : choices of the page; None fields keep the primary setting.
    codes_of : another cut, whose codes of the presentation are used: to compare what both show, never to show it.
    """

    data_dir: Path
    cut_id: str
    filters: Filters = field(default_factory=Filters)
    endpoint: EndpointChoice = field(default_factory=EndpointChoice)
    codes_of: str = ""


@dataclass(frozen=True)
class View:
    """An opened question.

    Parameters
    ----------
    patients : USUBJID, PCODE, SEX, AGE, SEVERITY (investigator's entry) of every subject, in the order of PCODE: P01 …,
        or for who may not see patients R01 …, made anew for every cut and selection.
    chosen : USUBJID of the selected ones. protocol : None where the data are of another study.
    sight : what whoever opened it may see. small : the selection is too small for that; nobody is chosen then.
    endpoint : settings in force; `primary` tells whether they are the study's primary ones.
    rule_sets : all by id, for choosing. codes_of : as asked.
    """

    data_dir: Path
    cut: CutInfo
    settings: StudySettings
    endpoint: EndpointSettings
    rule_sets: dict[str, RuleSet]
    protocol: Protocol | None
    filters: Filters
    patients: pd.DataFrame
    chosen: tuple[str, ...]
    sight: Sight
    small: bool = False
    codes_of: str = ""

    @property
    def total(self) -> int:
        """Subjects in the cut."""
        return len(self.patients)

    @property
    def selected(self) -> int:
        """Subjects in the selection."""
        return len(self.chosen)

    @property
    def primary(self) -> bool:
        """Whether the endpoint settings are the primary ones."""
        return self.endpoint == self.settings.primary

    @property
    def least_cell(self) -> int:
        """Patients below which a selection is too small for who may not see patients."""
        return max(LEAST_CELL, self.settings.masking.min_cell)

    @property
    def rules(self) -> RuleSet:
        """The rule set in force."""
        return self.rule_sets[self.endpoint.criteria]

    @property
    def pcodes(self) -> list[str]:
        """P-codes of all subjects."""
        return self.patients["PCODE"].tolist()

    @property
    def chosen_pcodes(self) -> list[str]:
        """P-codes of the selected subjects, in order."""
        return self.patients.loc[self.patients["USUBJID"].isin(self.chosen), "PCODE"].tolist()

    @property
    def severities(self) -> list[str]:
        """Severities that occur, most severe first."""
        present = set(self.patients["SEVERITY"].dropna())
        return [str(code) for code in Severity if code in present]

    @property
    def ages(self) -> tuple[int, int]:
        """Youngest and oldest age, years; (0, 0) without any."""
        known = self.patients["AGE"].dropna()
        return (int(known.min()), int(known.max())) if len(known) else (0, 0)

    @property
    def settings_hash(self) -> str:
        """Hash of the settings with the endpoint settings in force."""
        return settings_hash(replace(self.settings, primary=self.endpoint))

    def reader(self) -> CutReader:
        """Return the open cut."""
        return open_cut(self.data_dir, self.cut.cut_id)

    def provenance(self, *, filters: str = "", rule: str = "", primary: bool = True) -> Provenance:
        """Return what stands under a figure or table of this view; `filters` and `rule` in the reader's words."""
        return Provenance(
            cut_id=self.cut.cut_id,
            cutoff=self.cut.cutoff,
            content_hash=self.cut.content_hash,
            settings_hash=self.settings_hash,
            study=self.cut.study,
            synthetic=self.cut.synthetic,
            selected=self.selected,
            total=self.total,
            filters=filters,
            rule=rule,
            primary=primary,
        )


def open_view(principal: Principal, request: Request) -> View:
    """Open a cut for a principal and apply the selection.

    Raises
    ------
    Refused : the principal may not see this cut's aggregates, or filters to patients or to ages other than the bands
        without the right to see patients.
    UserError : no such cut, or a wrong settings file.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    sight = sight_of(principal)
    check_filters(request.filters, sight)
    cut = resolve_cut(request.data_dir, request.cut_id)
    settings = settings_in_force(request.data_dir)
    rule_sets = load_rule_sets(request.data_dir)
    protocol = load_protocol()
    reader = open_cut(request.data_dir, cut.cut_id)
    endpoint = _endpoint(settings.primary, request.endpoint, rule_sets)
    patients = _patients(reader)
    filters = _normal(request.filters, patients) if sight.patients else request.filters
    conditions = _conditions(patients, filters)
    if filters.population:
        rules, key = rule_sets[endpoint.criteria], settings_hash(replace(settings, primary=endpoint))
        subjects = members(reader, filters.population, rules, endpoint, key)
        conditions.append(patients["USUBJID"].isin(subjects).to_numpy(bool))
    small = not sight.patients and is_small(conditions, settings.masking.min_cell)
    chosen = np.logical_and.reduce([np.full(len(patients), not small), *conditions])
    selected = set(patients.loc[chosen, "USUBJID"])
    if not sight.patients:
        coded = resolve_cut(request.data_dir, request.codes_of) if request.codes_of else cut
        patients = _recoded(patients, request.data_dir, f"{coded.content_hash} {coded.cutoff} {filters}")
    return View(
        data_dir=request.data_dir,
        cut=cut,
        settings=settings,
        endpoint=endpoint,
        rule_sets=rule_sets,
        protocol=protocol if cut.study == protocol.registration.number else None,
        filters=filters,
        patients=patients,
        chosen=tuple(patients.loc[patients["USUBJID"].isin(selected), "USUBJID"]),
        sight=sight,
        small=small,
        codes_of=request.codes_of,
    )


def _recoded(patients: pd.DataFrame, data_dir: Path, salt: str) -> pd.DataFrame:
    """Put codes of the presentation in place of P-codes, and rows in their order."""
    codes = recode(patients["USUBJID"].tolist(), recode_key(data_dir), salt)
    return patients.assign(PCODE=codes).sort_values("PCODE", key=patient_order, ignore_index=True)


def _patients(reader: CutReader) -> pd.DataFrame:
    dm = reader.table("DM")[["USUBJID", "SEX", "AGE", "SEVERITY"]]
    return (
        reader.pcodes().merge(dm, on="USUBJID", how="inner").sort_values("PCODE", key=patient_order, ignore_index=True)
    )


def _normal(filters: Filters, patients: pd.DataFrame) -> Filters:
    """Drop an age range that covers everybody: it does not restrict."""
    ages = patients["AGE"].dropna()
    if filters.age and (ages.empty or (filters.age[0] <= ages.min() and filters.age[1] >= ages.max())):
        return replace(filters, age=None)
    return filters


def _conditions(patients: pd.DataFrame, filters: Filters) -> list[np.ndarray]:
    """Return who meets each condition of a selection."""
    wanted = (("SEVERITY", filters.severity), ("SEX", filters.sex), ("PCODE", filters.patients))
    out = [patients[column].isin(codes).to_numpy(bool) for column, codes in wanted if codes]
    if filters.age:
        out.append(patients["AGE"].between(*filters.age).fillna(False).to_numpy(bool))
    return out


def _endpoint(primary: EndpointSettings, choice: EndpointChoice, rule_sets: dict[str, RuleSet]) -> EndpointSettings:
    criteria = choice.criteria if choice.criteria in rule_sets and rule_sets[choice.criteria].enabled else None
    return replace(
        primary,
        criteria=criteria or primary.criteria,
        origin=Origin(choice.origin) if choice.origin else primary.origin,
        window_days=primary.window_days if choice.window_days is None else choice.window_days,
        independence=choice.independence or primary.independence,
    )
