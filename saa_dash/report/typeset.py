"""A document as PDF: numbered, laid out, set by typst; the same document gives the same bytes.

No date of making stands in the file, names inside figures come from their place, and fonts are those of the machine:
another font is another file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import count

from ..i18n import translate
from .cells import lay_out, texts_of
from .document import Block, Chapter, Document, Facts, Figure, Table, Text
from .fonts import SIGNS, find_family

PX_TO_PT = 0.735  # of a figure: 12 px letters become 8.8 pt
TALLEST = 395.0  # pt of a figure, so that its words fit the page with it
_LONG, _PIECE = re.compile(r"[!-~]{41,}"), 20  # letters without a blank that no line holds, and where they may break
_TEMPLATE = files("saa_dash.report").joinpath("assets/pack.typ")


def typeset(document: Document, pictures: Sequence[str]) -> bytes:
    """Return a document as PDF.

    Parameters
    ----------
    pictures : its figures as SVG, in order.

    Raises
    ------
    EnvironmentProblem : the machine has no font with Chinese letters.
    """
    import typst

    content = json.dumps(_content(document), ensure_ascii=False)
    inputs = {"document": content, "pictures": json.dumps(list(pictures), ensure_ascii=False)}
    made = typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, timestamp=0)
    assert isinstance(made, bytes)
    return made


def _content(document: Document) -> dict[str, object]:
    numbers = {"table": count(1), "figure": count(1), "picture": count(0)}
    chapters = [_chapter(document.lang, place, chapter, numbers) for place, chapter in enumerate(document.chapters, 1)]
    return {
        "lang": document.lang,
        "fonts": [find_family(), *SIGNS],
        "cover": {
            "kind": document.cover.kind,
            "title": document.cover.title,
            "facts": document.cover.facts,
            "notes": document.cover.notes,
        },
        "header": document.header,
        "footer": document.footer,
        "stamp": document.stamp,
        "contents": translate(document.lang, "pack.contents"),
        "chapters": chapters,
    }


def _chapter(lang: str, place: int, chapter: Chapter, numbers: dict[str, count[int]]) -> dict[str, object]:
    blocks = [_block(lang, block, numbers) for block in chapter.blocks]
    return {"title": f"{place}  {chapter.title}", "opens": chapter.opens, "blocks": blocks}


def _block(lang: str, block: Block, numbers: dict[str, count[int]]) -> dict[str, object]:
    if isinstance(block, Text):
        return {"kind": "text", "style": block.kind, "words": _breakable(block.words)}
    if isinstance(block, Facts):
        return {"kind": "facts", "rows": block.rows}
    if isinstance(block, Table):
        return _table(lang, block, next(numbers["table"]))
    return _figure(lang, block, next(numbers["figure"]), next(numbers["picture"]))


def _table(lang: str, table: Table, number: int) -> dict[str, object]:
    shown = table.frame.head(table.limit) if table.limit else table.frame
    columns, rows = [str(name) for name in shown.columns], [list(map(_breakable, row)) for row in texts_of(shown)]
    layout = lay_out(columns, rows)
    left_out = len(table.frame) - len(shown)
    capped = [translate(lang, "pack.capped", shown=len(shown), total=len(table.frame))] if left_out else []
    return {
        "kind": "table",
        "title": translate(lang, "pack.table_number", number=number, title=table.title),
        "columns": columns,
        "rows": rows,
        "heads": [row for row in sorted(table.heads) if row < len(shown)],
        "widths": layout.widths,
        "size": layout.size,
        "inset": layout.inset,
        "right": layout.right,
        "notes": [*capped, *(note for note in table.notes if note)],
        "source": table.source,
    }


def _breakable(words: str) -> str:
    """Return words in which one that is too long for a line may break."""
    return _LONG.sub(lambda word: "\u200b".join(re.findall(f".{{1,{_PIECE}}}", word[0])), words)


def _figure(lang: str, figure: Figure, number: int, picture: int) -> dict[str, object]:
    view = figure.view
    width = min(figure.width * PX_TO_PT, TALLEST * figure.width / figure.height)
    return {
        "kind": "figure",
        "title": translate(lang, "pack.figure_number", number=number, title=view.title),
        "subtitle": view.subtitle,
        "picture": picture,
        "alt": view.alt,
        "width": width,
        "notes": [view.footnote] if view.footnote else [],
        "source": figure.source,
    }
