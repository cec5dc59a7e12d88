"""A corpus of bad data: each case changes a good study and names exactly what must be found."""

# ruff: noqa: E501 - one case per line reads best

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from support.crf_sheets import STUDY, small_study

from saa_dash.ingest.frames import source_of_frames
from saa_dash.ingest.pipeline import Incoming, import_source

Tables = dict[str, pd.DataFrame]
Change = tuple[str, Callable[[Tables], None]]  # the sheet that is changed, and how
FIRST_LAB_ROW = 7  # behind header, UNIT and four limit rows
TODAY = date(2026, 11, 1)


def imported(tables: Tables, cutoff: date | None = None) -> Incoming:
    source = source_of_frames(tables, name="crf", study=STUDY)
    return import_source(source, study=STUDY, cutoff=cutoff, today=TODAY)


def put(sheet: str, row: int, column: str, value: object) -> Change:
    """Write a value into the cell that the spreadsheet shows in `row` (2 = first row below the header)."""

    def change(tables: Tables) -> None:
        frame = tables[sheet].astype(object)
        if column not in frame:
            frame[column] = None
        frame.loc[row - 2, column] = value
        tables[sheet] = frame

    return sheet, change


def again(sheet: str, row: int) -> Change:
    def change(tables: Tables) -> None:
        tables[sheet] = pd.concat([tables[sheet], tables[sheet].iloc[[row - 2]]], ignore_index=True)

    return sheet, change


def drop(sheet: str, column: str | None = None) -> Change:
    def change(tables: Tables) -> None:
        if column is None:
            del tables[sheet]
        else:
            tables[sheet] = tables[sheet].drop(columns=column)

    return sheet, change


def add(sheet: str, column: str, values: list[object]) -> Change:
    def change(tables: Tables) -> None:
        tables[sheet] = tables[sheet].assign(**{column: [*values, *[None] * (len(tables[sheet]) - len(values))]})

    return sheet, change


def apply(tables: Tables, *changes: Change) -> None:
    for _, change in changes:
        change(tables)


