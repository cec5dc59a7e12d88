"""Points of a trace as series: each colour and shape of marks is a series of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .decode import colour, darkness, listed, numbers, spread
from .panel import Label, Line, Mark, Series
from .words import paragraphs, plain

# PowerPoint has these markers; others stand as a letter in their place, hollow and filled.
_NATIVE = {
    "circle": "circle", "square": "square", "diamond": "diamond", "triangle-up": "triangle", "x": "x",
    "cross-thin": "plus", "x-thin": "x", "star-triangle-up": "triangle", "line-ew": "dash",
}  # fmt: skip
_GLYPHS = {
    "triangle-down": "▼▽", "triangle-right": "▶▷", "triangle-left": "◀◁", "cross": "✚✚", "star": "★☆",
    "line-ns": "||", "hexagram": "✶✶", "pentagon": "⬟⬠",
}  # fmt: skip
_SHOWN = {
    "circle": "●○", "square": "■□", "diamond": "◆◇", "triangle": "▲△", "x": "✖✖", "plus": "++", "dash": "––",
}  # fmt: skip
_AT = {"left": "l", "right": "r"}
_LINES = {"dot": "sysDot", "dash": "dash", "dashdot": "dashDot", "longdash": "lgDash", "longdashdot": "lgDashDot"}
_STROKES = ("x", "plus", "dash")  # marks that are nothing but an outline
_ROUND = 1.7  # the letter ○ is smaller than others of its size
_HOLLOW = ("circle", "square", "diamond", "triangle")
_LEAST, _MOST = 2.0, 72.0

Named = Callable[[str], str]


def dash_of(name: Any) -> str:
    """Return a line style as PowerPoint names it, "" for a solid line."""
    return _LINES.get(str(name), "")


def line_series(trace: Mapping[str, Any], name: str, *, named: bool) -> Series | None:
    """Return the line of a trace, steps as their corners; None where nothing of it can be seen."""
    look = trace.get("line") or {}
    width = float(look.get("width", 2))
    rgb, alpha = colour(look.get("color") or (trace.get("marker") or {}).get("color"))
    alpha *= float(trace.get("opacity", 1))
    if width <= 0 or not rgb or not alpha:
        return None
    x, y = points_of(trace)
    return Series(name, x, y, line=Line(rgb, width, dash_of(look.get("dash")), alpha), named=named)


def points_of(trace: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of a line, steps as their corners; a gap keeps the place of the point before it."""
    x, y = numbers(trace.get("x")), numbers(trace.get("y"))
    if (trace.get("line") or {}).get("shape") == "hv":
        x, y = _steps(x, y)
    gap = np.isnan(x) | np.isnan(y)
    place = np.maximum.accumulate(np.where(gap, 0, np.arange(len(x)))) if len(x) else np.array([], dtype=int)
    return x[place] if len(x) else x, np.where(gap, np.nan, y)


