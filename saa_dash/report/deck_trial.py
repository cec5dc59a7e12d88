"""Slides on the trial and its patients: title, at a glance, flow, baseline, swimmer."""

from __future__ import annotations

from ..analysis.proportions import Proportion
from ..charts.swimmer import figure_swimmer
from .deck_teller import Teller, Told, speaker_notes
from .names import plain
from .pack_conduct import characteristics
from .slides.slide import Cards, Points, Rows, Slide, Steps

_STATES = ("ON_STUDY", "COMPLETED", "WITHDRAWAL", "LOST", "DEATH")
_HALF = 11  # rows of a baseline table from which it stands in two columns


def title_slide(teller: Teller) -> Slide:
    """Return the title: the trial, the cut, and room for who speaks."""
    say, content = teller.say, teller.content
    protocol, cut = content.protocol, content.cut
    title = protocol.title[teller.lang] if protocol else say("deck.title.study", study=cut.study)
    lines = [
        say("deck.title.study", study=cut.study),
        say("deck.title.cut", cut=cut.cut_id, date=cut.cutoff),
        say("deck.title.people", n=content.flow.selected, treated=content.flow.treated),
        say("deck.title.speaker"),
    ]
    notes = speaker_notes(teller.lang, title, content.provenance, "")
    return Slide(title, (Points(tuple(lines)),), notes, "", stamps=teller.stamps(content.provenance), opening=True)


def glance(teller: Teller) -> Slide:
    """Return the trial at a glance: how many, how long, how many responded; and what is given."""
    say, content, flow = teller.say, teller.content, teller.content.flow
    counts = flow.status_counts
    planned = content.protocol.planned_n if content.protocol else None
    cards = [
        (
            f"{flow.treated}/{planned or flow.selected}",
            say("deck.glance.treated"),
            say("deck.glance.of_planned" if planned else "deck.glance.of_subjects"),
        ),
        (f"{counts.get('ON_STUDY', 0)}/{flow.treated}", say("deck.glance.on_study"), say("deck.glance.at_cutoff")),
        (f"{counts.get('DEATH', 0)}/{flow.treated}", say("deck.glance.deaths"), say("deck.glance.at_cutoff")),
    ]
    if flow.follow_up:
        median, low, high = (round(days) for days in flow.follow_up)
        cards.append(
            (
                say("deck.glance.days", n=median),
                say("deck.glance.follow_up"),
                say("deck.glance.range", low=low, high=high),
            )
        )
    cards += _rates(teller)
    given = content.trial.treatment
    lines = (
        [say("deck.glance.component", what=teller.value(row[0]), how=teller.value(row[1])) for row in given.rows]
        if given
        else []
    )
    if not lines and flow.arms:
        arms = [say("gap.arm", name=plain(name), n=n) for name, n in flow.arms.items()]
        lines = [say("gap.arms", arms=teller.joined(arms))]
    title = say("deck.glance.title", n=flow.treated, on=counts.get("ON_STUDY", 0), died=counts.get("DEATH", 0))
    blocks: list[Cards | Points] = [Cards(tuple(cards))]
    if lines:
        blocks.append(Points(tuple(lines)))
    shares = (0.68, 0.32)[: len(blocks)]
    rule = content.responses is not None
    told = Told(method=teller.interval, rule=rule, stacked=True, shares=shares, of=flow.selected)
    return teller.slide(title, blocks, told)


def _rates(teller: Teller) -> list[tuple[str, str, str]]:
    """Return the rates of the last visit that is due, or why there are none."""
    say, found = teller.say, teller.content.responses
    if found is None:
        return [("–", say("deck.glance.response"), say("gap.response"))]
    due = [strip for strip in found.strips if strip.orr.total]
    if not due:
        return [("–", say("deck.glance.response"), say("deck.glance.nobody_due"))]
    last = due[-1]
    rates = (("ORR", last.orr, last.counts.rate_printable), ("CRR", last.crr, True))
    return [_rate(teller, name, rate, last.week, printable=printable) for name, rate, printable in rates]


def _rate(teller: Teller, name: str, rate: Proportion, week: int, *, printable: bool) -> tuple[str, str, str]:
    label = teller.say(f"deck.glance.{name}", week=week)
    if not printable:
        return "–", label, teller.say("chart.rate.not_assessable")
    shares = [f"{100 * share:.0f}" for share in (rate.estimate, rate.lower, rate.upper)]
    note = teller.say("deck.glance.limits", percent=shares[0], lower=shares[1], upper=shares[2])
    return f"{rate.events}/{rate.total}", label, note


def patient_flow(teller: Teller) -> Slide:
    """Return who came in, who left, and where the others are."""
    say, flow = teller.say, teller.content.flow
    boxes = (
        (say("pack.screening.screened"), f"n = {flow.selected}"),
        (say("pack.screening.enrolled"), f"n = {flow.enrolled}"),
        (say("pack.screening.treated"), f"n = {flow.treated}"),
    )
    beside = (
        say("deck.flow.failed", n=flow.failures),
        say("deck.flow.untreated", n=max(flow.enrolled - flow.treated, 0)),
        "",
    )
    ends = tuple((say(f"ui.status.{code}"), str(flow.status_counts.get(code, 0))) for code in _STATES)
    title = say(
        "deck.flow.title", screened=flow.selected, treated=flow.treated, on=flow.status_counts.get("ON_STUDY", 0)
    )
    return teller.slide(title, [Steps(boxes, beside, ends)], Told(footnote=say("deck.flow.note"), of=flow.selected))


def baseline_slide(teller: Teller) -> Slide:
    """Return who was treated, in two columns where the table is long."""
    say, content = teller.say, teller.content
    treated = content.flow.treated
    title = say("deck.baseline.title", n=treated)
    if not treated:
        return teller.slide(title, [Points((say("lab.nobody_treated"),))], Told())
    rows = content.baseline
    age = rows[(rows.iloc[:, 0] == "AGE").to_numpy(bool)]
    medians = age.iloc[:, 4].astype("float64").dropna().tolist()
    if medians:
        title = say("deck.baseline.title_age", n=treated, age=f"{medians[0]:g}")
    frame, heads = characteristics(teller, rows, content.units)
    told = Told(footnote=say("pack.baseline.note"), method=say("deck.baseline.method"))
    if len(frame) <= _HALF:
        return teller.slide(title, [Rows(frame, title, frozenset(heads))], told)
    cut = _middle(frame.iloc[:, 0].astype("str").tolist(), heads)
    left, right = frame.iloc[:cut], frame.iloc[cut:]
    blocks = [
        Rows(left, title, frozenset(head for head in heads if head < cut)),
        Rows(right, title, frozenset(head - cut for head in heads if head >= cut)),
    ]
    return teller.slide(title, blocks, told)


def swimmer_slide(teller: Teller) -> Slide:
    """Return each treated patient's way through the study."""
    if not teller.content.flow.treated:
        return teller.slide(teller.say("deck.nobody"), [Points((teller.say("lab.nobody_treated"),))], Told())
    view = figure_swimmer(teller.content.swimmer, teller.look, rule=teller.rule)
    return teller.figure(view, Told(rule=True))


def _middle(names: list[str], heads: list[int]) -> int:
    """Return where a table is cut in two: a head and the rows below it stay together."""
    cut = -(-len(names) // 2)
    while cut - 1 in heads:
        cut -= 1
    while cut < len(names) and names[cut].startswith("\u2003"):
        cut += 1
    return cut
