"""The component that shows a tray over the whole window: what is sent to it, and what it tells.

All slides travel at once, so that turning to another one asks nobody; the first line names the content of the second.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from ...report.exhibit import FIGURE, Exhibit
from ..words import language, t
from . import files

NAME, KEY = "saa_dash_slides", "slides"
LEAVE, LIVE, LIST = "leave", "live", "list"
_WORDS = ("previous", "next", "menu", "live", "live_help", "full", "leave", "keys", "empty", "broken")
_MOST_ROWS = 300  # of a table


@dataclass(frozen=True)
class Show:
    """A tray on its way to the component.

    Parameters
    ----------
    tray : its code. name : its name. at : the slide to go to, None for where the browser is. go : another text than
        before says that it is to go there now. live : whether the page of each slide can be opened.
    """

    tray: str
    name: str
    exhibits: Sequence[Exhibit]
    live: Sequence[bool]
    at: int | None
    go: str


def mount(show: Show, origin: Callable[[Exhibit], str], told: Callable[[], None]) -> None:
    """Show a tray.

    Parameters
    ----------
    origin : where an exhibit comes from, as one line. told : called before the run that a deed starts; `deed` tells
        which.
    """
    _component()(key=KEY, data=payload(show, origin), height=1, on_deed_change=told)


def deed() -> tuple[str, int]:
    """Return what the speaker asks for and on which slide; ("", 0) for nothing."""
    held = st.session_state.get(KEY)
    asked = held.get("deed") if isinstance(held, Mapping) else None
    if not isinstance(asked, Mapping) or asked.get("what") not in (LEAVE, LIVE, LIST):
        return "", 0
    return str(asked["what"]), int(asked.get("at") or 0)


def payload(show: Show, origin: Callable[[Exhibit], str]) -> bytes:
    """Return what is sent to the browser."""
    slides = json.dumps(
        [{**_slide(one, origin(one)), "live": live} for one, live in zip(show.exhibits, show.live, strict=True)],
        ensure_ascii=False,
    )
    words = {name: t(f"present.slides.{name}") for name in _WORDS}
    words["part"] = t("present.slides.part", first="{first}", last="{last}", total="{total}")
    words |= {"aria": t("present.slides.aria", name=show.name), "list": t("present.slides.to_list")}
    digest = hashlib.blake2b(slides.encode(), digest_size=12).hexdigest()
    meta = {"tray": show.tray, "at": show.at, "go": show.go, "lang": language(), "words": words}
    token = hashlib.blake2b(f"{digest}{meta}".encode(), digest_size=12).hexdigest()
    return f"{json.dumps({**meta, 'token': token}, ensure_ascii=False)}\n{slides}".encode()


def _slide(one: Exhibit, origin: str) -> dict[str, object]:
    stamps = [t("present.slides.synthetic")] if one.provenance.synthetic else []
    stamps += [] if one.provenance.primary else [t("present.slides.sensitivity")]
    return {
        "title": one.caption or one.title,
        "subtitle": " · ".join(part for part in (one.title if one.caption else "", one.subtitle) if part),
        "footnote": one.footnote,
        "alt": one.alt,
        "origin": origin,
        "stamp": " · ".join(stamps),
        "figure": dict(one.figure) if one.kind == FIGURE else None,
        "table": None if one.kind == FIGURE else _table(one.table),
    }


def _table(rows: pd.DataFrame) -> dict[str, object]:
    """Return a table without the columns that are empty from top to bottom: they would take the room of the others."""
    left = len(rows) - _MOST_ROWS
    cells = [[_cell(value) for value in row] for row in rows.head(_MOST_ROWS).itertuples(index=False, name=None)]
    kept = [i for i in range(rows.shape[1]) if any(row[i] for row in cells) or not cells]
    return {
        "columns": [str(rows.columns[i]) for i in kept],
        "data": [[row[i] for i in kept] for row in cells],
        "numbers": [pd.api.types.is_numeric_dtype(rows.iloc[:, i].dtype) for i in kept],
        "more": t("present.slides.rows", n=left) if left > 0 else "",
    }


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js=files.loader("slides.js"), isolate_styles=False)
