"""Chapter on the laboratory: who worsened, shifts from baseline to worst, courses of liver and kidney."""

from __future__ import annotations

import pandas as pd

from ..analysis.shifts import ShiftTable
from ..charts.lab_bands import background_of
from ..charts.lab_course import MAX_MARKED, Drawing, figure_course
from ..charts.view import FigureView
from ..model.ctcae import HighGrades, LowGrades
from ..protocol.ctcae import load_ctcae
from .content import Laboratory, TestResults
from .document import Block, Chapter, Figure, Table, Text
from .names import series_name, test_name, unit_name
from .speaker import Speaker, Voice


def laboratory(speaker: Speaker) -> Chapter:
    """Return who worsened in which test, courses of liver and kidney, shifts from baseline to worst."""
    say, lab = speaker.say, speaker.content.laboratory
    if lab.tests.empty or not lab.treated:
        words = say("lab.nothing" if lab.tests.empty else "lab.nobody_treated")
        return Chapter(say("pack.chapter.laboratory"), (Text(words, "missing"),), opens=True)
    source = speaker.source(say("ae.population.SAFETY", total=lab.treated), provenance=lab.provenance)
    blocks: list[Block] = [
        Table(
            say("pack.laboratory.tests"),
            tests_table(speaker, lab),
            source,
            (say("pack.laboratory.note", version=lab.version),),
        )
    ]
    frame = _shifts(speaker)
    if len(frame):
        note = (say("pack.laboratory.shift_note"), *_severe_note(speaker))
        sheet = say("pack.sheet.shifts")
        blocks.append(Table(say("pack.laboratory.shifts"), frame, source, note, sheet=sheet))
    else:
        blocks.append(Text(say("pack.laboratory.no_shifts"), "missing"))
    blocks += [Figure(course_view(speaker, lab, item), source) for item in lab.drawn]
    return Chapter(say("pack.chapter.laboratory"), tuple(blocks), opens=True)


def _severe_note(speaker: Speaker) -> tuple[str, ...]:
    return (speaker.say("pack.laboratory.severe_note"),) if speaker.content.protocol else ()


def tests_table(speaker: Voice, lab: Laboratory) -> pd.DataFrame:
    """Return who was measured, who worsened and who got to grade 3 or 4, by test."""
    say, lang = speaker.say, speaker.lang
    rows = lab.tests
    severe = ["–" if n != n or n is None else f"{int(n)}/{lab.treated}" for n in rows["SEVERE"].astype("float64")]
    worse = [
        f"{int(n)}/{lab.treated}" if known else "–" for n, known in zip(rows["WORSENED"], rows["KNOWN"], strict=True)
    ]
    return pd.DataFrame(
        {
            say("column.test"): [
                _named(speaker, *row) for row in rows[["TEST", "NAME", "SERIES", "SEVERAL"]].itertuples(index=False)
            ],
            say("column.unit"): [unit_name(unit, lang) for unit in rows["UNIT"]],
            say("pack.laboratory.measured"): rows["MEASURED"].astype("str") + f"/{lab.treated}",
            say("pack.laboratory.worsened"): worse,
            say("pack.laboratory.severe"): severe,
        }
    )


def _named(speaker: Voice, test: str, name: str, series: str, several: bool) -> str:
    shown = test_name(test, name, speaker.lang)
    if not several or not series:
        return shown
    return speaker.say("lab.test_series", name=shown, series=series_name(series, speaker.lang))


def course_view(speaker: Voice, lab: Laboratory, item: TestResults) -> FigureView:
    """Return the course of a test as multiples of the upper limit of normal, or as values where there is none."""
    say, look = speaker.say, speaker.look
    measure = "multiple" if item.course.values["MULTIPLE"].notna().any() else "value"
    background = background_of(item.course.limits, _grades(item), None, measure, look, version=lab.version)
    name = test_name(item.test, item.name, speaker.lang)
    numbers = {"name": name, "n": item.table.treated, "worse": item.table.worsened, "severe": item.table.severe}
    key = "graded" if item.table.graded else "ranged"
    drawing = Drawing(
        test=item.test,
        name=name,
        unit=unit_name(item.unit, speaker.lang),
        title=say(f"lab.finding.{key if item.known else 'unknown'}", **numbers),
        notes=background.notes,
        measure=measure,
        ribbon=item.patients > MAX_MARKED,
        log=None if measure == "multiple" else False,
        highlight="",
        origin=say("lab.origin_atg" if speaker.content.protocol else "lab.origin_dose"),
        bands=background.bands,
        lines=background.lines,
    )
    return figure_course(item.course, drawing, look)


def _grades(item: TestResults) -> LowGrades | HighGrades | None:
    criteria = load_ctcae()
    return (criteria.low.get(item.test) or criteria.high.get(item.test)) if item.table.graded else None


def _shifts(speaker: Speaker) -> pd.DataFrame:
    """Return the shift tables of all graded tests one under the other, a row per grade at baseline."""
    say, lab = speaker.say, speaker.content.laboratory
    rows: list[list[object]] = []
    levels: tuple[str, ...] = ()
    for test, table in lab.shifts.items():
        levels = table.levels
        given = lab.tests.loc[lab.tests["TEST"] == test, "NAME"].iloc[0]
        name = test_name(test, str(given), speaker.lang)
        rows += [[name, *row] for row in _shift_rows(speaker, table)]
    names = [say("pack.laboratory.to", level=say(f"lab.level.{level}")) for level in levels]
    columns = [say("column.test"), say("pack.laboratory.from"), *names, say("lab.shift.sum")]
    return pd.DataFrame(rows, columns=columns)


def _shift_rows(speaker: Speaker, table: ShiftTable) -> list[list[object]]:
    """Return the grades at baseline that anybody had."""
    return [
        [speaker.say(f"lab.level.{level}"), *counts, sum(counts)]
        for level, counts in zip(table.levels, table.counts, strict=True)
        if sum(counts)
    ]
