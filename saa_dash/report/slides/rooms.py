"""What a figure needs around its plots: ticks, titles, legends and words; and how small its letters must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .axes import thinned
from .axis_xml import legend_line
from .bar_xml import word_size
from .panel import Axis, Note, Panel, Picture
from .table import Area
from .words import Face, Paragraph, line_width, lines_of, paragraphs, plain

TEXT = 1.22  # of the size of letters: a line
_LEGEND_MOST = 4  # lines of a legend
_KEY, _KEY_TIGHT = 46.0, 70.0  # pt of a key in a legend and the room around it
_ROW, _ROW_TIGHT = 17.5, 1.45  # pt of a row of numbers; of the size of letters, where slides are not broad
_GAP, THEIRS = 6.0, 1.2  # pt; a template's letters may be that much wider
_SMALLER = (12.0, 11.0, 10.0)  # pt of letters on a slide that is not broad, the first that leave a plot enough
_ENOUGH = (0.42, 0.55)  # of width and height of a figure's place: what is enough for its plots
_SCALE = 0.55  # pt of a px of a figure's height: with less, words above marks would run into them
_LEAST = (60.0, 40.0)  # pt of a plot
_BESIDE = 12.0  # pt between words beside one another over plots


@dataclass(frozen=True)
class Room:
    """What stands around a plot, pt."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Layout:
    """A figure with everything in its place. `plot` : of all panels together; rooms, legends : of each panel."""

    picture: Picture
    plot: Area
    rooms: tuple[Room, ...]
    legends: tuple[int, ...]
    face: Face


def laid_out(picture: Picture, area: Area, face: Face) -> Layout:
    """Return a figure in its place; where a slide is not broad, in letters that leave its plots enough room."""
    if not face.tight:
        return _laid(picture, area, face)
    options = (_wrapped(_laid(picture, area, replace(face, letters=size)), area) for size in _SMALLER)
    high = max(_ENOUGH[1] * area.height, _SCALE * (picture.height - picture.margin[2] - picture.margin[3]))
    found = None
    for found in options:
        if found.plot.width >= _ENOUGH[0] * area.width and found.plot.height >= high:
            break
    assert found is not None
    return found


def _laid(picture: Picture, area: Area, face: Face) -> Layout:
    under = row_height(face) * len(picture.numbers.rows) + _GAP if picture.numbers else 0.0
    spans = [area.width * (panel.box[1] - panel.box[0]) for panel in picture.panels]
    legends = [_legend_lines(panel, span, face) for panel, span in zip(picture.panels, spans, strict=True)]
    rooms = [_room(panel, area, lines, face) for panel, lines in zip(picture.panels, legends, strict=True)]
    whole = _around(picture, rooms, face)
    plot = Area(
        area.left + whole.left,
        area.top + whole.top,
        max(area.width - whole.left - whole.right, _LEAST[0]),
        max(area.height - under - whole.top - whole.bottom, _LEAST[1]),
    )
    return Layout(picture, plot, tuple(rooms), tuple(legends), face)


def row_height(face: Face) -> float:
    """Return how high a row of numbers under a plot is, pt."""
    return face.letters * _ROW_TIGHT if face.tight else _ROW


def inside(plot: Area, panel: Panel) -> Area:
    """Return where the plot of one panel stands."""
    left, right, bottom, top = panel.box
    return Area(
        plot.left + left * plot.width,
        plot.top + (1 - top) * plot.height,
        (right - left) * plot.width,
        (top - bottom) * plot.height,
    )


def wide_of(lines: Sequence[Paragraph], size: float) -> float:
    """Return how wide the widest of some lines is, pt."""
    return max((line_width("".join(run.text for run in line), size) for line in lines), default=0.0)


def _wrapped(held: Layout, area: Area) -> Layout:
    """Return a layout whose words over the plots stand beside one another, in lines where they would overprint."""
    notes = sorted(
        ((inside(held.plot, panel).left + note.x * inside(held.plot, panel).width + note.shift[0], at, note)
         for at, panel in enumerate(held.picture.panels) for note in panel.notes
         if note.y >= 0.99 and note.across == "left"), key=lambda item: item[0],
    )  # fmt: skip
    lowest = min((note.shift[1] for _, _, note in notes), default=0.0)
    row = [item for item in notes if item[2].shift[1] == lowest]
    if not row:
        return held
    ends = [*(left - _BESIDE for left, _, _ in row[1:]), area.left + area.width]
    broken = {id(note): _in_lines(note, end - left, held.face) for (left, _, note), end in zip(row, ends, strict=True)}
    more = max(len(broken[id(note)]) - len(note.lines) for _, _, note in row)
    if not more:
        return held
    high = more * held.face.letters * TEXT

    def moved(note: Note) -> Note:
        if id(note) in broken:
            lift = (len(broken[id(note)]) - len(note.lines)) * held.face.letters * TEXT
            up = {"bottom": 0.0, "middle": lift / 2}.get(note.upright, lift)
            return replace(note, lines=broken[id(note)], shift=(note.shift[0], note.shift[1] + up))
        if note.y >= 0.99 and note.shift[1] > lowest:
            return replace(note, shift=(note.shift[0], note.shift[1] + high))
        return note

    panels = tuple(replace(one, notes=tuple(moved(note) for note in one.notes)) for one in held.picture.panels)
    return _laid(replace(held.picture, panels=panels), area, held.face)


