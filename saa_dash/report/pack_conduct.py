"""Chapters on how the trial was carried out: deviations, baseline, exposure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..i18n import label
from ..model.vocabulary import Component
from .document import Block, Chapter, Table, Text
from .names import dose_unit, test_name, unit_name
from .speaker import Speaker, Voice, spread


def deviations(speaker: Speaker) -> Chapter:
    """Return deviations as entered, and those found by comparing treatment with its plan."""
    say, conduct = speaker.say, speaker.content.conduct
    blocks: list[Block] = []
    if conduct.recorded is None:
        blocks.append(Text(say("pack.deviations.not_recorded", study=speaker.content.cut.study), "missing"))
    else:
        title = say("pack.deviations.recorded", n=len(conduct.recorded))
        frame = _recorded(speaker, conduct.recorded)
        blocks.append(_listing(speaker, title, frame, "deviations", say("pack.deviations.none")))
    if conduct.found is None:
        blocks.append(Text(say("pack.deviations.no_plan", study=speaker.content.cut.study), "missing"))
    else:
        title, frame = say("pack.deviations.found", n=len(conduct.found)), _found(speaker, conduct.found)
        notes = (say("pack.deviations.found_note", percent=speaker.content.settings.tolerance.dose_percent,
                     days=speaker.content.settings.tolerance.infusion_days),)  # fmt: skip
        blocks.append(_listing(speaker, title, frame, "found", say("pack.deviations.none"), notes))
    return Chapter(say("pack.chapter.deviations"), tuple(blocks))


LISTED = 60  # rows of a listing on paper; the workbook has all


def _listing(
    speaker: Speaker, title: str, frame: pd.DataFrame, sheet: str, none: str, notes: tuple[str, ...] = ()
) -> Table:
    """Return a listing; nothing found is said."""
    empty = (none,) if frame.empty else ()
    return Table(
        title, frame, speaker.source(), (*empty, *notes), listing=True, limit=LISTED,
        sheet=speaker.say(f"pack.sheet.{sheet}"),
    )  # fmt: skip


def _recorded(speaker: Speaker, rows: pd.DataFrame) -> pd.DataFrame:
    say, lang = speaker.say, speaker.lang
    return pd.DataFrame(
        {
            say("column.patient"): rows["PCODE"],
            say("column.study_day"): rows["ADY"].astype("Int64"),
            say("pack.column.kind"): [label(lang, "deviation", code) for code in rows["DVCAT"]],
            say("pack.column.weight"): [label(lang, "deviation_severity", code) for code in rows["DVSEV"]],
            say("pack.column.words"): rows["DVTERM"].fillna(""),
        }
    )


def _found(speaker: Speaker, rows: pd.DataFrame) -> pd.DataFrame:
    say, lang = speaker.say, speaker.lang
    units = [dose_unit(unit, lang) for unit in rows["AVALU"].fillna("")]
    return pd.DataFrame(
        {
            say("column.patient"): rows["PCODE"],
            say("pack.column.component"): [label(lang, "component", code) for code in rows["EXTRT"]],
            say("pack.column.kind"): [label(lang, "deviation_found", code) for code in rows["CODE"]],
            say("pack.column.what"): [label(lang, "exposure_param", code) for code in rows["PARAMCD"]],
            say("column.study_day"): rows["ASTDY"].astype("Int64"),
            say("pack.column.given"): rows["AVAL"].round(2),
            say("pack.column.plan"): rows["PLAN"].round(2),
            say("column.unit"): units,
            say("pack.column.percent"): rows["PCTPLAN"].round(0),
            say("pack.column.off"): rows["DAYSOFF"].astype("Int64"),
        }
    )


def baseline(speaker: Speaker) -> Chapter:
    """Return who was treated."""
    say, conduct = speaker.say, speaker.content.conduct
    frame, heads = characteristics(speaker, conduct.baseline, conduct.units)
    notes = (say("pack.baseline.note"),)
    if not speaker.content.people.treated:
        blocks: tuple[Block, ...] = (Text(say("lab.nobody_treated"), "missing"),)
    else:
        blocks = (Table(say("pack.baseline.title"), frame, speaker.source(), notes, heads=frozenset(heads)),)
    return Chapter(say("pack.chapter.baseline"), blocks)


def characteristics(speaker: Voice, rows: pd.DataFrame, units: Mapping[str, str]) -> tuple[pd.DataFrame, list[int]]:
    """Return baseline characteristics in words, and which rows stand for those below them.

    Parameters
    ----------
    rows : `baseline.summarise_baseline`. units : by laboratory test.
    """
    say, lang = speaker.say, speaker.lang
    out: list[tuple[str, str, str]] = []
    heads: list[int] = []
    for code, level, n, total, median, low, high in rows.itertuples(index=False):
        if level:
            first = not any(out[place][0] == say(f"column.{code.lower()}") for place in heads)
            if first:
                heads.append(len(out))
                out.append((say(f"column.{code.lower()}"), "", ""))
            word = say("pack.baseline.not_entered") if level == "MISSING" else label(lang, code.lower(), level)
            out.append((f"\u2003{word}", f"{n}/{total}", ""))
        else:
            name = say("column.age") if code == "AGE" else _with_unit(speaker, code, units)
            out.append((name, f"{n}/{total}", spread(median, low, high)))
    columns = [say("pack.column.characteristic"), say("ae.column.patients"), say("pack.column.median")]
    return pd.DataFrame(out, columns=columns), heads


def _with_unit(speaker: Voice, code: str, units: Mapping[str, str]) -> str:
    return f"{test_name(code, '', speaker.lang)} ({unit_name(units.get(code, ''), speaker.lang)})"


def exposure(speaker: Speaker) -> Chapter:
    """Return treatment planned against given, by component."""
    say, rows, lang = speaker.say, speaker.content.conduct.exposure, speaker.lang
    if rows.empty:
        return Chapter(say("pack.chapter.exposure"), (Text(say("pack.exposure.nothing"), "missing"),))

    def span(name: str) -> list[str]:
        columns = (rows[name], rows[f"{name}LOW"], rows[f"{name}HIGH"])
        return [spread(*values) for values in zip(*columns, strict=True)]

    planned = speaker.content.protocol is not None
    infused = (rows["EXTRT"] == Component.UCBMNC).to_numpy(bool)  # on single days: no pauses, but infusions missed

    def count(name: str, of: str = "TOTAL", where: np.ndarray | None = None) -> pd.Series:
        words = rows[name].astype("str") + "/" + rows[of].astype("str")
        return words if where is None else words.where(where, "–")

    columns: dict[str, object] = {
        say("pack.column.component"): [label(lang, "component", code) for code in rows["EXTRT"]],
        say("pack.exposure.given"): count("GIVEN"),
        say("pack.exposure.dose"): span("DOSE"),
        say("column.unit"): [dose_unit(unit, lang) for unit in rows["UNIT"]],
        say("pack.exposure.days"): span("DAYS"),
        say("pack.exposure.paused"): count("PAUSED", "GIVEN", ~infused),
        say("pack.exposure.stopped"): count("STOPPED", "GIVEN"),
    }
    if planned:
        columns |= {
            say("pack.exposure.percent"): span("PCT"),
            say("pack.exposure.dosedev"): count("DOSEDEV", "GIVEN"),
            say("pack.exposure.timedev"): count("TIMEDEV", "GIVEN", infused),
            say("pack.exposure.missed"): count("MISSED", where=infused),
        }
    notes = [say("pack.exposure.note")]
    notes.append(say("safety.cell_dose") if planned else say("safety.no_protocol", study=speaker.content.cut.study))
    source = speaker.source(say("ae.population.SAFETY", total=int(rows["TOTAL"].iloc[0])))
    return Chapter(
        say("pack.chapter.exposure"), (Table(say("pack.exposure.title"), pd.DataFrame(columns), source, tuple(notes)),)
    )
