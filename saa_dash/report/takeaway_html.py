"""The tray as one page that needs nothing else: figures that answer to pointer and keyboard, tables, their origin.

Decisions
---------
- The page asks for nothing from anywhere: program and style stand inside, and a policy of the page itself forbids every
  request. Only the two programs whose hash stands in that policy run.
- The look is the light one on every screen: figures are drawn light, and are printed.
- Printed, each exhibit begins on a page of its own under its own head; what can only be clicked is left out.
- The same exhibits give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

import pandas as pd

from ..i18n import translate
from .cells import lay_out, texts_of
from .exhibit import FIGURE, Exhibit
from .takeaway_lean import lean_figure
from .takeaway_words import heading_of, origin_line, stamps_of, title_of

_ASSETS = files("saa_dash.report").joinpath("assets")
_LANG = {"zh": "zh-CN", "en": "en"}
_HEIGHT = 450  # px of a figure that does not say
_EXPORTED = re.compile(r"^export ", re.MULTILINE)


@dataclass(frozen=True)
class Program:
    """The programs of the page.

    Parameters
    ----------
    plotly : text of plotly.js. marks : text of the module that leads from mark to mark by keyboard.
    """

    plotly: str
    marks: str


def read_program(folder: Path) -> Program:
    """Return the programs that stand in a folder.

    Parameters
    ----------
    folder : holds plotly-basic-*.min.js and marks.js.
    """
    plotly = max(folder.glob("plotly-basic-*.min.js"))
    return Program(plotly.read_text("utf-8"), (folder / "marks.js").read_text("utf-8"))


def write_page(exhibits: Sequence[Exhibit], lang: str, program: Program) -> bytes:
    """Return the page.

    Parameters
    ----------
    lang : of the words around the exhibits, which keep their own.
    """
    scripts = [_one_line_ends(program.plotly), _own_script(program.marks, lang)]
    title = title_of(exhibits, lang)
    body = [_top(exhibits, lang, title), _contents(exhibits, lang)]
    body += [_section(exhibit, place, len(exhibits), title) for place, exhibit in enumerate(exhibits, start=1)]
    style = _ASSETS.joinpath("takeaway.css").read_text("utf-8")
    text = "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{_LANG[lang]}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style></head>",
            f"<body>{body[0]}{body[1]}<main>",
            *body[2:],
            f'</main><div id="said" class="unseen" aria-live="polite"></div>'
            f'<div id="keys" class="unseen">{escape(translate(lang, "figure.keys"))}</div>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>\n",
        ]
    )
    return text.encode()


def _one_line_ends(script: str) -> str:
    """Return a script as a browser hashes it, and that cannot close its own element."""
    return script.replace("\r\n", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _own_script(marks: str, lang: str) -> str:
    words = {name: translate(lang, f"figure.{name}") for name in ("reset", "no_marks")}
    own = _ASSETS.joinpath("takeaway.js").read_text("utf-8").replace("__WORDS__", json.dumps(words, ensure_ascii=False))
    return _one_line_ends(f"(() => {{\n{_EXPORTED.sub('', marks)}\n{own}\n}})();")


def _policy(scripts: Sequence[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    rest = "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {hashes}; {rest}"


def _top(exhibits: Sequence[Exhibit], lang: str, title: str) -> str:
    lines = dict.fromkeys(
        translate(lang, "provenance.cut", cut=one.provenance.cut_id, date=one.provenance.cutoff) for one in exhibits
    )
    stamps = dict.fromkeys(stamp for one in exhibits for stamp in stamps_of(lang, one.provenance))
    badges = "".join(_badge(stamp) for stamp in stamps)
    said = "".join(f"<p>{escape(line)}</p>" for line in (*lines, translate(lang, "takeaway.about")))
    return f'<header class="top"><h1>{escape(title)}</h1>{badges}{said}</header>'


def _badge(words: str) -> str:
    return f'<p class="badge">{escape(words)}</p>'


def _contents(exhibits: Sequence[Exhibit], lang: str) -> str:
    items = "".join(
        f'<li><a href="#e{place}">{escape(heading_of(exhibit))}</a></li>'
        for place, exhibit in enumerate(exhibits, start=1)
    )
    words = escape(translate(lang, "takeaway.contents"))
    return f'<nav aria-labelledby="toc"><h2 id="toc">{words}</h2><ol>{items}</ol></nav>'


def _section(exhibit: Exhibit, place: int, count: int, title: str) -> str:
    lang, found = exhibit.lang, exhibit.provenance
    badges = "".join(_badge(stamp) for stamp in stamps_of(lang, found))
    own = [("own", exhibit.title)] if exhibit.caption else []
    under = [("note", exhibit.footnote), ("origin", origin_line(lang, found))]
    drawn = (
        _figure(exhibit, place) if exhibit.kind == FIGURE else f'<div class="wide">{table_html(exhibit.table)}</div>'
    )
    return "".join(
        [
            f'<section id="e{place}" class="{exhibit.kind}" lang="{_LANG[lang]}" aria-labelledby="t{place}">',
            f'<div class="running"><span>{escape(title)}</span><span>{place}/{count}</span></div>{badges}',
            f'<h2 id="t{place}"><span class="number">{place}</span> {escape(heading_of(exhibit))}</h2>',
            *(f'<p class="{kind}">{escape(words)}</p>' for kind, words in (*own, ("sub", exhibit.subtitle)) if words),
            drawn,
            *(f'<p class="{kind}">{escape(words)}</p>' for kind, words in under if words),
            _fold(exhibit),
            f'<p class="back"><a href="#toc">{escape(translate(lang, "takeaway.back"))}</a></p></section>',
        ]
    )


def _figure(exhibit: Exhibit, place: int) -> str:
    figure = lean_figure(exhibit.figure)
    height = int(figure["layout"].get("height") or _HEIGHT)
    text = json.dumps(figure, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    held = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    alt = escape(exhibit.alt or exhibit.title)
    return (
        f'<div class="frame"><div class="plot" role="img" tabindex="0" aria-label="{alt}" aria-describedby="keys" '
        f'style="height:{height}px"></div><div class="ring" hidden></div>'
        f'<button class="reset" type="button" hidden>{escape(translate(exhibit.lang, "figure.reset"))}</button>'
        f'<script type="application/json">{held}</script></div>'
    )


def _fold(exhibit: Exhibit) -> str:
    if exhibit.kind != FIGURE or exhibit.table.empty:
        return ""
    words = escape(translate(exhibit.lang, "takeaway.numbers"))
    return f'<details><summary>{words}</summary><div class="wide">{table_html(exhibit.table)}</div></details>'


def table_html(frame: pd.DataFrame) -> str:
    """Return a table of the page; numbers stand at the right."""
    columns, rows = [str(name) for name in frame.columns], texts_of(frame)
    sides = ["r" if right else "" for right in lay_out(columns, rows).right] if rows else [""] * len(columns)
    marks = [f' class="{side}"' if side else "" for side in sides]
    head = "".join(f'<th scope="col"{mark}>{escape(name)}</th>' for mark, name in zip(marks, columns, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{escape(text)}</td>" for mark, text in zip(marks, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