def _steps(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    corners_x, corners_y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    moved = np.ones(len(corners_x), dtype=bool)
    moved[1:] = (np.diff(corners_x) != 0) | (np.diff(corners_y) != 0) | np.isnan(np.diff(corners_y))
    return corners_x[moved], corners_y[moved]


def mark_series(
    trace: Mapping[str, Any], name: str, *, named: bool, said: Mapping[str, str] | None = None
) -> list[Series]:
    """Return the marks of a trace, a series for each colour and shape, its letters with them.

    Parameters
    ----------
    said : what the shapes mean, by the letter that looks like each: their names where there are several.
    """
    x, y = numbers(trace.get("x")), numbers(trace.get("y"))
    n = len(x)
    looks = _looks(trace, n)
    groups: dict[tuple[object, ...], list[int]] = {}
    for place in range(n):
        if not (np.isnan(x[place]) or np.isnan(y[place])):
            groups.setdefault(looks[place][:-1], []).append(place)
    texts = spread(trace.get("text"), n, "") if "text" in str(trace.get("mode")) else [""] * n
    several = len(groups) > 1
    return [
        _group(
            trace,
            _called(name, key, said or {}, several=several, letter=_is_letter(key, [texts[at] for at in places])),
            key,
            places,
            looks,
            (x, y),
            texts,
            named,
        )
        for key, places in sorted(groups.items(), key=lambda item: bool(said) and _is_hollow(item[0]))
    ]


def _looks(trace: Mapping[str, Any], n: int) -> list[tuple[Any, ...]]:
    """Return symbol, hollow, fill, outline, its width, opacity, size of each point."""
    marker = trace.get("marker") or {}
    edge = marker.get("line") or {}
    columns = zip(
        spread(marker.get("symbol"), n, "circle"),
        spread(marker.get("color"), n, "#5B6470"),
        spread(edge.get("color"), n, None),
        spread(edge.get("width"), n, 0.0),
        spread(marker.get("opacity"), n, 1.0),
        spread(marker.get("size"), n, 6.0),
        strict=True,
    )
    own = float(trace.get("opacity", 1))
    return [_look(row, own) for row in columns]


def _look(held: tuple[Any, ...], own: float) -> tuple[str, bool, str, str, float, float, float]:
    symbol, fill, edge, width, opacity, size = held
    shape, width = str(symbol), float(width or 0)
    hollow = shape.endswith("-open")
    shape = shape.removesuffix("-open").removesuffix("-dot")
    rgb, alpha = colour(fill)
    if not alpha:
        rgb = ""
    outline = colour(edge)[0]
    if hollow:
        rgb, outline, width = "", outline or rgb, max(width, 1.2)
    native = _NATIVE.get(shape, "")
    if native in _STROKES:
        outline, width = outline or rgb, max(width, 1.6)
        outline = rgb if rgb and darkness(outline) < 0.1 else outline
    if shape in ("line-ns", "line-ew"):
        outline = colour(edge)[0] or rgb
    return shape, hollow, rgb, outline if width else "", width, (alpha or 1.0) * float(opacity) * own, float(size)


def _is_hollow(key: tuple[Any, ...]) -> bool:
    return bool(key[1]) or not key[2] or (darkness(str(key[2])) < 0.06 and bool(key[3]))


def _shape(key: tuple[Any, ...]) -> str:
    native = _NATIVE.get(str(key[0]), "")
    pair = _SHOWN.get(native) or _GLYPHS.get(str(key[0]), "●○")
    return pair[int(_is_hollow(key))]


def glyph_of(mark: Mark) -> str:
    """Return the letter that looks like a mark."""
    pair = _SHOWN.get(mark.symbol, "●○")
    return pair[int(mark.fill in ("", "FFFFFF") and bool(mark.outline))]


def _called(name: str, key: tuple[Any, ...], said: Mapping[str, str], *, several: bool, letter: bool) -> str:
    """Return the name of marks, with the letter that looks like them where a legend shows none or there are several."""
    shape = _shape(key)
    if several and not letter and shape in said:
        return said[shape]
    return f"{said.get(shape, name)} {shape}".strip() if several or letter else name


def _is_letter(key: tuple[Any, ...], texts: list[Any]) -> bool:
    """Tell whether marks stand as letters: LibreOffice draws no edges of marks, what is hollow would not be seen."""
    native = _NATIVE.get(str(key[0]), "")
    return not native or (native in _HOLLOW and _is_hollow(key) and bool(key[3]) and not _any_said(texts))


def _any_said(texts: list[Any]) -> bool:
    return any(str(text or "").strip() for text in texts)


def _group(
    trace: Mapping[str, Any], name: str, key: tuple[Any, ...], places: list[int], looks: list[tuple[Any, ...]],
    points: tuple[np.ndarray, np.ndarray], texts: list[Any], named: bool,
) -> Series:  # fmt: skip
    shape, _, fill, outline, width, alpha = key
    inks = spread((trace.get("textfont") or {}).get("color"), len(looks), "#1A1D21")
    sizes = [min(max(looks[place][-1], _LEAST), _MOST) for place in places]
    native = _NATIVE.get(str(shape), "")
    if _is_letter(key, [texts[place] for place in places]):
        native = ""
    mark = Mark(
        native if fill or outline else "none",
        sizes[0],
        str(fill),
        str(outline),
        float(width),
        float(alpha),
        "" if native else _shape(key),
    )
    labels = {
        at: _label(trace, str(texts[place]), inks[place])
        for at, place in enumerate(places)
        if str(texts[place] or "").strip()
    }
    if not native:
        ink = str(outline if _is_hollow(key) or not fill or shape == "line-ns" else fill) or "1A1D21"
        glyph = paragraphs(_shape(key))
        larger = _ROUND if shape == "circle" else 1.0
        labels = {at: Label(glyph, "ctr", ink, size * larger) for at, size in enumerate(sizes)} | labels
    return Series(
        name,
        points[0][places],
        points[1][places],
        mark=mark,
        labels=labels,
        named=named,
        sizes={at: size for at, size in enumerate(sizes) if size != sizes[0]},
    )


def _label(trace: Mapping[str, Any], text: str, ink: Any = "") -> Label:
    where = str(trace.get("textposition") or "middle center")
    upright, across = (where.split() + ["center"])[:2]
    at = _AT.get(across) or {"top": "t", "bottom": "b"}.get(upright, "ctr")
    own = first_colour((trace.get("textfont") or {}).get("color"))
    return Label(paragraphs(text), at, colour(ink)[0] or own or "1A1D21")


def text_series(trace: Mapping[str, Any], name: str) -> Series:
    """Return a trace of words alone: the words at their points, each in its colour."""
    x, y = numbers(trace.get("x")), numbers(trace.get("y"))
    font = trace.get("textfont") or {}
    inks = spread(font.get("color"), len(x), "#1A1D21")
    texts = spread(trace.get("text"), len(x), "")
    labels = {}
    for at, (text, ink) in enumerate(zip(texts, inks, strict=True)):
        if plain(str(text or "")):
            labels[at] = _label(trace, str(text), ink)
    return Series(name, x, y, labels=labels, helper=True)


def limit_series(trace: Mapping[str, Any], name: str) -> list[Series]:
    """Return the error bars of a trace as lines from limit to limit: the workbook holds the limits themselves."""
    x, y = numbers(trace.get("x")), numbers(trace.get("y"))
    out = []
    for along, values, others in (("x", x, y), ("y", y, x)):
        held = trace.get(f"error_{along}")
        if not held or held.get("array") is None or held.get("visible") is False:
            continue
        plus = numbers(held["array"])
        less = held.get("arrayminus")
        minus = plus if less is None or held.get("symmetric") is True else numbers(less)
        ends = np.column_stack([values - minus, values + plus, np.full(len(values), np.nan)]).ravel()[:-1]
        places = np.repeat(others, 3)[:-1]
        rgb = first_colour(held.get("color")) or first_colour((trace.get("marker") or {}).get("color")) or "5B6470"
        line = Line(rgb, float(held.get("thickness", 1.5)))
        out.append(Series(name, *((ends, places) if along == "x" else (places, ends)), line=line))
    return out


def texts_of(trace: Mapping[str, Any]) -> list[str]:
    """Return the words of a trace, one for each point."""
    n = max(len(numbers(trace.get("x"))), len(numbers(trace.get("y"))))
    return [str(item or "") for item in (spread(trace.get("text"), n, "") if trace.get("text") else [""] * n)]


def first_colour(value: Any) -> str:
    """Return the first colour of a property, RRGGBB."""
    items = listed(value) if value is not None else []
    return colour(items[0])[0] if items else ""
