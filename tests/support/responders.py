"""Patients who respond and then may lose it: values at the limits of CR, need on two assessments, days that coincide.

Every patient is treated on five days and answers every question with "no", so that nothing but the course decides.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from support.cohort import Cohort
from support.slow_facts import STUDY_END, Row, Tables

from saa_dash.model.schema import TABLES

WEEKS = (4, 8, 12)
GOOD = {
    "ANC": [1.0, 1.01, 1.5, 1.51, 3.0],
    "HGB": [100.0, 101.0, 115.0, 130.0, 140.0],
    "PLAT": [100.0, 101.0, 150.0, 151.0, 200.0],
    "ARC": [20.0, 60.0, 90.0],
}
BAD = {"ANC": [0.2, 0.49, 0.5, 2.0], "HGB": [70.0, 100.0], "PLAT": [10.0, 19.0, 20.0, 60.0], "ARC": [10.0, 19.0, 59.0]}
BASELINE = {
    "ANC": [0.1, 0.19, 0.2, 0.3, 1.5],
    "HGB": [60.0, 100.0],
    "PLAT": [10.0, 20.0, 50.0],
    "ARC": [10.0, 20.0, 60.0],
}
WHITE = [0.2, 0.4, 0.5, 1.0, 1.5, 3.0]


class _Course:
    """One patient; rows are kept in `rows`."""

    def __init__(self, rnd: Random, subject: str, cutoff: date) -> None:
        self.rnd, self.subject, self.cutoff = rnd, subject, cutoff
        self.rows: Tables = {name: [] for name in TABLES}
        self.start = cutoff - timedelta(rnd.choice([92, 120, 150, 220]))
        self.days: list[date] = []

    def add(self, table: str, **values: object) -> None:
        """One row, all other columns empty."""
        row: Row = dict.fromkeys(TABLES[table].all_columns)
        number = len(self.rows[table]) + 1
        self.rows[table].append(row | {"USUBJID": self.subject, "ROWKEY": f"{table}|{self.subject}|{number}", **values})

    def panel(self, day: date, values: dict[str, list[float]]) -> None:
        """Counts of one day; ANC may be missing, then there is WBC."""
        for test, choices in values.items():
            if test == "ANC" and self.rnd.random() < 0.08:
                self.add("LB", LBTESTCD="WBC", LBDTC=day.isoformat(), LBSTRESN=self.rnd.choice(WHITE))
            elif self.rnd.random() > 0.02:
                self.add("LB", LBTESTCD=test, LBDTC=day.isoformat(), LBSTRESN=self.rnd.choice(choices))

    def write(self) -> Tables:
        """Treatment, visits, counts, transfusions and what ends the course."""
        rnd, start = self.rnd, self.start
        self.add("DM", SEX=rnd.choice("MF"), MARROWPC=rnd.choice([None, 10.0]), LSTALVDTC=self.cutoff.isoformat())
        for i in range(5):
            self.add("EX", EXTRT="RATG", EXDOSE=3.0, EXSTDTC=(start + timedelta(i)).isoformat())
        infusion = start + timedelta(rnd.choice([6, 6, 10]))
        self.add("EX", EXTRT="UCBMNC", EXDOSE=3.0, EXSTDTC=infusion.isoformat())
        self.panel(start - timedelta(rnd.choice([1, 28])), BASELINE)
        self.days = [start + timedelta(7 * week + rnd.choice([0, 0, 0, 1, 4, 5])) for week in WEEKS]
        for day in self.days:
            self.panel(day, GOOD)
        self._later()
        self._end(infusion)
        return self.rows

    def _later(self) -> None:
        """Assessments after the first response, good or bad, with transfusions on the edges of their look-backs."""
        rnd, day = self.rnd, self.days[0]
        lapse = rnd.choice([0.1, 0.3, 0.5])
        for _ in range(rnd.randint(1, 10)):
            day += timedelta(rnd.choice([1, 3, 6, 7, 7, 8, 14]))
            if day in self.days:
                continue
            self.days.append(day)
            self.panel(day, BAD if rnd.random() < lapse else GOOD)
            if rnd.random() < lapse:
                kind, gaps = rnd.choice([("RBC", [0, 1, 8, 13, 14, 15]), ("PLATELET", [0, 1, 6, 7, 8])])
                self.add("CM", CMCLAS=kind, CMSTDTC=(day - timedelta(rnd.choice(gaps))).isoformat())
        for day in [self.start + timedelta(7 * week) for week in range(1, 30)]:
            self.add("SV", VISIT="UNSCHEDULED", SVSTDTC=day.isoformat(), RBCYN="N", PLTYN="N", GCSFYN="N")

    def _end(self, infusion: date) -> None:
        """Death, HSCT or salvage on a day that already means something; rows after the cut-off are not there."""
        rnd = self.rnd
        for kind in rnd.sample(["DEATH", "HSCT", "SALVAGE", "WITHDRAWAL"], rnd.choice([0, 0, 1, 2])):
            day = rnd.choice([*self.days, *self.days, infusion, infusion - timedelta(1), STUDY_END, self.cutoff])
            self.add("DS", DSDECOD=kind, DSSTDTC=day.isoformat())
            if kind == "DEATH" and rnd.random() < 0.5:
                self._cut(day)
        self._cut(self.cutoff)

    def _cut(self, end: date) -> None:
        for table, column in (("LB", "LBDTC"), ("SV", "SVSTDTC"), ("CM", "CMSTDTC"), ("DS", "DSSTDTC")):
            self.rows[table] = [row for row in self.rows[table] if str(row[column]) <= end.isoformat()]


def random_responders(seed: int, patients: int) -> Cohort:
    """The responders of a seed, always the same."""
    rnd = Random(f"responders {seed}")
    cutoff = date(2026, 11, 15) if rnd.random() < 0.5 else date(2026, rnd.randint(6, 10), rnd.randint(1, 28))
    tables: Tables = {name: [] for name in TABLES}
    for number in range(1, patients + 1):
        for name, rows in _Course(rnd, f"COURSE-P{number:03d}", cutoff).write().items():
            tables[name] += rows
    return Cohort(cutoff, tables)
