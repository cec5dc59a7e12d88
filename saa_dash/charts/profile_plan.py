"""Which tracks a profile has, from top to bottom, and how high each is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..analysis.profile import Profile

# Groups of tracks that can be chosen; the flags, the response and the three lineages always stand.
GROUPS = ("treatment", "csa", "liver", "kidney", "vitals", "events")
USUAL = ("treatment", "csa", "liver", "events")
# Result tracks: group, and the tests drawn in it.
RESULT_TRACKS = {
    "csa": ("csa", ("CSA",)),
    "enzymes": ("liver", ("ALT", "AST")),
    "bilirubin": ("liver", ("BILI", "BILDIR")),
    "creatinine": ("kidney", ("CREAT",)),
    "temperature": ("vitals", ("TEMP",)),
    "pressure": ("vitals", ("SYSBP", "DIABP")),
}
FLAG_ROW, LANE, EVENT_LANE = 17, 22, 25  # px
MAX_EVENT_LANES = 10
PLOT = 720  # px of the plot's width on a narrow screen: what fits there fits everywhere
PAD = 0.035  # of the axis at either end
_COUNTS, _RESULT, _RIBBON = 106, 78, 22  # px


@dataclass(frozen=True)
class Track:
    """A track: its name and its height in px."""

    name: str
    height: int


@dataclass(frozen=True)
class Plan:
    """Tracks from top to bottom.

    Parameters
    ----------
    absent : tests and kinds asked for of which the patient has nothing.
    """

    tracks: tuple[Track, ...]
    absent: tuple[str, ...]


def plan_tracks(profile: Profile, shown: Collection[str], flag_rows: int, event_lanes: int) -> Plan:
    """Return the tracks of a profile.

    Parameters
    ----------
    shown : of `GROUPS`. flag_rows, event_lanes : rows that the flags and the adverse events take.
    """
    present = set(profile.results["TEST"])
    tracks, absent = [], []
    if flag_rows:
        tracks.append(Track("flags", FLAG_ROW * flag_rows + 4))
    rows = ribbon_rows(profile)
    if rows:
        tracks.append(Track("response", _RIBBON * len(rows)))
    tracks += [Track(name, _COUNTS) for name in profile.lineages]
    if "treatment" in shown:
        lanes = len(profile.lanes)
        tracks += [Track("treatment", LANE * lanes)] if lanes else []
    for name, (group, tests) in RESULT_TRACKS.items():
        if group in shown:
            absent += [test for test in tests if test not in present]
            tracks += [Track(name, _RESULT)] if present & set(tests) else []
    if "events" in shown:
        tracks += [Track("events", EVENT_LANE * event_lanes)] if event_lanes else []
        absent += [] if event_lanes else ["AE"]
    return Plan(tuple(tracks), tuple(absent))


def ribbon_rows(profile: Profile) -> tuple[str, ...]:
    """Return the rows of the response ribbon that have something to show."""
    rows = {"derived": profile.states, "investigator": profile.assessed}
    return tuple(name for name, frame in rows.items() if len(frame))


def day_range(profile: Profile) -> tuple[float, float]:
    """Return the ends of the study-day axis."""
    room = PAD * (profile.last - profile.first + 2) + 1
    return profile.first - room, profile.last + room


def days_of(pixels: float, profile: Profile) -> float:
    """Return how many days so many px are on a narrow screen."""
    first, last = day_range(profile)
    return pixels * (last - first) / PLOT


def text_width(text: str) -> float:
    """Return the width of a text in px, at the size of labels; a Chinese character is as wide as high."""
    return sum(12.5 if ord(letter) > 0x2E80 else 6.8 for letter in text)


def shortened(text: str, letters: int) -> str:
    """Return a text of at most so many letters of Latin width."""
    used = 0.0
    for i, letter in enumerate(text):
        used += 1.8 if ord(letter) > 0x2E80 else 1
        if used > letters:
            return text[:i].rstrip() + "…"
    return text
