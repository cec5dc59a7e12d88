"""Errors a user may see: what, where and the remedy, as codes. One base class; anything else is a defect."""

from __future__ import annotations

from collections.abc import Sequence

from .message import Message
from .problem import Problem


class UserError(Exception):
    """Something the user can act on. The catalogue holds `<code>` and `<code>.remedy`.

    Parameters
    ----------
    code : catalogue key of the sentence, e.g. ``"error.cut_unknown"``.
    params : values for its placeholders.
    """

    exit_code = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.message = Message(code, params)
        self.remedy = Message(f"{code}.remedy", params)


class DataProblems(UserError):
    """The data hold errors; every one of them is listed (exit 1)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("error.data_problems", n=sum(p.severity == "error" for p in problems))
        self.problems = tuple(problems)


class UsageError(UserError):
    """The call itself is wrong (exit 2)."""

    exit_code = 2


class Refused(UserError):
    """Not permitted: a missing right, or data that must not enter (exit 3)."""

    exit_code = 3


class EnvironmentProblem(UserError):
    """The machine lacks something: disk space, a browser, a font (exit 4)."""

    exit_code = 4


class DeploymentProblems(EnvironmentProblem):
    """The installation is configured wrongly; every finding is listed, and the server does not start."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("error.deployment", n=len(problems))
        self.problems = tuple(problems)
