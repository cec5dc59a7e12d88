"""A figure with all that must stand around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go


@dataclass(frozen=True)
class FigureView:
    """A drawn figure, its words and its numbers.

    Parameters
    ----------
    figure : drawn in the look's language and colours.
    title : the finding or the question. subtitle : measure, unit. footnote : method, rule set, marks.
    alt : what a person who cannot see it needs to know.
    table : the numbers behind the marks, columns already in the reader's language.
    patients : the table tells of single patients.
    """

    figure: go.Figure
    title: str
    subtitle: str
    alt: str
    footnote: str = ""
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    patients: bool = True
