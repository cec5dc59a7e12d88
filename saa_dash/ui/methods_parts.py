"""Parts of the methods page: statements, facts, tables and formulas, each block as it reads best."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from ..model.message import Message
from ..model.rules import Bilingual
from ..services.methods_blocks import Block, Cell, Facts, Formula, Grid, Lines, PageRef, Section, Steps
from . import places, state
from .download import offer_table
from .words import language, say, t

_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "*_~$[]|"})


def cell_words(cell: Cell) -> str:
    """Return one value in the session's language."""
    if isinstance(cell, Message):
        return say(cell)
    if isinstance(cell, Bilingual):
        return cell[language()]
    if isinstance(cell, PageRef):
        return t(f"ui.page.{cell.name}.title") if places.exists(cell.name) else t("methods.page_to_come")
    if isinstance(cell, date):
        return cell.isoformat()
    return say(Message("methods.value.as_is", {"x": cell})) if isinstance(cell, int | float) else str(cell)


def _table(grid: Grid) -> pd.DataFrame:
    records = [[cell_words(cell) for cell in row] for row in grid.rows]
    return pd.DataFrame(records, columns=[say(name) for name in grid.columns])


def _escaped(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is to be read: cells are markdown, in which only `code` is meant."""
    return table.map(lambda text: text if "`" in text else text.translate(_MARKDOWN))


def _grid(grid: Grid) -> None:
    table = _table(grid)
    st.table(_escaped(table), border="horizontal", hide_index=True)
    offer_table(table.replace("`", "", regex=True), f"methods_{grid.code}", state.provenance())


def _facts(facts: Facts) -> None:
    table = pd.DataFrame(
        {"name": [say(name) for name, _ in facts.rows], "value": [cell_words(v) for _, v in facts.rows]}
    )
    st.table(_escaped(table), border="horizontal", hide_index=True, hide_header=True)


def _block(block: Block) -> None:
    if isinstance(block, Lines):
        st.markdown("\n".join(f"- {say(line)}" for line in block.lines))
    elif isinstance(block, Steps):
        st.markdown("\n".join(f"{number}. {say(line)}" for number, line in enumerate(block.lines, start=1)))
    elif isinstance(block, Facts):
        _facts(block)
    elif isinstance(block, Grid):
        _grid(block)
    elif isinstance(block, Formula):
        st.markdown(say(block.says))
        st.latex(block.latex)


def section(found: Section) -> None:
    """Draw one section: the first part open, the others a click away."""
    for number, part in enumerate(found.parts):
        with st.expander(say(part.title), expanded=number == 0):
            for block in part.blocks:
                _block(block)
