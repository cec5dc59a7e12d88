"""Dataset-JSON 1.1: documents, lines, and every way they break."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from support.transport import dataset_json, demographics, write_json

from saa_dash.ingest.sdtm.dataset import SdtmDataset
from saa_dash.ingest.sdtm.package import read_dataset
from saa_dash.ingest.sdtm.read_json import read_dataset_json

SCHEMA = Path(__file__).parents[1] / "reference" / "dataset-json" / "dataset.schema.json"


def _read(tmp_path: Path, document: Any, name: str = "dm.json") -> SdtmDataset:
    return read_dataset(write_json(tmp_path / name, document))


def _found(dataset: SdtmDataset) -> list[tuple[str, str, int | None]]:
    return [(problem.code, problem.column, problem.row) for problem in dataset.problems]


def test_a_good_document_reads(tmp_path: Path) -> None:
    document = dataset_json("DM", demographics(AGE=[35.0, None, 0]))
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    dataset = _read(tmp_path, document)
    assert dataset.problems == ()
    assert (dataset.name, dataset.expected_rows) == ("DM", 3)
    assert dataset.frame["USUBJID"].tolist() == ["S1-01", "S1-02", "S1-03"]
    assert np.isnan(dataset.frame["AGE"].tolist()).tolist() == [False, True, False]
    assert dataset.frame.index.tolist() == [1, 2, 3]


def test_lines_read_like_a_document(tmp_path: Path) -> None:
    document = dataset_json("DM", demographics())
    rows = document.pop("rows")
    path = tmp_path / "dm.ndjson"
    path.write_text("\n".join(json.dumps(part) for part in (document, *rows)) + "\n", encoding="utf-8")
    dataset = read_dataset(path)
    assert dataset.problems == ()
    assert dataset.frame["AGE"].tolist() == [35.0, 36.0, 37.0]
    path.write_text("\n".join(json.dumps(part) for part in (document, *rows[:2])), encoding="utf-8")
    assert _found(read_dataset(path)) == [("sdtm_json_records", "records", 3)]
    path.write_text(json.dumps(document) + "\n" + json.dumps(rows[0])[:-4], encoding="utf-8")
    assert _found(read_dataset(path)) == [("sdtm_json", "", 1)]


def _rows(change: Callable[[list[list[Any]]], None]) -> Callable[[dict[str, Any]], Any]:
    def apply(document: dict[str, Any]) -> dict[str, Any]:
        change(document["rows"])
        return document

    return apply


def _without(part: str) -> Callable[[dict[str, Any]], Any]:
    return lambda document: {name: value for name, value in document.items() if name != part}


def _column(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    def apply(document: dict[str, Any]) -> dict[str, Any]:
        document["columns"][5] |= changes
        return document

    return apply


BROKEN: list[tuple[str, Callable[[dict[str, Any]], Any], list[tuple[str, str, int | None]]]] = [
    ("a list", lambda d: [d], [("sdtm_json_part", "", None)]),
    ("version 1.0", lambda d: {**d, "datasetJSONVersion": "1.0.0"}, [("sdtm_json_version", "", None)]),
    ("no version", _without("datasetJSONVersion"), [("sdtm_json_version", "", None)]),
    ("old shape", lambda d: {"clinicalData": {}, **d}, [("sdtm_json_version", "", None)]),
    ("no name", _without("name"), [("sdtm_json_part", "name", None)]),
    ("no rows", _without("rows"), [("sdtm_json_part", "rows", None)]),
    ("columns no list", lambda d: {**d, "columns": {}}, [("sdtm_json_part", "columns", None)]),
    ("records text", lambda d: {**d, "records": "3"}, [("sdtm_json_part", "records", None)]),
    ("records more", lambda d: {**d, "records": 4}, [("sdtm_json_records", "records", 4)]),
    ("records fewer", lambda d: {**d, "records": 2}, [("sdtm_json_records", "records", 4)]),
    ("row short", _rows(lambda rows: rows[1].pop()), [("sdtm_json_row_length", "SEX", 2)]),
    ("row long", _rows(lambda rows: rows[2].append(1)), [("sdtm_json_row_length", "", 3)]),
    ("row no list", _rows(lambda rows: rows.__setitem__(0, {})), [("sdtm_json_row_length", "STUDYID", 1)]),  # type: ignore[call-overload]
    ("text for number", _rows(lambda rows: rows[1].__setitem__(5, "36")), [("sdtm_json_type", "AGE", 2)]),
    ("number for text", _rows(lambda rows: rows[2].__setitem__(2, 3)), [("sdtm_json_type", "USUBJID", 3)]),
    ("truth for number", _rows(lambda rows: rows[0].__setitem__(5, True)), [("sdtm_json_type", "AGE", 1)]),
    ("endless number", _rows(lambda rows: rows[0].__setitem__(5, 10.0**308 * 10)), [("sdtm_json", "", None)]),
    ("huge number", _rows(lambda rows: rows[0].__setitem__(5, 10**400)), [("sdtm_json_type", "AGE", 1)]),
    ("fraction for integer", _column(dataType="integer"), [("sdtm_json_type", "AGE", n) for n in (1, 2, 3)]),
    ("unknown type", _column(dataType="number"), [("sdtm_variable_type_unknown", "AGE", None)]),
    ("name twice", _column(name="SEX"), [("sdtm_variable_duplicate", "SEX", None)]),
    ("column without name", _column(name=""), [("sdtm_json_part", "columns[6]", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_documents_are_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], expected: list[tuple[str, str, int | None]]
) -> None:
    dataset = _read(tmp_path, change(dataset_json("DM", demographics())))
    assert not dataset.readable
    assert _found(dataset) == expected
    assert {problem.file for problem in dataset.problems} == {"dm.json"}


def test_every_truncation_of_a_document_is_caught(tmp_path: Path) -> None:
    whole = json.dumps(dataset_json("DM", demographics())).encode()
    path = tmp_path / "dm.json"
    for size in range(len(whole)):
        assert [problem.code for problem in read_dataset_json(path, whole[:size], "").problems] == ["sdtm_json"]


def test_a_number_too_large_for_a_float_is_named(tmp_path: Path) -> None:
    text = json.dumps(dataset_json("DM", demographics())).replace("36.0", "1e999")
    path = tmp_path / "dm.json"
    path.write_text(text, encoding="utf-8")
    assert _found(read_dataset(path)) == [("sdtm_json_type", "AGE", 2)]


@pytest.mark.parametrize(
    "text", ["", "\xff", "NaN", '{"a": 1, "a": 2}', "[" * 100_000, '{"records": Infinity}', '"\\ud800"', "1" * 5_000]
)
def test_rubbish_never_raises(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dm.json"
    path.write_bytes(text.encode("latin-1"))
    dataset = read_dataset(path)
    assert not dataset.readable
    assert dataset.problems[0].file == "dm.json"
