"""A later cut of the study that a data directory holds, with planted changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from saa_dash.ingest.rowkeys import add_row_identity
from saa_dash.model.cut import CutInfo
from saa_dash.model.schema import TABLES
from saa_dash.store.cuts import publish_cut
from saa_dash.store.new_cut import NewCut
from saa_dash.store.reader import open_cut

Tables = dict[str, pd.DataFrame]
STUDY = "ChiCTR2600117810"
LATER = datetime(2099, 1, 1, 9, 30, tzinfo=UTC)


def tables_of(data_dir: Path) -> Tables:
    """Return the tables of the latest cut."""
    return dict(open_cut(data_dir, "latest").study_data().tables)


def publish(data_dir: Path, tables: Mapping[str, pd.DataFrame], cutoff: date | None = None) -> CutInfo:
    """Publish tables as the next cut of the latest one's study."""
    last = open_cut(data_dir, "latest").info
    rows = {name: add_row_identity(_typed(name, frame), TABLES[name]) for name, frame in tables.items()}
    new = NewCut(tables=rows, study=last.study, synthetic=last.synthetic, cutoff=cutoff or last.cutoff)
    return publish_cut(data_dir, new, clock=lambda: LATER)[0]


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {"text": "str", "float": "float64", "int": "Int64"}
    frame = frame.reset_index(drop=True)
    return frame.astype({column: kinds[kind] for column, kind in TABLES[name].all_columns.items()})


def subject(number: int) -> str:
    """Return the USUBJID of a patient of the demo."""
    return f"{STUDY}-P{number:03d}"


def with_changes(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of the demo with planted changes.

    P03: ALT at week 4 becomes 600. P06: platelets of every sample from week 6 on become 3. P04: the first event
    becomes grade 4. P02: a new serious event on day 61 and death on day 65, nothing after. P05: weight becomes 99.
    P08: the first transfusion is gone. P09: the first event starts a day later. P10: all data are gone.
    """
    out = {name: frame.copy() for name, frame in tables.items()}
    lb, ae, dm = out["LB"], out["AE"], out["DM"]
    here = (lb["USUBJID"] == subject(3)) & (lb["LBTESTCD"] == "ALT") & (lb["VISIT"] == "W4")
    lb.loc[here, "LBORRES"], lb.loc[here, "LBSTRESN"] = "600", 600.0
    low = (lb["USUBJID"] == subject(6)) & (lb["LBTESTCD"] == "PLAT") & (lb["VISITNUM"] >= 6).fillna(False)
    lb.loc[low, "LBORRES"], lb.loc[low, "LBSTRESN"] = "3", 3.0
    ae.loc[ae.index[ae["USUBJID"] == subject(4)][0], "AETOXGR"] = 4
    moved = ae.index[ae["USUBJID"] == subject(9)][0]
    ae.loc[moved, "AESTDTC"] = day_after(str(ae.loc[moved, "AESTDTC"]), 1)
    dm.loc[dm["USUBJID"] == subject(5), "WEIGHT"] = 99
    cm = out["CM"]
    out["CM"] = cm.drop(cm.index[(cm["USUBJID"] == subject(8)) & (cm["CMCAT"] == "TRANSFUSION")][:1])
    out |= _dead(out)
    return {name: frame[frame["USUBJID"] != subject(10)] for name, frame in out.items()}


def _dead(tables: Mapping[str, pd.DataFrame]) -> Tables:
    start = str(tables["DM"].set_index("USUBJID").loc[subject(2), "ATGSTDTC"])
    event, death = day_after(start, 60), day_after(start, 64)
    out = dict(tables)
    for name, column in (("SV", "SVSTDTC"), ("LB", "LBDTC"), ("VS", "VSDTC"), ("PE", "PEDTC"), ("RS", "RSDTC")):
        frame = out[name]
        out[name] = frame[~((frame["USUBJID"] == subject(2)) & (frame[column].str[:10] > death))]
    rows: dict[str, dict[str, Any]] = {
        "AE": {"AESPID": "99", "AETERM": f"脑出血 {event}", "AEDECOD": "脑出血", "AEBODSYS": "NERVOUS", "AETOXGR": 5,
               "AETOXV": "5.0", "AESTDTC": event, "AESER": "Y", "AESDTH": "Y", "AECAT": "BLEEDING", "AEOUT": "FATAL"},
        "DS": {"DSCAT": "DISPOSITION EVENT", "DSDECOD": "DEATH", "DSTERM": "DEATH", "DSREAS": "脑出血",
               "DSSTDTC": death},
    }  # fmt: skip
    for name, row in rows.items():
        new = pd.DataFrame([{"STUDYID": STUDY, "USUBJID": subject(2), **row}]).reindex(columns=out[name].columns)
        out[name] = pd.concat([out[name], new.astype(out[name].dtypes.to_dict())], ignore_index=True)
    return out


def day_after(day: str, days: int) -> str:
    """Return an ISO date some days later."""
    return (pd.Timestamp(day) + pd.Timedelta(days=days)).strftime("%Y-%m-%d")
