"""The audit trail on its page: whether it is whole, its rows, filters and download."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from ..access.policy import Permission
from ..i18n import has_key, translate
from ..model.principal import Principal
from ..services.audit import SHOWN_ROWS, AuditPage, audit_page, verify_audit
from ..services.location import data_dir
from ..store.audit import AuditFilter, AuditRow
from .download import offer
from .table_files import plain_csv
from .words import language, say, t

_ALL = ""
_ORDER = ("what", "user", "role", "cut", "id", "patients", "page", "file", "name")  # told first in a row's detail
_WIDTHS = (60, 150, 130, 120, 420, 200)  # px of the columns, in their order
# Values that are codes, and where their words stand.
_VALUES = {
    "what": "ui.audit.what.{}",
    "role": "ui.role.{}",
    "roles": "ui.role.{}",
    "page": "ui.page.{}.title",
    "domain": "changes.word.table.{}",
}


def verdict(principal: Principal) -> None:
    """Offer to verify the trail, and say what came out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        asked = st.button(
            t("ui.audit.verify"), icon=":material/verified_user:", help=t("ui.audit.verify_help"), key="audit_verify"
        )
        total = audit_page(principal, data_dir(), AuditFilter(), 1)
        st.markdown(f"**{t('ui.audit.total', n=total.total)}**", width="content")
        if total.rows:
            st.caption(t("ui.audit.latest", at=_time(total.rows[0])), width="content")
    if not asked:
        return
    check = verify_audit(principal, data_dir())
    if check.ok:
        st.success(t("ui.audit.whole", n=check.rows), icon=":material/verified:")
    else:
        findings = "\n".join(f"- {say(finding)}" for finding in check.findings)
        st.error(f"{t('ui.audit.broken')}\n\n{findings}", icon=":material/gpp_bad:")


def trail(principal: Principal) -> None:
    """Show the rows that match the filters, newest first, with their download."""
    page = audit_page(principal, data_dir(), AuditFilter(), 1)
    shown = audit_page(principal, data_dir(), _wanted(page))
    if not shown.rows:
        st.caption(t("ui.audit.none"))
        return
    cut_short = len(shown.rows) == SHOWN_ROWS
    st.caption(
        t("ui.audit.shown", n=SHOWN_ROWS, total=shown.total) if cut_short else t("ui.audit.rows", n=len(shown.rows))
    )
    table = audit_table(shown.rows)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        placeholder="",
        key="audit_rows",
        column_config={
            name: st.column_config.Column(width=width) for name, width in zip(table.columns, _WIDTHS, strict=True)
        },
    )
    csv = plain_csv(table)
    offer(t("ui.audit.download"), lambda: csv, "audit.csv", "audit_rows", mime="text/csv", needs=Permission.VIEW_AUDIT)


def _wanted(page: AuditPage) -> AuditFilter:
    columns = st.columns([1, 1, 1, 1, 2])
    actor = columns[0].selectbox(
        t("ui.audit.filter.actor"),
        [_ALL, *page.actors],
        key="audit_actor",
        format_func=_or_all(str),
        placeholder=t("ui.filter.all"),
    )
    action = columns[1].selectbox(
        t("ui.audit.filter.action"),
        [_ALL, *page.actions],
        key="audit_action",
        format_func=_or_all(action_words()),
        placeholder=t("ui.filter.all"),
    )
    since = _day(columns[2].text_input(t("ui.audit.filter.since"), key="audit_since", placeholder="2026-07-01"))
    until = _day(columns[3].text_input(t("ui.audit.filter.until"), key="audit_until", placeholder="2026-07-31"))
    words = columns[4].text_input(t("ui.audit.filter.words"), key="audit_words")
    return AuditFilter(actor or "", action or "", since, until, words.strip())


def _day(typed: str) -> str:
    """Return a date as the trail has it; what is no date is said, and does not restrict."""
    if not typed.strip():
        return ""
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        st.warning(t("ui.audit.filter.wrong_date"), icon=":material/event:")
        return ""


def _or_all(words: Callable[[str], str]) -> Callable[[str], str]:
    everything = t("ui.filter.all")
    return lambda value: everything if value == _ALL else words(value)


def action_words() -> Callable[[str], str]:
    """Return what gives an action in words, in the language of this run."""
    return partial(_worded, language(), "ui.audit.action.{}")


def _worded(lang: str, key: str, code: str) -> str:
    """Return a code in words; one that has none stands as it is."""
    key = key.format(code)
    return translate(lang, key) if has_key(lang, key) else code


def audit_table(rows: list[AuditRow]) -> pd.DataFrame:
    """Return rows as they are shown."""
    words = action_words()
    return pd.DataFrame(
        {
            t("ui.audit.column.seq"): [row.seq for row in rows],
            t("ui.audit.column.at"): [_time(row) for row in rows],
            t("ui.audit.column.actor"): [row.actor for row in rows],
            t("ui.audit.column.action"): [words(row.action) for row in rows],
            t("ui.audit.column.detail"): [_detail(row) for row in rows],
            t("ui.audit.column.reason"): [row.reason for row in rows],
        }
    )


def _time(row: AuditRow) -> str:
    return row.at.replace("T", " ").rstrip("Z")


def _detail(row: AuditRow) -> str:
    """Return what exactly, as ``name: value · name: value``."""
    held = row.details
    names = [*(name for name in _ORDER if name in held), *(name for name in held if name not in _ORDER)]
    return " · ".join(_part(name, held[name]) for name in names if held[name] not in ("", [], {}, None))


def _part(name: str, value: object) -> str:
    lang = language()
    if name == "what":
        return _worded(lang, _VALUES[name], str(value))
    colon = "：" if lang == "zh" else ": "
    return f"{_worded(lang, 'ui.audit.detail.{}', name)}{colon}{_value(lang, _VALUES.get(name, '{}'), value)}"


def _value(lang: str, key: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(lang, key, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(lang, key, part)}" for name, part in value.items())
    return _worded(lang, key, str(value))
