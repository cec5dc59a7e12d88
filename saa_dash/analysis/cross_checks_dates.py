"""Cross-domain checks of dates out of order: ends before starts, events and doses before consent, visits, infusions.

Partial dates: only what is out of order whatever day they mean is found. Dates of birth are not kept, so that nothing
can be said of records before birth.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import Component, Outcome, Visit
from .cross_check_parts import STARTS, Check, Checked, Material, lacks, rows_found, together
from .days import as_days
from .lookup import take

_SPANS = {"AE": ("AESTDTC", "AEENDTC"), "CM": ("CMSTDTC", "CMENDTC"), "EX": ("EXSTDTC", "EXENDTC"),
          "SV": ("SVSTDTC", "SVENDTC")}  # fmt: skip
_ONGOING = {"AE": "AEENRF", "CM": "CMENRF", "EX": "EXENRF"}
_OPEN = (Outcome.NOT_RECOVERED, Outcome.RECOVERING)
_CLOSED = (Outcome.RECOVERED, Outcome.SEQUELAE)


def end_before_start(material: Material, check: Check) -> Checked:
    """Return records that end before they start."""
    looked_at, parts = 0, []
    for name, (start, end) in _SPANS.items():
        table = material.table(name)
        first, last = table.possible(start)[0], table.possible(end)[1]
        looked_at += int((~np.isnan(first) & ~np.isnan(last)).sum())
        parts.append(rows_found(material, name, last < first, B=material.study_days(table, last)))
    return Checked(check, looked_at, together(parts))


def ongoing_with_end(material: Material, check: Check) -> Checked:
    """Return records that are marked as ongoing and have an end."""
    looked_at, parts = 0, []
    for name, column in _ONGOING.items():
        table = material.table(name)
        ongoing, end = table.is_code(column, "Y"), table.possible(_SPANS[name][1])[0]
        looked_at += int(ongoing.sum())
        parts.append(rows_found(material, name, ongoing & ~np.isnan(end), B=material.study_days(table, end)))
    if not any(material.table(name).frame[column].notna().any() for name, column in _ONGOING.items()):
        return lacks(check, "no_ongoing")
    return Checked(check, looked_at, together(parts))


def open_event_with_end(material: Material, check: Check) -> Checked:
    """Return events that have an end, yet did not end by their outcome."""
    ae = material.table("AE")
    if ae.frame["AEOUT"].isna().all():
        return lacks(check, "no_events" if ae.frame.empty else "no_outcomes")
    still = ae.frame["AEOUT"].isin(_OPEN).to_numpy(bool)
    end = ae.possible("AEENDTC")[0]
    days = material.study_days(ae, end)
    found = rows_found(material, "AE", still & ~np.isnan(end), MORE=ae.frame["AEOUT"], MORELIST="outcome", B=days)
    return Checked(check, int(still.sum()), found)


def ended_event_without_end(material: Material, check: Check) -> Checked:
    """Return events that ended by their outcome, without the day of the end."""
    ae = material.table("AE")
    if ae.frame["AEOUT"].isna().all():
        return lacks(check, "no_events" if ae.frame.empty else "no_outcomes")
    over = ae.frame["AEOUT"].isin(_CLOSED).to_numpy(bool)
    open_end = ae.frame["AEENDTC"].isna().to_numpy(bool)
    found = rows_found(material, "AE", over & open_end, MORE=ae.frame["AEOUT"], MORELIST="outcome")
    return Checked(check, int(over.sum()), found)


def _before_consent(material: Material, check: Check, name: str, start: str) -> Checked:
    dm, table = material.table("DM"), material.table(name)
    consent = dm.first(dm.possible("RFICDTC")[0])
    if np.isnan(consent).all():
        return lacks(check, "no_consent")
    day, signed = table.possible(start)[1], take(consent, table.position)
    days = material.study_days(table, signed)
    looked_at = int((~np.isnan(day) & ~np.isnan(signed)).sum())
    return Checked(check, looked_at, rows_found(material, name, day < signed, B=days))


def event_before_consent(material: Material, check: Check) -> Checked:
    """Return adverse events before the informed consent."""
    return _before_consent(material, check, "AE", "AESTDTC")


def dose_before_consent(material: Material, check: Check) -> Checked:
    """Return doses before the informed consent."""
    return _before_consent(material, check, "EX", "EXSTDTC")


def infusion_before_atg(material: Material, check: Check) -> Checked:
    """Return cord blood infusions before the last ATG dose; the protocol counts their days from it."""
    ex = material.table("EX")
    cells, last_atg = ex.is_code("EXTRT", Component.UCBMNC), as_days(material.basis.anchors["ATGEDT"])
    if not cells.any() or np.isnan(last_atg).all():
        return lacks(check, "no_infusions")
    ended = take(last_atg, ex.position)
    known = cells & ~np.isnan(ended)
    found = rows_found(material, "EX", known & (ex.possible("EXSTDTC")[1] < ended), B=material.study_days(ex, ended))
    return Checked(check, int(known.sum()), found)


def visits_out_of_order(material: Material, check: Check) -> Checked:
    """Return scheduled visits that lie before a visit with a lower number."""
    sv = material.table("SV")
    if sv.frame.empty:
        return lacks(check, "no_visits")
    number = sv.frame["VISITNUM"].to_numpy("float64", na_value=np.nan)
    first, last = sv.possible("SVSTDTC")
    use = (sv.position >= 0) & ~np.isnan(number) & ~np.isnan(first) & ~sv.is_code("VISIT", Visit.UNSCHEDULED)
    rows = pd.DataFrame({"subject": sv.position, "number": number, "first": first, "row": np.arange(len(first))})[use]
    numbers = rows.groupby(["subject", "number"])["first"].min().reset_index()
    before = numbers.groupby("subject")["first"]
    numbers = numbers.assign(before=before.cummax().groupby(numbers["subject"]).shift())
    merged = rows.merge(numbers[["subject", "number", "before"]], on=["subject", "number"], how="left")
    earlier = np.full(len(first), np.nan)
    earlier[merged["row"].to_numpy()] = merged["before"].to_numpy()
    found = rows_found(material, "SV", use & (last < earlier), B=material.study_days(sv, earlier))
    return Checked(check, int(use.sum()), found)


def undated(material: Material, check: Check) -> Checked:
    """Return records without the day they start on."""
    parts, looked_at = [], 0
    for name, column in STARTS.items():
        table = material.table(name)
        looked_at += len(table.frame)
        parts.append(rows_found(material, name, table.frame[column].isna().to_numpy(bool)))
    return Checked(check, looked_at, together(parts))
