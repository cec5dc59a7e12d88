"""The headers of a SAS transport file, version 5, and how many observations its size promises.

Transport files do not say how many observations they hold, and many readers take a truncated file without complaint.
The size tells: a file is whole records of 80 bytes; behind the headers stand the observations, all of one length, and
then blanks to the next multiple of 80. Whatever else remains is part of an observation, cut off.

What the size cannot tell: a file cut at a multiple of 80 that is also an end of an observation (or of one followed by
blanks only). `previous` compares with the file of the cut before.

Source: SAS Technical Support TS-140, "The Record Layout of a SAS Version 5 or 6 Data Set in Transport Format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

RECORD = 80
_MARK = b"HEADER RECORD*******"
_LIBRARY, _MEMBER, _DESCRIPTOR, _NAMES, _OBSERVATIONS = (
    _MARK + name + b" HEADER RECORD!!!!!!!" for name in (b"LIBRARY", b"MEMBER ", b"DSCRPTR", b"NAMESTR", b"OBS    ")
)
_VERSION_8, _COMPRESSED = _MARK + b"LIBV8", b"**COMPRESSED**"
_FIXED = 8 * RECORD  # library and member headers; the variables' descriptions begin behind them
_NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhl")  # 88 bytes used of 140 (136 on one old system)
_NAMESTR_LENGTHS = (140, 136)
_NUMERIC, _CHARACTER = 1, 2
_LONGEST_NUMBER, _LONGEST_TEXT = 8, 200
_BLANK = b" "


class HeaderFault(Exception):
    """What is wrong with a header: code of the finding, variable and further values."""

    def __init__(self, code: str, column: str = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


@dataclass(frozen=True)
class XptVariable:
    """A variable: name, label, type, length in bytes and position within an observation."""

    name: str
    label: str
    numeric: bool
    length: int
    position: int


@dataclass(frozen=True)
class XptHeader:
    """What the headers say.

    Parameters
    ----------
    start : byte at which the first observation begins. observation : bytes of one observation.
    """

    name: str
    label: str
    variables: tuple[XptVariable, ...]
    start: int
    observation: int


def read_header(content: bytes) -> XptHeader:
    """Return the headers of a transport file.

    Raises
    ------
    HeaderFault : not a transport file of version 5, cut within its headers, or a header that contradicts itself.
    """
    if content.startswith(_VERSION_8):
        raise HeaderFault("sdtm_version_8")
    if content.startswith(_COMPRESSED):
        raise HeaderFault("sdtm_compressed")
    if not content.startswith(_LIBRARY):
        kind = "sdtm_truncated" if content and _LIBRARY.startswith(content[: len(_LIBRARY)]) else "sdtm_not_transport"
        raise HeaderFault(kind, part="LIBRARY")
    for place, mark in ((3, _MEMBER), (4, _DESCRIPTOR), (7, _NAMES)):
        _expect(content, place * RECORD, mark)
    length = _digits(content, 3 * RECORD + 74, 4, "MEMBER")
    count = _digits(content, 7 * RECORD + 54, 4, "NAMESTR")
    if length not in _NAMESTR_LENGTHS or not count:
        raise HeaderFault("sdtm_header", part="NAMESTR", found=f"{count} × {length}")
    described = -(-count * length // RECORD) * RECORD
    if len(content) < _FIXED + described:
        raise HeaderFault("sdtm_truncated", part="NAMESTR")
    variables = tuple(_variable(content, _FIXED + i * length) for i in range(count))
    _check_variables(variables)
    _expect(content, _FIXED + described, _OBSERVATIONS)
    name = _text(content[5 * RECORD + 8 : 5 * RECORD + 16])
    label = _text(content[6 * RECORD + 32 : 6 * RECORD + 72])
    return XptHeader(
        name.upper(), label, variables, _FIXED + described + RECORD, sum(item.length for item in variables)
    )


def _expect(content: bytes, at: int, mark: bytes) -> None:
    found = content[at : at + len(mark)]
    part = mark[len(_MARK) :].split()[0].decode()
    if found != mark or len(content) < at + RECORD:
        cut = len(content) < at + RECORD and mark.startswith(found)
        raise HeaderFault("sdtm_truncated" if cut else "sdtm_header", part=part, found=_text(found))


def _digits(content: bytes, at: int, width: int, part: str) -> int:
    text = content[at : at + width]
    if not text.strip().isdigit():
        raise HeaderFault("sdtm_header", part=part, found=_text(text))
    return int(text)


def _variable(content: bytes, at: int) -> XptVariable:
    kind, _, length, _, raw_name, raw_label, *_, position = _NAMESTR.unpack_from(content, at)
    name = _text(raw_name).upper()
    if kind not in (_NUMERIC, _CHARACTER):
        raise HeaderFault("sdtm_variable_type_unknown", name, found=str(kind))
    longest = _LONGEST_NUMBER if kind == _NUMERIC else _LONGEST_TEXT
    if not name.isidentifier() or not 0 < length <= max(longest, _LONGEST_TEXT):
        raise HeaderFault("sdtm_header", name, part="NAMESTR", found=f"{name} {length}")
    if kind == _NUMERIC and not 2 <= length <= _LONGEST_NUMBER:
        raise HeaderFault("sdtm_header", name, part="NAMESTR", found=f"{name} {length}")
    return XptVariable(name, _text(raw_label), kind == _NUMERIC, length, position)


def _check_variables(variables: tuple[XptVariable, ...]) -> None:
    """Raise where a name stands twice or a variable does not begin where the one before it ends."""
    seen: set[str] = set()
    position = 0
    for item in variables:
        if item.name in seen:
            raise HeaderFault("sdtm_variable_duplicate", item.name)
        if item.position != position:
            raise HeaderFault("sdtm_header", item.name, part="NAMESTR", found=f"{item.name} {item.position}")
        seen.add(item.name)
        position += item.length


def _text(raw: bytes) -> str:
    """Return bytes of a header as text that can be shown, whatever they are."""
    text = raw.decode("utf-8", errors="replace").strip().strip("\0")
    return "".join(char for char in text if char.isprintable())[:RECORD]


def expected_observations(content: bytes, header: XptHeader) -> int:
    """Return how many observations stand behind the headers.

    Wholly blank observations within the last record are padding, as the format cannot tell them from it.

    Raises
    ------
    HeaderFault : the file ends within a record or an observation, holds a second dataset, or more blanks at its end
        than pad a record.
    """
    data = content[header.start :]
    second = _second_member(content, header.start)
    if second >= 0:
        raise HeaderFault("sdtm_several_members", n=content.count(_MEMBER))
    whole, rest = divmod(len(data), header.observation)
    if len(content) % RECORD or (rest and (rest >= RECORD or data[-rest:].strip(_BLANK))):
        cut = _variable_at(header, rest)
        raise HeaderFault("sdtm_truncated", cut, part="OBS", row=whole + 1, size=len(content))
    filled = -(-len(data.rstrip(_BLANK)) // header.observation)
    if len(data) - filled * header.observation >= RECORD:
        raise HeaderFault("sdtm_truncated", "", part="OBS", row=filled + 1, size=len(content))
    return filled


def _variable_at(header: XptHeader, offset: int) -> str:
    """Return the variable that holds this byte of an observation."""
    return next((item.name for item in reversed(header.variables) if item.position <= offset), "")


def _second_member(content: bytes, start: int) -> int:
    at = content.find(_MEMBER, start)
    while at >= 0 and at % RECORD:
        at = content.find(_MEMBER, at + 1)
    return at
