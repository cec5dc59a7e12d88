"""Figures as SVG, drawn by a browser without a window: the same definitions as on the screen.

Plotly names its clip paths by chance; they are named by the place of the figure here, so that a figure drawn twice is
the same text.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..model.errors import EnvironmentProblem
from .document import Figure

SECONDS = 60  # for one figure; the first waits for the browser
_CHANCE = re.compile(r'id="defs-([0-9a-f]{6})"')
_ONE = threading.Lock()  # there is one browser in a process: whoever comes second waits


@dataclass(frozen=True)
class Sketch:
    """A figure as plotly.js reads it, and the size it is drawn at, px."""

    figure: Mapping[str, Any]
    width: int
    height: int


Draw = Callable[[Sequence[Figure | Sketch], Callable[[int], None]], tuple[str, ...]]


@contextmanager
def started_browser(browser: str) -> Iterator[Draw]:
    """Start a browser aside, and yield what draws figures with it: figures and a callback → SVG, in order.

    It starts while the caller does something else. The callback is given the number of figures drawn so far.

    Parameters
    ----------
    browser : path of a Chromium, Chrome or Edge.

    Raises
    ------
    EnvironmentProblem : the browser does not start, or does not draw.
    """
    import kaleido

    def draw(figures: Sequence[Figure | Sketch], told: Callable[[int], None]) -> tuple[str, ...]:
        out = []
        for place, figure in enumerate(figures):
            size = {"format": "svg", "width": figure.width, "height": figure.height}
            drawn = figure.figure if isinstance(figure, Sketch) else figure.view.figure
            try:
                svg = kaleido.calc_fig_sync(drawn, opts=size).decode("utf-8")
            except Exception as error:
                raise EnvironmentProblem("error.pack_browser_fails", path=browser) from error
            out.append(settled(svg, place))
            told(place + 1)
        return tuple(out)

    with _ONE:
        try:
            kaleido.start_sync_server(n=1, path=browser, timeout=SECONDS, silence_warnings=True)
        except Exception as error:
            raise EnvironmentProblem("error.pack_browser_fails", path=browser) from error
        try:
            yield draw
        finally:
            kaleido.stop_sync_server(silence_warnings=True)


def settled(svg: str, place: int) -> str:
    """Return an SVG whose names come from its place in the document instead of chance."""
    found = _CHANCE.search(svg)
    return svg.replace(found[1], f"f{place:05d}") if found else svg
