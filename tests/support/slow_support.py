"""What holds a count up: support of one patient, as rules 2 and 3 of the domain facts have it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from support.slow_facts import Row, Tables, date_range, remembered, rows_of, whole_date

# "red cells 14 d for Hb, platelets 7 d for PLT, G-CSF 7 d (pegylated 14 d) for ANC, rhTPO/TPO-RA other than the
# study's hetrombopag for PLT, EPO for Hb": TPO and EPO take the look-back of their lineage, the text gives no other.
LOOK_BACK = {
    "ANC": {"GCSF": 7, "PEGGCSF": 14},
    "HGB": {"RBC": 14, "EPO": 14},
    "PLAT": {"PLATELET": 7, "TPO": 7, "TPORA": 7},
    "ARC": {},
}
QUESTION = {"ANC": "GCSFYN", "HGB": "RBCYN", "PLAT": "PLTYN"}
ASKED = {"GCSFYN": ("GCSF", "PEGGCSF"), "RBCYN": ("RBC",), "PLTYN": ("PLATELET",)}


@remembered
def stretches(tables: Tables, subject: str, classes: Iterable[str], cutoff: date) -> list[tuple[str, date, date]]:
    """Class, first and last possible day of all support of the given classes: records, and a "yes" without one."""
    found = list(recorded(tables, subject, classes, cutoff))
    for question, kinds in ASKED.items():
        if kinds[0] in classes:
            found += undated(tables, subject, question, kinds, cutoff)
    return found


@remembered
def recorded(tables: Tables, subject: str, classes: Iterable[str], cutoff: date) -> list[tuple[str, date, date]]:
    """Support with a record. A medication without an end, or ongoing, lasts to the cut-off."""
    found = []
    for row in rows_of(tables, "CM", subject):
        start, end = date_range(row["CMSTDTC"]), date_range(row["CMENDTC"])
        if row["CMCLAS"] not in classes or is_study_hetrombopag(row) or start is None:
            continue
        if row["CMCLAS"] in ("RBC", "PLATELET"):
            last = start[1]
        elif end is None or row["CMENRF"] == "Y":
            last = cutoff
        else:
            last = end[1]
        found.append((str(row["CMCLAS"]), start[0], max(start[0], last)))
    return found


@remembered
def visits_of(tables: Tables, subject: str) -> dict[date, dict[str, str | None]]:
    """Answers of every day with a visit; of two records of one day the "yes" counts, else the "no"."""
    days: dict[date, dict[str, str | None]] = {}
    for row in rows_of(tables, "SV", subject):
        day = whole_date(row["SVSTDTC"])
        if day is None:
            continue
        answers = days.setdefault(day, dict.fromkeys(ASKED))
        for question in ASKED:
            said = {str(row[question] or ""), answers[question] or ""}
            answers[question] = "Y" if "Y" in said else "N" if "N" in said else None
    return dict(sorted(days.items()))


def undated(
    tables: Tables, subject: str, question: str, kinds: tuple[str, ...], cutoff: date
) -> list[tuple[str, date, date]]:
    """A "yes" at a visit that no record since the visit before explains: given on an unknown day between the two."""
    found = []
    before = date.min
    for day, answers in visits_of(tables, subject).items():
        known = [r for r in recorded(tables, subject, kinds, cutoff) if r[1] <= day and r[2] >= before]
        if answers[question] == "Y" and not known:
            found.append((kinds[0], before, day))
        before = day
    return found


def is_study_hetrombopag(row: Row) -> bool:
    """Hetrombopag typed among the concomitant medication is the study's own."""
    words = f"{row['CMTRT'] or ''} {row['CMDECOD'] or ''}".lower()
    return row["CMCLAS"] == "TPORA" and ("hetrombopag" in words or "海曲泊帕" in words)


def is_supported(tables: Tables, subject: str, test: str, day: date, cutoff: date) -> bool:
    """Whether a transfusion or growth factor lies in the look-back before a value ("same day counts as support").

    "Look-backs count date differences 0…limit, both ends included"; support whose day is not exactly known is "taken
    as inside the look-back" where one of its possible days is.
    """
    return any(in_look_back(s, day, LOOK_BACK[test]) for s in stretches(tables, subject, LOOK_BACK[test], cutoff))


def in_look_back(stretch: tuple[str, date, date], day: date, limits: dict[str, int]) -> bool:
    """Whether a stretch of support touches the days from the limit of its class before a day up to that day."""
    kind, first, last = stretch
    return first <= day and last >= day - timedelta(days=limits[kind])


def is_support_unknown(tables: Tables, subject: str, test: str, day: date, answer: str | None, cutoff: date) -> bool:
    """Rule 3: "the "since last visit: red cells / platelets / G-CSF" question unanswered and no transfusion record"

    of what the question asks about, inside the look-back.
    """
    limits = {kind: LOOK_BACK[test][kind] for kind in ASKED[QUESTION[test]]}
    known = any(in_look_back(s, day, limits) for s in stretches(tables, subject, limits, cutoff))
    return answer is None and not known


def answer_at(tables: Tables, subject: str, question: str, panel: date, first: date, last: date) -> str | None:
    """The answer that covers an assessment: of the visit on its day, else of the next one inside the window, else of

    the last one before it inside the window.
    """
    visits = visits_of(tables, subject)
    after = [day for day in visits if panel <= day <= last]
    before = [day for day in visits if first <= day < panel]
    if after:
        return visits[min(after)][question]
    return visits[max(before)][question] if before else None
