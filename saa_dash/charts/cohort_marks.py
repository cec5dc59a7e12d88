"""What every figure of courses shares: how they are drawn, each value as a mark, the values as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .scale import Scale
from .theme import Look, escape

COLUMNS = {"value": "AVAL", "change": "CHG"}


@dataclass(frozen=True)
class CohortDrawing:
    """How courses are drawn; words in the reader's language.

    Parameters
    ----------
    name, unit : of the test. measure : value or change. ribbon : quantiles in place of lines. log : logarithmic axis.
    highlight : P-code picked out, "" for none. notes : under the figure.
    """

    name: str
    unit: str
    measure: str
    ribbon: bool
    log: bool
    highlight: str = ""
    notes: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """What is drawn."""
        return COLUMNS[self.measure]


def colour_of(test: str, look: Look) -> str:
    """Return the colour of a test: that of its lineage, else the neutral one."""
    return look.palette.lineage.get(test, look.palette.treatment)


def axis_unit(drawing: CohortDrawing, look: Look) -> str:
    """Return unit or measure for the axis."""
    return look.say(f"lab.measure_axis.{drawing.measure}", unit=drawing.unit)


def height_of(values: pd.Series, scale: Scale) -> np.ndarray:
    """Return where values are drawn: zeros at the foot of a logarithmic axis."""
    numbers = values.to_numpy("float64")
    return np.where(numbers > 0, numbers, scale.low) if scale.log else numbers


def gapped(values: pd.DataFrame, heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return days and heights of all patients as one line with a gap after each patient."""
    code = values["PCODE"].to_numpy()
    ends = np.flatnonzero(code[1:] != code[:-1]) + 1
    return np.insert(values["ADY"].to_numpy("float64"), ends, np.nan), np.insert(heights, ends, np.nan)


def draw_marks(
    figure: go.Figure,
    values: pd.DataFrame,
    drawing: CohortDrawing,
    scale: Scale,
    look: Look,
    colour: str,
    *,
    opacity: float = 1,
    size: int = 6,
    axes: tuple[str, str] = ("x", "y"),
    name: str = "values",
) -> None:
    """Draw each value: supported ones hollow, those beyond detection as triangles at the limit."""
    beyond = _beyond(values, drawing, scale)
    hollow = (beyond != "") | values["HELD"].to_numpy(bool)
    figure.add_scatter(
        x=values["ADY"].to_numpy(),
        y=height_of(values[drawing.column], scale),
        xaxis=axes[0],
        yaxis=axes[1],
        mode="markers",
        marker={
            "symbol": np.select([beyond == "<", beyond == ">"], ["triangle-down", "triangle-up"], default="circle"),
            "size": np.where(beyond != "", size + 3, size),
            "color": np.where(hollow, look.palette.background, colour),
            "line": {"width": 1.4, "color": colour},
        },
        opacity=opacity,
        customdata=[[code, int(day)] for code, day in zip(values["PCODE"], values["ADY"], strict=True)],
        hovertext=_hovers(values, drawing, look),
        hoverinfo="text",
        name=name,
    )


def _beyond(values: pd.DataFrame, drawing: CohortDrawing, scale: Scale) -> np.ndarray:
    """Return "<" and ">" of values beyond detection or beyond a logarithmic axis."""
    sign = values["CENS"].fillna("").to_numpy(object)
    low = scale.log & (values[drawing.column].to_numpy() <= 0)
    return np.where(low, "<", sign).astype(object)


def _hovers(values: pd.DataFrame, drawing: CohortDrawing, look: Look) -> list[str]:
    unit, change = axis_unit(drawing, look), drawing.measure == "change"
    out = []
    for code, day, sign, value, why in zip(
        values["PCODE"], values["ADY"], values["CENS"].fillna(""), values[drawing.column], values["WHY"], strict=True
    ):
        number = f"{value:+.4g}" if change else f"{value:.4g}"
        text = look.say(
            "cohort.course.hover", patient=escape(code), name=drawing.name, value=f"{escape(sign)}{number}",
            unit=unit, day=int(day),
        )  # fmt: skip
        if isinstance(why, str) and why:
            text += "<br>" + look.say("chart.value.supported", why=support_name(why, look))
        out.append(text)
    return out


def support_name(kind: str, look: Look) -> str:
    """Return the name of a class of support."""
    vocabulary = "blood_product" if kind in ("RBC", "PLATELET", "PLASMA") else "medication_class"
    return look.say(f"term.{vocabulary}.{kind}")


def course_table(values: pd.DataFrame, drawing: CohortDrawing, look: Look) -> pd.DataFrame:
    """Return the values as a table in the reader's language."""
    return pd.DataFrame(
        {
            look.say("column.patient"): values["PCODE"].to_numpy(),
            look.say("column.study_day"): values["ADY"].astype("Int64").to_numpy(),
            look.say("cohort.column.value", unit=axis_unit(drawing, look)): [
                f"{sign}{value:g}"
                for sign, value in zip(values["CENS"].fillna(""), values[drawing.column].round(4), strict=True)
            ],
            look.say("column.support"): [
                support_name(why, look) if isinstance(why, str) and why else "" for why in values["WHY"]
            ],
        }
    )
