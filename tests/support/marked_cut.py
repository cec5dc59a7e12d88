"""A small cut in which everything that some role must not see carries a mark that occurs nowhere else.

Eight treated patients: subject numbers hold `NUMBER`, all their dates lie in `YEAR`, free texts hold `WORDS` and the
place in the source `PLACE`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support.cut_maker import make_cut
from support.tables import make_tables

from saa_dash.model.cut import CutInfo

NUMBER, YEAR, WORDS, PLACE = "ZQX7", 2007, "VWK9", "JQP4"
PATIENTS = 8
CUTOFF = date(2008, 1, 31)
SEXES = "FMFMFMFM"
_START = date(YEAR, 2, 5)

# What marks look like in anything that is sent. A year inside a hash or a decimal number is none.
MARKS = {
    "number": re.compile(NUMBER.encode()),
    "date": re.compile(rb"(?<![0-9A-Za-z.+/=-])%d(?![0-9A-Za-z.+=])" % YEAR),
    "words": re.compile(WORDS.encode()),
    "place": re.compile(PLACE.encode()),
    "code": re.compile(rb"(?<![0-9A-Za-z+/=])P0[1-9](?![0-9A-Za-z+/=])"),
}
# Which marks a role may be sent; the administrator finds in the audit trail under which code a patient was looked at.
ALLOWED = {
    "investigator": {"number", "date", "words", "place", "code"},
    "data_manager": {"number", "date", "words", "place", "code"},
    "dsmb": {"words", "code"},
    "presenter": set(),
    "admin": {"code"},
}


def _day(patient: int, offset: int) -> str:
    return (_START + timedelta(days=14 * patient + offset)).isoformat()


def _patient(n: int) -> dict[str, list[dict[str, Any]]]:
    who = f"{NUMBER}-{n + 1:02d}"
    words = f"{WORDS} {_day(n, 20)}"
    counts = [
        {"USUBJID": who, "LBTESTCD": test, "LBTEST": test, "LBDTC": _day(n, offset), "LBSTRESN": start + rise * offset,
         "LBORRES": f"{start + rise * offset:.2f}", "LBSTRESU": unit, "LBORRESU": unit, "LBSTNRLO": low,
         "LBSTNRHI": high}
        for offset in (-3, 7, 14, 28, 42, 56, 84)
        for test, start, rise, unit, low, high in (
            ("ANC", 0.3, 0.01 * (n + 1), "10^9/L", 1.8, 6.3), ("HGB", 65.0, 0.6, "g/L", 130.0, 175.0),
            ("PLAT", 12.0, 0.2 * n, "10^9/L", 125.0, 350.0), ("ARC", 15.0, 0.5, "10^9/L", 24.0, 84.0),
            ("ALT", 30.0, 0.7 * n, "U/L", 9.0, 50.0),
        )
    ]  # fmt: skip
    return {
        "DM": [{"USUBJID": who, "SUBJID": who, "SITEID": PLACE, "SEX": SEXES[n], "AGE": 20 + 6 * n, "WEIGHT": 60,
                "SEVERITY": "SAA" if n else "VSAA", "ENRLDTC": _day(n, -5), "ATGSTDTC": _day(n, 0),
                "ATGENDTC": _day(n, 4), "LSTALVDTC": _day(n, 120), "RFICDTC": _day(n, -6)}],
        "EX": [{"USUBJID": who, "EXTRT": drug, "EXDOSE": dose, "EXDOSU": unit, "EXSTDTC": _day(n, first),
                "EXENDTC": _day(n, last), "EXADJ": words}
               for drug, dose, unit, first, last in (("RATG", 180, "MG", 0, 4), ("UCBMNC", 3, "E8_CELLS", 6, 6))],
        "LB": counts,
        "VS": [{"USUBJID": who, "VSTESTCD": "TEMP", "VSTEST": "TEMP", "VSSTRESN": value, "VSORRES": f"{value}",
                "VSSTRESU": "C", "VSDTC": _day(n, offset)} for offset, value in ((-1, 36.6), (2, 38.9), (30, 36.7))],
        "PE": [{"USUBJID": who, "PETESTCD": "SKIN", "PEORRES": found, "PEDESC": words, "PEDTC": _day(n, offset)}
               for offset, found in ((-1, "NORMAL"), (10, "ABNORMAL_CS"))],
        "AE": [{"USUBJID": who, "AESPID": "1", "AETERM": words, "AEDECOD": "Pyrexia" if n else None, "AETOXGR": 3,
                "AESER": "Y", "AESHOSP": "Y", "AESTDTC": _day(n, 3), "AEENDTC": _day(n, 9), "AEOUT": "RECOVERED",
                "AERELATG": "DEFINITE", "AECAT": "INFECTION", "AEBODSYS": "INFEC"}],
        "CM": [{"USUBJID": who, "CMCAT": "CONCOMITANT", "CMCLAS": "OTHER", "CMTRT": f"{WORDS} drug", "CMINDC": words,
                "CMSTDTC": _day(n, 2)},
               {"USUBJID": who, "CMCAT": "TRANSFUSION", "CMCLAS": "RBC", "CMTRT": "RBC", "CMSTDTC": _day(n, 5)}],
        "SV": [{"USUBJID": who, "VISIT": "W4", "VISITNUM": 4, "SVSTDTC": _day(n, 28), "RBCYN": "Y", "PLTYN": "N",
                "GCSFYN": "N", "SVREASON": words}],
        "RS": [{"USUBJID": who, "VISIT": "W4", "VISITNUM": 4, "RSORRES": "CR", "RSDESC": words, "RSDTC": _day(n, 28)}],
        "DV": [{"USUBJID": who, "DVCAT": "OTHER", "DVTERM": words, "DVSEV": "MINOR", "DVSTDTC": _day(n, 8)}],
        "DS": [{"USUBJID": who, "DSDECOD": "WITHDRAWAL", "DSTERM": words, "DSREAS": words, "DSSTDTC": _day(n, 100)}]
        if n == 3 else [],
    }  # fmt: skip


def marked_tables() -> dict[str, pd.DataFrame]:
    """Return the tables."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for n in range(PATIENTS):
        for name, made in _patient(n).items():
            rows.setdefault(name, []).extend({**row, "SRCFILE": f"{PLACE}.xlsx", "SRCSHEET": PLACE} for row in made)
    return make_tables(**rows)


