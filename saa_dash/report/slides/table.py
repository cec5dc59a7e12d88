"""Native tables: rows of words with thin lines between them, split over slides where they are long."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..cells import halves, texts_of
from .parts_xml import EMU
from .words import Face, Paragraph, Run, line_height, line_width

_TBL = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
SIZES = (18.0, 16.0, 15.0, 14.0)  # pt of letters in a table, the first that fits
_NARROW = (13.0, 12.0)  # for tables of many columns
_BROKEN = 0.2  # of the rows of a table may break into lines there
_SMALL = (11.0, 10.5)  # on slides that are not broad
_THEIRS = 1.12  # a template's letters may be that much wider: counted on where there is little room
_INSET = 6.0  # pt at either side of a cell
_RULE, _HEAD = "D5DAE0", "8792A0"
_ROUND = 0.5
_PAD = 3.0  # pt above and under the words of a row
_WIDEST = 64  # halves of a letter a text takes before it breaks into lines


@dataclass(frozen=True)
class Area:
    """A place on a slide, pt."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """A part of a table that fits a slide.

    Parameters
    ----------
    names : of the columns. rows : words. heads : rows that stand for those below them. heights : of the head and rows.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heads: frozenset[int]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    right: tuple[bool, ...]
    size: float


def sheets_of(
    frame: pd.DataFrame, heads: frozenset[int], area: Area, *, size: float | None = None, tight: bool = False
) -> list[Sheet]:
    """Return a table in parts that fit the area, in the largest letters that need no more parts and break no row.

    Parameters
    ----------
    size : of the letters, pt; None for the best. tight : of slides that are not broad: in smaller letters too.
    """
    if tight:
        narrow = replace(area, width=area.width / _THEIRS)
        held = _best(frame, heads, narrow, (*SIZES, *_NARROW, *_SMALL) if size is None else (size,), tight=True)
        return [replace(sheet, widths=tuple(width * _THEIRS for width in sheet.widths)) for sheet in held]
    sizes = tuple(letters for letters in SIZES if _has_room(frame, area.width, letters)) or _NARROW
    return _best(frame, heads, area, sizes if size is None else (size,))


def _best(
    frame: pd.DataFrame, heads: frozenset[int], area: Area, sizes: Sequence[float], *, tight: bool = False
) -> list[Sheet]:
    options = [_split(frame, heads, area, letters, tight=tight) for letters in sizes]
    least = min(len(option) for option in options)
    fitting = [option for option in options if len(option) == least]
    most = _BROKEN if tight else 0.0
    whole = (option for option in fitting if _is_flat(option, most))
    return next(whole, fitting[-1])


def _is_flat(sheets: Sequence[Sheet], most: float) -> bool:
    """Tell whether no row breaks into lines, or at most that share of all rows."""
    single = sheets[0].size * line_height("中") + 2 * _PAD + _ROUND
    broken = sum(height > single for sheet in sheets for height in sheet.heights[1:])
    return broken <= most * sum(len(sheet.rows) for sheet in sheets)


def _has_room(frame: pd.DataFrame, width: float, size: float) -> bool:
    """Tell whether no word has to be broken."""
    columns = list(zip(*texts_of(frame), strict=True)) or [()] * len(frame.columns)
    names = [str(name) for name in frame.columns]
    return sum(_least(name, column, size) for name, column in zip(names, columns, strict=True)) <= width


def _split(frame: pd.DataFrame, heads: frozenset[int], area: Area, size: float, *, tight: bool) -> list[Sheet]:
    names = [str(name) for name in frame.columns]
    rows = texts_of(frame)
    right = tuple(_is_number(column) for column in zip(*rows, strict=True)) if rows else (False,) * len(names)
    widths = _widths(names, rows, area.width, size, right if tight else (False,) * len(names))
    head = _height(names, widths, size)
    out: list[Sheet] = []
    held: list[int] = []
    used = head
    heights = [_height(row, widths, size) for row in rows]
    for place, height in enumerate(heights):
        if held and used + height > area.height:
            kept = held[:-1] if held[-1] in heads and len(held) > 1 else held  # a head never stands alone at the foot
            out.append(_sheet(names, rows, heads, kept, heights, head, widths, right, size))
            held = held[len(kept) :]
            used = head + sum(heights[at] for at in held)
        held.append(place)
        used += height
    out.append(_sheet(names, rows, heads, held, heights, head, widths, right, size))
    return out


def _sheet(
    names: list[str], rows: list[list[str]], heads: frozenset[int], held: list[int], heights: list[float], head: float,
    widths: tuple[float, ...], right: tuple[bool, ...], size: float,
) -> Sheet:  # fmt: skip
    return Sheet(
        tuple(names),
        tuple(tuple(rows[place]) for place in held),
        frozenset(at for at, place in enumerate(held) if place in heads),
        widths,
        (head, *(heights[place] for place in held)),
        right,
        size,
    )


def _is_number(column: Sequence[str]) -> bool:
    filled = [text for text in column if text]
    return bool(filled) and all(text[0] in "0123456789<>≤≥–−-" and halves(text) <= 26 for text in filled)


