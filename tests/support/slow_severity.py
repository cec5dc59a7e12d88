"""Severity at baseline of one patient, as section 1 of the domain facts has it."""

from __future__ import annotations

from datetime import date
from itertools import product

from support.slow_facts import Count, Row, Tables, possible, rows_of, treatment_days, whole_date

from saa_dash.model.settings import EndpointSettings


def severity(tables: Tables, subject: str, settings: EndpointSettings) -> dict[str, object]:
    """Severity "from the worst values on days −28…−1; without marrow data count-compatible"."""
    start = treatment_days(tables, subject)["atg_start"]
    if start is None:
        return {"SEVERITY": None, "SEVBASIS": None, "SEVREAS": "NOT_TREATED"}
    limits = {"ANC": (0.2, 0.5, 1.5), "PLAT": (20.0, 50.0), "ARC": (settings.arc_cut,), "HGB": (100.0,)}
    marrow = marrow_is_hypocellular(rows_of(tables, "DM", subject)[0])
    answers = set()
    for anc, plat, arc, hgb in product(*(possible_worst(tables, subject, t, start, limits[t]) for t in limits)):
        # "≥2 of ANC <0.5, PLT <20, ARC <20 … parameter arc_cut"; "VSAA: SAA with ANC <0.2"; "NSAA: AA that is
        # neither. AA at entry: ≥2 of Hb <100, PLT <50, ANC <1.5"
        if marrow is not False and (anc < 0.5) + (plat < 20) + (arc < settings.arc_cut) >= 2:
            answers.add("VSAA" if anc < 0.2 else "SAA")
        elif (hgb < 100) + (plat < 50) + (anc < 1.5) >= 2:
            answers.add("NSAA")
        else:
            answers.add("NOT_AA")
    if len(answers) > 1:
        return {"SEVERITY": None, "SEVBASIS": None, "SEVREAS": "MISSING"}
    answer = answers.pop()
    if answer == "NOT_AA":
        return {"SEVERITY": None, "SEVBASIS": None, "SEVREAS": "NOT_AA"}
    return {"SEVERITY": answer, "SEVBASIS": "COUNTS" if marrow is None else "MARROW", "SEVREAS": None}


def possible_worst(tables: Tables, subject: str, test: str, start: date, limits: tuple[float, ...]) -> list[float]:
    """Every worst value the days −28…−1 allow: one that some result can have and that none must be below."""
    results = baseline_results(tables, subject, test, start)
    if not results and test == "ANC":
        # Rule 5: a missing ANC lies below a WBC below the limit; no ANC exceeds the lowest WBC
        white = baseline_results(tables, subject, "WBC", start)
        bounded = [possible(None, wbc, limits) for wbc in white] or [possible(None, None, limits)]
        return [v for options in bounded for v in options if all(v <= max(other) for other in bounded)]
    options = [possible(count, None, limits) for count in results] or [possible(None, None, limits)]
    return [v for own in options for v in own if all(v <= max(other) for other in options)]


def baseline_results(tables: Tables, subject: str, test: str, start: date) -> list[Count]:
    """Every result of a test on days −28…−1, duplicates of a day too: the worst is looked for."""
    found = []
    for row in rows_of(tables, "LB", subject):
        day = whole_date(row["LBDTC"])
        inside = day is not None and -28 <= (day - start).days <= -1
        if row["LBTESTCD"] == test and inside and row["LBSTRESN"] is not None:
            found.append({"date": day, "value": float(row["LBSTRESN"]), "sign": row["LBCENS"] or ""})
    return found


def marrow_is_hypocellular(dm: Row) -> bool | None:
    """Whether "marrow cellularity <25 % (or 25–50 % with <30 % residual haematopoietic cells)"; None: no data."""
    cells, residual = dm["MARROWPC"], dm["MARRESPC"]
    if cells is None:
        return None
    if float(cells) < 25:
        return True
    if float(cells) > 50:
        return False
    return None if residual is None else float(residual) < 30
