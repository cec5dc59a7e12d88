"""Tables for a paper as a Word document: three rules, words of the journal's size, each table on a page of its own.

Letters are Times New Roman, Chinese ones SimSun (宋体), both named so that every machine that has Word has them.
The same tables give the same bytes: no author, no time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..i18n import translate
from .cells import lay_out, texts_of
from .document import Table
from .workbook import STAMP, settled

if TYPE_CHECKING:
    from docx.document import Document as Word

LATIN, CHINESE = "Times New Roman", "宋体"
_TITLE, _BODY, _NOTE = 10.5, 9.0, 8.0  # pt
_MARGIN = 20.0  # mm
_PORTRAIT, _LANDSCAPE = (210.0, 297.0), (297.0, 210.0)  # mm
_WIDE = 7  # columns from which on the page lies on its side
_PT = 72 / 25.4  # of a mm
_HEAVY, _THIN = 12, 6  # eighths of a pt of a rule
_LANG = {"zh": "zh-CN", "en": "en-US"}


def write_docx(tables: Sequence[Table], lang: str, title: str) -> bytes:
    """Return tables as a Word document.

    Parameters
    ----------
    title : property of the file.
    """
    from docx import Document

    book = Document()
    _prepare(book, lang, title)
    for number, table in enumerate(tables, start=1):
        _page(book, table, first=number == 1)
        _add(book, table, translate(lang, "takeaway.table_number", number=number, title=table.title))
    out = BytesIO()
    book.save(out)
    return settled(out.getvalue(), datetime(*STAMP[:3]))


def _prepare(book: Word, lang: str, title: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = book.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(_BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), CHINESE)
    spoken = style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "en-US", qn("w:eastAsia"): _LANG["zh"]})
    style.element.rPr.append(spoken)
    links = book.part.package.rels
    for name in [name for name, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[name]  # a picture of the empty document that all are made of
    made, held = datetime(*STAMP[:3]), book.core_properties
    held.title, held.author, held.last_modified_by, held.comments = title, "saa-dash", "saa-dash", ""
    held.created = held.modified = made
    held.language = _LANG[lang]


def _page(book: Word, table: Table, *, first: bool) -> None:
    """Begin a page; it lies on its side where the table is wide."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    section = book.sections[0] if first else book.add_section(WD_SECTION.NEW_PAGE)
    wide = table.frame.shape[1] >= _WIDE
    width, height = _LANDSCAPE if wide else _PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)


def _add(book: Word, table: Table, title: str) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Pt

    _words(book.add_paragraph(), title, _TITLE, bold=True, after=4, keep=True)
    columns, rows = [str(name) for name in table.frame.columns], texts_of(table.frame)
    wide = len(columns) >= _WIDE
    room = ((_LANDSCAPE if wide else _PORTRAIT)[0] - 2 * _MARGIN) * _PT
    widths = _widths(columns, rows, room)
    grid = book.add_table(rows=1 + len(rows), cols=len(columns))
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Pt(width)
    for row, (line, texts) in enumerate(zip(grid.rows, [columns, *rows], strict=True)):
        head = not row
        _whole(line, head=head)
        for place, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
            cell.width = Pt(widths[place])
            strong = head or (row - 1 in table.heads and not place)
            _words(cell.paragraphs[0], text, _BODY, bold=strong, centre=bool(place), after=1, before=1)
    _rule(grid.rows[0], top=_HEAVY, bottom=_THIN if rows else _HEAVY)
    if rows:
        _rule(grid.rows[len(rows)], bottom=_HEAVY)
    for note in (*table.notes, table.source):
        _words(book.add_paragraph(), note, _NOTE, before=2, after=0)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """Return the widths of columns, pt, that fill a page; none wider than its words want where all fit."""
    asked = lay_out(columns, rows, room).widths
    return [width * room / sum(asked) for width in asked]


def _words(
    paragraph: Any, text: str, size: float, *, bold: bool = False, centre: bool = False, keep: bool = False,
    before: float = 0, after: float = 0,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if text.startswith("\u2003"):
        form.left_indent, text = Pt(size), text.lstrip("\u2003")
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold = Pt(size), LATIN, bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), CHINESE)


def _whole(row: Any, *, head: bool) -> None:
    """Keep a row on one page; the head stands on every page."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _rule(row: Any, **sides: int) -> None:
    """Draw rules at the sides of a row, eighths of a pt."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for cell in row.cells:
        borders = OxmlElement("w:tcBorders")
        for side, size in sides.items():
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)
