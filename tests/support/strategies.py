"""Cohorts that sit on the edges of the rules: as a fast seeded generator and as Hypothesis strategies.

The rows are made in plain dicts from one `random.Random`; Hypothesis hands in a Random of its own and so can shrink.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st
from support.cohort import Cohort
from support.edges import DAY_GAPS, EDGES, SUPPORT_GAPS, WBC_EDGES
from support.slow_facts import Row, Tables, date_range

from saa_dash.model.schema import TABLES

WEEKS = (4, 8, 12)
VISIT_WEEKS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 24)
STUDY = "EDGE"


@dataclass
class _Patient:
    """One patient being written down."""

    rnd: Random
    subject: str
    cutoff: date
    panels: int
    tidy: bool
    rows: Tables = field(default_factory=lambda: {name: [] for name in TABLES})
    start: date = date(2026, 1, 1)
    end: date = date(2026, 1, 1)
    infusion: date | None = None
    days: list[date] = field(default_factory=list)

    def add(self, table: str, **values: object) -> None:
        """One row, all other columns empty; numbered in ROWKEY."""
        row: Row = dict.fromkeys(TABLES[table].all_columns)
        number = len(self.rows[table]) + 1
        row |= {"STUDYID": STUDY, "USUBJID": self.subject, "ROWKEY": f"{table}|{self.subject}|{number}", **values}
        self.rows[table].append(row)

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.rnd.random() < probability

    @property
    def origins(self) -> list[date]:
        """The three days weeks may be counted from."""
        return [day for day in (self.start, self.end, self.infusion) if day is not None]


def _treatment(p: _Patient) -> None:
    """ATG by day, in one stretch or without its end; infusions given, late or never."""
    rnd = p.rnd
    length = rnd.choice([1, 4, 5, 5, 5, 7])
    infusion_gap = rnd.choice([2, 2, 2, 14, 30])
    if p.chance(0.6):
        lead = rnd.choice([0, length - 1, length - 1 + infusion_gap])
        p.start = p.cutoff - timedelta(7 * rnd.choice(WEEKS) + rnd.choice([7, 7, 3]) + lead + rnd.choice([-1, 0, 1]))
    else:
        p.start = p.cutoff - timedelta(rnd.randint(5, 230))
    p.end = p.start + timedelta(length - 1)
    form = "none" if p.chance(0.03) else rnd.choice(["days", "days", "stretch", "stretch", "no_end", "typed"])
    atg = {"EXTRT": "RATG", "EXDOSE": 3.0, "EXDOSU": "MG_KG"}
    if form == "days":
        for i in range(length):
            p.add(
                "EX",
                EXSTDTC=iso(p.start + timedelta(i)),
                EXENDTC=rnd.choice([None, iso(p.start + timedelta(i))]),
                **atg,
            )
    elif form == "stretch":
        p.add("EX", EXSTDTC=iso(p.start), EXENDTC=iso(p.end), **atg)
    elif form == "no_end":
        p.add("EX", EXSTDTC=iso(p.start), **atg)
    if form != "none" and not p.chance(0.1):
        for i in range(rnd.choice([0, 1, 2, 2, 2])):
            day = p.end + timedelta(infusion_gap + 12 * i)
            p.infusion = p.infusion or day
            p.add("EX", EXTRT="UCBMNC", EXSTDTC=iso(day), EXDOSE=3.0, EXDOSU="E8_CELLS")
    if p.chance(0.7):
        p.add("EX", EXTRT="HPAG", EXSTDTC=iso(p.start), EXENRF="Y", EXDOSE=15.0, EXDOSU="MG")
    typed = form == "typed" or (form != "none" and p.chance(0.8))
    off = rnd.choice([0, 0, 0, 1]) if form != "typed" else 0
    dm_end = None if not typed or p.chance(0.15) else iso(p.end + timedelta(off))
    dm: Row = {"ATGSTDTC": iso(p.start - timedelta(off)) if typed else None, "ATGENDTC": dm_end}
    dm |= {"SEX": rnd.choice(["M", "F", "M", "F", "M", "F", None]), "AGE": float(rnd.randint(18, 60))}
    dm |= {"MARROWPC": rnd.choice([None, 10.0, 24.9, 25.0, 40.0, 50.0, 50.1]), "SUBJID": p.subject[-4:]}
    dm |= {"MARRESPC": rnd.choice([None, 10.0, 29.9, 30.0]), "ENRLDTC": iso(p.start - timedelta(3))}
    p.add("DM", **dm)


def _count_days(p: _Patient) -> None:
    """Days with counts: baseline, window edges and ties around every target, chains for confirmation, the rest."""
    rnd = p.rnd
    days = {p.start + timedelta(d) for d in rnd.sample([-40, -29, -28, -27, -10, -3, -1, 0], rnd.randint(1, 5))}
    for week in WEEKS:
        for origin in rnd.sample(p.origins, 1 if p.chance(0.7) else len(p.origins)):
            target = origin + timedelta(7 * week)
            if p.tidy and p.chance(0.8):
                days.add(target + timedelta(rnd.choice([-1, 0, 0, 0, 1])))
            gaps = rnd.sample(DAY_GAPS, rnd.randint(0, 3))
            days |= {target + timedelta(gap) for gap in gaps}
            if gaps and p.chance(0.4):
                days.add(target - timedelta(gaps[0]))
    day = p.start + timedelta(rnd.randint(1, 20))
    while len(days) < p.panels and (day - p.start).days < 260:
        days.add(day)
        day += timedelta(rnd.choice([1, 3, 6, 7, 7, 8, 14, 20, 34, 35, 36]))
    p.days = sorted(days)


def _value(p: _Patient, test: str, level: float) -> float:
    """A value at or next to a limit; a higher level draws from further up the list."""
    edges = EDGES.get(test, WBC_EDGES)
    spread = 0.25 if p.tidy else 0.5
    place = (level + spread * (p.rnd.random() + p.rnd.random() - 1)) * (len(edges) - 1)
    return edges[min(max(round(place), 0), len(edges) - 1)]


def _counts(p: _Patient) -> None:
    """Panels with missing lineages, duplicates of a day with and without times, "<" and ">", missing values."""
    rnd = p.rnd
    top = rnd.choice([0.2, 0.5, 0.8, 1.0, 1.1])
    drop = 0.04 if p.tidy else 0.25
    hgb_low = rnd.choice([None, 110.0, 115.0, 130.0])
    peak = rnd.choice([60, 60, 30])
    fall = rnd.choice([None, None, 30, 60])  # days after the peak from which the counts go down again
    for day in p.days:
        progress = min(max((day - p.start).days / peak, 0.0), 1.0)
        if fall is not None and (day - p.start).days > peak + fall:
            progress = 0.2
        level = 0.1 + (top - 0.1) * progress if not p.chance(0.06) else rnd.random()
        for test in ("ANC", "HGB", "PLAT", "ARC", "WBC"):
            if p.chance(drop):
                continue
            times = rnd.choice([[""], ["", ""], ["T08:00", "T17:30"], ["", "T09:00"], ["T08:00", "T08:00"]])
            for time in times if p.chance(0.08) else [""]:
                _count(p, day, time, test, level, hgb_low if test == "HGB" else None)


def _count(p: _Patient, day: date, time: str, test: str, level: float, low: float | None) -> None:
    rnd = p.rnd
    value: float | None = _value(p, test, level)
    sign = rnd.choice(["<", ">"]) if p.chance(0.015 if p.tidy else 0.06) else None
    if p.chance(0.02):
        value = sign = None
    text = iso(day) + time if not p.chance(0.005) else iso(day)[:7]
    week = (day - p.start).days // 7
    visit = f"W{week}" if week in VISIT_WEEKS and p.chance(0.6) else rnd.choice(["UNSCHEDULED", None])
    number = float(week) if visit == f"W{week}" else None
    p.add(
        "LB", LBTESTCD=test, LBDTC=text, LBSTRESN=value, LBCENS=sign, LBSTNRLO=low, VISIT=visit, VISITNUM=number,
        LBORRES=None if value is None else f"{sign or ''}{value:g}", LBSTAT="NOT DONE" if value is None else None,
    )  # fmt: skip


def _visits(p: _Patient) -> None:
    """Visits with answered and unanswered questions, missed visits, unscheduled ones."""
    rnd = p.rnd
    unanswered = 0.02 if p.tidy else 0.15
    planned = [("SCREENING", -1, -10), ("BASELINE", 0, -1), *((f"W{w}", w, 7 * w) for w in VISIT_WEEKS)]
    visits = [
        (v, n, p.start + timedelta(d + rnd.choice([0, 0, 0, -2, 2]))) for v, n, d in planned if not p.chance(0.06)
    ]
    visits += [("UNSCHEDULED", None, day) for day in p.days if p.chance(0.1)]
    if p.chance(0.1):
        visits.append((*visits[-1][:2], visits[-1][2] + timedelta(1)))
    for visit, number, day in visits:
        if p.chance(0.5) and p.days:
            day = min(p.days, key=lambda d: abs((d - day).days))
        answers = {q: None if p.chance(unanswered) else rnd.choice("NNNY") for q in ("RBCYN", "PLTYN", "GCSFYN")}
        p.add("SV", VISIT=visit, VISITNUM=None if number is None else float(number), SVSTDTC=iso(day), **answers)


def _support(p: _Patient) -> None:
    """Support on the edges of its look-backs, partial dates, ongoing medication, ends missing."""
    rnd = p.rnd
    if p.chance(0.7):
        day = p.start - timedelta(rnd.choice([1, 5, 28, 29, 40]))
        until = p.start + timedelta(rnd.choice([0, 7, 25, 60, 90, 200]))
        while day < until:
            _transfusion(p, rnd.choice(["RBC", "RBC", "PLATELET"]), day)
            day += timedelta(rnd.choice([3, 7, 14, 27, 28, 29, 30]))
    if p.chance(0.25):
        day = p.start + timedelta(rnd.randint(60, 150))
        for _ in range(rnd.choice([1, 1, 2, 3])):
            _transfusion(p, rnd.choice(["RBC", "PLATELET"]), day)
            day += timedelta(rnd.choice([0, 1, 3, 6, 7, 8, 13, 14]))
    for day in rnd.sample(p.days, min(len(p.days), rnd.choice([0, 0, 1, 2, 4] if p.tidy else [1, 3, 5, 8]))):
        kinds = [
            "RBC",
            "RBC",
            "PLATELET",
            "PLATELET",
            "PLASMA",
            "GCSF",
            "GCSF",
            "PEGGCSF",
            "PEGGCSF",
            "TPO",
            "TPORA",
            "EPO",
        ]
        kind = rnd.choice(kinds)
        back = day - timedelta(rnd.choice(SUPPORT_GAPS[kind]))
        if kind in ("RBC", "PLATELET", "PLASMA"):
            _transfusion(p, kind, back)
        else:
            _medication(p, kind, back)
    if p.chance(0.3):
        _medication(
            p, rnd.choice(["STEROID", "ANTIINFECTIVE", "OTHER", "IST"]), p.start + timedelta(rnd.randint(0, 100))
        )


def _transfusion(p: _Patient, kind: str, day: date) -> None:
    text = iso(day)[:7] if p.chance(0.05) else iso(day)
    p.add("CM", CMCAT="TRANSFUSION", CMCLAS=kind, CMSTDTC=text, CMTRT=kind, CMDOSE=2.0)


def _medication(p: _Patient, kind: str, last: date) -> None:
    """A stretch that ends on the day given, or is of one day, ongoing, or without its end."""
    rnd = p.rnd
    first = last - timedelta(rnd.choice([0, 0, 3, 10]))
    form = rnd.choice([*["stretch"] * 5, "day", "day", "ongoing", "ended", "no_end", "partial"])
    start, end = iso(first), {"stretch": iso(last), "day": iso(first), "ended": iso(last)}.get(form)
    if form == "partial":
        start, end = iso(first)[:7], rnd.choice([iso(last)[:7], iso(last), None])
    name = rnd.choice(["海曲泊帕", "hetrombopag", "eltrombopag", "avatrombopag"]) if kind == "TPORA" else kind
    growth = kind in ("GCSF", "PEGGCSF", "TPO", "TPORA", "EPO")
    p.add(
        "CM", CMCAT="GROWTH FACTOR" if growth else "CONCOMITANT", CMCLAS=kind, CMTRT=name, CMSTDTC=start, CMENDTC=end,
        CMENRF="Y" if form in ("ongoing", "ended") else rnd.choice([None, "N"]),
    )  # fmt: skip


def _disposition(p: _Patient) -> None:
    """Death, HSCT, salvage, withdrawal on and around a target day; last contact typed, missing or too late."""
    rnd, dm = p.rnd, p.rows["DM"][0]
    last = [p.cutoff]
    for kind in rnd.sample(
        ["DEATH", "HSCT", "SALVAGE", "WITHDRAWAL", "LOST", "DISCONTINUATION"], rnd.choice([0, 0, 0, 1, 1, 2])
    ):
        target = rnd.choice(p.origins) + timedelta(7 * rnd.choice([0, *WEEKS, *WEEKS]) + rnd.choice([-1, 0, 1]))
        day = target if p.chance(0.6) else p.start + timedelta(rnd.randint(1, 200))
        if kind == "DEATH":
            form = rnd.choice(["both", "dm", "ds"])
            dm["DTHDTC"] = iso(day) if form != "ds" else None
            last.append(day)
            if form == "dm":
                continue
        p.add("DS", DSDECOD=kind, DSSTDTC=iso(day), DSCOMP="HPAG" if kind == "DISCONTINUATION" else None)
        if kind == "WITHDRAWAL" and p.chance(0.7):
            last.append(day)
    ends = min(last) if not p.chance(0.02) else p.cutoff  # a record after the death: wrong, but it happens
    for table, column in (("LB", "LBDTC"), ("SV", "SVSTDTC"), ("CM", "CMSTDTC"), ("EX", "EXSTDTC"), ("DS", "DSSTDTC")):
        p.rows[table] = [row for row in p.rows[table] if date_range(row[column])[0] <= ends]
    dm["LSTALVDTC"] = rnd.choice(
        [iso(ends), iso(ends), iso(ends), iso(ends - timedelta(9)), None, iso(ends + timedelta(20))]
    )


def iso(day: date) -> str:
    """ISO 8601."""
    return day.isoformat()


def cohort_of(rnd: Random, patients: int, panels: int = 22) -> Cohort:
    """A cohort of so many patients with about so many days of counts each."""
    cutoff = date(2026, rnd.randint(5, 12), rnd.randint(1, 28))
    tables: Tables = {name: [] for name in TABLES}
    for number in range(1, patients + 1):
        patient = _Patient(rnd, f"{STUDY}-P{number:03d}", cutoff, panels, tidy=rnd.random() < 0.6)
        for step in (_treatment, _count_days, _counts, _visits, _support, _disposition):
            step(patient)
        for name, rows in patient.rows.items():
            tables[name] += rows
    return Cohort(cutoff, tables)


def random_cohort(seed: int, patients: int) -> Cohort:
    """The cohort of a seed, always the same."""
    return cohort_of(Random(seed), patients)


cohorts = st.builds(cohort_of, st.randoms(use_true_random=False), st.integers(1, 2), st.integers(4, 9))
