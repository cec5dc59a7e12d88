"""A file of another shape on the Data page: what its columns are is proposed, corrected, previewed and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from ..access.policy import Permission
from ..ingest.form import load_form, sheet_title
from ..ingest.shapes.mapping import LEFT_OUT, TableMap
from ..model.errors import UserError
from ..model.principal import Principal
from ..services.location import data_dir
from ..services.mapping import Shapes, fitting_mappings, forget_mapping, keep_mapping, mapping_text
from .download import offer
from .errors import tell
from .mapper_table import ask_orders, ask_rest, ask_values, edit_columns, show_preview
from .mapper_words import escaped, sheets_word
from .mapper_work import WORK, Work, other_sheets, preview_of, start_over, to_check, unanswered, whole, work_on
from .words import language, t

_SURE, _LIKELY = 0.8, 0.6
_EVIDENCE = 8  # columns named as evidence
# The hint of upload fields names the kinds of data files; this one takes another kind.
_NO_HINT = '<style>.st-key-mapper_file [data-testid="stFileUploaderDropzoneInstructions"] { display: none }</style>'


def needs_mapping(principal: Principal, path: Path) -> bool:
    """Tell whether the user must say what the columns of an upload are; where that is remembered, it is said here."""
    work = work_on(principal, path)
    if work.shapes is None:
        return False
    if not work.shapes.is_known or work.editing:
        st.info(t("ui.mapper.below"), icon=":material/arrow_downward:")
        return True
    _remembered(principal, work)
    return False


def column_mapper(principal: Principal) -> None:
    """Draw the mapper for the uploaded source, where it needs one."""
    work: Work | None = st.session_state.get(WORK)
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


def _remembered(principal: Principal, work: Work) -> None:
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
        start_over()
        st.rerun()


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


def _which(principal: Principal, work: Work) -> int:
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
            t("ui.mapper.overview_open"): [to_check(principal, work, n) for n in range(len(work.maps))],
        }
    )
    st.dataframe(overview, hide_index=True, width="stretch", placeholder="", key="mapper_overview")
    names = [proposal.table.name for proposal in shapes.tables]
    first = next((n for n in range(len(names)) if to_check(principal, work, n)), 0)
    chosen = st.selectbox(
        t("ui.mapper.which"), range(len(names)), index=first, format_func=names.__getitem__, key="mapper_table"
    )
    return int(chosen or 0)


def _table(principal: Principal, work: Work, number: int) -> None:
    shapes = work.shapes
    assert shapes is not None
    proposal = shapes.tables[number]
    key, base = _widgets(work, number)
    table = proposal.table
    counts = {"n": len(table.body), "columns": len(table.headers)}
    st.markdown(f"**{t('ui.mapper.table', name=table.name, target=sheets_word(language(), base.sheets), **counts)}**")
    sheets = _sheets(base, key)
    if tuple(sheets) != base.sheets:
        other_sheets(work, number, sheets)
        st.rerun()
    if not base.sheets:
        return
    mapping = edit_columns(proposal, base, key)
    mapping = ask_orders(proposal, mapping, base, key)
    mapping, still_open = ask_values(proposal, mapping, base, key)
    mapping = ask_rest(mapping, base, key)
    work.maps[number], work.open_answers[number] = mapping, still_open
    show_preview(mapping, preview_of(principal, work, number), key)


def _widgets(work: Work, number: int) -> tuple[str, TableMap]:
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


def _finish(principal: Principal, work: Work) -> None:
    """Say what is still open; save, or take the mapping along as a file."""
    shapes = work.shapes
    assert shapes is not None
    blocked: dict[str, int] = {}
    for number, mapping in enumerate(work.maps):
        errors = sum(p.severity == "error" for p in preview_of(principal, work, number).problems)
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
            start_over()
            st.rerun()
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        maps = list(work.maps)
        offer(
            t("ui.mapper.download"),
            lambda: mapping_text(maps).encode(),
            t("ui.mapper.file_name"),
            "mapping",
            needs=Permission.IMPORT,
        )
    with right:
        _load(work)


def _load(work: Work) -> None:
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
        work.maps[number] = whole(mapping, work.maps[number])
        work.open_answers[number] = unanswered(work, number)
    work.version += 1
    st.rerun()
