"""Severity at baseline and response at weeks 4, 8 and 12, one patient at a time, rule by rule as the text has them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

from saa_dash.model.rules import RuleSet, Threshold
from saa_dash.model.settings import EndpointSettings
from support.slow_facts import (
    LINEAGES,
    QUESTION,
    Count,
    Row,
    Tables,
    counts_of,
    events_of,
    is_supported,
    rows_of,
    transfused_between,
    treatment_days,
)

WEEKS = (4, 8, 12)
FILL_IN = 3
NOT_MET = -1.0  # stands for a supported value: below every limit
INDEPENDENCE = {"value_valid": (14, 7), "28": (28, 28), "strict": (56, 28)}  # red cells, platelets
REASONS = {"DEATH": "DEATH", "HSCT": "HSCT", "SALVAGE": "SALVAGE", "WITHDRAWAL": "WITHDRAWN"}


# ------------------------------------------------------------------------------------------------ severity


def severity(tables: Tables, subject: str, settings: EndpointSettings) -> dict[str, object]:
    """Severity from the worst values on days −28…−1 before ATG."""
    start = treatment_days(tables, subject)["atg_start"]
    if start is None:
        return {"SEVERITY": None, "MARROW": None}
    worst: dict[str, Count | None] = {}
    for test in ("ANC", "PLAT", "ARC", "HGB", "WBC"):
        days = counts_of(tables, subject, test)
        inside = [days[d] for d in days if -28 <= (d - start).days <= -1]
        worst[test] = min(inside, key=lambda c: (c["value"], {"<": 0, "": 1, ">": 2}[str(c["sign"])]), default=None)
    marrow = marrow_is_hypocellular(rows_of(tables, "DM", subject)[0])
    limits = {"ANC": (0.2, 0.5, 1.5), "PLAT": (20.0, 50.0), "ARC": (settings.arc_cut,), "HGB": (100.0,)}
    answers = set()
    tests = ("ANC", "PLAT", "ARC", "HGB")
    choices = [possible(worst[t], worst["WBC"] if t == "ANC" else None, limits[t]) for t in tests]
    for anc, plat, arc, hgb in product(*choices):
        # "≥2 of ANC <0.5, PLT <20, ARC <20 … parameter arc_cut"; "VSAA: SAA with ANC <0.2"; "NSAA: AA that is
        # neither. AA at entry: ≥2 of Hb <100, PLT <50, ANC <1.5"
        if marrow is not False and (anc < 0.5) + (plat < 20) + (arc < settings.arc_cut) >= 2:
            answers.add("VSAA" if anc < 0.2 else "SAA")
        elif (hgb < 100) + (plat < 50) + (anc < 1.5) >= 2:
            answers.add("NSAA")
        else:
            answers.add(None)
    return {"SEVERITY": answers.pop() if len(answers) == 1 else None, "MARROW": marrow}


def marrow_is_hypocellular(dm: Row) -> bool | None:
    """"marrow cellularity <25 % (or 25–50 % with <30 % residual haematopoietic cells)"; None without marrow data."""
    cells, residual = dm["MARROWPC"], dm["MARRESPC"]
    if cells is None:
        return None
    if float(cells) < 25:
        return True
    if float(cells) > 50:
        return False
    return None if residual is None else float(residual) < 30


# ------------------------------------------------------------------------------------------------ response


def response(
    tables: Tables, subject: str, week: int, cutoff: date, rules: RuleSet, settings: EndpointSettings
) -> dict[str, object]:
    """One patient at one visit: AVALC, REASON, chosen date, deciding values with dates and support, EVALFL."""
    result = decide(tables, subject, week, cutoff, rules, settings)
    result["PROVISIONAL"] = None
    if rules.confirm_days is not None and result["AVALC"] in ("CR", "PR"):
        result["PROVISIONAL"] = not is_confirmed(result, tables, subject, week, cutoff, rules, settings)
    return result


def is_confirmed(
    first: dict[str, object],
    tables: Tables,
    subject: str,
    week: int,
    cutoff: date,
    rules: RuleSet,
    settings: EndpointSettings,
) -> bool:
    """"two assessments ≥4 weeks apart, unconfirmed = provisional"; a CR confirms a PR, a PR does not confirm a CR."""
    for later in [w for w in WEEKS if w > week]:
        second = decide(tables, subject, later, cutoff, rules, settings)
        good = ("CR",) if first["AVALC"] == "CR" else ("CR", "PR")
        if second["AVALC"] in good and (second["ADT"] - first["ADT"]).days >= rules.confirm_days:
            return True
    return False


def decide(
    tables: Tables, subject: str, week: int, cutoff: date, rules: RuleSet, settings: EndpointSettings
) -> dict[str, object]:
    """The visit by rules 1 to 7, before confirmation."""
    days = treatment_days(tables, subject)
    origin = days[settings.origin.value]
    out: dict[str, object] = {"USUBJID": subject, "AVISITN": week, "ADT": None, "AVALC": None, "REASON": None}
    out |= {"FASFL": "Y" if days["atg_start"] else "N", "DUE": False, "CR": None, "RESPONSE": None}
    out |= {"VALUES": {}, "TRANSFUSED": None}
    if days["atg_start"] is None:
        return out
    # "The full analysis set stays the same: never infused = NR". Due as by the first day of ATG: a patient without an
    # infusion has no other date.
    infused = origin is not None
    if origin is None:
        origin = days["atg_start"]
    # "Week 4/8/12 = offset 28/56/84"; "whose origin + visit day + window end is on or before the cut-off, dead or
    # alive alike"
    target = origin + timedelta(days=7 * week)
    if target + timedelta(days=settings.window_days) > cutoff:
        return out | {"AVALC": "NYD"}
    out["DUE"] = True
    if not infused:
        return out | {"AVALC": "NR", "REASON": "NOT_INFUSED", "CR": False, "RESPONSE": False}
    events = events_of(tables, subject, cutoff)
    panel = choose_panel(tables, subject, target, settings.window_days, first_stop(events))
    if panel is not None:
        out["ADT"] = panel
        out["VALUES"] = deciding_values(tables, subject, panel, week, cutoff, first_stop(events))
    # Rule 7: "Death, HSCT, salvage therapy or withdrawal on or before the target day = NR with that reason, despite
    # an earlier count in the window."
    stops = [(day, order, kind) for order, (kind, day) in enumerate(events.items()) if day is not None]
    stops = [stop for stop in stops if stop[0] <= target]
    if stops:
        return out | {"AVALC": "NR", "REASON": REASONS[min(stops)[2]], "CR": False, "RESPONSE": False}
    if panel is None:
        return out | {"AVALC": "NE", "REASON": "MISSING"}
    return out | judge(tables, subject, panel, out["VALUES"], cutoff, rules, settings)


def first_stop(events: dict[str, date | None]) -> date | None:
    """"All efficacy stops at HSCT/salvage"."""
    return min([d for d in (events["HSCT"], events["SALVAGE"]) if d is not None], default=None)


def choose_panel(tables: Tables, subject: str, target: date, window: int, stop: date | None) -> date | None:
    """Rule 1: "the panel date nearest to the target inside the window, ties → the earlier (counts rise)"."""
    best = None
    for test in LINEAGES:
        for day in counts_of(tables, subject, test):
            if abs((day - target).days) > window or (stop is not None and day > stop):
                continue
            if best is None or (abs((day - target).days), day) < (abs((best - target).days), best):
                best = day
    return best


def value_near(tables: Tables, subject: str, test: str, panel: date, stop: date | None) -> Count | None:
    """Rule 1: "a lineage missing on that date is taken from ±3 days": the nearest, ties → the earlier."""
    best = None
    for day, count in counts_of(tables, subject, test).items():
        if abs((day - panel).days) > FILL_IN or (stop is not None and day > stop):
            continue
        if best is None or (abs((day - panel).days), day) < (abs((best["date"] - panel).days), best["date"]):
            best = count
    return best


def deciding_values(
    tables: Tables, subject: str, panel: date, week: int, cutoff: date, stop: date | None
) -> dict[str, Count | None]:
    """The four lineages with date and SUPPORT: "Y", "N" or "U" (unknown); and WBC for a missing ANC."""
    values: dict[str, Count | None] = {}
    for test in (*LINEAGES, "WBC"):
        count = value_near(tables, subject, test, panel, stop)
        values[test] = dict(count) if count else None
        if values[test] is not None and test in QUESTION:
            values[test]["support"] = support_of(tables, subject, test, count["date"], week, cutoff)
    return values


def support_of(tables: Tables, subject: str, test: str, day: date, week: int, cutoff: date) -> str:
    """Rule 2 and rule 3: supported, not supported, or unknown.

    Rule 3: "the "since last visit: red cells / platelets / G-CSF" question unanswered and no transfusion record".
    """
    if is_supported(tables, subject, test, day, cutoff):
        return "Y"
    answers = [v[QUESTION[test]] for v in rows_of(tables, "SV", subject) if v["VISITNUM"] == week]
    return "N" if any(answer is not None for answer in answers) else "U"


# ------------------------------------------------------------------------------------------------ judging


def possible(count: Count | None, wbc: Count | None, limits: tuple[float, ...]) -> list[float]:
    """Representatives of every value a count can have, as far as the limits can tell them apart.

    Rule 5: a missing ANC lies between 0 and WBC. Rule 6: "every possible value of what is missing".
    """
    steps = sorted({0.0, *limits})
    grid = steps + [(a + b) / 2 for a, b in pairwise(steps)] + [steps[-1] + 1000]
    if count is None:
        if wbc is None or wbc["sign"] == ">":
            return grid
        return [v for v in grid if v < wbc["value"]] or [0.0]
    value = float(count["value"])
    if count["sign"] == "<":
        return [v for v in grid if v < value] or [0.0]
    if count["sign"] == ">":
        return [v for v in grid if v > value] or [value + 1000]
    return [value]


def judge(
    tables: Tables,
    subject: str,
    panel: date,
    values: dict[str, Count | None],
    cutoff: date,
    rules: RuleSet,
    settings: EndpointSettings,
) -> dict[str, object]:
    """Rule 2 to rule 6 on the chosen values: is it a CR, is it a response; true, false or unknown."""
    arc_cut = rules.saa.arc if rules.saa.arc is not None else settings.arc_cut
    sex = rows_of(tables, "DM", subject)[0]["SEX"]
    independent = independence(tables, subject, panel, cutoff, settings)
    independent_choices = [True, False] if independent is None else [independent]

    def answers(heed_support: bool) -> tuple[bool | None, bool | None]:
        crs, responses = set(), set()
        for hb_limit in hb_limits(rules, values["HGB"], sex):
            limits = {"ANC": [rules.saa.anc], "PLAT": [rules.saa.plat], "ARC": [arc_cut], "HGB": []}
            need = [(t.test, t.strict, hb_limit if t.test == "HGB" else float(t.value)) for t in rules.cr]
            for test, _, limit in need:
                limits[test].append(limit)
            choices = []
            for test in LINEAGES:
                count = values[test]
                options = possible(count, values["WBC"] if test == "ANC" else None, tuple(limits[test]))
                support = count.get("support") if count and heed_support else None
                # Rule 2: "A supported value at or above it means the lineage is not met (supported)"
                choices.append({"Y": [NOT_MET], "U": [NOT_MET, *options]}.get(str(support), options))
            for combination in product(*choices):
                value = dict(zip(LINEAGES, combination, strict=True))
                cr = all(value[t] > limit if strict else value[t] >= limit for t, strict, limit in need)
                below = (value["ANC"] < rules.saa.anc) + (value["PLAT"] < rules.saa.plat) + (value["ARC"] < arc_cut)
                for free in independent_choices:
                    crs.add(cr)
                    # "no longer SAA, transfusion independent, not CR"
                    partial = below <= rules.saa.max_below and (free is True or not rules.pr_needs_independence)
                    responses.add(cr or partial)
        return one_answer(crs), one_answer(responses)

    is_cr, is_response = answers(heed_support=True)
    unknown = any(values[t] is not None and values[t]["support"] == "U" for t in ("ANC", "HGB", "PLAT"))
    out: dict[str, object] = {"CR": is_cr, "RESPONSE": is_response}
    out["TRANSFUSED"] = None if independent is None else not independent
    # Rule 6: "Shown: CR if CR is true; PR if response is true and CR false; NR if response is false; else NE"
    if is_response is False:
        without = answers(heed_support=False)[1]
        reason = "BELOW" if without is False else "SUPPORTED"
        return out | {"AVALC": "NR", "REASON": reason}
    # Rule 3: "no CR/PR; NE with a query"
    if unknown:
        return out | {"AVALC": "NE", "REASON": "SUPPORT_UNKNOWN"}
    if is_cr is True:
        return out | {"AVALC": "CR", "REASON": None}
    if is_response is True and is_cr is False:
        return out | {"AVALC": "PR", "REASON": None}
    return out | {"AVALC": "NE", "REASON": "MISSING"}


def one_answer(answers: set[bool]) -> bool | None:
    """The answer all possibilities agree on, else None."""
    return answers.pop() if len(answers) == 1 else None


def hb_limits(rules: RuleSet, hgb: Count | None, sex: object) -> list[float]:
    """"Hb normal for sex (laboratory LLN, else 130 M / 115 F)"; both where the sex is not known."""
    threshold: Threshold = next(t for t in rules.cr if t.test == "HGB")
    if threshold.value is not None:
        return [threshold.value]
    if threshold.use_lln and hgb is not None and hgb["lln"] is not None:
        return [float(hgb["lln"])]
    by_sex = {"M": [float(threshold.male)], "F": [float(threshold.female)]}
    return by_sex.get(str(sex), [float(threshold.male), float(threshold.female)])


def independence(
    tables: Tables, subject: str, panel: date, cutoff: date, settings: EndpointSettings
) -> bool | None:
    """Rule 4: free of red cells and platelets in the look-backs before the assessment; None where not assessable."""
    red, plt = INDEPENDENCE[settings.independence]
    atg_end = treatment_days(tables, subject)["atg_end"]
    # "Where the look-back starts before ATG ends, the answer is not assessable"
    if atg_end is None or panel - timedelta(days=max(red, plt)) < atg_end:
        return None
    for kind, days in (("RBC", red), ("PLATELET", plt)):
        if transfused_between(tables, subject, kind, panel - timedelta(days=days), panel, cutoff):
            return False
    return True
