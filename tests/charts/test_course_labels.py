"""A course whose peak presses all others down is drawn on a logarithmic axis; labels stand at their own lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.findings_course import Course, Limits
from saa_dash.charts.course_labels import place_beside
from saa_dash.charts.lab_course import Drawing, figure_course
from saa_dash.charts.scale import Band, is_wide
from saa_dash.charts.theme import Look
from saa_dash.charts.view import FigureView

NOTHING = (np.array([]), np.array([]))


def test_the_rule_of_the_logarithmic_axis() -> None:
    assert not is_wide(np.array([0.5, 1.0, 1.0, 8.0]))  # eight times the median is not over it
    assert is_wide(np.array([0.5, 1.0, 1.0, 8.1, np.nan, 0.0]))
    assert not is_wide(np.array([np.nan]))


def test_labels_stand_near_their_line_or_not_at_all() -> None:
    along, height = np.array([0.9, 0.9, 0.9, 0.9, 0.2]), np.array([0.5, 0.5, 0.5, 0.5, 0.5])
    placed = place_beside(along, height, NOTHING, 0.1)
    told = placed[~np.isnan(placed)]
    assert np.abs(told - 0.5).max() <= 0.055 and np.isnan(placed).sum() >= 1
    beside = np.sort(placed[:4][~np.isnan(placed[:4])])
    assert (np.diff(beside) >= 0.055 - 1e-12).all() and placed[4] == 0.5
    chosen = place_beside(along, height, NOTHING, 0.1, np.array([False, False, True, False, False]))
    assert chosen[2] == 0.5
    crowded = (np.full(5, 0.25), np.full(5, 0.5))
    assert place_beside(np.array([0.2]), np.array([0.5]), crowded, 0.1)[0] != 0.5


def _view(peak: float, log: bool | None = None) -> FigureView:
    codes = np.repeat(["P01", "P02", "P03"], 4)
    values = [0.5, 0.6, 0.7, 0.5, 0.4, peak, 1.2, 1.0, 0.3, 0.5, 0.4, 0.3]
    frame = pd.DataFrame({"PCODE": codes, "ADY": np.tile([1.0, 15.0, 29.0, 57.0], 3), "MULTIPLE": values})
    frame = frame.assign(AVAL=frame["MULTIPLE"] * 40, CHG=0.0, CENS="", HELD=False, GRADE=np.nan, BASEFL=False)
    drawing = Drawing(
        "ALT", "ALT", "U/L", "", (), "multiple", False, log, "", "day",
        bands=(Band(-np.inf, 1, "normal", "#888", 0.1), Band(3, 5, "G2", "#888", 0.1), Band(5, 20, "G3", "#888", 0.1)),
        lines=((1.0, "ULN"),),
    )  # fmt: skip
    return figure_course(Course(frame, Limits(None, None, True), 0), drawing, Look("en"))


@pytest.mark.parametrize(("peak", "kind"), [(16.0, "log"), (2.0, None)])
def test_the_peak_beyond_the_highest_limit_is_named(peak: float, kind: str | None) -> None:
    view = _view(peak)
    axis = view.figure.layout.yaxis
    assert axis.type == kind and ("Log axis" in view.subtitle) == (kind == "log")
    named = [note for note in view.figure.layout.annotations if note.text == f"P02 {peak:g}"]
    assert len(named) == 1 and named[0].x == 15
    assert named[0].y == pytest.approx(np.log10(peak) if kind else peak)
    assert _view(peak, log=False).figure.layout.yaxis.type is None
    ends = {note.text for note in view.figure.layout.annotations if note.x == 57}
    assert {"P02 1", "P01 0.5"} <= ends
