"""Response at weeks 4, 8 and 12, one patient at a time, rule by rule as the text has them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from support.slow_facts import LINEAGES, Count, Tables, counts_of, events_of, possible, rows_of, treatment_days
from support.slow_support import QUESTION, answer_at, in_look_back, is_support_unknown, is_supported, stretches

from saa_dash.model.rules import RuleSet, Threshold
from saa_dash.model.settings import EndpointSettings

WEEKS = (4, 8, 12)
FILL_IN = 3
NOT_MET = -1.0  # stands for a supported value: below every limit
INDEPENDENCE = {"value_valid": (14, 7), "28": (28, 28), "strict": (56, 28)}  # red cells, platelets
REASONS = {"DEATH": "DEATH", "HSCT": "HSCT", "SALVAGE": "SALVAGE", "WITHDRAWAL": "WITHDRAWN"}


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
    """Whether "two assessments ≥4 weeks apart, unconfirmed = provisional", whichever comes first.

    A CR confirms a PR, a PR does not confirm a CR.
    """
    for other in [w for w in WEEKS if w != week]:
        second = decide(tables, subject, other, cutoff, rules, settings)
        good = second["AVALC"] == "CR" if first["AVALC"] == "CR" else second["RESPONSE"] is True
        if good and abs((second["ADT"] - first["ADT"]).days) >= rules.confirm_days:
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
    out |= {"VALUES": {}, "UNKNOWN": [], "INDEPENDENT": None, "PANEL": None}
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
    # Rule 7: "Death, HSCT, salvage therapy or withdrawal on or before the target day = NR with that reason, despite
    # an earlier count in the window."
    stops = [(day, order, kind) for order, (kind, day) in enumerate(events.items()) if day is not None]
    stops = [stop for stop in stops if stop[0] <= target]
    if stops:
        day, _, kind = min(stops)
        return out | {"ADT": day, "AVALC": "NR", "REASON": REASONS[kind], "CR": False, "RESPONSE": False}
    panel = choose_panel(tables, subject, target, settings.window_days, first_stop(events))
    if panel is None:
        return out | {"AVALC": "NE", "REASON": "MISSING"}
    out["ADT"] = out["PANEL"] = panel
    window = (target - timedelta(days=settings.window_days), target + timedelta(days=settings.window_days))
    out["VALUES"] = deciding_values(tables, subject, panel, window, cutoff, first_stop(events))
    out["UNKNOWN"] = lineages_unknown(tables, subject, panel, out["VALUES"], window, cutoff)
    return out | judge(tables, subject, panel, out, cutoff, rules, settings)


def first_stop(events: dict[str, date | None]) -> date | None:
    """What ends the counts: "All efficacy stops at HSCT/salvage"."""
    return min([d for d in (events["HSCT"], events["SALVAGE"]) if d is not None], default=None)


def choose_panel(tables: Tables, subject: str, target: date, window: int, stop: date | None) -> date | None:
    """Rule 1: "the panel date nearest to the target inside the window, ties → the earlier (counts rise)".

    A panel is a day with ANC, haemoglobin or platelets; reticulocytes alone are none.
    """
    best = None
    for test in ("ANC", "HGB", "PLAT"):
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
    tables: Tables, subject: str, panel: date, window: tuple[date, date], cutoff: date, stop: date | None
) -> dict[str, Count | None]:
    """The four lineages with date and support: "Y", "N" or "U" (unknown); and WBC for a missing ANC."""
    values: dict[str, Count | None] = {}
    for test in (*LINEAGES, "WBC"):
        count = value_near(tables, subject, test, panel, stop)
        values[test] = dict(count) if count else None
        if values[test] is not None and test in LINEAGES:
            values[test]["support"] = support_of(tables, subject, test, count["date"], panel, window, cutoff)
    return values


def support_of(
    tables: Tables, subject: str, test: str, day: date, panel: date, window: tuple[date, date], cutoff: date
) -> str:
    """Rule 2 and rule 3: supported, not supported, or unknown. "ARC is judged regardless." """
    if is_supported(tables, subject, test, day, cutoff):
        return "Y"
    if test not in QUESTION:
        return "N"
    answer = answer_at(tables, subject, QUESTION[test], panel, *window)
    return "U" if is_support_unknown(tables, subject, test, day, answer, cutoff) else "N"


def support_of_missing(tables: Tables, subject: str, test: str, panel: date, cutoff: date) -> str:
    """Whether a value of the panel would have been supported."""
    return "Y" if is_supported(tables, subject, test, panel, cutoff) else "N"


def lineages_unknown(
    tables: Tables,
    subject: str,
    panel: date,
    values: dict[str, Count | None],
    window: tuple[date, date],
    cutoff: date,
) -> list[str]:
    """Lineages whose question is not answered and has no record; asked of the visit, with or without a value."""
    found = []
    for test, question in QUESTION.items():
        day = values[test]["date"] if values[test] else panel
        answer = answer_at(tables, subject, question, panel, *window)
        if is_support_unknown(tables, subject, test, day, answer, cutoff):
            found.append(test)
    return found


# ------------------------------------------------------------------------------------------------ judging


def judge(
    tables: Tables,
    subject: str,
    panel: date,
    seen: dict[str, object],
    cutoff: date,
    rules: RuleSet,
    settings: EndpointSettings,
) -> dict[str, object]:
    """Rule 2 to rule 6 on the chosen values: is it a CR, is it a response; true, false or unknown."""
    values: dict[str, Count | None] = seen["VALUES"]
    arc_cut = rules.saa.arc if rules.saa.arc is not None else settings.arc_cut
    sex = rows_of(tables, "DM", subject)[0]["SEX"]
    independent = independence(tables, subject, panel, cutoff, settings)

    def answers(heed_support: bool, free_choices: list[bool]) -> tuple[bool | None, bool | None]:
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
                # Whatever a missing value had been: in a look-back it would not have met its threshold.
                support = count["support"] if count else support_of_missing(tables, subject, test, panel, cutoff)
                support = support if heed_support else None
                # Rule 2: "A supported value at or above it means the lineage is not met (supported)"
                choices.append({"Y": [NOT_MET], "U": [NOT_MET, *options]}.get(str(support), options))
            for combination in product(*choices):
                value = dict(zip(LINEAGES, combination, strict=True))
                cr = all(value[t] > limit if strict else value[t] >= limit for t, strict, limit in need)
                below = (value["ANC"] < rules.saa.anc) + (value["PLAT"] < rules.saa.plat) + (value["ARC"] < arc_cut)
                for free in free_choices:
                    crs.add(cr)
                    # "no longer SAA, transfusion independent, not CR"
                    partial = below <= rules.saa.max_below and (free or not rules.pr_needs_independence)
                    responses.add(cr or partial)
        return one_answer(crs), one_answer(responses)

    is_cr, is_response = answers(True, [True, False] if independent is None else [independent])
    out: dict[str, object] = {"CR": is_cr, "RESPONSE": is_response, "INDEPENDENT": independent}
    if independent is True and seen["UNKNOWN"]:
        out["INDEPENDENT"] = None  # "Absence of a transfusion row is not independence."
    # Rule 6: "Shown: CR if CR is true; PR if response is true and CR false; NR if response is false; else NE"
    if is_response is False:
        counts_alone = answers(False, [True])[1]
        return out | {"AVALC": "NR", "REASON": "BELOW" if counts_alone is False else "SUPPORTED"}
    # Rule 3: "no CR/PR; NE with a query": what is not certainly no response is not known to be one
    if seen["UNKNOWN"]:
        return out | {"CR": None if is_cr else is_cr, "RESPONSE": None, "AVALC": "NE", "REASON": "SUPPORT_UNKNOWN"}
    if is_cr is True:
        return out | {"AVALC": "CR", "REASON": None}
    if is_response is True and is_cr is False:
        return out | {"AVALC": "PR", "REASON": None}
    # Rule 4: "not assessable and no rate is printed", where nothing but independence is lacking
    lacking = is_cr is False and independent is None and answers(True, [True])[1] is True
    return out | {"AVALC": "NE", "REASON": "NOT_ASSESSABLE" if lacking else "MISSING"}


def one_answer(answers: set[bool]) -> bool | None:
    """The answer all possibilities agree on, else None."""
    return answers.pop() if len(answers) == 1 else None


def hb_limits(rules: RuleSet, hgb: Count | None, sex: object) -> list[float]:
    """Limit of "Hb normal for sex (laboratory LLN, else 130 M / 115 F)"; both where the sex is not known."""
    threshold: Threshold = next(t for t in rules.cr if t.test == "HGB")
    if threshold.value is not None:
        return [threshold.value]
    if threshold.use_lln and hgb is not None and hgb["lln"] is not None:
        return [float(hgb["lln"])]
    by_sex = {"M": [float(threshold.male)], "F": [float(threshold.female)]}
    return by_sex.get(str(sex), [float(threshold.male), float(threshold.female)])


def independence(tables: Tables, subject: str, panel: date, cutoff: date, settings: EndpointSettings) -> bool | None:
    """Rule 4: free of red cells and platelets in the look-backs before the assessment; None where not assessable."""
    red, plt = INDEPENDENCE[settings.independence]
    atg_end = treatment_days(tables, subject)["atg_end"]
    # "Where the look-back starts before ATG ends, the answer is not assessable"
    if atg_end is None or panel - timedelta(days=max(red, plt)) < atg_end:
        return None
    limits = {"RBC": red, "PLATELET": plt}
    return not any(in_look_back(stretch, panel, limits) for stretch in stretches(tables, subject, limits, cutoff))
