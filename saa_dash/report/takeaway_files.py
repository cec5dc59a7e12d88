"""Figures for a paper as SVG, PDF and PNG, with their legends: each drawn once, the other two made of that drawing.

Decisions
---------
- A figure that its column cannot hold - a plot narrower than `LEAST_PLOT`, letters of an axis turned on their side,
  words over words or beyond the edge - is laid out for the next wider one; its name and its legend say which.
- Letters in the SVG stay letters, so that an editor can set them anew; the PDF embeds their fonts.
- The PNG tells its dots per inch itself. Every file carries its legend with cut, cut-off and n inside.

Source: Nature research figure guide (letters not outlined, fonts embedded); 600 dpi as asked for line art.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from io import BytesIO
from itertools import combinations, pairwise
from typing import Literal

from ..i18n import translate
from .exhibit import FIGURE, Exhibit
from .fonts import figure_families, find_family
from .pictures import Draw, Sketch
from .takeaway_paper import COLUMNS, paper_figure
from .takeaway_words import heading_of, legend_of
from .workbook import STAMP

FORMATS = ("svg", "pdf", "png")
DPI = 600
LEAST_PLOT = 90  # px of the narrowest plot in a figure, 18 mm
TOUCH = 3.0  # px that the boxes of two words may overlap
_WIDER = dict(pairwise(COLUMNS))
_PLOT = re.compile(r'class="plotclip"[^>]*><rect width="([\d.]+)"')
_TURNED = re.compile(r'class="xtick"><text[^>]*\brotate\((?:90|30)')
_WORDS = re.compile(
    r'transform="translate\((-?[\d.]+),\s*(-?[\d.]+)\)"><rect class="bg"[^>]*? width="([\d.]+)" height="([\d.]+)"'
)
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ')
_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
_FAMILY = re.compile(r"font-family:[^;]*;")
_CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_SIZE = re.compile(r'(<svg\b[^>]*?)\swidth="[\d.]+"([^>]*?)\sheight="[\d.]+"')
_OPENS = re.compile(r"<svg\b[^>]*>")
_SHEET = """#let about = json(bytes(sys.inputs.about))
#set document(title: about.title, keywords: about.keywords, date: none)
#set page(width: about.width * 1mm, height: about.height * 1mm, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, alt: about.alt)
"""

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Drawn:
    """A figure as it is printed.

    Parameters
    ----------
    number : in the tray. column : of COLUMNS, the one that holds it. height : mm. svg : of its size in mm.
    """

    number: int
    exhibit: Exhibit
    column: str
    height: float
    svg: str

    @property
    def name(self) -> str:
        """Name of its files without their ending."""
        return f"figure_{self.number:02d}_{self.exhibit.key}_{COLUMNS[self.column]:.0f}mm"


def draw_figures(exhibits: Sequence[Exhibit], column: str, draw: Draw, told: Told) -> list[Drawn]:
    """Return the figures among exhibits, each in the narrowest column from `column` on that holds it.

    Parameters
    ----------
    told : how many of how many are drawn.

    Raises
    ------
    EnvironmentProblem : the browser does not draw, or there is no font with Chinese letters.
    """
    wanted = dict(enumerate((one for one in exhibits if one.kind == FIGURE), start=1))
    done: dict[int, Drawn] = {}
    here: str | None = column
    while wanted and here:
        told_here = partial(_counted, told, len(done), len(done) + len(wanted))
        for drawn in _draw(wanted, here, draw, told_here):
            if fits(drawn.svg) or here not in _WIDER:
                done[drawn.number] = drawn
                del wanted[drawn.number]
        here = _WIDER.get(here)
    return [done[number] for number in sorted(done)]


def _counted(told: Told, before: int, total: int, done: int) -> None:
    told(before + done, total)


def _draw(wanted: Mapping[int, Exhibit], column: str, draw: Draw, told: Callable[[int], None]) -> list[Drawn]:
    figures = {number: paper_figure(one, column, figure_families(one.lang)) for number, one in wanted.items()}
    sizes = [(figure["layout"]["width"], figure["layout"]["height"]) for figure in figures.values()]
    sketches = [Sketch(figure, *size) for figure, size in zip(figures.values(), sizes, strict=True)]
    svgs = draw(sketches, told)
    out = []
    for (number, figure), svg in zip(figures.items(), svgs, strict=True):
        one = wanted[number]
        height = COLUMNS[column] * figure["layout"]["height"] / figure["layout"]["width"]
        out.append(
            Drawn(
                number,
                one,
                column,
                height,
                _sized(_in_chinese(svg, figure_families(one.lang)), COLUMNS[column], height, one, number),
            )
        )
    return out


def fits(svg: str) -> bool:
    """Tell whether the column holds a figure as it was drawn."""
    narrowest = min((float(width) for width in _PLOT.findall(svg)), default=LEAST_PLOT)
    return narrowest >= LEAST_PLOT and not _TURNED.search(svg) and not _crowded(svg)


def _crowded(svg: str) -> bool:
    """Tell whether words stand over other words or beyond the edge."""
    size = _VIEW.search(svg)
    right = float(size[1]) if size else math.inf
    boxes = [tuple(map(float, found)) for found in _WORDS.findall(svg)]
    if any(x < -TOUCH or x + width > right + TOUCH for x, _, width, _ in boxes):
        return True
    return any(
        min(x + w, other_x + other_w) - max(x, other_x) > TOUCH
        and min(y + h, other_y + other_h) - max(y, other_y) > TOUCH
        for (x, y, w, h), (other_x, other_y, other_w, other_h) in combinations(boxes, 2)
    )


def _in_chinese(svg: str, families: str) -> str:
    """Let a Chinese font set every text with Chinese in it: what stands in for a lacking letter may be Japanese."""
    chinese = find_family()
    names = [name for name in families.split(", ") if name != chinese]
    first = ", ".join(_quoted([chinese, *names]))

    def renamed(found: re.Match[str]) -> str:
        return _FAMILY.sub(f"font-family: {first};", found[0]) if _CHINESE.search(found[0]) else found[0]

    return _TEXT.sub(renamed, svg)


def _quoted(names: Sequence[str]) -> list[str]:
    return [f"'{name}'" if " " in name else name for name in names]


def _sized(svg: str, width: float, height: float, exhibit: Exhibit, number: int) -> str:
    """Return an SVG of a size on paper, that tells what it shows."""
    sized = _SIZE.sub(rf'\1 width="{width:g}mm"\2 height="{height:.3f}mm"', svg, count=1)
    about = f"<title>{escape(heading_of(exhibit))}</title><desc>{escape(legend_of(exhibit, number))}</desc>"
    opening = _OPENS.search(sized)
    assert opening is not None
    return sized[: opening.end()] + about + sized[opening.end() :]


def files_of(drawn: Drawn, formats: Sequence[str], dpi: int = DPI) -> dict[str, bytes]:
    """Return the files of a figure by name.

    Parameters
    ----------
    formats : of FORMATS. dpi : dots per inch of the PNG, 300 at least.
    """
    made = {"svg": drawn.svg.encode} | {"pdf": lambda: _typeset(drawn, "pdf"), "png": lambda: _png(drawn, dpi)}
    return {f"{drawn.name}.{kind}": made[kind]() for kind in formats}


def _typeset(drawn: Drawn, kind: Literal["pdf", "png"], dpi: int = DPI) -> bytes:
    import json

    import typst

    exhibit = drawn.exhibit
    about = {
        "title": heading_of(exhibit), "keywords": [legend_of(exhibit, drawn.number)], "alt": exhibit.alt,
        "width": COLUMNS[drawn.column], "height": drawn.height,
    }  # fmt: skip
    inputs = {"about": json.dumps(about, ensure_ascii=False), "svg": drawn.svg}
    made = typst.compile(_SHEET.encode(), format=kind, ppi=float(dpi), sys_inputs=inputs, timestamp=0)
    assert isinstance(made, bytes)
    return made


def _png(drawn: Drawn, dpi: int) -> bytes:
    """Return a PNG with its dots per inch and its legend, in front of its first dots."""
    made = _typeset(drawn, "png", dpi)
    start = made.index(b"IDAT") - 4
    per_metre = round(dpi / 0.0254)
    words = b"Description\0\0\0\0\0" + legend_of(drawn.exhibit, drawn.number).encode()
    head = _without(made[:start], b"pHYs")
    return head + _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)) + _chunk(b"iTXt", words) + made[start:]


def _without(head: bytes, name: bytes) -> bytes:
    """Return the chunks before the dots without one kind."""
    out, place = head[:8], 8
    while place < len(head):
        end = place + 12 + struct.unpack(">I", head[place : place + 4])[0]
        out += b"" if head[place + 4 : place + 8] == name else head[place:end]
        place = end
    return out


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def legends(drawn: Sequence[Drawn], column: str, lang: str) -> str:
    """Return the legends of all figures, one after the other, and which are wider than was asked for."""
    lines = []
    for one in drawn:
        wider = translate(lang, "takeaway.legend.wider", mm=f"{COLUMNS[one.column]:.0f}")
        lines.append(
            "\n".join([f"[{one.name}]", legend_of(one.exhibit, one.number), *([wider] if one.column != column else [])])
        )
    return "\n\n".join([*lines, translate(lang, "takeaway.legend.set", dpi=DPI)]) + "\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP, the same bytes each time."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, data in files.items():
            part = zipfile.ZipInfo(name, STAMP)
            part.create_system = 3  # the same on every system
            kept.writestr(part, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
