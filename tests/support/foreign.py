"""The simulated cohort in the shapes other systems write: REDCap's flat export, English lab tables, wide tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from saa_dash.i18n.catalogue import term
from saa_dash.ingest.form import LIMIT_ROWS, load_form

Sheets = Mapping[str, pd.DataFrame]

REDCAP_EVENTS = {"SCREENING": "screening_arm_1", "BASELINE": "baseline_arm_1", "UNSCHEDULED": "unscheduled_arm_1"}
# Field names by sheet and column where they are not simply the lower-cased code.
REDCAP_FIELDS = {
    "SUBJ": {"SEX": "gender", "AGE": "age", "RFICDTC": "consent_date", "ENRLDTC": "date_enrolled"},
    "VISIT": {"SVSTDTC": "visit_date"},
    "LAB": {"LBDTC": "sample_date", "ANC": "neut_abs", "HGB": "hgb", "PLAT": "plt", "BILI": "tbil", "CREAT": "scr"},
    "AE": {"AETERM": "ae_term", "AETOXGR": "ae_grade", "AESTDTC": "ae_start", "AEENDTC": "ae_end", "AESER": "sae"},
}
REDCAP_NAMES = {
    "SUBJ": "demographics", "VISIT": "visit_log", "LAB": "labs", "TRANSF": "transfusions", "CM": "medications",
    "EX": "study_treatment", "CSA": "csa_levels", "AE": "adverse_events", "VS": "vital_signs", "PE": "physical_exam",
    "RS": "response_assessment", "DS": "disposition", "DV": "protocol_deviations",
}  # fmt: skip
_PREFIX = {
    "TRANSF": "tr",
    "CM": "med",
    "EX": "ex",
    "CSA": "csa",
    "VS": "vs",
    "PE": "pe",
    "RS": "rs",
    "DS": "ds",
    "DV": "dv",
}
COUNTS = ("WBC", "ANC", "ALC", "PLAT", "ARC")


def event_of(visit: object) -> str:
    """Return the REDCap event of a visit."""
    if not isinstance(visit, str):
        return "unscheduled_arm_1"
    return REDCAP_EVENTS.get(visit) or f"week_{visit.removeprefix('W')}_arm_1"


def redcap_field(sheet: str, code: str) -> str:
    """Return the field of a form column."""
    own = REDCAP_FIELDS.get(sheet, {}).get(code)
    prefix = _PREFIX.get(sheet, "")
    return own or (f"{prefix}_{code.lower()}" if prefix else code.lower())


def write_redcap(path: Path, sheets: Sheets) -> Path:
    """Write a flat export: one instrument per sheet, all but the demographics repeating, one file in a folder."""
    path.mkdir(parents=True, exist_ok=True)
    lead = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]
    frames, order = [], [*lead, "redcap_data_access_group"]
    for code, name in REDCAP_NAMES.items():
        frame = sheets[code]
        frame = frame[~frame["SUBJID"].isin(LIMIT_ROWS)].reset_index(drop=True)
        own = {c: redcap_field(code, c) for c in frame if c not in ("SUBJID", "VISIT")}
        visits = frame["VISIT"] if "VISIT" in frame else pd.Series("BASELINE", index=frame.index)
        part = pd.DataFrame({"record_id": frame["SUBJID"], "redcap_event_name": visits.map(event_of)})
        repeats = code != "SUBJ"
        part["redcap_repeat_instrument"] = name if repeats else None
        part["redcap_repeat_instance"] = frame.groupby("SUBJID").cumcount() + 1 if repeats else None
        part["redcap_data_access_group"] = "tianjin"
        for column, field in own.items():
            part[field] = _coded(code, column, frame[column])
        part[f"{name}_complete"] = "2"
        frames.append(part)
        order += [*own.values(), f"{name}_complete"]
    whole = pd.concat(frames, ignore_index=True).reindex(columns=order)
    whole.sort_values(["record_id", "redcap_event_name"], kind="stable").to_csv(path / "SAA_DATA.csv", index=False)
    return path


def _coded(sheet: str, column: str, values: pd.Series) -> pd.Series:
    """Return raw codes as REDCap exports them: 1/0 for yes and no, 1/2 for sex, words of the list else."""
    spec = load_form().sheets[sheet].column(column)
    if spec.kind == "yn":
        return values.map({"Y": "1", "N": "0"})
    if spec.list_name == "sex":
        return values.map({"M": "1", "F": "2"})
    if spec.kind == "choice" and spec.list_name != "visit":
        return values.map(lambda code: term("en", spec.list_name, code), na_action="ignore")
    return values


def scaled(values: pd.Series, factor: float) -> list[str | None]:
    """Return numbers in another unit, "<" kept."""
    out: list[str | None] = []
    for value in values:
        text = None if value is None or value != value else str(value)
        sign = "<" if text and text.startswith("<") else ""
        out.append(None if text is None else f"{sign}{round(float(text.removeprefix('<')) * factor, 9):.15g}")
    return out


def patients_table(sheets: Sheets) -> pd.DataFrame:
    """Return the subjects with English headers and coded sex."""
    frame = sheets["SUBJ"].copy()
    frame["SEX"] = frame["SEX"].map({"M": "Male", "F": "Female"})
    names = {"SUBJID": "Patient ID", "SEX": "Gender", "AGE": "Age (years)", "RFICDTC": "Consent date"}
    return frame.rename(columns=names)


def samples(sheets: Sheets) -> pd.DataFrame:
    """Return the laboratory sheet without unit and limit rows."""
    frame = sheets["LAB"]
    return frame[~frame["SUBJID"].isin(LIMIT_ROWS)].reset_index(drop=True)


def wide_lab(sheets: Sheets) -> pd.DataFrame:
    """Return samples with English headers, counts per microlitre, haemoglobin in g/dL, dates day first."""
    data = samples(sheets)
    names = {"SCREENING": "Screening", "BASELINE": "Baseline", "UNSCHEDULED": "Unscheduled"}
    out = {
        "Patient ID": data["SUBJID"],
        "Visit": data["VISIT"].map(lambda v: names.get(v) or f"Week {v[1:]}", na_action="ignore"),
        "Sample date": pd.to_datetime(data["LBDTC"]).dt.strftime("%d/%m/%Y"),
        "Sample time": data["LBTM"],
    }
    for code in load_form().sheets["LAB"].tests:
        if code in COUNTS:
            out[f"{code} (/uL)"] = scaled(data[code], 1000)
        elif code == "HGB":
            out["Hb (g/dL)"] = scaled(data[code], 0.1)
        else:
            out[code] = data[code]
    return pd.DataFrame(out)


def long_lab(sheets: Sheets) -> pd.DataFrame:
    """Return one result per row with unit and limits, the visit named; every second haemoglobin in g/dL."""
    data, limits = samples(sheets), sheets["LAB"].set_index("SUBJID").loc[list(LIMIT_ROWS)]
    sex = sheets["SUBJ"].set_index("SUBJID")["SEX"].to_dict()
    rows = []
    for number, row in data.iterrows():
        for code in load_form().sheets["LAB"].tests:
            if row[code] is None or row[code] != row[code]:
                continue
            unit, value = limits.at["UNIT", code], row[code]
            low, high = (limits.at[f"{side}_{sex[row['SUBJID']]}", code] for side in ("LLN", "ULN"))
            if code == "HGB" and int(str(number)) % 2:
                unit = "g/dL"
                value, low, high = (scaled(pd.Series([v]), 0.1)[0] for v in (value, low, high))
            rows.append((row["SUBJID"], row["VISIT"], row["LBDTC"], row["LBTM"], code, value, unit, low, high))
    head = ["Subject", "Visit", "Collection date", "Time", "Test name", "Result", "Unit", "Lower limit", "Upper limit"]
    return pd.DataFrame(rows, columns=head)
