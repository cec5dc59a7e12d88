"""Methods, section 1: the trial as registered, what shows each outcome, and what the record leaves blank."""

from __future__ import annotations

from ..model.message import Message
from ..model.protocol import Intervention, Protocol
from ..model.rules import Bilingual
from ..model.settings import StudySettings
from .context import View
from .methods_blocks import NONE, NOT_SPECIFIED, Cell, Facts, Grid, Lines, PageRef, Part, Section, columns, facts, say
from .methods_settings import setting_rows


def trial_section(view: View) -> Section:
    """Return what is registered; of a foreign study only that nothing is."""
    protocol = view.protocol
    if protocol is None:
        return Section("trial", (Part("facts", (Lines((say("safety.no_protocol", study=view.cut.study),)),)),))
    return Section(
        "trial",
        (
            Part("facts", (_facts(protocol),)),
            Part("treatment", (_treatment(protocol, view.settings),)),
            Part("eligibility", (_eligibility(protocol), Lines((say("methods.trial.inclusion_blank"),)))),
            Part("outcomes", (_outcomes(protocol), Lines((say("methods.trial.comparator"),)))),
            Part("blanks", (Lines((say("methods.trial.blanks"),)), _blanks(view, protocol))),
        ),
    )


def _span(start: object, end: object) -> Message:
    return say("methods.value.span", start=start, end=end)


def _facts(protocol: Protocol) -> Facts:
    registration, design = protocol.registration, protocol.design
    prospective = say("methods.value.prospective" if registration.prospective else "methods.value.retrospective")
    sexes = tuple(Message(f"term.sex.{code}") for code in protocol.sexes)
    values: dict[str, Cell] = {
        "registration": say(
            "methods.value.registration", number=registration.number, registered=registration.registered,
            refreshed=registration.refreshed, prospective=prospective,
        ),
        "title": protocol.title,
        "institution": protocol.institution,
        "funding": protocol.funding,
        "ethics": say("methods.value.ethics", number=protocol.ethics.number, approved=protocol.ethics.approved),
        "disease": protocol.disease,
        "objective": protocol.objective,
        "design": say("methods.value.three", a=design.study_type, b=design.phase, c=design.allocation),
        "sample_size": say("methods.value.sample_size", n=protocol.planned_n, arm=design.arm),
        "age": say("methods.value.years", low=protocol.age_min, high=protocol.age_max),
        "sex": say("methods.value.two", a=sexes[0], b=sexes[-1]) if len(sexes) > 1 else sexes[0],
        "study_period": _span(protocol.study_period.start, protocol.study_period.end),
        "recruiting": say(
            "methods.value.recruiting", start=protocol.recruiting.start, end=protocol.recruiting.end,
            status=protocol.recruiting_status,
        ),
        "samples": protocol.samples,
        "data_collection": protocol.data_collection,
        "dsmc": protocol.dsmc,
        "ipd": protocol.ipd_sharing,
    }  # fmt: skip
    return facts(values)


def _treatment(protocol: Protocol, settings: StudySettings) -> Grid:
    rows = tuple((item.name, _dose(item, settings), _when(item), _duration(item)) for item in protocol.interventions)
    return Grid("treatment", columns("component", "dose", "schedule", "duration"), rows)


def _dose(item: Intervention, settings: StudySettings) -> Message:
    unit = Message(f"methods.dose_unit.{item.unit}") if item.unit == "10^8 cells" else item.unit
    per = "per_kg" if item.per_kg else "fixed"
    key = f"methods.dose.{per}_{item.frequency}"
    if key == "methods.dose.fixed_once":
        key = f"{key}_{settings.cell_dose_per_infusion}"
    dose = say(key, dose=item.dose, unit=unit)
    if not item.starting_dose or item.target is None:
        return dose
    target = item.target
    return say(
        "methods.dose.starting", dose=dose, low=target.low, high=target.high, unit=Message(f"term.unit.{target.unit}")
    )


def _when(item: Intervention) -> Message:
    if item.study_days:
        return say("methods.dose.study_days", first=item.study_days[0], last=item.study_days[-1])
    if item.days_after_atg:
        return say("methods.dose.after_atg", first=item.days_after_atg[0], last=item.days_after_atg[-1])
    return NOT_SPECIFIED


def _duration(item: Intervention) -> Message:
    if item.study_days:
        return say("methods.value.days", n=len(item.study_days))
    if item.days_after_atg:
        return say("methods.dose.times", n=len(item.days_after_atg))
    return NOT_SPECIFIED if item.months is None else say("methods.dose.months", n=item.months)


def _eligibility(protocol: Protocol) -> Grid:
    excluded = tuple((say("methods.eligibility.exclusion", n=c.number), c.text) for c in protocol.exclusion)
    included = tuple((say("methods.eligibility.inclusion", n=c.number), c.text) for c in protocol.inclusion)
    checks = tuple((say("methods.eligibility.follows"), c.text) for c in protocol.checks)
    return Grid("eligibility", columns("kind", "criterion"), (*included, *checks, *excluded))


def _outcomes(protocol: Protocol) -> Grid:
    rows = tuple(
        (Message(f"outcome.kind.{item.kind}"), item.title, _weeks(item.weeks), PageRef(item.page))
        for item in protocol.outcomes
    )
    return Grid("outcomes", columns("kind", "outcome", "time_points", "page"), rows)


def _weeks(weeks: tuple[int, ...]) -> Message:
    if not weeks:
        return NOT_SPECIFIED
    listed: object = weeks[0]
    for week in weeks[1:]:
        listed = say("methods.value.two", a=listed, b=week)
    return say("methods.value.weeks", weeks=listed)


def _blanks(view: View, protocol: Protocol) -> Grid:
    in_force = {row.key: row for row in setting_rows(view)}

    def row(title: Bilingual, setting: str) -> tuple[Cell, ...]:
        if not setting:
            return title, NOT_SPECIFIED, NONE, NONE
        found = in_force[setting]
        return title, NOT_SPECIFIED, say("methods.value.key", key=setting), found.in_force

    rows = tuple(row(item.title, item.setting) for item in protocol.blanks)
    return Grid("blanks", columns("blank", "in_record", "filled_by", "in_force"), rows)
