"""The component that draws a figure: what is sent to it, and what it tells.

What is sent is bytes of two lines: words and settings as JSON, then the figure as plotly.js reads it, numbers as
base64 of their own type. The first line names the content of the second, so that an unchanged figure is not even read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ..words import language, t
from . import files

NAME = "saa_dash_figure"
TOOLS_PX = 28  # height of the row of buttons under a figure
HEIGHT_PX = 450  # of a figure that does not say
_WORDS = (
    "reset", "box", "lasso", "png", "svg", "keys", "keys_open", "no_marks", "loading", "broken", "plain", "saved",
    "not_saved", "collect", "collect_help",
)  # fmt: skip

Marks = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """A figure on its way to the component.

    Parameters
    ----------
    key : unique on the page. alt : what it shows, in words. select : a click on a mark is told. box : marks can be
        boxed. pictures : there are buttons for pictures. keep : what is on the screen stays. save : make a picture.
    unbox : a box that is drawn goes. collect : there is a button for the tray. collected : another text than before
        frees that button. scale : how much larger than on a page.
    """

    figure: go.Figure
    key: str
    alt: str
    select: bool
    box: bool
    pictures: bool
    keep: bool = False
    save: Mapping[str, object] | None = None
    unbox: bool = False
    collect: bool = False
    collected: str = ""
    scale: float = 1.0

    @property
    def height(self) -> int:
        """Height of the plot, px."""
        return int(self.figure.layout.height or HEIGHT_PX)

    @property
    def room(self) -> int:
        """Height of the plot with its buttons, px."""
        tools = self.pictures or self.box or self.collect
        return round(self.height * self.scale) + (TOOLS_PX if tools else 0)


@dataclass(frozen=True)
class Told:
    """What the component tells: the mark clicked just now, and those in the box, which stay until it goes."""

    picked: Marks = ()
    boxed: Marks = ()


@dataclass(frozen=True)
class Handlers:
    """What is called before the run that a deed of the reader starts.

    Parameters
    ----------
    picture : a picture is asked for. failed : the component cannot be loaded here. collect : it goes into the tray.
    """

    picture: Callable[[], None] = field(default=lambda: None)
    failed: Callable[[], None] = field(default=lambda: None)
    collect: Callable[[], None] = field(default=lambda: None)


def mount(drawing: Drawing, handlers: Handlers) -> Told:
    """Put a figure on the page."""
    result = _component()(
        key=drawing.key,
        data=payload(drawing),
        width="stretch",
        height=drawing.room,
        on_picked_change=_nothing,
        on_boxed_change=_nothing,
        on_picture_change=handlers.picture,
        on_failed_change=handlers.failed,
        on_collect_change=handlers.collect,
    )
    return Told(marks(result.get("picked")), marks(result.get("boxed")))


def payload(drawing: Drawing) -> bytes:
    """Return what is sent to the browser."""
    figure = drawing.figure.to_json(validate=False)
    meta = {
        "key": drawing.key,
        "digest": hashlib.blake2b(figure.encode(), digest_size=12).hexdigest(),
        "height": drawing.height,
        "alt": drawing.alt,
        "lang": language(),
        "select": drawing.select,
        "box": drawing.box,
        "pictures": drawing.pictures,
        "keep": drawing.keep,
        "save": drawing.save,
        "unbox": drawing.unbox,
        "collect": drawing.collect,
        "collected": drawing.collected,
        "scale": drawing.scale,
        "words": {word: t(f"figure.{word}") for word in _WORDS},
    }
    return f"{json.dumps(meta, ensure_ascii=False)}\n{figure}".encode()


def marks(told: object) -> Marks:
    """Return the `customdata` of each mark that an event tells of, P-code first."""
    points = told.get("points", []) if isinstance(told, Mapping) else []
    held = [point.get("customdata") for point in points]
    return tuple(tuple(data) if isinstance(data, list | tuple) else (data,) for data in held if data)


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js=files.loader(), isolate_styles=False)


def _nothing() -> None:
    return None
