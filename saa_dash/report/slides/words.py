"""Words of a figure as runs of text, and as XML in both typefaces."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from .inks import ON_WHITE, Inks

LANGS = {"zh": "zh-CN", "en": "en-US"}
_TAG = re.compile(r"<(/?)(b|br|span|sup|sub|i|em)\b([^>]*?)/?>")
_COLOUR = re.compile(r"color:\s*(#[0-9A-Fa-f]{6})")
_NARROW = 0.53  # of the size of letters: how wide a Latin letter is, on average
_WIDTHS = {"W": 1.0, "F": 1.0, "A": 0.66}
_MEETING = 0.3  # of the size of letters: what programs put between Chinese and Latin ones
_LOW, _HIGH = 1.2, 1.45  # of the size of letters: a line
_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Run:
    """Text of one look; `colour` as RRGGBB, "" for that around it."""

    text: str
    bold: bool = False
    colour: str = ""


Paragraph = tuple[Run, ...]


@dataclass(frozen=True)
class Face:
    """Typefaces and language of all text of a deck.

    Parameters
    ----------
    lang : zh or en. latin, asian : typefaces by name, or those of the theme (``+mn-lt``, ``+mn-ea``).
    text, muted : colours, RRGGBB as on a light ground; without `text`, that of the template.
    inks : what becomes of these and all other colours on the ground at hand. letters : size of words in a chart, pt.
    tight : of slides that are not broad (4:3): what stands side by side must be smaller, or in lines.
    """

    lang: str
    latin: str = "Arial"
    asian: str = "Microsoft YaHei"
    text: str = "1A1D21"
    muted: str = "5B6470"
    inks: Inks = ON_WHITE
    letters: float = 12.0
    tight: bool = False

    @property
    def locale(self) -> str:
        """Language tag of the runs."""
        return LANGS[self.lang]

    def run_properties(self, tag: str, size: float, *, bold: bool = False, colour: str = "") -> str:
        """Return the properties of a run as XML.

        Parameters
        ----------
        tag : ``a:rPr``, ``a:defRPr`` or ``a:endParaRPr``. size : pt.
        """
        ink = self.inks.word(colour or self.text)
        fill = f'<a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>' if ink else ""
        lang = f' lang="{self.locale}" altLang="en-US"' if tag != "a:defRPr" else ""
        return (
            f'<{tag}{lang} sz="{round(size * 100)}" b="{int(bold)}">{fill}'
            f'<a:latin typeface="{self.latin}"/><a:ea typeface="{self.asian}"/><a:cs typeface="{self.latin}"/></{tag}>'
        )

    def paragraph(
        self, runs: Paragraph, size: float, *, colour: str = "", bold: bool = False, properties: str = ""
    ) -> str:
        """Return a paragraph as XML; `properties` are those of ``a:pPr``."""
        parts = [
            f"<a:r>{self.run_properties('a:rPr', size, bold=bold or run.bold, colour=run.colour or colour)}"
            f"<a:t>{escape(run.text)}</a:t></a:r>"
            for run in runs
        ]
        end = "" if parts else self.run_properties("a:endParaRPr", size, bold=bold, colour=colour)
        return f"<a:p>{properties}{''.join(parts)}{end}</a:p>"


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return a text with Plotly's few tags as paragraphs of runs."""
    out: list[list[Run]] = [[]]
    bold, colours, at = 0, [""], 0
    for tag in _TAG.finditer(text):
        _add(out, text[at : tag.start()], bool(bold), colours[-1])
        at = tag.end()
        closing, name, attributes = tag.groups()
        if name == "br":
            out.append([])
        elif name == "b":
            bold += -1 if closing else 1
        elif name == "span":
            found = _COLOUR.search(attributes)
            if closing and len(colours) > 1:
                colours.pop()
            elif not closing:
                colours.append(found[1][1:].upper() if found else colours[-1])
    _add(out, text[at:], bool(bold), colours[-1])
    return tuple(tuple(line) for line in out)


def _add(out: list[list[Run]], text: str, bold: bool, colour: str) -> None:
    for number, part in enumerate(_BREAK.split(html.unescape(text))):
        if number:
            out.append([])
        if part:
            out[-1].append(Run(part, bold, colour))


def plain(text: str) -> str:
    """Return a text without tags, its lines after one another."""
    return " ".join("".join(run.text for run in line) for line in paragraphs(text)).strip()


def line_width(text: str, size: float) -> float:
    """Return about how wide a line of plain text is, pt."""
    widths = [_WIDTHS.get(unicodedata.east_asian_width(sign), _NARROW) for sign in text]
    meetings = sum((one == 1.0) != (other == 1.0) for one, other in pairwise(widths))
    return size * (sum(widths) + meetings * _MEETING)


def line_height(text: str) -> float:
    """Return how high a line of a text is, of the size of its letters: Chinese letters need more."""
    return _HIGH if any(unicodedata.east_asian_width(sign) in "WF" for sign in text) else _LOW


def lines_of(text: str, size: float, width: float) -> int:
    """Return about how many lines a plain text takes in a width, pt."""
    return sum(max(1, -(-round(line_width(part, size)) // max(1, round(width)))) for part in text.split("\n"))


def rich(
    face: Face, lines: Sequence[Paragraph], size: float, colour: str, *, rotated: bool = False, at: str = "ctr"
) -> str:
    """Return lines as the rich text of a chart, never broken where they are wide."""
    turn = ' rot="-5400000" vert="horz"' if rotated else ""
    side = {"l": "r", "r": "l"}.get(at, "ctr")  # words at the left of a point end there
    body = "".join(face.paragraph(line, size, colour=colour, properties=f'<a:pPr algn="{side}"/>') for line in lines)
    return f'<c:rich><a:bodyPr{turn} wrap="none" lIns="0" tIns="0" rIns="0" bIns="0"/><a:lstStyle/>{body}</c:rich>'
