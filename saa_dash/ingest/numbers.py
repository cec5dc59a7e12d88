"""Numbers as people and laboratory systems write them: "<0.1", "１２", "1,200", "0.35↓", "65 kg"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .text import fold, half_width

# Written where nothing was measured: read as missing, with a note.
MISSING_TOKENS = frozenset(
    fold(token)
    for token in (
        *("未查", "未做", "未测", "未检", "未检测", "未检查", "未行", "不详", "未知", "不清楚", "缺失", "暂无"),
        *("ND", "N/D", "NA", "N/A", "N.A.", "UK", "UNK", "not done", "unknown", "missing", "-", "--", "—", "——", "/"),
        *(".", "?", "#N/A", "NULL", "NaN"),
    )
)

_CENSOR = re.compile(r"(<=|>=|[<>≤≥]|小于|大于|低于|高于)\s*")
_CENSOR_SIGN = {
    "<": "<",
    "≤": "<",
    "小于": "<",
    "低于": "<",
    "<=": "<",
    ">": ">",
    "≥": ">",
    "大于": ">",
    "高于": ">",
    ">=": ">",
}
_FLAG_BEFORE = re.compile(r"^[↑↓*]+\s*")
_FLAG_AFTER = re.compile(r"\s*(?:[↑↓*]+|(?<=[\d\s.])[HL]{1,2})$")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE)


@dataclass(frozen=True)
class ReadNumber:
    """A number as read: value, ``<`` or ``>`` for a value beyond the measuring range, or what is wrong."""

    value: float | None = None
    censor: str | None = None
    issue: str | None = None


def is_missing_token(text: str) -> bool:
    """Tell whether a cell says in words that there is no value."""
    return fold(text) in MISSING_TOKENS


def read_number(text: str, suffixes: Sequence[str] = ()) -> ReadNumber:
    """Read a typed number; flags are dropped, a comma is read as thousands only where it can be nothing else.

    Parameters
    ----------
    suffixes : words that may stand behind the number, e.g. its unit.
    """
    typed = half_width(text)
    typed = _FLAG_AFTER.sub("", _FLAG_BEFORE.sub("", typed)).strip()
    match = _CENSOR.match(typed)
    censor = _CENSOR_SIGN[match[1]] if match else None
    number = _without_suffix(typed[match.end() :] if match else typed, suffixes)
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    if not _PLAIN.fullmatch(number):
        return ReadNumber(issue="number_unreadable")
    value = float(number)
    return ReadNumber(value + 0.0, censor)


def _without_suffix(text: str, suffixes: Sequence[str]) -> str:
    lowered = text.casefold()
    for suffix in sorted(suffixes, key=len, reverse=True):
        folded = half_width(suffix).casefold()
        if folded and lowered.endswith(folded):
            return text[: len(text) - len(folded)].strip()
    return text
