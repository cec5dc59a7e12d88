"""Figures as SVG, drawn by a browser without a window: the same definitions as on the screen.

Plotly names its clip paths by chance; they are numbered here, so that a figure drawn twice is the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..model.errors import EnvironmentProblem
from .document import Figure

SECONDS = 60  # for one figure; the first waits for the browser
_CHANCE = re.compile(r'id="defs-([0-9a-f]{6})"')


def draw_figures(figures: Sequence[Figure], browser: str, told: Callable[[int], None]) -> tuple[str, ...]:
    """Return the figures as SVG, in order.

    Parameters
    ----------
    browser : path of a Chromium, Chrome or Edge. told : called with the number of figures drawn so far.

    Raises
    ------
    EnvironmentProblem : the browser does not start, or does not draw.
    """
    import kaleido

    if not figures:
        return ()
    try:
        kaleido.start_sync_server(n=1, path=browser, timeout=SECONDS, silence_warnings=True)
        return tuple(_drawn(kaleido, figure, place, told) for place, figure in enumerate(figures))
    except Exception as error:
        raise EnvironmentProblem("error.pack_browser_fails", path=browser) from error
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _drawn(kaleido: Any, figure: Figure, place: int, told: Callable[[int], None]) -> str:
    size = {"format": "svg", "width": figure.width, "height": figure.height}
    svg = kaleido.calc_fig_sync(figure.view.figure, opts=size).decode("utf-8")
    told(place + 1)
    return settled(svg, place)


def settled(svg: str, place: int) -> str:
    """Return an SVG whose names come from its place in the document instead of chance."""
    found = _CHANCE.search(svg)
    return svg.replace(found[1], f"f{place:05d}") if found else svg
