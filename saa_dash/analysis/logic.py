"""Three-valued logic on columns: false, unknown, true, and tests of values that may be missing or censored.

"True or false where every possible value of what is missing gives the same answer, else unknown" (domain facts §2.6):
AND is the minimum, OR the maximum, NOT ``TRUE - x``; for conditions on different values this is exact.
"""

from __future__ import annotations

import numpy as np

FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)

# How a number is to be read: exactly; "<x" below it; ">x" above it; at most x (ANC where only WBC is known).
EXACT, BELOW, ABOVE, AT_MOST = np.int8(0), np.int8(-1), np.int8(1), np.int8(-2)

_LETTERS = np.array(["N", "U", "Y"], dtype=object)

Tri = np.ndarray


def known(condition: np.ndarray) -> Tri:
    """Return a plain condition as three-valued: true or false."""
    return np.where(condition, TRUE, FALSE)


def tri_and(*conditions: Tri) -> Tri:
    """Return AND."""
    return np.minimum.reduce(conditions)


def tri_or(*conditions: Tri) -> Tri:
    """Return OR."""
    return np.maximum.reduce(conditions)


def tri_not(condition: Tri) -> Tri:
    """Return NOT."""
    return TRUE - condition


def more_than(conditions: list[Tri], limit: int) -> Tri:
    """Tell whether more than `limit` of the conditions are true."""
    stacked = np.stack(conditions)
    certain = (stacked == TRUE).sum(axis=0)
    possible = (stacked != FALSE).sum(axis=0)
    return np.where(certain > limit, TRUE, np.where(possible <= limit, FALSE, UNKNOWN))


def reaches(
    value: np.ndarray,
    reading: np.ndarray,
    limit: np.ndarray | float,
    *,
    strict: bool = False,
    limit_at_most: np.ndarray | float | None = None,
) -> Tri:
    """Tell whether a value is at or above a limit (`strict`: above it).

    Parameters
    ----------
    value : NaN where missing. reading : EXACT, BELOW, ABOVE or AT_MOST per value.
    limit : in the unit of the value. limit_at_most : upper end where the limit itself is not known exactly.
    """
    highest = limit if limit_at_most is None else limit_at_most
    exact, below = reading == EXACT, reading == BELOW
    yes_exact = value > highest if strict else value >= highest
    no_exact = value <= limit if strict else value < limit
    yes = (exact & yes_exact) | ((reading == ABOVE) & (value >= highest))
    no = ((exact | (reading == AT_MOST)) & no_exact) | (below & (value <= limit))
    return np.where(yes, TRUE, np.where(no, FALSE, UNKNOWN))


def letters(condition: Tri) -> np.ndarray:
    """Return Y, N or U."""
    return _LETTERS[condition]
