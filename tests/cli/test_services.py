"""Use-cases that the pages call: who may, uploads, what is remembered, the demo."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from support.cut_maker import make_cut

from saa_dash.model.errors import EnvironmentProblem, Refused, UsageError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services import admin, audit, cuts, imports, samples, staging
from saa_dash.store.catalogue import list_cuts
from saa_dash.store.state import StateDb

LOCAL = local_principal()
NOBODY = Principal("nobody", frozenset())
DSMB = Principal("member", frozenset({Role.DSMB}))

CALLS: dict[str, Callable[[Principal, Path], object]] = {
    "check": lambda who, d: imports.check_source(who, d, d),
    "import": lambda who, d: imports.import_source(who, d, d, date(2026, 7, 31)),
    "names": lambda who, d: imports.remember_names(who, d, {"x": "ANC"}),
    "known": lambda who, d: imports.known_names(who, d),
    "demo": lambda who, d: imports.make_demo_cut(who, d),
    "marked": lambda who, d: imports.marked_copy(who, d, (), d / "x.xlsx", "zh"),
    "upload": lambda who, d: staging.stage_upload(who, d, "a.csv", b"x"),
    "template": lambda who, d: samples.write_empty_form(who, d / "x.xlsx", "zh"),
    "simulate": lambda who, d: samples.write_simulation(who, d / "x.xlsx", 3, 1, "xlsx"),
    "backup": lambda who, d: admin.backup(who, d, d / "b.zip"),
    "restore": lambda who, d: admin.restore(who, d, d / "b.zip"),
    "audit": lambda who, d: audit.audit_rows(who, d),
    "verify": lambda who, d: audit.verify_audit(who, d),
}


@pytest.mark.parametrize("who", [NOBODY, DSMB], ids=["nobody", "dsmb"])
@pytest.mark.parametrize("name", CALLS)
def test_whoever_lacks_the_right_is_refused_and_nothing_is_written(name: str, who: Principal, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        CALLS[name](who, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_cuts_are_listed_for_whoever_sees_aggregates(tmp_path: Path) -> None:
    info = make_cut(tmp_path)
    assert cuts.list_cuts(DSMB, tmp_path) == [info]
    assert cuts.resolve_cut(DSMB, tmp_path, "latest") == info
    for refused in (NOBODY, Principal("a", frozenset({Role.ADMIN}))):
        with pytest.raises(Refused):
            cuts.list_cuts(refused, tmp_path)
        with pytest.raises(Refused):
            cuts.resolve_cut(refused, tmp_path, "latest")


def test_cutoff_is_mandatory_and_not_in_the_future() -> None:
    today = date(2026, 7, 31)
    assert imports.check_cutoff(today, today) == today
    for cutoff, code in ((None, "error.cutoff_missing"), (date(2026, 8, 1), "error.cutoff_future")):
        with pytest.raises(UsageError) as error:
            imports.check_cutoff(cutoff, today)
        assert error.value.message.code == code


def test_demo_has_its_rows_in_the_audit_trail(tmp_path: Path) -> None:
    heard: list[float] = []
    made = imports.make_demo_cut(LOCAL, tmp_path, progress=lambda _message, share: heard.append(share))
    assert (made.published, made.cut.synthetic, made.cut.subjects) == (True, True, 10)
    assert (made.cut.label, made.cut.cutoff) == ("demo", date(2026, 7, 31))
    assert heard == sorted(heard)
    assert heard[-1] == 1
    rows = audit.audit_rows(LOCAL, tmp_path)
    assert [(row.actor, row.action) for row in rows] == [("local", "import"), ("local", "cut")]
    assert rows[1].details["id"] == made.cut.cut_id
    assert audit.verify_audit(LOCAL, tmp_path).ok


def test_without_the_audit_row_there_is_no_cut(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database " * 100)
    with pytest.raises(EnvironmentProblem) as error:
        imports.import_source(LOCAL, tmp_path, folder, date(2026, 7, 31))
    assert error.value.message.code == "error.state_damaged"
    assert list_cuts(tmp_path) == []


def test_names_of_a_laboratory_are_remembered(tmp_path: Path) -> None:
    assert imports.known_names(LOCAL, tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
    imports.remember_names(LOCAL, tmp_path, {"中性粒细胞": "ANC", "尿酸": "X"})
    imports.remember_names(LOCAL, tmp_path, {"尿酸": ""})
    assert imports.known_names(LOCAL, tmp_path) == {"中性粒细胞": "ANC"}
    assert [row.action for row in StateDb(tmp_path).audit_rows()] == ["mapping", "mapping"]


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_uploads_are_staged_apart_and_discarded(tmp_path: Path) -> None:
    book = staging.stage_upload(LOCAL, tmp_path, "病例报告表.xlsx", b"book")
    again = staging.stage_upload(LOCAL, tmp_path, "病例报告表.xlsx", b"other")
    assert (book.name, book.read_bytes(), again.read_bytes()) == ("病例报告表.xlsx", b"book", b"other")
    assert tmp_path / "staging" in book.parents
    one = staging.stage_upload(LOCAL, tmp_path, "LAB.csv", b"x")
    assert [path.name for path in one.iterdir()] == ["LAB.csv"]
    files = zipped(
        **{"trial/LAB.csv": b"lab", "trial/SUBJ.CSV": b"subj", "trial/note.txt": b"n", "__MACOSX/a.csv": b"m"}
    )
    many = staging.stage_upload(LOCAL, tmp_path, "all.zip", files)
    assert {path.name: path.read_bytes() for path in many.iterdir()} == {"LAB.csv": b"lab", "SUBJ.CSV": b"subj"}
    for path in (book, again, one, many):
        staging.discard_upload(tmp_path, path)
    assert list((tmp_path / "staging").iterdir()) == []
    (tmp_path / "keep.txt").write_text("x")
    for foreign in (tmp_path / "keep.txt", tmp_path / "staging", tmp_path):
        staging.discard_upload(tmp_path, foreign)
    assert (tmp_path / "keep.txt").exists()


BAD_UPLOADS = [
    ("form.xls", b"x", "error.upload_kind"),
    ("form", b"x", "error.upload_kind"),
    ("../../evil.xlsx", b"x", "error.unsafe_name"),
    ("a/b.csv", b"x", "error.unsafe_name"),
    ("all.zip", b"no zip", "error.upload_broken"),
    ("all.zip", zipped(**{"note.txt": b"x"}), "error.upload_archive"),
    ("all.zip", zipped(**{"a/LAB.csv": b"x", "b/LAB.csv": b"y"}), "error.upload_archive"),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD_UPLOADS)
def test_uploads_that_cannot_be_used(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as error:
        staging.stage_upload(LOCAL, tmp_path / "data", name, data)
    assert error.value.message.code == code
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_too_large_uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MAX_BYTES", 10)
    for name, data in (("a.xlsx", b"x" * 11), ("a.zip", zipped(**{"LAB.csv": b"x" * 11}))):
        with pytest.raises(UsageError):
            staging.stage_upload(LOCAL, tmp_path, name, data)


def test_old_uploads_go(tmp_path: Path) -> None:
    old = staging.stage_upload(LOCAL, tmp_path, "a.xlsx", b"x").parent
    before = time.time() - staging.KEEP_SECONDS - 60
    os.utime(old, (before, before))
    new = staging.stage_upload(LOCAL, tmp_path, "a.xlsx", b"x")
    assert list((tmp_path / "staging").iterdir()) == [new.parent]


def test_an_empty_form_and_its_marked_copy(tmp_path: Path) -> None:
    form, marked = tmp_path / "form.xlsx", tmp_path / "marked.xlsx"
    samples.write_empty_form(LOCAL, form, "zh")
    report = imports.check_source(LOCAL, tmp_path / "data", form)
    imports.marked_copy(LOCAL, form, report.problems, marked, "zh")
    assert marked.read_bytes()[:2] == form.read_bytes()[:2] == b"PK"
    assert report.subjects == 0
