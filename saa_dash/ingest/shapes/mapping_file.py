"""Mappings as a small TOML file that people can read, keep and hand on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from ...model.errors import UsageError
from .mapping import ColumnMap, TableMap

VERSION = 1
MAX_BYTES = 1024**2
_DETAILS = ("unit", "order", "decimal", "visit")


def write_mapping(tables: Iterable[TableMap]) -> str:
    """Return the TOML text of mappings; `read_mapping` gives the same mappings back."""
    return f"version = {VERSION}\n" + "".join(_table(table) for table in tables)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _pairs(entries: Mapping[str, str]) -> str:
    return ", ".join(f"{_quoted(key)} = {_quoted(value)}" for key, value in entries.items())


def _table(table: TableMap) -> str:
    lines = ["", "[[table]]", f"name = {_quoted(table.name)}", f"sheets = {_array(table.sheets)}"]
    lines += [f"headers = {_array(table.headers)}"]
    lines += [
        f"{name} = {{ {_pairs(getattr(table, name))} }}" for name in ("units", "constants") if getattr(table, name)
    ]
    lines += ["[table.columns]", *(_column(column) for column in table.columns)]
    return "\n".join(lines) + "\n"


def _column(column: ColumnMap) -> str:
    details = {name: getattr(column, name) for name in _DETAILS if getattr(column, name)}
    if not details and not column.values:
        return f"{_quoted(column.source)} = {_quoted(column.target)}"
    parts = [f"to = {_quoted(column.target)}", *(f"{name} = {_quoted(text)}" for name, text in details.items())]
    if column.values:
        parts.append(f"values = {{ {_pairs(column.values)} }}")
    return f"{_quoted(column.source)} = {{ {', '.join(parts)} }}"


def read_mapping(content: bytes | str, name: str) -> tuple[TableMap, ...]:
    """Return the mappings of a TOML file.

    Parameters
    ----------
    name : of the file, for the error.

    Raises
    ------
    UsageError : it is no mapping file, naming the place where that shows.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        raw = tomllib.loads(text) if len(text) <= MAX_BYTES else {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError("error.mapping_file", name=name, place=str(error)[:120]) from error
    if raw.get("version") != VERSION or not isinstance(raw.get("table"), list):
        raise UsageError("error.mapping_file", name=name, place="version = 1, [[table]]")
    return tuple(_read_table(entry, name) for entry in raw["table"])


def _read_table(entry: Any, name: str) -> TableMap:
    columns = entry.get("columns") if isinstance(entry, dict) else None
    if not isinstance(columns, dict):
        raise UsageError("error.mapping_file", name=name, place="[table.columns]")
    read = tuple(_read_column(source, spec, name) for source, spec in columns.items())
    return TableMap(
        name=str(entry.get("name", "")),
        headers=tuple(map(str, _list(entry, "headers", name))) or tuple(columns),
        sheets=tuple(map(str, _list(entry, "sheets", name))) or _sheets(read),
        columns=read,
        units=_texts(entry.get("units", {}), name, "units"),
        constants=_texts(entry.get("constants", {}), name, "constants"),
    )


def _sheets(columns: Iterable[ColumnMap]) -> tuple[str, ...]:
    """Return the sheets that the targets name, in their order."""
    return tuple(dict.fromkeys(column.sheet for column in columns if column.sheet))


def _list(entry: Mapping[str, Any], key: str, name: str) -> list[Any]:
    found = entry.get(key, [])
    if not isinstance(found, list):
        raise UsageError("error.mapping_file", name=name, place=key)
    return found


def _texts(entry: Any, name: str, place: str) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise UsageError("error.mapping_file", name=name, place=place)
    return {str(key): str(value) for key, value in entry.items()}


def _read_column(source: str, spec: Any, name: str) -> ColumnMap:
    if isinstance(spec, str):
        return ColumnMap(source, spec)
    if not isinstance(spec, dict) or not isinstance(spec.get("to", ""), str):
        raise UsageError("error.mapping_file", name=name, place=source)
    details = {key: str(spec[key]) for key in _DETAILS if key in spec}
    return ColumnMap(source, spec.get("to", ""), values=_texts(spec.get("values", {}), name, source), **details)
