"""ADEX: treatment planned against given, record by record and per subject and component.

Columns of `derive_exposure` (dates ``datetime64[s]``; missing where they do not apply):

    STUDYID, USUBJID, EXTRT
    PARAMCD             DOSE: one row per dose record, or infusion day; TOTDOSE and NDAYS: one row per component
    AVAL, AVALU         dose of a day or infusion; dose in all; days (infusions) with a dose
    PLAN, PCTPLAN       planned by now, and AVAL as % of it
    DOSEDEV             Y: AVAL differs from PLAN by more than the tolerance (%)
    DUEDT, DAYSOFF, TIMEDEV   day due, days from it to the dose; Y: infusion off by more than the tolerance (days)
    MISSFL              Y: infusion due and not given. INFNUM: number of the infusion
    ASTDT, AENDT, ASTDY, AENDY, ADURN, ONGOFL   first and last day, study days, days from the one to the other
    EXDOSE, EXDOSU, WEIGHT, EXADJ   as typed; weight used, kg
    PAUSES, PAUSEDAY    interruptions between the first and the last dose, and days without a dose in them
    DISCFL, DISCDT, DISCSRC, DISCREAS   permanently discontinued, when, told by DS or AE, why
    ROWKEY              of the (first) EX record

Decisions
---------
- ATG: 3 mg/kg on study days 1 to 5. Cyclosporine: 5 mg/kg is the starting dose; later doses follow the level and have
  no plan, nor has its duration. Hetrombopag: 15 mg for `hetrombopag_days` from its actual start; due to start on
  `hetrombopag_start_day`, without a tolerance of its own.
- Infusions are due 2 and 14 days after the last ATG dose actually given. Two or more are matched in order, a single one
  with the day due it lies nearest to (ties: the first). One that was not given is missed once its day and the tolerance
  have passed with the patient on study.
- A planned component that a subject of the full analysis set never had has its TOTDOSE and NDAYS of 0.
- 3x10^8 cells are planned for each infusion, or for both together (`cell_dose_per_infusion`): then only the sum of
  both is compared.
- Planned by now: up to the cut-off, death, HSCT, salvage, withdrawal, loss or completion, whichever is first; after a
  permanent discontinuation the plan goes on.
- Permanent discontinuation: DS DISCONTINUATION naming the component, or the action WITHDRAWN of an adverse event,
  whichever is first; on one day DS.

Source: registry (intervention); domain facts, "Other decisions" (withdrawal, deviations).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.protocol import Protocol
from ..model.settings import StudySettings
from ..model.vocabulary import Component
from .basis import Basis, prepare
from .columns import coded, mark
from .days import as_dates, as_days, study_day
from .discontinuation import derive_discontinuations
from .exposure_infusions import infusion_rows
from .exposure_plan import ExposurePlan, deviates, first_of_group, set_up_plan
from .exposure_records import Records, collect_records
from .exposure_totals import total_rows
from .lookup import positions, take
from .study_data import StudyData

EXPOSURE_COLUMNS = (
    "STUDYID", "USUBJID", "EXTRT", "PARAMCD", "AVAL", "AVALU", "PLAN", "PCTPLAN", "DOSEDEV", "DUEDT", "DAYSOFF",
    "TIMEDEV", "MISSFL", "INFNUM", "ASTDT", "AENDT", "ASTDY", "AENDY", "ADURN", "ONGOFL", "EXDOSE", "EXDOSU", "WEIGHT",
    "EXADJ", "PAUSES", "PAUSEDAY", "DISCFL", "DISCDT", "DISCSRC", "DISCREAS", "ROWKEY",
)  # fmt: skip


def _record_rows(study: ExposurePlan, records: Records) -> pd.DataFrame:
    """Return the rows DOSE of everything that is given daily, or has no plan."""
    keep = np.array([name not in study.plans or name != Component.UCBMNC for name in records.names])[records.component]
    plan = np.full(len(keep), np.nan)
    due = np.full(len(keep), np.nan)
    opening = first_of_group(records.group)
    for name, item in study.plans.items():
        mine = records.component == records.names.index(name)
        plan[mine & (opening | (not item.starting_dose))] = item.dose
        if name == Component.HPAG:
            start = as_days(study.basis.anchors["ATGSDT"]) + study.settings.hetrombopag_start_day - 1
            due = np.where(mine & opening, start[records.subject], due)
    plan = np.where(records.given, plan, np.nan)
    frame = records.frame
    rows = {
        "component": records.component,
        "subject": records.subject,
        "AVAL": records.dose,
        "AVALU": records.unit,
        "PLAN": plan,
        "dev": deviates(records.dose, plan, study.dose_tolerance),
        "due": due,
        "start": records.start,
        "end": records.end,
        "ongoing": records.ongoing.astype("int64"),
        **{name: frame[name].array for name in ("EXDOSE", "EXDOSU", "EXADJ", "ROWKEY")},
    }
    return pd.DataFrame(rows)[keep].assign(PARAMCD="DOSE")


def derive_exposure(
    data: StudyData,
    protocol: Protocol | None,
    settings: StudySettings,
    basis: Basis | None = None,
    adae: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return ADEX, sorted by subject, component, PARAMCD and day; columns as documented above.

    Parameters
    ----------
    protocol : None for a study without a protocol here: then nothing is planned.
    settings : tolerance, hetrombopag_days, hetrombopag_start_day and cell_dose_per_infusion are used.
    basis, adae : where the caller already has them, from `basis.prepare` and `adae.derive_adverse_events`.
    """
    basis = basis or prepare(data)
    study = set_up_plan(basis, protocol, settings)
    records = collect_records(basis, study.plans)
    parts = [_record_rows(study, records), infusion_rows(study, records), total_rows(study, records)]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    stopped = derive_discontinuations(data, basis, adae)
    return _finished(study, records, rows, stopped)


