"""One look for every figure: fonts, grid, margins, study-day axis, honest log ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ..i18n import translate
from .palette import PALETTES, Palette

# Three sizes in all, px at 1440 px width.
SMALL, BODY, TITLE = 12, 14, 20
FONT = "Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif"
# Catalogue entry of the study-day axis by what day 1 is.
DAY_ONE = {"ATG": "chart.axis.study_day", "DOSE": "chart.axis.study_day_dose"}
_MONTH = 28.0  # days between ticks, so that weeks 4, 8 and 12 are among them
_AXIS = {"automargin": True, "title": {"standoff": 15}}
_INK = "#2A3F5F"  # of what has no colour of its own
# What holds where a figure says nothing: a tenth of Plotly's own template, which travels with every figure.
TEMPLATE = {
    "layout": {
        "autotypenumbers": "strict",
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "colorway": ["#636EFA", "#EF553B", "#00CC96", "#AB63FA", "#FFA15A", "#19D3F3"],
        "shapedefaults": {"line": {"color": _INK}},
        "annotationdefaults": {"arrowcolor": _INK, "arrowhead": 0, "arrowwidth": 1},
    },
    "data": {
        "bar": [
            {"type": "bar", "marker": {"line": {"color": "#E5ECF6", "width": 0.5}}}
            | {"error_x": {"color": _INK}, "error_y": {"color": _INK}}
        ]
    },
}
LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Look:
    """Language and appearance a figure is drawn in.

    Parameters
    ----------
    opens : a click on a mark leads to patients; False for who may not see them.
    """

    lang: str = "zh"
    appearance: str = "light"
    opens: bool = True

    @property
    def palette(self) -> Palette:
        """Colours of the appearance."""
        return PALETTES[self.appearance]

    def say(self, key: str, /, **params: object) -> str:
        """Return a catalogue entry in the figure's language."""
        return translate(self.lang, key, **params)

    def offer(self, key: str, /, **params: object) -> str:
        """Return an entry that offers a click, or what stands in its place where no mark opens anything."""
        return self.say(key if self.opens else f"redaction.still.{key}", **params)


def escape(text: object) -> str:
    """Return data text that is safe inside Plotly's pseudo-HTML."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Figure(go.Figure):
    """A figure that is checked in pieces: Plotly's shortcuts check each trace twice, and each property one by one."""

    def add_scatter(self, **trace: object) -> go.Figure:
        """Add lines or marks; properties of `plotly.graph_objects.Scatter`."""
        return self.add_trace({"type": "scatter", **trace})

    def add_bar(self, **trace: object) -> go.Figure:
        """Add bars; properties of `plotly.graph_objects.Bar`."""
        return self.add_trace({"type": "bar", **trace})

    def update_layout(self, properties: Mapping[str, object] | None = None, **layout: object) -> go.Figure:
        """Change properties of `plotly.graph_objects.Layout`; lists are replaced."""
        new = go.Layout(properties, **layout).to_plotly_json()
        self["layout"] = _merged(self._held(), new)
        return self

    def _held(self) -> dict[str, Any]:
        held: dict[str, Any] = self["layout"].to_plotly_json()
        return held

    def update_xaxes(self, **axis: object) -> go.Figure:
        """Change properties of every x axis."""
        return self.update_layout(**{name: axis for name in self._held() if name.startswith("xaxis")})

    def update_yaxes(self, **axis: object) -> go.Figure:
        """Change properties of every y axis."""
        return self.update_layout(**{name: axis for name in self._held() if name.startswith("yaxis")})


def _merged(old: dict[str, object], new: dict[str, object]) -> dict[str, object]:
    """Return properties with others put over them, within each as well."""
    out = dict(old)
    for name, value in new.items():
        held = out.get(name)
        out[name] = _merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return out


def base_figure(look: Look, height: int, *, margin: tuple[int, int, int, int] = (56, 24, 16, 44)) -> go.Figure:
    """Return an empty figure in the house style.

    Parameters
    ----------
    height : px. margin : left, right, top, bottom in px.
    """
    colours = look.palette
    left, right, top, bottom = margin
    axis = axis_style(look)
    # in one piece: a figure that is updated step by step takes ten times as long
    layout = {
        "template": TEMPLATE,
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 2},
        "font": {"family": FONT, "size": SMALL, "color": colours.text},
        "paper_bgcolor": colours.background,
        "plot_bgcolor": colours.background,
        "hoverlabel": {
            "bgcolor": colours.surface,
            "bordercolor": colours.muted,
            "font": {"family": FONT, "size": SMALL, "color": colours.text},
            "align": "left",
        },
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom",
        "modebar": {"orientation": "h"},
        "uirevision": "keep",
        "xaxis": axis,
        "yaxis": axis,
    }
    return Figure(layout=layout)


def axis_style(look: Look) -> dict[str, object]:
    """Return the properties every axis shares: a grid barely visible, no zero line, muted ticks."""
    colours = look.palette
    return {
        "gridcolor": colours.grid,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": colours.muted},
        "title": {"font": {"size": SMALL, "color": colours.muted}},
    }


def study_day_ticks(last: float, first: float = 1) -> tuple[list[float], list[str]]:
    """Return tick positions and day numbers: day 1, then every fourth week (day 29, 57, 85 …), rarer on long axes.

    Parameters
    ----------
    last, first : range of study days to cover.
    """
    step = _MONTH if last <= 10 * _MONTH else 4 * _MONTH
    count = int(max(last, _MONTH + 1) // step) + 1
    days = [1.0 + step * i for i in range(count + 1)]
    days = [day for day in days if first <= day <= max(last, _MONTH + 1)]
    return days, [f"{day:.0f}" for day in days]


def log_ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Return honest tick values and labels of a log axis between two positive values."""
    values = [tick for tick in LOG_TICKS if low <= tick <= high]
    if len(values) > 6:
        values = [tick for tick in values if f"{tick:g}".strip("0.").startswith("1")]
    return [float(v) for v in values], [f"{v:g}" for v in values]


def dotted_line(figure: go.Figure, look: Look, value: float) -> None:
    """Draw a thin dotted line across the plot, behind what is drawn; `value` in data units.

    The x axis has its range: only a line between two places on it stands over the grid, which it may coincide with.
    """
    first, last = figure.layout.xaxis.range
    figure.add_shape(dotted_limit(look, value, (first, last)))


def dotted_limit(look: Look, value: float, span: tuple[float, float], suffix: str = "") -> dict[str, object]:
    """Return a thin dotted line as a shape: across the span of the x axis and beyond, over the grid."""
    first, last = span
    return {
        "type": "line",
        "x0": 2 * first - last,
        "x1": 2 * last - first,
        "xref": f"x{suffix}",
        "y0": value,
        "y1": value,
        "yref": f"y{suffix}",
        "line": {"color": look.palette.muted, "width": 1, "dash": "dot"},
        "layer": "between",
    }


def right_label(
    figure: go.Figure, look: Look, text: str, y: float, *, yref: str = "y", colour: str | None = None
) -> None:
    """Name a line at the right edge of the plot instead of in a legend."""
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=4,
        y=y,
        yref=yref,
        text=text,
        showarrow=False,
        font={"size": SMALL, "color": colour or look.palette.muted},
    )


def subtitle(parts: Sequence[str]) -> str:
    """Join the parts of a subtitle."""
    return " · ".join(part for part in parts if part)
