"""Recovery times: the fast and the slow implementation give the same."""

from __future__ import annotations

from support import slow_recovery
from support.agreement import COHORTS, TIMES, by_key, cohort_of, settings_of
from support.slow_reference import by_subject

from saa_dash.analysis.adtte import derive_time_to_events
from saa_dash.analysis.recovery import THRESHOLDS
from saa_dash.protocol.rules import load_rule_sets

PARAMETERS = (*slow_recovery.THRESHOLDS, "TTRBCI")


@COHORTS
def test_recovery(kind: str, seed: int, patients: int) -> None:
    """Who is at risk, when it ends and how; which candidates are still open."""
    cohort, setting = cohort_of(kind, seed, patients), settings_of(seed)
    fast = derive_time_to_events(cohort.data(), load_rule_sets()[setting.criteria], setting)
    found = {key: row for key, row in by_key(fast.rows, "USUBJID", "PARAMCD").items() if key[1] in PARAMETERS}
    wanted = {}
    for subject, own in by_subject(cohort.tables).items():
        for param in slow_recovery.THRESHOLDS:
            wanted[subject, param] = slow_recovery.recovery(own, subject, param, cohort.cutoff, setting)
        wanted[subject, "TTRBCI"] = slow_recovery.red_cell_independence(own, subject, cohort.cutoff, setting)
    assert set(found) == {key for key, row in wanted.items() if row["AT_RISK"]}
    for key, row in found.items():
        assert {name: row[name] for name in TIMES} == {name: wanted[key][name] for name in TIMES}, (key, setting)
    waiting = fast.candidates[fast.candidates["CNFDT"].isna()]
    assert set(zip(waiting["USUBJID"], waiting["PARAMCD"], waiting["ADT"].dt.date, strict=True)) == {
        (*key, row["ADT"]) for key, row in wanted.items() if row.get("OPEN")
    }


def test_the_same_parameters() -> None:
    """The fast implementation derives the thresholds of the text."""
    assert {name: tuple(value) for name, value in THRESHOLDS.items()} == slow_recovery.THRESHOLDS
