"""Cross-domain checks: what single sheets cannot tell, each rule with its limits and with what it found, 0 included.

What is wrong within one sheet as it was typed (units, ranges, unreadable cells) is found at the import and travels with
the cut; it is not looked for again here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import cross_checks_dates as dates
from . import cross_checks_deaths as deaths
from . import cross_checks_doses as doses
from . import cross_checks_records as records
from . import cross_checks_support as support
from .cross_check_parts import Check, Checked, Material, Rule

# Group → rules in the order they are shown. Limits: days, g/L, 10^9/L, times.
RULES: Mapping[str, Sequence[tuple[Check, Rule]]] = {
    "death": (
        (Check("death_without_event"), deaths.death_without_event),
        (Check("event_without_death"), deaths.event_without_death),
        (Check("fatal_mismatch"), deaths.fatal_mismatch),
        (Check("death_dates"), deaths.death_dates),
        (Check("after_death"), deaths.after_death),
    ),
    "serious": (
        (Check("serious_without_criterion"), records.serious_without_criterion),
        (Check("criterion_without_serious"), records.criterion_without_serious),
        (Check("serious_without_outcome"), records.serious_without_outcome),
    ),
    "dates": (
        (Check("end_before_start"), dates.end_before_start),
        (Check("ongoing_with_end"), dates.ongoing_with_end),
        (Check("open_event_with_end"), dates.open_event_with_end),
        (Check("ended_event_without_end"), dates.ended_event_without_end),
        (Check("event_before_consent"), dates.event_before_consent),
        (Check("dose_before_consent"), dates.dose_before_consent),
        (Check("visits_out_of_order"), dates.visits_out_of_order),
        (Check("undated"), dates.undated),
    ),
    "treatment": (
        (Check("infusion_before_atg"), dates.infusion_before_atg),
        (Check("infusion_off_day"), doses.infusion_off_day),
        (Check("dose_without_visit"), doses.dose_without_visit),
        (Check("dose_after_end"), doses.dose_after_end),
        (Check("dose_after_discontinuation"), doses.dose_after_discontinuation),
    ),
    "support": (
        (Check("transfusion_without_count", {"days": 3}), support.transfusion_without_count),
        (Check("transfusion_at_high_count", {"days": 3, "HGB": 100, "PLAT": 50}), support.transfusion_at_high_count),
        (
            Check(
                "rise_without_transfusion",
                {"HGB_below": 80, "HGB_rise": 20, "HGB_days": 7, "PLAT_below": 20, "PLAT_rise": 20, "PLAT_days": 3},
            ),
            support.rise_without_transfusion,
        ),
    ),
    "visits": (
        (Check("assessment_without_lineage"), support.assessment_without_lineage),
        (Check("result_without_visit"), doses.result_without_visit),
        (Check("result_off_visit", {"days": 7}), doses.result_off_visit),
    ),
    "records": (
        (Check("unit_jump", {"fold": 5}), support.unit_jump),
        (Check("duplicate_result"), records.duplicate_result),
        (Check("duplicate_event"), records.duplicate_event),
        (Check("duplicate_row"), records.duplicate_row),
    ),
}


def find_contradictions(material: Material) -> dict[str, tuple[Checked, ...]]:
    """Return what every check found, by group; findings sorted by subject, day and row."""
    return {group: tuple(_sorted(rule(material, check)) for check, rule in rules) for group, rules in RULES.items()}


def _sorted(checked: Checked) -> Checked:
    rows = checked.findings.sort_values(["USUBJID", "ADY", "ROWKEY"], kind="stable", ignore_index=True)
    return Checked(checked.check, checked.looked_at, rows, checked.lacking)
