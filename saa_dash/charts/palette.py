"""Colours with fixed meanings, the same on every page, export and language.

Contrast against the background is at least 3:1 for marks (grade 2 on white has its outline) and 4.5:1 for text; the
colours of one meaning stay apart for colour-blind eyes; no red/green pair carries meaning, and each colour has a second
code (letter, digit, line style or pattern). `docs/colours.md` shows them with what was measured; `tools/colour_docs.py`
writes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """The colours of one appearance.

    Parameters
    ----------
    response : fill by CR/PR/NR/NE/NYD/DEATH. lineage : line by ANC/HGB/PLAT. grade : fill by CTCAE grade 1–5.
    on_response, on_grade : letters and digits on these fills.
    treatment : all treatment bars; infusion : cord blood infusions. surface : cards and bands behind marks.
    """

    background: str
    surface: str
    text: str
    muted: str
    grid: str
    response: dict[str, str]
    on_response: dict[str, str]
    lineage: dict[str, str]
    grade: dict[int, str]
    on_grade: dict[int, str]
    treatment: str
    infusion: str
    accent: str


LIGHT = Palette(
    background="#FFFFFF",
    surface="#F7F8FA",
    text="#1A1D21",
    muted="#5B6470",
    grid="#E9ECEF",
    response={
        "CR": "#0B4F8A",
        "PR": "#3F8FC6",
        "NR": "#D1603D",
        "NE": "#87919D",
        "NYD": "#FFFFFF",
        "DEATH": "#1A1D21",
    },
    on_response={
        "CR": "#FFFFFF",
        "PR": "#0B1A26",
        "NR": "#101216",
        "NE": "#101216",
        "NYD": "#5B6470",
        "DEATH": "#FFFFFF",
    },
    lineage={"ANC": "#6B3FA0", "HGB": "#A51E2E", "PLAT": "#9C6900", "ARC": "#5B6470", "WBC": "#5B6470"},
    grade={1: "#FFFFFF", 2: "#E89A2E", 3: "#D9572B", 4: "#9A1F2B", 5: "#1A1D21"},
    on_grade={1: "#1A1D21", 2: "#101216", 3: "#101216", 4: "#FFFFFF", 5: "#FFFFFF"},
    treatment="#6B7A8C",
    infusion="#C2447A",
    accent="#0B4F8A",
)

DARK = Palette(
    background="#0F1419",
    surface="#171D24",
    text="#E8EBEF",
    muted="#9AA5B1",
    grid="#242C36",
    response={
        "CR": "#4C97DB",
        "PR": "#A9D2F0",
        "NR": "#F08A5D",
        "NE": "#77828E",
        "NYD": "#0F1419",
        "DEATH": "#F4F6F8",
    },
    on_response={
        "CR": "#0B1118",
        "PR": "#0B1118",
        "NR": "#0B1118",
        "NE": "#0B1118",
        "NYD": "#9AA5B1",
        "DEATH": "#0F1419",
    },
    lineage={"ANC": "#B48CE6", "HGB": "#F07178", "PLAT": "#E8B84A", "ARC": "#9AA5B1", "WBC": "#9AA5B1"},
    grade={1: "#0F1419", 2: "#F3C26B", 3: "#F08A4B", 4: "#E0525C", 5: "#F4F6F8"},
    on_grade={1: "#E8EBEF", 2: "#0B1118", 3: "#0B1118", 4: "#0B1118", 5: "#0F1419"},
    treatment="#8FA0B3",
    infusion="#E77FAE",
    accent="#4C97DB",
)

PALETTES = {"light": LIGHT, "dark": DARK}

# Second code of the lineages: dash pattern of the line.
LINEAGE_DASH = {"ANC": "solid", "HGB": "dash", "PLAT": "dot"}
