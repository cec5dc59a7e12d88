"""The charts with Dash."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dash
from dash import Input, Output, dcc, html

sys.path.insert(0, str(Path(__file__).parent))
from figures import CHARTS, HEIGHT, figures

PATIENTS = int(os.environ["PATIENTS"])
app = dash.Dash(__name__)
app.layout = html.Div(
    [html.Button("next", id="next", n_clicks=0)]
    + [dcc.Graph(id=f"chart{n}", config={"displayModeBar": False}, style={"height": HEIGHT}) for n in range(CHARTS)]
)


@app.callback([Output(f"chart{n}", "figure") for n in range(CHARTS)], Input("next", "n_clicks"))
def change(clicks: int) -> list[object]:
    """Return the charts after so many clicks."""
    return list(figures(PATIENTS, clicks or 0))


app.run(port=int(sys.argv[1]), debug=False)
