"""A file of another shape on the Data page: what its columns are is proposed, corrected, previewed and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from ..ingest.form import load_form, sheet_title
from ..ingest.shapes.mapping import LEFT_OUT, TableMap
from ..model.errors import UserError
from ..model.principal import Principal
from ..services.location import data_dir
from ..services.mapping import (
    Preview,
    Shapes,
    fitting_mappings,
    forget_mapping,
    keep_mapping,
    mapping_text,
    preview_table,
    propose_again,
    read_shapes,
)
from .download import offer
from .errors import tell
from .mapper_table import ask_orders, ask_rest, ask_values, edit_columns, show_preview
from .mapper_words import escaped, is_unsure, sheets_word
from .words import language, t

_WORK = "_mapper"
_SURE, _LIKELY = 0.8, 0.6
_EVIDENCE = 8  # columns named as evidence
# The hint of upload fields names the kinds of data files; this one takes another kind.
_NO_HINT = '<style>.st-key-mapper_file [data-testid="stFileUploaderDropzoneInstructions"] { display: none }</style>'


@dataclass
class _Work:
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


def needs_mapping(principal: Principal, path: Path) -> bool:
    """Tell whether the user must say what the columns of an upload are; where that is remembered, it is said here."""
    work = _work(principal, path)
    if work.shapes is None:
        return False
    if not work.shapes.is_known or work.editing:
        st.info(t("ui.mapper.below"), icon=":material/arrow_downward:")
        return True
    _remembered(principal, work)
    return False


def column_mapper(principal: Principal) -> None:
    """Draw the mapper for the uploaded source, where it needs one."""
    work: _Work | None = st.session_state.get(_WORK)
    if work is None or work.shapes is None or (work.shapes.is_known and not work.editing):
        return
    if not work.path.exists():
        return
    with st.container(border=True):
        st.subheader(t("ui.mapper.title"))
        _standard(work.shapes)
        st.markdown(t("ui.mapper.help"))
        number = _which(principal, work)
        _table(principal, work, number)
        _finish(principal, work)


def _work(principal: Principal, path: Path) -> _Work:
    """Return the work on an upload; another upload begins anew."""
    work: _Work | None = st.session_state.get(_WORK)
    if work is None or work.path != path:
        shapes = read_shapes(principal, data_dir(), path)
        work = _Work(path, shapes)
        if shapes is not None:
            work.maps = [proposal.table_map for proposal in shapes.tables]
            for number in range(len(work.maps)):
                work.open_answers[number] = _unanswered(work, number)
        st.session_state[_WORK] = work
    return work


def _unanswered(work: _Work, number: int) -> int:
    """Return how many values of a table nobody can tell the meaning of yet."""
    from ..ingest.shapes.mapping import TEST
    from ..ingest.shapes.propose import open_questions

    shapes, mapping = work.shapes, work.maps[number]
    if shapes is None or not mapping.sheets:
        return 0
    table = shapes.tables[number].table
    asked = [(column, open_questions(table, column)) for column in mapping.columns if column.target != TEST]
    return sum(text not in column.values for column, found in asked for text in found)


def _remembered(principal: Principal, work: _Work) -> None:
    if work.shapes is None:
        return
    saved = max(work.shapes.saved.values())[:10]
    st.caption(t("ui.mapper.remembered", saved=saved))
    left, right = st.columns(2)
    if left.button(t("ui.mapper.change"), key="mapper_change", icon=":material/edit:"):
        work.editing = True
        st.rerun()
    if right.button(t("ui.mapper.forget"), key="mapper_forget", icon=":material/delete:"):
        forget_mapping(principal, data_dir(), list(work.shapes.saved))
        _start_over()
        st.rerun()


def _start_over() -> None:
    """Let the upload be read again from the beginning."""
    st.session_state.pop(_WORK, None)
    st.session_state.pop("_report", None)


def _standard(shapes: Shapes) -> None:
    standard = shapes.standard
    level = "sure" if standard.confidence >= _SURE else "likely" if standard.confidence >= _LIKELY else "guess"
    name = t(f"ui.mapper.standard_{standard.code}")
    if standard.code == "unknown":
        st.markdown(f"**{name}**")
    else:
        st.markdown(f"**{t('ui.mapper.standard', standard=name, sure=t(f'ui.mapper.{level}'))}**")
    if standard.evidence:
        names = " · ".join(escaped(column) for column in list(dict.fromkeys(standard.evidence))[:_EVIDENCE])
        st.caption(t("ui.mapper.evidence", columns=names))
    if standard.code == "adam":
        st.warning(t("ui.mapper.adam_help"), icon=":material/info:")


def _which(principal: Principal, work: _Work) -> int:
    """Return the table to show; several are listed with what is still open."""
    shapes = work.shapes
    assert shapes is not None
    if len(shapes.tables) == 1:
        return 0
    lang = language()
    overview = pd.DataFrame(
        {
            t("ui.mapper.overview_table"): [proposal.table.name for proposal in shapes.tables],
            t("ui.mapper.overview_rows"): [len(proposal.table.body) for proposal in shapes.tables],
            t("ui.mapper.overview_target"): [sheets_word(lang, mapping.sheets) for mapping in work.maps],
            t("ui.mapper.overview_left"): [
                sum(column.target == LEFT_OUT for column in mapping.columns) for mapping in work.maps
            ],
            t("ui.mapper.overview_open"): [_to_check(principal, work, n) for n in range(len(work.maps))],
        }
    )
    st.dataframe(overview, hide_index=True, width="stretch", placeholder="", key="mapper_overview")
    names = [proposal.table.name for proposal in shapes.tables]
    first = next((n for n in range(len(names)) if _to_check(principal, work, n)), 0)
    chosen = st.selectbox(
        t("ui.mapper.which"), range(len(names)), index=first, format_func=names.__getitem__, key="mapper_table"
    )
    return int(chosen or 0)


def _to_check(principal: Principal, work: _Work, number: int) -> int:
    """Return how many answers of a table are missing and how many proposals are guesses that still stand."""
    assert work.shapes is not None
    targets = {column.source: column.target for column in work.maps[number].columns}
    proposals = work.shapes.tables[number].columns
    guesses = sum(is_unsure(p) and targets.get(p.column.source) == p.column.target for p in proposals)
    missing = sum(p.severity == "error" for p in _preview(principal, work, number).problems)
    return missing + work.open_answers.get(number, 0) + guesses if work.maps[number].sheets else 0


def _table(principal: Principal, work: _Work, number: int) -> None:
    shapes = work.shapes
    assert shapes is not None
    proposal = shapes.tables[number]
    key, base = _widgets(work, number)
    table = proposal.table
    counts = {"n": len(table.body), "columns": len(table.headers)}
    st.markdown(f"**{t('ui.mapper.table', name=table.name, target=sheets_word(language(), base.sheets), **counts)}**")
    sheets = _sheets(base, key)
    if tuple(sheets) != base.sheets:
        _other_sheets(work, number, sheets)
        st.rerun()
    if not base.sheets:
        return
    mapping = edit_columns(proposal, base, key)
    mapping = ask_orders(proposal, mapping, base, key)
    mapping, still_open = ask_values(proposal, mapping, base, key)
    mapping = ask_rest(mapping, base, key)
    work.maps[number], work.open_answers[number] = mapping, still_open
    show_preview(mapping, _preview(principal, work, number), key)


def _widgets(work: _Work, number: int) -> tuple[str, TableMap]:
    """Return the key of the widgets of a table and the mapping they started from.

    Streamlit forgets widgets that were not drawn (another table, language or page): they start anew from the mapping
    as it stands by then.
    """
    shown = (number, language(), work.version)
    key = f"map_{number}_{work.starts}"
    if work.base is None or work.shown != shown or f"{key}_sheets" not in st.session_state:
        work.starts += 1
        work.shown, work.base = shown, work.maps[number]
        key = f"map_{number}_{work.starts}"
    return key, work.base


def _sheets(base: TableMap, key: str) -> Sequence[str]:
    lang = language()
    return st.multiselect(
        t("ui.mapper.sheets"),
        list(load_form().sheets),
        default=list(base.sheets),
        format_func=lambda code: sheet_title(lang, code),
        placeholder=t("ui.mapper.sheets_none"),
        help=t("ui.mapper.sheets_help"),
        key=f"{key}_sheets",
    )


def _other_sheets(work: _Work, number: int, sheets: Sequence[str]) -> None:
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
    work.open_answers[number] = _unanswered(work, number)


def _preview(principal: Principal, work: _Work, number: int) -> Preview:
    held = work.previews.get(number)
    if held is None or held[0] != work.maps[number]:
        shapes = work.shapes
        assert shapes is not None
        preview = preview_table(principal, shapes.tables[number].table, work.maps[number])
        held = work.previews[number] = (work.maps[number], preview)
    return held[1]


def _finish(principal: Principal, work: _Work) -> None:
    """Say what is still open; save, or take the mapping along as a file."""
    shapes = work.shapes
    assert shapes is not None
    blocked: dict[str, int] = {}
    for number, mapping in enumerate(work.maps):
        errors = sum(p.severity == "error" for p in _preview(principal, work, number).problems)
        points = errors + (work.open_answers.get(number, 0) if mapping.sheets else 0)
        if points:
            blocked[shapes.tables[number].table.name] = points
    if blocked:
        st.warning(t("ui.mapper.blocked", n=sum(blocked.values()), tables=" · ".join(blocked)), icon=":material/help:")
    if st.button(t("ui.mapper.save"), key="mapper_save", type="primary", disabled=bool(blocked)):
        try:
            keep_mapping(principal, data_dir(), work.maps)
        except UserError as error:
            tell(error)
        else:
            _start_over()
            st.rerun()
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        maps = list(work.maps)
        offer(t("ui.mapper.download"), lambda: mapping_text(maps).encode(), t("ui.mapper.file_name"), "mapping")
    with right:
        _load(work)


def _load(work: _Work) -> None:
    """Take a mapping file for the tables it fits."""
    st.html(_NO_HINT)
    upload = st.file_uploader(t("ui.mapper.load"), key="mapper_file", type=["toml"])
    if upload is None or upload.file_id == work.loaded or work.shapes is None:
        return
    work.loaded = upload.file_id
    try:
        found = fitting_mappings(work.shapes, upload.getvalue(), upload.name)
    except UserError as error:
        tell(error)
        return
    if not found:
        st.error(t("ui.mapper.loaded", name=upload.name), icon=":material/error:")
        return
    for number, mapping in found.items():
        work.maps[number] = _whole(mapping, work.maps[number])
        work.open_answers[number] = _unanswered(work, number)
    work.version += 1
    st.rerun()


def _whole(mapping: TableMap, before: TableMap) -> TableMap:
    """Return a mapping of a file with an entry for every column of the table; what it does not name is left out."""
    named = {column.source: column for column in mapping.columns}
    columns = tuple(named.get(c.source, replace(c, target=LEFT_OUT, values={}, unit="")) for c in before.columns)
    return replace(mapping, headers=before.headers, columns=columns)
