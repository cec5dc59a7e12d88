"""The rows behind a profile: everything drawn, in time order, in the reader's language."""

from __future__ import annotations

import pandas as pd

from ..analysis.profile import Profile
from ..i18n import label
from .ae_rows import level_name
from .lineage import support_name
from .profile_counts import support_table
from .profile_lanes import reason_text
from .theme import Look

_COLUMNS = ("day", "until", "track", "value", "unit", "note")


def profile_table(profile: Profile, look: Look) -> pd.DataFrame:
    """Return day, until, what, value, unit and note of all that a profile can show."""
    parts = (
        _counts(profile, look), _results(profile, look), _support(profile, look), _doses(profile, look),
        _pauses(profile, look), _events(profile, look), _states(profile, look), _marks(profile, look),
    )  # fmt: skip
    rows = [row for part in parts for row in part]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).sort_values(["day", "track"], kind="stable")
    frame = frame.astype({"day": "Int64", "until": "Int64"}).reset_index(drop=True)
    return frame.rename(columns={name: look.say(f"profile.column.{name}") for name in _COLUMNS})


Rows = list[tuple[float, float | None, str, str, str, str]]


def _counts(profile: Profile, look: Look) -> Rows:
    columns = ["ADY", "PARAMCD", "CENS", "AVAL", "SUPPORTED", "WHY"]
    return [
        (day, None, look.say(f"chart.lineage.{test}"), f"{sign}{value:g}", look.say(f"unit.{test}"),
         look.say("chart.profile.supported_by", name=support_name(why, look)) if held else "")
        for day, test, sign, value, held, why in profile.labs[columns].fillna({"CENS": ""}).itertuples(index=False)
    ]  # fmt: skip


def _results(profile: Profile, look: Look) -> Rows:
    columns = ["ADY", "TEST", "SERIES", "CENS", "AVAL", "UNIT", "GRADE"]
    names = {
        test: look.say(f"term.{'vital_sign' if test in ('TEMP', 'SYSBP', 'DIABP') else 'lab_test'}.{test}")
        for test in profile.results["TEST"].unique()
    }
    return [
        (day, None, names[test], f"{sign}{value:g}", label(look.lang, "unit", unit),
         " · ".join(filter(None, (series, look.say("profile.grade_long", grade=int(grade)) if grade > 0 else ""))))
        for day, test, series, sign, value, unit, grade in profile.results[columns].itertuples(index=False)
    ]  # fmt: skip


def _support(profile: Profile, look: Look) -> Rows:
    rows = support_table(profile.support)[["FROM", "TO", "CLAS"]].itertuples(index=False)
    return [(start, end if end > start else None, support_name(code, look), "", "", "") for start, end, code in rows]


def _doses(profile: Profile, look: Look) -> Rows:
    columns = ["FROM", "TO", "EXTRT", "DOSE", "UNIT", "ONGOING"]
    return [
        (start, end, label(look.lang, "component", drug), "" if pd.isna(dose) else f"{dose:g}",
         label(look.lang, "dose_unit", unit), look.say("profile.lasts") if lasts else "")
        for start, end, drug, dose, unit, lasts in profile.treatments[columns].itertuples(index=False)
    ]  # fmt: skip


def _pauses(profile: Profile, look: Look) -> Rows:
    return [
        (start, end, label(look.lang, "component", drug), "", "", look.say("profile.paused"))
        for drug, start, end in profile.pauses.itertuples(index=False)
    ]


def _events(profile: Profile, look: Look) -> Rows:
    columns = ["FROM", "TO", "NAME", "LEVEL", "SERIOUS", "ONGOING"]
    levels = {level: level_name(level, profile.scale, look) for level in profile.adverse["LEVEL"].unique()}
    serious, lasts = look.say("profile.serious"), look.say("profile.lasts")
    return [
        (
            start,
            None if ongoing else end,
            look.say("profile.event", name=name),
            levels[level],
            "",
            " · ".join(word for word, holds in ((serious, grave), (lasts, ongoing)) if holds),
        )
        for start, end, name, level, grave, ongoing in profile.adverse[columns].itertuples(index=False)
    ]


def _states(profile: Profile, look: Look) -> Rows:
    columns = ["FROM", "STATE", "WEEK", "REASON"]
    derived: Rows = [
        (
            start,
            None,
            look.say("profile.ribbon.derived"),
            look.say(f"term.response.{state}"),
            "",
            look.say("chart.week", n=week) + reason_text(look, why),
        )
        for start, state, week, why in profile.states[columns].itertuples(index=False)
    ]
    name = look.say("profile.ribbon.investigator")
    return derived + [(day, None, name, str(state), "", "") for day, state in profile.assessed.itertuples(index=False)]


def _marks(profile: Profile, look: Look) -> Rows:
    return [
        (day, None, look.say(f"chart.event.{kind}"), "", "", "")
        for kind, day in profile.marks[["KIND", "ADY"]].itertuples(index=False)
    ]
