"""Chapters on the trial and its patients: synopsis, timetable, status, enrolment, screening."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..analysis.eligibility import RESULTS
from ..charts.change_marks import mark_swimmer
from ..charts.curve import figure_curve
from ..charts.strips import figure_strips
from ..charts.swimmer import figure_swimmer
from ..model.protocol import Criterion, EligibilityCheck
from .document import Block, Chapter, Facts, Figure, Table, Text
from .speaker import Speaker

NARROW = 760  # px of a figure that needs no more


def synopsis(speaker: Speaker) -> Chapter:
    """Return the trial as registered."""
    say, content = speaker.say, speaker.content
    if content.protocol is None:
        words = Text(say("safety.no_protocol", study=content.cut.study), "missing")
        return Chapter(say("pack.chapter.synopsis"), (words,), opens=True)
    trial = content.trial
    facts = tuple((speaker.value(name), speaker.value(value)) for name, value in trial.facts)
    blocks: list[Block] = [Facts(facts)]
    for grid, title in ((trial.treatment, "methods.part.treatment"), (trial.outcomes, "pack.outcomes")):
        if grid is not None:
            blocks.append(Table(say(title), speaker.frame(grid), speaker.source()))
    blocks.append(Text(say("methods.trial.comparator"), "note"))
    return Chapter(say("pack.chapter.synopsis"), tuple(blocks), opens=True)


def timetable(speaker: Speaker) -> Chapter:
    """Return when the trial runs, when patients are assessed, and where the data end."""
    say, content = speaker.say, speaker.content
    settings, cut = content.settings, content.cut
    dates: list[tuple[str, str]] = []
    if content.protocol is not None:
        periods = (("study_period", content.protocol.study_period), ("recruiting", content.protocol.recruiting))
        for name, period in periods:
            span = say("methods.value.span", start=period.start, end=period.end)
            dates.append((say(f"methods.fact.{name}" if name == "study_period" else "pack.time.recruiting"), span))
    dates.append((say("pack.time.cutoff"), cut.cutoff.isoformat()))
    for name in ("safety", "efficacy"):
        own = getattr(settings, f"{name}_cutoff")
        shown = min(own, cut.cutoff).isoformat() if own else say("pack.time.same")
        dates.append((say(f"pack.time.{name}"), shown))
    earlier = _cut_words(speaker) if content.since else say("pack.time.none")
    dates.append((say("pack.time.since"), earlier))
    columns = [say("pack.column.what"), say("pack.column.when")]
    blocks: list[Block] = [Table(say("pack.time.title"), pd.DataFrame(dates, columns=columns), speaker.source())]
    if content.protocol is None:
        blocks.append(Text(say("pack.time.no_visits", study=cut.study), "missing"))
    else:
        blocks.append(Table(say("pack.time.visits"), _visits(speaker), speaker.source(), (say("pack.time.note"),)))
    return Chapter(say("pack.chapter.timetable"), tuple(blocks))


def _cut_words(speaker: Speaker) -> str:
    since = speaker.content.since
    return "" if since is None else speaker.say("provenance.cut", cut=since.cut_id, date=since.cutoff)


def _visits(speaker: Speaker) -> pd.DataFrame:
    say, half = speaker.say, speaker.content.endpoint.window_days
    protocol = speaker.content.protocol
    assert protocol is not None
    rows = [
        (say("pack.time.week", week=item.week), item.offset, item.offset + 1,
         f"{item.offset + 1 - half}–{item.offset + 1 + half}")
        for item in protocol.assessments
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[say(f"pack.column.{name}") for name in ("visit", "offset", "day", "window")])


def status(speaker: Speaker) -> Chapter:
    """Return who is where, and the responses so far."""
    say, people, content = speaker.say, speaker.content.people, speaker.content
    counted = [(say(f"ui.status.{code}"), f"{people.status_counts.get(code, 0)}/{people.selected}") for code in _STATES]
    columns = [say("column.status"), say("ae.column.patients")]
    notes = []
    if people.follow_up:
        median, low, high = (round(days) for days in people.follow_up)
        notes.append(say(f"pack.status.follow_up_{content.day_one}", median=median, low=low, high=high))
    if people.arms:
        arms = [say("gap.arm", name=name, n=n) for name, n in people.arms.items()]
        notes.append(say("gap.arms", arms=speaker.joined(arms)))
    blocks: list[Block] = [
        Text(_answer(speaker), "answer"),
        Table(say("pack.status.title"), pd.DataFrame(counted, columns=columns), speaker.source(), tuple(notes)),
    ]
    blocks += _response(speaker)
    if people.treated:
        view = figure_swimmer(people.swimmer, speaker.look, rule=speaker.rule)
        if content.news is not None:
            view = mark_swimmer(view, people.swimmer, content.news.told, speaker.look)
        blocks.append(Figure(view, speaker.source(rule=speaker.rule)))
    if people.survival is not None:
        curve = people.survival
        method = say("method.kaplan_meier", level=95, conf_type=say(f"method.conf_type.{curve.conf_type}"))
        view = figure_curve(curve, speaker.look, method=method, origin=say(f"ui.origin.{people.origin}"))
        blocks.append(Figure(view, speaker.source(), NARROW))
    return Chapter(say("pack.chapter.status"), tuple(blocks), opens=True)


_STATES = ("ON_STUDY", "COMPLETED", "WITHDRAWAL", "LOST", "DEATH", "NOT_TREATED")


def _answer(speaker: Speaker) -> str:
    people = speaker.content.people
    counts = people.status_counts
    return speaker.say(
        "pack.status.answer", treated=people.treated, total=people.selected, on=counts.get("ON_STUDY", 0),
        died=counts.get("DEATH", 0),
    )  # fmt: skip


def _response(speaker: Speaker) -> list[Block]:
    """Return responses at the visits, or why there are none."""
    content = speaker.content
    if content.gap:
        return [missing(speaker, "gap.response")]
    view = figure_strips(content.people.strips, speaker.look, method=speaker.interval, rule=speaker.rule)
    return [Figure(view, speaker.source(rule=speaker.rule))]


def missing(speaker: Speaker, what: str) -> Text:
    """Return what is not there, with the reasons."""
    reasons = " ".join(speaker.value(reason) for reason in speaker.content.gap)
    return Text(f"{speaker.say(what)}{speaker.say('pack.because')}{reasons}", "missing")


def enrolment(speaker: Speaker) -> Chapter:
    """Return how many are enrolled, against what the plan would have by now."""
    say, content, people = speaker.say, speaker.content, speaker.content.people
    columns = [say(f"pack.column.{name}") for name in ("cut", "cutoff", "enrolled", "expected", "planned")]
    rows = []
    if content.since is not None and people.before is not None:
        rows.append(_enrolled(speaker, say("pack.enrolment.before"), content.since.cutoff, people.before))
    rows.append(_enrolled(speaker, say("pack.enrolment.now"), content.cut.cutoff, people.enrolled))
    frame = pd.DataFrame(rows, columns=columns)
    notes = [say("pack.enrolment.expected" if content.protocol else "pack.enrolment.no_plan", study=content.cut.study)]
    notes.append(say("pack.enrolment.no_dates"))
    table = Table(say("pack.enrolment.title"), frame, speaker.source(), tuple(notes))
    return Chapter(say("pack.chapter.enrolment"), (table,), opens=True)


def _enrolled(speaker: Speaker, name: str, cutoff: date, count: int) -> tuple[str, str, int, str, str]:
    protocol = speaker.content.protocol
    if protocol is None:
        return name, cutoff.isoformat(), count, "–", "–"
    period = protocol.recruiting
    length, gone = (period.end - period.start).days + 1, (cutoff - period.start).days + 1
    share = min(max(gone / length, 0.0), 1.0)
    return name, cutoff.isoformat(), count, f"{share * protocol.planned_n:.1f}", str(protocol.planned_n)


def screening(speaker: Speaker) -> Chapter:
    """Return who was screened, who failed, and which criteria are violated or not known."""
    say, people = speaker.say, speaker.content.people
    rows = [
        (say("pack.screening.screened"), people.selected),
        (say("pack.screening.failed"), people.failures),
        (say("pack.screening.enrolled"), people.enrolled),
        (say("pack.screening.treated"), people.treated),
    ]
    columns = [say("pack.column.what"), say("ae.column.patients")]
    blocks: list[Block] = [Table(say("pack.screening.title"), pd.DataFrame(rows, columns=columns), speaker.source())]
    blocks += _eligibility(speaker)
    return Chapter(say("pack.chapter.screening"), tuple(blocks))


def _eligibility(speaker: Speaker) -> list[Block]:
    say, content, found = speaker.say, speaker.content, speaker.content.people.eligibility
    if found is None or content.protocol is None:
        return [Text(say("pack.screening.no_protocol", study=content.cut.study), "missing")]
    counts = found.groupby(["CODE", "RESULT"]).size().unstack("RESULT", fill_value=0)
    counts = counts.reindex(columns=list(RESULTS), fill_value=0)
    protocol = content.protocol
    listed: list[Criterion | EligibilityCheck] = [*protocol.inclusion, *protocol.checks, *protocol.exclusion]
    by_code = dict(zip(counts.index.astype("str"), counts.to_numpy().tolist(), strict=True))
    rows = [(item.text[speaker.lang], *by_code[item.code]) for item in listed if item.code in by_code]
    columns = [say("methods.column.criterion"), *(say(f"pack.eligible.{code}") for code in RESULTS)]
    violated = found[(found["RESULT"] == "VIOLATED").to_numpy(bool)]
    words: dict[str, str] = {item.code: item.text[speaker.lang] for item in listed}
    said = [f"{code} · {words[name]}" for code, name in zip(violated["PCODE"], violated["CODE"], strict=True)]
    note = (
        say("pack.screening.violated", n=len(said), list=speaker.listed(said)) if said else say("pack.screening.none")
    )
    frame = pd.DataFrame(rows, columns=columns)
    return [Table(say("pack.screening.criteria"), frame, speaker.source(), (note,))]
