"""What the words of a laboratory system's printout mean: test names, units, ranges, dates, flags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..i18n.catalogue import LANGUAGES, term
from .dates import read_date
from .identifiers import identifier_column
from .numbers import is_missing_token, read_number
from .recognise import test_aliases
from .text import fold, half_width, header_keys
from .units import canonical_unit, fold_unit, lab_units

NAME, RESULT, UNIT, RANGE, DATE, FLAG = "name", "result", "unit", "range", "date", "flag"
_HEADER_WORDS = {
    NAME: "项目 项目名称 检验项目 检查项目 中文名称 名称 英文名称 代号 项目代号 test item testname",
    RESULT: "结果 检验结果 测定结果 结果值 result value",
    UNIT: "单位 unit units",
    RANGE: "参考范围 参考值 参考区间 正常范围 正常值 reference range referencerange",
    DATE: "日期 采样日期 采样时间 检验日期 检验时间 报告日期 报告时间 采集时间 采集日期 送检日期 date time datetime",
    FLAG: "提示 异常 标志 状态 flag",
}
_HEADERS = {word: kind for kind, words in _HEADER_WORDS.items() for word in words.split()}
_BRACKETED = re.compile(r"[(（\[【]([^)）\]】]+)[)）\]】]")
_FLAGS = frozenset(["↑", "↓", "↑↑", "↓↓", "H", "L", "HH", "LL", "*", "N"])
_RANGE = re.compile(r"(?P<low>\d+(?:\.\d+)?)\s*(?:-{1,2}|~|～|—{1,2}|–|至)\s*(?P<high>\d+(?:\.\d+)?)")
_UPPER = re.compile(r"(?:<|≤|<=|小于)\s*(?P<high>\d+(?:\.\d+)?)")
_LOWER = re.compile(r"(?:>|≥|>=|大于)\s*(?P<low>\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class NormalRange:
    """Normal limits as printed; either may be missing."""

    low: float | None = None
    high: float | None = None


def header_kind(text: str) -> str | None:
    """Return what a column of this title holds (name, result, unit, range, date, flag), None if it is no title."""
    return next((_HEADERS[key] for key in header_keys(text) if key in _HEADERS), None)


class TestNames:
    """The names under which each test is known, the user's own first.

    Parameters
    ----------
    mapping : the user's own names → test code, as remembered by the caller.
    """

    __test__ = False  # no test class, whatever its name looks like

    def __init__(self, mapping: Mapping[str, str]) -> None:
        words: dict[str, str] = {}
        for code in lab_units():
            names = (code, *(term(lang, "lab_test", code) for lang in LANGUAGES), *test_aliases().get(code, ()))
            for name in names:
                words.setdefault(fold(name), code)
        self._words = words | {fold(name): code for name, code in mapping.items()}

    def code(self, text: str) -> str | None:
        """Return the test a name stands for: as written, without its brackets, or by what stands in them."""
        typed = half_width(text).lstrip("*★▲ ").strip()
        inner = [match[1] for match in _BRACKETED.finditer(typed)]
        for key in (*header_keys(typed), *map(fold, inner)):
            if key in self._words:
                return self._words[key]
        return None


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit of any test."""
    return bool(fold_unit(text)) and any(canonical_unit(test, text) for test in lab_units().values())


def is_flag(text: str) -> bool:
    """Tell whether a text only marks a result as high or low."""
    return half_width(text).upper() in _FLAGS


def is_result(text: str) -> bool:
    """Tell whether a text can be a result: a number, or a word for "not done"."""
    return read_number(text).value is not None or is_missing_token(text)


def is_private(text: str) -> bool:
    """Tell whether a name is that of a person's identifier, which is dropped without a trace."""
    plain = re.split(r"[:：]", text)[0]
    return identifier_column(plain) is not None


def read_range(text: str) -> NormalRange | None:
    """Return the limits of ``1.8-6.3``, ``1.8~6.3``, ``<10`` or ``>5``; None if it is no range."""
    typed = half_width(text).replace(" ", "").strip("()[]")
    for pattern in (_RANGE, _UPPER, _LOWER):
        match = pattern.fullmatch(typed)
        if match:
            found = {name: float(value) for name, value in match.groupdict().items() if value}
            return NormalRange(**found)
    return None


def read_day(text: str) -> tuple[str, str | None] | None:
    """Return date and time of day of a text; None if it is no whole date (bare numbers are results, not serials)."""
    if not re.search(r"[-/.年]", text) and not re.fullmatch(r"20\d{6}", text.strip()):
        return None
    read = read_date(text)
    return (read.iso, read.time) if read.iso else None
