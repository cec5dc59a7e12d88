"""A finding in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..i18n.catalogue import translate
from ..model.problem import Problem


@dataclass(frozen=True)
class ProblemText:
    """What was found, what is expected, how to mend it; in one language."""

    what: str
    expected: str
    remedy: str


def render_problem(problem: Problem, lang: str) -> ProblemText:
    """Return the sentences of a problem in `lang`."""
    key = f"problem.{problem.code}"
    texts = (translate(lang, name, **dict(problem.params)) for name in (key, f"{key}.expected", f"{key}.remedy"))
    return ProblemText(*texts)
