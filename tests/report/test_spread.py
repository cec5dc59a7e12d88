"""A median stands with as many decimals as its range."""

from __future__ import annotations

import pytest

from saa_dash.report.speaker import spread


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1.865, 1.47, 2.6), "1.865 (1.470–2.600)"),
        ((0.235, 0.1, 0.45), "0.235 (0.100–0.450)"),
        ((66.0, 61.0, 72.0), "66 (61–72)"),
        ((35.5, 18.0, 60.0), "35.5 (18.0–60.0)"),
        ((950.5, 12.0, 12345.0), "950.5 (12.0–12\u2009345)"),
        ((float("nan"), 1.0, 2.0), "–"),
    ],
)
def test_all_three_numbers_have_the_same_decimals(numbers: tuple[float, float, float], said: str) -> None:
    assert spread(*numbers) == said
