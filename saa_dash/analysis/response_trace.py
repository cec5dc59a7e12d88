"""Why a patient-visit is CR, PR, NR, NE or not yet due: the row of `response.derive_response` told as messages.

One message per step of the decision: window and panel, each lineage against its CR threshold, the SAA count,
independence, result. Built for one row at a time, from columns that are there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ..model.message import Message
from ..model.rules import RuleSet
from ..model.settings import EndpointSettings
from .around import day_of, day_offset
from .decision import INDEPENDENCE_DAYS
from .response_against import reached_alone

Row = Mapping[str, Any] | pd.Series


def _date(value: Any) -> date:
    return pd.Timestamp(value).date()


def _has(value: Any) -> bool:
    return bool(pd.notna(value))


def _test(name: str) -> Message:
    return Message(f"term.lab_test.{name}")


def _value(row: Row, test: str) -> Message:
    """Return lineage, value and day, e.g. "ANC 1.2 (day 29)"; of another day than the panel's, said so."""
    sign = row[f"{test}LT"] if _has(row[f"{test}LT"]) else ""
    code = "trace.value.panel" if row[f"{test}DT"] == row["ADT"] else "trace.value.other_day"
    return Message(code, {"test": _test(test), "sign": sign, "value": float(row[test]), "day": int(row[f"{test}DY"])})


def _support(row: Row, test: str) -> Message:
    """Return the support with its study day, which counts from where the days of the values do."""
    kind = Message(f"trace.support.what.{row[f'{test}SUPC']}")
    days = int(row[f"{test}SUPD"])
    if _has(row[f"{test}SUPI"]):
        return Message("trace.support.possible", {"kind": kind})
    if days == 0:
        return Message("trace.support.same_day", {"kind": kind})
    judged = row[f"{test}DY"] if _has(row[f"{test}DY"]) else row["ADY"]
    return Message(
        "trace.support.before", {"kind": kind, "n": days, "day": day_of(float(day_offset(int(judged))) - days)}
    )


def _against_cr(row: Row, rules: RuleSet) -> Iterator[Message]:
    for threshold in rules.cr:
        test = threshold.test
        met, limit = row[f"{test}CR"], row[f"{test}LIM"]
        relation, opposite = (">", "≤") if threshold.strict else ("≥", "<")
        if not _has(row[test]):
            yield from _without_value(row, test, relation, met)
            continue
        shown: dict[str, object] = {"value": _value(row, test), "relation": relation}
        shown["limit"] = float(limit) if _has(limit) else Message("trace.limit_by_sex")
        if met == "Y":
            yield Message("trace.cr.met", shown)
        elif met == "U":
            yield Message("trace.cr.unknown", shown)
        elif reached_alone(row, test, strict=threshold.strict):
            yield Message("trace.cr.supported", shown | {"support": _support(row, test)})
        else:
            yield Message("trace.cr.below", shown | {"relation": opposite})


def _without_value(row: Row, test: str, relation: str, met: str) -> Iterator[Message]:
    limit = row[f"{test}LIM"]
    if test == "ANC" and _has(row["WBC"]) and not (met == "N" and row["WBC"] > limit):
        code = "trace.cr.below_by_wbc" if met == "N" else "trace.cr.open_by_wbc"
        params = {"wbc": float(row["WBC"]), "relation": relation, "limit": float(limit)}
        yield Message(code, {"test": _test(test), **params})
    elif met == "N":
        yield Message("trace.cr.missing_supported", {"test": _test(test), "support": _support(row, test)})
    else:
        yield Message("trace.cr.missing", {"test": _test(test)})


def _saa_part(row: Row, test: str, cut: float) -> Message:
    state, supported = row[f"{test}SAA"], row[f"{test}SUP"] == "Y"
    if state == "Y" and supported and not row[test] < cut:  # held up, or missing in a look-back
        code = "supported"
    else:
        code = {"Y": "below", "N": "not_below", "U": "unknown"}[state]
    params: dict[str, object] = {"test": _test(test), "limit": float(cut)}
    return Message(f"trace.saa.{code}", params | ({"support": _support(row, test)} if code == "supported" else {}))


def _saa(row: Row, rules: RuleSet, arc_cut: float) -> Message:
    saa = rules.saa
    cuts = {"ANC": saa.anc, "PLAT": saa.plat, "ARC": arc_cut if saa.arc is None else saa.arc}
    states = [row[f"{test}SAA"] for test in cuts]
    certain, possible = states.count("Y"), 3 - states.count("N")
    code = "still" if certain > saa.max_below else "left" if possible <= saa.max_below else "open"
    parts = {test.lower(): _saa_part(row, test, cut) for test, cut in cuts.items()}
    return Message(f"trace.saa_count.{code}", {**parts, "limit": saa.max_below})


def _independence(row: Row, rules: RuleSet, settings: EndpointSettings) -> Iterator[Message]:
    red_cells, platelets = INDEPENDENCE_DAYS[settings.independence]
    days = {"red_cells": red_cells, "platelets": platelets}
    if rules.pr_needs_independence and row["AVALC"] != "CR":
        state = "not_assessable" if row["REASON"] == "NOT_ASSESSABLE" else row["INDEPFL"]
        yield Message(f"trace.independent.{state}", days)
    elif row["TRANSFL"] in ("Y", "U"):
        yield Message(f"trace.transfused.{row['TRANSFL']}", days)


def _panel(row: Row, settings: EndpointSettings) -> Iterator[Message]:
    target = int((row["TARGETDT"] - row["ORIGDT"]).days) + 1
    window = {"week": int(row["AVISITN"]), "day": target, "half": settings.window_days}
    if not _has(row["ADT"]):
        yield Message("trace.no_panel", window)
        return
    code = "trace.panel_tie" if _has(row["PANELTIE"]) else "trace.panel"
    yield Message(code, window | {"date": _date(row["ADT"]), "panel": int(row["ADY"])})


def _result(row: Row) -> Iterator[Message]:
    reason = row["REASON"]
    params = {"reason": Message(f"response.reason.{reason}")} if _has(reason) else {}
    yield Message(f"trace.result.{row['AVALC']}", params)
    if row["ATLPRFL"] == "Y":
        yield Message("trace.result.at_least_pr")
    if row["PROVFL"] in ("Y", "N"):
        yield Message("trace.provisional" if row["PROVFL"] == "Y" else "trace.confirmed")


def trace_response(row: Row, rules: RuleSet, settings: EndpointSettings) -> tuple[Message, ...]:
    """Return the decision of one patient-visit step by step.

    Parameters
    ----------
    row : one row of `response.derive_response`, e.g. ``frame.iloc[i]``. rules, settings : those it was derived with.
    """
    reason = row["REASON"]
    if row["AVALC"] == "NYD":
        return (Message("trace.not_due", {"week": int(row["AVISITN"]), "due": _date(row["DUEDT"])}),)
    if reason == "NOT_INFUSED":
        return (Message("trace.not_infused"), *_result(row))
    if reason in ("DEATH", "HSCT", "SALVAGE", "WITHDRAWN"):
        when = {"date": _date(row["ADT"]), "day": int(row["ADY"]), "week": int(row["AVISITN"])}
        when["target"] = int((row["TARGETDT"] - row["ORIGDT"]).days) + 1
        return (Message(f"trace.settled.{reason}", when), *_result(row))
    steps = list(_panel(row, settings))
    if _has(row["ADT"]):
        steps += [*_against_cr(row, rules)]
        if row["AVALC"] != "CR":
            steps += [_saa(row, rules, settings.arc_cut), *_independence(row, rules, settings)]
    return (*steps, *_result(row))
