"""REDCap's flat export: one wide table of all instruments and events, taken apart into one table per instrument.

Known by its own columns, with variable names (``redcap_event_name``, ``<instrument>_complete``) or labels ("Event
Name", "Complete?"). The columns of an instrument stand together and end with its "complete" column. A row of a
repeating instrument names it; in such a row the columns of all others are empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ..text import fold
from .source_table import SourceTable

_EVENT = {fold(word) for word in ("redcap_event_name", "Event Name", "事件名称")}
_INSTRUMENT = {fold(word) for word in ("redcap_repeat_instrument", "Repeat Instrument", "重复表单")}
_INSTANCE = {fold(word) for word in ("redcap_repeat_instance", "Repeat Instance", "重复实例")}
_OWN = {fold(word) for word in ("redcap_data_access_group", "Data Access Group", "redcap_survey_identifier")}
_OWN |= {fold("Survey Identifier")}
_COMPLETE = re.compile(r"(?P<form>.+)_complete|complete\?(?: \(\d+\))?|完成\?(?: \(\d+\))?", re.IGNORECASE)
_TIMESTAMP = re.compile(r".+_timestamp|survey timestamp(?: \(\d+\))?", re.IGNORECASE)
_CHECKBOX = re.compile(r"(?P<field>.+?)___(?P<choice>\w+)|(?P<label>.+?)\s*\(choice=(?P<word>.+)\)")
_TICKED = {"1", "checked", "yes", "是", "已选"}


def evidence(headers: tuple[str, ...]) -> list[str]:
    """Return the headers that only REDCap writes."""
    own = _EVENT | _INSTRUMENT | _INSTANCE | _OWN
    return [name for name in headers if fold(name) in own or _COMPLETE.fullmatch(name)]


def split_instruments(table: SourceTable) -> list[SourceTable]:
    """Return one table per instrument: record, event and the instrument's own columns, without its empty rows."""
    record = table.headers[0]
    event = _one(table, _EVENT)
    repeat = _one(table, _INSTRUMENT)
    groups = _groups(table, {record, event, repeat, _one(table, _INSTANCE)})
    aside = _set_aside(table, [name for columns in groups.values() for name in columns] + [record, event or record])
    parts = []
    for name, columns in groups.items():
        keys = [record, *([event] if event else [])]
        rows = table.body[columns].notna().any(axis=1)
        if not rows.any():
            continue
        body = _with_checkboxes(table.body.loc[rows, keys + columns])
        part = (_name_from_rows(table.body.loc[rows], repeat) or name) if name.isdecimal() else name
        own = tuple(evidence(table.headers))
        parts.append(replace(table, part=part, headers=tuple(body.columns), body=body, evidence=own))
    if parts:
        parts[0] = replace(parts[0], set_aside=aside)
    return parts


def checkbox_of(header: str) -> str:
    """Return the field that a checkbox column is one choice of, "" for any other column."""
    match = _CHECKBOX.fullmatch(header)
    return (match["field"] or match["label"]) if match else ""


def _one(table: SourceTable, words: set[str]) -> str | None:
    return next((name for name in table.headers if fold(name) in words), None)


def _groups(table: SourceTable, keys: set[str | None]) -> dict[str, list[str]]:
    """Return the data columns by instrument, numbered where the export does not name it."""
    groups: dict[str, list[str]] = {}
    current: list[str] = []
    for name in table.headers:
        match = _COMPLETE.fullmatch(name)
        if match:
            groups[match.group("form") or str(len(groups) + 1)] = current
            current = []
        elif name not in keys and fold(name) not in _OWN and not _TIMESTAMP.fullmatch(name):
            current.append(name)
    if current:
        groups[str(len(groups) + 1)] = current
    return {name: columns for name, columns in groups.items() if columns}


def _name_from_rows(rows: pd.DataFrame, repeat: str | None) -> str:
    words = list(rows[repeat].dropna().unique()) if repeat else []
    return str(words[0]) if len(words) == 1 else ""


def _set_aside(table: SourceTable, used: list[str]) -> Mapping[str, int]:
    """Return the number of values in columns that only tell of the export itself."""
    counts = {name: int(table.body[name].notna().sum()) for name in table.headers if name not in used}
    return {name: count for name, count in counts.items() if count}


def _with_checkboxes(body: pd.DataFrame) -> pd.DataFrame:
    """Return the table with one more column per checkbox field: the choices that are ticked, joined by "; "."""
    fields: dict[str, list[str]] = {}
    for name in body:
        field = checkbox_of(str(name))
        if field:
            fields.setdefault(field, []).append(str(name))
    joined = {field: _joined(body, columns) for field, columns in fields.items() if field not in body}
    return body.assign(**joined) if joined else body


def _joined(body: pd.DataFrame, columns: list[str]) -> pd.Series:
    texts = pd.Series("", index=body.index, dtype="str")
    for name in columns:
        match = _CHECKBOX.fullmatch(name)
        choice = (match["choice"] or match["word"]) if match else name
        ticked = body[name].str.casefold().isin(_TICKED).fillna(False)
        texts = texts + pd.Series("; " + choice, index=body.index).where(ticked, "")
    texts = texts.str.removeprefix("; ")
    return texts.mask(texts == "")
