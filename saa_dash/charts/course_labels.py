"""Labels at the lines of a course: at their ends, at their peaks; what finds no place near its line is left out."""

from __future__ import annotations

import numpy as np

from .theme import SMALL, Look

# Shares of the plot: how far apart labels stand in height; where one begins behind its point, and half its height.
_APART, _BESIDE, _HIGH = 0.055, 0.006, 0.024
CODE, CODE_AND_VALUE = 0.045, 0.17  # how long labels are
_STEPS = (0.0, 0.4, -0.4, 0.8, -0.8)  # of `_APART`: how far from the end of its line a label may stand


def place_beside(
    along: np.ndarray,
    height: np.ndarray,
    values: tuple[np.ndarray, np.ndarray],
    length: float,
    first: np.ndarray | None = None,
) -> np.ndarray:
    """Return heights at which labels do not lie on one another and stand next to their line; NaN where none is free.

    Of the free places the one that covers the fewest values is taken, of these the nearest.

    Parameters
    ----------
    along, height : ends of the lines, as shares of the plot. values : all that is drawn, likewise. length : of the
        labels. first : labels that are placed before all others; then those further up come first.
    """
    wanted = np.zeros(len(height), dtype=bool) if first is None else first
    out = np.full(len(height), np.nan)
    for i in np.lexsort((-height, ~wanted)):
        taken = out[(np.abs(along - along[i]) < length) & ~np.isnan(out)]
        under = values[1][(values[0] > along[i] + _BESIDE) & (values[0] < along[i] + length)]
        places = [float(height[i]) + step * _APART for step in _STEPS]
        free = [at for at in places if 0 <= at <= 1 and (np.abs(taken - at) >= _APART).all()]
        covered = [int((np.abs(under - at) < _HIGH).sum()) for at in free]
        out[i] = free[int(np.argmin(covered))] if free else np.nan
    return out


def line_label(look: Look, text: str, *, colour: str, bold: bool = False) -> dict[str, object]:
    """Return a label to the right of a point, readable over lines; where it stands is for the caller to add."""
    red, green, blue = (int(look.palette.background[i : i + 2], 16) for i in (1, 3, 5))
    return {
        "xanchor": "left", "xshift": 6, "showarrow": False, "borderpad": 1,
        "bgcolor": f"rgba({red},{green},{blue},0.75)",
        "text": f"<b>{text}</b>" if bold else text,
        "font": {"size": SMALL, "color": colour},
    }  # fmt: skip
