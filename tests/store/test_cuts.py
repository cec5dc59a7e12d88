"""Publishing: same data once, whole or not at all, whatever happens in between."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from support.cut_maker import CUTOFF, make_cut, new_cut, ticking
from support.tables import STUDY, make_tables

from saa_dash.model.cut import SourceFile
from saa_dash.model.errors import EnvironmentProblem, UserError
from saa_dash.model.problem import Problem
from saa_dash.store import files
from saa_dash.store.cuts import STEPS, list_cuts, publish_cut, resolve_cut
from saa_dash.store.reader import open_cut

OTHER = {"AE": []}


def visible(data_dir: Path) -> list[str]:
    return [info.cut_id for info in list_cuts(data_dir)]


def test_id_sidecar_and_file(tmp_path: Path) -> None:
    info, published = publish_cut(tmp_path, new_cut(label="七月", importer="test"), clock=ticking())
    assert published
    assert info.cut_id == f"20260801T093100Z-{info.content_hash[:8]}"
    assert (info.created, info.cutoff, info.label) == ("2026-08-01T09:31:00Z", CUTOFF, "七月")
    assert (info.subjects, info.rows, info.table_rows["LB"], info.parent) == (3, 21, 12, None)
    path = tmp_path / "cuts" / f"{info.cut_id}.duckdb"
    assert info.file_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    document = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert document["id"] == info.cut_id
    assert document["file_sha256"] == info.file_hash
    assert document["synthetic"] is True
    assert not path.with_name(path.name + ".wal").exists()
    assert list_cuts(tmp_path) == [info]


def test_same_data_again_publish_nothing(tmp_path: Path) -> None:
    clock = ticking()
    first, _ = publish_cut(tmp_path, new_cut(), clock=clock)
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in make_tables().items()}
    again, published = publish_cut(tmp_path, new_cut(tables=shuffled, label="other"), clock=clock)
    assert (again, published) == (first, False)
    assert visible(tmp_path) == [first.cut_id]


def test_another_cutoff_over_the_same_rows_is_a_cut_of_its_own(tmp_path: Path) -> None:
    first = make_cut(tmp_path)
    frozen = ticking()
    moment = frozen()
    later, published = publish_cut(tmp_path, new_cut(cutoff=date(2026, 8, 1)), clock=lambda: moment)
    third, _ = publish_cut(tmp_path, new_cut(cutoff=date(2026, 8, 2)), clock=lambda: moment)
    assert published
    assert later.content_hash == first.content_hash
    assert later.cut_id == f"20260801T093100Z-{first.content_hash[:8]}"
    assert third.cut_id == f"20260801T093101Z-{first.content_hash[:8]}"  # one second on, for the id was taken


def test_parent_is_the_previous_cut_of_the_same_study_and_kind(tmp_path: Path) -> None:
    clock = ticking()

    def publish(study: str, synthetic: bool, **tables: list[dict[str, object]]) -> tuple[str, str | None]:
        made = new_cut(study=study, synthetic=synthetic, tables=make_tables(**tables))
        info, _ = publish_cut(tmp_path, made, clock=clock)
        return info.cut_id, info.parent

    demo, no_parent = publish(STUDY, True)
    real, real_parent = publish(STUDY, False)
    foreign, foreign_parent = publish("CDISCPILOT01", False)
    assert (no_parent, real_parent, foreign_parent) == (None, None, None)
    second, second_parent = publish(STUDY, False, **OTHER)
    assert second_parent == real
    assert publish(STUDY, True, **OTHER)[1] == demo
    assert visible(tmp_path)[1:] == [second, foreign, real, demo]


def test_resolve(tmp_path: Path) -> None:
    with pytest.raises(UserError) as empty:
        resolve_cut(tmp_path, "latest")
    assert empty.value.message.code == "error.no_cuts"
    clock = ticking()
    first, _ = publish_cut(tmp_path, new_cut(), clock=clock)
    second, _ = publish_cut(tmp_path, new_cut(tables=make_tables(AE=[])), clock=clock)
    assert resolve_cut(tmp_path, "latest") == second
    assert resolve_cut(tmp_path, first.cut_id) == first
    assert resolve_cut(tmp_path, first.cut_id[:14]) == first
    for ref, code in (
        ("20260801T093", "error.cut_ambiguous"),
        ("nope", "error.cut_unknown"),
        ("", "error.cut_unknown"),
    ):
        with pytest.raises(UserError) as error:
            resolve_cut(tmp_path, ref)
        assert error.value.message.code == code
    with pytest.raises(UserError):
        resolve_cut(tmp_path, "../cuts/" + first.cut_id)


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_no_half_cut(tmp_path: Path, step: str) -> None:
    before = make_cut(tmp_path, tables=make_tables(AE=[]))

    def fail(at: str) -> None:
        if at == step:
            raise RuntimeError(at)

    with pytest.raises(RuntimeError, match=step):
        publish_cut(tmp_path, new_cut(), on_step=fail)
    assert visible(tmp_path) == [before.cut_id]
    after = make_cut(tmp_path)
    assert visible(tmp_path) == [after.cut_id, before.cut_id]
    assert len(open_cut(tmp_path, after.cut_id).table("AE")) == 1


KILLED = """
import os, sys
from pathlib import Path
from support.cut_maker import new_cut
from saa_dash.store.cuts import publish_cut
def die(step):
    if step == sys.argv[2]:
        os._exit(9)
