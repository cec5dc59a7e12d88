"""Text in a cell of a file that a spreadsheet will open."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula or a command, also behind blanks.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?")


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one.

    A number stays as it is, be it negative.
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text
