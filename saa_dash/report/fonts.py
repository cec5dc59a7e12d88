"""A font with Chinese letters: that of the system, by the names of Windows, macOS and Linux."""

from __future__ import annotations

from functools import cache

from ..model.errors import EnvironmentProblem

# The first that is there sets the whole document: its Latin letters belong to it.
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "STHeiti",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "SimSun",
    "Droid Sans Fallback",
)
# Latin letters as journals ask for them; each is drawn as wide as Arial.
LATIN = ("Arial", "Helvetica", "Liberation Sans", "Arimo", "Nimbus Sans")
SIGNS = ("DejaVu Sans Mono", "New Computer Modern Math")  # come with the typesetter: marks that the font may lack


@cache
def find_family() -> str:
    """Return the family that sets the document.

    Raises
    ------
    EnvironmentProblem : the machine has no font with Chinese letters.
    """
    import typst

    held = {name.casefold(): name for name in typst.Fonts().families()}
    found = next((held[name.casefold()] for name in FAMILIES if name.casefold() in held), None)
    if found is None:
        raise EnvironmentProblem("error.pack_font")
    return found


@cache
def figure_families(lang: str) -> str:
    """Return the families of letters in a figure for a journal, the one that this machine has first.

    Latin letters are Arial or as wide, except beside Chinese ones: one font sets a figure.

    Raises
    ------
    EnvironmentProblem : the machine has no font with Chinese letters.
    """
    import typst

    chinese, held = find_family(), {name.casefold() for name in typst.Fonts().families()}
    latin = [name for name in LATIN if name.casefold() in held][:1]
    first = [chinese, *latin] if lang == "zh" else [*latin, chinese]
    rest = [name for name in (*LATIN[:2], *FAMILIES[-6:]) if name not in first]
    return ", ".join([*first, *rest, "sans-serif"])
