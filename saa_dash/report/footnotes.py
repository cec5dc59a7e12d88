"""What a footnote says of the screen is left out where nothing can be hovered over."""

from __future__ import annotations

from ..i18n import translate

SCREEN = {"held": "cohort.course.held", "groups": "curves.footnote_groups"}  # words of a footnote, and where


def off_screen(footnote: str, lang: str) -> str:
    """Return a footnote for a slide or for paper."""
    for name in SCREEN:
        footnote = footnote.replace(translate(lang, f"takeaway.screen.{name}"), "")
    return footnote
