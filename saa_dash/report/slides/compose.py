"""A deck as a presentation: slides on their layouts, native charts, long tables over several slides, speaker notes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from ...i18n import translate
from .axis_xml import Words
from .blocks import add_cards, add_points, add_steps, box
from .finish import to_bytes
from .inks import ON_WHITE, WHITE
from .parts_xml import EMU
from .place import add_words, draw_picture, set_words
from .read import can_read, read_figure
from .slide import Block, Cards, Chart, Deck, Points, Rows, Slide, Steps
from .stage import Stage, add_number
from .stamps import add_stamps, foot_of
from .table import Area, Sheet, add_sheet, sheets_of
from .template import open_stage
from .text_inks import area_of
from .theme import P, overridden
from .words import Face, Run, line_height, line_width, lines_of, paragraphs

_SUBTITLE, _FOOTNOTE, _FOOT = 14.0, 11.0, 10.5  # pt
_TIGHT = 0.9  # of the size of subtitle and footnote, on slides that are not broad
_LINE = 1.4
_NOTE_LINES = 3  # lines of a footnote on a slide; all of it stands in the notes
_BETWEEN = 22.0  # pt between blocks beside one another
_SMALL = 12.0  # pt of letters in tables beside one another that would not fit else
_LEAST_TITLE, _LEAST_FOOT = 16.0, 8.0
_OWN_FONT, _THEIR_FONT = 0.95, 0.82  # share of a line that is counted on: their letters may be wider
_SIDE = 4.0  # pt that PowerPoint keeps free at either side of a title, at least

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """A presentation that was made: its bytes, and how many slides, native charts and tables it has."""

    data: bytes
    slides: int
    charts: int
    tables: int


def compose(deck: Deck, template: bytes | None, told: Told) -> Made:
    """Return a deck as a presentation.

    Parameters
    ----------
    template : of the hospital; None for ours. told : is given how many slides are done, of how many.

    Raises
    ------
    UsageError : the template cannot be used.
    """
    stage = open_stage(template, deck.lang)
    words = Words(
        (translate(deck.lang, "deck.sheet.data"), translate(deck.lang, "deck.sheet.words")),
        *(translate(deck.lang, f"deck.column.{name}") for name in ("ticks", "text", "x", "y")),
    )
    maker = _Maker(stage, words, deck.lang)
    for number, slide in enumerate(deck.slides):
        told(number, len(deck.slides))
        maker.add(slide)
    data = to_bytes(stage.presentation, deck.title, stage.face.locale)
    return Made(data, maker.slides, maker.charts, maker.tables)


class _Maker:
    """Puts slides on a stage and counts what it drew."""

    def __init__(self, stage: Stage, words: Words, lang: str) -> None:
        self.stage, self.words, self.lang = stage, words, lang
        self.slides = self.charts = self.tables = 0
        self._roomy = _OWN_FONT if stage.own else _THEIR_FONT
        share = _TIGHT if stage.face.tight else 1.0
        self._subtitle, self._footnote = _SUBTITLE * share, _FOOTNOTE * share

    def add(self, slide: Slide) -> None:
        """Add a slide, or as many as its table needs."""
        if slide.opening:
            self._opening(slide)
            return
        body = self._body(slide)
        parts = self._parts(slide, body)
        for at, blocks in enumerate(parts):
            title = slide.title
            if len(parts) > 1:
                title = translate(self.lang, "deck.part", title=title, part=at + 1, parts=len(parts))
            page = self._page(replace(slide, title=title))
            for block, area in blocks:
                self._draw(page, block, area)

    def _body(self, slide: Slide) -> Area:
        """Return what subtitle and footnote leave of a slide."""
        body = self.stage.body
        top = (
            self._subtitle * _LINE * lines_of(slide.subtitle, self._subtitle, body.width) + 6 if slide.subtitle else 0.0
        )
        note = self._footnote * _LINE * self._note_lines(slide, body) + 4 if slide.footnote else 0.0
        return Area(body.left, body.top + top, body.width, body.height - top - note)

    def _note_lines(self, slide: Slide, body: Area) -> int:
        return min(lines_of(slide.footnote, self._footnote, body.width * 0.97), _NOTE_LINES)

    def _parts(self, slide: Slide, body: Area) -> list[list[tuple[Block | Sheet, Area]]]:
        """Return what stands on each slide: a table that is too long goes on alone."""
        areas = _areas(slide, body)
        tight = self.stage.face.tight
        size = _common_size(slide, areas, tight=tight)
        first: list[tuple[Block | Sheet, Area]] = []
        more: list[list[tuple[Block | Sheet, Area]]] = []
        for block, area in zip(slide.blocks, areas, strict=True):
            if isinstance(block, Chart) and not can_read(block.figure):
                block = Rows(block.numbers, block.alt)
            if not isinstance(block, Rows):
                first.append((block, area))
                continue
            sheets = sheets_of(block.frame, block.heads, area, size=size, tight=tight)
            first.append((sheets[0], area))
            more += [[(sheet, area)] for sheet in sheets[1:]]
        return [first, *more]

    def _draw(self, page: Any, block: Block | Sheet, area: Area) -> None:
        face = self.stage.face
        if isinstance(block, Chart):
            picture = read_figure(block.figure, self.lang, width=block.width)
            self.charts += draw_picture(page, picture, area, face, self.words, block.alt)
            self.tables += picture.numbers is not None
        elif isinstance(block, Sheet):
            add_sheet(page, block, area, face, "")
            self.tables += 1
        elif isinstance(block, Cards):
            add_cards(page, block, area, face)
        elif isinstance(block, Steps):
            add_steps(page, block, area, face)
        elif isinstance(block, Points):
            add_points(page, block, area, face)

    def _opening(self, slide: Slide) -> None:
        page = _added(self.stage, self.stage.title_layout)
        lines = [line for block in slide.blocks if isinstance(block, Points) for line in block.lines]
        size = 20.0 if self.stage.own else 18.0
        for shape in list(page.placeholders):
            kind = shape.placeholder_format.type
            if shape == page.shapes.title:
                long = max(lines_of(slide.title, 34, shape.width / EMU * 0.97), 1)
                set_words(
                    shape, [(Run(slide.title),)], self.stage.opening, 34 if long <= 3 else 26, bold=True, anchor="b",
                    wrap=True, across="l" if self.stage.own else "ctr", inset=4.0,
                )  # fmt: skip
                _boxed(shape, self.stage.boxed[1])
            elif lines and ("SUBTITLE" in str(kind) or "BODY" in str(kind)):
                room = shape.height / EMU / (len(lines) * _LINE + len(lines) * 0.25)
                set_words(
                    shape, [(Run(line),) for line in lines], self.stage.lines, min(size, max(room, 12.0)), wrap=True,
                    across="l" if self.stage.own else "ctr", gap=4.0, inset=4.0,
                )  # fmt: skip
                _boxed(shape, self.stage.boxed[2])
                lines = []
            else:
                shape._element.getparent().remove(shape._element)
        if lines:
            area = self.stage.body
            add_words(page, [(Run(line),) for line in lines], area, self.stage.lines, 16, wrap=True, gap=4.0)
        add_stamps(page, slide, self.stage)
        self._notes(page, slide)
        self.slides += 1

    def _page(self, slide: Slide) -> Any:
        stage, face = self.stage, self.stage.face
        page = _added(stage, stage.body_layout)
        for shape in list(page.placeholders):
            if shape != page.shapes.title:
                shape._element.getparent().remove(shape._element)
        self._title(page, slide)
        if stage.panel:
            box(page, stage.panel, ON_WHITE, fill=WHITE).name = "ground"
        body = stage.body
        if slide.subtitle:
            high = self._subtitle * _LINE * lines_of(slide.subtitle, self._subtitle, body.width)
            place = Area(body.left, body.top, body.width, high + 2)
            add_words(page, paragraphs(slide.subtitle), place, face, self._subtitle, colour=face.muted, wrap=True)
        if slide.footnote:
            count = self._note_lines(slide, body)
            high = count * self._footnote * _LINE
            place = Area(body.left, body.top + body.height - high, body.width, high)
            words = _shortened(
                slide.footnote, body.width * 0.97 * count, translate(self.lang, "deck.more"), self._footnote
            )
            add_words(page, paragraphs(words), place, face, self._footnote, colour=face.muted, wrap=True)
        place, size = foot_of(slide, stage), _FOOT
        while size > _LEAST_FOOT and line_width(slide.foot, size) > place.width * self._roomy:
            size -= 0.5
        add_words(page, paragraphs(slide.foot), place, face, size, colour=face.muted, anchor="ctr", wrap=True)
        add_number(page, stage)
        add_stamps(page, slide, stage)
        self._notes(page, slide)
        self.slides += 1
        return page

    def _title(self, page: Any, slide: Slide) -> None:
        stage = self.stage
        wide, high = stage.title.width - 2 * _SIDE, stage.title.height
        size, wide = stage.size, wide * self._roomy
        while size > _LEAST_TITLE and lines_of(slide.title, size, wide) * size * line_height(slide.title) > high:
            size -= 1
        if not stage.own and area_of(page.shapes.title) != stage.title:
            places = (stage.title.left, stage.title.top, stage.title.width, stage.title.height)
            for name, place in zip(("left", "top", "width", "height"), places, strict=True):
                setattr(page.shapes.title, name, round(place * EMU))
        set_words(
            page.shapes.title, [(Run(slide.title),)], stage.head, size, bold=stage.own, wrap=True, anchor="ctr",
            across="l", inset=0.0 if stage.own else 4.0,
        )  # fmt: skip
        _boxed(page.shapes.title, stage.boxed[0])

    def _notes(self, page: Any, slide: Slide) -> None:
        lines = [*slide.notes, *([slide.footnote] if slide.footnote else [])]
        holder = page.notes_slide.notes_placeholder
        face = Face(self.lang)  # notes are black on white whatever the slides are
        set_words(holder, [(Run(line),) for line in lines], face, 12, wrap=True, gap=4.0)


def _added(stage: Stage, layout: Any) -> Any:
    """Return a new slide, with the colours of its layout."""
    page = stage.presentation.slides.add_slide(layout)
    own = overridden(layout)
    if own is not None:
        held = page._element.find(f"{P}clrMapOvr")
        held.replace(held[0], deepcopy(own))
    return page


def _boxed(shape: Any, boxed: bool) -> None:
    from pptx.dml.color import RGBColor

    if boxed:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(WHITE)


def _common_size(slide: Slide, areas: list[Area], *, tight: bool) -> float | None:
    """Return the size of letters of tables beside one another: small ones rather than a slide more; None for one."""
    pairs = [(block, area) for block, area in zip(slide.blocks, areas, strict=True) if isinstance(block, Rows)]
    if len(pairs) < 2:
        return None
    held = [sheets_of(block.frame, block.heads, area, tight=tight) for block, area in pairs]
    return min(sheets[0].size for sheets in held) if all(len(sheets) == 1 for sheets in held) else _SMALL


def _areas(slide: Slide, body: Area) -> list[Area]:
    """Return the place of each block: beside one another, or under one another."""
    n = len(slide.blocks)
    shares = slide.shares or (1 / n,) * n
    if n == 1:
        return [body]
    out = []
    room = (body.height if slide.stacked else body.width) - _BETWEEN * (n - 1)
    at = body.top if slide.stacked else body.left
    for share in shares:
        size = room * share / sum(shares)
        if slide.stacked:
            out.append(Area(body.left, at, body.width, size))
        else:
            out.append(Area(at, body.top, size, body.height))
        at += size + _BETWEEN
    return out


def _shortened(words: str, room: float, more: str, size: float) -> str:
    """Return as many sentences as fit, and where the rest is."""
    if line_width(words, size) <= room:
        return words
    kept = words
    while kept and line_width(kept + more, size) > room:
        cut = max(kept[:-1].rfind(sign) for sign in "。；.;,，· ")
        if cut <= 0:
            return words[: max(int(room / size) - len(more), 20)] + more
        kept = kept[: cut + 1]
    return kept.rstrip("，,· ") + more
