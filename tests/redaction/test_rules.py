"""Codes of presentations, small cells, columns and dates in words."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from saa_dash.access.redaction import (
    AGE_BANDS,
    LEAST_CELL,
    NO_DATE,
    check_filters,
    is_small,
    recode,
    redact,
    sight_of,
    without_dates,
)
from saa_dash.model.errors import EnvironmentProblem, Refused
from saa_dash.model.filters import Filters
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.store.backup import restore_backup, write_backup
from saa_dash.store.recode_key import recode_key

SUBJECTS = [f"S-{n:03d}" for n in range(1, 13)]
KEY = bytes(range(32))


def of(role: Role) -> Principal:
    return Principal("someone", frozenset({role}))


def test_codes_are_the_ranks_of_a_keyed_hash_of_cut_selection_and_subject() -> None:
    digests = [hmac.new(KEY, f"cut\0{subject}".encode(), hashlib.sha256).hexdigest() for subject in SUBJECTS]
    expected = [f"R{sorted(digests).index(digest) + 1:02d}" for digest in digests]
    assert recode(SUBJECTS, KEY, "cut") == expected
    assert sorted(expected) == [f"R{n:02d}" for n in range(1, 13)]
    assert recode(SUBJECTS[::-1], KEY, "cut") == expected[::-1]  # whatever the order they come in
    assert recode(SUBJECTS, KEY, "other selection") != expected
    assert recode(SUBJECTS, bytes(32), "cut") != expected
    assert recode([str(n) for n in range(120)], KEY, "")[0][:1] == "R"
    assert {len(code) for code in recode([str(n) for n in range(120)], KEY, "")} == {4}


def test_the_key_is_made_once_for_its_owner_alone_and_comes_back_with_a_backup(tmp_path: Path) -> None:
    key = recode_key(tmp_path / "data")
    assert len(key) == 32
    assert recode_key(tmp_path / "data") == key
    assert recode_key(tmp_path / "other") != key
    if os.name == "posix":
        assert (tmp_path / "data" / "recode.key").stat().st_mode & 0o777 == 0o600
    write_backup(tmp_path / "data", tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    assert recode_key(tmp_path / "again") == key
    (tmp_path / "data" / "recode.key").write_bytes(b"short")
    with pytest.raises(EnvironmentProblem) as damaged:
        recode_key(tmp_path / "data")
    assert damaged.value.message.code == "error.recode_key"


def conditions(*groups: str) -> list[np.ndarray]:
    return [np.array([letter == "1" for letter in group]) for group in groups]


@pytest.mark.parametrize(
    ("groups", "small"),
    [
        ((), False),
        (("1111100000",), False),  # 5 of 10, 5 left out
        (("1111000000",), True),  # 4
        (("1111110000",), True),  # 4 left out
        (("1111111111",), False),  # nobody left out
        (("0000000000",), True),
        (("111111110000000", "111110000000000"), True),  # 5, but 3 more under the first condition alone
        (("1111111111" + "0" * 10, "1111100000" + "1" * 10), False),  # 5 of 10 and of 15, 5 of neither
        (("111111111110000", "111111111110000"), True),  # 4 of neither
    ],
)
def test_small_selections(groups: tuple[str, ...], small: bool) -> None:
    assert is_small(conditions(*groups)) is small


def test_the_settings_may_raise_the_limit_and_never_lower_it() -> None:
    assert LEAST_CELL == 5
    ten_of_twenty = conditions("1" * 10 + "0" * 10)
    assert [is_small(ten_of_twenty, least) for least in (1, 5, 10, 11)] == [False, False, False, True]
    assert is_small(conditions("1111000000"), 1)


def test_columns_by_role() -> None:
    frame = pd.DataFrame(
        {
            "PCODE": ["P01"], "USUBJID": ["S-001"], "ADT": pd.to_datetime(["2007-03-01"]), "AESTDTC": ["2007-03"],
            "WHEN": pd.to_datetime(["2007-03-01"]), "ADY": [3], "AETERM": ["fever since 2007-03-01"],
            "ROWKEY": ["AE|S-001|2007-03-01"], "SRCROW": [7], "AESPID": ["1"], "AEDECOD": ["Pyrexia"], "ASTDTF": ["D"],
        }
    )  # fmt: skip
    assert redact(frame, sight_of(local_principal())).equals(frame)
    board = redact(frame, sight_of(of(Role.DSMB)))
    assert board.columns.tolist() == ["PCODE", "ADY", "AETERM", "AEDECOD", "ASTDTF"]
    assert board["AETERM"].tolist() == [f"fever since {NO_DATE}"]
    speaker = redact(frame, sight_of(of(Role.PRESENTER)))
    assert speaker.columns.tolist() == ["PCODE", "ADY", "AEDECOD", "ASTDTF"]


@pytest.mark.parametrize(
    "word",
    ["2007-03-01", "2007/3/1", "2007.03.01", "2007年3月1日", "2007年3月", "2007-03", "1 Mar 2007", "01MAR2007",
     "01/03/2007", "20070301", "2007-03-01T08:30"],
)  # fmt: skip
def test_dates_in_words_are_blanked(word: str) -> None:
    (blanked,) = without_dates(pd.Series([f"发热 {word}，38.5 ℃"]))
    assert "2007" not in blanked
    assert blanked.startswith(f"发热 {NO_DATE}")
    assert blanked.endswith("，38.5 ℃")


def test_words_without_dates_stay() -> None:
    words = pd.Series(["ALT 2007 U/L", "12-15 mg/kg", None, "", "1.5 × 10^9/L", "MYH 20071"])
    assert without_dates(words).equals(words)


def test_selections_of_who_may_not_see_patients() -> None:
    speaker, board = sight_of(of(Role.PRESENTER)), sight_of(of(Role.DSMB))
    for filters in (Filters(patients=("P01",)), Filters(age=(18, 40)), Filters(age=(0, 150))):
        check_filters(filters, board)
        with pytest.raises(Refused):
            check_filters(filters, speaker)
    for band in AGE_BANDS:
        check_filters(Filters(sex=("F",), severity=("SAA",), age=band), speaker)
    assert [low for low, _ in AGE_BANDS[1:]] == [high + 1 for _, high in AGE_BANDS[:-1]]


def test_whoever_sees_no_patients_sees_no_dates_and_no_numbers_either() -> None:
    assert [(s.patients, s.dates, s.subject_ids) for s in (sight_of(of(role)) for role in Role)] == [
        (True, True, True), (True, False, False), (False, False, False), (True, True, True), (False, False, False),
    ]  # fmt: skip
