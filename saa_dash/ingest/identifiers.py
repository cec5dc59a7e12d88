"""Direct identifiers of persons in incoming data, and masking, so that a finding does not repeat them."""

from __future__ import annotations

import re

from ..model.problem import Problem
from .codes import make_problem
from .raw import RawSheet, RawSource
from .text import header_keys

INITIALS = "initials"
HEADER_SEARCH_ROWS = 10  # a title may stand above the header
_COLUMN_WORDS = {
    "identifier_name": (
        "姓名 患者姓名 病人姓名 受试者姓名 名字 name fullname patientname subjectname lastname firstname surname"
    ),
    "identifier_id_number": "身份证 身份证号 身份证号码 证件号 证件号码 idcard idnumber nationalid",
    "identifier_mobile": (
        "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 mobile phone telephone phonenumber mobilenumber"
    ),
    "identifier_hospital_number": (
        "住院号 病案号 门诊号 病历号 登记号 就诊卡号 医保号 "
        "hospitalnumber hospitalno mrn medicalrecordnumber inpatientno"
    ),
    "identifier_birth_date": "出生日期 出生年月日 生日 birthdate dateofbirth dob brthdtc birthday",
    INITIALS: (
        "姓名缩写 姓名首字母 拼音缩写 姓名拼音缩写 受试者缩写 患者姓名缩写 受试者姓名缩写 "
        "initials subjectinitials patientinitials"
    ),
}
_COLUMNS = {word: code for code, words in _COLUMN_WORDS.items() for word in words.split()}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_BIRTH = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID18 = re.compile(rf"(?<!\d)[1-9]\d{{5}}{_BIRTH}\d{{3}}[\dXx](?![\dXx])")
_ID15 = re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_FULL_DATE = re.compile(r"\d{4}\D+\d{1,2}\D+\d{1,2}|\d{8}|\d{5}|\d{1,2}\D\d{1,2}\D\d{2,4}")
SUSPECT = re.compile(r"\d{9,}|\d{3}[- ]?\d{4}[- ]\d{4}|\d{3}[- ]\d{4}[- ]?\d{4}")  # cheap first look at every cell
_SHORTEST = 11  # characters of a mobile number
_MIN_ID15_PROVINCE, _MAX_ID15_PROVINCE = 11, 82


def identifier_column(header: str) -> str | None:
    """Return the code of the identifier that a column of this name holds, `INITIALS` for initials, else None."""
    return next((_COLUMNS[key] for key in header_keys(header) if key in _COLUMNS), None)


def is_id_number(text: str) -> bool:
    """Tell whether an 18-character text is a resident identity number with a right checksum (GB 11643-1999)."""
    if not _ID18.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == text[-1].upper()


def identifier_in(text: str) -> str | None:
    """Return the code of the identifier that a cell's text holds, None if it holds none."""
    if any(is_id_number(match[0]) for match in _ID18.finditer(text)):
        return "identifier_id_number"
    for match in _ID15.finditer(text):
        if _MIN_ID15_PROVINCE <= int(match[0][:2]) <= _MAX_ID15_PROVINCE:
            return "identifier_id_number"
    return "identifier_mobile" if _MOBILE.search(text) else None


def mask(text: str) -> str:
    """Return an identifying text so that it can be found, not read: its first character and its length."""
    return text[:1] + "*" * min(len(text) - 1, 8)


def mask_if_identifying(text: str) -> str:
    """Return `text`, masked where it holds an identifier."""
    return mask(text) if SUSPECT.search(text) and identifier_in(text) else text


def find_identifiers(source: RawSource) -> list[Problem]:
    """Find direct identifiers in every cell of a source: by the name of the column and by the form of the value."""
    return [problem for sheet in source.sheets for problem in _in_columns(sheet) + _in_values(sheet)]


def _in_columns(sheet: RawSheet) -> list[Problem]:
    problems = []
    for position in sheet.cells:
        column = sheet.cells[position].dropna()
        rows = [int(row) for row in column.index[:HEADER_SEARCH_ROWS]]
        for row, text in zip(rows, column, strict=False):
            code = identifier_column(text)
            if code is None or code == INITIALS:
                continue
            values = column[column.index > row]
            if code == "identifier_birth_date":
                values = values[values.map(lambda value: bool(_FULL_DATE.search(value)))]
            if values.empty:
                continue
            value = mask(str(values.iloc[0]))
            problems.append(
                make_problem(code, file=sheet.file, sheet=sheet.name, row=row, column=text, value=value, n=len(values))
            )
            break
    return problems


def _in_values(sheet: RawSheet) -> list[Problem]:
    if sheet.cells.empty:
        return []
    cells = sheet.cells.melt(ignore_index=False).dropna()
    cells = cells[cells["value"].str.len() >= _SHORTEST]
    cells = cells[cells["value"].str.contains(SUSPECT.pattern, regex=True)]
    problems = []
    for row, position, text in zip(cells.index.tolist(), cells["variable"], cells["value"], strict=True):
        code = identifier_in(text)
        if code is not None:
            column = sheet.cells[position].dropna()
            header = next(iter(column[column.index < row]), "")
            where = {"file": sheet.file, "sheet": sheet.name, "column": header, "value": mask(text)}
            problems.append(make_problem(code, row=row, n=1, **where))
    return problems
