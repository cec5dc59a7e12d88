"""Shift tables of the pilot package against a count straight from its transport files."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from support.pilot import CUTOFF, pilot_frame
from support.slow_shifts import COUNTS, MULTIPLES, first_doses, graded_shift, number, place, ranged_shift, split, tally

from saa_dash.analysis.shifts import ShiftTable
from saa_dash.model.filters import Filters
from saa_dash.model.principal import local_principal
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.laboratory import laboratory_page, laboratory_test
from saa_dash.services.vital_signs import examination, vital_sign, vital_signs_page

WHO = local_principal()
GRADED = (*COUNTS, *MULTIPLES)
RANGED = ("K", "SODIUM", "ALB", "EOS")
TREATED = 254


def of_subjects(domain: str, test: str, tests: tuple[str, ...]) -> dict[tuple[str, str], list[dict[str, object]]]:
    """Rows by test and subject."""
    found = defaultdict(list)
    frame = pilot_frame(domain)
    for row in frame[frame[test].isin(tests)].to_dict("records"):
        found[row[test], row["USUBJID"]].append(row)
    return found


@pytest.fixture(scope="module")
def starts() -> dict[str, object]:
    return first_doses(pilot_frame("ex").to_dict("records"))


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], list[dict[str, object]]]:
    return of_subjects("lb", "LBTESTCD", (*GRADED, *RANGED))


@pytest.fixture(scope="module")
def view(pilot_data_dir: Path) -> View:
    return open_view(WHO, Request(pilot_data_dir, "latest"))


def shown(table: ShiftTable) -> Counter[tuple[str, str]]:
    return Counter({(a, b): table.counts[i][j] for i, a in enumerate(table.levels) for j, b in enumerate(table.levels)})


@pytest.mark.parametrize("test", GRADED)
def test_shifts_of_grades_equal_the_count_from_the_files(view, rows, starts, test):
    cells = {who: graded_shift(test, rows[test, who], start, CUTOFF) for who, start in starts.items()}
    counted, worse = tally(cells)
    page = laboratory_test(WHO, view, test, "")
    assert shown(page.table) == counted
    assert (page.table.treated, page.table.worsened) == (TREATED, worse)
    severe = {who for who, (cell, bad) in cells.items() if bad and cell[1] in "34"}
    assert page.table.severe == len(severe)
    codes = view.patients.set_index("USUBJID")["PCODE"]
    behind = page.rows[page.rows["WORSE"] & page.rows["AFTER"].isin(["3", "4"])]
    assert set(behind["PCODE"]) == {codes[who] for who in severe}


def test_bilirubin_to_grade_3_is_the_patient_of_the_files(view, rows, starts):
    page = laboratory_test(WHO, view, "BILI", "")
    row = page.rows[page.rows["AFTER"] == "3"].iloc[0]
    who = view.patients.set_index("PCODE")["USUBJID"][row["PCODE"]]
    base, later = split(rows["BILI", who], "LBDTC", "LBORRES", starts[who], CUTOFF)
    worst = max(later, key=lambda r: number(r["LBORRES"]))
    assert (row["BASE"], row["WORST"]) == pytest.approx((float(base["LBORRES"]) * 17.1, float(worst["LBORRES"]) * 17.1))
    assert (row["BASEDY"], row["WORSTDY"]) == (base["LBDY"], worst["LBDY"])


@pytest.mark.parametrize("test", RANGED)
def test_tests_without_grades_shift_between_low_normal_and_high(view, rows, starts, test):
    def where(row):
        limits = (number(row[name]) for name in ("LBORNRLO", "LBORNRHI"))
        return place(*limits, number(row["LBORRES"]))

    cells = {}
    for who, start in starts.items():
        base, later = split(rows[test, who], "LBDTC", "LBORRES", start, CUTOFF)
        cells[who] = ranged_shift(where(base) if base else None, [where(row) for row in later])
    counted, worse = tally(cells)
    table = laboratory_test(WHO, view, test, "").table
    assert shown(table) == counted
    assert (table.worsened, table.severe, table.treated) == (worse, None, TREATED)


def test_a_selection_is_its_own_denominator(view, rows, starts, pilot_data_dir):
    women = open_view(WHO, Request(pilot_data_dir, "latest", Filters(sex=("F",))))
    dm = pilot_frame("dm")
    chosen = {who: starts[who] for who in dm.loc[dm["SEX"] == "F", "USUBJID"] if who in starts}
    counted, worse = tally({who: graded_shift("ALT", rows["ALT", who], day, CUTOFF) for who, day in chosen.items()})
    table = laboratory_test(WHO, women, "ALT", "").table
    assert (shown(table), table.worsened, table.treated) == (counted, worse, len(chosen))
    assert next(m for m in laboratory_page(WHO, women).measures if m.test == "ALT").worsened == worse


def test_what_the_package_does_not_hold_is_said(view):
    page = laboratory_page(WHO, view)
    assert page.treated == TREATED
    assert page.missing == ("ANC", "ARC", "BILDIR", "CSA", "LDH", "CRP")
    assert page.textual == (("COLOR", "Color"),)
    assert examination(WHO, view) == ()
    by_code = {m.test: m for m in page.measures}
    assert (by_code["BILI"].severe, by_code["ALT"].severe, by_code["K"].severe) == (1, 0, None)
    assert not by_code["ANISO"].known  # neither limits nor grades


def test_vital_signs_are_compared_in_the_same_position(view, starts):
    listed = vital_signs_page(WHO, view).measures
    supine = next(m for m in listed if m.test == "SYSBP" and m.series.startswith("SUPINE"))
    found = of_subjects("vs", "VSTESTCD", ("SYSBP",))
    cells = {}
    for who, start in starts.items():
        lying = [row for row in found["SYSBP", who] if row["VSPOS"] == "SUPINE"]
        base, later = split(lying, "VSDTC", "VSORRES", start, CUTOFF)
        places = [place(number(90), number(139), number(row["VSORRES"])) for row in later]
        cells[who] = ranged_shift(place(number(90), number(139), number(base["VSORRES"])) if base else None, places)
    counted, worse = tally(cells)
    table = vital_sign(WHO, view, supine.test, supine.series).table
    assert (shown(table), table.worsened) == (counted, worse)
