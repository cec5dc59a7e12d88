"""Cuts from the example tables, for tests that need a data directory but no workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from saa_dash.model.cut import CutInfo
from saa_dash.store.cuts import publish_cut
from saa_dash.store.new_cut import NewCut

from .tables import STUDY, make_tables

CUTOFF = date(2026, 7, 31)
START = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)


def ticking(start: datetime = START) -> Callable[[], datetime]:
    """Return a clock that moves on by a minute with each look."""
    moment = [start]

    def now() -> datetime:
        moment[0] += timedelta(minutes=1)
        return moment[0]

    return now


def new_cut(**changes: Any) -> NewCut:
    """Return a cut of the example tables to be published; `changes` replace its fields."""
    fields: dict[str, Any] = {"tables": make_tables(), "study": STUDY, "synthetic": True, "cutoff": CUTOFF}
    return NewCut(**{**fields, **changes})


def make_cut(data_dir: Path, **changes: Any) -> CutInfo:
    """Publish a cut of the example tables."""
    return publish_cut(data_dir, new_cut(**changes))[0]
