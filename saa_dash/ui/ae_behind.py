"""What a click in a figure of adverse events opens: the rows behind the mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_summary import Recorded
from ..analysis.ae_terms import Unit
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..services.adverse_events import Target, event_rows
from ..services.context import View
from . import chart
from .ae_tables import count_words, rows_table
from .ae_words import event_table
from .words import t


@dataclass(frozen=True)
class Asked:
    """Who asks about which events.

    Parameters
    ----------
    wanted : the conditions. unit : what the marks count. provenance : what stands under the rows.
    """

    principal: Principal
    view: View
    recorded: Recorded
    wanted: EventFilter
    unit: Unit
    provenance: Provenance

    @property
    def single(self) -> bool:
        """Whether who asks may see single patients."""
        return self.view.sight.patients


def new_point(picked: chart.Selection, key: str) -> tuple[object, ...] | None:
    """Return the mark just clicked; a click that is still held opens nothing anew."""
    seen, points = f"_seen_{key}", picked.points[:1]
    fresh = bool(points) and points != st.session_state.get(seen)
    st.session_state[seen] = points
    return points[0] if fresh else None


def _close(key: str) -> None:
    st.session_state.pop(key, None)


def rows_behind(asked: Asked, target: Target, what: str, key: str, rule: Sequence[str] = ()) -> None:
    """Draw the rows behind a mark, with the way to close them.

    Parameters
    ----------
    what : name of the row that was clicked. key : of the session state that holds the mark.
    rule : why its events are counted there, one sentence each.
    """
    rows = event_rows(asked.principal, asked.view, asked.wanted, target, asked.unit)
    level = t(f"ae.level.{asked.recorded.scale}.{target.level}") if target.level >= 0 else ""
    with st.container(border=True, key=f"{key.strip('_')}_behind"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            head = " · ".join(part for part in (_plain(what), target.pcode, level, count_words(rows)) if part)
            st.markdown(f"**{head}**", width="content")
            st.button(t("ae.close"), key=f"{key}_close", on_click=_close, args=(key,), icon=":material/close:")
        if rule:
            st.markdown("\n".join(f"- {sentence}" for sentence in rule))
        if len(rows):
            st.caption(t("ae.row_opens"))
            rows_table(rows, event_table(rows, asked.recorded), f"{key}_rows", asked.provenance)


def _plain(text: str) -> str:
    """Return data text without markdown of its own."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in text)
