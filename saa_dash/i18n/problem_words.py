"""A finding of the import in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.problem import Problem
from .catalogue import has_key, translate


@dataclass(frozen=True)
class ProblemWords:
    """What is wrong, what was expected, and what to do; the latter two may be empty."""

    message: str
    expected: str
    remedy: str


def problem_words(problem: Problem, lang: str) -> ProblemWords:
    """Return the sentences of a finding: catalogue keys ``problem.<code>``, ``.expected``, ``.remedy``."""
    known = {
        "file": problem.file,
        "sheet": problem.sheet,
        "row": "" if problem.row is None else str(problem.row),
        "column": problem.column,
        "value": problem.value,
        **problem.params,
    }

    def words(suffix: str) -> str:
        key = f"problem.{problem.code}{suffix}"
        return translate(lang, key, **known) if has_key(lang, key) else ""

    return ProblemWords(words("") or problem.code, words(".expected"), words(".remedy"))