def _widths(
    names: Sequence[str], rows: Sequence[Sequence[str]], width: float, size: float, whole: Sequence[bool]
) -> tuple[float, ...]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    wanted = [
        min(1.05 * max([line_width(text, size) for text in column], default=0), _WIDEST * size / 2) + 2 * _INSET + 8
        for column in columns
    ]
    wanted = [
        max(want, min(line_width(name, size) * 1.06, 9 * size) + 2 * _INSET + 8)
        for want, name in zip(wanted, names, strict=True)
    ]
    room = sum(wanted)
    if room <= width:
        spare = min(width - room, 0.35 * room) / len(wanted)
        return tuple(want + spare for want in wanted)
    least = [
        min(want, max(_least(name, column, size), _longest(column, size) if kept else 0.0))
        for want, name, column, kept in zip(wanted, names, columns, whole, strict=True)
    ]
    if sum(least) >= width:
        return tuple(part * width / sum(least) for part in least)
    share = (width - sum(least)) / (room - sum(least))
    return tuple(low + (want - low) * share for low, want in zip(least, wanted, strict=True))


def _longest(column: Sequence[str], size: float) -> float:
    """Return the width of a column in which nothing is broken."""
    return 1.05 * max((line_width(text, size) for text in column), default=0.0) + 2 * _INSET + 2


def _least(name: str, column: Sequence[str], size: float) -> float:
    words = [word for text in (name, *column) for word in text.replace("/", "/ ").split()]
    longest = max((line_width(word, size) if _is_whole(word) else 3.3 * size for word in words), default=size)
    return min(longest * 1.06, 12 * size) + 2 * _INSET + 8


def _is_whole(word: str) -> bool:
    """Tell whether a word cannot be broken: Chinese can, anywhere."""
    return all(unicodedata.east_asian_width(sign) not in "WF" for sign in word)


def _height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    high = 0.0
    for text, width in zip(row, widths, strict=True):
        room = max(width - 2 * _INSET, size)
        lines = max(-(-round(line_width(text, size)) // max(round(room), 1)), 1)
        high = max(high, lines * size * line_height(text))
    return high + 2 * _PAD


def add_sheet(slide: Any, sheet: Sheet, area: Area, face: Face, alt: str) -> Any:
    """Put a part of a table on a slide; returns its shape."""
    widths = [f'<a:gridCol w="{round(width * EMU)}"/>' for width in sheet.widths]
    body = [_row(sheet.names, sheet, face, sheet.heights[0], head=True)]
    body += [
        _row(row, sheet, face, height, strong=at in sheet.heads)
        for at, (row, height) in enumerate(zip(sheet.rows, sheet.heights[1:], strict=True))
    ]
    total = sum(sheet.widths), sum(sheet.heights)
    return add_table_xml(slide, "".join(widths), "".join(body), Area(area.left, area.top, *total), alt)


def add_table_xml(slide: Any, grid: str, rows: str, area: Area, alt: str) -> Any:
    """Put a table of ready rows on a slide."""
    from pptx.oxml import parse_xml

    places = (area.left, area.top, area.width, area.height)
    frame = slide.shapes.add_table(1, 1, *(round(place * EMU) for place in places))
    table = parse_xml(
        f'<a:tbl {_TBL}><a:tblPr firstRow="1"><a:tableStyleId>{_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl>"
    )
    held = frame._element.graphic.graphicData
    held.replace(held.tbl, table)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    return frame


def _row(
    cells: Sequence[str], sheet: Sheet, face: Face, height: float, *, head: bool = False, strong: bool = False
) -> str:
    out = []
    for text, right in zip(cells, sheet.right, strict=True):
        indent = len(text) - len(text.lstrip("\u2003"))
        words = (Run(text.lstrip("\u2003")),) if text else ()
        out.append(cell_xml(words, face, sheet.size, right=right, bold=head or strong, head=head, indent=indent))
    return f'<a:tr h="{round(height * EMU)}">{"".join(out)}</a:tr>'


def cell_xml(
    words: Paragraph, face: Face, size: float, *, right: bool = False, centre: bool = False, bold: bool = False,
    head: bool = False, indent: int = 0, rule: bool = True, colour: str = "", inset: float = _INSET,
) -> str:  # fmt: skip
    """Return a cell of a table."""
    across = "r" if right else "ctr" if centre else "l"
    edge = face.inks.mark(_HEAD if head else _RULE)
    line = (
        f'<a:lnB w="{12700 if head else 6350}"><a:solidFill><a:srgbClr val="{edge}"/></a:solidFill></a:lnB>'
        if rule
        else ""
    )
    shift = f' marL="{round(indent * size * EMU)}"' if indent else ""
    ink = colour or (face.muted if head else face.text)
    paragraph = face.paragraph(words, size, colour=ink, bold=bold, properties=f'<a:pPr algn="{across}"{shift}/>')
    sides = f'marL="{round(inset * EMU)}" marR="{round(inset * EMU)}"'
    pad = round((_PAD if rule else 0) * EMU)
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</a:txBody>"
        f'<a:tcPr {sides} marT="{pad}" marB="{pad}" anchor="{"b" if head else "ctr"}">{line}<a:noFill/></a:tcPr></a:tc>'
    )
