"""A figure or table that was collected: all that is needed to show it again, years later, without the study's data.

It is as a presenter sees it: aggregates, patients under codes of the presentation, study days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from ..charts.view import FigureView
from ..model.provenance import Provenance

FIGURE, TABLE = "figure", "table"


@dataclass(frozen=True)
class Exhibit:
    """One thing to present.

    Parameters
    ----------
    kind : FIGURE or TABLE. page, key : where it was collected. lang : of its words.
    figure : as plotly.js reads it, in the light look; empty for a table. table : the numbers, columns in `lang`.
    caption : the presenter's own words. patients : the table tells of single patients, under codes.
    """

    kind: str
    page: str
    key: str
    lang: str
    title: str
    subtitle: str
    footnote: str
    alt: str
    provenance: Provenance
    figure: Mapping[str, Any] = field(default_factory=dict)
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    patients: bool = True
    caption: str = ""

    @property
    def digest(self) -> str:
        """Return a name of what is shown: words, marks and numbers, and not of where they come from."""
        shown = [self.kind, self.title, self.subtitle, self.footnote, self.figure, _records(self.table)]
        return hashlib.blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=12).hexdigest()


def exhibit_of(view: FigureView, page: str, key: str, lang: str, provenance: Provenance) -> Exhibit:
    """Return a figure of a page as an exhibit.

    Parameters
    ----------
    view : drawn in the light look, with the sight of a presenter.
    """
    figure = json.loads(view.figure.to_json(validate=False))
    return Exhibit(
        FIGURE, page, key, lang, view.title, view.subtitle, view.footnote, view.alt, provenance, figure, view.table,
        view.patients,
    )  # fmt: skip


def to_json(exhibit: Exhibit) -> str:
    """Return an exhibit as text."""
    held = {name: getattr(exhibit, name) for name in Exhibit.__dataclass_fields__}
    about = asdict(exhibit.provenance)
    held["provenance"] = {**about, "cutoff": exhibit.provenance.cutoff.isoformat()}
    held["table"] = _records(exhibit.table)
    return json.dumps(held, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Exhibit:
    """Return the exhibit of a text that `to_json` wrote."""
    held = json.loads(text)
    about = held["provenance"]
    held["provenance"] = Provenance(**{**about, "cutoff": date.fromisoformat(about["cutoff"])})
    rows = json.loads(held["table"])
    held["table"] = pd.DataFrame(rows["data"], columns=rows["columns"])
    return Exhibit(**held)


def with_caption(exhibit: Exhibit, caption: str) -> Exhibit:
    """Return an exhibit with the presenter's own words."""
    return replace(exhibit, caption=caption)


def _records(table: pd.DataFrame) -> str:
    return str(table.to_json(orient="split", index=False, force_ascii=False))
