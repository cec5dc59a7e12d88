"""Figures as native charts: steps, gaps, limits, bars and words, and what each program makes of them."""

from __future__ import annotations

import io

import numpy as np
import plotly.graph_objects as go
from lxml import etree
from openpyxl import load_workbook

from saa_dash.report.slides.axis_xml import Frame, Words
from saa_dash.report.slides.chart_xml import chart_xml
from saa_dash.report.slides.panel import Panel
from saa_dash.report.slides.read import can_read, read_figure
from saa_dash.report.slides.words import Face, paragraphs

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_FRAME = Frame(0, 0, 400, 300, (40, 10, 340, 250), 1.0, 0)
_WORDS = Words(("Data", "Words"), "Ticks", "Text", "x", "y")


def _drawn(panel: Panel) -> tuple[etree._Element, dict[str, list[object]]]:
    chart, book = chart_xml(panel, _FRAME, Face("en"), _WORDS)
    held = load_workbook(io.BytesIO(book))
    columns = {str(cells[0].value): [cell.value for cell in cells[1:]] for cells in held["Data"].columns}
    return etree.fromstring(chart), columns


def _points(chart: etree._Element, name: str, axis: str) -> dict[int, float]:
    series = next(one for one in chart.iter(f"{C}ser") if "".join(one.find(f"{C}tx").itertext(f"{C}v")) == name)
    return {int(point.get("idx")): float(point.findtext(f"{C}v")) for point in series.find(f"{C}{axis}").iter(f"{C}pt")}


def test_steps_are_corners_and_gaps_stay_gaps() -> None:
    figure = go.Figure()
    figure.add_scatter(x=np.array([0.0, 10, 20]), y=np.array([1.0, 0.8, 0.8]), mode="lines",
                       line={"shape": "hv", "color": "#0B4F8A"}, name="step")  # fmt: skip
    figure.add_scatter(x=[1, 2, None, 4], y=[5, 6, None, 7], mode="lines", line={"color": "#0B4F8A"}, name="gap")
    chart, columns = _drawn(read_figure(figure.to_dict() | {"layout": {}}, "en").panels[0])
    x, y = _points(chart, "step", "xVal"), _points(chart, "step", "yVal")
    assert [(x[at], y[at]) for at in sorted(y)] == [(0, 1), (10, 1), (10, 0.8), (20, 0.8)]
    assert _points(chart, "gap", "yVal") == {0: 5, 1: 6, 3: 7}
    assert columns["gap"][:4] == [5, 6, None, 7]
    assert chart.find(f".//{C}dispBlanksAs").get("val") == "gap"


def test_limits_are_lines_and_colours_are_series() -> None:
    figure = go.Figure()
    figure.add_scatter(x=[0.6, 0.2], y=[2, 1], mode="markers", name="rate", marker={"color": ["#0B4F8A", "#D1603D"]},
                       error_x={"array": [0.2, 0.3], "arrayminus": [0.3, 0.1], "symmetric": False})  # fmt: skip
    panel = read_figure(figure.to_dict(), "en").panels[0]
    chart, columns = _drawn(panel)
    assert np.allclose(list(_points(chart, "rate: 95% limits", "xVal").values())[:2], [0.3, 0.8])
    assert [one.mark.fill for one in panel.series if one.mark] == ["0B4F8A", "D1603D"]
    assert [value for value in columns["rate ●"] if value is not None]


def test_words_of_ticks_are_labels_and_logarithms_stay() -> None:
    figure = go.Figure()
    figure.add_scatter(x=[1, 2], y=[0.1, 10], mode="markers", name="v")
    figure.update_yaxes(type="log", range=[-1.5, 1.5], tickvals=[0.1, 1, 10], ticktext=["0.1", "1", "10"])
    figure.update_xaxes(range=[0, 3], tickvals=[1, 2], ticktext=["<b>one</b><br>1st", "two"])
    chart, _ = _drawn(read_figure(figure.to_dict(), "en").panels[0])
    assert chart.find(f".//{C}logBase").get("val") == "10"
    words = ["".join(label.itertext()) for label in chart.iter(f"{C}rich")]
    assert [text for text in words if text] == ["one1st", "two", "0.1", "1", "10"]
    assert paragraphs("<b>one</b><br>a &lt; b")[1][0].text == "a < b" and paragraphs("<b>one</b>")[0][0].bold


def test_bars_are_bars_and_other_kinds_are_left_to_their_table() -> None:
    figure = go.Figure(layout={"barmode": "stack"})
    for name, values in (("IN", [3, 4]), ("LATE", [1, 0])):
        figure.add_bar(x=[0, 1], y=values, name=name, marker={"color": "#0B4F8A"})
    figure.update_xaxes(tickvals=[0, 1], ticktext=["Week 4", "Week 8"])
    chart, columns = _drawn(read_figure(figure.to_dict(), "en").panels[0])
    assert chart.find(f".//{C}barChart/{C}grouping").get("val") == "stacked"
    assert columns == {"x": ["Week 4", "Week 8"], "In window": [3, 4], "Late": [1, 0]}
    assert not can_read({"data": [{"type": "pie", "values": [1]}]})


def test_stacked_bars_that_are_drawn_as_lines_begin_where_the_one_before_ends() -> None:
    figure = go.Figure(layout={"barmode": "stack"})
    for name, values in (("IN", [3.0, 4.0]), ("LATE", [1.0, 2.0])):
        figure.add_bar(y=[0, 1], x=values, name=name, orientation="h", marker={"color": "#0B4F8A"})
    figure.add_scatter(x=[1], y=[0], mode="markers", name="dot")
    chart, _ = _drawn(read_figure(figure.to_dict(), "en").panels[0])
    late = _points(chart, "Late", "xVal")
    assert [late[at] for at in (0, 2, 4, 6)] == [3, 4, 4, 6]
