"""Bringing data in: a file is checked first, shown with all its problems or its counts, and then published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import streamlit as st

from ..model.errors import DataProblems, UserError
from ..model.message import Message
from ..model.principal import Principal
from ..services.imports import IdentifiersFound, ImportReport, Published, check_source, import_source
from ..services.location import data_dir
from ..services.staging import discard_upload, stage_uploads
from . import places, session
from .data_mapper import needs_mapping
from .data_report import show_report
from .errors import tell
from .own_words import MAX_MB
from .typed_date import read_typed_date
from .words import say, t

_STAGED, _REPORT, _DONE = "_staged", "_report", "_published"


def import_panel(principal: Principal) -> None:
    """Draw upload, cut-off and label; then problems, or counts and the publish button."""
    with st.container(border=True):
        st.subheader(t("ui.data.import"))
        st.markdown(t("ui.data.import_help"))
        path = _upload(principal)
        left, right = st.columns(2)
        with left:
            cutoff = _cutoff()
        label = right.text_input(
            t("ui.data.label"), key="import_label", placeholder=t("ui.data.label_placeholder"), persist_state="session"
        )
        if path is not None:
            _checked(principal, path, cutoff, label)
        _outcome()


def _upload(principal: Principal) -> Path | None:
    """Return the staged file or folder of the upload; a new upload replaces the old one."""
    uploads = st.file_uploader(
        t("ui.data.upload"),
        key="upload",
        max_upload_size=MAX_MB,
        accept_multiple_files=True,
        help=t("ui.sdtm.upload_help"),
    )
    held = st.session_state.get(_STAGED)
    if not uploads:
        if held:
            discard_upload(data_dir(), held[1])
            st.session_state.pop(_STAGED)
        return None
    ids = tuple(upload.file_id for upload in uploads)
    if held and held[0] == ids:
        return Path(held[1])
    st.session_state.pop(_DONE, None)
    if held:
        discard_upload(data_dir(), Path(st.session_state.pop(_STAGED)[1]))
    try:
        path = stage_uploads(principal, data_dir(), [(upload.name, upload.getvalue()) for upload in uploads])
    except UserError as error:
        tell(error)
        return None
    st.session_state[_STAGED] = (ids, path)
    return path


def staged_workbook() -> Path | None:
    """Return the uploaded workbook that waits to be published, None where there is none."""
    held = st.session_state.get(_STAGED)
    path = Path(held[1]) if held else None
    return path if path is not None and path.suffix.lower() == ".xlsx" and path.is_file() else None


def replace_staged(path: Path) -> None:
    """Let another file stand for the uploaded one; it is checked in the next run."""
    upload, old = st.session_state[_STAGED]
    st.session_state[_STAGED] = (upload, path)
    discard_upload(data_dir(), Path(old))


def _cutoff() -> date | None:
    """Return the cut-off date typed, None while it is missing or wrong (which is said)."""
    typed = st.text_input(
        t("ui.data.cutoff"),
        key="import_cutoff",
        placeholder="2026-07-31",
        help=t("ui.data.cutoff_help"),
        persist_state="session",
    )
    cutoff = read_typed_date(typed)
    if cutoff is not None and cutoff > date.today():
        st.warning(t("ui.data.cutoff_future", today=date.today()), icon=":material/event:")
        return None
    return cutoff


def _progress(words: str) -> tuple[Callable[[Message, float], None], Callable[[], object]]:
    """Return a progress callback that draws a bar, and the call that removes it."""
    bar = st.progress(0.0, text=words)

    def advance(message: Message, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=say(message))

    return advance, bar.empty


def _checked(principal: Principal, path: Path, cutoff: date | None, label: str) -> None:
    """Check the file once, whatever the cut-off, show what was found, and offer to publish."""
    held = st.session_state.get(_REPORT)
    if not held or held[0] != path:
        advance, finish = _progress(t("ui.data.checking"))
        report = check_source(principal, data_dir(), path, progress=advance)
        finish()
        st.session_state[_REPORT] = (path, report)
    report = st.session_state[_REPORT][1]
    if not report.has_identifiers and needs_mapping(principal, path):
        return
    show_report(principal, path, report)
    if report.has_identifiers:
        discard_upload(data_dir(), path)
    elif not report.has_errors:
        _publish(principal, path, cutoff, label, report)


def _publish(principal: Principal, path: Path, cutoff: date | None, label: str, report: ImportReport) -> None:
    if cutoff is None:
        st.info(t("ui.data.cutoff_needed"), icon=":material/event:")
    if not st.button(t("ui.data.publish"), type="primary", disabled=cutoff is None, key="publish"):
        return
    advance, finish = _progress(t("ui.data.publishing"))
    try:
        done = import_source(principal, data_dir(), path, cutoff, label, progress=advance)
    except (DataProblems, IdentifiersFound) as error:
        tell(error)
        return
    finally:
        finish()
    st.session_state[_DONE] = done
    st.session_state[session.NEW_CUT] = done.cut.cut_id
    st.rerun()


def _outcome() -> None:
    """Say what the last publication made, with the way to the charts."""
    done: Published | None = st.session_state.get(_DONE)
    if done is None:
        return
    cut = done.cut
    if done.published:
        words = t("ui.data.published", cut=cut.cut_id, subjects=cut.subjects, rows=cut.rows)
        st.success(words, icon=":material/check_circle:")
    else:
        st.info(t("ui.data.unchanged", cut=cut.cut_id), icon=":material/info:")
    places.link("overview", t("ui.data.go_overview"), ":material/arrow_forward:")