def make_marked_cut(data_dir: Path) -> CutInfo:
    """Publish it."""
    return make_cut(data_dir, tables=marked_tables(), cutoff=CUTOFF, synthetic=True)


def found(sent: bytes) -> set[str]:
    """Return the marks in what was sent."""
    return {name for name, pattern in MARKS.items() if pattern.search(sent)}


def bytes_of(message: ForwardMsg) -> bytes:
    """Return all a message says: its bytes, and its tables in words, for dates are numbers in them."""
    if not message.HasField("delta") or not message.delta.HasField("new_element"):
        return message.SerializeToString()
    data = message.delta.new_element.dataframe.arrow_data.data
    return message.SerializeToString() + (b"\n" + _table(data) if data else b"")


def _table(data: bytes) -> bytes:
    frame = pa.ipc.open_stream(io.BytesIO(data)).read_all().to_pandas()
    return frame.to_csv().encode()


def told(thing: object) -> Iterator[str]:
    """Return everything in a result, in words."""
    if isinstance(thing, pd.DataFrame):
        yield from (str(name) for name in thing.columns)
        yield thing.to_csv()
    elif isinstance(thing, pd.Series):
        yield thing.to_csv()
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from told(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from told(key)
            yield from told(value)
    elif isinstance(thing, list | tuple | set | frozenset):
        for part in thing:
            yield from told(part)
    elif isinstance(thing, np.ndarray):
        yield from told(thing.tolist())
    elif isinstance(thing, date | datetime):
        yield thing.isoformat()
    elif thing is not None:
        yield str(thing)


def words_of(thing: object) -> bytes:
    """Return everything in a result as bytes to be searched."""
    return "\n".join(told(thing)).encode()
