"""The CDISC pilot package against what pyreadstat reads from its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.pilot import CUTOFF, DOMAINS, STUDY, pilot_folder, pilot_frame

from saa_dash.ingest.pipeline import Incoming, read_incoming
from saa_dash.model.schema import TABLES


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Incoming:
    """The package as read."""
    return read_incoming(pilot_folder(tmp_path_factory.mktemp("pilot")), study="other", cutoff=CUTOFF)


def _numbers(domain: str, test: str, column: str) -> np.ndarray:
    frame = pilot_frame(domain)
    return pd.to_numeric(frame.loc[frame[f"{domain.upper()}TESTCD"] == test, column], errors="coerce").to_numpy()


def _results(pilot: Incoming, domain: str, test: str, column: str) -> np.ndarray:
    table = pilot.tables[domain].sort_values("SRCROW")
    return table.loc[table[f"{domain}TESTCD"] == test, column].to_numpy()


def test_every_row_and_value_is_accounted_for(pilot: Incoming) -> None:
    recon = pilot.reconciliation.set_index("sheet")
    for domain in DOMAINS:
        raw = pilot_frame(domain)
        row = recon.loc[domain.upper()]
        assert row["rows_in"] == len(raw) == row["rows_out"] + row["excluded"]
        assert row["values_in"] == int((raw.notna() & (raw != "")).to_numpy().sum())
        assert len(pilot.tables[domain.upper()]) == row["rows_out"]
    assert set(recon["note"]) == {"recon.explained", "recon.sdtm_identifiers"}
    assert pilot.study == STUDY
    assert not pilot.synthetic
    assert not pilot.has_errors


def test_tables_have_the_columns_of_the_schema_and_unique_keys(pilot: Incoming) -> None:
    for name, table in TABLES.items():
        frame = pilot.tables[name]
        assert list(frame) == list(table.all_columns)
        assert frame["ROWKEY"].is_unique
        assert set(frame["STUDYID"]) <= {STUDY}
    raw = pilot_frame("lb")
    lb = pilot.tables["LB"].sort_values("SRCROW")
    assert lb["SRCROW"].tolist() == list(range(1, len(raw) + 1))
    assert lb["USUBJID"].tolist() == raw["USUBJID"].tolist()


def test_haemoglobin_is_in_grams_per_litre_from_the_collected_column(pilot: Incoming) -> None:
    assert np.allclose(
        _results(pilot, "LB", "HGB", "LBSTRESN"), _numbers("lb", "HGB", "LBORRES") * 10, rtol=0, atol=1e-9
    )
    assert set(_results(pilot, "LB", "HGB", "LBSTRESU")) == {"g/L"}
    assert np.allclose(
        _results(pilot, "LB", "HGB", "LBSTNRLO"), _numbers("lb", "HGB", "LBORNRLO") * 10, atol=1e-9, equal_nan=True
    )


@pytest.mark.parametrize(("test", "factor"), [("BILI", 17.1), ("CREAT", 88.4), ("PLAT", 1), ("WBC", 1), ("ALT", 1)])
def test_results_are_the_collected_ones_in_the_standard_unit(pilot: Incoming, test: str, factor: float) -> None:
    raw, out = _numbers("lb", test, "LBORRES"), _results(pilot, "LB", test, "LBSTRESN")
    known = ~np.isnan(raw)
    assert np.allclose(out[known], raw[known] * factor, rtol=1e-12)
    upper = _numbers("lb", test, "LBORNRHI") * factor
    assert np.allclose(_results(pilot, "LB", test, "LBSTNRHI"), upper, rtol=1e-9, equal_nan=True)


def test_results_below_detection_keep_their_sign(pilot: Incoming) -> None:
    lb, raw = pilot.tables["LB"].set_index("SRCROW").sort_index(), pilot_frame("lb")
    below = raw["LBORRES"].str.startswith("<").to_numpy()
    assert (lb["LBCENS"] == "<").to_numpy().tolist() == below.tolist()
    bilirubin = lb[(lb["LBTESTCD"] == "BILI") & (lb["LBCENS"] == "<")]
    assert bilirubin["LBSTRESN"].tolist() == [pytest.approx(0.2 * 17.1)] * 5


def test_vital_signs_are_metric(pilot: Incoming) -> None:
    fahrenheit = pilot_frame("vs").query("VSTESTCD == 'TEMP' and VSORRESU == 'F'").index + 1
    vs = pilot.tables["VS"].set_index("SRCROW")
    typed = vs.loc[fahrenheit, "VSORRES"].astype(float)
    assert ((vs.loc[fahrenheit, "VSSTRESN"] - (typed - 32) * 5 / 9).abs() < 0.006).all()
    for test, own in (("TEMP", "VSSTRESN"), ("WEIGHT", "VSSTRESN"), ("HEIGHT", "VSSTRESN"), ("SYSBP", "VSSTRESN")):
        assert np.allclose(_results(pilot, "VS", test, own), _numbers("vs", test, own), equal_nan=True)
    units = vs.dropna(subset=["VSSTRESU"]).groupby("VSTESTCD")["VSSTRESU"].unique().map(list).to_dict()
    assert units == {
        "DIABP": ["mmHg"], "HEIGHT": ["cm"], "PULSE": ["/min"], "SYSBP": ["mmHg"], "TEMP": ["C"], "WEIGHT": ["kg"],
    }  # fmt: skip


def test_subjects_screen_failures_and_deaths(pilot: Incoming) -> None:
    dm, raw = pilot.tables["DM"].set_index("USUBJID"), pilot_frame("dm").set_index("USUBJID")
    assert len(dm) == 306
    assert dm.index.tolist() == raw.index.tolist()
    assert dm.index[dm["SCRNFL"] == "Y"].tolist() == raw.index[raw["ARMCD"] == "Scrnfail"].tolist()
    assert (dm["SCRNFL"] == "Y").sum() == 52
    assert dm["DTHDTC"].dropna().tolist() == raw.loc[raw["DTHFL"] == "Y", "DTHDTC"].tolist()
    assert dm["AGE"].tolist() == raw["AGE"].tolist()
    assert dm["LSTALVDTC"].tolist() == raw["RFPENDTC"].tolist()
    treated = raw["RFXSTDTC"] != ""
    assert dm.loc[treated, "ENRLDTC"].tolist() == raw.loc[treated, "RFSTDTC"].tolist()
    assert dm["SEVERITY"].isna().all()


def test_disposition_is_in_our_words(pilot: Incoming) -> None:
    events = pilot.tables["DS"].loc[lambda ds: ds["DSCAT"] == "DISPOSITION EVENT"]
    assert events["DSDECOD"].value_counts().to_dict() == {
        "WITHDRAWAL": 139, "COMPLETED": 110, "SCREEN FAILURE": 52, "DEATH": 3, "LOST": 2,
    }  # fmt: skip
    raw = pilot_frame("ds")
    wanted = raw.loc[(raw["DSCAT"] == "DISPOSITION EVENT"), "DSDECOD"].value_counts()
    reasons = events["DSREAS"].value_counts()
    assert reasons.to_dict() == {name: wanted[name] for name in reasons.index}
    assert reasons["ADVERSE EVENT"] == 92
    others = pilot.tables["DS"].loc[lambda ds: ds["DSCAT"] != "DISPOSITION EVENT", "DSDECOD"]
    assert others.value_counts().to_dict() == {"RANDOMIZED": 254, "FINAL LAB VISIT": 254, "FINAL RETRIEVAL VISIT": 36}


def test_events_keep_severity_and_get_no_grade(pilot: Incoming) -> None:
    ae, raw = pilot.tables["AE"].sort_values("SRCROW"), pilot_frame("ae")
    assert ae["AESEV"].tolist() == raw["AESEV"].tolist()
    assert ae["AETOXGR"].isna().all()
    assert ae["AEREL"].fillna("").tolist() == raw["AEREL"].tolist()
    assert (ae["AEOUT"] == "FATAL").tolist() == (raw["AEOUT"] == "FATAL").tolist()
    assert ae["AESTDTC"].tolist() == raw["AESTDTC"].tolist()


def test_visits_are_those_of_a_cut(pilot: Incoming) -> None:
    sv = pilot.tables["SV"].sort_values("SRCROW")
    raw = pilot_frame("sv")["VISIT"]
    pairs = dict(zip(raw, zip(sv["VISIT"], sv["VISITNUM"], strict=True), strict=True))
    assert pairs["SCREENING 1"] == ("SCREENING", -1.0)
    assert pairs["BASELINE"] == ("BASELINE", 0.0)
    assert pairs["WEEK 4"] == ("W4", 4.0)
    assert pairs["WEEK 10 (T)"] == ("W10", 10.0)
    assert pairs["WEEK 26"] == ("W26", 26.0)
    assert pairs["AMBUL ECG REMOVAL"] == ("AMBUL ECG REMOVAL", round(30 / 7, 2))
    assert pairs["RETRIEVAL"] == ("RETRIEVAL", 24.01)
    assert pairs["AE FOLLOW-UP"][0] == "AE FOLLOW-UP"
    assert np.isnan([pairs["AE FOLLOW-UP"][1], pairs["UNSCHEDULED 3.1"][1]]).all()
    assert pairs["UNSCHEDULED 3.1"][0] == "UNSCHEDULED"


def test_findings_name_what_is_special_about_the_package(pilot: Incoming) -> None:
    found = {problem.code: problem for problem in pilot.problems}
    count = {code: [p.code for p in pilot.problems].count(code) for code in found}
    raw = pilot_frame("ae")
    fatal = raw.index[(raw["AESDTH"] == "Y") & (raw["AESER"] == "N")] + 1
    assert [p.row for p in pilot.problems if p.code == "sdtm_fatal_not_serious"] == fatal.tolist()
    assert count["sdtm_fatal_not_serious"] == 3
    assert found["sdtm_screen_failures"].params["n"] == 52
    assert found["sdtm_severity_without_grade"].params["n"] == 1191
    assert {"sdtm_test_absent_ANC", "sdtm_test_absent_ARC"} <= set(found)
    assert not {"sdtm_test_absent_HGB", "sdtm_test_absent_PLAT", "sdtm_units_disagree", "sdtm_unit_unknown"} & set(
        found
    )
    birth = found["sdtm_identifier_left_out"]
    assert (birth.file, birth.sheet, birth.column, birth.params["n"]) == ("dm.xpt", "DM", "BRTHDTC", 306)
    shared = found["sdtm_visitnum_shared"]
    assert (shared.value, shared.params["visits"]) == ("9.1", "UNSCHEDULED 9.1 / WEEK 14 (T)")
    partial = [p for p in pilot.problems if p.code == "sdtm_date_partial"]
    assert [(p.column, p.params["n"]) for p in partial] == [("AESTDTC", 26), ("MHSTDTC", 648)]
    assert len(pilot.problems) < 100


def test_no_date_of_birth_reaches_a_table(pilot: Incoming) -> None:
    births = set(pilot_frame("dm")["BRTHDTC"])
    for table in pilot.tables.values():
        for name in table.select_dtypes(include="str"):
            assert not births & set(table[name].dropna())


def test_a_cutoff_leaves_out_and_counts_what_starts_later(tmp_path: Path) -> None:
    day = "2013-07-01"
    incoming = read_incoming(
        pilot_folder(tmp_path, ("dm", "ae", "ds", "ex")), study="", cutoff=pd.Timestamp(day).date()
    )
    raw = {domain: pilot_frame(domain) for domain in ("dm", "ae", "ds", "ex")}
    late = set(raw["dm"].loc[raw["dm"]["DMDTC"] > day, "USUBJID"])
    for domain, start in (("ae", "AESTDTC"), ("ds", "DSSTDTC"), ("ex", "EXSTDTC")):
        kept = raw[domain][(raw[domain][start] <= day) & ~raw[domain]["USUBJID"].isin(late)]
        assert incoming.tables[domain.upper()]["SRCROW"].tolist() == (kept.index + 1).tolist()
    assert len(incoming.tables["DM"]) == 306 - len(late)
    assert incoming.excluded_after_cutoff == int(incoming.reconciliation["excluded"].sum()) > 0
    assert "recon.unbalanced" not in set(incoming.reconciliation["note"])
    ends = incoming.tables["EX"].set_index("SRCROW")["EXENDTC"]
    assert ends.dropna().max() <= day
    ongoing = incoming.tables["EX"].set_index("SRCROW")["EXENRF"] == "Y"
    assert ongoing[ongoing].index.tolist() == [row for row in ends.index if raw["ex"]["EXENDTC"][row - 1] > day]