publish_cut(Path(sys.argv[1]), new_cut(), on_step=die)
"""


@pytest.mark.torture
def test_a_killed_publisher_leaves_no_half_cut(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "rename"], env=environment(), timeout=120)
    assert done.returncode == 9
    assert visible(tmp_path) == []
    after = make_cut(tmp_path)
    assert visible(tmp_path) == [after.cut_id]
    assert not list((tmp_path / "cuts").glob(f"{files.TEMP_PREFIX}*"))


def environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}


PUBLISHER = """
import sys
from pathlib import Path
from support.cut_maker import new_cut
from support.tables import make_tables
from saa_dash.store.cuts import publish_cut
rows = [{"USUBJID": "S", "AETERM": term} for term in sys.argv[2:]]
info, published = publish_cut(Path(sys.argv[1]), new_cut(tables=make_tables(AE=rows)))
print(info.cut_id, published)
"""


@pytest.mark.torture
def test_two_processes_at_once(tmp_path: Path) -> None:
    def run(*terms: str) -> list[str]:
        call = [sys.executable, "-c", PUBLISHER, str(tmp_path), *terms]
        done = subprocess.run(call, env=environment(), capture_output=True, text=True, timeout=120, check=True)
        return done.stdout.split()

    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(run, "b")
        results = [run("a"), other.result()]
    assert [published for _, published in results] == ["True", "True"]
    assert sorted(visible(tmp_path)) == sorted(cut_id for cut_id, _ in results)
    older = list_cuts(tmp_path)[-1]
    assert (older.parent, list_cuts(tmp_path)[0].parent) == (None, older.cut_id)


def test_what_cannot_be_recorded_is_not_published(tmp_path: Path) -> None:
    def refuse(_info: object) -> None:
        raise EnvironmentProblem("error.disk_full", path="x")

    with pytest.raises(EnvironmentProblem):
        publish_cut(tmp_path, new_cut(), record=refuse)
    assert visible(tmp_path) == []


def test_a_full_disk_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("saa_dash.store.cut_file.sync", full)
    with pytest.raises(EnvironmentProblem) as error:
        publish_cut(tmp_path, new_cut())
    assert error.value.message.code == "error.disk_full"
    assert error.value.exit_code == 4
    assert visible(tmp_path) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(EnvironmentProblem) as error:
            publish_cut(tmp_path / "data", new_cut())
    finally:
        tmp_path.chmod(0o700)
    assert error.value.message.code == "error.not_writable"


def test_a_data_directory_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(EnvironmentProblem):
        publish_cut(tmp_path / "data", new_cut())


def test_p_codes_stay_with_their_patients(tmp_path: Path) -> None:
    clock = ticking()

    def subject(number: int, enrolled: str | None) -> dict[str, object]:
        return {"USUBJID": f"S-{number}", "SUBJID": str(number), "ENRLDTC": enrolled}

    def codes(*subjects: dict[str, object]) -> dict[str, str]:
        made = new_cut(tables=make_tables(DM=list(subjects)))
        info, _ = publish_cut(tmp_path, made, clock=clock)
        return dict(open_cut(tmp_path, info.cut_id).pcodes().itertuples(index=False, name=None))

    a, b, c = subject(7, "2026-03-01"), subject(3, "2026-03-05"), subject(1, None)
    assert codes(c, b, a) == {"S-7": "P01", "S-3": "P02", "S-1": "P03"}
    d = subject(2, "2026-01-01")
    assert codes(a, c, d) == {"S-7": "P01", "S-1": "P03", "S-2": "P04"}  # S-3 has gone and keeps its number
    assert codes(a, b, c, d, subject(9, "2025-01-01")) == {
        "S-7": "P01", "S-3": "P02", "S-1": "P03", "S-2": "P04", "S-9": "P05",
    }  # fmt: skip


def test_queries_travel_and_find_their_patient(tmp_path: Path) -> None:
    problems = (
        Problem("query", "range", file="test.xlsx", sheet="LB", row=3, column="ANC", value="45", params={"low": 0}),
        Problem("note", "initials", file="test.xlsx"),
    )
    info = make_cut(tmp_path, problems=problems)
    reader = open_cut(tmp_path, info.cut_id)
    assert info.queries == 1
    assert reader.findings() == problems
    frame = reader.problems()
    assert frame["USUBJID"].tolist()[0] == f"{STUDY}-P001"
    assert pd.isna(frame["USUBJID"].tolist()[1])
    assert reader.problems([f"{STUDY}-P001"])["code"].tolist() == ["range"]


def test_sources_are_kept_once_and_checked(tmp_path: Path) -> None:
    origin = tmp_path / "in" / "form.xlsx"
    origin.parent.mkdir()
    origin.write_bytes(b"bytes")
    source = SourceFile("form.xlsx", hashlib.sha256(b"bytes").hexdigest(), 3)
    info = make_cut(tmp_path / "data", origin=origin, sources=(source,))
    assert info.sources == (source,)
    assert (tmp_path / "data" / "sources" / source.sha256).read_bytes() == b"bytes"
    changed = SourceFile("form.xlsx", hashlib.sha256(b"others").hexdigest(), 3)
    with pytest.raises(UserError) as error:
        make_cut(tmp_path / "data", origin=origin, sources=(changed,), tables=make_tables(AE=[]))
    assert error.value.message.code == "error.source_changed"
    assert visible(tmp_path / "data") == [info.cut_id]


def test_a_sidecar_of_another_name_is_no_cut(tmp_path: Path) -> None:
    info = make_cut(tmp_path)
    sidecar = tmp_path / "cuts" / f"{info.cut_id}.json"
    sidecar.with_name("copy.json").write_bytes(sidecar.read_bytes())
    (tmp_path / "cuts" / "broken.json").write_text("{")
    assert visible(tmp_path) == [info.cut_id]
