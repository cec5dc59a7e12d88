"""Where the letters of a response stand on its bar: in its middle, or where no mark of an event covers them."""

from __future__ import annotations

import numpy as np
import pandas as pd

_ROOM = 0.04  # share of the axis that a bar needs for its letters
_EDGE = 0.016  # from the middle of the letters to the end of the bar
_CLEAR = 0.026  # from the middle of the letters to that of a mark


def place_letters(states: pd.DataFrame, events: pd.DataFrame, last: float) -> pd.DataFrame:
    """Return PCODE, STATE, AT (study day of the middle of the letters); stretches without room are left out.

    Parameters
    ----------
    states : PCODE, FROM, TO, STATE, at most one patient a lane. events : PCODE, ADY. last : end of the axis.
    """
    wide = states[states["TO"] - states["FROM"] >= _ROOM * last]
    held = {code: np.unique(days) for code, days in events.groupby("PCODE")["ADY"]}
    nothing = np.array([])
    at = [
        _place(start, end, held.get(code, nothing), last)
        for code, start, end in zip(wide["PCODE"], wide["FROM"], wide["TO"], strict=True)
    ]
    return wide.assign(AT=np.array(at, dtype="float64"))[["PCODE", "STATE", "AT"]].dropna(subset="AT")


def _place(start: float, end: float, marks: np.ndarray, last: float) -> float:
    """Return the middle of a bar, else that of its widest part between marks; NaN where nothing is wide enough."""
    clear, middle = _CLEAR * last, (start + end) / 2
    near = marks[(marks > start - clear) & (marks < end + clear)]
    if not len(near) or np.abs(near - middle).min() >= clear:
        return middle
    lows = np.fmax(np.append(start + _EDGE * last, near + clear), start + _EDGE * last)
    highs = np.fmin(np.append(near - clear, end - _EDGE * last), end - _EDGE * last)
    widest = int(np.argmax(highs - lows))
    return float(lows[widest] + highs[widest]) / 2 if highs[widest] >= lows[widest] else float("nan")
