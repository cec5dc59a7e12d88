"""One patient on one study-day axis: response, lineages, treatment, drug level, liver, kidney, signs, events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from ..analysis.profile import Profile
from ..i18n import event_name
from .profile_canvas import Canvas, start_canvas
from .profile_counts import draw_counts
from .profile_events import draw_events, pack_events
from .profile_flags import draw_days, draw_flags, pack_flags
from .profile_lanes import draw_response, draw_treatment
from .profile_plan import GROUPS, RESULT_TRACKS, USUAL, plan_tracks
from .profile_results import draw_results, drawn_series
from .profile_table import profile_table
from .theme import Look
from .view import FigureView

__all__ = ["GROUPS", "USUAL", "figure_profile"]


def figure_profile(
    profile: Profile,
    look: Look,
    *,
    window: tuple[int, int] | None = None,
    shown: Collection[str] = USUAL,
    linear: bool = False,
) -> FigureView:
    """Return the tracks of one patient under one another on a shared study-day axis.

    Parameters
    ----------
    window : first and last study day of the stretch looked into, drawn as a band; None for none.
    shown : groups of tracks beside the lineages, of `GROUPS`. linear : linear axes for counts of cells.
    """
    names = profile.adverse["NAME"].map(partial(event_name, look.lang))
    profile = replace(profile, adverse=profile.adverse.assign(NAME=names))
    flags, events = pack_flags(profile, look), pack_events(profile)
    plan = plan_tracks(profile, shown, flags.count, events.lanes)
    canvas = start_canvas(profile, plan, look)
    if flags.count:
        draw_flags(canvas, flags)
    _days(canvas)
    for name in canvas.places:
        if name == "response":
            draw_response(canvas)
        elif name in profile.lineages:
            draw_counts(canvas, name, linear=linear)
        elif name == "treatment":
            draw_treatment(canvas)
        elif name in RESULT_TRACKS:
            draw_results(canvas, name)
        elif name == "events":
            draw_events(canvas, events)
    if window is not None:
        _window(canvas, window)
    return FigureView(
        canvas.figure(),
        look.say("chart.profile.title", patient=profile.pcode),
        look.say("chart.profile.subtitle" if profile.due else "chart.profile.subtitle_no_visits"),
        _alt(profile, look),
        " ".join(_notes(profile, canvas, plan.absent, look)),
        profile_table(profile, look),
    )


def _days(canvas: Canvas) -> None:
    """Let the uppermost track tell the day under the pointer."""
    if "flags" in canvas.places:
        draw_days(canvas, "flags", 0.5)


def _window(canvas: Canvas, window: tuple[int, int]) -> None:
    """Shade the days the panel underneath lists."""
    canvas.shapes.append(
        {"type": "rect", "x0": window[0] - 0.5, "x1": window[1] + 0.5, "xref": "x", "y0": 0, "y1": 1, "yref": "paper",
         "fillcolor": canvas.look.palette.accent, "opacity": 0.1, "line": {"width": 0}, "layer": "below",
         "name": "window"}
    )  # fmt: skip


def _alt(profile: Profile, look: Look) -> str:
    key = "chart.profile.alt" if profile.thresholds else "chart.profile.alt_plain"
    return look.say(key, patient=profile.pcode, n=len(profile.labs), events=len(profile.adverse))


def _notes(profile: Profile, canvas: Canvas, absent: tuple[str, ...], look: Look) -> list[str]:
    """Return the key of marks that occur, and what is not drawn and why."""
    notes = [look.say("profile.note.counts" if profile.thresholds else "profile.note.counts_plain")]
    if len(profile.pauses) and "treatment" in canvas.places:
        notes.append(look.say("profile.note.treatment"))
    if "events" in canvas.places:
        notes.append(look.say("profile.note.events"))
    if profile.undated:
        notes.append(look.say("profile.note.undated", n=profile.undated))
    if any(profile.grades.get(name) for name in canvas.places) or {"enzymes", "bilirubin", "creatinine"} & set(
        canvas.places
    ):
        notes.append(look.say("profile.note.grades", version=profile.version))
    notes += _one_of_several(profile, canvas, look)
    if absent:
        notes.append(look.say("profile.note.absent", tests=look.say("profile.comma").join(_names(absent, look))))
    return [*notes, look.say("profile.note.zoom")]


def _one_of_several(profile: Profile, canvas: Canvas, look: Look) -> list[str]:
    """Say which of several positions or time points of a vital sign is drawn."""
    tracks = [name for name in ("temperature", "pressure") if name in canvas.places]
    rows = profile.results[profile.results["TEST"].isin([t for name in tracks for t in RESULT_TRACKS[name][1]])]
    several = [group for _, group in rows.groupby("TEST") if group["SERIES"].nunique() > 1]
    drawn = sorted({drawn_series(group) for group in several} - {""})
    return [look.say("profile.note.series", series=look.say("profile.comma").join(drawn))] if drawn else []


def _names(tests: tuple[str, ...], look: Look) -> list[str]:
    return [look.say(f"profile.absent.{test}") for test in tests]
