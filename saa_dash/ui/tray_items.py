"""The items of a tray in order: what each shows, of which cut, the speaker's words, and what can be done with it."""

from __future__ import annotations

import hashlib
from functools import partial

import streamlit as st

from ..model.cut import CutInfo
from ..model.message import Message
from ..model.principal import Principal
from ..report.exhibit import FIGURE, Exhibit, from_json
from ..report.exhibit_changes import CellChange, changed_cells
from ..services import trays
from ..services.location import data_dir
from ..store.trays import Check, Found, Item, Tray
from . import meeting, places
from .exhibit_parts import draw_exhibit
from .tray_head import done
from .words import language, say, t

CHANGED, SAME, FAILED = "changed", "same", "failed"
_MOST = 8  # numbers that are named one by one


def newer(one: Exhibit, cuts: list[CutInfo]) -> CutInfo | None:
    """Return the newest cut of the same study where an exhibit is of an earlier one; simulated data are their own.

    Parameters
    ----------
    cuts : newest first.
    """
    source = one.provenance
    newest = next((cut for cut in cuts if (cut.study, cut.synthetic) == (source.study, source.synthetic)), None)
    return newest if newest is not None and newest.cut_id != source.cut_id else None


def outcome(item: Item, check: Check) -> str:
    """Return what a check brought for an item: CHANGED, SAME or FAILED; "" where it was added after it."""
    found = check.found.get(item.id)
    if found is None:
        return ""
    if not found.exhibit:
        return FAILED
    return SAME if found.same else CHANGED


def draw(principal: Principal, tray: Tray, cuts: list[CutInfo]) -> None:
    """Draw the items.

    Parameters
    ----------
    cuts : newest first.
    """
    for place, item in enumerate(tray.items):
        with st.container(border=True, key=f"item_{item.id}"):
            _item(principal, tray, place, cuts)


def _item(principal: Principal, tray: Tray, place: int, cuts: list[CutInfo]) -> None:
    item = tray.items[place]
    one = trays.exhibit_of_item(item)
    if tray.check is not None and outcome(item, tray.check) == CHANGED:
        _side_by_side(one, from_json(tray.check.found[item.id].exhibit), item.id)
        left, right = st.columns([5, 4], gap="medium")
        with left:
            _differences(one, tray.check.found[item.id])
    else:
        left, right = st.columns([5, 4], gap="medium")
        with left:
            draw_exhibit(one, f"shown_{item.id}", small=True)
    with right:
        st.markdown(f"**{place + 1} · {_plain(one.title)}**")
        if one.subtitle:
            st.caption(_plain(one.subtitle))
        _about(one, cuts)
        _caption(principal, tray, item)
        _deeds(principal, tray, place)
        if tray.check is not None:
            _result(item, tray.check)


def _about(one: Exhibit, cuts: list[CutInfo]) -> None:
    source = one.provenance
    page = t(f"ui.page.{one.page}.title")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if one.kind != FIGURE:
            st.badge(t("present.table_badge"), icon=":material/table:", color="gray")
        if newer(one, cuts):
            st.badge(t("present.older"), icon=":material/update:", color="orange")
        if not source.primary:
            st.badge(t("figure.sensitivity"), color="orange")
        if one.lang != language():
            st.badge(t("present.other_lang", lang=t(f"present.lang_{one.lang}")), color="gray")
    st.caption(
        t("present.made_of", page=page, date=source.cutoff, n=source.selected, total=source.total)
        + (f" · {_plain(source.filters)}" if source.filters else "")
    )


def _caption(principal: Principal, tray: Tray, item: Item) -> None:
    key = f"caption_{item.id}_{hashlib.blake2b(item.caption.encode(), digest_size=4).hexdigest()}"

    def changed() -> None:
        words = str(st.session_state.get(key) or "")
        done(lambda: trays.caption_item(principal, data_dir(), tray.name, item.id, words))

    st.text_input(
        t("present.caption"), item.caption, key=key, max_chars=trays.MAX_CAPTION, on_change=changed,
        placeholder=t("present.caption_hint"),
    )  # fmt: skip


def _deeds(principal: Principal, tray: Tray, place: int) -> None:
    item, last, data = tray.items[place], len(tray.items) - 1, data_dir()

    def move(by: int) -> None:
        done(lambda: trays.move_item(principal, data, tray.name, item.id, by))

    def remove() -> None:
        done(lambda: trays.remove_item(principal, data, tray.name, item.id))

    with st.container(horizontal=True, gap="xsmall"):
        for name, icon, off, deed in (
            ("up", "arrow_upward", place == 0, partial(move, -1)),
            ("down", "arrow_downward", place == last, partial(move, 1)),
            ("open_page", "open_in_new", not places.exists(item.page), partial(meeting.explore, item, None)),
            ("remove", "delete", False, remove),
        ):
            st.button(
                "", key=f"{name}_{item.id}", icon=f":material/{icon}:", help=t(f"present.{name}"), disabled=off,
                on_click=deed,
            )  # fmt: skip


def _result(item: Item, check: Check) -> None:
    what = outcome(item, check)
    if what == FAILED:
        found = check.found[item.id]
        st.warning(
            f"{t('present.check.failed')}: {say(Message(found.problem, found.params))}", icon=":material/warning:"
        )
    elif what:
        colour, icon = ("blue", "published_with_changes") if what == CHANGED else ("green", "check")
        st.badge(t(f"present.check.{what}"), icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]
        if what == CHANGED and check.cut_id and from_json(item.exhibit).patients:
            st.caption(t("present.check.codes"))
    else:
        st.badge(t("present.check.new_item"), color="gray")


def _side_by_side(one: Exhibit, made: Exhibit, key: str) -> None:
    """Draw an item as it is, and as the check has made it."""
    for column, name, side in zip(st.columns(2, gap="medium"), ("before", "after"), (one, made), strict=True):
        with column:
            st.caption(f"{t(f'present.check.{name}')} · {side.provenance.cutoff} · {_plain(side.title)}")
            draw_exhibit(side, f"{name}_{key}", small=True)


def _differences(one: Exhibit, found: Found) -> None:
    """Say which numbers have changed; of single patients only how many, as their codes are others."""
    made = from_json(found.exhibit)
    if one.lang != made.lang:
        return
    if one.patients:
        unknown = "present.check.rows_unknown" if found.rows is None else "present.check.drawing"
        st.markdown(t("present.check.rows", n=found.rows) if found.rows else t(unknown))
        return
    changes = changed_cells(one.table, made.table)
    if not changes:
        st.markdown(t("present.check.drawing"))
    st.markdown("\n".join(f"- {_change_words(change)}" for change in changes[:_MOST]))
    if len(changes) > _MOST:
        st.caption(t("present.check.more", n=len(changes) - _MOST))


def _change_words(change: CellChange) -> str:
    if not change.column:
        return t("present.check.row_come" if change.new else "present.check.row_gone", row=_plain(change.row))
    cells = {"old": _plain(change.old) or "–", "new": _plain(change.new) or "–"}
    return t("present.check.cell", row=_plain(change.row), column=_plain(change.column), **cells)


def _plain(words: str) -> str:
    """Return words as they stand, safe in Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#~$:" else sign for sign in words)
