"""Independence of red cells."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Ask = Callable[..., tuple[int, int, str] | str]

CASES = {
    "28 whole days free": ({"RBC": (-5, 3, 10, 39)}, {}, (11, 1, "INDEPENDENT")),
    "27 are too few, the next stretch counts": ({"RBC": (-5, 10, 38, 60)}, {}, (61, 1, "INDEPENDENT")),
    "last stretch documented by visits": ({"RBC": (-5, 10)}, {"visits": (38,), "alive": None}, (11, 1, "INDEPENDENT")),
    "documented one day short": ({"RBC": (-5, 10)}, {"visits": (37,), "alive": None}, (11, 0, "STRETCH_SHORT")),
    "documented by the last contact": ({"RBC": (-5, 10)}, {"visits": (), "alive": 38}, (11, 1, "INDEPENDENT")),
    "cut-off ends it": ({"RBC": (-5, 180)}, {"cutoff": 207, "visits": (300,)}, (0, 1, "INDEPENDENT")),
    "only before ATG: on the origin": ({"RBC": (-5,)}, {}, (0, 1, "INDEPENDENT")),
    "day of the first dose is at risk": ({"RBC": (0,)}, {}, (1, 1, "INDEPENDENT")),
    "28 days before is at risk": ({"RBC": (-28, 20)}, {}, (0, 1, "INDEPENDENT")),
    "29 days before is not": ({"RBC": (-29, 20)}, {}, "NOT_TRANSFUSED"),
    "after ATG only is not": ({"RBC": (5, 20)}, {}, "NOT_TRANSFUSED"),
    "platelets are not red cells": ({"PLATELET": (-5, 5)}, {}, "NOT_TRANSFUSED"),
    "death inside it competes": ({"RBC": (-5, 10)}, {"events": {"DEATH": 30}}, (30, 2, "DEATH")),
    "so does transplantation": ({"RBC": (-5, 10)}, {"events": {"HSCT": 30}}, (30, 2, "HSCT")),
    "death after it does not": ({"RBC": (-5, 10)}, {"events": {"DEATH": 60}}, (11, 1, "INDEPENDENT")),
    "a partial date is every day of its month": (
        {"RBC": (-5, 3, "2026-04", 100)},
        {},
        (60, 1, "INDEPENDENT"),
    ),
}  # 2 March is offset 0: April is 30…59


@pytest.mark.parametrize("case", CASES)
def test_free_stretch(outcome: Ask, case: str) -> None:
    given, words, expected = CASES[case]
    assert outcome("TTRBCI", given=given, **words) == expected


def test_a_stretch_that_ends_before_the_origin_does_not_count(outcome: Ask) -> None:
    words = {"given": {"RBC": (-25, 5, 12, 30, 50)}, "infusion": 20, "visits": (60,), "alive": None}
    assert outcome("TTRBCI", **words) == (0, 1, "INDEPENDENT")
    assert outcome("TTRBCI", settings={"origin": "first_infusion"}, **words) == (31, 0, "STRETCH_SHORT")
