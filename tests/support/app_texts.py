"""What stands on a page of an AppTest, and what of it was typed into the form."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from saa_dash.model.schema import PROVENANCE, TABLES
from saa_dash.store.cuts import resolve_cut
from saa_dash.store.reader import open_cut


def typed_texts(folder: Path) -> list[str]:
    """Return the words of the latest cut that are not plain ASCII, longest first: they are shown as they were typed."""
    reader = open_cut(folder, resolve_cut(folder, "latest").cut_id)
    found: set[str] = set()
    for name, table in TABLES.items():
        rows = reader.table(name)
        for column, kind in table.columns.items():
            if kind == "text" and column not in PROVENANCE:
                found |= {text for text in rows[column].dropna().unique() if not text.isascii()}
    return sorted(found, key=len, reverse=True)


def figure_texts(node: object) -> list[str]:
    """Return every text drawn in a figure: titles, ticks, annotations, hovers, labels."""
    if isinstance(node, dict):
        drawn = ("text", "hovertext", "ticktext")
        own = [v for k, v in node.items() if k in drawn]
        flat = [str(x) for v in own for x in (v if isinstance(v, list) else [v]) if isinstance(x, str)]
        return flat + [t for v in node.values() for t in figure_texts(v)]
    if isinstance(node, list):
        return [t for v in node for t in figure_texts(v)]
    return []


def texts_of(app: AppTest) -> list[str]:
    """Return every word on a page: text, labels, options, tables, figures."""
    kinds = ("markdown", "caption", "subheader", "header", "title", "info", "warning", "success", "error")
    texts = [str(e.value) for kind in kinds for e in app.get(kind)]
    for kind in ("button", "selectbox", "multiselect", "text_input", "number_input", "metric", "expander"):
        texts += [str(getattr(e, "label", "")) for e in app.get(kind)]
    texts += [option for box in app.selectbox for option in box.options]
    for table in app.table:
        texts += [str(text) for text in (*table.value.columns, *table.value.to_numpy().ravel())]
    for chart in app.get("plotly_chart"):
        texts += figure_texts(json.loads(chart.proto.spec))
    return texts
