"""`estimate`: files in, files out, problems listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saa_dash.cli import main


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def times(tmp_path: Path) -> Path:
    return write(tmp_path / "in.csv", '"time","event","group"\n5,1,"10"\n8,0,"2"\n8,1,"10"\n9.5,2,"2"\n')


@pytest.mark.parametrize("kind", ["km", "cif", "quantiles"])
def test_layout_is_that_of_the_reference(reference: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out.csv"
    assert main(["estimate", kind, str(reference / "bmt_relapse.csv"), "--out", str(out)]) == 0
    ours, theirs = out.read_text().splitlines(), (reference / f"bmt_relapse.{kind}.csv").read_text().splitlines()
    assert ours[0] == theirs[0]
    assert len(ours) == len(theirs)
    keys = {"km": 3, "cif": 4, "quantiles": 3}[kind]
    assert [line.split(",")[:keys] for line in ours] == [line.split(",")[:keys] for line in theirs]
    assert [[cell == "NA" for cell in line.split(",")] for line in ours] == [
        [cell == "NA" for cell in line.split(",")] for line in theirs
    ]


def test_one_scale_all_first_groups_as_numbers_17_digits(times: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert main(["estimate", "km", str(times), "--conf-type", "plain", "--out", str(out)]) == 0
    lines = out.read_text().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ['"all"'] * 3 + ['"2"'] * 2 + ['"10"'] * 2
    assert lines[1].startswith('"all","plain",5,4,1,0,0.75,0.2165063509461096')
    assert float(lines[1].split(",")[8]) == pytest.approx(0.75 - 1.959963984540054 * 0.75 / 12**0.5, abs=1e-15)
    assert lines[3] == '"all","plain",9.5,1,1,0,0,NA,NA,NA'


def test_columns_in_any_order_and_further_ones(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "\ufeffID, Event ,TIME\nP1,1,3\n\nP2,0,4\n")
    out = tmp_path / "out.csv"
    assert main(["estimate", "quantiles", str(source), "--conf-type", "log", "--out", str(out)]) == 0
    assert out.read_text().splitlines()[2].startswith('"all","log",0.5,3.5')


def problems_of(capsys: pytest.CaptureFixture[str], source: Path, code: int = 1) -> list[tuple[str, int | None, str]]:
    assert main(["--json", "estimate", "km", str(source), "--out", str(source.with_name("out.csv"))]) == code
    assert not source.with_name("out.csv").exists()
    return [(p["code"], p["row"], p["value"]) for p in json.loads(capsys.readouterr().out)["problems"]]


def test_every_problem_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", "time,event,group\n-1,0,a\nNA,1.5,\n3,1\n4,10,b\n1_0,1,b\ninf,x,b\n")
    assert problems_of(capsys, source) == [
        ("estimate_time_invalid", 2, "-1"),
        ("estimate_time_invalid", 3, "NA"),
        ("estimate_event_invalid", 3, "1.5"),
        ("estimate_group_invalid", 3, ""),
        ("estimate_cells", 4, ""),
        ("estimate_event_invalid", 5, "10"),
        ("estimate_time_invalid", 6, "1_0"),
        ("estimate_time_invalid", 7, "inf"),
        ("estimate_event_invalid", 7, "x"),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["estimate_column_missing", "estimate_column_missing"]),
        ("time,status\n1,1\n", ["estimate_column_missing"]),
        ("time,time,event\n1,1,1\n", ["estimate_column_twice"]),
        ("time,event\n", ["estimate_no_rows"]),
    ],
)
def test_files_of_another_form(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, codes: list[str]) -> None:
    assert [code for code, _, _ in problems_of(capsys, write(tmp_path / "in.csv", text))] == codes


def test_other_encodings_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes("time,event,group\n1,1,试验组\n".encode("gbk"))
    assert problems_of(capsys, source) == [("estimate_not_csv", None, "")]


def test_existing_output_is_kept(times: Path, tmp_path: Path) -> None:
    out = write(tmp_path / "out.csv", "mine")
    assert main(["estimate", "km", str(times), "--out", str(out)]) == 2
    assert out.read_text() == "mine"
    assert main(["estimate", "km", str(times), "--out", str(out), "--force"]) == 0
    assert out.read_text().startswith('"group","conf_type"')


def test_usage(times: Path, tmp_path: Path) -> None:
    assert main(["estimate", "km", str(times)]) == 2
    assert main(["estimate", "median", str(times), "--out", str(tmp_path / "o.csv")]) == 2
    assert main(["estimate", "km", str(tmp_path / "none.csv"), "--out", str(tmp_path / "o.csv")]) == 2
