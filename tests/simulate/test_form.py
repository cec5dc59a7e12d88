"""What the sheets hold agrees with the form and with itself."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from support.simulated_response import LIMIT_ROWS

from saa_dash.ingest.form import load_form
from saa_dash.simulate.cohort import simulate_cohort, simulate_patients

Sheets = dict[str, pd.DataFrame]
EVENTS = {"VISIT": "SVSTDTC", "LAB": "LBDTC", "CSA": "LBDTC", "VS": "VSDTC", "PE": "PEDTC", "RS": "RSDTC"}


def test_same_seed_same_cohort_another_seed_another() -> None:
    once, again, other = simulate_cohort(8, seed=5), simulate_cohort(8, seed=5), simulate_cohort(8, seed=6)
    for code, sheet in once.items():
        pd.testing.assert_frame_equal(sheet, again[code])
    assert not once["LAB"].equals(other["LAB"])


def test_a_course_does_not_depend_on_the_number_of_patients() -> None:
    three, thirty = simulate_patients(3, seed=9), simulate_patients(30, seed=9)
    for name in ("anc", "hgb", "plt", "red_units", "platelets", "infection"):
        assert (getattr(three.course, name) == getattr(thirty.course, name)[:3]).all()


def test_columns_codes_and_required_cells_follow_the_form(many: Sheets) -> None:
    form = load_form()
    assert list(many) == list(form.sheets)
    for code, sheet in form.sheets.items():
        frame = many[code][~many[code]["SUBJID"].isin(LIMIT_ROWS)]
        assert tuple(frame.columns) == sheet.codes
        for column in sheet.columns:
            cells = frame[column.code].dropna()
            if column.list_name:
                assert set(cells) <= set(form.lists[column.list_name]), f"{code}.{column.code}"
            if column.required:
                assert len(cells) == len(frame), f"{code}.{column.code}"
            if column.minimum is not None and column.kind in ("num", "int"):
                assert cells.astype(float).min() >= column.minimum
            if column.maximum is not None and column.kind in ("num", "int"):
                assert cells.astype(float).max() <= column.maximum


def test_lab_starts_with_units_and_limits(few: Sheets) -> None:
    head = few["LAB"].iloc[:5].set_index("SUBJID")
    assert tuple(head.index) == LIMIT_ROWS
    assert head.loc["UNIT", "ANC"] == "10^9/L"
    assert head.loc["LLN_M", "HGB"] == 130
    assert head.loc["LLN_F", "HGB"] == 115


def test_numbers_are_typed_as_a_site_types_them(many: Sheets) -> None:
    body = many["LAB"].iloc[5:]
    assert "<0.1" in set(body["ANC"])
    assert all(isinstance(value, int) for value in body["HGB"].dropna())
    assert body["ARC"].isna().mean() > 0.02
    both = body.dropna(subset=["ANC", "WBC"])
    both = both[both["ANC"] != "<0.1"]
    assert (both["ANC"].astype(float) <= both["WBC"].astype(float)).all()
    assert (body.duplicated(["SUBJID", "LBDTC"]).sum()) > 0


def test_dates_stand_in_order(many: Sheets) -> None:
    subj = many["SUBJ"]
    dates = subj[["RFICDTC", "ENRLDTC", "ATGSTDTC"]].apply(pd.to_datetime)
    assert (dates["RFICDTC"] <= dates["ENRLDTC"]).all()
    assert (dates["ENRLDTC"] <= dates["ATGSTDTC"]).all()
    assert dates["RFICDTC"].min() >= pd.Timestamp("2026-02-01")
    assert dates["ENRLDTC"].max() <= pd.Timestamp("2026-04-30")
    assert dates["ENRLDTC"].is_monotonic_increasing
    ae = many["AE"].dropna(subset=["AEENDTC"])
    assert (ae["AESTDTC"] <= ae["AEENDTC"]).all()
    ex = many["EX"].dropna(subset=["EXENDTC"])
    assert (ex["EXSTDTC"] <= ex["EXENDTC"]).all()


def test_nothing_happens_after_death_and_a_fatal_event_belongs_to_each(many: Sheets) -> None:
    ds = many["DS"]
    death = ds[ds["DSDECOD"] == "DEATH"].set_index("SUBJID")["DSSTDTC"]
    for code, column in {**EVENTS, "AE": "AESTDTC", "TRANSF": "CMSTDTC", "EX": "EXSTDTC"}.items():
        sheet = many[code]
        ends = sheet["SUBJID"].map(death)
        known = ends.notna()
        assert (sheet.loc[known, column] <= ends[known]).all(), code
    fatal = many["AE"].loc[many["AE"]["AEOUT"] == "FATAL"].groupby("SUBJID")["AEENDTC"].max()
    assert fatal.to_dict() == death.to_dict()
    alive = many["SUBJ"].set_index("SUBJID")["LSTALVDTC"]
    assert (alive[death.index] == death).all()


@pytest.mark.parametrize("cutoff", [date(2026, 3, 10), date(2026, 5, 31)])
def test_a_cutoff_only_shortens_the_record(few: Sheets, cutoff: date) -> None:
    cut = simulate_cohort(60, seed=5, cutoff=cutoff)
    limit = cutoff.isoformat()
    for code, column in EVENTS.items():
        whole = few[code].dropna(subset=[column])
        expected = whole[(whole[column] <= limit) & whole["SUBJID"].isin(cut["SUBJ"]["SUBJID"])]
        pd.testing.assert_frame_equal(
            cut[code].dropna(subset=[column]).reset_index(drop=True), expected.reset_index(drop=True)
        )
    for sheet in cut.values():
        for column in sheet.columns:
            if column.endswith("DTC"):
                assert (sheet[column].dropna() <= limit).all()
    assert (cut["SUBJ"]["RFICDTC"] <= limit).all()
    assert set(cut["AE"].loc[cut["AE"]["AEENDTC"].isna(), "AEENRF"]) == {"Y"}


def test_support_answers_agree_with_transfusions(few: Sheets) -> None:
    visit, transf = few["VISIT"], few["TRANSF"]
    previous = visit.groupby("SUBJID")["SVSTDTC"].shift().fillna("0000-00-00")
    products = {"RBCYN": "RBC", "PLTYN": "PLATELET"}
    blanks = 0
    for question, product in products.items():
        rows = transf[transf["CMCLAS"] == product]
        dates = {subject: list(group) for subject, group in rows.groupby("SUBJID")["CMSTDTC"]}
        for subject, since, day, answer in zip(
            visit["SUBJID"], previous, visit["SVSTDTC"], visit[question], strict=True
        ):
            if answer is None:
                blanks += 1
            else:
                given = any(since < item <= day for item in dates.get(subject, []))
                assert answer == ("Y" if given else "N")
    assert 0 < blanks < 0.05 * len(visit)


def test_no_patients_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        simulate_cohort(0, seed=1)
