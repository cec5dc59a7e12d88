"""What the methods page is made of: sections of parts of blocks, in codes and values, without words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..model.message import Message
from ..model.rules import Bilingual


@dataclass(frozen=True)
class PageRef:
    """A page of the product by name, which may not exist yet."""

    name: str


Cell = Message | Bilingual | PageRef | date | str | int | float


@dataclass(frozen=True)
class Lines:
    """Statements, one per line."""

    lines: tuple[Message, ...]


@dataclass(frozen=True)
class Steps:
    """Statements in their order, numbered from 1."""

    lines: tuple[Message, ...]


@dataclass(frozen=True)
class Facts:
    """Names and what holds for each."""

    rows: tuple[tuple[Message, Cell], ...]


@dataclass(frozen=True)
class Grid:
    """A table; every row has as many cells as there are columns."""

    code: str
    columns: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Formula:
    """A formula.

    Parameters
    ----------
    latex : the formula. says : what it is and what its letters mean.
    """

    says: Message
    latex: str


Block = Lines | Steps | Facts | Grid | Formula


@dataclass(frozen=True)
class Part:
    """A titled part of a section."""

    code: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> Message:
        """What it is called."""
        return Message(f"methods.part.{self.code}")


@dataclass(frozen=True)
class Section:
    """One tab of the page."""

    code: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> Message:
        """What it is called."""
        return Message(f"methods.section.{self.code}")


def say(key: str, /, **params: object) -> Message:
    """Return the message of a catalogue key."""
    return Message(key, params)


def columns(*names: str) -> tuple[Message, ...]:
    """Return column headings ``methods.column.<name>``."""
    return tuple(Message(f"methods.column.{name}") for name in names)


def lines(prefix: str, *names: str, **params: object) -> Lines:
    """Return statements ``methods.<prefix>.<name>`` that share their parameters."""
    return Lines(tuple(Message(f"methods.{prefix}.{name}", params) for name in names))


def facts(values: Mapping[str, Cell]) -> Facts:
    """Return facts named ``methods.fact.<key>``."""
    return Facts(tuple((Message(f"methods.fact.{name}"), value) for name, value in values.items()))


def test_name(test: str) -> Message:
    """Return the name of a laboratory test."""
    return Message(f"term.lab_test.{test}")


NOT_SPECIFIED = Message("methods.not_specified")
NONE = Message("methods.none")
