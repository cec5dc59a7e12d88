"""Reads what a report says: text of a PDF page by page, rows of a workbook; and draws figures without a browser."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from saa_dash.services.pack import Pack

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}"><defs id="defs-{id}"/></svg>'


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, blanks between letters as the PDF has them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [document[place].get_textpage().get_text_range() for place in range(len(document))]
    finally:
        document.close()


def tight(text: str) -> str:
    """Return text without any blank: where lines break says nothing."""
    return re.sub(r"[\s\u2060\ufeff\ufffe\x02]+", "", text)


def sheets_of(workbook: bytes) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(workbook))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


class Easel:
    """Stands in for the browser: an empty picture for each figure, whose definitions it keeps."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.shares: list[float] = []

    def told(self, _message: object, share: float) -> None:
        """Keep how far the work is."""
        self.shares.append(share)

    @contextmanager
    def started(self, _browser: str) -> Iterator[Callable[..., tuple[str, ...]]]:
        """Yield what draws."""

        def draw(figures: Sequence[Any], told: Callable[[int], None]) -> tuple[str, ...]:
            out = []
            for place, figure in enumerate(figures):
                self.drawn.append(json.dumps(figure.view.figure.to_plotly_json(), default=str, ensure_ascii=False))
                out.append(SVG.format(w=figure.width, h=figure.height, id=f"{place:06x}"))
                told(place + 1)
            return tuple(out)

        yield draw


@dataclass(frozen=True)
class Made:
    """A pack on disk and what was drawn for it."""

    pdf: Path
    figures: list[str]
    result: Pack
    shares: list[float]

    @property
    def text(self) -> str:
        """All pages without blanks."""
        return tight("".join(pages_of(self.pdf.read_bytes())))

    @property
    def sheets(self) -> dict[str, list[list[object]]]:
        """Rows of the workbook."""
        return sheets_of(self.pdf.with_suffix(".xlsx").read_bytes())
