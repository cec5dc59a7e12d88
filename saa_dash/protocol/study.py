"""Reads study.toml, the team's settings, into `StudySettings`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..model.rules import RuleSet
from ..model.settings import BoundarySettings, EndpointSettings, MaskingSettings, StudySettings, ToleranceSettings
from ..model.vocabulary import Origin
from .reading import Section, raise_findings, read_toml
from .rules import criteria_digest, load_rule_sets

STUDY_FILE = "study.toml"
TEMPLATE = Path(__file__).with_name("study.default.toml")
ERROR = "error.study_invalid"

INDEPENDENCE = ("value_valid", "28", "strict")
RECOVERY_RULES = ("confirmed", "three_days")
CONF_TYPES = ("log-log", "log", "plain")
INTERVALS = ("clopper-pearson", "wilson", "jeffreys")
BOUNDARY_EVENTS = ("death", "death_100d", "sae", "related_sae")

# weeks 4 and 8 are 28 days apart: wider windows would overlap and one panel would serve two visits
MAX_WINDOW_DAYS = 13
MAX_ARC_CUT = 300.0
MAX_CONFIRM_DAYS = 180
MAX_PRIOR = 1000.0


def load_study(data_dir: Path) -> StudySettings:
    """Return the settings in force.

    Parameters
    ----------
    data_dir : data folder; without a study.toml in it every setting has its default.

    Raises
    ------
    SettingsError : study.toml or a rule file is wrong; every finding is listed with its key and what is expected.
    """
    rule_sets = load_rule_sets(data_dir)
    path = data_dir / STUDY_FILE
    settings = read_study(path, rule_sets) if path.exists() else StudySettings()
    return replace(settings, criteria_digest=criteria_digest(data_dir))


def read_study(path: Path, rule_sets: dict[str, RuleSet]) -> StudySettings:
    """Return the settings of one file.

    Parameters
    ----------
    rule_sets : those that `primary.criteria` may name.

    Raises
    ------
    SettingsError : the file is wrong; every finding is listed.
    """
    top = read_toml(path, ERROR)
    default = StudySettings()
    treatment, estimates = top.table("treatment", required=False), top.table("estimates", required=False)
    cutoffs, masking = top.table("cutoffs", required=False), top.table("masking", required=False)
    settings = StudySettings(
        primary=_endpoints(top.table("primary", required=False), rule_sets),
        boundary=_boundary(top.table("boundary")) if top.has("boundary") else None,
        tolerance=_tolerance(top.table("tolerance", required=False)),
        masking=MaskingSettings(masking.integer("min_cell", 5, 100, default.masking.min_cell)),
        conf_type=estimates.choice("conf_type", CONF_TYPES, default.conf_type),
        interval=estimates.choice("interval", INTERVALS, default.interval),
        hetrombopag_days=treatment.integer("hetrombopag_days", 1, 366, default.hetrombopag_days),
        hetrombopag_start_day=treatment.integer("hetrombopag_start_day", 1, 90, default.hetrombopag_start_day),
        cell_dose_per_infusion=treatment.boolean("cell_dose_per_infusion", default.cell_dose_per_infusion),
        efficacy_cutoff=cutoffs.optional_day("efficacy"),
        safety_cutoff=cutoffs.optional_day("safety"),
        signed_by=top.text("signed_by", "", allow_empty=True),
        signed_on=top.optional_day("signed_on"),
        version=top.integer("version", 1, 9999, default.version),
    )
    if bool(settings.signed_by.strip()) is not (settings.signed_on is not None):
        top.find("signed_on" if settings.signed_by.strip() else "signed_by", "signature")
    raise_findings(top, path, ERROR)
    return settings


def _endpoints(section: Section, rule_sets: dict[str, RuleSet]) -> EndpointSettings:
    default = EndpointSettings()
    settings = EndpointSettings(
        criteria=_criteria(section, rule_sets, default.criteria),
        origin=Origin(section.choice("origin", [item.value for item in Origin], default.origin.value)),
        window_days=section.integer("window_days", 0, MAX_WINDOW_DAYS, default.window_days),
        independence=section.choice("independence", INDEPENDENCE, default.independence),
        arc_cut=section.number("arc_cut", 1, MAX_ARC_CUT, default.arc_cut),
        confirm_min=section.integer("confirm_min", 1, MAX_CONFIRM_DAYS, default.confirm_min),
        confirm_max=section.integer("confirm_max", 1, MAX_CONFIRM_DAYS, default.confirm_max),
        recovery_rule=section.choice("recovery_rule", RECOVERY_RULES, default.recovery_rule),
    )
    if settings.confirm_min > settings.confirm_max:
        section.find("confirm_max", "below_min", value=settings.confirm_max, low=settings.confirm_min)
    return settings


def _criteria(section: Section, rule_sets: dict[str, RuleSet], default: str) -> str:
    usable = [rule_id for rule_id, rule in rule_sets.items() if rule.enabled]
    chosen = section.text("criteria", default)
    if chosen in rule_sets and chosen not in usable:
        section.find("criteria", "criteria_empty", value=chosen, options=", ".join(usable))
        return default
    return section.choice("criteria", usable, default)


def _boundary(section: Section) -> BoundarySettings:
    return BoundarySettings(
        event=section.choice("event", BOUNDARY_EVENTS),
        theta=section.number("theta", 0.001, 0.999),
        prior_a=section.number("prior_a", 0.001, MAX_PRIOR),
        prior_b=section.number("prior_b", 0.001, MAX_PRIOR),
        cutoff=section.number("cutoff", 0.5, 0.9999),
    )


def _tolerance(section: Section) -> ToleranceSettings:
    default = ToleranceSettings()
    return ToleranceSettings(
        dose_percent=section.number("dose_percent", 0, 100, default.dose_percent),
        infusion_days=section.integer("infusion_days", 0, 30, default.infusion_days),
    )
