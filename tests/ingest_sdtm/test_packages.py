"""Small packages: what is taken and how, and what is said of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.transport import dataset_json, demographics, transport_bytes, write_json, write_transport

from saa_dash.ingest.pipeline import Incoming, read_incoming

Columns = dict[str, Sequence[object]]


def _import(folder: Path, **datasets: Columns) -> Incoming:
    if "dm" not in datasets:
        datasets["dm"] = demographics()
    path = write_transport(folder, **datasets)
    return read_incoming(path, study="x", cutoff=date(2026, 7, 31), today=date(2026, 8, 1))


def _domain(name: str, n: int, **columns: Sequence[object]) -> Columns:
    base = {
        "STUDYID": ["S1"] * n,
        "DOMAIN": [name] * n,
        "USUBJID": ["S1-01"] * n,
        f"{name}SEQ": [i + 1.0 for i in range(n)],
    }
    return {**base, **columns}


def _at(incoming: Incoming, code: str) -> list[tuple[str, str, int | None, str]]:
    """Return file, variable, row and value of the findings of a kind."""
    return [(p.file, p.column, p.row, p.value) for p in incoming.problems if p.code == code]


def _laboratory(
    tests: Sequence[str], results: Sequence[str], units: Sequence[str], **more: Sequence[object]
) -> Columns:
    n = len(tests)
    columns = {
        "LBTESTCD": tests,
        "LBORRES": results,
        "LBORRESU": units,
        "LBDTC": [f"2026-03-{d + 1:02d}" for d in range(n)],
    }
    return _domain("LB", n, **columns, **more)


def test_units_of_either_column_lead_to_the_standard_unit(tmp_path: Path) -> None:
    cases = pd.DataFrame(
        [  # test, result, unit, standardised, its unit → code, value, unit
            ("HGB", "7.2", "g/dL", 4.468, "mmol/L", "HGB", 72.0, "g/L"),
            ("HGB", "72", "", 72.0, "g/L", "HGB", 72.0, "g/L"),
            ("HGB", "", "", 4.5, "mmol/L", "HGB", 72.495, "g/L"),
            ("NEUT", "0.42", "THOU/uL", 0.42, "GI/L", "ANC", 0.42, "10^9/L"),
            ("NEUT", "420", "/uL", None, "", "ANC", 0.42, "10^9/L"),
            ("PLAT", "<5", "10^9/L", None, "", "PLAT", 5.0, "10^9/L"),
            ("LYM", "1.1", "K/uL", 1.1, "10^9/L", "ALC", 1.1, "10^9/L"),
            ("RETI", "20", "10^9/L", 20.0, "10^9/L", "ARC", 20.0, "10^9/L"),
            ("CREAT", "1.1", "mg/dL", 97.2, "umol/L", "CREAT", 97.24, "umol/L"),
            ("CYCLSPRN", "210", "ng/mL", 210.0, "ng/mL", "CSA", 210.0, "ug/L"),
            ("BUN", "10", "mg/dL", 3.57, "mmol/L", "UREAN", 3.57, "mmol/L"),
            ("ALB", "3.8", "g/dL", 38.0, "g/L", "ALB", 38.0, "g/L"),
        ],
        columns=["test", "result", "unit", "own", "own_unit", "code", "value", "standard"],
    )
    more = {"LBSTRESN": cases["own"], "LBSTRESU": cases["own_unit"]}
    incoming = _import(tmp_path, lb=_laboratory(cases["test"], cases["result"], cases["unit"], **more))
    lb = incoming.tables["LB"]
    assert lb["LBTESTCD"].tolist() == cases["code"].tolist()
    assert lb["LBSTRESN"].tolist() == pytest.approx(cases["value"].tolist())
    assert lb["LBSTRESU"].tolist() == cases["standard"].tolist()
    assert lb["LBCENS"].dropna().to_dict() == {5: "<"}
    assert not incoming.has_errors
    assert _at(incoming, "sdtm_units_disagree") == []
    assert "recon.unbalanced" not in set(incoming.reconciliation["note"])


def test_results_that_cannot_be_converted_have_no_standard_value(tmp_path: Path) -> None:
    more = {"LBSTRESN": [9.0, 30.0, 5.0, None], "LBSTRESU": ["furlong", "%", "g/L", ""]}
    tests, results = ["HGB", "ANC", "HGB", "PLAT"], ["9", "30", "9", "many"]
    lb = _laboratory(tests, results, ["furlong", "%", "g/dL", "10^9/L"], **more)
    incoming = _import(tmp_path, lb=lb)
    assert incoming.tables["LB"]["LBSTRESN"].fillna(-1).tolist() == [-1, -1, 90.0, -1]
    assert _at(incoming, "sdtm_unit_unknown") == [
        ("lb.xpt", "LBORRESU", 1, "furlong"), ("lb.xpt", "LBORRESU", 2, "%"),
    ]  # fmt: skip
    assert _at(incoming, "sdtm_units_disagree") == [("lb.xpt", "LBORRES", 3, "9")]
    assert _at(incoming, "sdtm_result_not_numeric") == [("lb.xpt", "LBORRES", 4, "many")]
    assert "recon.unbalanced" not in set(incoming.reconciliation["note"])


def test_implausible_values_are_queried_once_per_test(tmp_path: Path) -> None:
    tests, results, units = ["HGB", "HGB", "HGB", "PLAT"], ["250", "90", "12", "900"], ["g/L"] * 3 + ["10^9/L"]
    vs = _domain(
        "VS", 2, VSTESTCD=["TEMP", "TEMP"], VSORRES=["98.6", "37"], VSORRESU=["F", "F"], VSDTC=["2026-03-05"] * 2
    )
    incoming = _import(tmp_path, lb=_laboratory(tests, results, units), vs=vs)
    found = [(p.row, p.params["test"], p.params["n"]) for p in incoming.problems if p.code == "sdtm_implausible"]
    assert sorted(found) == [(1, "HGB", 2), (2, "TEMP", 1), (4, "PLAT", 1)]
    assert incoming.tables["VS"]["VSSTRESN"].tolist() == pytest.approx([37.0, 25 / 9])


def test_reticulocytes_in_percent_need_the_red_cells_of_the_sample(tmp_path: Path) -> None:
    lb = _laboratory(["RBC", "RETI", "RETI"], ["2.5", "1.2", "0.8"], ["TI/L", "%", "%"])
    lb["LBDTC"] = ["2026-03-05T08:30", "2026-03-05T08:30", "2026-03-09"]
    incoming = _import(tmp_path, lb=lb)
    assert incoming.tables["LB"]["LBSTRESN"].fillna(-1).tolist() == [2.5, 30.0, -1]
    assert _at(incoming, "sdtm_result_without_red_cells") == [("lb.xpt", "LBORRES", 3, "0.8")]


def test_dates_as_the_standard_has_them(tmp_path: Path) -> None:
    typed = [
        "2026-03-05T08:30:15",
        "2026-03",
        "2026",
        "2026---15",
        "2026-03-05T08",
        "--12-15",
        "05MAR2026",
        "2026-02-30",
    ]
    read = ["2026-03-05T08:30", "2026-03", "2026", "2026", "2026-03-05", None, None, None]
    incoming = _import(tmp_path, mh=_domain("MH", 8, MHTERM=list("abcdefgh"), MHSTDTC=typed))
    assert (
        incoming.tables["MH"].sort_values("SRCROW")["MHSTDTC"].astype(object).where(lambda d: d.notna(), None).tolist()
        == read
    )
    assert [p.params["n"] for p in incoming.problems if p.code == "sdtm_date_partial"] == [3]
    assert _at(incoming, "sdtm_date_without_year") == [("mh.xpt", "MHSTDTC", 6, "--12-15")]
    assert _at(incoming, "sdtm_date_unreadable") == [
        ("mh.xpt", "MHSTDTC", 7, "05MAR2026"), ("mh.xpt", "MHSTDTC", 8, "2026-02-30"),
    ]  # fmt: skip
    assert incoming.has_errors


def test_events_in_our_words(tmp_path: Path) -> None:
    ae = _domain(
        "AE", 4,
        AETERM=["Fever", "Rash", "Sepsis", "Cough"],
        AETOXGR=["2", "", "5", "1"],
        AEOUT=["RECOVERED/RESOLVED", "RECOVERING/RESOLVING", "FATAL", "GONE"],
        AEREL=["POSSIBLY RELATED", "RELATED", "NOT RELATED", "Y"],
        AEACN=["DRUG WITHDRAWN", "DOSE REDUCED", "NOT APPLICABLE", "UNKNOWN"],
        AESER=["N", "N", "N", "Y"],
        AESDTH=["", "", "Y", ""],
        AESTDTC=["2026-03-05", "2026-03-09", "2026-03-10", "2026-03-11"],
        AEENDTC=["2026-03-01", "", "", "2027-01-01"],
        AEENRTPT=["", "ONGOING", "", ""],
    )  # fmt: skip
    incoming = _import(tmp_path, ae=ae)
    table = incoming.tables["AE"].sort_values("SRCROW")
    assert table["AETOXGR"].fillna(0).tolist() == [2, 0, 5, 1]
    assert table["AEOUT"].tolist() == ["RECOVERED", "RECOVERING", "FATAL", "GONE"]
    assert table["AEREL"].tolist() == ["POSSIBLE", "RELATED", "NOT RELATED", "RELATED"]
    assert table["AEACN"].fillna("").tolist() == ["WITHDRAWN", "REDUCED", "NOT_APPLICABLE", ""]
    assert table["AEENRF"].fillna("").tolist() == ["", "Y", "", "Y"]  # the last one ends after the cut-off
    assert _at(incoming, "sdtm_term_unknown") == [("ae.xpt", "AEOUT", 4, "GONE")]
    assert _at(incoming, "sdtm_date_order") == [("ae.xpt", "AEENDTC", 1, "2026-03-01")]
    assert _at(incoming, "sdtm_date_future") == [("ae.xpt", "AEENDTC", 4, "2027-01-01")]
    assert _at(incoming, "sdtm_fatal_not_serious") == [("ae.xpt", "AESER", 3, "N")]
    assert _at(incoming, "sdtm_death_without_disposition") == [("ae.xpt", "AEOUT", 3, "FATAL")]
    recon = incoming.reconciliation.set_index("sheet").loc["AE"]
    assert (recon["note"], recon["values_added"], recon["values_missing"]) == ("recon.explained", 1, 1)


def test_the_end_of_treatment_is_not_the_end_of_the_study(tmp_path: Path) -> None:
    ds = _domain(
        "DS", 6,
        DSDECOD=["COMPLETED", "ADVERSE EVENT", "COMPLETED", "DEATH", "RANDOMIZED", "INFORMED CONSENT OBTAINED"],
        DSCAT=["DISPOSITION EVENT"] * 3 + ["OTHER EVENT", "PROTOCOL MILESTONE", "PROTOCOL MILESTONE"],
        DSSCAT=["STUDY TREATMENT", "STUDY TREATMENT", "STUDY PARTICIPATION", "", "", ""],
        DSSTDTC=["2026-05-01", "2026-04-01", "2026-06-01", "2026-07-01", "2026-03-04", "2026-03-01"],
    )  # fmt: skip
    incoming = _import(tmp_path, ds=ds)
    assert incoming.tables["DS"].sort_values("SRCROW")["DSDECOD"].tolist() == [
        "TREATMENT COMPLETED", "DISCONTINUATION", "COMPLETED", "DEATH", "RANDOMIZED", "INFORMED CONSENT OBTAINED",
    ]  # fmt: skip
    first = incoming.tables["DM"].iloc[0]
    assert (first["DTHDTC"], first["ENRLDTC"], first["RFICDTC"]) == ("2026-07-01", "2026-03-04", "2026-03-01")


def test_treatment_support_and_examination(tmp_path: Path) -> None:
    ex = _domain("EX", 3, EXTRT=["Rabbit anti-thymocyte globulin", "CYCLOSPORINE", "Aspirin"], EXDOSE=[3.0, 5.0, 100.0],
                 EXDOSU=["mg/kg", "mg/kg", "mg"], EXSTDTC=["2026-03-05"] * 3)  # fmt: skip
    cm = _domain("CM", 4, CMTRT=["Filgrastim", "Packed red cells", "Platelets", "Vitamin C"],
                 CMSTDTC=["2026-03-05"] * 4)  # fmt: skip
    pe = _domain("PE", 3, PETESTCD=["SKIN", "CHEST", "SKIN"], PEORRES=["NORMAL", "rales", "ABNORMAL"],
                 PECLSIG=["", "Y", ""])  # fmt: skip
    incoming = _import(tmp_path, ex=ex, cm=cm, pe=pe)
    tables = {name: frame.sort_values("SRCROW") for name, frame in incoming.tables.items()}
    assert tables["EX"][["EXTRT", "EXDOSU"]].to_numpy().tolist() == [
        ["RATG", "MG_KG"],
        ["CSA", "MG_KG"],
        ["Aspirin", "mg"],
    ]
    assert tables["CM"]["CMCLAS"].tolist() == ["GCSF", "RBC", "PLATELET", "OTHER"]
    assert tables["CM"]["CMCAT"].tolist() == ["GROWTH FACTOR", "TRANSFUSION", "TRANSFUSION", "CONCOMITANT"]
    assert tables["PE"]["PEORRES"].tolist() == ["NORMAL", "ABNORMAL_CS", "ABNORMAL"]


def test_identifiers_are_left_out_or_refused(tmp_path: Path) -> None:
    dm = demographics(BRTHDTC=["1990-01-01"] * 3, XINIT=["AB"] * 3)
    path = write_transport(tmp_path / "a", dm=dm)
    content = (path / "dm.xpt").read_bytes()
    (path / "dm.xpt").write_bytes(content.replace(b"XINIT   " + b" " * 40, b"XINIT   " + b"Subject Initials".ljust(40)))
    incoming = read_incoming(path, study="x", cutoff=None)
    assert [place[1] for place in _at(incoming, "sdtm_identifier_left_out")] == ["BRTHDTC", "XINIT"]
    row = incoming.reconciliation.set_index("sheet").loc["DM"]
    assert (row["note"], row["values_in"]) == ("recon.sdtm_identifiers", 9 * 3)
    assert not incoming.has_identifiers
    called = _import(tmp_path / "b", mh=_domain("MH", 2, MHTERM=["Fever", "call 13812345678"]))
    assert called.has_identifiers
    assert _at(called, "identifier_mobile") == [("mh.xpt", "MHTERM", 2, "c********")]


def test_faults_of_structure_are_named_with_their_place(tmp_path: Path) -> None:
    mh = _domain(
        "MH", 6,
        MHTERM=list("abcdef"),
        USUBJID=["S1-01", "", "S1-01", "S1-01", "S1-9", "S1-01"],
        STUDYID=["S1", "S1", "S2", "S1", "S1", "S1"],
        DOMAIN=["MH", "MH", "MH", "XX", "MH", "MH"],
        MHSEQ=[1.0, 2.0, 3.0, 4.0, 5.0, 1.0],
        MHSPID=[7.0] * 6,
    )  # fmt: skip
    ae = {"STUDYID": ["S1"], "USUBJID": ["S1-01"], "AESTDTC": ["2026"]}
    dm = demographics(("01", "02", "01"), AGE=["35", "x", "37"])
    incoming = _import(tmp_path, dm=dm, mh=mh, ae=ae, suppae={"RDOMAIN": ["AE"], "QNAM": ["X"]})
    places = {
        "value_missing": ("mh.xpt", "USUBJID", 2, ""),
        "study_differs": ("mh.xpt", "STUDYID", 3, "S2"),
        "domain_differs": ("mh.xpt", "DOMAIN", 4, "XX"),
        "subject_unknown": ("mh.xpt", "USUBJID", 5, "S1-9"),
        "sequence_duplicate": ("mh.xpt", "MHSEQ", 6, "1"),
        "subject_duplicate": ("dm.xpt", "USUBJID", 3, "S1-01"),
        "number_unreadable": ("dm.xpt", "AGE", 2, "x"),
        "variable_missing": ("ae.xpt", "AETERM", None, ""),
        "domain_missing": ("ae.xpt", "DOMAIN", None, ""),
        "domain_not_taken": ("suppae.xpt", "", None, ""),
        "other_study": ("", "STUDYID", None, "S1"),
    }
    for code, place in places.items():
        assert _at(incoming, f"sdtm_{code}") == [place], code
    assert _at(incoming, "sdtm_type") == [("dm.xpt", "AGE", 1, "35"), ("mh.xpt", "MHSPID", 1, "7")]
    alone = read_incoming(write_transport(tmp_path / "alone", mh=mh), study="x", cutoff=None)
    assert _at(alone, "sdtm_no_subjects_file") == [("", "", None, "")]
    assert alone.has_errors


def test_files_of_a_package(tmp_path: Path) -> None:
    path = write_transport(tmp_path / "p", dm=demographics())
    for name in ("lbch", "lbhe"):
        columns = _laboratory(["HGB"], ["7"], ["g/dL"])
        (path / f"{name}.xpt").write_bytes(transport_bytes(path, name, columns))
    write_json(path / "mh.json", dataset_json("MH", _domain("MH", 1, MHTERM=["头痛"])))
    (path / "notes.csv").write_text("a,b\n")
    (path / ".hidden.xpt").write_text("")
    incoming = read_incoming(path, study="x", cutoff=None)
    assert not incoming.has_errors
    assert incoming.tables["LB"][["SRCFILE", "SRCROW"]].to_numpy().tolist() == [["lbch.xpt", 1], ["lbhe.xpt", 1]]
    assert incoming.tables["LB"]["ROWKEY"].tolist() == ["LB|S1-01|HGB|2026-03-01|1", "LB|S1-01|HGB|2026-03-01|2"]
    assert incoming.tables["MH"]["MHTERM"].tolist() == ["头痛"]
    assert [place[0] for place in _at(incoming, "sdtm_file_not_read")] == ["notes.csv"]
    assert [(source.name, source.rows) for source in incoming.sources] == [
        ("dm.xpt", 3), ("lbch.xpt", 1), ("lbhe.xpt", 1), ("mh.json", 1),
    ]  # fmt: skip
    write_json(path / "dm.json", dataset_json("DM", demographics()))
    assert _at(read_incoming(path, study="x", cutoff=None), "sdtm_domain_twice") == [("dm.xpt", "", None, "")]
    alone = read_incoming(path / "dm.xpt", study="x", cutoff=None)
    assert (len(alone.tables["DM"]), alone.study) == (3, "S1")


def test_many_findings_of_a_kind_are_not_many_lines(tmp_path: Path) -> None:
    n = 400
    incoming = _import(tmp_path, mh=_domain("MH", n, MHTERM=["a"] * n, USUBJID=["S1-99"] * n, MHSTDTC=["2026"] * n))
    assert len(_at(incoming, "sdtm_subject_unknown")) == 50
    rest = next(p for p in incoming.problems if p.code == "sdtm_more_rows")
    assert (rest.severity, rest.column, dict(rest.params)) == ("error", "USUBJID", {"n": 350, "first_row": 51})
    assert [p.params["n"] for p in incoming.problems if p.code == "sdtm_date_partial"] == [n]


def test_progress_goes_up_and_ends(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    path = write_transport(tmp_path, dm=demographics(), mh=_domain("MH", 1, MHTERM=["a"]))

    def progress(message: Any, share: float) -> None:
        heard.append((message.code, share))

    read_incoming(path, study="x", cutoff=None, progress=progress)
    assert [share for _, share in heard] == sorted(share for _, share in heard)
    assert heard[-1] == ("ingest.step.done", 1.0)
    assert [code for code, _ in heard].count("ingest.sdtm.read") == 2
