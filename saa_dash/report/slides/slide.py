"""Slides before they are drawn: every word in its language, figures in data units, tables as frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Chart:
    """A figure as plotly.js reads it. `numbers` : its table, shown where it cannot be drawn natively."""

    figure: Mapping[str, Any]
    alt: str
    numbers: pd.DataFrame = field(default_factory=pd.DataFrame)
    width: float = 1000.0


@dataclass(frozen=True)
class Rows:
    """A table; goes on on further slides where it is long. `heads` : rows that stand for those below them."""

    frame: pd.DataFrame
    alt: str
    heads: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Cards:
    """Large numbers beside one another: number, what it is, what is said of it."""

    cards: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Steps:
    """Boxes under one another, from who was screened to where they are; those beside left at that step.

    Parameters
    ----------
    boxes : words in two lines. beside : words of who left after each box, "" for nobody. ends : boxes in the last row.
    """

    boxes: tuple[tuple[str, str], ...]
    beside: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Points:
    """Lines of text. `asked` : to be filled in by the speaker."""

    lines: tuple[str, ...]
    asked: bool = False
    quiet: bool = False


Block = Chart | Rows | Cards | Steps | Points


@dataclass(frozen=True)
class Slide:
    """A slide.

    Parameters
    ----------
    title : the finding. blocks : beside one another, as broad as `shares` say; `stacked` under one another.
    subtitle, footnote : around them. notes : what the speaker reads, a paragraph each. foot : cut, cut-off, n.
    stamps : synthetic, sensitivity; "" for none. opening : the title slide, `blocks` are lines under its title.
    """

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    foot: str
    subtitle: str = ""
    footnote: str = ""
    shares: tuple[float, ...] = ()
    stamps: tuple[str, ...] = ()
    opening: bool = False
    stacked: bool = False


@dataclass(frozen=True)
class Deck:
    """All slides. `words` : names in the workbooks of charts."""

    lang: str
    title: str
    slides: tuple[Slide, ...]
