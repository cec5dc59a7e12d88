"""What is remembered: results by everything they depend on, derived datasets as Parquet."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from saa_dash.model.cut import CutInfo
from saa_dash.store import derived
from saa_dash.store.code_version import code_version
from saa_dash.store.derived import derived_frame, derived_path
from saa_dash.store.results import ResultCache, result_key

FRAME = pd.DataFrame(
    {
        "USUBJID": pd.Series(["a", None], dtype="str"),
        "ADY": pd.Series([1, None], dtype="Int64"),
        "AVAL": [0.1, float("nan")],
    }
)


def test_a_result_is_computed_once(example: tuple[Path, CutInfo]) -> None:
    cache, calls = ResultCache(), []
    key = result_key(example[1], "s", "AP", "orr", 4)
    for _ in range(3):
        assert cache.get(key, lambda: calls.append(1) or "x") == "x"  # type: ignore[func-returns-value]
    assert len(calls) == 1


def test_everything_a_result_depends_on_tells_results_apart(example: tuple[Path, CutInfo]) -> None:
    cut = example[1]
    keys = {
        result_key(cut, "s", "AP", "orr", 4),
        result_key(cut, "s", "A", "orr", 4),
        result_key(cut, "t", "AP", "orr", 4),
        result_key(cut, "s", "AP", "crr", 4),
        result_key(cut, "s", "AP", "orr", 8),
        result_key(replace(cut, content_hash="0"), "s", "AP", "orr", 4),
        result_key(replace(cut, cutoff=date(2026, 8, 1)), "s", "AP", "orr", 4),
        replace(result_key(cut, "s", "AP", "orr", 4), code="other"),
    }
    assert len(keys) == 8
    cache = ResultCache()
    for number, key in enumerate(keys):
        assert cache.get(key, lambda number=number: number) == number  # type: ignore[misc]


def test_the_least_recently_used_goes_first(example: tuple[Path, CutInfo]) -> None:
    cache = ResultCache(size=2)
    a, b, c = (result_key(example[1], "s", "A", name) for name in "abc")
    for key in (a, b, a, c):
        cache.get(key, lambda: "old")
    assert len(cache) == 2
    assert cache.get(a, lambda: "new") == "old"
    assert cache.get(b, lambda: "new") == "new"
    cache.clear()
    assert len(cache) == 0


def test_an_error_is_raised_and_not_remembered(example: tuple[Path, CutInfo]) -> None:
    cache = ResultCache()
    key = result_key(example[1], "s", "A", "x")
    with pytest.raises(ZeroDivisionError):
        cache.get(key, lambda: 1 // 0)
    assert cache.get(key, lambda: 7) == 7


def test_threads_that_ask_for_the_same_wait_for_one(example: tuple[Path, CutInfo]) -> None:
    cache, calls, go = ResultCache(), [], threading.Event()
    key = result_key(example[1], "s", "A", "slow")

    def compute() -> int:
        calls.append(1)
        go.wait(20)
        return 5

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(cache.get, key, compute) for _ in range(8)]
        go.set()
        assert [future.result() for future in waiting] == [5] * 8
    assert len(calls) == 1


def test_a_derived_dataset_keeps_values_and_types(tmp_path: Path, example: tuple[Path, CutInfo]) -> None:
    cut, calls = example[1], []

    def compute() -> pd.DataFrame:
        calls.append(1)
        return FRAME

    for _ in range(2):
        pd.testing.assert_frame_equal(derived_frame(tmp_path, cut, "f" * 64, "ADRS", compute), FRAME)
    assert len(calls) == 1
    path = derived_path(tmp_path, cut, "f" * 64, "ADRS")
    assert path.relative_to(tmp_path).parts == (
        "cache", cut.content_hash[:16], f"{'f' * 16}-{code_version()}", "ADRS.2026-07-31.parquet",
    )  # fmt: skip
    assert path.is_file()


def test_a_damaged_file_is_made_anew(tmp_path: Path, example: tuple[Path, CutInfo]) -> None:
    path = derived_path(tmp_path, example[1], "s", "ADRS")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no parquet")
    derived_frame(tmp_path, example[1], "s", "ADRS", lambda: FRAME)
    pd.testing.assert_frame_equal(pd.read_parquet(path), FRAME)


def test_other_code_does_not_see_it_and_removes_it(
    tmp_path: Path, example: tuple[Path, CutInfo], monkeypatch: pytest.MonkeyPatch
) -> None:
    derived_frame(tmp_path, example[1], "s", "ADRS", lambda: FRAME)
    old = derived_path(tmp_path, example[1], "s", "ADRS")
    monkeypatch.setattr(derived, "code_version", lambda: "9.9.9-00000000")
    other = FRAME.assign(AVAL=2.0)
    pd.testing.assert_frame_equal(derived_frame(tmp_path, example[1], "s", "ADRS", lambda: other), other)
    assert not old.exists()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, example: tuple[Path, CutInfo]) -> None:
    (tmp_path / "cache").write_text("in the way")
    pd.testing.assert_frame_equal(derived_frame(tmp_path, example[1], "s", "ADRS", lambda: FRAME), FRAME)
