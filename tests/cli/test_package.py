"""An SDTM package through command line and upload, and against the cut before."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from support.command_line import Run
from support.transport import RECORD, demographics, transport_bytes, write_transport

from saa_dash.model.errors import UsageError
from saa_dash.model.principal import local_principal
from saa_dash.services import staging

HISTORY = {
    "STUDYID": ["S1"] * 8,
    "DOMAIN": ["MH"] * 8,
    "USUBJID": ["S1-01"] * 6 + ["S1-02", "S1-03"],
    "MHTERM": [f"{n} {'history' * 9}"[:59] for n in range(8)],
    "MHSTDTC": ["2026-01-01"] * 8,
    "MHSPID": [f"{n:02d}" for n in range(8)],
}  # one observation takes 80 bytes: each ends where a record of the file ends


def _found(document: dict[str, object], severity: str) -> list[tuple[str, str, int | None]]:
    problems: list[dict[str, object]] = document["problems"]  # type: ignore[assignment]
    return [(str(p["code"]), str(p["file"]), p["row"]) for p in problems if p["severity"] == severity]  # type: ignore[misc]


def test_a_package_is_compared_with_the_one_before(run: Run, tmp_path: Path) -> None:
    package = write_transport(tmp_path / "p", dm=demographics(), mh=HISTORY)
    whole = (package / "mh.xpt").read_bytes()
    first = run("import", package, "--cutoff", "2026-07-31", "--json")
    assert first.code == 0
    cut = json.loads(first.out)["cut"]
    assert (cut["study"], cut["synthetic"], cut["subjects"]) == ("S1", False, 3)
    assert run("import", package, "--cutoff", "2026-07-31").code == 0

    (package / "mh.xpt").write_bytes(whole[: -3 * RECORD])
    cut_off = run("check", package, "--json")
    assert cut_off.code == 1
    assert _found(json.loads(cut_off.out), "error") == [("sdtm_shorter_than_previous", "mh.xpt", 6)]

    shorter = {name: values[:5] for name, values in HISTORY.items()}
    (package / "mh.xpt").write_bytes(transport_bytes(package, "mh", {**shorter, "MHTERM": ["other" + " x" * 26] * 5}))
    checked = run("check", package, "--json")
    assert checked.code == 0
    assert _found(json.loads(checked.out), "query") == [
        ("sdtm_fewer_rows", "mh.xpt", None), ("sdtm_fewer_subjects", "mh.xpt", None),
    ]  # fmt: skip
    words = run("check", package).out
    assert "fewer rows than in the previous cut: 5, before 8" in words
    assert "fewer subjects than in the previous cut: 1, before 3" in words

    (package / "mh.xpt").unlink()
    gone = _found(json.loads(run("check", package, "--json").out), "query")
    assert ("sdtm_file_gone", "mh.xpt", None) in gone


def test_files_uploaded_together_make_one_package(tmp_path: Path) -> None:
    package = write_transport(tmp_path / "p", dm=demographics(), mh=HISTORY)
    files = {path.name: path.read_bytes() for path in package.iterdir()}
    together = staging.stage_uploads(local_principal(), tmp_path / "d", list(files.items()))
    assert {path.name: path.read_bytes() for path in together.iterdir()} == files
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"sdtm/{name}", content)
    unpacked = staging.stage_uploads(local_principal(), tmp_path / "d", [("sdtm.zip", packed.getvalue())])
    assert {path.name: path.read_bytes() for path in unpacked.iterdir()} == files
    for name, code in (("form.xlsx", "error.upload_together"), ("DM.xpt", "error.upload_twice")):
        with pytest.raises(UsageError) as error:
            staging.stage_uploads(local_principal(), tmp_path / "d", [*files.items(), (name, b"")])
        assert error.value.message.code == code
