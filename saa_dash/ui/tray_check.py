"""A tray against another data cut: every item made again, kept aside, compared, and then taken over or left."""

from __future__ import annotations

import streamlit as st

from ..model.cut import CutInfo
from ..model.errors import UserError
from ..model.principal import Principal
from ..report.exhibit import Exhibit, from_json
from ..services import trays
from ..services.location import data_dir
from ..services.trays import Place
from ..store.trays import Check, Item, Tray
from . import capture
from .tray_head import done
from .tray_items import CHANGED, FAILED, SAME, newer, outcome
from .words import language, t

_AT = "_tray_check_at"  # the item that is being made again; it stays where the run was broken off


def draw(principal: Principal, tray: Tray, cuts: list[CutInfo], shown: CutInfo | None) -> None:
    """Say how the items stand to the cuts, and offer to make them again.

    Parameters
    ----------
    cuts : newest first. shown : the cut chosen in the bar; the items are made again of that one, or of the newest
        where they are of the chosen one already.
    """
    broken = st.session_state.pop(_AT, None)
    if broken is not None:
        st.warning(t("present.check.stopped", n=broken), icon=":material/warning:")
    if tray.check is not None:
        _result(principal, tray, tray.check, cuts)
        return
    exhibits = trays.exhibits(tray)
    if len({one.provenance.cut_id for one in exhibits if one.patients}) > 1:
        st.warning(t("present.check.codes_mixed"), icon=":material/group:")
    later = [cut for cut in (newer(one, cuts) for one in exhibits) if cut is not None]
    words = t("present.check.up_to_date")
    if later:
        words = t("present.check.some_older", n=len(later), date=later[0].cutoff)
    target = shown if shown and any(one.provenance.cut_id != shown.cut_id for one in exhibits) else None
    target = target or next(iter(later), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(words, width="content")
        wanted: tuple[str, str] | None = None
        if target is not None and st.button(
            t("present.check.run", date=target.cutoff), key="check_run", icon=":material/sync:",
            help=t("present.check.run_help"),
        ):  # fmt: skip
            wanted = (target.cut_id, "")
        if any(one.lang != language() for one in exhibits) and st.button(
            t("present.check.words", lang=t(f"present.lang_{language()}")), key="check_words",
            icon=":material/translate:", help=t("present.check.words_help"),
        ):  # fmt: skip
            wanted = ("", language())
    slot = st.container()  # there in every run, so that the items below stay where they are
    if wanted is not None:
        with slot:
            _run(principal, tray, *wanted)


def _run(principal: Principal, tray: Tray, cut_id: str, lang: str) -> None:
    """Make every item again; where the run is broken off, the next one says so and nothing has changed."""
    found: dict[str, Exhibit | UserError] = {}
    under_old_codes: dict[str, Exhibit] = {}
    total = len(tray.items)
    bar = st.progress(0.0)
    for number, item in enumerate(tray.items, start=1):
        st.session_state[_AT] = number
        page = t(f"ui.page.{item.page}.title")
        bar.progress((number - 1) / total, t("present.check.working", n=number, total=total, page=page))
        found[item.id] = made = _again(item, cut_id, lang)
        like = _under_old_codes(item, cut_id, made) if cut_id and not isinstance(made, UserError) else None
        if like is not None:
            under_old_codes[item.id] = like
    trays.keep_check(principal, data_dir(), tray.name, cut_id, lang, found, under_old_codes)
    st.session_state.pop(_AT, None)
    st.rerun()


def _again(item: Item, cut_id: str, lang: str, codes_of: str = "") -> Exhibit | UserError:
    place = Place(item.page, item.kind, item.key, item.address, item.controls)
    try:
        return capture.capture(place, lang=lang or trays.exhibit_of_item(item).lang, cut=cut_id, codes_of=codes_of)
    except UserError as error:
        return error


def _under_old_codes(item: Item, cut_id: str, made: Exhibit) -> Exhibit | None:
    """Return what tells of single patients with the codes that the item has; None where that makes no difference."""
    was = from_json(item.exhibit)
    if not was.patients or made.digest == was.digest:
        return None
    like = _again(item, cut_id, was.lang, was.provenance.cut_id)
    return None if isinstance(like, UserError) else like


def _result(principal: Principal, tray: Tray, check: Check, cuts: list[CutInfo]) -> None:
    counts = [outcome(item, check) for item in tray.items]
    known, data = {cut.cut_id: cut for cut in cuts}, data_dir()

    def take() -> None:
        done(lambda: trays.take_over(principal, data, tray.name))

    def drop() -> None:
        done(lambda: trays.drop_check(principal, data, tray.name))

    of = t("present.check.of_own")
    if check.cut_id:
        of = t("present.check.of_cut", date=known[check.cut_id].cutoff) if check.cut_id in known else check.cut_id
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="check_result"):
        st.markdown(
            t("present.check.result", cut=of, changed=counts.count(CHANGED), same=counts.count(SAME),
              failed=counts.count(FAILED)),
            width="content",
        )  # fmt: skip
        st.button(
            t("present.check.take"), key="check_take", icon=":material/check:",
            on_click=take,
        )  # fmt: skip
        st.button(
            t("present.check.drop"), key="check_drop", icon=":material/close:",
            on_click=drop,
        )  # fmt: skip
