"""The mapping of an uploaded source while it is edited, kept in the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from ..ingest.shapes.mapping import LEFT_OUT, TEST, TableMap
from ..ingest.shapes.propose import open_questions
from ..model.principal import Principal
from ..services.location import data_dir
from ..services.mapping import Preview, Shapes, preview_table, propose_again, read_shapes
from .mapper_words import is_unsure

WORK = "_mapper"


@dataclass
class Work:
    """The mapping of one uploaded source while it is edited.

    Parameters
    ----------
    path : what was uploaded. shapes : its tables, None where it needs no mapping.
    maps : the mappings as they stand. base : the one that the widgets on screen started from.
    shown : table, language and version on screen. version : counts what makes the widgets start anew. starts : counts
        how often they did. editing : a remembered mapping is being changed. open_answers : questions without an answer
        by table.
    """

    path: Path
    shapes: Shapes | None
    maps: list[TableMap] = field(default_factory=list)
    base: TableMap | None = None
    shown: tuple[int, str, int] = (-1, "", 0)
    version: int = 0
    starts: int = 0
    editing: bool = False
    open_answers: dict[int, int] = field(default_factory=dict)
    previews: dict[int, tuple[TableMap, Preview]] = field(default_factory=dict)
    loaded: str = ""


def work_on(principal: Principal, path: Path) -> Work:
    """Return the work on an upload; another upload begins anew."""
    work: Work | None = st.session_state.get(WORK)
    if work is None or work.path != path:
        shapes = read_shapes(principal, data_dir(), path)
        work = Work(path, shapes)
        if shapes is not None:
            work.maps = [proposal.table_map for proposal in shapes.tables]
            for number in range(len(work.maps)):
                work.open_answers[number] = unanswered(work, number)
        st.session_state[WORK] = work
    return work


def unanswered(work: Work, number: int) -> int:
    """Return how many values of a table nobody can tell the meaning of yet."""
    shapes, mapping = work.shapes, work.maps[number]
    if shapes is None or not mapping.sheets:
        return 0
    table = shapes.tables[number].table
    asked = [(column, open_questions(table, column)) for column in mapping.columns if column.target != TEST]
    return sum(text not in column.values for column, found in asked for text in found)


def start_over() -> None:
    """Let the upload be read again from the beginning."""
    st.session_state.pop(WORK, None)
    st.session_state.pop("_report", None)


def to_check(principal: Principal, work: Work, number: int) -> int:
    """Return how many answers of a table are missing and how many proposals are guesses that still stand."""
    assert work.shapes is not None
    targets = {column.source: column.target for column in work.maps[number].columns}
    proposals = work.shapes.tables[number].columns
    guesses = sum(is_unsure(p) and targets.get(p.column.source) == p.column.target for p in proposals)
    missing = sum(p.severity == "error" for p in preview_of(principal, work, number).problems)
    return missing + work.open_answers.get(number, 0) + guesses if work.maps[number].sheets else 0


def other_sheets(work: Work, number: int, sheets: Sequence[str]) -> None:
    """Propose anew for other sheets; what the user had chosen stays where it still fits."""
    shapes = work.shapes
    assert shapes is not None
    proposal, before = shapes.tables[number], work.maps[number]
    fresh = propose_again(proposal, sheets).table_map
    chosen = {
        column.source: column
        for column, first in zip(before.columns, proposal.table_map.columns, strict=True)
        if column.target != first.target and (not column.sheet or column.sheet in sheets)
    }
    work.maps[number] = replace(fresh, columns=tuple(chosen.get(c.source, c) for c in fresh.columns))
    work.version += 1
    work.open_answers[number] = unanswered(work, number)


def preview_of(principal: Principal, work: Work, number: int) -> Preview:
    held = work.previews.get(number)
    if held is None or held[0] != work.maps[number]:
        shapes = work.shapes
        assert shapes is not None
        preview = preview_table(principal, shapes.tables[number].table, work.maps[number])
        held = work.previews[number] = (work.maps[number], preview)
    return held[1]


def whole(mapping: TableMap, before: TableMap) -> TableMap:
    """Return a mapping of a file with an entry for every column of the table; what it does not name is left out."""
    named = {column.source: column for column in mapping.columns}
    columns = tuple(named.get(c.source, replace(c, target=LEFT_OUT, values={}, unit="")) for c in before.columns)
    return replace(mapping, headers=before.headers, columns=columns)
