"""Methods, section 7: adverse events, laboratory grades, liver and kidney, levels, exposure, eligibility."""

from __future__ import annotations

from collections.abc import Mapping

from ..analysis import kidney, liver
from ..analysis.adae import DSMB_CLASSES, REGISTRY_CLASSES, RELATED
from ..analysis.complications import PER_DAYS
from ..analysis.csa import FIRST_DAY
from ..analysis.narratives import DEATH_DAYS
from ..model.ctcae import HIGHEST_BY_VALUE, HighGrades, LowGrades
from ..model.message import Message
from ..model.vocabulary import LAB_TESTS, Component
from ..protocol.ctcae import load_ctcae
from .context import View
from .methods_blocks import NONE, NOT_SPECIFIED, Block, Cell, Grid, Lines, Part, Section, columns, lines, say, test_name

_GRADES = range(1, HIGHEST_BY_VALUE + 1)


def safety_section(view: View) -> Section:
    """Return the definitions of safety."""
    return Section(
        "safety",
        (
            Part("adverse_events", (_adverse_events(),)),
            Part("adverse_events_time", (lines("adverse_events_time", "sides", "first", "rates", "grades", "narratives",
                                               days=DEATH_DAYS),)),
            Part("complications", (_classes(), lines("complications", "coded", "follow_up", "rate", "onset",
                                                     "attribution", per=PER_DAYS))),
            Part("ctcae", _ctcae()),
            Part("liver", (_liver(),)),
            Part("kidney", (_kidney(),)),
            Part("levels", (_levels(view),)),
            Part("exposure", (_exposure(view),)),
            Part("findings", (lines("findings", "baseline", "day_one", "vital", "examination", "visit"),)),
            Part("eligibility_checks", (lines("eligibility_note", "answers", "age", "consent", "recruiting",
                                              "disagree"),)),
        ),
    )  # fmt: skip


def _adverse_events() -> Lines:
    related = tuple(Message(f"term.causality.{code}") for code in RELATED)
    words = say("methods.value.three", a=related[0], b=related[1], c=related[2])
    return lines(
        "adverse_events", "emergent", "onset", "worsening", "end", "related", "overall", "after", "severity",
        "populations", "serious", "unrecorded", words=words,
    )  # fmt: skip


def _classes() -> Grid:
    def rows(codes: tuple[str, ...], source: str) -> tuple[tuple[Cell, ...], ...]:
        return tuple((Message(f"term.complication.{code}"), Message(f"term.aesi_source.{source}")) for code in codes)

    return Grid(
        "classes", columns("class", "named_by"), (*rows(REGISTRY_CLASSES, "REGISTRY"), *rows(DSMB_CLASSES, "DSMB"))
    )


def _ctcae() -> tuple[Block, ...]:
    criteria = load_ctcae()
    grades = tuple(say("methods.column.grade", n=grade) for grade in _GRADES)
    low = tuple(_low(item) for item in criteria.low.values())
    high = tuple(_high(item) for item in criteria.high.values())
    return (
        lines("ctcae", "version", "boundary", "shift", version=criteria.version),
        Grid("ctcae_low", (*columns("test", "unit"), *grades), low),
        Grid("ctcae_high", (*columns("test", "judged_by"), *grades), high),
        lines("ctcae", "abnormal", "either", "limits", "censored", "worst", "ungraded"),
    )


def _low(item: LowGrades) -> tuple[Cell, ...]:
    below = (say("methods.ctcae.below", x=item.below[g]) if g in item.below else NONE for g in _GRADES[1:])
    unit = Message(f"term.unit.{LAB_TESTS[item.test]}")
    return test_name(item.test), unit, say("methods.ctcae.below_lln"), *below


def _high(item: HighGrades) -> tuple[Cell, ...]:
    cells = tuple(_above(item.uln, item.baseline, grade, item.first_included) for grade in _GRADES)
    return test_name(item.test), Message(f"methods.ctcae.use_{item.use}"), *cells


def _above(uln: Mapping[int, float], baseline: Mapping[int, float], grade: int, included: bool) -> Message:
    by_limit = say("methods.ctcae.above_uln", x=uln[grade]) if grade in uln else NONE
    if grade not in baseline:
        return by_limit
    sign = "≥" if included and grade == 1 else ">"
    return say("methods.ctcae.above_either", limit=by_limit, sign=sign, x=baseline[grade])


def _liver() -> Lines:
    return lines(
        "liver", "hy", "timing", "quadrants", "mdish", "direct",
        alt=liver.AMINOTRANSFERASE, bilirubin=liver.BILIRUBIN, alp=liver.ALP, days=liver.BILIRUBIN_DAYS,
    )  # fmt: skip


def _kidney() -> Lines:
    first, second, third = kidney.STAGES
    return lines(
        "kidney", "stage_1", "stage_2", "stage_3", "windows", "ratio",
        first=first, second=second, third=third, days=kidney.WINDOW_DAYS, rise=kidney.RISE,
        rise_days=kidney.RISE_DAYS, value=kidney.STAGE_3_VALUE,
    )  # fmt: skip


def _levels(view: View) -> Lines:
    target = view.protocol.intervention(Component.CSA).target if view.protocol else None
    if target is None:
        words: Message = NOT_SPECIFIED
    else:
        words = say("methods.value.range", low=target.low, high=target.high, unit=Message(f"term.unit.{target.unit}"))
    return lines("levels", "range", "samples", "censored", "trough", target=words, day=FIRST_DAY)


def _exposure(view: View) -> Lines:
    settings = view.settings
    return lines(
        "exposure", "dose_tolerance", "infusion_tolerance", "infusions", "cell_dose", "weight", "cyclosporine",
        "hetrombopag", "horizon", "discontinuation",
        percent=settings.tolerance.dose_percent, days=settings.tolerance.infusion_days,
        length=settings.hetrombopag_days, start=settings.hetrombopag_start_day,
        counted=Message(f"methods.cell_dose.{settings.cell_dose_per_infusion}"),
    )  # fmt: skip