def _in_lines(note: Note, room: float, face: Face) -> tuple[Paragraph, ...]:
    """Return the words of a note in lines that fit a room, of one look each."""
    out: list[Paragraph] = []
    for line in note.lines:
        text = "".join(run.text for run in line)
        if len(line) != 1 or line_width(text, face.letters) * THEIRS <= room:
            out.append(line)
            continue
        count = lines_of(text, face.letters * THEIRS, max(room, face.letters))
        for part in _parts(text, room / THEIRS, face.letters, count):
            out.append((replace(line[0], text=part),))
    return tuple(out)


def _parts(text: str, room: float, size: float, count: int) -> list[str]:
    """Return a text in lines: broken between words, Chinese anywhere."""
    words = text.split(" ") if " " in text.strip() else list(text)
    between = " " if " " in text.strip() else ""
    aim = min(room, line_width(text, size) / count * 1.15)
    out = [words[0]]
    for word in words[1:]:
        longer = f"{out[-1]}{between}{word}"
        if line_width(longer, size) <= aim:
            out[-1] = longer
        else:
            out.append(word)
    return out


def _around(picture: Picture, rooms: Sequence[Room], face: Face) -> Room:
    pairs = list(zip(picture.panels, rooms, strict=True))
    lefts = [room.left for panel, room in pairs if panel.box[0] <= 0.02]
    rights = [room.right for panel, room in pairs if panel.box[1] >= 0.98]
    tops = [room.top for panel, room in pairs if panel.box[3] >= 0.98]
    bottoms = [room.bottom for panel, room in pairs if panel.box[2] <= 0.02]
    left = max(lefts, default=30.0)
    if picture.numbers:
        left = max(left, max(wide_of(row.label, face.letters) for row in picture.numbers.rows) * THEIRS + 30)
    return Room(left, max(rights, default=12.0), max(tops, default=8.0), max(bottoms, default=24.0))


def _ticks_wide(axis: Axis, face: Face) -> float:
    if not axis.shown:
        return 0.0
    if axis.ticks is None:
        return 34.0
    return max((wide_of(paragraphs(text), face.letters) for _, text in thinned(axis)), default=0.0) + 8


def _room(panel: Panel, area: Area, legend: int, face: Face) -> Room:
    size = face.letters
    left = _ticks_wide(panel.y, face) + (len(panel.y.title) * size * TEXT + 8 if panel.y.title else 0) + 4
    lines = _tick_lines(panel, area, face)
    bottom = (lines * size * TEXT + 8 if panel.x.shown else 4) + len(panel.x.title) * size * TEXT
    bottom += legend * legend_line(face)
    right = 12.0
    span = area.width * 0.7 * (panel.box[1] - panel.box[0])
    for one in panel.series:
        for at, label in one.labels.items():
            if label.at == "r" and at < len(one.x):
                over = (panel.x.place(float(one.x[at])) - 1) * span + wide_of(label.lines, size) + 12
                right = max(right, over)
    ticks = panel.x.ticks or ()
    if ticks and panel.x.shown:
        right = max(right, wide_of(paragraphs(ticks[-1][1]), size) / 2 + (panel.x.place(ticks[-1][0]) - 1) * span + 4)
    top = 8.0
    for note in panel.notes:
        high = len(note.lines) * size * TEXT
        if note.y >= 0.99:
            top = max(top, note.shift[1] + high + 6)
        elif note.y <= 0.01:
            bottom = max(bottom, -note.shift[1] + high + 6)
        elif note.x >= 0.99 and note.across == "left":
            right = max(right, note.shift[0] + wide_of(note.lines, size) + 10)
        elif note.x <= 0.01 and note.across == "right":
            left = max(left, -note.shift[0] + wide_of(note.lines, size) + 6)
    return Room(left, right, top, bottom)


def _tick_lines(panel: Panel, area: Area, face: Face) -> int:
    """Return how many lines the words under a plot take."""
    ticks = panel.x.ticks or ((0.0, "0"),)
    lines = max((len(paragraphs(text)) for _, text in ticks), default=1)
    if not (face.tight and panel.bars and panel.upright):
        return lines
    room = area.width * (panel.box[1] - panel.box[0]) * 0.9 / len(ticks)
    names = [plain(text) for _, text in ticks]
    size = min(word_size(names, room), face.letters)
    return max(lines, *(len(_parts(name, room, size, 1)) for name in names))


def _legend_names(panel: Panel) -> list[str]:
    if panel.bars:
        return [bars.name for bars in panel.bars if bars.named]
    return [one.name for one in panel.series if one.named and not one.helper]


def _legend_lines(panel: Panel, width: float, face: Face) -> int:
    names = _legend_names(panel)
    if len(names) < 2:
        return 0
    key = _KEY_TIGHT * face.letters / 12 if face.tight else _KEY
    columns = max(int(width * 0.96 // max(line_width(name, face.letters) + key for name in names)), 1)
    return min(-(-len(names) // columns), _LEGEND_MOST + face.tight)
