"""Narratives in plain language: a text per serious adverse event and per death, from sentences of the catalogue.

What is missing is said as not recorded. Dates stand in brackets behind the study day where the rows hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ..analysis.ae_levels import Scale
from ..analysis.ae_listings import CRITERIA
from ..analysis.ae_summary import Recorded
from ..analysis.ae_time_onset import COMPONENTS
from ..analysis.components import AE_COMPONENTS
from ..analysis.narratives import COUNTS, DEATH_DAYS
from ..i18n import event_name, has_key, label, translate

Row = Mapping[Any, Any]


class Teller:
    """Tells rows of `services.narratives` in a language.

    Parameters
    ----------
    recorded : what the study recorded. protocol : whether it is the registered trial. plain : makes text of the data
        harmless where the narrative is shown; for files it stays as it is.
    """

    def __init__(
        self, lang: str, recorded: Recorded, *, protocol: bool, plain: Callable[[str], str] = lambda text: text
    ) -> None:
        self.lang, self.recorded, self.protocol, self.plain = lang, recorded, protocol, plain

    def tell(self, key: str, /, **params: object) -> str:
        """Return a sentence or a part of one."""
        return translate(self.lang, f"narratives.{key}", **params)

    @property
    def _glue(self) -> str:
        """What stands between two sentences: nothing in Chinese."""
        return " " if self.lang == "en" else ""

    def head(self, row: Row) -> str:
        """Return the heading of a narrative."""
        day = self._number(row["ASTDY"])
        if row["KIND"] == "DEATH":
            return self.tell("head.death", patient=row["PCODE"], day=day)
        return self.tell("head.event", patient=row["PCODE"], event=self._event(row), level=self._level(row), day=day)

    def text(self, row: Row) -> str:
        """Return a narrative."""
        parts = self._death(row) if row["KIND"] == "DEATH" else self._serious(row)
        return self._glue.join(part for part in (self._person(row), *parts) if part)

    def _serious(self, row: Row) -> list[str]:
        return [
            self._onset(row), self._why(row), self._timing(row), self._causality(row), self._action(row),
            self._outcome(row), self._blood(row), self._support(row),
        ]  # fmt: skip

    def _death(self, row: Row) -> list[str]:
        cause = self._typed(row["CAUSE"])
        events = self._typed(row["EVENTS"])
        return [
            self.tell("death", day=self._day(row, "AST")) + (self.tell("death_late") if row["LATE"] else ""),
            self._timing(row, "death_"),
            self.tell("cause", cause=cause) if cause else self.tell("cause_none"),
            self.tell("fatal", events=events) if events else self.tell("fatal_none"),
            self._blood(row),
            self._support(row),
        ]

    def _person(self, row: Row) -> str:
        age = row["AGELOW"]
        sex = row["SEX"] if row["SEX"] in ("M", "F") else "none"
        words = {
            "patient": row["PCODE"],
            "sex": self.tell(f"sex.{sex}"),
            "age": self.tell("age.none") if age != age else self.tell(f"age.from_{int(age)}"),
        }
        severity = row["SEVERITY"]
        if severity is None or severity != severity:
            return self.tell("person" if not self.protocol else "person_no_severity", **words)
        return self.tell("person_severity", severity=self._severity(severity), **words)

    def _severity(self, code: str) -> str:
        key = f"severity.{code}"
        return self.tell(key) if has_key(self.lang, f"narratives.{key}") else self.plain(str(code))

    def _event(self, row: Row) -> str:
        name = row["AEDECOD"] if row["AEDECOD"] == row["AEDECOD"] and row["AEDECOD"] else row["AETERM"]
        return self._typed(event_name(self.lang, name)) or self.tell("no_term")

    def _level(self, row: Row) -> str:
        return translate(self.lang, f"ae.level.{self.recorded.scale}.{int(row['LEVEL'])}")

    def _onset(self, row: Row) -> str:
        typed, scale = self._typed(row["AETERM"]), self.recorded.scale
        grade = self.tell("level_none") if scale is Scale.NONE or not row["LEVEL"] else self._level(row)
        event = self._event(row)
        named = self.tell("typed", typed=typed) if typed and typed != event else ""
        day = self._day(row, "AST")
        about = self.tell("imputed") if row["ASTDTF"] == row["ASTDTF"] and row["ASTDTF"] else ""
        key = "onset" if scale is not Scale.GRADE else "onset_grade"
        return self.tell(key, day=day, about=about, event=event, level=grade, typed=named)

    def _why(self, row: Row) -> str:
        ticked = [translate(self.lang, f"ae.criterion.{name}") for name in CRITERIA if row[name] == "Y"]
        return self.tell("serious", criteria=self._list(ticked)) if ticked else self.tell("serious_none")

    def _timing(self, row: Row, kind: str = "") -> str:
        """Return onset or death relative to each component, and what was never given."""
        told, never = [], []
        for name in ("ATG", "INF1", "INF2", "CSA", "HPG"):
            days, what = row[f"OFF{name}"], self.tell(f"component.{name}")
            if days != days:
                never.append(what)
            else:
                side = row.get(f"SIDE{name}") if not kind and name in COMPONENTS else None
                told.append(self._distance(float(days), side, name, what))
        if not told:
            days = row["OFFDOSE"]
            if days != days:
                return self.tell("timing_none")
            told, never = [self._distance(float(days), None, "DOSE", self.tell("component.DOSE"))], []
        out = self.tell(f"{kind}timing", parts=self._list(told))
        return out + self._glue + self.tell("never", parts=self._list(never)) if never and self.protocol else out

    def _distance(self, days: float, side: object, name: str, what: str) -> str:
        if side == "UNCLEAR":
            return self.tell("when.unclear", what=what)
        if not days:
            known = side if side in ("BEFORE", "AFTER", "SAME_DAY") else "SAME_DAY" if name in COMPONENTS else "DAY"
            return self.tell(f"when.same_{known}", what=what)
        return self.tell("when.after" if days > 0 else "when.before", n=abs(int(days)), what=what)

    def _causality(self, row: Row) -> str:
        if self.recorded.components:
            parts = [
                self.tell("of_component", what=self._component(name), word=self._term("causality", row[f"AEREL{name}"]))
                for name in self.recorded.components
            ]
            return self.tell("causality", parts=self.tell("semicolon").join(parts))
        return self.tell("causality_overall", word=self._term("causality", row["AEREL"]))

    def _action(self, row: Row) -> str:
        parts = [
            self.tell("of_component", what=self._component(name), word=self._term("action", row[f"AEACN{name}"]))
            for name in AE_COMPONENTS
            if row[f"AEACN{name}"] == row[f"AEACN{name}"] and row[f"AEACN{name}"]
        ]
        if parts:
            return self.tell("action", parts=self.tell("semicolon").join(parts))
        return self.tell("action_overall", word=self._term("action", row["AEACN"]))

    def _outcome(self, row: Row) -> str:
        word = self._term("outcome", row["AEOUT"])
        if row["AENDY"] == row["AENDY"]:
            return self.tell("outcome_end", word=word, day=self._day(row, "AEN"))
        return self.tell("outcome_ongoing" if row["ONGOFL"] == "Y" else "outcome", word=word)

    def _blood(self, row: Row) -> str:
        """Return the counts around the day."""
        before = self._list([self._count(row, test, "B") for test in COUNTS])
        if row["KIND"] == "DEATH":
            return self.tell("blood_death", before=before)
        return self.tell("blood", before=before, after=self._list([self._count(row, test, "A") for test in COUNTS]))

    def _count(self, row: Row, test: str, side: str) -> str:
        name, value = self.tell(f"count.{test}"), row[f"{test}{side}VAL"]
        if value != value:
            return self.tell("count_none", name=name)
        shown = f"{row[f'{test}{side}SGN']}{value:.4g}"
        unit = self.tell(f"unit.{test}")
        return self.tell("count_one", name=name, value=shown, unit=unit, day=self._day(row, f"{test}{side}", "_in"))

    def _support(self, row: Row) -> str:
        if row["CMFL"] != "Y":
            return self.tell("support_unrecorded")
        dead = row["KIND"] == "DEATH"
        words = {"rbc": int(row["RBC"]), "plt": int(row["PLT"])}
        out = self.tell("transfusions_death", days=DEATH_DAYS, **words) if dead else self.tell("transfusions", **words)
        if dead:
            return out
        treated = self._typed(row["NAME"])
        return out + self._glue + (self.tell("treated", names=treated) if treated else self.tell("treated_none"))

    def _day(self, row: Row, prefix: str, inside: str = "") -> str:
        """Return a study day, with its date where the row holds one; `inside` brackets, "_in"."""
        day: float = row[f"{prefix}DY"]
        held = row.get(f"{prefix}DT")
        if day != day:
            return self.tell("day_none")
        if held is None or held != held:
            return self.tell("day", day=int(day))
        return self.tell(f"day_date{inside}", day=int(day), date=f"{held:%Y-%m-%d}")

    def _number(self, day: float) -> str:
        return self.tell("day_none") if day != day else self.tell("day", day=int(day))

    def _typed(self, text: object) -> str:
        """Return text of the data, "" where it is missing."""
        return self.plain(" ".join(str(text).split())) if text is not None and text == text else ""

    def _term(self, vocabulary: str, code: object) -> str:
        word = self.plain(label(self.lang, vocabulary, code))
        return (word if word.isupper() else word[:1].lower() + word[1:]) or self.tell("not_recorded")

    def _component(self, suffix: str) -> str:
        return translate(self.lang, f"chart.lane.{AE_COMPONENTS[suffix]}")

    def _list(self, parts: list[str]) -> str:
        return self.tell("comma").join(parts)


def narrative_file(rows: pd.DataFrame, teller: Teller, title: str, about: list[str], *, marked: bool) -> str:
    """Return all narratives as one text.

    Parameters
    ----------
    about : lines on top: cut, cut-off, who is in it. marked : as Markdown, else plain.
    """
    head, sub = ("# ", "## ") if marked else ("", "")
    parts = [f"{head}{title}", *about]
    for row in rows.to_dict("records"):
        parts += [f"{sub}{teller.head(row)}", teller.text(row)]
    return "\n\n".join(parts) + "\n"
