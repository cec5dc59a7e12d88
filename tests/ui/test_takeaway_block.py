"""The page for presenting offers what can be taken along, and makes it when asked."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from support.app import Open

from saa_dash.access.presenting import as_presenter
from saa_dash.charts.view import FigureView
from saa_dash.model.principal import local_principal
from saa_dash.report.exhibit import exhibit_of
from saa_dash.services import takeaway, trays
from saa_dash.services.audit import audit_rows
from saa_dash.services.context import Request, open_view
from saa_dash.services.trays import Place


def test_page_and_tables_are_made_on_the_page(own_demo_dir: Path, open_own_demo: Open) -> None:
    me = local_principal()
    about = open_view(as_presenter(me), Request(own_demo_dir, "latest")).provenance()
    view = FigureView(go.Figure(go.Scatter(x=[1, 2], y=[3, 4])), "Title", "", "Alt")
    exhibit = exhibit_of(view, "overview", "strips", "en", about)
    trays.add_item(me, own_demo_dir, "Talk", exhibit, Place("overview", "figure", "strips", {}, {}))
    app = open_own_demo("present", "en")
    assert not app.exception
    assert app.button(key="takeaway_figures").label == "Make the figures"
    for name in ("html", "tables"):
        app.button(key=f"takeaway_{name}").click().run()
        assert not app.exception
    offered = {one.proto.label for one in app.get("download_button")}
    assert {"Page (HTML)", "Tables (Word)", "Tables (Excel)"} <= offered
    told = "".join(row.detail for row in audit_rows(me, own_demo_dir))
    assert takeaway.PAGE in told
    assert takeaway.TABLES in told
