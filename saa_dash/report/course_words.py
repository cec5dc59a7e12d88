"""Who is not in a figure of the cohort's courses, or not to its end."""

from __future__ import annotations

from ..analysis.cohort_courses import CohortCourse
from ..i18n import translate

_LISTED = 12  # codes named in a note, the others counted


def named(codes: tuple[str, ...], lang: str) -> str:
    """Return codes of patients in order, beyond `_LISTED` only how many more there are."""
    shown = " ".join(codes[:_LISTED])
    if len(codes) <= _LISTED:
        return shown
    return translate(lang, "ui.survival.more", codes=shown, n=len(codes) - _LISTED)


def course_notes(course: CohortCourse, lang: str) -> tuple[str, ...]:
    """Return who is not in the figure, or not to the end."""
    parts = (
        ("cohort.course.without_origin", course.without_origin),
        ("cohort.course.without_values", course.without_values),
        ("cohort.course.stopped", course.stopped),
    )
    return tuple(translate(lang, key, n=len(codes), codes=named(codes, lang)) for key, codes in parts if codes)
