"""Rows around a day in the reader's words: one table per kind, and all of them as one for the download."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from ..i18n import event_name, has_key, label, term
from ..model.vocabulary import Complication
from ..services.around import AroundPage
from .words import language, t

Row = Mapping[Hashable, Any]

_COMPONENTS = {"RELATG": "RATG", "RELCSA": "CSA", "RELHPG": "HPAG", "RELUCB": "UCBMNC"}
_BLOOD = ("RBC", "PLATELET", "PLASMA")


def _known(value: object) -> bool:
    return value is not None and value == value and value is not pd.NA and value != ""


def _text(value: object) -> str:
    return str(value) if _known(value) else ""


def _number(value: float) -> str:
    return f"{value:g}" if _known(value) else ""


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _amount(number: object, unit: str, missing: str = "") -> str:
    if not _known(number):
        return missing
    return t("around.word.amount", amount=f"{float(str(number)):g}", unit=unit).strip()


def _grade(row: Row) -> str:
    if _known(row["AETOXGR"]):
        return term(language(), "grade", int(row["AETOXGR"]))
    if _known(row["AESEV"]):
        return t("around.word.severity_only", severity=_severity(str(row["AESEV"])))
    return t("around.word.no_grade")


def _severity(code: str) -> str:
    known = ("MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL")
    return t(f"around.severity.{code}") if code in known else code


def _causality(row: Row) -> str:
    lang = language()
    related = [term(lang, "component", code) for column, code in _COMPONENTS.items() if row[column] == "Y"]
    if related:
        return t("ui.response.comma").join(related)
    overall = {"Y": "around.word.related_yes", "N": "around.word.related_no", "U": "around.word.related_unknown"}
    return t(overall[row["RELFL"]]) if _known(row["RELFL"]) else t("around.not_entered")


def _event(row: Row) -> dict[str, str]:
    lang = language()
    reported = _text(row["AETERM"])
    special = label(lang, "complication", row["AECAT"]) if row["AECAT"] != Complication.OTHER else ""
    return {
        "event": _join(event_name(lang, _text(row["NAME"])), special),
        "grade": _grade(row),
        "serious": term(lang, "yn", row["AESER"]) or t("around.not_entered"),
        "causality": _causality(row),
        "outcome": label(lang, "outcome", row["AEOUT"]) or t("around.not_entered"),
        "soc": label(lang, "soc", row["AEBODSYS"]),
        "reported": reported if reported != row["NAME"] else "",
    }


def _medication(row: Row) -> dict[str, str]:
    lang, name = language(), _text(row["NAME"])
    transfused = row["KIND"] == "TRANSFUSION" and row["CODE"] in _BLOOD
    unit = label(lang, "blood_unit" if transfused else "dose_unit", row["UNIT"])
    return {
        "medication": term(lang, "blood_product", row["CODE"]) if transfused else name,
        "class": label(lang, "medication_category" if transfused else "medication_class", _class(row, transfused)),
        "dose": _amount(row["DOSE"], unit, t("around.not_entered")),
        "indication": _text(row["CMINDC"]),
    }


def _class(row: Row, transfused: bool) -> object:
    return row["KIND"] if transfused or not _known(row["CODE"]) else row["CODE"]


def _treatment(row: Row, target: tuple[float, float] | None) -> dict[str, str]:
    lang = language()
    if row["KIND"] == "LEVEL":
        return {
            "treatment": _join(term(lang, "lab_test", "CSA"), label(lang, "csa_timepoint", row["ATPT"])),
            "given": _level(row, target),
        }
    return {
        "treatment": label(lang, "component", row["CODE"]),
        "given": _amount(row["DOSE"], label(lang, "dose_unit", row["UNIT"]), t("around.word.no_dose")),
    }


def _level(row: Row, target: tuple[float, float] | None) -> str:
    shown = _result(row)
    if target is None or row["ATPT"] != "C0" or not _known(row["AVAL"]) or _known(row["LBCENS"]):
        return shown
    low, high = target
    where = "LOW" if row["AVAL"] < low else "HIGH" if row["AVAL"] > high else "IN"
    return t(f"around.word.level_{where}", level=shown, low=low, high=high)


def _result(row: Row) -> str:
    unit = label(language(), "unit", row["UNIT"])
    if not _known(row["AVAL"]):
        return f"{_text(row['TYPED'])} {unit}".strip()
    return f"{_text(row.get('LBCENS'))}{row['AVAL']:g} {unit}".strip()


def _limits(row: Row) -> str:
    low, high = _number(row["LOW"]), _number(row["HIGH"])
    if low and high:
        return t("around.word.between", low=low, high=high)
    return t("around.word.from", low=low) if low else t("around.word.upto", high=high) if high else ""


def _graded(row: Row) -> str:
    if not _known(row["ATOXGR"]):
        return ""
    now = f"{row['ATOXGR']:g}"
    now = t("around.word.at_least", grade=now) if row["ATOXGE"] == "Y" else now
    now = t("around.word.by_baseline", grade=now) if row["ATOXBY"] == "BASELINE" else now
    if _known(row["PREVGR"]) and row["PREVGR"] != row["ATOXGR"]:
        return t("around.word.grade_change", before=f"{row['PREVGR']:g}", now=now)
    return now


def _name(row: Row, vocabulary: str) -> str:
    """Return the term of a test, its own name where the list does not know it."""
    lang, code = language(), _text(row["CODE"])
    return term(lang, vocabulary, code) if has_key(lang, f"term.{vocabulary}.{code}") else _text(row["NAME"]) or code


def _lab(row: Row) -> dict[str, str]:
    return {
        "what": _name(row, "lab_test"),
        "result": _result(row),
        "position": label(language(), "nrind", row["ANRIND"]),
        "change": _graded(row),
        "limits": _limits(row),
    }


def _vital(row: Row) -> dict[str, str]:
    lang = language()
    if row["KIND"] == "EXAM":
        finding = _join(term(lang, "finding", row["FINDING"]), _text(row["NAME"]))
        return {"what": term(lang, "body_system", row["CODE"]), "result": finding, "position": "", "range": ""}
    return {
        "what": _name(row, "vital_sign"),
        "result": _result(row),
        "position": label(lang, "nrind", row["ANRIND"]),
        "range": _limits(row),
    }


def _visit(row: Row) -> dict[str, str]:
    lang = language()
    detail = _text(row["NAME"])
    if row["KIND"] == "RESPONSE":
        detail = _join(t("around.word.response", response=label(lang, "response", row["FINDING"])), detail)
    return {"visit": label(lang, "visit", row["CODE"]), "detail": detail}


def _end(row: Row) -> dict[str, str]:
    lang, detail = language(), _text(row["NAME"])
    if row["KIND"] == "DEATH":
        return {"what": t("around.word.death"), "detail": ""}
    if row["KIND"] == "DEVIATION":
        what = t("around.word.deviation", what=label(lang, "deviation", row["CODE"]))
        return {"what": what, "detail": _join(label(lang, "deviation_severity", row["COMPONENT"]), detail)}
    part = label(lang, "component", row["COMPONENT"])
    return {"what": _join(label(lang, "disposition", row["CODE"]), part), "detail": detail}


def _until(row: Row) -> str:
    if row["ONGOING"]:
        return t("around.ongoing")
    return f"{row['TO']:.0f}" if _known(row["TO"]) and row["TO"] != row["FROM"] else ""


def _source(row: Row) -> str:
    if not _known(row.get("SRCROW")):
        return t("around.imputed") if row["IMPUTED"] else ""
    where = t("around.source", sheet=_text(row["SRCSHEET"]), row=str(row["SRCROW"]))
    return _join(where, t("around.imputed") if row["IMPUTED"] else "")


def words_of(page: AroundPage, group: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a group as a table, columns in the reader's language.

    Parameters
    ----------
    rows : of `AroundGroup`, listed or folded.
    """
    speak: Mapping[str, Callable[[Row], dict[str, str]]] = {
        "AE": _event,
        "SUPPORT": _medication,
        "TREATMENT": lambda row: _treatment(row, page.target),
        "LAB": _lab,
        "VITAL": _vital,
        "VISIT": _visit,
        "END": _end,
    }
    records = [
        {"day": int(row["FROM"]), "until": _until(row), **speak[group](row), "source": _source(row)}
        for row in rows.to_dict("records")
    ]
    table = pd.DataFrame(records)
    empty = [name for name in table.columns if name != "day" and not table[name].any()]
    return table.drop(columns=empty).rename(columns=lambda name: t(f"around.column.{name}"))


