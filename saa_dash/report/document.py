"""A document before it is typeset: chapters of numbered tables and figures, every word already in its language.

Source: order and numbering of an open report to a data and safety monitoring board.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from ..charts.view import FigureView


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Parameters
    ----------
    kind : ``body``, ``note`` (quiet), ``missing`` (why something is not there), ``answer``, or ``head`` of the next.
    """

    words: str
    kind: str = "body"


@dataclass(frozen=True)
class Facts:
    """Lines of a name and what is said of it; not numbered."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    frame : columns named and values said in the reader's language; numbers stay numbers. notes : under the table.
    source : where the numbers come from: cut, cut-off, n, filters, rule set, hashes.
    heads : rows that stand for those below them, drawn strong. listing : patients or events one by one; goes into the
        workbook too, with all rows. sheet : its name there, "" for none.
    limit : rows on paper, 0 for all; how many are left out is said. whole : what the workbook holds where it has more
        columns than fit on paper.
    """

    title: str
    frame: pd.DataFrame
    source: str
    notes: tuple[str, ...] = ()
    heads: frozenset[int] = frozenset()
    listing: bool = False
    sheet: str = ""
    limit: int = 0
    whole: pd.DataFrame | None = None


@dataclass(frozen=True)
class Figure:
    """A figure as it is drawn on the screen, in the light look.

    Parameters
    ----------
    source : as of a `Table`. width : px it is drawn at; letters are as large on paper as 12 px in 1000 px.
    """

    view: FigureView
    source: str
    width: int = 1000

    @property
    def height(self) -> int:
        """Height the figure is drawn at, px."""
        return int(self.view.figure.layout.height or 420)


Block = Text | Facts | Table | Figure


@dataclass(frozen=True)
class Chapter:
    """A chapter; it starts on a page of its own where `opens` says so."""

    title: str
    blocks: tuple[Block, ...]
    opens: bool = False


@dataclass(frozen=True)
class Cover:
    """The title page: kind of document, title of the study, facts, and what the reader should know."""

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """All of it.

    Parameters
    ----------
    lang : ``zh`` or ``en``. header, footer : on every page. stamp : "synthetic" on every page, "" for real data.
    """

    lang: str
    cover: Cover
    chapters: tuple[Chapter, ...]
    header: str
    footer: str
    stamp: str = ""
    about: tuple[str, ...] = field(default=())

    def blocks(self) -> Iterator[Block]:
        """Yield every block in order."""
        for chapter in self.chapters:
            yield from chapter.blocks

    def figures(self) -> tuple[Figure, ...]:
        """Return the figures in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Figure))

    def tables(self) -> tuple[Table, ...]:
        """Return the tables in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))
