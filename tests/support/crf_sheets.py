"""Small, valid form sheets for tests of the import: sheet code → frame with form column codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from saa_dash.ingest.form import LIMIT_ROWS
from saa_dash.ingest.units import lab_units

STUDY = "ChiCTR2600117810"


def limit_rows(tests: list[str]) -> pd.DataFrame:
    """Return the rows UNIT, LLN_M … of `tests` with standard units and usual limits."""
    units = {code: lab_units()[code] for code in tests}
    rows = {code: [unit.standard, *(unit.limits.get(row) for row in LIMIT_ROWS[1:])] for code, unit in units.items()}
    return pd.DataFrame({"SUBJID": list(LIMIT_ROWS), **rows}, dtype=object)


def small_study() -> dict[str, pd.DataFrame]:
    """Return three subjects with something on every sheet and nothing to complain of."""
    lab = pd.DataFrame(
        {
            "SUBJID": ["P001", "P001", "P002", "P003"],
            "VISIT": ["BASELINE", "W4", "BASELINE", "UNSCHEDULED"],
            "LBDTC": ["2026-02-09", "2026-03-10", "2026-02-20", "2026-03-02"],
            "LBTM": ["08:30", None, None, None],
            "WBC": [1.2, 2.5, 1.8, 3.1],
            "ANC": ["<0.1", 0.8, 0.35, 1.2],
            "HGB": [62, 81, 70.5, 95],
            "PLAT": [8, 25, 12, 60],
            "ALT": [22, 35, 180, 41],
        }
    )
    return {
        "SUBJ": pd.DataFrame(
            {
                "SUBJID": ["P001", "P002", "P003"],
                "SEX": ["M", "F", "M"],
                "AGE": [34, 52, 27],
                "WEIGHT": [65.5, 54, 70],
                "DIAGDTC": ["2026-01", "2026-01-15", "2025"],
                "SEVERITY": ["VSAA", "SAA", "SAA"],
                "RFICDTC": ["2026-02-03", "2026-02-14", "2026-02-20"],
                "ENRLDTC": ["2026-02-06", "2026-02-17", "2026-02-23"],
                "ATGSTDTC": ["2026-02-10", "2026-02-21", "2026-02-27"],
                "ATGENDTC": ["2026-02-14", "2026-02-25", None],
                "LSTALVDTC": ["2026-06-01", "2026-05-20", "2026-05-25"],
                "INCL01": ["Y", "Y", "Y"],
                "EXCL01": ["N", "N", "N"],
            }
        ),
        "VISIT": pd.DataFrame(
            {
                "SUBJID": ["P001", "P001", "P002"],
                "VISIT": ["BASELINE", "W4", "BASELINE"],
                "SVSTDTC": ["2026-02-09", "2026-03-10", "2026-02-20"],
                "RBCYN": [None, "Y", None],
                "PLTYN": [None, "Y", None],
                "GCSFYN": [None, "N", None],
            }
        ),
        "LAB": pd.concat([limit_rows(["WBC", "ANC", "HGB", "PLAT", "ALT"]), lab], ignore_index=True),
        "TRANSF": pd.DataFrame(
            {
                "SUBJID": ["P001", "P001"],
                "CMSTDTC": ["2026-02-12", "2026-02"],
                "CMCLAS": ["PLATELET", "RBC"],
                "CMDOSE": [1, 2],
                "CMDOSU": ["DOSE", "U"],
                "CMREACT": ["N", None],
            }
        ),
        "CM": pd.DataFrame(
            {
                "SUBJID": ["P002", "P002"],
                "CMCLAS": ["GCSF", "ANTIINFECTIVE"],
                "CMTRT": ["非格司亭", "伏立康唑"],
                "CMDOSE": [300, 200],
                "CMDOSU": ["µg", "mg"],
                "CMROUTE": ["SC", "PO"],
                "CMSTDTC": ["2026-03-01", "2026-02"],
                "CMENDTC": ["2026-03-05", None],
                "CMENRF": [None, "Y"],
            }
        ),
        "EX": pd.DataFrame(
            {
                "SUBJID": ["P001", "P001", "P001"],
                "EXTRT": ["RATG", "CSA", "UCBMNC"],
                "EXSTDTC": ["2026-02-10", "2026-02-10", "2026-02-16"],
                "EXENDTC": ["2026-02-14", "2026-07-01", None],
                "EXDOSE": [3, 5, 3.1],
                "EXDOSU": ["MG_KG", "MG_KG", "E8_CELLS"],
                "EXVIAB": [None, None, 92],
                "EXABO": [None, None, "IDENTICAL"],
                "EXHLA": [None, None, "5/6"],
            }
        ),
        "CSA": pd.DataFrame(
            {
                "SUBJID": ["P001", "P001"],
                "LBDTC": ["2026-02-20", "2026-03-01"],
                "LBTM": ["07:50", None],
                "LBTPT": ["C0", "C0"],
                "LBORRES": [185, "<25"],
            }
        ),
        "AE": pd.DataFrame(
            {
                "SUBJID": ["P001", "P002"],
                "AESPID": ["1", "1"],
                "AETERM": ["血清病", "肺部感染"],
                "AEBODSYS": ["IMMUNE", "INFECTIONS"],
                "AETOXGR": [2, 3],
                "AETOXV": ["5.0", "5.0"],
                "AESTDTC": ["2026-02-18", "2026-03"],
                "AEENDTC": ["2026-02-25", None],
                "AESER": ["N", "Y"],
                "AESHOSP": [None, "Y"],
                "AECAT": ["SERUM_SICKNESS", "INFECTION"],
                "AERELATG": ["PROBABLE", "POSSIBLE"],
                "AEACNCSA": ["NONE", "INTERRUPTED"],
                "AEOUT": ["RECOVERED", "RECOVERING"],
            }
        ),
        "VS": pd.DataFrame(
            {
                "SUBJID": ["P001", "P002"],
                "VSDTC": ["2026-02-10", "2026-02-21"],
                "VSTM": ["09:05", None],
                "TEMP": [38.4, 36.6],
                "SYSBP": [118, None],
                "DIABP": [72, None],
            }
        ),
        "PE": pd.DataFrame(
            {
                "SUBJID": ["P001"],
                "PEDTC": ["2026-02-09"],
                "PETESTCD": ["SKIN"],
                "PEORRES": ["ABNORMAL_CS"],
                "PEDESC": ["散在瘀点"],
            }
        ),
        "RS": pd.DataFrame(
            {"SUBJID": ["P001"], "VISIT": ["W4"], "RSDTC": ["2026-03-10"], "RSORRES": ["PR"], "RSDESC": [None]}
        ),
        "DS": pd.DataFrame(
            {
                "SUBJID": ["P003"],
                "DSDECOD": ["DISCONTINUATION"],
                "DSCOMP": ["CSA"],
                "DSSTDTC": ["2026-04-02"],
                "DSREAS": ["肾功能损害"],
            }
        ),
        "DV": pd.DataFrame(
            {"SUBJID": ["P002"], "DVSTDTC": [None], "DVCAT": ["VISIT"], "DVTERM": ["第4周访视推迟"], "DVSEV": ["MINOR"]}
        ),
    }


def large_study(patients: int, samples: int) -> dict[str, pd.DataFrame]:
    """Return `patients` subjects with `samples` laboratory rows each, for measuring."""
    ids = np.array([f"P{number:04d}" for number in range(1, patients + 1)])
    subject = np.repeat(ids, samples)
    days = pd.Timestamp("2026-02-10") + pd.to_timedelta(np.tile(np.arange(samples) * 3, patients), unit="D")
    tests = ["WBC", "ANC", "HGB", "PLAT", "ARC", "ALT", "AST", "BILI", "CREAT"]
    rng = np.random.default_rng(1)
    values = {code: np.round(rng.uniform(*_range(code), len(subject)), 2) for code in tests}
    lab = pd.DataFrame({"SUBJID": subject, "LBDTC": days.strftime("%Y-%m-%d"), **values})
    subjects = pd.DataFrame({"SUBJID": ids, "SEX": "F", "AGE": 40, "RFICDTC": "2026-02-01", "ENRLDTC": "2026-02-05"})
    return {"SUBJ": subjects, "LAB": pd.concat([limit_rows(tests), lab], ignore_index=True)}


def _range(code: str) -> tuple[float, float]:
    low, high = lab_units()[code].plausible
    return (2.0, 4.0) if code == "WBC" else (0.1, 2.0) if code == "ANC" else (low, high)
