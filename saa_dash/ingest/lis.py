"""A paste from a hospital's laboratory system, turned into rows of the LAB sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from .lis_names import (
    DATE,
    NAME,
    RANGE,
    RESULT,
    UNIT,
    NormalRange,
    TestNames,
    header_kind,
    is_flag,
    is_private,
    is_result,
    is_unit,
    read_day,
    read_range,
)
from .numbers import read_number
from .units import canonical_unit, lab_units

MAX_PASTE_CHARACTERS = 2_000_000
_WIDE_FROM = 2  # tests named in one line make it the header of a wide table
_SPACES = re.compile(r"\s{2,}|\s")
_ORDINAL = re.compile(r"\d{1,3}[.、]?")


@dataclass(frozen=True)
class LisResult:
    """One result as printed."""

    code: str
    value: str
    unit: str | None = None
    limits: NormalRange = dataclass_field(default_factory=NormalRange)
    date: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class LisPaste:
    """What a paste holds.

    Parameters
    ----------
    results : in the order of the paste.
    unknown : names that no test is known by, or whose unit does not belong to the test; the caller asks the user
        and gives the answers as `mapping` the next time.
    """

    results: tuple[LisResult, ...]
    unknown: tuple[str, ...]


def parse_lis(text: str, mapping: Mapping[str, str] | None = None) -> LisPaste:
    """Read a paste: one test per line (name, result, unit, range, perhaps date), or one column per test.

    Parameters
    ----------
    text : columns separated by tabs or spaces; flags such as ↑ are dropped; lines that name a person are ignored.
    mapping : further names → test code.
    """
    names = TestNames(mapping or {})
    lines = [_fields(line) for line in text[:MAX_PASTE_CHARACTERS].splitlines() if line.strip()]
    wide = next((n for n, fields in enumerate(lines) if _is_wide_header(fields, names)), None)
    found = _wide(lines[wide:], names) if wide is not None else _long(lines, names)
    results: list[LisResult] = []
    unknown: list[str] = []
    for item in found:
        if isinstance(item, str):
            unknown.append(item)
        elif item.unit is not None and canonical_unit(lab_units()[item.code], item.unit) is None:
            unknown.append(f"{item.code} [{item.unit}]")
        else:
            results.append(item)
    return LisPaste(tuple(results), tuple(dict.fromkeys(unknown)))


def _fields(line: str) -> list[str]:
    if "\t" in line:
        return [field.strip() for field in line.split("\t")]
    return _join_dates([field for field in _SPACES.split(line.strip()) if field])


def _join_dates(fields: list[str]) -> list[str]:
    """Join a date and the time of day behind it, which a split at spaces has parted."""
    joined: list[str] = []
    for field in fields:
        if joined and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", field) and read_day(joined[-1]):
            joined[-1] += f" {field}"
        else:
            joined.append(field)
    return joined


def _is_wide_header(fields: list[str], names: TestNames) -> bool:
    codes = {names.code(field) for field in fields} - {None}
    return len(codes) >= _WIDE_FROM and not any(is_result(field) for field in fields)


def _wide(lines: list[list[str]], names: TestNames) -> Iterable[LisResult | str]:
    header, units = lines[0], [None] * len(lines[0])
    codes = [names.code(field) for field in header]
    for field, code in zip(header, codes, strict=True):
        if code is None and field and header_kind(field) is None and not is_private(field):
            yield field
    body = lines[1:]
    if body and any(map(is_unit, body[0])) and not any(read_number(field).value for field in body[0]):
        units = [field if is_unit(field) else None for field in _padded(body[0], len(header))]  # type: ignore[misc]
        body = body[1:]
    for fields in body:
        cells = _padded(fields, len(header))
        day = next((found for found in map(read_day, cells) if found), (None, None))
        for code, cell, unit in zip(codes, cells, units, strict=False):
            if code is not None and is_result(cell):
                yield LisResult(code, cell, unit, date=day[0], time=day[1])


def _padded(fields: list[str], width: int) -> list[str]:
    return [*fields, *[""] * (width - len(fields))]


def _long(lines: list[list[str]], names: TestNames) -> Iterable[LisResult | str]:
    columns: list[str | None] = []
    for fields in lines:
        kinds = [header_kind(field) for field in fields]
        if NAME in kinds and RESULT in kinds:
            columns = kinds
        elif columns and len(fields) == len(columns):
            yield from _by_columns(fields, columns, names)
        else:
            yield from _by_looks(fields, names)


def _by_columns(fields: list[str], columns: list[str | None], names: TestNames) -> Iterable[LisResult | str]:
    cells = [(kind, field) for kind, field in zip(columns, fields, strict=True) if field]
    titles = [field for kind, field in cells if kind == NAME]
    first = dict(reversed(cells))
    value = first.get(RESULT, "")
    if is_result(value):
        day = read_day(first.get(DATE, "")) or (None, None)
        unit = first.get(UNIT)
        yield from _result(titles, value, unit, read_range(first.get(RANGE, "")), day, names)


def _by_looks(fields: list[str], names: TestNames) -> Iterable[LisResult | str]:
    """Read a line without titles: names first, then the result, then unit, range and date in any order."""
    if len(fields) > 1 and _ORDINAL.fullmatch(fields[0]) and not is_result(fields[1]):
        fields = fields[1:]
    at = next((n for n, field in enumerate(fields) if n and is_result(field) and not read_day(field)), None)
    if at is None:
        return
    rest = fields[at + 1 :]
    unit = next((field for field in rest if is_unit(field)), None)
    limits = next((found for found in map(read_range, rest) if found), None)
    day = next((found for found in map(read_day, fields) if found), (None, None))
    titles = [field for field in fields[:at] if field and not is_flag(field) and not read_day(field)]
    yield from _result(titles, fields[at], unit, limits, day, names)


def _result(
    titles: list[str],
    value: str,
    unit: str | None,
    limits: NormalRange | None,
    day: tuple[str | None, str | None],
    names: TestNames,
) -> Iterable[LisResult | str]:
    code = next((found for found in map(names.code, [*titles, " ".join(titles)]) if found), None)
    if code is not None:
        yield LisResult(code, value, unit or None, limits or NormalRange(), *day)
    elif titles and not any(map(is_private, titles)):
        yield " ".join(titles)