LAB = FIRST_LAB_ROW
# Sheets whose rules look into others.
NEEDS = {"VISIT": {"TRANSF", "CM"}, "SUBJ": {"EX", "DS"}, "AE": {"DS"}}
CASES: list[tuple[str, list[Change], list[tuple[str, str, int | None, str]]]] = [
    ("ambiguous date", [put("SUBJ", 2, "RFICDTC", "05/03/2026")], [("date_ambiguous", "SUBJ", 2, "RFICDTC")]),
    ("partial date", [put("SUBJ", 2, "ENRLDTC", "2026-02")], [("date_partial", "SUBJ", 2, "ENRLDTC")]),
    ("impossible date", [put("VISIT", 4, "SVSTDTC", "2026-02-30")], [("date_unreadable", "VISIT", 4, "SVSTDTC")]),
    ("future date", [put("RS", 2, "RSDTC", "2062-03-10")], [("date_future", "RS", 2, "RSDTC")]),
    ("early date", [put("DV", 2, "DVSTDTC", "1926-03-10")], [("date_early", "DV", 2, "DVSTDTC")]),
    ("bad time", [put("LAB", LAB, "LBTM", "25:00")], [("time_unreadable", "LAB", LAB, "LBTM")]),
    ("consent late", [put("SUBJ", 2, "RFICDTC", "2026-02-08")], [("date_order", "SUBJ", 2, "ENRLDTC")]),
    ("ATG ends first", [put("SUBJ", 3, "ATGENDTC", "2026-02-20")], [("date_order", "SUBJ", 3, "ATGENDTC")]),
    ("drug ends first", [put("CM", 2, "CMENDTC", "2026-02")], [("date_order", "CM", 2, "CMENDTC")]),
    ("number", [put("SUBJ", 3, "AGE", "五十")], [("number_unreadable", "SUBJ", 3, "AGE")]),
    ("not whole", [put("SUBJ", 3, "AGE", 52.5)], [("not_whole", "SUBJ", 3, "AGE")]),
    ("range", [put("SUBJ", 3, "WEIGHT", 540)], [("out_of_range", "SUBJ", 3, "WEIGHT")]),
    ("censored dose", [put("EX", 2, "EXDOSE", "<3")], [("number_censored", "EX", 2, "EXDOSE")]),
    ("negative", [put("LAB", LAB + 1, "ALT", -3)], [("implausible", "LAB", LAB + 1, "ALT"), ("out_of_range", "LAB", LAB + 1, "ALT")]),
    ("choice", [put("AE", 2, "AEOUT", "还行")], [("choice_unknown", "AE", 2, "AEOUT")]),
    ("required", [put("AE", 3, "AETERM", None)], [("required_missing", "AE", 3, "AETERM")]),
    ("missing word", [put("LAB", LAB, "ALT", "未查")], [("missing_token", "LAB", LAB, "ALT")]),
    ("missing word where required", [put("SUBJ", 2, "AGE", "不详")], [("missing_token", "SUBJ", 2, "AGE"), ("required_missing", "SUBJ", 2, "AGE")]),
    ("unknown subject", [put("PE", 2, "SUBJID", "P099")], [("subject_unknown", "PE", 2, "SUBJID")]),
    ("subject twice", [again("SUBJ", 2)], [("subject_duplicate", "SUBJ", 5, "SUBJID")]),
    ("visit twice", [again("VISIT", 3)], [("duplicate_key", "VISIT", 5, "VISIT")]),
    ("sample twice", [again("LAB", LAB + 2)], [("duplicate_sample", "LAB", LAB + 4, "LBDTC")]),
    ("transfusion twice", [again("TRANSF", 2)], [("duplicate_row", "TRANSF", 4, "CMSTDTC")]),
    ("unit unknown", [put("LAB", 2, "PLAT", "furlong")], [("unit_unknown", "LAB", 2, "PLAT")]),
    ("unit missing", [put("LAB", 2, "PLAT", None)], [("unit_missing", "LAB", 2, "PLAT")]),
    ("unit meant", [put("LAB", LAB + 1, "HGB", 8.1)], [("implausible_unit", "LAB", LAB + 1, "HGB")]),
    ("implausible", [put("LAB", LAB + 1, "HGB", 260)], [("implausible", "LAB", LAB + 1, "HGB")]),
    ("ANC above WBC", [put("LAB", LAB + 1, "ANC", 2.6)], [("part_above_whole", "LAB", LAB + 1, "ANC")]),
    ("limits reversed", [put("LAB", 4, "ALT", 5)], [("limits_reversed", "LAB", 4, "ALT")]),
    ("reticulocytes in %", [add("LAB", "ARC", ["%", None, None, None, None, 0.4])], [("arc_without_rbc", "LAB", LAB, "ARC"), ("limits_missing", "LAB", None, "ARC")]),
    ("fever typed wrongly", [put("VS", 2, "TEMP", 84.4)], [("implausible", "VS", 2, "TEMP")]),
    ("trough too high", [put("CSA", 2, "LBORRES", 950)], [("implausible", "CSA", 2, "LBORRES")]),
    ("column missing", [drop("VISIT", "SVSTDTC")], [("column_missing", "VISIT", 1, "访视日期")]),
    ("column twice", [add("PE", "体格检查日期", []), add("PE", "检查日期", ["2026-02-09"])], [("column_duplicate", "PE", 1, "检查日期")]),
    ("column unknown", [add("PE", "备用", ["x"])], [("column_unknown", "PE", 1, "备用")]),
    ("sheet missing", [drop("DV")], [("sheet_absent", "DV", None, "")]),
    ("sheet unknown", [("草稿", lambda tables: tables.update(草稿=pd.DataFrame({"a": [1]})))], [("sheet_unknown", "草稿", None, "")]),
    ("ongoing and ended", [put("CM", 2, "CMENRF", "Y")], [("ongoing_with_end", "CM", 2, "CMENDTC")]),
    ("excluded but enrolled", [put("SUBJ", 2, "EXCL01", "Y")], [("not_eligible", "SUBJ", 2, "EXCL01")]),
    ("serious without reason", [put("AE", 3, "AESHOSP", None)], [("serious_without_criterion", "AE", 3, "AESER")]),
    ("fatal, grade 3, no death", [put("AE", 3, "AEOUT", "FATAL")], [("death_without_disposition", "AE", 3, "AEOUT"), ("fatal_mismatch", "AE", 3, "AEOUT")]),
    ("component", [put("DS", 2, "DSCOMP", None)], [("component_missing", "DS", 2, "DSCOMP")]),
    ("cells in mg", [put("EX", 4, "EXDOSU", "mg")], [("dose_unit_mismatch", "EX", 4, "EXDOSU")]),
    ("unanswered", [put("VISIT", 3, "PLTYN", None)], [("support_unanswered", "VISIT", 3, "PLTYN")]),
    ("contradicted", [put("VISIT", 3, "PLTYN", "否")], [("support_contradiction", "VISIT", 3, "PLTYN")]),
    ("ATG dates", [put("SUBJ", 2, "ATGENDTC", "2026-02-15")], [("atg_dates_differ", "SUBJ", 2, "ATGENDTC")]),
    ("alive after death", [put("DS", 2, "DSDECOD", "DEATH")], [("alive_after_death", "SUBJ", 4, "LSTALVDTC")]),
    ("after death", [put("DS", 2, "DSDECOD", "死亡"), put("DS", 2, "DSSTDTC", "2026-03-01"), put("SUBJ", 4, "LSTALVDTC", None)], [("after_death", "LAB", LAB + 3, "LBDTC")]),
    ("row without results", [put("LAB", LAB + 4, "SUBJID", "P003"), put("LAB", LAB + 4, "LBDTC", "2026-03-09")], [("row_without_results", "LAB", LAB + 4, "")]),
    ("initials", [add("SUBJ", "姓名缩写", ["ZS"])], [("initials_left_out", "SUBJ", 1, "姓名缩写")]),
    ("three at once", [put("SUBJ", 2, "SEX", "?!"), put("DV", 2, "DVCAT", None), put("EX", 3, "EXSTDTC", "10/02/2026")], [("choice_unknown", "SUBJ", 2, "SEX"), ("date_ambiguous", "EX", 3, "EXSTDTC"), ("required_missing", "DV", 2, "DVCAT")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_exactly_these_problems(changes: list[Change], expected: list[tuple[str, str, int | None, str]]) -> None:
    touched = {sheet for sheet, _ in changes} | {sheet for _, sheet, _, _ in expected}
    used = touched | {"SUBJ"} | {other for sheet in touched for other in NEEDS.get(sheet, ())}
    tables = {code: frame for code, frame in small_study().items() if code in used}
    absent = set(small_study()) - used
    apply(tables, *changes)
    incoming = imported(tables)
    found = [(problem.code, problem.sheet, problem.row, problem.column) for problem in incoming.problems]
    found = [item for item in found if not (item[0] == "sheet_absent" and item[1] in absent)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert not (incoming.reconciliation["note"] == "recon.unbalanced").any()


def test_problem_carries_value_and_remedy_values() -> None:
    tables = small_study()
    apply(tables, put("SUBJ", 3, "WEIGHT", 540))
    (problem,) = imported(tables).problems
    assert (problem.severity, problem.value, problem.file) == ("error", "540", "crf")
    assert problem.params == {"minimum": "20", "maximum": "250"}


def test_reticulocytes_in_percent_are_converted() -> None:
    tables = small_study()
    apply(tables, add("LAB", "ARC", ["%", 0.5, 1.5, 0.5, 1.5, 0.4]))
    apply(tables, add("LAB", "RBC", ["10^12/L", 4.3, 5.8, 3.8, 5.1, 2.1]))
    incoming = imported(tables)
    results = incoming.tables["LB"].set_index("LBTESTCD")
    assert results.loc["ARC", ["LBORRES", "LBORRESU", "LBSTRESN", "LBSTRESU"]].tolist() == ["0.4", "%", 8.4, "10^9/L"]
    assert incoming.problems == ()


def test_cutoff_leaves_later_records_out_and_counts_them() -> None:
    tables = small_study()
    apply(tables, put("DS", 2, "DSDECOD", "DEATH"))
    apply(tables, put("DS", 2, "DSSTDTC", "2026-05-30"))
    incoming = imported(tables, cutoff=date(2026, 2, 28))
    assert incoming.excluded_after_cutoff == 8
    codes = [problem.code for problem in incoming.problems]
    assert codes.count("excluded_after_cutoff") == 7
    assert codes.count("death_after_cutoff") == 1
    assert not incoming.has_errors
    subjects = incoming.tables["DM"].set_index("SUBJID")
    assert subjects["DTHDTC"].isna().all()
    assert set(subjects["LSTALVDTC"]) == {"2026-02-28"}
    doses = incoming.tables["EX"].set_index("EXTRT")
    assert pd.isna(doses.at["CSA", "EXENDTC"]) and doses.at["CSA", "EXENRF"] == "Y"
    counts = incoming.reconciliation.set_index("sheet")
    assert counts.loc["LAB", ["rows_in", "rows_out", "excluded", "values_in", "values_out", "values_excluded"]].tolist() == [
        4, 10, 2, 33, 17, 16,
    ]  # fmt: skip
    assert set(counts["note"]) == {"recon.complete", "recon.explained"}


def test_subject_who_entered_after_the_cutoff_is_left_out_everywhere() -> None:
    incoming = imported(small_study(), cutoff=date(2026, 2, 16))
    assert incoming.tables["DM"]["SUBJID"].tolist() == ["P001"]
    assert all(set(frame["USUBJID"]) <= {f"{STUDY}-P001"} for frame in incoming.tables.values())
    assert [problem.params["n"] for problem in incoming.problems if problem.code == "subject_after_cutoff"] == [2]


def test_names_given_by_the_user_are_recognised() -> None:
    tables = small_study()
    tables["LAB"] = tables["LAB"].rename(columns={"PLAT": "血板"})
    source = source_of_frames(tables, name="crf", study=STUDY)
    incoming = import_source(source, study=STUDY, cutoff=None, mappings={"血板": "PLAT"}, today=TODAY)
    assert incoming.problems == ()
    assert (incoming.tables["LB"]["LBTESTCD"] == "PLAT").sum() == 4


def test_progress_ends_at_one() -> None:
    shares: list[float] = []
    source = source_of_frames(small_study(), name="crf", study=STUDY)
    import_source(source, study=STUDY, cutoff=None, progress=lambda message, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
