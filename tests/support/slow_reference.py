"""The slow reference as a whole: every patient at every visit and every parameter, as lists of rows."""

from __future__ import annotations

from datetime import date

from support.slow_facts import Own, Row, Tables
from support.slow_recovery import THRESHOLDS, recovery, red_cell_independence
from support.slow_response import WEEKS, response
from support.slow_survival import responders_course, survival, time_to_response

from saa_dash.model.rules import RuleSet
from saa_dash.model.settings import EndpointSettings


def by_subject(tables: Tables) -> dict[str, Tables]:
    """The tables of each patient alone: nothing is decided across patients."""
    found = {str(row["USUBJID"]): {name: [] for name in tables} for row in tables["DM"]}
    for name, rows in tables.items():
        for row in rows:
            found[str(row["USUBJID"])][name].append(row)
    return {subject: Own(found[subject]) for subject in sorted(found)}


def all_responses(tables: Tables, cutoff: date, rules: RuleSet, settings: EndpointSettings) -> list[Row]:
    """Every patient at weeks 4, 8 and 12."""
    rows = []
    for subject, own in by_subject(tables).items():
        rows += [response(own, subject, week, cutoff, rules, settings) for week in WEEKS]
    return rows


def best_response(visits: list[Row]) -> Row:
    """Best of the "scheduled visits only": CR, PR, at least PR, NR, NE, not yet due; the first visit that shows it."""
    order = ["CR", "PR", "AT_LEAST_PR", "NR", "NE", "NYD"]
    shown = ["AT_LEAST_PR" if v["AVALC"] == "NE" and v["RESPONSE"] is True else str(v["AVALC"]) for v in visits]
    return visits[min(range(len(visits)), key=lambda i: (order.index(shown[i]), i))]


def times_of(tables: Tables, subject: str, cutoff: date, rules: RuleSet, settings: EndpointSettings) -> list[Row]:
    """One patient and every parameter, also those not at risk."""
    seen = [response(tables, subject, week, cutoff, rules, settings) for week in WEEKS]
    found = {param: recovery(tables, subject, param, cutoff, settings) for param in THRESHOLDS}
    found["TTRBCI"] = red_cell_independence(tables, subject, cutoff, settings)
    for param in ("TTRESP", "TTCR"):
        found[param] = time_to_response(tables, subject, param, seen, cutoff, settings)
    for param in ("DOR", "TTREL"):
        found[param] = responders_course(tables, subject, seen, cutoff, rules, settings)
    for param in ("OS", "FFS"):
        found[param] = survival(tables, subject, param, seen, cutoff, rules, settings)
    return [{"USUBJID": subject, "PARAMCD": param, **row} for param, row in found.items()]


def all_times(tables: Tables, cutoff: date, rules: RuleSet, settings: EndpointSettings) -> list[Row]:
    """Every patient and parameter."""
    rows = []
    for subject, own in by_subject(tables).items():
        rows += times_of(own, subject, cutoff, rules, settings)
    return rows


def denominators(responses: list[Row], week: int) -> dict[str, int]:
    """Counts of one visit.

    "the primary one is the full analysis set … whose origin + visit day + window end is on or before the cut-off, dead
    or alive alike"; "beside it "not yet due" and NE; sensitivity without NE". "ORR counts what is known of
    response, CRR what is known of CR."
    """
    at_visit = [row for row in responses if row["AVISITN"] == week and row["FASFL"] == "Y"]
    due = [row for row in at_visit if row["AVALC"] != "NYD"]
    return {
        "FAS": len(at_visit),
        "NYD": len(at_visit) - len(due),
        "N": len(due),
        "NE": sum(row["AVALC"] == "NE" for row in due),
        "N_WITHOUT_NE": sum(row["AVALC"] != "NE" for row in due),
        "ORR": sum(row["RESPONSE"] is True for row in due),
        "ORR_WITHOUT_NE": sum(row["AVALC"] in ("CR", "PR") for row in due),
        "CRR": sum(row["CR"] is True for row in due),
    }
