"""What is written: columns, values, round trips, manifest, dictionary, refusals."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from support.cut_maker import make_cut
from support.rich_cut import LONG_TERM, rich_tables

from saa_dash.analysis.adam import DATASETS, FIRST_COLUMNS
from saa_dash.analysis.adtte import PARAMETERS
from saa_dash.export.variables import specs_of
from saa_dash.i18n.catalogue import has_key, keys
from saa_dash.model.errors import Refused, UsageError, UserError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.audit import audit_rows
from saa_dash.services.export import export_cut

SCHEMA = Path(__file__).parents[1] / "reference" / "dataset-json" / "dataset.schema.json"
ME = local_principal()


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def columns_of(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")


# ----------------------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("name", FIRST_COLUMNS)
def test_the_columns_others_rely_on_come_first(exported, name):
    assert tuple(columns_of(exported["csv"], name)[: len(FIRST_COLUMNS[name])]) == FIRST_COLUMNS[name]


def test_numbers_have_17_digits_dates_are_iso_and_missing_is_empty(exported):
    rows = read_csv(exported["csv"], "ADLB")
    late = [row for row in rows if row["ADT"] == "2026-07-10"]
    assert {row["AVAL"] for row in late} == {"0.33333333333333331"}
    first = rows[0]
    assert (first["AVAL"], first["LBCENS"], first["ATOXGR"], first["ATOXV"]) == ("0.10000000000000001", "<", "4", "5.0")
    assert (first["ABLFL"], first["ADY"], first["CHG"]) == ("Y", "-3", "")


def test_texts_survive_commas_and_quotes(exported):
    events = {row["AESPID"]: row for row in read_csv(exported["csv"], "ADAE")}
    assert events["1"]["AETERM"] == LONG_TERM
    assert events["2"]["AETERM"] == '=皮疹, "红"'
    assert (events["1"]["ASTDT"], events["1"]["ASTDTF"], events["1"]["TRTEMFL"]) == ("2026-03-02", "D", "Y")
    assert (events["1"]["OFFINF1"], events["1"]["RELATG"], events["2"]["AETOXGR"]) == ("-2", "Y", "")


def test_subjects_absent_from_a_parameter_are_flagged_in_adsl(exported):
    adsl = {row["USUBJID"]: row for row in read_csv(exported["csv"], "ADSL")}
    adtte = {(row["USUBJID"], row["PARAMCD"]) for row in read_csv(exported["csv"], "ADTTE")}
    for subject, row in adsl.items():
        for param in PARAMETERS:
            assert (row[f"NA{param.removeprefix('TT')}"] == "") == ((subject, param) in adtte)


def test_exposure_holds_what_was_planned_and_what_was_missed(exported):
    rows = [row for row in read_csv(exported["csv"], "ADEX") if row["EXTRT"] == "UCBMNC" and row["PARAMCD"] == "DOSE"]
    first = rows[0]
    assert (first["AVAL"], first["PLAN"], first["DAYSOFF"], first["TIMEDEV"]) == ("3.1000000000000001", "3", "0", "N")
    assert [row["MISSFL"] for row in rows if row["USUBJID"] == first["USUBJID"]] == ["", "Y"]


# --------------------------------------------------------------------------------------------------- round trips


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("name", DATASETS)
def test_parquet_reads_back_as_csv_does(exported, name):
    table = pq.read_table(exported["parquet"] / f"{name}.parquet")
    frame = table.to_pandas().astype("str").replace({"None": "", "nan": "", "NaN": "", "<NA>": ""})
    assert frame.columns.tolist() == columns_of(exported["csv"], name)
    assert table.num_rows == len(read_csv(exported["csv"], name))
    types = {spec.name: spec.type for spec in specs_of(name, frame.columns.tolist())}
    written = pd.DataFrame(read_csv(exported["csv"], name), columns=frame.columns, dtype="str")
    texts = [column for column, kind in types.items() if kind in ("text", "date")]
    same(frame[texts].fillna(""), written[texts])
    numbers = [column for column, kind in types.items() if kind in ("integer", "float")]
    same(table.select(numbers).to_pandas().astype("float64"), written[numbers].replace("", "nan").astype("float64"))
    assert table.schema.metadata[b"synthetic"] == b"Y"


@pytest.mark.parametrize("name", DATASETS)
def test_xpt_opens_with_names_labels_dates_and_marks(exported, name):
    path = exported["xpt"] / f"{name}.xpt"
    frame, meta = pyreadstat.read_xport(str(path), encoding="utf-8", disable_datetime_conversion=True)
    written = read_csv(exported["csv"], name)
    assert frame.columns.tolist() == columns_of(exported["csv"], name)
    assert (meta.table_name, len(frame)) == (name, len(written))
    assert meta.file_label.startswith("SYNTHETIC ")
    assert all(label and len(label) <= 40 for label in meta.column_labels)
    for spec in specs_of(name, frame.columns.tolist()):
        column = [row[spec.name] for row in written]
        if spec.type == "date":
            assert meta.original_variable_types[spec.name] == "DATE9"
            days = [None if x == "" else (pd.Timestamp(x) - pd.Timestamp("1960-01-01")).days for x in column]
            assert [None if x != x else x for x in frame[spec.name]] == days
        elif spec.type == "text":
            assert frame[spec.name].tolist() == [x.encode()[:200].decode(errors="ignore") for x in column]
        else:
            numbers = [float(x or "nan") for x in column]
            assert frame[spec.name].tolist() == pytest.approx(numbers, rel=1e-15, nan_ok=True)


def test_what_xpt_cannot_hold_is_cut_at_a_character_and_said(cut, tmp_path):
    data_dir, info = cut
    done = export_cut(ME, data_dir, info.cut_id, tmp_path / "x", "xpt")
    note = next(note for note in done.notes if note.params["variable"] == "AETERM")
    assert (note.code, note.params["n"], note.params["dataset"]) == ("export.text_cut", 1, "ADAE")
    assert json.loads((tmp_path / "x" / "manifest.json").read_text("utf-8"))["notes"][0]["variable"] == "AETERM"
    frame, _ = pyreadstat.read_xport(str(tmp_path / "x" / "ADAE.xpt"), encoding="utf-8")
    kept = frame["AETERM"].iloc[0]
    assert LONG_TERM.startswith(kept) and 198 <= len(kept.encode()) <= 200


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_json_is_valid_and_holds_the_same_values(exported, name):
    document = json.loads((exported["dataset-json"] / f"{name}.json").read_text("utf-8"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    written = read_csv(exported["csv"], name)
    assert (document["records"], document["name"]) == (len(written), name)
    assert document["label"].startswith("[SYNTHETIC] ")
    names = [column["name"] for column in document["columns"]]
    assert names == columns_of(exported["csv"], name)
    for row, line in zip(document["rows"], written, strict=True):
        shown = ["" if x is None else x if isinstance(x, str) else f"{x:.17g}" for x in row]
        assert shown == list(line.values())
    assert sorted(c["keySequence"] for c in document["columns"] if "keySequence" in c)[0] == 1


# --------------------------------------------------------------------------------- manifest, dictionary, refusals


def test_the_manifest_names_cut_settings_and_files(exported, cut):
    manifest = json.loads((exported["csv"] / "manifest.json").read_text("utf-8"))
    info = cut[1]
    assert (manifest["cut"], manifest["content_hash"]) == (info.cut_id, info.content_hash)
    assert (manifest["synthetic"], manifest["sensitivity"], manifest["marks"]) == (True, False, ["SYNTHETIC"])
    assert [file["dataset"] for file in manifest["files"]] == list(DATASETS)
    for file in manifest["files"]:
        content = (exported["csv"] / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert "SYNTHETIC" in (exported["csv"] / "README.en.txt").read_text("utf-8")


def test_any_other_than_the_primary_setting_is_stamped(cut, tmp_path):
    data_dir, info = cut
    given = [("criteria", "race"), ("treatment.hetrombopag_days", "84")]
    done = export_cut(ME, data_dir, info.cut_id, tmp_path / "s", "xpt", given)
    assert done.changed == ("primary.criteria", "treatment.hetrombopag_days")
    manifest = json.loads((tmp_path / "s" / "manifest.json").read_text("utf-8"))
    assert manifest["sensitivity"] is True and manifest["marks"] == ["SYNTHETIC", "SENSITIVITY"]
    assert manifest["settings"]["criteria"] == "race"
    frame, meta = pyreadstat.read_xport(str(tmp_path / "s" / "ADRS.xpt"))
    assert meta.file_label == "SYNTHETIC SENSITIVITY Response"
    assert set(frame["CRITVER"]) == {"race v1"}
    same_setting = export_cut(ME, data_dir, info.cut_id, tmp_path / "p", "csv", [("criteria", "nih")])
    assert not same_setting.sensitivity


def test_every_variable_is_described_in_both_languages(exported):
    with (exported["csv"] / "data_dictionary.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    told = [(row["DATASET"], row["VARIABLE"]) for row in rows]
    assert told == [(name, column) for name in DATASETS for column in columns_of(exported["csv"], name)]
    for row in rows:
        assert all(row[column] for column in ("LABEL_ZH", "LABEL_EN", "TYPE", "DERIVATION_ZH", "DERIVATION_EN")), row
        assert len(row["LABEL_EN"]) <= 40 and len(row["VARIABLE"]) <= 8
    described = {(row["DATASET"], row["VARIABLE"]): row for row in rows}
    assert "NYD = Not yet due" in described["ADRS", "AVALC"]["CODES_EN"]
    assert "CR = 完全反应" in described["ADRS", "AVALC"]["CODES_ZH"]
    assert described["ADSL", "AGE"]["DERIVATION_EN"] == "DM.AGE"


def test_every_list_of_codes_has_words(exported):
    for name in DATASETS:
        for spec in specs_of(name, columns_of(exported["csv"], name)):
            assert not spec.codes or any(key.startswith(f"{spec.codes}.") for key in keys("en")), spec
            assert has_key("zh", f"variable.{spec.scope}.{spec.name}.label")


def test_codes_that_occur_are_in_their_lists(exported):
    known = keys("en")
    for name in DATASETS:
        rows = read_csv(exported["csv"], name)
        for spec in specs_of(name, columns_of(exported["csv"], name)):
            found = {row[spec.name] for row in rows if row[spec.name]} if spec.codes else set()
            missing = {code for code in found if f"{spec.codes}.{code}" not in known}
            assert not missing, (name, spec.name, missing)


def test_the_same_cut_gives_the_same_bytes_whatever_the_order_of_its_rows(cut, exported, tmp_path):
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in rich_tables().items()}
    other = tmp_path / "data"
    make_cut(other, tables=shuffled, synthetic=True)
    export_cut(ME, other, "latest", tmp_path / "csv", "csv")
    for name in DATASETS:
        assert (tmp_path / "csv" / f"{name}.csv").read_bytes() == (exported["csv"] / f"{name}.csv").read_bytes()
    data_dir, info = cut
    for fmt, suffix in (("xpt", "xpt"), ("dataset-json", "json"), ("parquet", "parquet")):
        export_cut(ME, data_dir, info.cut_id, tmp_path / fmt, fmt)
        again, before = (folder / f"ADRS.{suffix}" for folder in (tmp_path / fmt, exported[fmt]))
        assert again.read_bytes() == before.read_bytes()


def test_an_export_is_audited_before_it_happens(cut, tmp_path):
    data_dir, info = cut
    export_cut(ME, data_dir, info.cut_id, tmp_path / "a", "csv", [("arc_cut", "20")])
    last = audit_rows(ME, data_dir, 1)[0]
    assert (last.action, last.details["cut"], last.details["sensitivity"]) == (
        "export",
        info.cut_id,
        ["primary.arc_cut"],
    )


@pytest.mark.parametrize("role", [Role.DSMB, Role.PRESENTER, Role.DATA_MANAGER, Role.ADMIN])
def test_without_the_right_nothing_is_written(cut, tmp_path, role):
    with pytest.raises(Refused):
        export_cut(Principal("x", frozenset({role})), cut[0], "latest", tmp_path / "no", "csv")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ([("arc", "20")], "arc_cut"),
        ([("arc_cut", "many")], "1…300"),
        ([("criteria", "protocol")], "nih, race, camitta_ebmt"),
        ([("origin", "birth")], "atg_start, atg_end, first_infusion"),
        ([("window_days", "14")], "0…13"),
        ([("confirm_min", "40")], "confirm_min"),
        ([("cell_dose_per_infusion", "yes")], "true, false"),
    ],
)
def test_a_wrong_setting_lists_what_is_allowed(cut, tmp_path, given, allowed):
    with pytest.raises(UsageError) as raised:
        export_cut(ME, cut[0], "latest", tmp_path / "no", "csv", given)
    assert allowed in str(raised.value.remedy.params["allowed"])
    assert not (tmp_path / "no").exists()


def test_an_existing_folder_is_replaced_only_when_told(cut, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept")
    with pytest.raises(UserError):
        export_cut(ME, cut[0], "latest", out, "csv")
    assert (out / "mine.txt").read_text() == "kept"
    export_cut(ME, cut[0], "latest", out, "csv", force=True)
    assert (out / "ADSL.csv").exists() and not (out / "mine.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
