"""Code lists. The catalogues hold a term for each code under ``term.<list>.<code>``."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """Severity of aplastic anaemia."""

    VSAA = "VSAA"
    SAA = "SAA"
    NSAA = "NSAA"


class Response(StrEnum):
    """Four-valued response and "not yet due"."""

    CR = "CR"
    PR = "PR"
    NR = "NR"
    NE = "NE"
    NYD = "NYD"


class Component(StrEnum):
    """Study treatments, as in EX.EXTRT."""

    RATG = "RATG"
    CSA = "CSA"
    HPAG = "HPAG"
    UCBMNC = "UCBMNC"


class Origin(StrEnum):
    """Where study time starts."""

    ATG_START = "atg_start"
    ATG_END = "atg_end"
    FIRST_INFUSION = "first_infusion"


class Visit(StrEnum):
    """Scheduled visits of the form; week n has VISITNUM n, screening -1, baseline 0."""

    SCREENING = "SCREENING"
    BASELINE = "BASELINE"
    W1 = "W1"
    W2 = "W2"
    W3 = "W3"
    W4 = "W4"
    W6 = "W6"
    W8 = "W8"
    W10 = "W10"
    W12 = "W12"
    W16 = "W16"
    W24 = "W24"
    UNSCHEDULED = "UNSCHEDULED"


class SupportClass(StrEnum):
    """What may hold a count up: CM.CMCLAS."""

    RBC = "RBC"
    PLATELET = "PLATELET"
    PLASMA = "PLASMA"
    GCSF = "GCSF"
    PEGGCSF = "PEGGCSF"
    TPO = "TPO"
    TPORA = "TPORA"
    EPO = "EPO"
    STEROID = "STEROID"
    ANTIINFECTIVE = "ANTIINFECTIVE"
    IST = "IST"
    OTHER = "OTHER"


class Complication(StrEnum):
    """Complication class or special interest of an adverse event: AE.AECAT. The first six are the registry's."""

    SERUM_SICKNESS = "SERUM_SICKNESS"
    INFECTION = "INFECTION"
    BLEEDING = "BLEEDING"
    LIVER = "LIVER"
    KIDNEY = "KIDNEY"
    OTHER = "OTHER"
    INFUSION_REACTION = "INFUSION_REACTION"
    GVHD = "GVHD"
    CLONAL_EVOLUTION = "CLONAL_EVOLUTION"
    FEBRILE_NEUTROPENIA = "FEBRILE_NEUTROPENIA"


class Causality(StrEnum):
    """Relation to one component; the first three count as related."""

    DEFINITE = "DEFINITE"
    PROBABLE = "PROBABLE"
    POSSIBLE = "POSSIBLE"
    UNLIKELY = "UNLIKELY"
    UNRELATED = "UNRELATED"
    UNASSESSABLE = "UNASSESSABLE"


class ActionTaken(StrEnum):
    """Action with one component."""

    NONE = "NONE"
    REDUCED = "REDUCED"
    INTERRUPTED = "INTERRUPTED"
    WITHDRAWN = "WITHDRAWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Outcome(StrEnum):
    """Outcome of an adverse event."""

    RECOVERED = "RECOVERED"
    RECOVERING = "RECOVERING"
    NOT_RECOVERED = "NOT_RECOVERED"
    SEQUELAE = "SEQUELAE"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


class Disposition(StrEnum):
    """DS.DSDECOD."""

    COMPLETED = "COMPLETED"
    WITHDRAWAL = "WITHDRAWAL"
    LOST = "LOST"
    DEATH = "DEATH"
    HSCT = "HSCT"
    SALVAGE = "SALVAGE"
    DISCONTINUATION = "DISCONTINUATION"


# Laboratory tests: code → standard unit, in the order they are shown.
LAB_TESTS: dict[str, str] = {
    "ANC": "10^9/L",
    "HGB": "g/L",
    "PLAT": "10^9/L",
    "ARC": "10^9/L",
    "WBC": "10^9/L",
    "ALC": "10^9/L",
    "RBC": "10^12/L",
    "ALT": "U/L",
    "AST": "U/L",
    "ALP": "U/L",
    "GGT": "U/L",
    "BILI": "umol/L",
    "BILDIR": "umol/L",
    "CREAT": "umol/L",
    "UREAN": "mmol/L",
    "LDH": "U/L",
    "CRP": "mg/L",
    "CSA": "ug/L",
}

VITAL_SIGNS: dict[str, str] = {
    "TEMP": "C",
    "SYSBP": "mmHg",
    "DIABP": "mmHg",
    "PULSE": "/min",
    "RESP": "/min",
    "SPO2": "%",
    "WEIGHT": "kg",
    "HEIGHT": "cm",
}
