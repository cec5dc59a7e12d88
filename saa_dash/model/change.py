"""What changed between two cuts, as a code with parameters; `i18n.change_words` turns it into a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# What kind of news it is, worst first; see `analysis.clinical_changes`.
GROUPS = ("death", "sae", "outcome", "response", "grade", "event", "value", "gone", "come")
MARKS = ("NEW", "CHANGED", "GONE")  # how a figure or a listing marks it


@dataclass(frozen=True)
class Word:
    """A code of a list, shown as its term; one that the list does not know as it is."""

    vocabulary: str
    code: str


@dataclass(frozen=True)
class Variable:
    """A column of a table, shown under its label on the form.

    Parameters
    ----------
    domain : table. name : column. code : what tells which form it is on, or which question: CMCAT, IETESTCD, LBTESTCD.
    """

    domain: str
    name: str
    code: str = ""


@dataclass(frozen=True)
class Cell:
    """A value as typed, shown as the term of its code where it is one.

    Parameters
    ----------
    variable : its column. text : "" for an empty cell. unit : of the result, "" for none.
    """

    variable: str
    text: str
    unit: str = ""


@dataclass(frozen=True)
class StudyDay:
    """A study day; `exact` is False for the earliest one that a partial date may mean."""

    number: int
    exact: bool = True


@dataclass(frozen=True)
class Several:
    """Names one behind the other; `more` are left out."""

    names: tuple[Word, ...]
    more: int = 0


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Parameters
    ----------
    group : of `GROUPS`. who : USUBJID, of services P-code. code : the sentence is ``changes.said.<code>``.
    params : text, numbers and the classes above. day : study day it is about, None without one.
    rank : within the group, the lowest is said first. mark : of `MARKS`.
    """

    group: str
    who: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    day: int | None = None
    rank: float = 0
    mark: str = "CHANGED"
