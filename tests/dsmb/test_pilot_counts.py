"""The answers on the real package, against counts made from its raw tables alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from saa_dash.model.principal import local_principal
from saa_dash.services.changes import earlier_cuts
from saa_dash.services.context import Request, open_view
from saa_dash.services.dsmb import boundary_panel, boundary_rules, dsmb_page
from saa_dash.store.reader import open_cut


def test_answers_equal_an_independent_count(pilot_data_dir: Path) -> None:
    who = local_principal()
    view = open_view(who, Request(pilot_data_dir, "latest"))
    page, raw = dsmb_page(who, view), open_cut(pilot_data_dir, view.cut.cut_id)
    ex, ae, dm = (raw.table(name) for name in ("EX", "AE", "DM"))
    start = ex[ex["EXSTDTC"].notna()].groupby("USUBJID")["EXSTDTC"].min().str[:10]
    treated = set(start.index)
    assert (page.safety.treated, page.planned) == (len(treated), None) == (254, None)
    died = dm[dm["DTHDTC"].notna() & dm["USUBJID"].isin(treated)].set_index("USUBJID")["DTHDTC"].str[:10]
    offset = (pd.to_datetime(died) - pd.to_datetime(start.reindex(died.index))).dt.days
    assert page.safety.deaths.events == len(died) == 3
    for day in (30, 100):
        assert page.safety.early[day].events == int((offset < day).sum())
    onset = ae["AESTDTC"].fillna("").str[:10]
    during = ae[(onset >= ae["USUBJID"].map(start)) & ae["USUBJID"].isin(treated)]
    whole = during[during["AESTDTC"].str.len() >= 10]
    serious = whole[whole["AESER"] == "Y"]
    found = page.safety.serious
    assert found.patients is not None
    assert (found.patients.events, found.events) == (serious["USUBJID"].nunique(), len(serious)) == (3, 3)
    assert page.safety.special.patients is None  # no classes were coded: not available, and not zero
    assert page.safety.infusion_ucb.patients is None
    given = ex[ex["EXSTDTC"].notna()].groupby("EXTRT")["USUBJID"].nunique().to_dict()
    assert {line.component: line.given for line in page.exposure} == given
    assert page.overview.held.response
    assert page.strips == ()
    assert page.missing is None
    assert earlier_cuts(who, view) == ()


def test_a_boundary_is_offered_as_exploratory(pilot_data_dir: Path) -> None:
    who = local_principal()
    view = open_view(who, Request(pilot_data_dir, "latest"))
    assert boundary_rules(view) == ("p90", "p95")
    panel = boundary_panel(who, view, "p90")
    assert panel.exploratory
    assert (panel.state.size, panel.state.events) == (254, 2)
    assert panel.state.patients["STATE"].value_counts().sum() == 254
