"""Response by severity: everybody's counts for who sees patients, all or nothing for who does not."""

from __future__ import annotations

from pathlib import Path

from saa_dash.model.filters import Filters
from saa_dash.model.principal import Principal, Role
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.derived import derive
from saa_dash.services.response_strata import ResponseStrata, response_strata


def opened(role: Role, folder: Path, filters: Filters | None = None) -> tuple[Principal, View]:
    who = Principal("someone", frozenset({role}))
    return who, open_view(who, Request(folder, "latest", filters or Filters()))


def test_strata_add_up_to_all(marked_dir: Path) -> None:
    who, view = opened(Role.INVESTIGATOR, marked_dir)
    found = response_strata(who, view)
    every = derive(view).response
    assert found.withheld == ""
    for week in (4, 8, 12):
        here = [rate for rate in found.rates if rate.week == week]
        rows = every[(every["AVISITN"] == week) & (every["DUEFL"] == "Y")]
        assert sum(rate.orr.total for rate in here) == len(rows)
        assert sum(rate.orr.events for rate in here) == int((rows["RESPFL"] == "Y").sum())
        assert sum(rate.crr.events for rate in here) == int((rows["AVALC"] == "CR").sum())


def test_small_strata_are_withheld_from_presenters_altogether(marked_dir: Path) -> None:
    who, view = opened(Role.PRESENTER, marked_dir)
    assert response_strata(who, view) == ResponseStrata((), {}, "SMALL")
    who, view = opened(Role.PRESENTER, marked_dir, Filters(sex=("F", "M")))
    assert response_strata(who, view) == ResponseStrata((), {}, "FILTERED")