def _finished(study: ExposurePlan, records: Records, rows: pd.DataFrame, stopped: pd.DataFrame) -> pd.DataFrame:
    empty = {"due": np.nan, "timedev": -1, "miss": -1, "dev": -1, "INFNUM": np.nan, "ongoing": 0, "EXADJ": None,
             "PAUSES": np.nan, "PAUSEDAY": np.nan, "EXDOSE": np.nan, "EXDOSU": None}  # fmt: skip
    rows = rows.assign(**{name: value for name, value in empty.items() if name not in rows})
    codes = ["dev", "timedev", "miss"]
    rows = rows.assign(**{name: rows[name].fillna(-1).astype("int64") for name in codes})
    order = ["subject", "component", "PARAMCD", "start", "INFNUM", "ROWKEY"]
    rows = rows.sort_values(order, kind="stable", ignore_index=True)
    subject, component = rows["subject"].to_numpy("int64"), rows["component"].to_numpy("int64")
    start, end, due = (rows[name].to_numpy("float64", na_value=np.nan) for name in ("start", "end", "due"))
    day_one, names = study.day_one[subject], list(records.names)
    known = positions(stopped["USUBJID"], study.basis.subjects), positions(stopped["EXTRT"], names)
    ended = pd.Series(np.arange(len(stopped)), index=known[1] * records.size + known[0])
    summary = (rows["PARAMCD"] != "DOSE").to_numpy(bool)
    found = ended.reindex(component * records.size + subject).fillna(-1).to_numpy("int64")
    found = np.where(summary, found, -1)
    value, plan = rows["AVAL"].to_numpy("float64"), rows["PLAN"].to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100 * value / plan
    dm = study.basis.tables["DM"]
    columns: dict[str, object] = {
        "STUDYID": dm.frame["STUDYID"].array[dm.one_row_each()[subject]],
        "USUBJID": coded(subject, study.basis.subjects.tolist()),
        "EXTRT": coded(component, names),
        "PCTPLAN": np.where(np.isfinite(percent), percent, np.nan),
        "DOSEDEV": coded(rows["dev"].to_numpy(), ("N", "Y")),
        "DUEDT": as_dates(due),
        "DAYSOFF": start - due,
        "TIMEDEV": coded(rows["timedev"].to_numpy(), ("N", "Y")),
        "MISSFL": mark(rows["miss"].to_numpy() == 0),
        "ASTDT": as_dates(start),
        "AENDT": as_dates(end),
        "ASTDY": study_day(start, day_one),
        "AENDY": study_day(end, day_one),
        "ADURN": end - start + 1,
        "ONGOFL": mark(rows["ongoing"].fillna(0).to_numpy() > 0),
        "WEIGHT": study.weight[subject],
        "DISCFL": coded(np.where(summary, found >= 0, -1), ("N", "Y")),
        "DISCDT": as_dates(take(as_days(stopped["DISCDT"]), found)),
    }
    columns |= {name: pd.array(_taken(stopped[name], found), dtype="str") for name in ("DISCSRC", "DISCREAS")}
    texts = ("PARAMCD", "AVALU", "EXDOSU", "EXADJ", "ROWKEY")
    columns |= {name: rows[name].astype("str").array for name in texts}
    columns |= {name: rows[name].astype("float64").to_numpy() for name in EXPOSURE_COLUMNS if name not in columns}
    return pd.DataFrame({name: columns[name] for name in EXPOSURE_COLUMNS})


def _taken(column: pd.Series, index: np.ndarray) -> np.ndarray:
    values = np.array([*column.to_numpy(object), None], dtype=object)
    return values[np.where(index < 0, len(column), index)]


def list_deviations(adex: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ADEX that deviate, with CODE: DOSE, TIMING or MISSED (a missed infusion is only that).

    Parameters
    ----------
    adex : from `derive_exposure`.
    """
    kinds = {"MISSED": adex["MISSFL"] == "Y", "TIMING": adex["TIMEDEV"] == "Y", "DOSE": adex["DOSEDEV"] == "Y"}
    parts = [adex[chosen.to_numpy(bool)].assign(CODE=code) for code, chosen in kinds.items()]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
