"""Severity, response, best response and denominators: the fast and the slow implementation give the same."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.agreement import COHORTS, by_key, cohort_of, letter, settings_of
from support.cohort import Cohort, shuffled
from support.slow_facts import LINEAGES, Row
from support.slow_reference import all_responses, best_response, by_subject, denominators
from support.slow_severity import severity
from support.strategies import cohorts, random_cohort

from saa_dash.analysis.best_response import derive_best_response
from saa_dash.analysis.denominators import count_visits
from saa_dash.analysis.response import derive_response
from saa_dash.analysis.severity import derive_severity
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

WEEKS = (4, 8, 12)


def expected(seen: Row) -> Row:
    """One patient-visit of the slow reference in the columns of ADRS."""
    shown, due, partial = seen["AVALC"], seen["DUE"], seen["AVALC"] == "PR"
    row: Row = {
        "ADT": seen["ADT"],
        "AVALC": shown,
        "REASON": seen["REASON"] if due else "NOT_DUE",
        "EVALFL": "Y" if shown in ("CR", "PR", "NR") else "N",
        "DUEFL": "Y" if due else "N",
        "CRFL": letter(seen["CR"]),
        "RESPFL": letter(seen["RESPONSE"]),
        "ATLPRFL": "Y" if shown == "NE" and seen["RESPONSE"] is True else "N",
        "PROVFL": None if seen["PROVISIONAL"] is None else letter(seen["PROVISIONAL"]),
        "INDEPFL": None if seen["PANEL"] is None else letter(seen["INDEPENDENT"]),
        "TRANSFL": None,
    }
    if partial and seen["NEEDS_INDEPENDENCE"] is False:
        row["TRANSFL"] = {True: "N", False: "Y", None: "U"}[seen["INDEPENDENT"]]
    if seen["PANEL"] is not None:
        row["MISSTEST"] = ",".join(test for test in LINEAGES if seen["VALUES"][test] is None) or None
    return row | lineages(seen)


def lineages(seen: Row) -> Row:
    """The deciding values with date, sign and support."""
    row: Row = {}
    for test in LINEAGES:
        count = seen["VALUES"].get(test)
        row[test] = count["value"] if count else None
        row[f"{test}DT"] = count["date"] if count else None
        row[f"{test}LT"] = (count["sign"] or None) if count else None
        if count:
            row[f"{test}SUP"] = count["support"]
    return row


def check_response(cohort: Cohort, setting: EndpointSettings) -> None:
    """Compare every column of every patient and visit."""
    rules = load_rule_sets()[setting.criteria]
    fast = derive_response(cohort.data(), rules, setting)
    slow = all_responses(cohort.tables, cohort.cutoff, rules, setting)
    slow = [row | {"NEEDS_INDEPENDENCE": rules.pr_needs_independence} for row in slow if row["FASFL"] == "Y"]
    found = by_key(fast, "USUBJID", "AVISITN")
    wanted = {(row["USUBJID"], row["AVISITN"]): expected(row) for row in slow}
    assert sorted(found) == sorted(wanted)
    for key, row in wanted.items():
        seen = {name: found[key][name] for name in row}
        assert seen == row, (key, setting)
    check_counts(fast, slow)


def check_counts(fast: pd.DataFrame, slow: list[Row]) -> None:
    """Compare denominators and best response."""
    for counts in count_visits(fast):
        wanted = denominators(slow, counts.week)
        seen = {
            "FAS": counts.full_analysis_set,
            "NYD": counts.not_yet_due,
            "N": counts.due,
            "NE": counts.ne,
            "N_WITHOUT_NE": counts.orr_without_ne.total,
            "ORR": counts.orr.events,
            "ORR_WITHOUT_NE": counts.orr_without_ne.events,
            "CRR": counts.crr.events,
        }
        assert seen == wanted, counts.week
        assert counts.orr.total == counts.crr.total == wanted["N"]
    best = by_key(derive_best_response(fast), "USUBJID")
    for subject in {str(row["USUBJID"]) for row in slow}:
        wanted_row = best_response([row for row in slow if row["USUBJID"] == subject])
        seen = best[(subject,)]
        assert (seen["AVALC"], seen["FROMVIS"]) == (wanted_row["AVALC"], wanted_row["AVISITN"])


@COHORTS
def test_response(kind: str, seed: int, patients: int) -> None:
    """Every column of ADRS, the denominators and the best response."""
    check_response(cohort_of(kind, seed, patients), settings_of(seed))


@COHORTS
def test_severity(kind: str, seed: int, patients: int) -> None:
    """Severity, what it rests on, and why there is none."""
    cohort, setting = cohort_of(kind, seed, patients), settings_of(seed)
    found = by_key(derive_severity(cohort.data(), setting.arc_cut), "USUBJID")
    for subject, own in by_subject(cohort.tables).items():
        wanted = severity(own, subject, setting)
        assert {name: found[(subject,)][name] for name in wanted} == wanted, subject


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_row_order_carries_no_meaning(seed: int) -> None:
    """The same rows in another order give the same frame."""
    data, setting = random_cohort(seed, 60).data(), settings_of(seed)
    rules = load_rule_sets()[setting.criteria]
    once = derive_response(data, rules, setting)
    for order in (1, 2):
        pd.testing.assert_frame_equal(derive_response(shuffled(data, order), rules, setting), once)
        again = derive_severity(shuffled(data, order), setting.arc_cut)
        pd.testing.assert_frame_equal(again, derive_severity(data, setting.arc_cut))


@given(cohorts, st.integers(0, 485))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_response_of_small_cohorts(cohort: Cohort, number: int) -> None:
    """Small cohorts, which Hypothesis makes smaller still where the two differ."""
    check_response(cohort, settings_of(number))


@pytest.mark.torture
def test_the_cohorts_reach_every_answer() -> None:
    """What is compared is not one answer over and over."""
    seen = set()
    for seed in range(8):
        cohort, setting = random_cohort(seed, 40), settings_of(seed)
        rules = load_rule_sets()[setting.criteria]
        frame = derive_response(cohort.data(), rules, setting)
        seen |= set(zip(frame["AVALC"], frame["REASON"].fillna(""), strict=True))
        due = frame[frame["DUEFL"] == "Y"]
        assert (due["TARGETDT"].dropna() + timedelta(setting.window_days) <= pd.Timestamp(cohort.cutoff)).all()
    reasons = ["DEATH", "HSCT", "SALVAGE", "WITHDRAWN", "NOT_INFUSED", "BELOW", "SUPPORTED"]
    wanted = {("CR", ""), ("PR", ""), ("NYD", "NOT_DUE"), *(("NR", reason) for reason in reasons)}
    wanted |= {("NE", reason) for reason in ("MISSING", "SUPPORT_UNKNOWN", "NOT_ASSESSABLE")}
    assert wanted <= seen
