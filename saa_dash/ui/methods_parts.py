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

_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "*_~$[]|>#"})


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
    """Return the table as it is to be read: cells are markdown, where a leading ">" would be a quotation."""
    return table.map(lambda text: text if "`" in text else text.translate(_MARKDOWN))


def _grid(grid: Grid) -> None:
    st.table(_escaped(_table(grid)), border="horizontal", hide_index=True)


def _facts(facts: Facts) -> None:
    names, values = [say(name) for name, _ in facts.rows], [cell_words(value) for _, value in facts.rows]
    table = pd.DataFrame({t("methods.column.name"): names, t("methods.column.value"): values})
    st.table(_escaped(table), border="horizontal", width="content", hide_index=True, hide_header=True)


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


def _told(block: Block) -> list[str]:
    """Return a block as lines of text."""
    if isinstance(block, Lines | Steps):
        return [say(line) for line in block.lines]
    if isinstance(block, Facts):
        return [f"{say(name)}: {cell_words(value)}" for name, value in block.rows]
    if isinstance(block, Formula):
        return [f"{say(block.says)} {block.latex}"]
    names = [say(name) for name in block.columns]
    return ["; ".join(f"{n}: {cell_words(c)}" for n, c in zip(names, row, strict=True)) for row in block.rows]


def offer_methods(sections: tuple[Section, ...]) -> None:
    """Offer everything the page says as one CSV."""
    rows = [
        (say(found.title), say(part.title), line.replace("**", "").replace("`", ""))
        for found in sections
        for part in found.parts
        for block in part.blocks
        for line in _told(block)
    ]
    names = [t(f"methods.column.{name}") for name in ("section", "part", "text")]
    offer_table(pd.DataFrame(rows, columns=names), "methods", state.provenance(), patients=False)
