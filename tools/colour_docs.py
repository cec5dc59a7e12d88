"""Write docs/colours.md and docs/colours.svg from the palettes, with what is measured about them.

``python tools/colour_docs.py`` writes both; with ``--check`` it only tells whether they are up to date (exit 1 where
they are not). A test does the same, and holds the limits.

Contrast is that of WCAG 2.1. Distance is the colour difference CAM16-UCS of the two colours of one meaning that are
closest to each other, as seen with full protanopia, deuteranopia or tritanopia (Brettel, Viénot, Machado).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from coloraide.everything import ColorAll as Colour

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from saa_dash.charts.palette import PALETTES, Palette  # noqa: E402

PAGE, PICTURE = ROOT / "docs" / "colours.md", ROOT / "docs" / "colours.svg"
SIGHTS = ("full", "protan", "deutan", "tritan")
_WIDE, _HIGH, _LEFT = 66, 30, 150  # px of a swatch in the picture, and of the names before it


def groups(palette: Palette) -> dict[str, dict[str, str]]:
    """Return the colours that have to be told apart: by meaning, name → colour."""
    return {
        "response": {name: colour for name, colour in palette.response.items() if name != "NYD"},
        "lineage": {name: palette.lineage[name] for name in ("ANC", "HGB", "PLAT")},
        "grade": {str(grade): colour for grade, colour in palette.grade.items() if grade > 1},
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    return float(Colour(one).contrast(Colour(other)))


def seen(colour: str, sight: str) -> Colour:
    """Return a colour as somebody sees it; `sight` of `SIGHTS`."""
    return Colour(colour) if sight == "full" else Colour(colour).filter(sight, 1)


def least_distance(colours: Mapping[str, str], sight: str) -> tuple[float, str]:
    """Return how far apart the two closest colours are, and which."""
    apart = [
        (float(seen(a, sight).delta_e(seen(b, sight), method="cam16")), f"{name} – {other}")
        for (name, a), (other, b) in combinations(colours.items(), 2)
    ]
    return min(apart)


def render_page() -> str:
    """Return docs/colours.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# Colours and their meaning",
        "",
        "The same on every page, figure, export and language; they stand in `saa_dash/charts/palette.py` alone. This"
        " page is written by `python tools/colour_docs.py`.",
        "",
        "![The colours as seen with full sight and with three kinds of colour blindness](colours.svg)",
    )
    for name, palette in PALETTES.items():
        yield from ("", f"## {name}, on {palette.background}", "", "| meaning | colour | contrast | letters on it |")
        yield "|---|---|---|---|"
        ink = {**palette.on_response, **{str(grade): colour for grade, colour in palette.on_grade.items()}}
        for meaning, colours in groups(palette).items():
            for what, colour in colours.items():
                written = f"{ink[what]} ({contrast(ink[what], colour):.1f})" if what in ink else ""
                against = contrast(colour, palette.background)
                yield f"| {meaning} {what} | `{colour}` | {against:.1f} | {written} |"
        for what, colour in (("treatment", palette.treatment), ("infusion", palette.infusion)):
            yield f"| {what} | `{colour}` | {contrast(colour, palette.background):.1f} | |"
        for what, colour in (("text", palette.text), ("muted text", palette.muted)):
            yield f"| {what} | `{colour}` | {contrast(colour, palette.background):.1f} | |"
        yield from (
            "",
            f"Smallest distance, {name}:",
            "",
            f"| meaning | {' | '.join(SIGHTS)} |",
            "|---|---|---|---|---|",
        )
        for meaning, colours in groups(palette).items():
            cells = (least_distance(colours, sight) for sight in SIGHTS)
            yield f"| {meaning} | {' | '.join(f'{apart:.0f} ({pair})' for apart, pair in cells)} |"
    yield from (
        "",
        "Second codes: letters in the squares of response, ✚ for death, hatching for NE, a dashed outline for what is"
        " not yet due; dash patterns and labels at the line's end for the lineages; digits for the grades, a thick"
        " outline for serious events, an outline alone for grade 1.",
    )


def render_picture() -> str:
    """Return docs/colours.svg: every colour in both appearances, as seen with each sight."""
    wide, parts, top = _LEFT + 5 * _WIDE + 16, [], 0
    for palette in PALETTES.values():
        rows = [(meaning, sight, colours) for meaning, colours in groups(palette).items() for sight in SIGHTS]
        high = len(rows) * _HIGH + 16
        parts.append(f'<rect y="{top}" width="{wide}" height="{high}" fill="{palette.background}"/>')
        for index, (meaning, sight, colours) in enumerate(rows):
            y = top + 8 + index * _HIGH
            parts.append(f'<text x="12" y="{y + 20}" fill="{palette.text}">{meaning} · {sight}</text>')
            parts.extend(_swatches(colours, sight, y, palette))
        top += high
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{top}" font-family="sans-serif"'
    return f'{head} font-size="13">{"".join(parts)}</svg>\n'


def _swatches(colours: Mapping[str, str], sight: str, y: int, palette: Palette) -> Iterator[str]:
    for place, (name, colour) in enumerate(colours.items()):
        x = _LEFT + place * _WIDE
        fill = seen(colour, sight).to_string(hex=True, fit=True)
        ink = max((palette.background, palette.text), key=lambda one: contrast(one, fill))
        yield f'<rect x="{x}" y="{y + 2}" width="{_WIDE - 6}" height="{_HIGH - 4}" rx="3" fill="{fill}"/>'
        yield f'<text x="{x + 8}" y="{y + 20}" fill="{ink}">{name}</text>'


def main(arguments: list[str]) -> int:
    """Write or check both files."""
    wanted = {PAGE: render_page(), PICTURE: render_picture()}
    if "--check" in arguments:
        return int(any(not path.exists() or path.read_text("utf-8") != text for path, text in wanted.items()))
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
