"""One patient on one axis: neutrophils, haemoglobin, platelets, support and the four treatments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Profile
from ..i18n import has_key, label
from .lineage import add_thresholds, add_values, axis_range, style_value_axis
from .theme import DAY_ONE, SMALL, Look, axis_style, base_figure, escape, study_day_ticks
from .view import FigureView

_CELLS = "UCBMNC"  # given on single days: marks instead of bars
_LANE_LETTERS = 14  # of a lane's name in a study of other treatments
# Share of the figure's height by axis, from top to bottom: three lineages and the treatment lanes.
_DOMAINS = {"y": (0.755, 1.0), "y2": (0.485, 0.725), "y3": (0.215, 0.455), "y4": (0.0, 0.18)}


def figure_profile(
    profile: Profile, look: Look, *, height: int = 680, window: tuple[int, int] | None = None
) -> FigureView:
    """Return the tracks of one patient under one another on a shared study-day axis.

    Parameters
    ----------
    window : first and last study day of the stretch looked into, drawn as a band; None for none.
    """
    colours = look.palette
    figure = base_figure(look, height, margin=(92, 48, 24, 40))
    figure.update_layout(
        xaxis={"anchor": "y4", "domain": [0, 1]},
        **{
            f"yaxis{axis[1:]}": {**axis_style(look), "domain": list(domain), "anchor": "x"}
            for axis, domain in _DOMAINS.items()
        },
    )
    for axis, lineage in zip(_DOMAINS, profile.lineages, strict=False):
        values = profile.labs[profile.labs["PARAMCD"] == lineage]
        limits = profile.thresholds.get(lineage, ())
        span = axis_range(values["AVAL"], lineage, limits)
        style_value_axis(figure, axis, lineage, span, look)
        add_thresholds(figure, axis, lineage, limits, look)
        add_values(figure, axis, lineage, values, look, data=[[profile.pcode, int(d)] for d in sorted(values["ADY"])])
        _support_marks(figure, axis, lineage, profile.support, span, look)
    _lanes(figure, profile, look)
    _verticals(figure, profile, look)
    if window is not None:
        _window(figure, window, look)
    days, labels = study_day_ticks(profile.last)
    figure.update_xaxes(
        range=[profile.first - 1, profile.last * 1.01 + 1],
        tickvals=days,
        ticktext=labels,
        title={"text": look.say(DAY_ONE[profile.day_one])},
        showspikes=True,
        spikemode="across",
        spikesnap="cursor",
        spikethickness=1,
        spikedash="dot",
        spikecolor=colours.muted,
    )
    title = look.say("chart.profile.title", patient=profile.pcode)
    return FigureView(
        figure,
        title,
        look.say("chart.profile.subtitle" if profile.due else "chart.profile.subtitle_no_visits"),
        look.say(
            "chart.profile.alt" if profile.thresholds else "chart.profile.alt_plain",
            patient=profile.pcode,
            n=len(profile.labs),
        ),
        look.say("chart.profile.footnote" if profile.thresholds else "chart.profile.footnote_plain"),
        profile_table(profile, look),
    )


def _support_marks(
    figure: go.Figure, axis: str, lineage: str, support: pd.DataFrame, span: tuple[float, float], look: Look
) -> None:
    """Draw what held a lineage up at the foot of its own track."""
    classes = {"ANC": ("GCSF", "PEGGCSF"), "HGB": ("RBC", "EPO"), "PLAT": ("PLATELET", "TPO", "TPORA")}.get(lineage, ())
    part = support[support["CLAS"].isin(classes)].sort_values("FROM")
    if part.empty:
        return
    low, high = span
    foot = low * (high / low) ** 0.045 if lineage != "HGB" else low + (high - low) * 0.045
    colour = look.palette.lineage[lineage]
    points = part[part["TO"] <= part["FROM"]]
    bars = part[part["TO"] > part["FROM"]]

    def hover(row_class: str, start: float, end: float) -> str:
        name = (
            look.say(f"term.medication_class.{row_class}")
            if row_class not in ("RBC", "PLATELET")
            else look.say(f"term.blood_product.{row_class}")
        )
        key = "chart.profile.support_day" if end <= start else "chart.profile.support_days"
        return look.say(key, name=name, start=int(start), end=int(end))

    if not points.empty:
        figure.add_scatter(
            x=points["FROM"],
            y=np.full(len(points), foot),
            yaxis=axis,
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
            hovertext=[hover(c, a, b) for c, a, b in zip(points["CLAS"], points["FROM"], points["TO"], strict=True)],
            hoverinfo="text",
            name=f"support-{lineage}",
        )
    if not bars.empty:
        gap = np.full(len(bars), np.nan)
        x = np.column_stack([bars["FROM"], bars["TO"] + 0.9, gap]).ravel()
        texts = [hover(c, a, b) for c, a, b in zip(bars["CLAS"], bars["FROM"], bars["TO"], strict=True)]
        figure.add_scatter(
            x=x,
            y=np.full(len(x), foot),
            yaxis=axis,
            mode="lines",
            line={"width": 7, "color": colour},
            opacity=0.55,
            hovertext=[text for t in texts for text in (t, t, "")],
            hoverinfo="text",
            name=f"support-bar-{lineage}",
        )


def _lanes(figure: go.Figure, profile: Profile, look: Look) -> None:
    """Draw rATG, cyclosporine and hetrombopag as bars in labelled lanes, and the infusions in a lane of their own."""
    colours = look.palette
    lanes = profile.lanes
    level = {name: len(lanes) - i for i, name in enumerate(lanes)}
    bars = profile.treatments[profile.treatments["EXTRT"].isin([name for name in lanes if name != _CELLS])]
    if not bars.empty:
        figure.add_bar(
            x=bars["TO"] - bars["FROM"] + 0.9,
            base=bars["FROM"] - 0.45,
            y=bars["EXTRT"].map(level),
            yaxis="y4",
            orientation="h",
            width=0.6,
            marker={"color": colours.treatment, "line": {"color": colours.background, "width": 0.5}},
            hovertext=[
                look.say(
                    "chart.profile.dose",
                    drug=escape(label(look.lang, "component", drug)),
                    dose="–" if pd.isna(dose) else f"{dose:g}",
                    unit=_unit(unit, look),
                    start=int(start),
                    end=int(end),
                )
                for drug, dose, unit, start, end in bars[["EXTRT", "DOSE", "UNIT", "FROM", "TO"]].itertuples(
                    index=False
                )
            ],
            hoverinfo="text",
            name="treatment",
        )
    doses = profile.infusions
    if not doses.empty:
        figure.add_scatter(
            x=doses["ADY"],
            y=[level[_CELLS]] * len(doses),
            yaxis="y4",
            mode="markers+text",
            marker={"symbol": "diamond", "size": 10, "color": colours.infusion},
            text=["" if pd.isna(c) else f"  {c:g}×10⁸" for c in doses["CELLS"]],
            textposition="middle right",
            textfont={"size": SMALL, "color": colours.text},
            hovertext=[
                look.say("chart.profile.infusion", n=int(o), day=int(d), cells="–" if pd.isna(c) else f"{c:g}")
                for o, d, c in zip(doses["ORDINAL"], doses["ADY"], doses["CELLS"], strict=True)
            ],
            hoverinfo="text",
            name="infusion",
        )
    figure.update_layout(
        yaxis4={
            "range": [0.4, len(lanes) + 0.6],
            "tickvals": list(level.values()),
            "ticktext": [_lane(name, look) for name in lanes],
            "showgrid": False,
            "fixedrange": True,
        },
        barmode="overlay",
    )


def _unit(unit: object, look: Look) -> str:
    return escape(label(look.lang, "dose_unit", unit))


def _lane(name: str, look: Look) -> str:
    if has_key(look.lang, f"chart.lane.{name}"):
        return look.say(f"chart.lane.{name}")
    return escape(name.capitalize() if len(name) <= _LANE_LETTERS else f"{name[: _LANE_LETTERS - 1].capitalize()}…")


def _verticals(figure: go.Figure, profile: Profile, look: Look) -> None:
    """Mark infusions as lines over all tracks, the visit windows as bands, and what ended follow-up."""
    colours = look.palette
    for day in profile.due:
        if day - profile.window_days <= profile.last:
            figure.add_shape(
                type="rect",
                x0=day - profile.window_days,
                x1=day + profile.window_days,
                y0=_DOMAINS["y3"][0],
                y1=1,
                yref="paper",
                fillcolor=colours.surface,
                line_width=0,
                layer="below",
            )
            figure.add_annotation(
                x=day,
                y=1,
                yref="paper",
                text=look.say("chart.week", n=(day - 1) // 7),
                showarrow=False,
                yanchor="bottom",
                font={"size": SMALL, "color": colours.muted},
            )
    for day in profile.infusions["ADY"]:
        figure.add_shape(
            type="line", x0=day, x1=day, y0=0, y1=1, yref="paper", line={"color": colours.infusion, "width": 1}
        )
    for kind, day in zip(profile.events["KIND"], profile.events["ADY"], strict=True):
        figure.add_shape(
            type="line", x0=day, x1=day, y0=0, y1=1, yref="paper", line={"color": colours.text, "width": 1.5}
        )
        sign = "✚ " if kind == "DEATH" else ""
        figure.add_annotation(
            x=day,
            y=0.2,
            yref="paper",
            text=sign + look.say(f"chart.event.{kind}"),
            showarrow=False,
            xanchor="right",
            xshift=-4,
            bgcolor=colours.background,
            font={"size": SMALL, "color": colours.text},
        )


def _window(figure: go.Figure, window: tuple[int, int], look: Look) -> None:
    """Shade the days the panel underneath lists."""
    figure.add_shape(
        type="rect",
        x0=window[0] - 0.5,
        x1=window[1] + 0.5,
        y0=0,
        y1=1,
        yref="paper",
        fillcolor=look.palette.accent,
        opacity=0.12,
        line_width=0,
        layer="below",
        name="window",
    )


def profile_table(profile: Profile, look: Look) -> pd.DataFrame:
    """Return the plotted values as rows in the reader's language."""
    labs = profile.labs.sort_values(["ADY", "PARAMCD"])
    return pd.DataFrame(
        {
            look.say("column.study_day"): labs["ADY"].astype("Int64").to_numpy(),
            look.say("column.test"): [look.say(f"chart.lineage.{c}") for c in labs["PARAMCD"]],
            look.say("column.value"): [f"{c}{v:g}" for c, v in zip(labs["CENS"].fillna(""), labs["AVAL"], strict=True)],
            look.say("column.unit"): [look.say(f"unit.{c}") for c in labs["PARAMCD"]],
            look.say("column.support"): [
                look.say("chart.profile.supported_by", name=_support_name(w, look)) if s else ""
                for s, w in zip(labs["SUPPORTED"], labs["WHY"], strict=True)
            ],
        }
    )


def _support_name(code: object, look: Look) -> str:
    if not isinstance(code, str) or not code:
        return ""
    vocabulary = "blood_product" if code in ("RBC", "PLATELET", "PLASMA") else "medication_class"
    return look.say(f"term.{vocabulary}.{code}")
