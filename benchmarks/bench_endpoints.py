"""Time all endpoints for 10 and for 10,000 patients with 30 visits each; run by `make bench`."""

from __future__ import annotations

import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from saa_dash.analysis.adtte import derive_time_to_events
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.best_response import derive_best_response
from saa_dash.analysis.denominators import count_visits
from saa_dash.analysis.lineage_response import count_lineages
from saa_dash.analysis.response import derive_response
from saa_dash.analysis.study_data import StudyData
from saa_dash.analysis.subjects import derive_subjects
from saa_dash.model.rules import Bilingual, RuleSet, Threshold
from saa_dash.model.schema import TABLES
from saa_dash.model.settings import EndpointSettings

VISITS = 30
_DTYPES = {"text": "str", "float": "float64", "int": "Int64"}
_MEDIANS = {"ANC": 1.0, "HGB": 95.0, "PLAT": 60.0, "ARC": 70.0, "WBC": 3.0}


def _table(name: str, **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(columns).reindex(columns=list(TABLES[name].all_columns))
    return frame.astype({column: _DTYPES[kind] for column, kind in TABLES[name].all_columns.items()})


def _iso(days: np.ndarray) -> np.ndarray:
    return days.astype("int64").astype("datetime64[D]").astype(str)


def build(patients: int, seed: int = 1) -> StudyData:
    """Return a cut of `patients` with 30 visits, four counts and WBC at each, 8 transfusions and 2 growth factors."""
    rng = np.random.default_rng(seed)
    subject = np.array([f"BENCH-{i:05d}" for i in range(patients)])
    start = 20500 + rng.integers(0, 60, patients)
    visit_day = (start[:, None] - 7 + np.arange(VISITS) * 5 + rng.integers(0, 3, (patients, VISITS))).ravel()
    visit_of = np.repeat(subject, VISITS)
    tests = np.array(list(_MEDIANS))
    level = np.array(list(_MEDIANS.values())) * rng.lognormal(0, 0.8, (patients * VISITS, len(tests)))
    cm_day = (start[:, None] + rng.integers(0, 120, (patients, 10))).ravel()
    kinds = np.tile(np.array(["RBC"] * 5 + ["PLATELET"] * 3 + ["GCSF"] * 2), patients)
    tables = {name: _table(name) for name in TABLES}
    tables["DM"] = _table("DM", USUBJID=subject, SEX=np.where(rng.random(patients) < 0.5, "M", "F"), AGE=35.0)
    tables["SV"] = _table("SV", USUBJID=visit_of, SVSTDTC=_iso(visit_day), RBCYN="N", PLTYN="N", GCSFYN="N")
    tables["LB"] = _table(
        "LB",
        USUBJID=np.repeat(visit_of, len(tests)),
        LBTESTCD=np.tile(tests, len(visit_of)),
        LBDTC=np.repeat(_iso(visit_day), len(tests)),
        LBSTRESN=level.ravel().round(2),
    )
    given = {"CMSTDTC": _iso(cm_day), "CMENDTC": _iso(cm_day)}
    tables["CM"] = _table("CM", USUBJID=np.repeat(subject, 10), CMCLAS=kinds, **given)
    tables["EX"] = _table(
        "EX",
        USUBJID=np.tile(subject, 3),
        EXTRT=np.repeat(["RATG", "UCBMNC", "UCBMNC"], patients),
        EXSTDTC=np.concatenate([_iso(start), _iso(start + 6), _iso(start + 18)]),
        EXENDTC=np.concatenate([_iso(start + 4), _iso(start + 6), _iso(start + 18)]),
        EXDOSE=1.0,
    )
    return StudyData(date(2026, 8, 31), tables)


def _rules() -> RuleSet:
    name = Bilingual("NIH", "NIH")
    limits = (Threshold("ANC", False, 1.0), Threshold("HGB", False, 100.0), Threshold("PLAT", False, 100.0))
    return RuleSet("nih", name, name, "H", 1, limits)


def _steps(data: StudyData) -> dict[str, float]:
    """Run every endpoint once and return the milliseconds of each step: elapsed, and CPU of this process in all."""
    settings, rules = EndpointSettings(), _rules()
    marks = [("", time.perf_counter())]
    cpu = time.process_time()

    def mark(step: str) -> None:
        marks.append((step, time.perf_counter()))

    basis = prepare(data)
    mark("prepare")
    response = derive_response(data, rules, settings, basis)
    mark("response")
    count_visits(response)
    count_lineages(response)
    derive_best_response(response)
    mark("denominators, lineages, best response")
    derive_subjects(data, settings, basis)
    mark("severity, subjects")
    derive_time_to_events(data, rules, settings, basis=basis, response=response)
    mark("recovery, relapse, survival")
    steps = {step: (end - begin) * 1000 for (_, begin), (step, end) in pairwise(marks)}
    return steps | {"all": (marks[-1][1] - marks[0][1]) * 1000, "all, CPU": (time.process_time() - cpu) * 1000}


def main() -> None:
    """Print the best and the median of the runs, milliseconds."""
    for patients, runs in ((10, 30), (10_000, 3)):
        data = build(patients)
        _steps(data)
        times = pd.DataFrame([_steps(data) for _ in range(runs)])
        for step in times:
            print(
                f"{patients:>6} patients  {step}: best {times[step].min():.1f} ms, median {times[step].median():.1f} ms"
            )


if __name__ == "__main__":
    main()