def download_rows(page: AroundPage) -> pd.DataFrame:
    """Return everything listed in one table: kind, day, what, detail, and the place in the source where it is shown."""
    parts = []
    for name, group in page.groups.items():
        table = words_of(page, name, group.rows)
        if table.empty:
            continue
        day, source = t("around.column.day"), t("around.column.source")
        told = [column for column in table.columns if column not in (day, source)]
        detail = [
            "; ".join(t("around.word.listing", name=column, value=row[column]) for column in told[1:] if row[column])
            for row in table[told].to_dict("records")
        ]
        columns = {
            t("column.patient"): page.pcode,
            t("around.column.kind"): t(f"around.group.{name}"),
            day: table[day],
            t("around.column.what"): table[told[0]],
            t("around.column.detail"): detail,
        }
        if "SRCFILE" in group.rows:
            columns[t("around.column.file")] = group.rows["SRCFILE"].to_numpy()
        parts.append(pd.DataFrame(columns | ({source: table[source]} if source in table else {})))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def count_rows(page: AroundPage) -> pd.DataFrame:
    """Return how many records of each kind: listed, within limits, not judged, without a date."""
    return pd.DataFrame(
        {
            t("around.column.kind"): [t(f"around.group.{name}") for name in page.groups],
            t("around.column.count"): [len(group.rows) for group in page.groups.values()],
            t("around.column.within"): [len(group.within) for group in page.groups.values()],
            t("around.column.unjudged"): [group.unjudged for group in page.groups.values()],
            t("around.column.undated"): [group.undated for group in page.groups.values()],
        }
    )
